#pragma once

#include "media-feed-private.h"
#include "media-sdp-private.h"
#include "media-tone-receiver-private.h"

#include <gio/gio.h>
#include <gst/gst.h>

G_BEGIN_DECLS

/* Both ways of a call's sound, and their tracks. */
typedef struct _MediaSound MediaSound;

MediaSound *media_sound_new (void);
void media_sound_free (MediaSound *self);
GListModel *media_sound_get_tracks (MediaSound *self);
gboolean media_sound_is_started (MediaSound *self);
gboolean media_sound_is_sending (MediaSound *self);
gboolean media_sound_is_playing (MediaSound *self);
const MediaCodec *media_sound_get_codec (MediaSound *self);
gboolean media_sound_start (MediaSound *self,
                            GstBin *pipeline,
                            GstPad *target,
                            const MediaSdpFormat *format,
                            const char *audio_source,
                            const char *audio_sink,
                            GError **error);
void media_sound_set_format (MediaSound *self, const MediaSdpFormat *format);
gboolean media_sound_take_pad (MediaSound *self, GstPad *pad);
void media_sound_repair (MediaSound *self);
gboolean media_sound_take_news (MediaSound *self, GstMessage *message);
void media_sound_set_directions (MediaSound *self, SipDirection local, SipDirection remote);
void media_sound_limit (MediaSound *self, SipDirection direction);
void media_sound_set_muted (MediaSound *self, gboolean muted);
gboolean media_sound_send_tone (MediaSound *self, guint event, guint duration);
gboolean media_sound_play_tone (MediaSound *self, guint event, guint duration);
MediaToneReceiver *media_sound_get_tone_receiver (MediaSound *self);
void media_sound_mix (MediaSound *self, GPtrArray *others);
void media_sound_stop (MediaSound *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaSound, media_sound_free)

G_END_DECLS
