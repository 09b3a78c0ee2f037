/* media-rtp-sockets.c - the two ports of a call over ordinary RTP
 *
 * Down: the handler, before its first description -> two bound sockets
 */

#include "media-rtp-sockets-private.h"

#include "media-network-private.h"

#include "sip-error.h"

/* Half of all free ports are odd, and the one behind may be taken. */
#define MAX_TRIES 64

/* More than arrives between an offer and its answer. */
#define MAX_STALE 4096

/* Nobody has these (RFC 5737, RFC 3849), and nothing is sent to them: they only ask the way. */
static const char *const elsewhere[] = {"192.0.2.1", "2001:db8::1"};

static GSocket *
bind_socket (GInetAddress *address, guint port, GError **error)
{
  g_autoptr (GSocketAddress) place = g_inet_socket_address_new (address, port);
  g_autoptr (GSocket) socket = g_socket_new (g_inet_address_get_family (address),
                                             G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, error);

  if (socket == NULL || !g_socket_bind (socket, place, FALSE, error))
    return NULL;
  g_socket_set_blocking (socket, FALSE);
  return g_steal_pointer (&socket);
}

static guint
get_port (GSocket *socket)
{
  g_autoptr (GSocketAddress) place = g_socket_get_local_address (socket, NULL);

  return place != NULL ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (place)) : 0;
}

/* RFC 3550 11: an even port for RTP, and the next one for RTCP. 0 is any port that is free. */
static gboolean
bind_pair (MediaRtpSockets *self, guint port, GError **error)
{
  g_clear_object (&self->rtp);
  self->rtp = bind_socket (self->address, port, error);
  if (self->rtp == NULL)
    return FALSE;
  self->port = get_port (self->rtp);
  if (self->port % 2 == 0)
    self->rtcp = bind_socket (self->address, self->port + 1, error);
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, "The port is odd");
  return self->rtcp != NULL;
}

/* Wherever the system has room. */
static gboolean
bind_anywhere (MediaRtpSockets *self, GError **error)
{
  guint wanted = 0;

  for (guint i = 0; i < MAX_TRIES; i++) {
    g_autoptr (GError) reason = NULL;

    if (bind_pair (self, wanted, &reason))
      return TRUE;
    if (self->rtp == NULL && wanted == 0) {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
    wanted =
        self->rtp != NULL && self->port % 2 == 1 && self->port < G_MAXUINT16 ? self->port + 1 : 0;
  }
  g_set_error_literal (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER,
                       "There is no free pair of ports for sound");
  return FALSE;
}

/* Begins somewhere in the middle, for what follows a call at once should not get its ports. */
static gboolean
bind_within (MediaRtpSockets *self, const MediaPorts *ports, GError **error)
{
  guint first = (ports->min + 1) / 2, end = (ports->max + 1) / 2;
  guint n_pairs = end > first ? end - first : 0;
  guint start = n_pairs > 0 ? g_random_int_range (0, n_pairs) : 0;

  for (guint i = 0; i < n_pairs; i++) {
    if (bind_pair (self, 2 * (first + (start + i) % n_pairs), NULL))
      return TRUE;
  }
  g_set_error (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER,
               "No pair of ports between %u and %u is free for sound", ports->min, ports->max);
  return FALSE;
}

MediaRtpSockets *
media_rtp_sockets_new (GInetAddress *address, const MediaPorts *ports, GError **error)
{
  g_autoptr (MediaRtpSockets) self = g_new0 (MediaRtpSockets, 1);

  self->address = g_object_ref (address);
  if (ports->max == 0 ? bind_anywhere (self, error) : bind_within (self, ports, error))
    return g_steal_pointer (&self);
  return NULL;
}

static void
drop_ice (MediaRtpSockets *self)
{
  if (self->ice != NULL)
    media_rtp_ice_close (self->ice);
  g_clear_object (&self->ice);
}

/* The ports are listened on by nobody for a moment: there must be no stream. Where there is no ICE
 * behind it, all is as before.
 */
gboolean
media_rtp_sockets_start_ice (MediaRtpSockets *self,
                             SipMediaServers *servers,
                             const MediaRtpSdp *remote,
                             GError **error)
{
  g_clear_object (&self->rtp);
  g_clear_object (&self->rtcp);
  self->ice = media_rtp_ice_new (self->address, self->port, servers, remote);
  return self->ice != NULL || bind_pair (self, self->port, error);
}

/* Both ports stay what they are. There must be no stream. */
gboolean
media_rtp_sockets_stop_ice (MediaRtpSockets *self, GError **error)
{
  if (self->ice == NULL)
    return TRUE;
  self->rtp = media_rtp_ice_dup_socket (self->ice, FALSE);
  self->rtcp = media_rtp_ice_dup_socket (self->ice, TRUE);
  drop_ice (self);
  if (self->rtp == NULL)
    return bind_pair (self, self->port, error);
  g_socket_set_blocking (self->rtp, FALSE);
  if (self->rtcp == NULL)
    self->rtcp = bind_socket (self->address, self->port + 1, error);
  else
    g_socket_set_blocking (self->rtcp, FALSE);
  return self->rtcp != NULL;
}

void
media_rtp_sockets_free (MediaRtpSockets *self)
{
  drop_ice (self);
  g_clear_object (&self->address);
  g_clear_object (&self->rtp);
  g_clear_object (&self->rtcp);
  g_free (self);
}

static void
drain (GSocket *socket)
{
  char byte;

  for (guint i = 0; i < MAX_STALE; i++) {
    if (g_socket_receive (socket, &byte, 1, NULL, NULL) < 0)
      return;
  }
}

/* What came before anybody could listen would only be heard late. */
void
media_rtp_sockets_drain (MediaRtpSockets *self)
{
  if (self->ice != NULL)
    return;
  drain (self->rtp);
  drain (self->rtcp);
}

static GInetAddress *
ask_route (GInetAddress *remote)
{
  g_autoptr (GSocket) socket = g_socket_new (g_inet_address_get_family (remote),
                                             G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GSocketAddress) there = g_inet_socket_address_new (remote, 9);
  g_autoptr (GSocketAddress) here = NULL;

  if (socket == NULL || !g_socket_connect (socket, there, NULL, NULL))
    return NULL;
  here = g_socket_get_local_address (socket, NULL);
  return here != NULL
             ? g_object_ref (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (here)))
             : NULL;
}

/* The address of this machine that @remote is reached from, or where that is %NULL or nowhere, the
 * rest of its world; %NULL where there is no way to that either.
 */
GInetAddress *
media_rtp_sockets_find_route (GInetAddress *remote)
{
  GInetAddress *local = NULL;

  if (remote != NULL && !g_inet_address_get_is_any (remote))
    local = ask_route (remote);
  for (guint i = 0; local == NULL && i < G_N_ELEMENTS (elsewhere); i++) {
    g_autoptr (GInetAddress) address = g_inet_address_new_from_string (elsewhere[i]);

    if (remote == NULL || g_inet_address_get_family (remote) == g_inet_address_get_family (address))
      local = ask_route (address);
  }
  return local;
}

/* Likewise, or one that is as good as any. */
GInetAddress *
media_rtp_sockets_find_local (GInetAddress *remote)
{
  GInetAddress *local = media_rtp_sockets_find_route (remote);
  g_auto (GStrv) addresses = NULL;

  if (local != NULL)
    return local;
  if (remote != NULL)
    return g_inet_address_new_loopback (g_inet_address_get_family (remote));
  addresses = media_network_list_addresses ();
  return g_inet_address_new_from_string (addresses[0]);
}
