/* media-sender.c - from the microphone to webrtcbin
 *
 * Down: source -> MediaVoice (mute, hold) -> encoder -> tones in between -> webrtcbin
 * Up:   MediaVoice -> the track's level
 *       the bus -> take_news() -> silence in place of a broken source
 *
 * It is made when the other side's certificate was found good, and not before: until then there
 * is nothing that could send. The microphone is open while sound is sent and no longer.
 */

#include "media-sender-private.h"

#include "media-device-private.h"
#include "media-encoder-private.h"
#include "media-pad-private.h"
#include "media-pause-private.h"
#include "media-tone-private.h"
#include "media-tone-sound-private.h"
#include "media-voice-private.h"
#include "sip-track.h"

struct _MediaSender {
  GObject parent_instance;

  MediaHop *hop;
  GstBin *pipeline; /* NULL once closed */
  GstElement *source;
  GstElement *next;       /* takes the place of source with its first sound */
  MediaPause first_sound; /* of next, meanwhile */
  MediaVoice *voice;
  GstElement *encoder;
  GstElement *next_encoder; /* takes the place of encoder with the next sound */
  MediaPause pause;         /* of what is said, meanwhile */
  GstPad *target;
  MediaSdpFormat format;
  SipTrack *track;
  GstClockTime busy_until; /* with tones, as a running time */
  MediaToneSound *keys;    /* those that are played */
  char *audio_source;
  gboolean sending;
  gboolean recording;
  guint rate;       /* of what is said from now on: never lower than it was */
  gboolean is_open; /* the microphone, or it is being opened */
  guint opening;    /* which opening of the microphone counts: the last */
};

G_DEFINE_FINAL_TYPE (MediaSender, media_sender, G_TYPE_OBJECT)

/* Where another microphone does not start, the one that is heard goes on. */
static void
tell_failed (MediaSender *self)
{
  if (media_device_is_silent (self->source))
    sip_track_set_available (self->track, FALSE);
}

static GstPadProbeReturn
on_lost (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  return GST_PAD_PROBE_DROP;
}

static void
drop (MediaSender *self, GstElement **source)
{
  g_autoptr (GstPad) pad = NULL;

  if (*source == NULL)
    return;
  pad = gst_element_get_static_pad (*source, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_DATA_DOWNSTREAM, on_lost, NULL, NULL);
  gst_element_unlink (*source, GST_ELEMENT (self->voice));
  gst_bin_remove (self->pipeline, *source);
  media_device_release (g_steal_pointer (source));
}

static void
drop_next (MediaSender *self)
{
  drop (self, &self->next);
  media_pause_end (&self->first_sound);
}

static void
on_first_sound (gpointer object, gpointer data)
{
  MediaSender *self = object;

  if (!media_pause_is_reached (&self->first_sound, data))
    return;
  drop (self, &self->source);
  self->source = g_steal_pointer (&self->next);
  media_pause_end (&self->first_sound);
}

static gboolean
attach (MediaSender *self, GstElement *source, GstPad *pad)
{
  gst_bin_add (self->pipeline, source);
  return media_voice_link (self->voice, pad, self->rate) &&
         gst_element_sync_state_with_parent (source);
}

/* Takes @source. A microphone takes its time from when it is open to its first sound: what was
 * there before goes on meanwhile. One that does not start must not stay: the pipeline could not
 * stop either.
 */
static void
set_source (MediaSender *self, GstElement *source)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (source, "src");

  drop_next (self);
  self->next = source;
  media_pause_begin (&self->first_sound, pad, GST_PAD_PROBE_TYPE_BUFFER, self->hop, on_first_sound);
  if (attach (self, source, pad))
    return;
  g_debug ("the source of sound does not start");
  tell_failed (self);
  drop_next (self);
}

static void
on_opened (GObject *object, GAsyncResult *result, gpointer user_data)
{
  MediaSender *self = MEDIA_SENDER (object);
  g_autoptr (GError) error = NULL;
  GstElement *source = media_device_open_finish (object, result, &error);

  if (self->pipeline == NULL || self->opening != GPOINTER_TO_UINT (user_data)) {
    if (source != NULL)
      media_device_release (source); /* held or closed meanwhile */
  } else if (source == NULL) {
    g_debug ("the microphone cannot be opened: %s", error->message);
    tell_failed (self);
  } else {
    sip_track_set_available (self->track, TRUE);
    set_source (self, source);
  }
}

static void
media_sender_dispose (GObject *object)
{
  MediaSender *self = MEDIA_SENDER (object);

  media_sender_close (self);
  gst_clear_object (&self->voice);
  gst_clear_object (&self->encoder);
  gst_clear_object (&self->next_encoder);
  gst_clear_object (&self->target);
  g_clear_pointer (&self->hop, media_hop_unref);
  g_clear_object (&self->track);
  g_clear_pointer (&self->keys, media_tone_sound_unref);
  g_clear_pointer (&self->audio_source, g_free);
  G_OBJECT_CLASS (media_sender_parent_class)->dispose (object);
}

static void
media_sender_class_init (MediaSenderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = media_sender_dispose;
}

static void
media_sender_init (MediaSender *self)
{
  self->hop = media_hop_new (self);
  self->track = sip_track_new ("local-audio", "audio", FALSE);
  self->keys = media_tone_sound_new ();
  self->voice = gst_object_ref_sink (media_voice_new ());
  media_voice_set_held (self->voice, TRUE);
}

/* Takes @encoder. */
static gboolean
attach_encoder (MediaSender *self, GstElement *encoder)
{
  g_autoptr (GstPad) out = gst_element_get_static_pad (encoder, "src");

  self->encoder = encoder;
  gst_bin_add (self->pipeline, encoder);
  return self->target != NULL && gst_element_link (GST_ELEMENT (self->voice), encoder) &&
         gst_pad_link (out, self->target) == GST_PAD_LINK_OK &&
         gst_element_sync_state_with_parent (encoder);
}

static void
on_paused (gpointer object, gpointer data)
{
  MediaSender *self = object;
  g_autoptr (GstElement) before = NULL;

  if (!media_pause_is_reached (&self->pause, data))
    return;
  before = g_steal_pointer (&self->encoder);
  media_encoder_follow (self->next_encoder, before);
  gst_element_set_state (before, GST_STATE_NULL);
  gst_bin_remove (self->pipeline, before);
  attach_encoder (self, g_steal_pointer (&self->next_encoder));
  media_pause_end (&self->pause);
}

/* In a streaming thread, with sound that is about to be encoded. */
static GstPadProbeReturn
on_sound (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstBuffer *buffer;
  GstMapInfo map;

  if (!media_tone_sound_is_playing (user_data))
    return GST_PAD_PROBE_OK;
  buffer = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  if (!gst_buffer_map (buffer, &map, GST_MAP_READWRITE))
    return GST_PAD_PROBE_OK;
  media_tone_sound_fill (user_data, (gint16 *)map.data, map.size / sizeof (gint16),
                         media_pad_get_rate (pad));
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_FLAG_UNSET (buffer, GST_BUFFER_FLAG_GAP);
  return GST_PAD_PROBE_OK;
}

static void
unref_keys (gpointer data)
{
  media_tone_sound_unref (data);
}

static gboolean
link_target (MediaSender *self, GstElement *encoder, GError **error)
{
  g_autoptr (GstPad) pad = media_sender_dup_said (self);

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_sound, media_tone_sound_ref (self->keys),
                     unref_keys);
  if (attach_encoder (self, encoder))
    return TRUE;
  g_set_error_literal (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER,
                       "The sound of this side cannot be linked");
  return FALSE;
}

/* Runs at once and sends nothing; once it does, that is silence until @audio_source is open, or
 * the microphone where that is %NULL.
 */
MediaSender *
media_sender_new (GstBin *pipeline,
                  GstPad *target,
                  const MediaSdpFormat *format,
                  const char *audio_source,
                  GError **error)
{
  g_autoptr (MediaSender) self = g_object_new (MEDIA_TYPE_SENDER, NULL);
  g_autoptr (GstElement) encoder = NULL;
  g_autoptr (GstPad) pad = NULL;

  self->rate = format->codec->rate;
  encoder = media_encoder_new (format, self->rate, error);
  if (encoder == NULL)
    return NULL;
  self->format = *format;
  self->target = target != NULL ? gst_object_ref (target) : NULL;
  sip_track_set_codec (self->track, format->codec->name);
  self->audio_source = g_strdup (audio_source);
  self->pipeline = pipeline;
  gst_bin_add (pipeline, GST_ELEMENT (self->voice));
  if (!link_target (self, g_steal_pointer (&encoder), error))
    return NULL;
  gst_element_sync_state_with_parent (GST_ELEMENT (self->voice));
  self->source = media_device_new_silent_source (self->rate);
  pad = gst_element_get_static_pad (self->source, "src");
  attach (self, self->source, pad);
  return g_steal_pointer (&self);
}

/* Borrowed. */
SipTrack *
media_sender_get_track (MediaSender *self)
{
  return self->track;
}

const MediaCodec *
media_sender_get_codec (MediaSender *self)
{
  return self->format.codec;
}

static void
start_source (MediaSender *self)
{
  self->opening++;
  if (self->is_open)
    media_device_open_async (G_OBJECT (self), MEDIA_DEVICE_SOURCE, self->audio_source, on_opened,
                             GUINT_TO_POINTER (self->opening));
  else
    set_source (self, media_device_new_silent_source (self->rate));
}

/* A microphone would say nothing while it changes, hence another one. */
static void
raise_rate (MediaSender *self, guint rate)
{
  if (rate <= self->rate)
    return;
  self->rate = rate;
  if (self->is_open && self->audio_source == NULL)
    start_source (self);
  else
    media_voice_raise (self->voice, rate);
}

/* It is made before sound waits for it: to load a codec takes its time. */
static void
set_encoder (MediaSender *self)
{
  g_autoptr (GstElement) encoder = media_encoder_new (&self->format, self->rate, NULL);
  g_autoptr (GstPad) pad = media_sender_dup_said (self);

  if (encoder == NULL)
    return;
  gst_clear_object (&self->next_encoder);
  self->next_encoder = g_steal_pointer (&encoder);
  media_pause_begin (&self->pause, pad, GST_PAD_PROBE_TYPE_DATA_DOWNSTREAM, self->hop, on_paused);
}

/* From the next sound on. */
void
media_sender_set_format (MediaSender *self, const MediaSdpFormat *format)
{
  gboolean is_other = self->format.codec != format->codec;

  if (!is_other && self->format.payload == format->payload)
    return;
  self->format = *format;
  sip_track_set_codec (self->track, format->codec->name);
  raise_rate (self, format->codec->rate);
  if (is_other || self->next_encoder != NULL)
    set_encoder (self);
  else
    media_encoder_set_payload (self->encoder, format->payload);
}

/* Packets go on, with silence in them. */
void
media_sender_set_muted (MediaSender *self, gboolean muted)
{
  media_voice_set_muted (self->voice, muted);
}

static void
update_source (MediaSender *self)
{
  gboolean is_open = self->sending && self->recording;

  if (self->is_open == is_open)
    return;
  self->is_open = is_open;
  start_source (self);
}

/* Without @sending no packet leaves and nothing is recorded. */
void
media_sender_set_sending (MediaSender *self, gboolean sending)
{
  self->sending = sending;
  media_voice_set_held (self->voice, !sending);
  update_source (self);
}

/* Without @recording it is silence that leaves. */
void
media_sender_set_recording (MediaSender *self, gboolean recording)
{
  self->recording = recording;
  update_source (self);
}

/* @duration is in milliseconds. A tone begins when those before it are over. Returns %FALSE where
 * no tone can be sent.
 */
gboolean
media_sender_send_tone (MediaSender *self, guint event, guint duration)
{
  g_autoptr (GstElement) source = gst_bin_get_by_name (GST_BIN (self->encoder), "tones");
  GstBufferList *packets;
  GstClockTime now;
  GstFlowReturn flow = GST_FLOW_OK;

  if (source == NULL || !self->sending)
    return FALSE;
  now = gst_element_get_current_running_time (source);
  if (!GST_CLOCK_TIME_IS_VALID (now))
    return FALSE;
  packets =
      media_tone_make_packets (event, duration, self->format.tones, self->format.codec->clock_rate,
                               MAX (now, self->busy_until), &self->busy_until);
  /* One by one: a source that is stopped with a list in its hands drops a buffer it does not have.
   */
  for (guint i = 0; i < gst_buffer_list_length (packets) && flow == GST_FLOW_OK; i++)
    g_signal_emit_by_name (source, "push-buffer", gst_buffer_list_get (packets, i), &flow);
  gst_buffer_list_unref (packets);
  return flow == GST_FLOW_OK;
}

/* In place of what the microphone hears; FALSE where no sound leaves, or too many wait. */
gboolean
media_sender_play_tone (MediaSender *self, guint event, guint duration)
{
  return self->sending && media_tone_sound_add (self->keys, event, duration);
}

/* Where all that leaves passes by as S16LE, behind what could silence it. */
GstPad *
media_sender_dup_said (MediaSender *self)
{
  return gst_element_get_static_pad (GST_ELEMENT (self->voice), "src");
}

/* Returns whether @message was about this side's sound. */
gboolean
media_sender_take_news (MediaSender *self, GstMessage *message)
{
  GstObject *about = GST_MESSAGE_SRC (message);

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return FALSE;
  if (self->next != NULL && gst_object_has_as_ancestor (about, GST_OBJECT (self->next))) {
    drop_next (self);
    tell_failed (self);
  } else if (gst_object_has_as_ancestor (about, GST_OBJECT (self->source))) {
    set_source (self, media_device_new_silent_source (self->rate));
    sip_track_set_available (self->track, FALSE);
  } else {
    return FALSE;
  }
  return TRUE;
}

/* From time to time: how loud it was since the last look. */
void
media_sender_look (MediaSender *self)
{
  if (self->pipeline != NULL)
    sip_track_set_level (self->track, media_voice_take_level (self->voice));
}

/* Before the pipeline stops: it does not wait for the microphone. */
void
media_sender_close (MediaSender *self)
{
  if (self->pipeline != NULL) {
    drop_next (self);
    drop (self, &self->source);
  }
  media_pause_end (&self->pause);
  self->pipeline = NULL;
  sip_track_set_level (self->track, SIP_TRACK_SILENCE);
}
