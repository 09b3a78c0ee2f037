/* sip-transport.c - a way that messages take
 *
 * Down: sip_transport_send() -> the implementation's socket.
 * Up:   the implementation's bytes -> sip_transport_receive() -> the guard -> signal message.
 */

#include "sip-message-private.h"
#include "sip-stun-private.h"
#include "sip-timers-private.h"
#include "sip-transport-private.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

enum { UNCONFIRMED = 15000 }; /* milliseconds */

/**
 * SipTransport:
 *
 * A way to carry messages: datagrams, a stream, or a WebSocket (RFC 3261 18, RFC 7118).
 *
 * A program meets one only in the signals of a [class@Sip.UA], to tell how its server is reached.
 */
G_DEFINE_INTERFACE (SipTransport, sip_transport, G_TYPE_OBJECT)

enum { SIGNAL_FOUND, SIGNAL_MESSAGE, SIGNAL_BINDING, SIGNAL_REFUSED, SIGNAL_CLOSED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
sip_transport_default_init (SipTransportInterface *iface)
{
  /**
   * SipTransport::found:
   * @self: the transport
   *
   * The name of the other side led to an address, to which a connection is made now.
   */
  signals[SIGNAL_FOUND] = g_signal_new ("found", SIP_TYPE_TRANSPORT, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  /**
   * SipTransport::message:
   * @self: the transport
   * @message: what arrived
   * @from: where it came from
   *
   * A message arrived whole and well-formed.
   */
  signals[SIGNAL_MESSAGE] =
      g_signal_new ("message", SIP_TYPE_TRANSPORT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, SIP_TYPE_MESSAGE, G_TYPE_SOCKET_ADDRESS);
  /**
   * SipTransport::binding:
   * @self: the transport
   * @bytes: what arrived
   * @from: where it came from
   *
   * A message of STUN arrived (RFC 8489), which keeps a way open (RFC 5626 4.4.2).
   */
  signals[SIGNAL_BINDING] =
      g_signal_new ("binding", SIP_TYPE_TRANSPORT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_BYTES, G_TYPE_SOCKET_ADDRESS);
  /**
   * SipTransport::refused:
   * @self: the transport
   * @to: where a datagram went to
   *
   * Nobody listens there (RFC 3261 18.4).
   */
  signals[SIGNAL_REFUSED] = g_signal_new ("refused", SIP_TYPE_TRANSPORT, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_SOCKET_ADDRESS);
  /**
   * SipTransport::closed:
   * @self: the transport
   * @error: (nullable): why; %NULL where the other side just ended it
   *
   * The connection is gone; nothing can be sent any more.
   */
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", SIP_TYPE_TRANSPORT, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

/* An INFO tells what was pressed in a call, which may be a secret number. */
static void
leave_out_digits (char *text)
{
  char *body = g_str_has_prefix (text, "INFO ") ? strstr (text, "\r\n\r\n") : NULL;

  if (body != NULL)
    body[strlen ("\r\n\r\n")] = '\0';
}

/* Whole messages go to the log domain "sip-wire" only, which nobody sees without asking; what
 * proves a password, the keys of the sound, and those that were pressed, stay out of it all the
 * same.
 */
static void
log_wire (SipTransport *self, const char *arrow, const char *data, gsize size)
{
  static const char *const secret[] = {"Authorization:",
                                       "Proxy-Authorization:",
                                       "Authentication-Info:",
                                       "Proxy-Authentication-Info:",
                                       "a=crypto:",
                                       "a=ice-pwd:",
                                       NULL};
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, "sip-wire"))
    return;
  text = g_utf8_make_valid (data, size);
  leave_out_digits (text);
  lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++) {
    for (gsize s = 0; secret[s] != NULL; s++) {
      if (g_ascii_strncasecmp (lines[i], secret[s], strlen (secret[s])) == 0) {
        g_free (lines[i]);
        lines[i] = g_strdup_printf ("%s (left out)", secret[s]);
      }
    }
  }
  g_clear_pointer (&text, g_free);
  text = g_strjoinv ("\n", lines);
  g_log ("sip-wire", G_LOG_LEVEL_DEBUG, "%s %s\n%s", sip_transport_get_protocol (self), arrow,
         text);
}

GInetSocketAddress *
sip_transport_get_local_address (SipTransport *self, GSocketAddress *to)
{
  return SIP_TRANSPORT_GET_IFACE (self)->get_local_address (self, to);
}

/* Borrowed: of a stream its other end, of datagrams NULL. */
GSocketAddress *
sip_transport_get_remote_address (SipTransport *self)
{
  SipTransportInterface *iface = SIP_TRANSPORT_GET_IFACE (self);

  return iface->get_remote_address != NULL ? iface->get_remote_address (self) : NULL;
}

/* Borrowed; NULL without TLS, or before its handshake. */
GTlsCertificate *
sip_transport_get_certificate (SipTransport *self)
{
  SipTransportInterface *iface = SIP_TRANSPORT_GET_IFACE (self);

  return iface->get_certificate != NULL ? iface->get_certificate (self) : NULL;
}

void
sip_transport_open_async (SipTransport *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, sip_transport_open_async);
  SIP_TRANSPORT_GET_IFACE (self)->open (self, task);
}

gboolean
sip_transport_open_finish (SipTransport *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
sip_transport_send (SipTransport *self, GBytes *bytes, GSocketAddress *to, GError **error)
{
  log_wire (self, ">>>", g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return SIP_TRANSPORT_GET_IFACE (self)->send (self, bytes, to, error);
}

void
sip_transport_close (SipTransport *self)
{
  SIP_TRANSPORT_GET_IFACE (self)->close (self);
}

void
sip_transport_receive (SipTransport *self,
                       const char *data,
                       gsize size,
                       GSocketAddress *from,
                       gboolean is_stream)
{
  guint code;
  g_autofree char *reply = NULL;
  g_autoptr (SipMessage) message = NULL;

  if (!is_stream && sip_stun_is (data, size)) {
    g_autoptr (GBytes) bytes = g_bytes_new (data, size);

    g_signal_emit (self, signals[SIGNAL_BINDING], 0, bytes, from);
    return;
  }
  message = sip_message_parse (data, size, is_stream, &code, &reply);
  if (message != NULL) {
    log_wire (self, "<<<", data, size);
    g_signal_emit (self, signals[SIGNAL_MESSAGE], 0, message, from);
    return;
  }
  if (code != 0)
    g_debug ("%s: refused %" G_GSIZE_FORMAT " bytes as %u", sip_transport_get_protocol (self), size,
             code);
  if (reply != NULL) {
    g_autoptr (GBytes) bytes = g_bytes_new (reply, strlen (reply));

    sip_transport_send (self, bytes, from, NULL);
  }
}

static GQuark
heard_quark (void)
{
  return g_quark_from_static_string ("sip-transport-heard");
}

static GQuark
ponged_quark (void)
{
  return g_quark_from_static_string ("sip-transport-ponged");
}

/* @data: what came at once; one line end alone is the answer to a ping (RFC 5626 4.4.1) */
void
sip_transport_note_heard (SipTransport *self, const char *data, gsize size)
{
  gint64 *heard = g_object_get_qdata (G_OBJECT (self), heard_quark ());

  if (heard == NULL) {
    heard = g_new (gint64, 1);
    g_object_set_qdata_full (G_OBJECT (self), heard_quark (), heard, g_free);
  }
  *heard = sip_timers_now ();
  if (size == 2 && memcmp (data, "\r\n", 2) == 0)
    g_object_set_qdata (G_OBJECT (self), ponged_quark (), self);
}

/* Whether the other side ever answered a ping. */
gboolean
sip_transport_has_ponged (SipTransport *self)
{
  return g_object_get_qdata (G_OBJECT (self), ponged_quark ()) != NULL;
}

/* -1 where nothing ever came. */
gint64
sip_transport_get_heard (SipTransport *self)
{
  gint64 *heard = g_object_get_qdata (G_OBJECT (self), heard_quark ());

  return heard != NULL ? *heard : -1;
}

static GQuark
place_quark (void)
{
  return g_quark_from_static_string ("sip-transport-place");
}

void
sip_transport_set_place (SipTransport *self, GSocketAddress *place)
{
  g_object_set_qdata_full (G_OBJECT (self), place_quark (), g_object_ref (place), g_object_unref);
}

GSocketAddress *
sip_transport_get_place (SipTransport *self)
{
  return g_object_get_qdata (G_OBJECT (self), place_quark ());
}

/* A connected socket knows it without sending anything. */
GInetSocketAddress *
sip_transport_probe (GSocketAddress *to)
{
  g_autoptr (GSocket) socket = g_socket_new (g_socket_address_get_family (to),
                                             G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);

  if (socket == NULL || !g_socket_connect (socket, to, NULL, NULL))
    return NULL;
  return G_INET_SOCKET_ADDRESS (g_socket_get_local_address (socket, NULL));
}

/* Nobody has these addresses (RFC 5737, RFC 3849). */
GInetSocketAddress *
sip_transport_find_way (GSocketFamily version)
{
  g_autoptr (GSocketAddress) nobody = g_inet_socket_address_new_from_string (
      version == G_SOCKET_FAMILY_IPV4 ? "192.0.2.1" : "2001:db8::1", 9);

  return sip_transport_probe (nobody);
}

GInetSocketAddress *
sip_transport_find_way_to (GSocketAddress *to)
{
  GInetSocketAddress *from = sip_transport_probe (to);

  if (from != NULL)
    return from;
  return sip_transport_find_way (g_socket_address_get_family (to) == G_SOCKET_FAMILY_IPV4
                                     ? G_SOCKET_FAMILY_IPV6
                                     : G_SOCKET_FAMILY_IPV4);
}

/* Host and port. */
gboolean
sip_transport_is_same_address (GSocketAddress *a, GSocketAddress *b)
{
  return g_inet_address_equal (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (a)),
                               g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (b))) &&
         g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (a)) ==
             g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (b));
}

/* What is sent and not confirmed for so long ends the stream (RFC 5482). */
void
sip_transport_guard (SipTransport *self, GSocket *socket)
{
  g_autoptr (GSocketAddress) place = g_socket_get_local_address (socket, NULL);

  if (place != NULL)
    sip_transport_set_place (self, place);
  g_socket_set_keepalive (socket, TRUE);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_USER_TIMEOUT, UNCONFIRMED, NULL);
}

void
sip_transport_lost (SipTransport *self, const GError *error)
{
  g_debug ("%s: closed: %s", sip_transport_get_protocol (self),
           error != NULL ? error->message : "by the other side");
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0, error);
}

void
sip_transport_found (SipTransport *self)
{
  g_signal_emit (self, signals[SIGNAL_FOUND], 0);
}

void
sip_transport_refused (SipTransport *self, GSocketAddress *to)
{
  g_signal_emit (self, signals[SIGNAL_REFUSED], 0, to);
}

/**
 * sip_transport_get_protocol:
 * @self: a transport
 *
 * Tells what a Via calls it (RFC 3261 20.42).
 *
 * Returns: what a Via says: `UDP`, `TCP`, `TLS`, `WS` or `WSS`
 */
const char *
sip_transport_get_protocol (SipTransport *self)
{
  g_return_val_if_fail (SIP_IS_TRANSPORT (self), NULL);

  return SIP_TRANSPORT_GET_IFACE (self)->get_protocol (self);
}

/**
 * sip_transport_is_reliable:
 * @self: a transport
 *
 * Tells whether nothing is lost on the way, as on a stream.
 *
 * Returns: whether nothing that is sent gets lost on the way, so that nothing is sent twice
 */
gboolean
sip_transport_is_reliable (SipTransport *self)
{
  return !g_str_equal (sip_transport_get_protocol (self), "UDP");
}

/**
 * sip_transport_is_secure:
 * @self: a transport
 *
 * Tells whether nobody on the way can read what is sent.
 *
 * Returns: whether nobody but the next hop can read what is sent
 */
gboolean
sip_transport_is_secure (SipTransport *self)
{
  const char *protocol = sip_transport_get_protocol (self);

  return g_str_equal (protocol, "TLS") || g_str_equal (protocol, "WSS");
}
