/* test-tone-sound.c - the keys of a telephone as they sound, alone and at the other end of a call
 */

#include "rtp-pair.h"

#include "media-codecs-private.h"
#include "media-rtp-handler.h"
#include "media-tone-sound-private.h"

#include <math.h>
#include <string.h>

#define RATE 48000

/* The power of a frequency in samples, 1 being full scale (Goertzel). */
static double
measure (const gint16 *samples, guint n, double frequency)
{
  double factor = 2 * cos (2 * G_PI * frequency / RATE), one = 0, two = 0;

  for (guint i = 0; i < n; i++) {
    double zero = GINT16_FROM_LE (samples[i]) / 32768.0 + factor * one - two;

    two = one;
    one = zero;
  }
  return 2 * (one * one + two * two - factor * one * two) / pow (n, 2);
}

static const double frequencies[] = {697, 770, 852, 941, 1209, 1336, 1477, 1633};

/* The letters of ITU-T Q.23, row by row. */
static const char pad[] = "123A456B789C*0#D";
static const char events[] = "0123456789*#ABCD";

/* Each key is its two frequencies, and no other of them. */
static void
test_keys (void)
{
  MediaToneSound *keys = media_tone_sound_new ();
  gint16 samples[RATE / 10];

  for (guint event = 0; event < 16; event++) {
    guint place = strchr (pad, events[event]) - pad;

    g_assert_true (media_tone_sound_add (keys, event, 100));
    g_assert_true (media_tone_sound_is_playing (keys));
    media_tone_sound_fill (keys, samples, G_N_ELEMENTS (samples), RATE);
    for (guint i = 0; i < G_N_ELEMENTS (frequencies); i++) {
      double power = measure (samples, G_N_ELEMENTS (samples), frequencies[i]);

      if (i == place / 4 || i == 4 + place % 4)
        g_assert_cmpfloat (power, >, 0.015);
      else
        g_assert_cmpfloat (power, <, 0.001);
    }
    g_assert_true (media_tone_sound_is_playing (keys));
    media_tone_sound_fill (keys, samples, G_N_ELEMENTS (samples), RATE);
  }
  g_assert_false (media_tone_sound_is_playing (keys));
  media_tone_sound_unref (keys);
}

/* A tone, silence, the next tone, silence, and then the microphone again: in pieces of any size. */
static void
test_pieces (gconstpointer data)
{
  const guint step = GPOINTER_TO_UINT (data);
  MediaToneSound *keys = media_tone_sound_new ();
  gint16 samples[RATE / 2];
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    samples[i] = 7;
  media_tone_sound_add (keys, 1, 100);
  media_tone_sound_add (keys, 2, 70);
  for (; n + step <= G_N_ELEMENTS (samples) && media_tone_sound_is_playing (keys); n += step)
    media_tone_sound_fill (keys, samples + n, step, RATE);
  g_assert_cmpuint (n, >=, (100 + 60 + 70 + 60) * RATE / 1000);
  g_assert_cmpuint (n, <=, (100 + 60 + 70 + 60) * RATE / 1000 + step);
  g_assert_cmpfloat (measure (samples, 100 * 48, 1209), >, 0.02);
  for (guint i = 100 * 48; i < 160 * 48; i++)
    g_assert_cmpint (samples[i], ==, 0);
  g_assert_cmpfloat (measure (samples + 160 * 48, 70 * 48, 1336), >, 0.02);
  for (guint i = 230 * 48; i < 290 * 48; i++)
    g_assert_cmpint (samples[i], ==, 0);
  for (guint i = 290 * 48; i < G_N_ELEMENTS (samples); i++)
    g_assert_cmpint (samples[i], ==, 7);
  media_tone_sound_unref (keys);
}

static void
test_too_many (void)
{
  MediaToneSound *keys = media_tone_sound_new ();

  for (guint i = 0; i < 32; i++)
    g_assert_true (media_tone_sound_add (keys, i % 16, 100));
  g_assert_false (media_tone_sound_add (keys, 0, 100));
  media_tone_sound_unref (keys);
}

static gboolean
play (SipSessionDescriptionHandler *handler, const char *tone)
{
  g_autoptr (SipOptions) options = g_object_new (SIP_TYPE_OPTIONS, "duration", 3000, NULL);

  return sip_session_description_handler_play_dtmf (handler, tone, options);
}

/* Whether the last third of a second is the 5 of a telephone and nothing else. */
static gboolean
hears_five (Listener *listener)
{
  double all = listener_measure_all (listener), part = listener_slowness () > 1 ? 0.02 : 0.25;

  return listener_count (listener) > RATE / 3 && all > 0.001 &&
         listener_measure (listener, 770) > part * all &&
         listener_measure (listener, 1336) > part * all;
}

static void
hear_five (SipSessionDescriptionHandler *from, Listener *listener, double otherwise)
{
  g_assert_true (play (from, "5"));
  WAIT_FOR (hears_five (listener));
  WAIT_FOR (listener_hears (listener, otherwise));
  g_assert_false (play (from, "x"));
  g_assert_false (play (from, "55"));
  g_assert_false (play (from, ""));
}

/* Every codec carries it, out of a microphone that is muted too. */
static void
test_codec (gconstpointer data)
{
  const MediaCodec *codec = data;
  g_autoptr (SipModifiers) modifiers = sip_modifiers_new ();
  g_autofree char *answer = NULL;
  Pair pair;

  pair_set_up (&pair, NULL);
  g_clear_object (&pair.a);
  g_clear_object (&pair.b);
  pair.a = g_object_new (MEDIA_TYPE_RTP_HANDLER, "audio-source",
                         "audiotestsrc is-live=true samplesperbuffer=160 freq=1000", "audio-sink",
                         pair.at_a.sink, "local-address", "127.0.0.1", NULL);
  pair.b = g_object_new (MEDIA_TYPE_RTP_HANDLER, "audio-source",
                         "audiotestsrc is-live=true samplesperbuffer=160 freq=400", "audio-sink",
                         pair.at_b.sink, "local-address", "127.0.0.1", NULL);
  g_assert_false (play (pair.a, "5"));
  sip_modifiers_add (modifiers, rtp_pair_keep_codec, (gpointer)codec, NULL);
  answer = pair_negotiate (pair.a, pair.b, modifiers);
  g_assert_nonnull (strstr (answer, codec->name));
  WAIT_FOR (listener_hears (&pair.at_a, 400) && listener_hears (&pair.at_b, 1000));
  hear_five (pair.a, &pair.at_b, 1000);
  sip_session_description_handler_set_muted (pair.b, TRUE);
  g_assert_true (play (pair.b, "5"));
  WAIT_FOR (hears_five (&pair.at_a));
  sip_session_description_handler_set_direction (pair.a, SIP_DIRECTION_SENDONLY);
  g_free (pair_negotiate (pair.a, pair.b, NULL));
  g_assert_false (play (pair.a, "5"));
  g_assert_false (play (pair.b, "5"));
  pair_tear_down (&pair, NULL);
}

/* The other kind of media. */
static void
test_web (Pair *pair, gconstpointer data)
{
  g_assert_false (play (pair->a, "5"));
  pair_connect (pair);
  hear_five (pair->a, &pair->at_b, 1000);
}

int
main (int argc, char **argv)
{
  const MediaCodec *codec;

  /* No sound server, whatever the machine has. */
  g_setenv ("PULSE_SERVER", "unix:/dev/null/none", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tone-sound/keys", test_keys);
  g_test_add_data_func ("/tone-sound/pieces/960", GUINT_TO_POINTER (960), test_pieces);
  g_test_add_data_func ("/tone-sound/pieces/1", GUINT_TO_POINTER (1), test_pieces);
  g_test_add_data_func ("/tone-sound/pieces/4801", GUINT_TO_POINTER (4801), test_pieces);
  g_test_add_func ("/tone-sound/too-many", test_too_many);
  for (guint i = 0; (codec = media_codecs_get (i)) != NULL; i++) {
    g_autofree char *path =
        g_strdup_printf ("/tone-sound/codec/%s/%u", codec->name, codec->clock_rate);

    g_test_add_data_func (path, codec, test_codec);
  }
  g_test_add ("/tone-sound/web", Pair, NULL, pair_set_up, test_web, pair_tear_down);

  return g_test_run ();
}
