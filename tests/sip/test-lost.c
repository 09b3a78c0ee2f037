/* test-lost.c - the stream to the server breaks in the middle of a call, and comes back or not
 *
 * The server is a socket that speaks plain text; the clock stands still but for what moves it.
 */

#include "fixture.h"
#include "peer-server.h"

#include "sip-endpoint-private.h"
#include "sip-error.h"
#include "sip-media-stats.h"
#include "sip-ua-private.h"

#include <string.h>

typedef struct {
  Fixture fixture;
  PeerServer *server;
  char *address;
  FixtureSetting setting;
} Lost;

/* A REGISTER is answered at once; all else by the test. */
static void
on_text (PeerServer *server, const char *text, gpointer user_data)
{
  Lost *lost = user_data;
  g_autofree char *response = NULL;
  g_auto (GStrv) words = g_strsplit_set (text, " \r", 3);

  g_string_append_printf (lost->fixture.log, "%s>%s", lost->fixture.log->len > 0 ? " " : "",
                          g_str_equal (words[0], "SIP/2.0") ? words[1] : words[0]);
  g_ptr_array_add (lost->fixture.sent, g_strdup (text));
  if (g_str_equal (words[0], "REGISTER")) {
    g_autofree char *contact = peer_text_header (text, "Contact");
    g_autofree char *headers = g_strdup_printf ("Contact: %s;expires=600\r\n", contact);

    response = peer_text_response (text, 200, "server", headers, NULL, NULL);
    peer_server_say (server, response);
  }
}

static void
set_up (Lost *lost, gconstpointer data)
{
  lost->server = peer_server_new ("TCP", on_text, lost);
  lost->address =
      g_strdup_printf ("sip:127.0.0.1:%u;transport=tcp", peer_server_get_port (lost->server));
  lost->setting.protocol = "TCP";
  lost->setting.server = lost->address;
  fixture_set_up (&lost->fixture, &lost->setting);
  WAIT_FOR (fixture_saw (&lost->fixture, "ua*registered"));
  fixture_expect (&lost->fixture, "ua*connected >REGISTER ua*registered");
}

static void
tear_down (Lost *lost, gconstpointer data)
{
  fixture_tear_down (&lost->fixture, &lost->setting);
  peer_server_free (lost->server);
  g_free (lost->address);
}

/* The server goes away, and the user agent sees it. */
static void
lose (Lost *lost)
{
  peer_server_hang_up (lost->server);
  WAIT_FOR (fixture_saw (&lost->fixture, "ua*disconnected"));
}

/* It tries again within a second and a half, and registers in two. */
static void
come_back (Lost *lost)
{
  fixture_advance (&lost->fixture, 2000);
  WAIT_FOR (fixture_saw (&lost->fixture, "ua*registered"));
}

static void
answer (Lost *lost, const char *request, guint code, const char *body)
{
  g_autofree char *text = peer_text_response (
      fixture_find_sent (&lost->fixture, request), code, "bobtag",
      "Contact: <sip:bob@192.0.2.7;transport=tcp>\r\nAllow: INVITE, ACK, BYE, UPDATE\r\n",
      body != NULL ? SDP_TYPE : NULL, body);

  peer_server_say (lost->server, text);
}

static void
place (Lost *lost)
{
  Fixture *fixture = &lost->fixture;
  g_autoptr (SipInviteClientContext) call =
      sip_ua_invite (fixture->ua, "sip:bob@example.org", NULL, NULL, NULL);

  fixture_watch (fixture, SIP_SESSION (call));
  WAIT_FOR (fixture_saw (&lost->fixture, ">INVITE"));
}

static void
place_and_talk (Lost *lost)
{
  place (lost);
  answer (lost, "INVITE", 200, "v=0 ANSWER");
  WAIT_FOR (fixture_saw (&lost->fixture, "*accepted") && fixture_saw (&lost->fixture, ">ACK"));
  g_string_truncate (lost->fixture.log, 0);
}

static void
assert_status (Lost *lost, SipSessionStatus status)
{
  g_assert_cmpint (sip_session_get_status (lost->fixture.session), ==, status);
}

static char *
dup_contact (Lost *lost)
{
  return peer_text_header (fixture_find_sent (&lost->fixture, "REGISTER "), "Contact");
}

/* Begins at a port that is ours alone: the system may give us one that something else of this
 * machine has, too, to another server, and to such a one nobody comes back.
 */
static void
find_place (Lost *lost)
{
  gboolean is_ours = FALSE;

  for (guint i = 0; i < 50 && !is_ours; i++) {
    g_autofree char *before = dup_contact (lost), *after = NULL;

    lose (lost);
    come_back (lost);
    after = dup_contact (lost);
    is_ours = g_str_equal (before, after);
    fixture_advance (&lost->fixture, 125 * 1000); /* that way is a good one: the next try is soon */
    g_string_truncate (lost->fixture.log, 0);
  }
  g_assert_true (is_ours);
}

/* The call goes on, from the same place, and the other side is told of it. */
static void
test_talking (Lost *lost, gconstpointer data)
{
  Fixture *fixture = &lost->fixture;
  g_autofree char *before = NULL, *after = NULL;

  find_place (lost);
  before = dup_contact (lost);
  place_and_talk (lost);
  lose (lost);
  fixture_expect (fixture, "ua*unregistered ua*disconnected");
  assert_status (lost, SIP_SESSION_STATUS_CONFIRMED);
  come_back (lost);
  WAIT_FOR (fixture_saw (&lost->fixture, ">UPDATE"));
  after = dup_contact (lost);
  g_assert_cmpstr (before, ==, after);
  g_assert_nonnull (strstr (fixture->log->str, "ua*connected"));
  g_assert_nonnull (strstr (fixture_find_sent (fixture, "UPDATE "), "\r\nContact: <sip:"));
  answer (lost, "UPDATE", 200, NULL);
  g_string_truncate (fixture->log, 0);
  g_assert_true (sip_session_bye (fixture->session, NULL, NULL));
  WAIT_FOR (fixture_saw (&lost->fixture, ">BYE"));
  answer (lost, "BYE", 200, NULL);
  fixture_expect (fixture, "*bye sdh.close *terminated >BYE");
}

/* Where the network is another one, so is the place of the media: the other side is told with an
 * offer, until it takes it.
 */
static void
move (Lost *lost)
{
  place_and_talk (lost);
  lost->fixture.plan.moves = TRUE;
  lose (lost);
  come_back (lost);
  WAIT_FOR (fixture_saw (&lost->fixture, ">INVITE"));
  g_assert_nonnull (strstr (lost->fixture.log->str, "ua*connected"));
  g_assert_nonnull (strstr (lost->fixture.log->str, "sdh.move sdh.get"));
  g_assert_nonnull (strstr (fixture_find_sent (&lost->fixture, "INVITE "), "v=0 OFFER"));
  g_string_truncate (lost->fixture.log, 0);
}

/* The call is on, until now. */
static void
end_call (Lost *lost)
{
  assert_status (lost, SIP_SESSION_STATUS_CONFIRMED);
  g_assert_true (sip_session_bye (lost->fixture.session, NULL, NULL));
  WAIT_FOR (fixture_saw (&lost->fixture, ">BYE"));
  g_string_truncate (lost->fixture.log, 0);
}

static void
test_moved (Lost *lost, gconstpointer data)
{
  Fixture *fixture = &lost->fixture;

  move (lost);
  g_assert_true (sip_session_get_moving (fixture->session));
  answer (lost, "INVITE", 200, "v=0 ANSWER");
  WAIT_FOR (fixture_saw (fixture, ">ACK"));
  WAIT_FOR (fixture_saw (fixture, "*reinviteAccepted"));
  g_assert_false (sip_session_get_moving (fixture->session));
  fixture_advance (fixture, 31 * 1000);
  end_call (lost);
}

/* It is busy at first, and gets the offer again, which it takes. */
static void
test_moved_and_refused (Lost *lost, gconstpointer data)
{
  Fixture *fixture = &lost->fixture;

  move (lost);
  for (guint i = 0; i < 3; i++) {
    answer (lost, "INVITE", 500, NULL);
    WAIT_FOR (fixture_saw (fixture, ">ACK"));
    g_string_truncate (fixture->log, 0);
    fixture_advance (fixture, 4100);
    WAIT_FOR (fixture_saw (fixture, ">INVITE"));
  }
  answer (lost, "INVITE", 200, "v=0 ANSWER");
  WAIT_FOR (fixture_saw (fixture, "*reinviteAccepted"));
  end_call (lost);
}

/* A call in which nobody can be heard any more ends. */
static void
test_moved_in_vain (Lost *lost, gconstpointer data)
{
  Fixture *fixture = &lost->fixture;

  move (lost);
  fixture_advance (fixture, 28 * 1000); /* a second or so is gone */
  assert_status (lost, SIP_SESSION_STATUS_CONFIRMED);
  fixture_advance (fixture, 2 * 1000);
  WAIT_FOR (fixture_saw (fixture, ">BYE"));
  g_assert_nonnull (strstr (fixture->log->str, "*bye sdh.close *terminated"));
  g_assert_cmpint (sip_session_get_cause (fixture->session), ==, SIP_CAUSE_CONNECTION_ERROR);
  g_string_truncate (fixture->log, 0);
}

/* What was offered while their phone rang is put right when it is answered. */
static void
test_moved_while_ringing (Lost *lost, gconstpointer data)
{
  Fixture *fixture = &lost->fixture;

  place (lost);
  answer (lost, "INVITE", 180, NULL);
  WAIT_FOR (fixture_saw (fixture, "*progress"));
  fixture->plan.moves = TRUE;
  lose (lost);
  come_back (lost);
  g_string_truncate (fixture->log, 0);
  answer (lost, "INVITE", 200, "v=0 ANSWER");
  WAIT_FOR (fixture_saw (fixture, "*accepted"));
  WAIT_FOR (fixture_saw (fixture, ">INVITE"));
  answer (lost, "INVITE", 200, "v=0 ANSWER");
  WAIT_FOR (fixture_saw (fixture, "*reinviteAccepted"));
  sip_session_terminate (fixture->session, NULL, NULL);
  WAIT_FOR (fixture_saw (fixture, ">BYE"));
  g_string_truncate (fixture->log, 0);
}

/* What media tells of itself. */
static void
tell (Lost *lost, const char *news, guint received, SipMediaTrouble trouble)
{
  g_autoptr (SipMediaStats) stats = g_object_new (SIP_TYPE_MEDIA_STATS, "packets-received",
                                                  (guint64)received, "trouble", trouble, NULL);

  g_signal_emit_by_name (sip_session_get_session_description_handler (lost->fixture.session), news,
                         stats);
}

static void
hear (Lost *lost, guint received, SipMediaTrouble trouble)
{
  tell (lost, "statsChanged", received, trouble);
}

static void
lose_way_for_now (Lost *lost)
{
  hear (lost, 100, SIP_MEDIA_TROUBLE_NOTHING_ARRIVES);
  tell (lost, "wayLost", 100, SIP_MEDIA_TROUBLE_NOTHING_ARRIVES);
}

static void
lose_way (Lost *lost)
{
  lose_way_for_now (lost);
  WAIT_FOR (fixture_saw (&lost->fixture, ">INVITE"));
  g_assert_true (sip_session_get_moving (lost->fixture.session));
  answer (lost, "INVITE", 200, "v=0 ANSWER");
  WAIT_FOR (fixture_saw (&lost->fixture, "*reinviteAccepted"));
  g_string_truncate (lost->fixture.log, 0);
}

/* Nothing comes any more, and media knows another way: it is found once something comes. */
static void
test_way_lost (Lost *lost, gconstpointer data)
{
  place_and_talk (lost);
  lost->fixture.plan.moves = TRUE;
  lose_way (lost);
  hear (lost, 100, SIP_MEDIA_TROUBLE_NONE);
  g_assert_true (sip_session_get_moving (lost->fixture.session));
  hear (lost, 101, SIP_MEDIA_TROUBLE_NONE);
  g_assert_false (sip_session_get_moving (lost->fixture.session));
  fixture_advance (&lost->fixture, 31 * 1000);
  end_call (lost);
}

/* Messages go the way that they went, and media has to go another one. */
static void
test_media_moved_alone (Lost *lost, gconstpointer data)
{
  Fixture *fixture = &lost->fixture;

  place_and_talk (lost);
  fixture->plan.moves = TRUE;
  g_signal_emit_by_name (g_network_monitor_get_default (), "network-changed", TRUE);
  fixture_advance (fixture, 1000);
  WAIT_FOR (fixture_saw (fixture, ">INVITE"));
  fixture_expect (fixture, "sdh.move sdh.get >INVITE");
  answer (lost, "INVITE", 200, "v=0 ANSWER");
  WAIT_FOR (fixture_saw (fixture, "*reinviteAccepted"));
  g_assert_false (sip_session_get_moving (fixture->session));
  g_string_truncate (fixture->log, 0);
  end_call (lost);
}

/* However often the other side agrees, there has to be sound in the end. */
static void
test_way_lost_in_vain (Lost *lost, gconstpointer data)
{
  Fixture *fixture = &lost->fixture;

  place_and_talk (lost);
  fixture->plan.moves = TRUE;
  for (guint i = 0; i < 3; i++) {
    lose_way (lost);
    fixture_advance (fixture, 9 * 1000);
  }
  assert_status (lost, SIP_SESSION_STATUS_CONFIRMED);
  fixture_advance (fixture, 3 * 1000);
  WAIT_FOR (fixture_saw (fixture, ">BYE"));
  g_assert_cmpint (sip_session_get_cause (fixture->session), ==, SIP_CAUSE_CONNECTION_ERROR);
  g_string_truncate (fixture->log, 0);
}

/* There is no other way yet. */
static void
test_way_lost_for_now (Lost *lost, gconstpointer data)
{
  Fixture *fixture = &lost->fixture;

  place_and_talk (lost);
  fixture->plan.moves = TRUE;
  fixture->plan.get_error = g_error_new_literal (SIP_ERROR, SIP_ERROR_RELAY, "It is away");
  lose_way_for_now (lost);
  WAIT_FOR (fixture_saw (fixture, "sdh.get sdh.rollback"));
  g_string_truncate (fixture->log, 0);
  fixture_advance (fixture, 4100);
  WAIT_FOR (fixture_saw (fixture, "sdh.get sdh.rollback"));
  g_clear_error (&fixture->plan.get_error);
  fixture_advance (fixture, 4100);
  WAIT_FOR (fixture_saw (fixture, ">INVITE"));
  answer (lost, "INVITE", 200, "v=0 ANSWER");
  WAIT_FOR (fixture_saw (fixture, "*reinviteAccepted"));
  hear (lost, 101, SIP_MEDIA_TROUBLE_NONE);
  g_assert_false (sip_session_get_moving (fixture->session));
  end_call (lost);
}

/* Media does not call it lost, or knows no other one: the call stays as it is. */
static void
test_way_kept (Lost *lost, gconstpointer data)
{
  place_and_talk (lost);
  lost->fixture.plan.moves = TRUE;
  hear (lost, 100, SIP_MEDIA_TROUBLE_NOTHING_ARRIVES);
  lost->fixture.plan.moves = FALSE;
  lose_way_for_now (lost);
  g_assert_false (sip_session_get_moving (lost->fixture.session));
  fixture_expect (&lost->fixture, "");
  end_call (lost);
}

/* Nobody comes back for 64*T1. */
static void
test_talking_for_good (Lost *lost, gconstpointer data)
{
  Fixture *fixture = &lost->fixture;

  place_and_talk (lost);
  peer_server_stop (lost->server);
  lose (lost);
  fixture_advance (fixture, 31999);
  assert_status (lost, SIP_SESSION_STATUS_CONFIRMED);
  fixture_advance (fixture, 1);
  WAIT_FOR (fixture_saw (&lost->fixture, "*terminated"));
  g_assert_null (strstr (fixture->log->str, "*failed"));
  g_assert_cmpint (sip_session_get_cause (fixture->session), ==, SIP_CAUSE_CONNECTION_ERROR);
  g_string_truncate (fixture->log, 0);
}

/* Their phone rings on, and its answer comes the new way. */
static void
test_placed_and_ringing (Lost *lost, gconstpointer data)
{
  Fixture *fixture = &lost->fixture;

  place (lost);
  answer (lost, "INVITE", 180, NULL);
  WAIT_FOR (fixture_saw (&lost->fixture, "*progress"));
  g_string_truncate (fixture->log, 0);
  lose (lost);
  fixture_expect (fixture, "ua*unregistered ua*disconnected");
  come_back (lost);
  assert_status (lost, SIP_SESSION_STATUS_1XX_RECEIVED);
  g_string_truncate (fixture->log, 0);
  answer (lost, "INVITE", 200, "v=0 ANSWER");
  WAIT_FOR (fixture_saw (&lost->fixture, ">ACK"));
  fixture_expect (fixture, "sdh.set *directionChanged *ack *accepted >ACK");
  sip_session_terminate (fixture->session, NULL, NULL);
  WAIT_FOR (fixture_saw (&lost->fixture, ">BYE"));
  g_string_truncate (fixture->log, 0);
}

static void
ring (Lost *lost)
{
  Fixture *fixture = &lost->fixture;
  g_autofree char *text = peer_text_request (
      "INVITE", "sip:alice@example.org", "SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKring",
      "<sip:bob@example.org>;tag=bobtag", "<sip:alice@example.org>", "callid@bob", 1,
      "Contact: <sip:bob@192.0.2.7;transport=tcp>\r\n", SDP_TYPE, "v=0 OFFER");

  peer_server_say (lost->server, text);
  WAIT_FOR (fixture_saw (&lost->fixture, ">180"));
  fixture_expect (fixture, "ua*invite >100 >180");
}

/* Ours rings on, and the answer leaves the new way. */
static void
test_ringing (Lost *lost, gconstpointer data)
{
  Fixture *fixture = &lost->fixture;
  g_autofree char *ack = NULL, *to = NULL;

  ring (lost);
  lose (lost);
  fixture_expect (fixture, "ua*unregistered ua*disconnected");
  assert_status (lost, SIP_SESSION_STATUS_WAITING_FOR_ANSWER);
  come_back (lost);
  g_string_truncate (fixture->log, 0);
  g_assert_true (sip_invite_server_context_accept (SIP_INVITE_SERVER_CONTEXT (fixture->session),
                                                   NULL, NULL, NULL));
  WAIT_FOR (fixture_saw (&lost->fixture, ">200"));
  to = peer_text_header (fixture_get_sent (fixture, 0), "To");
  ack =
      peer_text_request ("ACK", "sip:alice@example.org", "SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKack",
                         "<sip:bob@example.org>;tag=bobtag", to, "callid@bob", 1, "", NULL, NULL);
  peer_server_say (lost->server, ack);
  WAIT_FOR (fixture_saw (&lost->fixture, "*confirmed"));
  sip_session_terminate (fixture->session, NULL, NULL);
  WAIT_FOR (fixture_saw (&lost->fixture, ">BYE"));
  g_string_truncate (fixture->log, 0);
}

/* It stops ringing when nobody can come back any more. */
static void
test_ringing_for_good (Lost *lost, gconstpointer data)
{
  Fixture *fixture = &lost->fixture;

  ring (lost);
  peer_server_stop (lost->server);
  lose (lost);
  fixture_advance (fixture, 32000);
  WAIT_FOR (fixture_saw (&lost->fixture, "*terminated"));
  g_assert_nonnull (strstr (fixture->log->str, "*failed *terminated"));
  g_assert_cmpint (sip_session_get_cause (fixture->session), ==, SIP_CAUSE_CONNECTION_ERROR);
  g_assert_cmpuint (sip_endpoint_get_n_transactions (sip_ua_get_endpoint (fixture->ua)), ==, 0);
  g_string_truncate (fixture->log, 0);
}

/* The user agent stops while the other side's phone rings. */
static void
test_stopped_while_ringing (Lost *lost, gconstpointer data)
{
  Fixture *fixture = &lost->fixture;

  place (lost);
  answer (lost, "INVITE", 180, NULL);
  WAIT_FOR (fixture_saw (&lost->fixture, "*progress"));
  g_string_truncate (fixture->log, 0);
  sip_ua_stop_async (fixture->ua, NULL, NULL);
  WAIT_FOR (fixture_saw (&lost->fixture, ">CANCEL"));
  answer (lost, "CANCEL", 200, NULL);
  answer (lost, "INVITE", 487, NULL);
  WAIT_FOR (fixture_saw (&lost->fixture, "*terminated"));
  g_assert_nonnull (strstr (fixture->log->str, "*cancel"));
  g_assert_nonnull (strstr (fixture->log->str, "*rejected *failed *terminated"));
  g_assert_cmpint (sip_session_get_cause (fixture->session), ==, SIP_CAUSE_CANCELED);
  fixture_advance (fixture, 2500);
  WAIT_FOR (fixture_saw (&lost->fixture, "ua*stopped"));
  g_string_truncate (fixture->log, 0);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Lost *lost, gconstpointer data);
  } cases[] = {
      {"/lost/talking", test_talking},
      {"/lost/talking-for-good", test_talking_for_good},
      {"/lost/moved", test_moved},
      {"/lost/moved-and-refused", test_moved_and_refused},
      {"/lost/moved-in-vain", test_moved_in_vain},
      {"/lost/moved-while-ringing", test_moved_while_ringing},
      {"/lost/media-moved-alone", test_media_moved_alone},
      {"/lost/way-lost", test_way_lost},
      {"/lost/way-lost-in-vain", test_way_lost_in_vain},
      {"/lost/way-lost-for-now", test_way_lost_for_now},
      {"/lost/way-kept", test_way_kept},
      {"/lost/placed-and-ringing", test_placed_and_ringing},
      {"/lost/ringing", test_ringing},
      {"/lost/ringing-for-good", test_ringing_for_good},
      {"/lost/stopped-while-ringing", test_stopped_while_ringing},
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Lost, NULL, set_up, cases[i].test, tear_down);
  return g_test_run ();
}
