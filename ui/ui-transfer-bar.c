/* ui-transfer-bar.c - what a call is waiting for: how its transfer goes, or where it is asked to go
 *
 * Down: the two buttons -> UiTransfer, or the SipReferServerContext that waits for an answer, or
 * the digits that wait for a word Up:   state and text of the transfer -> show()
 */

#include "ui-transfer-bar.h"

#include "ui-call.h"
#include "ui-fold.h"
#include "ui-format.h"
#include "ui-spoken.h"
#include "ui-transfer.h"

#include <glib/gi18n-lib.h>

struct _UiTransferBar {
  AdwBin parent_instance;

  SipSession *session;
  UiTransfer *transfer; /* the one that is followed; NULL for none */

  GtkLabel *label;
  GtkBox *buttons;
  GtkButton *yes_button;
  GtkButton *no_button;
  GtkWidget *all_button;
};

G_DEFINE_FINAL_TYPE (UiTransferBar, ui_transfer_bar, ADW_TYPE_BIN)

static void update (UiTransferBar *self);

/* @no: (nullable): the words of a button that is not there without them; @yes likewise */
static void
show_words (UiTransferBar *self, const char *text, const char *yes, const char *no)
{
  gtk_widget_set_visible (GTK_WIDGET (self), text != NULL);
  if (g_strcmp0 (gtk_label_get_text (self->label), text) != 0) {
    /* An alert is read aloud when it appears. */
    gtk_widget_set_visible (GTK_WIDGET (self->label), FALSE);
    ui_spoken_show (self->label, text != NULL ? text : "");
    gtk_widget_set_visible (GTK_WIDGET (self->label), text != NULL);
  }
  gtk_widget_set_visible (GTK_WIDGET (self->yes_button), yes != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->no_button), no != NULL);
  gtk_widget_set_visible (self->all_button, FALSE);
  gtk_button_set_label (self->yes_button, yes != NULL ? yes : "");
  gtk_button_set_label (self->no_button, no != NULL ? no : "");
}

static void
show_question (UiTransferBar *self, SipReferServerContext *refer)
{
  SipNameAddr *to = sip_refer_server_context_get_refer_to (refer);
  g_autofree char *name = ui_call_dup_name (self->session);
  g_autofree char *target = ui_format_address (to != NULL ? sip_name_addr_get_uri (to) : NULL);
  g_autofree char *text = ui_format_refer (name, target);

  show_words (self, text, _ ("Call there"), _ ("Stay here"));
}

static void
show_keys (UiTransferBar *self, const char *keys)
{
  g_auto (GStrv) parts = g_strsplit (keys, ";", 3);
  g_autofree char *text = g_strdup_printf (_ ("Send the digits %s?"), parts[1]);

  show_words (self, text, _ ("Send"), _ ("Don’t send"));
}

static void
show_transfer (UiTransferBar *self)
{
  const char *text = ui_transfer_get_text (self->transfer);
  gboolean is_consultation = ui_transfer_get_consultation (self->transfer) == self->session;
  gboolean is_talking = ui_call_get_phase (self->session) == UI_CALL_PHASE_TALKING;

  switch (ui_transfer_get_state (self->transfer)) {
  case UI_TRANSFER_WAITING:
    show_words (self, text, NULL, _ ("Undo"));
    break;
  case UI_TRANSFER_ASKING:
    if (is_consultation)
      show_words (self, text,
                  is_talking && ui_transfer_can_complete (self->transfer) ? _ ("Complete transfer")
                                                                          : NULL,
                  _ ("Back"));
    else
      show_words (self, NULL, NULL, NULL);
    gtk_widget_set_visible (self->all_button, is_consultation && is_talking);
    break;
  case UI_TRANSFER_SENDING:
    show_words (self, text, NULL, is_consultation ? NULL : _ ("Take back"));
    break;
  case UI_TRANSFER_OVER:
  default:
    show_words (self, NULL, NULL, NULL);
  }
}

static void
update (UiTransferBar *self)
{
  SipReferServerContext *refer = ui_call_get_refer (self->session);
  const char *keys = ui_call_get_keys (self->session);
  gboolean is_talking = ui_call_get_phase (self->session) == UI_CALL_PHASE_TALKING;

  if (self->transfer != NULL)
    show_transfer (self);
  else if (refer != NULL && is_talking)
    show_question (self, refer);
  else if (keys != NULL && *keys == ';' && is_talking)
    show_keys (self, keys);
  else
    show_words (self, NULL, NULL, NULL);
}

static void
answer_refer (UiTransferBar *self, gboolean goes)
{
  g_autoptr (SipReferServerContext) refer = g_object_ref (ui_call_get_refer (self->session));
  g_autoptr (SipOptions) options = sip_options_new ();
  g_autoptr (GError) error = NULL;

  g_object_set (options, "status-code", 603, NULL);
  ui_call_set_refer (self->session, NULL);
  if (goes)
    sip_refer_server_context_accept (refer, NULL, &error);
  else
    sip_refer_server_context_reject (refer, options, &error);
  if (error != NULL)
    g_debug ("%s", error->message);
  update (self);
}

static void
press_keys (UiTransferBar *self, gboolean goes)
{
  g_autoptr (GError) error = NULL;

  if (!goes)
    ui_call_set_keys (self->session, NULL);
  else if (!ui_call_press_keys (self->session, &error))
    g_debug ("%s", error->message);
  update (self);
}

/* Without a transfer there was a question. */
static void
answer (UiTransferBar *self, gboolean goes)
{
  if (ui_call_get_refer (self->session) != NULL)
    answer_refer (self, goes);
  else
    press_keys (self, goes);
}

static void
on_yes (UiTransferBar *self)
{
  g_autoptr (GError) error = NULL;

  if (self->transfer == NULL)
    answer (self, TRUE);
  else if (!ui_transfer_complete (self->transfer, &error))
    show_words (self, error->message, NULL, _ ("Back"));
}

static void
on_no (UiTransferBar *self)
{
  if (self->transfer == NULL)
    answer (self, FALSE);
  else
    ui_transfer_undo (self->transfer);
}

static void
on_all (UiTransferBar *self)
{
  ui_transfer_bring_in (self->transfer);
}

static void
ui_transfer_bar_dispose (GObject *object)
{
  UiTransferBar *self = UI_TRANSFER_BAR (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), UI_TYPE_TRANSFER_BAR);
  g_clear_object (&self->transfer);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (ui_transfer_bar_parent_class)->dispose (object);
}

static void
ui_transfer_bar_class_init (UiTransferBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_transfer_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/ahoyphone/Ahoy/ui-transfer-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, UiTransferBar, label);
  gtk_widget_class_bind_template_child (widget_class, UiTransferBar, buttons);
  gtk_widget_class_bind_template_child (widget_class, UiTransferBar, yes_button);
  gtk_widget_class_bind_template_child (widget_class, UiTransferBar, no_button);
  gtk_widget_class_bind_template_child (widget_class, UiTransferBar, all_button);
  gtk_widget_class_bind_template_callback (widget_class, on_all);
  gtk_widget_class_bind_template_callback (widget_class, on_yes);
  gtk_widget_class_bind_template_callback (widget_class, on_no);
}

static void
ui_transfer_bar_init (UiTransferBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ui_fold_box (self->buttons);
}

/* Shows what @session waits for now. */
void
ui_transfer_bar_show (UiTransferBar *self, SipSession *session)
{
  UiTransfer *transfer = ui_call_get_transfer (session);

  g_return_if_fail (UI_IS_TRANSFER_BAR (self));

  g_set_object (&self->session, session);
  if (transfer != self->transfer) {
    if (self->transfer != NULL)
      g_signal_handlers_disconnect_by_data (self->transfer, self);
    g_set_object (&self->transfer, transfer);
    if (transfer != NULL)
      g_signal_connect_object (transfer, "notify::state", G_CALLBACK (update), self,
                               G_CONNECT_SWAPPED);
  }
  update (self);
}
