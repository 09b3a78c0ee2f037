/* test-tones.c - tones by INFO, sent and received */

#include "fixture.h"

#include "sip-error.h"

#include <string.h>

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

static const struct {
  const char *path;
  void (*test) (Fixture *fixture, gconstpointer data);
  const FixtureSetting *setting;
} cases[] = {
    {"sent", test_tones, NULL},
    {"keep-their-gap", test_tones_keep_their_gap, NULL},
    {"refused", test_tones_refused, NULL},
    {"bad", test_bad_tones, NULL},
    {"received", test_tones_received, NULL},
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/tones/", cases[i].path, NULL);

    g_test_add (path, Fixture, cases[i].setting, fixture_set_up, cases[i].test, fixture_tear_down);
  }
  return g_test_run ();
}
