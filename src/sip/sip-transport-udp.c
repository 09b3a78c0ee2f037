/* sip-transport-udp.c - SIP in datagrams (RFC 3261 18)
 *
 * One bound socket for all peers. Down: sendto. Up: on_readable() -> sip_transport_receive(), or
 * sip_transport_refused() where nobody listens.
 */

#include "sip-transport-private.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <string.h>

#define SIP_TYPE_TRANSPORT_UDP (sip_transport_udp_get_type ())
G_DECLARE_FINAL_TYPE (SipTransportUdp, sip_transport_udp, SIP, TRANSPORT_UDP, GObject)

struct _SipTransportUdp {
  GObject parent_instance;

  char *host; /* to bind to; NULL for any */
  guint16 port;
  GSocket *socket;
  GSource *source;
};

static void sip_transport_udp_iface_init (SipTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SipTransportUdp,
                               sip_transport_udp,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SIP_TYPE_TRANSPORT,
                                                      sip_transport_udp_iface_init))

enum { BITE = 32 }; /* datagrams at once, so that a flood leaves the loop its breath */

/* Whoever has no socket where a datagram went says so (RFC 3261 18.4). */
static void
read_refusals (SipTransportUdp *self)
{
  for (guint i = 0; i < BITE && self->socket != NULL; i++) {
    struct sockaddr_storage to;
    char control[256];
    struct msghdr message = {.msg_name = &to,
                             .msg_namelen = sizeof to,
                             .msg_control = control,
                             .msg_controllen = sizeof control};
    g_autoptr (GSocketAddress) address = NULL;
    struct cmsghdr *about;

    if (recvmsg (g_socket_get_fd (self->socket), &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
      break;
    about = CMSG_FIRSTHDR (&message);
    address = g_socket_address_new_from_native (&to, message.msg_namelen);
    if (about != NULL && address != NULL &&
        ((struct sock_extended_err *)CMSG_DATA (about))->ee_errno == ECONNREFUSED)
      sip_transport_refused (SIP_TRANSPORT (self), address);
  }
}

static gboolean
on_readable (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  g_autoptr (SipTransportUdp) self = g_object_ref (user_data);
  char buffer[65536];

  if ((condition & G_IO_ERR) != 0)
    read_refusals (self);
  for (guint i = 0; i < BITE && self->socket != NULL; i++) {
    g_autoptr (GSocketAddress) from = NULL;
    gssize size = g_socket_receive_from (socket, &from, buffer, sizeof buffer, NULL, NULL);

    if (size < 0)
      break;
    if (size > 0)
      sip_transport_receive (SIP_TRANSPORT (self), buffer, size, from, FALSE);
  }
  return G_SOURCE_CONTINUE;
}

static GSocket *
bind_socket (GSocketFamily family, const char *host, guint16 port, GError **error)
{
  g_autoptr (GSocket) bound =
      g_socket_new (family, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, error);
  g_autoptr (GSocketAddress) address = NULL;

  if (bound == NULL)
    return NULL;
  if (host != NULL) {
    address = g_inet_socket_address_new_from_string (host, port);
  } else {
    g_autoptr (GInetAddress) any = g_inet_address_new_any (family);

    address = g_inet_socket_address_new (any, port);
  }
  if (address == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is no local address", host);
    return NULL;
  }
  g_socket_set_blocking (bound, FALSE);
  if (family == G_SOCKET_FAMILY_IPV6)
    g_socket_set_option (bound, IPPROTO_IPV6, IPV6_RECVERR, 1, NULL);
  else
    g_socket_set_option (bound, IPPROTO_IP, IP_RECVERR, 1, NULL);
  return g_socket_bind (bound, address, FALSE, error) ? g_steal_pointer (&bound) : NULL;
}

static const char *
get_protocol (SipTransport *transport)
{
  return "UDP";
}

/* Bound to any address, ours is the one that the route to the peer takes. */
static GInetSocketAddress *
get_local_address (SipTransport *transport, GSocketAddress *to)
{
  SipTransportUdp *self = SIP_TRANSPORT_UDP (transport);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GInetSocketAddress) routed = NULL;
  guint16 port;

  if (self->socket == NULL)
    return NULL;
  bound = g_socket_get_local_address (self->socket, NULL);
  if (bound == NULL)
    return NULL;
  if (to == NULL || !g_inet_address_get_is_any (
                        g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (bound))))
    return G_INET_SOCKET_ADDRESS (g_steal_pointer (&bound));

  port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  routed = sip_transport_probe (to);
  if (routed == NULL)
    return G_INET_SOCKET_ADDRESS (g_steal_pointer (&bound));
  return G_INET_SOCKET_ADDRESS (
      g_inet_socket_address_new (g_inet_socket_address_get_address (routed), port));
}

static void
open_socket (SipTransport *transport, GTask *task)
{
  SipTransportUdp *self = SIP_TRANSPORT_UDP (transport);
  GSocketFamily family = self->host != NULL && strchr (self->host, ':') != NULL
                             ? G_SOCKET_FAMILY_IPV6
                             : G_SOCKET_FAMILY_IPV4;
  GError *error = NULL;

  self->socket = bind_socket (family, self->host, self->port, &error);
  if (self->socket == NULL) {
    g_task_return_error (task, error);
    return;
  }
  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_readable), self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
  g_task_return_boolean (task, TRUE);
}

/* The system tells whoever sends next that somebody refused what was sent before. */
static gboolean
send_bytes (SipTransport *transport, GBytes *bytes, GSocketAddress *to, GError **error)
{
  SipTransportUdp *self = SIP_TRANSPORT_UDP (transport);
  const char *data = g_bytes_get_data (bytes, NULL);
  gsize size = g_bytes_get_size (bytes);
  g_autoptr (GError) refusal = NULL;

  if (self->socket == NULL) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The socket is closed");
    return FALSE;
  }
  if (g_socket_send_to (self->socket, to, data, size, NULL, &refusal) >= 0)
    return TRUE;
  if (g_error_matches (refusal, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return g_socket_send_to (self->socket, to, data, size, NULL, error) >= 0;
  g_propagate_error (error, g_steal_pointer (&refusal));
  return FALSE;
}

static void
close_socket (SipTransport *transport)
{
  SipTransportUdp *self = SIP_TRANSPORT_UDP (transport);

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_clear_object (&self->socket);
}

static void
sip_transport_udp_iface_init (SipTransportInterface *iface)
{
  iface->get_protocol = get_protocol;
  iface->get_local_address = get_local_address;
  iface->open = open_socket;
  iface->send = send_bytes;
  iface->close = close_socket;
}

static void
sip_transport_udp_dispose (GObject *object)
{
  SipTransportUdp *self = SIP_TRANSPORT_UDP (object);

  close_socket (SIP_TRANSPORT (self));
  g_clear_pointer (&self->host, g_free);
  G_OBJECT_CLASS (sip_transport_udp_parent_class)->dispose (object);
}

static void
sip_transport_udp_class_init (SipTransportUdpClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sip_transport_udp_dispose;
}

static void
sip_transport_udp_init (SipTransportUdp *self)
{
}

/* @host: (nullable): a local address, or NULL for any; @port: 0 for one that is free. */
SipTransport *
sip_transport_udp_new (const char *host, guint16 port)
{
  SipTransportUdp *self = g_object_new (SIP_TYPE_TRANSPORT_UDP, NULL);

  self->host = g_strdup (host);
  self->port = port;
  return SIP_TRANSPORT (self);
}
