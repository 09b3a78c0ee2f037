/* test-delay.c - how long sound takes from one mouth to the other ear, over loopback
 *
 * One side clicks. A click is timed where a device would bring it and where a device would take it,
 * so what devices add is not in it.
 */

#include "listener.h"

#include "media-cushion-private.h"
#include "media-rtp-handler-private.h"

#include <string.h>

#define HERE "127.0.0.1"
#define RATE 48000
#define N_CLICKS 8
#define LIMIT_MS 60
#define QUIET_MS (MEDIA_CUSHION_LEAST + 20) /* that sound waits where no packet is late */

/* A click is a third of a second from the next, and it is loud. */
#define MOUTH                                                                                      \
  "audiotestsrc is-live=true wave=ticks tick-interval=300000000 sine-periods-per-tick=4 "          \
  "freq=2000 volume=0.8 samplesperbuffer=480 ! "                                                   \
  "capsfilter caps=audio/x-raw,format=S16LE,rate=48000,channels=1 ! identity name=mouth "          \
  "signal-handoffs=true"
#define EAR                                                                                        \
  "audioconvert ! audioresample ! "                                                                \
  "capsfilter caps=audio/x-raw,format=S16LE,rate=48000,channels=1 ! "                              \
  "fakesink name=ear sync=true signal-handoffs=true"
#define LOUD 6000
#define QUIET_US (100 * G_TIME_SPAN_MILLISECOND)

/* When clicks passed. */
typedef struct {
  GMutex lock;
  GArray *times; /* of gint64 */
} Clicks;

typedef struct {
  SipSessionDescriptionHandler *a;
  SipSessionDescriptionHandler *b;
  Clicks said;
  Clicks heard;
  guint wait; /* the longest of sound that came, in milliseconds, while these were heard */
} Fixture;

/* In a streaming thread, when the first sample of @buffer is due. */
static void
on_sound (GstElement *element, GstBuffer *buffer, gpointer more, gpointer user_data)
{
  Clicks *clicks = user_data;
  gint64 now = g_get_monotonic_time ();
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_READ);
  g_mutex_lock (&clicks->lock);
  for (gsize i = 0; i < map.size / 2; i++) {
    gint64 at = now + (gint64)i * G_USEC_PER_SEC / RATE;
    gint64 last =
        clicks->times->len > 0 ? g_array_index (clicks->times, gint64, clicks->times->len - 1) : 0;

    if (ABS (((gint16 *)map.data)[i]) > LOUD && at > last + QUIET_US)
      g_array_append_val (clicks->times, at);
  }
  g_mutex_unlock (&clicks->lock);
  gst_buffer_unmap (buffer, &map);
}

static void
on_identity (GstElement *element, GstBuffer *buffer, gpointer user_data)
{
  on_sound (element, buffer, NULL, user_data);
}

static guint
count (Clicks *clicks)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&clicks->lock);

  return clicks->times->len;
}

static SipSessionDescriptionHandler *
make_handler (const char *source, const char *sink)
{
  return g_object_new (MEDIA_TYPE_RTP_HANDLER, "audio-source", source, "audio-sink", sink,
                       "local-address", HERE, "security", SIP_SECURITY_OFF, NULL);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  Clicks *both[] = {&fixture->said, &fixture->heard};

  for (guint i = 0; i < 2; i++) {
    g_mutex_init (&both[i]->lock);
    both[i]->times = g_array_new (FALSE, FALSE, sizeof (gint64));
  }
  fixture->a = make_handler (MOUTH, "fakesink");
  fixture->b = make_handler ("audiotestsrc is-live=true samplesperbuffer=160 wave=silence", EAR);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  Clicks *both[] = {&fixture->said, &fixture->heard};

  sip_session_description_handler_close (fixture->a);
  sip_session_description_handler_close (fixture->b);
  listener_drain ();
  g_assert_finalize_object (fixture->a);
  g_assert_finalize_object (fixture->b);
  for (guint i = 0; i < 2; i++) {
    g_mutex_clear (&both[i]->lock);
    g_array_unref (both[i]->times);
  }
}

/* It opens beside the main thread. */
static GstElement *
wait_for (SipSessionDescriptionHandler *handler, const char *name)
{
  GstBin *pipeline = media_rtp_stream_get_pipeline (MEDIA_RTP_HANDLER (handler)->stream);
  GstElement *element = NULL;

  WAIT_FOR ((element = gst_bin_get_by_name (pipeline, name)) != NULL);
  return element;
}

static char *
keep_codec (const char *type, const char *sdp, gpointer data, GError **error)
{
  g_autoptr (GRegex) regex = g_regex_new ("(m=audio \\d+ RTP/AVP) [ 0-9]+", 0, 0, NULL);
  g_autofree char *with = g_strdup_printf ("\\1 %s", (char *)data);

  return g_regex_replace (regex, sdp, -1, 0, with, 0, error);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 first = *(const gint64 *)a, second = *(const gint64 *)b;

  return first < second ? -1 : first > second;
}

/* Of each click that was heard the time since it was said; the one in the middle counts, in
 * milliseconds.
 */
static double
measure (Fixture *fixture)
{
  g_autoptr (GArray) delays = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < fixture->heard.times->len; i++) {
    gint64 heard = g_array_index (fixture->heard.times, gint64, i), delay = G_MAXINT64;

    for (guint j = 0; j < fixture->said.times->len; j++) {
      gint64 said = g_array_index (fixture->said.times, gint64, j);

      if (said <= heard)
        delay = heard - said;
    }
    g_array_append_val (delays, delay);
  }
  g_array_sort (delays, compare);
  return g_array_index (delays, gint64, delays->len / 2) / 1000.0;
}

static guint
get_wait (SipSessionDescriptionHandler *handler)
{
  guint wait = 0;

  g_object_get (media_rtp_stream_get_rtpbin (MEDIA_RTP_HANDLER (handler)->stream), "latency", &wait,
                NULL);
  return wait;
}

/* A machine that has no time makes packets late, and then sound waits for them: that is as it
 * should be, and not the question.
 */
static gboolean
is_quick (Fixture *fixture)
{
  g_autoptr (GMutexLocker) said = NULL, heard = NULL;
  double delay;
  guint late;

  fixture->wait = MAX (fixture->wait, get_wait (fixture->b));
  if (count (&fixture->heard) < N_CLICKS)
    return FALSE;
  said = g_mutex_locker_new (&fixture->said.lock);
  heard = g_mutex_locker_new (&fixture->heard.lock);
  delay = measure (fixture);
  late = MAX (fixture->wait, QUIET_MS) - QUIET_MS;
  g_test_message ("%.1f ms, of which packets that are late %u ms", delay, late);
  g_assert_cmpfloat (delay, >, 20); /* a packet of sound has to be said before it can leave */
  g_array_set_size (fixture->heard.times, 0);
  fixture->wait = 0;
  return delay <= LIMIT_MS + late;
}

static void
test_delay (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipModifiers) modifiers = sip_modifiers_new ();
  g_autoptr (GstElement) mouth = NULL, ear = NULL;
  g_autofree char *offer = NULL, *answer = NULL;

  sip_modifiers_add (modifiers, keep_codec, (gpointer)data, NULL);
  offer = listener_get (fixture->a, modifiers, NULL);
  g_assert_true (listener_set (fixture->b, offer, NULL, NULL));
  answer = listener_get (fixture->b, NULL, NULL);
  g_assert_true (listener_set (fixture->a, answer, NULL, NULL));
  mouth = wait_for (fixture->a, "mouth");
  ear = wait_for (fixture->b, "ear");
  g_signal_connect (mouth, "handoff", G_CALLBACK (on_identity), &fixture->said);
  g_signal_connect (ear, "handoff", G_CALLBACK (on_sound), &fixture->heard);
  WAIT_FOR (is_quick (fixture));
  g_signal_handlers_disconnect_by_data (mouth, &fixture->said);
  g_signal_handlers_disconnect_by_data (ear, &fixture->heard);
}

int
main (int argc, char **argv)
{
  /* No sound server, whatever the machine has. */
  g_setenv ("PULSE_SERVER", "unix:/dev/null/none", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/delay/opus", Fixture, "111", set_up, test_delay, tear_down);
  g_test_add ("/delay/pcmu", Fixture, "0", set_up, test_delay, tear_down);

  return g_test_run ();
}
