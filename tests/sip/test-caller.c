/* test-caller.c - what a call says of who places it, and how he proves it */

#include "fixture.h"

#include "sip-error.h"

#include <string.h>

#define SENT "*SessionDescriptionHandler-created sdh.get >INVITE ua*inviteSent"

/* What must not get into a header. */
static const char *const bad_headers[] = {"X-A: 1\r\nX-B: 2", "Via: x",        "v: x",  "No colon",
                                          ": nameless",       "To: <sip:x@y>", "X A: 1"};

static void
test_header_injection (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad_headers); i++) {
    const char *headers[] = {bad_headers[i], NULL};
    g_autoptr (SipOptions) options =
        g_object_new (SIP_TYPE_OPTIONS, "extra-headers", headers, NULL);
    g_autoptr (GError) error = NULL;

    g_assert_null (sip_ua_invite (fixture->ua, "bob", options, NULL, &error));
    g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT);
  }
  fixture_expect (fixture, "");
}

static void
test_options_stay_the_callers (Fixture *fixture, gconstpointer data)
{
  const char *headers[] = {"X-Test: 1", NULL};
  g_autoptr (SipOptions) options = g_object_new (SIP_TYPE_OPTIONS, "extra-headers", headers, NULL);

  for (guint i = 0; i < 2; i++) {
    const char *invite;

    g_clear_object (&fixture->session);
    g_clear_object (&fixture->handler);
    fixture_call (fixture, options);
    invite = fixture_find_sent (fixture, "INVITE ");
    g_assert_nonnull (strstr (invite, "\r\nX-Test: 1\r\n"));
    g_assert_null (strstr (strstr (invite, "Contact:") + 8, "Contact:"));
    fixture_answer (fixture, 486, NULL);
    fixture_expect (fixture, SENT " >ACK *rejected *failed sdh.close *terminated");
  }
  g_assert_cmpint (G_OBJECT (options)->ref_count, ==, 1);
}

static void
test_anonymous (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipOptions) options = g_object_new (SIP_TYPE_OPTIONS, "anonymous", TRUE, NULL);
  g_autofree char *from = NULL;

  fixture_call (fixture, options);
  from = peer_text_header (fixture_get_sent (fixture, 0), "From");
  g_assert_true (g_str_has_prefix (from, "\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag="));
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), "\r\nPrivacy: id\r\n"));
  fixture_answer (fixture, 486, NULL);
  fixture_expect (fixture, SENT " >ACK *rejected *failed sdh.close *terminated");
}

static const FixtureSetting with_password = {"UDP", "secret"};

static void
test_challenge (Fixture *fixture, gconstpointer data)
{
  const char *again;
  g_autofree char *first_via = NULL, *again_via = NULL;

  fixture_call (fixture, NULL);
  fixture_expect (fixture, SENT);
  first_via = peer_text_header (fixture_get_sent (fixture, 0), "Via");
  fixture_answer_with (fixture, fixture_find_sent (fixture, "INVITE "), 407, "proxy",
                       "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n",
                       NULL);
  fixture_expect (fixture, ">ACK >INVITE");
  again = fixture_get_sent (fixture, 0);
  again_via = peer_text_header (again, "Via");
  g_assert_cmpstr (first_via, !=, again_via);
  g_assert_nonnull (strstr (again, "\r\nCSeq: 2 INVITE\r\n"));
  g_assert_nonnull (strstr (again, "Proxy-Authorization: Digest username=\"alice\", realm=\"r\""));
  g_assert_null (strstr (again, "secret"));
  fixture_answer (fixture, 200, "v=0 ANSWER");
  fixture_expect (fixture, "sdh.set *directionChanged >ACK *ack *accepted");
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), "\r\nCSeq: 2 ACK\r\n"));
  g_assert_true (sip_session_bye (fixture->session, NULL, NULL));
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), "\r\nCSeq: 3 BYE\r\n"));
  fixture_expect (fixture, ">BYE *bye sdh.close *terminated");
}

static void
test_wrong_password (Fixture *fixture, gconstpointer data)
{
  const char *challenge = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n";

  fixture_call (fixture, NULL);
  fixture_expect (fixture, SENT);
  fixture_answer_with (fixture, fixture_find_sent (fixture, "INVITE "), 401, "x", challenge, NULL);
  fixture_expect (fixture, ">ACK >INVITE");
  fixture_answer_with (fixture, fixture_find_sent (fixture, "INVITE "), 401, "x", challenge, NULL);
  fixture_expect (fixture, ">ACK *rejected *failed sdh.close *terminated");
  fixture_assert_cause (fixture, SIP_CAUSE_AUTHENTICATION_ERROR, "Authentication Error");
}

static void
test_asserted_identity (Fixture *fixture, gconstpointer data)
{
  fixture_call (fixture, NULL);
  fixture_answer_with (fixture, fixture_find_sent (fixture, "INVITE "), 180, "bob",
                       "P-Asserted-Identity: \"Bob B\" <sip:+4930@example.org>\r\n", NULL);
  fixture_expect (fixture, SENT " *progress");
  g_assert_cmpstr (sip_name_addr_get_uri (sip_session_get_asserted_identity (fixture->session)), ==,
                   "sip:+4930@example.org");
  fixture_answer (fixture, 486, NULL);
  fixture_expect (fixture, ">ACK *rejected *failed sdh.close *terminated");
}

static const FixtureCase cases[] = {
    {"header-injection", test_header_injection},
    {"options-stay-the-callers", test_options_stay_the_callers},
    {"anonymous", test_anonymous},
    {"challenge", test_challenge, &with_password},
    {"wrong-password", test_wrong_password, &with_password},
    {"asserted-identity", test_asserted_identity},
};

int
main (int argc, char **argv)
{
  return fixture_run (argc, argv, "caller", cases, G_N_ELEMENTS (cases));
}
