#pragma once

#include "media-sound-handler.h"
#include "media-sound-private.h"
#include "media-watch-private.h"

#include "sip-media-servers.h"
#include "sip-nat64.h"

G_BEGIN_DECLS

/* What those that derive from it see of it. */
typedef struct {
  char *audio_source;
  char *audio_sink;
  SipMediaServers *servers; /* or NULL */
  SipNat64 *nat64;          /* likewise */
  gboolean muted;
  gboolean closed;
  MediaSound *sound; /* starts once all is agreed, and protected as agreed */
  MediaWatch *watch;
  SipDirection local_direction;
  SipDirection remote_direction;
} MediaSoundHandlerPrivate;

MediaSoundHandlerPrivate *media_sound_handler_get_private (MediaSoundHandler *self);
void media_sound_handler_set_directions (MediaSoundHandler *self,
                                         SipDirection local,
                                         SipDirection remote,
                                         gboolean is_holding);
gboolean media_sound_handler_start (MediaSoundHandler *self,
                                    GstBin *pipeline,
                                    GstPad *target,
                                    const MediaSdpFormat *format,
                                    GError **error);
void media_sound_handler_take_pad (MediaSoundHandler *self, GstPad *pad);
void media_sound_handler_take_news (MediaSoundHandler *self, GstMessage *message);
void media_sound_handler_fail (MediaSoundHandler *self, const GError *error);
SipMediaServers *media_sound_handler_dup_servers (MediaSoundHandler *handler);
void media_sound_handler_stop (MediaSoundHandler *self);

G_END_DECLS
