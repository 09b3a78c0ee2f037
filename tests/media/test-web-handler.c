/* test-web-handler.c - two handlers call each other over real sockets, and what each of them hears
 */

#include "pair.h"

#include "media-codecs-private.h"

#include "sip-error.h"

#include <string.h>

#define RATE 48000

static void
test_call (Pair *pair, gconstpointer data)
{
  g_autoptr (SipTrack) local = NULL, remote = NULL;

  pair_watch (pair, pair->a);
  pair_assert_directions (pair->a, SIP_DIRECTION_INACTIVE, SIP_DIRECTION_INACTIVE);
  pair_connect (pair);
  gt_signal_logger_assert_emission_pop (pair->seen, pair->a, "directionChanged", NULL);
  gt_signal_logger_assert_emission_pop (pair->seen, pair->a, "trackAdded", NULL);
  gt_signal_logger_assert_emission_pop (pair->seen, pair->a, "trackAdded", NULL);
  pair_assert_directions (pair->a, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDRECV);
  pair_assert_directions (pair->b, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDRECV);

  g_assert_cmpuint (pair_count_tracks (pair->a), ==, 2);
  local = pair_dup_track (pair->a, 0);
  remote = pair_dup_track (pair->a, 1);
  g_assert_false (sip_track_get_remote (local));
  g_assert_true (sip_track_get_remote (remote));
  g_assert_cmpstr (sip_track_get_kind (local), ==, "audio");
  g_assert_cmpstr (sip_track_get_codec (local), ==, "opus");
  g_assert_cmpstr (sip_track_get_codec (remote), ==, "opus");
  g_assert_cmpstr (sip_track_get_id (local), !=, sip_track_get_id (remote));
  g_assert_true (sip_track_get_available (local) && sip_track_get_available (remote));
  WAIT_FOR (sip_track_get_level (local) > -10 && sip_track_get_level (remote) > -10);
  sip_session_description_handler_close (pair->a);
  g_assert_cmpfloat (sip_track_get_level (local), ==, -100);
}

static char *
keep_only (const char *type, const char *sdp, gpointer payload, GError **error)
{
  return g_str_equal (type, "offer") ? listener_replace (sdp, "SAVPF 111 9 0 8", payload)
                                     : g_strdup (sdp);
}

static void
test_codec (Pair *pair, gconstpointer data)
{
  g_autoptr (SipModifiers) modifiers = sip_modifiers_new ();
  const MediaCodec *codec = media_codecs_find (data, 8000, 1);
  g_autofree char *payloads = g_strdup_printf ("SAVPF %u", codec->payload);
  g_autoptr (SipTrack) track = NULL;

  sip_modifiers_add (modifiers, keep_only, payloads, NULL);
  g_free (pair_negotiate (pair->a, pair->b, modifiers));
  WAIT_FOR (listener_hears (&pair->at_a, 400) && listener_hears (&pair->at_b, 1000));
  track = pair_dup_track (pair->b, 1);
  g_assert_cmpstr (sip_track_get_codec (track), ==, data);
}

static char *
refuse_all (const char *type, const char *sdp, gpointer data, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "no");
  return NULL;
}

static void
test_modifier_refuses (Pair *pair, gconstpointer data)
{
  g_autoptr (SipModifiers) modifiers = sip_modifiers_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = listener_get (pair->a, NULL, NULL);

  sip_modifiers_add (modifiers, refuse_all, NULL, NULL);
  g_assert_null (listener_get (pair->a, modifiers, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_clear_error (&error);
  g_assert_false (listener_set (pair->b, offer, modifiers, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  pair_connect (pair);
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
test_not_secure (Pair *pair, gconstpointer data)
{
  gboolean in_offer = GPOINTER_TO_INT (data);
  SipSessionDescriptionHandler *victim = in_offer ? pair->b : pair->a;
  g_autoptr (GError) error = NULL, late = NULL, signalled = NULL;
  g_autofree char *offer = listener_get (pair->a, NULL, &error);
  g_autofree char *bad_offer = in_offer ? tamper (offer) : g_strdup (offer);
  g_autofree char *answer = NULL, *bad_answer = NULL;

  gt_signal_logger_connect (pair->seen, victim, "failed");
  gt_signal_logger_connect (pair->seen, victim, "trackAdded");
  g_assert_true (listener_set (pair->b, bad_offer, NULL, &error));
  answer = listener_get (pair->b, NULL, &error);
  g_assert_no_error (error);
  bad_answer = in_offer ? g_strdup (answer) : tamper (answer);
  g_assert_true (listener_set (pair->a, bad_answer, NULL, &error));

  WAIT_FOR (gt_signal_logger_get_n_emissions (pair->seen) > 0);
  gt_signal_logger_assert_emission_pop (pair->seen, victim, "failed", &signalled);
  g_assert_error (signalled, SIP_ERROR, SIP_ERROR_NOT_SECURE);
  g_assert_cmpuint (pair_count_tracks (victim), ==, 0);
  g_assert_null (listener_get (victim, NULL, &late));
  g_assert_error (late, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED);
  sip_session_description_handler_close (pair->a);
  sip_session_description_handler_close (pair->b);
  g_assert_cmpuint (listener_count (&pair->at_a), ==, 0);
  g_assert_cmpuint (listener_count (&pair->at_b), ==, 0);
}

static void
test_muted (Pair *pair, gconstpointer data)
{
  g_autoptr (SipTrack) track = NULL;

  pair_connect (pair);
  gt_signal_logger_connect (pair->seen, pair->a, "notify::muted");
  sip_session_description_handler_set_muted (pair->a, TRUE);
  sip_session_description_handler_set_muted (pair->a, TRUE);
  gt_signal_logger_assert_notify_emission_pop (pair->seen, pair->a, "muted");
  g_assert_true (sip_session_description_handler_get_muted (pair->a));

  pair_count_meanwhile (&pair->at_a, &pair->at_b); /* so B still plays what comes */
  WAIT_FOR (listener_measure_all (&pair->at_b) < 1e-6);
  g_assert_cmpuint (pair_count_meanwhile (&pair->at_b, &pair->at_a), >, RATE / 4);
  g_assert_cmpfloat (listener_measure_all (&pair->at_b), <, 1e-6);
  track = pair_dup_track (pair->a, 0);
  WAIT_FOR (sip_track_get_level (track) < -90);

  sip_session_description_handler_set_muted (pair->a, FALSE);
  gt_signal_logger_assert_notify_emission_pop (pair->seen, pair->a, "muted");
  WAIT_FOR (listener_hears (&pair->at_b, 1000));
}

/* Muted before there was anything to mute. */
static void
test_muted_before (Pair *pair, gconstpointer data)
{
  sip_session_description_handler_set_muted (pair->a, TRUE);
  g_free (pair_negotiate (pair->a, pair->b, NULL));
  WAIT_FOR (listener_hears (&pair->at_a, 400));
  WAIT_FOR (listener_count (&pair->at_b) > RATE / 2);
  g_assert_cmpfloat (listener_measure_all (&pair->at_b), <, 1e-6);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

static void
test_closed (Pair *pair, gconstpointer data)
{
  g_autoptr (SipSessionDescription) description =
      sip_session_description_new_text ("application/sdp", "v=0\r\n");
  g_autoptr (GAsyncResult) got = NULL, set = NULL;
  g_autoptr (GError) error = NULL;

  pair_watch (pair, pair->a);
  sip_session_description_handler_get_description_async (pair->a, NULL, NULL, NULL, keep_result,
                                                         &got);
  sip_session_description_handler_set_description_async (pair->a, description, NULL, NULL, NULL,
                                                         keep_result, &set);
  sip_session_description_handler_close (pair->a);
  WAIT_FOR (got != NULL && set != NULL);
  g_assert_null (sip_session_description_handler_get_description_finish (pair->a, got, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED);
  g_clear_error (&error);
  g_assert_false (sip_session_description_handler_set_description_finish (pair->a, set, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED);
  g_clear_error (&error);
  g_assert_null (listener_get (pair->a, NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED);
}

/* What was cancelled before it began leaves no trace. */
static void
test_cancelled (Pair *pair, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) got = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  sip_session_description_handler_get_description_async (pair->b, NULL, NULL, cancellable,
                                                         keep_result, &got);
  WAIT_FOR (got != NULL);
  g_assert_null (sip_session_description_handler_get_description_finish (pair->b, got, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pair_connect (pair);
}

static void
test_content_type (Pair *pair, gconstpointer data)
{
  g_autoptr (SipSessionDescription) description =
      sip_session_description_new_text ("application/pidf+xml", "v=0\r\n");
  g_autoptr (GAsyncResult) set = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (
      sip_session_description_handler_has_description (pair->a, "Application/SDP; charset=x"));
  g_assert_false (sip_session_description_handler_has_description (pair->a, "application/sdpx"));
  sip_session_description_handler_set_description_async (pair->a, description, NULL, NULL, NULL,
                                                         keep_result, &set);
  WAIT_FOR (set != NULL);
  g_assert_false (sip_session_description_handler_set_description_finish (pair->a, set, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_UNSUPPORTED_CONTENT_TYPE);
  g_assert_false (sip_session_description_handler_send_dtmf (pair->a, "1", NULL));
}

/* The offer of a browser that wants a picture too, and data. */
static void
test_video (Pair *pair, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = listener_get (pair->a, NULL, &error);
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

  g_assert_true (listener_set (pair->b, whole, NULL, &error));
  answer = listener_get (pair->b, NULL, &error);
  g_assert_no_error (error);
  rest = strstr (answer, "m=video 0 UDP/TLS/RTP/SAVPF 96 97\r\n");
  g_assert_nonnull (rest);
  g_assert_nonnull (strstr (rest, "a=mid:1\r\nm=application 0 UDP/DTLS/SCTP webrtc-datachannel"));
  g_assert_nonnull (strstr (answer, "a=group:BUNDLE audio0\r\n"));
  bare = g_strndup (answer, rest - answer);
  g_assert_true (listener_set (pair->a, bare, NULL, &error));
  WAIT_FOR (listener_hears (&pair->at_a, 400) && listener_hears (&pair->at_b, 1000));
}

static void
test_change_refused (Pair *pair, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = NULL, *swapped = NULL, *other = NULL;
  char *audio;

  pair_connect (pair);
  offer = listener_get (pair->a, NULL, &error);
  audio = strstr (offer, "m=audio");
  swapped = g_strdup_printf ("%.*sm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\n%s",
                             (int)(audio - offer), offer, audio);
  g_assert_false (listener_set (pair->b, swapped, NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION);
  g_clear_error (&error);
  other = tamper (offer);
  g_assert_false (listener_set (pair->b, other, NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION);
  sip_session_description_handler_rollback (pair->a);
  pair_count_meanwhile (&pair->at_a, &pair->at_b);
  WAIT_FOR (listener_hears (&pair->at_a, 400) && listener_hears (&pair->at_b, 1000));
}

static void
test_no_device (Pair *pair, gconstpointer data)
{
  g_autoptr (SipTrack) local = NULL, remote = NULL;

  g_clear_object (&pair->b);
  pair->b = media_web_handler_new (NULL, NULL);
  g_free (pair_negotiate (pair->a, pair->b, NULL));
  WAIT_FOR (pair_count_tracks (pair->b) == 2);
  local = pair_dup_track (pair->b, 0);
  remote = pair_dup_track (pair->b, 1);
  WAIT_FOR (!sip_track_get_available (local) && !sip_track_get_available (remote));
  WAIT_FOR (listener_count (&pair->at_a) > RATE / 2);
  g_assert_cmpfloat (listener_measure_all (&pair->at_a), <, 1e-6);
  WAIT_FOR (sip_track_get_level (remote) > -10);
}

/* A microphone that is pulled out, and a speaker. */
static void
test_device_lost (Pair *pair, gconstpointer data)
{
  g_autoptr (SipTrack) local = NULL, remote = NULL;

  g_clear_object (&pair->b);
  pair->b = media_web_handler_new ("audiotestsrc is-live=true freq=400 ! identity error-after=50",
                                   "identity error-after=50 ! fakesink");
  pair_watch (pair, pair->b);
  g_free (pair_negotiate (pair->a, pair->b, NULL));
  gt_signal_logger_assert_emission_pop (pair->seen, pair->b, "directionChanged", NULL);
  WAIT_FOR (pair_count_tracks (pair->b) == 2);
  local = pair_dup_track (pair->b, 0);
  remote = pair_dup_track (pair->b, 1);
  WAIT_FOR (!sip_track_get_available (local) && !sip_track_get_available (remote));
  WAIT_FOR (listener_measure_all (&pair->at_a) < 1e-6);
  g_assert_cmpuint (pair_count_meanwhile (&pair->at_a, &pair->at_a), >=, RATE / 2);
  /* What comes is still listened to. */
  WAIT_FOR (sip_track_get_level (remote) > -10);
  sip_session_description_handler_set_muted (pair->a, TRUE);
  WAIT_FOR (sip_track_get_level (remote) < -90);
  gt_signal_logger_assert_emission_pop (pair->seen, pair->b, "trackAdded", NULL);
  gt_signal_logger_assert_emission_pop (pair->seen, pair->b, "trackAdded", NULL);
}

/* What cannot be made, what does not fit, and what does not start. */
static const char *const unusable[][2] = {
    {"no-such-element", "no-such-element"},
    {"fakesink", "audiotestsrc"},
    {"filesrc location=/nowhere/at/all", "filesink location=/nowhere/at/all"},
};

static void
test_unusable_device (Pair *pair, gconstpointer data)
{
  const char *const *devices = data;
  g_autoptr (SipTrack) local = NULL, remote = NULL;

  g_clear_object (&pair->b);
  pair->b = media_web_handler_new (devices[0], devices[1]);
  g_free (pair_negotiate (pair->a, pair->b, NULL));
  WAIT_FOR (pair_count_tracks (pair->b) == 2);
  local = pair_dup_track (pair->b, 0);
  remote = pair_dup_track (pair->b, 1);
  WAIT_FOR (!sip_track_get_available (local) && !sip_track_get_available (remote));
  WAIT_FOR (listener_count (&pair->at_a) > RATE / 2);
  WAIT_FOR (sip_track_get_level (remote) > -10);
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
    Pair pair;

    pair_set_up (&pair, NULL);
    g_free (pair_negotiate (pair.a, pair.b, NULL));
    WAIT_FOR (listener_count (&pair.at_a) > 0 && listener_count (&pair.at_b) > 0);
    pair_tear_down (&pair, NULL);
    /* Threads of the first cycles stay in their pools. */
    if (i == 4) {
      n_threads = count_entries ("/proc/self/task");
      n_files = count_entries ("/proc/self/fd");
    }
  }
  WAIT_FOR (count_entries ("/proc/self/fd") <= n_files);
  WAIT_FOR (count_entries ("/proc/self/task") <= n_threads + 2);
}

/* What is played from now on is what is to be heard. */
static void
go_on_hearing (Pair *pair)
{
  gsize n_at_a = listener_count (&pair->at_a), n_at_b = listener_count (&pair->at_b);

  WAIT_FOR (listener_count (&pair->at_a) > n_at_a + RATE &&
            listener_count (&pair->at_b) > n_at_b + RATE);
  WAIT_FOR (listener_hears (&pair->at_a, 400) && listener_hears (&pair->at_b, 1000));
}

static void
set_address (SipSessionDescriptionHandler *handler, const char *address)
{
  const char *const addresses[] = {address, NULL};

  g_object_set (handler, "local-addresses", addresses, NULL);
}

static char *
find_fingerprint (const char *sdp)
{
  const char *at = strstr (sdp, "a=fingerprint:");

  return g_strndup (at, strcspn (at, "\r"));
}

/* The machine of one side has another address: with the next round both have another connection,
 * each with another certificate, and until then the old one.
 */
static void
test_moved (Pair *pair, gconstpointer data)
{
  gboolean is_caller = data != NULL;
  SipSessionDescriptionHandler *mover = is_caller ? pair->a : pair->b;
  SipSessionDescriptionHandler *other = is_caller ? pair->b : pair->a;
  g_autofree char *in_vain = NULL, *answer = NULL, *again = NULL;
  g_autofree char *before = NULL, *after = NULL;

  set_address (pair->a, "127.0.0.1");
  set_address (pair->b, "127.0.0.1");
  g_assert_false (sip_session_description_handler_move (mover));
  pair_connect (pair);
  g_assert_false (sip_session_description_handler_move (mover));
  again = listener_get (other, NULL, NULL);
  before = find_fingerprint (again);
  sip_session_description_handler_rollback (other);

  set_address (mover, "127.0.0.2");
  g_assert_true (sip_session_description_handler_move (mover));
  in_vain = listener_get (mover, NULL, NULL);
  g_assert_nonnull (strstr (in_vain, " 127.0.0.2 "));
  g_assert_null (strstr (in_vain, " 127.0.0.1 "));
  sip_session_description_handler_rollback (mover);
  go_on_hearing (pair);
  answer = pair_negotiate (mover, other, NULL);
  after = find_fingerprint (answer);
  g_assert_cmpstr (before, !=, after);
  go_on_hearing (pair);
  g_assert_cmpuint (pair_count_tracks (pair->a), ==, 2);

  /* From there the call goes on as any other. */
  sip_session_description_handler_set_direction (other, SIP_DIRECTION_SENDONLY);
  g_free (pair_negotiate (other, mover, NULL));
  pair_assert_directions (mover, SIP_DIRECTION_RECVONLY, SIP_DIRECTION_SENDONLY);
  sip_session_description_handler_set_direction (other, SIP_DIRECTION_SENDRECV);
  g_free (pair_negotiate (other, mover, NULL));
  go_on_hearing (pair);
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
  g_test_add ("/web-handler/" name, Pair, data, pair_set_up, func, pair_tear_down)

int
main (int argc, char **argv)
{
  /* No sound server, whatever the machine has. */
  g_setenv ("PULSE_SERVER", "unix:/dev/null/none", TRUE);
  g_test_init (&argc, &argv, NULL);
  media_web_handler_prepare ();
  media_web_handler_prepare ();

  ADD ("call", NULL, test_call);
  ADD ("g722", "G722", test_codec);
  ADD ("pcmu", "PCMU", test_codec);
  ADD ("pcma", "PCMA", test_codec);
  ADD ("modifier-refuses", NULL, test_modifier_refuses);
  ADD ("not-secure/offer", GINT_TO_POINTER (TRUE), test_not_secure);
  ADD ("not-secure/answer", GINT_TO_POINTER (FALSE), test_not_secure);
  ADD ("muted", NULL, test_muted);
  ADD ("muted-before", NULL, test_muted_before);
  ADD ("closed", NULL, test_closed);
  ADD ("cancelled", NULL, test_cancelled);
  ADD ("content-type", NULL, test_content_type);
  ADD ("video", NULL, test_video);
  ADD ("change-refused", NULL, test_change_refused);
  ADD ("moved/caller", GINT_TO_POINTER (TRUE), test_moved);
  ADD ("moved/called", NULL, test_moved);
  ADD ("no-device", NULL, test_no_device);
  ADD ("device-lost", NULL, test_device_lost);
  ADD ("unusable-device/missing", unusable[0], test_unusable_device);
  ADD ("unusable-device/unfit", unusable[1], test_unusable_device);
  ADD ("unusable-device/broken", unusable[2], test_unusable_device);
  g_test_add_data_func ("/web-handler/cycles", NULL, test_cycles);
  g_test_add_data_func ("/web-handler/dropped", NULL, test_dropped);

  return g_test_run ();
}
