/* sip-invite-server-answer.c - the media of a call that comes in, its 200 and its ACK
 *
 * Down: negotiate(): media, answer -> a 1xx or the 200, again until the ACK.
 * Up:   the media's answers -> progress or accepted, or failed where there is none; ACK ->
 *       confirmed.
 */

#include "sip-error.h"
#include "sip-invite-server-private.h"
#include "sip-message-private.h"
#include "sip-session-description-private.h"
#include "sip-ua-private.h"

static void
on_no_ack (gpointer user_data)
{
  g_autoptr (SipInviteServerContext) self = g_object_ref (user_data);

  sip_session_hang_up (SIP_SESSION (self), self->hang_up, NULL, "No ACK", SIP_CAUSE_NO_ACK);
}

/* The call that this one takes the place of goes, before this one is on (RFC 3891 3). */
static void
end_replacee (SipSession *session)
{
  SipSession *replacee = sip_session_peek (session)->replacee;

  if (replacee == NULL || sip_session_is_over (replacee))
    return;
  sip_session_emit (replacee, SIP_SIGNAL_REPLACED, session);
  sip_session_terminate (replacee, NULL, NULL);
}

/* What a reliable response said of our media is agreed on, and is not said again (RFC 6337 3.1.1):
 * a later UPDATE may have changed it.
 */
void
sip_invite_server_send_ok (SipInviteServerContext *self)
{
  SipSession *session = SIP_SESSION (self);
  SipSessionPrivate *priv = sip_session_peek (session);
  g_autoptr (SipMessage) response =
      sip_invite_server_create_response (self, 200, NULL, priv->options);

  if (!self->is_told)
    sip_session_description_write (self->local, response);
  sip_session_answer_timer (session, priv->request, response);
  sip_invite_server_clear_timers (self);
  sip_session_limit_media (session, SIP_DIRECTION_SENDRECV);
  sip_session_set_status (session, SIP_SESSION_STATUS_WAITING_FOR_ACK);
  priv->answer =
      sip_resend_new (priv->timers, self->transaction, response, SIP_T2, on_no_ack, self);
  end_replacee (session);
  if (!sip_session_is_over (session))
    sip_session_accept_done (session, response, "OK");
}

/* What the media refused, in the words of RFC 3261 21.4 and 21.5. */
static void
refuse_media (SipInviteServerContext *self, const GError *error)
{
  g_autoptr (SipMessage) response = NULL;
  guint code = 500;

  if (sip_invite_server_is_over (self))
    return;
  if (g_error_matches (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION))
    code = 488;
  else if (g_error_matches (error, SIP_ERROR, SIP_ERROR_UNSUPPORTED_CONTENT_TYPE))
    code = 415;
  response = sip_invite_server_create_response (self, code, NULL, NULL);
  if (code == 415)
    sip_message_add_header (response, "Accept", "application/sdp");
  sip_transaction_respond (self->transaction, response);
  sip_invite_server_clear_timers (self);
  sip_session_fail (SIP_SESSION (self), sip_session_peek (SIP_SESSION (self))->request,
                    error->message,
                    code == 500 ? sip_cause_from_error (error) : SIP_CAUSE_BAD_MEDIA_DESCRIPTION);
}

/* Whoever waited for our description gets it: the 200, or a provisional response. */
static void
on_description (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipInviteServerContext) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SipSessionDescription) description =
      sip_session_description_handler_get_description_finish (
          SIP_SESSION_DESCRIPTION_HANDLER (source), result, &error);
  SipSessionPrivate *priv = sip_session_peek (SIP_SESSION (self));

  self->is_making = FALSE;
  if (description == NULL) {
    refuse_media (self, error);
    return;
  }
  if (sip_invite_server_is_over (self))
    return;
  self->local = g_steal_pointer (&description);
  if (priv->status == SIP_SESSION_STATUS_ANSWERED_WAITING_FOR_PRACK)
    sip_session_set_status (SIP_SESSION (self), SIP_SESSION_STATUS_ANSWERED);
  if (priv->status == SIP_SESSION_STATUS_ANSWERED)
    sip_invite_server_send_ok (self);
  else
    sip_invite_server_send_described (self);
}

static void
make_description (SipInviteServerContext *self)
{
  SipSessionPrivate *priv = sip_session_peek (SIP_SESSION (self));

  sip_session_description_handler_get_description_async (priv->handler, priv->options,
                                                         priv->modifiers, priv->cancellable,
                                                         on_description, g_object_ref (self));
}

static void
on_offer_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipInviteServerContext) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!sip_session_description_handler_set_description_finish (
          SIP_SESSION_DESCRIPTION_HANDLER (source), result, &error)) {
    self->is_making = FALSE;
    refuse_media (self, error);
  } else if (!sip_invite_server_is_over (self)) {
    make_description (self);
  }
}

gboolean
sip_invite_server_has_offer (SipMessage *invite)
{
  g_autoptr (SipSessionDescription) offer = sip_session_description_read (invite);

  return offer != NULL;
}

/* Makes our description, once. */
void
sip_invite_server_negotiate (SipInviteServerContext *self)
{
  SipSession *session = SIP_SESSION (self);
  SipSessionPrivate *priv = sip_session_peek (session);
  g_autoptr (GError) error = NULL;
  g_autoptr (SipSessionDescription) offer = sip_session_description_read (priv->request);

  if (self->is_making)
    return;
  if (!sip_session_ensure_handler (session)) {
    g_set_error_literal (&error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER,
                         "No media can be made");
    refuse_media (self, error);
    return;
  }
  if (sip_invite_server_is_over (self))
    return;
  if (priv->status == SIP_SESSION_STATUS_WAITING_FOR_ANSWER ||
      priv->status == SIP_SESSION_STATUS_WAITING_FOR_PRACK)
    sip_session_limit_media (session, SIP_DIRECTION_INACTIVE);
  if (offer == NULL) {
    self->is_making = TRUE;
    make_description (self);
    return;
  }
  if (!sip_session_description_handler_has_description (
          priv->handler, sip_session_description_get_content_type (offer))) {
    g_set_error_literal (&error, SIP_ERROR, SIP_ERROR_UNSUPPORTED_CONTENT_TYPE,
                         "Unsupported session description content type.");
    refuse_media (self, error);
    return;
  }
  self->is_making = TRUE;
  sip_session_description_handler_set_description_async (priv->handler, offer, priv->options,
                                                         priv->modifiers, priv->cancellable,
                                                         on_offer_set, g_object_ref (self));
}

static void
on_answer_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipInviteServerContext) self = user_data;
  SipSession *session = SIP_SESSION (self);
  g_autoptr (GError) error = NULL;
  gboolean taken = sip_session_description_handler_set_description_finish (
      SIP_SESSION_DESCRIPTION_HANDLER (source), result, &error);

  if (sip_invite_server_is_over (self))
    return;
  if (taken) {
    sip_session_next_round (session);
    return;
  }
  g_debug ("The answer in the ACK cannot be used: %s", error->message);
  sip_session_hang_up (session, NULL, NULL, "Bad Media Description",
                       SIP_CAUSE_BAD_MEDIA_DESCRIPTION);
}

/* The first ACK, with the answer where our 200 had the offer. */
void
sip_invite_server_receive_ack (SipSession *session, SipMessage *ack)
{
  SipInviteServerContext *self = SIP_INVITE_SERVER_CONTEXT (session);
  SipSessionPrivate *priv = sip_session_peek (session);
  gboolean needs_answer = !sip_invite_server_has_offer (priv->request) && !self->is_agreed;
  g_autoptr (SipSessionDescription) answer = sip_session_description_read_answer (ack);

  sip_session_set_status (session, SIP_SESSION_STATUS_CONFIRMED);
  if (needs_answer && answer != NULL)
    sip_session_description_handler_set_description_async (priv->handler, answer, priv->options,
                                                           priv->modifiers, priv->cancellable,
                                                           on_answer_set, g_object_ref (self));
  sip_session_emit (session, SIP_SIGNAL_CONFIRMED, ack);
  if (needs_answer && answer == NULL && !sip_session_is_over (session))
    sip_session_hang_up (session, NULL, NULL, "Bad Media Description",
                         SIP_CAUSE_BAD_MEDIA_DESCRIPTION);
  else if (!needs_answer && !sip_session_is_over (session))
    sip_session_next_round (session);
}
