/* sip-endpoint-flow.c - the way to an address: which transport, and to whom
 *
 * Down: find_flow() -> sip_locate_async(), find_host(), SipTransport.
 */

#include "sip-endpoint-private.h"
#include "sip-error.h"
#include "sip-locator-private.h"
#include "sip-message-private.h"
#include "sip-target-private.h"
#include "sip-transport-private.h"

#include <string.h>

typedef struct {
  char *uri;
  SipTarget *target;
  gboolean prefer_stream;
  GSocketAddress *to;
  char *name; /* of the stream that is being opened */
} FlowSearch;

void
sip_flow_free (SipFlow *self)
{
  g_clear_object (&self->transport);
  g_clear_object (&self->to);
  g_free (self);
}

SipFlow *
sip_flow_new (SipTransport *transport, GSocketAddress *to)
{
  SipFlow *flow = g_new0 (SipFlow, 1);

  flow->transport = g_object_ref (transport);
  g_set_object (&flow->to, to);
  return flow;
}

/* "TCP 192.0.2.1:5060", which tells one stream from the other */
char *
sip_endpoint_name_stream (const char *protocol, GSocketAddress *remote)
{
  g_autofree char *host =
      g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote)));

  return g_strdup_printf ("%s %s:%u", protocol, host,
                          g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (remote)));
}

static SipTransport *
find_stream (SipEndpoint *self, const char *name)
{
  for (guint i = 0; i < self->transports->len; i++) {
    SipTransport *transport = g_ptr_array_index (self->transports, i);

    if (g_strcmp0 (g_object_get_data (G_OBJECT (transport), SIP_TRANSPORT_NAME), name) == 0)
      return transport;
  }
  return NULL;
}

/* From now on everything goes by one stream, also while it is not there: nothing of a secured
 * account ever takes another way. */
void
sip_endpoint_expect_outbound (SipEndpoint *self)
{
  if (self->waiting == NULL)
    self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
}

/* What went by a stream that was lost goes by @transport from now on. */
static void
move_transactions (SipEndpoint *self, SipTransport *transport)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->transactions);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    if (!g_ptr_array_find (self->transports, sip_transaction_get_transport (value), NULL))
      sip_transaction_move (value, transport);
  }
}

/* The stream is there; what waits for it goes. */
void
sip_endpoint_set_outbound (SipEndpoint *self, SipTransport *transport)
{
  g_autoptr (GPtrArray) waiting = self->waiting;

  g_set_object (&self->outbound, transport);
  move_transactions (self, transport);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < waiting->len; i++)
    g_task_return_pointer (g_ptr_array_index (waiting, i), sip_flow_new (transport, NULL),
                           (GDestroyNotify)sip_flow_free);
}

/* The stream cannot be had now; what waits for it fails. */
void
sip_endpoint_fail_outbound (SipEndpoint *self, const GError *error)
{
  g_autoptr (GPtrArray) waiting = self->waiting;

  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < waiting->len; i++)
    g_task_return_error (g_ptr_array_index (waiting, i), g_error_copy (error));
}

gboolean
sip_endpoint_has_outbound (SipEndpoint *self)
{
  return self->outbound != NULL;
}

static void
free_search (gpointer data)
{
  FlowSearch *search = data;

  g_free (search->uri);
  g_clear_pointer (&search->target, sip_target_free);
  g_clear_object (&search->to);
  g_free (search->name);
  g_free (search);
}

/* Takes @task. A message too large for a datagram goes in one all the same where no stream can be
 * had (RFC 3261 18.1.1). */
static void
return_datagram (GTask *task)
{
  SipEndpoint *self = g_task_get_source_object (task);
  FlowSearch *search = g_task_get_task_data (task);
  SipTransport *datagram = sip_endpoint_find_datagram (self, search->to);

  if (datagram != NULL)
    g_task_return_pointer (task, sip_flow_new (datagram, search->to),
                           (GDestroyNotify)sip_flow_free);
  else
    g_task_return_new_error (task, SIP_ERROR, SIP_ERROR_TRANSPORT, "No way to %s by %s",
                             search->target->host, search->target->protocol);
  g_object_unref (task);
}

static void
on_stream_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  SipEndpoint *self = g_task_get_source_object (task);
  FlowSearch *search = g_task_get_task_data (task);
  SipTransport *transport = SIP_TRANSPORT (source);
  GError *error = NULL;

  if (sip_transport_open_finish (transport, result, &error)) {
    if (self->transports != NULL)
      sip_endpoint_add_transport (self, transport, search->name);
    g_task_return_pointer (task, sip_flow_new (transport, NULL), (GDestroyNotify)sip_flow_free);
    g_object_unref (task);
    return;
  }
  if (g_str_equal (search->target->protocol, "UDP")) {
    g_error_free (error);
    return_datagram (task);
    return;
  }
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
follow_address (GTask *task, GInetAddress *address)
{
  SipEndpoint *self = g_task_get_source_object (task);
  FlowSearch *search = g_task_get_task_data (task);
  const char *protocol = search->target->protocol;
  SipTransport *known;
  g_autoptr (SipTransport) transport = NULL;

  search->to = g_inet_socket_address_new (address, search->target->port);
  if (g_str_equal (protocol, "UDP") && !search->prefer_stream) {
    return_datagram (task);
    return;
  }
  search->name =
      sip_endpoint_name_stream (g_str_equal (protocol, "UDP") ? "TCP" : protocol, search->to);
  known = find_stream (self, search->name);
  if (known != NULL) {
    g_task_return_pointer (task, sip_flow_new (known, NULL), (GDestroyNotify)sip_flow_free);
    g_object_unref (task);
    return;
  }
  if (protocol[0] == 'W') {
    g_task_return_new_error (task, SIP_ERROR, SIP_ERROR_TRANSPORT,
                             "%s can be reached through its server only", search->target->host);
    g_object_unref (task);
    return;
  }
  transport =
      sip_transport_tcp_new (search->target->host, search->target->port,
                             g_str_equal (protocol, "TLS"), search->target->identity, NULL, NULL);
  sip_transport_open_async (transport, g_task_get_cancellable (task), on_stream_opened, task);
}

static void
on_host (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  g_autoptr (GInetAddress) address =
      sip_endpoint_find_host_finish (SIP_ENDPOINT (source), result, &error);

  if (address != NULL) {
    follow_address (task, address);
    return;
  }
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
resolve (GTask *task)
{
  FlowSearch *search = g_task_get_task_data (task);

  sip_endpoint_find_host_async (g_task_get_source_object (task), search->target,
                                g_task_get_cancellable (task), on_host, task);
}

static void
on_located (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  FlowSearch *search = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) targets = sip_locate_finish (result, &error);

  if (targets == NULL) {
    g_task_return_error (task, error);
    g_object_unref (task);
    return;
  }
  sip_target_free (search->target);
  search->target = sip_target_copy (targets->pdata[0]);
  resolve (task);
}

/* The way to @uri where it is known without asking the network, else NULL. @prefer_stream: what
 * goes there is too large for a datagram. */
SipFlow *
sip_endpoint_peek_flow (SipEndpoint *self, const char *uri, gboolean prefer_stream)
{
  g_autoptr (SipTarget) target = NULL;
  g_autoptr (GSocketAddress) to = NULL;
  g_autofree char *name = NULL;
  SipTransport *stream;
  gboolean is_datagram;

  if (self->outbound != NULL)
    return sip_flow_new (self->outbound, NULL);
  if (self->waiting != NULL)
    return NULL;
  target = sip_target_parse (uri, NULL);
  to = target != NULL ? g_inet_socket_address_new_from_string (target->host, target->port) : NULL;
  if (to == NULL)
    return NULL;
  is_datagram = g_str_equal (target->protocol, "UDP");
  if (is_datagram && !prefer_stream) {
    SipTransport *datagram = sip_endpoint_find_datagram (self, to);

    return datagram != NULL ? sip_flow_new (datagram, to) : NULL;
  }
  name = sip_endpoint_name_stream (is_datagram ? "TCP" : target->protocol, to);
  stream = find_stream (self, name);
  return stream != NULL ? sip_flow_new (stream, NULL) : NULL;
}

/* Takes @task. */
static void
follow (GTask *task)
{
  FlowSearch *search = g_task_get_task_data (task);
  GError *error = NULL;

  search->target = sip_target_parse (search->uri, &error);
  if (search->target == NULL) {
    g_task_return_error (task, error);
    g_object_unref (task);
  } else if (sip_target_is_final (search->target)) {
    resolve (task);
  } else {
    sip_locate_async (search->uri, g_task_get_cancellable (task), on_located, task);
  }
}

/* The server takes datagrams after all; what waits goes its own way. */
void
sip_endpoint_forget_outbound (SipEndpoint *self)
{
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&self->waiting);

  for (guint i = 0; waiting != NULL && i < waiting->len; i++)
    follow (g_object_ref (waiting->pdata[i]));
}

/* Finds the way to @uri, connecting where that is needed. */
void
sip_endpoint_find_flow_async (SipEndpoint *self,
                              const char *uri,
                              gboolean prefer_stream,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  FlowSearch *search = g_new0 (FlowSearch, 1);

  g_task_set_source_tag (task, sip_endpoint_find_flow_async);
  g_task_set_task_data (task, search, free_search);
  search->uri = g_strdup (uri);
  search->prefer_stream = prefer_stream;
  if (self->waiting != NULL) {
    g_ptr_array_add (self->waiting, task);
    return;
  }
  follow (task);
}

SipFlow *
sip_endpoint_find_flow_finish (SipEndpoint *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static char *
dup_host_port (GInetSocketAddress *address)
{
  g_autofree char *host = g_inet_address_to_string (g_inet_socket_address_get_address (address));
  gboolean colons = strchr (host, ':') != NULL;

  return g_strdup_printf ("%s%s%s:%u", colons ? "[" : "", host, colons ? "]" : "",
                          g_inet_socket_address_get_port (address));
}

/* A Via with a branch of its own, for a request that goes by @flow (RFC 3261 18.1.1). */
char *
sip_endpoint_dup_via (SipEndpoint *self, SipFlow *flow)
{
  g_autoptr (GInetSocketAddress) local =
      sip_transport_get_local_address (flow->transport, flow->to);
  g_autofree char *host = local != NULL ? dup_host_port (local) : g_strdup (self->invalid_host);
  g_autofree char *branch = sip_random_token ();

  return g_strdup_printf ("SIP/2.0/%s %s;branch=z9hG4bK%s;rport",
                          sip_transport_get_protocol (flow->transport), host, branch);
}

gboolean
sip_endpoint_is_mapped (SipEndpoint *self)
{
  return self->mapped != NULL;
}

/* A stream that was opened for one large request does not change where we are reached. */
static gboolean
is_mapped_for (SipEndpoint *self, SipTransport *transport, GSocketAddress *to)
{
  GSocketAddress *peer = to != NULL ? to : sip_transport_get_remote_address (transport);

  return self->mapped != NULL && peer != NULL &&
         sip_transport_is_same_address (peer, self->mapped_for);
}

/* Where a response of our server says that it came to, where it was sent from another address:
 * there is a NAT between (RFC 3581 9). NULL where there is none.
 */
static char *
read_mapping (SipMessage *response)
{
  osip_via_t *via = osip_list_get (&sip_message_get_osip (response)->vias, 0);
  osip_generic_param_t *received = NULL, *rport = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  guint64 port = 0, own = 5060;

  osip_via_param_get_byname (via, (char *)"received", &received);
  osip_via_param_get_byname (via, (char *)"rport", &rport);
  if (rport == NULL || rport->gvalue == NULL || via->host == NULL ||
      !g_ascii_string_to_unsigned (rport->gvalue, 10, 1, G_MAXUINT16, &port, NULL))
    return NULL;
  if (via->port != NULL && !g_ascii_string_to_unsigned (via->port, 10, 1, G_MAXUINT16, &own, NULL))
    return NULL;
  address = g_inet_socket_address_new_from_string (
      received != NULL && received->gvalue != NULL ? received->gvalue : via->host, port);
  if (address == NULL)
    return NULL;
  if (port == own && (received == NULL || g_strcmp0 (received->gvalue, via->host) == 0))
    return NULL;
  return dup_host_port (G_INET_SOCKET_ADDRESS (address));
}

/* Returns whether our address for @server is another one now. */
gboolean
sip_endpoint_note_mapping (SipEndpoint *self,
                           SipTransport *transport,
                           GSocketAddress *server,
                           SipMessage *response)
{
  g_autofree char *mapped = NULL;

  if (transport == NULL || transport != self->datagram || server == NULL)
    return FALSE;
  mapped = read_mapping (response);
  if (g_strcmp0 (mapped, self->mapped) == 0)
    return FALSE;
  g_free (self->mapped);
  self->mapped = g_steal_pointer (&mapped);
  g_set_object (&self->mapped_for, server);
  return TRUE;
}

/* What a request of @method says of where we are: to the registrar the truth (RFC 5627 4.1). */
char *
sip_endpoint_dup_contact_for (SipEndpoint *self, SipFlow *flow, const char *method)
{
  if (self->gruu != NULL && !g_str_equal (method, "REGISTER"))
    return g_strdup (self->gruu);
  return sip_endpoint_dup_contact (self, flow->transport, flow->to);
}

/* Where requests reach us from @to. An endpoint that others can connect to names its own port. */
char *
sip_endpoint_dup_contact (SipEndpoint *self, SipTransport *transport, GSocketAddress *to)
{
  g_autoptr (GInetSocketAddress) local = NULL;
  g_autofree char *host = NULL, *protocol = NULL;

  if (self->datagram != NULL) {
    g_autoptr (GInetSocketAddress) near = sip_transport_get_local_address (transport, to);
    SipTransport *datagram =
        near != NULL ? sip_endpoint_find_datagram (self, G_SOCKET_ADDRESS (near)) : NULL;
    g_autoptr (GInetSocketAddress) bound =
        sip_transport_get_local_address (datagram != NULL ? datagram : self->datagram, NULL);
    g_autoptr (GSocketAddress) address =
        g_inet_socket_address_new (g_inet_socket_address_get_address (near != NULL ? near : bound),
                                   g_inet_socket_address_get_port (bound));

    host = is_mapped_for (self, transport, to) ? g_strdup (self->mapped)
                                               : dup_host_port (G_INET_SOCKET_ADDRESS (address));
    return g_strdup_printf ("sip:%s@%s", self->contact_user, host);
  }
  local = sip_transport_get_local_address (transport, to);
  host = local != NULL ? dup_host_port (local) : g_strdup (self->invalid_host);
  protocol = g_ascii_strdown (sip_transport_get_protocol (transport), -1);
  if (g_str_equal (protocol, "wss"))
    protocol[2] = '\0'; /* RFC 7118 5.5: the URI says ws for both */
  return g_strdup_printf ("sip:%s@%s;transport=%s", self->contact_user, host, protocol);
}
