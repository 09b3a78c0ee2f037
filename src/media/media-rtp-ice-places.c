/* media-rtp-ice-places.c - where others find this side, and where it meets those who know no ICE
 *
 * Down: MediaRtpIce -> libnice's candidates of this side -> the one for the m= line
 *       the m= line of the other side -> the one pair that libnice is told to use
 */

#include "media-rtp-ice-private.h"

#include <fcntl.h>
#include <nice/agent.h>

gboolean
media_rtp_ice_is_hidden (MediaRtpIce *self)
{
  return self->servers != NULL && sip_media_servers_get_relay_only (self->servers);
}

/* What a place is worth to somebody who knows nothing of ICE. */
enum { OF_NO_USE, RELAYED, OURS, SEEN };

static GSocketAddress *
make_place (const NiceAddress *address)
{
  char text[NICE_ADDRESS_STRING_LEN];

  nice_address_to_string (address, text);
  return g_inet_socket_address_new_from_string (text, nice_address_get_port (address));
}

/* A relay where only that may be seen; else how the outside sees the address of the m= line, or
 * that itself.
 */
static guint
rate (MediaRtpIce *self, const NiceCandidate *candidate)
{
  g_autoptr (GSocketAddress) place = make_place (&candidate->addr);
  g_autoptr (GSocketAddress) base = make_place (&candidate->base_addr);
  GInetSocketAddress *here = G_INET_SOCKET_ADDRESS (
      candidate->type == NICE_CANDIDATE_TYPE_SERVER_REFLEXIVE ? base : place);

  if (g_socket_address_get_family (place) != g_inet_address_get_family (self->address))
    return OF_NO_USE;
  if (candidate->type == NICE_CANDIDATE_TYPE_RELAYED)
    return media_rtp_ice_is_hidden (self) ? RELAYED : OF_NO_USE;
  if (!g_inet_address_equal (g_inet_socket_address_get_address (here), self->address))
    return OF_NO_USE;
  return candidate->type == NICE_CANDIDATE_TYPE_SERVER_REFLEXIVE ? SEEN : OURS;
}

/* NULL where there is none. */
static NiceCandidate *
find_best (MediaRtpIce *self, guint component, guint least)
{
  GSList *candidates = nice_agent_get_local_candidates (self->agent, self->stream, component);
  NiceCandidate *best = NULL;
  guint best_rate = least - 1;

  for (GSList *at = candidates; at != NULL; at = at->next) {
    guint its_rate = rate (self, at->data);

    if (its_rate > best_rate) {
      g_clear_pointer (&best, nice_candidate_free);
      best = nice_candidate_copy (at->data);
      best_rate = its_rate;
    }
  }
  g_slist_free_full (candidates, (GDestroyNotify)nice_candidate_free);
  return best;
}

gboolean
media_rtp_ice_has_relay (MediaRtpIce *self, guint component)
{
  GSList *candidates = nice_agent_get_local_candidates (self->agent, self->stream, component);
  gboolean found = FALSE;

  for (GSList *at = candidates; at != NULL; at = at->next)
    found = found || ((NiceCandidate *)at->data)->type == NICE_CANDIDATE_TYPE_RELAYED;
  g_slist_free_full (candidates, (GDestroyNotify)nice_candidate_free);
  return found;
}

static gboolean
has_turn (MediaRtpIce *self)
{
  g_autofree char *turn = self->servers != NULL ? sip_media_servers_dup_turn (self->servers) : NULL;

  return turn != NULL;
}

/* The address of the m= line is known from outside, and by the relay. What others of this machine
 * cannot reach a server is not waited for.
 */
gboolean
media_rtp_ice_knows_enough (MediaRtpIce *self)
{
  for (guint i = MEDIA_RTP_ICE_RTP; i <= self->n_made; i++) {
    NiceCandidate *best = find_best (self, i, media_rtp_ice_is_hidden (self) ? RELAYED : SEEN);

    if (best == NULL || (has_turn (self) && !media_rtp_ice_has_relay (self, i))) {
      g_clear_pointer (&best, nice_candidate_free);
      return FALSE;
    }
    nice_candidate_free (best);
  }
  return TRUE;
}

static gboolean
set_address (NiceAddress *address, GSocketAddress *place)
{
  GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (place);
  g_autofree char *text = g_inet_address_to_string (g_inet_socket_address_get_address (inet));

  nice_address_init (address);
  if (!nice_address_set_from_string (address, text))
    return FALSE;
  nice_address_set_port (address, g_inet_socket_address_get_port (inet));
  return TRUE;
}

/* Where somebody who knows nothing of ICE finds this side (RFC 8839 4.2.1.2); NULL where nothing of
 * it may be seen.
 */
GSocketAddress *
media_rtp_ice_dup_place (MediaRtpIce *self, gboolean is_control)
{
  NiceCandidate *best =
      is_control && self->n_made < MEDIA_RTP_ICE_RTCP
          ? NULL
          : find_best (self, is_control ? MEDIA_RTP_ICE_RTCP : MEDIA_RTP_ICE_RTP, RELAYED);
  GSocketAddress *place = best != NULL ? make_place (&best->addr) : NULL;

  g_clear_pointer (&best, nice_candidate_free);
  return place;
}

/* Whether a relay was named, and does not help. */
gboolean
media_rtp_ice_is_refused (MediaRtpIce *self)
{
  return has_turn (self) && !media_rtp_ice_has_relay (self, MEDIA_RTP_ICE_RTP);
}

static gboolean
meet_at (MediaRtpIce *self, guint component, GSocketAddress *there)
{
  g_autoptr (GSList) candidates = NULL;
  g_autofree char *text = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (there));
  NiceCandidate *local = find_best (self, component, RELAYED);
  NiceCandidate *remote = nice_candidate_new (NICE_CANDIDATE_TYPE_HOST);
  gboolean is_met = FALSE;

  remote->component_id = component;
  remote->stream_id = self->stream;
  g_snprintf (remote->foundation, sizeof remote->foundation, "%u", g_str_hash (text));
  if (local != NULL && set_address (&remote->addr, there)) {
    candidates = g_slist_append (NULL, remote);
    nice_agent_set_remote_candidates (self->agent, self->stream, component, candidates);
    is_met = nice_agent_set_selected_pair (self->agent, self->stream, component, local->foundation,
                                           remote->foundation);
  }
  g_clear_pointer (&local, nice_candidate_free);
  nice_candidate_free (remote);
  return is_met;
}

/* Somebody who knows nothing of ICE, or whom it did not find, is met where the m= line says, and by
 * no other way than where he finds this side. Returns %FALSE where there is none.
 */
gboolean
media_rtp_ice_meet (MediaRtpIce *self, const MediaRtpSdp *remote)
{
  g_autoptr (GSocketAddress) rtp = media_rtp_sdp_dup_rtp (remote);
  g_autoptr (GSocketAddress) rtcp = media_rtp_sdp_dup_rtcp (remote);

  media_rtp_ice_use_components (self, remote);
  /* It would be asked what it does not understand. */
  g_object_set (self->agent, "keepalive-conncheck", FALSE, NULL);
  if (rtp != NULL &&
      (!meet_at (self, MEDIA_RTP_ICE_RTP, rtp) ||
       (self->n_components == MEDIA_RTP_ICE_RTCP && !meet_at (self, MEDIA_RTP_ICE_RTCP, rtcp))))
    return FALSE;
  self->state = MEDIA_RTP_ICE_FOUND;
  return TRUE;
}

/* One of the two ports, for those who go on without ICE; NULL where it is not open. It stays bound
 * behind close(), and is never bound anew: libnice may need its own end of it for a while, to tell
 * a relay.
 */
GSocket *
media_rtp_ice_dup_socket (MediaRtpIce *self, gboolean is_control)
{
  guint component = is_control ? MEDIA_RTP_ICE_RTCP : MEDIA_RTP_ICE_RTP;
  g_autoptr (GPtrArray) sockets =
      component <= self->n_made ? nice_agent_get_sockets (self->agent, self->stream, component)
                                : NULL;

  for (guint i = 0; sockets != NULL && i < sockets->len; i++) {
    GSocket *socket = g_ptr_array_index (sockets, i);
    g_autoptr (GSocketAddress) place = g_socket_get_local_address (socket, NULL);

    if (G_IS_INET_SOCKET_ADDRESS (place) &&
        g_socket_get_socket_type (socket) == G_SOCKET_TYPE_DATAGRAM &&
        g_inet_address_equal (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (place)),
                              self->address))
      return g_socket_new_from_fd (fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 0), NULL);
  }
  return NULL;
}
