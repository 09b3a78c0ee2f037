#pragma once

#include "media-sdp-private.h"

#include <gst/gst.h>

G_BEGIN_DECLS

GstElement *media_encoder_new (const MediaSdpFormat *format, guint rate, GError **error);
void media_encoder_set_payload (GstElement *encoder, guint payload);
void media_encoder_follow (GstElement *encoder, GstElement *before);

G_END_DECLS
