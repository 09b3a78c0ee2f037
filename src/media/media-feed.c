/* media-feed.c - what one call hears, on its way into what another one says
 *
 * Down: a buffer that is about to be played -> the rate of what is said -> samples that wait ->
 * added to a buffer that is about to be encoded
 *
 * Both pads carry S16LE of one channel. Each call has a thread of its own and neither waits for the
 * other: some samples are kept in hand, and what is too old is left out.
 */

#include "media-feed-private.h"

#include "media-pad-private.h"

#include <gst/audio/audio.h>

#define ROOM (48000 * 160 / 1000)
#define CUSHION_MS 40 /* in hand before the first of them is taken */

typedef struct {
  /* Of the thread of the call that hears. */
  GstAudioConverter *converter; /* NULL between equal rates */
  guint from_rate;
  guint to_rate;

  GMutex lock; /* for all below */
  guint rate;  /* of what is said; 0 before */
  gint16 samples[ROOM];
  gsize first;
  gsize n;
  gboolean is_filling;
} Samples;

struct _MediaFeed {
  Samples *samples;
  GstPad *from;
  GstPad *to;
  gulong from_id;
  gulong to_id;
};

static void
clear_samples (gpointer data)
{
  Samples *self = data;

  g_clear_pointer (&self->converter, gst_audio_converter_free);
  g_mutex_clear (&self->lock);
}

static void
unref_samples (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_samples);
}

static void
skip (Samples *self, gsize n)
{
  self->first = (self->first + n) % ROOM;
  self->n -= n;
}

static void
put (Samples *self, const gint16 *samples, gsize n)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gsize cushion = self->to_rate * CUSHION_MS / 1000;

  if (self->rate != self->to_rate)
    return;
  if (self->n + n > ROOM)
    skip (self, self->n);
  for (gsize i = n > ROOM ? n - ROOM : 0; i < n; i++)
    self->samples[(self->first + self->n++) % ROOM] = GINT16_FROM_LE (samples[i]);
  /* The two clocks differ, and a thread that was late brings much at once. */
  if (self->n > 2 * cushion && !self->is_filling)
    skip (self, self->n - cushion);
  self->is_filling = self->is_filling && self->n < cushion;
}

static guint
get_rate (Samples *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->rate;
}

static void
set_rates (Samples *self, guint from, guint to)
{
  GstAudioInfo in, out;

  if (self->from_rate == from && self->to_rate == to)
    return;
  self->from_rate = from;
  self->to_rate = to;
  g_clear_pointer (&self->converter, gst_audio_converter_free);
  if (from == to)
    return;
  gst_audio_info_set_format (&in, GST_AUDIO_FORMAT_S16LE, from, 1, NULL);
  gst_audio_info_set_format (&out, GST_AUDIO_FORMAT_S16LE, to, 1, NULL);
  self->converter = gst_audio_converter_new (GST_AUDIO_CONVERTER_FLAG_NONE, &in, &out, NULL);
}

static void
hear (Samples *self, gint16 *samples, gsize n, guint rate)
{
  guint to = get_rate (self);
  g_autofree gint16 *converted = NULL;
  gsize n_converted;

  if (to == 0)
    return;
  set_rates (self, rate, to);
  if (self->converter == NULL) {
    put (self, samples, n);
    return;
  }
  n_converted = gst_audio_converter_get_out_frames (self->converter, n);
  converted = g_new (gint16, n_converted);
  gst_audio_converter_samples (self->converter, GST_AUDIO_CONVERTER_FLAG_NONE,
                               (gpointer[]){samples}, n, (gpointer[]){converted}, n_converted);
  put (self, converted, n_converted);
}

/* Returns whether there was something to add. */
static gboolean
mix (Samples *self, gint16 *samples, gsize n, guint rate)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->rate != rate) {
    self->rate = rate;
    self->n = 0;
    self->is_filling = TRUE;
  }
  if (self->is_filling)
    return FALSE;
  self->is_filling = self->n < n;
  n = MIN (n, self->n);
  for (gsize i = 0; i < n; i++) {
    gint sum = GINT16_FROM_LE (samples[i]) + self->samples[(self->first + i) % ROOM];

    samples[i] = GINT16_TO_LE (CLAMP (sum, G_MININT16, G_MAXINT16));
  }
  skip (self, n);
  return n > 0;
}

/* In the streaming thread of the call that hears. */
static GstPadProbeReturn
on_heard (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstMapInfo map;

  if (gst_buffer_map (GST_PAD_PROBE_INFO_BUFFER (info), &map, GST_MAP_READ)) {
    hear (user_data, (gint16 *)map.data, map.size / sizeof (gint16), media_pad_get_rate (pad));
    gst_buffer_unmap (GST_PAD_PROBE_INFO_BUFFER (info), &map);
  }
  return GST_PAD_PROBE_OK;
}

/* In that of the call that says. */
static GstPadProbeReturn
on_said (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstBuffer *buffer = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  GstMapInfo map;

  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  if (!gst_buffer_map (buffer, &map, GST_MAP_READWRITE))
    return GST_PAD_PROBE_OK;
  if (mix (user_data, (gint16 *)map.data, map.size / sizeof (gint16), media_pad_get_rate (pad)))
    GST_BUFFER_FLAG_UNSET (buffer, GST_BUFFER_FLAG_GAP);
  gst_buffer_unmap (buffer, &map);
  return GST_PAD_PROBE_OK;
}

MediaFeed *
media_feed_new (GstPad *from, GstPad *to)
{
  MediaFeed *self = g_new0 (MediaFeed, 1);

  self->samples = g_atomic_rc_box_new0 (Samples);
  g_mutex_init (&self->samples->lock);
  self->from = gst_object_ref (from);
  self->to = gst_object_ref (to);
  self->from_id = gst_pad_add_probe (from, GST_PAD_PROBE_TYPE_BUFFER, on_heard,
                                     g_atomic_rc_box_acquire (self->samples), unref_samples);
  self->to_id = gst_pad_add_probe (to, GST_PAD_PROBE_TYPE_BUFFER, on_said,
                                   g_atomic_rc_box_acquire (self->samples), unref_samples);
  return self;
}

void
media_feed_free (MediaFeed *self)
{
  gst_pad_remove_probe (self->from, self->from_id);
  gst_pad_remove_probe (self->to, self->to_id);
  gst_object_unref (self->from);
  gst_object_unref (self->to);
  unref_samples (self->samples);
  g_free (self);
}
