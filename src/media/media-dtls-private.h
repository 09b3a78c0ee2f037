#pragma once

#include "media-hop-private.h"
#include "media-identity-private.h"

#include <gst/gst.h>

G_BEGIN_DECLS

void media_dtls_watch (GstElement *webrtc,
                       const char *pem,
                       MediaIdentity *identity,
                       MediaHop *hop,
                       MediaHopFunc func);

G_END_DECLS
