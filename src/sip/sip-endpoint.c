/* sip-endpoint.c - where transports and transactions meet
 *
 * Down: find_flow() finds the way to an address, send() makes a client transaction on it.
 * Up:   on_message(): a known branch goes to its transaction; a new request becomes a server
 *       transaction and the signal request, whose first TRUE owns it; an ACK of a 2xx becomes the
 *       signal ack; that nobody listens where a datagram went, the signal refused.
 */

#include "sip-endpoint-private.h"

#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-target-private.h"
#include "sip-transport-private.h"

#include <malloc.h>
#include <string.h>

enum { FLOOD = 512 }; /* transactions at once */

G_DEFINE_FINAL_TYPE (SipEndpoint, sip_endpoint, G_TYPE_OBJECT)

enum { SIGNAL_REQUEST, SIGNAL_ACK, SIGNAL_REFUSED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* What a flood took goes back to the system; the C library alone keeps most of it for ever. */
static void
give_back_memory (SipEndpoint *self)
{
#ifdef __GLIBC__
  if (self->most_transactions >= FLOOD)
    malloc_trim (0);
#endif
  self->most_transactions = 0;
}

static void
on_ended (SipTransaction *transaction, gpointer user_data)
{
  SipEndpoint *self = user_data;

  g_hash_table_remove (self->transactions, sip_transaction_get_key (transaction));
  if (g_hash_table_size (self->transactions) == 0)
    give_back_memory (self);
}

static void
add_transaction (SipEndpoint *self, SipTransaction *transaction)
{
  g_hash_table_replace (self->transactions, (char *)sip_transaction_get_key (transaction),
                        g_object_ref (transaction));
  self->most_transactions = MAX (self->most_transactions, g_hash_table_size (self->transactions));
  g_signal_connect_object (transaction, "ended", G_CALLBACK (on_ended), self, 0);
}

/* RFC 3261 18.2.1 and RFC 3581 4: the topmost Via learns where the request came from. Returns
 * where its responses go. */
static GSocketAddress *
note_source (SipMessage *request, GSocketAddress *from)
{
  osip_via_t *via = osip_list_get (&sip_message_get_osip (request)->vias, 0);
  GInetSocketAddress *source = G_INET_SOCKET_ADDRESS (from);
  g_autofree char *host = g_inet_address_to_string (g_inet_socket_address_get_address (source));
  guint16 port = g_inet_socket_address_get_port (source);
  osip_generic_param_t *rport = NULL;
  g_autofree char *whole = sip_message_get_header (request, "Via");
  g_autofree char *rest = NULL;
  GString *top;
  char *comma;
  guint64 sent_by = 0;

  osip_via_param_get_byname (via, (char *)"rport", &rport);
  if (via->port != NULL)
    g_ascii_string_to_unsigned (via->port, 10, 1, 65535, &sent_by, NULL);
  comma = strchr (whole, ',');
  rest = comma != NULL ? g_strdup (comma) : g_strdup ("");
  if (comma != NULL)
    *comma = '\0';
  top = g_string_new (whole);
  if (rport != NULL && rport->gvalue == NULL) {
    g_string_replace (top, ";rport=", ";", 1);
    g_string_replace (top, ";rport", "", 1);
    g_string_append_printf (top, ";rport=%u", port);
  }
  if (rport != NULL || g_strcmp0 (via->host, host) != 0)
    g_string_append_printf (top, ";received=%s", host);
  g_string_append (top, rest);
  sip_message_set_header (request, "Via", top->str);
  g_string_free (top, TRUE);

  if (rport != NULL)
    return g_object_ref (from);
  return g_inet_socket_address_new (g_inet_socket_address_get_address (source),
                                    sent_by != 0 ? sent_by : 5060);
}

static void
on_request (SipEndpoint *self, SipTransport *transport, SipMessage *request, GSocketAddress *from)
{
  g_autofree char *key = sip_transaction_make_key (request, TRUE);
  SipTransaction *known = g_hash_table_lookup (self->transactions, key);
  gboolean is_ack = g_str_equal (sip_message_get_method (request), "ACK");
  g_autoptr (SipTransaction) transaction = NULL;
  g_autoptr (GSocketAddress) reply_to = NULL;
  gboolean owned = FALSE;

  if (known != NULL)
    sip_transaction_receive (known, request);
  if (is_ack)
    g_signal_emit (self, signals[SIGNAL_ACK], 0, request);
  if (known != NULL || is_ack)
    return;

  reply_to = sip_transport_is_reliable (transport) ? NULL : note_source (request, from);
  transaction = sip_transaction_new_server (self->timers, transport, reply_to, request);
  add_transaction (self, transaction);
  sip_transaction_start (transaction);
  g_signal_emit (self, signals[SIGNAL_REQUEST], 0, transaction, request, &owned);
  if (!owned) {
    g_autoptr (SipMessage) response = sip_message_new_response (request, 501, NULL);
    g_autofree char *tag = sip_random_token ();

    sip_message_set_to_tag (response, tag);
    sip_transaction_respond (transaction, response);
  }
}

static void
on_message (SipTransport *transport, SipMessage *message, GSocketAddress *from, gpointer user_data)
{
  g_autoptr (SipEndpoint) self = g_object_ref (user_data);
  SipTransaction *transaction;
  g_autofree char *key = NULL;

  if (sip_message_get_is_request (message)) {
    on_request (self, transport, message, from);
    return;
  }
  key = sip_transaction_make_key (message, FALSE);
  transaction = g_hash_table_lookup (self->transactions, key);
  if (transaction != NULL)
    sip_transaction_receive (transaction, message);
  else
    g_debug ("A response that nobody waits for: %s", key);
}

/* A stream is gone: what went by it has to know. */
void
sip_endpoint_drop (SipEndpoint *self, SipTransport *transport)
{
  g_autoptr (SipEndpoint) self_guard = g_object_ref (self);
  g_autoptr (SipTransport) guard = g_object_ref (transport);
  g_autoptr (GList) transactions = g_hash_table_get_values (self->transactions);

  if (self->outbound == transport)
    g_clear_object (&self->outbound);
  g_ptr_array_remove (self->transports, transport);
  g_list_foreach (transactions, (GFunc)(void (*) (void))g_object_ref, NULL);
  for (GList *l = transactions; l != NULL; l = l->next) {
    if (sip_transaction_get_transport (l->data) == transport)
      sip_transaction_transport_lost (l->data);
    g_object_unref (l->data);
  }
}

static void
on_closed (SipTransport *transport, GError *error, gpointer user_data)
{
  sip_endpoint_drop (user_data, transport);
}

static void
on_refused (SipTransport *transport, GSocketAddress *to, gpointer user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_REFUSED], 0, to);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  sip_transport_open_finish (SIP_TRANSPORT (source), result, NULL);
}

static gboolean
on_incoming (GSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             gpointer user_data)
{
  SipEndpoint *self = user_data;
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);
  g_autoptr (SipTransport) transport = NULL;
  g_autofree char *name = NULL;

  if (remote == NULL || self->transports->len >= 32)
    return TRUE;
  transport = sip_transport_tcp_new_accepted (connection);
  name = sip_endpoint_name_stream ("TCP", remote);
  sip_endpoint_add_transport (self, transport, name);
  sip_transport_open_async (transport, NULL, on_opened, NULL);
  return TRUE;
}

static void
sip_endpoint_dispose (GObject *object)
{
  SipEndpoint *self = SIP_ENDPOINT (object);

  sip_endpoint_close (self);
  g_clear_object (&self->timers);
  g_clear_object (&self->nat64);
  g_clear_pointer (&self->transactions, g_hash_table_unref);
  g_clear_pointer (&self->known_hosts, g_hash_table_unref);
  g_clear_pointer (&self->vain_streams, g_hash_table_unref);
  g_clear_pointer (&self->transports, g_ptr_array_unref);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_clear_pointer (&self->contact_user, g_free);
  g_clear_pointer (&self->invalid_host, g_free);
  g_clear_pointer (&self->mapped, g_free);
  g_clear_object (&self->mapped_for);
  g_clear_pointer (&self->gruu, g_free);
  G_OBJECT_CLASS (sip_endpoint_parent_class)->dispose (object);
}

static void
sip_endpoint_class_init (SipEndpointClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sip_endpoint_dispose;

  signals[SIGNAL_REQUEST] = g_signal_new (
      "request", SIP_TYPE_ENDPOINT, G_SIGNAL_RUN_LAST, 0, g_signal_accumulator_true_handled, NULL,
      NULL, G_TYPE_BOOLEAN, 2, SIP_TYPE_TRANSACTION, SIP_TYPE_MESSAGE);
  signals[SIGNAL_ACK] = g_signal_new ("ack", SIP_TYPE_ENDPOINT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                      NULL, G_TYPE_NONE, 1, SIP_TYPE_MESSAGE);
  /* Nobody listens where a datagram went to. */
  signals[SIGNAL_REFUSED] = g_signal_new ("refused", SIP_TYPE_ENDPOINT, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_SOCKET_ADDRESS);
}

/* libosip2 tells its troubles to the standard output unless it is given an ear. */
static void
ignore_trace (const char *file,
              int line,
              osip_trace_level_t level,
              const char *format,
              va_list args)
{
}

static void
sip_endpoint_init (SipEndpoint *self)
{
  static gsize once = 0;

  if (g_once_init_enter (&once)) {
    osip_trace_initialize_func (OSIP_BUG, ignore_trace);
    parser_init ();
    g_once_init_leave (&once, 1);
  }
  self->timers = sip_timers_new ();
  self->transactions = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->known_hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->vain_streams = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->transports = g_ptr_array_new_with_free_func (g_object_unref);
  self->contact_user = sip_random_token ();
  self->invalid_host = g_strdup_printf ("%.12s.invalid", self->contact_user + 16);
}

SipEndpoint *
sip_endpoint_new (SipNat64 *nat64)
{
  SipEndpoint *self = g_object_new (SIP_TYPE_ENDPOINT, NULL);

  self->nat64 = g_object_ref (nat64);
  return self;
}

SipTimers *
sip_endpoint_get_timers (SipEndpoint *self)
{
  return self->timers;
}

static gboolean
open_datagram (SipTransport *datagram, GError **error)
{
  g_autoptr (GTask) opened = g_task_new (datagram, NULL, NULL, NULL);

  SIP_TRANSPORT_GET_IFACE (datagram)->open (datagram, opened);
  return g_task_propagate_boolean (opened, error);
}

/* Waits for streams on the port that @datagram got. */
static gboolean
listen_beside (SipEndpoint *self, SipTransport *datagram, GError **error)
{
  g_autoptr (GInetSocketAddress) bound = sip_transport_get_local_address (datagram, NULL);

  if (self->service == NULL) {
    self->service = g_socket_service_new ();
    g_signal_connect_object (self->service, "incoming", G_CALLBACK (on_incoming), self, 0);
  }
  return g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), G_SOCKET_ADDRESS (bound),
                                        G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, NULL,
                                        error);
}

/* A datagram socket beside which, on the same port, streams are waited for (RFC 3261 18.2.1); NULL
 * for none. @host: (nullable): a local address, NULL for any; @port: 0 for one that is free for
 * both. */
static SipTransport *
bind_both (SipEndpoint *self, const char *host, guint16 port, GError **error)
{
  guint tries = port == 0 ? 32 : 1;

  while (tries-- > 0) {
    g_autoptr (SipTransport) datagram = sip_transport_udp_new (host, port);

    if (!open_datagram (datagram, error))
      return NULL;
    if (listen_beside (self, datagram, tries == 0 ? error : NULL)) {
      sip_endpoint_add_transport (self, datagram, NULL);
      return g_steal_pointer (&datagram);
    }
  }
  return NULL;
}

/* @host: (nullable): a local address, NULL for any; @port: 0 for any */
gboolean
sip_endpoint_listen (SipEndpoint *self, const char *host, guint16 port, GError **error)
{
  self->datagram = bind_both (self, host, port, error);
  return self->datagram != NULL;
}

/* @name: (nullable): what tells this stream from others. */
void
sip_endpoint_add_transport (SipEndpoint *self, SipTransport *transport, const char *name)
{
  g_object_set_data_full (G_OBJECT (transport), SIP_TRANSPORT_NAME, g_strdup (name), g_free);
  g_ptr_array_add (self->transports, g_object_ref (transport));
  g_signal_connect_object (transport, "message", G_CALLBACK (on_message), self, 0);
  g_signal_connect_object (transport, "refused", G_CALLBACK (on_refused), self, 0);
  g_signal_connect_object (transport, "closed", G_CALLBACK (on_closed), self, 0);
}

SipTransport *
sip_endpoint_get_datagram (SipEndpoint *self)
{
  return self->datagram;
}

static GSocketFamily
get_family (SipTransport *datagram)
{
  g_autoptr (GInetSocketAddress) bound = sip_transport_get_local_address (datagram, NULL);

  return g_socket_address_get_family (G_SOCKET_ADDRESS (bound));
}

static gboolean
is_at_any_address (SipTransport *datagram)
{
  g_autoptr (GInetSocketAddress) bound = sip_transport_get_local_address (datagram, NULL);

  return g_inet_address_get_is_any (g_inet_socket_address_get_address (bound));
}

/* The socket of the version of IP that leads to @to, or NULL. */
SipTransport *
sip_endpoint_find_datagram (SipEndpoint *self, GSocketAddress *to)
{
  GSocketFamily family = g_socket_address_get_family (to);

  if (self->datagram == NULL || get_family (self->datagram) == family)
    return self->datagram;
  if (self->other == NULL && is_at_any_address (self->datagram))
    self->other = bind_both (self, family == G_SOCKET_FAMILY_IPV6 ? "::" : NULL, 0, NULL);
  return self->other;
}

const char *
sip_endpoint_get_contact_user (SipEndpoint *self)
{
  return self->contact_user;
}

/* @gruu: (nullable): what the registrar gave us */
void
sip_endpoint_set_gruu (SipEndpoint *self, const char *gruu)
{
  g_free (self->gruu);
  self->gruu = g_strdup (gruu);
}

/* Makes a client transaction and lets the caller connect to it before it is started. @request
 * has its Via. */
SipTransaction *
sip_endpoint_send (SipEndpoint *self, SipFlow *flow, SipMessage *request)
{
  SipTransaction *transaction =
      sip_transaction_new_client (self->timers, flow->transport, flow->to, request);

  if (self->transactions != NULL)
    add_transaction (self, transaction);
  return transaction;
}

/* The INVITE that @cancel wants to end (RFC 3261 9.2), or NULL. */
SipTransaction *
sip_endpoint_find_canceled (SipEndpoint *self, SipMessage *cancel)
{
  g_autofree char *key = sip_transaction_make_key (cancel, TRUE);
  g_autofree char *invite = NULL;
  g_auto (GStrv) words = g_strsplit (key, " CANCEL ", 2);

  invite = g_strjoinv (" INVITE ", words);
  return g_hash_table_lookup (self->transactions, invite);
}

guint
sip_endpoint_get_n_transactions (SipEndpoint *self)
{
  return g_hash_table_size (self->transactions);
}

/* Ends everything at once; requests that wait get no answer any more. */
void
sip_endpoint_close (SipEndpoint *self)
{
  if (self->service != NULL) {
    g_socket_service_stop (self->service);
    g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  }
  g_clear_object (&self->service);
  if (self->transports != NULL) {
    for (guint i = 0; i < self->transports->len; i++)
      sip_transport_close (g_ptr_array_index (self->transports, i));
    g_ptr_array_set_size (self->transports, 0);
  }
  g_clear_object (&self->datagram);
  g_clear_object (&self->other);
  g_clear_object (&self->outbound);
  if (self->waiting != NULL) {
    g_autoptr (GError) error =
        g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The user agent was stopped");

    sip_endpoint_fail_outbound (self, error);
  }
  if (self->transactions != NULL)
    g_hash_table_remove_all (self->transactions);
}
