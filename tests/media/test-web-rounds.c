/* test-web-rounds.c - offers and answers in any order between two handlers, and what is heard
 * behind each of them
 */

#include "pair.h"

#include "media-web-handler-private.h"

#include "sip-error.h"

#include <gst/rtp/rtp.h>
#include <string.h>

static void
expect_talk (Pair *pair)
{
  gsize at_a = listener_count (&pair->at_a), at_b = listener_count (&pair->at_b);

  WAIT_FOR (listener_count (&pair->at_a) > at_a + 4800 &&
            listener_count (&pair->at_b) > at_b + 4800);
  WAIT_FOR (listener_hears (&pair->at_a, 400) && listener_hears (&pair->at_b, 1000));
}

static char *
hold (const char *type, const char *sdp, gpointer data, GError **error)
{
  g_autoptr (GString) text = g_string_new (sdp);

  g_string_replace (text, "a=sendrecv", "a=sendonly", 0);
  g_string_replace (text, "a=recvonly", "a=inactive", 0);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

typedef struct {
  const char *name;
  gboolean by_caller;
  gboolean by_modifier;
} Hold;

static const Hold holds[] = {
    {"caller", TRUE, FALSE},
    {"called", FALSE, FALSE},
    {"caller-by-modifier", TRUE, TRUE},
    {"called-by-modifier", FALSE, TRUE},
};

/* What the other side sees, and that this side neither plays, nor sends, nor records. */
static void
test_hold (Pair *pair, gconstpointer data)
{
  const Hold *row = data;
  SipSessionDescriptionHandler *holder = row->by_caller ? pair->a : pair->b;
  SipSessionDescriptionHandler *held = row->by_caller ? pair->b : pair->a;
  g_autoptr (SipModifiers) modifiers = sip_modifiers_new ();
  g_autofree char *answer = NULL, *resumed = NULL;
  g_autoptr (SipTrack) microphone = NULL;

  pair_connect (pair);
  microphone = pair_dup_track (holder, 0);
  WAIT_FOR (sip_track_get_level (microphone) > -10);
  pair_watch (pair, pair->a);
  pair_watch (pair, pair->b);

  if (row->by_modifier)
    sip_modifiers_add (modifiers, hold, NULL, NULL);
  else
    sip_session_description_handler_set_direction (holder, SIP_DIRECTION_SENDONLY);
  pair_assert_directions (holder, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDRECV);
  answer = pair_negotiate (holder, held, modifiers);
  g_assert_nonnull (strstr (answer, "a=recvonly\r\n"));
  gt_signal_logger_assert_emission_pop (pair->seen, held, "directionChanged", NULL);
  gt_signal_logger_assert_emission_pop (pair->seen, holder, "directionChanged", NULL);
  pair_assert_directions (holder, SIP_DIRECTION_SENDONLY, SIP_DIRECTION_RECVONLY);
  pair_assert_directions (held, SIP_DIRECTION_RECVONLY, SIP_DIRECTION_SENDONLY);
  listener_assert_stopped (&pair->at_a, &pair->at_b);
  WAIT_FOR (sip_track_get_level (microphone) < -90);

  sip_session_description_handler_set_direction (holder, SIP_DIRECTION_SENDRECV);
  resumed = pair_negotiate (holder, held, NULL);
  g_assert_nonnull (strstr (resumed, "a=sendrecv\r\n"));
  gt_signal_logger_assert_emission_pop (pair->seen, held, "directionChanged", NULL);
  gt_signal_logger_assert_emission_pop (pair->seen, holder, "directionChanged", NULL);
  pair_assert_directions (holder, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDRECV);
  expect_talk (pair);
  WAIT_FOR (sip_track_get_level (microphone) > -10);
}

/* One side alone knows of the hold, as with a peer that forgets it: what that side does itself. */
static void
test_hold_alone (Pair *pair, gconstpointer data)
{
  gboolean holds_back = GPOINTER_TO_INT (data);
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = NULL, *heard = NULL, *answer = NULL;

  pair_connect (pair);
  offer = listener_get (pair->b, NULL, &error);
  heard = listener_replace (offer, "a=sendrecv", holds_back ? "a=recvonly" : "a=sendonly");
  g_assert_true (listener_set (pair->a, heard, NULL, &error));
  answer = listener_get (pair->a, NULL, &error);
  g_assert_nonnull (strstr (answer, holds_back ? "a=sendonly\r\n" : "a=recvonly\r\n"));
  g_clear_pointer (&heard, g_free);
  heard = listener_replace (answer, holds_back ? "a=sendonly" : "a=recvonly", "a=sendrecv");
  g_assert_true (listener_set (pair->b, heard, NULL, &error));

  if (holds_back) {
    /* B goes on sending; A plays nothing of it, and B hears A. */
    listener_assert_stopped (&pair->at_a, NULL);
    WAIT_FOR (listener_hears (&pair->at_b, 1000));
  } else {
    /* B would play; A sends nothing. */
    listener_assert_stopped (&pair->at_b, NULL);
    WAIT_FOR (listener_hears (&pair->at_a, 400));
  }
}

/* Rounds, one letter each: a small one holds, a great one resumes; that side offers. */
static const char *const orders[] = {"aA",   "bB",       "abAB", "abBA",
                                     "baAB", "aAbBbaBA", "aaAA", "BabbaBA"};

static void
test_order (Pair *pair, gconstpointer data)
{
  gboolean a_holds = FALSE, b_holds = FALSE;

  pair_connect (pair);
  for (const char *step = data; *step != '\0'; step++) {
    gboolean by_a = g_ascii_tolower (*step) == 'a';
    SipSessionDescriptionHandler *one = by_a ? pair->a : pair->b;
    gboolean *holding = by_a ? &a_holds : &b_holds;

    *holding = g_ascii_islower (*step);
    sip_session_description_handler_set_direction (one, *holding ? SIP_DIRECTION_SENDONLY
                                                                 : SIP_DIRECTION_SENDRECV);
    g_free (pair_negotiate (one, by_a ? pair->b : pair->a, NULL));
    if (a_holds || b_holds) {
      listener_assert_stopped (&pair->at_a, &pair->at_b);
    } else {
      expect_talk (pair);
    }
  }
}

/* What is said on the wire while both hold, and after one of them resumed. */
static void
test_both (Pair *pair, gconstpointer data)
{
  pair_connect (pair);
  sip_session_description_handler_set_direction (pair->a, SIP_DIRECTION_SENDONLY);
  g_free (pair_negotiate (pair->a, pair->b, NULL));
  pair_assert_directions (pair->b, SIP_DIRECTION_RECVONLY, SIP_DIRECTION_SENDONLY);
  sip_session_description_handler_set_direction (pair->b, SIP_DIRECTION_SENDONLY);
  g_free (pair_negotiate (pair->b, pair->a, NULL));
  pair_assert_directions (pair->b, SIP_DIRECTION_INACTIVE, SIP_DIRECTION_INACTIVE);
  pair_assert_directions (pair->a, SIP_DIRECTION_INACTIVE, SIP_DIRECTION_INACTIVE);

  /* A resumes, and B grants what holding allows. */
  sip_session_description_handler_set_direction (pair->a, SIP_DIRECTION_SENDRECV);
  g_free (pair_negotiate (pair->a, pair->b, NULL));
  pair_assert_directions (pair->a, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDONLY);
  pair_assert_directions (pair->b, SIP_DIRECTION_SENDONLY, SIP_DIRECTION_SENDRECV);
  listener_assert_stopped (&pair->at_a, &pair->at_b);
  sip_session_description_handler_set_direction (pair->b, SIP_DIRECTION_SENDRECV);
  g_free (pair_negotiate (pair->b, pair->a, NULL));
  expect_talk (pair);
}

/* Held from the first round on. */
static void
test_held_before (Pair *pair, gconstpointer data)
{
  g_autofree char *answer = NULL;

  sip_session_description_handler_set_direction (pair->b, SIP_DIRECTION_SENDONLY);
  answer = pair_negotiate (pair->a, pair->b, NULL);
  g_assert_nonnull (strstr (answer, "a=sendonly\r\n"));
  WAIT_FOR (pair_count_tracks (pair->a) > 0 && pair_count_tracks (pair->b) > 0);
  listener_assert_stopped (&pair->at_a, &pair->at_b);
  sip_session_description_handler_set_direction (pair->b, SIP_DIRECTION_SENDRECV);
  g_free (pair_negotiate (pair->a, pair->b, NULL));
  expect_talk (pair);
}

static void
test_repeated_answer (Pair *pair, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = listener_get (pair->a, NULL, &error);
  g_autofree char *answer = NULL, *newer = NULL, *next = NULL;

  pair_watch (pair, pair->a);
  g_assert_true (listener_set (pair->b, offer, NULL, &error));
  answer = listener_get (pair->b, NULL, &error);
  g_assert_true (listener_set (pair->a, answer, NULL, &error));
  gt_signal_logger_assert_emission_pop (pair->seen, pair->a, "directionChanged", NULL);
  g_assert_true (listener_answer (pair->a, answer, &error));
  newer = listener_replace (answer, " 1 IN IP4 127.0.0.1", " 2 IN IP4 127.0.0.1");
  g_assert_true (listener_answer (pair->a, newer, &error));
  WAIT_FOR (listener_hears (&pair->at_a, 400) && listener_hears (&pair->at_b, 1000));
  gt_signal_logger_assert_emission_pop (pair->seen, pair->a, "trackAdded", NULL);
  gt_signal_logger_assert_emission_pop (pair->seen, pair->a, "trackAdded", NULL);

  /* It was no offer: nothing waits for an answer. */
  next = listener_get (pair->a, NULL, &error);
  g_assert_nonnull (strstr (next, "a=setup:actpass\r\n"));
}

/* The phone that rang with an answer changes it while nobody else answered. */
static void
test_changed_answer (Pair *pair, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = listener_get (pair->a, NULL, &error);
  g_autofree char *answer = NULL, *early = NULL;

  pair_watch (pair, pair->a);
  g_assert_true (listener_set (pair->b, offer, NULL, &error));
  answer = listener_get (pair->b, NULL, &error);
  early = listener_replace (answer, "a=sendrecv", "a=sendonly");
  g_assert_true (listener_set (pair->a, early, NULL, &error));
  gt_signal_logger_assert_emission_pop (pair->seen, pair->a, "directionChanged", NULL);
  pair_assert_directions (pair->a, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDONLY);
  WAIT_FOR (listener_hears (&pair->at_a, 400));
  gt_signal_logger_assert_emission_pop (pair->seen, pair->a, "trackAdded", NULL);
  gt_signal_logger_assert_emission_pop (pair->seen, pair->a, "trackAdded", NULL);
  g_assert_cmpuint (listener_count (&pair->at_b), ==, 0);

  g_assert_true (listener_answer (pair->a, answer, &error));
  gt_signal_logger_assert_emission_pop (pair->seen, pair->a, "directionChanged", NULL);
  pair_assert_directions (pair->a, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDRECV);
  expect_talk (pair);
  g_free (pair_negotiate (pair->b, pair->a, NULL));
  gt_signal_logger_assert_emission_pop (pair->seen, pair->a, "directionChanged", NULL);
}

/* Another phone than the one that rang is picked up: webrtcbin cannot answer twice. */
static void
test_fork (Pair *pair, gconstpointer data)
{
  SipSessionDescriptionHandler *other =
      media_web_handler_new ("audiotestsrc is-live=true freq=700", "fakesink");
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = listener_get (pair->a, NULL, &error);
  g_autofree char *first = NULL, *second = NULL;

  g_assert_true (listener_set (pair->b, offer, NULL, &error));
  g_assert_true (listener_set (other, offer, NULL, &error));
  first = listener_get (pair->b, NULL, &error);
  second = listener_get (other, NULL, &error);
  g_assert_true (listener_set (pair->a, first, NULL, &error));
  expect_talk (pair);
  /* All handlers of this process have one certificate. */
  g_assert_false (listener_answer (pair->a, second, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION);
  expect_talk (pair);
  g_free (pair_negotiate (pair->a, pair->b, NULL));
  expect_talk (pair);
  sip_session_description_handler_close (other);
  listener_drain ();
  g_assert_finalize_object (other);
}

/* A peer that keeps its part in DTLS when it offers, as its answer had it. */
static void
test_offer_like_answer (Pair *pair, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = NULL, *offer = NULL, *kept = NULL, *reply = NULL;

  pair_connect (pair);
  offer = listener_get (pair->b, NULL, &error);
  kept = listener_replace (offer, "a=setup:actpass", "a=setup:active");
  sip_session_description_handler_rollback (pair->a);
  g_assert_true (listener_set (pair->a, kept, NULL, &error));
  reply = listener_get (pair->a, NULL, &error);
  g_assert_nonnull (strstr (reply, "a=setup:passive\r\n"));
  g_assert_true (listener_set (pair->b, reply, NULL, &error));
  expect_talk (pair);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

static void
start_set (SipSessionDescriptionHandler *handler, const char *text, GAsyncResult **result)
{
  g_autoptr (SipSessionDescription) description =
      sip_session_description_new_text ("application/sdp", text);

  sip_session_description_handler_set_description_async (handler, description, NULL, NULL, NULL,
                                                         keep_result, result);
}

static void
on_refresh_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SipSessionDescriptionHandler *handler = SIP_SESSION_DESCRIPTION_HANDLER (source);
  g_autoptr (GError) error = NULL;

  sip_session_description_handler_set_description_finish (handler, result, &error);
  g_assert_no_error (error);
  sip_session_description_handler_get_description_async (handler, NULL, NULL, NULL, keep_result,
                                                         user_data);
}

/* A peer refreshes the call with the words of its answer, or with a hold beside them. */
static void
test_refresh (Pair *pair, gconstpointer data)
{
  const char *direction = data;
  g_autofree char *answer = pair_negotiate (pair->a, pair->b, NULL);
  g_autofree char *text = listener_replace (answer, "a=sendrecv", direction);
  g_autoptr (SipSessionDescription) offer =
      sip_session_description_new_text ("application/sdp", text);
  g_autoptr (SipSessionDescription) reply = NULL;
  g_autoptr (GAsyncResult) got = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *sdp = NULL;

  sip_session_description_handler_set_description_async (pair->a, offer, NULL, NULL, NULL,
                                                         on_refresh_set, &got);
  WAIT_FOR (got != NULL);
  reply = sip_session_description_handler_get_description_finish (pair->a, got, &error);
  g_assert_no_error (error);
  sdp = sip_session_description_dup_text (reply);
  g_assert_nonnull (strstr (sdp, "a=setup:passive\r\n"));
  g_assert_nonnull (
      strstr (sdp, g_str_equal (direction, "a=sendrecv") ? "a=sendrecv\r\n" : "a=recvonly\r\n"));
  g_free (pair_negotiate (pair->b, pair->a, NULL));
  expect_talk (pair);
}

/* Where a round of offer and answer is taken back. */
typedef enum {
  OFFERING,
  OFFERED,
  ANSWER_ARRIVING,
  RECEIVED,
  ANSWERING,
} Point;

static const struct {
  const char *name;
  Point point;
} points[] = {
    {"offering", OFFERING}, {"offered", OFFERED},     {"answer-arriving", ANSWER_ARRIVING},
    {"received", RECEIVED}, {"answering", ANSWERING},
};

/* Begins a round and takes it back on both sides, at @point on one of them. */
static void
roll_back (Pair *pair, Point point)
{
  g_autoptr (GAsyncResult) got = NULL, set = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = NULL, *answer = NULL;

  if (point == OFFERING) {
    sip_session_description_handler_get_description_async (pair->a, NULL, NULL, NULL, keep_result,
                                                           &got);
    sip_session_description_handler_rollback (pair->a);
    WAIT_FOR (got != NULL);
    return;
  }
  offer = listener_get (pair->a, NULL, &error);
  g_assert_no_error (error);
  if (point != OFFERED) {
    g_assert_true (listener_set (pair->b, offer, NULL, &error));
    if (point == ANSWERING)
      sip_session_description_handler_get_description_async (pair->b, NULL, NULL, NULL, keep_result,
                                                             &got);
    if (point == ANSWER_ARRIVING) {
      answer = listener_get (pair->b, NULL, &error);
      start_set (pair->a, answer, &set);
    }
    sip_session_description_handler_rollback (pair->b);
  }
  sip_session_description_handler_rollback (pair->a);
  WAIT_FOR (point != ANSWERING || got != NULL);
  WAIT_FOR (point != ANSWER_ARRIVING || set != NULL);
}

static void
test_rollback (Pair *pair, gconstpointer data)
{
  Point point = GPOINTER_TO_INT (data);

  /* An answer that was made is an agreement for who made it. */
  if (point != ANSWER_ARRIVING)
    roll_back (pair, point);
  pair_connect (pair);
  roll_back (pair, point);
  g_free (pair_negotiate (pair->b, pair->a, NULL));
  expect_talk (pair);
  roll_back (pair, point);
  sip_session_description_handler_set_direction (pair->a, SIP_DIRECTION_SENDONLY);
  g_free (pair_negotiate (pair->a, pair->b, NULL));
  pair_assert_directions (pair->a, SIP_DIRECTION_SENDONLY, SIP_DIRECTION_RECVONLY);
}

/* The first answer is on its way into webrtcbin when the call is taken back. */
static void
test_rollback_first_answer (Pair *pair, gconstpointer data)
{
  g_autoptr (GAsyncResult) set = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = listener_get (pair->a, NULL, &error);
  g_autofree char *answer = NULL;

  g_assert_true (listener_set (pair->b, offer, NULL, &error));
  answer = listener_get (pair->b, NULL, &error);
  start_set (pair->a, answer, &set);
  sip_session_description_handler_rollback (pair->a);
  WAIT_FOR (set != NULL);
  g_assert_false (sip_session_description_handler_set_description_finish (pair->a, set, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_RENEGOTIATION);
  g_clear_object (&pair->b);
  pair->b = media_web_handler_new ("audiotestsrc is-live=true freq=400", pair->at_b.sink);
  pair_connect (pair);
}

/* In a streaming thread: as if another microphone spoke over the same connection. */
static GstPadProbeReturn
on_packet (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstBuffer *buffer = gst_buffer_make_writable (GST_PAD_PROBE_INFO_BUFFER (info));
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;

  info->data = buffer;
  g_assert_true (gst_rtp_buffer_map (buffer, GST_MAP_READWRITE, &rtp));
  gst_rtp_buffer_set_ssrc (&rtp, 0x12345678);
  gst_rtp_buffer_unmap (&rtp);
  return GST_PAD_PROBE_OK;
}

static void
change_source (SipSessionDescriptionHandler *handler)
{
  g_autoptr (GstPad) sink = media_peer_dup_sink (MEDIA_WEB_HANDLER (handler)->peer);

  gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_BUFFER, on_packet, NULL, NULL);
}

/* A browser adds a picture in the call: it goes on to listen through the line that there was, and
 * speaks through a new one.
 */
static void
test_second_line (Pair *pair, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = NULL, *one_way = NULL, *grouped = NULL, *whole = NULL;
  g_autofree char *answer = NULL, *bare = NULL, *alone = NULL, *both_ways = NULL, *next = NULL;
  char *second;

  pair_connect (pair);
  offer = listener_get (pair->b, NULL, &error);
  one_way = listener_replace (offer, "a=sendrecv", "a=recvonly");
  grouped = listener_replace (one_way, "BUNDLE audio0", "BUNDLE audio0 1 2");
  whole = g_strconcat (grouped,
                       "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\n"
                       "a=sendrecv\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n"
                       "m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:2\r\n"
                       "a=sendrecv\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n",
                       NULL);
  g_assert_true (listener_set (pair->a, whole, NULL, &error));
  answer = listener_get (pair->a, NULL, &error);
  g_assert_no_error (error);
  pair_assert_directions (pair->a, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDRECV);
  g_assert_nonnull (strstr (answer, "a=group:BUNDLE audio0 1\r\n"));
  g_assert_nonnull (strstr (answer, "m=video 0 "));
  second = strstr (strstr (answer, "m=audio ") + 1, "m=audio ");
  g_assert_nonnull (strstr (second, "a=mid:1\r\na=recvonly\r\n"));
  bare = g_strndup (answer, second - answer);
  g_assert_nonnull (strstr (bare, "a=sendonly\r\n"));

  /* B itself has one line as ever, and another source. */
  alone = listener_replace (bare, "BUNDLE audio0 1", "BUNDLE audio0");
  both_ways = listener_replace (alone, "a=sendonly", "a=sendrecv");
  g_assert_true (listener_set (pair->b, both_ways, NULL, &error));
  change_source (pair->b);
  pair_count_meanwhile (&pair->at_b, &pair->at_a);
  pair_count_meanwhile (&pair->at_b, &pair->at_a);
  expect_talk (pair);

  /* Our own hold keeps all lines. */
  sip_session_description_handler_set_direction (pair->a, SIP_DIRECTION_SENDONLY);
  next = listener_get (pair->a, NULL, &error);
  second = strstr (strstr (next, "m=audio ") + 1, "m=audio ");
  g_assert_nonnull (strstr (second, "a=mid:1\r\na=inactive\r\n"));
  g_assert_nonnull (strstr (second, "m=video 0 "));
}

#define ADD(name, data, func)                                                                      \
  g_test_add ("/web-rounds/" name, Pair, data, pair_set_up, func, pair_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  media_web_handler_prepare ();

  for (guint i = 0; i < G_N_ELEMENTS (holds); i++) {
    g_autofree char *path = g_strconcat ("/web-rounds/hold/", holds[i].name, NULL);

    g_test_add (path, Pair, &holds[i], pair_set_up, test_hold, pair_tear_down);
  }
  for (guint i = 0; i < G_N_ELEMENTS (orders); i++) {
    g_autofree char *path = g_strconcat ("/web-rounds/order/", orders[i], NULL);

    g_test_add (path, Pair, orders[i], pair_set_up, test_order, pair_tear_down);
  }
  ADD ("hold/not-heard", GINT_TO_POINTER (TRUE), test_hold_alone);
  ADD ("hold/not-sent", GINT_TO_POINTER (FALSE), test_hold_alone);
  ADD ("hold/both", NULL, test_both);
  ADD ("hold/before", NULL, test_held_before);
  ADD ("repeated-answer", NULL, test_repeated_answer);
  ADD ("changed-answer", NULL, test_changed_answer);
  ADD ("refresh/same", "a=sendrecv", test_refresh);
  ADD ("refresh/hold", "a=sendonly", test_refresh);
  ADD ("second-line", NULL, test_second_line);
  ADD ("fork", NULL, test_fork);
  ADD ("offer-like-answer", NULL, test_offer_like_answer);
  for (guint i = 0; i < G_N_ELEMENTS (points); i++) {
    g_autofree char *path = g_strconcat ("/web-rounds/rollback/", points[i].name, NULL);

    g_test_add (path, Pair, GINT_TO_POINTER (points[i].point), pair_set_up, test_rollback,
                pair_tear_down);
  }
  ADD ("rollback/first-answer", NULL, test_rollback_first_answer);

  return g_test_run ();
}
