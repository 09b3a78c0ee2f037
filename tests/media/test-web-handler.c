/* test-web-handler.c - two handlers call each other over real sockets, and what each of them hears
 */

#include "listener.h"

#include "media-track.h"

#include "sip-error.h"

#include <libglib-testing/signal-logger.h>
#include <string.h>

#define RATE 48000

typedef struct {
  SipSessionDescriptionHandler *a;
  SipSessionDescriptionHandler *b;
  Listener at_a;
  Listener at_b;
  GtSignalLogger *seen;
} Fixture;

static void
watch (Fixture *fixture, SipSessionDescriptionHandler *handler)
{
  gt_signal_logger_connect (fixture->seen, handler, "directionChanged");
  gt_signal_logger_connect (fixture->seen, handler, "trackAdded");
  gt_signal_logger_connect (fixture->seen, handler, "failed");
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  listener_init (&fixture->at_a);
  listener_init (&fixture->at_b);
  fixture->a = media_web_handler_new ("audiotestsrc is-live=true freq=1000", fixture->at_a.sink);
  fixture->b = media_web_handler_new ("audiotestsrc is-live=true freq=400", fixture->at_b.sink);
  fixture->seen = gt_signal_logger_new ();
}

/* Every test ends here: no signal left unread, no object left alive. */
static void
tear_down (Fixture *fixture, gconstpointer data)
{
  sip_session_description_handler_close (fixture->a);
  sip_session_description_handler_close (fixture->a);
  sip_session_description_handler_close (fixture->b);
  listener_drain ();
  gt_signal_logger_assert_no_emissions (fixture->seen);
  gt_signal_logger_free (fixture->seen);
  g_assert_finalize_object (fixture->a);
  g_assert_finalize_object (fixture->b);
  listener_clear (&fixture->at_a);
  listener_clear (&fixture->at_b);
}

/* One round; @modifiers are those of @from. Returns the answer. */
static char *
negotiate (SipSessionDescriptionHandler *from,
           SipSessionDescriptionHandler *to,
           SipModifiers *modifiers)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = listener_get (from, modifiers, &error);
  char *answer;

  g_assert_no_error (error);
  g_assert_true (listener_set (to, offer, NULL, &error));
  answer = listener_get (to, NULL, &error);
  g_assert_no_error (error);
  listener_set (from, answer, NULL, &error);
  g_assert_no_error (error);
  return answer;
}

static void
connect_pair (Fixture *fixture)
{
  gint64 start = g_get_monotonic_time (), agreed;

  g_free (negotiate (fixture->a, fixture->b, NULL));
  agreed = g_get_monotonic_time ();
  WAIT_FOR (listener_count (&fixture->at_a) > 0 && listener_count (&fixture->at_b) > 0);
  g_test_message ("agreed in %.1f ms, sound after %.1f ms more", (agreed - start) / 1000.0,
                  (g_get_monotonic_time () - agreed) / 1000.0);
  WAIT_FOR (listener_hears (&fixture->at_a, 400) && listener_hears (&fixture->at_b, 1000));
}

static MediaTrack *
dup_track (SipSessionDescriptionHandler *handler, guint position)
{
  g_autoptr (GListModel) tracks = sip_session_description_handler_get_tracks (handler);

  return g_list_model_get_item (tracks, position);
}

static guint
count_tracks (SipSessionDescriptionHandler *handler)
{
  g_autoptr (GListModel) tracks = sip_session_description_handler_get_tracks (handler);

  return g_list_model_get_n_items (tracks);
}

static void
assert_directions (SipSessionDescriptionHandler *handler, SipDirection local, SipDirection remote)
{
  g_assert_cmpint (sip_session_description_handler_get_local_direction (handler), ==, local);
  g_assert_cmpint (sip_session_description_handler_get_remote_direction (handler), ==, remote);
}

/* How many samples come in the time in which half a second comes at @clock. */
static gsize
count_meanwhile (Listener *listener, Listener *clock)
{
  gsize before = listener_count (listener), start = listener_count (clock);

  WAIT_FOR (listener_count (clock) >= start + RATE / 2);
  return listener_count (listener) - before;
}

static void
test_call (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MediaTrack) local = NULL, remote = NULL;

  watch (fixture, fixture->a);
  assert_directions (fixture->a, SIP_DIRECTION_INACTIVE, SIP_DIRECTION_INACTIVE);
  connect_pair (fixture);
  gt_signal_logger_assert_emission_pop (fixture->seen, fixture->a, "directionChanged", NULL);
  gt_signal_logger_assert_emission_pop (fixture->seen, fixture->a, "trackAdded", NULL);
  gt_signal_logger_assert_emission_pop (fixture->seen, fixture->a, "trackAdded", NULL);
  assert_directions (fixture->a, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDRECV);
  assert_directions (fixture->b, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDRECV);

  g_assert_cmpuint (count_tracks (fixture->a), ==, 2);
  local = dup_track (fixture->a, 0);
  remote = dup_track (fixture->a, 1);
  g_assert_false (media_track_get_remote (local));
  g_assert_true (media_track_get_remote (remote));
  g_assert_cmpstr (media_track_get_kind (local), ==, "audio");
  g_assert_cmpstr (media_track_get_codec (local), ==, "opus");
  g_assert_cmpstr (media_track_get_codec (remote), ==, "opus");
  g_assert_cmpstr (media_track_get_id (local), !=, media_track_get_id (remote));
  g_assert_true (media_track_get_available (local) && media_track_get_available (remote));
  WAIT_FOR (media_track_get_level (local) > -10 && media_track_get_level (remote) > -10);
  sip_session_description_handler_close (fixture->a);
  g_assert_cmpfloat (media_track_get_level (local), ==, -100);
}

static char *
keep_only (const char *type, const char *sdp, gpointer payload, GError **error)
{
  return g_str_equal (type, "offer") ? listener_replace (sdp, "SAVPF 111 0 8", payload)
                                     : g_strdup (sdp);
}

static void
test_codec (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipModifiers) modifiers = sip_modifiers_new ();
  g_autofree char *payloads = g_strdup_printf ("SAVPF %s", g_str_equal (data, "PCMU") ? "0" : "8");
  g_autoptr (MediaTrack) track = NULL;

  sip_modifiers_add (modifiers, keep_only, payloads, NULL);
  g_free (negotiate (fixture->a, fixture->b, modifiers));
  WAIT_FOR (listener_hears (&fixture->at_a, 400) && listener_hears (&fixture->at_b, 1000));
  track = dup_track (fixture->b, 1);
  g_assert_cmpstr (media_track_get_codec (track), ==, data);
}

static char *
refuse_all (const char *type, const char *sdp, gpointer data, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "no");
  return NULL;
}

static void
test_modifier_refuses (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipModifiers) modifiers = sip_modifiers_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = listener_get (fixture->a, NULL, NULL);

  sip_modifiers_add (modifiers, refuse_all, NULL, NULL);
  g_assert_null (listener_get (fixture->a, modifiers, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_clear_error (&error);
  g_assert_false (listener_set (fixture->b, offer, modifiers, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  connect_pair (fixture);
}

/* Somebody on the path put another certificate into a description. */
static char *
tamper (const char *sdp)
{
  char *changed = g_strdup (sdp);
  char *digit = strstr (changed, "a=fingerprint:sha-256 ") + strlen ("a=fingerprint:sha-256 ");

  *digit = *digit == 'A' ? 'B' : 'A';
  return changed;
}

static void
test_not_secure (Fixture *fixture, gconstpointer data)
{
  gboolean in_offer = GPOINTER_TO_INT (data);
  SipSessionDescriptionHandler *victim = in_offer ? fixture->b : fixture->a;
  g_autoptr (GError) error = NULL, late = NULL, signalled = NULL;
  g_autofree char *offer = listener_get (fixture->a, NULL, &error);
  g_autofree char *bad_offer = in_offer ? tamper (offer) : g_strdup (offer);
  g_autofree char *answer = NULL, *bad_answer = NULL;

  gt_signal_logger_connect (fixture->seen, victim, "failed");
  gt_signal_logger_connect (fixture->seen, victim, "trackAdded");
  g_assert_true (listener_set (fixture->b, bad_offer, NULL, &error));
  answer = listener_get (fixture->b, NULL, &error);
  g_assert_no_error (error);
  bad_answer = in_offer ? g_strdup (answer) : tamper (answer);
  g_assert_true (listener_set (fixture->a, bad_answer, NULL, &error));

  WAIT_FOR (gt_signal_logger_get_n_emissions (fixture->seen) > 0);
  gt_signal_logger_assert_emission_pop (fixture->seen, victim, "failed", &signalled);
  g_assert_error (signalled, SIP_ERROR, SIP_ERROR_NOT_SECURE);
  g_assert_cmpuint (count_tracks (victim), ==, 0);
  g_assert_null (listener_get (victim, NULL, &late));
  g_assert_error (late, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED);
  sip_session_description_handler_close (fixture->a);
  sip_session_description_handler_close (fixture->b);
  g_assert_cmpuint (listener_count (&fixture->at_a), ==, 0);
  g_assert_cmpuint (listener_count (&fixture->at_b), ==, 0);
}

static void
test_repeated_answer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = listener_get (fixture->a, NULL, &error);
  g_autofree char *answer = NULL, *newer = NULL, *next = NULL;

  watch (fixture, fixture->a);
  g_assert_true (listener_set (fixture->b, offer, NULL, &error));
  answer = listener_get (fixture->b, NULL, &error);
  g_assert_true (listener_set (fixture->a, answer, NULL, &error));
  gt_signal_logger_assert_emission_pop (fixture->seen, fixture->a, "directionChanged", NULL);
  g_assert_true (listener_set (fixture->a, answer, NULL, &error));
  newer = listener_replace (answer, " 1 IN IP4 127.0.0.1", " 2 IN IP4 127.0.0.1");
  g_assert_true (listener_set (fixture->a, newer, NULL, &error));
  WAIT_FOR (listener_hears (&fixture->at_a, 400) && listener_hears (&fixture->at_b, 1000));
  gt_signal_logger_assert_emission_pop (fixture->seen, fixture->a, "trackAdded", NULL);
  gt_signal_logger_assert_emission_pop (fixture->seen, fixture->a, "trackAdded", NULL);

  /* It was no offer: nothing waits for an answer. */
  next = listener_get (fixture->a, NULL, &error);
  g_assert_nonnull (strstr (next, "a=setup:actpass\r\n"));
}

static char *
hold (const char *type, const char *sdp, gpointer data, GError **error)
{
  g_autoptr (GString) text = g_string_new (sdp);

  g_string_replace (text, "a=sendrecv", "a=sendonly", 0);
  g_string_replace (text, "a=recvonly", "a=inactive", 0);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* By the side that called and by the side that was called. */
static void
test_hold (Fixture *fixture, gconstpointer data)
{
  gboolean by_caller = GPOINTER_TO_INT (data);
  SipSessionDescriptionHandler *holder = by_caller ? fixture->a : fixture->b;
  SipSessionDescriptionHandler *held = by_caller ? fixture->b : fixture->a;
  Listener *at_holder = by_caller ? &fixture->at_a : &fixture->at_b;
  Listener *at_held = by_caller ? &fixture->at_b : &fixture->at_a;
  g_autoptr (SipModifiers) modifiers = sip_modifiers_new ();
  g_autofree char *answer = NULL, *resumed = NULL;

  sip_modifiers_add (modifiers, hold, NULL, NULL);
  connect_pair (fixture);
  watch (fixture, held);

  answer = negotiate (holder, held, modifiers);
  g_assert_nonnull (strstr (answer, "a=recvonly\r\n"));
  gt_signal_logger_assert_emission_pop (fixture->seen, held, "directionChanged", NULL);
  assert_directions (holder, SIP_DIRECTION_SENDONLY, SIP_DIRECTION_RECVONLY);
  assert_directions (held, SIP_DIRECTION_RECVONLY, SIP_DIRECTION_SENDONLY);
  count_meanwhile (at_holder, at_held);
  g_assert_cmpuint (count_meanwhile (at_holder, at_held), ==, 0);

  resumed = negotiate (holder, held, NULL);
  g_assert_nonnull (strstr (resumed, "a=sendrecv\r\n"));
  gt_signal_logger_assert_emission_pop (fixture->seen, held, "directionChanged", NULL);
  g_assert_cmpuint (count_meanwhile (at_holder, at_held), >, 0);
  WAIT_FOR (listener_hears (&fixture->at_a, 400) && listener_hears (&fixture->at_b, 1000));
}

/* One side alone knows of the hold, as with a peer that forgets it: what that side does itself. */
static void
test_hold_alone (Fixture *fixture, gconstpointer data)
{
  gboolean holds = GPOINTER_TO_INT (data);
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = NULL, *heard = NULL, *answer = NULL;

  connect_pair (fixture);
  offer = listener_get (fixture->b, NULL, &error);
  heard = listener_replace (offer, "a=sendrecv", holds ? "a=recvonly" : "a=sendonly");
  g_assert_true (listener_set (fixture->a, heard, NULL, &error));
  answer = listener_get (fixture->a, NULL, &error);
  g_assert_nonnull (strstr (answer, holds ? "a=sendonly\r\n" : "a=recvonly\r\n"));
  g_clear_pointer (&heard, g_free);
  heard = listener_replace (answer, holds ? "a=sendonly" : "a=recvonly", "a=sendrecv");
  g_assert_true (listener_set (fixture->b, heard, NULL, &error));

  if (holds) {
    /* B goes on sending; A plays nothing of it. */
    count_meanwhile (&fixture->at_a, &fixture->at_b);
    g_assert_cmpuint (count_meanwhile (&fixture->at_a, &fixture->at_b), ==, 0);
  } else {
    /* B would play; A sends nothing. */
    count_meanwhile (&fixture->at_b, &fixture->at_a);
    g_assert_cmpuint (count_meanwhile (&fixture->at_b, &fixture->at_a), ==, 0);
  }
}

/* Both hold: nothing flows, and it comes back. */
static void
test_hold_both (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipModifiers) modifiers = sip_modifiers_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = NULL, *answer = NULL;

  sip_modifiers_add (modifiers, hold, NULL, NULL);
  connect_pair (fixture);
  offer = listener_get (fixture->a, modifiers, &error);
  g_assert_true (listener_set (fixture->b, offer, NULL, &error));
  answer = listener_get (fixture->b, modifiers, &error);
  g_assert_nonnull (strstr (answer, "a=inactive\r\n"));
  g_assert_true (listener_set (fixture->a, answer, NULL, &error));
  assert_directions (fixture->a, SIP_DIRECTION_SENDONLY, SIP_DIRECTION_INACTIVE);
  assert_directions (fixture->b, SIP_DIRECTION_INACTIVE, SIP_DIRECTION_SENDONLY);
  g_free (negotiate (fixture->b, fixture->a, NULL));
  count_meanwhile (&fixture->at_a, &fixture->at_b);
  WAIT_FOR (listener_hears (&fixture->at_a, 400) && listener_hears (&fixture->at_b, 1000));
}

static void
test_rollback (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL, *second = NULL, *third = NULL;

  /* Before anything was agreed, on both sides. */
  first = listener_get (fixture->a, NULL, &error);
  sip_session_description_handler_rollback (fixture->a);
  g_assert_true (listener_set (fixture->b, first, NULL, &error));
  sip_session_description_handler_rollback (fixture->b);
  connect_pair (fixture);

  /* An offer that is refused in a call, by either side, and what comes after it. */
  second = listener_get (fixture->a, NULL, &error);
  sip_session_description_handler_rollback (fixture->a);
  g_assert_true (listener_set (fixture->b, second, NULL, &error));
  sip_session_description_handler_rollback (fixture->b);
  third = negotiate (fixture->b, fixture->a, NULL);
  g_assert_nonnull (strstr (third, "a=sendrecv\r\n"));
  count_meanwhile (&fixture->at_a, &fixture->at_b);
  WAIT_FOR (listener_hears (&fixture->at_a, 400) && listener_hears (&fixture->at_b, 1000));
}

static void
test_muted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MediaTrack) track = NULL;

  connect_pair (fixture);
  gt_signal_logger_connect (fixture->seen, fixture->a, "notify::muted");
  sip_session_description_handler_set_muted (fixture->a, TRUE);
  sip_session_description_handler_set_muted (fixture->a, TRUE);
  gt_signal_logger_assert_notify_emission_pop (fixture->seen, fixture->a, "muted");
  g_assert_true (sip_session_description_handler_get_muted (fixture->a));

  count_meanwhile (&fixture->at_a, &fixture->at_b); /* so B still plays what comes */
  WAIT_FOR (listener_measure_all (&fixture->at_b) < 1e-6);
  g_assert_cmpuint (count_meanwhile (&fixture->at_b, &fixture->at_a), >, RATE / 4);
  g_assert_cmpfloat (listener_measure_all (&fixture->at_b), <, 1e-6);
  track = dup_track (fixture->a, 0);
  WAIT_FOR (media_track_get_level (track) < -90);

  sip_session_description_handler_set_muted (fixture->a, FALSE);
  gt_signal_logger_assert_notify_emission_pop (fixture->seen, fixture->a, "muted");
  WAIT_FOR (listener_hears (&fixture->at_b, 1000));
}

/* Muted before there was anything to mute. */
static void
test_muted_before (Fixture *fixture, gconstpointer data)
{
  sip_session_description_handler_set_muted (fixture->a, TRUE);
  g_free (negotiate (fixture->a, fixture->b, NULL));
  WAIT_FOR (listener_hears (&fixture->at_a, 400));
  WAIT_FOR (listener_count (&fixture->at_b) > RATE / 2);
  g_assert_cmpfloat (listener_measure_all (&fixture->at_b), <, 1e-6);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

static void
test_closed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipSessionDescription) description =
      sip_session_description_new_text ("application/sdp", "v=0\r\n");
  g_autoptr (GAsyncResult) got = NULL, set = NULL;
  g_autoptr (GError) error = NULL;

  watch (fixture, fixture->a);
  sip_session_description_handler_get_description_async (fixture->a, NULL, NULL, NULL, keep_result,
                                                         &got);
  sip_session_description_handler_set_description_async (fixture->a, description, NULL, NULL, NULL,
                                                         keep_result, &set);
  sip_session_description_handler_close (fixture->a);
  WAIT_FOR (got != NULL && set != NULL);
  g_assert_null (sip_session_description_handler_get_description_finish (fixture->a, got, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED);
  g_clear_error (&error);
  g_assert_false (sip_session_description_handler_set_description_finish (fixture->a, set, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED);
  g_clear_error (&error);
  g_assert_null (listener_get (fixture->a, NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED);
}

/* What was cancelled before it began leaves no trace. */
static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) got = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  sip_session_description_handler_get_description_async (fixture->b, NULL, NULL, cancellable,
                                                         keep_result, &got);
  WAIT_FOR (got != NULL);
  g_assert_null (sip_session_description_handler_get_description_finish (fixture->b, got, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  connect_pair (fixture);
}

static void
test_content_type (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipSessionDescription) description =
      sip_session_description_new_text ("application/pidf+xml", "v=0\r\n");
  g_autoptr (GAsyncResult) set = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (
      sip_session_description_handler_has_description (fixture->a, "Application/SDP; charset=x"));
  g_assert_false (sip_session_description_handler_has_description (fixture->a, "application/sdpx"));
  sip_session_description_handler_set_description_async (fixture->a, description, NULL, NULL, NULL,
                                                         keep_result, &set);
  WAIT_FOR (set != NULL);
  g_assert_false (sip_session_description_handler_set_description_finish (fixture->a, set, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_UNSUPPORTED_CONTENT_TYPE);
  g_assert_false (sip_session_description_handler_send_dtmf (fixture->a, "1", NULL));
}

/* The offer of a browser that wants a picture too, and data. */
static void
test_video (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = listener_get (fixture->a, NULL, &error);
  g_autofree char *grouped = listener_replace (offer, "BUNDLE audio0", "BUNDLE audio0 1 d");
  g_autofree char *whole = g_strconcat (grouped,
                                        "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n"
                                        "c=IN IP4 0.0.0.0\r\na=mid:1\r\na=sendrecv\r\n"
                                        "a=rtpmap:96 VP8/90000\r\n"
                                        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
                                        "c=IN IP4 0.0.0.0\r\na=mid:d\r\n",
                                        NULL);
  g_autofree char *answer = NULL, *bare = NULL;
  char *rest;

  g_assert_true (listener_set (fixture->b, whole, NULL, &error));
  answer = listener_get (fixture->b, NULL, &error);
  g_assert_no_error (error);
  rest = strstr (answer, "m=video 0 UDP/TLS/RTP/SAVPF 96 97\r\n");
  g_assert_nonnull (rest);
  g_assert_nonnull (strstr (rest, "a=mid:1\r\nm=application 0 UDP/DTLS/SCTP webrtc-datachannel"));
  g_assert_nonnull (strstr (answer, "a=group:BUNDLE audio0\r\n"));
  bare = g_strndup (answer, rest - answer);
  g_assert_true (listener_set (fixture->a, bare, NULL, &error));
  WAIT_FOR (listener_hears (&fixture->at_a, 400) && listener_hears (&fixture->at_b, 1000));
}

static void
test_change_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = NULL, *swapped = NULL, *other = NULL;
  char *audio;

  connect_pair (fixture);
  offer = listener_get (fixture->a, NULL, &error);
  audio = strstr (offer, "m=audio");
  swapped = g_strdup_printf ("%.*sm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\n%s",
                             (int)(audio - offer), offer, audio);
  g_assert_false (listener_set (fixture->b, swapped, NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION);
  g_clear_error (&error);
  other = tamper (offer);
  g_assert_false (listener_set (fixture->b, other, NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION);
  sip_session_description_handler_rollback (fixture->a);
  count_meanwhile (&fixture->at_a, &fixture->at_b);
  WAIT_FOR (listener_hears (&fixture->at_a, 400) && listener_hears (&fixture->at_b, 1000));
}

static void
test_no_device (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MediaTrack) local = NULL, remote = NULL;

  g_clear_object (&fixture->b);
  fixture->b = media_web_handler_new (NULL, NULL);
  g_free (negotiate (fixture->a, fixture->b, NULL));
  WAIT_FOR (count_tracks (fixture->b) == 2);
  local = dup_track (fixture->b, 0);
  remote = dup_track (fixture->b, 1);
  WAIT_FOR (!media_track_get_available (local) && !media_track_get_available (remote));
  WAIT_FOR (listener_count (&fixture->at_a) > RATE / 2);
  g_assert_cmpfloat (listener_measure_all (&fixture->at_a), <, 1e-6);
  WAIT_FOR (media_track_get_level (remote) > -10);
}

/* A microphone that is pulled out, and a speaker. */
static void
test_device_lost (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MediaTrack) local = NULL, remote = NULL;

  g_clear_object (&fixture->b);
  fixture->b =
      media_web_handler_new ("audiotestsrc is-live=true freq=400 ! identity error-after=50",
                             "identity error-after=50 ! fakesink");
  watch (fixture, fixture->b);
  g_free (negotiate (fixture->a, fixture->b, NULL));
  gt_signal_logger_assert_emission_pop (fixture->seen, fixture->b, "directionChanged", NULL);
  WAIT_FOR (count_tracks (fixture->b) == 2);
  local = dup_track (fixture->b, 0);
  remote = dup_track (fixture->b, 1);
  WAIT_FOR (!media_track_get_available (local) && !media_track_get_available (remote));
  WAIT_FOR (listener_measure_all (&fixture->at_a) < 1e-6);
  g_assert_cmpuint (count_meanwhile (&fixture->at_a, &fixture->at_a), >=, RATE / 2);
  /* What comes is still listened to. */
  WAIT_FOR (media_track_get_level (remote) > -10);
  sip_session_description_handler_set_muted (fixture->a, TRUE);
  WAIT_FOR (media_track_get_level (remote) < -90);
  gt_signal_logger_assert_emission_pop (fixture->seen, fixture->b, "trackAdded", NULL);
  gt_signal_logger_assert_emission_pop (fixture->seen, fixture->b, "trackAdded", NULL);
}

/* What cannot be made, what does not fit, and what does not start. */
static const char *const unusable[][2] = {
    {"no-such-element", "no-such-element"},
    {"fakesink", "audiotestsrc"},
    {"filesrc location=/nowhere/at/all", "filesink location=/nowhere/at/all"},
};

static void
test_unusable_device (Fixture *fixture, gconstpointer data)
{
  const char *const *devices = data;
  g_autoptr (MediaTrack) local = NULL, remote = NULL;

  g_clear_object (&fixture->b);
  fixture->b = media_web_handler_new (devices[0], devices[1]);
  g_free (negotiate (fixture->a, fixture->b, NULL));
  WAIT_FOR (count_tracks (fixture->b) == 2);
  local = dup_track (fixture->b, 0);
  remote = dup_track (fixture->b, 1);
  WAIT_FOR (!media_track_get_available (local) && !media_track_get_available (remote));
  WAIT_FOR (listener_count (&fixture->at_a) > RATE / 2);
  WAIT_FOR (media_track_get_level (remote) > -10);
}

static guint
count_entries (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_cycles (gconstpointer data)
{
  const int n = listener_slowness () > 1 ? 8 : 20;
  guint n_threads = 0, n_files = 0;

  for (int i = 0; i < n; i++) {
    Fixture fixture;

    set_up (&fixture, NULL);
    g_free (negotiate (fixture.a, fixture.b, NULL));
    WAIT_FOR (listener_count (&fixture.at_a) > 0 && listener_count (&fixture.at_b) > 0);
    tear_down (&fixture, NULL);
    /* Threads of the first cycles stay in their pools. */
    if (i == 4) {
      n_threads = count_entries ("/proc/self/task");
      n_files = count_entries ("/proc/self/fd");
    }
  }
  WAIT_FOR (count_entries ("/proc/self/fd") <= n_files);
  WAIT_FOR (count_entries ("/proc/self/task") <= n_threads + 2);
}

/* A handler may go without having been closed. */
static void
test_dropped (gconstpointer data)
{
  SipSessionDescriptionHandler *handler = media_web_handler_new (NULL, NULL);
  g_autofree char *offer = listener_get (handler, NULL, NULL);

  g_assert_nonnull (offer);
  listener_drain ();
  g_assert_finalize_object (handler);
}

#define ADD(name, data, func)                                                                      \
  g_test_add ("/web-handler/" name, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  /* No sound server, whatever the machine has. */
  g_setenv ("PULSE_SERVER", "unix:/dev/null/none", TRUE);
  g_test_init (&argc, &argv, NULL);
  media_web_handler_prepare ();
  media_web_handler_prepare ();

  ADD ("call", NULL, test_call);
  ADD ("pcmu", "PCMU", test_codec);
  ADD ("pcma", "PCMA", test_codec);
  ADD ("modifier-refuses", NULL, test_modifier_refuses);
  ADD ("not-secure/offer", GINT_TO_POINTER (TRUE), test_not_secure);
  ADD ("not-secure/answer", GINT_TO_POINTER (FALSE), test_not_secure);
  ADD ("repeated-answer", NULL, test_repeated_answer);
  ADD ("hold/caller", GINT_TO_POINTER (TRUE), test_hold);
  ADD ("hold/called", GINT_TO_POINTER (FALSE), test_hold);
  ADD ("hold/not-heard", GINT_TO_POINTER (TRUE), test_hold_alone);
  ADD ("hold/not-sent", GINT_TO_POINTER (FALSE), test_hold_alone);
  ADD ("hold/both", NULL, test_hold_both);
  ADD ("rollback", NULL, test_rollback);
  ADD ("muted", NULL, test_muted);
  ADD ("muted-before", NULL, test_muted_before);
  ADD ("closed", NULL, test_closed);
  ADD ("cancelled", NULL, test_cancelled);
  ADD ("content-type", NULL, test_content_type);
  ADD ("video", NULL, test_video);
  ADD ("change-refused", NULL, test_change_refused);
  ADD ("no-device", NULL, test_no_device);
  ADD ("device-lost", NULL, test_device_lost);
  ADD ("unusable-device/missing", unusable[0], test_unusable_device);
  ADD ("unusable-device/unfit", unusable[1], test_unusable_device);
  ADD ("unusable-device/broken", unusable[2], test_unusable_device);
  g_test_add_data_func ("/web-handler/cycles", NULL, test_cycles);
  g_test_add_data_func ("/web-handler/dropped", NULL, test_dropped);

  return g_test_run ();
}
