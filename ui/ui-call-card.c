/* ui-call-card.c - one call: who it is, how it stands, and what one can do about it
 *
 * Down: buttons and keys -> actions call.* (the file beside)
 * Up:   signals of SipSession -> update() -> labels, pages, enabled actions
 */

#include "ui-call-card-private.h"

#include "ui-call.h"
#include "ui-format.h"
#include "ui-incoming-menu.h"
#include "ui-spoken.h"

#include <glib/gi18n-lib.h>

G_DEFINE_FINAL_TYPE (UiCallCard, ui_call_card, ADW_TYPE_BIN)

enum { PROP_SESSION = 1, PROP_FLOOR, N_PROPS };
static GParamSpec *props[N_PROPS];

/* Mapped anew on every change, for an alert is read aloud when it appears. */
void
ui_call_card_show_state (UiCallCard *self, const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (self->state_label), text) == 0)
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->state_label), FALSE);
  ui_spoken_show (self->state_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->state_label), *text != '\0');
}

static void
update_time (UiCallCard *self, UiCallPhase phase)
{
  g_autofree char *time = ui_format_duration (MAX (ui_call_get_seconds (self->session), 0));

  gtk_label_set_text (self->time_label, time);
  gtk_widget_set_visible (GTK_WIDGET (self->time_label), phase == UI_CALL_PHASE_TALKING);
}

static char *
describe (UiCallCard *self)
{
  g_autofree char *company = ui_floor_dup_company (self->floor, self->session);

  if (company == NULL || sip_session_get_local_hold (self->session) ||
      sip_session_get_remote_hold (self->session))
    return ui_call_describe (self->session, self->status_code);
  return g_strdup_printf (_ ("Together with %s"), company);
}

static gboolean
on_tick (gpointer user_data)
{
  UiCallCard *self = user_data;
  UiCallPhase phase = ui_call_get_phase (self->session);
  g_autofree char *state = describe (self);

  update_time (self, phase);
  ui_call_chips_show (self->chips, self->session);
  ui_call_row_show (self->small, self->session, self->floor, state);
  return G_SOURCE_CONTINUE;
}

/* A clock that nobody sees does not run. */
static void
update_tick (UiCallCard *self)
{
  gboolean ticks = ui_call_get_phase (self->session) == UI_CALL_PHASE_TALKING &&
                   gtk_widget_get_mapped (GTK_WIDGET (self));

  if (!ticks)
    g_clear_handle_id (&self->tick_id, g_source_remove);
  else if (self->tick_id == 0)
    self->tick_id = g_timeout_add_seconds (1, on_tick, self);
}

static void
update_name (UiCallCard *self)
{
  g_autofree char *name = ui_call_dup_name (self->session);
  g_autofree char *address = ui_call_dup_address (self->session);

  adw_avatar_set_text (self->avatar, name);
  ui_spoken_show (self->name_label, name);
  ui_spoken_show (self->address_label, address);
  gtk_widget_set_visible (GTK_WIDGET (self->address_label), !g_str_equal (name, address));
  ui_spoken_set (self, name);
}

static void
update_actions (UiCallCard *self, UiCallPhase phase)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean is_incoming = phase == UI_CALL_PHASE_INCOMING;
  gboolean is_ended = phase == UI_CALL_PHASE_ENDED;
  UiCallOffer offer = ui_call_get_offer (self->session, self->status_code);

  gtk_widget_action_set_enabled (widget, "call.answer", is_incoming);
  gtk_widget_action_set_enabled (widget, "call.decline", is_incoming);
  gtk_widget_action_set_enabled (widget, "call.end", !is_incoming && !is_ended);
  gtk_widget_action_set_enabled (widget, "call.close", is_ended);
  gtk_widget_action_set_enabled (widget, "call.end-and-answer", is_incoming);
  gtk_widget_action_set_enabled (widget, "call.decline-with", is_incoming);
  gtk_widget_action_set_enabled (widget, "call.remind",
                                 is_incoming || (offer & UI_CALL_OFFER_REMIND) != 0);
  gtk_widget_action_set_enabled (widget, "call.again", (offer & UI_CALL_OFFER_AGAIN) != 0);
  gtk_widget_action_set_enabled (widget, "call.edit", (offer & UI_CALL_OFFER_EDIT) != 0);
  gtk_widget_action_set_enabled (widget, "call.mute",
                                 self->handler != NULL && phase == UI_CALL_PHASE_TALKING);
  gtk_widget_action_set_enabled (widget, "call.hold",
                                 phase == UI_CALL_PHASE_TALKING &&
                                     !sip_session_get_hold_pending (self->session));
  gtk_widget_action_set_enabled (widget, "call.transfer", phase == UI_CALL_PHASE_TALKING);
  gtk_widget_action_set_enabled (widget, "call.swap", phase == UI_CALL_PHASE_TALKING);
  gtk_widget_action_set_enabled (widget, "call.bring-in",
                                 ui_floor_can_bring_in (self->floor, self->session));
  gtk_widget_action_set_enabled (widget, "call.talk-alone",
                                 ui_floor_is_together (self->floor, self->session));
  gtk_widget_action_set_enabled (widget, "call.keypad", phase == UI_CALL_PHASE_TALKING);
  gtk_widget_action_set_enabled (widget, "call.digit", phase == UI_CALL_PHASE_TALKING);
}

static void
update (UiCallCard *self)
{
  UiCallPhase phase = ui_call_get_phase (self->session);
  g_autofree char *state = describe (self);

  if (phase == UI_CALL_PHASE_INCOMING)
    gtk_widget_add_css_class (self->frame, "incoming");
  else
    gtk_widget_remove_css_class (self->frame, "incoming");
  if (phase != UI_CALL_PHASE_TALKING)
    ui_call_controls_show_keypad (self->controls, FALSE);
  update_tick (self);

  gtk_widget_set_visible (self->incoming, phase == UI_CALL_PHASE_INCOMING);
  gtk_widget_set_visible (self->ended, phase == UI_CALL_PHASE_ENDED);
  gtk_widget_set_visible (GTK_WIDGET (self->details), phase != UI_CALL_PHASE_INCOMING);
  gtk_widget_set_visible (GTK_WIDGET (self->controls),
                          phase != UI_CALL_PHASE_INCOMING && phase != UI_CALL_PHASE_ENDED &&
                              !gtk_widget_get_visible (GTK_WIDGET (self->zones)));
  update_name (self);
  update_time (self, phase);
  ui_call_chips_show (self->chips, self->session);
  ui_call_controls_show (self->controls, self->session);
  ui_call_row_show (self->small, self->session, self->floor, state);
  update_actions (self, phase);
  ui_transfer_bar_show (self->transfer_bar, self->session);
  ui_call_card_show_state (self, state);
}

static void
ui_call_card_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ui_call_card_parent_class)->map (widget);
  update (UI_CALL_CARD (widget));
}

static void
ui_call_card_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ui_call_card_parent_class)->unmap (widget);
  update_tick (UI_CALL_CARD (widget));
}

/* The last change of status is told by terminated, when the reason is known too. */
static void
on_status (UiCallCard *self)
{
  if (sip_session_get_status (self->session) != SIP_SESSION_STATUS_TERMINATED)
    update (self);
}

static void
on_refused (UiCallCard *self, SipMessage *response, const char *cause)
{
  if (response != NULL && !sip_message_get_is_request (response))
    self->status_code = sip_message_get_status_code (response);
}

static void
set_handler (UiCallCard *self, SipSessionDescriptionHandler *handler)
{
  if (!g_set_object (&self->handler, handler))
    return;
  if (handler != NULL) {
    g_signal_connect_object (handler, "notify::muted", G_CALLBACK (update), self,
                             G_CONNECT_SWAPPED);
    g_signal_connect_object (handler, "trackAdded", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
    ui_call_chips_follow (self->chips, handler);
    ui_call_details_follow (self->details, handler);
  }
}

static void
on_handler_created (UiCallCard *self, SipSessionDescriptionHandler *handler)
{
  set_handler (self, handler);
  update (self);
}

/* A call that is dragged onto another one joins the two. */
static GdkContentProvider *
on_drag_prepare (UiCallCard *self)
{
  if (ui_call_get_phase (self->session) != UI_CALL_PHASE_TALKING)
    return NULL;
  return gdk_content_provider_new_typed (SIP_TYPE_SESSION, self->session);
}

static void
ui_call_card_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  UiCallCard *self = UI_CALL_CARD (object);

  switch (id) {
  case PROP_SESSION:
    self->session = g_value_dup_object (value);
    break;
  case PROP_FLOOR:
    self->floor = g_value_dup_object (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

/* Large is the call that has the floor. */
static void
on_active (UiCallCard *self)
{
  gboolean is_active = ui_floor_get_active (self->floor) == self->session;

  gtk_widget_set_visible (self->large, is_active);
  gtk_widget_set_visible (GTK_WIDGET (self->small), !is_active);
  update (self);
}

static void
ui_call_card_constructed (GObject *object)
{
  UiCallCard *self = UI_CALL_CARD (object);

  G_OBJECT_CLASS (ui_call_card_parent_class)->constructed (object);
  ui_call_details_set_session (self->details, self->session);
  set_handler (self, sip_session_get_session_description_handler (self->session));
  g_signal_connect_object (self->session, "notify::status", G_CALLBACK (on_status), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::local-hold", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::remote-hold", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::hold-pending", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::moving", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "accepted", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "terminated", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  ui_zones_serve (self->zones, GTK_WIDGET (self), self->session);
  g_signal_connect_object (self->zones, "notify::visible", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->floor, "notify::active", G_CALLBACK (on_active), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->floor, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "rejected", G_CALLBACK (on_refused), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "failed", G_CALLBACK (on_refused), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "SessionDescriptionHandler-created",
                           G_CALLBACK (on_handler_created), self, G_CONNECT_SWAPPED);
  gtk_button_set_label (self->again_button,
                        ui_call_is_outgoing (self->session) ? _ ("Call again") : _ ("Call back"));
  if (!ui_call_is_outgoing (self->session)) {
    g_autoptr (GMenuModel) menu = ui_incoming_menu_new (self->session, FALSE);

    gtk_menu_button_set_menu_model (self->incoming_menu, menu);
  }
  on_active (self);
}

static void
ui_call_card_dispose (GObject *object)
{
  UiCallCard *self = UI_CALL_CARD (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  G_OBJECT_CLASS (ui_call_card_parent_class)->dispose (object);
}

static void
ui_call_card_finalize (GObject *object)
{
  UiCallCard *self = UI_CALL_CARD (object);

  g_clear_object (&self->session);
  g_clear_object (&self->floor);
  g_clear_object (&self->handler);
  G_OBJECT_CLASS (ui_call_card_parent_class)->finalize (object);
}

static void
ui_call_card_class_init (UiCallCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = ui_call_card_set_property;
  object_class->constructed = ui_call_card_constructed;
  object_class->dispose = ui_call_card_dispose;
  object_class->finalize = ui_call_card_finalize;
  widget_class->map = ui_call_card_map;
  widget_class->unmap = ui_call_card_unmap;

  props[PROP_SESSION] =
      g_param_spec_object ("session", NULL, NULL, SIP_TYPE_SESSION,
                           G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  props[PROP_FLOOR] =
      g_param_spec_object ("floor", NULL, NULL, UI_TYPE_FLOOR,
                           G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (UI_TYPE_CALL_CHIPS);
  g_type_ensure (UI_TYPE_CALL_CONTROLS);
  g_type_ensure (UI_TYPE_CALL_DETAILS);
  g_type_ensure (UI_TYPE_CALL_ROW);
  g_type_ensure (UI_TYPE_TRANSFER_BAR);
  g_type_ensure (UI_TYPE_ZONES);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/ahoyphone/Ahoy/ui-call-card.ui");
  gtk_widget_class_bind_template_child (widget_class, UiCallCard, large);
  gtk_widget_class_bind_template_child (widget_class, UiCallCard, small);
  gtk_widget_class_bind_template_child (widget_class, UiCallCard, frame);
  gtk_widget_class_bind_template_child (widget_class, UiCallCard, avatar);
  gtk_widget_class_bind_template_child (widget_class, UiCallCard, name_label);
  gtk_widget_class_bind_template_child (widget_class, UiCallCard, address_label);
  gtk_widget_class_bind_template_child (widget_class, UiCallCard, time_label);
  gtk_widget_class_bind_template_child (widget_class, UiCallCard, state_label);
  gtk_widget_class_bind_template_child (widget_class, UiCallCard, chips);
  gtk_widget_class_bind_template_child (widget_class, UiCallCard, details);
  gtk_widget_class_bind_template_child (widget_class, UiCallCard, transfer_bar);
  gtk_widget_class_bind_template_child (widget_class, UiCallCard, zones);
  gtk_widget_class_bind_template_callback (widget_class, on_drag_prepare);
  gtk_widget_class_bind_template_child (widget_class, UiCallCard, controls);
  gtk_widget_class_bind_template_child (widget_class, UiCallCard, incoming);
  gtk_widget_class_bind_template_child (widget_class, UiCallCard, incoming_menu);
  gtk_widget_class_bind_template_child (widget_class, UiCallCard, ended);
  gtk_widget_class_bind_template_child (widget_class, UiCallCard, again_button);
  ui_call_card_install_actions (widget_class);
}

static void
ui_call_card_init (UiCallCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ui_call_card_listen_to_space (self);
}

GtkWidget *
ui_call_card_new (SipSession *session, UiFloor *floor)
{
  return g_object_new (UI_TYPE_CALL_CARD, "session", session, "floor", floor, NULL);
}

SipSession *
ui_call_card_get_session (UiCallCard *self)
{
  g_return_val_if_fail (UI_IS_CALL_CARD (self), NULL);

  return self->session;
}

/* What the call waits for has changed. */
void
ui_call_card_update (UiCallCard *self)
{
  g_return_if_fail (UI_IS_CALL_CARD (self));

  update (self);
}
