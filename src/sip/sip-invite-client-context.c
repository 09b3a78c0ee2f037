/* sip-invite-client-context.c - a call that this side places
 *
 * Down: SipUA -> start(): media, offer -> SipRequest INVITE; cancel().
 * Up:   SipRequest -> on_response() -> progress, accepted, rejected, failed, terminated.
 */

#include "sip-invite-client-private.h"

#include "sip-client-context.h"
#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-options-private.h"
#include "sip-session-description-private.h"
#include "sip-ua-private.h"

enum { CANCEL_TIME = 64 * SIP_T1 }; /* RFC 3261 9.1: then the INVITE is considered cancelled */

static void sip_invite_client_context_client_init (SipClientContextInterface *iface);

/**
 * SipInviteClientContext:
 *
 * A call that this side places, with [method@Sip.UA.invite].
 */
G_DEFINE_FINAL_TYPE_WITH_CODE (SipInviteClientContext,
                               sip_invite_client_context,
                               SIP_TYPE_SESSION,
                               G_IMPLEMENT_INTERFACE (SIP_TYPE_CLIENT_CONTEXT,
                                                      sip_invite_client_context_client_init))

static SipTimers *
get_timers (SipInviteClientContext *self)
{
  return sip_session_peek (SIP_SESSION (self))->timers;
}

gboolean
sip_invite_client_is_over (SipInviteClientContext *self)
{
  return sip_session_get_status (SIP_SESSION (self)) == SIP_SESSION_STATUS_TERMINATED;
}

gboolean
sip_invite_client_is_canceled (SipInviteClientContext *self)
{
  return sip_session_get_status (SIP_SESSION (self)) == SIP_SESSION_STATUS_CANCELED;
}

/* Whether our INVITE made the offer. */
gboolean
sip_invite_client_has_offer (SipInviteClientContext *self)
{
  return !sip_options_read_flag (sip_session_peek (SIP_SESSION (self))->options,
                                 "invite-without-sdp", FALSE);
}

static void
end_canceled (SipInviteClientContext *self)
{
  sip_session_fail (SIP_SESSION (self), NULL, "Canceled", SIP_CAUSE_CANCELED);
}

/* A 503 that nobody sent means that there was no way to send. */
static gboolean
is_made_up (SipMessage *response)
{
  return sip_message_get_to_tag (response) == NULL &&
         sip_message_peek_header (response, "Server") == NULL;
}

static void start (SipInviteClientContext *self);
static void send_invite (SipInviteClientContext *self);

static void
on_response (SipRequest *request, SipMessage *response, gpointer user_data)
{
  g_autoptr (SipInviteClientContext) self = g_object_ref (user_data);
  guint code = sip_message_get_status_code (response);
  SipCause cause;

  if (code >= 200 && code < 300) {
    sip_invite_client_receive_accepted (self, response);
    return;
  }
  if (sip_invite_client_is_over (self) || self->accepted != NULL)
    return;
  if (code < 200) {
    sip_invite_client_receive_provisional (self, response);
    return;
  }
  sip_timers_clear (get_timers (self), &self->timer_id);
  if (sip_invite_client_retry (self, response)) {
    if (sip_session_peek (SIP_SESSION (self))->handler != NULL)
      send_invite (self);
    else
      start (self);
    return;
  }
  cause = code == 503 && is_made_up (response) ? SIP_CAUSE_CONNECTION_ERROR
                                               : sip_cause_from_status (code);
  if (sip_invite_client_is_canceled (self) && code == 487)
    sip_session_peek (SIP_SESSION (self))->cause = SIP_CAUSE_CANCELED;
  sip_session_refuse (SIP_SESSION (self), response, sip_cause_words (cause), cause);
}

static void
on_sent (SipRequest *request, gpointer user_data)
{
  g_autoptr (SipInviteClientContext) self = g_object_ref (user_data);
  SipSession *session = SIP_SESSION (self);
  SipSessionPrivate *priv = sip_session_peek (session);
  gboolean first = priv->status == SIP_SESSION_STATUS_NULL;

  sip_session_set_request (session, sip_request_get_message (request));
  if (!first)
    return;
  sip_session_set_status (session, SIP_SESSION_STATUS_INVITE_SENT);
  sip_ua_note_invite_sent (priv->ua, self);
}

static void
send_invite (SipInviteClientContext *self)
{
  SipSessionPrivate *priv = sip_session_peek (SIP_SESSION (self));

  if (self->sent != NULL)
    g_signal_handlers_disconnect_by_data (self->sent, self);
  g_clear_object (&self->sent);
  self->sent = sip_ua_prepare (priv->ua, self->next_hop, self->invite);
  g_clear_object (&self->invite);
  g_signal_connect_object (self->sent, "response", G_CALLBACK (on_response), self, 0);
  g_signal_connect_object (self->sent, "sent", G_CALLBACK (on_sent), self, 0);
  sip_request_send (self->sent);
}

static void
on_offer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipInviteClientContext) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SipSessionDescription) offer = sip_session_description_handler_get_description_finish (
      SIP_SESSION_DESCRIPTION_HANDLER (source), result, &error);

  if (sip_invite_client_is_over (self))
    return;
  if (offer == NULL) {
    g_debug ("No offer: %s", error->message);
    sip_session_fail (SIP_SESSION (self), NULL, "WebRTC Error", sip_cause_from_error (error));
    return;
  }
  sip_session_description_write (offer, self->invite);
  send_invite (self);
}

/* With an offer, unless the other side is to make it. */
static void
start (SipInviteClientContext *self)
{
  SipSession *session = SIP_SESSION (self);
  SipSessionPrivate *priv = sip_session_peek (session);

  if (!sip_invite_client_has_offer (self)) {
    sip_options_write_body (priv->options, self->invite);
    send_invite (self);
    return;
  }
  if (!sip_session_ensure_handler (session)) {
    sip_session_fail (session, NULL, "WebRTC Error", SIP_CAUSE_WEBRTC_ERROR);
    return;
  }
  if (!sip_invite_client_is_over (self))
    sip_session_description_handler_get_description_async (priv->handler, priv->options,
                                                           priv->modifiers, priv->cancellable,
                                                           on_offer, g_object_ref (self));
}

/* The turn of the loop after ua.invite(). */
static gboolean
on_start (gpointer user_data)
{
  g_autoptr (SipInviteClientContext) self = g_object_ref (user_data);

  self->start_id = 0;
  start (self);
  return G_SOURCE_REMOVE;
}

/* Whoever answers from now on has nobody to speak to. */
static void
leave_to_ua (SipInviteClientContext *self)
{
  SipSessionPrivate *priv = sip_session_peek (SIP_SESSION (self));

  if (self->sent == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->sent, self);
  sip_ua_expect_late (priv->ua, self->sent, priv->acks);
  g_clear_object (&self->sent);
}

static void
on_cancel_time (gpointer user_data)
{
  g_autoptr (SipInviteClientContext) self = g_object_ref (user_data);

  self->timer_id = 0;
  leave_to_ua (self);
  end_canceled (self);
}

static gboolean
terminate (SipSession *session, SipOptions *options, GError **error)
{
  SipSessionStatus status = sip_session_get_status (session);

  if (status == SIP_SESSION_STATUS_CONFIRMED || status == SIP_SESSION_STATUS_WAITING_FOR_ACK)
    return sip_session_bye (session, options, error);
  if (status == SIP_SESSION_STATUS_CANCELED)
    return TRUE;
  return sip_invite_client_context_cancel (SIP_INVITE_CLIENT_CONTEXT (session), options, error);
}

/* Of the phone that answered, or of one that rings. */
static SipDialog *
find_dialog (SipSession *session, const char *remote_tag)
{
  SipDialog *dialog = sip_session_peek (session)->dialog;

  if (dialog != NULL)
    return g_strcmp0 (sip_dialog_get_remote_tag (dialog), remote_tag) == 0 ? dialog : NULL;
  return sip_invite_client_find_early (SIP_INVITE_CLIENT_CONTEXT (session), remote_tag);
}

/* The answer of that phone came reliably, and our media runs by it (RFC 3262 5). */
static gboolean
is_agreed (SipSession *session, const char *remote_tag)
{
  SipInviteClientContext *self = SIP_INVITE_CLIENT_CONTEXT (session);

  return self->accepted == NULL && self->taking == NULL && self->described != NULL &&
         !sip_invite_client_is_canceled (self) && sip_invite_client_is_reliable (self->described) &&
         g_strcmp0 (sip_message_get_to_tag (self->described), remote_tag) == 0;
}

/* A phone that rings may give up on its own; the call goes on with the others. */
static void
receive_bye (SipSession *session, SipTransaction *transaction, SipMessage *bye)
{
  sip_session_respond (session, transaction, 200, NULL, NULL);
  if (sip_session_peek (session)->dialog == NULL)
    return;
  sip_session_emit (session, SIP_SIGNAL_BYE, bye);
  sip_session_end (session, bye, "BYE", SIP_CAUSE_BYE);
}

static void
sip_invite_client_context_dispose (GObject *object)
{
  SipInviteClientContext *self = SIP_INVITE_CLIENT_CONTEXT (object);

  if (get_timers (self) != NULL)
    sip_timers_clear (get_timers (self), &self->timer_id);
  leave_to_ua (self);
  g_clear_handle_id (&self->start_id, g_source_remove);
  g_clear_object (&self->invite);
  g_clear_object (&self->accepted);
  g_clear_object (&self->described);
  g_clear_object (&self->taking);
  g_clear_object (&self->mentioned);
  g_clear_object (&self->hang_up);
  g_clear_pointer (&self->early, g_hash_table_unref);
  g_clear_pointer (&self->tried, g_hash_table_unref);
  g_queue_clear_full (&self->targets, g_free);
  g_clear_pointer (&self->next_hop, g_free);
  G_OBJECT_CLASS (sip_invite_client_context_parent_class)->dispose (object);
}

static void
sip_invite_client_context_class_init (SipInviteClientContextClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sip_invite_client_context_dispose;
  SIP_SESSION_CLASS (klass)->terminate = terminate;
  SIP_SESSION_CLASS (klass)->find_dialog = find_dialog;
  SIP_SESSION_CLASS (klass)->is_agreed = is_agreed;
  SIP_SESSION_CLASS (klass)->receive_bye = receive_bye;
}

static void
sip_invite_client_context_client_init (SipClientContextInterface *iface)
{
}

static void
sip_invite_client_context_init (SipInviteClientContext *self)
{
  self->early =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)sip_early_free);
  self->tried = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_queue_init (&self->targets);
}

/* @invite: without body, Via and Contact. */
SipInviteClientContext *
sip_invite_client_context_new (SipUA *ua,
                               SipMessage *invite,
                               const char *next_hop,
                               SipOptions *options,
                               SipModifiers *modifiers)
{
  SipInviteClientContext *self = g_object_new (SIP_TYPE_INVITE_CLIENT_CONTEXT, NULL);
  SipSessionPrivate *priv = sip_session_peek (SIP_SESSION (self));
  g_autofree char *id =
      g_strconcat (sip_message_get_call_id (invite), sip_message_get_from_tag (invite), NULL);

  sip_session_set_up (SIP_SESSION (self), ua, invite, id);
  priv->local_identity = sip_name_addr_parse (sip_message_peek_header (invite, "From"));
  priv->remote_identity = sip_name_addr_parse (sip_message_peek_header (invite, "To"));
  priv->options = sip_options_copy (options);
  g_set_object (&priv->modifiers, modifiers);
  if (sip_ua_chooses_media (ua))
    priv->media_profile = ua->last_media_profile;
  self->invite = g_object_ref (invite);
  self->next_hop = g_strdup (next_hop);
  self->start_id = g_idle_add_full (G_PRIORITY_DEFAULT, on_start, self, NULL);
  return self;
}

/**
 * sip_invite_client_context_cancel:
 * @self: a call that is not answered yet
 * @options: (nullable): a status code of 200 to 699 and its words for the Reason header, extra
 *   headers
 * @error: where a wrong status or a wrong option goes
 *
 * Gives the call up (RFC 3261 9.1). The media closes and `cancel` is emitted at once; the CANCEL
 * goes out as soon as a provisional response allows it. The end follows: `rejected`, `failed`,
 * `terminated` when the other side agrees; `accepted`, `bye`, `terminated` when it answered in
 * the same moment; `failed`, `terminated` where nothing was sent yet or no answer comes.
 *
 * Returns: %TRUE where the call is being given up
 */
gboolean
sip_invite_client_context_cancel (SipInviteClientContext *self, SipOptions *options, GError **error)
{
  SipSession *session = SIP_SESSION (self);
  SipSessionPrivate *priv;
  g_autoptr (SipInviteClientContext) guard = NULL;
  g_autoptr (GPtrArray) headers = NULL;
  g_autofree char *reason = NULL;

  g_return_val_if_fail (SIP_IS_INVITE_CLIENT_CONTEXT (self), FALSE);

  guard = g_object_ref (self);
  priv = sip_session_peek (session);
  if (!sip_session_check_status (session,
                                 SIP_STATUS_BIT (NULL) | SIP_STATUS_BIT (INVITE_SENT) |
                                     SIP_STATUS_BIT (1XX_RECEIVED) | SIP_STATUS_BIT (EARLY_MEDIA),
                                 error) ||
      !sip_options_check (options, 200, 699, error))
    return FALSE;

  g_clear_handle_id (&self->start_id, g_source_remove);
  priv->canceled = TRUE;
  sip_session_set_status (session, SIP_SESSION_STATUS_CANCELED);
  if (self->sent == NULL || sip_request_abandon (self->sent)) {
    sip_session_close_handler (session);
    sip_session_emit (session, SIP_SIGNAL_CANCEL);
    end_canceled (self);
    return TRUE;
  }

  self->hang_up = sip_options_copy (options);
  if (self->accepted != NULL) {
    sip_session_close_handler (session);
    sip_session_emit (session, SIP_SIGNAL_CANCEL);
    sip_invite_client_take_crossed (self);
    return TRUE;
  }
  headers = g_ptr_array_new ();
  for (const char *const *line = sip_options_read_extra_headers (options);
       line != NULL && *line != NULL; line++)
    g_ptr_array_add (headers, (char *)*line);
  reason = sip_reason_header (options);
  if (reason != NULL) {
    char *line = g_strconcat ("Reason: ", reason, NULL);

    g_free (reason);
    reason = line;
    g_ptr_array_add (headers, reason);
  }
  g_ptr_array_add (headers, NULL);
  sip_timers_clear (get_timers (self), &self->timer_id);
  self->timer_id = sip_timers_add (get_timers (self), CANCEL_TIME, on_cancel_time, self);
  sip_request_cancel (self->sent, (const char *const *)headers->pdata);
  sip_session_close_handler (session);
  sip_session_emit (session, SIP_SIGNAL_CANCEL);
  return TRUE;
}
