/* peer-server.c - a server on a real socket, of datagrams or of one stream at a time */

#include "peer-server.h"

#include "peer-text.h"

#include <string.h>

struct _PeerServer {
  gboolean is_stream;
  PeerServerFunc func;
  gpointer user_data;
  guint16 port;
  GSocket *socket; /* that listens, or the one of datagrams; NULL while stopped */
  GSource *readable;
  GTlsCertificate *certificate; /* that streams go through TLS with; NULL for without */
  GIOStream *stream;            /* the last that somebody opened */
  GSource *stream_readable;
  GSocketAddress *from; /* of the last datagram */
  GString *received;
  guint n_connections;
  guint n_pings;
  gboolean pongs;
  GSocketAddress *seen; /* what requests of STUN are answered with; NULL: not at all */
};

static void
drop_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* One whole message, or NULL. */
static char *
take_message (PeerServer *self)
{
  char *end = strstr (self->received->str, "\r\n\r\n");
  g_autofree char *length = NULL;
  gsize size;
  char *text;

  if (end == NULL)
    return NULL;
  length = peer_text_header (self->received->str, "Content-Length");
  size = end + 4 - self->received->str + (length != NULL ? g_ascii_strtoull (length, NULL, 10) : 0);
  if (self->received->len < size)
    return NULL;
  text = g_strndup (self->received->str, size);
  g_string_erase (self->received, 0, size);
  return text;
}

static void
take_pings (PeerServer *self)
{
  while (g_str_has_prefix (self->received->str, "\r\n\r\n")) {
    g_string_erase (self->received, 0, 4);
    self->n_pings++;
    if (self->pongs)
      peer_server_say (self, "\r\n");
  }
}

static void
deliver (PeerServer *self)
{
  take_pings (self);
  for (char *text = take_message (self); text != NULL; text = take_message (self)) {
    self->func (self, text, self->user_data);
    g_free (text);
    take_pings (self);
  }
}

/* The handshake of TLS comes with the first bytes. */
static gboolean
on_stream_readable (GPollableInputStream *input, gpointer user_data)
{
  PeerServer *self = user_data;
  char buffer[4096];
  g_autoptr (GError) error = NULL;
  gssize size =
      g_pollable_input_stream_read_nonblocking (input, buffer, sizeof buffer, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;
  if (size <= 0)
    return G_SOURCE_REMOVE;
  g_string_append_len (self->received, buffer, size);
  deliver (self);
  return G_SOURCE_CONTINUE;
}

/* RFC 8489 14.2: the address is mixed with the cookie. */
static void
answer_stun (PeerServer *self, const char *request)
{
  guint8 answer[32] = {0x01, 0x01, 0, 12, 0x21, 0x12, 0xa4, 0x42};
  guint16 port;

  self->n_pings++;
  if (self->seen == NULL)
    return;
  port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (self->seen));
  memcpy (answer + 8, request + 8, 12);
  memcpy (answer + 20, (guint8[]){0, 0x20, 0, 8, 0, 1, (port >> 8) ^ 0x21, (port & 0xff) ^ 0x12},
          8);
  memcpy (answer + 28,
          g_inet_address_to_bytes (
              g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (self->seen))),
          4);
  for (guint i = 0; i < 4; i++)
    answer[28 + i] ^= answer[4 + i];
  g_socket_send_to (self->socket, self->from, (const char *)answer, sizeof answer, NULL, NULL);
}

static void
take_stream (PeerServer *self, GSocket *socket)
{
  GPollableInputStream *input;

  peer_server_hang_up (self);
  self->n_connections++;
  self->stream = G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
  if (self->certificate != NULL) {
    g_autoptr (GIOStream) plain = self->stream;

    self->stream = g_tls_server_connection_new (plain, self->certificate, NULL);
  }
  input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (self->stream));
  self->stream_readable = g_pollable_input_stream_create_source (input, NULL);
  g_source_set_callback (self->stream_readable, G_SOURCE_FUNC (on_stream_readable), self, NULL);
  g_source_attach (self->stream_readable, NULL);
}

static gboolean
on_readable (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  PeerServer *self = user_data;
  char buffer[65536];
  gssize size;

  if (self->is_stream) {
    g_autoptr (GSocket) stream = g_socket_accept (socket, NULL, NULL);

    g_assert_nonnull (stream);
    take_stream (self, stream);
    return G_SOURCE_CONTINUE;
  }
  g_clear_object (&self->from);
  size = g_socket_receive_from (socket, &self->from, buffer, sizeof buffer, NULL, NULL);
  if (size >= 20 && buffer[0] == 0) {
    answer_stun (self, buffer);
    return G_SOURCE_CONTINUE;
  }
  g_string_truncate (self->received, 0);
  g_string_append_len (self->received, buffer, MAX (size, 0));
  deliver (self);
  return G_SOURCE_CONTINUE;
}

static GSocket *
bind_socket (guint16 port, gboolean is_stream, GError **error)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  g_autoptr (GSocket) socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, is_stream ? G_SOCKET_TYPE_STREAM : G_SOCKET_TYPE_DATAGRAM,
                    G_SOCKET_PROTOCOL_DEFAULT, error);

  if (socket == NULL || !g_socket_bind (socket, address, is_stream, error) ||
      (is_stream && !g_socket_listen (socket, error)))
    return NULL;
  return g_steal_pointer (&socket);
}

/* One that a server may leave and come back to, and for either protocol: the system gives it to
 * nobody who asks for any.
 */
static guint16
find_port (void)
{
  for (;;) {
    guint16 port = g_random_int_range (20000, 32000);
    g_autoptr (GSocket) stream = bind_socket (port, TRUE, NULL);
    g_autoptr (GSocket) datagram = bind_socket (port, FALSE, NULL);

    if (stream != NULL && datagram != NULL)
      return port;
  }
}

PeerServer *
peer_server_new (const char *protocol, PeerServerFunc func, gpointer user_data)
{
  return peer_server_new_at (protocol, 0, func, user_data);
}

/* @protocol: UDP or TCP; @port: 0 for one that is free; @func hears every whole message. */
PeerServer *
peer_server_new_at (const char *protocol, guint16 port, PeerServerFunc func, gpointer user_data)
{
  PeerServer *self = g_new0 (PeerServer, 1);

  self->is_stream = g_str_equal (protocol, "TCP");
  self->port = port != 0 ? port : find_port ();
  self->func = func;
  self->user_data = user_data;
  self->received = g_string_new (NULL);
  peer_server_listen (self);
  return self;
}

void
peer_server_free (PeerServer *self)
{
  peer_server_stop (self);
  peer_server_hang_up (self);
  g_clear_object (&self->from);
  g_clear_object (&self->seen);
  g_clear_object (&self->certificate);
  g_string_free (self->received, TRUE);
  g_free (self);
}

guint16
peer_server_get_port (PeerServer *self)
{
  return self->port;
}

/* How many streams were opened. */
guint
peer_server_get_n_connections (PeerServer *self)
{
  return self->n_connections;
}

guint
peer_server_get_n_pings (PeerServer *self)
{
  return self->n_pings;
}

void
peer_server_set_pongs (PeerServer *self, gboolean pongs)
{
  self->pongs = pongs;
}

/* @address: (nullable): what requests of STUN are answered with, NULL for not at all */
void
peer_server_set_stun (PeerServer *self, const char *address, guint16 port)
{
  g_clear_object (&self->seen);
  if (address != NULL)
    self->seen = g_inet_socket_address_new_from_string (address, port);
}

/* Who connects from now on speaks through TLS. */
void
peer_server_set_certificate (PeerServer *self, GTlsCertificate *certificate)
{
  g_set_object (&self->certificate, certificate);
}

/* At the same port each time. */
void
peer_server_listen (PeerServer *self)
{
  g_autoptr (GError) error = NULL;

  self->socket = bind_socket (self->port, self->is_stream, &error);
  g_assert_no_error (error);
  self->readable = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->readable, G_SOURCE_FUNC (on_readable), self, NULL);
  g_source_attach (self->readable, NULL);
}

/* Who wants to connect is refused. */
void
peer_server_stop (PeerServer *self)
{
  drop_source (&self->readable);
  g_clear_object (&self->socket);
}

void
peer_server_hang_up (PeerServer *self)
{
  drop_source (&self->stream_readable);
  g_clear_object (&self->stream);
  g_string_truncate (self->received, 0);
}

/* To who spoke last. */
void
peer_server_say (PeerServer *self, const char *text)
{
  if (self->is_stream)
    g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (self->stream), text,
                                              strlen (text), NULL, NULL, NULL));
  else
    g_assert_cmpint (g_socket_send_to (self->socket, self->from, text, strlen (text), NULL, NULL),
                     ==, strlen (text));
}
