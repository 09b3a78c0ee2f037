/* app-self-test.c - watches one call as a person would, and says on paper whether it worked
 *
 * Up:   every signal of the session -> a line; a timer -> the levels of both tracks
 * Then: heard -> picture of the window -> the call is ended -> "finished"
 */

#include "app-self-test.h"

#include "sip-track.h"
#include "ui-call.h"

#include <glib/gi18n.h>
#include <math.h>

#define TIME_LIMIT_S 20
#define POLL_MS 100
#define LISTEN_MS 2500
#define SILENCE_DB -40.0

struct _AppSelfTest {
  GObject parent_instance;

  SipSession *session;
  GtkWindow *window;
  char *screenshot;
  gint64 start;       /* g_get_monotonic_time() */
  gint64 heard;       /* since when sound came back, 0 before */
  double local_level; /* the loudest so far, dBFS */
  double remote_level;
  gboolean saved; /* the picture */
  guint poll_id;
  guint limit_id;
};

G_DEFINE_FINAL_TYPE (AppSelfTest, app_self_test, G_TYPE_OBJECT)

enum { SIGNAL_FINISHED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
say (AppSelfTest *self, const char *what)
{
  g_print ("+%" G_GINT64_FORMAT " ms %s\n", (g_get_monotonic_time () - self->start) / 1000, what);
}

/* Returns NULL while the window is about to be drawn anew: then GTK has no picture of it. */
static GdkTexture *
take_picture (GtkWindow *window)
{
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (window));
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (GTK_WIDGET (window));
  GtkSnapshot *snapshot = gtk_snapshot_new ();

  gdk_paintable_snapshot (paintable, snapshot, gdk_paintable_get_intrinsic_width (paintable),
                          gdk_paintable_get_intrinsic_height (paintable));

  g_autoptr (GskRenderNode) node = gtk_snapshot_free_to_node (snapshot);

  return node != NULL ? gsk_renderer_render_texture (renderer, node, NULL) : NULL;
}

static void
save_picture (AppSelfTest *self, GdkTexture *texture)
{
  g_autofree char *folder = g_path_get_dirname (self->screenshot);

  self->saved = g_mkdir_with_parents (folder, 0755) == 0 &&
                gdk_texture_save_to_png (texture, self->screenshot);
  if (self->saved)
    g_print ("screenshot %s\n", self->screenshot);
  else
    g_printerr ("screenshot %s: not saved\n", self->screenshot);
}

static void
finish (AppSelfTest *self)
{
  g_clear_handle_id (&self->poll_id, g_source_remove);
  g_clear_handle_id (&self->limit_id, g_source_remove);
  g_print ("sound sent %.1f dBFS, sound that came back %.1f dBFS\n", self->local_level,
           self->remote_level);
  g_print ("%s\n", app_self_test_get_status (self) == 0 ? "passed" : "FAILED");
  g_signal_emit (self, signals[SIGNAL_FINISHED], 0);
}

static void
measure (AppSelfTest *self)
{
  SipSessionDescriptionHandler *handler =
      sip_session_get_session_description_handler (self->session);
  GListModel *tracks =
      handler != NULL ? sip_session_description_handler_get_tracks (handler) : NULL;

  for (guint i = 0; tracks != NULL && i < g_list_model_get_n_items (tracks); i++) {
    g_autoptr (SipTrack) track = g_list_model_get_item (tracks, i);
    double *loudest = sip_track_get_remote (track) ? &self->remote_level : &self->local_level;

    *loudest = fmax (*loudest, sip_track_get_level (track));
  }
}

static gboolean
on_poll (gpointer user_data)
{
  AppSelfTest *self = user_data;
  gint64 now = g_get_monotonic_time ();

  measure (self);
  if (self->heard == 0 && self->remote_level > SILENCE_DB) {
    say (self, "sound came back");
    self->heard = now;
  }
  if (self->heard != 0 && now - self->heard > LISTEN_MS * 1000 && !self->saved) {
    g_autoptr (GdkTexture) texture = take_picture (self->window);
    g_autoptr (GError) error = NULL;

    if (texture == NULL)
      return G_SOURCE_CONTINUE;
    save_picture (self, texture);
    self->poll_id = 0;
    if (!sip_session_terminate (self->session, NULL, &error))
      g_printerr ("%s\n", error->message);
    return G_SOURCE_REMOVE;
  }
  return G_SOURCE_CONTINUE;
}

static gboolean
on_time_limit (gpointer user_data)
{
  AppSelfTest *self = user_data;

  self->limit_id = 0;
  say (self, "nothing more is waited for");
  finish (self);
  return G_SOURCE_REMOVE;
}

static void
on_any_signal (GClosure *closure,
               GValue *return_value,
               guint n_values,
               const GValue *values,
               gpointer hint,
               gpointer marshal_data)
{
  GSignalInvocationHint *invocation = hint;

  say (closure->data, g_signal_name (invocation->signal_id));
}

static void
watch_signals (AppSelfTest *self)
{
  guint n_ids = 0;
  g_autofree guint *ids = g_signal_list_ids (SIP_TYPE_SESSION, &n_ids);

  for (guint i = 0; i < n_ids; i++) {
    GClosure *closure = g_closure_new_object (sizeof (GClosure), G_OBJECT (self));

    closure->data = self;
    g_closure_set_marshal (closure, on_any_signal);
    g_signal_connect_closure_by_id (self->session, ids[i], 0, closure, FALSE);
  }
}

static void
app_self_test_dispose (GObject *object)
{
  AppSelfTest *self = APP_SELF_TEST (object);

  g_clear_handle_id (&self->poll_id, g_source_remove);
  g_clear_handle_id (&self->limit_id, g_source_remove);
  g_clear_object (&self->session);
  g_clear_object (&self->window);
  g_clear_pointer (&self->screenshot, g_free);
  G_OBJECT_CLASS (app_self_test_parent_class)->dispose (object);
}

static void
app_self_test_class_init (AppSelfTestClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = app_self_test_dispose;
  signals[SIGNAL_FINISHED] = g_signal_new ("finished", APP_TYPE_SELF_TEST, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
app_self_test_init (AppSelfTest *self)
{
  self->start = g_get_monotonic_time ();
  self->local_level = -INFINITY;
  self->remote_level = -INFINITY;
}

/* @session: just placed; @screenshot: where the picture goes */
AppSelfTest *
app_self_test_new (SipSession *session, GtkWindow *window, const char *screenshot)
{
  AppSelfTest *self = g_object_new (APP_TYPE_SELF_TEST, NULL);

  self->session = g_object_ref (session);
  self->window = g_object_ref (window);
  self->screenshot = g_strdup (screenshot);
  watch_signals (self);
  g_signal_connect_object (session, "terminated", G_CALLBACK (finish), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  self->poll_id = g_timeout_add (POLL_MS, on_poll, self);
  self->limit_id = g_timeout_add_seconds (TIME_LIMIT_S, on_time_limit, self);
  say (self, "called");
  return self;
}

/* 0 if what this side said was heard to come back and was seen, else 1. */
int
app_self_test_get_status (AppSelfTest *self)
{
  g_return_val_if_fail (APP_IS_SELF_TEST (self), 1);

  return self->heard != 0 && self->saved ? 0 : 1;
}
