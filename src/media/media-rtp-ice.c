/* media-rtp-ice.c - looks for a way to a phone that offered ICE (RFC 8445), by libnice
 *
 * Down: the other side's name, password and candidates -> libnice, which checks each pair
 * Up:   libnice, in any thread -> MediaHop -> the signal changed
 *
 * This side answers ICE and does not offer it: without a server that says how we look from outside,
 * candidates would name what the m= line names, and an offer for browsers has them all.
 */

#include "media-rtp-ice-private.h"

#include "media-hop-private.h"
#include "media-network-private.h"

#include <nice/agent.h>

/* Each pair is asked so often, the first time for so long, and twice as long the next time; whoever
 * cannot be reached is called by the address of the m= line after that.
 */
#define N_CHECKS 4
#define FIRST_CHECK_MS 200

/* Checks may follow each other in 5 ms (RFC 8445 14.2). */
#define PACING_MS 5

enum { RTP = 1, RTCP = 2 };

struct _MediaRtpIce {
  GObject parent_instance;

  MediaHop *hop;
  NiceAgent *agent;
  guint stream;
  guint n_components;
  MediaRtpIceTerms ours;
  char *theirs; /* the name of the other side's last description */
  MediaRtpIceState state;
};

G_DEFINE_FINAL_TYPE (MediaRtpIce, media_rtp_ice, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static MediaRtpIceState
read_state (MediaRtpIce *self)
{
  MediaRtpIceState state = MEDIA_RTP_ICE_FOUND;

  for (guint i = RTP; i <= self->n_components; i++) {
    NiceComponentState component = nice_agent_get_component_state (self->agent, self->stream, i);

    if (component == NICE_COMPONENT_STATE_FAILED)
      return MEDIA_RTP_ICE_VAIN;
    if (component != NICE_COMPONENT_STATE_CONNECTED && component != NICE_COMPONENT_STATE_READY)
      state = MEDIA_RTP_ICE_CHECKING;
  }
  return state;
}

static void
on_news (gpointer object, gpointer data)
{
  MediaRtpIce *self = object;
  MediaRtpIceState state;

  if (self->agent == NULL)
    return;
  state = read_state (self);
  if (self->state == state)
    return;
  self->state = state;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
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
add_addresses (MediaRtpIce *self, GInetAddress *address)
{
  g_auto (GStrv) others = media_network_list_addresses ();
  g_autofree char *first = g_inet_address_to_string (address);

  add_address (self, first);
  for (guint i = 0; others[i] != NULL; i++) {
    if (!g_str_equal (others[i], first))
      add_address (self, others[i]);
  }
}

static void
add_candidates (MediaRtpIce *self, guint component)
{
  GSList *candidates = nice_agent_get_local_candidates (self->agent, self->stream, component);

  for (GSList *at = candidates; at != NULL; at = at->next) {
    g_autofree char *line = nice_agent_generate_local_candidate_sdp (self->agent, at->data);

    g_ptr_array_add (self->ours.candidates, g_strdup (line + strlen ("a=candidate:")));
  }
  g_slist_free_full (candidates, (GDestroyNotify)nice_candidate_free);
}

/* Returns whether there is something to tell the other side. */
static gboolean
read_terms (MediaRtpIce *self)
{
  clear_terms (&self->ours);
  self->ours.candidates = g_ptr_array_new_with_free_func (g_free);
  for (guint i = RTP; i <= self->n_components; i++)
    add_candidates (self, i);
  return self->ours.candidates->len > 0 &&
         nice_agent_get_local_credentials (self->agent, self->stream, &self->ours.name,
                                           &self->ours.password);
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

/* Listens on @port of every address of this machine, and on the next one where RTCP has one of its
 * own; nobody else may. NULL where that cannot be. RFC 8445 6.1.1: who offered leads, unless it
 * cannot.
 */
MediaRtpIce *
media_rtp_ice_new (GInetAddress *address, guint port, const MediaRtpSdp *remote)
{
  g_autoptr (MediaRtpIce) self = g_object_new (MEDIA_TYPE_RTP_ICE, NULL);
  GMainContext *context = g_main_context_get_thread_default ();

  self->n_components = remote->is_muxed ? RTP : RTCP;
  self->agent = nice_agent_new (context, NICE_COMPATIBILITY_RFC5245);
  g_object_set (self->agent, "controlling-mode", remote->ice.is_lite, "upnp", FALSE, "ice-tcp",
                FALSE, "keepalive-conncheck", TRUE, "stun-pacing-timer", PACING_MS,
                "stun-max-retransmissions", N_CHECKS, "stun-initial-timeout", FIRST_CHECK_MS, NULL);
  g_signal_connect_data (self->agent, "component-state-changed", G_CALLBACK (on_state_changed),
                         media_hop_ref (self->hop), media_hop_unref_closure, 0);
  add_addresses (self, address);
  self->stream = nice_agent_add_stream (self->agent, self->n_components);
  for (guint i = RTP; i <= self->n_components; i++) {
    nice_agent_set_port_range (self->agent, self->stream, i, port + i - 1, port + i - 1);
    nice_agent_attach_recv (self->agent, self->stream, i, context, on_early, NULL);
  }
  if (!nice_agent_gather_candidates (self->agent, self->stream) || !read_terms (self))
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
  g_free (self->theirs);
  self->theirs = g_strdup (remote->ice.name);
  if (!nice_agent_set_remote_credentials (self->agent, self->stream, remote->ice.name,
                                          remote->ice.password))
    return FALSE;
  for (guint i = RTP; i <= self->n_components; i++)
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
  guint component = is_control ? RTCP : RTP;
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
  guint component = is_control && self->n_components == RTCP ? RTCP : RTP;

  return nice_agent_send (self->agent, self->stream, component, size, (const char *)packet) > 0;
}

/* The ports are free behind it. Nothing may be sent any more. */
void
media_rtp_ice_close (MediaRtpIce *self)
{
  if (self->agent == NULL)
    return;
  nice_agent_remove_stream (self->agent, self->stream);
  g_clear_object (&self->agent);
}
