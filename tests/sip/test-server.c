/* test-server.c - calls that come in: what is on the wire, what is heard, in order */

#include "fixture.h"

#include "sip-error.h"
#include "sip-ua-private.h"

#include <string.h>

static void
test_answered (Fixture *fixture, gconstpointer data)
{
  g_autofree char *ringing_to = NULL, *answer_to = NULL;
  const char *answer;

  fixture_be_called (fixture);
  fixture_assert_status (fixture, SIP_SESSION_STATUS_WAITING_FOR_ANSWER);
  g_assert_cmpstr (sip_session_get_id (fixture->session), ==, "callid@bobbobtag");
  g_assert_cmpstr (
      sip_name_addr_get_display_name (sip_session_get_remote_identity (fixture->session)), ==,
      "Bob");
  ringing_to = peer_text_header (fixture_get_sent (fixture, 0), "To");
  fixture_accept (fixture);
  fixture_assert_status (fixture, SIP_SESSION_STATUS_ANSWERED);
  fixture_expect (fixture, "*SessionDescriptionHandler-created sdh.set sdh.get *directionChanged "
                           ">200 *accepted");
  fixture_assert_status (fixture, SIP_SESSION_STATUS_WAITING_FOR_ACK);
  answer = fixture_get_sent (fixture, 0);
  answer_to = peer_text_header (answer, "To");
  g_assert_cmpstr (ringing_to, ==, answer_to);
  g_assert_true (g_str_has_suffix (answer, "\r\n\r\nv=0 ANSWER"));
  g_assert_nonnull (strstr (answer, "\r\nContact: <sip:"));
  g_assert_nonnull (strstr (answer, "\r\nAllow: "));
  fixture_request (fixture, "ACK", 1, NULL);
  fixture_expect (fixture, "*confirmed");
  fixture_assert_status (fixture, SIP_SESSION_STATUS_CONFIRMED);
  fixture_advance (fixture, 40000);
  fixture_expect (fixture, "");
  fixture_request (fixture, "BYE", 2, NULL);
  fixture_expect (fixture, ">200 *bye sdh.close *terminated");
  fixture_assert_cause (fixture, SIP_CAUSE_BYE, "BYE");
}

static void
test_local_bye (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipOptions) options = g_object_new (SIP_TYPE_OPTIONS, "status-code", 486, NULL);

  fixture_answered_call (fixture);
  g_assert_true (sip_session_bye (fixture->session, options, NULL));
  fixture_expect (fixture, ">BYE *bye sdh.close *terminated");
  g_assert_true (
      g_str_has_prefix (fixture_get_sent (fixture, 0), "BYE sip:bob@192.0.2.9 SIP/2.0\r\n"));
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), "\r\nCSeq: 1 BYE\r\n"));
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), "Reason: SIP;cause=486"));
}

static void
test_routes (Fixture *fixture, gconstpointer data)
{
  const char *bye;

  fixture_ring (fixture, "Record-Route: <sip:p2.example.org;lr>, <sip:p1.example.org;lr>\r\n",
                "v=0 OFFER");
  fixture_accept (fixture);
  fixture_drain ();
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), "\r\nRecord-Route: <sip:p2"));
  fixture_request (fixture, "ACK", 1, NULL);
  fixture_expect (fixture, FIXTURE_RINGING " *SessionDescriptionHandler-created sdh.set sdh.get "
                                           "*directionChanged >200 *accepted *confirmed");
  g_assert_true (sip_session_bye (fixture->session, NULL, NULL));
  fixture_expect (fixture, ">BYE *bye sdh.close *terminated");
  bye = fixture_get_sent (fixture, 0);
  g_assert_nonnull (
      strstr (bye, "Route: <sip:p2.example.org;lr>\r\nRoute: <sip:p1.example.org;lr>\r\n"));
}

static void
test_retransmitted_invite (Fixture *fixture, gconstpointer data)
{
  fixture_be_called (fixture);
  fixture_ring (fixture, NULL, "v=0 OFFER");
  fixture_expect (fixture, ">180");
  fixture_accept (fixture);
  fixture_expect (fixture, "*SessionDescriptionHandler-created sdh.set sdh.get *directionChanged "
                           ">200 *accepted");
  fixture_ring (fixture, NULL, "v=0 OFFER");
  fixture_expect (fixture, "");
  fixture_request (fixture, "ACK", 1, NULL);
  fixture_expect (fixture, "*confirmed");
}

static void
test_merged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *invite = peer_text_request (
      "INVITE", "sip:alice@example.org", "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKother;rport",
      "\"Bob\" <sip:bob@example.org>;tag=bobtag", "<sip:alice@example.org>", "callid@bob", 1,
      "Contact: <sip:bob@192.0.2.9>\r\n", NULL, NULL);

  fixture_be_called (fixture);
  fixture_receive (fixture, invite);
  fixture_expect (fixture, ">482");
}

static void
test_rings_on (Fixture *fixture, gconstpointer data)
{
  g_object_set (fixture->ua, "no-answer-timeout", 0, NULL);
  fixture_be_called (fixture);
  fixture_advance (fixture, 121000);
  fixture_expect (fixture, ">180 >180");
}

static void
test_no_ack (Fixture *fixture, gconstpointer data)
{
  fixture_be_called (fixture);
  fixture_accept (fixture);
  fixture_expect (fixture, "*SessionDescriptionHandler-created sdh.set sdh.get *directionChanged "
                           ">200 *accepted");
  fixture_advance (fixture, 31900);
  fixture_expect (fixture, ">200 >200 >200 >200 >200 >200 >200 >200 >200 >200");
  fixture_advance (fixture, 200);
  fixture_expect (fixture, ">BYE *bye sdh.close *terminated");
  fixture_assert_cause (fixture, SIP_CAUSE_NO_ACK, "No ACK");
}

static void
test_terminate_before_ack (Fixture *fixture, gconstpointer data)
{
  fixture_be_called (fixture);
  fixture_accept (fixture);
  fixture_expect (fixture, "*SessionDescriptionHandler-created sdh.set sdh.get *directionChanged "
                           ">200 *accepted");
  g_assert_true (sip_session_terminate (fixture->session, NULL, NULL));
  fixture_expect (fixture, "sdh.close");
  fixture_request (fixture, "ACK", 1, NULL);
  fixture_expect (fixture, ">BYE *bye *terminated");
}

static void
test_bye_before_ack (Fixture *fixture, gconstpointer data)
{
  fixture_be_called (fixture);
  fixture_accept (fixture);
  fixture_expect (fixture, "*SessionDescriptionHandler-created sdh.set sdh.get *directionChanged "
                           ">200 *accepted");
  fixture_request (fixture, "BYE", 2, NULL);
  fixture_expect (fixture, ">200 *bye sdh.close *terminated");
  fixture_advance (fixture, 40000);
  fixture_expect (fixture, "");
}

static void
test_early_bye (Fixture *fixture, gconstpointer data)
{
  fixture_be_called (fixture);
  fixture_request (fixture, "BYE", 2, NULL);
  fixture_expect (fixture, ">200 >487 *failed *terminated");
  fixture_assert_cause (fixture, SIP_CAUSE_BYE, "BYE");
}

static void
test_accept_twice (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture_be_called (fixture);
  fixture_accept (fixture);
  g_assert_false (sip_invite_server_context_accept (SIP_INVITE_SERVER_CONTEXT (fixture->session),
                                                    NULL, NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_STATE);
  fixture_expect (fixture, "*SessionDescriptionHandler-created sdh.set sdh.get *directionChanged "
                           ">200 *accepted");
  fixture_request (fixture, "ACK", 1, NULL);
  fixture_expect (fixture, "*confirmed");
}

static void
test_offerless (Fixture *fixture, gconstpointer data)
{
  fixture_ring (fixture, NULL, NULL);
  fixture_accept (fixture);
  fixture_expect (fixture,
                  FIXTURE_RINGING " *SessionDescriptionHandler-created sdh.get >200 *accepted");
  g_assert_true (g_str_has_suffix (fixture_get_sent (fixture, 0), "\r\n\r\nv=0 OFFER"));
  fixture_request (fixture, "ACK", 1, NULL);
  fixture_expect (fixture, "*confirmed >BYE *bye sdh.close *terminated");
}

/* What the media may refuse, and what the caller is told. */
typedef struct {
  int code;
  const char *log;
} MediaRefusal;

static const MediaRefusal media_refusals[] = {
    {SIP_ERROR_BAD_DESCRIPTION,
     "*SessionDescriptionHandler-created sdh.set >488 *failed sdh.close *terminated"},
    {SIP_ERROR_SESSION_DESCRIPTION_HANDLER,
     "*SessionDescriptionHandler-created sdh.set >500 *failed sdh.close *terminated"},
    {SIP_ERROR_UNSUPPORTED_CONTENT_TYPE,
     "*SessionDescriptionHandler-created sdh.set >415 *failed sdh.close *terminated"},
};

static void
test_media_refuses (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (media_refusals); i++) {
    g_autofree char *call_id = g_strdup_printf ("call%zu", i);
    g_autofree char *via = g_strdup_printf ("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKr%zu;rport", i);
    g_autofree char *invite =
        peer_text_request ("INVITE", "sip:alice@example.org", via, "<sip:bob@example.org>;tag=b",
                           "<sip:alice@example.org>", call_id, 1,
                           "Contact: <sip:bob@192.0.2.9>\r\n", SDP_TYPE, "v=0 OFFER");

    g_clear_object (&fixture->session);
    g_clear_object (&fixture->handler);
    g_clear_error (&fixture->plan.set_error);
    fixture->plan.set_error = g_error_new_literal (SIP_ERROR, media_refusals[i].code, "refused");
    fixture_receive (fixture, invite);
    fixture_expect (fixture, FIXTURE_RINGING);
    fixture_accept (fixture);
    fixture_expect (fixture, media_refusals[i].log);
    g_assert_cmpstr (fixture->last_words, ==, "refused");
  }
}

static void
test_wrong_body (Fixture *fixture, gconstpointer data)
{
  g_autofree char *invite = peer_text_request (
      "INVITE", "sip:alice@example.org", "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKw;rport",
      "<sip:bob@example.org>;tag=b", "<sip:alice@example.org>", "wrong", 1,
      "Contact: <sip:bob@192.0.2.9>\r\nContent-Disposition: session\r\n", "text/plain", "hello");

  fixture_receive (fixture, invite);
  fixture_expect (fixture, FIXTURE_RINGING);
  fixture_accept (fixture);
  fixture_expect (fixture, "*SessionDescriptionHandler-created >415 *failed sdh.close *terminated");
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), "\r\nAccept: application/sdp\r\n"));
}

static void
test_progress (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipOptions) options =
      g_object_new (SIP_TYPE_OPTIONS, "status-code", 182, "reason-phrase", "Queued", NULL);
  g_autoptr (SipOptions) bad = g_object_new (SIP_TYPE_OPTIONS, "status-code", 200, NULL);
  g_autoptr (GError) error = NULL;

  fixture_be_called (fixture);
  g_assert_true (sip_invite_server_context_progress (SIP_INVITE_SERVER_CONTEXT (fixture->session),
                                                     options, NULL));
  fixture_expect (fixture, ">182 *progress");
  g_assert_cmpstr (fixture->last_words, ==, "Queued");
  g_assert_false (sip_invite_server_context_progress (SIP_INVITE_SERVER_CONTEXT (fixture->session),
                                                      bad, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT);
  g_assert_true (sip_invite_server_context_reply (SIP_INVITE_SERVER_CONTEXT (fixture->session),
                                                  options, NULL));
  fixture_expect (fixture, ">182 *progress");
}

/* Requests outside a dialog: the start line's address, more headers, the answer. */
static const struct {
  const char *method;
  const char *uri;
  const char *headers;
  const char *answer;
} outside[] = {
    {"OPTIONS", "sip:alice@example.org", NULL, ">200"},
    {"OPTIONS", "sip:mallory@example.org", NULL, ">404"},
    {"OPTIONS", "tel:+123", NULL, ">416"},
    {"OPTIONS", "sip:alice@example.org", "Require: foo\r\n", ">420"},
    {"INVITE", "sip:alice@example.org", "Contact: <sip:b@c>\r\nRequire: precondition\r\n", ">420"},
    {"INVITE", "sip:alice@example.org", NULL, ">400"},
    {"REGISTER", "sip:example.org", NULL, ">405"},
    {"MESSAGE", "sip:alice@example.org", NULL, ">480"},
    {"BREW", "sip:alice@example.org", NULL, ">405"},
};

static void
test_outside_a_dialog (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (outside); i++) {
    g_autofree char *via = g_strdup_printf ("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKo%zu;rport", i);
    g_autofree char *text = peer_text_request (
        outside[i].method, outside[i].uri, via, "<sip:bob@example.org>;tag=b",
        "<sip:alice@example.org>", "outside", i + 1, outside[i].headers, NULL, NULL);

    fixture_receive (fixture, text);
    fixture_expect (fixture, outside[i].answer);
  }
}

static void
test_unknown_dialog (Fixture *fixture, gconstpointer data)
{
  g_autofree char *bye = peer_text_request (
      "BYE", "sip:alice@example.org", "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKu;rport",
      "<sip:bob@example.org>;tag=b", "<sip:alice@example.org>;tag=nobody", "x", 1, NULL, NULL,
      NULL);
  g_autofree char *ack = peer_text_request (
      "ACK", "sip:alice@example.org", "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKv;rport",
      "<sip:bob@example.org>;tag=b", "<sip:alice@example.org>;tag=nobody", "x", 1, NULL, NULL,
      NULL);

  fixture_receive (fixture, bye);
  fixture_expect (fixture, ">481");
  fixture_receive (fixture, ack);
  fixture_expect (fixture, "");
}

static void
test_too_many_ringing (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 9; i++) {
    g_autofree char *call_id = g_strdup_printf ("many%u", i);
    g_autofree char *via = g_strdup_printf ("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKm%u;rport", i);
    g_autofree char *invite = peer_text_request (
        "INVITE", "sip:alice@example.org", via, "<sip:bob@example.org>;tag=b",
        "<sip:alice@example.org>", call_id, 1, "Contact: <sip:bob@192.0.2.9>\r\n", NULL, NULL);

    fixture_receive (fixture, invite);
    fixture_expect (fixture, i < 8 ? FIXTURE_RINGING : ">486");
  }
  g_assert_cmpuint (sip_ua_get_n_sessions (fixture->ua), ==, 8);
  sip_ua_stop_async (fixture->ua, NULL, NULL);
  fixture_advance (fixture, 2500);
  g_assert_cmpuint (sip_ua_get_n_sessions (fixture->ua), ==, 0);
}

static void
on_accepted_terminate (SipSession *session, SipMessage *response, char *words, gpointer data)
{
  g_assert_true (sip_session_terminate (session, NULL, NULL));
}

static void
test_terminate_inside_accepted (Fixture *fixture, gconstpointer data)
{
  fixture_be_called (fixture);
  g_signal_connect (fixture->session, "accepted", G_CALLBACK (on_accepted_terminate), NULL);
  fixture_accept (fixture);
  fixture_expect (fixture, "*SessionDescriptionHandler-created sdh.set sdh.get *directionChanged "
                           ">200 *accepted sdh.close");
  fixture_request (fixture, "ACK", 1, NULL);
  fixture_expect (fixture, ">BYE *bye *terminated");
}

static void
test_stop_while_ringing (Fixture *fixture, gconstpointer data)
{
  fixture_be_called (fixture);
  sip_ua_stop_async (fixture->ua, NULL, NULL);
  fixture_expect (fixture, ">480 *rejected *failed *terminated ua*stopped");
}

static const FixtureCase cases[] = {
    {"answered", test_answered},
    {"local-bye", test_local_bye},
    {"routes", test_routes},
    {"retransmitted-invite", test_retransmitted_invite},
    {"merged", test_merged},
    {"rings-on", test_rings_on},
    {"no-ack", test_no_ack},
    {"terminate-before-ack", test_terminate_before_ack},
    {"bye-before-ack", test_bye_before_ack},
    {"early-bye", test_early_bye},
    {"accept-twice", test_accept_twice},
    {"offerless", test_offerless},
    {"media-refuses", test_media_refuses},
    {"wrong-body", test_wrong_body},
    {"progress", test_progress},
    {"outside-a-dialog", test_outside_a_dialog},
    {"unknown-dialog", test_unknown_dialog},
    {"too-many-ringing", test_too_many_ringing},
    {"terminate-inside-accepted", test_terminate_inside_accepted},
    {"stop-while-ringing", test_stop_while_ringing},
};

int
main (int argc, char **argv)
{
  return fixture_run (argc, argv, "server", cases, G_N_ELEMENTS (cases));
}
