/* media-rtp-stream.c - one pipeline of a call over ordinary RTP: sockets, gate and rtpbin
 *
 * Down: apply() with each round that was agreed -> the gate, and a handshake where there is one
 * Up:   GStreamer's threads -> MediaHop -> the signals ready, pad, tone, news, failed
 *
 *     udpsrc (RTP)  -> gate -> rtpbin -> pads, one for each source and number
 *     udpsrc (RTCP) ->            where it does not come with RTP
 *     sound -> rtpbin -> gate -> the sockets
 */

#include "media-rtp-stream-private.h"

#include "media-arrival-private.h"
#include "media-cushion-private.h"
#include "media-rtp-dtls-private.h"

#include "sip-error.h"

/* Streams of the other side that are looked at; a flood of others is dropped. */
#define MAX_STREAMS 4

struct _MediaRtpStream {
  GObject parent_instance;

  MediaHop *hop;
  GstElement *pipeline;
  GstElement *sources[2]; /* of RTP and RTCP; NULL where they come as one */
  GstElement *rtpbin;
  MediaRtpGate *gate;
  GstPad *exits[2];   /* of RTP and RTCP */
  MediaRtpDtls *dtls; /* where the descriptions want a handshake */
  gboolean is_ready;  /* whatever leaves is protected as agreed */
  guint watch_id;
};

G_DEFINE_FINAL_TYPE (MediaRtpStream, media_rtp_stream, G_TYPE_OBJECT)

enum { SIGNAL_READY, SIGNAL_PAD, SIGNAL_TONE, SIGNAL_NEWS, SIGNAL_FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
fail (MediaRtpStream *self, SipError code, const char *why)
{
  g_autoptr (GError) error = g_error_new_literal (SIP_ERROR, code, why);

  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static void
on_dtls_news (gpointer object, gpointer data)
{
  MediaRtpStream *self = object;

  if (self->dtls == NULL || self->is_ready)
    return;
  if (media_rtp_dtls_is_refused (self->dtls)) {
    fail (self, SIP_ERROR_NOT_SECURE, "The other side's certificate is not the one it promised");
  } else if (media_rtp_dtls_take_keys (self->dtls)) {
    self->is_ready = TRUE;
    g_signal_emit (self, signals[SIGNAL_READY], 0);
  } else if (media_rtp_dtls_is_broken (self->dtls)) {
    fail (self, SIP_ERROR_SESSION_DESCRIPTION_HANDLER,
          "The other side and this one found no keys for the sound");
  }
}

static void
on_tone (gpointer object, gpointer data)
{
  MediaRtpStream *self = object;

  if (self->pipeline != NULL)
    g_signal_emit (self, signals[SIGNAL_TONE], 0, data);
}

static void
on_arrival (gpointer object, gpointer data)
{
  MediaRtpStream *self = object;
  MediaArrival *arrival = data;

  if (self->pipeline == NULL)
    return;
  g_signal_emit (self, signals[SIGNAL_PAD], 0, arrival->pad);
  media_arrival_let_go (arrival);
}

/* In a streaming thread, or in ours for the pads that we asked for. */
static void
on_pad_added (GstElement *rtpbin, GstPad *pad, gpointer user_data)
{
  if (g_str_has_prefix (GST_PAD_NAME (pad), "recv_rtp_src_"))
    media_arrival_announce (pad, user_data, on_arrival);
}

/* In a streaming thread. */
static GstCaps *
on_request_pt_map (GstElement *rtpbin, guint session, guint payload, gpointer user_data)
{
  return media_rtp_gate_dup_caps (user_data, payload);
}

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  MediaRtpStream *self = user_data;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_LATENCY)
    gst_bin_recalculate_latency (GST_BIN (self->pipeline));
  else
    g_signal_emit (self, signals[SIGNAL_NEWS], 0, message);
  return G_SOURCE_CONTINUE;
}

static GstElement *
add (MediaRtpStream *self, const char *name, GError **error)
{
  GstElement *element = gst_element_factory_make (name, NULL);

  if (element == NULL)
    g_set_error (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER, "GStreamer has no %s",
                 name);
  else
    gst_bin_add (GST_BIN (self->pipeline), element);
  return element;
}

/* RFC 7022 4.2: a name that tells nothing, neither the user's nor the machine's. */
static void
hide_name (GstElement *rtpbin)
{
  g_autofree char *name = g_uuid_string_random ();
  g_autoptr (GstStructure) sdes =
      gst_structure_new ("application/x-rtp-source-sdes", "cname", G_TYPE_STRING, name, NULL);

  g_object_set (rtpbin, "sdes", sdes, NULL);
}

/* Reads one of the sockets, unless that is done already. */
static gboolean
listen (MediaRtpStream *self, gboolean is_control, GError **error)
{
  MediaRtpGate *gate = self->gate;
  g_autoptr (GstPad) in =
      gst_element_get_static_pad (GST_ELEMENT (gate), is_control ? "rtcp_in" : "rtp_in");
  g_autoptr (GstPad) out = NULL;
  GstElement *source;

  if (gst_pad_is_linked (in))
    return TRUE;
  source = gate->ice != NULL ? media_rtp_ice_new_source (gate->ice, is_control)
                             : add (self, "udpsrc", error);
  if (source == NULL)
    return gate->ice != NULL;
  if (gate->ice != NULL)
    gst_bin_add (GST_BIN (self->pipeline), source);
  else
    g_object_set (source, "socket", is_control ? gate->rtcp_socket : gate->rtp_socket,
                  "close-socket", FALSE, "auto-multicast", FALSE, NULL);
  self->sources[is_control] = source;
  out = gst_element_get_static_pad (source, "src");
  return gst_pad_link (out, in) == GST_PAD_LINK_OK && gst_element_sync_state_with_parent (source);
}

static gboolean
add_rtpbin (MediaRtpStream *self, GError **error)
{
  self->rtpbin = add (self, "rtpbin", error);
  if (self->rtpbin == NULL)
    return FALSE;
  g_object_set (self->rtpbin, "latency", MEDIA_CUSHION_LEAST, "max-streams", MAX_STREAMS,
                "autoremove", TRUE, "do-lost", TRUE, NULL);
  hide_name (self->rtpbin);
  g_signal_connect_data (self->rtpbin, "pad-added", G_CALLBACK (on_pad_added),
                         media_hop_ref (self->hop), media_hop_unref_closure, 0);
  g_signal_connect_object (self->rtpbin, "request-pt-map", G_CALLBACK (on_request_pt_map),
                           self->gate, 0);
  return TRUE;
}

static gboolean
link_exit (MediaRtpStream *self, GstPad *pad, MediaRtpExit exit)
{
  self->exits[exit] = media_rtp_gate_new_exit (self->gate, exit);
  return gst_pad_link (pad, self->exits[exit]) == GST_PAD_LINK_OK;
}

static gboolean
link_gate (MediaRtpStream *self)
{
  GstElement *gate = GST_ELEMENT (self->gate);
  g_autoptr (GstPad) sink = NULL, rtp = NULL, rtcp = NULL;

  if (!gst_element_link_pads (gate, "rtp_out", self->rtpbin, "recv_rtp_sink_0") ||
      !gst_element_link_pads (gate, "rtcp_out", self->rtpbin, "recv_rtcp_sink_0"))
    return FALSE;
  sink = gst_element_request_pad_simple (self->rtpbin, "send_rtp_sink_0");
  rtp = gst_element_get_static_pad (self->rtpbin, "send_rtp_src_0");
  rtcp = gst_element_request_pad_simple (self->rtpbin, "send_rtcp_src_0");
  return sink != NULL && link_exit (self, rtp, MEDIA_RTP_EXIT_RTP) &&
         link_exit (self, rtcp, MEDIA_RTP_EXIT_RTCP);
}

static gboolean
build (MediaRtpStream *self, MediaRtpSockets *sockets, GError **error)
{
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autoptr (GstBus) bus = NULL;

  self->pipeline = gst_pipeline_new (NULL);
  /* Devices come and go in a call; its clock does not. */
  gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), clock);
  self->gate = gst_object_ref_sink (media_rtp_gate_new (sockets, self->hop, on_tone));
  gst_bin_add (GST_BIN (self->pipeline), GST_ELEMENT (self->gate));
  if (!add_rtpbin (self, error) || !listen (self, FALSE, error))
    return FALSE;
  bus = gst_pipeline_get_bus (GST_PIPELINE (self->pipeline));
  self->watch_id = gst_bus_add_watch (bus, on_message, self);
  if (link_gate (self) &&
      gst_element_set_state (self->pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE)
    return TRUE;
  g_set_error_literal (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER,
                       "GStreamer's rtpbin does not start");
  return FALSE;
}

static void
media_rtp_stream_dispose (GObject *object)
{
  MediaRtpStream *self = MEDIA_RTP_STREAM (object);

  media_rtp_stream_close (self);
  gst_clear_object (&self->gate);
  g_clear_pointer (&self->hop, media_hop_unref);
  G_OBJECT_CLASS (media_rtp_stream_parent_class)->dispose (object);
}

static void
media_rtp_stream_class_init (MediaRtpStreamClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = media_rtp_stream_dispose;

  /* A handshake is over: sound may flow. */
  signals[SIGNAL_READY] = g_signal_new ("ready", MEDIA_TYPE_RTP_STREAM, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  /* A stream of the other side, to be linked by the handler of the signal. */
  signals[SIGNAL_PAD] = g_signal_new ("pad", MEDIA_TYPE_RTP_STREAM, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 1, GST_TYPE_PAD);
  /* A MediaRtpTone of the other side. */
  signals[SIGNAL_TONE] = g_signal_new ("tone", MEDIA_TYPE_RTP_STREAM, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  /* A message of the bus. */
  signals[SIGNAL_NEWS] = g_signal_new ("news", MEDIA_TYPE_RTP_STREAM, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, GST_TYPE_MESSAGE);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", MEDIA_TYPE_RTP_STREAM, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
media_rtp_stream_init (MediaRtpStream *self)
{
  self->hop = media_hop_new (self);
}

/* Listens on @sockets, and lets nothing pass before the first apply(). */
MediaRtpStream *
media_rtp_stream_new (MediaRtpSockets *sockets, GError **error)
{
  g_autoptr (MediaRtpStream) self = g_object_new (MEDIA_TYPE_RTP_STREAM, NULL);

  return build (self, sockets, error) ? g_steal_pointer (&self) : NULL;
}

/* A handshake that agrees with the descriptions goes on; another one begins anew. */
static gboolean
apply_dtls (MediaRtpStream *self,
            const MediaRtpSdp *local,
            const MediaRtpSdp *remote,
            GError **error)
{
  gboolean is_client = media_rtp_sdp_is_client (local, remote);

  if (self->dtls != NULL && media_rtp_dtls_is_like (self->dtls, remote->fingerprint, is_client))
    return TRUE;
  g_clear_pointer (&self->dtls, media_rtp_dtls_free);
  media_rtp_gate_forget_keys (self->gate);
  self->is_ready = FALSE;
  self->dtls = media_rtp_dtls_new (GST_BIN (self->pipeline), self->gate, remote->fingerprint,
                                   is_client, self->hop, on_dtls_news, error);
  return self->dtls != NULL;
}

/* What two descriptions agreed on, from now on. */
gboolean
media_rtp_stream_apply (MediaRtpStream *self,
                        const MediaRtpSdp *local,
                        const MediaRtpSdp *remote,
                        GError **error)
{
  if (!media_rtp_gate_open (self->gate, local, remote, error))
    return FALSE;
  if (!self->gate->is_muxed && !listen (self, TRUE, error))
    return FALSE;
  g_signal_emit_by_name (self->rtpbin, "clear-pt-map");
  if (remote->protection == MEDIA_PROTECTION_DTLS)
    return apply_dtls (self, local, remote, error);
  g_clear_pointer (&self->dtls, media_rtp_dtls_free);
  self->is_ready = TRUE;
  return TRUE;
}

/* The same sound by other sockets from now on, of which none may be of ICE. */
gboolean
media_rtp_stream_move (MediaRtpStream *self, MediaRtpSockets *sockets, GError **error)
{
  media_rtp_gate_set_sockets (self->gate, sockets);
  for (guint i = 0; i < G_N_ELEMENTS (self->sources); i++) {
    if (self->sources[i] == NULL)
      continue;
    gst_element_set_state (self->sources[i], GST_STATE_NULL);
    gst_bin_remove (GST_BIN (self->pipeline), self->sources[i]);
    if (!listen (self, i, error))
      return FALSE;
  }
  return TRUE;
}

/* Nothing is heard or sent any more, and no signal comes. */
void
media_rtp_stream_close (MediaRtpStream *self)
{
  g_autoptr (GstElement) pipeline = self->pipeline;

  if (pipeline == NULL)
    return;
  media_rtp_gate_close (self->gate);
  self->is_ready = FALSE;
  g_clear_handle_id (&self->watch_id, g_source_remove);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_clear_pointer (&self->dtls, media_rtp_dtls_free);
  for (guint i = 0; i < G_N_ELEMENTS (self->exits); i++)
    gst_clear_object (&self->exits[i]);
  self->pipeline = NULL;
  self->rtpbin = NULL;
}

/* NULL once it is closed. */
GstBin *
media_rtp_stream_get_pipeline (MediaRtpStream *self)
{
  return self->pipeline != NULL ? GST_BIN (self->pipeline) : NULL;
}

/* Likewise. */
GstElement *
media_rtp_stream_get_rtpbin (MediaRtpStream *self)
{
  return self->rtpbin;
}

MediaRtpGate *
media_rtp_stream_get_gate (MediaRtpStream *self)
{
  return self->gate;
}

/* Where this side's packets go in. */
GstPad *
media_rtp_stream_dup_sink (MediaRtpStream *self)
{
  return self->rtpbin != NULL ? gst_element_get_static_pad (self->rtpbin, "send_rtp_sink_0") : NULL;
}

/* Whether this side's sound may leave. */
gboolean
media_rtp_stream_is_ready (MediaRtpStream *self)
{
  return self->is_ready;
}
