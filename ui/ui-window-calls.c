/* ui-window-calls.c - the keys that mean a call, wherever the focus is
 *
 * Down: keys -> actions win.* -> an action of the card in front
 */

#include "ui-window-private.h"

#include "ui-call-card.h"
#include "ui-call.h"

/* The card that keys mean: the large one, else the newest in one of the phases of @mask. */
static GtkWidget *
card_in_front (UiWindow *self, guint mask)
{
  GtkWidget *card = gtk_widget_get_last_child (GTK_WIDGET (self->cards));

  while (card != NULL) {
    UiCallPhase phase = ui_call_get_phase (ui_call_card_get_session (UI_CALL_CARD (card)));

    if ((mask & (1u << phase)) != 0)
      return card;
    card = gtk_widget_get_prev_sibling (card);
  }
  return NULL;
}

static void
activate_on_card (UiWindow *self, guint mask, const char *action)
{
  GtkWidget *card = card_in_front (self, mask);

  if (card != NULL)
    gtk_widget_activate_action (card, action, NULL);
}

/* While a target is picked, the same key sends the caller there. */
static void
answer (GtkWidget *widget, const char *action, GVariant *parameter)
{
  if (UI_WINDOW (widget)->picking != NULL)
    ui_window_pick_now (UI_WINDOW (widget), TRUE);
  else
    activate_on_card (UI_WINDOW (widget), 1u << UI_CALL_PHASE_INCOMING, "call.answer");
}

static void
end_call (GtkWidget *widget, const char *action, GVariant *parameter)
{
  activate_on_card (UI_WINDOW (widget),
                    1u << UI_CALL_PHASE_CALLING | 1u << UI_CALL_PHASE_RINGING |
                        1u << UI_CALL_PHASE_CONNECTING | 1u << UI_CALL_PHASE_TALKING,
                    "call.end");
}

static void
mute (GtkWidget *widget, const char *action, GVariant *parameter)
{
  activate_on_card (UI_WINDOW (widget), 1u << UI_CALL_PHASE_TALKING, "call.mute");
}

static void
hold (GtkWidget *widget, const char *action, GVariant *parameter)
{
  activate_on_card (UI_WINDOW (widget), 1u << UI_CALL_PHASE_TALKING, "call.hold");
}

/* The call that was spoken on before. */
static void
swap (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiWindow *self = UI_WINDOW (widget);

  for (guint i = 0; i < g_list_model_get_n_items (self->calls); i++) {
    g_autoptr (SipSession) session = g_list_model_get_item (self->calls, i);

    if (session != ui_floor_get_active (self->floor) &&
        ui_call_get_phase (session) == UI_CALL_PHASE_TALKING) {
      ui_floor_take (self->floor, session);
      return;
    }
  }
}

/* From whom one calls to the call, and back. */
static void
go_to_next_pane (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiWindow *self = UI_WINDOW (widget);
  GtkWidget *card = card_in_front (self, ~0u);
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (card == NULL || (focus != NULL && gtk_widget_is_ancestor (focus, self->cards_pane))) {
    gtk_widget_activate_action (widget, "win.focus-dial", NULL);
    return;
  }
  adw_leaflet_set_visible_child_name (self->leaflet, "calls");
  gtk_widget_grab_focus (card);
}

void
ui_window_install_calls (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.answer", NULL, answer);
  gtk_widget_class_install_action (widget_class, "win.end-call", NULL, end_call);
  gtk_widget_class_install_action (widget_class, "win.mute", NULL, mute);
  gtk_widget_class_install_action (widget_class, "win.hold", NULL, hold);
  gtk_widget_class_install_action (widget_class, "win.swap", NULL, swap);
  gtk_widget_class_install_action (widget_class, "win.next-pane", NULL, go_to_next_pane);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, "win.answer",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Enter, GDK_CONTROL_MASK,
                                       "win.answer", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_d, GDK_CONTROL_MASK, "win.end-call",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_m, GDK_CONTROL_MASK, "win.mute", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_h, GDK_CONTROL_MASK, "win.hold", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F6, 0, "win.next-pane", NULL);
}
