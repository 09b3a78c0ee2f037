/* sip-invite-server-answer.c - the media of a call that was taken, and its 200
 *
 * Down: negotiate(): media, answer -> 200, again until the ACK.
 * Up:   the media's answers -> accepted, or failed where there is none.
 */

#include "sip-error.h"
#include "sip-invite-server-private.h"
#include "sip-message-private.h"
#include "sip-ua-private.h"

enum { ACK_TIME = 64 * SIP_T1 }; /* RFC 3261 13.3.1.4 */

static void
on_resend (gpointer user_data)
{
  g_autoptr (SipInviteServerContext) self = g_object_ref (user_data);

  self->resend_after = MIN (self->resend_after * 2, SIP_T2);
  self->resend_id = sip_timers_add (sip_session_peek (SIP_SESSION (self))->timers,
                                    self->resend_after, on_resend, self);
  sip_transaction_respond (self->transaction, self->accepted);
}

static void
on_ack_time (gpointer user_data)
{
  g_autoptr (SipInviteServerContext) self = g_object_ref (user_data);

  sip_invite_server_clear_timers (self);
  sip_session_hang_up (SIP_SESSION (self), self->hang_up, NULL, "No ACK", SIP_CAUSE_NO_ACK);
}

static void
send_ok (SipInviteServerContext *self, SipSessionDescription *description)
{
  SipSession *session = SIP_SESSION (self);
  SipSessionPrivate *priv = sip_session_peek (SIP_SESSION (self));

  self->accepted = sip_invite_server_create_response (self, 200, NULL, priv->options);
  sip_message_set_body (self->accepted, sip_session_description_get_content_type (description),
                        sip_session_description_get_body (description));
  sip_invite_server_clear_timers (self);
  sip_session_set_status (session, SIP_SESSION_STATUS_WAITING_FOR_ACK);
  self->resend_after = SIP_T1;
  self->resend_id = sip_timers_add (priv->timers, self->resend_after, on_resend, self);
  self->ack_id = sip_timers_add (priv->timers, ACK_TIME, on_ack_time, self);
  sip_transaction_respond (self->transaction, self->accepted);
  sip_session_accept_done (session, self->accepted, "OK");
}

/* What the media refused, in the words of RFC 3261 21.4 and 21.5. */
static void
refuse_media (SipInviteServerContext *self, const GError *error)
{
  SipSession *session = SIP_SESSION (self);
  g_autoptr (SipMessage) response = NULL;
  guint code = 500;

  if (sip_session_get_status (SIP_SESSION (self)) == SIP_SESSION_STATUS_TERMINATED)
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
  sip_session_fail (session, sip_session_peek (SIP_SESSION (self))->request, error->message,
                    code == 500 ? SIP_CAUSE_WEBRTC_ERROR : SIP_CAUSE_BAD_MEDIA_DESCRIPTION);
}

static void
on_description (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipInviteServerContext) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SipSessionDescription) description =
      sip_session_description_handler_get_description_finish (
          SIP_SESSION_DESCRIPTION_HANDLER (source), result, &error);

  if (description == NULL)
    refuse_media (self, error);
  else if (sip_session_get_status (SIP_SESSION (self)) != SIP_SESSION_STATUS_TERMINATED)
    send_ok (self, description);
}

static void
on_offer_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipInviteServerContext) self = user_data;
  SipSessionPrivate *priv = sip_session_peek (SIP_SESSION (self));
  g_autoptr (GError) error = NULL;

  if (!sip_session_description_handler_set_description_finish (
          SIP_SESSION_DESCRIPTION_HANDLER (source), result, &error)) {
    refuse_media (self, error);
    return;
  }
  if (sip_session_get_status (SIP_SESSION (self)) == SIP_SESSION_STATUS_TERMINATED)
    return;
  sip_session_description_handler_get_description_async (priv->handler, priv->options,
                                                         priv->modifiers, priv->cancellable,
                                                         on_description, g_object_ref (self));
}

/* Whether the INVITE's body is an offer: one of another disposition is not (RFC 3261 13.2.1). */
gboolean
sip_invite_server_has_offer (SipMessage *invite)
{
  const char *disposition = sip_message_peek_header (invite, "Content-Disposition");
  const char *type = sip_message_get_content_type (invite);

  if (sip_message_get_body_bytes (invite) == NULL)
    return FALSE;
  if (disposition != NULL)
    return g_ascii_strncasecmp (disposition, "session", 7) == 0;
  return type != NULL && g_ascii_strncasecmp (type, "application/sdp", 15) == 0;
}

void
sip_invite_server_negotiate (SipInviteServerContext *self)
{
  SipSession *session = SIP_SESSION (self);
  SipSessionPrivate *priv = sip_session_peek (SIP_SESSION (self));
  const char *type = sip_message_get_content_type (priv->request);
  g_autoptr (GError) error = NULL;
  g_autoptr (SipSessionDescription) offer = NULL;

  if (!sip_session_ensure_handler (session)) {
    g_set_error_literal (&error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER,
                         "No media can be made");
    refuse_media (self, error);
    return;
  }
  if (sip_session_get_status (SIP_SESSION (self)) == SIP_SESSION_STATUS_TERMINATED)
    return;
  if (!sip_invite_server_has_offer (priv->request)) {
    sip_session_description_handler_get_description_async (priv->handler, priv->options,
                                                           priv->modifiers, priv->cancellable,
                                                           on_description, g_object_ref (self));
    return;
  }
  if (type == NULL || !sip_session_description_handler_has_description (priv->handler, type)) {
    g_set_error_literal (&error, SIP_ERROR, SIP_ERROR_UNSUPPORTED_CONTENT_TYPE,
                         "Unsupported session description content type.");
    refuse_media (self, error);
    return;
  }
  offer = sip_session_description_new (type, sip_message_get_body_bytes (priv->request));
  sip_session_description_handler_set_description_async (priv->handler, offer, priv->options,
                                                         priv->modifiers, priv->cancellable,
                                                         on_offer_set, g_object_ref (self));
}
