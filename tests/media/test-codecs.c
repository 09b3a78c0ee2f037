/* test-codecs.c - what the decoders of the table make of what other phones say */

#include "media-codecs-private.h"

#define LOUD 3000

/* Something is heard, as one channel. */
static void
hear (const char *description)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, &error);
  g_autoptr (GstElement) ear = NULL;
  GstBuffer *buffer = NULL;
  GstSample *sample;
  guint n_loud = 0;

  g_assert_no_error (error);
  ear = gst_bin_get_by_name (GST_BIN (pipeline), "ear");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  for (g_signal_emit_by_name (ear, "pull-sample", &sample); sample != NULL;
       g_signal_emit_by_name (ear, "pull-sample", &sample)) {
    GstMapInfo map;

    buffer = gst_sample_get_buffer (sample);
    g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
    for (gsize i = 0; i < map.size / sizeof (gint16); i++)
      n_loud += ABS (((const gint16 *)map.data)[i]) > LOUD;
    gst_buffer_unmap (buffer, &map);
    gst_sample_unref (sample);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_assert_cmpuint (n_loud, >, 48000 / 4);
}

/* A phone that sends two channels, whatever it was told, and speaks in one of them. */
static void
test_stereo (gconstpointer data)
{
  static const char *const sides[] = {"-1.0", "1.0"};
  const MediaCodec *codec = media_codecs_find ("opus", 48000, 2);

  for (guint i = 0; i < G_N_ELEMENTS (sides); i++) {
    g_autofree char *description = g_strdup_printf (
        "audiotestsrc num-buffers=50 samplesperbuffer=960 ! audio/x-raw,rate=48000,channels=2 ! "
        "audiopanorama panorama=%s ! opusenc bitrate=64000 ! rtpopuspay ! "
        "capssetter replace=true join=false caps=application/x-rtp,media=audio,payload=111,"
        "clock-rate=48000,encoding-name=OPUS%s ! %s ! "
        "audio/x-raw,format=S16LE,rate=48000,channels=1 ! appsink name=ear sync=false",
        sides[i], (const char *)data, codec->decoder);

    hear (description);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);

  g_test_add_data_func ("/codecs/stereo", "", test_stereo);
  g_test_add_data_func ("/codecs/stereo/announced", ",sprop-stereo=(string)1", test_stereo);

  return g_test_run ();
}
