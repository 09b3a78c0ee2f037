/* test-echo-party.c - a caller hears himself */

#include "listener.h"

#include "sip-echo-party.h"

#include "sip-ua.h"

static Listener listener;

static SipSessionDescriptionHandler *
make_handler (SipSession *session, gpointer user_data)
{
  return media_web_handler_new ("audiotestsrc is-live=true freq=1000", listener.sink);
}

static void
set_true (gpointer object, gpointer other, gpointer third, gpointer user_data)
{
  *(gboolean *)user_data = TRUE;
}

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (sip_ua_stop_finish (SIP_UA (source), result, NULL));
  *(gboolean *)user_data = TRUE;
}

static void
test_call (void)
{
  SipEchoParty *party = sip_echo_party_new ();
  SipUA *ua = g_object_new (SIP_TYPE_UA, "uri", "sip:alice@127.0.0.1", "local-address",
                            "127.0.0.1:0", "auto-register", FALSE, NULL);
  g_autoptr (SipInviteClientContext) session = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = NULL;
  gboolean terminated = FALSE, stopped = FALSE;
  gint64 start;

  listener_init (&listener);
  g_assert_null (sip_echo_party_dup_uri (party));
  g_assert_true (sip_echo_party_start (party, &error));
  g_assert_true (sip_echo_party_start (party, &error));
  WAIT_FOR (uri != NULL || (uri = sip_echo_party_dup_uri (party)) != NULL);
  g_test_message ("%s", uri);

  sip_ua_set_session_description_handler_factory (ua, make_handler, NULL, NULL);
  g_assert_true (sip_ua_start (ua, &error));
  start = g_get_monotonic_time ();
  session = sip_ua_invite (ua, uri, NULL, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (session, "terminated", G_CALLBACK (set_true), &terminated);
  WAIT_FOR (listener_count (&listener) > 0);
  g_test_message ("sound after %.0f ms", (g_get_monotonic_time () - start) / 1000.0);
  WAIT_FOR (listener_hears (&listener, 1000));
  g_test_message ("echo after %.0f ms", (g_get_monotonic_time () - start) / 1000.0);

  g_assert_true (sip_session_bye (SIP_SESSION (session), NULL, &error));
  WAIT_FOR (terminated);
  sip_echo_party_stop (party);
  g_assert_null (sip_echo_party_dup_uri (party));
  sip_ua_stop_async (ua, on_stopped, &stopped);
  WAIT_FOR (stopped);
  listener_drain ();
  g_assert_finalize_object (party);
  g_clear_object (&session);
  g_assert_finalize_object (ua);
  listener_clear (&listener);
}

int
main (int argc, char **argv)
{
  g_setenv ("PULSE_SERVER", "unix:/dev/null/none", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/echo-party/call", test_call);

  return g_test_run ();
}
