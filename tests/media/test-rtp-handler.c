/* test-rtp-handler.c - two handlers call each other over RTP, and what each of them hears */

#include "rtp-pair.h"

#include "media-rtp-handler-private.h"

#include "sip-error.h"

#include <string.h>

#define RATE 48000

static void
set_up (Pair *pair, gconstpointer data)
{
  rtp_pair_set_up (pair, RTP_CLEAR);
}

static void
test_call (Pair *pair, gconstpointer data)
{
  g_autoptr (SipTrack) local = NULL, remote = NULL;

  pair_watch (pair, pair->a);
  pair_assert_directions (pair->a, SIP_DIRECTION_INACTIVE, SIP_DIRECTION_INACTIVE);
  pair_connect (pair);
  gt_signal_logger_assert_emission_pop (pair->seen, pair->a, "trackAdded", NULL);
  gt_signal_logger_assert_emission_pop (pair->seen, pair->a, "directionChanged", NULL);
  gt_signal_logger_assert_emission_pop (pair->seen, pair->a, "trackAdded", NULL);
  pair_assert_directions (pair->a, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDRECV);
  pair_assert_directions (pair->b, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDRECV);
  local = pair_dup_track (pair->a, 0);
  remote = pair_dup_track (pair->a, 1);
  g_assert_false (sip_track_get_remote (local));
  g_assert_true (sip_track_get_remote (remote));
  g_assert_cmpstr (sip_track_get_codec (local), ==, "opus");
  g_assert_cmpstr (sip_track_get_codec (remote), ==, "opus");
  g_assert_true (sip_track_get_available (local) && sip_track_get_available (remote));
  WAIT_FOR (sip_track_get_level (local) > -10 && sip_track_get_level (remote) > -10);
}

/* Whoever holds hears nothing and is not heard; then all is as before. */
static void
test_hold (Pair *pair, gconstpointer data)
{
  gboolean is_caller = GPOINTER_TO_INT (data);
  SipSessionDescriptionHandler *holder = is_caller ? pair->a : pair->b;
  SipSessionDescriptionHandler *held = is_caller ? pair->b : pair->a;

  pair_connect (pair);
  for (int i = 0; i < 2; i++) {
    gsize played[2];

    sip_session_description_handler_set_direction (holder, SIP_DIRECTION_SENDONLY);
    g_free (pair_negotiate (holder, held, NULL));
    pair_assert_directions (holder, SIP_DIRECTION_SENDONLY, SIP_DIRECTION_RECVONLY);
    pair_assert_directions (held, SIP_DIRECTION_RECVONLY, SIP_DIRECTION_SENDONLY);
    listener_settle (&pair->at_a);
    listener_settle (&pair->at_b);
    played[0] = listener_count (&pair->at_a);
    played[1] = listener_count (&pair->at_b);

    sip_session_description_handler_set_direction (holder, SIP_DIRECTION_SENDRECV);
    g_assert_cmpuint (listener_count (&pair->at_a), ==, played[0]);
    g_assert_cmpuint (listener_count (&pair->at_b), ==, played[1]);
    g_free (pair_negotiate (holder, held, NULL));
    pair_assert_directions (holder, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDRECV);
    WAIT_FOR (listener_count (&pair->at_a) > played[0] + RATE / 2 &&
              listener_count (&pair->at_b) > played[1] + RATE / 2);
    pair_hear (pair);
  }
}

/* Both hold, and resume in another order. */
static void
test_hold_both (Pair *pair, gconstpointer data)
{
  gsize played;

  pair_connect (pair);
  sip_session_description_handler_set_direction (pair->a, SIP_DIRECTION_SENDONLY);
  g_free (pair_negotiate (pair->a, pair->b, NULL));
  sip_session_description_handler_set_direction (pair->b, SIP_DIRECTION_SENDONLY);
  g_free (pair_negotiate (pair->b, pair->a, NULL));
  pair_assert_directions (pair->a, SIP_DIRECTION_INACTIVE, SIP_DIRECTION_INACTIVE);
  pair_assert_directions (pair->b, SIP_DIRECTION_INACTIVE, SIP_DIRECTION_INACTIVE);
  sip_session_description_handler_set_direction (pair->a, SIP_DIRECTION_SENDRECV);
  g_free (pair_negotiate (pair->a, pair->b, NULL));
  pair_assert_directions (pair->a, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDONLY);
  listener_settle (&pair->at_a);
  sip_session_description_handler_set_direction (pair->b, SIP_DIRECTION_SENDRECV);
  g_free (pair_negotiate (pair->b, pair->a, NULL));
  pair_assert_directions (pair->a, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDRECV);
  played = listener_count (&pair->at_a);
  WAIT_FOR (listener_count (&pair->at_a) > played + RATE / 2);
  pair_hear (pair);
}

/* Somebody on the path put another certificate into a description. */
/* The same description again asks whether the call still lives: sound goes on, and the answer is
 * an answer.
 */
static void
test_refresh (Pair *pair, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = pair_negotiate (pair->a, pair->b, NULL), *again = NULL;

  pair_hear (pair);
  g_assert_true (listener_set (pair->a, answer, NULL, &error));
  again = listener_get (pair->a, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (again, "RTP/AVP 111 110\r\n"));
  g_free (pair_negotiate (pair->b, pair->a, NULL));
  gsize before = listener_count (&pair->at_b);
  WAIT_FOR (listener_count (&pair->at_b) > before + RATE / 2);
  pair_hear (pair);
}

/* Offers are taken back at each point, and what was agreed goes on. */
static void
test_rollback (Pair *pair, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *first = listener_get (pair->a, NULL, &error), *second = NULL;

  g_assert_no_error (error);
  sip_session_description_handler_rollback (pair->a);
  pair_connect (pair);
  sip_session_description_handler_set_direction (pair->a, SIP_DIRECTION_SENDONLY);
  second = listener_get (pair->a, NULL, &error);
  g_assert_true (listener_set (pair->b, second, NULL, &error));
  sip_session_description_handler_rollback (pair->a);
  sip_session_description_handler_rollback (pair->b);
  sip_session_description_handler_set_direction (pair->a, SIP_DIRECTION_SENDRECV);
  pair_assert_directions (pair->a, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDRECV);
  g_free (pair_negotiate (pair->b, pair->a, NULL));
  pair_hear (pair);
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

static void
test_muted (Pair *pair, gconstpointer data)
{
  pair_connect (pair);
  sip_session_description_handler_set_muted (pair->a, TRUE);
  g_assert_true (sip_session_description_handler_get_muted (pair->a));
  WAIT_FOR (listener_measure_all (&pair->at_b) < 1e-6);
  gsize before = listener_count (&pair->at_b);
  WAIT_FOR (listener_count (&pair->at_b) > before + RATE / 2);
  sip_session_description_handler_set_muted (pair->a, FALSE);
  pair_hear (pair);
}

static void
test_closed (Pair *pair, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  pair_connect (pair);
  sip_session_description_handler_close (pair->a);
  g_assert_null (listener_get (pair->a, NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED);
  g_clear_error (&error);
  g_assert_false (listener_set (pair->a, "v=0\r\n", NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED);
  g_assert_false (sip_session_description_handler_send_dtmf (pair->a, "1", NULL));
  listener_settle (&pair->at_b);
}

static void
test_content_type (Pair *pair, gconstpointer data)
{
  static const struct {
    const char *type;
    gboolean is_known;
  } rows[] = {{"application/sdp", TRUE},
              {"Application/SDP; charset=x", TRUE},
              {"application/sdpx", FALSE},
              {"text/plain", FALSE},
              {NULL, FALSE}};

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (sip_session_description_handler_has_description (pair->a, rows[i].type), ==,
                     rows[i].is_known);
}

static void
test_no_device (Pair *pair, gconstpointer data)
{
  g_autoptr (SipTrack) local = NULL, remote = NULL;

  g_clear_object (&pair->b);
  pair->b = media_rtp_handler_new (NULL, NULL);
  g_free (pair_negotiate (pair->a, pair->b, NULL));
  WAIT_FOR (pair_count_tracks (pair->b) == 2);
  local = pair_dup_track (pair->b, 0);
  remote = pair_dup_track (pair->b, 1);
  WAIT_FOR (!sip_track_get_available (local) && !sip_track_get_available (remote));
  WAIT_FOR (listener_count (&pair->at_a) > RATE / 2);
  g_assert_cmpfloat (listener_measure_all (&pair->at_a), <, 1e-6);
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

    rtp_pair_set_up (&pair, data);
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

/* A handler may go without having been closed. */
static void
test_dropped (Pair *pair, gconstpointer data)
{
  SipSessionDescriptionHandler *handler = media_rtp_handler_new (NULL, NULL);
  g_autofree char *offer = listener_get (handler, NULL, NULL);
  g_autofree char *answer = NULL;

  g_assert_true (listener_set (pair->b, offer, NULL, NULL));
  answer = listener_get (pair->b, NULL, NULL);
  g_assert_true (listener_set (handler, answer, NULL, NULL));
  listener_drain ();
  g_assert_finalize_object (handler);
}

static char *
offer_from (SipSessionDescriptionHandler *handler, const char *address)
{
  g_autofree char *line = g_strdup_printf ("\r\nc=IN IP4 %s\r\n", address);
  g_autoptr (GError) error = NULL;
  char *offer = listener_get (handler, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (strstr (offer, line));
  return offer;
}

/* What is played from now on is what is to be heard. */
static void
go_on_hearing (Pair *pair)
{
  gsize n_at_a = listener_count (&pair->at_a), n_at_b = listener_count (&pair->at_b);

  WAIT_FOR (listener_count (&pair->at_a) > n_at_a + RATE &&
            listener_count (&pair->at_b) > n_at_b + RATE);
  pair_hear (pair);
}

/* The machine of one side has another address: the same call goes on from there. What is refused or
 * taken back is offered again.
 */
static void
test_moved (gconstpointer data)
{
  Pair pair;
  g_autofree char *first = NULL, *second = NULL;
  g_autoptr (SipTrack) track = NULL, same = NULL;
  MediaRtpSockets *old;

  rtp_pair_set_up (&pair, data);
  g_assert_false (sip_session_description_handler_move (pair.a));
  pair_connect (&pair);
  track = pair_dup_track (pair.a, 1);
  g_assert_false (sip_session_description_handler_move (pair.a));
  old = MEDIA_RTP_HANDLER (pair.a)->sockets;
  g_object_set (pair.a, "local-address", "127.0.0.2", NULL);
  g_assert_true (sip_session_description_handler_move (pair.a));
  g_assert_false (sip_session_description_handler_move (pair.a));

  first = offer_from (pair.a, "127.0.0.2");
  g_assert_true (MEDIA_RTP_HANDLER (pair.a)->sockets == old);
  sip_session_description_handler_rollback (pair.a);
  go_on_hearing (&pair);
  second = offer_from (pair.a, "127.0.0.2");
  sip_session_description_handler_rollback (pair.a);
  g_free (pair_negotiate (pair.a, pair.b, NULL));
  go_on_hearing (&pair);

  /* And the other one, while it is asked. */
  g_object_set (pair.b, "local-address", "127.0.0.3", NULL);
  g_assert_true (sip_session_description_handler_move (pair.b));
  g_free (pair_negotiate (pair.a, pair.b, NULL));
  go_on_hearing (&pair);
  g_assert_cmpuint (pair_count_tracks (pair.a), ==, 2);
  same = pair_dup_track (pair.a, 1);
  g_assert_true (same == track);
  pair_tear_down (&pair, NULL);
}

/* Each of them, both ways. */
static void
test_tones (Pair *pair, gconstpointer data)
{
  pair_connect (pair);
  gt_signal_logger_connect (pair->seen, pair->a, "dtmf");
  gt_signal_logger_connect (pair->seen, pair->b, "dtmf");
  rtp_pair_send_tones (pair, pair->a, pair->b, "0123456789*#ABCD");
  rtp_pair_send_tones (pair, pair->b, pair->a, "0123456789*#ABCD");
  pair_hear (pair);
}

#define ADD(name, data, func)                                                                      \
  g_test_add ("/rtp-handler/" name, Pair, data, set_up, func, pair_tear_down)

int
main (int argc, char **argv)
{
  /* No sound server, whatever the machine has. */
  g_setenv ("PULSE_SERVER", "unix:/dev/null/none", TRUE);
  g_test_init (&argc, &argv, NULL);
  media_web_handler_prepare ();

  ADD ("call", NULL, test_call);
  ADD ("hold/caller", GINT_TO_POINTER (TRUE), test_hold);
  ADD ("hold/called", GINT_TO_POINTER (FALSE), test_hold);
  ADD ("hold/both", NULL, test_hold_both);
  ADD ("tones", NULL, test_tones);
  ADD ("refresh", NULL, test_refresh);
  ADD ("rollback", NULL, test_rollback);
  ADD ("modifier-refuses", NULL, test_modifier_refuses);
  ADD ("muted", NULL, test_muted);
  ADD ("closed", NULL, test_closed);
  ADD ("content-type", NULL, test_content_type);
  ADD ("no-device", NULL, test_no_device);
  ADD ("dropped", NULL, test_dropped);
  g_test_add_data_func ("/rtp-handler/cycles/clear", RTP_CLEAR, test_cycles);
  g_test_add_data_func ("/rtp-handler/cycles/dtls", RTP_DTLS, test_cycles);
  g_test_add_data_func ("/rtp-handler/moved/clear", RTP_CLEAR, test_moved);
  g_test_add_data_func ("/rtp-handler/moved/sdes", RTP_SDES, test_moved);
  g_test_add_data_func ("/rtp-handler/moved/dtls", RTP_DTLS, test_moved);

  return g_test_run ();
}
