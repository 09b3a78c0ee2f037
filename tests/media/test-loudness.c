/* test-loudness.c - how loud what passes a pad is said to be
 */

#include "media-loudness-private.h"

#include <gst/gst.h>

typedef struct {
  const char *name;
  const char *source;
  double level;
} Row;

static const Row rows[] = {
    {"sine", "audiotestsrc num-buffers=10 volume=1", -3.01},
    {"quiet sine", "audiotestsrc num-buffers=10 volume=0.1", -23.01},
    {"square", "audiotestsrc num-buffers=10 wave=square volume=1", 0},
    {"silence", "audiotestsrc num-buffers=10 wave=silence", -100},
    {"nothing", "audiotestsrc num-buffers=0", -100},
};

static void
test_level (gconstpointer data)
{
  const Row *row = data;
  g_autofree char *description = g_strconcat (
      row->source, " ! audio/x-raw,format=S16LE,rate=48000,channels=1 ! fakesink name=sink", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, &error);
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) pad = NULL;
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) end = NULL;
  MediaLoudness *loudness;

  g_assert_no_error (error);
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  pad = gst_element_get_static_pad (sink, "sink");
  loudness = media_loudness_new (pad);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  bus = gst_pipeline_get_bus (GST_PIPELINE (pipeline));
  end = gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_true (end != NULL && GST_MESSAGE_TYPE (end) == GST_MESSAGE_EOS);
  g_assert_cmpfloat_with_epsilon (media_loudness_take (loudness), row->level, 0.1);
  /* Nothing came since. */
  g_assert_cmpfloat (media_loudness_take (loudness), ==, -100);
  media_loudness_free (loudness);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strconcat ("/loudness/", rows[i].name, NULL);

    g_test_add_data_func (path, &rows[i], test_level);
  }
  return g_test_run ();
}
