#pragma once

#include "media-hop-private.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* A stream of the other side that is held back until somebody links it. */
typedef struct {
  GstPad *pad;
  gulong probe_id;
} MediaArrival;

void media_arrival_announce (GstPad *pad, MediaHop *hop, MediaHopFunc on_arrival);
void media_arrival_let_go (MediaArrival *self);

G_END_DECLS
