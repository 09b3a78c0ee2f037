/* test-websocket.c - an account whose server is reached by WebSocket (RFC 7118), and what such a
 * server can do to it
 *
 * The server is one of libsoup on loopback; the clock stands still but for what moves it.
 */

#include "fixture.h"
#include "peer-web.h"

#include <string.h>

typedef struct {
  Fixture fixture;
  PeerWeb *peer;
  FixtureSetting setting;
} Web;

static void
on_text (PeerWeb *peer, const char *text, gpointer user_data)
{
  Web *web = user_data;
  g_autofree char *contact = NULL, *headers = NULL, *response = NULL;

  g_ptr_array_add (web->fixture.sent, g_strdup (text));
  if (!g_str_has_prefix (text, "REGISTER "))
    return;
  contact = peer_text_header (text, "Contact");
  headers = g_strdup_printf ("Contact: %s\r\n", contact);
  response = peer_text_response (text, 200, "server", headers, NULL, NULL);
  peer_web_say (peer, response);
}

static void
begin (Web *web, const char *protocol, gboolean is_away)
{
  web->peer = peer_web_new (protocol, NULL, on_text, web);
  web->peer->is_away = is_away;
  web->setting.protocol = "WS";
  web->setting.server = web->peer->address;
  fixture_set_up (&web->fixture, &web->setting);
}

static void
end (Web *web, gconstpointer data)
{
  sip_ua_stop_async (web->fixture.ua, NULL, NULL);
  fixture_advance (&web->fixture, 2500);
  WAIT_FOR (G_OBJECT (web->fixture.ua)->ref_count == 1); /* libsoup lets go of it later */
  fixture_tear_down (&web->fixture, &web->setting);
  peer_web_free (web->peer);
  fixture_drain ();
}

static void
wait_for (Web *web, const char *word)
{
  WAIT_FOR (fixture_saw (&web->fixture, word));
  g_string_truncate (web->fixture.log, 0);
}

/* It is registered again two seconds after whatever ended the connection. */
static void
come_back (Web *web)
{
  wait_for (web, "ua*unregistered ua*disconnected");
  fixture_advance (&web->fixture, 1000);
  WAIT_FOR (fixture_saw (&web->fixture, "ua*connected"));
  fixture_advance (&web->fixture, 1000);
  wait_for (web, "ua*registered");
}

/* The server goes away, or has enough of us. */
static void
test_closed (Web *web, gconstpointer data)
{
  static const gushort codes[] = {1000, 1001, 1009, 1011};

  begin (web, "sip", FALSE);
  wait_for (web, "ua*registered");
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++) {
    fixture_advance (&web->fixture, 121 * 1000);
    soup_websocket_connection_close (web->peer->connection, codes[i], "bye");
    come_back (web);
  }
}

/* Nobody says goodbye (what a program sees as 1006). */
static void
test_cut (Web *web, gconstpointer data)
{
  begin (web, "sip", FALSE);
  wait_for (web, "ua*registered");
  g_io_stream_close (soup_websocket_connection_get_io_stream (web->peer->connection), NULL, NULL);
  come_back (web);
}

/* Its name is found, and the rest takes its time: it is waited for, where it was known before, too.
 */
static void
test_slow (Web *web, gconstpointer data)
{
  begin (web, "sip", FALSE);
  wait_for (web, "ua*registered");
  web->peer->is_slow = TRUE;
  g_io_stream_close (soup_websocket_connection_get_io_stream (web->peer->connection), NULL, NULL);
  wait_for (web, "ua*unregistered ua*disconnected");
  fixture_advance (&web->fixture, 1000);
  WAIT_FOR (web->peer->waiting != NULL);
  fixture_advance (&web->fixture, 9000);
  fixture_drain ();
  g_assert_cmpuint (web->peer->n_asked, ==, 2);
  peer_web_answer (web->peer);
  WAIT_FOR (fixture_saw (&web->fixture, "ua*connected"));
  fixture_advance (&web->fixture, 1000);
  wait_for (web, "ua*registered");
  g_assert_cmpuint (web->peer->n_asked, ==, 2);
}

/* What is larger than any message ends the connection, too. */
static void
test_too_large (Web *web, gconstpointer data)
{
  g_autofree char *text = g_strnfill (200 * 1024, 'x');

  begin (web, "sip", FALSE);
  wait_for (web, "ua*registered");
  soup_websocket_connection_send_text (web->peer->connection, text);
  come_back (web);
}

/* A proxy has no server behind it now: it is asked later and later. */
static void
test_bad_gateway (Web *web, gconstpointer data)
{
  begin (web, "sip", TRUE);
  wait_for (web, "ua*disconnected");
  for (guint longest = 1000; longest <= 8000; longest *= 2) {
    guint passed = 0;

    for (; !fixture_saw (&web->fixture, "ua*disconnected"); passed += 100) {
      fixture_advance (&web->fixture, 100);
      g_usleep (1000); /* what is on its way in real sockets */
      fixture_drain ();
    }
    g_assert_cmpuint (passed + 100, >=, longest / 2);
    g_string_truncate (web->fixture.log, 0);
  }
  g_assert_cmpuint (web->peer->n_asked, ==, 5);
  web->peer->is_away = FALSE;
  fixture_advance (&web->fixture, 16 * 1000);
  wait_for (web, "ua*registered");
}

/* It speaks something else in its frames, or does not say what; nothing of ours is said to it. */
static void
test_other_protocol (Web *web, gconstpointer data)
{
  begin (web, data, FALSE);
  wait_for (web, "ua*disconnected");
  g_assert_cmpuint (web->peer->n_asked, ==, 1);
  g_assert_cmpuint (web->fixture.sent->len, ==, 0);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Web *web, gconstpointer data);
  } cases[] = {
      {"/websocket/closed", test_closed},
      {"/websocket/cut", test_cut},
      {"/websocket/slow", test_slow},
      {"/websocket/too-large", test_too_large},
      {"/websocket/bad-gateway", test_bad_gateway},
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Web, NULL, NULL, cases[i].test, end);
  g_test_add ("/websocket/other-protocol", Web, "chat", NULL, test_other_protocol, end);
  g_test_add ("/websocket/no-protocol", Web, NULL, NULL, test_other_protocol, end);
  return g_test_run ();
}
