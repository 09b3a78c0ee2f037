#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The keys of a telephone as they sound, one after the other. From any thread. */
typedef struct _MediaToneSound MediaToneSound;

MediaToneSound *media_tone_sound_new (void);
MediaToneSound *media_tone_sound_ref (MediaToneSound *self);
void media_tone_sound_unref (MediaToneSound *self);
gboolean media_tone_sound_add (MediaToneSound *self, guint event, guint duration);
gboolean media_tone_sound_is_playing (MediaToneSound *self);
void media_tone_sound_fill (MediaToneSound *self, gint16 *samples, gsize n, guint rate);

G_END_DECLS
