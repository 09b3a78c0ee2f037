#pragma once

#include "media-hop-private.h"
#include "media-webrtc-private.h"

G_BEGIN_DECLS

/* What a promise of webrtcbin's brought. */
typedef struct {
  GstWebRTCSessionDescription *description; /* or NULL */
  GError *error;                            /* or NULL */
} MediaOutcome;

GstPromise *media_promise_new (MediaHop *hop, MediaHopFunc on_outcome);

G_END_DECLS
