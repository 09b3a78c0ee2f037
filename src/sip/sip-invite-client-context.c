/* sip-invite-client-context.c - a call that this side places
 *
 * Down: SipUA -> start(): media, offer -> SipRequest INVITE; cancel().
 * Up:   SipRequest -> on_response() -> progress, accepted, rejected, failed, terminated.
 */

#include "sip-invite-client-context.h"

#include "sip-client-context.h"
#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-session-private.h"
#include "sip-ua-private.h"

#include <string.h>

enum {
  TIMER_C = 180 * 1000,     /* RFC 3261 16.6: silence after a provisional response */
  CANCEL_TIME = 64 * SIP_T1 /* RFC 3261 9.1: then the INVITE is considered cancelled */
};

struct _SipInviteClientContext {
  SipSession parent_instance;

  SipMessage *invite; /* as it will go out; NULL once it has */
  char *next_hop;
  SipRequest *sent;     /* NULL before the INVITE goes out */
  SipMessage *accepted; /* the 2xx that the call is made of */
  SipMessage *early;    /* the last provisional response with a description */
  GHashTable *acks;     /* tag of the answering side to its ACK, a SipRequest */
  SipOptions *hang_up;  /* set when the call shall end as soon as it is on */
  guint start_id;       /* the turn of the loop in which it starts */
  guint timer_id;       /* Timer C, or the time that a CANCEL is given */
};

static void sip_invite_client_context_client_init (SipClientContextInterface *iface);

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

static gboolean
is_over (SipInviteClientContext *self)
{
  return sip_session_get_status (SIP_SESSION (self)) == SIP_SESSION_STATUS_TERMINATED;
}

static gboolean
is_canceled (SipInviteClientContext *self)
{
  return sip_session_get_status (SIP_SESSION (self)) == SIP_SESSION_STATUS_CANCELED;
}

static void
end_canceled (SipInviteClientContext *self)
{
  sip_session_fail (SIP_SESSION (self), NULL, "Canceled", SIP_CAUSE_CANCELED);
}

/* The ACK of @response, and again whenever @response comes again (RFC 3261 13.2.2.4). */
static SipMessage *
send_ack (SipInviteClientContext *self,
          SipDialog *dialog,
          SipMessage *response,
          SipSessionDescription *answer)
{
  SipSessionPrivate *priv = sip_session_peek (SIP_SESSION (self));
  g_autoptr (SipMessage) ack = sip_dialog_create_ack (dialog, sip_request_get_message (self->sent));
  g_autofree char *next_hop = sip_dialog_dup_next_hop (dialog);
  SipRequest *request;

  sip_ua_add_own_headers (priv->ua, ack);
  if (answer != NULL)
    sip_message_set_body (ack, sip_session_description_get_content_type (answer),
                          sip_session_description_get_body (answer));
  request = sip_ua_prepare (priv->ua, next_hop, ack);
  g_hash_table_replace (self->acks, g_strdup (sip_message_get_to_tag (response)), request);
  sip_request_send (request);
  return sip_request_get_message (request);
}

/* Another phone answered too: it is thanked and hung up (RFC 3261 13.2.2.4). */
static void
refuse_fork (SipInviteClientContext *self, SipMessage *response)
{
  SipSession *session = SIP_SESSION (self);
  SipSessionPrivate *priv = sip_session_peek (session);
  g_autoptr (SipDialog) dialog =
      sip_dialog_new_client (sip_request_get_message (self->sent), response);
  g_autofree char *next_hop = sip_dialog_dup_next_hop (dialog);
  g_autoptr (SipMessage) bye = NULL;
  g_autoptr (SipRequest) request = NULL;
  SipMessage *ack = send_ack (self, dialog, response, NULL);

  if (!is_over (self))
    sip_session_emit (session, SIP_SIGNAL_ACK, ack);
  bye = sip_dialog_create_request (dialog, "BYE");
  sip_ua_add_own_headers (priv->ua, bye);
  request = sip_ua_prepare (priv->ua, next_hop, bye);
  sip_ua_keep_request (priv->ua, request);
  sip_request_send (request);
  if (!is_over (self))
    sip_session_emit (session, SIP_SIGNAL_BYE, bye);
}

/* ACK, and then BYE with the reason: what was answered cannot be used. */
static void
refuse_answer (SipInviteClientContext *self, guint code, const char *phrase)
{
  SipSession *session = SIP_SESSION (self);
  SipSessionPrivate *priv = sip_session_peek (session);
  g_autoptr (SipMessage) response = g_object_ref (self->accepted);
  g_autoptr (SipMessage) bye = NULL;
  g_autoptr (SipRequest) sent = NULL;
  g_autoptr (SipOptions) options =
      g_object_new (SIP_TYPE_OPTIONS, "status-code", code, "reason-phrase", phrase, NULL);
  g_autofree char *reason = sip_reason_header (options);

  sip_session_emit (session, SIP_SIGNAL_ACK, send_ack (self, priv->dialog, response, NULL));
  bye = sip_dialog_create_request (priv->dialog, "BYE");
  sip_message_add_header (bye, "Reason", reason);
  sent = sip_session_send (session, bye);
  sip_session_emit (session, SIP_SIGNAL_BYE, bye);
  sip_session_fail (session, response, "Bad Media Description", SIP_CAUSE_BAD_MEDIA_DESCRIPTION);
}

static void
confirm (SipInviteClientContext *self, SipSessionDescription *answer)
{
  SipSession *session = SIP_SESSION (self);
  SipSessionPrivate *priv = sip_session_peek (session);
  SipMessage *ack;

  sip_session_set_status (session, SIP_SESSION_STATUS_CONFIRMED);
  ack = send_ack (self, priv->dialog, self->accepted, answer);
  sip_session_emit (session, SIP_SIGNAL_ACK, ack);
  if (is_over (self))
    return;
  sip_session_accept_done (session, self->accepted, sip_message_get_reason_phrase (self->accepted));
}

static void
on_answer_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipInviteClientContext) self = user_data;
  g_autoptr (GError) error = NULL;

  gboolean taken = sip_session_description_handler_set_description_finish (
      SIP_SESSION_DESCRIPTION_HANDLER (source), result, &error);

  if (is_over (self) || is_canceled (self))
    return;
  if (taken) {
    confirm (self, NULL);
    return;
  }
  g_debug ("The answer cannot be used: %s", error->message);
  refuse_answer (self, 488, "Not Acceptable Here");
}

static void
on_late_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipInviteClientContext) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SipSessionDescription) answer =
      sip_session_description_handler_get_description_finish (
          SIP_SESSION_DESCRIPTION_HANDLER (source), result, &error);

  if (is_over (self) || is_canceled (self))
    return;
  if (answer != NULL)
    confirm (self, answer);
  else
    refuse_answer (self, 488, "Not Acceptable Here");
}

static void
on_late_offer_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipInviteClientContext) self = user_data;
  SipSessionPrivate *priv = sip_session_peek (SIP_SESSION (self));
  g_autoptr (GError) error = NULL;
  gboolean taken = sip_session_description_handler_set_description_finish (
      SIP_SESSION_DESCRIPTION_HANDLER (source), result, &error);

  if (is_over (self) || is_canceled (self))
    return;
  if (!taken) {
    refuse_answer (self, 488, "Not Acceptable Here");
    return;
  }
  sip_session_description_handler_get_description_async (priv->handler, priv->options,
                                                         priv->modifiers, priv->cancellable,
                                                         on_late_answer, g_object_ref (self));
}

/* The call was cancelled, but the other side was faster: it is taken and hung up at once. */
static void
take_crossed (SipInviteClientContext *self, SipMessage *response)
{
  SipSession *session = SIP_SESSION (self);
  SipSessionPrivate *priv = sip_session_peek (session);

  sip_timers_clear (get_timers (self), &self->timer_id);
  sip_session_emit (session, SIP_SIGNAL_ACK, send_ack (self, priv->dialog, response, NULL));
  if (is_over (self))
    return;
  sip_session_accept_done (session, response, sip_message_get_reason_phrase (response));
  if (!is_over (self))
    sip_session_hang_up (session, self->hang_up, response, "Canceled", SIP_CAUSE_CANCELED);
}

static void
on_accepted (SipInviteClientContext *self, SipMessage *response)
{
  SipSession *session = SIP_SESSION (self);
  SipSessionPrivate *priv = sip_session_peek (session);
  const char *tag = sip_message_get_to_tag (response);
  SipRequest *ack = g_hash_table_lookup (self->acks, tag != NULL ? tag : "");
  SipMessage *described = response;
  g_autoptr (SipSessionDescription) description = NULL;
  const char *type;

  if (ack != NULL) {
    sip_request_send (ack);
    return;
  }
  if (self->accepted != NULL && g_strcmp0 (tag, sip_message_get_to_tag (self->accepted)) == 0 &&
      !is_over (self))
    return; /* it came again while its answer is looked at */
  if (self->accepted != NULL || is_over (self)) {
    refuse_fork (self, response);
    return;
  }

  self->accepted = g_object_ref (response);
  priv->dialog = sip_dialog_new_client (sip_request_get_message (self->sent), response);
  sip_session_set_asserted_identity (session, response);
  if (is_canceled (self)) {
    take_crossed (self, response);
    return;
  }
  sip_timers_clear (get_timers (self), &self->timer_id);
  if (sip_message_get_body_bytes (response) == NULL && self->early != NULL)
    described = self->early;
  type = sip_message_get_content_type (described);
  if (sip_message_get_body_bytes (described) == NULL) {
    refuse_answer (self, 400, "Missing session description");
    return;
  }
  if (!sip_session_ensure_handler (session)) {
    refuse_answer (self, 500, "Media not available");
    return;
  }
  if (is_over (self))
    return;
  if (type == NULL || !sip_session_description_handler_has_description (priv->handler, type)) {
    refuse_answer (self, 488, "Invalid session description");
    return;
  }
  description = sip_session_description_new (type, sip_message_get_body_bytes (described));
  sip_session_description_handler_set_description_async (
      priv->handler, description, priv->options, priv->modifiers, priv->cancellable,
      sip_message_get_body_bytes (priv->request) != NULL ? on_answer_set : on_late_offer_set,
      g_object_ref (self));
}

static void
on_timer_c (gpointer user_data)
{
  g_autoptr (SipInviteClientContext) self = g_object_ref (user_data);

  self->timer_id = 0;
  sip_invite_client_context_cancel (self, NULL, NULL);
}

static void
on_provisional (SipInviteClientContext *self, SipMessage *response)
{
  SipSession *session = SIP_SESSION (self);
  guint code = sip_message_get_status_code (response);

  if (code > 100 && is_canceled (self))
    return;
  if (!is_canceled (self)) {
    sip_timers_clear (get_timers (self), &self->timer_id);
    self->timer_id = sip_timers_add (get_timers (self), TIMER_C, on_timer_c, self);
  }
  if (code > 100) {
    if (sip_message_get_to_tag (response) == NULL)
      return;
    if (sip_message_get_body_bytes (response) != NULL)
      g_set_object (&self->early, response);
    sip_session_set_asserted_identity (session, response);
    sip_session_set_status (session, SIP_SESSION_STATUS_1XX_RECEIVED);
  }
  sip_session_emit (session, SIP_SIGNAL_PROGRESS, response,
                    sip_message_get_reason_phrase (response));
}

/* A 503 that nobody sent means that there was no way to send. */
static gboolean
is_made_up (SipMessage *response)
{
  return sip_message_get_to_tag (response) == NULL &&
         sip_message_peek_header (response, "Server") == NULL;
}

static void
on_response (SipRequest *request, SipMessage *response, gpointer user_data)
{
  g_autoptr (SipInviteClientContext) self = g_object_ref (user_data);
  guint code = sip_message_get_status_code (response);
  SipCause cause;

  if (code >= 200 && code < 300) {
    on_accepted (self, response);
    return;
  }
  if (is_over (self) || self->accepted != NULL)
    return;
  if (code < 200) {
    on_provisional (self, response);
    return;
  }
  sip_timers_clear (get_timers (self), &self->timer_id);
  cause = code == 503 && is_made_up (response) ? SIP_CAUSE_CONNECTION_ERROR
                                               : sip_cause_from_status (code);
  if (is_canceled (self) && code == 487)
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

  if (is_over (self))
    return;
  if (offer == NULL) {
    g_debug ("No offer: %s", error->message);
    sip_session_fail (SIP_SESSION (self), NULL, "WebRTC Error", SIP_CAUSE_WEBRTC_ERROR);
    return;
  }
  sip_message_set_body (self->invite, sip_session_description_get_content_type (offer),
                        sip_session_description_get_body (offer));
  send_invite (self);
}

/* The turn of the loop after ua.invite(). */
static gboolean
on_start (gpointer user_data)
{
  g_autoptr (SipInviteClientContext) self = g_object_ref (user_data);
  SipSession *session = SIP_SESSION (self);
  SipSessionPrivate *priv = sip_session_peek (session);

  self->start_id = 0;
  if (sip_options_read_flag (priv->options, "invite-without-sdp", FALSE)) {
    const char *body = sip_options_read_text (priv->options, "body");
    const char *type = sip_options_read_text (priv->options, "content-type");

    if (body != NULL) {
      g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

      sip_message_set_body (self->invite, type != NULL ? type : "text/plain", bytes);
    }
    send_invite (self);
    return G_SOURCE_REMOVE;
  }
  if (!sip_session_ensure_handler (session)) {
    sip_session_fail (session, NULL, "WebRTC Error", SIP_CAUSE_WEBRTC_ERROR);
    return G_SOURCE_REMOVE;
  }
  if (is_over (self))
    return G_SOURCE_REMOVE;
  sip_session_description_handler_get_description_async (priv->handler, priv->options,
                                                         priv->modifiers, priv->cancellable,
                                                         on_offer, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
on_cancel_time (gpointer user_data)
{
  g_autoptr (SipInviteClientContext) self = g_object_ref (user_data);

  self->timer_id = 0;
  end_canceled (self);
}

static gboolean
terminate (SipSession *session, SipOptions *options, GError **error)
{
  SipSessionStatus status = sip_session_get_status (session);

  if (status == SIP_SESSION_STATUS_CONFIRMED)
    return sip_session_bye (session, options, error);
  if (status == SIP_SESSION_STATUS_CANCELED)
    return TRUE;
  return sip_invite_client_context_cancel (SIP_INVITE_CLIENT_CONTEXT (session), options, error);
}

static void
receive_bye (SipSession *session, SipMessage *bye)
{
  sip_session_emit (session, SIP_SIGNAL_BYE, bye);
  sip_session_end (session, bye, "BYE", sip_cause_from_reason (bye, SIP_CAUSE_BYE));
}

static void
sip_invite_client_context_dispose (GObject *object)
{
  SipInviteClientContext *self = SIP_INVITE_CLIENT_CONTEXT (object);

  if (get_timers (self) != NULL)
    sip_timers_clear (get_timers (self), &self->timer_id);
  g_clear_handle_id (&self->start_id, g_source_remove);
  g_clear_object (&self->invite);
  g_clear_object (&self->sent);
  g_clear_object (&self->accepted);
  g_clear_object (&self->early);
  g_clear_object (&self->hang_up);
  g_clear_pointer (&self->acks, g_hash_table_unref);
  g_clear_pointer (&self->next_hop, g_free);
  G_OBJECT_CLASS (sip_invite_client_context_parent_class)->dispose (object);
}

static void
sip_invite_client_context_class_init (SipInviteClientContextClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sip_invite_client_context_dispose;
  SIP_SESSION_CLASS (klass)->terminate = terminate;
  SIP_SESSION_CLASS (klass)->receive_bye = receive_bye;
}

static void
sip_invite_client_context_client_init (SipClientContextInterface *iface)
{
}

static void
sip_invite_client_context_init (SipInviteClientContext *self)
{
  self->acks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
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
                                     SIP_STATUS_BIT (1XX_RECEIVED),
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
