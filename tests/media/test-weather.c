/* test-weather.c - two handlers call each other over a bad network: what is heard, and the keys */

#include "listener.h"
#include "relay.h"

#include "media-rtp-handler-private.h"

#include "sip-dtmf.h"

#include <math.h>
#include <string.h>

#define RATE 48000
#define HERE "127.0.0.1"

typedef struct {
  SipSessionDescriptionHandler *a;
  SipSessionDescriptionHandler *b;
  Listener at_a;
  Listener at_b;
  Relay *relay;
  GString *keys_of_a; /* as b heard them */
  GString *keys_of_b;
} Fixture;

static void
on_key (SipSessionDescriptionHandler *handler, SipDtmf *dtmf, GString *keys)
{
  g_string_append (keys, sip_dtmf_get_tone (dtmf));
}

/* What a speaker does: where nothing comes in time it is silent. */
static SipSessionDescriptionHandler *
make_handler (int frequency, const char *file)
{
  g_autofree char *sink = g_strconcat ("audiorate ! ", file, NULL);
  g_autofree char *source =
      g_strdup_printf ("audiotestsrc is-live=true samplesperbuffer=160 freq=%d", frequency);

  return g_object_new (MEDIA_TYPE_RTP_HANDLER, "audio-source", source, "audio-sink", sink,
                       "local-address", HERE, NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  listener_init (&fixture->at_a);
  listener_init (&fixture->at_b);
  fixture->a = make_handler (1000, fixture->at_a.sink);
  fixture->b = make_handler (400, fixture->at_b.sink);
  fixture->relay = relay_new (7);
  fixture->keys_of_a = g_string_new (NULL);
  fixture->keys_of_b = g_string_new (NULL);
  g_signal_connect (fixture->b, "dtmf", G_CALLBACK (on_key), fixture->keys_of_a);
  g_signal_connect (fixture->a, "dtmf", G_CALLBACK (on_key), fixture->keys_of_b);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  sip_session_description_handler_close (fixture->a);
  sip_session_description_handler_close (fixture->b);
  listener_drain ();
  g_assert_finalize_object (fixture->a);
  g_assert_finalize_object (fixture->b);
  relay_free (fixture->relay);
  g_string_free (fixture->keys_of_a, TRUE);
  g_string_free (fixture->keys_of_b, TRUE);
  listener_clear (&fixture->at_a);
  listener_clear (&fixture->at_b);
}

/* In fine weather: what is lost at the very beginning is another matter. */
static void
call (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = listener_get (fixture->a, NULL, &error);
  g_autofree char *there = relay_rewrite (fixture->relay, offer, TRUE);
  g_autofree char *answer = NULL, *back = NULL;

  g_assert_no_error (error);
  g_assert_true (listener_set (fixture->b, there, NULL, NULL));
  answer = listener_get (fixture->b, NULL, NULL);
  g_assert_nonnull (strstr (answer, "opus"));
  back = relay_rewrite (fixture->relay, answer, FALSE);
  g_assert_true (listener_set (fixture->a, back, NULL, NULL));
  WAIT_FOR (listener_hears (&fixture->at_a, 400) && listener_hears (&fixture->at_b, 1000));
}

/* What was not heard of all that was played behind @from, in milliseconds. */
typedef struct {
  guint longest;
  guint total;
  guint all;
} Silence;

static Silence
measure_silence (Listener *listener, gsize from)
{
  const guint step = RATE / 200;
  g_autofree char *bytes = NULL;
  gsize length = 0;
  guint gap = 0;
  const gint16 *samples;
  Silence silence = {0};

  g_assert_true (g_file_get_contents (listener->path, &bytes, &length, NULL));
  samples = (const gint16 *)bytes;
  for (gsize at = from; at + step <= length / 2; at += step) {
    double power = 0;

    for (guint i = 0; i < step; i++)
      power += pow (samples[at + i] / 32768.0, 2) / step;
    gap = power < 0.005 ? gap + 5 : 0;
    silence.longest = MAX (silence.longest, gap);
    silence.total += power < 0.005 ? 5 : 0;
    silence.all += 5;
  }
  return silence;
}

typedef struct {
  Weather weather;
  guint silence; /* of a thousand, at most */
} Row;

static gboolean
is_whole (const char *name, Listener *listener, gsize from, const Row *row)
{
  Silence silence = measure_silence (listener, from);

  g_test_message ("%s: of %u ms %u were silent, %u in one piece", name, silence.all, silence.total,
                  silence.longest);
  return silence.longest <= 120 && silence.total * 1000 <= silence.all * row->silence;
}

/* Sound goes on whatever happens to its packets. A machine that has no time for it makes silence
 * of its own, though not every time.
 */
static void
test_sound (Fixture *fixture, gconstpointer data)
{
  const Row *row = data;
  gboolean is_good = FALSE;

  call (fixture);
  relay_set_weather (fixture->relay, &row->weather);
  for (guint i = 0; i < 6 && !is_good; i++) {
    gsize at_a = listener_count (&fixture->at_a), at_b = listener_count (&fixture->at_b);

    WAIT_FOR (listener_count (&fixture->at_a) > at_a + 4 * RATE &&
              listener_count (&fixture->at_b) > at_b + 4 * RATE);
    is_good = is_whole ("a", &fixture->at_a, at_a, row) & is_whole ("b", &fixture->at_b, at_b, row);
  }
  g_assert_true (is_good || listener_slowness () > 1);
  g_assert_true (row->weather.loss == 0 || relay_count_lost (fixture->relay) > 0);
}

static guint
get_wait (SipSessionDescriptionHandler *handler)
{
  guint wait = 0;

  g_object_get (media_rtp_stream_get_rtpbin (MEDIA_RTP_HANDLER (handler)->stream), "latency", &wait,
                NULL);
  return wait;
}

/* Sound waits longer where packets are late, and no longer than that. */
static void
test_adapts (Fixture *fixture, gconstpointer data)
{
  static const Weather late = {"late", 0, 150, 0, 0}, fine = {"fine"};

  call (fixture);
  g_assert_cmpuint (get_wait (fixture->b), <, 150);
  relay_set_weather (fixture->relay, &late);
  WAIT_FOR (get_wait (fixture->b) > 150);
  relay_set_weather (fixture->relay, &fine);
  WAIT_FOR (get_wait (fixture->b) < 100);
}

/* What is typed at one end. */
static void
type_next (SipSessionDescriptionHandler *handler, GString *typed, guint n)
{
  static const char keys[] = "0123456789*#ABCD";
  g_autoptr (SipOptions) options = g_object_new (SIP_TYPE_OPTIONS, "duration", 70, NULL);
  const char key[] = {keys[typed->len * 7 % 16], '\0'};

  if (typed->len < n && sip_session_description_handler_send_dtmf (handler, key, options))
    g_string_append_c (typed, *key);
}

static gboolean
is_typed (Fixture *fixture, GString *by_a, GString *by_b, guint n)
{
  type_next (fixture->a, by_a, n);
  type_next (fixture->b, by_b, n);
  return fixture->keys_of_a->len >= n && fixture->keys_of_b->len >= n;
}

/* Both type at once, as fast as they can: all of it comes, in its order, and nothing else. */
static void
test_keys (Fixture *fixture, gconstpointer data)
{
  const Row *row = data;
  const guint n = row->weather.loss > 0 ? 200 : 40;
  g_autoptr (GString) by_a = g_string_new (NULL), by_b = g_string_new (NULL);

  call (fixture);
  relay_set_weather (fixture->relay, &row->weather);
  for (guint part = n / 10; part <= n; part += n / 10)
    WAIT_FOR (is_typed (fixture, by_a, by_b, part));
  WAIT_FOR (listener_hears (&fixture->at_a, 400) && listener_hears (&fixture->at_b, 1000));
  g_assert_cmpstr (fixture->keys_of_a->str, ==, by_a->str);
  g_assert_cmpstr (fixture->keys_of_b->str, ==, by_b->str);
}

static const Row sounds[] = {
    {{"loss-1", 1, 0, 0, 0}, 10},      {{"loss-5", 5, 0, 0, 0}, 10},
    {{"loss-10", 10, 0, 0, 0}, 20},    {{"loss-20", 20, 0, 0, 0}, 60},
    {{"jitter-50", 0, 50, 0, 0}, 20},  {{"jitter-150", 0, 150, 0, 0}, 30},
    {{"reorder", 0, 0, 10, 0}, 10},    {{"doubles", 0, 0, 0, 10}, 10},
    {{"everything", 5, 50, 5, 5}, 30},
};

static const Row keys[] = {
    {{"loss-5", 5, 0, 0, 0}},
    {{"doubles", 0, 0, 0, 100}},
    {{"reorder", 0, 0, 20, 20}},
};

int
main (int argc, char **argv)
{
  /* No sound server, whatever the machine has. */
  g_setenv ("PULSE_SERVER", "unix:/dev/null/none", TRUE);
  g_test_init (&argc, &argv, NULL);

  /* What takes longest begins first. */
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autofree char *path = g_strdup_printf ("/weather/keys/%s", keys[i].weather.name);

    g_test_add (path, Fixture, &keys[i], set_up, test_keys, tear_down);
  }
  g_test_add ("/weather/adapts", Fixture, NULL, set_up, test_adapts, tear_down);
  for (guint i = 0; i < G_N_ELEMENTS (sounds); i++) {
    g_autofree char *path = g_strdup_printf ("/weather/sound/%s", sounds[i].weather.name);

    g_test_add (path, Fixture, &sounds[i], set_up, test_sound, tear_down);
  }

  return g_test_run ();
}
