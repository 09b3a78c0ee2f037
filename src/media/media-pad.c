/* media-pad.c - what a pad says before its first packet
 *
 * Down: who has a pad that nobody begins a stream on -> three events that stay with the pad
 * Up:   the rate that such an event tells of
 */

#include "media-pad-private.h"

/* Takes @event. */
static void
store (GstPad *pad, GstEvent *event)
{
  gst_pad_store_sticky_event (pad, event);
  gst_event_unref (event);
}

/* They leave with the first packet, or before whatever begins another stream. */
void
media_pad_start_stream (GstPad *pad, const char *caps)
{
  g_autoptr (GstCaps) kind = gst_caps_from_string (caps);
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  store (pad, gst_event_new_stream_start (GST_PAD_NAME (pad)));
  store (pad, gst_event_new_caps (kind));
  store (pad, gst_event_new_segment (&segment));
}

/* Samples in a second of the raw sound that passes; 0 where none did. */
guint
media_pad_get_rate (GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  int rate = 0;

  if (caps != NULL)
    gst_structure_get_int (gst_caps_get_structure (caps, 0), "rate", &rate);
  return rate;
}
