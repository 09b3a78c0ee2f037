/* sip-session-answer.c - changes of a running call that the other side wants
 *
 *   NONE ─► ANSWERING ─► ANSWERED ─► NONE       a re-INVITE; an UPDATE has no ACK to wait for
 *
 * Up:   INVITE, UPDATE in the dialog -> reinvite -> media.
 * Down: 200, sent until its ACK comes, and reinviteAccepted; or a refusal and reinviteFailed.
 */

#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-session-description-private.h"
#include "sip-session-private.h"
#include "sip-ua-private.h"

/* One request, while the media works on it. */
typedef struct {
  SipSession *session;
  SipTransaction *transaction;
} Change;

static Change *
change_new (SipSession *session, SipTransaction *transaction)
{
  Change *self = g_new (Change, 1);

  self->session = g_object_ref (session);
  self->transaction = g_object_ref (transaction);
  return self;
}

static void
change_free (Change *self)
{
  g_object_unref (self->session);
  g_object_unref (self->transaction);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Change, change_free)

/* It may have been cancelled, or the call may be over. */
static gboolean
is_current (Change *self)
{
  return sip_session_peek (self->session)->update == self->transaction;
}

static gboolean
is_invite (SipMessage *request)
{
  return g_str_equal (sip_message_get_method (request), "INVITE");
}

static void
on_no_ack (gpointer user_data)
{
  g_autoptr (SipSession) self = g_object_ref (user_data);

  sip_session_hang_up (self, NULL, NULL, "No ACK", SIP_CAUSE_NO_ACK);
}

static void
end_change (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  g_clear_object (&priv->update);
  priv->round = SIP_ROUND_NONE;
}

/* Where this side is now; it may have moved since the call began. */
static void
add_contact (SipSession *self, SipTransaction *transaction, SipMessage *response)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  g_free (priv->contact);
  priv->contact = sip_endpoint_dup_contact (sip_ua_get_endpoint (priv->ua),
                                            sip_transaction_get_transport (transaction),
                                            sip_transaction_get_peer (transaction));
  sip_message_add_header_printf (response, "Contact", "<%s>", priv->contact);
}

/* @description: (nullable): none in the answer to an UPDATE that had none */
static void
send_ok (SipSession *self, SipTransaction *transaction, SipSessionDescription *description)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  SipMessage *request = sip_transaction_get_request (transaction);
  SipDialog *dialog =
      SIP_SESSION_GET_CLASS (self)->find_dialog (self, sip_message_get_from_tag (request));
  g_autoptr (SipMessage) response = sip_message_new_response (request, 200, NULL);

  sip_dialog_update_target (dialog, request);
  sip_message_copy_headers (response, request, "Record-Route");
  add_contact (self, transaction, response);
  sip_ua_add_own_headers (priv->ua, response);
  if (dialog == priv->dialog)
    sip_session_answer_timer (self, request, response);
  if (description != NULL && dialog == priv->dialog)
    sip_session_settle_move (self);
  if (description != NULL)
    sip_session_description_write (description, response);
  if (!is_invite (request)) {
    end_change (self);
    sip_transaction_respond (transaction, response);
    sip_session_next_round (self);
    return;
  }
  g_clear_object (&priv->update);
  priv->round = SIP_ROUND_ANSWERED;
  sip_session_set_status (self, SIP_SESSION_STATUS_WAITING_FOR_ACK);
  priv->answer = sip_resend_new (priv->timers, transaction, response, SIP_T2, on_no_ack, self);
  sip_session_emit (self, SIP_SIGNAL_REINVITE_ACCEPTED, self);
}

/* 415 for what is no description, 488 for one that cannot be agreed on, 500 for our own trouble.
 * What was agreed before goes on. */
static void
refuse (SipSession *self, const GError *error)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  g_autoptr (SipTransaction) transaction = g_steal_pointer (&priv->update);
  gboolean has_signals = is_invite (sip_transaction_get_request (transaction));
  gboolean is_refusal = g_error_matches (error, SIP_ERROR, SIP_ERROR_RENEGOTIATION);
  guint code = 500;

  if (is_refusal || g_error_matches (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION))
    code = 488;
  else if (g_error_matches (error, SIP_ERROR, SIP_ERROR_UNSUPPORTED_CONTENT_TYPE))
    code = 415;
  end_change (self);
  if (code != 415)
    sip_session_description_handler_rollback (priv->handler);
  if (is_refusal && has_signals)
    sip_session_emit (self, SIP_SIGNAL_RENEGOTIATION_ERROR, error);
  sip_session_respond (self, transaction, code, code == 415 ? "Accept" : NULL, "application/sdp");
  if (has_signals && !sip_session_is_over (self))
    sip_session_emit (self, SIP_SIGNAL_REINVITE_FAILED, self);
  sip_session_next_round (self);
}

static void
on_description (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Change) change = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SipSessionDescription) description =
      sip_session_description_handler_get_description_finish (
          SIP_SESSION_DESCRIPTION_HANDLER (source), result, &error);

  if (!is_current (change))
    return;
  if (description != NULL)
    send_ok (change->session, change->transaction, description);
  else
    refuse (change->session, error);
}

static void
make_description (Change *change)
{
  SipSessionPrivate *priv = sip_session_peek (change->session);

  sip_session_description_handler_get_description_async (
      priv->handler, priv->options, priv->modifiers, priv->cancellable, on_description, change);
}

static void
on_offer_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Change) change = user_data;
  g_autoptr (GError) error = NULL;
  gboolean taken = sip_session_description_handler_set_description_finish (
      SIP_SESSION_DESCRIPTION_HANDLER (source), result, &error);

  if (!is_current (change))
    return;
  if (taken)
    make_description (g_steal_pointer (&change));
  else
    refuse (change->session, error);
}

static void
negotiate (SipSession *self, SipTransaction *transaction, SipSessionDescription *offer)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  if (offer == NULL)
    make_description (change_new (self, transaction));
  else
    sip_session_description_handler_set_description_async (
        priv->handler, offer, priv->options, priv->modifiers, priv->cancellable, on_offer_set,
        change_new (self, transaction));
}

/* RFC 3261 14.2, RFC 3311 5.2: TRUE where an offer of the other side has to wait. Before the call
 * is answered it need not where a reliable response and its PRACK have agreed on media.
 */
static gboolean
is_in_the_way (SipSession *self, SipTransaction *transaction)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  SipMessage *request = sip_transaction_get_request (transaction);
  gboolean is_ready = priv->status == SIP_SESSION_STATUS_CONFIRMED ||
                      (!is_invite (request) && SIP_SESSION_GET_CLASS (self)->is_agreed (
                                                   self, sip_message_get_from_tag (request)));

  if (priv->round == SIP_ROUND_MAKING || priv->round == SIP_ROUND_OFFERED ||
      priv->round == SIP_ROUND_TAKING || priv->answer != NULL) {
    sip_session_respond (self, transaction, 491, NULL, NULL);
    return TRUE;
  }
  if (priv->round == SIP_ROUND_ANSWERING || !is_ready) {
    g_autofree char *seconds = g_strdup_printf ("%d", g_random_int_range (1, 11));

    sip_session_respond (self, transaction, 500, "Retry-After", seconds);
    return TRUE;
  }
  return FALSE;
}

/* A body that is no description, or one of a type that the media does not speak. */
static gboolean
is_foreign (SipSession *self, SipMessage *request, SipSessionDescription *offer)
{
  const char *type = sip_message_get_content_type (request);

  if (offer != NULL)
    return !sip_session_description_handler_has_description (
        sip_session_peek (self)->handler, sip_session_description_get_content_type (offer));
  return sip_message_get_body_bytes (request) != NULL &&
         sip_message_peek_header (request, "Content-Disposition") == NULL &&
         (type == NULL || g_ascii_strncasecmp (type, "multipart/", 10) != 0);
}

static gboolean
is_short_lived (SipSession *self, SipTransaction *transaction, SipMessage *request)
{
  if (!sip_session_timer_is_short (request))
    return FALSE;
  sip_session_respond (self, transaction, 422, "Min-SE", SIP_MIN_SE_TEXT);
  return TRUE;
}

/* A retry of ours that waits gives way: it goes on after this one. */
static void
begin_change (SipSession *self, SipTransaction *transaction)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  if (priv->round == SIP_ROUND_WAITING) {
    sip_timers_clear (priv->timers, &priv->round_id);
    if (!priv->round_wanted) {
      g_set_object (&priv->wanted_options, priv->round_options);
      g_set_object (&priv->wanted_modifiers, priv->round_modifiers);
      priv->round_wanted = TRUE;
    }
  }
  priv->round = SIP_ROUND_ANSWERING;
  g_set_object (&priv->update, transaction);
}

void
sip_session_receive_invite (SipSession *self, SipTransaction *transaction, SipMessage *request)
{
  g_autoptr (SipSessionDescription) offer = sip_session_description_read (request);
  g_autofree char *contact = sip_message_dup_contact_uri (request);
  g_autoptr (GError) error = NULL;

  if (contact == NULL) {
    sip_session_respond (self, transaction, 400, NULL, NULL);
    return;
  }
  if (is_in_the_way (self, transaction) || is_short_lived (self, transaction, request))
    return;
  begin_change (self, transaction);
  sip_session_set_asserted_identity (self, request);
  sip_session_emit (self, SIP_SIGNAL_REINVITE, self, request);
  if (sip_session_peek (self)->update != transaction)
    return;
  if (is_foreign (self, request, offer)) {
    g_set_error_literal (&error, SIP_ERROR, SIP_ERROR_UNSUPPORTED_CONTENT_TYPE,
                         "Unsupported session description content type.");
    refuse (self, error);
    return;
  }
  negotiate (self, transaction, offer);
}

/* RFC 3311: without a description it only says where the other side is, and that it is. */
void
sip_session_receive_update (SipSession *self, SipTransaction *transaction, SipMessage *request)
{
  g_autoptr (SipSessionDescription) offer = sip_session_description_read (request);

  if (is_short_lived (self, transaction, request))
    return;
  if (offer == NULL && sip_message_get_body_bytes (request) != NULL) {
    sip_session_respond (self, transaction, 415, "Accept", "application/sdp");
    return;
  }
  if (offer != NULL) {
    if (is_in_the_way (self, transaction))
      return;
    begin_change (self, transaction);
    negotiate (self, transaction, offer);
    return;
  }
  {
    SipDialog *dialog =
        SIP_SESSION_GET_CLASS (self)->find_dialog (self, sip_message_get_from_tag (request));
    g_autoptr (SipMessage) response = sip_message_new_response (request, 200, NULL);

    sip_dialog_update_target (dialog, request);
    add_contact (self, transaction, response);
    sip_ua_add_own_headers (sip_session_peek (self)->ua, response);
    if (dialog == sip_session_peek (self)->dialog)
      sip_session_answer_timer (self, request, response);
    sip_transaction_respond (transaction, response);
  }
}

static void
on_answer_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipSession) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean taken = sip_session_description_handler_set_description_finish (
      SIP_SESSION_DESCRIPTION_HANDLER (source), result, &error);

  if (taken || sip_session_is_over (self)) {
    sip_session_next_round (self);
    return;
  }
  g_debug ("The answer in the ACK cannot be used: %s", error->message);
  sip_session_hang_up (self, NULL, NULL, "Bad Media Description", SIP_CAUSE_BAD_MEDIA_DESCRIPTION);
}

/* The ACK of our 200 to @invite, a later one; with the answer where that 200 had the offer. */
void
sip_session_receive_reinvite_ack (SipSession *self, SipMessage *invite, SipMessage *ack)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  g_autoptr (SipSessionDescription) offer = sip_session_description_read (invite);
  g_autoptr (SipSessionDescription) answer = sip_session_description_read_answer (ack);

  end_change (self);
  sip_session_set_status (self, SIP_SESSION_STATUS_CONFIRMED);
  if (offer == NULL && answer != NULL)
    sip_session_description_handler_set_description_async (priv->handler, answer, priv->options,
                                                           priv->modifiers, priv->cancellable,
                                                           on_answer_set, g_object_ref (self));
  sip_session_emit (self, SIP_SIGNAL_CONFIRMED, ack);
  if (sip_session_is_over (self))
    return;
  if (offer == NULL && answer == NULL)
    sip_session_hang_up (self, NULL, NULL, "Bad Media Description",
                         SIP_CAUSE_BAD_MEDIA_DESCRIPTION);
  else if (offer != NULL)
    sip_session_next_round (self);
}

/* A CANCEL, which has its 200 already, of a re-INVITE (RFC 3261 9.2). */
void
sip_session_receive_cancel (SipSession *self, SipTransaction *invite)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  g_autoptr (SipSession) guard = g_object_ref (self);

  if (priv->update != invite)
    return;
  end_change (self);
  sip_session_respond (self, invite, 487, NULL, NULL);
  sip_session_description_handler_rollback (priv->handler);
  sip_session_emit (self, SIP_SIGNAL_REINVITE_FAILED, self);
  sip_session_next_round (self);
}
