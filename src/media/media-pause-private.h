#pragma once

#include "media-hop-private.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* A part of who changes something behind a pad; all zero at first. */
typedef struct {
  GstPad *pad; /* NULL while nothing is held up */
  gulong probe_id;
  guint number; /* which of them this is */
} MediaPause;

void media_pause_begin (MediaPause *self,
                        GstPad *pad,
                        GstPadProbeType type,
                        MediaHop *hop,
                        MediaHopFunc func);
gboolean media_pause_is_reached (MediaPause *self, gpointer data);
void media_pause_end (MediaPause *self);

G_END_DECLS
