/* test-servers.c - which of its servers an account uses, and when it tries another one */

#include "account.h"

#include "sip-ua-private.h"

/* The best one, until it is gone: then the next, and the best again when it is back. */
static void
test_fall_over (Account *account, gconstpointer data)
{
  account_begin (account);
  account_register_at (account, 0);
  peer_server_stop (account->servers[0]);
  peer_server_hang_up (account->servers[0]);
  WAIT_FOR (account_saw (account, "ua*disconnected"));
  account_pass_until (account, ">REGISTER1", 4);
  account_register_at (account, 1);
  peer_server_listen (account->servers[0]);
  fixture_advance (&account->fixture, 590 * 1000);
  g_assert_false (account_saw (account, ">REGISTER0"));
  account_forget (account);
  account_pass_until (account, ">REGISTER0", 11);
  account_register_at (account, 0);
}

static void
test_first_is_dead (Account *account, gconstpointer data)
{
  peer_server_stop (account->servers[0]);
  account_begin (account);
  WAIT_FOR (account_saw (account, "ua*disconnected"));
  account_pass_until (account, ">REGISTER1", 3);
  account_register_at (account, 1);
}

static void
test_first_is_busy (Account *account, gconstpointer data)
{
  account->codes[0] = 503;
  account_begin (account);
  WAIT_FOR (account_saw (account, "ua*registrationFailed"));
  account_pass_until (account, ">REGISTER1", 1);
  account_register_at (account, 1);
}

static void
pass_second (Account *account)
{
  fixture_advance (&account->fixture, 1000);
  g_usleep (500);
  fixture_drain ();
}

/* Lets time pass until the best one is asked, and did not answer. */
static void
pass_question (Account *account)
{
  const SipUA *ua = account->fixture.ua;
  guint waiting = ua->first_id;

  account_forget (account);
  while (ua->first_id == waiting)
    pass_second (account);
  if (g_str_equal (account->setting.protocol, "TCP"))
    WAIT_FOR (ua->first == NULL);
  while (ua->first != NULL)
    pass_second (account);
}

/* The best one is away for long: nobody who is served by another one notices that it is asked. */
static void
test_first_stays_away (Account *account, gconstpointer data)
{
  gboolean is_stream = g_str_equal (account->setting.protocol, "TCP");

  if (is_stream)
    peer_server_stop (account->servers[0]);
  else
    account->codes[0] = 0;
  account_begin (account);
  account_pass_until (account, ">REGISTER1", 34);
  account_register_at (account, 1);
  for (guint i = 0; i < 2; i++) {
    pass_question (account);
    g_assert_true (is_stream || account_saw (account, ">OPTIONS0"));
    g_assert_false (account_saw (account, ">REGISTER0"));
    g_assert_false (account_saw (account, "ua*disconnected"));
  }
  account->codes[0] = 200;
  if (is_stream)
    peer_server_listen (account->servers[0]);
  for (guint i = 0; i < 1300 && account->registered_at != 0; i++)
    pass_second (account);
  g_assert_cmpuint (account->registered_at, ==, 0);
  WAIT_FOR (sip_ua_is_registered (account->fixture.ua));
  account_forget (account);
}

/* Whoever lost the other one meanwhile finds his way as always. */
static void
test_lost_while_asking (Account *account, gconstpointer data)
{
  SipUA *ua;

  account->codes[0] = 0;
  account_begin (account);
  ua = account->fixture.ua;
  account_pass_until (account, ">REGISTER1", 34);
  account_register_at (account, 1);
  for (guint i = 0; i < 700 && ua->first == NULL; i++)
    pass_second (account);
  g_assert_nonnull (ua->first);
  account_forget (account);
  sip_ua_reconnect (ua);
  g_assert_null (ua->first);
  account_pass_until (account, ">REGISTER1", 34);
  account_register_at (account, 1);
}

/* That the way is made anew while the server is asked is no failure of its own. */
static void
test_reconnect_while_asking (Account *account, gconstpointer data)
{
  Fixture *fixture = &account->fixture;

  account_begin (account);
  account_register_at (account, 0);
  account->codes[0] = 0;
  sip_ua_register (fixture->ua, NULL, NULL);
  WAIT_FOR (account_saw (account, ">REGISTER0"));
  account->codes[0] = 200;
  account_forget (account);
  sip_ua_reconnect (fixture->ua);
  g_assert_cmpstr (fixture->log->str, ==, "ua*unregistered ua*disconnected");
  account_pass_until (account, ">REGISTER", 4);
  account_register_at (account, 0);
}

/* It says for how long it wants to be left alone, and is; and so the other one is, too. */
static void
test_left_alone (Account *account, gconstpointer data)
{
  account->codes[0] = account->codes[1] = 503;
  account->headers = g_strdup ("Retry-After: 90\r\n");
  account_begin (account);
  account_pass_until (account, ">REGISTER1", 2);
  account_forget (account);
  account->codes[0] = account->codes[1] = 200;
  g_clear_pointer (&account->headers, g_free);
  fixture_advance (&account->fixture, 88 * 1000);
  g_assert_false (account_saw (account, ">REGISTER"));
  account_pass_until (account, ">REGISTER0", 4);
  account_register_at (account, 0);
}

/* It takes connections, and nothing comes back. */
static void
test_first_is_silent (Account *account, gconstpointer data)
{
  account->codes[0] = 0;
  account_begin (account);
  WAIT_FOR (account_saw (account, ">REGISTER0"));
  fixture_advance (&account->fixture, 31 * 1000);
  g_assert_false (account_saw (account, "ua*registrationFailed"));
  account_pass_until (account, ">REGISTER1", 3);
  account_register_at (account, 1);
}

/* It has an address of version 6 as well, which leads nowhere. */
static void
test_broken_version_6 (Account *account, gconstpointer data)
{
  account->resolver->addresses = "2001:db8::1 127.0.0.1";
  account_begin (account);
  account_register_at (account, 0);
}

/* It takes connections, and TLS does not come about. */
static void
test_first_hangs (Account *account, gconstpointer data)
{
  Fixture *fixture = &account->fixture;

  for (guint i = 0; i < N_SERVERS; i++)
    peer_resolver_add (account->resolver, "_sips._tcp.example.local", "s.example.local",
                       peer_server_get_port (account->servers[i]), i);
  account->setting.server = "sip:example.local;transport=tls";
  account_begin (account);
  WAIT_FOR (peer_server_get_n_connections (account->servers[0]) == 1);
  fixture_advance (fixture, 9900);
  fixture_expect (fixture, "");
  fixture_advance (fixture, 100);
  fixture_expect (fixture, "ua*disconnected");
  fixture_advance (fixture, 500);
  WAIT_FOR (peer_server_get_n_connections (account->servers[1]) == 1);
  sip_ua_stop_async (fixture->ua, NULL, NULL);
  WAIT_FOR (G_OBJECT (fixture->ua)->ref_count == 1); /* TLS works in a thread of its own */
}

/* None of them is there: it goes on for good, at most once a minute. */
static void
test_all_are_dead (Account *account, gconstpointer data)
{
  guint asked;

  peer_server_stop (account->servers[0]);
  peer_server_stop (account->servers[1]);
  account_begin (account);
  WAIT_FOR (account_saw (account, "ua*disconnected"));
  for (guint i = 0; i < 120; i++) {
    fixture_advance (&account->fixture, 10 * 1000);
    g_usleep (2000);
    fixture_drain ();
  }
  asked = account->resolver->n_asked;
  g_assert_cmpuint (asked, >=, 10);
  g_assert_cmpuint (asked, <=, 60);
  peer_server_listen (account->servers[1]);
  account_pass_until (account, ">REGISTER1", 130);
  account_register_at (account, 1);
}

/* What was known serves while nobody can tell. */
static void
test_names_are_out (Account *account, gconstpointer data)
{
  account_begin (account);
  account_register_at (account, 0);
  account->resolver->fails = TRUE;
  peer_server_hang_up (account->servers[0]);
  WAIT_FOR (account_saw (account, "ua*disconnected"));
  account_pass_until (account, ">REGISTER0", 10);
  account_register_at (account, 0);
  account->resolver->fails = FALSE;
}

/* Likewise where each datagram asks for itself. */
static void
test_names_are_out_for_datagrams (Account *account, gconstpointer data)
{
  account_begin (account);
  account_register_at (account, 0);
  account->resolver->fails = TRUE;
  g_assert_true (sip_ua_register (account->fixture.ua, NULL, NULL));
  account_register_at (account, 0);
  account->resolver->fails = FALSE;
}

/* Nobody has that name: it is told as what it is, whatever way would lead there, and tried again
 * later and later.
 */
static void
test_unknown (Account *account, gconstpointer data)
{
  guint n = 0;

  account->setting.server = data;
  account->resolver->unknown = "nobody.example.local";
  account_begin (account);
  for (guint i = 0; i < 600; i++) {
    fixture_drain ();
    if (account_saw (account, "ua*disconnected"))
      n++;
    g_assert_false (account_saw (account, "ua*registrationFailed"));
    account_forget (account);
    fixture_advance (&account->fixture, 1000);
  }
  g_assert_cmpuint (n, >=, 10);
  g_assert_cmpuint (n, <=, 30);
  g_assert_cmpint (sip_ua_get_status (account->fixture.ua), !=, SIP_UA_STATUS_READY);
  account_forget (account);
}

/* Who answers for a name of the world leads us to this machine: what listens here hears nothing,
 * and the account is told of a name that leads nowhere. @data: what the name leads to, by its
 * number or by another name
 */
static void
test_leads_here (Account *account, gconstpointer data)
{
  const char *protocol = account->setting.protocol;
  g_autofree char *server = g_strdup_printf ("sip:example.org;transport=%s", protocol);

  peer_resolver_add (account->resolver,
                     g_str_equal (protocol, "TCP") ? "_sip._tcp.example.org"
                                                   : "_sip._udp.example.org",
                     data, peer_server_get_port (account->servers[0]), 0);
  account->setting.server = server;
  account_begin (account);
  WAIT_FOR (account_saw (account, "ua*disconnected"));
  fixture_advance (&account->fixture, 10 * 1000);
  g_usleep (1000);
  fixture_drain ();
  g_assert_false (account_saw (account, ">"));
  g_assert_false (account_saw (account, "ua*registrationFailed"));
  account_forget (account);
}

/* Nobody can tell where it is at first. */
static void
test_names_are_late (Account *account, gconstpointer data)
{
  account->resolver->fails = TRUE;
  account_begin (account);
  WAIT_FOR (account_saw (account, "ua*disconnected"));
  account->resolver->fails = FALSE;
  account_pass_until (account, ">REGISTER0", 10);
  account_register_at (account, 0);
}

/* The safest of them does not answer; the others are not asked, also not when somebody takes it out
 * of the names.
 */
static void
test_no_downgrade (Account *account, gconstpointer data)
{
  account->setting.server = "sip:example.local";
  peer_resolver_add (account->resolver, "_sips._tcp.example.local", "s.example.local", 9, 0);
  account_begin (account);
  WAIT_FOR (account_saw (account, "ua*disconnected"));
  for (guint i = 0; i < 180; i++) {
    if (i == 60)
      g_hash_table_remove (account->resolver->services, "_sips._tcp.example.local");
    fixture_advance (&account->fixture, 1000);
    g_usleep (1000);
    fixture_drain ();
  }
  g_assert_cmpuint (peer_server_get_n_connections (account->servers[0]), ==, 0);
  g_assert_cmpuint (peer_server_get_n_connections (account->servers[1]), ==, 0);
  account_forget (account);
}

/* All of them are busy: they are not asked more often than a machine that comes back would be. */
static void
test_all_are_busy (Account *account, gconstpointer data)
{
  account->codes[0] = account->codes[1] = 503;
  account_begin (account);
  WAIT_FOR (account_saw (account, ">REGISTER0"));
  for (guint i = 0; i < 600; i++) {
    fixture_advance (&account->fixture, 1000);
    g_usleep (500);
    fixture_drain ();
  }
  g_assert_cmpuint (account->fixture.sent->len, >=, 20);
  g_assert_cmpuint (account->fixture.sent->len, <=, 60);
  account_forget (account);
}

/* The first of two that take datagrams says nothing for 32 s. */
static void
test_silent_datagrams (Account *account, gconstpointer data)
{
  account->codes[0] = 0;
  account_begin (account);
  WAIT_FOR (account_saw (account, ">REGISTER0"));
  account_forget (account);
  account_pass_until (account, ">REGISTER1", 34);
  account_register_at (account, 1);
}

static const AccountCase cases[] = {
    {"fall-over", test_fall_over, FALSE},
    {"first-is-dead", test_first_is_dead, FALSE},
    {"first-is-dead-datagrams", test_first_is_dead, TRUE},
    {"first-is-busy", test_first_is_busy, FALSE},
    {"first-stays-away", test_first_stays_away, FALSE},
    {"first-stays-away-datagrams", test_first_stays_away, TRUE},
    {"lost-while-asking", test_lost_while_asking, TRUE},
    {"reconnect-while-asking", test_reconnect_while_asking, FALSE},
    {"left-alone", test_left_alone, FALSE},
    {"first-is-silent", test_first_is_silent, FALSE},
    {"broken-version-6", test_broken_version_6, FALSE},
    {"broken-version-6-datagrams", test_broken_version_6, TRUE},
    {"first-hangs", test_first_hangs, FALSE},
    {"all-are-dead", test_all_are_dead, FALSE},
    {"names-are-out", test_names_are_out, FALSE},
    {"names-are-out-for-datagrams", test_names_are_out_for_datagrams, TRUE},
    {"names-are-late", test_names_are_late, FALSE},
    {"no-downgrade", test_no_downgrade, FALSE},
    {"all-are-busy", test_all_are_busy, FALSE},
    {"all-are-busy-datagrams", test_all_are_busy, TRUE},
    {"silent-datagrams", test_silent_datagrams, TRUE},
    {"unknown/tcp", test_unknown, FALSE, "sip:nobody.example.local;transport=tcp"},
    {"unknown/udp", test_unknown, TRUE, "sip:nobody.example.local"},
    {"leads-here/tcp/name", test_leads_here, FALSE, "pbx.example.org"},
    {"leads-here/tcp/local-name", test_leads_here, FALSE, "pbx.example.local"},
    {"leads-here/tcp/number", test_leads_here, FALSE, "127.0.0.1"},
    {"leads-here/udp/name", test_leads_here, TRUE, "pbx.example.org"},
    {"leads-here/udp/local-name", test_leads_here, TRUE, "pbx.example.local"},
    {"leads-here/udp/number", test_leads_here, TRUE, "127.0.0.1"},
};

int
main (int argc, char **argv)
{
  return account_run (argc, argv, "servers", cases, G_N_ELEMENTS (cases));
}
