/* test-rates.c - sound has as many samples as its codec, from the source to the sink, also where
 * one codec follows another
 *
 * A telephone carries no tone of 6 kHz.
 */

#include "rtp-pair.h"

#include "media-codecs-private.h"

#define HIGH 6000
#define RATE 48000

static SipSessionDescriptionHandler *
make_handler (const char *sink)
{
  return g_object_new (MEDIA_TYPE_RTP_HANDLER, "audio-source",
                       "audiotestsrc is-live=true samplesperbuffer=160 freq=6000", "audio-sink",
                       sink, "local-address", "127.0.0.1", NULL);
}

static gboolean
is_without (Listener *listener)
{
  return listener_count (listener) > RATE / 3 && listener_measure (listener, HIGH) < 0.0001;
}

static gboolean
carries (Pair *pair, const MediaCodec *codec)
{
  return codec->rate > 2 * HIGH
             ? listener_hears (&pair->at_a, HIGH) && listener_hears (&pair->at_b, HIGH)
             : is_without (&pair->at_a) && is_without (&pair->at_b);
}

static void
test_rates (void)
{
  static const struct {
    const char *name;
    guint clock_rate;
    guint channels;
  } rows[] = {{"PCMU", 8000, 1}, {"G722", 8000, 1}, {"opus", 48000, 2}, {"GSM", 8000, 1},
              {"G722", 8000, 1}, {"PCMA", 8000, 1}, {"opus", 48000, 2}};
  Pair pair;

  rtp_pair_set_up (&pair, RTP_CLEAR);
  g_object_unref (pair.a);
  g_object_unref (pair.b);
  pair.a = make_handler (pair.at_a.sink);
  pair.b = make_handler (pair.at_b.sink);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const MediaCodec *codec =
        media_codecs_find (rows[i].name, rows[i].clock_rate, rows[i].channels);
    g_autoptr (SipModifiers) modifiers = sip_modifiers_new ();

    sip_modifiers_add (modifiers, rtp_pair_keep_codec, (gpointer)codec, NULL);
    g_free (pair_negotiate (pair.a, pair.b, modifiers));
    g_test_message ("%s", codec->name);
    WAIT_FOR (carries (&pair, codec));
  }
  pair_tear_down (&pair, NULL);
}

int
main (int argc, char **argv)
{
  /* No sound server, whatever the machine has. */
  g_setenv ("PULSE_SERVER", "unix:/dev/null/none", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rates", test_rates);
  return g_test_run ();
}
