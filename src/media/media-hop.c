/* media-hop.c - carries news from GStreamer's threads to an object in its own main context
 *
 * Up: a callback of GStreamer -> media_hop_post() -> the main context -> the object, if it lives
 *
 * g_main_context_invoke() will not do: while the main thread is between two turns of its loop,
 * that would run the function in the calling thread.
 */

#include "media-hop-private.h"

struct _MediaHop {
  GWeakRef object;
  GMainContext *context;
};

typedef struct {
  MediaHop *hop;
  MediaHopFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Post;

/* Belongs to the thread that made @object: the context is that thread's. */
MediaHop *
media_hop_new (gpointer object)
{
  MediaHop *self = g_atomic_rc_box_new0 (MediaHop);

  g_weak_ref_init (&self->object, object);
  self->context = g_main_context_ref_thread_default ();
  return self;
}

MediaHop *
media_hop_ref (MediaHop *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_hop (gpointer data)
{
  MediaHop *self = data;

  g_weak_ref_clear (&self->object);
  g_main_context_unref (self->context);
}

void
media_hop_unref (MediaHop *self)
{
  g_atomic_rc_box_release_full (self, clear_hop);
}

void
media_hop_unref_closure (gpointer self, GClosure *closure)
{
  media_hop_unref (self);
}

static gboolean
on_arrival (gpointer user_data)
{
  Post *post = user_data;
  g_autoptr (GObject) object = g_weak_ref_get (&post->hop->object);

  if (object != NULL)
    post->func (object, post->data);
  return G_SOURCE_REMOVE;
}

static void
free_post (gpointer data)
{
  Post *post = data;

  if (post->destroy != NULL)
    post->destroy (post->data);
  media_hop_unref (post->hop);
  g_free (post);
}

/* Takes @data. From any thread. */
void
media_hop_post (MediaHop *self, MediaHopFunc func, gpointer data, GDestroyNotify destroy)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  Post *post = g_new (Post, 1);

  *post = (Post){media_hop_ref (self), func, data, destroy};
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_arrival, post, free_post);
  g_source_attach (source, self->context);
}
