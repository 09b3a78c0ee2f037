/* sip-session-dialog.c - requests inside the dialog of a session: BYE, ACK and what else may come
 *
 * Down: hang_up() -> sip_ua_prepare_in().
 * Up:   SipUA -> sip_session_receive() -> the method table.
 */

#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-options-private.h"
#include "sip-session-description-private.h"
#include "sip-session-private.h"
#include "sip-ua-private.h"

void
sip_session_respond (SipSession *self,
                     SipTransaction *transaction,
                     guint code,
                     const char *name,
                     const char *value)
{
  g_autoptr (SipMessage) response =
      sip_message_new_response (sip_transaction_get_request (transaction), code, NULL);

  if (name != NULL)
    sip_message_add_header (response, name, value);
  sip_ua_add_own_headers (sip_session_peek (self)->ua, response);
  sip_transaction_respond (transaction, response);
}

static void
receive_bye (SipSession *self, SipTransaction *transaction, SipMessage *request)
{
  sip_session_drop_round (self);
  SIP_SESSION_GET_CLASS (self)->receive_bye (self, transaction, request);
}

static void
receive_options (SipSession *self, SipTransaction *transaction, SipMessage *request)
{
  sip_session_respond (self, transaction, 200, "Accept", SIP_ACCEPTED_TYPES);
}

static void
receive_prack (SipSession *self, SipTransaction *transaction, SipMessage *request)
{
  if (SIP_SESSION_GET_CLASS (self)->receive_prack != NULL)
    SIP_SESSION_GET_CLASS (self)->receive_prack (self, transaction, request);
  else
    sip_session_respond (self, transaction, 481, NULL, NULL);
}

static void
receive_message (SipSession *self, SipTransaction *transaction, SipMessage *request)
{
  sip_session_respond (self, transaction, 200, NULL, NULL);
  sip_session_emit (self, SIP_SIGNAL_MESSAGE, request);
}

/* What may come inside a dialog; Allow is printed from it. */
static const struct {
  const char *method;
  SipReceive receive;
  guint early; /* what a dialog that is none yet answers; 0 where it is treated alike */
} methods[] = {
    {"BYE", receive_bye, 0},
    {"INFO", sip_session_receive_info, 469},
    {"INVITE", sip_session_receive_invite, 491},
    {"MESSAGE", receive_message, 403},
    {"NOTIFY", sip_session_receive_notify, 489},
    {"OPTIONS", receive_options, 0},
    {"PRACK", receive_prack, 0},
    {"REFER", sip_session_receive_refer, 403},
    {"UPDATE", sip_session_receive_update, 0},
};

/* Allow, as RFC 3261 20.5 wants it; ACK and CANCEL have no row because nobody answers them here. */
char *
sip_session_list_methods (void)
{
  GString *out = g_string_new ("ACK, CANCEL");

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    g_string_append_printf (out, ", %s", methods[i].method);
  return g_string_free (out, FALSE);
}

/* What the other side says of UPDATE (RFC 3311 4) and of REFER. */
void
sip_session_note_allow (SipSession *self, SipMessage *message)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  if (sip_message_peek_header (message, "Allow") == NULL)
    return;
  priv->takes_update = sip_message_has_option (message, "Allow", "UPDATE");
  if (priv->lacks_refer == sip_message_has_option (message, "Allow", "REFER")) {
    priv->lacks_refer = !priv->lacks_refer;
    g_object_notify (G_OBJECT (self), "takes-refer");
  }
}

void
sip_session_receive (SipSession *self, SipTransaction *transaction, SipMessage *request)
{
  g_autoptr (SipSession) guard = g_object_ref (self);
  SipDialog *dialog =
      SIP_SESSION_GET_CLASS (self)->find_dialog (self, sip_message_get_from_tag (request));
  g_autofree char *unsupported = NULL;

  if (dialog == NULL || sip_session_is_over (self)) {
    sip_session_respond (self, transaction, 481, NULL, NULL);
    return;
  }
  if (!sip_dialog_take_cseq (dialog, request)) {
    sip_session_respond (self, transaction, 500, NULL, NULL);
    return;
  }
  unsupported = sip_ua_list_unsupported (sip_session_peek (self)->ua, request);
  if (unsupported != NULL) {
    sip_session_respond (self, transaction, 420, "Unsupported", unsupported);
    return;
  }
  sip_session_note_allow (self, request);
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++) {
    if (!g_str_equal (methods[i].method, sip_message_get_method (request)))
      continue;
    if (dialog != sip_session_peek (self)->dialog && methods[i].early != 0)
      sip_session_respond (self, transaction, methods[i].early, NULL, NULL);
    else
      methods[i].receive (self, transaction, request);
    return;
  }
  sip_session_respond (self, transaction, 405, NULL, NULL);
}

/* The ACK of our last 200; any other is stale. */
void
sip_session_receive_ack (SipSession *self, SipMessage *ack)
{
  g_autoptr (SipSession) guard = g_object_ref (self);
  SipSessionPrivate *priv = sip_session_peek (self);
  g_autoptr (SipMessage) invite = NULL;

  if (priv->answer == NULL ||
      sip_message_get_cseq (sip_resend_get_request (priv->answer)) != sip_message_get_cseq (ack))
    return;
  invite = g_object_ref (sip_resend_get_request (priv->answer));
  g_clear_pointer (&priv->answer, sip_resend_free);
  if (priv->handler != NULL)
    sip_session_description_handler_acknowledge (priv->handler);
  if (priv->round == SIP_ROUND_ANSWERED)
    sip_session_receive_reinvite_ack (self, invite, ack);
  else
    SIP_SESSION_GET_CLASS (self)->receive_ack (self, ack);
}

/* The ACK of @response, and again whenever @response comes again (RFC 3261 13.2.2.4). */
SipMessage *
sip_session_send_ack (SipSession *self,
                      SipDialog *dialog,
                      SipMessage *invite,
                      SipMessage *response,
                      SipSessionDescription *answer)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  return sip_ua_acknowledge (priv->ua, priv->acks, dialog, invite, response, answer);
}

/* FALSE for a response that was not acknowledged yet. */
gboolean
sip_session_send_ack_again (SipSession *self, SipMessage *response)
{
  return sip_ua_acknowledge_again (sip_session_peek (self)->acks, response);
}

/* BYE, bye, terminated. What comes of the BYE changes nothing any more. */
void
sip_session_hang_up (SipSession *self,
                     SipOptions *options,
                     SipMessage *message,
                     const char *words,
                     SipCause cause)
{
  g_autoptr (SipSession) guard = g_object_ref (self);
  SipSessionPrivate *priv = sip_session_peek (self);
  g_autoptr (SipMessage) bye = NULL;
  g_autoptr (SipRequest) request = NULL;
  g_autofree char *reason = sip_reason_header (options);

  sip_session_drop_round (self);
  bye = sip_dialog_create_request (priv->dialog, "BYE");
  sip_message_add_extra_headers (bye, sip_options_read_extra_headers (options));
  if (reason != NULL)
    sip_message_add_header (bye, "Reason", reason);
  sip_options_write_body (options, bye);
  request = sip_ua_prepare_in (priv->ua, priv->dialog, bye);
  sip_request_send (request);
  sip_session_emit (self, SIP_SIGNAL_BYE, bye);
  sip_session_end (self, message, words, cause);
}

/* RFC 3261 12.2.1.2: a dialog that the other side forgot, or a side that is silent, is the end.
 * To one that knows nothing of it there is nothing to say. */
void
sip_session_fail_dialog (SipSession *self, SipMessage *response)
{
  if (sip_message_get_status_code (response) == 408)
    sip_session_hang_up (self, NULL, response, "Dialog Error", SIP_CAUSE_DIALOG_ERROR);
  else
    sip_session_end (self, response, "Dialog Error", SIP_CAUSE_DIALOG_ERROR);
}

/**
 * sip_session_bye:
 * @self: a session
 * @options: (nullable): extra headers, a body, and a status code of 200 to 699 for a Reason header
 * @error: where a wrong status or a wrong option goes
 *
 * Hangs up a call that is on (RFC 3261 15.1.1). `bye` and `terminated` are emitted before it
 * returns; the answer to the BYE is not waited for.
 *
 * Returns: %TRUE where the BYE was sent, or the session is over already
 */
gboolean
sip_session_bye (SipSession *self, SipOptions *options, GError **error)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), FALSE);

  if (sip_session_peek (self)->status == SIP_SESSION_STATUS_TERMINATED)
    return TRUE;
  if ((sip_session_peek (self)->round != SIP_ROUND_ANSWERED &&
       !sip_session_check_status (self, SIP_STATUS_BIT (CONFIRMED), error)) ||
      !sip_options_check (options, 200, 699, error))
    return FALSE;
  sip_session_hang_up (self, options, NULL, NULL, SIP_CAUSE_NONE);
  return TRUE;
}
