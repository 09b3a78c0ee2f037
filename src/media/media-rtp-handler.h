#pragma once

#include "media-sound-handler.h"

G_BEGIN_DECLS

#define MEDIA_TYPE_RTP_HANDLER (media_rtp_handler_get_type ())
G_DECLARE_FINAL_TYPE (MediaRtpHandler, media_rtp_handler, MEDIA, RTP_HANDLER, MediaSoundHandler)

SipSessionDescriptionHandler *media_rtp_handler_new (const char *audio_source,
                                                     const char *audio_sink);

G_END_DECLS
