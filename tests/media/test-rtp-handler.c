/* test-rtp-handler.c - two handlers call each other over RTP, and what each of them hears */

#include "listener.h"

#include "media-codecs-private.h"
#include "media-rtp-handler-private.h"
#include "sip-track.h"

#include "sip-dtmf.h"
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

/* How two sides protect what they send, and what has to stand in the offer. */
typedef struct {
  const char *name;
  SipSecurity security;
  gboolean is_private;
  const char *suite; /* the only one offered, or NULL */
  const char *proto;
  gboolean is_secure;
  gboolean has_every_codec; /* or is tried with one of them */
  gboolean clear_keys;
} Protection;

static const Protection protections[] = {
    {"clear", SIP_SECURITY_OFF, FALSE, NULL, "RTP/AVP", FALSE, TRUE},
    {"unread", SIP_SECURITY_PREFER, FALSE, NULL, "RTP/AVP", FALSE, FALSE},
    {"sdes-80", SIP_SECURITY_PREFER, TRUE, "AES_CM_128_HMAC_SHA1_80", "RTP/AVP", TRUE, TRUE},
    {"sdes-32", SIP_SECURITY_REQUIRE, TRUE, "AES_CM_128_HMAC_SHA1_32", "RTP/SAVP", TRUE, FALSE},
    {"sdes-256", SIP_SECURITY_REQUIRE, TRUE, "AES_256_CM_HMAC_SHA1_80", "RTP/SAVP", TRUE, FALSE},
    {"gcm-128", SIP_SECURITY_REQUIRE, TRUE, "AEAD_AES_128_GCM", "RTP/SAVP", TRUE, FALSE},
    {"gcm-256", SIP_SECURITY_REQUIRE, TRUE, "AEAD_AES_256_GCM", "RTP/SAVP", TRUE, TRUE},
    {"sdes-read", SIP_SECURITY_PREFER, FALSE, "AES_CM_128_HMAC_SHA1_80", "RTP/AVP", FALSE, FALSE,
     TRUE},
    {"dtls", SIP_SECURITY_REQUIRE, FALSE, NULL, "UDP/TLS/RTP/SAVP", FALSE, TRUE},
};

#define DTLS (&protections[G_N_ELEMENTS (protections) - 1])

static SipSessionDescriptionHandler *
make_handler (int frequency, const char *sink, const char *address, const Protection *protection)
{
  g_autofree char *source = g_strdup_printf ("audiotestsrc is-live=true freq=%d", frequency);

  return g_object_new (MEDIA_TYPE_RTP_HANDLER, "audio-source", source, "audio-sink", sink,
                       "local-address", address, "security", protection->security,
                       "private-signaling", protection->is_private, "clear-keys",
                       protection->clear_keys, NULL);
}

static void
set_up_as (Fixture *fixture, const Protection *protection, const char *address)
{
  listener_init (&fixture->at_a);
  listener_init (&fixture->at_b);
  fixture->a = make_handler (1000, fixture->at_a.sink, address, protection);
  fixture->b = make_handler (400, fixture->at_b.sink, address, protection);
  fixture->seen = gt_signal_logger_new ();
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  set_up_as (fixture, &protections[0], "127.0.0.1");
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
  listener_set (to, offer, NULL, &error);
  g_assert_no_error (error);
  answer = listener_get (to, NULL, &error);
  g_assert_no_error (error);
  listener_set (from, answer, NULL, &error);
  g_assert_no_error (error);
  return answer;
}

static void
hear_each_other (Fixture *fixture)
{
  WAIT_FOR (listener_hears (&fixture->at_a, 400) && listener_hears (&fixture->at_b, 1000));
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
  hear_each_other (fixture);
}

static SipTrack *
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

static gboolean
is_secure (SipSessionDescriptionHandler *handler)
{
  gboolean secure = FALSE;

  g_object_get (handler, "secure", &secure, NULL);
  return secure;
}

static void
assert_directions (SipSessionDescriptionHandler *handler, SipDirection local, SipDirection remote)
{
  g_assert_cmpint (sip_session_description_handler_get_local_direction (handler), ==, local);
  g_assert_cmpint (sip_session_description_handler_get_remote_direction (handler), ==, remote);
}

static gboolean
listener_is_still (Listener *listener, gsize *n, gint64 *since)
{
  gsize now = listener_count (listener);

  if (now != *n)
    *since = g_get_monotonic_time ();
  *n = now;
  return g_get_monotonic_time () - *since > 300 * 1000;
}

/* Until nothing more is played, for as long as a dozen packets take. */
static void
listener_settle (Listener *listener)
{
  gint64 since = g_get_monotonic_time ();
  gsize n = listener_count (listener);

  WAIT_FOR (listener_is_still (listener, &n, &since));
}

static void
watch (Fixture *fixture, SipSessionDescriptionHandler *handler)
{
  gt_signal_logger_connect (fixture->seen, handler, "directionChanged");
  gt_signal_logger_connect (fixture->seen, handler, "trackAdded");
  gt_signal_logger_connect (fixture->seen, handler, "dtmf");
  gt_signal_logger_connect (fixture->seen, handler, "failed");
}

static void
test_call (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipTrack) local = NULL, remote = NULL;

  watch (fixture, fixture->a);
  assert_directions (fixture->a, SIP_DIRECTION_INACTIVE, SIP_DIRECTION_INACTIVE);
  connect_pair (fixture);
  gt_signal_logger_assert_emission_pop (fixture->seen, fixture->a, "trackAdded", NULL);
  gt_signal_logger_assert_emission_pop (fixture->seen, fixture->a, "directionChanged", NULL);
  gt_signal_logger_assert_emission_pop (fixture->seen, fixture->a, "trackAdded", NULL);
  assert_directions (fixture->a, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDRECV);
  assert_directions (fixture->b, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDRECV);
  local = dup_track (fixture->a, 0);
  remote = dup_track (fixture->a, 1);
  g_assert_false (sip_track_get_remote (local));
  g_assert_true (sip_track_get_remote (remote));
  g_assert_cmpstr (sip_track_get_codec (local), ==, "opus");
  g_assert_cmpstr (sip_track_get_codec (remote), ==, "opus");
  g_assert_true (sip_track_get_available (local) && sip_track_get_available (remote));
  WAIT_FOR (sip_track_get_level (local) > -10 && sip_track_get_level (remote) > -10);
}

/* Whoever holds hears nothing and is not heard; then all is as before. */
static void
test_hold (Fixture *fixture, gconstpointer data)
{
  gboolean is_caller = GPOINTER_TO_INT (data);
  SipSessionDescriptionHandler *holder = is_caller ? fixture->a : fixture->b;
  SipSessionDescriptionHandler *held = is_caller ? fixture->b : fixture->a;

  connect_pair (fixture);
  for (int i = 0; i < 2; i++) {
    gsize played[2];

    sip_session_description_handler_set_direction (holder, SIP_DIRECTION_SENDONLY);
    g_free (negotiate (holder, held, NULL));
    assert_directions (holder, SIP_DIRECTION_SENDONLY, SIP_DIRECTION_RECVONLY);
    assert_directions (held, SIP_DIRECTION_RECVONLY, SIP_DIRECTION_SENDONLY);
    listener_settle (&fixture->at_a);
    listener_settle (&fixture->at_b);
    played[0] = listener_count (&fixture->at_a);
    played[1] = listener_count (&fixture->at_b);

    sip_session_description_handler_set_direction (holder, SIP_DIRECTION_SENDRECV);
    g_assert_cmpuint (listener_count (&fixture->at_a), ==, played[0]);
    g_assert_cmpuint (listener_count (&fixture->at_b), ==, played[1]);
    g_free (negotiate (holder, held, NULL));
    assert_directions (holder, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDRECV);
    WAIT_FOR (listener_count (&fixture->at_a) > played[0] + RATE / 2 &&
              listener_count (&fixture->at_b) > played[1] + RATE / 2);
    hear_each_other (fixture);
  }
}

/* Both hold, and resume in another order. */
static void
test_hold_both (Fixture *fixture, gconstpointer data)
{
  gsize played;

  connect_pair (fixture);
  sip_session_description_handler_set_direction (fixture->a, SIP_DIRECTION_SENDONLY);
  g_free (negotiate (fixture->a, fixture->b, NULL));
  sip_session_description_handler_set_direction (fixture->b, SIP_DIRECTION_SENDONLY);
  g_free (negotiate (fixture->b, fixture->a, NULL));
  assert_directions (fixture->a, SIP_DIRECTION_INACTIVE, SIP_DIRECTION_INACTIVE);
  assert_directions (fixture->b, SIP_DIRECTION_INACTIVE, SIP_DIRECTION_INACTIVE);
  sip_session_description_handler_set_direction (fixture->a, SIP_DIRECTION_SENDRECV);
  g_free (negotiate (fixture->a, fixture->b, NULL));
  assert_directions (fixture->a, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDONLY);
  listener_settle (&fixture->at_a);
  sip_session_description_handler_set_direction (fixture->b, SIP_DIRECTION_SENDRECV);
  g_free (negotiate (fixture->b, fixture->a, NULL));
  assert_directions (fixture->a, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDRECV);
  played = listener_count (&fixture->at_a);
  WAIT_FOR (listener_count (&fixture->at_a) > played + RATE / 2);
  hear_each_other (fixture);
}

/* Somebody on the path put another certificate into a description. */
static char *
tamper (const char *sdp)
{
  char *changed = g_strdup (sdp);
  char *digit = strstr (changed, "a=fingerprint:sha-256 ") + strlen ("a=fingerprint:sha-256 ");

  *digit = *digit == '0' ? '1' : '0';
  return changed;
}

/* Whoever was lied to says so, and nobody hears anything. */
static void
test_not_secure (gconstpointer data)
{
  gboolean in_offer = GPOINTER_TO_INT (data);
  g_autoptr (GError) error = NULL, failure = NULL;
  g_autofree char *offer = NULL, *answer = NULL, *bad = NULL;
  SipSessionDescriptionHandler *fooled;
  Fixture fixture;

  set_up_as (&fixture, DTLS, "127.0.0.1");
  fooled = in_offer ? fixture.b : fixture.a;
  gt_signal_logger_connect (fixture.seen, fooled, "failed");
  offer = listener_get (fixture.a, NULL, &error);
  bad = in_offer ? tamper (offer) : NULL;
  g_assert_true (listener_set (fixture.b, in_offer ? bad : offer, NULL, &error));
  answer = listener_get (fixture.b, NULL, &error);
  g_assert_no_error (error);
  if (!in_offer)
    bad = tamper (answer);
  g_assert_true (listener_set (fixture.a, in_offer ? answer : bad, NULL, &error));
  WAIT_FOR (gt_signal_logger_get_n_emissions (fixture.seen) > 0);
  gt_signal_logger_assert_emission_pop (fixture.seen, fooled, "failed", &failure);
  g_assert_error (failure, SIP_ERROR, SIP_ERROR_NOT_SECURE);
  listener_settle (&fixture.at_a);
  g_assert_cmpuint (listener_count (&fixture.at_a), ==, 0);
  g_assert_cmpuint (listener_count (&fixture.at_b), ==, 0);
  tear_down (&fixture, NULL);
}

/* An encrypted call is held, resumed and described anew: its keys and its handshake go on. */
static void
test_rounds (gconstpointer data)
{
  Fixture fixture;

  set_up_as (&fixture, data, "127.0.0.1");
  connect_pair (&fixture);
  for (int i = 0; i < 4; i++) {
    SipSessionDescriptionHandler *from = i % 2 == 0 ? fixture.a : fixture.b;
    gsize played[2];

    sip_session_description_handler_set_direction (from, SIP_DIRECTION_SENDONLY);
    g_free (negotiate (from, i % 2 == 0 ? fixture.b : fixture.a, NULL));
    listener_settle (&fixture.at_a);
    sip_session_description_handler_set_direction (from, SIP_DIRECTION_SENDRECV);
    g_free (negotiate (from, i % 2 == 0 ? fixture.b : fixture.a, NULL));
    g_assert_true (media_rtp_stream_is_ready (MEDIA_RTP_HANDLER (fixture.a)->stream));
    g_assert_true (media_rtp_stream_is_ready (MEDIA_RTP_HANDLER (fixture.b)->stream));
    played[0] = listener_count (&fixture.at_a);
    played[1] = listener_count (&fixture.at_b);
    WAIT_FOR (listener_count (&fixture.at_a) > played[0] + RATE / 2 &&
              listener_count (&fixture.at_b) > played[1] + RATE / 2);
  }
  hear_each_other (&fixture);
  tear_down (&fixture, NULL);
}

/* The same description again asks whether the call still lives: sound goes on, and the answer is
 * an answer.
 */
static void
test_refresh (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = negotiate (fixture->a, fixture->b, NULL), *again = NULL;

  hear_each_other (fixture);
  g_assert_true (listener_set (fixture->a, answer, NULL, &error));
  again = listener_get (fixture->a, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (again, "RTP/AVP 111 110\r\n"));
  g_free (negotiate (fixture->b, fixture->a, NULL));
  gsize before = listener_count (&fixture->at_b);
  WAIT_FOR (listener_count (&fixture->at_b) > before + RATE / 2);
  hear_each_other (fixture);
}

/* Offers are taken back at each point, and what was agreed goes on. */
static void
test_rollback (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *first = listener_get (fixture->a, NULL, &error), *second = NULL;

  g_assert_no_error (error);
  sip_session_description_handler_rollback (fixture->a);
  connect_pair (fixture);
  sip_session_description_handler_set_direction (fixture->a, SIP_DIRECTION_SENDONLY);
  second = listener_get (fixture->a, NULL, &error);
  g_assert_true (listener_set (fixture->b, second, NULL, &error));
  sip_session_description_handler_rollback (fixture->a);
  sip_session_description_handler_rollback (fixture->b);
  sip_session_description_handler_set_direction (fixture->a, SIP_DIRECTION_SENDRECV);
  assert_directions (fixture->a, SIP_DIRECTION_SENDRECV, SIP_DIRECTION_SENDRECV);
  g_free (negotiate (fixture->b, fixture->a, NULL));
  hear_each_other (fixture);
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

static void
test_muted (Fixture *fixture, gconstpointer data)
{
  connect_pair (fixture);
  sip_session_description_handler_set_muted (fixture->a, TRUE);
  g_assert_true (sip_session_description_handler_get_muted (fixture->a));
  WAIT_FOR (listener_measure_all (&fixture->at_b) < 1e-6);
  gsize before = listener_count (&fixture->at_b);
  WAIT_FOR (listener_count (&fixture->at_b) > before + RATE / 2);
  sip_session_description_handler_set_muted (fixture->a, FALSE);
  hear_each_other (fixture);
}

static void
test_closed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  connect_pair (fixture);
  sip_session_description_handler_close (fixture->a);
  g_assert_null (listener_get (fixture->a, NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED);
  g_clear_error (&error);
  g_assert_false (listener_set (fixture->a, "v=0\r\n", NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED);
  g_assert_false (sip_session_description_handler_send_dtmf (fixture->a, "1", NULL));
  listener_settle (&fixture->at_b);
}

static void
test_content_type (Fixture *fixture, gconstpointer data)
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
    g_assert_cmpint (sip_session_description_handler_has_description (fixture->a, rows[i].type), ==,
                     rows[i].is_known);
}

static void
test_no_device (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipTrack) local = NULL, remote = NULL;

  g_clear_object (&fixture->b);
  fixture->b = media_rtp_handler_new (NULL, NULL);
  g_free (negotiate (fixture->a, fixture->b, NULL));
  WAIT_FOR (count_tracks (fixture->b) == 2);
  local = dup_track (fixture->b, 0);
  remote = dup_track (fixture->b, 1);
  WAIT_FOR (!sip_track_get_available (local) && !sip_track_get_available (remote));
  WAIT_FOR (listener_count (&fixture->at_a) > RATE / 2);
  g_assert_cmpfloat (listener_measure_all (&fixture->at_a), <, 1e-6);
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
    Fixture fixture;

    set_up_as (&fixture, data, "127.0.0.1");
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
test_dropped (Fixture *fixture, gconstpointer data)
{
  SipSessionDescriptionHandler *handler = media_rtp_handler_new (NULL, NULL);
  g_autofree char *offer = listener_get (handler, NULL, NULL);
  g_autofree char *answer = NULL;

  g_assert_true (listener_set (fixture->b, offer, NULL, NULL));
  answer = listener_get (fixture->b, NULL, NULL);
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
go_on_hearing (Fixture *fixture)
{
  gsize n_at_a = listener_count (&fixture->at_a), n_at_b = listener_count (&fixture->at_b);

  WAIT_FOR (listener_count (&fixture->at_a) > n_at_a + RATE &&
            listener_count (&fixture->at_b) > n_at_b + RATE);
  hear_each_other (fixture);
}

/* The machine of one side has another address: the same call goes on from there. What is refused or
 * taken back is offered again.
 */
static void
test_moved (gconstpointer data)
{
  Fixture fixture;
  g_autofree char *first = NULL, *second = NULL;
  g_autoptr (SipTrack) track = NULL, same = NULL;
  MediaRtpSockets *old;

  set_up_as (&fixture, data, "127.0.0.1");
  g_assert_false (sip_session_description_handler_move (fixture.a));
  connect_pair (&fixture);
  track = dup_track (fixture.a, 1);
  g_assert_false (sip_session_description_handler_move (fixture.a));
  old = MEDIA_RTP_HANDLER (fixture.a)->sockets;
  g_object_set (fixture.a, "local-address", "127.0.0.2", NULL);
  g_assert_true (sip_session_description_handler_move (fixture.a));
  g_assert_false (sip_session_description_handler_move (fixture.a));

  first = offer_from (fixture.a, "127.0.0.2");
  g_assert_true (MEDIA_RTP_HANDLER (fixture.a)->sockets == old);
  sip_session_description_handler_rollback (fixture.a);
  go_on_hearing (&fixture);
  second = offer_from (fixture.a, "127.0.0.2");
  sip_session_description_handler_rollback (fixture.a);
  g_free (negotiate (fixture.a, fixture.b, NULL));
  go_on_hearing (&fixture);

  /* And the other one, while it is asked. */
  g_object_set (fixture.b, "local-address", "127.0.0.3", NULL);
  g_assert_true (sip_session_description_handler_move (fixture.b));
  g_free (negotiate (fixture.a, fixture.b, NULL));
  go_on_hearing (&fixture);
  g_assert_cmpuint (count_tracks (fixture.a), ==, 2);
  same = dup_track (fixture.a, 1);
  g_assert_true (same == track);
  tear_down (&fixture, NULL);
}

/* What one call is made of. */
typedef struct {
  const Protection *protection;
  const MediaCodec *codec;
} Row;

/* The number of `telephone-event/8000` and its like. */
static guint
read_number (const char *sdp, const char *name)
{
  const char *at = strstr (sdp, name);

  while (*--at != ':')
    continue;
  return g_ascii_strtoull (at + 1, NULL, 10);
}

/* Leaves one codec, its tones, and one suite. */
static char *
keep_row (const char *type, const char *sdp, gpointer data, GError **error)
{
  const Row *row = data;
  g_auto (GStrv) lines = g_strsplit (sdp, "\r\n", 0);
  GString *text = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++) {
    if (g_str_has_prefix (lines[i], "a=crypto:") && row->protection->suite != NULL &&
        strstr (lines[i], row->protection->suite) == NULL)
      continue;
    if (g_str_has_prefix (lines[i], "m=audio ") && row->codec != NULL) {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", 4);
      g_autofree char *tones = g_strdup_printf ("telephone-event/%u", row->codec->clock_rate);

      g_string_append_printf (text, "%s %s %s %u %u\r\n", words[0], words[1], words[2],
                              row->codec->payload, read_number (sdp, tones));
    } else {
      g_string_append_printf (text, "%s\r\n", lines[i]);
    }
  }
  return g_string_free (text, FALSE);
}

static void
send_tones (Fixture *fixture,
            SipSessionDescriptionHandler *from,
            SipSessionDescriptionHandler *to,
            const char *tones)
{
  for (const char *tone = tones; *tone != '\0'; tone++) {
    char one[] = {*tone, '\0'};
    g_autoptr (SipDtmf) dtmf = NULL;

    g_assert_true (sip_session_description_handler_send_dtmf (from, one, NULL));
    WAIT_FOR (gt_signal_logger_get_n_emissions (fixture->seen) > 0);
    gt_signal_logger_assert_emission_pop (fixture->seen, to, "dtmf", &dtmf);
    g_assert_cmpstr (sip_dtmf_get_tone (dtmf), ==, one);
    /* A sender that the machine lets wait for 200 ms is told of by what came until then. */
    g_assert_cmpuint (sip_dtmf_get_duration (dtmf), >=, 20);
    g_assert_cmpuint (sip_dtmf_get_duration (dtmf), <=, 100);
    g_assert_true (sip_dtmf_get_received (dtmf));
  }
}

/* Each of them, both ways. */
static void
test_tones (Fixture *fixture, gconstpointer data)
{
  connect_pair (fixture);
  gt_signal_logger_connect (fixture->seen, fixture->a, "dtmf");
  gt_signal_logger_connect (fixture->seen, fixture->b, "dtmf");
  send_tones (fixture, fixture->a, fixture->b, "0123456789*#ABCD");
  send_tones (fixture, fixture->b, fixture->a, "0123456789*#ABCD");
  hear_each_other (fixture);
}

/* One codec with one protection: both tones are heard, and those of the telephone come. */
static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (SipModifiers) modifiers = sip_modifiers_new ();
  g_autoptr (SipTrack) track = NULL;
  g_autofree char *answer = NULL;
  Fixture fixture;

  set_up_as (&fixture, row->protection, "127.0.0.1");
  sip_modifiers_add (modifiers, keep_row, (gpointer)row, NULL);
  answer = negotiate (fixture.a, fixture.b, modifiers);
  g_assert_nonnull (strstr (answer, row->protection->proto));
  if (row->protection->suite != NULL)
    g_assert_nonnull (strstr (answer, row->protection->suite));
  else
    g_assert_null (strstr (answer, "a=crypto"));
  hear_each_other (&fixture);
  g_assert_cmpint (is_secure (fixture.a), ==, row->protection->is_secure);
  g_assert_cmpint (is_secure (fixture.b), ==, row->protection->is_secure);
  track = dup_track (fixture.b, 1);
  g_assert_cmpstr (sip_track_get_codec (track), ==, row->codec->name);

  gt_signal_logger_connect (fixture.seen, fixture.a, "dtmf");
  gt_signal_logger_connect (fixture.seen, fixture.b, "dtmf");
  send_tones (&fixture, fixture.a, fixture.b, "5");
  send_tones (&fixture, fixture.b, fixture.a, "#");
  tear_down (&fixture, NULL);
}

static void
add_rows (void)
{
  const MediaCodec *codec;

  for (guint i = 0; i < G_N_ELEMENTS (protections); i++) {
    for (guint at = 0;
         (codec = media_codecs_get (at)) != NULL && (at == 0 || protections[i].has_every_codec);
         at++) {
      g_autofree char *path = g_strdup_printf ("/rtp-handler/%s/%s/%u", protections[i].name,
                                               codec->name, codec->clock_rate);
      Row *row = g_new (Row, 1);

      *row = (Row){&protections[i], codec};
      g_test_add_data_func_full (path, row, test_row, g_free);
    }
  }
}

#define ADD(name, data, func)                                                                      \
  g_test_add ("/rtp-handler/" name, Fixture, data, set_up, func, tear_down)

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
  g_test_add_data_func ("/rtp-handler/not-secure/offer", GINT_TO_POINTER (TRUE), test_not_secure);
  g_test_add_data_func ("/rtp-handler/not-secure/answer", GINT_TO_POINTER (FALSE), test_not_secure);
  ADD ("refresh", NULL, test_refresh);
  ADD ("rollback", NULL, test_rollback);
  ADD ("modifier-refuses", NULL, test_modifier_refuses);
  ADD ("muted", NULL, test_muted);
  ADD ("closed", NULL, test_closed);
  ADD ("content-type", NULL, test_content_type);
  ADD ("no-device", NULL, test_no_device);
  ADD ("dropped", NULL, test_dropped);
  g_test_add_data_func ("/rtp-handler/rounds/sdes", &protections[2], test_rounds);
  g_test_add_data_func ("/rtp-handler/rounds/dtls", DTLS, test_rounds);
  g_test_add_data_func ("/rtp-handler/cycles/clear", &protections[0], test_cycles);
  g_test_add_data_func ("/rtp-handler/cycles/dtls", DTLS, test_cycles);
  g_test_add_data_func ("/rtp-handler/moved/clear", &protections[0], test_moved);
  g_test_add_data_func ("/rtp-handler/moved/sdes", &protections[2], test_moved);
  g_test_add_data_func ("/rtp-handler/moved/dtls", DTLS, test_moved);
  add_rows ();

  return g_test_run ();
}
