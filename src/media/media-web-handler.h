#pragma once

#include "media-sound-handler.h"

G_BEGIN_DECLS

#define MEDIA_TYPE_WEB_HANDLER (media_web_handler_get_type ())
G_DECLARE_FINAL_TYPE (MediaWebHandler, media_web_handler, MEDIA, WEB_HANDLER, MediaSoundHandler)

SipSessionDescriptionHandler *media_web_handler_new (const char *audio_source,
                                                     const char *audio_sink);
void media_web_handler_prepare (void);

G_END_DECLS
