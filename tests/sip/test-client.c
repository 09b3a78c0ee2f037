/* test-client.c - calls that this side places: what is on the wire, what is heard, in order */

#include "fixture.h"

#include "sip-error.h"

#include <string.h>

#define SENT "*SessionDescriptionHandler-created sdh.get >INVITE ua*inviteSent"

static SipInviteClientContext *
client (Fixture *fixture)
{
  return SIP_INVITE_CLIENT_CONTEXT (fixture->session);
}

static void
assert_status (Fixture *fixture, SipSessionStatus status)
{
  g_assert_cmpint (sip_session_get_status (fixture->session), ==, status);
}

static void
assert_cause (Fixture *fixture, SipCause cause, const char *words)
{
  g_assert_cmpint (sip_session_get_cause (fixture->session), ==, cause);
  g_assert_cmpstr (fixture->last_words, ==, words);
}

static void
test_answered (Fixture *fixture, gconstpointer data)
{
  g_autofree char *contact = NULL, *to = NULL;
  const char *invite;

  fixture_call (fixture, NULL);
  fixture_expect (fixture, SENT);
  assert_status (fixture, SIP_SESSION_STATUS_INVITE_SENT);
  invite = fixture_get_sent (fixture, 0);
  g_assert_true (g_str_has_prefix (invite, "INVITE sip:bob@example.org SIP/2.0\r\n"));
  to = peer_text_header (invite, "To");
  g_assert_cmpstr (to, ==, "<sip:bob@example.org>");
  g_assert_nonnull (strstr (invite, "\r\nCSeq: 1 INVITE\r\n"));
  g_assert_nonnull (strstr (invite, "\r\nMax-Forwards: 70\r\n"));
  g_assert_nonnull (strstr (invite, "\r\nAllow: "));
  g_assert_true (g_str_has_suffix (invite, "\r\n\r\nv=0 OFFER"));
  g_assert_null (sip_session_get_start_time (fixture->session));

  fixture_answer (fixture, 100, NULL);
  fixture_expect (fixture, "*progress");
  assert_status (fixture, SIP_SESSION_STATUS_INVITE_SENT);
  fixture_answer (fixture, 180, NULL);
  fixture_expect (fixture, "*progress");
  assert_status (fixture, SIP_SESSION_STATUS_1XX_RECEIVED);
  fixture_answer (fixture, 200, "v=0 ANSWER");
  fixture_expect (fixture, "sdh.set *directionChanged >ACK *ack *accepted");
  assert_status (fixture, SIP_SESSION_STATUS_CONFIRMED);
  g_assert_nonnull (sip_session_get_start_time (fixture->session));
  g_assert_true (
      g_str_has_prefix (fixture_get_sent (fixture, 0), "ACK sip:bob@192.0.2.9 SIP/2.0\r\n"));
  contact = peer_text_header (invite, "Contact");
  g_assert_nonnull (strstr (contact, "sip:"));

  g_assert_true (sip_session_bye (fixture->session, NULL, NULL));
  fixture_expect (fixture, ">BYE *bye sdh.close *terminated");
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), "\r\nCSeq: 2 BYE\r\n"));
  assert_cause (fixture, SIP_CAUSE_NONE, NULL);
}

static void
test_nothing_before_return (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipInviteClientContext) call = sip_ua_invite (fixture->ua, "bob", NULL, NULL, NULL);

  g_assert_cmpuint (fixture->sent->len, ==, 0);
  fixture_watch (fixture, SIP_SESSION (call));
  fixture_expect (fixture, SENT);
  g_clear_object (&call);
  fixture_answer (fixture, 486, NULL);
  fixture_expect (fixture, ">ACK *rejected *failed sdh.close *terminated");
}

/* Final responses: the code, the cause for programs, SIP.js's words. */
typedef struct {
  guint code;
  SipCause cause;
  const char *words;
} Refusal;

static const Refusal refusals[] = {
    {486, SIP_CAUSE_BUSY, "Busy"},
    {600, SIP_CAUSE_BUSY, "Busy"},
    {302, SIP_CAUSE_REDIRECTED, "Redirected"},
    {403, SIP_CAUSE_REJECTED, "Rejected"},
    {603, SIP_CAUSE_REJECTED, "Rejected"},
    {404, SIP_CAUSE_NOT_FOUND, "Not Found"},
    {480, SIP_CAUSE_UNAVAILABLE, "Unavailable"},
    {484, SIP_CAUSE_ADDRESS_INCOMPLETE, "Address Incomplete"},
    {488, SIP_CAUSE_INCOMPATIBLE_SDP, "Incompatible SDP"},
    {401, SIP_CAUSE_AUTHENTICATION_ERROR, "Authentication Error"},
    {500, SIP_CAUSE_SIP_FAILURE_CODE, "SIP Failure Code"},
};

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++) {
    g_clear_object (&fixture->session);
    g_clear_object (&fixture->handler);
    fixture_call (fixture, NULL);
    fixture_expect (fixture, SENT);
    fixture_answer (fixture, refusals[i].code, NULL);
    fixture_expect (fixture, ">ACK *rejected *failed sdh.close *terminated");
    assert_cause (fixture, refusals[i].cause, refusals[i].words);
    g_assert_cmpuint (sip_message_get_status_code (fixture->last_message), ==, refusals[i].code);
  }
}

static void
test_terminate_confirmed (Fixture *fixture, gconstpointer data)
{
  fixture_connected_call (fixture);
  g_assert_true (sip_session_terminate (fixture->session, NULL, NULL));
  fixture_expect (fixture, ">BYE *bye sdh.close *terminated");
}

static void
test_no_response (Fixture *fixture, gconstpointer data)
{
  fixture_call (fixture, NULL);
  fixture_expect (fixture, SENT);
  fixture_advance (fixture, 31000);
  fixture_expect (fixture, ">INVITE >INVITE >INVITE >INVITE >INVITE");
  fixture_advance (fixture, 2000);
  fixture_expect (fixture, ">INVITE *rejected *failed sdh.close *terminated");
  assert_cause (fixture, SIP_CAUSE_UNAVAILABLE, "Unavailable");
  g_assert_cmpuint (sip_message_get_status_code (fixture->last_message), ==, 408);
}

static void
test_no_response_on_stream (Fixture *fixture, gconstpointer data)
{
  fixture_call (fixture, NULL);
  fixture_expect (fixture, SENT);
  fixture_advance (fixture, 33000);
  fixture_expect (fixture, "*rejected *failed sdh.close *terminated");
}

static void
test_retransmitted_responses (Fixture *fixture, gconstpointer data)
{
  fixture_connected_call (fixture);
  fixture_answer (fixture, 200, "v=0 ANSWER");
  fixture_answer (fixture, 200, "v=0 ANSWER");
  fixture_expect (fixture, ">ACK >ACK");
  g_assert_cmpstr (fixture_get_sent (fixture, 0), ==, fixture_get_sent (fixture, 1));
}

static void
test_fork (Fixture *fixture, gconstpointer data)
{
  g_autofree char *invite = NULL;

  fixture_connected_call (fixture);
  invite = g_strdup (fixture_find_sent (fixture, "INVITE "));
  fixture_answer_with (fixture, invite, 200, "carol", NULL, "v=0 ANSWER");
  fixture_expect (fixture, ">ACK *ack >BYE *bye");
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), ";tag=carol\r\n"));
  assert_status (fixture, SIP_SESSION_STATUS_CONFIRMED);
  fixture_answer_with (fixture, fixture_get_sent (fixture, 0), 200, NULL, NULL, NULL);
  fixture_answer_with (fixture, invite, 200, "carol", NULL, "v=0 ANSWER");
  fixture_expect (fixture, ">ACK");
}

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
  g_assert_true (sip_invite_client_context_cancel (client (fixture), NULL, NULL));
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
  g_assert_true (sip_invite_client_context_cancel (client (fixture), NULL, NULL));
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
  assert_cause (fixture, SIP_CAUSE_CANCELED, "Canceled");
  g_assert_true (sip_session_get_canceled (fixture->session));
  g_assert_cmpuint (fixture->sent->len, ==, 0);
}

static void
test_cancel_while_media_works (Fixture *fixture, gconstpointer data)
{
  fixture->plan.hold = TRUE;
  fixture_call (fixture, NULL);
  fixture_expect (fixture, "*SessionDescriptionHandler-created sdh.get");
  g_assert_true (sip_invite_client_context_cancel (client (fixture), NULL, NULL));
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
  g_assert_true (sip_invite_client_context_cancel (client (fixture), options, NULL));
  fixture_expect (fixture, ">CANCEL sdh.close *cancel");
  assert_status (fixture, SIP_SESSION_STATUS_CANCELED);
  branch = peer_text_header (fixture_find_sent (fixture, "CANCEL "), "Via");
  invite_branch = peer_text_header (fixture_find_sent (fixture, "INVITE "), "Via");
  g_assert_cmpstr (branch, ==, invite_branch);
  g_assert_nonnull (strstr (fixture_find_sent (fixture, "CANCEL "),
                            "\r\nReason: SIP;cause=200;text=\"Call \\\"done\\\"\"\r\n"));

  fixture_answer_with (fixture, fixture_find_sent (fixture, "CANCEL "), 200, "bob", NULL, NULL);
  fixture_expect (fixture, "");
  fixture_answer (fixture, 487, NULL);
  fixture_expect (fixture, ">ACK *rejected *failed *terminated");
  assert_cause (fixture, SIP_CAUSE_CANCELED, "SIP Failure Code");
}

static void
test_cancel_waits_for_provisional (Fixture *fixture, gconstpointer data)
{
  fixture_call (fixture, NULL);
  fixture_expect (fixture, SENT);
  g_assert_true (sip_invite_client_context_cancel (client (fixture), NULL, NULL));
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
  g_assert_true (sip_invite_client_context_cancel (client (fixture), NULL, NULL));
  fixture_expect (fixture, ">CANCEL sdh.close *cancel");
  fixture_answer (fixture, 200, "v=0 ANSWER");
  fixture_expect (fixture, ">ACK *ack *accepted >BYE *bye *terminated");
  assert_cause (fixture, SIP_CAUSE_CANCELED, "Canceled");
  g_assert_true (sip_session_get_canceled (fixture->session));
  g_assert_true (
      g_str_has_prefix (fixture_get_sent (fixture, 0), "BYE sip:bob@192.0.2.9 SIP/2.0\r\n"));
}

static void
test_cancel_never_answered (Fixture *fixture, gconstpointer data)
{
  fixture_call (fixture, NULL);
  fixture_answer (fixture, 180, NULL);
  g_assert_true (sip_invite_client_context_cancel (client (fixture), NULL, NULL));
  fixture_answer_with (fixture, fixture_find_sent (fixture, "CANCEL "), 200, "bob", NULL, NULL);
  fixture_expect (fixture, SENT " *progress >CANCEL sdh.close *cancel");
  fixture_advance (fixture, 33000);
  fixture_expect (fixture, "*failed *terminated");
  assert_cause (fixture, SIP_CAUSE_CANCELED, "Canceled");
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
  g_assert_false (sip_invite_client_context_cancel (client (fixture), options, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT);
  g_assert_cmpstr (error->message, ==, "Invalid statusCode: 100");
  g_assert_false (sip_session_get_canceled (fixture->session));
  fixture_answer (fixture, 200, "v=0 ANSWER");
  fixture_expect (fixture, "sdh.set *directionChanged >ACK *ack *accepted");
  g_clear_error (&error);
  g_assert_false (sip_invite_client_context_cancel (client (fixture), NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_STATE);
  g_assert_cmpstr (error->message, ==, "Invalid status: 12");
}

static void
test_no_media (Fixture *fixture, gconstpointer data)
{
  fixture->plan.get_error =
      g_error_new_literal (SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER, "no device");
  fixture_call (fixture, NULL);
  fixture_expect (fixture, "*SessionDescriptionHandler-created sdh.get *failed sdh.close "
                           "*terminated");
  assert_cause (fixture, SIP_CAUSE_WEBRTC_ERROR, "WebRTC Error");
  g_assert_cmpuint (fixture->sent->len, ==, 0);
}

static void
test_no_answer_in_200 (Fixture *fixture, gconstpointer data)
{
  fixture_call (fixture, NULL);
  fixture_expect (fixture, SENT);
  fixture_answer (fixture, 200, NULL);
  fixture_expect (fixture, ">ACK *ack >BYE *bye *failed sdh.close *terminated");
  assert_cause (fixture, SIP_CAUSE_BAD_MEDIA_DESCRIPTION, "Bad Media Description");
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0),
                            "Reason: SIP;cause=400;text=\"Missing session description\""));
}

static void
test_unusable_answer (Fixture *fixture, gconstpointer data)
{
  fixture->plan.set_error = g_error_new_literal (SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION, "no");
  fixture_call (fixture, NULL);
  fixture_expect (fixture, SENT);
  fixture_answer (fixture, 200, "v=0 ANSWER");
  fixture_expect (fixture, "sdh.set >ACK *ack >BYE *bye *failed sdh.close *terminated");
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), "Reason: SIP;cause=488"));
}

static void
test_answer_in_183 (Fixture *fixture, gconstpointer data)
{
  fixture_call (fixture, NULL);
  fixture_answer (fixture, 183, "v=0 ANSWER");
  fixture_expect (fixture, SENT " *progress sdh.set *directionChanged");
  fixture_answer (fixture, 200, NULL);
  fixture_expect (fixture, ">ACK *ack *accepted");
}

static void
test_without_offer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipOptions) options =
      g_object_new (SIP_TYPE_OPTIONS, "invite-without-sdp", TRUE, NULL);

  fixture_call (fixture, options);
  fixture_expect (fixture, ">INVITE ua*inviteSent");
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), "Content-Length: 0\r\n"));
  fixture_answer (fixture, 200, "v=0 OFFER");
  fixture_expect (fixture, "*SessionDescriptionHandler-created sdh.set sdh.get *directionChanged "
                           ">ACK *ack *accepted");
  g_assert_true (g_str_has_suffix (fixture_get_sent (fixture, 0), "\r\n\r\nv=0 ANSWER"));
}

static void
test_wire_cut (Fixture *fixture, gconstpointer data)
{
  peer_wire_fail_next (fixture->wire, 1);
  fixture_call (fixture, NULL);
  fixture_expect (fixture, "*SessionDescriptionHandler-created sdh.get *rejected *failed sdh.close "
                           "*terminated");
  assert_cause (fixture, SIP_CAUSE_CONNECTION_ERROR, "Connection Error");
}

static void
test_remote_bye (Fixture *fixture, gconstpointer data)
{
  fixture_connected_call (fixture);
  fixture_request (fixture, "BYE", 5, NULL);
  fixture_expect (fixture, ">200 *bye sdh.close *terminated");
  assert_cause (fixture, SIP_CAUSE_BYE, "BYE");
  g_assert_cmpstr (sip_message_get_method (fixture->last_message), ==, "BYE");
}

static void
test_bye_with_wrong_tag (Fixture *fixture, gconstpointer data)
{
  g_autofree char *from = NULL, *call_id = NULL, *bye = NULL;
  const char *invite;

  fixture_connected_call (fixture);
  invite = fixture_find_sent (fixture, "INVITE ");
  from = peer_text_header (invite, "From");
  call_id = peer_text_header (invite, "Call-ID");
  bye = peer_text_request ("BYE", "sip:alice@example.org", "SIP/2.0/UDP 192.0.2.66;branch=z9hG4bKm",
                           "<sip:bob@example.org>;tag=mallory", from, call_id, 9, NULL, NULL, NULL);
  fixture_receive (fixture, bye);
  fixture_expect (fixture, ">481");
  assert_status (fixture, SIP_SESSION_STATUS_CONFIRMED);
}

static void
test_old_cseq (Fixture *fixture, gconstpointer data)
{
  fixture_connected_call (fixture);
  fixture_request (fixture, "INFO", 7, "Signal=1\r\nDuration=100");
  fixture_expect (fixture, ">200 *dtmf");
  fixture_request (fixture, "BYE", 6, NULL);
  fixture_expect (fixture, ">500");
}

static void
test_after_the_end (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture_connected_call (fixture);
  g_assert_true (sip_session_bye (fixture->session, NULL, NULL));
  fixture_expect (fixture, ">BYE *bye sdh.close *terminated");
  g_assert_true (sip_session_bye (fixture->session, NULL, NULL));
  g_assert_true (sip_session_terminate (fixture->session, NULL, NULL));
  g_assert_false (sip_session_dtmf (fixture->session, "1", NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_STATE);
  g_clear_error (&error);
  g_assert_false (sip_invite_client_context_cancel (client (fixture), NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_STATE);
}

static void
test_early_verbs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture_call (fixture, NULL);
  fixture_expect (fixture, SENT);
  g_assert_false (sip_session_bye (fixture->session, NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_STATE);
  g_clear_error (&error);
  g_assert_false (sip_session_dtmf (fixture->session, "1", NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_STATE);
  fixture_answer (fixture, 404, NULL);
  fixture_expect (fixture, ">ACK *rejected *failed sdh.close *terminated");
}

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
  assert_cause (fixture, SIP_CAUSE_AUTHENTICATION_ERROR, "Authentication Error");
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

static void
on_progress_terminate (SipSession *session, SipMessage *response, char *words, gpointer data)
{
  g_assert_true (sip_session_terminate (session, NULL, NULL));
}

static void
test_terminate_inside_signal (Fixture *fixture, gconstpointer data)
{
  fixture_call (fixture, NULL);
  fixture_expect (fixture, SENT);
  g_signal_connect (fixture->session, "progress", G_CALLBACK (on_progress_terminate), NULL);
  fixture_answer (fixture, 180, NULL);
  fixture_expect (fixture, "*progress >CANCEL sdh.close *cancel");
  fixture_answer (fixture, 487, NULL);
  fixture_expect (fixture, ">ACK *rejected *failed *terminated");
}

static void
test_insecure_media_hangs_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (SIP_ERROR, SIP_ERROR_NOT_SECURE, "tampered");

  fixture_connected_call (fixture);
  g_signal_emit_by_name (fixture->handler, "failed", error);
  fixture_expect (fixture, "*mediaFailed >BYE *bye sdh.close *terminated");
  g_assert_cmpint (sip_session_get_cause (fixture->session), ==, SIP_CAUSE_NOT_SECURE);
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), "Reason: SIP;cause=488"));
}

static void
test_stop_while_ringing (Fixture *fixture, gconstpointer data)
{
  fixture_call (fixture, NULL);
  fixture_answer (fixture, 180, NULL);
  fixture_expect (fixture, SENT " *progress");
  sip_ua_stop_async (fixture->ua, NULL, NULL);
  fixture_expect (fixture, ">CANCEL sdh.close *cancel");
  fixture_answer_with (fixture, fixture_find_sent (fixture, "CANCEL "), 200, "bob", NULL, NULL);
  fixture_answer (fixture, 487, NULL);
  fixture_expect (fixture, ">ACK *rejected *failed *terminated ua*stopped");
}

static void
test_stop_without_answer (Fixture *fixture, gconstpointer data)
{
  fixture_call (fixture, NULL);
  fixture_expect (fixture, SENT);
  sip_ua_stop_async (fixture->ua, NULL, NULL);
  fixture_expect (fixture, "sdh.close *cancel");
  fixture_advance (fixture, 2100);
  fixture_expect (fixture, ">INVITE >INVITE *terminated ua*stopped");
}

static const struct {
  const char *path;
  void (*test) (Fixture *fixture, gconstpointer data);
  const FixtureSetting *setting;
} cases[] = {
    {"answered", test_answered, NULL},
    {"nothing-before-return", test_nothing_before_return, NULL},
    {"refused", test_refused, NULL},
    {"terminate-confirmed", test_terminate_confirmed, NULL},
    {"no-response", test_no_response, NULL},
    {"no-response-on-stream", test_no_response_on_stream, &(FixtureSetting){"WS", NULL}},
    {"retransmitted-responses", test_retransmitted_responses, NULL},
    {"fork", test_fork, NULL},
    {"fork-late", test_fork_late, NULL},
    {"cancel/and-forget", test_cancel_and_forget, NULL},
    {"cancel/and-taken", test_cancel_and_taken, NULL},
    {"cancel/and-taken-on-stream", test_cancel_and_taken, &(FixtureSetting){"WS", NULL}},
    {"cancel/before-sending", test_cancel_before_sending, NULL},
    {"cancel/while-media-works", test_cancel_while_media_works, NULL},
    {"cancel/while-ringing", test_cancel_while_ringing, NULL},
    {"cancel/waits-for-provisional", test_cancel_waits_for_provisional, NULL},
    {"cancel/crosses-answer", test_cancel_crosses_answer, NULL},
    {"cancel/never-answered", test_cancel_never_answered, NULL},
    {"cancel/bad-changes-nothing", test_bad_cancel_changes_nothing, NULL},
    {"silence-after-ringing", test_silence_after_ringing, NULL},
    {"no-media", test_no_media, NULL},
    {"no-answer-in-200", test_no_answer_in_200, NULL},
    {"unusable-answer", test_unusable_answer, NULL},
    {"answer-in-183", test_answer_in_183, NULL},
    {"without-offer", test_without_offer, NULL},
    {"wire-cut", test_wire_cut, NULL},
    {"remote-bye", test_remote_bye, NULL},
    {"bye-with-wrong-tag", test_bye_with_wrong_tag, NULL},
    {"old-cseq", test_old_cseq, NULL},
    {"after-the-end", test_after_the_end, NULL},
    {"early-verbs", test_early_verbs, NULL},
    {"header-injection", test_header_injection, NULL},
    {"options-stay-the-callers", test_options_stay_the_callers, NULL},
    {"anonymous", test_anonymous, NULL},
    {"challenge", test_challenge, &with_password},
    {"wrong-password", test_wrong_password, &with_password},
    {"asserted-identity", test_asserted_identity, NULL},
    {"terminate-inside-signal", test_terminate_inside_signal, NULL},
    {"insecure-media", test_insecure_media_hangs_up, NULL},
    {"stop/while-ringing", test_stop_while_ringing, NULL},
    {"stop/without-answer", test_stop_without_answer, NULL},
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/client/", cases[i].path, NULL);

    g_test_add (path, Fixture, cases[i].setting, fixture_set_up, cases[i].test, fixture_tear_down);
  }
  return g_test_run ();
}
