/* bench-phone.c - a user agent that takes every call over ordinary RTP, until standard input ends
 *
 * It says SOURCE and hears with SINK, each of which may be “desktop”. Prints its Contact as a line
 * when it is ready.
 */

#include "media-rtp-handler.h"
#include "media-web-handler.h"
#include "sip.h"

typedef struct {
  const char *address;
  const char *source;
  const char *sink;
} Phone;

static const char *
read_device (const char *word)
{
  return g_str_equal (word, "desktop") ? NULL : word;
}

static SipSessionDescriptionHandler *
create_handler (SipSession *session, gpointer user_data)
{
  Phone *phone = user_data;

  return g_object_new (MEDIA_TYPE_RTP_HANDLER, "audio-source", phone->source, "audio-sink",
                       phone->sink, "local-address", phone->address, NULL);
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
  Phone phone = {.address = argv[1]};

  if (argc != 5)
    g_error ("Usage: bench-phone ADDRESS PORT SOURCE SINK");
  phone.source = read_device (argv[3]);
  phone.sink = read_device (argv[4]);
  place = g_strdup_printf ("%s:%s", argv[1], argv[2]);
  media_web_handler_prepare ();
  ua = g_object_new (SIP_TYPE_UA, "uri", "sip:bob@127.0.0.1", "local-address", place,
                     "auto-register", FALSE, NULL);
  sip_ua_set_session_description_handler_factory (ua, create_handler, &phone, NULL);
  g_signal_connect (ua, "invite", G_CALLBACK (on_invite), NULL);
  if (!sip_ua_start (ua, &error))
    g_error ("%s", error->message);
  contact = sip_ua_dup_contact_uri (ua);
  g_print ("%s\n", contact);
  g_io_add_watch (input, G_IO_HUP | G_IO_IN, on_input, loop);
  g_main_loop_run (loop);
  return 0;
}
