/* media-mix.c - calls of either kind, one of which hears the others
 *
 * Down: sip_session_description_handler_mix() -> a MediaFeed from each of the others
 */

#include "media-mix-private.h"

#include "media-rtp-handler-private.h"
#include "media-web-handler-private.h"

static MediaSound *
get_sound (SipSessionDescriptionHandler *handler)
{
  if (MEDIA_IS_WEB_HANDLER (handler))
    return MEDIA_WEB_HANDLER (handler)->sound;
  if (MEDIA_IS_RTP_HANDLER (handler))
    return MEDIA_RTP_HANDLER (handler)->sound;
  return NULL;
}

gboolean
media_mix (SipSessionDescriptionHandler *self, GPtrArray *others)
{
  g_autoptr (GPtrArray) sounds = g_ptr_array_new ();

  for (guint i = 0; i < others->len; i++) {
    MediaSound *sound = get_sound (others->pdata[i]);

    if (sound == NULL)
      return FALSE;
    g_ptr_array_add (sounds, sound);
  }
  media_sound_mix (get_sound (self), sounds);
  return TRUE;
}
