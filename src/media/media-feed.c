/* media-feed.c - what one call hears, on its way into what another one says
 *
 * Down: a buffer that is about to be played -> samples that wait -> added to a buffer that is about
 * to be encoded
 *
 * Both pads carry S16LE of one channel at one rate. Each call has a thread of its own and neither
 * waits for the other: some samples are kept in hand, and what is too old is left out.
 */

#include "media-feed-private.h"

#define RATE 48000
#define CUSHION (RATE * 40 / 1000) /* in hand before the first of them is taken */
#define ROOM (RATE * 160 / 1000)

typedef struct {
  GMutex lock; /* for all below */
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
  g_mutex_clear (&((Samples *)data)->lock);
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

  if (self->n + n > ROOM)
    skip (self, self->n);
  for (gsize i = n > ROOM ? n - ROOM : 0; i < n; i++)
    self->samples[(self->first + self->n++) % ROOM] = GINT16_FROM_LE (samples[i]);
  /* The two clocks differ, and a thread that was late brings much at once. */
  if (self->n > 2 * CUSHION && !self->is_filling)
    skip (self, self->n - CUSHION);
  self->is_filling = self->is_filling && self->n < CUSHION;
}

static gboolean
mix (Samples *self, gint16 *samples, gsize n)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

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
    put (user_data, (const gint16 *)map.data, map.size / sizeof (gint16));
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
  if (mix (user_data, (gint16 *)map.data, map.size / sizeof (gint16)))
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
  self->samples->is_filling = TRUE;
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
