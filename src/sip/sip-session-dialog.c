/* sip-session-dialog.c - requests inside the dialog of a session: BYE and what else may come
 *
 * Down: hang_up() -> sip_session_send() -> SipUA.
 * Up:   SipUA -> sip_session_receive() -> the method table.
 */

#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-session-private.h"
#include "sip-ua-private.h"

#include <string.h>

typedef void (*Receive) (SipSession *self, SipTransaction *transaction, SipMessage *request);

static void
respond (SipSession *self, SipTransaction *transaction, guint code)
{
  g_autoptr (SipMessage) response =
      sip_message_new_response (sip_transaction_get_request (transaction), code, NULL);

  sip_ua_add_own_headers (sip_session_peek (self)->ua, response);
  sip_transaction_respond (transaction, response);
}

static void
receive_bye (SipSession *self, SipTransaction *transaction, SipMessage *request)
{
  respond (self, transaction, 200);
  SIP_SESSION_GET_CLASS (self)->receive_bye (self, request);
}

static void
receive_options (SipSession *self, SipTransaction *transaction, SipMessage *request)
{
  respond (self, transaction, 200);
}

/* A running call is not changed yet; it goes on as it was agreed (RFC 3261 14.2). */
static void
receive_invite (SipSession *self, SipTransaction *transaction, SipMessage *request)
{
  respond (self, transaction, 488);
}

/* What may come inside a dialog; Allow is printed from it. */
static const struct {
  const char *method;
  Receive receive;
} methods[] = {
    {"BYE", receive_bye},
    {"INFO", sip_session_receive_info},
    {"INVITE", receive_invite},
    {"OPTIONS", receive_options},
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

void
sip_session_receive (SipSession *self, SipTransaction *transaction, SipMessage *request)
{
  g_autoptr (SipSession) guard = g_object_ref (self);
  SipSessionPrivate *priv = sip_session_peek (self);

  if (priv->dialog == NULL || g_strcmp0 (sip_dialog_get_remote_tag (priv->dialog),
                                         sip_message_get_from_tag (request)) != 0) {
    respond (self, transaction, 481);
    return;
  }
  if (!sip_dialog_take_cseq (priv->dialog, request)) {
    respond (self, transaction, 500);
    return;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++) {
    if (g_str_equal (methods[i].method, sip_message_get_method (request))) {
      methods[i].receive (self, transaction, request);
      return;
    }
  }
  respond (self, transaction, 405);
}

void
sip_session_receive_ack (SipSession *self, SipMessage *ack)
{
  g_autoptr (SipSession) guard = g_object_ref (self);

  if (SIP_SESSION_GET_CLASS (self)->receive_ack != NULL)
    SIP_SESSION_GET_CLASS (self)->receive_ack (self, ack);
}

static void
on_response (SipRequest *request, SipMessage *response, gpointer user_data)
{
  SipSessionPrivate *priv = sip_session_peek (user_data);

  if (priv->dialog != NULL)
    sip_dialog_sync_cseq (priv->dialog, sip_request_get_message (request));
}

/* Sends @request, made by the session's dialog; the user agent keeps it until its answer. */
SipRequest *
sip_session_send (SipSession *self, SipMessage *request)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  g_autofree char *next_hop = sip_dialog_dup_next_hop (priv->dialog);
  SipRequest *sent;

  sip_ua_add_own_headers (priv->ua, request);
  sent = sip_ua_prepare (priv->ua, next_hop, request);
  g_signal_connect_object (sent, "response", G_CALLBACK (on_response), self, 0);
  sip_ua_keep_request (priv->ua, sent);
  sip_request_send (sent);
  return sent;
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
  g_autoptr (SipMessage) bye = sip_dialog_create_request (priv->dialog, "BYE");
  g_autoptr (SipRequest) sent = NULL;
  g_autofree char *reason = sip_reason_header (options);
  const char *body = sip_options_read_text (options, "body");

  sip_message_add_extra_headers (bye, sip_options_read_extra_headers (options));
  if (reason != NULL)
    sip_message_add_header (bye, "Reason", reason);
  if (body != NULL) {
    const char *type = sip_options_read_text (options, "content-type");
    g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

    sip_message_set_body (bye, type != NULL ? type : "text/plain", bytes);
  }
  sent = sip_session_send (self, bye);
  sip_session_emit (self, SIP_SIGNAL_BYE, bye);
  sip_session_end (self, message, words, cause);
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
  if (!sip_session_check_status (self, SIP_STATUS_BIT (CONFIRMED), error) ||
      !sip_options_check (options, 200, 699, error))
    return FALSE;
  sip_session_hang_up (self, options, NULL, NULL, SIP_CAUSE_NONE);
  return TRUE;
}
