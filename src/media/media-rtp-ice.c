/* media-rtp-ice.c - looks for a way to a phone that knows ICE (RFC 8445), by libnice
 *
 * Down: servers that the user named -> what others see of this side
 *       the other side's name, password and candidates -> libnice, which checks each pair
 * Up:   libnice, in any thread -> MediaHop -> the signal changed
 *
 * Without a server that says how we look from outside, this side answers ICE and does not offer it:
 * candidates would name what the m= line names, and an offer for browsers has them all.
 */

#include "media-rtp-ice-private.h"

#include "media-network-private.h"
#include "media-sdp-private.h"

#include <nice/agent.h>

/* Each pair is asked so often, the first time for so long, and twice as long the next time; whoever
 * cannot be reached is called by the address of the m= line after that.
 */
#define N_CHECKS 4
#define FIRST_CHECK_MS 200

/* Checks may follow each other in 5 ms (RFC 8445 14.2). */
#define PACING_MS 5

/* What a server tells later than that is left out. Without a relay there is no call where only that
 * may be seen.
 */
#define ASKING_MS 1000
#define RELAYING_MS 5000

G_DEFINE_FINAL_TYPE (MediaRtpIce, media_rtp_ice, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static MediaRtpIceState
read_state (MediaRtpIce *self)
{
  MediaRtpIceState state = MEDIA_RTP_ICE_FOUND;

  for (guint i = MEDIA_RTP_ICE_RTP; i <= self->n_components; i++) {
    NiceComponentState component = nice_agent_get_component_state (self->agent, self->stream, i);

    if (component == NICE_COMPONENT_STATE_FAILED)
      return MEDIA_RTP_ICE_VAIN;
    if (component != NICE_COMPONENT_STATE_CONNECTED && component != NICE_COMPONENT_STATE_READY)
      state = MEDIA_RTP_ICE_CHECKING;
  }
  return state;
}

static void
set_state (MediaRtpIce *self, MediaRtpIceState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
on_news (gpointer object, gpointer data)
{
  MediaRtpIce *self = object;

  if (self->agent != NULL && self->state != MEDIA_RTP_ICE_ASKING)
    set_state (self, read_state (self));
}

/* In the thread that reads the socket, or in ours. */
static void
on_state_changed (NiceAgent *agent, guint stream, guint component, guint state, gpointer user_data)
{
  media_hop_post (user_data, on_news, NULL, NULL);
}

static void
clear_terms (MediaRtpIceTerms *terms)
{
  g_clear_pointer (&terms->name, g_free);
  g_clear_pointer (&terms->password, g_free);
  g_clear_pointer (&terms->candidates, g_ptr_array_unref);
}

static void
media_rtp_ice_dispose (GObject *object)
{
  MediaRtpIce *self = MEDIA_RTP_ICE (object);

  media_rtp_ice_close (self);
  g_clear_pointer (&self->hop, media_hop_unref);
  g_clear_pointer (&self->theirs, g_free);
  g_clear_object (&self->servers);
  g_clear_object (&self->address);
  clear_terms (&self->ours);
  G_OBJECT_CLASS (media_rtp_ice_parent_class)->dispose (object);
}

static void
media_rtp_ice_class_init (MediaRtpIceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = media_rtp_ice_dispose;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", MEDIA_TYPE_RTP_ICE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
media_rtp_ice_init (MediaRtpIce *self)
{
  self->hop = media_hop_new (self);
}

static void
add_address (MediaRtpIce *self, const char *text)
{
  NiceAddress address;

  nice_address_init (&address);
  if (nice_address_set_from_string (&address, text))
    nice_agent_add_local_address (self->agent, &address);
}

/* The one of the m= line first. */
static void
add_addresses (MediaRtpIce *self)
{
  g_auto (GStrv) others = media_network_list_addresses ();
  g_autofree char *first = g_inet_address_to_string (self->address);

  add_address (self, first);
  for (guint i = 0; others[i] != NULL; i++) {
    if (!g_str_equal (others[i], first))
      add_address (self, others[i]);
  }
}

/* Without the address that a server knows us by, which nobody needs to know (RFC 8839 5.1). */
static void
add_candidates (MediaRtpIce *self, guint component)
{
  GSList *candidates = nice_agent_get_local_candidates (self->agent, self->stream, component);

  for (GSList *at = candidates; at != NULL; at = at->next) {
    g_autofree char *line = nice_agent_generate_local_candidate_sdp (self->agent, at->data);
    char *candidate =
        media_sdp_normalize_candidate (line + strlen ("a=candidate:"), MEDIA_RTP_ICE_RTCP);

    if (candidate != NULL)
      g_ptr_array_add (self->ours.candidates, candidate);
  }
  g_slist_free_full (candidates, (GDestroyNotify)nice_candidate_free);
}

/* Returns whether there is something to tell the other side. */
static gboolean
read_terms (MediaRtpIce *self)
{
  clear_terms (&self->ours);
  self->ours.candidates = g_ptr_array_new_with_free_func (g_free);
  for (guint i = MEDIA_RTP_ICE_RTP; i <= self->n_components; i++)
    add_candidates (self, i);
  return self->ours.candidates->len > 0 &&
         nice_agent_get_local_credentials (self->agent, self->stream, &self->ours.name,
                                           &self->ours.password);
}

/* Every server has told what is needed, or none of them does any more. */
static void
end_asking (MediaRtpIce *self)
{
  g_clear_handle_id (&self->asking_id, g_source_remove);
  read_terms (self);
  set_state (self, MEDIA_RTP_ICE_CHECKING);
}

static void
on_gathered (gpointer object, gpointer data)
{
  MediaRtpIce *self = object;

  if (self->agent != NULL && self->state == MEDIA_RTP_ICE_ASKING)
    end_asking (self);
}

static void
on_told (gpointer object, gpointer data)
{
  MediaRtpIce *self = object;

  if (self->agent != NULL && self->state == MEDIA_RTP_ICE_ASKING &&
      media_rtp_ice_knows_enough (self))
    end_asking (self);
}

/* These two in our thread or another. */
static void
on_new_candidate (NiceAgent *agent, NiceCandidate *candidate, gpointer user_data)
{
  media_hop_post (user_data, on_told, NULL, NULL);
}

static void
on_gathering_done (NiceAgent *agent, guint stream, gpointer user_data)
{
  media_hop_post (user_data, on_gathered, NULL, NULL);
}

static gboolean
on_asking_timeout (gpointer user_data)
{
  MediaRtpIce *self = user_data;

  g_debug ("not every server answered in time");
  self->asking_id = 0;
  end_asking (self);
  return G_SOURCE_REMOVE;
}

/* Sound from before there was anybody to hear it. That somebody listens lets libnice see checks. */
static void
on_early (NiceAgent *agent,
          guint stream,
          guint component,
          guint size,
          char *packet,
          gpointer user_data)
{
}

static void
use_relay (MediaRtpIce *self, const char *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_HAS_PASSWORD, NULL);
  gboolean is_tcp = uri != NULL && g_strcmp0 (g_uri_get_query (uri), "transport=tcp") == 0;

  for (guint i = MEDIA_RTP_ICE_RTP; uri != NULL && i <= self->n_made; i++)
    nice_agent_set_relay_info (self->agent, self->stream, i, g_uri_get_host (uri),
                               g_uri_get_port (uri), g_uri_get_user (uri), g_uri_get_password (uri),
                               is_tcp ? NICE_RELAY_TYPE_TURN_TCP : NICE_RELAY_TYPE_TURN_UDP);
}

static void
use_servers (MediaRtpIce *self)
{
  g_autofree char *stun = sip_media_servers_dup_stun (self->servers);
  g_autofree char *turn = sip_media_servers_dup_turn (self->servers);
  g_autoptr (GUri) uri = stun != NULL ? g_uri_parse (stun, G_URI_FLAGS_NONE, NULL) : NULL;

  if (uri != NULL)
    g_object_set (self->agent, "stun-server", g_uri_get_host (uri), "stun-server-port",
                  g_uri_get_port (uri), NULL);
  if (turn != NULL)
    use_relay (self, turn);
  g_object_set (self->agent, "force-relay", media_rtp_ice_is_hidden (self), NULL);
  g_signal_connect_data (self->agent, "new-candidate-full", G_CALLBACK (on_new_candidate),
                         media_hop_ref (self->hop), media_hop_unref_closure, 0);
  g_signal_connect_data (self->agent, "candidate-gathering-done", G_CALLBACK (on_gathering_done),
                         media_hop_ref (self->hop), media_hop_unref_closure, 0);
  self->asking_id = g_timeout_add (media_rtp_ice_is_hidden (self) ? RELAYING_MS : ASKING_MS,
                                   on_asking_timeout, self);
}

static void
make_agent (MediaRtpIce *self, gboolean leads)
{
  self->agent = nice_agent_new (g_main_context_get_thread_default (), NICE_COMPATIBILITY_RFC5245);
  g_object_set (self->agent, "controlling-mode", leads, "upnp", FALSE, "ice-tcp", FALSE,
                "keepalive-conncheck", TRUE, "stun-pacing-timer", PACING_MS,
                "stun-max-retransmissions", N_CHECKS, "stun-initial-timeout", FIRST_CHECK_MS, NULL);
  g_signal_connect_data (self->agent, "component-state-changed", G_CALLBACK (on_state_changed),
                         media_hop_ref (self->hop), media_hop_unref_closure, 0);
}

static void
listen_on (MediaRtpIce *self, guint port)
{
  add_addresses (self);
  self->stream = nice_agent_add_stream (self->agent, self->n_made);
  for (guint i = MEDIA_RTP_ICE_RTP; i <= self->n_made; i++) {
    nice_agent_set_port_range (self->agent, self->stream, i, port + i - 1, port + i - 1);
    nice_agent_attach_recv (self->agent, self->stream, i, g_main_context_get_thread_default (),
                            on_early, NULL);
  }
}

/* Listens on @port of every address of this machine, and on the next one where RTCP may have one of
 * its own; nobody else may. NULL where that cannot be. RFC 8445 6.1.1: who offered leads, unless it
 * cannot. @servers are asked at once; without any, what is to be told is known at once. @remote:
 * (nullable): what was offered, or nothing where this side offers
 */
MediaRtpIce *
media_rtp_ice_new (GInetAddress *address,
                   guint port,
                   SipMediaServers *servers,
                   const MediaRtpSdp *remote)
{
  g_autoptr (MediaRtpIce) self = g_object_new (MEDIA_TYPE_RTP_ICE, NULL);

  self->address = g_object_ref (address);
  g_set_object (&self->servers, servers);
  self->n_made = self->n_components =
      remote != NULL && remote->is_muxed ? MEDIA_RTP_ICE_RTP : MEDIA_RTP_ICE_RTCP;
  make_agent (self, remote == NULL || remote->ice.is_lite);
  listen_on (self, port);
  if (servers != NULL)
    use_servers (self);
  else
    self->state = MEDIA_RTP_ICE_CHECKING;
  if (!nice_agent_gather_candidates (self->agent, self->stream) ||
      (servers == NULL && !read_terms (self)))
    return NULL;
  return g_steal_pointer (&self);
}

static void
set_candidates (MediaRtpIce *self, const MediaRtpSdp *remote, guint component)
{
  GSList *candidates = NULL;

  for (guint i = 0; i < remote->ice.candidates->len; i++) {
    g_autofree char *line =
        g_strconcat ("a=candidate:", (char *)g_ptr_array_index (remote->ice.candidates, i), NULL);
    NiceCandidate *candidate =
        nice_agent_parse_remote_candidate_sdp (self->agent, self->stream, line);

    if (candidate != NULL && candidate->component_id == component)
      candidates = g_slist_append (candidates, candidate);
    else
      g_clear_pointer (&candidate, nice_candidate_free);
  }
  nice_agent_set_remote_candidates (self->agent, self->stream, component, candidates);
  g_slist_free_full (candidates, (GDestroyNotify)nice_candidate_free);
}

/* RTCP that comes with RTP needs no way of its own. */
void
media_rtp_ice_use_components (MediaRtpIce *self, const MediaRtpSdp *remote)
{
  guint n = remote->is_muxed ? MEDIA_RTP_ICE_RTP : self->n_made;

  if (self->n_components == n)
    return;
  self->n_components = n;
  read_terms (self);
}

/* With each of its descriptions, before ours. One by another name begins anew (RFC 8839 4.4.1.1.1);
 * sound goes on as before until there is another way. Returns %FALSE where that cannot be done.
 */
gboolean
media_rtp_ice_expect (MediaRtpIce *self, const MediaRtpSdp *remote)
{
  if (g_strcmp0 (self->theirs, remote->ice.name) == 0)
    return TRUE;
  if (self->theirs != NULL &&
      (!nice_agent_restart_stream (self->agent, self->stream) || !read_terms (self)))
    return FALSE;
  media_rtp_ice_use_components (self, remote);
  g_free (self->theirs);
  self->theirs = g_strdup (remote->ice.name);
  if (!nice_agent_set_remote_credentials (self->agent, self->stream, remote->ice.name,
                                          remote->ice.password))
    return FALSE;
  for (guint i = MEDIA_RTP_ICE_RTP; i <= self->n_components; i++)
    set_candidates (self, remote, i);
  self->state = read_state (self);
  return TRUE;
}

/* What this side says of itself; borrowed until the next expect(). */
const MediaRtpIceTerms *
media_rtp_ice_get_terms (MediaRtpIce *self)
{
  return &self->ours;
}

MediaRtpIceState
media_rtp_ice_get_state (MediaRtpIce *self)
{
  return self->state;
}

/* Where what comes from the other side comes out; NULL where RTCP comes with RTP, or the system has
 * no such element.
 */
GstElement *
media_rtp_ice_new_source (MediaRtpIce *self, gboolean is_control)
{
  guint component = is_control ? MEDIA_RTP_ICE_RTCP : MEDIA_RTP_ICE_RTP;
  GstElement *element =
      component <= self->n_components ? gst_element_factory_make ("nicesrc", NULL) : NULL;

  if (element != NULL)
    g_object_set (element, "agent", self->agent, "stream", self->stream, "component", component,
                  NULL);
  return element;
}

/* In any thread. */
gboolean
media_rtp_ice_send (MediaRtpIce *self, gboolean is_control, const guchar *packet, gsize size)
{
  guint component = is_control && self->n_components == MEDIA_RTP_ICE_RTCP ? MEDIA_RTP_ICE_RTCP
                                                                           : MEDIA_RTP_ICE_RTP;

  return nice_agent_send (self->agent, self->stream, component, size, (const char *)packet) > 0;
}

static void
on_closed (GObject *agent, GAsyncResult *result, gpointer user_data)
{
  g_object_unref (agent);
}

/* Nothing may be sent any more. A relay is told, which takes its time. */
void
media_rtp_ice_close (MediaRtpIce *self)
{
  gboolean is_relayed = self->agent != NULL && media_rtp_ice_has_relay (self, MEDIA_RTP_ICE_RTP);

  g_clear_handle_id (&self->asking_id, g_source_remove);
  if (self->agent == NULL)
    return;
  nice_agent_remove_stream (self->agent, self->stream);
  if (is_relayed)
    nice_agent_close_async (g_object_ref (self->agent), on_closed, NULL);
  g_clear_object (&self->agent);
}
