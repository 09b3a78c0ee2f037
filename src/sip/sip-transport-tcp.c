/* sip-transport-tcp.c - SIP in a stream, plain or through TLS (RFC 3261 18.3)
 *
 * One connection to one peer, made by us or accepted. Down: a queue of messages -> the stream.
 * Up: bytes -> buffer -> one whole message after the other -> sip_transport_receive().
 */

#include "sip-identity-private.h"
#include "sip-message-private.h"
#include "sip-target-private.h"
#include "sip-transport-private.h"

#include <string.h>

enum {
  CONNECT_TIMEOUT = 10, /* seconds */
  READ_SIZE = 16384,
  MAX_QUEUED = 1024 * 1024, /* bytes that a peer may leave unread */
};

#define SIP_TYPE_TRANSPORT_TCP (sip_transport_tcp_get_type ())
G_DECLARE_FINAL_TYPE (SipTransportTcp, sip_transport_tcp, SIP, TRANSPORT_TCP, GObject)

struct _SipTransportTcp {
  GObject parent_instance;

  char *host;
  guint16 port;
  gboolean secure;
  char *identity;         /* whom the certificate has to name */
  GTlsDatabase *database; /* NULL for the system's */
  char *pin;              /* the certificate that a person trusts; NULL without */

  GCancellable *cancellable;
  GSocketConnection *connection;
  GIOStream *stream; /* the connection, or TLS over it */
  GSocketAddress *remote;
  GTlsCertificate *certificate; /* of the other end */
  GByteArray *received;
  GQueue queue; /* of GBytes; the first one is being written */
  gsize queued;
};

static void sip_transport_tcp_iface_init (SipTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SipTransportTcp,
                               sip_transport_tcp,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SIP_TYPE_TRANSPORT,
                                                      sip_transport_tcp_iface_init))

static void read_on (SipTransportTcp *self);
static void write_on (SipTransportTcp *self);

static gboolean
is_open (SipTransportTcp *self)
{
  return self->stream != NULL;
}

static void
close_connection (SipTransport *transport)
{
  SipTransportTcp *self = SIP_TRANSPORT_TCP (transport);

  g_cancellable_cancel (self->cancellable);
  if (self->connection != NULL)
    g_socket_close (g_socket_connection_get_socket (self->connection), NULL);
  g_clear_object (&self->stream);
  g_clear_object (&self->connection);
  g_queue_clear_full (&self->queue, (GDestroyNotify)g_bytes_unref);
  self->queued = 0;
}

static void
fail (SipTransportTcp *self, const GError *error)
{
  if (!is_open (self))
    return;
  close_connection (SIP_TRANSPORT (self));
  sip_transport_lost (SIP_TRANSPORT (self), error);
}

/* Takes whole messages off the buffer; FALSE where the peer no longer speaks SIP. */
static gboolean
deliver (SipTransportTcp *self)
{
  gssize size;

  while (is_open (self) && self->received->len > 0) {
    g_autofree char *message = NULL;

    size = sip_message_measure ((const char *)self->received->data, self->received->len);
    if (size <= 0)
      return size == 0;
    message = g_memdup2 (self->received->data, size);
    g_byte_array_remove_range (self->received, 0, size);
    sip_transport_receive (SIP_TRANSPORT (self), message, size, self->remote, TRUE);
  }
  return TRUE;
}

/* RFC 5626 4.4.1: a ping of two line ends is answered with one. */
static void
answer_pings (SipTransportTcp *self)
{
  while (self->received->len >= 4 && memcmp (self->received->data, "\r\n\r\n", 4) == 0) {
    g_autoptr (GBytes) pong = g_bytes_new_static ("\r\n", 2);

    g_byte_array_remove_range (self->received, 0, 4);
    sip_transport_send (SIP_TRANSPORT (self), pong, NULL, NULL);
  }
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipTransportTcp) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (bytes == NULL || g_bytes_get_size (bytes) == 0) {
    if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      fail (self, error);
    return;
  }
  sip_transport_note_heard (SIP_TRANSPORT (self), g_bytes_get_data (bytes, NULL),
                            g_bytes_get_size (bytes));
  g_byte_array_append (self->received, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  answer_pings (self);
  if (!deliver (self)) {
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         "What came is not a message of SIP");
    fail (self, error);
    return;
  }
  read_on (self);
}

static void
read_on (SipTransportTcp *self)
{
  if (!is_open (self))
    return;
  g_input_stream_read_bytes_async (g_io_stream_get_input_stream (self->stream), READ_SIZE,
                                   G_PRIORITY_DEFAULT, self->cancellable, on_read,
                                   g_object_ref (self));
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipTransportTcp) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error)) {
    if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      fail (self, error);
    return;
  }
  bytes = g_queue_pop_head (&self->queue);
  if (bytes != NULL)
    self->queued -= g_bytes_get_size (bytes);
  write_on (self);
}

static void
write_on (SipTransportTcp *self)
{
  GBytes *bytes = g_queue_peek_head (&self->queue);

  if (bytes == NULL || !is_open (self))
    return;
  g_output_stream_write_all_async (g_io_stream_get_output_stream (self->stream),
                                   g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                   G_PRIORITY_DEFAULT, self->cancellable, on_written,
                                   g_object_ref (self));
}

static void
set_connected (SipTransportTcp *self, GIOStream *stream)
{
  self->stream = g_object_ref (stream);
  sip_transport_guard (SIP_TRANSPORT (self), g_socket_connection_get_socket (self->connection));
  read_on (self);
}

static gboolean
on_certificate (GTlsConnection *tls,
                GTlsCertificate *certificate,
                GTlsCertificateFlags trouble,
                gpointer user_data)
{
  SipTransportTcp *self = user_data;

  g_set_object (&self->certificate, certificate);
  return sip_identity_accept (certificate, trouble, self->identity, self->pin);
}

static void
on_handshake (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SipTransportTcp *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, &error)) {
    close_connection (SIP_TRANSPORT (self));
    g_task_return_error (task, error);
    return;
  }
  g_set_object (&self->certificate,
                g_tls_connection_get_peer_certificate (G_TLS_CONNECTION (source)));
  /* The system takes wildcards, and does not know of pins. */
  if (!sip_identity_accept (self->certificate, 0, self->identity, self->pin)) {
    close_connection (SIP_TRANSPORT (self));
    g_task_return_new_error (task, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE,
                             "The certificate is not one of %s", self->identity);
    return;
  }
  set_connected (self, G_IO_STREAM (source));
  g_task_return_boolean (task, TRUE);
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SipTransportTcp *self = g_task_get_source_object (task);
  g_autoptr (GIOStream) tls = NULL;
  g_autoptr (GSocketConnectable) identity = NULL;
  GError *error = NULL;

  self->connection =
      g_socket_client_connect_to_host_finish (G_SOCKET_CLIENT (source), result, &error);
  if (self->connection == NULL) {
    g_task_return_error (task, error);
    return;
  }
  g_socket_set_timeout (g_socket_connection_get_socket (self->connection), 0);
  self->remote = g_socket_connection_get_remote_address (self->connection, NULL);
  if (self->remote != NULL &&
      !sip_host_check_address (
          self->host, g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (self->remote)),
          &error)) {
    close_connection (SIP_TRANSPORT (self));
    g_task_return_error (task, error);
    return;
  }
  if (!self->secure) {
    set_connected (self, G_IO_STREAM (self->connection));
    g_task_return_boolean (task, TRUE);
    return;
  }
  identity = g_network_address_new (self->identity, self->port);
  tls = g_tls_client_connection_new (G_IO_STREAM (self->connection), identity, &error);
  if (tls == NULL) {
    g_task_return_error (task, error);
    return;
  }
  if (self->database != NULL)
    g_tls_connection_set_database (G_TLS_CONNECTION (tls), self->database);
  g_signal_connect_object (tls, "accept-certificate", G_CALLBACK (on_certificate), self, 0);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (tls), G_PRIORITY_DEFAULT, self->cancellable,
                                    on_handshake, g_steal_pointer (&task));
}

static void
on_event (GSocketClient *client,
          GSocketClientEvent event,
          GSocketConnectable *host,
          GIOStream *connection,
          SipTransport *transport)
{
  if (event == G_SOCKET_CLIENT_RESOLVED)
    sip_transport_found (transport);
}

static void
open_connection (SipTransport *transport, GTask *task)
{
  SipTransportTcp *self = SIP_TRANSPORT_TCP (transport);
  g_autoptr (GSocketClient) client = NULL;

  if (self->connection != NULL) {
    set_connected (self, G_IO_STREAM (self->connection));
    g_task_return_boolean (task, TRUE);
    return;
  }
  client = g_socket_client_new ();
  g_socket_client_set_timeout (client, CONNECT_TIMEOUT);
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_local_address (client, sip_transport_get_place (transport));
  g_signal_connect_object (client, "event", G_CALLBACK (on_event), transport, 0);
  g_socket_client_connect_to_host_async (client, self->host, self->port, self->cancellable,
                                         on_connected, g_object_ref (task));
}

static const char *
get_protocol (SipTransport *transport)
{
  return SIP_TRANSPORT_TCP (transport)->secure ? "TLS" : "TCP";
}

static GInetSocketAddress *
get_local_address (SipTransport *transport, GSocketAddress *to)
{
  SipTransportTcp *self = SIP_TRANSPORT_TCP (transport);

  if (self->connection == NULL)
    return NULL;
  return G_INET_SOCKET_ADDRESS (g_socket_connection_get_local_address (self->connection, NULL));
}

static GSocketAddress *
get_remote_address (SipTransport *transport)
{
  return SIP_TRANSPORT_TCP (transport)->remote;
}

static GTlsCertificate *
get_certificate (SipTransport *transport)
{
  return SIP_TRANSPORT_TCP (transport)->certificate;
}

static gboolean
send_bytes (SipTransport *transport, GBytes *bytes, GSocketAddress *to, GError **error)
{
  SipTransportTcp *self = SIP_TRANSPORT_TCP (transport);

  if (!is_open (self) || self->queued > MAX_QUEUED) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The connection is gone");
    return FALSE;
  }
  self->queued += g_bytes_get_size (bytes);
  g_queue_push_tail (&self->queue, g_bytes_ref (bytes));
  if (g_queue_get_length (&self->queue) == 1)
    write_on (self);
  return TRUE;
}

static void
sip_transport_tcp_iface_init (SipTransportInterface *iface)
{
  iface->get_protocol = get_protocol;
  iface->get_local_address = get_local_address;
  iface->get_remote_address = get_remote_address;
  iface->get_certificate = get_certificate;
  iface->open = open_connection;
  iface->send = send_bytes;
  iface->close = close_connection;
}

static void
sip_transport_tcp_dispose (GObject *object)
{
  SipTransportTcp *self = SIP_TRANSPORT_TCP (object);

  close_connection (SIP_TRANSPORT (self));
  g_clear_object (&self->remote);
  g_clear_object (&self->certificate);
  g_clear_pointer (&self->pin, g_free);
  g_clear_object (&self->database);
  g_clear_pointer (&self->host, g_free);
  g_clear_pointer (&self->identity, g_free);
  G_OBJECT_CLASS (sip_transport_tcp_parent_class)->dispose (object);
}

static void
sip_transport_tcp_finalize (GObject *object)
{
  SipTransportTcp *self = SIP_TRANSPORT_TCP (object);

  g_clear_object (&self->cancellable);
  g_byte_array_unref (self->received);
  G_OBJECT_CLASS (sip_transport_tcp_parent_class)->finalize (object);
}

static void
sip_transport_tcp_class_init (SipTransportTcpClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sip_transport_tcp_dispose;
  G_OBJECT_CLASS (klass)->finalize = sip_transport_tcp_finalize;
}

static void
sip_transport_tcp_init (SipTransportTcp *self)
{
  self->cancellable = g_cancellable_new ();
  self->received = g_byte_array_new ();
  g_queue_init (&self->queue);
}

/* @identity: whom the certificate of @host has to name (RFC 5922); @database: (nullable): whom to
 * trust, NULL for whom the system trusts; @pin: (nullable): the fingerprint of the one certificate
 * that is trusted, whatever the system says.
 */
SipTransport *
sip_transport_tcp_new (const char *host,
                       guint16 port,
                       gboolean secure,
                       const char *identity,
                       GTlsDatabase *database,
                       const char *pin)
{
  SipTransportTcp *self = g_object_new (SIP_TYPE_TRANSPORT_TCP, NULL);

  self->host = g_strdup (host);
  self->port = port;
  self->secure = secure;
  self->identity = g_strdup (identity);
  self->pin = g_strdup (pin);
  g_set_object (&self->database, database);
  return SIP_TRANSPORT (self);
}

SipTransport *
sip_transport_tcp_new_accepted (GSocketConnection *connection)
{
  SipTransportTcp *self = g_object_new (SIP_TYPE_TRANSPORT_TCP, NULL);

  self->connection = g_object_ref (connection);
  self->remote = g_socket_connection_get_remote_address (connection, NULL);
  return SIP_TRANSPORT (self);
}
