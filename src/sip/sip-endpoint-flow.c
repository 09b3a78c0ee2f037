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

/* In milliseconds: so long a message that may go in a datagram, too, waits for a stream, and so
 * long nothing waits for one there again.
 */
enum { PATIENCE = 3 * 1000, VAIN = 10 * 60 * 1000 };

enum { MAX_VAIN = 64 };

typedef struct {
  char *uri;
  SipTarget *target;
  gboolean prefer_stream;
  GSocketAddress *to;
  char *name;           /* of the stream that is being opened */
  SipTransport *stream; /* that one, while a datagram would do as well */
  SipTimers *timers;
  guint late_id; /* likewise */
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
  g_clear_pointer (&self->mapped, g_free);
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

static gboolean
is_vain (SipEndpoint *self, const char *name)
{
  gint64 *until = g_hash_table_lookup (self->vain_streams, name);

  return until != NULL && sip_timers_now () < *until;
}

static void
note_vain (SipEndpoint *self, const char *name)
{
  gint64 *until = g_new (gint64, 1);

  *until = sip_timers_now () + VAIN;
  if (g_hash_table_size (self->vain_streams) >= MAX_VAIN)
    g_hash_table_remove_all (self->vain_streams);
  g_hash_table_replace (self->vain_streams, g_strdup (name), until);
}

static void
stop_waiting (FlowSearch *search)
{
  if (search->timers != NULL)
    sip_timers_clear (search->timers, &search->late_id);
  g_clear_object (&search->timers);
  g_clear_object (&search->stream);
}

static void
free_search (gpointer data)
{
  FlowSearch *search = data;

  stop_waiting (search);
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

  stop_waiting (search);
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

/* Whoever drops what opens a stream, and does not refuse it, would hold up every large message. */
static void
on_late (gpointer user_data)
{
  GTask *task = user_data;
  FlowSearch *search = g_task_get_task_data (task);

  search->late_id = 0;
  note_vain (g_task_get_source_object (task), search->name);
  sip_transport_close (search->stream);
}

static void
follow_address (GTask *task, GInetAddress *address)
{
  SipEndpoint *self = g_task_get_source_object (task);
  FlowSearch *search = g_task_get_task_data (task);
  const char *protocol = search->target->protocol;
  g_autofree char *host = sip_nat64_dup_host (self->nat64, search->target->host);
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
  if (g_str_equal (protocol, "UDP") && is_vain (self, search->name)) {
    return_datagram (task);
    return;
  }
  if (protocol[0] == 'W') {
    g_task_return_new_error (task, SIP_ERROR, SIP_ERROR_TRANSPORT,
                             "%s can be reached through its server only", search->target->host);
    g_object_unref (task);
    return;
  }
  transport = sip_transport_tcp_new (host, search->target->port, g_str_equal (protocol, "TLS"),
                                     search->target->identity, NULL, NULL);
  if (g_str_equal (protocol, "UDP")) {
    search->stream = g_object_ref (transport);
    search->timers = g_object_ref (self->timers);
    search->late_id = sip_timers_add (self->timers, PATIENCE, on_late, task);
  }
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
  g_autofree char *host = NULL, *name = NULL;
  SipTransport *stream;
  gboolean is_datagram;

  if (self->outbound != NULL)
    return sip_flow_new (self->outbound, NULL);
  if (self->waiting != NULL)
    return NULL;
  target = sip_target_parse (uri, NULL);
  host = target != NULL ? sip_nat64_dup_host (self->nat64, target->host) : NULL;
  to = host != NULL ? g_inet_socket_address_new_from_string (host, target->port) : NULL;
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
