/* app-notifier.c - tells the desktop who calls, for exactly as long as it rings
 *
 * Down: buttons of the notification -> app.answer, app.decline, app.show-call, app.mute
 * Up:   notify::status of every call, windows that come and go -> update() -> send or withdraw
 *
 * The identifiers of what is shown are kept in the settings, so that what a crash left standing is
 * withdrawn at the next start.
 */

#include "app-notifier.h"

#include "ui-call.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>

#define SHOWN_KEY "ringing"
#define ONGOING_ID "ongoing"

struct _AppNotifier {
  GObject parent_instance;

  GApplication *application; /* owns us */
  GListModel *calls;
  GSettings *settings;
  GSettings *desktop;   /* of notifications; NULL where the desktop has none */
  GHashTable *shown;    /* ids of notifications */
  SipSession *ongoing;  /* the call that is told of while there is no window; NULL for none */
  GSignalGroup *muting; /* of its handler */
};

G_DEFINE_FINAL_TYPE (AppNotifier, app_notifier, G_TYPE_OBJECT)

static void
remember (AppNotifier *self)
{
  g_autofree const char **ids = (const char **)g_hash_table_get_keys_as_array (self->shown, NULL);

  g_settings_set_strv (self->settings, SHOWN_KEY, ids);
}

/* @line: (nullable): the account that is called */
static char *
describe (const char *address, const char *line, gboolean is_second)
{
  if (line == NULL)
    return g_strdup_printf (is_second ? _ ("Is also calling you · %s") : _ ("Calling you · %s"),
                            address);
  return g_strdup_printf (is_second ? _ ("Is also calling you at %s · %s")
                                    : _ ("Calling you at %s · %s"),
                          line, address);
}

static void
send (AppNotifier *self, SipSession *session, const char *id)
{
  const char *call = sip_session_get_id (session);
  gboolean is_second = ui_call_find_talking (self->calls) != NULL;
  g_autofree char *name = ui_call_dup_name (session);
  g_autofree char *address = ui_call_dup_address (session);
  g_autofree char *body = describe (address, ui_call_get_line_name (session), is_second);
  g_autoptr (GNotification) notification = g_notification_new (name);
  g_autoptr (GIcon) icon = g_themed_icon_new ("call-start-symbolic");

  g_notification_set_body (notification, body);
  g_notification_set_icon (notification, icon);
  g_notification_set_category (notification, "call.incoming");
  /* What is urgent is shown to who does not want to be disturbed, too. */
  g_notification_set_priority (
      notification, self->desktop == NULL || g_settings_get_boolean (self->desktop, "show-banners")
                        ? G_NOTIFICATION_PRIORITY_URGENT
                        : G_NOTIFICATION_PRIORITY_HIGH);
  g_notification_set_default_action_and_target (notification, "app.show-call", "s", call);
  g_notification_add_button_with_target (
      notification, is_second ? _ ("Hold & answer") : _ ("Answer"), "app.answer", "s", call);
  g_notification_add_button_with_target (notification, _ ("Decline"), "app.decline", "s", call);
  g_hash_table_add (self->shown, g_strdup (id));
  g_application_send_notification (self->application, id, notification);
}

static void
update (AppNotifier *self, SipSession *session)
{
  g_autofree char *id = g_strdup_printf ("call-%s", sip_session_get_id (session));
  gboolean rings = ui_call_get_phase (session) == UI_CALL_PHASE_INCOMING;

  if (rings == g_hash_table_contains (self->shown, id))
    return;
  if (rings) {
    send (self, session, id);
  } else {
    g_application_withdraw_notification (self->application, id);
    g_hash_table_remove (self->shown, id);
  }
  remember (self);
}

/* The call that one would forget behind a window that was closed. */
static SipSession *
find_hidden_call (AppNotifier *self)
{
  if (gtk_application_get_windows (GTK_APPLICATION (self->application)) != NULL)
    return NULL;
  return ui_call_find_talking (self->calls);
}

static void
send_ongoing (AppNotifier *self)
{
  const char *call = sip_session_get_id (self->ongoing);
  SipSessionDescriptionHandler *handler =
      sip_session_get_session_description_handler (self->ongoing);
  g_autofree char *name = ui_call_dup_name (self->ongoing);
  g_autofree char *body = ui_call_describe (self->ongoing, 0);
  g_autoptr (GNotification) notification = g_notification_new (name);

  g_notification_set_body (notification, body);
  g_notification_set_category (notification, "call.ongoing");
  g_notification_set_default_action_and_target (notification, "app.show-call", "s", call);
  g_notification_add_button_with_target (
      notification, sip_session_description_handler_get_muted (handler) ? _ ("Unmute") : _ ("Mute"),
      "app.mute", "s", call);
  g_notification_add_button_with_target (notification, _ ("End call"), "app.end-call", "s", call);
  g_application_send_notification (self->application, ONGOING_ID, notification);
}

static void
update_ongoing (AppNotifier *self)
{
  if (!g_set_object (&self->ongoing, find_hidden_call (self)))
    return;
  g_signal_group_set_target (
      self->muting,
      self->ongoing != NULL ? sip_session_get_session_description_handler (self->ongoing) : NULL);
  if (self->ongoing != NULL)
    send_ongoing (self);
  else
    g_application_withdraw_notification (self->application, ONGOING_ID);
}

static void
on_status (SipSession *session, GParamSpec *pspec, AppNotifier *self)
{
  update (self, session);
  update_ongoing (self);
}

static void
on_calls_changed (AppNotifier *self, guint position, guint removed, guint added)
{
  for (guint i = 0; i < added; i++) {
    g_autoptr (SipSession) session = g_list_model_get_item (self->calls, position + i);

    g_signal_connect_object (session, "notify::status", G_CALLBACK (on_status), self, 0);
    update (self, session);
  }
  update_ongoing (self);
}

static void
withdraw_all (AppNotifier *self)
{
  g_auto (GStrv) ids = g_settings_get_strv (self->settings, SHOWN_KEY);

  g_application_withdraw_notification (self->application, ONGOING_ID);
  if (*ids == NULL)
    return;
  for (guint i = 0; ids[i] != NULL; i++)
    g_application_withdraw_notification (self->application, ids[i]);
  g_settings_reset (self->settings, SHOWN_KEY);
}

static void
app_notifier_dispose (GObject *object)
{
  AppNotifier *self = APP_NOTIFIER (object);

  if (self->settings != NULL)
    withdraw_all (self);
  g_clear_object (&self->settings);
  g_clear_object (&self->desktop);
  g_clear_object (&self->calls);
  g_clear_object (&self->ongoing);
  g_clear_object (&self->muting);
  G_OBJECT_CLASS (app_notifier_parent_class)->dispose (object);
}

static void
app_notifier_finalize (GObject *object)
{
  g_hash_table_unref (APP_NOTIFIER (object)->shown);
  G_OBJECT_CLASS (app_notifier_parent_class)->finalize (object);
}

static void
app_notifier_class_init (AppNotifierClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = app_notifier_dispose;
  object_class->finalize = app_notifier_finalize;
}

static void
app_notifier_init (AppNotifier *self)
{
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->muting = g_signal_group_new (G_TYPE_OBJECT);
  g_signal_group_connect_swapped (self->muting, "notify::muted", G_CALLBACK (send_ongoing), self);
}

/* @application: registered, on a session bus, and alive as long as the notifier; @calls: of
 * SipSession, followed as it changes; @desktop: (nullable): org.gnome.desktop.notifications */
AppNotifier *
app_notifier_new (GApplication *application,
                  GListModel *calls,
                  GSettings *settings,
                  GSettings *desktop)
{
  AppNotifier *self = g_object_new (APP_TYPE_NOTIFIER, NULL);

  self->application = application;
  self->calls = g_object_ref (calls);
  self->settings = g_object_ref (settings);
  g_set_object (&self->desktop, desktop);
  withdraw_all (self);
  g_signal_connect_object (calls, "items-changed", G_CALLBACK (on_calls_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (application, "window-added", G_CALLBACK (update_ongoing), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (application, "window-removed", G_CALLBACK (update_ongoing), self,
                           G_CONNECT_SWAPPED);
  return self;
}
