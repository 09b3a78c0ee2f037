/* ui-transfer.c - one call is given to somebody else, from the drop to the last word about it
 *
 * Down: send_now() -> hold(), some seconds to undo, refer(); ask_first() -> a call to the target,
 *       signal placed; complete() -> refer_to_session(), bring_in() -> UiFloor
 * Up:   the signals of the SipReferContext and of the two calls -> state, text; on any failure the
 *       caller has the floor again, for nobody is ever lost
 *
 * It lives in the data of its calls until it is over, whether a window shows it or not.
 */

#include "ui-transfer.h"

#include "sip-error.h"
#include "sip-invite-client-context.h"
#include "sip-refer-client-context.h"
#include "sip-ua.h"
#include "ui-call.h"
#include "ui-format.h"

#include <glib/gi18n-lib.h>

#define UNDO_S 4
/* A phone that calls in vain gives up after 64*T1, 32 s (RFC 3261 17.1.1.2); what rings may ring as
 * long as proxies let it (16.6). */
#define NEWS_S 40
#define RING_S 180

struct _UiTransfer {
  GObject parent_instance;

  UiFloor *floor;
  SipSession *call;         /* the one that is given away */
  SipSession *consultation; /* with the target, where that is asked first; else NULL */
  char *target;
  char *name; /* of the target */
  UiTransferState state;
  char *text;
  guint timer_id; /* to undo, then for news of how it goes */
};

G_DEFINE_FINAL_TYPE (UiTransfer, ui_transfer, G_TYPE_OBJECT)

enum { PROP_STATE = 1, PROP_TEXT, N_PROPS };
static GParamSpec *props[N_PROPS];

enum { SIGNAL_PLACED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_ENUM_TYPE (UiTransferState,
                    ui_transfer_state,
                    G_DEFINE_ENUM_VALUE (UI_TRANSFER_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (UI_TRANSFER_ASKING, "asking"),
                    G_DEFINE_ENUM_VALUE (UI_TRANSFER_SENDING, "sending"),
                    G_DEFINE_ENUM_VALUE (UI_TRANSFER_OVER, "over"))

/* Takes @text. */
static void
set_state (UiTransfer *self, UiTransferState state, char *text)
{
  g_autoptr (UiTransfer) guard = g_object_ref (self);

  g_free (self->text);
  self->text = text;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TEXT]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  if (state != UI_TRANSFER_OVER)
    return;
  g_clear_handle_id (&self->timer_id, g_source_remove);
  ui_call_set_transfer (self->call, NULL);
  if (self->consultation != NULL)
    ui_call_set_transfer (self->consultation, NULL);
}

/* The words of @format with the names of the caller and of the target, in this order. */
static char *
describe (UiTransfer *self, char *(*format) (const char *caller, const char *target))
{
  g_autofree char *caller = ui_call_dup_name (self->call);

  return format (caller, self->name);
}

/* Whom the target did not get, the person has again. Takes @text. */
static void
take_back (UiTransfer *self, char *text)
{
  g_autoptr (UiTransfer) guard = g_object_ref (self);
  gboolean was_asking = self->state == UI_TRANSFER_ASKING;

  set_state (self, UI_TRANSFER_OVER, text);
  if (was_asking)
    sip_session_terminate (self->consultation, NULL, NULL);
  if (ui_call_get_phase (self->call) == UI_CALL_PHASE_TALKING)
    ui_floor_take (self->floor, self->call);
}

static void
fail (UiTransfer *self, guint status_code)
{
  g_autofree char *caller = ui_call_dup_name (self->call);

  take_back (self, ui_format_transfer_failure (status_code, caller, self->name));
}

static gboolean
on_silence (gpointer user_data)
{
  UiTransfer *self = user_data;

  self->timer_id = 0;
  fail (self, 408);
  return G_SOURCE_REMOVE;
}

static void
set_timer (UiTransfer *self, guint seconds, GSourceFunc callback)
{
  g_clear_handle_id (&self->timer_id, g_source_remove);
  self->timer_id = g_timeout_add_seconds (seconds, callback, self);
}

static void
on_progress (UiTransfer *self, SipReferContext *context)
{
  if (self->state != UI_TRANSFER_SENDING || sip_refer_context_get_status_code (context) < 180)
    return;
  set_timer (self, RING_S, on_silence);
  set_state (self, UI_TRANSFER_SENDING, describe (self, ui_format_transfer_rings));
}

static void
on_done (UiTransfer *self)
{
  g_autoptr (UiTransfer) guard = g_object_ref (self);

  if (self->state != UI_TRANSFER_SENDING)
    return;
  set_state (self, UI_TRANSFER_OVER, describe (self, ui_format_transfer_done));
  if (self->consultation != NULL)
    sip_session_terminate (self->consultation, NULL, NULL);
}

static void
on_refused (UiTransfer *self, SipReferContext *context)
{
  if (self->state == UI_TRANSFER_SENDING)
    fail (self, sip_refer_context_get_status_code (context));
}

static void
follow (UiTransfer *self, SipReferClientContext *context)
{
  set_timer (self, NEWS_S, on_silence);
  g_signal_connect_object (context, "referProgress", G_CALLBACK (on_progress), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "referAccepted", G_CALLBACK (on_done), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "referRejected", G_CALLBACK (on_refused), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "referRequestRejected", G_CALLBACK (on_refused), self,
                           G_CONNECT_SWAPPED);
}

/* A caller who leaves after he was told whom to call is on his way there. */
static void
on_call_ended (UiTransfer *self)
{
  if (self->state == UI_TRANSFER_SENDING)
    on_done (self);
  else if (self->state != UI_TRANSFER_OVER)
    take_back (self, describe (self, ui_format_transfer_caller_left));
}

static void
on_consultation_rejected (UiTransfer *self, SipMessage *response)
{
  if (self->state == UI_TRANSFER_ASKING)
    fail (self, response != NULL && !sip_message_get_is_request (response)
                    ? sip_message_get_status_code (response)
                    : 0);
}

static void
on_consultation_ended (UiTransfer *self)
{
  if (self->state == UI_TRANSFER_ASKING)
    take_back (self, describe (self, ui_format_transfer_target_left));
}

static void
set_consultation (UiTransfer *self, SipSession *consultation)
{
  self->consultation = g_object_ref (consultation);
  g_signal_connect_object (consultation, "rejected", G_CALLBACK (on_consultation_rejected), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (consultation, "terminated", G_CALLBACK (on_consultation_ended), self,
                           G_CONNECT_SWAPPED);
  ui_call_set_transfer (self->call, self);
  ui_call_set_transfer (consultation, self);
  set_state (self, UI_TRANSFER_ASKING, describe (self, ui_format_transfer_asks));
}

static gboolean
on_undo_over (gpointer user_data)
{
  g_autoptr (UiTransfer) self = g_object_ref (user_data);
  g_autoptr (SipReferClientContext) context = NULL;
  g_autoptr (GError) error = NULL;

  self->timer_id = 0;
  context = sip_session_refer (self->call, self->target, NULL, &error);
  if (context == NULL) {
    g_debug ("%s", error->message);
    fail (self, 0);
    return G_SOURCE_REMOVE;
  }
  set_state (self, UI_TRANSFER_SENDING, describe (self, ui_format_transfer_sends));
  follow (self, context);
  return G_SOURCE_REMOVE;
}

static void
ui_transfer_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  UiTransfer *self = UI_TRANSFER (object);

  switch (id) {
  case PROP_STATE:
    g_value_set_enum (value, self->state);
    break;
  case PROP_TEXT:
    g_value_set_string (value, self->text);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
ui_transfer_finalize (GObject *object)
{
  UiTransfer *self = UI_TRANSFER (object);

  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_clear_object (&self->floor);
  g_clear_object (&self->call);
  g_clear_object (&self->consultation);
  g_free (self->target);
  g_free (self->name);
  g_free (self->text);
  G_OBJECT_CLASS (ui_transfer_parent_class)->finalize (object);
}

static void
ui_transfer_class_init (UiTransferClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ui_transfer_get_property;
  object_class->finalize = ui_transfer_finalize;
  props[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, UI_TYPE_TRANSFER_STATE, UI_TRANSFER_WAITING,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_TEXT] =
      g_param_spec_string ("text", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  /* A call to the target, to be shown with the others. */
  signals[SIGNAL_PLACED] = g_signal_new ("placed", UI_TYPE_TRANSFER, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, SIP_TYPE_SESSION);
}

static void
ui_transfer_init (UiTransfer *self)
{
}

/* @name: of the target, for the person */
UiTransfer *
ui_transfer_new (UiFloor *floor, SipSession *call, const char *target, const char *name)
{
  UiTransfer *self = g_object_new (UI_TYPE_TRANSFER, NULL);

  self->floor = g_object_ref (floor);
  self->call = g_object_ref (call);
  self->target = g_strdup (target);
  self->name = g_strdup (name);
  g_signal_connect_object (call, "terminated", G_CALLBACK (on_call_ended), self, G_CONNECT_SWAPPED);
  return self;
}

/* Whether @call can be given to @target at all, @blind without a word before; nothing is sent. */
gboolean
ui_transfer_check (SipSession *call, const char *target, gboolean blind, GError **error)
{
  g_autofree char *address = ui_format_address (target);
  g_autofree char *caller = ui_call_dup_address (call);
  g_autofree char *name = ui_call_dup_name (call);
  g_autofree char *own = NULL;
  g_autofree char *uri = NULL;

  g_object_get (sip_session_get_ua (call), "uri", &uri, NULL);
  own = ui_format_address (uri);
  if (ui_call_get_phase (call) != UI_CALL_PHASE_TALKING) {
    g_set_error (error, SIP_ERROR, SIP_ERROR_INVALID_STATE,
                 _ ("%s can be transferred once the call is on."), name);
    return FALSE;
  }
  if (g_strcmp0 (address, caller) == 0) {
    g_set_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT,
                 _ ("%s cannot be transferred to %s."), name, name);
    return FALSE;
  }
  if (g_strcmp0 (address, own) == 0) {
    g_set_error_literal (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT,
                         _ ("That is your own address."));
    return FALSE;
  }
  if (blind && !sip_session_get_takes_refer (call)) {
    g_autofree char *text = ui_format_transfer_failure (405, name, name);

    g_set_error_literal (error, SIP_ERROR, SIP_ERROR_INVALID_STATE, text);
    return FALSE;
  }
  return TRUE;
}

/* Whether @call can be given away without a word before. @lamp: of whom it goes to */
gboolean
ui_transfer_can_send_now (SipSession *call, SipLampState lamp)
{
  return sip_session_get_takes_refer (call) && lamp != SIP_LAMP_STATE_BUSY;
}

/* The caller waits on hold; after some seconds, in which undo() takes it back, he is told whom to
 * call (RFC 3515).
 */
gboolean
ui_transfer_send_now (UiTransfer *self, GError **error)
{
  g_return_val_if_fail (UI_IS_TRANSFER (self), FALSE);

  if (!sip_session_get_local_hold (self->call) && !sip_session_get_hold_pending (self->call) &&
      !sip_session_hold (self->call, NULL, NULL, error))
    return FALSE;
  ui_call_set_transfer (self->call, self);
  set_state (self, UI_TRANSFER_WAITING, describe (self, ui_format_transfer_sends));
  set_timer (self, UNDO_S, on_undo_over);
  return TRUE;
}

/* Calls the target, from the same account; the caller waits meanwhile. */
gboolean
ui_transfer_ask_first (UiTransfer *self, GError **error)
{
  g_autoptr (SipInviteClientContext) call = NULL;

  g_return_val_if_fail (UI_IS_TRANSFER (self), FALSE);

  call = sip_ua_invite (sip_session_get_ua (self->call), self->target, NULL, NULL, error);
  if (call == NULL)
    return FALSE;
  ui_call_set_name (SIP_SESSION (call), self->name, NULL);
  set_consultation (self, SIP_SESSION (call));
  g_signal_emit (self, signals[SIGNAL_PLACED], 0, call);
  return TRUE;
}

/* The target is spoken with already. */
void
ui_transfer_join (UiTransfer *self, SipSession *consultation)
{
  g_return_if_fail (UI_IS_TRANSFER (self));

  set_consultation (self, consultation);
}

/* The caller is back, and goes only if he was sent and the target answers him yet. */
void
ui_transfer_undo (UiTransfer *self)
{
  g_return_if_fail (UI_IS_TRANSFER (self));

  if (self->state != UI_TRANSFER_OVER)
    take_back (self, NULL);
}

/* The target was asked, and all three speak together: nobody is given away. */
void
ui_transfer_bring_in (UiTransfer *self)
{
  g_autoptr (UiTransfer) guard = g_object_ref (self);

  g_return_if_fail (UI_IS_TRANSFER (self));
  g_return_if_fail (ui_floor_can_bring_in (self->floor, self->call));

  set_state (self, UI_TRANSFER_OVER, NULL);
  ui_floor_bring_in (self->floor, self->call);
}

/* Whether one of the two others can be told to call the other one. */
gboolean
ui_transfer_can_complete (UiTransfer *self)
{
  g_return_val_if_fail (UI_IS_TRANSFER (self), FALSE);
  g_return_val_if_fail (self->consultation != NULL, FALSE);

  return sip_session_get_takes_refer (self->call) ||
         sip_session_get_takes_refer (self->consultation);
}

/* The two others are joined, in place of the call with the target, or with the caller where only
 * the target can be told to (RFC 3891). */
gboolean
ui_transfer_complete (UiTransfer *self, GError **error)
{
  g_autoptr (SipReferClientContext) context = NULL;

  g_return_val_if_fail (UI_IS_TRANSFER (self), FALSE);

  if (sip_session_get_takes_refer (self->call))
    context = sip_session_refer_to_session (self->call, self->consultation, NULL, error);
  else
    context = sip_session_refer_to_session (self->consultation, self->call, NULL, error);
  if (context == NULL)
    return FALSE;
  set_state (self, UI_TRANSFER_SENDING, describe (self, ui_format_transfer_sends));
  follow (self, context);
  return TRUE;
}

SipSession *
ui_transfer_get_call (UiTransfer *self)
{
  g_return_val_if_fail (UI_IS_TRANSFER (self), NULL);

  return self->call;
}

/* Borrowed; NULL where the target was not asked. */
SipSession *
ui_transfer_get_consultation (UiTransfer *self)
{
  g_return_val_if_fail (UI_IS_TRANSFER (self), NULL);

  return self->consultation;
}

UiTransferState
ui_transfer_get_state (UiTransfer *self)
{
  g_return_val_if_fail (UI_IS_TRANSFER (self), UI_TRANSFER_OVER);

  return self->state;
}

/* How it goes, in words; NULL where there is nothing to say. */
const char *
ui_transfer_get_text (UiTransfer *self)
{
  g_return_val_if_fail (UI_IS_TRANSFER (self), NULL);

  return self->text;
}
