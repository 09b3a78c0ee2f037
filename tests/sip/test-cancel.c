/* test-cancel.c - calls that this side gives up, and answers that come when it is too late */

#include "fixture.h"

#include "sip-error.h"

#include <string.h>

#define SENT "*SessionDescriptionHandler-created sdh.get >INVITE ua*inviteSent"

/* The program forgets the call, which is over. */
static void
forget (Fixture *fixture)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->session));
}

static void
assert_thanked (Fixture *fixture, const char *invite, const char *tag)
{
  g_autofree char *line = g_strdup_printf (";tag=%s\r\n", tag);

  fixture_answer_with (fixture, invite, 200, tag, NULL, "v=0 ANSWER");
  fixture_expect (fixture, ">ACK >BYE");
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), line));
  fixture_answer_with (fixture, fixture_get_sent (fixture, 0), 200, NULL, NULL, NULL);
  fixture_answer_with (fixture, invite, 200, tag, NULL, "v=0 ANSWER");
  fixture_expect (fixture, ">ACK");
}

/* Another phone answers when nobody knows of the call any more; and so does the first one again,
 * which was thanked.
 */
static void
test_fork_late (Fixture *fixture, gconstpointer data)
{
  g_autofree char *invite = NULL;

  fixture_connected_call (fixture);
  invite = g_strdup (fixture_find_sent (fixture, "INVITE "));
  g_assert_true (sip_session_bye (fixture->session, NULL, NULL));
  fixture_expect (fixture, ">BYE *bye sdh.close *terminated");
  fixture_answer_with (fixture, fixture_get_sent (fixture, 0), 200, NULL, NULL, NULL);
  forget (fixture);
  fixture_answer_with (fixture, invite, 200, "bob", NULL, "v=0 ANSWER");
  fixture_expect (fixture, ">ACK");
  assert_thanked (fixture, invite, "carol");
  fixture_advance (fixture, 32 * 1000);
  fixture_answer_with (fixture, invite, 200, "dave", NULL, "v=0 ANSWER");
  fixture_expect (fixture, "");
}

/* Nobody answered the CANCEL in time; then somebody takes the call. */
static void
test_cancel_and_forget (Fixture *fixture, gconstpointer data)
{
  g_autofree char *invite = NULL;

  fixture_call (fixture, NULL);
  fixture_answer (fixture, 180, NULL);
  invite = g_strdup (fixture_find_sent (fixture, "INVITE "));
  g_assert_true (
      sip_invite_client_context_cancel (SIP_INVITE_CLIENT_CONTEXT (fixture->session), NULL, NULL));
  fixture_advance (fixture, 32 * 1000);
  WAIT_FOR (fixture_saw (fixture, "*terminated"));
  g_string_truncate (fixture->log, 0);
  forget (fixture);
  assert_thanked (fixture, invite, "carol");
}

/* A proxy says that the call is over, and then somebody takes it all the same, before
 * and after the program has forgotten it (RFC 3261 16.7).
 */
static void
test_cancel_and_taken (Fixture *fixture, gconstpointer data)
{
  g_autofree char *invite = NULL;

  fixture_call (fixture, NULL);
  fixture_answer (fixture, 180, NULL);
  invite = g_strdup (fixture_find_sent (fixture, "INVITE "));
  g_assert_true (
      sip_invite_client_context_cancel (SIP_INVITE_CLIENT_CONTEXT (fixture->session), NULL, NULL));
  fixture_answer (fixture, 487, NULL);
  fixture_expect (fixture, SENT " *progress >CANCEL sdh.close *cancel >ACK *rejected *failed "
                                "*terminated");
  assert_thanked (fixture, invite, "carol");
  forget (fixture);
  assert_thanked (fixture, invite, "dave");
}

static void
test_cancel_before_sending (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipInviteClientContext) call = sip_ua_invite (fixture->ua, "bob", NULL, NULL, NULL);

  fixture_watch (fixture, SIP_SESSION (call));
  g_assert_true (sip_invite_client_context_cancel (call, NULL, NULL));
  fixture_expect (fixture, "*cancel *failed *terminated");
  fixture_assert_cause (fixture, SIP_CAUSE_CANCELED, "Canceled");
  g_assert_true (sip_session_get_canceled (fixture->session));
  g_assert_cmpuint (fixture->sent->len, ==, 0);
}

static void
test_cancel_while_media_works (Fixture *fixture, gconstpointer data)
{
  fixture->plan.hold = TRUE;
  fixture_call (fixture, NULL);
  fixture_expect (fixture, "*SessionDescriptionHandler-created sdh.get");
  g_assert_true (
      sip_invite_client_context_cancel (SIP_INVITE_CLIENT_CONTEXT (fixture->session), NULL, NULL));
  fixture_expect (fixture, "sdh.close *cancel *failed *terminated");
  g_assert_cmpuint (fixture->sent->len, ==, 0);
}

static void
test_cancel_while_ringing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipOptions) options =
      g_object_new (SIP_TYPE_OPTIONS, "status-code", 200, "reason-phrase", "Call \"done\"", NULL);
  g_autofree char *branch = NULL, *invite_branch = NULL;

  fixture_call (fixture, NULL);
  fixture_answer (fixture, 180, NULL);
  fixture_expect (fixture, SENT " *progress");
  g_assert_true (sip_invite_client_context_cancel (SIP_INVITE_CLIENT_CONTEXT (fixture->session),
                                                   options, NULL));
  fixture_expect (fixture, ">CANCEL sdh.close *cancel");
  fixture_assert_status (fixture, SIP_SESSION_STATUS_CANCELED);
  branch = peer_text_header (fixture_find_sent (fixture, "CANCEL "), "Via");
  invite_branch = peer_text_header (fixture_find_sent (fixture, "INVITE "), "Via");
  g_assert_cmpstr (branch, ==, invite_branch);
  g_assert_nonnull (strstr (fixture_find_sent (fixture, "CANCEL "),
                            "\r\nReason: SIP;cause=200;text=\"Call \\\"done\\\"\"\r\n"));

  fixture_answer_with (fixture, fixture_find_sent (fixture, "CANCEL "), 200, "bob", NULL, NULL);
  fixture_expect (fixture, "");
  fixture_answer (fixture, 487, NULL);
  fixture_expect (fixture, ">ACK *rejected *failed *terminated");
  fixture_assert_cause (fixture, SIP_CAUSE_CANCELED, "SIP Failure Code");
}

static void
test_cancel_waits_for_provisional (Fixture *fixture, gconstpointer data)
{
  fixture_call (fixture, NULL);
  fixture_expect (fixture, SENT);
  g_assert_true (
      sip_invite_client_context_cancel (SIP_INVITE_CLIENT_CONTEXT (fixture->session), NULL, NULL));
  fixture_expect (fixture, "sdh.close *cancel");
  fixture_answer (fixture, 100, NULL);
  fixture_expect (fixture, ">CANCEL *progress");
  fixture_answer (fixture, 180, NULL);
  fixture_expect (fixture, "");
  fixture_answer (fixture, 487, NULL);
  fixture_expect (fixture, ">ACK *rejected *failed *terminated");
}

static void
test_cancel_crosses_answer (Fixture *fixture, gconstpointer data)
{
  fixture_call (fixture, NULL);
  fixture_answer (fixture, 180, NULL);
  fixture_expect (fixture, SENT " *progress");
  g_assert_true (
      sip_invite_client_context_cancel (SIP_INVITE_CLIENT_CONTEXT (fixture->session), NULL, NULL));
  fixture_expect (fixture, ">CANCEL sdh.close *cancel");
  fixture_answer (fixture, 200, "v=0 ANSWER");
  fixture_expect (fixture, ">ACK *ack *accepted >BYE *bye *terminated");
  fixture_assert_cause (fixture, SIP_CAUSE_CANCELED, "Canceled");
  g_assert_true (sip_session_get_canceled (fixture->session));
  g_assert_true (
      g_str_has_prefix (fixture_get_sent (fixture, 0), "BYE sip:bob@192.0.2.9 SIP/2.0\r\n"));
}

static void
test_cancel_never_answered (Fixture *fixture, gconstpointer data)
{
  fixture_call (fixture, NULL);
  fixture_answer (fixture, 180, NULL);
  g_assert_true (
      sip_invite_client_context_cancel (SIP_INVITE_CLIENT_CONTEXT (fixture->session), NULL, NULL));
  fixture_answer_with (fixture, fixture_find_sent (fixture, "CANCEL "), 200, "bob", NULL, NULL);
  fixture_expect (fixture, SENT " *progress >CANCEL sdh.close *cancel");
  fixture_advance (fixture, 33000);
  fixture_expect (fixture, "*failed *terminated");
  fixture_assert_cause (fixture, SIP_CAUSE_CANCELED, "Canceled");
}

static void
test_silence_after_ringing (Fixture *fixture, gconstpointer data)
{
  fixture_call (fixture, NULL);
  fixture_answer (fixture, 180, NULL);
  fixture_expect (fixture, SENT " *progress");
  fixture_advance (fixture, 179000);
  fixture_expect (fixture, "");
  fixture_advance (fixture, 2000);
  fixture_expect (fixture, ">CANCEL sdh.close *cancel >CANCEL");
  fixture_answer (fixture, 487, NULL);
  fixture_expect (fixture, ">ACK *rejected *failed *terminated");
}

static void
test_bad_cancel_changes_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipOptions) options = g_object_new (SIP_TYPE_OPTIONS, "status-code", 100, NULL);
  g_autoptr (GError) error = NULL;

  fixture_call (fixture, NULL);
  fixture_answer (fixture, 180, NULL);
  fixture_expect (fixture, SENT " *progress");
  g_assert_false (sip_invite_client_context_cancel (SIP_INVITE_CLIENT_CONTEXT (fixture->session),
                                                    options, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT);
  g_assert_cmpstr (error->message, ==, "Invalid statusCode: 100");
  g_assert_false (sip_session_get_canceled (fixture->session));
  fixture_answer (fixture, 200, "v=0 ANSWER");
  fixture_expect (fixture, "sdh.set *directionChanged >ACK *ack *accepted");
  g_clear_error (&error);
  g_assert_false (sip_invite_client_context_cancel (SIP_INVITE_CLIENT_CONTEXT (fixture->session),
                                                    NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_STATE);
  g_assert_cmpstr (error->message, ==, "Invalid status: 12");
}

static const FixtureCase cases[] = {
    {"fork-late", test_fork_late},
    {"and-forget", test_cancel_and_forget},
    {"and-taken", test_cancel_and_taken},
    {"and-taken-on-stream", test_cancel_and_taken, &(FixtureSetting){"WS", NULL}},
    {"before-sending", test_cancel_before_sending},
    {"while-media-works", test_cancel_while_media_works},
    {"while-ringing", test_cancel_while_ringing},
    {"waits-for-provisional", test_cancel_waits_for_provisional},
    {"crosses-answer", test_cancel_crosses_answer},
    {"never-answered", test_cancel_never_answered},
    {"bad-changes-nothing", test_bad_cancel_changes_nothing},
    {"silence-after-ringing", test_silence_after_ringing},
};

int
main (int argc, char **argv)
{
  return fixture_run (argc, argv, "cancel", cases, G_N_ELEMENTS (cases));
}
