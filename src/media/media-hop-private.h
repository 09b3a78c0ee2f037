#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* The one way from a thread of GStreamer to an object of the main context. */
typedef struct _MediaHop MediaHop;

typedef void (*MediaHopFunc) (gpointer object, gpointer data);

MediaHop *media_hop_new (gpointer object);
MediaHop *media_hop_ref (MediaHop *self);
void media_hop_unref (MediaHop *self);
void media_hop_unref_closure (gpointer self, GClosure *closure);
void media_hop_post (MediaHop *self, MediaHopFunc func, gpointer data, GDestroyNotify destroy);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaHop, media_hop_unref)

G_END_DECLS
