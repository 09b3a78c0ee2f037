#pragma once

#include "media-rtp-gate-private.h"
#include "media-sound-private.h"

G_BEGIN_DECLS

/* Looks once a second at how a call's sound travels, while there is some. */
typedef struct _MediaWatch MediaWatch;

MediaWatch *media_watch_new (gpointer handler, MediaSound *sound);
void media_watch_free (MediaWatch *self);
void media_watch_update (MediaWatch *self, GstElement *rtpbin, MediaRtpGate *gate);
gboolean media_watch_is_stuck (MediaWatch *self);

G_END_DECLS
