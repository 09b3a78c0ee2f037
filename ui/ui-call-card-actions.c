/* ui-call-card-actions.c - what one can do about a call
 *
 * Down: actions call.* -> SipSession, its description handler, UiFloor
 */

#include "ui-call-card-private.h"

#include "ui-call.h"
#include "ui-keypad.h"

#include <glib/gi18n-lib.h>

static gboolean
is_muted (UiCallCard *self)
{
  return self->handler != NULL && sip_session_description_handler_get_muted (self->handler);
}

static void
report (UiCallCard *self, gboolean done, GError *error)
{
  if (done)
    return;
  g_debug ("%s", error->message);
  ui_call_card_show_state (self, error->message);
}

static void
end_call (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiCallCard *self = UI_CALL_CARD (widget);
  g_autoptr (GError) error = NULL;

  report (self, sip_session_terminate (self->session, NULL, &error), error);
}

/* Answers, resumes: whatever gives this call the floor. */
static void
take_floor (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiCallCard *self = UI_CALL_CARD (widget);

  ui_floor_take (self->floor, self->session);
}

static void
hold (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiCallCard *self = UI_CALL_CARD (widget);
  g_autoptr (GError) error = NULL;

  if (sip_session_get_local_hold (self->session))
    ui_floor_take (self->floor, self->session);
  else
    report (self, sip_session_hold (self->session, NULL, NULL, &error), error);
}

static void
decline (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiCallCard *self = UI_CALL_CARD (widget);
  g_autoptr (GError) error = NULL;

  report (self, ui_call_decline (self->session, &error), error);
}

static void
end_and_answer (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiCallCard *self = UI_CALL_CARD (widget);

  ui_floor_take_over (self->floor, self->session);
}

static void
on_text_lost (UiCallCard *self)
{
  ui_call_card_show_state (self, _ ("Your message did not arrive."));
}

/* s: what the caller is told, once he is declined */
static void
decline_with (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiCallCard *self = UI_CALL_CARD (widget);
  g_autoptr (SipClientContext) context = NULL;
  g_autoptr (GError) error = NULL;

  decline (widget, action, NULL);
  context = ui_call_send_text (self->session, g_variant_get_string (parameter, NULL), &error);
  if (context == NULL)
    report (self, FALSE, error);
  else
    g_signal_connect_object (context, "failed", G_CALLBACK (on_text_lost), self, G_CONNECT_SWAPPED);
}

/* Not now: it rings no longer, and the person is told of the caller in a while. */
static void
remind (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiCallCard *self = UI_CALL_CARD (widget);
  SipNameAddr *identity = sip_session_get_remote_identity (self->session);

  if (ui_call_get_phase (self->session) == UI_CALL_PHASE_INCOMING)
    decline (widget, action, NULL);
  gtk_widget_activate_action (widget, "app.remind", "s", sip_name_addr_get_uri (identity));
  gtk_widget_activate_action (widget, "call.close", NULL);
}

static void
call_again (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "app.call-again", "s",
                              sip_session_get_id (UI_CALL_CARD (widget)->session));
}

/* The address was wrong: it goes back to where it was typed. */
static void
edit_address (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autofree char *address = ui_call_dup_address (UI_CALL_CARD (widget)->session);

  gtk_widget_activate_action (widget, "win.fill-dial", "s", address);
  gtk_widget_activate_action (widget, "call.close", NULL);
}

static void
mute (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiCallCard *self = UI_CALL_CARD (widget);

  if (self->handler != NULL)
    ui_floor_set_muted (self->floor, self->session, !is_muted (self));
}

static void
bring_in (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiCallCard *self = UI_CALL_CARD (widget);

  ui_floor_bring_in (self->floor, self->session);
}

static void
talk_alone (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiCallCard *self = UI_CALL_CARD (widget);

  ui_floor_talk_alone (self->floor, self->session);
}

static void
transfer (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "win.pick-target", "s",
                              sip_session_get_id (UI_CALL_CARD (widget)->session));
}

static void
toggle_keypad (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ui_call_controls_toggle_keypad (UI_CALL_CARD (widget)->controls);
}

static void
send_digit (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiCallCard *self = UI_CALL_CARD (widget);
  g_autoptr (GError) error = NULL;
  const char *digit = g_variant_get_string (parameter, NULL);

  if (sip_session_dtmf (self->session, digit, NULL, &error))
    ui_call_controls_note (self->controls, digit);
  else
    report (self, FALSE, error);
}

static void
close_card (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "app.dismiss-call", "s",
                              sip_session_get_id (UI_CALL_CARD (widget)->session));
}

void
ui_call_card_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "call.end", NULL, end_call);
  gtk_widget_class_install_action (widget_class, "call.answer", NULL, take_floor);
  gtk_widget_class_install_action (widget_class, "call.swap", NULL, take_floor);
  gtk_widget_class_install_action (widget_class, "call.hold", NULL, hold);
  gtk_widget_class_install_action (widget_class, "call.decline", NULL, decline);
  gtk_widget_class_install_action (widget_class, "call.end-and-answer", NULL, end_and_answer);
  gtk_widget_class_install_action (widget_class, "call.decline-with", "s", decline_with);
  gtk_widget_class_install_action (widget_class, "call.remind", NULL, remind);
  gtk_widget_class_install_action (widget_class, "call.again", NULL, call_again);
  gtk_widget_class_install_action (widget_class, "call.edit", NULL, edit_address);
  gtk_widget_class_install_action (widget_class, "call.mute", NULL, mute);
  gtk_widget_class_install_action (widget_class, "call.transfer", NULL, transfer);
  gtk_widget_class_install_action (widget_class, "call.bring-in", NULL, bring_in);
  gtk_widget_class_install_action (widget_class, "call.talk-alone", NULL, talk_alone);
  gtk_widget_class_install_action (widget_class, "call.keypad", NULL, toggle_keypad);
  gtk_widget_class_install_action (widget_class, "call.digit", "s", send_digit);
  gtk_widget_class_install_action (widget_class, "call.close", NULL, close_card);
  ui_keypad_add_keys (widget_class);
}

/* Who is muted speaks as long as the bar is held down. It arrives here where no button takes it. */
static gboolean
on_key_pressed (UiCallCard *self, guint key)
{
  if (key != GDK_KEY_space || !is_muted (self))
    return FALSE;
  ui_floor_set_muted (self->floor, self->session, FALSE);
  self->holds_space = TRUE;
  return TRUE;
}

static void
on_key_released (UiCallCard *self, guint key)
{
  if (key != GDK_KEY_space || !self->holds_space)
    return;
  self->holds_space = FALSE;
  if (self->handler != NULL)
    ui_floor_set_muted (self->floor, self->session, TRUE);
}

void
ui_call_card_listen_to_space (UiCallCard *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key_pressed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (keys, "key-released", G_CALLBACK (on_key_released), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}
