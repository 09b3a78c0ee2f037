/* test-devices.c - the desktop's microphone and speaker: where a second one cannot be opened, the
 * first goes on
 *
 * In place of the elements that ask a sound server are some that can be opened once.
 */

#include "rtp-pair.h"

#include "media-codecs-private.h"

#define PITCH 700
#define RATE 48000

typedef GstBin Device;

typedef struct {
  GstBinClass parent_class;
  const char *description;
  guint n_openings;
} DeviceClass;

GType device_get_type (void);
G_DEFINE_ABSTRACT_TYPE (Device, device, GST_TYPE_BIN)

enum { PROP_STREAM_PROPERTIES = 1, PROP_BUFFER_TIME, PROP_LATENCY_TIME };

static GstStateChangeReturn
device_change_state (GstElement *element, GstStateChange change)
{
  DeviceClass *klass = (DeviceClass *)G_OBJECT_GET_CLASS (element);

  if (change == GST_STATE_CHANGE_NULL_TO_READY && ++klass->n_openings > 1)
    return GST_STATE_CHANGE_FAILURE;
  return GST_ELEMENT_CLASS (device_parent_class)->change_state (element, change);
}

static void
device_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
}

static void
device_constructed (GObject *object)
{
  DeviceClass *klass = (DeviceClass *)G_OBJECT_GET_CLASS (object);
  GstElement *inside = gst_parse_bin_from_description (klass->description, TRUE, NULL);
  GstPad *open = inside->pads->data;

  G_OBJECT_CLASS (device_parent_class)->constructed (object);
  gst_bin_add (GST_BIN (object), inside);
  gst_element_add_pad (GST_ELEMENT (object), gst_ghost_pad_new (GST_PAD_NAME (open), open));
}

static void
device_class_init (DeviceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->constructed = device_constructed;
  object_class->set_property = device_set_property;
  GST_ELEMENT_CLASS (klass)->change_state = device_change_state;
  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (klass), "Device", "Audio",
                                         "Can be opened once", "Ahoy");
  g_object_class_install_property (
      object_class, PROP_STREAM_PROPERTIES,
      g_param_spec_boxed ("stream-properties", NULL, NULL, GST_TYPE_STRUCTURE, flags));
  g_object_class_install_property (
      object_class, PROP_BUFFER_TIME,
      g_param_spec_int64 ("buffer-time", NULL, NULL, 0, G_MAXINT64, 0, flags));
  g_object_class_install_property (
      object_class, PROP_LATENCY_TIME,
      g_param_spec_int64 ("latency-time", NULL, NULL, 0, G_MAXINT64, 0, flags));
}

static void
device_init (Device *self)
{
}

static void
on_class (gpointer klass, gpointer description)
{
  ((DeviceClass *)klass)->description = description;
}

/* Its class, as long as the test runs. */
static DeviceClass *
add_device (const char *name, char *description)
{
  const GTypeInfo info = {
      .class_size = sizeof (DeviceClass),
      .class_init = on_class,
      .class_data = description,
      .instance_size = sizeof (Device),
  };
  GType type = g_type_register_static (device_get_type (), name, &info, 0);

  g_assert_true (gst_element_register (NULL, name, GST_RANK_PRIMARY, type));
  return g_type_class_ref (type);
}

static gboolean
is_available (Pair *pair, guint position)
{
  g_autoptr (SipTrack) track = pair_dup_track (pair->a, position);

  return sip_track_get_available (track);
}

static void
speak (Pair *pair, const char *name, guint clock_rate, guint channels)
{
  g_autoptr (SipModifiers) modifiers = sip_modifiers_new ();

  sip_modifiers_add (modifiers, rtp_pair_keep_codec,
                     (gpointer)media_codecs_find (name, clock_rate, channels), NULL);
  g_free (pair_negotiate (pair->a, pair->b, modifiers));
}

static void
test_second (void)
{
  Pair pair;
  DeviceClass *microphone, *speaker;
  gsize before;

  rtp_pair_set_up (&pair, RTP_CLEAR);
  microphone = add_device ("pulsesrc", "audiotestsrc is-live=true freq=700 ! audioresample");
  speaker = add_device ("pulsesink", pair.at_a.sink);
  g_object_unref (pair.a);
  pair.a = g_object_new (MEDIA_TYPE_RTP_HANDLER, "local-address", "127.0.0.1", NULL);
  speak (&pair, "PCMU", 8000, 1);
  WAIT_FOR (listener_hears (&pair.at_b, PITCH) && listener_hears (&pair.at_a, 400));

  speak (&pair, "opus", 48000, 2); /* whose rate is another */
  WAIT_FOR (microphone->n_openings == 2 && speaker->n_openings == 2);
  before = listener_count (&pair.at_b);
  WAIT_FOR (listener_count (&pair.at_b) > before + RATE && listener_hears (&pair.at_b, PITCH) &&
            listener_hears (&pair.at_a, 400));
  g_assert_true (is_available (&pair, 0));
  g_assert_true (is_available (&pair, 1));
  pair_tear_down (&pair, NULL);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/devices/second", test_second);
  return g_test_run ();
}
