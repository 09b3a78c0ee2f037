/* sip-invite-server-context.c - a call that comes in
 *
 * Up:   SipUA -> ring() -> UA's signal invite; CANCEL, BYE -> cancel, bye.
 * Down: accept(), reject(), reply(); progress() and the answer have files of their own.
 */

#include "sip-invite-server-private.h"

#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-options-private.h"
#include "sip-server-context.h"
#include "sip-session-private.h"
#include "sip-transport-private.h"
#include "sip-ua-private.h"

#include <string.h>

enum { RING_AGAIN = 60 * 1000 }; /* RFC 3261 13.3.1.1: a proxy forgets a silent call */

static void sip_invite_server_context_server_init (SipServerContextInterface *iface);

/**
 * SipInviteServerContext:
 *
 * A call that came. It rings until it is accepted, refused or given up.
 */
G_DEFINE_FINAL_TYPE_WITH_CODE (SipInviteServerContext,
                               sip_invite_server_context,
                               SIP_TYPE_SESSION,
                               G_IMPLEMENT_INTERFACE (SIP_TYPE_SERVER_CONTEXT,
                                                      sip_invite_server_context_server_init))

static SipSessionPrivate *
peek (SipInviteServerContext *self)
{
  return sip_session_peek (SIP_SESSION (self));
}

gboolean
sip_invite_server_is_over (SipInviteServerContext *self)
{
  return peek (self)->status == SIP_SESSION_STATUS_TERMINATED;
}

void
sip_invite_server_clear_timers (SipInviteServerContext *self)
{
  SipTimers *timers = peek (self)->timers;

  g_clear_pointer (&self->reliable, sip_resend_free);
  if (timers == NULL)
    return;
  sip_timers_clear (timers, &self->no_answer_id);
  sip_timers_clear (timers, &self->expires_id);
  sip_timers_clear (timers, &self->ring_id);
}

/* With what every response that makes or may make a dialog carries (RFC 3261 12.1.1). */
SipMessage *
sip_invite_server_create_response (SipInviteServerContext *self,
                                   guint code,
                                   const char *phrase,
                                   SipOptions *options)
{
  SipSessionPrivate *priv = peek (self);
  SipMessage *response = sip_message_new_response (priv->request, code, phrase);

  if (code > 100)
    sip_message_set_to_tag (response, self->tag);
  if (code > 100 && code < 300) {
    sip_message_copy_headers (response, priv->request, "Record-Route");
    sip_message_add_header_printf (response, "Contact", "<%s>", priv->contact);
  }
  sip_ua_add_own_headers (priv->ua, response);
  sip_message_add_extra_headers (response, sip_options_read_extra_headers (options));
  return response;
}

SipMessage *
sip_invite_server_respond (SipInviteServerContext *self,
                           guint code,
                           const char *phrase,
                           SipOptions *options)
{
  SipMessage *response = sip_invite_server_create_response (self, code, phrase, options);

  sip_options_write_body (options, response);
  sip_transaction_respond (self->transaction, response);
  return response;
}

/* A final response that the user did not choose: failed, terminated, and no rejected. */
static void
give_up (SipInviteServerContext *self, guint code, const char *words, SipCause cause)
{
  g_autoptr (SipMessage) response = sip_invite_server_respond (self, code, NULL, NULL);

  sip_invite_server_clear_timers (self);
  sip_session_fail (SIP_SESSION (self), peek (self)->request, words, cause);
}

static void
on_no_answer (gpointer user_data)
{
  g_autoptr (SipInviteServerContext) self = g_object_ref (user_data);

  self->no_answer_id = 0;
  give_up (self, 408, "No Answer", SIP_CAUSE_NO_ANSWER);
}

static void
on_expired (gpointer user_data)
{
  g_autoptr (SipInviteServerContext) self = g_object_ref (user_data);

  self->expires_id = 0;
  give_up (self, 487, "Expires", SIP_CAUSE_EXPIRES);
}

static void
on_ring_again (gpointer user_data)
{
  g_autoptr (SipInviteServerContext) self = g_object_ref (user_data);

  self->ring_id = sip_timers_add (peek (self)->timers, RING_AGAIN, on_ring_again, self);
  if (self->rung != NULL)
    sip_transaction_respond (self->transaction, self->rung);
}

/* The caller's alone; it is there from the start. */
static SipDialog *
find_dialog (SipSession *session, const char *remote_tag)
{
  SipDialog *dialog = sip_session_peek (session)->dialog;

  return g_strcmp0 (sip_dialog_get_remote_tag (dialog), remote_tag) == 0 ? dialog : NULL;
}

/* Our answer went out reliably, or theirs came in a PRACK (RFC 3262 5). */
static gboolean
is_agreed (SipSession *session, const char *remote_tag)
{
  SipInviteServerContext *self = SIP_INVITE_SERVER_CONTEXT (session);

  return peek (self)->status == SIP_SESSION_STATUS_WAITING_FOR_ANSWER && self->is_told &&
         self->reliable == NULL &&
         (sip_invite_server_has_offer (peek (self)->request) || self->is_agreed);
}

/* Before the answer, a BYE ends the INVITE too (RFC 3261 15.1.2). */
static void
receive_bye (SipSession *session, SipTransaction *transaction, SipMessage *bye)
{
  SipInviteServerContext *self = SIP_INVITE_SERVER_CONTEXT (session);

  sip_session_respond (session, transaction, 200, NULL, NULL);
  sip_invite_server_clear_timers (self);
  if (!sip_transaction_is_answered (self->transaction)) {
    g_autoptr (SipMessage) response = sip_invite_server_respond (self, 487, NULL, NULL);

    peek (self)->canceled = TRUE;
    sip_session_emit (session, SIP_SIGNAL_FAILED, bye, "Canceled");
    sip_session_end (session, bye, "BYE", sip_cause_from_reason (bye, SIP_CAUSE_BYE));
    return;
  }
  sip_session_emit (session, SIP_SIGNAL_BYE, bye);
  sip_session_end (session, bye, "BYE", SIP_CAUSE_BYE);
}

static void
receive_ack (SipSession *session, SipMessage *ack)
{
  SipInviteServerContext *self = SIP_INVITE_SERVER_CONTEXT (session);

  if (self->hang_up != NULL)
    sip_session_hang_up (session, self->hang_up, NULL, NULL, SIP_CAUSE_NONE);
  else
    sip_invite_server_receive_ack (session, ack);
}

static gboolean
terminate (SipSession *session, SipOptions *options, GError **error)
{
  SipInviteServerContext *self = SIP_INVITE_SERVER_CONTEXT (session);

  if (peek (self)->status == SIP_SESSION_STATUS_CONFIRMED || peek (self)->round != SIP_ROUND_NONE)
    return sip_session_bye (session, options, error);
  if (peek (self)->status != SIP_SESSION_STATUS_WAITING_FOR_ACK)
    return sip_invite_server_context_reject (self, options, error);
  if (!sip_options_check (options, 200, 699, error))
    return FALSE;
  /* RFC 3261 15: no BYE before the ACK. */
  if (self->hang_up == NULL)
    self->hang_up = sip_options_copy (options);
  sip_session_close_handler (session);
  return TRUE;
}

static void
sip_invite_server_context_dispose (GObject *object)
{
  SipInviteServerContext *self = SIP_INVITE_SERVER_CONTEXT (object);

  sip_invite_server_clear_timers (self);
  g_clear_object (&self->transaction);
  g_clear_object (&self->rung);
  g_clear_object (&self->hang_up);
  g_clear_object (&self->provisional);
  g_clear_object (&self->local);
  g_clear_pointer (&self->tag, g_free);
  G_OBJECT_CLASS (sip_invite_server_context_parent_class)->dispose (object);
}

static void
sip_invite_server_context_class_init (SipInviteServerContextClass *klass)
{
  SipSessionClass *session_class = SIP_SESSION_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = sip_invite_server_context_dispose;
  session_class->terminate = terminate;
  session_class->find_dialog = find_dialog;
  session_class->is_agreed = is_agreed;
  session_class->receive_ack = receive_ack;
  session_class->receive_bye = receive_bye;
  session_class->receive_prack = sip_invite_server_receive_prack;
}

static void
sip_invite_server_context_server_init (SipServerContextInterface *iface)
{
}

static void
sip_invite_server_context_init (SipInviteServerContext *self)
{
  self->tag = sip_random_token ();
}

/* The session of an INVITE that passed the user agent's checks.
 * @replacee: (nullable): the session that it takes the place of */
SipInviteServerContext *
sip_invite_server_context_new (SipUA *ua, SipTransaction *transaction, SipSession *replacee)
{
  SipInviteServerContext *self = g_object_new (SIP_TYPE_INVITE_SERVER_CONTEXT, NULL);
  SipSessionPrivate *priv = peek (self);
  SipMessage *invite = sip_transaction_get_request (transaction);
  g_autofree char *id =
      g_strconcat (sip_message_get_call_id (invite), sip_message_get_from_tag (invite), NULL);

  sip_session_set_up (SIP_SESSION (self), ua, invite, id);
  self->transaction = g_object_ref (transaction);
  g_set_object (&priv->replacee, replacee);
  priv->contact = sip_endpoint_dup_contact (sip_ua_get_endpoint (ua),
                                            sip_transaction_get_transport (transaction),
                                            sip_transaction_get_peer (transaction));
  priv->local_identity = sip_name_addr_parse (sip_message_peek_header (invite, "To"));
  priv->remote_identity = sip_name_addr_parse (sip_message_peek_header (invite, "From"));
  priv->dialog = sip_dialog_new_server (invite, self->tag);
  sip_session_set_asserted_identity (SIP_SESSION (self), invite);
  sip_session_set_status (SIP_SESSION (self), SIP_SESSION_STATUS_INVITE_RECEIVED);
  sip_ua_add_session (ua, SIP_SESSION (self), self->tag);
  return self;
}

/* 100, 180 and the timers of a call that waits for its user. A 180 that has to be acknowledged is
 * left to the program, which has not seen the call yet. */
void
sip_invite_server_context_ring (SipInviteServerContext *self)
{
  SipSessionPrivate *priv = peek (self);
  guint no_answer = sip_ua_get_no_answer_timeout (priv->ua);
  guint expires = sip_message_read_number (priv->request, "Expires", 0);
  g_autoptr (SipMessage) trying = sip_invite_server_respond (self, 100, NULL, NULL);

  if (priv->ua->auto_ringing && !sip_invite_server_rings_reliably (self))
    self->rung = sip_invite_server_respond (self, 180, NULL, NULL);
  sip_session_set_status (SIP_SESSION (self), SIP_SESSION_STATUS_WAITING_FOR_ANSWER);
  if (no_answer > 0)
    self->no_answer_id =
        sip_timers_add (priv->timers, (gint64)no_answer * 1000, on_no_answer, self);
  if (expires > 0)
    self->expires_id = sip_timers_add (priv->timers, (gint64)expires * 1000, on_expired, self);
  self->ring_id = sip_timers_add (priv->timers, RING_AGAIN, on_ring_again, self);
}

gboolean
sip_invite_server_context_is_for (SipInviteServerContext *self, SipTransaction *transaction)
{
  return self->transaction == transaction;
}

/* The CANCEL has its 200 already. One that comes too late changes nothing (RFC 3261 9.2). */
void
sip_invite_server_context_receive_cancel (SipInviteServerContext *self, SipMessage *cancel)
{
  SipSession *session = SIP_SESSION (self);
  g_autoptr (SipInviteServerContext) guard = g_object_ref (self);
  g_autoptr (SipMessage) response = NULL;

  if (sip_transaction_is_answered (self->transaction) || sip_invite_server_is_over (self))
    return;
  response = sip_invite_server_respond (self, 487, NULL, NULL);
  sip_invite_server_clear_timers (self);
  sip_session_close_handler (session);
  peek (self)->canceled = TRUE;
  sip_session_set_status (session, SIP_SESSION_STATUS_CANCELED);
  sip_session_emit (session, SIP_SIGNAL_CANCEL);
  sip_session_refuse (session, cancel, "Canceled",
                      sip_cause_from_reason (cancel, SIP_CAUSE_CANCELED));
}

/**
 * sip_invite_server_context_accept:
 * @self: a call that waits for its answer
 * @options: (nullable): what kinds of media are wanted; extra headers for the 200
 * @modifiers: (nullable): changes to the descriptions
 * @error: where a wrong status or a wrong option goes
 *
 * Takes the call (RFC 3261 13.3.1.4). The media is made, then the 200 goes out and `accepted` is
 * emitted; `confirmed` when its ACK is there. While a reliable provisional response waits for its
 * PRACK, the 200 waits too. A session that this one replaces ends before `accepted`. Where the
 * media cannot be made the caller gets 488, 415 or 500, and `failed` and `terminated` are emitted.
 *
 * Returns: %TRUE where the call is being taken
 */
gboolean
sip_invite_server_context_accept (SipInviteServerContext *self,
                                  SipOptions *options,
                                  SipModifiers *modifiers,
                                  GError **error)
{
  SipSession *session = SIP_SESSION (self);
  SipSessionPrivate *priv;
  g_autoptr (SipInviteServerContext) guard = NULL;

  g_return_val_if_fail (SIP_IS_INVITE_SERVER_CONTEXT (self), FALSE);

  guard = g_object_ref (self);
  priv = peek (self);
  if (!sip_session_check_status (
          session, SIP_STATUS_BIT (WAITING_FOR_ANSWER) | SIP_STATUS_BIT (WAITING_FOR_PRACK),
          error) ||
      !sip_options_check (options, 200, 299, error))
    return FALSE;
  g_clear_object (&priv->options);
  priv->options = sip_options_copy (options);
  g_set_object (&priv->modifiers, modifiers);
  sip_timers_clear (priv->timers, &self->ring_id);
  sip_timers_clear (priv->timers, &self->no_answer_id);
  sip_session_set_status (session, priv->status == SIP_SESSION_STATUS_WAITING_FOR_PRACK
                                       ? SIP_SESSION_STATUS_ANSWERED_WAITING_FOR_PRACK
                                       : SIP_SESSION_STATUS_ANSWERED);
  if (self->local == NULL)
    sip_invite_server_negotiate (self);
  else if (priv->status == SIP_SESSION_STATUS_ANSWERED)
    sip_invite_server_send_ok (self);
  return TRUE;
}

/**
 * sip_invite_server_context_reject:
 * @self: a call that is not answered yet
 * @options: (nullable): a status code of 300 to 699 (480 by default), its words, extra headers, a
 *   body, the targets of a redirection
 * @error: where a wrong status or a wrong option goes
 *
 * Refuses the call (RFC 3261 13.3.1.3). `rejected`, `failed` and `terminated` are emitted before
 * it returns.
 *
 * Returns: %TRUE where it was refused
 */
gboolean
sip_invite_server_context_reject (SipInviteServerContext *self, SipOptions *options, GError **error)
{
  SipSession *session = SIP_SESSION (self);
  g_autoptr (SipInviteServerContext) guard = NULL;
  g_autoptr (SipMessage) response = NULL;
  guint code = sip_options_read_number (options, "status-code", 480);
  const char *const *targets = sip_options_read_texts (options, "redirect-targets");

  g_return_val_if_fail (SIP_IS_INVITE_SERVER_CONTEXT (self), FALSE);

  guard = g_object_ref (self);
  if (!sip_session_check_status (
          session,
          SIP_STATUS_BIT (WAITING_FOR_ANSWER) | SIP_STATUS_BIT (WAITING_FOR_PRACK) |
              SIP_STATUS_BIT (ANSWERED) | SIP_STATUS_BIT (ANSWERED_WAITING_FOR_PRACK),
          error) ||
      !sip_options_check (options, 300, 699, error))
    return FALSE;
  response = sip_invite_server_create_response (
      self, code != 0 ? code : 480, sip_options_read_text (options, "reason-phrase"), options);
  for (gsize i = 0; code / 100 == 3 && targets != NULL && targets[i] != NULL; i++)
    sip_message_add_header_printf (response, "Contact", "<%s>", targets[i]);
  sip_options_write_body (options, response);
  sip_transaction_respond (self->transaction, response);
  sip_invite_server_clear_timers (self);
  sip_session_emit (session, SIP_SIGNAL_REJECTED, response,
                    sip_message_get_reason_phrase (response));
  sip_session_emit (session, SIP_SIGNAL_FAILED, response, sip_message_get_reason_phrase (response));
  sip_session_end (session, NULL, NULL, SIP_CAUSE_NONE);
  return TRUE;
}

/**
 * sip_invite_server_context_reply:
 * @self: a call that is not answered yet
 * @options: (nullable): a status code of 100 to 699 (100 by default) and what goes with it
 * @error: where a wrong status or a wrong option goes
 *
 * Answers with any response: 1xx is progress(), 2xx accept(), the others reject().
 *
 * Returns: %TRUE where the response was taken on
 */
gboolean
sip_invite_server_context_reply (SipInviteServerContext *self, SipOptions *options, GError **error)
{
  guint code = sip_options_read_number (options, "status-code", 100);

  g_return_val_if_fail (SIP_IS_INVITE_SERVER_CONTEXT (self), FALSE);

  if (code < 200) {
    g_autoptr (SipOptions) complete = sip_options_copy (options);

    g_object_set (complete, "status-code", code, NULL);
    return sip_invite_server_context_progress (self, complete, error);
  }
  if (code < 300)
    return sip_invite_server_context_accept (self, options, NULL, error);
  return sip_invite_server_context_reject (self, options, error);
}
