/* fixture-call.c - calls of a user agent under test, placed and taken, and what bob says in them */

#include "fixture.h"

#include "sip-session-private.h"

#include <string.h>

/* Places a call to bob and lets the INVITE go out. */
void
fixture_call (Fixture *fixture, SipOptions *options)
{
  g_autoptr (GError) error = NULL;
  SipInviteClientContext *call =
      sip_ua_invite (fixture->ua, "sip:bob@example.org", options, NULL, &error);

  g_assert_no_error (error);
  fixture_watch (fixture, SIP_SESSION (call));
  g_object_unref (call);
  fixture_drain ();
}

/* Answers the last INVITE; @body: (nullable): a description. */
void
fixture_answer (Fixture *fixture, guint code, const char *body)
{
  fixture_answer_with (fixture, fixture_find_sent (fixture, "INVITE "), code,
                       code > 100 ? "bob" : NULL, NULL, body);
}

void
fixture_answer_with (Fixture *fixture,
                     const char *request,
                     guint code,
                     const char *tag,
                     const char *headers,
                     const char *body)
{
  g_autofree char *all =
      g_strconcat ("Contact: <sip:bob@192.0.2.9>\r\n", headers != NULL ? headers : "", NULL);
  g_autofree char *text =
      peer_text_response (request, code, tag, all, body != NULL ? SDP_TYPE : NULL, body);

  fixture_receive (fixture, text);
}

/* A call from bob comes in; @headers: (nullable): whole lines; @body: (nullable). */
void
fixture_ring (Fixture *fixture, const char *headers, const char *body)
{
  g_autofree char *all =
      g_strconcat ("Contact: <sip:bob@192.0.2.9>\r\n", headers != NULL ? headers : "", NULL);
  g_autofree char *text = peer_text_request (
      "INVITE", "sip:alice@example.org", "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKbob1;rport",
      "\"Bob\" <sip:bob@example.org>;tag=bobtag", "<sip:alice@example.org>", "callid@bob", 1, all,
      body != NULL ? SDP_TYPE : NULL, body);

  fixture_receive (fixture, text);
}

/* A request of bob inside the dialog of the call that he placed or answered.
 * @headers: (nullable): whole lines, with the type of @body where that is no description */
void
fixture_say (Fixture *fixture,
             const char *method,
             guint cseq,
             const char *headers,
             const char *body)
{
  SipDialog *dialog = sip_session_peek (fixture->session)->dialog;
  gboolean incoming = SIP_IS_INVITE_SERVER_CONTEXT (fixture->session);
  gboolean is_cancel = g_str_equal (method, "CANCEL");
  g_autofree char *from =
      g_strdup_printf ("<sip:bob@example.org>;tag=%s", incoming ? "bobtag" : "bob");
  g_autofree char *to = sip_message_get_header (sip_session_get_request (fixture->session), "From");
  g_autofree char *all =
      g_strconcat ("Contact: <sip:bob@192.0.2.9>\r\n", headers != NULL ? headers : "", NULL);
  g_autofree char *via =
      g_strdup_printf ("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK%s%ux;rport", method, cseq);
  g_autofree char *text = NULL;
  gboolean typed = headers != NULL && strstr (headers, "Content-Type:") != NULL;

  if (is_cancel) {
    g_free (via);
    via = g_strdup ("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKbob1;rport");
  }
  if (incoming) {
    g_free (to);
    to = is_cancel ? g_strdup ("<sip:alice@example.org>")
                   : g_strdup_printf ("<sip:alice@example.org>;tag=%s",
                                      sip_dialog_get_local_tag (dialog));
  }
  text = peer_text_request (method, "sip:alice@example.org", via, from, to,
                            sip_session_get_call_id (fixture->session), cseq, all,
                            body != NULL && !typed ? SDP_TYPE : NULL, body);
  fixture_receive (fixture, text);
}

/* The same, with tones for a body. */
void
fixture_request (Fixture *fixture, const char *method, guint cseq, const char *body)
{
  fixture_say (fixture, method, cseq,
               body != NULL ? "Content-Type: application/dtmf-relay\r\n" : NULL, body);
}

/* A call that we placed and bob answered. */
void
fixture_connected_call (Fixture *fixture)
{
  fixture_call (fixture, NULL);
  fixture_answer (fixture, 180, NULL);
  fixture_answer (fixture, 200, "v=0 ANSWER");
  fixture_expect (fixture, "*SessionDescriptionHandler-created sdh.get >INVITE ua*inviteSent "
                           "*progress sdh.set *directionChanged >ACK *ack *accepted");
}

/* A call that bob placed and we answered. */
void
fixture_answered_call (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture_ring (fixture, NULL, "v=0 OFFER");
  g_assert_true (sip_invite_server_context_accept (SIP_INVITE_SERVER_CONTEXT (fixture->session),
                                                   NULL, NULL, &error));
  g_assert_no_error (error);
  fixture_drain ();
  fixture_request (fixture, "ACK", 1, NULL);
  fixture_expect (fixture, ">100 >180 ua*invite *SessionDescriptionHandler-created sdh.set sdh.get "
                           "*directionChanged >200 *accepted *confirmed");
}

void
fixture_assert_status (Fixture *fixture, SipSessionStatus status)
{
  g_assert_cmpint (sip_session_get_status (fixture->session), ==, status);
}

void
fixture_assert_cause (Fixture *fixture, SipCause cause, const char *words)
{
  g_assert_cmpint (sip_session_get_cause (fixture->session), ==, cause);
  g_assert_cmpstr (fixture->last_words, ==, words);
}

/* Rings, with an offer. */
void
fixture_be_called (Fixture *fixture)
{
  fixture_ring (fixture, NULL, "v=0 OFFER");
  fixture_expect (fixture, FIXTURE_RINGING);
}

void
fixture_accept (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sip_invite_server_context_accept (SIP_INVITE_SERVER_CONTEXT (fixture->session),
                                                   NULL, NULL, &error));
  g_assert_no_error (error);
}
