/* app-trouble.c - an account that only its person can help, told while no window says it
 *
 * Down: the notification's button -> app.edit-account, app.show-certificate
 * Up:   notify::status of every line, windows that come and go -> update() -> send or
 * withdraw
 */

#include "app-trouble.h"

#include "ui-line.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>

struct _AppTrouble {
  GObject parent_instance;

  GApplication *application; /* owns us */
  GListModel *lines;
  GHashTable *shown; /* ids of accounts that are told of */
};

G_DEFINE_FINAL_TYPE (AppTrouble, app_trouble, G_TYPE_OBJECT)

static char *
make_id (const char *account)
{
  return g_strconcat ("account-", account, NULL);
}

static void
send (AppTrouble *self, UiLine *line, const char *account)
{
  g_autofree char *id = make_id (account);
  g_autoptr (GNotification) notification =
      g_notification_new (store_account_get_name (ui_line_get_account (line)));
  g_autoptr (GIcon) icon = g_themed_icon_new ("dialog-warning-symbolic");
  g_autoptr (GTlsCertificate) certificate = NULL;
  const char *action;

  g_object_get (ui_line_get_ua (line), "refused-certificate", &certificate, NULL);
  action = certificate != NULL ? "app.show-certificate" : "app.edit-account";
  g_notification_set_body (notification, ui_line_get_trouble (line));
  g_notification_set_icon (notification, icon);
  g_notification_set_priority (notification, G_NOTIFICATION_PRIORITY_HIGH);
  g_notification_set_default_action_and_target (notification, action, "s", account);
  g_notification_add_button_with_target (notification, _ ("Open"), action, "s", account);
  g_notification_add_button_with_target (notification, C_ ("account", "Not now"), "app.not-now",
                                         "s", id);
  g_application_send_notification (self->application, id, notification);
}

static void
withdraw (AppTrouble *self, const char *account)
{
  g_autofree char *id = make_id (account);

  g_application_withdraw_notification (self->application, id);
}

static gboolean
has_window (AppTrouble *self)
{
  return gtk_application_get_windows (GTK_APPLICATION (self->application)) != NULL;
}

/* Accounts that are gone, or well again, or are told of by a window, are not in the new set. */
static void
update (AppTrouble *self)
{
  g_autoptr (GHashTable) before = g_steal_pointer (&self->shown);
  GHashTableIter iter;
  gpointer account;

  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; !has_window (self) && i < g_list_model_get_n_items (self->lines); i++) {
    g_autoptr (UiLine) line = g_list_model_get_item (self->lines, i);
    const char *id = store_account_get_id (ui_line_get_account (line));

    if (ui_line_get_trouble (line) == NULL)
      continue;
    g_hash_table_add (self->shown, g_strdup (id));
    if (!g_hash_table_contains (before, id))
      send (self, line, id);
  }
  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &account, NULL)) {
    if (!g_hash_table_contains (self->shown, account))
      withdraw (self, account);
  }
}

static void
on_lines_changed (AppTrouble *self, guint position, guint removed, guint added)
{
  for (guint i = 0; i < added; i++) {
    g_autoptr (UiLine) line = g_list_model_get_item (self->lines, position + i);

    g_signal_connect_object (line, "notify::status", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  }
  update (self);
}

static void
app_trouble_dispose (GObject *object)
{
  AppTrouble *self = APP_TROUBLE (object);

  g_clear_object (&self->lines);
  G_OBJECT_CLASS (app_trouble_parent_class)->dispose (object);
}

static void
app_trouble_finalize (GObject *object)
{
  g_hash_table_unref (APP_TROUBLE (object)->shown);
  G_OBJECT_CLASS (app_trouble_parent_class)->finalize (object);
}

static void
app_trouble_class_init (AppTroubleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = app_trouble_dispose;
  object_class->finalize = app_trouble_finalize;
}

static void
app_trouble_init (AppTrouble *self)
{
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* @application: registered, on a session bus, and alive as long as this; @lines: of UiLine,
 * followed as it changes
 */
AppTrouble *
app_trouble_new (GApplication *application, GListModel *lines)
{
  AppTrouble *self = g_object_new (APP_TYPE_TROUBLE, NULL);

  self->application = application;
  self->lines = g_object_ref (lines);
  g_signal_connect_object (lines, "items-changed", G_CALLBACK (on_lines_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (application, "window-added", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (application, "window-removed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  on_lines_changed (self, 0, 0, g_list_model_get_n_items (lines));
  return self;
}
