/* test-registration.c - a user agent registers, proves who it is, and goes on with it */

#include "fixture.h"

#include <string.h>

static const FixtureSetting with_password = {"UDP", "secret"};

static void
grant (Fixture *fixture, guint code, const char *headers)
{
  const char *request = fixture_find_sent (fixture, "REGISTER ");
  g_autofree char *text = peer_text_response (request, code, "registrar", headers, NULL, NULL);

  fixture_receive (fixture, text);
}

static void
start_registration (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sip_ua_register (fixture->ua, NULL, &error));
  g_assert_no_error (error);
  fixture_expect (fixture, ">REGISTER");
}

/* The Contact of the last REGISTER, given @expires seconds. */
static void
succeed (Fixture *fixture, guint expires)
{
  g_autofree char *contact = peer_text_header (fixture_find_sent (fixture, "REGISTER "), "Contact");
  g_autofree char *headers = NULL;

  *strchr (contact, '>') = '\0';
  headers = g_strdup_printf ("Contact: %s>;expires=%u\r\n", contact, expires);
  grant (fixture, 200, headers);
  fixture_expect (fixture, "ua*registered");
}

/* A server that says nothing to a good-bye is waited for two seconds, and no longer. */
static void
test_silent_good_bye (Fixture *fixture, gconstpointer data)
{
  start_registration (fixture);
  succeed (fixture, 600);
  sip_ua_stop_async (fixture->ua, NULL, NULL);
  fixture_advance (fixture, 1999);
  g_assert_nonnull (strstr (fixture_find_sent (fixture, "REGISTER "), ";expires=0\r\n"));
  g_assert_false (fixture_saw (fixture, "ua*stopped"));
  fixture_advance (fixture, 1);
  g_assert_true (fixture_saw (fixture, "ua*stopped"));
  g_string_truncate (fixture->log, 0);
}

/* The registrar wants the password, and gets its answer. */
static void
start_challenged (Fixture *fixture)
{
  start_registration (fixture);
  grant (fixture, 401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n");
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
  succeed (fixture, 600);
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
    succeed (fixture, refreshes[i].granted);
    fixture_advance (fixture, refreshes[i].quiet * 1000);
    fixture_expect (fixture, "");
    fixture_advance (fixture, (refreshes[i].asked - refreshes[i].quiet) * 1000 - 500);
    g_assert_true (g_str_has_prefix (fixture->log->str, ">REGISTER"));
    g_string_set_size (fixture->log, 0);
    succeed (fixture, 600);
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
  succeed (fixture, 600);
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
    succeed (fixture, 600);
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
  succeed (fixture, 600);
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

  start_challenged (fixture);
  first = peer_text_header (fixture_get_sent (fixture, 0), "Authorization");
  g_assert_nonnull (strstr (first, "nc=00000001"));
  succeed (fixture, 600);
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
  succeed (fixture, 600);
  end_registration (fixture);
}

/* A callee behind our proxy asks for a password: its realm is none of ours. */
static void
test_foreign_realm (Fixture *fixture, gconstpointer data)
{
  start_challenged (fixture);
  succeed (fixture, 600);
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
  start_challenged (fixture);
  grant (fixture, 401,
         "WWW-Authenticate: Digest realm=\"r\", nonce=\"m\", qop=\"auth\", stale=true\r\n");
  fixture_expect (fixture, ">REGISTER");
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), "nonce=\"m\""));
  succeed (fixture, 600);
  end_registration (fixture);
}

/* The last request asked for a password, in the name of @realm, by whoever got it. */
static void
challenge (Fixture *fixture, guint code, const char *realm)
{
  g_autofree char *header =
      g_strdup_printf ("%s: Digest realm=\"%s\", nonce=\"n\", qop=\"auth\"\r\n",
                       code == 407 ? "Proxy-Authenticate" : "WWW-Authenticate", realm);
  g_autofree char *answer =
      peer_text_response (fixture_get_sent (fixture, 0), code, "bob", header, NULL, NULL);

  fixture_receive (fixture, answer);
}

/* A peer that is reached past our server gets no answer made of our password, in nobody's name. */
static void
test_foreign_challenge (Fixture *fixture, gconstpointer data)
{
  static const char *const realms[] = {"bob", "r", "example.org"};

  start_challenged (fixture);
  succeed (fixture, 600);
  fixture_connected_call (fixture);
  for (gsize i = 0; i < 2 * G_N_ELEMENTS (realms); i++) {
    const char *realm = realms[i / 2];
    guint code = i % 2 == 0 ? 401 : 407;

    g_assert_true (sip_session_dtmf (fixture->session, "1", NULL, NULL));
    fixture_expect (fixture, ">INFO *dtmf");
    challenge (fixture, code, realm);
    fixture_expect (fixture, "*dtmfFailed");
    g_assert_true (sip_session_reinvite (fixture->session, NULL, NULL, NULL));
    fixture_expect (fixture, "sdh.get >INVITE");
    challenge (fixture, code, realm);
    fixture_expect (fixture, ">ACK sdh.rollback *reinviteFailed *renegotiationError");
  }
  g_assert_true (sip_session_bye (fixture->session, NULL, NULL));
  fixture_expect (fixture, ">BYE *bye sdh.close *terminated");
  challenge (fixture, 407, "r");
  fixture_expect (fixture, "");
  for (guint i = 0; i < fixture->sent->len; i++) {
    const char *sent = fixture_get_sent (fixture, i);

    g_assert_true (g_str_has_prefix (sent, "REGISTER ") || strstr (sent, "uthorization:") == NULL);
  }
  end_registration (fixture);
}

static void
test_interval_too_brief (Fixture *fixture, gconstpointer data)
{
  start_registration (fixture);
  grant (fixture, 423, "Min-Expires: 1800\r\n");
  fixture_expect (fixture, ">REGISTER");
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), ";expires=1800\r\n"));
  succeed (fixture, 1800);
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
  succeed (fixture, 600);
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
  succeed (fixture, 600);
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
  succeed (fixture, 600);
  end_registration (fixture);
}

/* What time does not heal is not tried again. */
static void
test_refused_for_good (Fixture *fixture, gconstpointer data)
{
  static const guint codes[] = {403, 404, 407, 420};

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++) {
    start_registration (fixture);
    grant (fixture, codes[i], NULL);
    fixture_expect (fixture, "ua*registrationFailed");
    fixture_advance (fixture, 3600 * 1000);
    fixture_expect (fixture, "");
  }
}

/* It names others beside us, or nobody at all; then it is asked again. */
static void
test_several_bindings (Fixture *fixture, gconstpointer data)
{
  g_autofree char *contact = NULL, *headers = NULL;

  start_registration (fixture);
  grant (fixture, 200, NULL);
  fixture_expect (fixture, "ua*registrationFailed");
  fixture_advance (fixture, 30 * 1000);
  fixture_expect (fixture, ">REGISTER");
  contact = peer_text_header (fixture_get_sent (fixture, 0), "Contact");
  *strchr (contact, '>') = '\0';
  headers = g_strdup_printf ("Contact: <sip:a@192.0.2.1>;expires=5, %s>;expires=30\r\n"
                             "Contact: <sip:b@192.0.2.2>;expires=9\r\n",
                             contact);
  grant (fixture, 200, headers);
  fixture_expect (fixture, "ua*registered");
  fixture_advance (fixture, 26900);
  fixture_expect (fixture, "");
  fixture_advance (fixture, 200);
  fixture_expect (fixture, ">REGISTER");
  succeed (fixture, 600);
  end_registration (fixture);
}

static void
test_unregister (Fixture *fixture, gconstpointer data)
{
  start_registration (fixture);
  succeed (fixture, 600);
  g_assert_true (sip_ua_unregister (fixture->ua, NULL, NULL));
  fixture_expect (fixture, ">REGISTER");
  grant (fixture, 200, NULL);
  fixture_expect (fixture, "ua*unregistered");
  fixture_advance (fixture, 3600 * 1000);
  fixture_expect (fixture, "");
}

static const FixtureCase cases[] = {
    {"registered", test_registered},
    {"refreshed", test_refreshed},
    {"challenged", test_challenged, &with_password},
    {"wrong-password", test_wrong_password, &with_password},
    {"strengths", test_strengths, &with_password},
    {"downgrade", test_downgrade, &with_password},
    {"preemptive", test_preemptive, &with_password},
    {"foreign-realm", test_foreign_realm, &with_password},
    {"stale", test_stale, &with_password},
    {"interval-too-brief", test_interval_too_brief},
    {"server-busy", test_server_busy},
    {"no-registrar", test_no_registrar},
    {"refresh-refused", test_refresh_refused},
    {"not-our-binding", test_not_our_binding},
    {"several-bindings", test_several_bindings},
    {"refused-for-good", test_refused_for_good},
    {"unregister", test_unregister},
    {"silent-good-bye", test_silent_good_bye},
    {"foreign-challenge", test_foreign_challenge, &with_password},
};

int
main (int argc, char **argv)
{
  return fixture_run (argc, argv, "registration", cases, G_N_ELEMENTS (cases));
}
