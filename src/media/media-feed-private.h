#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What one call hears, on its way into what another one says. */
typedef struct _MediaFeed MediaFeed;

MediaFeed *media_feed_new (GstPad *from, GstPad *to);
void media_feed_free (MediaFeed *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaFeed, media_feed_free)

G_END_DECLS
