/* sip-media.c - the media of the library, which are loaded with the first call */

#include "sip-media.h"

#include "sip-part-private.h"

static const SipMediaPart *
get_part (void)
{
  return sip_part_get ("libsip-media-1.so.1", "media_part");
}

/**
 * sip_session_description_handler_new_default: (skip)
 * @session: the session that needs media
 *
 * Which kind it is, #SipSession:media-profile says; with %SIP_MEDIA_PROFILE_AUTO a call that comes
 * gets what its offer speaks, and a call of this side WebRTC.
 *
 * Returns: (transfer full) (nullable): a handler with the desktop's microphone and speaker
 */
SipSessionDescriptionHandler *
sip_session_description_handler_new_default (SipSession *session)
{
  return get_part ()->new_default (session);
}

/**
 * sip_media_new_web_handler: (skip)
 * @audio_source: (nullable): #MediaWebHandler:audio-source; %NULL for the microphone
 * @audio_sink: (nullable): #MediaWebHandler:audio-sink; %NULL for the speaker
 *
 * As media_web_handler_new(), for a program that loads the media of the library with its first
 * call, too.
 *
 * Returns: (transfer full): a handler without tracks
 */
SipSessionDescriptionHandler *
sip_media_new_web_handler (const char *audio_source, const char *audio_sink)
{
  return get_part ()->new_web_handler (audio_source, audio_sink);
}

/**
 * sip_media_describe: (skip)
 *
 * As media_describe_elements(), and likewise.
 *
 * Returns: (transfer full): the lines
 */
char *
sip_media_describe (void)
{
  return get_part ()->describe ();
}
