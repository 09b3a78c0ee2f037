/* sip-ua-receive.c - what comes in for a user agent
 *
 * Up: SipEndpoint -> sip_ua_receive(): a dialog's request to its session, a new one through the
 *     checks of RFC 3261 8.2 to the method table.
 */

#include "sip-message-private.h"
#include "sip-refer-server-context-private.h"
#include "sip-request-server-context-private.h"
#include "sip-session-private.h"
#include "sip-subscription-private.h"
#include "sip-transport-private.h"
#include "sip-ua-private.h"

#include <string.h>

enum { MAX_SESSIONS = 512, MAX_RINGING = 8 };

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
  respond (self, transaction, 200, "Accept", SIP_ACCEPTED_TYPES);
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

/* A parameter of a Replaces header, or NULL. */
static char *
dup_parameter (char **words, const char *name)
{
  gsize length = strlen (name);

  for (gsize i = 1; words[0] != NULL && words[i] != NULL; i++) {
    if (g_ascii_strncasecmp (words[i], name, length) == 0 && words[i][length] == '=')
      return g_strdup (words[i] + length + 1);
  }
  return NULL;
}

/* RFC 3891 3: the session that a new one is to take the place of. A status where that cannot be,
 * 0 where it can or where nothing is to be replaced. */
static guint
find_replacee (SipUA *self, SipMessage *invite, SipSession **replacee)
{
  const guint talking = SIP_STATUS_BIT (CONFIRMED) | SIP_STATUS_BIT (WAITING_FOR_ACK);
  g_auto (GStrv) values = sip_message_get_headers (invite, "Replaces");
  g_auto (GStrv) words = NULL;
  g_autofree char *local = NULL, *remote = NULL;
  SipSession *session;

  *replacee = NULL;
  if (values[0] == NULL || self->replaces == SIP_SUPPORT_NONE)
    return 0;
  words = g_strsplit (values[0], ";", 8);
  for (gsize i = 0; words[i] != NULL; i++)
    g_strstrip (words[i]);
  local = dup_parameter (words, "to-tag");
  remote = dup_parameter (words, "from-tag");
  if (values[1] != NULL || local == NULL || remote == NULL)
    return 400;
  session = sip_ua_find_session (self, words[0], local);
  if (session == NULL || SIP_SESSION_GET_CLASS (session)->find_dialog (session, remote) == NULL)
    return 481;
  if (sip_session_get_status (session) == SIP_SESSION_STATUS_CANCELED)
    return 603;
  if ((talking & (1u << sip_session_get_status (session))) != 0) {
    if (g_strv_contains ((const char *const *)words, "early-only"))
      return 486;
  } else if (SIP_IS_INVITE_SERVER_CONTEXT (session)) {
    return 481;
  }
  *replacee = session;
  return 0;
}

static void
receive_invite (SipUA *self, SipTransaction *transaction, SipMessage *request)
{
  g_autoptr (SipInviteServerContext) session = NULL;
  g_autofree char *contact = sip_message_dup_contact_uri (request);
  SipSession *replacee = NULL;
  guint code;

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
  if (self->rel100 == SIP_SUPPORT_REQUIRED &&
      !sip_message_has_option (request, "Supported", "100rel") &&
      !sip_message_has_option (request, "Require", "100rel")) {
    respond (self, transaction, 421, "Require", "100rel");
    return;
  }
  if (sip_session_timer_is_short (request)) {
    respond (self, transaction, 422, "Min-SE", SIP_MIN_SE_TEXT);
    return;
  }
  code = find_replacee (self, request, &replacee);
  if (code != 0) {
    respond (self, transaction, code, NULL, NULL);
    return;
  }
  if (g_hash_table_size (self->sessions) >= MAX_SESSIONS || count_ringing (self) >= MAX_RINGING) {
    respond (self, transaction, 486, NULL, NULL);
    return;
  }
  session = sip_invite_server_context_new (self, transaction, replacee);
  sip_session_note_allow (SIP_SESSION (session), request);
  sip_invite_server_context_ring (session);
  sip_ua_emit (self, SIP_UA_INVITE, session);
}

static void
receive_message (SipUA *self, SipTransaction *transaction, SipMessage *request)
{
  g_autoptr (SipRequestServerContext) context = NULL;

  if (!sip_ua_has_listener (self, SIP_UA_MESSAGE)) {
    respond (self, transaction, 480, NULL, NULL);
    return;
  }
  respond (self, transaction, 200, NULL, NULL);
  context = sip_request_server_context_new (self, request);
  sip_ua_emit (self, SIP_UA_MESSAGE, context);
}

static void
receive_notify (SipUA *self, SipTransaction *transaction, SipMessage *request)
{
  if (!sip_ua_has_listener (self, SIP_UA_NOTIFY_RECEIVED)) {
    respond (self, transaction, 481, NULL, NULL);
    return;
  }
  respond (self, transaction, 200, NULL, NULL);
  sip_ua_emit (self, SIP_UA_NOTIFY_RECEIVED, request);
}

/* Never followed without the program's consent. */
static void
receive_refer (SipUA *self, SipTransaction *transaction, SipMessage *request)
{
  g_autofree char *contact = sip_message_dup_contact_uri (request), *tag = sip_random_token ();
  guint wrong = contact != NULL ? sip_refer_server_context_check (request) : 400;
  g_autoptr (SipDialog) dialog = NULL;
  g_autoptr (SipReferServerContext) context = NULL;

  if (self->refer_policy == SIP_REFER_POLICY_DENY)
    wrong = 603;
  else if (!sip_ua_has_listener (self, SIP_UA_OUT_OF_DIALOG_REFER_REQUESTED))
    wrong = 405;
  else if (self->referrals->len >= MAX_RINGING)
    wrong = 486;
  if (wrong != 0) {
    respond (self, transaction, wrong, NULL, NULL);
    return;
  }
  dialog = sip_dialog_new_server (request, tag);
  context = sip_refer_server_context_new (self, NULL, dialog, transaction);
  g_ptr_array_add (self->referrals, g_object_ref (context));
  sip_ua_emit (self, SIP_UA_OUT_OF_DIALOG_REFER_REQUESTED, context);
  sip_refer_server_context_wait (context);
}

/* Nothing here can be subscribed to. */
static void
receive_subscribe (SipUA *self, SipTransaction *transaction, SipMessage *request)
{
  respond (self, transaction, 489, NULL, NULL);
}

/* What may come outside a dialog. */
static const struct {
  const char *method;
  Receive receive;
} methods[] = {
    {"INVITE", receive_invite},   {"MESSAGE", receive_message}, {"NOTIFY", receive_notify},
    {"OPTIONS", receive_options}, {"REFER", receive_refer},     {"SUBSCRIBE", receive_subscribe},
};

static void
receive_cancel (SipUA *self, SipTransaction *transaction, SipMessage *request)
{
  SipTransaction *invite = sip_endpoint_find_canceled (self->endpoint, request);
  const char *tag = sip_message_get_to_tag (request);
  GHashTableIter iter;
  gpointer value;
  g_autoptr (SipSession) session = NULL;

  if (invite == NULL) {
    respond (self, transaction, 481, NULL, NULL);
    return;
  }
  respond (self, transaction, 200, NULL, NULL);
  if (tag != NULL) {
    SipSession *changed = sip_ua_find_session (self, sip_message_get_call_id (request), tag);

    if (changed != NULL)
      sip_session_receive_cancel (changed, invite);
    return;
  }
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

static GSocketAddress *
get_source (SipTransaction *transaction)
{
  GSocketAddress *peer = sip_transaction_get_peer (transaction);

  return peer != NULL
             ? peer
             : sip_transport_get_remote_address (sip_transaction_get_transport (transaction));
}

static gboolean
is_same_host (GSocketAddress *a, GSocketAddress *b)
{
  return G_IS_INET_SOCKET_ADDRESS (a) && G_IS_INET_SOCKET_ADDRESS (b) &&
         g_inet_address_equal (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (a)),
                               g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (b)));
}

/* Whether it comes past our server from one who was not told where we are: nobody but who looks
 * through the ports of all the world. He does not even learn that there is a phone.
 */
static gboolean
is_stranger (SipUA *self, SipTransaction *transaction, SipMessage *request)
{
  g_autofree char *user = sip_uri_dup_user (sip_message_get_request_uri (request));

  return self->target != NULL && sip_transaction_get_transport (transaction) != self->stream &&
         g_strcmp0 (user, sip_endpoint_get_contact_user (self->endpoint)) != 0 &&
         !is_same_host (get_source (transaction), self->server_address);
}

gboolean
sip_ua_receive (SipUA *self, SipTransaction *transaction, SipMessage *request)
{
  const char *method = sip_message_get_method (request);
  const char *tag = sip_message_get_to_tag (request);
  g_autofree char *unsupported = NULL;
  SipSession *session;

  if (self->status == SIP_UA_STATUS_USER_CLOSED)
    return TRUE;
  if (tag == NULL && is_stranger (self, transaction, request)) {
    sip_transaction_stop (transaction);
    return TRUE;
  }
  if (g_str_equal (method, "CANCEL")) {
    receive_cancel (self, transaction, request);
    return TRUE;
  }
  if (tag != NULL) {
    g_autofree char *key = g_strdup_printf ("%s %s", sip_message_get_call_id (request), tag);
    SipSubscription *subscription = g_hash_table_lookup (self->subscriptions, key);

    session = g_hash_table_lookup (self->sessions, key);
    if (session != NULL)
      sip_session_receive (session, transaction, request);
    else if (subscription != NULL)
      sip_subscription_receive (subscription, transaction, request);
    else if (is_stranger (self, transaction, request))
      sip_transaction_stop (transaction);
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
    else if ((unsupported = sip_ua_list_unsupported (self, request)) != NULL)
      respond (self, transaction, 420, "Unsupported", unsupported);
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
