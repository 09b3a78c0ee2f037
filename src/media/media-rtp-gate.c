/* media-rtp-gate.c - every packet of a call over RTP passes here, and most of what a stranger
 * sends does not
 *
 * Down: rtpbin -> a tone in place of sound -> encrypted -> the socket, to the other side
 * Up:   the socket -> kind, size -> decrypted -> whose it is -> tones -> rtpbin
 *
 * What the descriptions agreed on is set from the main context; packets come from a thread of
 * GStreamer's for each socket and for each way, hence the lock. It is never held while a packet
 * goes on, up or down.
 */

#include "media-rtp-gate-private.h"

#include "media-pad-private.h"

#include <gst/net/gstnetaddressmeta.h>
#include <string.h>

/* Sound comes in packets of some hundred bytes; what is larger than a network carries is none. */
#define MAX_PACKET 2048
#define RTP_HEADER 12
#define RTCP_HEADER 8

/* In a second; RFC 3550 6.2 has them every five. */
#define MAX_REPORTS 20

/* A source that says nothing for so long may be forgotten. */
#define SILENCE_US (2 * G_USEC_PER_SEC)

G_DEFINE_FINAL_TYPE (MediaRtpGate, media_rtp_gate, GST_TYPE_ELEMENT)

static const struct {
  const char *name;
  const char *caps;
} pads[] = {
    {"rtp_out", "application/x-rtp"},
    {"rtcp_out", "application/x-rtcp"},
    {"dtls_out", "application/x-dtls"},
};

static gboolean
is_rtcp (const guchar *packet)
{
  /* RFC 5761 4: no payload of RTP has these numbers. */
  return packet[1] >= 192 && packet[1] <= 223;
}

static guint32
get_source (const guchar *packet)
{
  guint32 source;

  memcpy (&source, packet + 8, 4);
  return GUINT32_FROM_BE (source);
}

static void
post_tone (MediaRtpGate *self)
{
  MediaRtpTone *tone = g_new (MediaRtpTone, 1);

  tone->letter = media_rtp_tone_get_letter (self->tone_in.told_event);
  tone->duration = (guint64)self->tone_in.told_duration * 1000 / self->tone_in_rate;
  media_hop_post (self->hop, self->on_tone, tone, g_free);
}

/* A place for @number, where it is known or may be: one that is silent makes room for another.
 * Whoever changes its number with every packet fills nothing but these.
 */
static MediaRtpSource *
find_source (MediaRtpGate *self, guint32 number, gint64 now)
{
  MediaRtpSource *oldest = &self->sources[0];

  for (guint i = 0; i < MEDIA_RTP_SOURCES; i++) {
    MediaRtpSource *source = &self->sources[i];

    if (source->heard_at != 0 && source->number == number)
      return source;
    if (source->heard_at < oldest->heard_at)
      oldest = source;
  }
  return oldest->heard_at == 0 || now - oldest->heard_at > SILENCE_US ? oldest : NULL;
}

static void
note_source (MediaRtpGate *self, MediaRtpSource *source, guint32 number, gint64 now)
{
  if (source->heard_at != 0 && source->number != number && self->theirs != NULL)
    media_srtp_forget (self->theirs, source->number);
  source->number = number;
  source->heard_at = now;
}

/* Clear sound is asked for its sender; encrypted sound for its key, and then for its sender only
 * to know where ours goes.
 */
static gboolean
take_rtp (MediaRtpGate *self, GSocketAddress *from, guchar *packet, gsize *size)
{
  gint64 now = g_get_monotonic_time ();
  guint payload = packet[1] & 0x7f;
  guint rate = self->tone_rates[payload];
  guint32 number;
  MediaRtpSource *source;

  if (*size < RTP_HEADER || (!self->accepts[payload] && payload != MEDIA_RTP_COMFORT_NOISE))
    return FALSE;
  number = get_source (packet);
  source = find_source (self, number, now);
  if (source == NULL)
    return FALSE;
  if (!self->is_clear &&
      (self->theirs == NULL || !media_srtp_unprotect (self->theirs, packet, size, FALSE)))
    return FALSE;
  if (!media_rtp_latch_take (&self->latch, from, number, payload, !self->is_clear, now))
    return FALSE;
  note_source (self, source, number, now);
  self->is_quiet = payload == MEDIA_RTP_COMFORT_NOISE;
  if (self->is_muxed)
    g_set_object (&self->rtcp_to, self->latch.current);
  if (rate > 0)
    self->tone_in_rate = rate;
  if (media_rtp_tone_is_over (&self->tone_in, now) ||
      (rate > 0 && media_rtp_tone_hear (&self->tone_in, packet, *size, now)))
    post_tone (self);
  return TRUE;
}

static gboolean
take_rtcp (MediaRtpGate *self, GSocketAddress *from, guchar *packet, gsize *size)
{
  gint64 now = g_get_monotonic_time ();
  gboolean is_good = *size >= RTCP_HEADER;

  if (now - self->reports_since > G_USEC_PER_SEC) {
    self->reports_since = now;
    self->n_reports = 0;
  }
  if (self->n_reports >= MAX_REPORTS)
    return FALSE;
  if (self->is_clear)
    is_good = is_good && media_rtp_latch_is_same_host (self->latch.current, from);
  else
    is_good =
        is_good && self->theirs != NULL && media_srtp_unprotect (self->theirs, packet, size, TRUE);
  self->n_reports += is_good;
  return is_good;
}

/* In a thread that reads a socket. Takes @buffer. */
static GstFlowReturn
receive (MediaRtpGate *self, GstBuffer *buffer, gboolean is_rtcp_socket)
{
  GstNetAddressMeta *meta = gst_buffer_get_net_address_meta (buffer);
  g_autoptr (GSocketAddress) from = meta != NULL ? g_object_ref (meta->addr) : NULL;
  GstPad *out = NULL;
  GstMapInfo map;
  gsize size;

  buffer = gst_buffer_make_writable (buffer);
  if (!gst_buffer_map (buffer, &map, GST_MAP_READWRITE)) {
    gst_buffer_unref (buffer);
    return GST_FLOW_OK;
  }
  size = map.size;
  g_mutex_lock (&self->lock);
  /* ICE lets nobody through whom it did not check; it is the other side, wherever it is. */
  if (self->ice != NULL)
    g_set_object (&from, self->latch.expected);
  if (!self->is_open || from == NULL || size < 2 || size > MAX_PACKET)
    out = NULL;
  else if (self->takes_dtls && !is_rtcp_socket && map.data[0] >= 20 && map.data[0] < 64)
    out = media_rtp_latch_is_same (self->latch.expected, from) ? self->dtls_out : NULL;
  else if (map.data[0] >> 6 != 2)
    out = NULL;
  else if (is_rtcp (map.data))
    out = (is_rtcp_socket || self->is_muxed) && take_rtcp (self, from, map.data, &size)
              ? self->rtcp_out
              : NULL;
  else if (!is_rtcp_socket && take_rtp (self, from, map.data, &size))
    out = self->rtp_out;
  g_mutex_unlock (&self->lock);
  gst_buffer_unmap (buffer, &map);

  if (out == NULL) {
    gst_buffer_unref (buffer);
    return GST_FLOW_OK;
  }
  /* rtpbin would take a sender who moved for two who share a number. */
  if (meta != NULL)
    gst_buffer_remove_meta (buffer, &meta->meta);
  gst_buffer_set_size (buffer, size);
  gst_pad_push (out, buffer);
  return GST_FLOW_OK;
}

static GstFlowReturn
on_rtp_in (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  return receive (MEDIA_RTP_GATE (parent), buffer, FALSE);
}

static GstFlowReturn
on_rtcp_in (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  return receive (MEDIA_RTP_GATE (parent), buffer, TRUE);
}

/* With the lock, for the next agreement may change it; NULL where ICE has it. */
static GSocket *
dup_socket (MediaRtpGate *self, gboolean is_control)
{
  GSocket *from = is_control && !self->is_muxed ? self->rtcp_from : self->rtp_from;

  return from != NULL ? g_object_ref (from) : NULL;
}

/* Without the lock: whoever is sent to may answer at once. */
static gboolean
transmit (MediaRtpGate *self,
          GSocket *from,
          GSocketAddress *to,
          const guchar *packet,
          gsize size,
          gboolean is_control)
{
  if (self->ice != NULL)
    return media_rtp_ice_send (self->ice, is_control, packet, size);
  return g_socket_send_to (from, to, (const char *)packet, size, NULL, NULL) > 0;
}

/* With the lock. Where @packet goes to as it is then; NULL where it stays. */
static GSocketAddress *
prepare (MediaRtpGate *self, guchar *packet, gsize *size, gboolean is_control)
{
  GSocketAddress *to = is_control ? self->rtcp_to : self->latch.current;

  if (!self->is_open || to == NULL)
    return NULL;
  if (!is_control)
    *size = media_rtp_tone_replace (&self->tone_out, packet, *size);
  if (!self->is_clear &&
      (self->ours == NULL || !media_srtp_protect (self->ours, packet, size, is_control)))
    return NULL;
  return g_object_ref (to);
}

static void
send_buffer (MediaRtpGate *self, GstBuffer *buffer, gboolean is_control)
{
  guchar packet[MAX_PACKET + SRTP_MAX_TRAILER_LEN + 4] __attribute__ ((aligned (8)));
  gsize size = gst_buffer_extract (buffer, 0, packet, MAX_PACKET);
  g_autoptr (GSocketAddress) to = NULL;
  g_autoptr (GSocket) from = NULL;

  if (size < (is_control ? RTCP_HEADER : RTP_HEADER))
    return;
  g_mutex_lock (&self->lock);
  to = prepare (self, packet, &size, is_control);
  from = dup_socket (self, is_control);
  g_mutex_unlock (&self->lock);
  if (to == NULL || !transmit (self, from, to, packet, size, is_control) || is_control)
    return;
  g_mutex_lock (&self->lock);
  self->n_sent++;
  g_mutex_unlock (&self->lock);
}

/* These three in a streaming thread. They take @buffer. */
static GstFlowReturn
on_rtp_sent (GstPad *exit, GstObject *parent, GstBuffer *buffer)
{
  send_buffer (gst_pad_get_element_private (exit), buffer, FALSE);
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static GstFlowReturn
on_rtcp_sent (GstPad *exit, GstObject *parent, GstBuffer *buffer)
{
  send_buffer (gst_pad_get_element_private (exit), buffer, TRUE);
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static void
send_handshake (MediaRtpGate *self, GstBuffer *buffer)
{
  g_autoptr (GSocketAddress) to = NULL;
  g_autoptr (GSocket) from = NULL;
  GstMapInfo map;

  g_mutex_lock (&self->lock);
  if (self->is_open && self->takes_dtls)
    g_set_object (&to, self->latch.expected);
  from = dup_socket (self, FALSE);
  g_mutex_unlock (&self->lock);
  if (to == NULL || !gst_buffer_map (buffer, &map, GST_MAP_READ))
    return;
  transmit (self, from, to, map.data, map.size, FALSE);
  gst_buffer_unmap (buffer, &map);
}

static GstFlowReturn
on_dtls_sent (GstPad *exit, GstObject *parent, GstBuffer *buffer)
{
  send_handshake (gst_pad_get_element_private (exit), buffer);
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

/* Whatever streams come in, those that leave are of the gate's own making. */
static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  gst_event_unref (event);
  return TRUE;
}

static GstStateChangeReturn
media_rtp_gate_change_state (GstElement *element, GstStateChange change)
{
  GstStateChangeReturn result =
      GST_ELEMENT_CLASS (media_rtp_gate_parent_class)->change_state (element, change);

  if (change == GST_STATE_CHANGE_READY_TO_PAUSED) {
    for (guint i = 0; i < G_N_ELEMENTS (pads); i++) {
      g_autoptr (GstPad) pad = gst_element_get_static_pad (element, pads[i].name);

      media_pad_start_stream (pad, pads[i].caps);
    }
  }
  return result;
}

static void
media_rtp_gate_finalize (GObject *object)
{
  MediaRtpGate *self = MEDIA_RTP_GATE (object);

  media_rtp_latch_clear (&self->latch);
  g_clear_object (&self->rtcp_to);
  g_clear_pointer (&self->ours, media_srtp_free);
  g_clear_pointer (&self->theirs, media_srtp_free);
  g_clear_object (&self->rtp_socket);
  g_clear_object (&self->rtcp_socket);
  g_clear_object (&self->rtp_from);
  g_clear_object (&self->rtcp_from);
  g_clear_object (&self->ice);
  media_hop_unref (self->hop);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (media_rtp_gate_parent_class)->finalize (object);
}

static void
media_rtp_gate_class_init (MediaRtpGateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = media_rtp_gate_finalize;
  GST_ELEMENT_CLASS (klass)->change_state = media_rtp_gate_change_state;
}

static void
add_sink (MediaRtpGate *self, const char *name, GstPadChainFunction chain)
{
  GstPad *pad = gst_pad_new (name, GST_PAD_SINK);

  gst_pad_set_chain_function (pad, chain);
  gst_pad_set_event_function (pad, on_event);
  gst_element_add_pad (GST_ELEMENT (self), pad);
}

static GstPad *
add_source (MediaRtpGate *self, const char *name)
{
  GstPad *pad = gst_pad_new (name, GST_PAD_SRC);

  gst_element_add_pad (GST_ELEMENT (self), pad);
  return pad;
}

static void
media_rtp_gate_init (MediaRtpGate *self)
{
  g_mutex_init (&self->lock);
  add_sink (self, "rtp_in", on_rtp_in);
  add_sink (self, "rtcp_in", on_rtcp_in);
  self->rtp_out = add_source (self, "rtp_out");
  self->rtcp_out = add_source (self, "rtcp_out");
  self->dtls_out = add_source (self, "dtls_out");
}

/* @on_tone is given a MediaRtpTone, in the main context. Nothing passes before open(). */
MediaRtpGate *
media_rtp_gate_new (const MediaRtpSockets *sockets, MediaHop *hop, MediaHopFunc on_tone)
{
  MediaRtpGate *self = g_object_new (MEDIA_TYPE_RTP_GATE, NULL);

  self->hop = media_hop_ref (hop);
  self->on_tone = on_tone;
  media_rtp_gate_set_sockets (self, sockets);
  return self;
}

/* Where what leaves goes in: a pad of no element, for a graph of elements must not turn back into
 * one of them.
 */
GstPad *
media_rtp_gate_new_exit (MediaRtpGate *self, MediaRtpExit exit)
{
  static const GstPadChainFunction functions[] = {
      [MEDIA_RTP_EXIT_RTP] = on_rtp_sent,
      [MEDIA_RTP_EXIT_RTCP] = on_rtcp_sent,
      [MEDIA_RTP_EXIT_DTLS] = on_dtls_sent,
  };
  static GstStaticPadTemplate template =
      GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);
  GstPad *pad = gst_object_ref_sink (gst_pad_new_from_static_template (&template, NULL));

  gst_pad_set_chain_function (pad, functions[exit]);
  gst_pad_set_event_function (pad, on_event);
  gst_pad_set_element_private (pad, self);
  g_object_set_data_full (G_OBJECT (pad), "gate", gst_object_ref (self), gst_object_unref);
  gst_pad_set_active (pad, TRUE);
  return pad;
}
