#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* An element from any number of sink pads to src, of S16LE and one channel. */
#define MEDIA_TYPE_VOICE (media_voice_get_type ())
G_DECLARE_FINAL_TYPE (MediaVoice, media_voice, MEDIA, VOICE, GstElement)

MediaVoice *media_voice_new (void);
void media_voice_raise (MediaVoice *self, guint rate);
gboolean media_voice_link (MediaVoice *self, GstPad *source, guint rate);
void media_voice_set_muted (MediaVoice *self, gboolean muted);
void media_voice_set_held (MediaVoice *self, gboolean held);
double media_voice_take_level (MediaVoice *self);

G_END_DECLS
