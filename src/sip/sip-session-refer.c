/* sip-session-refer.c - transfers inside a call (RFC 3515, RFC 3891)
 *
 * Down: refer(), refer_to_session() -> SipReferClientContext -> REFER.
 * Up:   REFER -> referRequested, or followed where nobody listens; NOTIFY -> the transfer that it
 *       reports of, or notifyReceived.
 */

#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-refer-client-context-private.h"
#include "sip-refer-server-context-private.h"
#include "sip-session-private.h"
#include "sip-ua-private.h"

#include <string.h>

void
sip_session_forget_refer (SipSession *self, SipReferClientContext *context)
{
  g_ptr_array_remove (sip_session_peek (self)->refers, context);
}

/* The session is over; a call that it led to goes on. */
void
sip_session_drop_refers (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  for (guint i = 0; i < priv->refers->len; i++)
    sip_refer_client_context_stop (g_ptr_array_index (priv->refers, i));
  for (guint i = 0; i < priv->referrals->len; i++)
    sip_refer_server_context_stop (g_ptr_array_index (priv->referrals, i));
  g_ptr_array_set_size (priv->refers, 0);
  g_ptr_array_set_size (priv->referrals, 0);
}

/* Asks the program, or follows by itself where nobody listens and the policy lets it, one at a
 * time. */
void
sip_session_receive_refer (SipSession *self, SipTransaction *transaction, SipMessage *request)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  guint wrong = sip_refer_server_context_check (request);
  gboolean is_asked = sip_session_has_listener (self, SIP_SIGNAL_REFER_REQUESTED);
  g_autoptr (SipReferServerContext) context = NULL;

  if (wrong == 0 && (priv->ua->refer_policy == SIP_REFER_POLICY_DENY ||
                     (priv->ua->refer_policy == SIP_REFER_POLICY_ASK && !is_asked)))
    wrong = 603;
  if (wrong == 0 && !is_asked && priv->referrals->len > 0)
    wrong = 491;
  if (wrong != 0) {
    sip_session_respond (self, transaction, wrong, NULL, NULL);
    return;
  }
  context = sip_refer_server_context_new (priv->ua, self, priv->dialog, transaction);
  g_ptr_array_add (priv->referrals, g_object_ref (context));
  if (!is_asked) {
    sip_refer_server_context_accept (context, NULL, NULL);
    return;
  }
  sip_session_emit (self, SIP_SIGNAL_REFER_REQUESTED, context);
  sip_refer_server_context_wait (context);
}

static gboolean
is_of_refer (SipMessage *notify)
{
  const char *event = sip_message_peek_header (notify, "Event");

  return event != NULL && g_ascii_strncasecmp (event, "refer", 5) == 0 &&
         strchr ("; \t", event[5]) != NULL;
}

void
sip_session_receive_notify (SipSession *self, SipTransaction *transaction, SipMessage *request)
{
  GPtrArray *refers = sip_session_peek (self)->refers;

  for (guint i = refers->len; is_of_refer (request) && i > 0; i--) {
    SipReferClientContext *context = g_ptr_array_index (refers, i - 1);

    if (sip_refer_client_context_is_for (context, request)) {
      sip_refer_client_context_receive (context, transaction, request);
      return;
    }
  }
  sip_session_respond (self, transaction, 200, NULL, NULL);
  sip_session_emit (self, SIP_SIGNAL_NOTIFY_RECEIVED, request);
}

static SipReferClientContext *
send_refer (SipSession *self, const char *refer_to, SipSession *consultation, SipOptions *options)
{
  g_autoptr (SipSession) guard = g_object_ref (self);
  SipReferClientContext *context =
      sip_refer_client_context_new (self, refer_to, consultation, options);

  g_ptr_array_add (sip_session_peek (self)->refers, g_object_ref (context));
  sip_refer_client_context_send (context);
  return context;
}

/**
 * sip_session_refer:
 * @self: a call that is on
 * @target: whom the other side shall call instead, in any form that sip_ua_normalize_target() reads
 * @options: (nullable): extra headers; active-after-transfer to stay on the line
 * @error: where a wrong status, target or option goes
 *
 * Transfers the other side (RFC 3515). `referRequested` comes before the REFER, `refer` after it.
 * The call is hung up when the other side tells that the target took the call, or half a minute
 * after it agreed without a word since; it goes on where the transfer fails.
 *
 * Returns: (transfer full): the transfer, or %NULL with @error set
 */
SipReferClientContext *
sip_session_refer (SipSession *self, const char *target, SipOptions *options, GError **error)
{
  g_autofree char *uri = NULL, *refer_to = NULL;

  g_return_val_if_fail (SIP_IS_SESSION (self), NULL);

  if (!sip_session_check_status (self, SIP_STATUS_BIT (CONFIRMED), error) ||
      !sip_options_check (options, 0, 0, error))
    return NULL;
  uri = sip_ua_normalize_target (sip_session_peek (self)->ua, target, error);
  if (uri == NULL)
    return NULL;
  refer_to = g_strdup_printf ("<%s>", uri);
  return send_refer (self, refer_to, NULL, options);
}

/**
 * sip_session_refer_to_session:
 * @self: a call that is on
 * @session: another call that is on, with the target
 * @options: (nullable): extra headers; active-after-transfer to stay on both lines
 * @error: where a wrong status or option goes
 *
 * Transfers the other side to whom this one talks to in @session: it takes the place of this side
 * there (RFC 3891, RFC 5589 7.2). Both calls are hung up when that is done.
 *
 * Returns: (transfer full): the transfer, or %NULL with @error set
 */
SipReferClientContext *
sip_session_refer_to_session (SipSession *self,
                              SipSession *session,
                              SipOptions *options,
                              GError **error)
{
  const guint talking = SIP_STATUS_BIT (CONFIRMED) | SIP_STATUS_BIT (WAITING_FOR_ACK);
  SipDialog *dialog;
  g_autofree char *replaces = NULL, *escaped = NULL, *uri = NULL, *refer_to = NULL;
  g_autoptr (SipNameAddr) target = NULL;

  g_return_val_if_fail (SIP_IS_SESSION (self), NULL);
  g_return_val_if_fail (SIP_IS_SESSION (session), NULL);

  if (!sip_session_check_status (self, SIP_STATUS_BIT (CONFIRMED), error) ||
      !sip_session_check_status (session, talking, error) ||
      !sip_options_check (options, 0, 0, error))
    return NULL;
  if (self == session) {
    g_set_error_literal (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT,
                         "A call cannot be transferred to itself");
    return NULL;
  }
  dialog = sip_session_peek (session)->dialog;
  replaces = g_strdup_printf (
      "%s;to-tag=%s;from-tag=%s", sip_session_get_call_id (session),
      sip_dialog_get_remote_tag (dialog) != NULL ? sip_dialog_get_remote_tag (dialog) : "0",
      sip_dialog_get_local_tag (dialog));
  escaped = g_uri_escape_string (replaces, NULL, FALSE);
  uri =
      g_strdup_printf ("%s?Replaces=%s&Require=replaces", sip_dialog_get_target (dialog), escaped);
  target = sip_name_addr_new (
      sip_name_addr_get_display_name (sip_session_get_remote_identity (session)), uri);
  refer_to = sip_name_addr_to_string (target);
  return send_refer (self, refer_to, session, options);
}
