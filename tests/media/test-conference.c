/* test-conference.c - who hears whom when calls are mixed
 *
 * This side says 1000 Hz, and its other sides 400 Hz, 600 Hz and 1700 Hz.
 */

#include "listener.h"

#include "media-feed-private.h"
#include "media-rtp-handler.h"
#include "sip-conference.h"

#include "sip-error.h"

#include <libglib-testing/signal-logger.h>

#define HERE "127.0.0.1"
#define OWN 1000
#define N_CALLS 3

static const guint tones[N_CALLS] = {400, 600, 1700};

typedef struct {
  SipSessionDescriptionHandler *own;
  SipSessionDescriptionHandler *other;
  Listener at_own;
  Listener at_other;
} Call;

typedef struct {
  SipConference *conference;
  Call calls[N_CALLS];
} Fixture;

static SipSessionDescriptionHandler *
make_handler (GType type, guint frequency, Listener *listener)
{
  g_autofree char *source = g_strdup_printf ("audiotestsrc is-live=true volume=0.25 freq=%u "
                                             "samplesperbuffer=441",
                                             frequency);

  listener_init (listener);
  return type == MEDIA_TYPE_RTP_HANDLER
             ? g_object_new (type, "audio-source", source, "audio-sink", listener->sink,
                             "local-address", HERE, NULL)
             : g_object_new (type, "audio-source", source, "audio-sink", listener->sink, NULL);
}

static void
negotiate (Call *call)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = listener_get (call->own, NULL, &error), *answer = NULL;

  g_assert_no_error (error);
  g_assert_true (listener_set (call->other, offer, NULL, &error));
  answer = listener_get (call->other, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (listener_set (call->own, answer, NULL, &error));
}

/* The last of the calls is of the other kind. */
static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->conference = sip_conference_new ();
  for (guint i = 0; i < N_CALLS; i++) {
    GType type = i == N_CALLS - 1 ? MEDIA_TYPE_WEB_HANDLER : MEDIA_TYPE_RTP_HANDLER;
    Call *call = &fixture->calls[i];

    call->own = make_handler (type, OWN, &call->at_own);
    call->other = make_handler (type, tones[i], &call->at_other);
  }
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->conference);
  for (guint i = 0; i < N_CALLS; i++) {
    Call *call = &fixture->calls[i];

    sip_session_description_handler_close (call->own);
    sip_session_description_handler_close (call->other);
    listener_drain ();
    g_assert_finalize_object (call->own);
    g_assert_finalize_object (call->other);
    listener_clear (&call->at_own);
    listener_clear (&call->at_other);
  }
}

/* Whether a tone is a good part of what was played last, or next to nothing of it. */
static gboolean
hears (Listener *listener, guint frequency, gboolean expected)
{
  double all = listener_measure_all (listener), part = listener_measure (listener, frequency);

  if (listener_count (listener) < 48000 / 3 || all < 0.001)
    return FALSE;
  return expected ? part > 0.1 * all : part < 0.01 * all;
}

/* Whether the other side of call @i hears this one as @own says, and those of the others whose bit
 * is set in @heard; never itself.
 */
static gboolean
hears_all (Fixture *fixture, guint i, gboolean own, guint heard)
{
  Listener *listener = &fixture->calls[i].at_other;
  gboolean is_right = hears (listener, OWN, own);

  for (guint j = 0; j < N_CALLS; j++)
    is_right = is_right && hears (listener, tones[j], (heard & 1 << j) != 0);
  return is_right;
}

static void
add (Fixture *fixture, guint i)
{
  g_autoptr (GError) error = NULL;

  sip_conference_add (fixture->conference, fixture->calls[i].own, &error);
  g_assert_no_error (error);
}

/* All hear all, and this side each of them in its own call; then they leave one after the other. */
static void
test_three (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < N_CALLS; i++)
    negotiate (&fixture->calls[i]);
  WAIT_FOR (hears_all (fixture, 0, TRUE, 0) && hears_all (fixture, 1, TRUE, 0) &&
            hears_all (fixture, 2, TRUE, 0));
  for (guint i = 0; i < N_CALLS; i++)
    add (fixture, i);
  WAIT_FOR (hears_all (fixture, 0, TRUE, 6) && hears_all (fixture, 1, TRUE, 5) &&
            hears_all (fixture, 2, TRUE, 3));
  for (guint i = 0; i < N_CALLS; i++)
    WAIT_FOR (listener_hears (&fixture->calls[i].at_own, tones[i]));
  sip_conference_remove (fixture->conference, fixture->calls[1].own);
  WAIT_FOR (hears_all (fixture, 0, TRUE, 4) && hears_all (fixture, 1, TRUE, 0) &&
            hears_all (fixture, 2, TRUE, 1));
  sip_session_description_handler_close (fixture->calls[2].own);
  WAIT_FOR (hears_all (fixture, 0, TRUE, 0));
}

/* Who is muted here passes the others on. */
static void
test_muted (Fixture *fixture, gconstpointer data)
{
  negotiate (&fixture->calls[0]);
  negotiate (&fixture->calls[1]);
  add (fixture, 0);
  add (fixture, 1);
  g_object_set (fixture->calls[0].own, "muted", TRUE, NULL);
  WAIT_FOR (hears_all (fixture, 0, FALSE, 2) && hears_all (fixture, 1, TRUE, 1));
  g_object_set (fixture->calls[1].own, "muted", TRUE, NULL);
  WAIT_FOR (hears_all (fixture, 0, FALSE, 2) && hears_all (fixture, 1, FALSE, 1));
}

/* Calls whose sound begins later. */
static void
test_later (Fixture *fixture, gconstpointer data)
{
  add (fixture, 1);
  add (fixture, 2);
  negotiate (&fixture->calls[1]);
  negotiate (&fixture->calls[2]);
  WAIT_FOR (hears_all (fixture, 1, TRUE, 4) && hears_all (fixture, 2, TRUE, 2));
}

/* A call that is on hold hears nobody and is heard by nobody. */
static void
test_held (Fixture *fixture, gconstpointer data)
{
  Call *call = &fixture->calls[1];

  for (guint i = 0; i < N_CALLS; i++) {
    negotiate (&fixture->calls[i]);
    add (fixture, i);
  }
  WAIT_FOR (hears_all (fixture, 0, TRUE, 6) && hears_all (fixture, 1, TRUE, 5));
  sip_session_description_handler_set_direction (call->own, SIP_DIRECTION_SENDONLY);
  negotiate (call);
  WAIT_FOR (hears_all (fixture, 0, TRUE, 4));
  sip_session_description_handler_set_direction (call->own, SIP_DIRECTION_SENDRECV);
  negotiate (call);
  WAIT_FOR (hears_all (fixture, 0, TRUE, 6) && hears_all (fixture, 1, TRUE, 5));
}

/* Samples, one value after the other. */
static GstBuffer *
make_buffer (gint16 first, gsize n, gint step)
{
  g_autofree gint16 *samples = g_new (gint16, n);

  for (gsize i = 0; i < n; i++)
    samples[i] = GINT16_TO_LE (first + step * (gint)i);
  return gst_buffer_new_memdup (samples, n * sizeof (gint16));
}

typedef struct {
  GstPad *from;
  GstPad *to;
  gint16 last[4800];
  gboolean is_gap;
} Pads;

static GstPadProbeReturn
keep_samples (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Pads *pads = user_data;

  gst_buffer_extract (GST_PAD_PROBE_INFO_BUFFER (info), 0, pads->last, sizeof pads->last);
  pads->is_gap = GST_BUFFER_FLAG_IS_SET (GST_PAD_PROBE_INFO_BUFFER (info), GST_BUFFER_FLAG_GAP);
  return GST_PAD_PROBE_OK;
}

static void
set_rate (GstPad *pad, guint rate)
{
  g_autoptr (GstCaps) caps = gst_caps_new_simple ("audio/x-raw", "rate", G_TYPE_INT, rate, NULL);

  gst_pad_push_event (pad, gst_event_new_caps (caps));
}

static GstPad *
make_pad (guint rate)
{
  GstPad *pad = gst_object_ref_sink (gst_pad_new (NULL, GST_PAD_SRC));
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_set_active (pad, TRUE);
  gst_pad_push_event (pad, gst_event_new_stream_start ("test"));
  set_rate (pad, rate);
  gst_pad_push_event (pad, gst_event_new_segment (&segment));
  return pad;
}

static void
say (Pads *pads, gint16 value, gsize n)
{
  GstBuffer *buffer = make_buffer (value, n, 0);

  GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_GAP);
  gst_pad_push (pads->to, buffer);
}

static void
hear (Pads *pads, gint16 first, gsize n, gint step)
{
  gst_pad_push (pads->from, make_buffer (first, n, step));
}

/* 40 ms are kept in hand, what is said too loud is cut, and too much is not kept. */
static void
test_feed (void)
{
  Pads pads = {make_pad (48000), make_pad (48000), {0}, FALSE};
  MediaFeed *feed = media_feed_new (pads.from, pads.to);

  gst_pad_add_probe (pads.to, GST_PAD_PROBE_TYPE_BUFFER, keep_samples, &pads, NULL);
  say (&pads, 0, 480);
  hear (&pads, 0, 1000, 1);
  say (&pads, 5, 480);
  g_assert_cmpint (pads.last[0], ==, 5);
  g_assert_true (pads.is_gap);
  hear (&pads, 1000, 920, 1);
  say (&pads, 5, 480);
  for (guint i = 0; i < 480; i++)
    g_assert_cmpint (pads.last[i], ==, 5 + i);
  g_assert_false (pads.is_gap);
  say (&pads, G_MAXINT16 - 500, 480);
  g_assert_cmpint (pads.last[0], ==, G_MAXINT16 - 500 + 480);
  for (guint i = 20; i < 480; i++)
    g_assert_cmpint (pads.last[i], ==, G_MAXINT16);

  /* 960 are in hand: all of them, then silence until there are enough again. */
  say (&pads, 1, 1000);
  g_assert_cmpint (pads.last[959], ==, 1 + 1919);
  g_assert_cmpint (pads.last[960], ==, 1);
  hear (&pads, 7, 960, 0);
  say (&pads, 1, 480);
  g_assert_cmpint (pads.last[0], ==, 1);
  hear (&pads, 7, 960, 0);
  say (&pads, 1, 480);
  g_assert_cmpint (pads.last[0], ==, 8);

  /* What came at once, or while nobody took any, is left out but for the last of it. */
  hear (&pads, 0, 4000, 1);
  say (&pads, 0, 480);
  g_assert_cmpint (pads.last[0], ==, 4000 - 1920);
  for (guint i = 0; i < 50; i++)
    hear (&pads, i, 480, 0);
  say (&pads, 0, 480);
  g_assert_cmpint (pads.last[0], >=, 50 - 8);

  media_feed_free (feed);
  say (&pads, 3, 480);
  g_assert_cmpint (pads.last[0], ==, 3);
  gst_object_unref (pads.from);
  gst_object_unref (pads.to);
}

/* A telephone among browsers, and the other way round; and one of them changes its codec. */
static void
test_rates (gconstpointer data)
{
  const guint to = GPOINTER_TO_UINT (data), rates[] = {8000, 16000, 48000, to};
  Pads pads = {make_pad (8000), make_pad (to), {0}, FALSE};
  MediaFeed *feed = media_feed_new (pads.from, pads.to);

  gst_pad_add_probe (pads.to, GST_PAD_PROBE_TYPE_BUFFER, keep_samples, &pads, NULL);
  say (&pads, 0, to / 50);
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    set_rate (pads.from, rates[i]);
    for (guint k = 0; k < 10; k++) {
      hear (&pads, 1000 * (i + 1), rates[i] / 50, 0);
      say (&pads, 0, to / 50);
    }
    g_assert_cmpint (pads.last[0], >, 1000 * (i + 1) - 10);
    g_assert_cmpint (pads.last[0], <, 1000 * (i + 1) + 10);
    g_assert_cmpint (pads.last[to / 50 - 1], >, 1000 * (i + 1) - 10);
    g_assert_false (pads.is_gap);
  }
  media_feed_free (feed);
  gst_object_unref (pads.from);
  gst_object_unref (pads.to);
}

/* More than there is room for, in one piece. */
static void
test_flood (void)
{
  Pads pads = {make_pad (48000), make_pad (48000), {0}, FALSE};
  g_autoptr (MediaFeed) feed = media_feed_new (pads.from, pads.to);

  gst_pad_add_probe (pads.to, GST_PAD_PROBE_TYPE_BUFFER, keep_samples, &pads, NULL);
  say (&pads, 0, 480);
  hear (&pads, 0, 30000, 1);
  say (&pads, 0, 480);
  g_assert_cmpint (pads.last[0], >=, 30000 - 7680);
  gst_object_unref (pads.from);
  gst_object_unref (pads.to);
}

#define ADD(name, func) g_test_add ("/conference/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  /* No sound server, whatever the machine has. */
  g_setenv ("PULSE_SERVER", "unix:/dev/null/none", TRUE);
  g_test_init (&argc, &argv, NULL);
  media_web_handler_prepare ();

  g_test_add_func ("/conference/feed", test_feed);
  g_test_add_func ("/conference/flood", test_flood);
  g_test_add_data_func ("/conference/rates/8000", GUINT_TO_POINTER (8000), test_rates);
  g_test_add_data_func ("/conference/rates/48000", GUINT_TO_POINTER (48000), test_rates);
  ADD ("three", test_three);
  ADD ("muted", test_muted);
  ADD ("later", test_later);
  ADD ("held", test_held);

  return g_test_run ();
}
