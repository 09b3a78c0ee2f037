/* test-rtp-protection.c - what two handlers hear of each other in each codec and with each
 * protection
 */

#include "rtp-pair.h"

#include "media-codecs-private.h"
#include "media-rtp-handler-private.h"

#include "sip-error.h"

#include <string.h>

#define RATE 48000

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
  Pair pair;

  rtp_pair_set_up (&pair, RTP_DTLS);
  fooled = in_offer ? pair.b : pair.a;
  gt_signal_logger_connect (pair.seen, fooled, "failed");
  offer = listener_get (pair.a, NULL, &error);
  bad = in_offer ? tamper (offer) : NULL;
  g_assert_true (listener_set (pair.b, in_offer ? bad : offer, NULL, &error));
  answer = listener_get (pair.b, NULL, &error);
  g_assert_no_error (error);
  if (!in_offer)
    bad = tamper (answer);
  g_assert_true (listener_set (pair.a, in_offer ? answer : bad, NULL, &error));
  WAIT_FOR (gt_signal_logger_get_n_emissions (pair.seen) > 0);
  gt_signal_logger_assert_emission_pop (pair.seen, fooled, "failed", &failure);
  g_assert_error (failure, SIP_ERROR, SIP_ERROR_NOT_SECURE);
  listener_settle (&pair.at_a);
  g_assert_cmpuint (listener_count (&pair.at_a), ==, 0);
  g_assert_cmpuint (listener_count (&pair.at_b), ==, 0);
  pair_tear_down (&pair, NULL);
}

/* An encrypted call is held, resumed and described anew: its keys and its handshake go on. */
static void
test_rounds (gconstpointer data)
{
  Pair pair;

  rtp_pair_set_up (&pair, data);
  pair_connect (&pair);
  for (int i = 0; i < 4; i++) {
    SipSessionDescriptionHandler *from = i % 2 == 0 ? pair.a : pair.b;
    gsize played[2];

    sip_session_description_handler_set_direction (from, SIP_DIRECTION_SENDONLY);
    g_free (pair_negotiate (from, i % 2 == 0 ? pair.b : pair.a, NULL));
    listener_settle (&pair.at_a);
    sip_session_description_handler_set_direction (from, SIP_DIRECTION_SENDRECV);
    g_free (pair_negotiate (from, i % 2 == 0 ? pair.b : pair.a, NULL));
    g_assert_true (media_rtp_stream_is_ready (MEDIA_RTP_HANDLER (pair.a)->stream));
    g_assert_true (media_rtp_stream_is_ready (MEDIA_RTP_HANDLER (pair.b)->stream));
    played[0] = listener_count (&pair.at_a);
    played[1] = listener_count (&pair.at_b);
    WAIT_FOR (listener_count (&pair.at_a) > played[0] + RATE / 2 &&
              listener_count (&pair.at_b) > played[1] + RATE / 2);
  }
  pair_hear (&pair);
  pair_tear_down (&pair, NULL);
}

/* What one call is made of. */
typedef struct {
  const RtpProtection *protection;
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

/* One codec with one protection: both tones are heard, and those of the telephone come. */
static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (SipModifiers) modifiers = sip_modifiers_new ();
  g_autoptr (SipTrack) track = NULL;
  g_autofree char *answer = NULL;
  Pair pair;

  rtp_pair_set_up (&pair, row->protection);
  sip_modifiers_add (modifiers, keep_row, (gpointer)row, NULL);
  answer = pair_negotiate (pair.a, pair.b, modifiers);
  g_assert_nonnull (strstr (answer, row->protection->proto));
  if (row->protection->suite != NULL)
    g_assert_nonnull (strstr (answer, row->protection->suite));
  else
    g_assert_null (strstr (answer, "a=crypto"));
  pair_hear (&pair);
  g_assert_cmpint (rtp_pair_is_secure (pair.a), ==, row->protection->is_secure);
  g_assert_cmpint (rtp_pair_is_secure (pair.b), ==, row->protection->is_secure);
  track = pair_dup_track (pair.b, 1);
  g_assert_cmpstr (sip_track_get_codec (track), ==, row->codec->name);

  gt_signal_logger_connect (pair.seen, pair.a, "dtmf");
  gt_signal_logger_connect (pair.seen, pair.b, "dtmf");
  rtp_pair_send_tones (&pair, pair.a, pair.b, "5");
  rtp_pair_send_tones (&pair, pair.b, pair.a, "#");
  pair_tear_down (&pair, NULL);
}

static void
add_rows (void)
{
  const MediaCodec *codec;

  for (guint i = 0; i < RTP_PROTECTIONS; i++) {
    for (guint at = 0;
         (codec = media_codecs_get (at)) != NULL && (at == 0 || rtp_protections[i].has_every_codec);
         at++) {
      g_autofree char *path = g_strdup_printf ("/rtp-protection/%s/%s/%u", rtp_protections[i].name,
                                               codec->name, codec->clock_rate);
      Row *row = g_new (Row, 1);

      *row = (Row){&rtp_protections[i], codec};
      g_test_add_data_func_full (path, row, test_row, g_free);
    }
  }
}

int
main (int argc, char **argv)
{
  /* No sound server, whatever the machine has. */
  g_setenv ("PULSE_SERVER", "unix:/dev/null/none", TRUE);
  g_test_init (&argc, &argv, NULL);
  media_web_handler_prepare ();

  g_test_add_data_func ("/rtp-protection/not-secure/offer", GINT_TO_POINTER (TRUE),
                        test_not_secure);
  g_test_add_data_func ("/rtp-protection/not-secure/answer", GINT_TO_POINTER (FALSE),
                        test_not_secure);
  g_test_add_data_func ("/rtp-protection/rounds/sdes", RTP_SDES, test_rounds);
  g_test_add_data_func ("/rtp-protection/rounds/dtls", RTP_DTLS, test_rounds);
  add_rows ();

  return g_test_run ();
}
