/* test-large.c - messages that are too large for a datagram (RFC 3261 18.1.1)
 */

#include "account.h"

#include <string.h>

static void
on_stream_text (PeerServer *stream, const char *text, gpointer user_data)
{
  Account *account = user_data;
  g_autofree char *response = peer_text_response (text, 200, "server", NULL, NULL, NULL);

  g_ptr_array_add (account->fixture.sent, g_strdup (text));
  g_string_append (account->fixture.log, " >stream");
  peer_server_say (stream, response);
}

/* Says so many letters, and waits until they came in as @arrival. */
static void
say_letters (Account *account, gsize n, const char *arrival, const char *via)
{
  static const char *const names[] = {"accepted", "failed", NULL};
  Fixture *fixture = &account->fixture;
  g_autofree char *letters = g_strnfill (n, 'x');
  g_autoptr (SipClientContext) message =
      sip_ua_message (fixture->ua, "sip:bob@example.org", letters, NULL, NULL);

  fixture_watch_object (fixture, message, names);
  WAIT_FOR (account_saw (account, arrival));
  g_assert_nonnull (strstr (fixture_find_sent (fixture, "MESSAGE "), via));
  if (g_str_equal (arrival, ">MESSAGE0")) {
    g_autofree char *response = peer_text_response (fixture_find_sent (fixture, "MESSAGE "), 200,
                                                    "server", NULL, "text/plain", letters);

    peer_server_say (account->servers[0], response);
  }
  WAIT_FOR (account_saw (account, "request*accepted"));
  account_forget (account);
}

/* What is too large for a datagram goes by a stream, if somebody takes one there, else in a
 * datagram all the same; answers may be as large as they like.
 */
static void
test_large (Account *account, gconstpointer data)
{
  guint16 port = peer_server_get_port (account->servers[0]);
  g_autofree char *address = g_strdup_printf ("sip:127.0.0.1:%u;transport=udp", port);
  PeerServer *stream;

  account->setting.server = address;
  account_begin (account);
  account_register_at (account, 0);
  say_letters (account, 600, ">MESSAGE0", "Via: SIP/2.0/UDP ");
  say_letters (account, 5000, ">MESSAGE0", "Via: SIP/2.0/UDP ");
  stream = peer_server_new_at ("TCP", port, on_stream_text, account);
  say_letters (account, 5000, ">stream", "Via: SIP/2.0/TCP ");
  say_letters (account, 1300, ">stream", "Via: SIP/2.0/TCP ");
  g_assert_cmpuint (peer_server_get_n_connections (stream), ==, 1);
  say_letters (account, 600, ">MESSAGE0", "Via: SIP/2.0/UDP ");
  peer_server_free (stream);
  fixture_drain ();
  say_letters (account, 5000, ">MESSAGE0", "Via: SIP/2.0/UDP ");
}

static GSocket *
make_socket (GSocketType type)
{
  return g_socket_new (G_SOCKET_FAMILY_IPV4, type, G_SOCKET_PROTOCOL_DEFAULT, NULL);
}

/* Whoever comes is not let in and not sent away: with one that waits the queue is full. Returns
 * that one.
 */
static GSocket *
shut (GSocket *door, guint16 port)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  GSocket *guest = make_socket (G_SOCKET_TYPE_STREAM);

  g_socket_set_listen_backlog (door, 0);
  g_assert_true (g_socket_bind (door, address, TRUE, NULL));
  g_assert_true (g_socket_listen (door, NULL));
  g_assert_true (g_socket_connect (guest, address, NULL, NULL));
  return guest;
}

/* Where streams are neither taken nor refused, a large message waits a little, and the next one not
 * at all.
 */
static void
test_shut (Account *account, gconstpointer data)
{
  Fixture *fixture = &account->fixture;
  guint16 port = peer_server_get_port (account->servers[0]);
  g_autofree char *address = g_strdup_printf ("sip:127.0.0.1:%u;transport=udp", port);
  g_autofree char *letters = g_strnfill (5000, 'x');
  g_autoptr (GSocket) door = make_socket (G_SOCKET_TYPE_STREAM);
  g_autoptr (GSocket) guest = shut (door, port);
  g_autoptr (SipClientContext) message = NULL, next = NULL;

  account->setting.server = address;
  account_begin (account);
  account_register_at (account, 0);
  message = sip_ua_message (fixture->ua, "sip:bob@example.org", letters, NULL, NULL);
  fixture_drain ();
  fixture_advance (fixture, 2900);
  fixture_drain ();
  g_assert_false (account_saw (account, ">MESSAGE0"));
  fixture_advance (fixture, 100);
  WAIT_FOR (account_saw (account, ">MESSAGE0"));
  account_forget (account);
  next = sip_ua_message (fixture->ua, "sip:bob@example.org", letters, NULL, NULL);
  fixture_drain ();
  g_assert_true (account_saw (account, ">MESSAGE0"));
  account_forget (account);
}

/* Registered past a NAT, with a stream to the same server, which is returned. @address: of the
 * server, which the account uses
 */
static PeerServer *
begin_with_stream (Account *account, char **address)
{
  guint16 port = peer_server_get_port (account->servers[0]);
  PeerServer *stream = peer_server_new_at ("TCP", port, on_stream_text, account);

  *address = g_strdup_printf ("sip:127.0.0.1:%u;transport=udp", port);
  account->setting.server = *address;
  account->seen = ";received=198.51.100.7;rport=40123";
  account_begin (account);
  account_register_at (account, 0);
  say_letters (account, 5000, ">stream", "Via: SIP/2.0/TCP ");
  return stream;
}

/* A NAT that forgot where our datagrams come from forgot our streams, too. */
static void
test_forgotten (Account *account, gconstpointer data)
{
  g_autofree char *address = NULL;
  g_autoptr (PeerServer) stream = begin_with_stream (account, &address);

  say_letters (account, 5000, ">stream", "Via: SIP/2.0/TCP ");
  g_assert_cmpuint (peer_server_get_n_connections (stream), ==, 1);
  account->seen = ";received=198.51.100.7;rport=40124";
  sip_ua_register (account->fixture.ua, NULL, NULL);
  account_register_at (account, 0);
  say_letters (account, 5000, ">stream", "Via: SIP/2.0/TCP ");
  g_assert_cmpuint (peer_server_get_n_connections (stream), ==, 2);
}

/* In another network no stream of the old one is used; and one that is begun before the server told
 * where we are now stays, for somebody waits for an answer there.
 */
static void
test_moved (Account *account, gconstpointer data)
{
  g_autofree char *address = NULL;
  g_autoptr (PeerServer) stream = begin_with_stream (account, &address);

  account->codes[0] = 0;
  account->seen = ";received=198.51.100.7;rport=40124";
  fixture_advance (&account->fixture, 3000);
  sip_ua_reconnect (account->fixture.ua);
  WAIT_FOR (account_saw (account, ">REGISTER0"));
  account_forget (account);
  say_letters (account, 5000, ">stream", "Via: SIP/2.0/TCP ");
  g_assert_cmpuint (peer_server_get_n_connections (stream), ==, 2);
  account->codes[0] = 200;
  account_pass_until (account, "ua*registered", 5);
  account_forget (account);
  say_letters (account, 5000, ">stream", "Via: SIP/2.0/TCP ");
  g_assert_cmpuint (peer_server_get_n_connections (stream), ==, 2);
}

static const AccountCase cases[] = {
    {"taken", test_large, TRUE},
    {"forgotten", test_forgotten, TRUE},
    {"moved", test_moved, TRUE},
    {"shut", test_shut, TRUE},
};

int
main (int argc, char **argv)
{
  return account_run (argc, argv, "large", cases, G_N_ELEMENTS (cases));
}
