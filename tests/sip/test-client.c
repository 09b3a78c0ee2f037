/* test-client.c - calls that this side places: what is on the wire, what is heard, in order */

#include "fixture.h"

#include "sip-error.h"

#include <string.h>

#define SENT "*SessionDescriptionHandler-created sdh.get >INVITE ua*inviteSent"

static void
test_answered (Fixture *fixture, gconstpointer data)
{
  g_autofree char *contact = NULL, *to = NULL;
  const char *invite;

  fixture_call (fixture, NULL);
  fixture_expect (fixture, SENT);
  fixture_assert_status (fixture, SIP_SESSION_STATUS_INVITE_SENT);
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
  fixture_assert_status (fixture, SIP_SESSION_STATUS_INVITE_SENT);
  fixture_answer (fixture, 180, NULL);
  fixture_expect (fixture, "*progress");
  fixture_assert_status (fixture, SIP_SESSION_STATUS_1XX_RECEIVED);
  fixture_answer (fixture, 200, "v=0 ANSWER");
  fixture_expect (fixture, "sdh.set *directionChanged >ACK *ack *accepted");
  fixture_assert_status (fixture, SIP_SESSION_STATUS_CONFIRMED);
  g_assert_nonnull (sip_session_get_start_time (fixture->session));
  g_assert_true (
      g_str_has_prefix (fixture_get_sent (fixture, 0), "ACK sip:bob@192.0.2.9 SIP/2.0\r\n"));
  contact = peer_text_header (invite, "Contact");
  g_assert_nonnull (strstr (contact, "sip:"));

  g_assert_true (sip_session_bye (fixture->session, NULL, NULL));
  fixture_expect (fixture, ">BYE *bye sdh.close *terminated");
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), "\r\nCSeq: 2 BYE\r\n"));
  fixture_assert_cause (fixture, SIP_CAUSE_NONE, NULL);
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
    fixture_assert_cause (fixture, refusals[i].cause, refusals[i].words);
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
  fixture_assert_cause (fixture, SIP_CAUSE_UNAVAILABLE, "Unavailable");
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
  fixture_assert_status (fixture, SIP_SESSION_STATUS_CONFIRMED);
  fixture_answer_with (fixture, fixture_get_sent (fixture, 0), 200, NULL, NULL, NULL);
  fixture_answer_with (fixture, invite, 200, "carol", NULL, "v=0 ANSWER");
  fixture_expect (fixture, ">ACK");
}

static void
test_no_media (Fixture *fixture, gconstpointer data)
{
  fixture->plan.get_error =
      g_error_new_literal (SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER, "no device");
  fixture_call (fixture, NULL);
  fixture_expect (fixture, "*SessionDescriptionHandler-created sdh.get *failed sdh.close "
                           "*terminated");
  fixture_assert_cause (fixture, SIP_CAUSE_WEBRTC_ERROR, "WebRTC Error");
  g_assert_cmpuint (fixture->sent->len, ==, 0);
}

static void
test_no_answer_in_200 (Fixture *fixture, gconstpointer data)
{
  fixture_call (fixture, NULL);
  fixture_expect (fixture, SENT);
  fixture_answer (fixture, 200, NULL);
  fixture_expect (fixture, ">ACK *ack >BYE *bye *failed sdh.close *terminated");
  fixture_assert_cause (fixture, SIP_CAUSE_BAD_MEDIA_DESCRIPTION, "Bad Media Description");
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
  fixture_assert_cause (fixture, SIP_CAUSE_CONNECTION_ERROR, "Connection Error");
}

static void
test_remote_bye (Fixture *fixture, gconstpointer data)
{
  fixture_connected_call (fixture);
  fixture_request (fixture, "BYE", 5, NULL);
  fixture_expect (fixture, ">200 *bye sdh.close *terminated");
  fixture_assert_cause (fixture, SIP_CAUSE_BYE, "BYE");
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
  fixture_assert_status (fixture, SIP_SESSION_STATUS_CONFIRMED);
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
  g_assert_false (sip_invite_client_context_cancel (SIP_INVITE_CLIENT_CONTEXT (fixture->session),
                                                    NULL, &error));
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

static const FixtureCase cases[] = {
    {"answered", test_answered},
    {"nothing-before-return", test_nothing_before_return},
    {"refused", test_refused},
    {"terminate-confirmed", test_terminate_confirmed},
    {"no-response", test_no_response},
    {"no-response-on-stream", test_no_response_on_stream, &(FixtureSetting){"WS", NULL}},
    {"retransmitted-responses", test_retransmitted_responses},
    {"fork", test_fork},
    {"no-media", test_no_media},
    {"no-answer-in-200", test_no_answer_in_200},
    {"unusable-answer", test_unusable_answer},
    {"answer-in-183", test_answer_in_183},
    {"without-offer", test_without_offer},
    {"wire-cut", test_wire_cut},
    {"remote-bye", test_remote_bye},
    {"bye-with-wrong-tag", test_bye_with_wrong_tag},
    {"old-cseq", test_old_cseq},
    {"after-the-end", test_after_the_end},
    {"early-verbs", test_early_verbs},
    {"terminate-inside-signal", test_terminate_inside_signal},
    {"insecure-media", test_insecure_media_hangs_up},
    {"stop/while-ringing", test_stop_while_ringing},
    {"stop/without-answer", test_stop_without_answer},
};

int
main (int argc, char **argv)
{
  return fixture_run (argc, argv, "client", cases, G_N_ELEMENTS (cases));
}
