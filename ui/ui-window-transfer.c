/* ui-window-transfer.c - to whom a call is given: dropped, picked or joined, it is one action
 *
 * Down: win.pick-target, win.transfer, win.join -> ui_transfer_check() -> UiTransfer
 * Up:   UiTransfer::placed -> signal placed; its last words -> a toast
 */

#include "ui-window-private.h"

#include "sip-ua.h"
#include "ui-call-card.h"
#include "ui-call.h"
#include "ui-format.h"
#include "ui-spoken.h"
#include "ui-transfer.h"

#include <glib/gi18n-lib.h>

static void
on_placed (UiWindow *self, SipSession *session)
{
  g_signal_emit_by_name (self, "placed", session);
}

/* Over is over: what there is to say stays a moment longer than the card. */
static void
on_state (UiWindow *self, GParamSpec *pspec, UiTransfer *transfer)
{
  if (ui_transfer_get_state (transfer) == UI_TRANSFER_OVER &&
      ui_transfer_get_text (transfer) != NULL)
    ui_window_tell (self, ui_transfer_get_text (transfer));
  ui_window_update_cards (self);
}

static UiTransfer *
make_transfer (UiWindow *self, SipSession *call, const char *target, const char *name)
{
  UiTransfer *transfer = ui_transfer_new (self->floor, call, target, name);

  g_signal_connect_object (transfer, "placed", G_CALLBACK (on_placed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (transfer, "notify::state", G_CALLBACK (on_state), self,
                           G_CONNECT_SWAPPED);
  return transfer;
}

static void
transfer_to (UiWindow *self, SipSession *call, const char *text, gboolean blind)
{
  g_autofree char *target = sip_ua_normalize_target (sip_session_get_ua (call), text, NULL);
  g_autofree char *name = NULL;
  g_autoptr (UiTransfer) transfer = NULL;
  g_autoptr (GError) error = NULL;

  if (target == NULL) {
    ui_window_show_dial_error (self, _ ("That is neither a number nor an address."));
    return;
  }
  if (!ui_transfer_check (call, target, blind, &error)) {
    ui_window_tell (self, error->message);
    return;
  }
  name = ui_window_dup_person_name (self, target);
  if (blind && ui_presence_get (self->presence, target) == SIP_LAMP_STATE_BUSY) {
    g_autofree char *caller = ui_call_dup_name (call);
    g_autofree char *reason = ui_format_transfer_failure (486, caller, name);

    ui_window_tell (self, reason);
    return;
  }
  ui_window_stop_picking (self);
  gtk_editable_set_text (self->dial_entry, "");
  transfer = make_transfer (self, call, target, name);
  if (!(blind ? ui_transfer_send_now (transfer, &error) : ui_transfer_ask_first (transfer, &error)))
    ui_window_tell (self, error->message);
  adw_leaflet_set_visible_child_name (self->leaflet, "calls");
}

/* (ssb): the call, who gets it, whether without a word */
static void
transfer (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiWindow *self = UI_WINDOW (widget);
  const char *id, *target;
  gboolean blind;
  SipSession *call;

  g_variant_get (parameter, "(&s&sb)", &id, &target, &blind);
  call = ui_window_find_call (self, id);
  if (call != NULL)
    transfer_to (self, call, target, blind);
}

/* The two others are to speak with each other. */
static void
join_calls (UiWindow *self, SipSession *call, SipSession *other)
{
  g_autofree char *uri = NULL;
  g_autofree char *name = ui_call_dup_name (other);
  g_autoptr (UiTransfer) transfer = NULL;
  g_autoptr (GError) error = NULL;

  if (ui_call_get_phase (call) != UI_CALL_PHASE_TALKING ||
      ui_call_get_phase (other) != UI_CALL_PHASE_TALKING || call == other)
    return;
  uri = ui_call_dup_address (other);
  transfer = make_transfer (self, call, uri, name);
  ui_transfer_join (transfer, other);
  if (!ui_transfer_can_complete (transfer)) {
    ui_transfer_bring_in (transfer);
  } else if (!ui_transfer_complete (transfer, &error)) {
    ui_window_tell (self, error->message);
    ui_transfer_undo (transfer);
  }
}

static void
join (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiWindow *self = UI_WINDOW (widget);
  const char *id, *other;
  SipSession *call, *target;

  g_variant_get (parameter, "(&s&s)", &id, &other);
  call = ui_window_find_call (self, id);
  target = ui_window_find_call (self, other);
  if (call != NULL && target != NULL)
    join_calls (self, call, target);
}

/* The call that has the floor, and the one that waits longest. */
static void
join_both (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiWindow *self = UI_WINDOW (widget);
  SipSession *active = ui_floor_get_active (self->floor);

  for (guint i = 0; i < g_list_model_get_n_items (self->calls); i++) {
    g_autoptr (SipSession) session = g_list_model_get_item (self->calls, i);

    if (session != active && ui_call_get_phase (session) == UI_CALL_PHASE_TALKING) {
      join_calls (self, session, active);
      return;
    }
  }
}

static void
pick_for (UiWindow *self, SipSession *call)
{
  g_autofree char *name = ui_call_dup_name (call);
  g_autofree char *title = ui_format_transfer_offer (name, NULL);

  g_set_object (&self->picking, call);
  ui_spoken_show (self->people_title, title);
  gtk_widget_set_visible (self->cancel_button, TRUE);
  ui_people_set_picking (self->people, TRUE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.stop-picking", TRUE);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.focus-dial", NULL);
  ui_window_offer_picked (self);
}

/* s: the call; an empty one means the one that has the floor */
static void
pick_target (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiWindow *self = UI_WINDOW (widget);
  const char *id = g_variant_get_string (parameter, NULL);
  SipSession *call =
      *id != '\0' ? ui_window_find_call (self, id) : ui_floor_get_active (self->floor);

  if (call != NULL && ui_call_get_phase (call) == UI_CALL_PHASE_TALKING)
    pick_for (self, call);
}

/* Who gives up picking is back at the call. */
static void
stop_picking (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiWindow *self = UI_WINDOW (widget);

  ui_window_stop_picking (self);
  gtk_editable_set_text (self->dial_entry, "");
  adw_leaflet_set_visible_child_name (self->leaflet, "calls");
}

void
ui_window_stop_picking (UiWindow *self)
{
  g_clear_object (&self->picking);
  ui_spoken_show (self->people_title, _ ("Ahoy"));
  gtk_widget_set_visible (self->cancel_button, FALSE);
  ui_people_set_picking (self->people, FALSE);
  ui_pick_sheet_close (self->pick_sheet);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.stop-picking", FALSE);
}

/* Whoever stands in the entry may be given the call. */
void
ui_window_offer_picked (UiWindow *self)
{
  g_autofree char *address = ui_window_dup_dialled (self);
  g_autofree char *target = NULL;

  if (self->picking == NULL || *address == '\0') {
    ui_pick_sheet_close (self->pick_sheet);
    return;
  }
  target = ui_window_dup_person_name (self, address);
  ui_pick_sheet_offer (self->pick_sheet, self->picking, target,
                       ui_presence_get (self->presence, address));
}

/* Gives the call to what stands in the entry. */
void
ui_window_pick_now (UiWindow *self, gboolean blind)
{
  g_autofree char *text = ui_window_dup_dialled (self);
  g_autoptr (SipSession) call = g_object_ref (self->picking);

  if (*text != '\0')
    transfer_to (self, call, text, blind);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->dial_entry));
}

void
ui_window_install_transfer (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.transfer", "(ssb)", transfer);
  gtk_widget_class_install_action (widget_class, "win.join", "(ss)", join);
  gtk_widget_class_install_action (widget_class, "win.join-both", NULL, join_both);
  gtk_widget_class_install_action (widget_class, "win.pick-target", "s", pick_target);
  gtk_widget_class_install_action (widget_class, "win.stop-picking", NULL, stop_picking);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_t, GDK_CONTROL_MASK, "win.pick-target",
                                       "s", "");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_j, GDK_CONTROL_MASK, "win.join-both",
                                       NULL);
}
