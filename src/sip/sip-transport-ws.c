/* sip-transport-ws.c - SIP in WebSocket frames (RFC 7118), one message to a frame
 *
 * Down: a text frame. Up: on_message() -> sip_transport_receive().
 */

#include "sip-error.h"
#include "sip-identity-private.h"
#include "sip-named-address-private.h"
#include "sip-transport-private.h"

#include <libsoup/soup.h>

enum { PING = 30 }; /* seconds */

#define SIP_TYPE_TRANSPORT_WS (sip_transport_ws_get_type ())
G_DECLARE_FINAL_TYPE (SipTransportWs, sip_transport_ws, SIP, TRANSPORT_WS, GObject)

struct _SipTransportWs {
  GObject parent_instance;

  char *uri;
  GSocketAddress *address; /* of its host; NULL where that is looked for */
  GTlsDatabase *database;  /* NULL for the system's */
  char *pin;               /* the certificate that a person trusts; NULL without */
  SoupMessage *message;    /* while connecting */
  GTlsCertificate *certificate;
  GCancellable *cancellable;
  SoupSession *session;
  SoupWebsocketConnection *connection; /* NULL while not connected */
  GSocketAddress *remote;
};

static void sip_transport_ws_iface_init (SipTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SipTransportWs,
                               sip_transport_ws,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SIP_TYPE_TRANSPORT,
                                                      sip_transport_ws_iface_init))

static void
on_message (SoupWebsocketConnection *connection, int type, GBytes *bytes, gpointer user_data)
{
  g_autoptr (SipTransportWs) self = g_object_ref (user_data);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  sip_transport_note_heard (SIP_TRANSPORT (self), data, size);
  sip_transport_receive (SIP_TRANSPORT (self), data, size, self->remote, FALSE);
}

static void
drop_connection (SipTransportWs *self)
{
  if (self->connection == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->connection, self);
  if (soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  g_clear_object (&self->connection);
}

static void
on_closed (SoupWebsocketConnection *connection, gpointer user_data)
{
  g_autoptr (SipTransportWs) self = g_object_ref (user_data);

  drop_connection (self);
  sip_transport_lost (SIP_TRANSPORT (self), NULL);
}

/* The socket under @stream, with TLS and libsoup's own wrapping between them; or NULL. */
static GSocket *
dup_socket (GIOStream *stream)
{
  static const char *const wraps[] = {"base-io-stream", "base-iostream"};

  if (G_IS_SOCKET_CONNECTION (stream))
    return g_object_ref (g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)));
  for (guint i = 0; i < G_N_ELEMENTS (wraps); i++) {
    g_autoptr (GIOStream) base = NULL;

    if (g_object_class_find_property (G_OBJECT_GET_CLASS (stream), wraps[i]) == NULL)
      continue;
    g_object_get (stream, wraps[i], &base, NULL);
    return base != NULL ? dup_socket (base) : NULL;
  }
  return NULL;
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SipTransportWs *self = g_task_get_source_object (task);
  GError *error = NULL;
  GIOStream *stream;
  g_autoptr (GSocket) socket = NULL;

  self->connection = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);
  if (self->connection == NULL) {
    g_task_return_error (task, error);
    return;
  }
  g_set_object (&self->certificate, soup_message_get_tls_peer_certificate (self->message));
  if (self->pin != NULL &&
      (self->certificate == NULL || !sip_identity_accept (self->certificate, 0, NULL, self->pin))) {
    drop_connection (self);
    g_task_return_new_error (task, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE,
                             "The certificate is not the one that is trusted");
    return;
  }
  if (g_strcmp0 (soup_websocket_connection_get_protocol (self->connection), "sip") != 0) {
    drop_connection (self);
    g_task_return_new_error (task, SIP_ERROR, SIP_ERROR_TRANSPORT,
                             "%s speaks WebSocket, but not SIP in it", self->uri);
    return;
  }
  stream = soup_websocket_connection_get_io_stream (self->connection);
  socket = dup_socket (stream);
  if (socket != NULL) {
    sip_transport_guard (SIP_TRANSPORT (self), socket);
    self->remote = g_socket_get_remote_address (socket, NULL);
  }
  if (self->remote == NULL)
    self->remote = g_inet_socket_address_new_from_string ("0.0.0.0", 0);
  /* Its pings, with the guard of the socket, are what a keep-alive is elsewhere (RFC 7118 6). */
  soup_websocket_connection_set_keepalive_interval (self->connection, PING);
  g_signal_connect_object (self->connection, "message", G_CALLBACK (on_message), self, 0);
  g_signal_connect_object (self->connection, "closed", G_CALLBACK (on_closed), self, 0);
  g_task_return_boolean (task, TRUE);
}

static gboolean
on_certificate (SoupMessage *message,
                GTlsCertificate *certificate,
                GTlsCertificateFlags trouble,
                gpointer user_data)
{
  SipTransportWs *self = user_data;

  g_set_object (&self->certificate, certificate);
  return sip_identity_accept (certificate, trouble, NULL, self->pin);
}

static void
on_event (SoupMessage *message,
          GSocketClientEvent event,
          GIOStream *connection,
          SipTransport *transport)
{
  if (event == G_SOCKET_CLIENT_RESOLVED)
    sip_transport_found (transport);
}

static void
open_connection (SipTransport *transport, GTask *task)
{
  SipTransportWs *self = SIP_TRANSPORT_WS (transport);
  char *protocols[] = {(char *)"sip", NULL};

  self->message = soup_message_new ("GET", self->uri);
  if (self->message == NULL) {
    g_task_return_new_error (task, SIP_ERROR, SIP_ERROR_CONFIGURATION, "“%s” is no address",
                             self->uri);
    return;
  }
  if (self->session == NULL) {
    g_autoptr (GSocketConnectable) host =
        self->address != NULL
            ? sip_named_address_new (g_uri_get_host (soup_message_get_uri (self->message)),
                                     self->address)
            : NULL;

    self->session = soup_session_new_with_options (
        "timeout", 10, "idle-timeout", 0, "local-address", sip_transport_get_place (transport),
        "remote-connectable", host, NULL);
    if (self->database != NULL)
      soup_session_set_tls_database (self->session, self->database);
  }
  g_signal_connect_object (self->message, "accept-certificate", G_CALLBACK (on_certificate), self,
                           0);
  g_signal_connect_object (self->message, "network-event", G_CALLBACK (on_event), self, 0);
  soup_session_websocket_connect_async (self->session, self->message, NULL, protocols,
                                        G_PRIORITY_DEFAULT, self->cancellable, on_connected,
                                        g_object_ref (task));
}

static const char *
get_protocol (SipTransport *transport)
{
  return g_str_has_prefix (SIP_TRANSPORT_WS (transport)->uri, "wss:") ? "WSS" : "WS";
}

/* Nobody can connect to us: RFC 7118 5 has names that end in .invalid instead of an address. */
static GInetSocketAddress *
get_local_address (SipTransport *transport, GSocketAddress *to)
{
  return NULL;
}

static GSocketAddress *
get_remote_address (SipTransport *transport)
{
  return SIP_TRANSPORT_WS (transport)->remote;
}

static GTlsCertificate *
get_certificate (SipTransport *transport)
{
  return SIP_TRANSPORT_WS (transport)->certificate;
}

static gboolean
send_bytes (SipTransport *transport, GBytes *bytes, GSocketAddress *to, GError **error)
{
  SipTransportWs *self = SIP_TRANSPORT_WS (transport);

  if (self->connection == NULL ||
      soup_websocket_connection_get_state (self->connection) != SOUP_WEBSOCKET_STATE_OPEN) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The connection is gone");
    return FALSE;
  }
  /* RFC 7118 4.2: text frames have to be UTF-8, and a body need not be. */
  soup_websocket_connection_send_message (
      self->connection,
      g_utf8_validate_len (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL)
          ? SOUP_WEBSOCKET_DATA_TEXT
          : SOUP_WEBSOCKET_DATA_BINARY,
      bytes);
  return TRUE;
}

static void
close_connection (SipTransport *transport)
{
  SipTransportWs *self = SIP_TRANSPORT_WS (transport);

  g_cancellable_cancel (self->cancellable);
  drop_connection (self);
}

static void
sip_transport_ws_iface_init (SipTransportInterface *iface)
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
sip_transport_ws_dispose (GObject *object)
{
  SipTransportWs *self = SIP_TRANSPORT_WS (object);

  close_connection (SIP_TRANSPORT (self));
  g_clear_object (&self->session);
  g_clear_object (&self->address);
  g_clear_object (&self->remote);
  g_clear_object (&self->message);
  g_clear_object (&self->certificate);
  g_clear_pointer (&self->pin, g_free);
  g_clear_object (&self->database);
  g_clear_pointer (&self->uri, g_free);
  G_OBJECT_CLASS (sip_transport_ws_parent_class)->dispose (object);
}

static void
sip_transport_ws_finalize (GObject *object)
{
  g_clear_object (&SIP_TRANSPORT_WS (object)->cancellable);
  G_OBJECT_CLASS (sip_transport_ws_parent_class)->finalize (object);
}

static void
sip_transport_ws_class_init (SipTransportWsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sip_transport_ws_dispose;
  G_OBJECT_CLASS (klass)->finalize = sip_transport_ws_finalize;
}

static void
sip_transport_ws_init (SipTransportWs *self)
{
  self->cancellable = g_cancellable_new ();
}

/* @uri: ws:// or wss://; @address: (nullable): where its host is, NULL to look for it; @database
 * and @pin: as with sip_transport_tcp_new(); whom the certificate has to name are HTTP's rules (RFC
 * 7118 9).
 */
SipTransport *
sip_transport_ws_new (const char *uri,
                      GSocketAddress *address,
                      GTlsDatabase *database,
                      const char *pin)
{
  SipTransportWs *self = g_object_new (SIP_TYPE_TRANSPORT_WS, NULL);

  self->uri = g_strdup (uri);
  g_set_object (&self->address, address);
  self->pin = g_strdup (pin);
  g_set_object (&self->database, database);
  return SIP_TRANSPORT (self);
}
