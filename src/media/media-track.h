#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define MEDIA_TYPE_TRACK (media_track_get_type ())
G_DECLARE_FINAL_TYPE (MediaTrack, media_track, MEDIA, TRACK, GObject)

const char *media_track_get_id (MediaTrack *self);
const char *media_track_get_kind (MediaTrack *self);
gboolean media_track_get_remote (MediaTrack *self);
gboolean media_track_get_available (MediaTrack *self);
double media_track_get_level (MediaTrack *self);
const char *media_track_get_codec (MediaTrack *self);

G_END_DECLS
