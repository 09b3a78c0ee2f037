/* sip-invite-client-answer.c - the description that comes back, and the 2xx
 *
 * Up:   1xx or 2xx -> media -> accepted; a description of no use -> ACK, BYE, failed.
 * Down: ACK, or PRACK where the offer came with a ringing phone.
 */

#include "sip-error.h"
#include "sip-invite-client-private.h"
#include "sip-message-private.h"
#include "sip-options-private.h"
#include "sip-session-description-private.h"
#include "sip-ua-private.h"

static void settle (SipInviteClientContext *self);

static SipSessionPrivate *
peek (SipInviteClientContext *self)
{
  return sip_session_peek (SIP_SESSION (self));
}

/* @answer: (nullable) */
static void
acknowledge (SipInviteClientContext *self,
             SipDialog *dialog,
             SipMessage *response,
             SipSessionDescription *answer)
{
  SipSession *session = SIP_SESSION (self);
  SipMessage *ack = sip_session_send_ack (session, dialog, sip_request_get_message (self->sent),
                                          response, answer);

  if (!sip_invite_client_is_over (self))
    sip_session_emit (session, SIP_SIGNAL_ACK, ack);
}

static void
send_bye (SipInviteClientContext *self, SipDialog *dialog, SipOptions *options)
{
  g_autoptr (SipMessage) bye = sip_dialog_create_request (dialog, "BYE");
  g_autoptr (SipRequest) request = NULL;
  g_autofree char *reason = sip_reason_header (options);

  if (reason != NULL)
    sip_message_add_header (bye, "Reason", reason);
  request = sip_ua_prepare_in (peek (self)->ua, dialog, bye);
  sip_request_send (request);
  if (!sip_invite_client_is_over (self))
    sip_session_emit (SIP_SESSION (self), SIP_SIGNAL_BYE, bye);
}

/* Another phone answered too: it is thanked and hung up (RFC 3261 13.2.2.4). */
static void
refuse_fork (SipInviteClientContext *self, SipMessage *response)
{
  g_autoptr (SipDialog) dialog =
      sip_dialog_new_client (sip_request_get_message (self->sent), response);

  acknowledge (self, dialog, response, NULL);
  send_bye (self, dialog, NULL);
}

/* ACK, and then BYE with the reason: what was answered cannot be used. */
static void
refuse_answer (SipInviteClientContext *self, guint code, const char *phrase)
{
  g_autoptr (SipMessage) response = g_object_ref (self->accepted);
  g_autoptr (SipOptions) options =
      g_object_new (SIP_TYPE_OPTIONS, "status-code", code, "reason-phrase", phrase, NULL);

  acknowledge (self, peek (self)->dialog, response, NULL);
  if (sip_invite_client_is_over (self))
    return;
  send_bye (self, peek (self)->dialog, options);
  sip_session_fail (SIP_SESSION (self), response, "Bad Media Description",
                    SIP_CAUSE_BAD_MEDIA_DESCRIPTION);
}

/* @answer: (nullable): to an offer in the 2xx */
static void
confirm (SipInviteClientContext *self, SipSessionDescription *answer)
{
  SipSession *session = SIP_SESSION (self);

  g_hash_table_remove_all (self->early);
  sip_session_limit_media (session, SIP_DIRECTION_SENDRECV);
  sip_session_set_status (session, SIP_SESSION_STATUS_CONFIRMED);
  acknowledge (self, peek (self)->dialog, self->accepted, answer);
  if (sip_invite_client_is_over (self))
    return;
  if (sip_ua_chooses_media (peek (self)->ua))
    sip_ua_note_media_profile (peek (self)->ua, peek (self)->media_profile);
  sip_session_take_timer (session, self->accepted);
  sip_session_accept_done (session, self->accepted, sip_message_get_reason_phrase (self->accepted));
  sip_session_next_round (session);
}

/* The phone that answered is not the one whose early media our handler runs by, and the handler
 * cannot change over: a new one negotiates anew, in a call that is on. */
static void
start_over (SipInviteClientContext *self)
{
  SipSession *session = SIP_SESSION (self);

  sip_session_drop_handler (session);
  if (!sip_session_ensure_handler (session)) {
    refuse_answer (self, 500, "Media not available");
    return;
  }
  if (sip_invite_client_is_over (self) || sip_invite_client_is_canceled (self))
    return;
  sip_session_want_round (session, NULL, NULL);
  confirm (self, NULL);
}

static gboolean
is_given_up (SipInviteClientContext *self)
{
  return sip_invite_client_is_over (self) || sip_invite_client_is_canceled (self);
}

/* The media has said yes or no to the description of the response that it looked at. */
static void
finish_taking (SipInviteClientContext *self, gboolean taken, const GError *error)
{
  g_autoptr (SipMessage) response = g_steal_pointer (&self->taking);
  gboolean was_described = self->described != NULL;

  if (taken) {
    g_set_object (&self->described, response);
    settle (self);
    return;
  }
  g_debug ("The description cannot be used: %s", error->message);
  if (self->accepted == NULL)
    return;
  if (response != self->accepted)
    settle (self);
  else if (was_described && sip_invite_client_has_offer (self))
    start_over (self);
  else
    refuse_answer (self, 488, "Not Acceptable Here");
}

static void
on_answer_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipInviteClientContext) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean taken = sip_session_description_handler_set_description_finish (
      SIP_SESSION_DESCRIPTION_HANDLER (source), result, &error);

  if (!is_given_up (self))
    finish_taking (self, taken, error);
}

/* Our answer to the other side's offer, in the ACK or in a PRACK. */
static void
on_answer_made (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipInviteClientContext) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SipSessionDescription) answer =
      sip_session_description_handler_get_description_finish (
          SIP_SESSION_DESCRIPTION_HANDLER (source), result, &error);

  if (is_given_up (self))
    return;
  if (answer == NULL) {
    finish_taking (self, FALSE, error);
  } else if (!sip_invite_client_is_reliable (self->taking)) {
    g_set_object (&self->described, self->taking);
    g_clear_object (&self->taking);
    confirm (self, answer);
  } else {
    g_autoptr (SipMessage) response = g_object_ref (self->taking);

    sip_invite_client_send_prack (self, response, answer);
    sip_invite_client_tell_progress (self, response, SIP_SESSION_STATUS_EARLY_MEDIA);
    if (!is_given_up (self))
      finish_taking (self, TRUE, NULL);
  }
}

static void
on_offer_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipInviteClientContext) self = user_data;
  SipSessionPrivate *priv = peek (self);
  g_autoptr (GError) error = NULL;
  gboolean taken = sip_session_description_handler_set_description_finish (
      SIP_SESSION_DESCRIPTION_HANDLER (source), result, &error);

  if (is_given_up (self))
    return;
  if (taken)
    sip_session_description_handler_get_description_async (priv->handler, priv->options,
                                                           priv->modifiers, priv->cancellable,
                                                           on_answer_made, g_object_ref (self));
  else
    finish_taking (self, FALSE, error);
}

/* Hands the description of @response to the media; there is one. */
void
sip_invite_client_take (SipInviteClientContext *self, SipMessage *response)
{
  SipSession *session = SIP_SESSION (self);
  SipSessionPrivate *priv = peek (self);
  gboolean is_answer = sip_invite_client_has_offer (self);
  g_autoptr (SipSessionDescription) description =
      is_answer ? sip_session_description_read_answer (response)
                : sip_session_description_read (response);
  g_autoptr (GError) error = NULL;

  g_set_object (&self->taking, response);
  if (!sip_session_ensure_handler (session)) {
    g_clear_object (&self->taking);
    if (self->accepted != NULL)
      refuse_answer (self, 500, "Media not available");
    return;
  }
  if (is_given_up (self))
    return;
  if (!sip_session_description_handler_has_description (
          priv->handler, sip_session_description_get_content_type (description))) {
    g_clear_object (&self->taking);
    if (self->accepted != NULL)
      refuse_answer (self, 488, "Invalid session description");
    return;
  }
  if (self->accepted == NULL)
    sip_session_limit_media (session, SIP_DIRECTION_RECVONLY);
  sip_session_description_handler_set_description_async (
      priv->handler, description, priv->options, priv->modifiers, priv->cancellable,
      is_answer ? on_answer_set : on_offer_set, g_object_ref (self));
}

static gboolean
is_same_body (SipMessage *a, SipMessage *b)
{
  return a == b || g_bytes_equal (sip_message_get_body_bytes (a), sip_message_get_body_bytes (b));
}

/* The call is on as soon as the media runs by what the phone that answered says. A 2xx without a
 * description means the one that came before it. */
static void
settle (SipInviteClientContext *self)
{
  g_autoptr (SipSessionDescription) own = NULL;
  SipMessage *described;

  if (self->accepted == NULL || self->taking != NULL)
    return;
  own = sip_session_description_read (self->accepted);
  described = own != NULL ? self->accepted : self->mentioned;
  if (described == NULL && sip_message_get_body_bytes (self->accepted) != NULL)
    refuse_answer (self, 488, "Invalid session description");
  else if (described == NULL)
    refuse_answer (self, 400, "Missing session description");
  else if (self->described != NULL && is_same_body (self->described, described))
    confirm (self, NULL);
  else
    sip_invite_client_take (self, described);
}

/* The call was cancelled, but the other side was faster: it is taken and hung up at once. */
void
sip_invite_client_take_crossed (SipInviteClientContext *self)
{
  SipSession *session = SIP_SESSION (self);
  g_autoptr (SipMessage) response = g_object_ref (self->accepted);

  sip_timers_clear (peek (self)->timers, &self->timer_id);
  acknowledge (self, peek (self)->dialog, response, NULL);
  if (sip_invite_client_is_over (self))
    return;
  sip_session_accept_done (session, response, sip_message_get_reason_phrase (response));
  if (!sip_invite_client_is_over (self))
    sip_session_hang_up (session, self->hang_up, response, "Canceled", SIP_CAUSE_CANCELED);
}

/* The 2xx of a phone; of the first one the call is made. */
void
sip_invite_client_receive_accepted (SipInviteClientContext *self, SipMessage *response)
{
  SipSession *session = SIP_SESSION (self);
  SipSessionPrivate *priv = peek (self);
  const char *tag = sip_message_get_to_tag (response);
  SipDialog *early = sip_invite_client_find_early (self, tag);

  if (sip_session_send_ack_again (session, response))
    return;
  if (self->accepted != NULL && g_strcmp0 (tag, sip_message_get_to_tag (self->accepted)) == 0 &&
      !sip_invite_client_is_over (self))
    return; /* it came again while its answer is looked at */
  if (self->accepted != NULL || sip_invite_client_is_over (self)) {
    refuse_fork (self, response);
    return;
  }
  self->accepted = g_object_ref (response);
  priv->dialog = sip_dialog_new_client (sip_request_get_message (self->sent), response);
  if (early != NULL)
    sip_dialog_continue (priv->dialog, early);
  sip_session_set_asserted_identity (session, response);
  sip_session_note_allow (session, response);
  if (sip_invite_client_is_canceled (self)) {
    sip_invite_client_take_crossed (self);
    return;
  }
  sip_timers_clear (priv->timers, &self->timer_id);
  settle (self);
}
