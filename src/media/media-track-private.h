#pragma once

#include "media-track.h"

G_BEGIN_DECLS

MediaTrack *media_track_new (const char *id, const char *kind, gboolean remote);
void media_track_set_available (MediaTrack *self, gboolean available);
void media_track_set_codec (MediaTrack *self, const char *codec);
void media_track_set_level (MediaTrack *self, double level);

#define MEDIA_TRACK_SILENCE (-100.0)

G_END_DECLS
