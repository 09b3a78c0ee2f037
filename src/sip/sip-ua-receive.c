/* sip-ua-receive.c - what comes in for a user agent
 *
 * Up: SipEndpoint -> sip_ua_receive(): a dialog's request to its session, a new one through the
 *     checks of RFC 3261 8.2 to the method table.
 */

#include "sip-message-private.h"
#include "sip-session-private.h"
#include "sip-ua-private.h"

#include <string.h>

enum { MAX_SESSIONS = 64, MAX_RINGING = 8 };

typedef void (*Receive) (SipUA *self, SipTransaction *transaction, SipMessage *request);

static void
respond (SipUA *self, SipTransaction *transaction, guint code, const char *name, const char *value)
{
  g_autoptr (SipMessage) response =
      sip_message_new_response (sip_transaction_get_request (transaction), code, NULL);
  g_autofree char *tag = sip_random_token ();

  sip_message_set_to_tag (response, tag);
  if (name != NULL)
    sip_message_add_header (response, name, value);
  sip_ua_add_own_headers (self, response);
  sip_transaction_respond (transaction, response);
}

static void
receive_options (SipUA *self, SipTransaction *transaction, SipMessage *request)
{
  respond (self, transaction, 200, "Accept",
           "application/sdp, application/dtmf-relay, application/dtmf");
}

/* The INVITE that came already by another branch (RFC 3261 8.2.2.2). */
static gboolean
is_merged (SipUA *self, SipMessage *request)
{
  g_autofree char *id =
      g_strconcat (sip_message_get_call_id (request), sip_message_get_from_tag (request), NULL);
  GHashTableIter iter;
  gpointer session;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &session)) {
    if (SIP_IS_INVITE_SERVER_CONTEXT (session) && g_str_equal (sip_session_get_id (session), id))
      return TRUE;
  }
  return FALSE;
}

static guint
count_ringing (SipUA *self)
{
  GHashTableIter iter;
  gpointer session;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &session))
    n += sip_session_get_status (session) == SIP_SESSION_STATUS_WAITING_FOR_ANSWER;
  return n;
}

static void
receive_invite (SipUA *self, SipTransaction *transaction, SipMessage *request)
{
  g_autoptr (SipInviteServerContext) session = NULL;
  g_autofree char *contact = sip_message_dup_contact_uri (request);

  if (contact == NULL || sip_message_get_from_tag (request) == NULL) {
    respond (self, transaction, 400, NULL, NULL);
    return;
  }
  if (is_merged (self, request)) {
    respond (self, transaction, 482, NULL, NULL);
    return;
  }
  if (!sip_ua_has_listener (self, SIP_UA_INVITE)) {
    respond (self, transaction, 480, NULL, NULL);
    return;
  }
  if (g_hash_table_size (self->sessions) >= MAX_SESSIONS || count_ringing (self) >= MAX_RINGING) {
    respond (self, transaction, 486, NULL, NULL);
    return;
  }
  session = sip_invite_server_context_new (self, transaction);
  sip_invite_server_context_ring (session);
  sip_ua_emit (self, SIP_UA_INVITE, session);
}

/* What may come outside a dialog. */
static const struct {
  const char *method;
  Receive receive;
} methods[] = {
    {"INVITE", receive_invite},
    {"OPTIONS", receive_options},
};

static void
receive_cancel (SipUA *self, SipTransaction *transaction, SipMessage *request)
{
  SipTransaction *invite = sip_endpoint_find_canceled (self->endpoint, request);
  GHashTableIter iter;
  gpointer value;
  g_autoptr (SipSession) session = NULL;

  if (invite == NULL) {
    respond (self, transaction, 481, NULL, NULL);
    return;
  }
  respond (self, transaction, 200, NULL, NULL);
  g_hash_table_iter_init (&iter, self->sessions);
  while (session == NULL && g_hash_table_iter_next (&iter, NULL, &value)) {
    if (SIP_IS_INVITE_SERVER_CONTEXT (value) && sip_invite_server_context_is_for (value, invite))
      session = g_object_ref (value);
  }
  if (session != NULL)
    sip_invite_server_context_receive_cancel (SIP_INVITE_SERVER_CONTEXT (session), request);
}

/* RFC 3261 8.2.2.1: for our address of record, or for the Contact that we gave. */
static gboolean
is_for_us (SipUA *self, SipMessage *request)
{
  g_autofree char *user = sip_uri_dup_user (sip_message_get_request_uri (request));
  g_autofree char *own = sip_uri_dup_user (self->uri);

  return user != NULL && (g_strcmp0 (user, own) == 0 ||
                          g_str_equal (user, sip_endpoint_get_contact_user (self->endpoint)));
}

gboolean
sip_ua_receive (SipUA *self, SipTransaction *transaction, SipMessage *request)
{
  const char *method = sip_message_get_method (request);
  const char *tag = sip_message_get_to_tag (request);
  const char *require = sip_message_peek_header (request, "Require");
  SipSession *session;

  if (self->status == SIP_UA_STATUS_USER_CLOSED)
    return TRUE;
  if (g_str_equal (method, "CANCEL")) {
    receive_cancel (self, transaction, request);
    return TRUE;
  }
  if (tag != NULL) {
    session = sip_ua_find_session (self, sip_message_get_call_id (request), tag);
    if (session != NULL)
      sip_session_receive (session, transaction, request);
    else
      respond (self, transaction, 481, NULL, NULL);
    return TRUE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++) {
    if (!g_str_equal (methods[i].method, method))
      continue;
    if (!sip_uri_is_valid (sip_message_get_request_uri (request), FALSE))
      respond (self, transaction, 416, NULL, NULL);
    else if (!is_for_us (self, request))
      respond (self, transaction, 404, NULL, NULL);
    else if (require != NULL)
      respond (self, transaction, 420, "Unsupported", require);
    else
      methods[i].receive (self, transaction, request);
    return TRUE;
  }
  respond (self, transaction, 405, NULL, NULL);
  return TRUE;
}

/* The ACK of a 2xx; one for nobody is dropped (RFC 3261 17). */
void
sip_ua_receive_ack (SipUA *self, SipMessage *ack)
{
  const char *tag = sip_message_get_to_tag (ack);
  SipSession *session =
      tag != NULL ? sip_ua_find_session (self, sip_message_get_call_id (ack), tag) : NULL;

  if (session != NULL)
    sip_session_receive_ack (session, ack);
}
