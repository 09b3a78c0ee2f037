/* media-loudness.c - how loud the sound is that passes a pad, as S16LE
 *
 * Up: samples, in a streaming thread -> the sum of their squares -> who looks, from time to time
 *
 * An element that sends a message wakes the main thread for each direction of each call, which
 * costs more than all that is done to a sound.
 */

#include "media-loudness-private.h"

#include "sip-track.h"

#include <math.h>

#define FULL_SCALE 32768.0

typedef struct {
  GMutex lock; /* for all below */
  guint64 squares;
  guint64 n;
} Sum;

struct _MediaLoudness {
  GstPad *pad;
  gulong probe_id;
  Sum *sum;
};

static void
clear_sum (gpointer data)
{
  g_mutex_clear (&((Sum *)data)->lock);
}

static void
unref_sum (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_sum);
}

/* In a streaming thread. */
static GstPadProbeReturn
on_sound (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Sum *sum = user_data;
  GstMapInfo map;
  const gint16 *samples;
  guint64 squares = 0;
  gsize n;

  if (!gst_buffer_map (GST_PAD_PROBE_INFO_BUFFER (info), &map, GST_MAP_READ))
    return GST_PAD_PROBE_OK;
  samples = (const gint16 *)map.data;
  n = map.size / sizeof (gint16);
  for (gsize i = 0; i < n; i++) {
    gint32 sample = GINT16_FROM_LE (samples[i]);

    squares += (guint32)(sample * sample);
  }
  gst_buffer_unmap (GST_PAD_PROBE_INFO_BUFFER (info), &map);
  g_mutex_lock (&sum->lock);
  sum->squares += squares;
  sum->n += n;
  g_mutex_unlock (&sum->lock);
  return GST_PAD_PROBE_OK;
}

MediaLoudness *
media_loudness_new (GstPad *pad)
{
  MediaLoudness *self = g_new (MediaLoudness, 1);

  self->sum = g_atomic_rc_box_new0 (Sum);
  g_mutex_init (&self->sum->lock);
  self->pad = gst_object_ref (pad);
  self->probe_id = gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_sound,
                                      g_atomic_rc_box_acquire (self->sum), unref_sum);
  return self;
}

/* The root mean square since the last look, in dB below full scale. */
double
media_loudness_take (MediaLoudness *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->sum->lock);
  double mean = self->sum->n > 0 ? (double)self->sum->squares / self->sum->n : 0;

  self->sum->squares = 0;
  self->sum->n = 0;
  return mean > 0 ? 10 * log10 (mean / (FULL_SCALE * FULL_SCALE)) : SIP_TRACK_SILENCE;
}

void
media_loudness_free (MediaLoudness *self)
{
  gst_pad_remove_probe (self->pad, self->probe_id);
  gst_object_unref (self->pad);
  unref_sum (self->sum);
  g_free (self);
}
