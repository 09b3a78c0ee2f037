/* media-voice.c - the sound of one side on its way: whether it passes, and how loud it is
 *
 * Down: streams, one after the other -> muted or held -> the sum of the squares -> one stream
 * Up:   the sum -> who looks, from time to time
 *
 * With a few samples in it, what a buffer costs is not what is done to it but the way from element
 * to element, and of two sides and fifty calls each has to go it fifty times in a second: hence one
 * element. It sends no message of how loud it is, for each would wake the main thread. What is
 * behind it can break without those in front of it.
 */

#include "media-voice-private.h"

#include "sip-track.h"

#include <math.h>

#define FULL_SCALE 32768.0

#define CAPS "audio/x-raw, format=S16LE, rate=[8000, 48000], channels=1, layout=interleaved"

struct _MediaVoice {
  GstElement parent_instance;

  GstPad *out;
  GstPad *speaker; /* the pad whose stream it is now; with the lock of the stream */

  /* With the object's lock. */
  gboolean muted;
  gboolean held;
  guint64 squares;
  guint64 n;
};

G_DEFINE_FINAL_TYPE (MediaVoice, media_voice, GST_TYPE_ELEMENT)

static GstStaticPadTemplate templates[] = {
    GST_STATIC_PAD_TEMPLATE ("sink_%u", GST_PAD_SINK, GST_PAD_REQUEST, GST_STATIC_CAPS (CAPS)),
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (CAPS)),
};

static gboolean
forward_event (GstPad *pad, GstEvent **event, gpointer user_data)
{
  MediaVoice *self = user_data;

  if (GST_EVENT_TYPE (*event) != GST_EVENT_EOS)
    gst_pad_push_event (self->out, gst_event_ref (*event));
  return TRUE;
}

/* With the lock of the stream. Takes @buffer. */
static GstBuffer *
set_speaker (MediaVoice *self, GstPad *pad, GstBuffer *buffer)
{
  if (self->speaker == pad)
    return buffer;
  self->speaker = pad;
  gst_pad_sticky_events_foreach (pad, forward_event, self);
  buffer = gst_buffer_make_writable (buffer);
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
  return buffer;
}

/* Takes @buffer. */
static GstBuffer *
silence (GstBuffer *buffer)
{
  buffer = gst_buffer_make_writable (buffer);
  gst_buffer_memset (buffer, 0, 0, gst_buffer_get_size (buffer));
  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  return buffer;
}

static void
count (MediaVoice *self, GstBuffer *buffer)
{
  GstMapInfo map;
  const gint16 *samples;
  guint64 squares = 0;
  gsize n;

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return;
  samples = (const gint16 *)map.data;
  n = map.size / sizeof (gint16);
  for (gsize i = 0; i < n; i++) {
    gint32 sample = GINT16_FROM_LE (samples[i]);

    squares += (guint32)(sample * sample);
  }
  gst_buffer_unmap (buffer, &map);
  GST_OBJECT_LOCK (self);
  self->squares += squares;
  self->n += n;
  GST_OBJECT_UNLOCK (self);
}

/* In the thread of a stream. Takes @buffer. */
static GstFlowReturn
on_sound (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  MediaVoice *self = MEDIA_VOICE (parent);
  gboolean muted, held;

  GST_OBJECT_LOCK (self);
  muted = self->muted;
  held = self->held;
  GST_OBJECT_UNLOCK (self);
  if (held) {
    gst_buffer_unref (buffer);
    return GST_FLOW_OK;
  }
  if (muted)
    buffer = silence (buffer);
  count (self, buffer);
  GST_PAD_STREAM_LOCK (self->out);
  gst_pad_push (self->out, set_speaker (self, pad, buffer));
  GST_PAD_STREAM_UNLOCK (self->out);
  return GST_FLOW_OK;
}

/* What stays with a pad goes on when its sound does. */
static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  MediaVoice *self = MEDIA_VOICE (parent);
  gboolean is_heard;

  if (!GST_EVENT_IS_SERIALIZED (event))
    return gst_pad_event_default (pad, parent, event);
  GST_PAD_STREAM_LOCK (self->out);
  if (self->speaker == NULL)
    self->speaker = pad;
  is_heard = self->speaker == pad && GST_EVENT_TYPE (event) != GST_EVENT_EOS;
  if (is_heard)
    gst_pad_push_event (self->out, event);
  GST_PAD_STREAM_UNLOCK (self->out);
  if (!is_heard)
    gst_event_unref (event);
  return TRUE;
}

static void
set_rate (GstPad *pad, guint rate)
{
  gst_pad_set_element_private (pad, GUINT_TO_POINTER (rate));
}

/* Each is asked for its own rate. */
static gboolean
on_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  g_autoptr (GstCaps) caps = NULL;
  g_autoptr (GstCaps) common = NULL;
  GstCaps *filter;

  if (GST_QUERY_TYPE (query) != GST_QUERY_CAPS)
    return gst_pad_query_default (pad, parent, query);
  caps = gst_caps_make_writable (gst_static_pad_template_get_caps (&templates[0]));
  gst_caps_set_simple (caps, "rate", G_TYPE_INT,
                       GPOINTER_TO_UINT (gst_pad_get_element_private (pad)), NULL);
  gst_query_parse_caps (query, &filter);
  common = filter != NULL ? gst_caps_intersect (filter, caps) : gst_caps_ref (caps);
  gst_query_set_caps_result (query, common);
  return TRUE;
}

static GstPad *
media_voice_request_new_pad (GstElement *element,
                             GstPadTemplate *template,
                             const char *name,
                             const GstCaps *caps)
{
  GstPad *pad = gst_pad_new_from_template (template, NULL);

  gst_pad_set_chain_function (pad, on_sound);
  gst_pad_set_event_function (pad, on_event);
  gst_pad_set_query_function (pad, on_query);
  gst_pad_set_active (pad, TRUE);
  gst_element_add_pad (element, pad);
  return pad;
}

static void
media_voice_class_init (MediaVoiceClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);

  element_class->request_new_pad = media_voice_request_new_pad;
  for (guint i = 0; i < G_N_ELEMENTS (templates); i++)
    gst_element_class_add_static_pad_template (element_class, &templates[i]);
  gst_element_class_set_static_metadata (element_class, "Voice", "Filter/Audio",
                                         "Lets sound pass, or not, and measures it", "Ahoy");
}

static void
media_voice_init (MediaVoice *self)
{
  self->out = gst_pad_new_from_static_template (&templates[1], "src");
  gst_element_add_pad (GST_ELEMENT (self), self->out);
}

MediaVoice *
media_voice_new (void)
{
  return g_object_new (MEDIA_TYPE_VOICE, NULL);
}

/* A pad that nobody speaks into any more, or another one. They are never let go of: that would wait
 * for who speaks.
 */
static GstPad *
find_pad (MediaVoice *self)
{
  GstElement *element = GST_ELEMENT (self);

  for (GList *l = element->sinkpads; l != NULL; l = l->next) {
    if (!gst_pad_is_linked (l->data))
      return gst_object_ref (l->data);
  }
  return gst_element_request_pad_simple (element, "sink_%u");
}

/* One that another stream may follow, and come back after that; with @rate samples in a second. */
gboolean
media_voice_link (MediaVoice *self, GstPad *source, guint rate)
{
  g_autoptr (GstPad) pad = find_pad (self);

  set_rate (pad, rate);
  return gst_pad_link (source, pad) == GST_PAD_LINK_OK;
}

/* From its next sound on whoever speaks does so with @rate samples in a second. */
void
media_voice_raise (MediaVoice *self, guint rate)
{
  for (GList *l = GST_ELEMENT (self)->sinkpads; l != NULL; l = l->next) {
    set_rate (l->data, rate);
    gst_pad_push_event (l->data, gst_event_new_reconfigure ());
  }
}

/* Buffers pass, with silence in them. */
void
media_voice_set_muted (MediaVoice *self, gboolean muted)
{
  GST_OBJECT_LOCK (self);
  self->muted = muted;
  GST_OBJECT_UNLOCK (self);
}

/* Nothing passes but events. */
void
media_voice_set_held (MediaVoice *self, gboolean held)
{
  GST_OBJECT_LOCK (self);
  self->held = held;
  GST_OBJECT_UNLOCK (self);
}

/* The root mean square of what passed since the last look, in dB below full scale. */
double
media_voice_take_level (MediaVoice *self)
{
  guint64 squares, n;

  GST_OBJECT_LOCK (self);
  squares = self->squares;
  n = self->n;
  self->squares = 0;
  self->n = 0;
  GST_OBJECT_UNLOCK (self);
  return squares > 0 ? 10 * log10 ((double)squares / n / (FULL_SCALE * FULL_SCALE))
                     : SIP_TRACK_SILENCE;
}
