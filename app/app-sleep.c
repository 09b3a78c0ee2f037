/* app-sleep.c - tells when the machine has woken up
 *
 * Up: PrepareForSleep of logind, on the system's bus -> signal woke
 */

#include "app-sleep.h"

struct _AppSleep {
  GObject parent_instance;

  GCancellable *cancellable;
  GDBusConnection *bus; /* NULL where there is none */
  guint subscription;
};

G_DEFINE_FINAL_TYPE (AppSleep, app_sleep, G_TYPE_OBJECT)

enum { SIGNAL_WOKE, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
on_sleep (GDBusConnection *bus,
          const char *sender,
          const char *path,
          const char *interface,
          const char *name,
          GVariant *parameters,
          gpointer user_data)
{
  gboolean begins = TRUE;

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    g_variant_get (parameters, "(b)", &begins);
  if (!begins)
    g_signal_emit (user_data, signals[SIGNAL_WOKE], 0);
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);
  AppSleep *self = user_data; /* while it was not cancelled */

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (bus == NULL) {
    g_debug ("no news of sleep: %s", error->message);
    return;
  }
  self->bus = g_steal_pointer (&bus);
  self->subscription = g_dbus_connection_signal_subscribe (
      self->bus, "org.freedesktop.login1", "org.freedesktop.login1.Manager", "PrepareForSleep",
      "/org/freedesktop/login1", NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_sleep, self, NULL);
}

static void
app_sleep_dispose (GObject *object)
{
  AppSleep *self = APP_SLEEP (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->bus != NULL)
    g_dbus_connection_signal_unsubscribe (self->bus, self->subscription);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (app_sleep_parent_class)->dispose (object);
}

static void
app_sleep_class_init (AppSleepClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = app_sleep_dispose;

  /* What was connected before may be gone. */
  signals[SIGNAL_WOKE] =
      g_signal_new ("woke", APP_TYPE_SLEEP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
app_sleep_init (AppSleep *self)
{
  self->cancellable = g_cancellable_new ();
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, on_bus, self);
}

AppSleep *
app_sleep_new (void)
{
  return g_object_new (APP_TYPE_SLEEP, NULL);
}
