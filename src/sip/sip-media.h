#pragma once

#include "sip-session-description-handler.h"

G_BEGIN_DECLS

/**
 * SipMediaPart: (skip)
 * @new_default: makes the handler of a session without a factory
 * @new_web_handler: makes a handler of WebRTC with sound from and to somewhere
 * @describe: says what it is made of
 * @start: loads what takes long and any thread may load
 * @prepare: loads the rest of what a call needs
 *
 * What the media of the library offer to the rest of it, which does not load them before the first
 * call.
 */
typedef struct {
  SipSessionDescriptionHandler *(*new_default) (SipSession *session);
  SipSessionDescriptionHandler *(*new_web_handler) (const char *audio_source,
                                                    const char *audio_sink);
  char *(*describe) (void);
  gboolean (*start) (GError **error);
  void (*prepare) (void);
} SipMediaPart;

SipSessionDescriptionHandler *sip_media_new_web_handler (const char *audio_source,
                                                         const char *audio_sink);
char *sip_media_describe (void);
void sip_media_prepare (void);

G_END_DECLS
