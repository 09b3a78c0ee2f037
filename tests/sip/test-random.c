/* test-random.c - ten thousand calls of every kind, one after the other, and nothing is left of
 * them
 *
 * Each call is made of steps drawn by chance; bob speaks plain text, and now and then falls silent.
 */

#include "fixture.h"

#include "sip-error.h"
#include "sip-ua-private.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CALLS = 10000, WARM_UP = 500, SLACK = 2 * 1024 * 1024 };

static guint
draw (guint n)
{
  return g_test_rand_int_range (0, n);
}

static gsize
measure_memory (void)
{
  g_autofree char *text = NULL;
  unsigned long size, resident;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%lu %lu", &size, &resident), ==, 2);
  return resident * sysconf (_SC_PAGESIZE);
}

static guint
count_word (char **words, const char *word)
{
  guint n = 0;

  for (gsize i = 0; words[i] != NULL; i++)
    n += g_str_equal (words[i], word);
  return n;
}

/* What holds for every session, however it went. */
static void
check_invariants (Fixture *fixture)
{
  g_auto (GStrv) words = g_strsplit (fixture->log->str, " ", -1);
  gboolean is_over = FALSE;

  g_assert_cmpint (sip_session_get_status (fixture->session), ==, SIP_SESSION_STATUS_TERMINATED);
  g_assert_cmpuint (count_word (words, "*terminated"), ==, 1);
  g_assert_cmpuint (count_word (words, "*accepted"), <=, 1);
  g_assert_cmpuint (count_word (words, "*failed"), <=, 1);
  g_assert_cmpuint (count_word (words, "*bye"), <=, 1);
  g_assert_cmpuint (count_word (words, "*cancel"), <=, 1);
  if (count_word (words, "*accepted") > 0)
    g_assert_cmpuint (count_word (words, "*failed"), ==, 0);
  for (gsize i = 0; words[i] != NULL; i++) {
    g_assert_false (is_over && words[i][0] == '*');
    is_over |= g_str_equal (words[i], "*terminated");
  }
  g_assert_nonnull (sip_session_get_end_time (fixture->session));
  for (guint i = 0; i < fixture->handlers->len; i++)
    g_assert_cmpuint (stub_handler_get_n_closed (g_ptr_array_index (fixture->handlers, i)), ==, 1);
}

static const char *
last_sent (Fixture *fixture, const char *start)
{
  for (guint i = fixture->sent->len; i > 0; i--) {
    if (g_str_has_prefix (g_ptr_array_index (fixture->sent, i - 1), start))
      return g_ptr_array_index (fixture->sent, i - 1);
  }
  return NULL;
}

/* Bob's answer to our last request of @method, if there is one. */
static void
answer (Fixture *fixture, const char *method, guint code, const char *headers, const char *body)
{
  g_autofree char *start = g_strconcat (method, " ", NULL);
  g_autofree char *request = g_strdup (last_sent (fixture, start));

  if (request != NULL)
    fixture_answer_with (fixture, request, code, code > 100 ? "bob" : NULL, headers, body);
}

/* One thing that may happen in a call that is on. */
static void
live (Fixture *fixture, guint *cseq)
{
  static const guint answers[] = {200, 200, 200, 488, 491, 500, 481, 408};
  SipSession *session = fixture->session;
  guint code = answers[draw (G_N_ELEMENTS (answers))];
  g_autoptr (SipReferClientContext) transfer = NULL;

  switch (draw (8)) {
  case 0:
    sip_session_hold (session, NULL, NULL, NULL);
    fixture_drain ();
    answer (fixture, "INVITE", code, NULL, code == 200 ? "v=0 ANSWER recvonly" : NULL);
    break;
  case 1:
    sip_session_unhold (session, NULL, NULL, NULL);
    fixture_drain ();
    answer (fixture, "INVITE", code, NULL, code == 200 ? "v=0 ANSWER" : NULL);
    break;
  case 2:
    fixture_say (fixture, "INVITE", ++*cseq, NULL, draw (3) > 0 ? "v=0 OFFER" : NULL);
    if (draw (8) > 0)
      fixture_say (fixture, "ACK", *cseq, NULL, "v=0 ANSWER");
    break;
  case 3:
    sip_session_dtmf (session, "12", NULL, NULL);
    fixture_drain ();
    answer (fixture, "INFO", draw (3) > 0 ? 200 : 415, NULL, NULL);
    fixture_advance (fixture, 700);
    answer (fixture, "INFO", 200, NULL, NULL);
    break;
  case 4:
    fixture_say (fixture, "UPDATE", ++*cseq, NULL, draw (2) > 0 ? "v=0 OFFER sendonly" : NULL);
    break;
  case 5:
    transfer = sip_session_refer (session, "sip:carol@example.org", NULL, NULL);
    fixture_drain ();
    answer (fixture, "REFER", draw (4) > 0 ? 202 : 603, NULL, NULL);
    if (draw (3) > 0)
      fixture_say (fixture, "NOTIFY", ++*cseq, "Event: refer\r\nContent-Type: message/sipfrag\r\n",
                   draw (2) > 0 ? "SIP/2.0 200 OK" : "SIP/2.0 486 Busy");
    break;
  case 6:
    fixture_say (fixture, "REFER", ++*cseq, "Refer-To: <sip:carol@192.0.2.44>\r\n", NULL);
    answer (fixture, "NOTIFY", 200, NULL, NULL);
    answer (fixture, "INVITE", 486, NULL, NULL);
    break;
  default:
    sip_session_reinvite (session, NULL, NULL, NULL);
    fixture_drain ();
    answer (fixture, "INVITE", code, NULL, code == 200 ? "v=0 ANSWER" : NULL);
  }
}

static void
end (Fixture *fixture, guint *cseq)
{
  switch (draw (4)) {
  case 0:
    fixture_say (fixture, "BYE", ++*cseq, NULL, NULL);
    break;
  case 1:
    sip_session_terminate (fixture->session, NULL, NULL);
    fixture_say (fixture, "BYE", ++*cseq, NULL, NULL);
    break;
  default:
    sip_session_terminate (fixture->session, NULL, NULL);
    fixture_drain ();
    if (draw (4) > 0)
      answer (fixture, "BYE", 200, NULL, NULL);
  }
}

static void
place (Fixture *fixture)
{
  guint cseq = 0;

  fixture_call (fixture, NULL);
  if (draw (2) > 0)
    fixture_answer (fixture, 100, NULL);
  if (draw (4) > 0)
    fixture_answer (fixture, draw (2) > 0 ? 180 : 183, draw (2) > 0 ? "v=0 ANSWER" : NULL);
  switch (draw (6)) {
  case 0:
    fixture_answer (fixture, 400 + draw (90), NULL);
    return;
  case 1:
    sip_session_terminate (fixture->session, NULL, NULL);
    fixture_answer (fixture, draw (2) > 0 ? 487 : 200, "v=0 ANSWER");
    return;
  case 2:
    if (draw (2) > 0)
      sip_session_terminate (fixture->session, NULL, NULL);
    fixture_advance (fixture, 220 * 1000); /* and bob is silent */
    fixture_advance (fixture, 40 * 1000);
    return;
  default:
    fixture_answer (fixture, 200, draw (8) > 0 ? "v=0 ANSWER" : NULL);
    for (guint i = draw (5); i > 0; i--)
      live (fixture, &cseq);
    end (fixture, &cseq);
  }
}

static void
take (Fixture *fixture)
{
  SipInviteServerContext *call;
  guint cseq = 1;

  fixture_ring (fixture, draw (2) > 0 ? "Supported: 100rel\r\n" : NULL,
                draw (4) > 0 ? "v=0 OFFER" : NULL);
  call = SIP_INVITE_SERVER_CONTEXT (fixture->session);
  switch (draw (6)) {
  case 0:
    sip_invite_server_context_reject (call, NULL, NULL);
    return;
  case 1:
    if (draw (2) > 0)
      sip_invite_server_context_accept (call, NULL, NULL, NULL);
    fixture_say (fixture, "CANCEL", 1, NULL, NULL);
    if (sip_session_get_status (fixture->session) != SIP_SESSION_STATUS_TERMINATED)
      sip_session_terminate (fixture->session, NULL, NULL);
    return;
  case 2:
    fixture_say (fixture, "BYE", ++cseq, NULL, NULL);
    return;
  case 3:
    fixture_advance (fixture, 70 * 1000); /* and nobody is at home */
    return;
  default:
    sip_invite_server_context_accept (call, NULL, NULL, NULL);
    fixture_drain ();
    if (draw (10) > 0)
      fixture_say (fixture, "ACK", 1, NULL, "v=0 ANSWER");
    for (guint i = draw (5); i > 0; i--)
      live (fixture, &cseq);
    end (fixture, &cseq);
  }
}

static void
forget (Fixture *fixture)
{
  g_string_set_size (fixture->log, 0);
  g_ptr_array_set_size (fixture->sent, 0);
  g_hash_table_remove_all (fixture->arrived);
  g_clear_object (&fixture->last_message);
  g_assert_finalize_object (g_steal_pointer (&fixture->session));
  g_clear_object (&fixture->handler);
  while (fixture->handlers->len > 0)
    g_assert_finalize_object (g_ptr_array_steal_index (fixture->handlers, 0));
}

static void
test_calls (Fixture *fixture, gconstpointer data)
{
  gsize before = 0;

  for (guint i = 0; i < CALLS; i++) {
    if (draw (2) > 0)
      place (fixture);
    else
      take (fixture);
    fixture_advance (fixture, 300 * 1000);
    check_invariants (fixture);
    forget (fixture);
    g_assert_cmpuint (sip_ua_get_n_sessions (fixture->ua), ==, 0);
    g_assert_cmpuint (sip_endpoint_get_n_transactions (sip_ua_get_endpoint (fixture->ua)), ==, 0);
    if (i == WARM_UP)
      before = measure_memory ();
  }
  g_assert_cmpuint (measure_memory (), <, before + SLACK);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/random/calls", Fixture, NULL, fixture_set_up, test_calls, fixture_tear_down);
  return g_test_run ();
}
