/* app-application.c - the program: options, actions, the window, the beginning and the end
 *
 * Down: command line, D-Bus, window -> actions app.* -> accounts and calls (the two files beside)
 * Up:   the lists of lines and calls -> window, ring tone, notifications
 *
 * It goes on without a window while there is an account to be called at or a call.
 */

#include "app-application-private.h"

#include "app-provision.h"
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

/* What cannot be kept, or was damaged: the calls do not notice, but the person has to know. */
static void
tell_trouble (UiWindow *window, GParamSpec *pspec, GObject *store)
{
  g_autofree char *trouble = NULL;

  g_object_get (store, "trouble", &trouble, NULL);
  if (trouble != NULL)
    ui_window_tell (window, trouble);
}

static void
watch_store (UiWindow *window, gpointer store)
{
  g_signal_connect_object (store, "notify::trouble", G_CALLBACK (tell_trouble), window,
                           G_CONNECT_SWAPPED);
  tell_trouble (window, NULL, store);
}

static UiWindow *
make_window (AppApplication *self)
{
  GtkWidget *window = ui_window_new (
      GTK_APPLICATION (self), G_LIST_MODEL (self->calls), G_LIST_MODEL (self->lines), self->floor,
      store_accounts_get_keyring (self->accounts), self->history, self->contacts);

  g_settings_bind (self->settings, "window-width", window, "default-width",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-height", window, "default-height",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-maximized", window, "maximized",
                   G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (window, "dial", G_CALLBACK (on_dial), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (window, "placed", G_CALLBACK (app_application_add_call), self,
                           G_CONNECT_SWAPPED);
  watch_store (UI_WINDOW (window), self->history);
  watch_store (UI_WINDOW (window), self->contacts);
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

/* Ends calls and registrations, then the program; a server that is silent delays it little. */
void
app_application_quit (AppApplication *self)
{
  UiWindow *window = app_application_get_window (self);

  if (self->stopping > 0)
    return;
  self->stopping = 1;
  if (window != NULL)
    gtk_widget_set_visible (GTK_WIDGET (window), FALSE);
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

static void
on_add_account (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  app_application_edit_account (user_data, NULL);
}

static void
on_edit_account (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  app_application_edit_account (user_data, g_variant_get_string (parameter, NULL));
}

static void
on_show_certificate (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  app_application_show_certificate (user_data, g_variant_get_string (parameter, NULL));
}

static void
on_remove_account (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  app_application_remove_account (user_data, g_variant_get_string (parameter, NULL));
}

static void
on_echo_test (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;
  g_autoptr (GError) error = NULL;

  if (app_application_call_echo (self, &error) == NULL)
    ui_window_show_dial_error (app_application_present (self), error->message);
}

static void
on_answer (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;
  SipSession *session = app_application_find_call (self, g_variant_get_string (parameter, NULL));

  if (session != NULL && ui_call_get_phase (session) == UI_CALL_PHASE_INCOMING)
    ui_floor_take (self->floor, session);
}

static void
on_decline (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SipSession *session =
      app_application_find_call (user_data, g_variant_get_string (parameter, NULL));
  g_autoptr (GError) error = NULL;

  if (session != NULL && ui_call_get_phase (session) == UI_CALL_PHASE_INCOMING &&
      !ui_call_decline (session, &error))
    g_debug ("%s", error->message);
}

static void
on_end_call (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SipSession *session =
      app_application_find_call (user_data, g_variant_get_string (parameter, NULL));

  if (session != NULL)
    sip_session_terminate (session, NULL, NULL);
}

static void
on_show_call (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  UiWindow *window = app_application_present (user_data);

  ui_window_show_call (window, g_variant_get_string (parameter, NULL));
}

static void
on_dismiss_call (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  app_application_dismiss_call (user_data, g_variant_get_string (parameter, NULL));
}

/* Only to somebody whose call was missed: nobody else can be called from outside. */
static void
on_call_back (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;
  const char *address = g_variant_get_string (parameter, NULL);
  g_autofree char *account =
      self->missed != NULL ? app_missed_dup_account (self->missed, address) : NULL;

  if (self->missed != NULL && app_missed_forget (self->missed, address))
    app_application_dial (self, address, account);
}

/* Of somebody who calls, or of whom a notification tells: nobody else can be named from outside. */
static void
on_remind (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;
  const char *address = g_variant_get_string (parameter, NULL);
  g_autofree char *name = app_application_dup_caller_name (self, address);

  if (self->missed != NULL)
    app_missed_remind (self->missed, address, name);
}

static void
on_show_missed (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;

  if (self->missed != NULL)
    app_missed_forget (self->missed, g_variant_get_string (parameter, NULL));
  ui_window_show_recent (app_application_present (self));
}

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;

  adw_show_about_window (GTK_WINDOW (app_application_present (self)), "application-name",
                         _ ("Ahoy"), "application-icon", APPLICATION_ID, "version", AHOY_VERSION,
                         "developer-name", _ ("The Ahoy people"), "license-type",
                         GTK_LICENSE_GPL_3_0, "website", "https://github.com/ahoyphone/Ahoy",
                         "issue-url", "https://github.com/ahoyphone/Ahoy/issues",
                         "translator-credits", _ ("translator-credits"), NULL);
}

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  app_application_quit (user_data);
}

/* Nothing here places a call to an address: these can be activated from outside by D-Bus. */
static const GActionEntry actions[] = {
    {"add-account", on_add_account, NULL, NULL, NULL},
    {"edit-account", on_edit_account, "s", NULL, NULL},
    {"show-certificate", on_show_certificate, "s", NULL, NULL},
    {"remove-account", on_remove_account, "s", NULL, NULL},
    {"echo-test", on_echo_test, NULL, NULL, NULL},
    {"answer", on_answer, "s", NULL, NULL},
    {"decline", on_decline, "s", NULL, NULL},
    {"end-call", on_end_call, "s", NULL, NULL},
    {"call-back", on_call_back, "s", NULL, NULL},
    {"remind", on_remind, "s", NULL, NULL},
    {"show-missed", on_show_missed, "s", NULL, NULL},
    {"show-call", on_show_call, "s", NULL, NULL},
    {"dismiss-call", on_dismiss_call, "s", NULL, NULL},
    {"about", on_about, NULL, NULL, NULL},
    {"quit", on_quit, NULL, NULL, NULL},
};

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
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  gtk_application_set_accels_for_action (GTK_APPLICATION (self), "app.quit",
                                         (const char *[]){"<Control>q", NULL});
  if (is_self_test (application))
    return;
  if (g_application_get_dbus_connection (application) != NULL) {
    self->notifier =
        app_notifier_new (application, G_LIST_MODEL (self->calls), self->settings, self->desktop);
    self->missed = app_missed_new (application, self->settings);
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
