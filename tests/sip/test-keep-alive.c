/* test-keep-alive.c - an account keeps the way to its server open, and sees it die or move */

#include "account.h"

#include "sip-transport-private.h"
#include "sip-ua-private.h"

#include <string.h>

/* Lets time pass until the first server is asked once more whether it is there. */
static void
pass_ping (Account *account)
{
  guint before = peer_server_get_n_pings (account->servers[0]);

  for (guint n = 0; peer_server_get_n_pings (account->servers[0]) == before; n++) {
    g_assert_cmpuint (n, <, 49);
    fixture_advance (&account->fixture, 1000);
    g_usleep (1000);
    fixture_drain ();
  }
}

/* Its pings are answered, until they are not. */
static void
test_ping (Account *account, gconstpointer data)
{
  PeerServer *server = account->servers[0];
  gint64 passed;

  peer_server_set_pongs (server, TRUE);
  account_begin (account);
  account_register_at (account, 0);
  for (guint i = 0; i < 3; i++) {
    pass_ping (account);
    fixture_drain ();
  }
  fixture_advance (&account->fixture, 11 * 1000);
  fixture_expect (&account->fixture, "");
  peer_server_set_pongs (server, FALSE);
  passed = account_pass_until (account, "ua*disconnected", 60);
  g_assert_cmpint (passed, >=, 10 * 1000);
  account_pass_until (account, ">REGISTER0", 1);
  account_register_at (account, 0);
}

/* It dies while it is asked: that is one end, and the other one's turn. */
static void
test_dead_while_asked (Account *account, gconstpointer data)
{
  PeerServer *server = account->servers[0];

  peer_server_set_pongs (server, TRUE);
  account_begin (account);
  account_register_at (account, 0);
  pass_ping (account);
  peer_server_set_pongs (server, FALSE);
  pass_ping (account);
  account->codes[0] = 0;
  sip_ua_register (account->fixture.ua, NULL, NULL);
  WAIT_FOR (account_saw (account, ">REGISTER0"));
  account_forget (account);
  account_pass_until (account, "ua*registered", 32);
  fixture_expect (&account->fixture, "ua*registrationFailed ua*unregistered ua*disconnected "
                                     "ua*connected >REGISTER1 ua*registered");
}

/* A server that never answers pings is no dead one, whatever else it says after one. */
static void
test_no_pong (Account *account, gconstpointer data)
{
  PeerServer *server = account->servers[0];
  SipTransport *stream;
  gint64 heard;

  account_begin (account);
  account_register_at (account, 0);
  fixture_advance (&account->fixture, 300 * 1000);
  fixture_expect (&account->fixture, "");
  WAIT_FOR (peer_server_get_n_pings (server) >= 5);
  pass_ping (account);
  stream = account->fixture.ua->stream;
  heard = sip_transport_get_heard (stream);
  peer_server_say (server, "SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP nobody;branch=z9hG4bK1\r\n"
                           "From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>;tag=2\r\nCall-ID: 1\r\n"
                           "CSeq: 1 INFO\r\nContent-Length: 0\r\n\r\n");
  WAIT_FOR (sip_transport_get_heard (stream) > heard);
  fixture_advance (&account->fixture, 150 * 1000);
  fixture_expect (&account->fixture, "");
}

/* Past a NAT the server sees us elsewhere: that is what it is told, and what is kept open. */
static void
test_nat (Account *account, gconstpointer data)
{
  Fixture *fixture = &account->fixture;
  g_autofree char *first = NULL, *second = NULL;

  account->seen = ";received=198.51.100.7;rport=40123";
  account_begin (account);
  account_register_at (account, 0);
  g_assert_cmpuint (fixture->sent->len, ==, 2);
  first = peer_text_header (fixture_get_sent (fixture, 1), "Contact");
  second = peer_text_header (fixture_get_sent (fixture, 0), "Contact");
  g_assert_nonnull (strstr (first, "@127.0.0.1:"));
  g_assert_nonnull (strstr (second, "@198.51.100.7:40123>"));
  fixture_advance (fixture, 26 * 1000);
  WAIT_FOR (peer_server_get_n_pings (account->servers[0]) == 1);
}

/* The answer to whatever tells of another port, which the registrar learns at once. */
static void
test_nat_forgets (Account *account, gconstpointer data)
{
  Fixture *fixture = &account->fixture;
  g_autofree char *contact = NULL;
  g_autoptr (SipClientContext) context = NULL;

  account->seen = ";received=198.51.100.7;rport=40123";
  account_begin (account);
  account_register_at (account, 0);
  fixture_advance (fixture, 5 * 1000);
  account->seen = ";received=198.51.100.7;rport=40124";
  context = sip_ua_request (fixture->ua, "OPTIONS", "bob", NULL, NULL);
  g_assert_true (SIP_IS_CLIENT_CONTEXT (context));
  account_register_at (account, 0);
  contact = peer_text_header (fixture_get_sent (fixture, 0), "Contact");
  g_assert_nonnull (strstr (contact, "@198.51.100.7:40124>"));
}

/* One that never shows the same port twice is not run after. */
static void
test_nat_without_memory (Account *account, gconstpointer data)
{
  Fixture *fixture = &account->fixture;
  guint n = 0;

  account->seen = ";received=198.51.100.7";
  account->port = 40000;
  account_begin (account);
  account_register_at (account, 0);
  for (guint i = 0; i < 50; i++) {
    g_autoptr (SipClientContext) context =
        sip_ua_request (fixture->ua, "OPTIONS", "bob", NULL, NULL);

    fixture_advance (fixture, 1000);
    WAIT_FOR (account_saw (account, ">OPTIONS0"));
    g_usleep (1000);
    fixture_drain ();
    n += account_saw (account, ">REGISTER0");
    account_forget (account);
    g_assert_true (SIP_IS_CLIENT_CONTEXT (context));
  }
  g_assert_cmpuint (n, >=, 1);
  g_assert_cmpuint (n, <=, 4);
}

/* The registrar keeps flows, and answers STUN: what dies or moves is seen within a minute. */
static void
test_stun (Account *account, gconstpointer data)
{
  Fixture *fixture = &account->fixture;
  PeerServer *server = account->servers[0];
  gint64 passed;

  account->more = "Require: outbound\r\nFlow-Timer: 20\r\n";
  peer_server_set_stun (server, "198.51.100.7", 40000);
  account_begin (account);
  account_register_at (account, 0);
  for (guint i = 1; i <= 3; i++) {
    fixture_advance (fixture, 20 * 1000);
    WAIT_FOR (peer_server_get_n_pings (server) == i);
    g_usleep (1000);
    fixture_drain ();
  }
  fixture_expect (fixture, "");

  /* The NAT forgot, and gave us another port. */
  peer_server_set_stun (server, "198.51.100.7", 40001);
  passed = account_pass_until (account, ">REGISTER0", 21);
  g_assert_cmpint (passed, >=, 1000);
  account_register_at (account, 0);

  peer_server_set_stun (server, NULL, 0);
  account_pass_until (account, "ua*disconnected", 31);
  account_pass_until (account, ">REGISTER0", 1);
  peer_server_set_stun (server, "198.51.100.7", 40001);
  account_register_at (account, 0);
}

/* Where there is no NAT nothing is sent in vain. */
static void
test_no_nat (Account *account, gconstpointer data)
{
  account_begin (account);
  account_register_at (account, 0);
  fixture_advance (&account->fixture, 500 * 1000);
  fixture_expect (&account->fixture, "");
  g_assert_cmpuint (peer_server_get_n_pings (account->servers[0]), ==, 0);
}

static const AccountCase cases[] = {
    {"ping", test_ping, FALSE},
    {"dead-while-asked", test_dead_while_asked, FALSE},
    {"no-pong", test_no_pong, FALSE},
    {"nat", test_nat, TRUE},
    {"stun", test_stun, TRUE},
    {"no-nat", test_no_nat, TRUE},
    {"nat-forgets", test_nat_forgets, TRUE},
    {"nat-without-memory", test_nat_without_memory, TRUE},
};

int
main (int argc, char **argv)
{
  return account_run (argc, argv, "keep-alive", cases, G_N_ELEMENTS (cases));
}
