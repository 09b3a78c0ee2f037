/* media-default-handler.c - the handler of a user agent that was given no factory
 *
 * Down: a session without a factory -> media_web_handler_new()
 */

#include "media-web-handler.h"

/**
 * sip_session_description_handler_new_default:
 * @session: the session that needs media
 *
 * Returns: (transfer full) (nullable): a handler with the desktop's microphone and speaker
 */
SipSessionDescriptionHandler *
sip_session_description_handler_new_default (SipSession *session)
{
  return media_web_handler_new (NULL, NULL);
}
