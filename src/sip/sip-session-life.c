/* sip-session-life.c - the steps that every session goes through, and its one end
 *
 * Down: the roles ask for media, accept, refuse, end.
 * Up:   the media's signals become the session's.
 */

#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-session-private.h"
#include "sip-ua-private.h"

void
sip_session_set_up (SipSession *self, SipUA *ua, SipMessage *request, const char *id)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  priv->ua = g_object_ref (ua);
  priv->timers = g_object_ref (sip_endpoint_get_timers (sip_ua_get_endpoint (ua)));
  priv->request = g_object_ref (request);
  priv->id = g_strdup (id);
  priv->media_profile = ua->media_profile;
}

void
sip_session_set_request (SipSession *self, SipMessage *request)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  char *contact = sip_message_dup_contact_uri (request);

  if (contact != NULL) {
    g_free (priv->contact);
    priv->contact = contact;
  }
  g_set_object (&priv->request, request);
}

/* P-Asserted-Identity of a response or a request; the last one counts. */
void
sip_session_set_asserted_identity (SipSession *self, SipMessage *message)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  const char *value = sip_message_peek_header (message, "P-Asserted-Identity");
  g_autoptr (SipNameAddr) identity = value != NULL ? sip_name_addr_parse (value) : NULL;

  if (identity != NULL && g_set_object (&priv->asserted_identity, identity))
    g_object_notify (G_OBJECT (self), "asserted-identity");
}

/* @allowed: SIP_STATUS_BIT() of each status in which the verb may be used. */
gboolean
sip_session_check_status (SipSession *self, guint allowed, GError **error)
{
  SipSessionStatus status = sip_session_peek (self)->status;

  if ((allowed & (1u << status)) != 0)
    return TRUE;
  g_set_error (error, SIP_ERROR, SIP_ERROR_INVALID_STATE, "Invalid status: %d", status);
  return FALSE;
}

gboolean
sip_session_is_over (SipSession *self)
{
  return sip_session_peek (self)->status == SIP_SESSION_STATUS_TERMINATED;
}

/* A side that only sends, or does nothing, holds the other (RFC 3264 8.4). */
static void
on_direction_changed (SipSessionDescriptionHandler *handler, gpointer user_data)
{
  g_autoptr (SipSession) self = g_object_ref (user_data);
  SipDirection remote = sip_session_description_handler_get_remote_direction (handler);

  if (sip_session_is_over (self))
    return;
  sip_session_set_remote_hold (self, remote == SIP_DIRECTION_SENDONLY ||
                                         remote == SIP_DIRECTION_INACTIVE);
  sip_session_emit (self, SIP_SIGNAL_DIRECTION_CHANGED);
}

static void
on_track_added (SipSessionDescriptionHandler *handler, gpointer user_data)
{
  if (!sip_session_is_over (user_data))
    sip_session_emit (user_data, SIP_SIGNAL_TRACK_ADDED);
}

static void
on_stats_changed (SipSessionDescriptionHandler *handler, SipMediaStats *stats, gpointer user_data)
{
  g_autoptr (SipSession) self = g_object_ref (user_data);

  if (!sip_session_is_over (self))
    sip_session_watch_way (self, stats);
}

static void
on_way_lost (SipSessionDescriptionHandler *handler, SipMediaStats *stats, gpointer user_data)
{
  g_autoptr (SipSession) self = g_object_ref (user_data);

  sip_session_find_way (self, stats);
}

static void
on_dtmf (SipSessionDescriptionHandler *handler, SipDtmf *dtmf, gpointer user_data)
{
  if (!sip_session_is_over (user_data))
    sip_session_emit (user_data, SIP_SIGNAL_DTMF, NULL, dtmf);
}

/* A peer that is not the one whose fingerprint was signalled gets nothing more from us. */
static void
on_media_failed (SipSessionDescriptionHandler *handler, GError *error, gpointer user_data)
{
  g_autoptr (SipSession) self = g_object_ref (user_data);
  SipSessionPrivate *priv = sip_session_peek (self);
  g_autoptr (SipOptions) options = NULL;

  if (priv->status == SIP_SESSION_STATUS_TERMINATED)
    return;
  sip_session_emit (self, SIP_SIGNAL_MEDIA_FAILED, error);
  if (!g_error_matches (error, SIP_ERROR, SIP_ERROR_NOT_SECURE) ||
      priv->status == SIP_SESSION_STATUS_TERMINATED)
    return;
  priv->cause = SIP_CAUSE_NOT_SECURE;
  options = g_object_new (SIP_TYPE_OPTIONS, "status-code", 488, "reason-phrase",
                          "Certificate does not match", NULL);
  sip_session_terminate (self, options, NULL);
}

/* Makes the media if there is none yet; FALSE where none can be made. */
gboolean
sip_session_ensure_handler (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  if (priv->handler != NULL)
    return TRUE;
  priv->handler = sip_ua_create_handler (priv->ua, self);
  if (priv->handler == NULL)
    return FALSE;
  g_signal_connect_object (priv->handler, "directionChanged", G_CALLBACK (on_direction_changed),
                           self, 0);
  g_signal_connect_object (priv->handler, "trackAdded", G_CALLBACK (on_track_added), self, 0);
  g_signal_connect_object (priv->handler, "dtmf", G_CALLBACK (on_dtmf), self, 0);
  g_signal_connect_object (priv->handler, "statsChanged", G_CALLBACK (on_stats_changed), self, 0);
  g_signal_connect_object (priv->handler, "wayLost", G_CALLBACK (on_way_lost), self, 0);
  g_signal_connect_object (priv->handler, "failed", G_CALLBACK (on_media_failed), self, 0);
  g_object_notify (G_OBJECT (self), "session-description-handler");
  sip_session_emit (self, SIP_SIGNAL_SDH_CREATED, priv->handler);
  return TRUE;
}

/* The handler is of no more use, but the session goes on. */
void
sip_session_drop_handler (SipSession *self)
{
  g_autoptr (SipSessionDescriptionHandler) handler =
      g_steal_pointer (&sip_session_peek (self)->handler);

  if (handler == NULL)
    return;
  g_signal_handlers_disconnect_by_data (handler, self);
  sip_session_description_handler_close (handler);
}

/* Before the call is answered not all flows that could. */
void
sip_session_limit_media (SipSession *self, SipDirection direction)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  if (priv->handler != NULL)
    sip_session_description_handler_limit_direction (priv->handler, direction);
}

/* The call is on: both roles, after the 200 is sent or the ACK. */
void
sip_session_accept_done (SipSession *self, SipMessage *response, const char *cause)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  priv->start_time = g_date_time_new_now_utc ();
  g_object_notify (G_OBJECT (self), "start-time");
  sip_session_emit (self, SIP_SIGNAL_ACCEPTED, response, cause);
}

/* Nothing is recorded, played or sent any more; what the handler still does, is given up. */
void
sip_session_close_handler (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  if (g_cancellable_is_cancelled (priv->cancellable))
    return;
  g_cancellable_cancel (priv->cancellable);
  if (priv->handler != NULL)
    sip_session_description_handler_close (priv->handler);
}

/* rejected, failed, terminated */
void
sip_session_refuse (SipSession *self, SipMessage *message, const char *words, SipCause cause)
{
  g_autoptr (SipSession) guard = g_object_ref (self);

  sip_session_emit (self, SIP_SIGNAL_REJECTED, message, words);
  sip_session_fail (self, message, words, cause);
}

/* failed, terminated */
void
sip_session_fail (SipSession *self, SipMessage *message, const char *words, SipCause cause)
{
  g_autoptr (SipSession) guard = g_object_ref (self);

  if (sip_session_peek (self)->status == SIP_SESSION_STATUS_TERMINATED)
    return;
  sip_session_emit (self, SIP_SIGNAL_FAILED, message, words);
  sip_session_end (self, message, words, cause);
}

/* There is no way to the other side any more. */
void
sip_session_give_up (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  if (priv->status == SIP_SESSION_STATUS_CONFIRMED ||
      priv->status == SIP_SESSION_STATUS_WAITING_FOR_ACK)
    sip_session_end (self, NULL, "Connection Error", SIP_CAUSE_CONNECTION_ERROR);
  else
    sip_session_fail (self, NULL, "Connection Error", SIP_CAUSE_CONNECTION_ERROR);
}

/* The last step of every session. */
void
sip_session_end (SipSession *self, SipMessage *message, const char *words, SipCause cause)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  g_autoptr (SipSession) guard = g_object_ref (self);

  if (priv->status == SIP_SESSION_STATUS_TERMINATED)
    return;
  priv->end_time = g_date_time_new_now_utc ();
  if (priv->cause == SIP_CAUSE_NONE)
    priv->cause = cause;
  sip_session_drop_tones (self);
  sip_session_drop_refers (self);
  sip_session_stop_timer (self);
  sip_session_drop_round (self);
  sip_session_end_move (self);
  sip_session_close_handler (self);
  g_object_notify (G_OBJECT (self), "end-time");
  g_object_notify (G_OBJECT (self), "cause");
  sip_session_set_hold (self, priv->local_hold, priv->local_hold);
  sip_session_set_status (self, SIP_SESSION_STATUS_TERMINATED);
  g_clear_object (&priv->replacee);
  sip_ua_remove_session (priv->ua, self);
  sip_session_emit (self, SIP_SIGNAL_TERMINATED, message, words);
}

/**
 * sip_session_terminate:
 * @self: a session
 * @options: (nullable): status code and reason phrase of a refusal or of the Reason header, extra
 *   headers
 * @error: where a wrong option goes
 *
 * Ends it in whatever way its status asks for: CANCEL, a final response, BYE, or nothing where it
 * is over already.
 *
 * Returns: %TRUE where the end is on its way; `terminated` tells when it is reached
 */
gboolean
sip_session_terminate (SipSession *self, SipOptions *options, GError **error)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), FALSE);

  if (sip_session_peek (self)->status == SIP_SESSION_STATUS_TERMINATED)
    return TRUE;
  return SIP_SESSION_GET_CLASS (self)->terminate (self, options, error);
}
