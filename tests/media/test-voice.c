/* test-voice.c - what passes a voice, and how loud it is said to be
 */

#include "media-voice-private.h"

#define SAMPLES 160

typedef struct {
  MediaVoice *voice;
  GstPad *speakers[2];
  GstPad *ear;
  GString *heard;       /* what is told of each thing that comes */
  GstFlowReturn answer; /* of what is behind */
} Fixture;

/* An event or a buffer: its first sample, where it does not go on from the one before, and where
 * nothing is to be heard.
 */
static GstFlowReturn
on_buffer (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  Fixture *fixture = gst_pad_get_element_private (pad);
  gint16 sample = -1;

  gst_buffer_extract (buffer, 0, &sample, sizeof sample);
  g_string_append_printf (fixture->heard, "%d%s%s ", sample,
                          GST_BUFFER_IS_DISCONT (buffer) ? "!" : "",
                          GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP) ? "_" : "");
  gst_buffer_unref (buffer);
  return fixture->answer;
}

static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  Fixture *fixture = gst_pad_get_element_private (pad);
  const char *stream;

  if (GST_EVENT_TYPE (event) == GST_EVENT_STREAM_START) {
    gst_event_parse_stream_start (event, &stream);
    g_string_append_printf (fixture->heard, "%s: ", stream);
  } else if (GST_EVENT_TYPE (event) == GST_EVENT_EOS) {
    g_string_append (fixture->heard, "end ");
  }
  gst_event_unref (event);
  return TRUE;
}

static void
begin (Fixture *fixture, guint i, const char *stream)
{
  g_autoptr (GstCaps) caps =
      gst_caps_from_string ("audio/x-raw, format=S16LE, rate=8000, channels=1, layout=interleaved");
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (fixture->speakers[i], gst_event_new_stream_start (stream));
  gst_pad_push_event (fixture->speakers[i], gst_event_new_caps (caps));
  gst_pad_push_event (fixture->speakers[i], gst_event_new_segment (&segment));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GstPad) out = NULL;

  fixture->heard = g_string_new (NULL);
  fixture->voice = gst_object_ref_sink (media_voice_new ());
  fixture->ear = gst_object_ref_sink (gst_pad_new ("ear", GST_PAD_SINK));
  gst_pad_set_element_private (fixture->ear, fixture);
  gst_pad_set_chain_function (fixture->ear, on_buffer);
  gst_pad_set_event_function (fixture->ear, on_event);
  out = gst_element_get_static_pad (GST_ELEMENT (fixture->voice), "src");
  g_assert_cmpint (gst_pad_link (out, fixture->ear), ==, GST_PAD_LINK_OK);
  gst_pad_set_active (fixture->ear, TRUE);
  gst_element_set_state (GST_ELEMENT (fixture->voice), GST_STATE_PLAYING);
  for (guint i = 0; i < G_N_ELEMENTS (fixture->speakers); i++) {
    fixture->speakers[i] = gst_object_ref_sink (gst_pad_new (NULL, GST_PAD_SRC));
    gst_pad_set_active (fixture->speakers[i], TRUE);
    g_assert_true (media_voice_link (fixture->voice, fixture->speakers[i], 8000));
  }
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (fixture->speakers); i++) {
    gst_pad_set_active (fixture->speakers[i], FALSE);
    gst_object_unref (fixture->speakers[i]);
  }
  gst_element_set_state (GST_ELEMENT (fixture->voice), GST_STATE_NULL);
  gst_pad_set_active (fixture->ear, FALSE);
  g_assert_cmpint (GST_OBJECT_REFCOUNT_VALUE (fixture->voice), ==, 1);
  gst_object_unref (fixture->voice);
  gst_object_unref (fixture->ear);
  g_string_free (fixture->heard, TRUE);
}

static GstFlowReturn
say (Fixture *fixture, guint i, gint16 sample)
{
  gint16 samples[SAMPLES];

  for (guint k = 0; k < SAMPLES; k++)
    samples[k] = GINT16_TO_LE (k % 2 == 0 ? sample : -sample);
  return gst_pad_push (fixture->speakers[i], gst_buffer_new_memdup (samples, sizeof samples));
}

static void
test_passes (Fixture *fixture, gconstpointer data)
{
  begin (fixture, 0, "a");
  say (fixture, 0, 1);
  say (fixture, 0, 2);
  g_assert_cmpstr (fixture->heard->str, ==, "a: 1 2 ");
}

static void
test_muted (Fixture *fixture, gconstpointer data)
{
  begin (fixture, 0, "a");
  media_voice_set_muted (fixture->voice, TRUE);
  say (fixture, 0, 5000);
  g_assert_cmpfloat (media_voice_take_level (fixture->voice), ==, -100);
  media_voice_set_muted (fixture->voice, FALSE);
  say (fixture, 0, 2);
  g_assert_cmpstr (fixture->heard->str, ==, "a: 0_ 2 ");
}

static void
test_held (Fixture *fixture, gconstpointer data)
{
  media_voice_set_held (fixture->voice, TRUE);
  begin (fixture, 0, "a");
  say (fixture, 0, 1);
  g_assert_cmpfloat (media_voice_take_level (fixture->voice), ==, -100);
  media_voice_set_held (fixture->voice, FALSE);
  say (fixture, 0, 2);
  g_assert_cmpstr (fixture->heard->str, ==, "a: 2 ");
}

/* Whoever has sound is heard, from the beginning of it. */
static void
test_one_after_another (Fixture *fixture, gconstpointer data)
{
  begin (fixture, 0, "a");
  say (fixture, 0, 1);
  begin (fixture, 1, "b");
  say (fixture, 0, 2);
  say (fixture, 1, 3);
  say (fixture, 1, 4);
  say (fixture, 0, 5);
  g_assert_cmpstr (fixture->heard->str, ==, "a: 1 2 b: 3! 4 a: 5! ");
}

static void
test_end (Fixture *fixture, gconstpointer data)
{
  begin (fixture, 0, "a");
  say (fixture, 0, 1);
  gst_pad_push_event (fixture->speakers[0], gst_event_new_eos ());
  begin (fixture, 1, "b");
  say (fixture, 1, 2);
  g_assert_cmpstr (fixture->heard->str, ==, "a: 1 b: 2! ");
}

/* What was unlinked makes room for the next. */
static void
test_unlinked (Fixture *fixture, gconstpointer data)
{
  begin (fixture, 0, "a");
  say (fixture, 0, 1);
  for (guint i = 0; i < 3; i++) {
    g_autoptr (GstPad) pad = gst_pad_get_peer (fixture->speakers[0]);

    gst_pad_unlink (fixture->speakers[0], pad);
    g_assert_true (media_voice_link (fixture->voice, fixture->speakers[0], 8000));
    begin (fixture, 0, "c");
    say (fixture, 0, 2);
  }
  g_assert_cmpuint (GST_ELEMENT (fixture->voice)->numsinkpads, ==, 2);
  g_assert_cmpstr (fixture->heard->str, ==, "a: 1 c: 2 c: 2 c: 2 ");
}

/* A speaker that is pulled out does not stop who speaks. */
static void
test_broken (Fixture *fixture, gconstpointer data)
{
  begin (fixture, 0, "a");
  fixture->answer = GST_FLOW_ERROR;
  g_assert_cmpint (say (fixture, 0, 1), ==, GST_FLOW_OK);
  g_assert_cmpint (say (fixture, 0, 2), ==, GST_FLOW_OK);
  g_assert_cmpstr (fixture->heard->str, ==, "a: 1 2 ");
}

static int
ask_rate (GstPad *speaker)
{
  g_autoptr (GstCaps) caps = gst_pad_peer_query_caps (speaker, NULL);
  int rate = 0;

  gst_structure_get_int (gst_caps_get_structure (caps, 0), "rate", &rate);
  return rate;
}

/* Who speaks is asked for a rate, and told of another one. */
static void
test_rate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GstPad) pad = gst_pad_get_peer (fixture->speakers[1]);

  gst_pad_unlink (fixture->speakers[1], pad);
  g_assert_true (media_voice_link (fixture->voice, fixture->speakers[1], 16000));
  g_assert_cmpint (ask_rate (fixture->speakers[0]), ==, 8000);
  g_assert_cmpint (ask_rate (fixture->speakers[1]), ==, 16000);
  for (guint i = 0; i < G_N_ELEMENTS (fixture->speakers); i++)
    gst_pad_check_reconfigure (fixture->speakers[i]);
  media_voice_raise (fixture->voice, 48000);
  for (guint i = 0; i < G_N_ELEMENTS (fixture->speakers); i++) {
    g_assert_true (gst_pad_check_reconfigure (fixture->speakers[i]));
    g_assert_cmpint (ask_rate (fixture->speakers[i]), ==, 48000);
  }
}

typedef struct {
  const char *name;
  gint16 sample;
  double level;
} Row;

static const Row rows[] = {
    {"/voice/level/full", 32767, 0},
    {"/voice/level/a tenth", 3277, -20},
    {"/voice/level/silence", 0, -100},
};

static void
test_level (Fixture *fixture, gconstpointer data)
{
  const Row *row = data;

  begin (fixture, 0, "a");
  say (fixture, 0, row->sample);
  say (fixture, 0, row->sample);
  g_assert_cmpfloat_with_epsilon (media_voice_take_level (fixture->voice), row->level, 0.1);
  /* Nothing came since. */
  g_assert_cmpfloat (media_voice_take_level (fixture->voice), ==, -100);
}

#define ADD(name, test) g_test_add (name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  ADD ("/voice/passes", test_passes);
  ADD ("/voice/muted", test_muted);
  ADD ("/voice/held", test_held);
  ADD ("/voice/one after another", test_one_after_another);
  ADD ("/voice/end", test_end);
  ADD ("/voice/unlinked", test_unlinked);
  ADD ("/voice/broken", test_broken);
  ADD ("/voice/rate", test_rate);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_test_add (rows[i].name, Fixture, &rows[i], set_up, test_level, tear_down);
  return g_test_run ();
}
