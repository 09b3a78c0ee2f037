#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

guint media_pad_get_rate (GstPad *pad);
void media_pad_start_stream (GstPad *pad, const char *caps);

G_END_DECLS
