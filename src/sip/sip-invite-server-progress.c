/* sip-invite-server-progress.c - what a caller is told while nobody has answered (RFC 3262)
 *
 * Down: progress() -> plain 1xx, or one that is sent until its PRACK comes.
 * Up:   PRACK -> 200, and the 200 of the INVITE where it waited for that.
 */

#include "sip-error.h"
#include "sip-invite-server-private.h"
#include "sip-message-private.h"
#include "sip-options-private.h"
#include "sip-session-description-private.h"
#include "sip-ua-private.h"

#include <stdio.h>

/* A PRACK whose description the media looks at. */
typedef struct {
  SipInviteServerContext *self;
  SipTransaction *transaction;
} Acknowledged;

static void
acknowledged_free (Acknowledged *acknowledged)
{
  g_object_unref (acknowledged->self);
  g_object_unref (acknowledged->transaction);
  g_free (acknowledged);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Acknowledged, acknowledged_free)

static SipSessionPrivate *
peek (SipInviteServerContext *self)
{
  return sip_session_peek (SIP_SESSION (self));
}

static gboolean
requires_reliable (SipInviteServerContext *self)
{
  return sip_message_has_option (peek (self)->request, "Require", "100rel");
}

/* Whether nothing but reliable responses may tell the caller that it rings. */
gboolean
sip_invite_server_rings_reliably (SipInviteServerContext *self)
{
  return requires_reliable (self) || peek (self)->ua->rel100 == SIP_SUPPORT_REQUIRED;
}

/* RFC 3262 3: where the caller insists; where it can and we or this response insist. */
static gboolean
is_reliable (SipInviteServerContext *self, SipOptions *options)
{
  if (sip_invite_server_rings_reliably (self))
    return TRUE;
  return sip_message_has_option (peek (self)->request, "Supported", "100rel") &&
         sip_options_read_flag (options, "rel100", FALSE);
}

/* Nobody heard it (RFC 3262 3). */
static void
on_no_prack (gpointer user_data)
{
  g_autoptr (SipInviteServerContext) self = g_object_ref (user_data);
  g_autoptr (SipMessage) response = NULL;

  g_clear_pointer (&self->reliable, sip_resend_free);
  response = sip_invite_server_respond (self, 504, NULL, NULL);
  sip_invite_server_clear_timers (self);
  sip_session_end (SIP_SESSION (self), NULL, "No PRACK", SIP_CAUSE_NO_PRACK);
}

/* A reliable one counts (RFC 3262 3) and says so. */
static void
send_reliable (SipInviteServerContext *self, SipMessage *response)
{
  if (self->rseq == 0)
    self->rseq = g_random_int_range (1, 10000);
  else
    self->rseq++;
  sip_message_add_header (response, "Require", "100rel");
  sip_message_add_header_printf (response, "RSeq", "%u", self->rseq);
  g_clear_pointer (&self->reliable, sip_resend_free);
  self->reliable = sip_resend_new (peek (self)->timers, self->transaction, response, G_MAXUINT,
                                   on_no_prack, self);
}

/* With our description where @describes; an offer is made only once. */
static void
send_provisional (SipInviteServerContext *self, SipOptions *options, gboolean describes)
{
  SipSession *session = SIP_SESSION (self);
  gboolean reliable = peek (self)->status == SIP_SESSION_STATUS_WAITING_FOR_PRACK;
  guint code = sip_options_read_number (options, "status-code", 0);
  g_autoptr (SipMessage) response = NULL;

  if (code == 0)
    code = reliable ? 183 : 180;
  response = sip_invite_server_create_response (
      self, code, sip_options_read_text (options, "reason-phrase"), options);
  if (describes && (sip_invite_server_has_offer (peek (self)->request) || self->rseq == 0))
    sip_session_description_write (self->local, response);
  else
    sip_options_write_body (options, response);
  self->is_told = self->is_told || (describes && reliable);
  if (reliable) {
    send_reliable (self, response);
  } else {
    g_set_object (&self->rung, response);
    sip_transaction_respond (self->transaction, response);
  }
  sip_session_emit (session, SIP_SIGNAL_PROGRESS, response,
                    sip_message_get_reason_phrase (response));
}

/* The provisional response that waited for its description. */
void
sip_invite_server_send_described (SipInviteServerContext *self)
{
  g_autoptr (SipOptions) options = g_steal_pointer (&self->provisional);

  send_provisional (self, options, TRUE);
}

/* The PRACK has its 200: whatever waited for it goes on. */
static void
go_on (SipInviteServerContext *self)
{
  SipSession *session = SIP_SESSION (self);

  if (peek (self)->status == SIP_SESSION_STATUS_WAITING_FOR_PRACK) {
    sip_session_set_status (session, SIP_SESSION_STATUS_WAITING_FOR_ANSWER);
  } else if (peek (self)->status == SIP_SESSION_STATUS_ANSWERED_WAITING_FOR_PRACK) {
    sip_session_set_status (session, SIP_SESSION_STATUS_ANSWERED);
    sip_invite_server_send_ok (self);
  }
}

static void
on_answer_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Acknowledged) acknowledged = user_data;
  SipInviteServerContext *self = acknowledged->self;
  g_autoptr (GError) error = NULL;
  gboolean taken = sip_session_description_handler_set_description_finish (
      SIP_SESSION_DESCRIPTION_HANDLER (source), result, &error);

  if (sip_invite_server_is_over (self)) {
    sip_session_respond (SIP_SESSION (self), acknowledged->transaction, 481, NULL, NULL);
    return;
  }
  sip_session_respond (SIP_SESSION (self), acknowledged->transaction, taken ? 200 : 488, NULL,
                       NULL);
  if (taken) {
    self->is_agreed = TRUE;
    go_on (self);
  } else {
    g_autoptr (SipMessage) response = sip_invite_server_respond (self, 488, NULL, NULL);

    sip_invite_server_clear_timers (self);
    sip_session_fail (SIP_SESSION (self), peek (self)->request, error->message,
                      SIP_CAUSE_BAD_MEDIA_DESCRIPTION);
  }
}

static void
on_second_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Acknowledged) acknowledged = user_data;
  SipInviteServerContext *self = acknowledged->self;
  g_autoptr (SipSessionDescription) answer =
      sip_session_description_handler_get_description_finish (
          SIP_SESSION_DESCRIPTION_HANDLER (source), result, NULL);
  g_autoptr (SipMessage) response = sip_message_new_response (
      sip_transaction_get_request (acknowledged->transaction), answer != NULL ? 200 : 488, NULL);

  if (answer != NULL)
    sip_session_description_write (answer, response);
  sip_ua_add_own_headers (peek (self)->ua, response);
  sip_transaction_respond (acknowledged->transaction, response);
  if (!sip_invite_server_is_over (self))
    go_on (self);
}

static void
on_second_offer_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Acknowledged) acknowledged = user_data;
  SipInviteServerContext *self = acknowledged->self;
  SipSessionPrivate *priv = peek (self);

  if (!sip_session_description_handler_set_description_finish (
          SIP_SESSION_DESCRIPTION_HANDLER (source), result, NULL)) {
    sip_session_respond (SIP_SESSION (self), acknowledged->transaction, 488, NULL, NULL);
    if (!sip_invite_server_is_over (self))
      go_on (self);
    return;
  }
  sip_session_description_handler_get_description_async (
      priv->handler, priv->options, priv->modifiers, priv->cancellable, on_second_answer,
      g_steal_pointer (&acknowledged));
}

/* RFC 3262 3, 5: it names the response that it acknowledges, and may carry the answer to an offer
 * in that response, or a second offer. */
void
sip_invite_server_receive_prack (SipSession *session,
                                 SipTransaction *transaction,
                                 SipMessage *prack)
{
  SipInviteServerContext *self = SIP_INVITE_SERVER_CONTEXT (session);
  SipSessionPrivate *priv = peek (self);
  const char *rack = sip_message_peek_header (prack, "RAck");
  guint rseq = 0, cseq = 0;
  char method[16] = "";
  gboolean is_offer = sip_invite_server_has_offer (priv->request) || self->is_agreed;
  g_autoptr (SipSessionDescription) description =
      is_offer ? sip_session_description_read (prack) : sip_session_description_read_answer (prack);
  Acknowledged *acknowledged;

  if (rack == NULL || sscanf (rack, "%u %u %15s", &rseq, &cseq, method) != 3 ||
      self->reliable == NULL || rseq != self->rseq ||
      cseq != sip_message_get_cseq (priv->request) || !g_str_equal (method, "INVITE")) {
    sip_session_respond (session, transaction, 481, NULL, NULL);
    return;
  }
  g_clear_pointer (&self->reliable, sip_resend_free);
  if (description == NULL) {
    sip_session_respond (session, transaction, 200, NULL, NULL);
    go_on (self);
    return;
  }
  acknowledged = g_new (Acknowledged, 1);
  acknowledged->self = g_object_ref (self);
  acknowledged->transaction = g_object_ref (transaction);
  sip_session_description_handler_set_description_async (
      priv->handler, description, priv->options, priv->modifiers, priv->cancellable,
      is_offer ? on_second_offer_set : on_answer_set, acknowledged);
}

/**
 * sip_invite_server_context_progress:
 * @self: a call that waits for its answer
 * @options: (nullable): a status code of 100 to 199 (180 by default, 183 where it is sent
 *   reliably), its words, extra headers, a body; rel100 to have it acknowledged where the caller
 *   can do that
 * @error: where a wrong status or a wrong option goes
 *
 * Tells the caller that somebody is at it (RFC 3261 13.3.1.1). A 183 without a body carries a
 * description of the media, which starts; so does every reliable response (RFC 3262), which goes
 * out again until the caller acknowledges it. While one waits for that, and once the call was
 * taken, nothing more is sent.
 *
 * Returns: %TRUE where the response is on its way or not needed any more
 */
gboolean
sip_invite_server_context_progress (SipInviteServerContext *self,
                                    SipOptions *options,
                                    GError **error)
{
  SipSession *session = SIP_SESSION (self);
  guint code = sip_options_read_number (options, "status-code", 0);
  gboolean reliable, describes;

  g_return_val_if_fail (SIP_IS_INVITE_SERVER_CONTEXT (self), FALSE);

  if (!sip_session_check_status (
          session, ~(SIP_STATUS_BIT (WAITING_FOR_ACK) | SIP_STATUS_BIT (CONFIRMED)), error) ||
      !sip_options_check (options, 100, 199, error))
    return FALSE;
  if (peek (self)->status != SIP_SESSION_STATUS_WAITING_FOR_ANSWER)
    return TRUE;
  if (code == 100) {
    g_autoptr (SipMessage) trying = sip_invite_server_respond (
        self, 100, sip_options_read_text (options, "reason-phrase"), options);
    return TRUE;
  }
  reliable = is_reliable (self, options);
  /* An offer in a response that may get lost is none (RFC 3261 13.2.1). */
  describes = reliable || (code == 183 && sip_options_read_text (options, "body") == NULL &&
                           sip_invite_server_has_offer (peek (self)->request));
  if (reliable)
    sip_session_set_status (session, SIP_SESSION_STATUS_WAITING_FOR_PRACK);
  if (describes && self->local == NULL) {
    g_clear_object (&self->provisional);
    self->provisional = sip_options_copy (options);
    sip_invite_server_negotiate (self);
  } else {
    send_provisional (self, options, describes);
  }
  return TRUE;
}
