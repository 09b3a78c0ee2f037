/* app-missed.c - who is to be called back: he called in vain, or the person wants to be reminded
 *
 * Down: buttons of the notification -> app.call-back, app.remind, app.show-missed
 * Up:   AppRecorder::missed, a reminder that is due -> one notification for each address
 */

#include "app-missed.h"

#include <glib/gi18n.h>

struct _AppMissed {
  GObject parent_instance;

  GApplication *application; /* owns us */
  GSettings *settings;
  GHashTable *callers; /* addresses to Caller */
};

G_DEFINE_FINAL_TYPE (AppMissed, app_missed, G_TYPE_OBJECT)

/* One address. Borrowed by its source, which it takes with it. */
typedef struct {
  AppMissed *missed;
  char *address;
  char *name;
  char *account; /* that he called; NULL where it is not known */
  guint n_calls;
  guint reminder_id; /* until the person is reminded; the program stays for it */
} Caller;

static void
forget_reminder (Caller *self)
{
  if (self->reminder_id == 0)
    return;
  g_clear_handle_id (&self->reminder_id, g_source_remove);
  g_application_release (self->missed->application);
}

static void
caller_free (gpointer data)
{
  Caller *self = data;

  forget_reminder (self);
  g_free (self->address);
  g_free (self->name);
  g_free (self->account);
  g_free (self);
}

static Caller *
note_caller (AppMissed *self, const char *address, const char *name)
{
  Caller *caller = g_hash_table_lookup (self->callers, address);

  if (caller == NULL) {
    caller = g_new0 (Caller, 1);
    caller->missed = self;
    caller->address = g_strdup (address);
    g_hash_table_insert (self->callers, caller->address, caller);
  }
  if (name != NULL) {
    g_free (caller->name);
    caller->name = g_strdup (name);
  }
  return caller;
}

static char *
make_id (const char *address)
{
  return g_strconcat ("missed-", address, NULL);
}

static void
send (Caller *caller, const char *body, const char *icon_name)
{
  g_autofree char *id = make_id (caller->address);
  g_autoptr (GNotification) notification = g_notification_new (caller->name);
  g_autoptr (GIcon) icon = g_themed_icon_new (icon_name);

  g_notification_set_body (notification, body);
  g_notification_set_icon (notification, icon);
  g_notification_set_default_action_and_target (notification, "app.show-missed", "s",
                                                caller->address);
  g_notification_add_button_with_target (notification, _ ("Call back"), "app.call-back", "s",
                                         caller->address);
  g_notification_add_button_with_target (notification, _ ("Remind me"), "app.remind", "s",
                                         caller->address);
  g_application_send_notification (caller->missed->application, id, notification);
}

static gboolean
on_reminder (gpointer user_data)
{
  Caller *caller = user_data;

  send (caller, _ ("You wanted to call back"), "alarm-symbolic");
  caller->reminder_id = 0;
  g_application_release (caller->missed->application);
  return G_SOURCE_REMOVE;
}

static void
app_missed_finalize (GObject *object)
{
  AppMissed *self = APP_MISSED (object);

  g_hash_table_unref (self->callers);
  g_object_unref (self->settings);
  G_OBJECT_CLASS (app_missed_parent_class)->finalize (object);
}

static void
app_missed_class_init (AppMissedClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = app_missed_finalize;
}

static void
app_missed_init (AppMissed *self)
{
  self->callers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, caller_free);
}

/* @application: registered, on a session bus, and alive as long as this; @settings: how many
 * seconds a reminder takes
 */
AppMissed *
app_missed_new (GApplication *application, GSettings *settings)
{
  AppMissed *self = g_object_new (APP_TYPE_MISSED, NULL);

  self->application = application;
  self->settings = g_object_ref (settings);
  return self;
}

/* One notification for each caller, however often he called. */
void
app_missed_tell (AppMissed *self, StoreRecord *record)
{
  Caller *caller;

  g_return_if_fail (APP_IS_MISSED (self));

  caller = note_caller (self, store_record_get_address (record), store_record_get_name (record));
  caller->n_calls++;
  g_free (caller->account);
  caller->account = g_strdup (store_record_get_account (record));

  g_autoptr (GDateTime) local = g_date_time_to_local (store_record_get_started (record));
  g_autofree char *time = g_date_time_format (local, "%H:%M");
  g_autofree char *body =
      caller->n_calls == 1
          ? g_strdup_printf (_ ("Missed call · %s"), time)
          : g_strdup_printf (ngettext ("%u missed call, the last one at %s",
                                       "%u missed calls, the last one at %s", caller->n_calls),
                             caller->n_calls, time);

  send (caller, body, "call-missed-symbolic");
}

/* Tells the person of @address in a while, and not before. @name: (nullable): who that is, where
 * nothing was told of it yet. FALSE where neither is so.
 */
gboolean
app_missed_remind (AppMissed *self, const char *address, const char *name)
{
  g_autofree char *id = make_id (address);
  Caller *caller;

  g_return_val_if_fail (APP_IS_MISSED (self), FALSE);

  if (name == NULL && !g_hash_table_contains (self->callers, address))
    return FALSE;
  caller = note_caller (self, address, name);
  forget_reminder (caller);
  caller->reminder_id = g_timeout_add_seconds (
      g_settings_get_uint (self->settings, "reminder-seconds"), on_reminder, caller);
  g_application_hold (self->application);
  g_application_withdraw_notification (self->application, id);
  return TRUE;
}

/* The id of the account that was called from @address, else NULL. */
char *
app_missed_dup_account (AppMissed *self, const char *address)
{
  Caller *caller = g_hash_table_lookup (self->callers, address);

  g_return_val_if_fail (APP_IS_MISSED (self), NULL);

  return caller != NULL ? g_strdup (caller->account) : NULL;
}

/* Whoever is to call back knows of it now. FALSE where nobody is told of @address. */
gboolean
app_missed_forget (AppMissed *self, const char *address)
{
  g_autofree char *id = make_id (address);

  g_return_val_if_fail (APP_IS_MISSED (self), FALSE);

  if (!g_hash_table_remove (self->callers, address))
    return FALSE;
  g_application_withdraw_notification (self->application, id);
  return TRUE;
}
