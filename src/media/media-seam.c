/* media-seam.c - what one microphone says after another is one sound
 *
 * Down: samples, in a streaming thread -> without overlap and hole -> the encoder
 *
 * Another source begins whenever it is ready: in the middle of what silence said already, or a
 * little behind it. Encoders would say that later than it was, for the rest of the call, and who
 * listens would hear it later, too.
 */

#include "media-seam-private.h"

#include "media-pad-private.h"

/* What is longer is no seam: sound was held. */
#define MOST (100 * GST_MSECOND)

typedef struct {
  GstClockTime end; /* of what passed */
  GstClockTime ahead;
} Seam;

static gsize
count_bytes (GstPad *pad, GstClockTime time)
{
  return gst_util_uint64_scale_int_round (time, media_pad_get_rate (pad), GST_SECOND) *
         sizeof (gint16);
}

/* Takes @buffer. */
static GstBuffer *
add_silence (GstPad *pad, GstBuffer *buffer, GstClockTime time)
{
  gsize size = count_bytes (pad, time);
  GstBuffer *whole = gst_buffer_new_allocate (NULL, size, NULL);

  gst_buffer_memset (whole, 0, 0, size);
  gst_buffer_copy_into (whole, buffer, GST_BUFFER_COPY_METADATA | GST_BUFFER_COPY_MEMORY, 0, -1);
  GST_BUFFER_PTS (whole) -= time;
  GST_BUFFER_DURATION (whole) += time;
  gst_buffer_unref (buffer);
  return whole;
}

static void
cut (GstPad *pad, GstBuffer *buffer, GstClockTime time)
{
  gst_buffer_resize (buffer, count_bytes (pad, time), -1);
  GST_BUFFER_PTS (buffer) += time;
  GST_BUFFER_DURATION (buffer) -= time;
}

/* In a streaming thread. */
static GstPadProbeReturn
on_sound (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Seam *self = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  gboolean is_seam = GST_BUFFER_IS_DISCONT (buffer);
  GstClockTimeDiff hole = GST_CLOCK_TIME_IS_VALID (self->end)
                              ? GST_CLOCK_DIFF (self->end, GST_BUFFER_PTS (buffer))
                              : G_MAXINT64;

  if (!GST_BUFFER_PTS_IS_VALID (buffer) || !GST_BUFFER_DURATION_IS_VALID (buffer))
    return GST_PAD_PROBE_OK;
  /* A resampler looks ahead anew behind what is marked as one of these. */
  buffer = gst_buffer_make_writable (buffer);
  GST_BUFFER_FLAG_UNSET (buffer, GST_BUFFER_FLAG_GAP | GST_BUFFER_FLAG_DISCONT);
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  if (ABS (hole) > MOST) {
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
    buffer = add_silence (pad, buffer, MIN (self->ahead, GST_BUFFER_PTS (buffer)));
  } else if (is_seam && hole > 0) {
    buffer = add_silence (pad, buffer, hole);
  } else if (is_seam && -hole >= (GstClockTimeDiff)GST_BUFFER_DURATION (buffer)) {
    return GST_PAD_PROBE_DROP;
  } else if (is_seam) {
    cut (pad, buffer, -hole);
  }
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  self->end = GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer);
  return GST_PAD_PROBE_OK;
}

static gboolean
is_same_time (GstEvent *a, GstEvent *b)
{
  const GstSegment *first, *second;

  gst_event_parse_segment (a, &first);
  gst_event_parse_segment (b, &second);
  return gst_segment_is_equal (first, second);
}

/* It is one stream, whoever says it: a resampler would begin anew with another. */
static GstPadProbeReturn
on_event (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  GstEventType type = GST_EVENT_TYPE (event);
  g_autoptr (GstEvent) before = NULL;

  if (type != GST_EVENT_STREAM_START && type != GST_EVENT_SEGMENT)
    return GST_PAD_PROBE_OK;
  before = gst_pad_get_sticky_event (pad, type, 0);
  return before != NULL && (type == GST_EVENT_STREAM_START || is_same_time (before, event))
             ? GST_PAD_PROBE_DROP
             : GST_PAD_PROBE_OK;
}

/* What begins does so @ahead of itself, with silence: as far as a resampler behind @pad looks
 * ahead. Else it would keep so much from the first packet, and of each packet some would wait for
 * the next.
 */
void
media_seam_add (GstPad *pad, GstClockTime ahead)
{
  Seam *self = g_new (Seam, 1);

  *self = (Seam){GST_CLOCK_TIME_NONE, ahead};
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_sound, self, g_free);
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event, NULL, NULL);
}
