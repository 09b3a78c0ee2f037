#pragma once

#include <gst/sdp/sdp.h>

G_BEGIN_DECLS

/* One change to any description, whoever made it. Done twice it is as done once. */
typedef void (*MediaEdit) (GstSDPMessage *message, gconstpointer argument);

GstSDPMedia *media_edit_get_media (GstSDPMessage *message, guint index);
gboolean media_edit_is_rtp (const GstSDPMedia *media);
gboolean media_edit_is_refused (const GstSDPMedia *media);
void media_edit_set_attribute (GstSDPMedia *media, const char *name, const char *value);
void media_edit_refuse (GstSDPMessage *message, GstSDPMedia *media);
void media_edit_strip_payload (GstSDPMessage *message, gconstpointer name);
void media_edit_reorder_codecs (GstSDPMessage *message, gconstpointer names);

G_END_DECLS
