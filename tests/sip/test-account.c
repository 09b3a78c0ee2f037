/* test-account.c - an account lives on: it is told where to send, is found by those who may call
 * and by nobody else, and survives what a day brings
 */

#include "account.h"

#include "sip-ua-private.h"

#include <malloc.h>
#include <string.h>

/* The machine wakes up: all is made anew at once, and the call goes on. */
static void
test_reconnect (Account *account, gconstpointer data)
{
  Fixture *fixture = &account->fixture;
  g_autoptr (SipInviteClientContext) call = NULL;
  g_autofree char *answer = NULL;

  account_begin (account);
  account_register_at (account, 0);
  call = sip_ua_invite (fixture->ua, "sip:bob@example.org", NULL, NULL, NULL);
  fixture_watch (fixture, SIP_SESSION (call));
  WAIT_FOR (account_saw (account, ">INVITE0"));
  answer = peer_text_response (fixture_find_sent (fixture, "INVITE "), 200, "bobtag",
                               "Contact: <sip:bob@192.0.2.7>\r\nAllow: INVITE, UPDATE\r\n",
                               SDP_TYPE, "v=0 ANSWER");
  peer_server_say (account->servers[0], answer);
  WAIT_FOR (account_saw (account, ">ACK0"));
  account_forget (account);
  fixture_advance (fixture, 2000);
  sip_ua_reconnect (fixture->ua);
  g_assert_cmpstr (fixture->log->str, ==, "ua*unregistered ua*disconnected");
  fixture_drain ();
  WAIT_FOR (account_saw (account, ">UPDATE0"));
  g_assert_true (account_saw (account, "ua*connected >REGISTER0"));
  g_assert_cmpuint (peer_server_get_n_connections (account->servers[0]), ==, 2);
  g_assert_cmpint (sip_session_get_status (fixture->session), ==, SIP_SESSION_STATUS_CONFIRMED);
  WAIT_FOR (account_saw (account, "ua*registered"));
  sip_session_bye (fixture->session, NULL, NULL);
  WAIT_FOR (account_saw (account, ">BYE0"));
  account_forget (account);
}

/* A server that is known by its name stays on the way of a call by its number, and asks for the
 * password again there. @data: whether it is that one, else somebody beside it
 */
static void
test_challenged_in_call (Account *account, gconstpointer data)
{
  Fixture *fixture = &account->fixture;
  gboolean is_server = GPOINTER_TO_INT (data);
  PeerServer *asks = account->servers[is_server ? 0 : 1];
  g_autoptr (SipInviteClientContext) call = NULL;
  g_autofree char *contact =
      g_strdup_printf ("Contact: <sip:bob@127.0.0.1:%u>\r\n", peer_server_get_port (asks));
  g_autofree char *answer = NULL, *challenge = NULL;

  account->setting.password = "secret";
  account_begin (account);
  account_register_at (account, 0);
  call = sip_ua_invite (fixture->ua, "sip:bob@example.org", NULL, NULL, NULL);
  fixture_watch (fixture, SIP_SESSION (call));
  WAIT_FOR (account_saw (account, ">INVITE0"));
  answer = peer_text_response (fixture_find_sent (fixture, "INVITE "), 200, "bobtag", contact,
                               SDP_TYPE, "v=0 ANSWER");
  peer_server_say (account->servers[0], answer);
  WAIT_FOR (account_saw (account, is_server ? ">ACK0" : ">ACK1"));
  account_forget (account);
  g_assert_true (sip_session_dtmf (fixture->session, "1", NULL, NULL));
  WAIT_FOR (account_saw (account, is_server ? ">INFO0" : ">INFO1"));
  g_assert_null (strstr (fixture_find_sent (fixture, "INFO "), "Authorization:"));
  account_forget (account);
  challenge = peer_text_response (
      fixture_find_sent (fixture, "INFO "), 401, "bobtag",
      "WWW-Authenticate: Digest realm=\"example.org\", nonce=\"n\", qop=\"auth\"\r\n", NULL, NULL);
  peer_server_say (asks, challenge);
  WAIT_FOR (account_saw (account, is_server ? ">INFO0" : "*dtmfFailed"));
  g_assert_cmpint (strstr (fixture_find_sent (fixture, "INFO "), "Authorization:") != NULL, ==,
                   is_server);
  sip_session_bye (fixture->session, NULL, NULL);
  WAIT_FOR (account_saw (account, is_server ? ">BYE0" : ">BYE1"));
  account_forget (account);
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

  account_begin (account);
  WAIT_FOR (account_saw (account, "ua*registered"));
  request = fixture_find_sent (fixture, "REGISTER ");
  contact = peer_text_header (request, "Contact");
  g_assert_nonnull (strstr (contact, ";reg-id=1;+sip.instance=\"<urn:uuid:"));
  g_assert_nonnull (strstr (request, "Supported: outbound, path\r\n"));
  account->headers = g_strdup_printf (
      "Contact: %s;pub-gruu=\"sip:alice@example.org;gr=urn:uuid:1\"\r\n"
      "Service-Route: <sip:edge.example.org;lr>\r\nService-Route: <sip:home.example.org;lr>\r\n",
      contact);
  account_forget (account);
  g_object_set (fixture->ua, "gruu", GPOINTER_TO_INT (data), NULL);
  sip_ua_register (fixture->ua, NULL, NULL);
  WAIT_FOR (account_saw (account, "ua*registered"));
  g_assert_cmpint (strstr (fixture_find_sent (fixture, "REGISTER "), "path, gruu\r\n") != NULL, ==,
                   GPOINTER_TO_INT (data));
  account_forget (account);
  call = sip_ua_invite (fixture->ua, "sip:bob@example.org", NULL, NULL, NULL);
  fixture_watch (fixture, SIP_SESSION (call));
  WAIT_FOR (account_saw (account, ">INVITE0"));
  invite = fixture_find_sent (fixture, "INVITE ");
  g_assert_nonnull (strstr (invite, "\r\nRoute: <sip:edge.example.org;lr>\r\n"));
  g_assert_nonnull (strstr (invite, "\r\nRoute: <sip:home.example.org;lr>\r\n"));
  g_assert_cmpint (strstr (invite, "\r\nContact: <sip:alice@example.org;gr=urn:uuid:1>\r\n") !=
                       NULL,
                   ==, GPOINTER_TO_INT (data));
  sip_session_terminate (SIP_SESSION (call), NULL, NULL);
  account_forget (account);
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

  account_begin (account);
  account_register_at (account, 0);
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
  WAIT_FOR (account_saw (account, "ua*invite"));
  WAIT_FOR (is_answered (socket));
  sip_session_terminate (fixture->session, NULL, NULL);
  account_forget (account);
}

static guint
count_registers (Account *account)
{
  guint n = 0;

  for (guint i = 0; i < account->fixture.sent->len; i++)
    n += g_str_has_prefix (account->fixture.sent->pdata[i], "REGISTER ");
  return n;
}

static void
lose_server (Account *account)
{
  peer_server_hang_up (account->servers[account->registered_at]);
}

static void
lose_network (Account *account)
{
  sip_ua_reconnect (account->fixture.ua);
}

/* The cable is plugged in again. */
static void
tell_network (void)
{
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", TRUE);
}

/* Registered once, and then nothing gets through any more. Returns the server's address, which the
 * account uses.
 */
static char *
go_unanswered (Account *account)
{
  char *address = g_strdup_printf ("sip:127.0.0.1:%u;transport=udp",
                                   peer_server_get_port (account->servers[0]));

  account->setting.server = address;
  account_begin (account);
  account_register_at (account, 0);
  account->codes[0] = 0;
  fixture_advance (&account->fixture, 565 * 1000);
  account_pass_until (account, "ua*unregistered", 40);
  return address;
}

/* Nothing got through for a while; then it is registered as soon as there is a network, unless the
 * server itself asked to be left alone.
 */
static void
test_network_back (Account *account, gconstpointer data)
{
  g_autofree char *address = go_unanswered (account);

  account->codes[0] = 200;
  account_forget (account);
  fixture_advance (&account->fixture, 20 * 1000);
  fixture_expect (&account->fixture, "");
  tell_network ();
  account_pass_until (account, "ua*registered", 2);

  account->codes[0] = 503;
  account->headers = g_strdup ("Retry-After: 90\r\n");
  fixture_advance (&account->fixture, 565 * 1000);
  account_pass_until (account, "ua*unregistered", 40);
  account_forget (account);
  fixture_advance (&account->fixture, 10 * 1000);
  tell_network ();
  fixture_advance (&account->fixture, 70 * 1000);
  fixture_expect (&account->fixture, "");
  account->codes[0] = 200;
  g_clear_pointer (&account->headers, g_free);
  account_pass_until (account, "ua*registered", 15);
  account_forget (account);
}

/* It never settles, and is looked at all the same. */
static void
test_network_restless (Account *account, gconstpointer data)
{
  g_autofree char *address = go_unanswered (account);

  account_forget (account);
  for (guint i = 0; i < 10; i++) {
    tell_network ();
    fixture_advance (&account->fixture, 500);
    if (i < 9)
      fixture_expect (&account->fixture, "");
  }
  WAIT_FOR (account_saw (account, ">REGISTER0"));
  account->codes[0] = 200;
  account_pass_until (account, "ua*registered", 2);
  account_forget (account);
}

/* The machine slept for an hour, and all that was due in it is due at once: it registers anew, and
 * that is all.
 */
static void
test_slept (Account *account, gconstpointer data)
{
  Fixture *fixture = &account->fixture;

  account_begin (account);
  account_register_at (account, 0);
  fixture_jump (fixture, 3600 * 1000);
  account_forget (account);
  g_ptr_array_set_size (fixture->sent, 0);
  sip_ua_reconnect (fixture->ua);
  account_pass_until (account, "ua*registered", 5);
  fixture_advance (fixture, 20 * 1000);
  fixture_drain ();
  g_assert_cmpuint (fixture->sent->len, ==, 1);
  g_assert_cmpuint (peer_server_get_n_pings (account->servers[0]), <=, 1);
  account_forget (account);
}

/* Something breaks as soon as there is an answer; how many seconds there are from one REGISTER to
 * the next at the least, and how many of them seventy seconds see at the most.
 */
typedef struct {
  guint code;
  void (*lose) (Account *account);
  guint seconds;
  guint most;
} Flap;

static void
test_flapping (Account *account, gconstpointer data)
{
  const Flap *flap = data;
  guint n = 0, last = 0;

  account->codes[0] = account->codes[1] = flap->code;
  account_begin (account);
  for (guint now = 1; now <= 350; now++) {
    fixture_advance (&account->fixture, 200);
    g_usleep (1000);
    fixture_drain ();
    if (count_registers (account) > n) {
      g_assert_cmpuint (count_registers (account), ==, n + 1);
      g_assert_true (n == 0 || now - last + 1 >= flap->seconds * 5);
      n++;
      last = now;
      if (now < 325)
        flap->lose (account);
    }
  }
  g_assert_cmpuint (n, >=, 3);
  g_assert_cmpuint (n, <=, flap->most);
  account_forget (account);
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
 * the best server is away three times. From the first hour on it takes nothing more.
 */
static void
test_day (Account *account, gconstpointer data)
{
  gint64 out = 0;
  guint descriptors, n_registers = 0;
  gsize bytes = 0;

  account->loss = g_str_equal (account->setting.protocol, "UDP") ? 20 : 0;
  account_begin (account);
  account_pass_until (account, "ua*registered", 60);
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
    n_registers += count_registers (account);
    g_ptr_array_set_size (account->fixture.sent, 0);
    account_forget (account);
    if (hour == 0)
      bytes = mallinfo2 ().uordblks;
  }
  g_test_message ("nobody could call for %.1f s, %u REGISTER, %zd bytes more", out / 1000.0,
                  n_registers, (gssize)(mallinfo2 ().uordblks - bytes));
  g_assert_cmpint (out, <, 24 * 3600);
  g_assert_cmpuint (n_registers, <, 24 * 12);
  g_assert_cmpuint (count_descriptors (), <=, descriptors + 2);
  g_assert_cmpuint (mallinfo2 ().uordblks, <, bytes + 64 * 1024);
}

static const AccountCase cases[] = {
    {"reconnect", test_reconnect, FALSE},
    {"challenged-in-call/server", test_challenged_in_call, TRUE, GINT_TO_POINTER (TRUE)},
    {"challenged-in-call/other", test_challenged_in_call, TRUE, GINT_TO_POINTER (FALSE)},
    {"network-back", test_network_back, TRUE},
    {"network-restless", test_network_restless, TRUE},
    {"slept", test_slept, FALSE},
    {"slept-datagrams", test_slept, TRUE},
    {"ways", test_ways, FALSE},
    {"stranger", test_stranger, TRUE},
    {"day", test_day, FALSE},
    {"day-of-datagrams", test_day, TRUE},
    {"gruu", test_ways, FALSE, GINT_TO_POINTER (TRUE)},
    {"flapping/server", test_flapping, FALSE, &(Flap){200, lose_server, 2, 8}},
    {"flapping/network", test_flapping, FALSE, &(Flap){200, lose_network, 2, 36}},
    {"flapping/refusing-server", test_flapping, FALSE, &(Flap){403, lose_server, 30, 3}},
    {"flapping/network-of-refusal", test_flapping, FALSE, &(Flap){403, lose_network, 30, 3}},
};

int
main (int argc, char **argv)
{
  return account_run (argc, argv, "account", cases, G_N_ELEMENTS (cases));
}
