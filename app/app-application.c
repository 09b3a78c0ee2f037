/* app-application.c - the program: options, the window, the beginning and the end
 *
 * Down: command line, D-Bus, window -> actions app.* -> accounts and calls (the files beside)
 * Up:   the lists of lines and calls -> window, ring tone, notifications
 *
 * It goes on without a window while there is an account to be called at or a call.
 */

#include "app-application-private.h"

#include "app-provision.h"
#include "sip-media.h"
#include "ui-call.h"
#include "ui-format.h"
#include "ui-line.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>

#define STOP_LIMIT_S 3

G_DEFINE_FINAL_TYPE (AppApplication, app_application, ADW_TYPE_APPLICATION)

static const GOptionEntry options[] = {
    {"provision", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_ ("Add the accounts of a file and exit"),
     N_ ("FILE")},
    {"self-test", 0, 0, G_OPTION_ARG_NONE, NULL,
     N_ ("Call the echo party, tell what happens and exit"), NULL},
    {"screenshot", 0, 0, G_OPTION_ARG_FILENAME, NULL,
     N_ ("Where the self-test puts its picture of the window"), N_ ("FILE")},
    {"version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and exit"), NULL},
    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, NULL, NULL, N_ ("[ADDRESS]")},
    {NULL},
};

/* The window, or NULL while it is closed. */
UiWindow *
app_application_get_window (AppApplication *self)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self));

  for (GList *at = windows; at != NULL; at = at->next) {
    if (UI_IS_WINDOW (at->data))
      return at->data;
  }
  return NULL;
}

static void
on_dial (AppApplication *self, const char *text, const char *account, UiWindow *window)
{
  app_application_dial (self, text, account);
}

/* Whoever is at the window may call somebody soon. What GTK itself makes of a window that comes to
 * lie under the pointer has no time.
 */
static gboolean
on_event (GtkEventController *controller, GdkEvent *event, gpointer user_data)
{
  if (gdk_event_get_time (event) == GDK_CURRENT_TIME)
    return GDK_EVENT_PROPAGATE;
  switch (gdk_event_get_event_type (event)) {
  case GDK_MOTION_NOTIFY:
  case GDK_KEY_PRESS:
  case GDK_TOUCH_BEGIN:
    sip_media_prepare ();
    gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_NONE);
    break;
  default:
    break;
  }
  return GDK_EVENT_PROPAGATE;
}

static UiWindow *
make_window (AppApplication *self)
{
  GtkWidget *window = ui_window_new (
      GTK_APPLICATION (self), G_LIST_MODEL (self->calls), G_LIST_MODEL (self->lines), self->floor,
      store_accounts_get_keyring (self->accounts), self->history, self->contacts);

  GtkEventController *events = gtk_event_controller_legacy_new ();

  gtk_event_controller_set_propagation_phase (events, GTK_PHASE_CAPTURE);
  g_signal_connect (events, "event", G_CALLBACK (on_event), NULL);
  gtk_widget_add_controller (window, events);
  g_settings_bind (self->settings, "window-width", window, "default-width",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-height", window, "default-height",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-maximized", window, "maximized",
                   G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (window, "dial", G_CALLBACK (on_dial), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (window, "placed", G_CALLBACK (app_application_add_call), self,
                           G_CONNECT_SWAPPED);
  return UI_WINDOW (window);
}

/* The window, opened if it was closed, in front of the person. */
UiWindow *
app_application_present (AppApplication *self)
{
  UiWindow *window = app_application_get_window (self);

  if (window == NULL)
    window = make_window (self);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

void
app_application_update_hold (AppApplication *self)
{
  gboolean stays = g_list_model_get_n_items (G_LIST_MODEL (self->lines)) > 0 ||
                   g_list_model_get_n_items (G_LIST_MODEL (self->calls)) > 0;

  if (self->stays == stays)
    return;
  self->stays = stays;
  if (stays)
    g_application_hold (G_APPLICATION (self));
  else
    g_application_release (G_APPLICATION (self));
}

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppApplication) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!sip_ua_stop_finish (SIP_UA (source), result, &error))
    g_debug ("%s", error->message);
  if (--self->stopping == 0)
    g_application_quit (G_APPLICATION (self));
}

static gboolean
on_stop_limit (gpointer user_data)
{
  g_debug ("a server does not say good-bye");
  g_application_quit (user_data);
  return G_SOURCE_REMOVE;
}

static void
stop (AppApplication *self, SipUA *ua)
{
  self->stopping++;
  sip_ua_stop_async (ua, on_stopped, g_object_ref (self));
}

/* They are destroyed, not hidden: GTK 4.8 gives a screen reader that asks for a hidden window
 * an object without a path, and falls over it. */
static void
close_windows (void)
{
  GListModel *windows = gtk_window_get_toplevels ();
  g_autoptr (GtkWindow) window = NULL;

  while ((window = g_list_model_get_item (windows, 0)) != NULL) {
    gtk_window_destroy (window);
    g_clear_object (&window);
  }
}

/* Ends calls and registrations, then the program; a server that is silent delays it little. */
void
app_application_quit (AppApplication *self)
{
  if (self->stopping > 0)
    return;
  self->stopping = 1;
  g_application_hold (G_APPLICATION (self));
  close_windows ();
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->lines)); i++) {
    g_autoptr (UiLine) line = g_list_model_get_item (G_LIST_MODEL (self->lines), i);

    stop (self, ui_line_get_ua (line));
  }
  if (self->direct != NULL)
    stop (self, self->direct);
  if (--self->stopping == 0)
    g_application_quit (G_APPLICATION (self));
  else
    g_timeout_add_seconds (STOP_LIMIT_S, on_stop_limit, self);
}

static gboolean
on_unix_signal (gpointer user_data)
{
  app_application_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static void
open_link (AppApplication *self, const char *link)
{
  UiWindow *window = app_application_present (self);
  g_autofree char *text = ui_format_link (link);

  if (text != NULL)
    ui_window_fill_dial (window, text);
  else
    ui_window_show_dial_error (window, _ ("This link names nobody to call."));
}

static gboolean
is_running_already (void)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GVariant) reply = NULL;
  gboolean has_owner = FALSE;

  if (bus == NULL)
    return FALSE;
  reply = g_dbus_connection_call_sync (
      bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
      g_variant_new ("(s)", APPLICATION_ID), G_VARIANT_TYPE ("(b)"), G_DBUS_CALL_FLAGS_NONE, -1,
      NULL, NULL);
  if (reply != NULL)
    g_variant_get (reply, "(b)", &has_owner);
  return has_owner;
}

/* What needs neither a display nor the program that may run already. */
static int
app_application_handle_local_options (GApplication *application, GVariantDict *dict)
{
  const char *path = NULL;

  if (g_variant_dict_contains (dict, "version")) {
    g_print ("Ahoy %s\n", AHOY_VERSION);
    return 0;
  }
  if (g_variant_dict_lookup (dict, "provision", "^&ay", &path) && !is_running_already ())
    return app_provision (path);
  if (g_variant_dict_contains (dict, "self-test"))
    g_application_set_flags (application,
                             g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);
  return -1;
}

static int
app_application_command_line (GApplication *application, GApplicationCommandLine *command_line)
{
  AppApplication *self = APP_APPLICATION (application);
  GVariantDict *dict = g_application_command_line_get_options_dict (command_line);
  g_autofree const char **links = NULL;
  const char *path = NULL;

  if (g_variant_dict_lookup (dict, "provision", "^&ay", &path)) {
    g_autoptr (GFile) file = g_application_command_line_create_file_for_arg (command_line, path);

    app_application_provision (self, command_line, g_file_peek_path (file));
    return 0;
  }
  if (g_variant_dict_contains (dict, "self-test")) {
    g_autofree char *fallback = g_build_filename (g_get_tmp_dir (), "ahoy-self-test.png", NULL);

    g_variant_dict_lookup (dict, "screenshot", "^&ay", &path);
    app_application_test_self (self, path != NULL ? path : fallback);
    return 0;
  }
  app_application_present (self);
  if (g_variant_dict_lookup (dict, G_OPTION_REMAINING, "^a&s", &links) && links[0] != NULL)
    open_link (self, links[0]);
  return 0;
}

static void
app_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  g_autofree char *uri = n_files > 0 ? g_file_get_uri (files[0]) : NULL;

  if (uri != NULL)
    open_link (APP_APPLICATION (application), uri);
}

static void
app_application_activate (GApplication *application)
{
  app_application_present (APP_APPLICATION (application));
}

static gboolean
is_self_test (GApplication *application)
{
  return (g_application_get_flags (application) & G_APPLICATION_NON_UNIQUE) != 0;
}

/* The desktop's own settings, where it has them. */
static GSettings *
open_settings (const char *id)
{
  g_autoptr (GSettingsSchema) schema =
      g_settings_schema_source_lookup (g_settings_schema_source_get_default (), id, TRUE);

  return schema != NULL ? g_settings_new (id) : NULL;
}

/* A self-test remembers nothing, and nothing is known to it. */
static void
open_store (AppApplication *self)
{
  gboolean forgets = is_self_test (G_APPLICATION (self));
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "ahoy", NULL);
  g_autofree char *history = forgets ? NULL : g_build_filename (folder, "history.db", NULL);
  g_autofree char *contacts = forgets ? NULL : g_build_filename (folder, "contacts.db", NULL);

  self->history = store_history_new (history);
  self->contacts = store_contacts_new (contacts);
  g_signal_connect_object (self->contacts, "items-changed", G_CALLBACK (app_application_name_calls),
                           self, G_CONNECT_SWAPPED);
  if (!forgets)
    self->recorder = app_recorder_new (self->history);
}

static void
app_application_startup (GApplication *application)
{
  AppApplication *self = APP_APPLICATION (application);
  g_autoptr (StoreKeyring) keyring = store_keyring_new ();

  G_APPLICATION_CLASS (app_application_parent_class)->startup (application);

  self->settings = g_settings_new (APPLICATION_ID);
  self->desktop = open_settings ("org.gnome.desktop.notifications");
  self->accounts = store_accounts_new (self->settings, keyring);
  open_store (self);
  self->ringer = app_ringer_new (G_LIST_MODEL (self->calls), self->desktop);
  self->signal_ids[0] = g_unix_signal_add (SIGINT, on_unix_signal, self);
  self->signal_ids[1] = g_unix_signal_add (SIGTERM, on_unix_signal, self);
  app_application_add_actions (self);
  if (is_self_test (application))
    return;
  if (g_application_get_dbus_connection (application) != NULL) {
    self->notifier =
        app_notifier_new (application, G_LIST_MODEL (self->calls), self->settings, self->desktop);
    self->missed = app_missed_new (application, self->settings);
    self->trouble = app_trouble_new (application, G_LIST_MODEL (self->lines));
    g_signal_connect_object (self->recorder, "missed", G_CALLBACK (app_missed_tell), self->missed,
                             G_CONNECT_SWAPPED);
  }
  app_application_follow_accounts (self);
}

static void
app_application_shutdown (GApplication *application)
{
  AppApplication *self = APP_APPLICATION (application);

  g_hash_table_remove_all (self->farewells);
  for (guint i = 0; i < G_N_ELEMENTS (self->signal_ids); i++)
    g_clear_handle_id (&self->signal_ids[i], g_source_remove);
  g_clear_object (&self->notifier);
  g_clear_object (&self->sleep);
  g_clear_object (&self->missed);
  g_clear_object (&self->trouble);
  g_clear_object (&self->ringer);
  g_clear_object (&self->recorder);
  store_history_close (self->history);
  store_contacts_close (self->contacts);
  G_APPLICATION_CLASS (app_application_parent_class)->shutdown (application);
}

static void
app_application_dispose (GObject *object)
{
  AppApplication *self = APP_APPLICATION (object);

  g_clear_object (&self->self_test);
  g_clear_object (&self->floor);
  g_clear_object (&self->calls);
  g_clear_object (&self->lines);
  g_clear_object (&self->accounts);
  g_clear_object (&self->direct);
  g_clear_object (&self->echo_party);
  g_clear_object (&self->history);
  g_clear_object (&self->contacts);
  g_clear_object (&self->settings);
  g_clear_object (&self->desktop);
  g_clear_pointer (&self->farewells, g_hash_table_unref);
  G_OBJECT_CLASS (app_application_parent_class)->dispose (object);
}

static void
app_application_class_init (AppApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = app_application_dispose;
  application_class->handle_local_options = app_application_handle_local_options;
  application_class->command_line = app_application_command_line;
  application_class->open = app_application_open;
  application_class->activate = app_application_activate;
  application_class->startup = app_application_startup;
  application_class->shutdown = app_application_shutdown;
}

static void
remove_source (gpointer id)
{
  g_source_remove (GPOINTER_TO_UINT (id));
}

static void
app_application_init (AppApplication *self)
{
  self->lines = g_list_store_new (UI_TYPE_LINE);
  self->calls = g_list_store_new (SIP_TYPE_SESSION);
  self->floor = ui_floor_new (G_LIST_MODEL (self->calls));
  self->farewells = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, remove_source);
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_summary (
      G_APPLICATION (self), _ ("A telephone for the desktop. An address opens the window with the "
                               "address filled in; it does not dial."));
}

AppApplication *
app_application_new (void)
{
  return g_object_new (APP_TYPE_APPLICATION, "application-id", APPLICATION_ID, "flags",
                       G_APPLICATION_HANDLES_COMMAND_LINE | G_APPLICATION_HANDLES_OPEN, NULL);
}

/* What --self-test found: 0 or 1; 0 without it. */
int
app_application_get_exit_status (AppApplication *self)
{
  g_return_val_if_fail (APP_IS_APPLICATION (self), 1);

  if (!is_self_test (G_APPLICATION (self)))
    return 0;
  return self->self_test != NULL ? app_self_test_get_status (self->self_test) : 1;
}
