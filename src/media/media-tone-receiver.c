/* media-tone-receiver.c - from packets, some of them twice and some of them lost, to each tone once
 *
 * Down: webrtcbin's pad for tones -> a sink
 * Up:   each packet -> MediaHop -> media_tone_receiver_take_packet() -> the signal tone
 *
 * A tone is told of when it ends, for then its length is known: at the first packet that says so,
 * or where all of those are lost with the next tone, or when nothing more comes of it.
 */

#include "media-tone-receiver-private.h"

#include "media-hop-private.h"

#include "sip-dtmf.h"

/* RFC 4733 2.5.2.2: three packets' time without a packet, and packets may be 50 ms long. */
#define SILENCE_MS 200

/* What came before what was told of already, if it is not older than this. */
#define LATE_SECONDS 10

struct _MediaToneReceiver {
  GObject parent_instance;

  MediaHop *hop;
  MediaTonePacket last; /* of the tone that sounds, or sounded last */
  guint before;         /* how long it was before the part that @last is of, in its clock's units */
  gboolean is_known;    /* there was one */
  gboolean is_sounding;
  guint silence_id;
};

G_DEFINE_FINAL_TYPE (MediaToneReceiver, media_tone_receiver, G_TYPE_OBJECT)

enum { SIGNAL_TONE, N_SIGNALS };
static guint signals[N_SIGNALS];

/* What a streaming thread knows of a pad. */
typedef struct {
  MediaHop *hop;
  guint clock_rate;
} Way;

static void
media_tone_receiver_dispose (GObject *object)
{
  MediaToneReceiver *self = MEDIA_TONE_RECEIVER (object);

  media_tone_receiver_close (self);
  g_clear_pointer (&self->hop, media_hop_unref);
  G_OBJECT_CLASS (media_tone_receiver_parent_class)->dispose (object);
}

static void
media_tone_receiver_class_init (MediaToneReceiverClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = media_tone_receiver_dispose;

  signals[SIGNAL_TONE] = g_signal_new ("tone", MEDIA_TYPE_TONE_RECEIVER, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, SIP_TYPE_DTMF);
}

static void
media_tone_receiver_init (MediaToneReceiver *self)
{
  self->hop = media_hop_new (self);
}

MediaToneReceiver *
media_tone_receiver_new (void)
{
  return g_object_new (MEDIA_TYPE_TONE_RECEIVER, NULL);
}

static void
finish (MediaToneReceiver *self)
{
  guint64 length = (guint64)self->before + self->last.duration;
  g_autoptr (SipDtmf) tone = NULL;

  g_clear_handle_id (&self->silence_id, g_source_remove);
  if (!self->is_sounding)
    return;
  self->is_sounding = FALSE;
  tone = sip_dtmf_new_received (media_tone_get_name (self->last.event),
                                MIN (length * 1000 / self->last.clock_rate, G_MAXUINT));
  g_signal_emit (self, signals[SIGNAL_TONE], 0, tone);
}

static gboolean
on_silence (gpointer user_data)
{
  MediaToneReceiver *self = user_data;

  self->silence_id = 0;
  finish (self);
  return G_SOURCE_REMOVE;
}

/* RFC 4733 2.5.1.3: a tone too long for 16 bits goes on where its last part ended. */
static gboolean
goes_on (MediaToneReceiver *self, const MediaTonePacket *packet)
{
  guint32 distance = packet->timestamp - self->last.timestamp;

  return self->is_known && packet->source == self->last.source &&
         packet->event == self->last.event && !packet->is_first && !self->last.is_last &&
         self->last.duration > G_MAXINT16 && distance >= self->last.duration &&
         distance <= G_MAXUINT16;
}

static gboolean
is_late (MediaToneReceiver *self, const MediaTonePacket *packet)
{
  guint32 age = self->last.timestamp - packet->timestamp;

  return self->is_known && packet->source == self->last.source && age > 0 &&
         age < LATE_SECONDS * packet->clock_rate;
}

/* In the order of their numbers. */
void
media_tone_receiver_take_packet (MediaToneReceiver *self, const MediaTonePacket *packet)
{
  gboolean is_same = self->is_known && packet->source == self->last.source &&
                     packet->timestamp == self->last.timestamp;

  if (is_late (self, packet))
    return;
  if (is_same) {
    self->last.duration = MAX (self->last.duration, packet->duration);
    self->last.is_last = self->last.is_last || packet->is_last;
  } else if (goes_on (self, packet)) {
    /* What a gap in the packets made be told of too early is not told of again. */
    self->before += packet->timestamp - self->last.timestamp;
    self->last = *packet;
  } else {
    finish (self);
    self->before = 0;
    self->last = *packet;
    self->is_known = TRUE;
    self->is_sounding = TRUE;
  }
  g_clear_handle_id (&self->silence_id, g_source_remove);
  if (packet->is_last)
    finish (self);
  else
    self->silence_id = g_timeout_add (SILENCE_MS, on_silence, self);
}

static void
on_packet (gpointer object, gpointer data)
{
  media_tone_receiver_take_packet (object, data);
}

/* In a streaming thread. */
static GstPadProbeReturn
on_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Way *way = user_data;
  MediaTonePacket packet;

  if (media_tone_read_packet (GST_PAD_PROBE_INFO_BUFFER (info), way->clock_rate, &packet))
    media_hop_post (way->hop, on_packet, g_memdup2 (&packet, sizeof packet), g_free);
  return GST_PAD_PROBE_OK;
}

static void
free_way (gpointer data)
{
  Way *way = data;

  media_hop_unref (way->hop);
  g_free (way);
}

/* 0 where @pad brings no tones. */
static guint
find_clock_rate (GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  const GstStructure *structure;
  int clock_rate = 0;

  if (caps == NULL || gst_caps_is_empty (caps) || gst_caps_is_any (caps))
    return 0;
  structure = gst_caps_get_structure (caps, 0);
  if (g_strcmp0 (gst_structure_get_string (structure, "encoding-name"), "TELEPHONE-EVENT") != 0)
    return 0;
  gst_structure_get_int (structure, "clock-rate", &clock_rate);
  return MAX (clock_rate, 0);
}

/* Returns whether @pad brings tones; then it is taken care of. */
gboolean
media_tone_receiver_take_pad (MediaToneReceiver *self, GstBin *pipeline, GstPad *pad)
{
  guint clock_rate = find_clock_rate (pad);
  GstElement *sink;
  g_autoptr (GstPad) in = NULL;
  Way *way;

  if (clock_rate == 0)
    return FALSE;
  sink = gst_element_factory_make ("fakesink", NULL);
  g_object_set (sink, "sync", FALSE, "async", FALSE, NULL);
  gst_bin_add (pipeline, sink);
  gst_element_sync_state_with_parent (sink);
  way = g_new (Way, 1);
  *way = (Way){media_hop_ref (self->hop), clock_rate};
  in = gst_element_get_static_pad (sink, "sink");
  gst_pad_add_probe (in, GST_PAD_PROBE_TYPE_BUFFER, on_buffer, way, free_way);
  gst_pad_link (pad, in);
  return TRUE;
}

/* What sounds is not told of any more. */
void
media_tone_receiver_close (MediaToneReceiver *self)
{
  g_clear_handle_id (&self->silence_id, g_source_remove);
  self->is_sounding = FALSE;
}
