/* test-account.c - an account finds its server, keeps the way to it and takes another one
 *
 * The servers are sockets that speak plain text, names are what the test says, and the clock stands
 * still but for what moves it.
 */

#include "fixture.h"
#include "peer-resolver.h"
#include "peer-server.h"

#include "sip-ua-private.h"

#include <string.h>

#define N_SERVERS 2

typedef struct {
  Fixture fixture;
  PeerResolver *resolver;
  PeerServer *servers[N_SERVERS];
  guint codes[N_SERVERS]; /* what each answers to a REGISTER; 0 for nothing */
  char *headers;          /* with a 200 */
  const char *more;       /* beside the Contact; NULL for nothing */
  guint loss;             /* percent of answers */
  const char *seen;       /* where requests came from, past a NAT; NULL without one */
  guint registered_at;    /* the last one that was asked */
  FixtureSetting setting;
} Account;

static const char *
map (Account *account, char **response)
{
  g_autoptr (GString) mapped = g_string_new (*response);

  g_assert_cmpuint (g_string_replace (mapped, ";rport", account->seen, 1), ==, 1);
  g_free (*response);
  *response = g_string_free (g_steal_pointer (&mapped), FALSE);
  return *response;
}

static void
on_text (PeerServer *server, const char *text, gpointer user_data)
{
  Account *account = user_data;
  guint i = server == account->servers[0] ? 0 : 1;
  g_auto (GStrv) words = g_strsplit_set (text, " \r", 3);
  g_autofree char *contact = peer_text_header (text, "Contact");
  g_autofree char *headers = NULL, *response = NULL;

  g_string_append_printf (account->fixture.log, "%s>%s%u", account->fixture.log->len > 0 ? " " : "",
                          g_str_equal (words[0], "SIP/2.0") ? words[1] : words[0], i);
  g_ptr_array_add (account->fixture.sent, g_strdup (text));
  if (!g_str_equal (words[0], "REGISTER"))
    return;
  account->registered_at = i;
  if (account->codes[i] == 0 || g_test_rand_int_range (0, 100) < (gint)account->loss)
    return;
  headers = account->codes[i] == 200 && account->headers == NULL
                ? g_strdup_printf ("Contact: %s\r\n%s", contact,
                                   account->more != NULL ? account->more : "")
                : g_strdup (account->headers);
  response = peer_text_response (text, account->codes[i], "server", headers, NULL, NULL);
  peer_server_say (server, account->seen != NULL ? map (account, &response) : response);
}

static void
start (Account *account, const char *protocol, const char *server)
{
  account->resolver = g_object_new (PEER_TYPE_RESOLVER, NULL);
  g_resolver_set_default (G_RESOLVER (account->resolver));
  for (guint i = 0; i < N_SERVERS; i++) {
    account->servers[i] = peer_server_new (protocol, on_text, account);
    account->codes[i] = 200;
    peer_resolver_add (account->resolver, g_str_equal (protocol, "TCP") ? "_sip._tcp" : "_sip._udp",
                       i == 0 ? "a.example.org" : "b.example.org",
                       peer_server_get_port (account->servers[i]), i);
  }
  account->setting.protocol = protocol;
  account->setting.server = server;
}

static void
set_up (Account *account, gconstpointer data)
{
  start (account, "TCP", "sip:example.org;transport=tcp");
}

static void
set_up_datagrams (Account *account, gconstpointer data)
{
  start (account, "UDP", "sip:example.org;transport=udp");
}

static void
tear_down (Account *account, gconstpointer data)
{
  fixture_tear_down (&account->fixture, &account->setting);
  for (guint i = 0; i < N_SERVERS; i++)
    peer_server_free (account->servers[i]);
  g_object_unref (account->resolver);
  g_free (account->headers);
}

static gboolean
saw (Account *account, const char *word)
{
  return fixture_saw (&account->fixture, word);
}

static void
forget (Account *account)
{
  g_string_truncate (account->fixture.log, 0);
}

static void
register_at (Account *account, guint expected)
{
  WAIT_FOR (saw (account, "ua*registered"));
  g_assert_cmpuint (account->registered_at, ==, expected);
  forget (account);
}

static void
begin (Account *account)
{
  fixture_set_up (&account->fixture, &account->setting);
}

/* Lets time pass until something is seen; it has to be within @seconds. */
static gint64
pass_until (Account *account, const char *word, guint seconds)
{
  guint passed = 0;

  while (!saw (account, word)) {
    g_assert_cmpuint (passed, <, seconds * 10);
    fixture_advance (&account->fixture, 100);
    g_usleep (1000); /* what is on its way in real sockets */
    fixture_drain ();
    passed++;
  }
  return passed * 100;
}

/* The best one, until it is gone: then the next, and the best again when it is back. */
static void
test_fall_over (Account *account, gconstpointer data)
{
  begin (account);
  register_at (account, 0);
  peer_server_stop (account->servers[0]);
  peer_server_hang_up (account->servers[0]);
  WAIT_FOR (saw (account, "ua*disconnected"));
  pass_until (account, ">REGISTER1", 4);
  register_at (account, 1);
  peer_server_listen (account->servers[0]);
  fixture_advance (&account->fixture, 590 * 1000);
  g_assert_false (saw (account, ">REGISTER0"));
  forget (account);
  pass_until (account, ">REGISTER0", 11);
  register_at (account, 0);
}

static void
test_first_is_dead (Account *account, gconstpointer data)
{
  peer_server_stop (account->servers[0]);
  begin (account);
  WAIT_FOR (saw (account, "ua*disconnected"));
  pass_until (account, ">REGISTER1", 1);
  register_at (account, 1);
}

static void
test_first_is_busy (Account *account, gconstpointer data)
{
  account->codes[0] = 503;
  begin (account);
  WAIT_FOR (saw (account, "ua*registrationFailed"));
  pass_until (account, ">REGISTER1", 1);
  register_at (account, 1);
}

/* It says for how long it wants to be left alone, and is; and so the other one is, too. */
static void
test_left_alone (Account *account, gconstpointer data)
{
  account->codes[0] = account->codes[1] = 503;
  account->headers = g_strdup ("Retry-After: 90\r\n");
  begin (account);
  pass_until (account, ">REGISTER1", 2);
  forget (account);
  account->codes[0] = account->codes[1] = 200;
  g_clear_pointer (&account->headers, g_free);
  fixture_advance (&account->fixture, 88 * 1000);
  g_assert_false (saw (account, ">REGISTER"));
  pass_until (account, ">REGISTER0", 4);
  register_at (account, 0);
}

/* It takes connections, and nothing comes back. */
static void
test_first_is_silent (Account *account, gconstpointer data)
{
  account->codes[0] = 0;
  begin (account);
  WAIT_FOR (saw (account, ">REGISTER0"));
  fixture_advance (&account->fixture, 31 * 1000);
  g_assert_false (saw (account, "ua*registrationFailed"));
  pass_until (account, ">REGISTER1", 3);
  register_at (account, 1);
}

/* None of them is there: it goes on for good, at most once a minute. */
static void
test_all_are_dead (Account *account, gconstpointer data)
{
  guint asked;

  peer_server_stop (account->servers[0]);
  peer_server_stop (account->servers[1]);
  begin (account);
  WAIT_FOR (saw (account, "ua*disconnected"));
  for (guint i = 0; i < 120; i++) {
    fixture_advance (&account->fixture, 10 * 1000);
    g_usleep (2000);
    fixture_drain ();
  }
  asked = account->resolver->n_asked;
  g_assert_cmpuint (asked, >=, 10);
  g_assert_cmpuint (asked, <=, 60);
  peer_server_listen (account->servers[1]);
  pass_until (account, ">REGISTER1", 130);
  register_at (account, 1);
}

/* What was known serves while nobody can tell. */
static void
test_names_are_out (Account *account, gconstpointer data)
{
  begin (account);
  register_at (account, 0);
  account->resolver->fails = TRUE;
  peer_server_hang_up (account->servers[0]);
  WAIT_FOR (saw (account, "ua*disconnected"));
  pass_until (account, ">REGISTER0", 10);
  register_at (account, 0);
  account->resolver->fails = FALSE;
}

/* Likewise where each datagram asks for itself. */
static void
test_names_are_out_for_datagrams (Account *account, gconstpointer data)
{
  begin (account);
  register_at (account, 0);
  account->resolver->fails = TRUE;
  g_assert_true (sip_ua_register (account->fixture.ua, NULL, NULL));
  register_at (account, 0);
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
  account->resolver->unknown = "nobody.example.org";
  begin (account);
  for (guint i = 0; i < 600; i++) {
    fixture_drain ();
    if (saw (account, "ua*disconnected"))
      n++;
    g_assert_false (saw (account, "ua*registrationFailed"));
    forget (account);
    fixture_advance (&account->fixture, 1000);
  }
  g_assert_cmpuint (n, >=, 10);
  g_assert_cmpuint (n, <=, 30);
  g_assert_cmpint (sip_ua_get_status (account->fixture.ua), !=, SIP_UA_STATUS_READY);
  forget (account);
}

/* Nobody can tell where it is at first. */
static void
test_names_are_late (Account *account, gconstpointer data)
{
  account->resolver->fails = TRUE;
  begin (account);
  WAIT_FOR (saw (account, "ua*disconnected"));
  account->resolver->fails = FALSE;
  pass_until (account, ">REGISTER0", 10);
  register_at (account, 0);
}

/* The safest of them does not answer; the others are not asked, also not when somebody takes it out
 * of the names.
 */
static void
test_no_downgrade (Account *account, gconstpointer data)
{
  account->setting.server = "sip:example.org";
  peer_resolver_add (account->resolver, "_sips._tcp", "s.example.org", 9, 0);
  begin (account);
  WAIT_FOR (saw (account, "ua*disconnected"));
  for (guint i = 0; i < 180; i++) {
    if (i == 60)
      g_hash_table_remove (account->resolver->services, "_sips._tcp.example.org");
    fixture_advance (&account->fixture, 1000);
    g_usleep (1000);
    fixture_drain ();
  }
  g_assert_cmpuint (peer_server_get_n_connections (account->servers[0]), ==, 0);
  g_assert_cmpuint (peer_server_get_n_connections (account->servers[1]), ==, 0);
  forget (account);
}

/* Its pings are answered, until they are not. */
static void
test_ping (Account *account, gconstpointer data)
{
  PeerServer *server = account->servers[0];
  gint64 passed;

  peer_server_set_pongs (server, TRUE);
  begin (account);
  register_at (account, 0);
  for (guint i = 0; i < 3; i++) {
    for (guint n = 0; peer_server_get_n_pings (server) == i; n++) {
      g_assert_cmpuint (n, <, 49);
      fixture_advance (&account->fixture, 1000);
      g_usleep (1000);
      fixture_drain ();
    }
    fixture_drain ();
  }
  fixture_advance (&account->fixture, 11 * 1000);
  fixture_expect (&account->fixture, "");
  peer_server_set_pongs (server, FALSE);
  passed = pass_until (account, "ua*disconnected", 60);
  g_assert_cmpint (passed, >=, 10 * 1000);
  pass_until (account, ">REGISTER0", 1);
  register_at (account, 0);
}

/* A server that never answers pings is no dead one. */
static void
test_no_pong (Account *account, gconstpointer data)
{
  begin (account);
  register_at (account, 0);
  fixture_advance (&account->fixture, 300 * 1000);
  fixture_expect (&account->fixture, "");
  WAIT_FOR (peer_server_get_n_pings (account->servers[0]) >= 5);
}

/* The machine wakes up: all is made anew at once, and the call goes on. */
static void
test_reconnect (Account *account, gconstpointer data)
{
  Fixture *fixture = &account->fixture;
  g_autoptr (SipInviteClientContext) call = NULL;
  g_autofree char *answer = NULL;

  begin (account);
  register_at (account, 0);
  call = sip_ua_invite (fixture->ua, "sip:bob@example.org", NULL, NULL, NULL);
  fixture_watch (fixture, SIP_SESSION (call));
  WAIT_FOR (saw (account, ">INVITE0"));
  answer = peer_text_response (fixture_find_sent (fixture, "INVITE "), 200, "bobtag",
                               "Contact: <sip:bob@192.0.2.7>\r\nAllow: INVITE, UPDATE\r\n",
                               SDP_TYPE, "v=0 ANSWER");
  peer_server_say (account->servers[0], answer);
  WAIT_FOR (saw (account, ">ACK0"));
  forget (account);
  sip_ua_reconnect (fixture->ua);
  g_assert_cmpstr (fixture->log->str, ==, "ua*unregistered ua*disconnected");
  fixture_drain ();
  WAIT_FOR (saw (account, ">UPDATE0"));
  g_assert_true (saw (account, "ua*connected >REGISTER0"));
  g_assert_cmpuint (peer_server_get_n_connections (account->servers[0]), ==, 2);
  g_assert_cmpint (sip_session_get_status (fixture->session), ==, SIP_SESSION_STATUS_CONFIRMED);
  WAIT_FOR (saw (account, "ua*registered"));
  sip_session_bye (fixture->session, NULL, NULL);
  WAIT_FOR (saw (account, ">BYE0"));
  forget (account);
}

/* The registrar says which way requests go, and under which address all the world reaches us, which
 * is used where @data says so.
 */
static void
test_ways (Account *account, gconstpointer data)
{
  Fixture *fixture = &account->fixture;
  g_autoptr (SipInviteClientContext) call = NULL;
  g_autofree char *contact = NULL;
  const char *invite, *request;

  begin (account);
  WAIT_FOR (saw (account, "ua*registered"));
  request = fixture_find_sent (fixture, "REGISTER ");
  contact = peer_text_header (request, "Contact");
  g_assert_nonnull (strstr (contact, ";reg-id=1;+sip.instance=\"<urn:uuid:"));
  g_assert_nonnull (strstr (request, "Supported: outbound, path\r\n"));
  account->headers = g_strdup_printf (
      "Contact: %s;pub-gruu=\"sip:alice@example.org;gr=urn:uuid:1\"\r\n"
      "Service-Route: <sip:edge.example.org;lr>\r\nService-Route: <sip:home.example.org;lr>\r\n",
      contact);
  forget (account);
  g_object_set (fixture->ua, "gruu", GPOINTER_TO_INT (data), NULL);
  sip_ua_register (fixture->ua, NULL, NULL);
  WAIT_FOR (saw (account, "ua*registered"));
  g_assert_cmpint (strstr (fixture_find_sent (fixture, "REGISTER "), "path, gruu\r\n") != NULL, ==,
                   GPOINTER_TO_INT (data));
  forget (account);
  call = sip_ua_invite (fixture->ua, "sip:bob@example.org", NULL, NULL, NULL);
  fixture_watch (fixture, SIP_SESSION (call));
  WAIT_FOR (saw (account, ">INVITE0"));
  invite = fixture_find_sent (fixture, "INVITE ");
  g_assert_nonnull (strstr (invite, "\r\nRoute: <sip:edge.example.org;lr>\r\n"));
  g_assert_nonnull (strstr (invite, "\r\nRoute: <sip:home.example.org;lr>\r\n"));
  g_assert_cmpint (strstr (invite, "\r\nContact: <sip:alice@example.org;gr=urn:uuid:1>\r\n") !=
                       NULL,
                   ==, GPOINTER_TO_INT (data));
  sip_session_terminate (SIP_SESSION (call), NULL, NULL);
  forget (account);
}

/* Past a NAT the server sees us elsewhere: that is what it is told, and what is kept open. */
static void
test_nat (Account *account, gconstpointer data)
{
  Fixture *fixture = &account->fixture;
  g_autofree char *first = NULL, *second = NULL, *third = NULL;

  account->seen = ";received=198.51.100.7;rport=40123";
  begin (account);
  register_at (account, 0);
  g_assert_cmpuint (fixture->sent->len, ==, 2);
  first = peer_text_header (fixture_get_sent (fixture, 1), "Contact");
  second = peer_text_header (fixture_get_sent (fixture, 0), "Contact");
  g_assert_nonnull (strstr (first, "@127.0.0.1:"));
  g_assert_nonnull (strstr (second, "@198.51.100.7:40123>"));
  fixture_advance (fixture, 26 * 1000);
  WAIT_FOR (peer_server_get_n_pings (account->servers[0]) == 1);

  /* A NAT without a memory is not run after. */
  account->seen = ";received=198.51.100.7;rport=40124";
  sip_ua_register (fixture->ua, NULL, NULL);
  register_at (account, 0);
  fixture_drain ();
  third = peer_text_header (fixture_get_sent (fixture, 0), "Contact");
  g_assert_cmpstr (second, ==, third);
}

/* All of them are busy: they are not asked more often than a machine that comes back would be. */
static void
test_all_are_busy (Account *account, gconstpointer data)
{
  account->codes[0] = account->codes[1] = 503;
  begin (account);
  WAIT_FOR (saw (account, ">REGISTER0"));
  for (guint i = 0; i < 600; i++) {
    fixture_advance (&account->fixture, 1000);
    g_usleep (500);
    fixture_drain ();
  }
  g_assert_cmpuint (account->fixture.sent->len, >=, 20);
  g_assert_cmpuint (account->fixture.sent->len, <=, 60);
  forget (account);
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
  begin (account);
  register_at (account, 0);
  for (guint i = 1; i <= 3; i++) {
    fixture_advance (fixture, 20 * 1000);
    WAIT_FOR (peer_server_get_n_pings (server) == i);
    g_usleep (1000);
    fixture_drain ();
  }
  fixture_expect (fixture, "");

  /* The NAT forgot, and gave us another port. */
  peer_server_set_stun (server, "198.51.100.7", 40001);
  passed = pass_until (account, ">REGISTER0", 21);
  g_assert_cmpint (passed, >=, 1000);
  register_at (account, 0);

  peer_server_set_stun (server, NULL, 0);
  pass_until (account, "ua*disconnected", 31);
  pass_until (account, ">REGISTER0", 1);
  peer_server_set_stun (server, "198.51.100.7", 40001);
  register_at (account, 0);
}

/* Where there is no NAT nothing is sent in vain. */
static void
test_no_nat (Account *account, gconstpointer data)
{
  begin (account);
  register_at (account, 0);
  fixture_advance (&account->fixture, 500 * 1000);
  fixture_expect (&account->fixture, "");
  g_assert_cmpuint (peer_server_get_n_pings (account->servers[0]), ==, 0);
}

/* The first of two that take datagrams says nothing for 32 s. */
static void
test_silent_datagrams (Account *account, gconstpointer data)
{
  account->codes[0] = 0;
  begin (account);
  WAIT_FOR (saw (account, ">REGISTER0"));
  forget (account);
  pass_until (account, ">REGISTER1", 34);
  register_at (account, 1);
}

static GSocket *
make_stranger (void)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.2", 0);
  GSocket *socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);

  g_assert_true (g_socket_bind (socket, address, FALSE, NULL));
  g_socket_set_blocking (socket, FALSE);
  return socket;
}

/* @user: whom the stranger wants; empty for nobody */
static void
knock (Account *account, GSocket *socket, const char *method, const char *user, guint number)
{
  g_autofree char *contact = sip_ua_dup_contact_uri (account->fixture.ua);
  guint port = g_ascii_strtoull (strrchr (contact, ':') + 1, NULL, 10);
  g_autoptr (GSocketAddress) to = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  g_autofree char *uri = g_strdup_printf ("sip:%s127.0.0.1:%u", user, port);
  g_autofree char *via =
      g_strdup_printf ("SIP/2.0/UDP 127.0.0.2:5060;branch=z9hG4bK%s%u;rport", method, number);
  g_autofree char *call_id = g_strdup_printf ("%u@stranger", number);
  g_autofree char *text = peer_text_request (
      method, uri, via, "<sip:100@127.0.0.2>;tag=x", "<sip:100@127.0.0.1>", call_id, 1,
      "Contact: <sip:100@127.0.0.2:5060>\r\n", SDP_TYPE, "v=0 OFFER");

  g_assert_cmpint (g_socket_send_to (socket, to, text, strlen (text), NULL, NULL), >, 0);
}

static gboolean
is_answered (GSocket *socket)
{
  return (g_socket_condition_check (socket, G_IO_IN) & G_IO_IN) != 0;
}

/* Who looks for phones on all ports finds none here; who was told by our server where we are does.
 */
static void
test_stranger (Account *account, gconstpointer data)
{
  static const char *const methods[] = {"INVITE", "OPTIONS", "REGISTER", "BYE", "CANCEL"};
  static const char *const users[] = {"", "100@", "admin@", "alice@"};
  Fixture *fixture = &account->fixture;
  g_autoptr (GSocket) socket = make_stranger ();
  g_autofree char *contact = NULL, *user = NULL;

  begin (account);
  register_at (account, 0);
  for (guint i = 0; i < 1000; i++) {
    knock (account, socket, methods[i % G_N_ELEMENTS (methods)], users[i % G_N_ELEMENTS (users)],
           i);
    fixture_drain ();
  }
  fixture_advance (fixture, 33 * 1000);
  fixture_expect (fixture, "");
  g_assert_false (is_answered (socket));
  g_assert_cmpuint (sip_endpoint_get_n_transactions (sip_ua_get_endpoint (fixture->ua)), ==, 0);

  contact = peer_text_header (fixture_find_sent (fixture, "REGISTER "), "Contact");
  user = g_strndup (contact + strlen ("<sip:"), strcspn (contact + strlen ("<sip:"), "@") + 1);
  knock (account, socket, "INVITE", user, 1000);
  WAIT_FOR (saw (account, "ua*invite"));
  WAIT_FOR (is_answered (socket));
  sip_session_terminate (fixture->session, NULL, NULL);
  forget (account);
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (folder != NULL && g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

static guint
count_registers (Account *account)
{
  guint n = 0;

  for (guint i = 0; i < account->fixture.sent->len; i++)
    n += g_str_has_prefix (account->fixture.sent->pdata[i], "REGISTER ");
  return n;
}

/* Lets @seconds pass in small steps, and returns in how many milliseconds of it nobody could call.
 */
static gint64
pass (Account *account, guint seconds)
{
  gint64 out = 0;

  for (gint64 passed = 0; passed < seconds * 1000;) {
    gboolean is_registered = sip_ua_is_registered (account->fixture.ua);
    gint64 step = is_registered ? 5000 : 100;

    fixture_advance (&account->fixture, step);
    if (!is_registered) {
      out += step;
      g_usleep (1000);
      fixture_drain ();
    }
    passed += step;
  }
  return out;
}

/* A day on which a fifth of the datagrams that answer is lost, or the stream breaks each hour, and
 * the best server is away three times.
 */
static void
test_day (Account *account, gconstpointer data)
{
  gint64 out = 0;
  guint descriptors;

  account->loss = g_str_equal (account->setting.protocol, "UDP") ? 20 : 0;
  begin (account);
  pass_until (account, "ua*registered", 60);
  descriptors = count_descriptors ();
  for (guint hour = 0; hour < 24; hour++) {
    if (hour % 8 == 3)
      peer_server_stop (account->servers[0]);
    for (guint i = 0; i < N_SERVERS; i++)
      peer_server_hang_up (account->servers[i]);
    fixture_drain ();
    out += pass (account, 600);
    if (hour % 8 == 3)
      peer_server_listen (account->servers[0]);
    out += pass (account, 3000);
  }
  g_test_message ("nobody could call for %.1f s, %u REGISTER", out / 1000.0,
                  count_registers (account));
  g_assert_cmpint (out, <, 24 * 3600);
  g_assert_cmpuint (count_registers (account), <, 24 * 12);
  g_assert_cmpuint (count_descriptors (), <=, descriptors + 2);
  forget (account);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Account *account, gconstpointer data);
    gboolean is_datagrams;
  } cases[] = {
      {"/account/fall-over", test_fall_over, FALSE},
      {"/account/first-is-dead", test_first_is_dead, FALSE},
      {"/account/first-is-busy", test_first_is_busy, FALSE},
      {"/account/left-alone", test_left_alone, FALSE},
      {"/account/first-is-silent", test_first_is_silent, FALSE},
      {"/account/all-are-dead", test_all_are_dead, FALSE},
      {"/account/names-are-out", test_names_are_out, FALSE},
      {"/account/names-are-out-for-datagrams", test_names_are_out_for_datagrams, TRUE},
      {"/account/names-are-late", test_names_are_late, FALSE},
      {"/account/no-downgrade", test_no_downgrade, FALSE},
      {"/account/ping", test_ping, FALSE},
      {"/account/no-pong", test_no_pong, FALSE},
      {"/account/reconnect", test_reconnect, FALSE},
      {"/account/ways", test_ways, FALSE},
      {"/account/all-are-busy", test_all_are_busy, FALSE},
      {"/account/all-are-busy-datagrams", test_all_are_busy, TRUE},
      {"/account/day", test_day, FALSE},
      {"/account/day-of-datagrams", test_day, TRUE},
      {"/account/stranger", test_stranger, TRUE},
      {"/account/stun", test_stun, TRUE},
      {"/account/nat", test_nat, TRUE},
      {"/account/no-nat", test_no_nat, TRUE},
      {"/account/silent-datagrams", test_silent_datagrams, TRUE},
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Account, NULL, cases[i].is_datagrams ? set_up_datagrams : set_up,
                cases[i].test, tear_down);
  g_test_add ("/account/unknown/tcp", Account, "sip:nobody.example.org;transport=tcp", set_up,
              test_unknown, tear_down);
  g_test_add ("/account/unknown/udp", Account, "sip:nobody.example.org", set_up_datagrams,
              test_unknown, tear_down);
  g_test_add ("/account/gruu", Account, GINT_TO_POINTER (TRUE), set_up, test_ways, tear_down);
  return g_test_run ();
}
