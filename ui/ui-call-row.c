/* ui-call-row.c - the small shape of a card, for a call that does not have the floor
 *
 * Its buttons activate the actions call.* of the card that it stands in.
 */

#include "ui-call-row.h"

#include "ui-call.h"
#include "ui-fold.h"
#include "ui-format.h"
#include "ui-incoming-menu.h"
#include "ui-spoken.h"

struct _UiCallRow {
  AdwBin parent_instance;

  GtkWidget *frame;
  GtkBox *box;
  GtkLabel *name_label;
  GtkLabel *state_label;
  GtkWidget *swap_button;
  GtkWidget *bring_button;
  GtkWidget *alone_button;
  GtkWidget *answers;
  GtkMenuButton *incoming_menu;
  GtkWidget *decline_button;
  GtkWidget *end_button;
  GtkWidget *close_button;
};

G_DEFINE_FINAL_TYPE (UiCallRow, ui_call_row, ADW_TYPE_BIN)

static void
ui_call_row_class_init (UiCallRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/ahoyphone/Ahoy/ui-call-row.ui");
  gtk_widget_class_bind_template_child (widget_class, UiCallRow, frame);
  gtk_widget_class_bind_template_child (widget_class, UiCallRow, box);
  gtk_widget_class_bind_template_child (widget_class, UiCallRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, UiCallRow, state_label);
  gtk_widget_class_bind_template_child (widget_class, UiCallRow, swap_button);
  gtk_widget_class_bind_template_child (widget_class, UiCallRow, bring_button);
  gtk_widget_class_bind_template_child (widget_class, UiCallRow, alone_button);
  gtk_widget_class_bind_template_child (widget_class, UiCallRow, answers);
  gtk_widget_class_bind_template_child (widget_class, UiCallRow, incoming_menu);
  gtk_widget_class_bind_template_child (widget_class, UiCallRow, decline_button);
  gtk_widget_class_bind_template_child (widget_class, UiCallRow, end_button);
  gtk_widget_class_bind_template_child (widget_class, UiCallRow, close_button);
}

static void
ui_call_row_init (UiCallRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ui_fold_box (self->box);
}

/* @state: how the call stands, in words */
void
ui_call_row_show (UiCallRow *self, SipSession *session, UiFloor *floor, const char *state)
{
  UiCallPhase phase = ui_call_get_phase (session);
  gboolean is_talking = phase == UI_CALL_PHASE_TALKING;
  gboolean is_together = ui_floor_is_together (floor, session);
  gboolean is_incoming = phase == UI_CALL_PHASE_INCOMING;
  gboolean is_ended = phase == UI_CALL_PHASE_ENDED;
  g_autofree char *name = ui_call_dup_name (session);
  g_autofree char *time = ui_format_duration (MAX (ui_call_get_seconds (session), 0));
  g_autofree char *text = is_talking ? g_strdup_printf ("%s · %s", state, time) : g_strdup (state);

  g_return_if_fail (UI_IS_CALL_ROW (self));

  ui_spoken_show (self->name_label, name);
  ui_spoken_show (self->state_label, text);
  if (is_incoming && gtk_menu_button_get_menu_model (self->incoming_menu) == NULL) {
    g_autoptr (GMenuModel) menu = ui_incoming_menu_new (session, TRUE);

    gtk_menu_button_set_menu_model (self->incoming_menu, menu);
  }
  if (is_incoming)
    gtk_widget_add_css_class (self->frame, "incoming");
  else
    gtk_widget_remove_css_class (self->frame, "incoming");
  gtk_widget_set_visible (self->swap_button, is_talking && !is_together);
  gtk_widget_set_visible (self->bring_button, ui_floor_can_bring_in (floor, session));
  gtk_widget_set_visible (self->alone_button, is_talking && is_together);
  gtk_widget_set_visible (self->answers, is_incoming);
  gtk_widget_set_visible (self->decline_button, is_incoming);
  gtk_widget_set_visible (self->end_button, !is_incoming && !is_ended);
  gtk_widget_set_visible (self->close_button, is_ended);
}
