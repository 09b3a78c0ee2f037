/* media-elements.c - what of GStreamer is installed, for a report */

#include "media-elements.h"

#include "media-web-handler-private.h"

static const char *const names[] = {
    "pulsesrc",  "webrtcbin", "nicesrc",    "dtlsdec", "srtpdec",
    "webrtcdsp", "opusenc",   "avenc_g722", "alawenc", "rtpdtmfsrc",
};

static char *
describe (const char *name)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find (name);
  const char *plugin =
      factory != NULL ? gst_plugin_feature_get_plugin_name (GST_PLUGIN_FEATURE (factory)) : NULL;

  return g_strdup_printf ("%s: %s\n", name, plugin != NULL ? plugin : "missing");
}

/**
 * media_describe_elements:
 *
 * Says which version of GStreamer runs, and which of the parts that calls are made of are
 * installed. It is meant for a report, not for a person.
 *
 * Returns: (transfer full): a line for each
 */
char *
media_describe_elements (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *version = NULL;
  GString *text;

  if (!media_start_gstreamer (&error))
    return g_strdup_printf ("GStreamer: %s\n", error->message);
  version = gst_version_string ();
  text = g_string_new (version);
  g_string_append_c (text, '\n');
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *line = describe (names[i]);

    g_string_append (text, line);
  }
  return g_string_free (text, FALSE);
}
