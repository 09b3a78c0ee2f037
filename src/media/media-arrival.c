/* media-arrival.c - a stream of the other side that nobody linked yet
 *
 * Up: rtpbin's or webrtcbin's thread, with a pad -> MediaHop -> who links it, and lets it go
 */

#include "media-arrival-private.h"

static void
free_arrival (gpointer data)
{
  MediaArrival *self = data;

  gst_object_unref (self->pad);
  g_free (self);
}

static GstPadProbeReturn
on_blocked (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  return GST_PAD_PROBE_OK;
}

/* In a streaming thread. @on_arrival is given a MediaArrival, in the main context. */
void
media_arrival_announce (GstPad *pad, MediaHop *hop, MediaHopFunc on_arrival)
{
  MediaArrival *self = g_new (MediaArrival, 1);

  self->pad = gst_object_ref (pad);
  self->probe_id =
      gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, on_blocked, NULL, NULL);
  media_hop_post (hop, on_arrival, self, free_arrival);
}

/* Once it is linked. A pad that is not let go is one from which nothing was ever heard. */
void
media_arrival_let_go (MediaArrival *self)
{
  gst_pad_remove_probe (self->pad, self->probe_id);
}
