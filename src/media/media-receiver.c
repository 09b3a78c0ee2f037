/* media-receiver.c - from webrtcbin to the speaker
 *
 * Down: webrtcbin's pads -> a decoder each -> MediaVoice (hold) -> sink
 * Up:   MediaVoice -> the track's level
 *       the bus -> take_news() -> nothing in place of a broken sink
 *
 * Another codec or another source of the same call comes as another pad and ends in the same
 * sink, whose errors go no further up than here.
 */

#include "media-receiver-private.h"

#include "media-device-private.h"
#include "media-pause-private.h"
#include "media-voice-private.h"
#include "sip-track.h"

struct _MediaReceiver {
  GObject parent_instance;

  MediaHop *hop;
  GstBin *pipeline; /* NULL once closed */
  MediaVoice *voice;
  GstElement *sink;
  GstElement *next; /* takes the place of sink with the next buffer */
  MediaPause pause; /* of the buffers meanwhile */
  SipTrack *track;
  const MediaCodec *codec; /* of the last stream, NULL before */
  guint rate;              /* of what is played: never lower than it was */
  GPtrArray *heads;        /* that play */
  char *audio_sink;
  gboolean is_repairing;
};

G_DEFINE_FINAL_TYPE (MediaReceiver, media_receiver, G_TYPE_OBJECT)

static void
drop_sink (MediaReceiver *self)
{
  gst_element_unlink (GST_ELEMENT (self->voice), self->sink);
  gst_bin_remove (self->pipeline, self->sink);
  media_device_release (g_steal_pointer (&self->sink));
}

/* Takes @sink. */
static gboolean
attach (MediaReceiver *self, GstElement *sink)
{
  self->sink = sink;
  gst_bin_add (self->pipeline, sink);
  return gst_element_link (GST_ELEMENT (self->voice), sink) &&
         gst_element_sync_state_with_parent (sink);
}

static void
on_paused (gpointer object, gpointer data)
{
  MediaReceiver *self = object;

  if (!media_pause_is_reached (&self->pause, data))
    return;
  drop_sink (self);
  /* One that does not start must not stay: the pipeline could not stop either. */
  if (!attach (self, g_steal_pointer (&self->next))) {
    g_debug ("the sink of sound does not start");
    sip_track_set_available (self->track, FALSE);
    drop_sink (self);
    attach (self, media_device_new_silent_sink ());
  }
  media_pause_end (&self->pause);
  gst_bin_recalculate_latency (self->pipeline);
}

/* Takes @sink. To take the old one away under a buffer would stop the thread that brought it. */
static void
set_sink (MediaReceiver *self, GstElement *sink)
{
  g_autoptr (GstPad) pad = media_receiver_dup_heard (self);

  if (self->next != NULL)
    media_device_release (self->next);
  self->next = sink;
  media_pause_begin (&self->pause, pad, GST_PAD_PROBE_TYPE_DATA_DOWNSTREAM, self->hop, on_paused);
}

static void
raise_rate (MediaReceiver *self, guint rate)
{
  if (rate <= self->rate)
    return;
  self->rate = rate;
  media_voice_raise (self->voice, rate);
}

static void
on_opened (GObject *object, GAsyncResult *result, gpointer user_data)
{
  MediaReceiver *self = MEDIA_RECEIVER (object);
  g_autoptr (GError) error = NULL;
  GstElement *sink = media_device_open_finish (object, result, &error);

  if (sink == NULL) {
    g_debug ("the speaker cannot be opened: %s", error->message);
    /* Where another one cannot, the one that plays goes on. */
    if (self->pipeline != NULL && media_device_is_silent (self->sink))
      sip_track_set_available (self->track, FALSE);
  } else if (self->pipeline == NULL) {
    media_device_release (sink);
  } else {
    set_sink (self, sink);
    raise_rate (self, GPOINTER_TO_UINT (user_data));
  }
}

static void
open_sink (MediaReceiver *self, guint rate)
{
  media_device_open_async (G_OBJECT (self), MEDIA_DEVICE_SINK, self->audio_sink, on_opened,
                           GUINT_TO_POINTER (rate));
}

static void
media_receiver_dispose (GObject *object)
{
  MediaReceiver *self = MEDIA_RECEIVER (object);

  media_receiver_close (self);
  gst_clear_object (&self->voice);
  g_clear_pointer (&self->heads, g_ptr_array_unref);
  g_clear_object (&self->track);
  g_clear_pointer (&self->audio_sink, g_free);
  g_clear_pointer (&self->hop, media_hop_unref);
  G_OBJECT_CLASS (media_receiver_parent_class)->dispose (object);
}

static void
media_receiver_class_init (MediaReceiverClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = media_receiver_dispose;
}

static void
media_receiver_init (MediaReceiver *self)
{
  self->hop = media_hop_new (self);
  self->track = sip_track_new ("remote-audio", "audio", TRUE);
  self->voice = gst_object_ref_sink (media_voice_new ());
  self->heads = g_ptr_array_new_with_free_func (gst_object_unref);
}

/* Opens @audio_sink, or the speaker where that is %NULL; until it is open nothing is heard. */
MediaReceiver *
media_receiver_new (GstBin *pipeline, const char *audio_sink)
{
  MediaReceiver *self = g_object_new (MEDIA_TYPE_RECEIVER, NULL);

  self->pipeline = pipeline;
  self->audio_sink = g_strdup (audio_sink);
  gst_bin_add (pipeline, GST_ELEMENT (self->voice));
  attach (self, media_device_new_silent_sink ());
  gst_element_sync_state_with_parent (GST_ELEMENT (self->voice));
  open_sink (self, 0);
  return self;
}

/* Borrowed. */
SipTrack *
media_receiver_get_track (MediaReceiver *self)
{
  return self->track;
}

/* NULL as long as nothing came. */
const MediaCodec *
media_receiver_get_codec (MediaReceiver *self)
{
  return self->codec;
}

static const MediaCodec *
find_codec (GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  const GstStructure *stream;
  int clock_rate = 0;

  if (caps == NULL)
    caps = gst_pad_query_caps (pad, NULL);
  if (gst_caps_is_empty (caps) || gst_caps_is_any (caps))
    return NULL;
  stream = gst_caps_get_structure (caps, 0);
  gst_structure_get_int (stream, "clock-rate", &clock_rate);
  return media_codecs_find_encoding (gst_structure_get_string (stream, "encoding-name"),
                                     clock_rate);
}

static void
repair (GstElement *head)
{
  g_autoptr (GstElement) decoder = gst_bin_get_by_name (GST_BIN (head), "repair");
  const MediaCodec *codec = g_object_get_data (G_OBJECT (head), "codec");

  if (decoder != NULL)
    g_object_set (decoder, codec->repair, TRUE, NULL);
}

/* Packets are lost: from now on sound comes a packet later, and more of it comes. */
void
media_receiver_repair (MediaReceiver *self)
{
  self->is_repairing = TRUE;
  for (guint i = 0; i < self->heads->len; i++)
    repair (g_ptr_array_index (self->heads, i));
}

/* A speaker would say nothing while it changes, hence another one, once it plays. */
static void
want_rate (MediaReceiver *self, guint rate)
{
  if (rate > self->rate && self->heads->len > 0 && self->audio_sink == NULL)
    open_sink (self, rate);
  else
    raise_rate (self, rate);
}

/* Returns whether it can be heard; what cannot flows away. */
gboolean
media_receiver_take_pad (MediaReceiver *self, GstPad *pad)
{
  const MediaCodec *codec = find_codec (pad);
  g_autoptr (GstElement) head = media_device_make_bin (
      codec != NULL ? codec->decoder : "fakesink sync=false async=false", NULL);
  g_autoptr (GstPad) in = NULL, out = NULL;

  if (head == NULL)
    return FALSE;
  gst_bin_add (self->pipeline, head);
  if (codec != NULL) {
    out = gst_element_get_static_pad (head, "src");
    want_rate (self, codec->rate);
    media_voice_link (self->voice, out, self->rate);
    sip_track_set_codec (self->track, codec->name);
    self->codec = codec;
    g_object_set_data (G_OBJECT (head), "codec", (gpointer)codec);
    g_ptr_array_add (self->heads, gst_object_ref (head));
    if (self->is_repairing)
      repair (head);
  }
  gst_element_sync_state_with_parent (head);
  in = gst_element_get_static_pad (head, "sink");
  return gst_pad_link (pad, in) == GST_PAD_LINK_OK && codec != NULL;
}

/* Without @playing nothing is heard, whatever comes. */
void
media_receiver_set_playing (MediaReceiver *self, gboolean playing)
{
  media_voice_set_held (self->voice, !playing);
  if (!playing)
    sip_track_set_level (self->track, SIP_TRACK_SILENCE);
}

/* Where all that is heard passes by, as S16LE. */
GstPad *
media_receiver_dup_heard (MediaReceiver *self)
{
  return gst_element_get_static_pad (GST_ELEMENT (self->voice), "src");
}

/* Returns whether @message was about the other side's sound. */
gboolean
media_receiver_take_news (MediaReceiver *self, GstMessage *message)
{
  GstObject *about = GST_MESSAGE_SRC (message);

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR &&
      gst_object_has_as_ancestor (about, GST_OBJECT (self->sink))) {
    sip_track_set_available (self->track, FALSE);
    set_sink (self, media_device_new_silent_sink ());
    return TRUE;
  }
  return FALSE;
}

/* From time to time: how loud it was since the last look. */
void
media_receiver_look (MediaReceiver *self)
{
  if (self->pipeline != NULL)
    sip_track_set_level (self->track, media_voice_take_level (self->voice));
}

/* Before the pipeline stops: it does not wait for the speaker. */
void
media_receiver_close (MediaReceiver *self)
{
  if (self->pipeline != NULL && self->sink != NULL)
    drop_sink (self);
  if (self->next != NULL)
    media_device_release (g_steal_pointer (&self->next));
  media_pause_end (&self->pause);
  self->pipeline = NULL;
  sip_track_set_level (self->track, SIP_TRACK_SILENCE);
}
