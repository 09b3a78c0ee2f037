/* bench-phone.c - a user agent that takes every call over ordinary RTP, until standard input ends
 *
 * It says a tone and hears what comes, with no device. Prints its Contact as a line when it is
 * ready.
 */

#include "media-rtp-handler.h"
#include "media-web-handler.h"
#include "sip.h"

static SipSessionDescriptionHandler *
create_handler (SipSession *session, gpointer user_data)
{
  return g_object_new (MEDIA_TYPE_RTP_HANDLER, "audio-source",
                       "audiotestsrc is-live=true ! audio/x-raw,rate=48000,channels=1",
                       "audio-sink", "fakesink sync=true", "local-address", user_data, NULL);
}

static void
on_invite (SipUA *ua, SipSession *session, gpointer user_data)
{
  sip_invite_server_context_accept (SIP_INVITE_SERVER_CONTEXT (session), NULL, NULL, NULL);
}

static gboolean
on_input (GIOChannel *channel, GIOCondition condition, gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GIOChannel) input = g_io_channel_unix_new (0);
  g_autoptr (GError) error = NULL;
  g_autoptr (SipUA) ua = NULL;
  g_autofree char *place = NULL, *contact = NULL;

  if (argc != 3)
    g_error ("Usage: bench-phone ADDRESS PORT");
  place = g_strdup_printf ("%s:%s", argv[1], argv[2]);
  media_web_handler_prepare ();
  ua = g_object_new (SIP_TYPE_UA, "uri", "sip:bob@127.0.0.1", "local-address", place,
                     "auto-register", FALSE, NULL);
  sip_ua_set_session_description_handler_factory (ua, create_handler, argv[1], NULL);
  g_signal_connect (ua, "invite", G_CALLBACK (on_invite), NULL);
  if (!sip_ua_start (ua, &error))
    g_error ("%s", error->message);
  contact = sip_ua_dup_contact_uri (ua);
  g_print ("%s\n", contact);
  g_io_add_watch (input, G_IO_HUP | G_IO_IN, on_input, loop);
  g_main_loop_run (loop);
  return 0;
}
