/* media-pause.c - sound that waits at a pad while what is behind it changes
 *
 * Down: begin() -> the next sound at the pad stays there, and with it the thread that brought it
 * Up:   that thread -> MediaHop -> who makes the change -> end(), and the sound goes on
 */

#include "media-pause-private.h"

typedef struct {
  MediaHop *hop;
  MediaHopFunc func;
  guint number;
} Waiter;

static void
free_waiter (gpointer data)
{
  Waiter *self = data;

  media_hop_unref (self->hop);
  g_free (self);
}

/* In a streaming thread. */
static GstPadProbeReturn
on_blocked (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Waiter *waiter = user_data;

  media_hop_post (waiter->hop, waiter->func, GUINT_TO_POINTER (waiter->number), NULL);
  return GST_PAD_PROBE_OK;
}

/* Unless it has begun. @type: what waits. @func is given what media_pause_is_reached() takes, each
 * time that something begins to wait.
 */
void
media_pause_begin (MediaPause *self,
                   GstPad *pad,
                   GstPadProbeType type,
                   MediaHop *hop,
                   MediaHopFunc func)
{
  Waiter *waiter;

  if (self->pad != NULL)
    return;
  waiter = g_new (Waiter, 1);
  *waiter = (Waiter){media_hop_ref (hop), func, ++self->number};
  self->pad = gst_object_ref (pad);
  self->probe_id =
      gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BLOCK | type, on_blocked, waiter, free_waiter);
}

/* FALSE where @data was told by one that is over. */
gboolean
media_pause_is_reached (MediaPause *self, gpointer data)
{
  return self->pad != NULL && self->number == GPOINTER_TO_UINT (data);
}

void
media_pause_end (MediaPause *self)
{
  g_autoptr (GstPad) pad = g_steal_pointer (&self->pad);

  if (pad != NULL)
    gst_pad_remove_probe (pad, self->probe_id);
}
