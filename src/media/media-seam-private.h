#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What passes is S16LE of one channel. */
void media_seam_add (GstPad *pad, GstClockTime ahead);

G_END_DECLS
