/* bench-server.c - a user agent without media that takes every call, until standard input ends
 *
 *   bench-server ADDRESS:PORT [SERVER]
 *
 * Prints its Contact as a line when it is ready, and registers where there is a server.
 */

#include "sip.h"

#include "stub-handler.h"

static const StubPlan plan;

static void
forget (StubHandler *handler, const char *what, gpointer user_data)
{
}

static SipSessionDescriptionHandler *
create_handler (SipSession *session, gpointer user_data)
{
  return SIP_SESSION_DESCRIPTION_HANDLER (stub_handler_new (&plan, forget, NULL));
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
  g_autofree char *contact = NULL;

  if (argc != 2 && argc != 3)
    g_error ("Usage: bench-server ADDRESS:PORT [SERVER]");
  ua = g_object_new (SIP_TYPE_UA, "uri", "sip:bob@127.0.0.1", "local-address", argv[1], "server",
                     argc == 3 ? argv[2] : NULL, "auto-register", argc == 3, NULL);
  sip_ua_set_session_description_handler_factory (ua, create_handler, NULL, NULL);
  g_signal_connect (ua, "invite", G_CALLBACK (on_invite), NULL);
  if (!sip_ua_start (ua, &error))
    g_error ("%s", error->message);
  contact = sip_ua_dup_contact_uri (ua);
  g_print ("%s\n", contact);
  g_io_add_watch (input, G_IO_HUP | G_IO_IN, on_input, loop);
  g_main_loop_run (loop);
  return 0;
}
