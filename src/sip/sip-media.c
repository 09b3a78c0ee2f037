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

static void
start (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const SipMediaPart *part = get_part ();
  GError *error = NULL;

  if (part->start (&error))
    g_task_return_pointer (task, (gpointer)part, NULL);
  else
    g_task_return_error (task, error);
}

static void
on_started (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  const SipMediaPart *part = g_task_propagate_pointer (G_TASK (result), &error);

  if (part != NULL)
    part->prepare ();
  else
    g_debug ("%s", error->message);
}

/**
 * sip_media_prepare: (skip)
 *
 * As media_web_handler_prepare(), and nothing waits for it, not even where GStreamer has to look at
 * all of its plugins first: for a program that expects the first call soon.
 */
void
sip_media_prepare (void)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_started, NULL);

  g_task_run_in_thread (task, start);
}
