#pragma once

#include <gio/gio.h>
#include <gst/gst.h>

G_BEGIN_DECLS

typedef enum {
  MEDIA_DEVICE_SOURCE,
  MEDIA_DEVICE_SINK,
} MediaDeviceKind;

GstElement *media_device_new_silent_source (guint rate);
GstElement *media_device_new_silent_sink (void);
gboolean media_device_is_silent (GstElement *device);
void media_device_open_async (GObject *owner,
                              MediaDeviceKind kind,
                              const char *description,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
GstElement *media_device_open_finish (GObject *owner, GAsyncResult *result, GError **error);
void media_device_release (GstElement *device);
GstElement *media_device_make_bin (const char *description, GError **error);

G_END_DECLS
