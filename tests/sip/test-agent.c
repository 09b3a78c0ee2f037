/* test-agent.c - a user agent: registration, tones, targets, its configuration */

#include "fixture.h"

#include "sip-digest-private.h"
#include "sip-error.h"
#include "sip-timers-private.h"

#include <string.h>

static const FixtureSetting with_password = {"UDP", "secret"};

static void
grant (Fixture *fixture, guint code, const char *headers)
{
  const char *request = fixture_find_sent (fixture, "REGISTER ");
  g_autofree char *text = peer_text_response (request, code, "registrar", headers, NULL, NULL);

  fixture_receive (fixture, text);
}

/* The Contact of the last REGISTER, given @expires seconds. */
static void
grant_seconds (Fixture *fixture, guint expires)
{
  g_autofree char *contact = peer_text_header (fixture_find_sent (fixture, "REGISTER "), "Contact");
  g_autofree char *headers = NULL;

  *strchr (contact, '>') = '\0';
  headers = g_strdup_printf ("Contact: %s>;expires=%u\r\n", contact, expires);
  grant (fixture, 200, headers);
}

static void
start_registration (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sip_ua_register (fixture->ua, NULL, &error));
  g_assert_no_error (error);
  fixture_expect (fixture, ">REGISTER");
}

static void
end_registration (Fixture *fixture)
{
  sip_ua_stop_async (fixture->ua, NULL, NULL);
  fixture_expect (fixture, ">REGISTER");
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), ";expires=0\r\n"));
  grant (fixture, 200, NULL);
  fixture_expect (fixture, "ua*unregistered ua*stopped");
}

static void
test_registered (Fixture *fixture, gconstpointer data)
{
  const char *request;

  start_registration (fixture);
  request = fixture_get_sent (fixture, 0);
  g_assert_true (g_str_has_prefix (request, "REGISTER sip:example.org SIP/2.0\r\n"));
  g_assert_nonnull (strstr (request, "\r\nTo: <sip:alice@example.org>\r\n"));
  g_assert_nonnull (strstr (request, ";expires=600\r\n"));
  g_assert_false (sip_ua_is_registered (fixture->ua));
  grant_seconds (fixture, 600);
  fixture_expect (fixture, "ua*registered");
  g_assert_true (sip_ua_is_registered (fixture->ua));
  end_registration (fixture);
  g_assert_false (sip_ua_is_registered (fixture->ua));
}

/* What is granted, and when it is asked for again: before it ends, and never in a storm. */
static const struct {
  guint granted;
  guint quiet;
  guint asked;
} refreshes[] = {{600, 569, 571}, {100, 89, 91}, {2, 0, 2}, {3600, 569, 571}};

static void
test_refreshed (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refreshes); i++) {
    start_registration (fixture);
    grant_seconds (fixture, refreshes[i].granted);
    fixture_expect (fixture, "ua*registered");
    fixture_advance (fixture, refreshes[i].quiet * 1000);
    fixture_expect (fixture, "");
    fixture_advance (fixture, (refreshes[i].asked - refreshes[i].quiet) * 1000 - 500);
    g_assert_true (g_str_has_prefix (fixture->log->str, ">REGISTER"));
    g_string_set_size (fixture->log, 0);
    grant_seconds (fixture, 600);
    fixture_expect (fixture, "ua*registered");
  }
  end_registration (fixture);
}

static void
test_challenged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = NULL, *second = NULL;

  start_registration (fixture);
  first = peer_text_header (fixture_get_sent (fixture, 0), "Call-ID");
  grant (fixture, 401,
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth\"\r\n"
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256, qop=\"auth\"\r\n");
  fixture_expect (fixture, ">REGISTER");
  second = peer_text_header (fixture_get_sent (fixture, 0), "Call-ID");
  g_assert_cmpstr (first, ==, second);
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), "algorithm=SHA-256"));
  grant_seconds (fixture, 600);
  fixture_expect (fixture, "ua*registered");
  end_registration (fixture);
}

/* What is used of what is offered. */
static const struct {
  const char *challenges[3]; /* of one response */
  const char *used;          /* algorithm, NULL where nothing is answered */
} strengths[] = {
    {{"realm=\"r\", nonce=\"n\", algorithm=X-ROT13"}, NULL},
    {{"realm=\"r\", nonce=\"n\", qop=\"auth-int\""}, NULL},
    {{"realm=\"r\""}, NULL},
    {{"nonce=\"n\""}, NULL},
    {{"realm=\"r\", nonce=\"n\""}, ""},
    {{"realm=\"r\", nonce=\"n\", algorithm=MD5"}, "MD5"},
    {{"realm=\"r\", nonce=\"n\", algorithm=SHA-256"}, "SHA-256"},
    {{"realm=\"r\", nonce=\"n\", algorithm=SHA-512-256"}, "SHA-512-256"},
    {{"realm=\"r\", nonce=\"n\", algorithm=MD5", "realm=\"r\", nonce=\"n\", algorithm=SHA-256"},
     "SHA-256"},
    {{"realm=\"r\", nonce=\"n\", algorithm=SHA-256", "realm=\"r\", nonce=\"n\", algorithm=MD5"},
     "SHA-256"},
    {{"realm=\"r\", nonce=\"n\", algorithm=X-ROT13",
      "realm=\"r\", nonce=\"n\", algorithm=SHA-512-256",
      "realm=\"r\", nonce=\"n\", algorithm=SHA-256"},
     "SHA-512-256"},
};

static void
test_strengths (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (strengths); i++) {
    g_autoptr (GString) headers = g_string_new (NULL);
    g_autofree char *expected = NULL;

    for (gsize j = 0; j < 3 && strengths[i].challenges[j] != NULL; j++)
      g_string_append_printf (headers, "WWW-Authenticate: Digest %s\r\n",
                              strengths[i].challenges[j]);
    g_object_set (fixture->ua, "password", "secret", NULL);
    start_registration (fixture);
    grant (fixture, 401, headers->str);
    if (strengths[i].used == NULL) {
      fixture_expect (fixture, "ua*registrationFailed");
      continue;
    }
    fixture_expect (fixture, ">REGISTER");
    expected = peer_text_header (fixture_get_sent (fixture, 0), "Authorization");
    g_assert_nonnull (strstr (expected, "realm=\"r\""));
    if (*strengths[i].used == '\0')
      g_assert_null (strstr (expected, "algorithm="));
    else
      g_assert_true (g_str_has_suffix (expected, strengths[i].used));
    grant_seconds (fixture, 600);
    fixture_expect (fixture, "ua*registered");
  }
  end_registration (fixture);
}

/* Whoever asked for more than MD5 once does not get it. */
static void
test_downgrade (Fixture *fixture, gconstpointer data)
{
  start_registration (fixture);
  grant (fixture, 401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256\r\n");
  fixture_expect (fixture, ">REGISTER");
  grant_seconds (fixture, 600);
  fixture_expect (fixture, "ua*registered");
  fixture_advance (fixture, 570 * 1000 + 100);
  fixture_expect (fixture, ">REGISTER");
  grant (fixture, 401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"m\", algorithm=MD5\r\n");
  fixture_expect (fixture, "ua*registrationFailed ua*unregistered");
}

static char *
find_parameter (const char *header, const char *name)
{
  const char *start = strstr (header, name);

  g_assert_nonnull (start);
  start += strlen (name);
  return g_strndup (start, strcspn (start, ","));
}

/* What was asked for is proved from then on without being asked, each time as another one. */
static void
test_preemptive (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = NULL, *second = NULL, *first_nonce = NULL, *second_nonce = NULL;

  start_registration (fixture);
  grant (fixture, 401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n");
  fixture_expect (fixture, ">REGISTER");
  first = peer_text_header (fixture_get_sent (fixture, 0), "Authorization");
  g_assert_nonnull (strstr (first, "nc=00000001"));
  grant_seconds (fixture, 600);
  fixture_expect (fixture, "ua*registered");
  fixture_advance (fixture, 570 * 1000 + 100);
  fixture_expect (fixture, ">REGISTER");
  second = peer_text_header (fixture_get_sent (fixture, 0), "Authorization");
  g_assert_nonnull (strstr (second, "nc=00000002"));
  first_nonce = find_parameter (first, "cnonce=");
  second_nonce = find_parameter (second, "cnonce=");
  g_assert_cmpstr (first_nonce, !=, second_nonce);
  g_assert_cmpuint (strlen (first_nonce), >=, 2 + 32);

  /* The server has another nonce meanwhile: that is no wrong password. */
  grant (fixture, 401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"m\", qop=\"auth\"\r\n");
  fixture_expect (fixture, ">REGISTER");
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), "nonce=\"m\""));
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), "nc=00000001"));
  grant_seconds (fixture, 600);
  fixture_expect (fixture, "ua*registered");
  end_registration (fixture);
}

/* A callee behind our proxy asks for a password: its realm is none of ours. */
static void
test_foreign_realm (Fixture *fixture, gconstpointer data)
{
  start_registration (fixture);
  grant (fixture, 401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n");
  fixture_expect (fixture, ">REGISTER");
  grant_seconds (fixture, 600);
  fixture_expect (fixture, "ua*registered");
  fixture_call (fixture, NULL);
  fixture_expect (fixture, "*SessionDescriptionHandler-created sdh.get >INVITE ua*inviteSent");
  g_assert_null (strstr (fixture_get_sent (fixture, 0), "uthorization:"));
  fixture_answer_with (fixture, fixture_find_sent (fixture, "INVITE "), 401, "x",
                       "WWW-Authenticate: Digest realm=\"evil\", nonce=\"n\"\r\n", NULL);
  fixture_expect (fixture, ">ACK *rejected *failed sdh.close *terminated");
}

static void
test_wrong_password (Fixture *fixture, gconstpointer data)
{
  const char *challenge = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n";

  start_registration (fixture);
  grant (fixture, 401, challenge);
  fixture_expect (fixture, ">REGISTER");
  grant (fixture, 401, challenge);
  fixture_expect (fixture, "ua*registrationFailed");
  g_assert_cmpstr (fixture->last_words, ==, "Authentication Error");
  fixture_advance (fixture, 3600 * 1000);
  fixture_expect (fixture, "");
}

static void
test_stale (Fixture *fixture, gconstpointer data)
{
  start_registration (fixture);
  grant (fixture, 401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n");
  fixture_expect (fixture, ">REGISTER");
  grant (fixture, 401,
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"m\", qop=\"auth\", stale=true\r\n");
  fixture_expect (fixture, ">REGISTER");
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), "nonce=\"m\""));
  grant_seconds (fixture, 600);
  fixture_expect (fixture, "ua*registered");
  end_registration (fixture);
}

static void
test_foreign_challenge (Fixture *fixture, gconstpointer data)
{
  /* A peer that is reached past our server gets no answer made of our password. */
  g_autofree char *answer = NULL;

  fixture_connected_call (fixture);
  g_assert_true (sip_session_dtmf (fixture->session, "1", NULL, NULL));
  fixture_expect (fixture, ">INFO *dtmf");
  answer = peer_text_response (
      fixture_find_sent (fixture, "INFO "), 401, NULL,
      "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n", NULL, NULL);
  fixture_receive (fixture, answer);
  fixture_expect (fixture, "*dtmfFailed");
}

static void
test_interval_too_brief (Fixture *fixture, gconstpointer data)
{
  start_registration (fixture);
  grant (fixture, 423, "Min-Expires: 1800\r\n");
  fixture_expect (fixture, ">REGISTER");
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), ";expires=1800\r\n"));
  grant_seconds (fixture, 1800);
  fixture_expect (fixture, "ua*registered");
  end_registration (fixture);
}

static void
test_server_busy (Fixture *fixture, gconstpointer data)
{
  start_registration (fixture);
  grant (fixture, 503, "Retry-After: 100\r\n");
  fixture_expect (fixture, "ua*registrationFailed");
  fixture_advance (fixture, 99000);
  fixture_expect (fixture, "");
  fixture_advance (fixture, 4500);
  g_assert_true (g_str_has_prefix (fixture->log->str, ">REGISTER"));
  g_string_set_size (fixture->log, 0);
  grant_seconds (fixture, 600);
  fixture_expect (fixture, "ua*registered");
  end_registration (fixture);
}

static void
test_no_registrar (Fixture *fixture, gconstpointer data)
{
  start_registration (fixture);
  fixture_advance (fixture, 31900);
  g_assert_null (strstr (fixture->log->str, "ua*"));
  fixture_advance (fixture, 200);
  g_assert_true (g_str_has_suffix (fixture->log->str, " ua*registrationFailed"));
  g_string_set_size (fixture->log, 0);
  fixture_advance (fixture, 29000);
  fixture_expect (fixture, "");
}

static void
test_refresh_refused (Fixture *fixture, gconstpointer data)
{
  start_registration (fixture);
  grant_seconds (fixture, 600);
  fixture_expect (fixture, "ua*registered");
  fixture_advance (fixture, 570100);
  fixture_expect (fixture, ">REGISTER");
  grant (fixture, 403, NULL);
  fixture_expect (fixture, "ua*registrationFailed ua*unregistered");
  g_assert_false (sip_ua_is_registered (fixture->ua));
}

static void
test_not_our_binding (Fixture *fixture, gconstpointer data)
{
  start_registration (fixture);
  grant (fixture, 200, "Contact: <sip:somebody@192.0.2.77>;expires=600\r\n");
  fixture_expect (fixture, "ua*registrationFailed");
  g_assert_false (sip_ua_is_registered (fixture->ua));
  fixture_advance (fixture, 30100);
  g_assert_true (g_str_has_prefix (fixture->log->str, ">REGISTER"));
  g_string_set_size (fixture->log, 0);
  grant_seconds (fixture, 600);
  fixture_expect (fixture, "ua*registered");
  end_registration (fixture);
}

static void
test_unregister (Fixture *fixture, gconstpointer data)
{
  start_registration (fixture);
  grant_seconds (fixture, 600);
  fixture_expect (fixture, "ua*registered");
  g_assert_true (sip_ua_unregister (fixture->ua, NULL, NULL));
  fixture_expect (fixture, ">REGISTER");
  grant (fixture, 200, NULL);
  fixture_expect (fixture, "ua*unregistered");
  fixture_advance (fixture, 3600 * 1000);
  fixture_expect (fixture, "");
}

static void
answer_info (Fixture *fixture, guint code)
{
  g_autofree char *text =
      peer_text_response (fixture_find_sent (fixture, "INFO "), code, NULL, NULL, NULL, NULL);

  fixture_receive (fixture, text);
}

static void
test_tones (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipOptions) options =
      g_object_new (SIP_TYPE_OPTIONS, "duration", 20, "inter-tone-gap", 10, NULL);

  fixture_connected_call (fixture);
  g_assert_true (sip_session_dtmf (fixture->session, "1#", NULL, NULL));
  fixture_expect (fixture, ">INFO *dtmf");
  g_assert_nonnull (
      strstr (fixture_get_sent (fixture, 0), "\r\nContent-Type: application/dtmf-relay\r\n"));
  g_assert_true (
      g_str_has_suffix (fixture_get_sent (fixture, 0), "\r\n\r\nSignal= 1\r\nDuration= 100"));
  answer_info (fixture, 200);
  fixture_advance (fixture, 599);
  fixture_expect (fixture, "");
  fixture_advance (fixture, 1);
  fixture_expect (fixture, ">INFO *dtmf");
  answer_info (fixture, 200);
  fixture_advance (fixture, 700);

  /* too short is made long enough, and a comma is two seconds of silence */
  g_assert_true (sip_session_dtmf (fixture->session, "a,2", options, NULL));
  fixture_expect (fixture, ">INFO *dtmf");
  g_assert_true (g_str_has_suffix (fixture_get_sent (fixture, 0), "Signal= A\r\nDuration= 70"));
  answer_info (fixture, 200);
  fixture_advance (fixture, 120 + 1999);
  fixture_expect (fixture, "");
  fixture_advance (fixture, 1);
  fixture_expect (fixture, ">INFO *dtmf");
  answer_info (fixture, 200);
}

static void
test_tones_keep_their_gap (Fixture *fixture, gconstpointer data)
{
  fixture_connected_call (fixture);
  g_assert_true (sip_session_dtmf (fixture->session, "1", NULL, NULL));
  fixture_expect (fixture, ">INFO *dtmf");
  answer_info (fixture, 200);
  g_assert_true (sip_session_dtmf (fixture->session, "2", NULL, NULL));
  fixture_expect (fixture, "");
  fixture_advance (fixture, 600);
  fixture_expect (fixture, ">INFO *dtmf");
  answer_info (fixture, 200);
}

static void
test_tones_refused (Fixture *fixture, gconstpointer data)
{
  fixture_connected_call (fixture);
  g_assert_true (sip_session_dtmf (fixture->session, "12", NULL, NULL));
  fixture_expect (fixture, ">INFO *dtmf");
  answer_info (fixture, 415);
  fixture_expect (fixture, "*dtmfFailed");
  fixture_advance (fixture, 2000);
  fixture_expect (fixture, "");
}

static void
test_bad_tones (Fixture *fixture, gconstpointer data)
{
  static const char *const bad[] = {NULL, "", "x", "1x", "12 ", "ä"};

  fixture_connected_call (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (sip_session_dtmf (fixture->session, bad[i], NULL, &error));
    g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT);
  }
  fixture_expect (fixture, "");
}

/* Bodies of INFO, and what becomes of them. */
static const struct {
  const char *body;
  const char *log;
} infos[] = {
    {"Signal= 5\r\nDuration= 100", ">200 *dtmf"},
    {"Signal=5\nDuration=100", ">200 *dtmf"},
    {"Duration=160\r\nSignal=#", ">200 *dtmf"},
    {"signal=a", ">200 *dtmf"},
    {"Signal= 55", ">400"},
    {"Signal=", ">400"},
    {"nothing", ">400"},
    {"Signal=5\r\nDuration=99999999999", ">200 *dtmf"},
};

static void
test_tones_received (Fixture *fixture, gconstpointer data)
{
  fixture_answered_call (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (infos); i++) {
    fixture_request (fixture, "INFO", i + 2, infos[i].body);
    fixture_expect (fixture, infos[i].log);
  }
}

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
  const FixtureSetting *setting;
} cases[] = {
    {"registration/registered", test_registered, NULL},
    {"registration/refreshed", test_refreshed, NULL},
    {"registration/challenged", test_challenged, &with_password},
    {"registration/wrong-password", test_wrong_password, &with_password},
    {"registration/strengths", test_strengths, &with_password},
    {"registration/downgrade", test_downgrade, &with_password},
    {"registration/preemptive", test_preemptive, &with_password},
    {"registration/foreign-realm", test_foreign_realm, &with_password},
    {"registration/stale", test_stale, &with_password},
    {"registration/interval-too-brief", test_interval_too_brief, NULL},
    {"registration/server-busy", test_server_busy, NULL},
    {"registration/no-registrar", test_no_registrar, NULL},
    {"registration/refresh-refused", test_refresh_refused, NULL},
    {"registration/not-our-binding", test_not_our_binding, NULL},
    {"registration/unregister", test_unregister, NULL},
    {"foreign-challenge", test_foreign_challenge, &with_password},
    {"tones/sent", test_tones, NULL},
    {"tones/keep-their-gap", test_tones_keep_their_gap, NULL},
    {"tones/refused", test_tones_refused, NULL},
    {"tones/bad", test_bad_tones, NULL},
    {"tones/received", test_tones_received, NULL},
    {"targets", test_targets, NULL},
    {"timers", test_timers, NULL},
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

    g_test_add (path, Fixture, cases[i].setting, fixture_set_up, cases[i].test, fixture_tear_down);
  }
  g_test_add_func ("/agent/configuration", test_configuration);
  g_test_add_func ("/agent/port-in-use", test_port_in_use);
  g_test_add_func ("/agent/registers-at-its-server", test_registers_at_its_server);
  g_test_add_func ("/agent/digest", test_digest);
  g_test_add_func ("/agent/media-servers", test_media_servers);
  return g_test_run ();
}
