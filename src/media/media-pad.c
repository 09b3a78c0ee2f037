/* media-pad.c - what has to go out of a pad before its first packet may
 *
 * Down: who has a pad that nobody begins a stream on -> three events that stay with the pad
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
