/* test-agent.c - a user agent: what people type, its configuration, its timers */

#include "fixture.h"

#include "sip-digest-private.h"
#include "sip-error.h"
#include "sip-timers-private.h"

#include <string.h>

/* What people type, and what is called. */
static const struct {
  const char *text;
  const char *target;
} targets[] = {
    {"bob", "sip:bob@example.org"},
    {"sip:bob", "sip:bob@example.org"},
    {"bob@x.y", "sip:bob@x.y"},
    {"sip:bob@x.y:5070;transport=tls", "sip:bob@x.y:5070;transport=tls"},
    {"sips:bob@x.y", "sips:bob@x.y"},
    {"100", "sip:100@example.org"},
    {"(030) 12 34-56", "sip:030123456@example.org"},
    {"tel:+1-2", "sip:+12@example.org"},
    {"tel:+49-30;ext=5", "sip:+4930@example.org"},
    {"callto:bob@x.y", "sip:bob@x.y"},
    {"\"Bob\" <sip:bob@x.y>", "sip:bob@x.y"},
    {"<sip:bob@x.y>", "sip:bob@x.y"},
    {"  bob@x.y ", "sip:bob@x.y"},
    {"sip:bob@x.y?Replaces=1", "sip:bob@x.y"},
    {"sip:bob@x.y;method=REFER", "sip:bob@x.y"},
    {"*98#", "sip:*98%23@example.org"},
    {"sip:bob@127.0.0.1", "sip:bob@127.0.0.1"},
    {"sip:bob@[::1]:5061", "sip:bob@[::1]:5061"},
    {"müller@x.y", "sip:m%C3%BCller@x.y"},
    {"", NULL},
    {NULL, NULL},
    {"two words", NULL},
    {"bob@", NULL},
    {"@x.y", NULL},
    {"bob@x.y\r\nVia: z", NULL},
    {"sip:bob@x.y;transport=pigeon", NULL},
    {"bob@x y", NULL},
    {"sip:bob%00@x.y", NULL},
    {"bob@x.y:99999", NULL},
};

static void
test_targets (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *target = sip_ua_normalize_target (fixture->ua, targets[i].text, &error);

    g_assert_cmpstr (target, ==, targets[i].target);
    if (target == NULL) {
      g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT);
      g_clear_error (&error);
      g_assert_null (sip_ua_invite (fixture->ua, targets[i].text, NULL, NULL, &error));
      g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT);
    }
  }
  fixture_expect (fixture, "");
}

/* What a user agent cannot be started with. */
static const struct {
  const char *uri;
  const char *server;
  const char *local_address;
} bad_settings[] = {
    {NULL, NULL, NULL},
    {"alice", NULL, NULL},
    {"sip:example.org", NULL, NULL},
    {"sip:a@b", "pigeon:c", NULL},
    {"sip:a@b", "sip:c:99999", NULL},
    {"sip:a@b", "ws://example.org", NULL},
    {"sip:a@b", NULL, "nonsense:port"},
};

static void
test_configuration (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad_settings); i++) {
    g_autoptr (GError) error = NULL;
    SipUA *ua =
        g_object_new (SIP_TYPE_UA, "uri", bad_settings[i].uri, "server", bad_settings[i].server,
                      "local-address", bad_settings[i].local_address, NULL);

    g_assert_false (sip_ua_start (ua, &error));
    g_assert_error (error, SIP_ERROR, SIP_ERROR_CONFIGURATION);
    g_assert_finalize_object (ua);
  }
}

static void
test_port_in_use (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *contact = NULL;
  const char *address;
  SipUA *first = g_object_new (SIP_TYPE_UA, "uri", "sip:a@127.0.0.1", "local-address",
                               "127.0.0.1:0", "auto-register", FALSE, NULL);
  SipUA *second;

  g_assert_true (sip_ua_start (first, &error));
  contact = sip_ua_dup_contact_uri (first);
  address = strchr (contact, '@') + 1;
  second = g_object_new (SIP_TYPE_UA, "uri", "sip:b@127.0.0.1", "local-address", address,
                         "auto-register", FALSE, NULL);
  g_assert_false (sip_ua_start (second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_assert_nonnull (strstr (error->message, address));
  g_assert_finalize_object (second);
  sip_ua_stop_async (first, NULL, NULL);
  fixture_drain ();
  g_assert_finalize_object (first);
}

/* The server is the way, whatever the address says. */
static void
test_registers_at_its_server (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) server =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, &error);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autofree char *uri = NULL;
  char buffer[65536] = "";
  SipUA *ua;

  g_assert_true (g_socket_bind (server, any, FALSE, &error));
  bound = g_socket_get_local_address (server, &error);
  uri = g_strdup_printf ("sip:127.0.0.1:%u;transport=udp",
                         g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  ua = g_object_new (SIP_TYPE_UA, "uri", "sip:alice@example.org", "server", uri, "local-address",
                     "127.0.0.1:0", NULL);
  g_assert_true (sip_ua_start (ua, &error));
  fixture_drain ();
  g_assert_true (
      g_socket_condition_timed_wait (server, G_IO_IN, 60 * G_USEC_PER_SEC, NULL, &error));
  g_assert_cmpint (g_socket_receive (server, buffer, sizeof buffer - 1, NULL, &error), >, 0);
  g_assert_true (g_str_has_prefix (buffer, "REGISTER sip:example.org SIP/2.0\r\n"));
  sip_ua_stop_async (ua, NULL, NULL);
  fixture_drain ();
  g_assert_finalize_object (ua);
}

static void
test_digest (void)
{
  /* the examples of RFC 2617 3.5 and RFC 7616 3.9.1, and one computed with Python */
  g_autofree char *old = sip_digest_compute (
      NULL, "Mufasa", "testrealm@host.com", "Circle Of Life", "GET", "/dir/index.html",
      "dcd98b7102dd2f0e8b11d0f600bfb0c093", 1, "0a4f113b", "auth");
  g_autofree char *sha =
      sip_digest_compute ("SHA-256", "Mufasa", "http-auth@example.org", "Circle of Life", "GET",
                          "/dir/index.html", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", 1,
                          "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "auth");

  g_autofree char *longer = sip_digest_compute (
      "SHA-512-256", "488869477bf257147b804c45308cd62ac4e25eb717b12b298c79e62dcea254ec",
      "api@example.org", "Secret, or not?", "GET", "/doe.json",
      "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", 1, "NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm",
      "auth");

  g_assert_cmpstr (old, ==, "6629fae49393a05397450978507c4ef1");
  g_assert_cmpstr (sha, ==, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
  g_assert_cmpstr (longer, ==, "1e93b48f54eb7cd2388e9a717358cfc103ddc54abcbd54758163f9cb912107d7");
}

static void
count (gpointer user_data)
{
  ++*(guint *)user_data;
}

static void
test_timers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipTimers) timers = sip_timers_new ();
  guint n = 0, first, second;

  g_assert_cmpint (sip_timers_get_next (timers), ==, -1);
  first = sip_timers_add (timers, 100, count, &n);
  second = sip_timers_add (timers, 50, count, &n);
  g_assert_cmpint (sip_timers_get_next (timers), ==, sip_timers_now () + 50);
  sip_timers_clear (timers, &second);
  g_assert_cmpuint (second, ==, 0);
  fixture_advance (fixture, 99);
  g_assert_cmpuint (n, ==, 0);
  fixture_advance (fixture, 1);
  g_assert_cmpuint (n, ==, 1);
  sip_timers_clear (timers, &first);
  g_assert_cmpint (sip_timers_get_next (timers), ==, -1);
}

static const struct {
  const char *path;
  void (*test) (Fixture *fixture, gconstpointer data);
} cases[] = {
    {"targets", test_targets},
    {"timers", test_timers},
};

/* Of addresses that people type only those of the two forms are used, and what is sent there is
 * what was typed.
 */
static void
test_media_servers (void)
{
  static const struct {
    const char *stun;
    const char *turn;
    gboolean relay_only;
    const char *made; /* of the relay; NULL where they are refused */
  } rows[] = {
      {"stun:stun.example.org", NULL, FALSE, ""},
      {"stun:192.0.2.1:3479", NULL, FALSE, ""},
      {NULL, "turn:relay.example.org", FALSE,
       "turn://a:s%2F%40@relay.example.org:3478?transport=udp"},
      {NULL, "turn:relay.example.org:99?transport=tcp", TRUE,
       "turn://a:s%2F%40@relay.example.org:99?transport=tcp"},
      {NULL, "turn:[2001:db8::1]:99", TRUE, "turn://a:s%2F%40@[2001:db8::1]:99?transport=udp"},
      {NULL, NULL, TRUE, NULL},
      {"stun.example.org", NULL, FALSE, NULL},
      {"stun:", NULL, FALSE, NULL},
      {"stun:a b", NULL, FALSE, NULL},
      {"stun:a?transport=udp", NULL, FALSE, NULL},
      {NULL, "turns:relay.example.org", FALSE, NULL},
      {NULL, "turn:x@relay.example.org", FALSE, NULL},
      {NULL, "turn:relay.example.org?transport=carrier-pigeon", FALSE, NULL},
      {NULL, "turn://relay.example.org", FALSE, NULL},
      {NULL, "http://relay.example.org", FALSE, NULL},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (SipMediaServers) servers =
        g_object_new (SIP_TYPE_MEDIA_SERVERS, "stun", rows[i].stun, "turn", rows[i].turn, "user",
                      "a", "password", "s/@", "relay-only", rows[i].relay_only, NULL);
    g_autoptr (SipUA) ua = g_object_new (SIP_TYPE_UA, "uri", "sip:alice@example.org",
                                         "auto-register", FALSE, "media-servers", servers, NULL);
    g_autofree char *made = sip_media_servers_dup_turn (servers);
    g_autoptr (GError) error = NULL;

    g_assert_cmpint (sip_media_servers_check (servers, NULL), ==, rows[i].made != NULL);
    if (rows[i].made == NULL) {
      g_assert_false (sip_ua_start (ua, &error));
      g_assert_error (error, SIP_ERROR, SIP_ERROR_CONFIGURATION);
    } else {
      g_assert_cmpstr (made != NULL ? made : "", ==, rows[i].made);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/agent/", cases[i].path, NULL);

    g_test_add (path, Fixture, NULL, fixture_set_up, cases[i].test, fixture_tear_down);
  }
  g_test_add_func ("/agent/configuration", test_configuration);
  g_test_add_func ("/agent/port-in-use", test_port_in_use);
  g_test_add_func ("/agent/registers-at-its-server", test_registers_at_its_server);
  g_test_add_func ("/agent/digest", test_digest);
  g_test_add_func ("/agent/media-servers", test_media_servers);
  return g_test_run ();
}
