/* ui-pick-sheet.c - what comes up once somebody is picked: ask him first, or send the caller now
 *
 * Down: a button -> signal chosen
 */

#include "ui-pick-sheet.h"

#include "ui-call.h"
#include "ui-format.h"
#include "ui-spoken.h"
#include "ui-transfer.h"

struct _UiPickSheet {
  AdwBin parent_instance;

  GtkRevealer *revealer;
  GtkLabel *heading;
  GtkLabel *ask_text;
  GtkWidget *send_button;
  GtkLabel *send_text;
};

G_DEFINE_FINAL_TYPE (UiPickSheet, ui_pick_sheet, ADW_TYPE_BIN)

enum { SIGNAL_CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
on_ask (UiPickSheet *self)
{
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, FALSE);
}

static void
on_send (UiPickSheet *self)
{
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, TRUE);
}

static void
ui_pick_sheet_class_init (UiPickSheetClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  /* One was pressed; TRUE where it is to be without a word. */
  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", UI_TYPE_PICK_SHEET, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/ahoyphone/Ahoy/ui-pick-sheet.ui");
  gtk_widget_class_bind_template_child (widget_class, UiPickSheet, revealer);
  gtk_widget_class_bind_template_child (widget_class, UiPickSheet, heading);
  gtk_widget_class_bind_template_child (widget_class, UiPickSheet, ask_text);
  gtk_widget_class_bind_template_child (widget_class, UiPickSheet, send_button);
  gtk_widget_class_bind_template_child (widget_class, UiPickSheet, send_text);
  gtk_widget_class_bind_template_callback (widget_class, on_ask);
  gtk_widget_class_bind_template_callback (widget_class, on_send);
}

static void
ui_pick_sheet_init (UiPickSheet *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Comes up, to give @call to @target. @lamp: of @target */
void
ui_pick_sheet_offer (UiPickSheet *self, SipSession *call, const char *target, SipLampState lamp)
{
  gboolean takes_refer = sip_session_get_takes_refer (call);
  g_autofree char *caller = ui_call_dup_name (call);
  g_autofree char *heading = ui_format_transfer_offer (caller, target);
  g_autofree char *ask = ui_format_transfer_ask_first (caller, target, takes_refer);
  g_autofree char *send = ui_format_transfer_send_now (caller, target, takes_refer, lamp);

  g_return_if_fail (UI_IS_PICK_SHEET (self));

  ui_spoken_show (self->heading, heading);
  ui_spoken_show (self->ask_text, ask);
  ui_spoken_show (self->send_text, send);
  gtk_widget_set_sensitive (self->send_button, ui_transfer_can_send_now (call, lamp));
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
}

void
ui_pick_sheet_close (UiPickSheet *self)
{
  g_return_if_fail (UI_IS_PICK_SHEET (self));

  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
