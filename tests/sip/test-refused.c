/* test-refused.c - calls that come in and are not taken: by this side, by who calls, by nobody */

#include "fixture.h"

#include "sip-error.h"

#include <string.h>

/* What reject() is told, and what goes out. */
static const struct {
  guint given;
  const char *words;
  guint sent;
} rejections[] = {{0, NULL, 480}, {486, "Nope", 486}, {603, NULL, 603}, {302, NULL, 302}};

static void
test_rejected (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rejections); i++) {
    g_autoptr (SipOptions) options = sip_options_new ();
    g_autofree char *log =
        g_strdup_printf (">%u *rejected *failed *terminated", rejections[i].sent);
    g_autofree char *call_id = g_strdup_printf ("call%zu", i);
    g_autofree char *via = g_strdup_printf ("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKr%zu;rport", i);
    g_autofree char *invite = peer_text_request (
        "INVITE", "sip:alice@example.org", via, "<sip:bob@example.org>;tag=b",
        "<sip:alice@example.org>", call_id, 1, "Contact: <sip:bob@192.0.2.9>\r\n", NULL, NULL);

    g_clear_object (&fixture->session);
    fixture_receive (fixture, invite);
    fixture_expect (fixture, FIXTURE_RINGING);
    if (rejections[i].given != 0)
      g_object_set (options, "status-code", rejections[i].given, "reason-phrase",
                    rejections[i].words, NULL);
    g_assert_true (sip_invite_server_context_reject (SIP_INVITE_SERVER_CONTEXT (fixture->session),
                                                     options, NULL));
    fixture_expect (fixture, log);
    fixture_assert_cause (fixture, SIP_CAUSE_NONE, NULL);
    if (rejections[i].words != NULL)
      g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), rejections[i].words));
  }
}

static void
test_rejected_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture_be_called (fixture);
  g_assert_true (sip_session_terminate (fixture->session, NULL, NULL));
  fixture_expect (fixture, ">480 *rejected *failed *terminated");
  g_assert_false (sip_invite_server_context_reject (SIP_INVITE_SERVER_CONTEXT (fixture->session),
                                                    NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_STATE);
  g_clear_error (&error);
  g_assert_false (sip_invite_server_context_accept (SIP_INVITE_SERVER_CONTEXT (fixture->session),
                                                    NULL, NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_STATE);
  g_assert_true (sip_session_terminate (fixture->session, NULL, NULL));
}

static void
test_refusal_comes_again_until_ack (Fixture *fixture, gconstpointer data)
{
  fixture_be_called (fixture);
  g_assert_true (sip_session_terminate (fixture->session, NULL, NULL));
  fixture_expect (fixture, ">480 *rejected *failed *terminated");
  fixture_advance (fixture, 1600);
  fixture_expect (fixture, ">480 >480");
  g_clear_object (&fixture->session);
}

static const guint bad_rejections[] = {100, 200, 299, 700};

static void
test_bad_rejections (Fixture *fixture, gconstpointer data)
{
  fixture_be_called (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_rejections); i++) {
    g_autoptr (SipOptions) options =
        g_object_new (SIP_TYPE_OPTIONS, "status-code", bad_rejections[i], NULL);
    g_autoptr (GError) error = NULL;

    g_assert_false (sip_invite_server_context_reject (SIP_INVITE_SERVER_CONTEXT (fixture->session),
                                                      options, &error));
    g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT);
    fixture_assert_status (fixture, SIP_SESSION_STATUS_WAITING_FOR_ANSWER);
  }
}

static void
test_canceled (Fixture *fixture, gconstpointer data)
{
  fixture_be_called (fixture);
  fixture_request (fixture, "CANCEL", 1, NULL);
  fixture_expect (fixture, ">200 >487 *cancel *rejected *failed *terminated");
  fixture_assert_cause (fixture, SIP_CAUSE_CANCELED, "Canceled");
  g_assert_true (sip_session_get_canceled (fixture->session));
  g_assert_cmpstr (sip_message_get_method (fixture->last_message), ==, "CANCEL");
}

static void
test_canceled_while_answering (Fixture *fixture, gconstpointer data)
{
  fixture_be_called (fixture);
  fixture->plan.hold = TRUE;
  fixture_accept (fixture);
  fixture_expect (fixture, "*SessionDescriptionHandler-created sdh.set sdh.get");
  fixture_request (fixture, "CANCEL", 1, NULL);
  fixture_expect (fixture, ">200 >487 sdh.close *cancel *rejected *failed *terminated");
}

static void
test_canceled_too_late (Fixture *fixture, gconstpointer data)
{
  fixture_answered_call (fixture);
  fixture_request (fixture, "CANCEL", 1, NULL);
  fixture_expect (fixture, ">200");
  fixture_assert_status (fixture, SIP_SESSION_STATUS_CONFIRMED);
}

static void
test_cancel_of_nothing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *cancel = peer_text_request (
      "CANCEL", "sip:alice@example.org", "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKnone;rport",
      "<sip:bob@example.org>;tag=b", "<sip:alice@example.org>", "nothing", 1, NULL, NULL, NULL);

  fixture_receive (fixture, cancel);
  fixture_expect (fixture, ">481");
}

/* Reason headers of a CANCEL. */
static const struct {
  const char *reason;
  SipCause cause;
} reasons[] = {
    {"SIP;cause=200;text=\"Call completed elsewhere\"", SIP_CAUSE_ANSWERED_ELSEWHERE},
    {"Q.850;cause=26", SIP_CAUSE_ANSWERED_ELSEWHERE},
    {"SIP ;cause=600", SIP_CAUSE_CANCELED},
};

static void
test_answered_elsewhere (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reasons); i++) {
    g_autofree char *call_id = g_strdup_printf ("call%zu", i);
    g_autofree char *via = g_strdup_printf ("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKr%zu;rport", i);
    g_autofree char *headers = g_strdup_printf ("Reason: %s\r\n", reasons[i].reason);
    g_autofree char *invite = peer_text_request (
        "INVITE", "sip:alice@example.org", via, "<sip:bob@example.org>;tag=b",
        "<sip:alice@example.org>", call_id, 1, "Contact: <sip:bob@192.0.2.9>\r\n", NULL, NULL);
    g_autofree char *cancel =
        peer_text_request ("CANCEL", "sip:alice@example.org", via, "<sip:bob@example.org>;tag=b",
                           "<sip:alice@example.org>", call_id, 1, headers, NULL, NULL);

    g_clear_object (&fixture->session);
    fixture_receive (fixture, invite);
    fixture_receive (fixture, cancel);
    fixture_expect (fixture, FIXTURE_RINGING " >200 >487 *cancel *rejected *failed *terminated");
    g_assert_cmpint (sip_session_get_cause (fixture->session), ==, reasons[i].cause);
  }
}

static void
test_not_answered (Fixture *fixture, gconstpointer data)
{
  fixture_be_called (fixture);
  fixture_advance (fixture, 59500);
  fixture_expect (fixture, "");
  fixture_advance (fixture, 600);
  fixture_expect (fixture, ">408 *failed *terminated");
  fixture_assert_cause (fixture, SIP_CAUSE_NO_ANSWER, "No Answer");
}

static void
test_expires (Fixture *fixture, gconstpointer data)
{
  fixture_ring (fixture, "Expires: 10\r\n", "v=0 OFFER");
  fixture_expect (fixture, FIXTURE_RINGING);
  fixture_advance (fixture, 10100);
  fixture_expect (fixture, ">487 *failed *terminated");
  fixture_assert_cause (fixture, SIP_CAUSE_EXPIRES, "Expires");
}

static const FixtureCase cases[] = {
    {"rejected", test_rejected},
    {"rejected-again", test_rejected_again},
    {"refusal-comes-again-until-ack", test_refusal_comes_again_until_ack},
    {"bad-rejections", test_bad_rejections},
    {"canceled", test_canceled},
    {"canceled-while-answering", test_canceled_while_answering},
    {"canceled-too-late", test_canceled_too_late},
    {"cancel-of-nothing", test_cancel_of_nothing},
    {"answered-elsewhere", test_answered_elsewhere},
    {"not-answered", test_not_answered},
    {"expires", test_expires},
};

int
main (int argc, char **argv)
{
  return fixture_run (argc, argv, "refused", cases, G_N_ELEMENTS (cases));
}
