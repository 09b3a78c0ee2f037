/* media-device.c - microphones and speakers: opened, and let go of, beside the main thread
 *
 * Down: open_async() -> a thread -> the sound server, which may be absent or hang
 * Up:   the thread -> the task -> a device that is ready, or why there is none
 */

#include "media-device-private.h"

#include "sip-error.h"

/* The sound server sees a phone: it may cancel echo, and hush music meanwhile. */
#define PHONE "stream-properties=\"props,media.role=phone,filter.want=echo-cancel\" "

static const char *const desktop[] = {
    [MEDIA_DEVICE_SOURCE] = "pulsesrc " PHONE "buffer-time=80000 latency-time=20000",
    [MEDIA_DEVICE_SINK] = "pulsesink " PHONE "buffer-time=80000 latency-time=20000",
};

/* A packet at a time, so that the first one leaves at once; at a rate, in samples. */
#define SILENT_SOURCE                                                                              \
  "audiotestsrc name=silence is-live=true wave=silence samplesperbuffer=%u ! "                     \
  "capsfilter caps=audio/x-raw,rate=%u ! audioresample"
#define SILENT_SINK "fakesink name=silence sync=true async=false processing-deadline=0"
#define PACKETS 50 /* in a second */

/* A bin with a pad for each end that is left open. */
GstElement *
media_device_make_bin (const char *description, GError **error)
{
  GstElement *bin = gst_parse_bin_from_description_full (description, TRUE, NULL,
                                                         GST_PARSE_FLAG_FATAL_ERRORS, error);

  return bin != NULL ? gst_object_ref_sink (bin) : NULL;
}

/* These two stand in where there is no device. */
GstElement *
media_device_new_silent_source (guint rate)
{
  g_autofree char *description = g_strdup_printf (SILENT_SOURCE, rate / PACKETS, rate);
  GstElement *bin = media_device_make_bin (description, NULL);

  g_assert (bin != NULL);
  return bin;
}

GstElement *
media_device_new_silent_sink (void)
{
  GstElement *bin = media_device_make_bin (SILENT_SINK, NULL);

  g_assert (bin != NULL);
  return bin;
}

/* Whether @device is one of those. */
gboolean
media_device_is_silent (GstElement *device)
{
  g_autoptr (GstElement) silence = gst_bin_get_by_name (GST_BIN (device), "silence");

  return silence != NULL;
}

/* A sink that waits for its first buffer would hold up the whole pipeline, which plays already. And
 * there is nothing to be processed on the way that would take a time worth to wait for.
 */
static void
do_not_wait (GstElement *device)
{
  g_autoptr (GstIterator) elements = gst_bin_iterate_recurse (GST_BIN (device));
  g_auto (GValue) value = G_VALUE_INIT;

  while (gst_iterator_next (elements, &value) == GST_ITERATOR_OK) {
    GObject *element = g_value_get_object (&value);

    if (GST_OBJECT_FLAG_IS_SET (element, GST_ELEMENT_FLAG_SINK) &&
        g_object_class_find_property (G_OBJECT_GET_CLASS (element), "async") != NULL)
      g_object_set (element, "async", FALSE, "processing-deadline", G_GUINT64_CONSTANT (0), NULL);
    g_value_reset (&value);
  }
}

/* The sound server gives and takes what is wanted; whatever else says something is made to. */
static GstElement *
make_device (MediaDeviceKind kind, const char *description, GError **error)
{
  g_autofree char *source = NULL;

  if (description == NULL)
    description = desktop[kind];
  else if (kind == MEDIA_DEVICE_SOURCE)
    description = source = g_strconcat (description, " ! audioconvert ! audioresample", NULL);
  return media_device_make_bin (description, error);
}

static void
open_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GstElement *device = data;

  if (gst_element_set_state (device, GST_STATE_READY) != GST_STATE_CHANGE_FAILURE) {
    g_task_return_pointer (task, gst_object_ref (device), gst_object_unref);
    return;
  }
  gst_element_set_state (device, GST_STATE_NULL);
  g_task_return_new_error (task, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER,
                           "The device cannot be opened");
}

/* Opens what @description says, or else the desktop's microphone or speaker. @owner lives until
 * that is done.
 */
void
media_device_open_async (GObject *owner,
                         MediaDeviceKind kind,
                         const char *description,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (owner, NULL, callback, user_data);
  g_autoptr (GError) error = NULL;
  GstElement *device = make_device (kind, description, &error);

  g_task_set_source_tag (task, media_device_open_async);
  if (device == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  if (kind == MEDIA_DEVICE_SINK)
    do_not_wait (device);
  g_task_set_task_data (task, device, gst_object_unref);
  g_task_run_in_thread (task, open_in_thread);
}

/* What it returns is in no bin yet, and ends in media_device_release() or in a bin's care. */
GstElement *
media_device_open_finish (GObject *owner, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
stop_in_thread (GstElement *device, gpointer data)
{
  gst_element_set_state (device, GST_STATE_NULL);
}

/* Takes @device, which is in no bin any more. A sound server that hangs holds up nobody. */
void
media_device_release (GstElement *device)
{
  gst_element_call_async (device, stop_in_thread, NULL, NULL);
  gst_object_unref (device);
}
