/* ui-presence.c - whether the favourites are in a call, as their own phones or servers tell
 *
 * Down: a favourite at the host of an account that is signed in -> sip_ua_subscribe() to `dialog`
 *       (RFC 4235); whoever is none any more -> sip_subscription_unsubscribe()
 * Up:   SipSubscription::notifyReceived -> SipDialogInfo -> signal changed
 *
 * Who refuses, or tells nothing, is unknown: nobody is shown as free who did not say so.
 */

#include "ui-presence.h"

#include "sip-dialog-info.h"
#include "store-contact.h"
#include "ui-format.h"
#include "ui-line.h"

#define MAX_LAMPS 100

/* One address that is watched. */
typedef struct {
  UiPresence *presence; /* borrowed: it owns this */
  UiLine *line;
  SipDialogInfo *info;
  SipSubscription *subscription; /* NULL where it could not be asked for, or ended */
} Lamp;

struct _UiPresence {
  GObject parent_instance;

  GListModel *lines;
  GListModel *contacts;
  GHashTable *lamps; /* address as a person reads it -> Lamp */
  guint sync_id;     /* until those who are watched are those who should be */
};

G_DEFINE_FINAL_TYPE (UiPresence, ui_presence, G_TYPE_OBJECT)

enum { SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
on_notify (SipSubscription *subscription, SipMessage *request, Lamp *lamp)
{
  g_autoptr (GError) error = NULL;

  if (!sip_dialog_info_update (lamp->info, request, &error))
    g_debug ("%s", error->message);
  g_signal_emit (lamp->presence, signals[SIGNAL_CHANGED], 0);
}

static void
on_terminated (SipSubscription *subscription, SipMessage *message, const char *cause, Lamp *lamp)
{
  g_set_object (&lamp->info, NULL);
  g_signal_handlers_disconnect_by_data (subscription, lamp);
  g_clear_object (&lamp->subscription);
  g_signal_emit (lamp->presence, signals[SIGNAL_CHANGED], 0);
}

static Lamp *
lamp_new (UiPresence *presence, UiLine *line, const char *address)
{
  Lamp *self = g_new0 (Lamp, 1);
  g_autoptr (GError) error = NULL;

  self->presence = presence;
  self->line = g_object_ref (line);
  self->info = sip_dialog_info_new ();
  self->subscription = sip_ua_subscribe (ui_line_get_ua (line), address, "dialog", NULL, &error);
  if (self->subscription == NULL) {
    g_debug ("%s", error->message);
    return self;
  }
  g_signal_connect (self->subscription, "notifyReceived", G_CALLBACK (on_notify), self);
  g_signal_connect (self->subscription, "terminated", G_CALLBACK (on_terminated), self);
  return self;
}

static void
lamp_free (Lamp *self)
{
  if (self->subscription != NULL) {
    g_signal_handlers_disconnect_by_data (self->subscription, self);
    sip_subscription_unsubscribe (self->subscription, NULL);
    g_object_unref (self->subscription);
  }
  g_clear_object (&self->info);
  g_object_unref (self->line);
  g_free (self);
}

/* Two ways to write an address are one place to ask. */
static char *
make_key (const char *address)
{
  g_autofree char *text = ui_format_address (address);

  return g_ascii_strdown (text, -1);
}

/* Who could ask for @address: the account at home where it is, or any for a number. */
static UiLine *
find_line (UiPresence *self, const char *address)
{
  UiLine *line = ui_line_choose (self->lines, address);

  if (line == NULL || ui_line_get_status (line) != UI_LINE_READY)
    return NULL;
  if (strchr (address, '@') != NULL) {
    g_autofree char *host = ui_format_host (address);
    g_autofree char *own = store_account_dup_host (ui_line_get_account (line));

    if (g_ascii_strcasecmp (host, own) != 0)
      return NULL;
  }
  return line;
}

static void
watch (UiPresence *self, GHashTable *lamps, const char *address)
{
  UiLine *line = find_line (self, address);
  g_autofree char *key = make_key (address);
  g_autofree char *old_key = NULL;
  Lamp *lamp = g_hash_table_lookup (self->lamps, key);

  if (line == NULL || *key == '\0' || g_hash_table_contains (lamps, key) ||
      g_hash_table_size (lamps) >= MAX_LAMPS)
    return;
  if (lamp != NULL && lamp->line == line)
    g_hash_table_steal_extended (self->lamps, key, (gpointer *)&old_key, NULL);
  else
    lamp = lamp_new (self, line, address);
  g_hash_table_insert (lamps, g_steal_pointer (&key), lamp);
}

static GHashTable *
make_lamps (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)lamp_free);
}

static gboolean
sync_lamps (gpointer user_data)
{
  UiPresence *self = user_data;
  g_autoptr (GHashTable) lamps = make_lamps ();

  self->sync_id = 0;
  for (guint i = 0; i < g_list_model_get_n_items (self->contacts); i++) {
    g_autoptr (StoreContact) contact = g_list_model_get_item (self->contacts, i);
    const char *const *addresses = store_contact_get_addresses (contact);

    for (guint j = 0; store_contact_get_favourite (contact) && addresses[j] != NULL; j++)
      watch (self, lamps, addresses[j]);
  }
  g_hash_table_unref (self->lamps);
  self->lamps = g_steal_pointer (&lamps);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

/* However many change at once, it is done once. */
static void
plan_sync (UiPresence *self)
{
  if (self->sync_id == 0)
    self->sync_id = g_idle_add (sync_lamps, self);
}

static void
on_lines_changed (UiPresence *self, guint position, guint removed, guint added)
{
  for (guint i = position; i < position + added; i++) {
    g_autoptr (UiLine) line = g_list_model_get_item (self->lines, i);

    g_signal_connect_object (line, "notify::status", G_CALLBACK (plan_sync), self,
                             G_CONNECT_SWAPPED);
  }
  plan_sync (self);
}

static void
ui_presence_finalize (GObject *object)
{
  UiPresence *self = UI_PRESENCE (object);

  g_clear_handle_id (&self->sync_id, g_source_remove);
  g_hash_table_unref (self->lamps);
  g_clear_object (&self->lines);
  g_clear_object (&self->contacts);
  G_OBJECT_CLASS (ui_presence_parent_class)->finalize (object);
}

static void
ui_presence_class_init (UiPresenceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ui_presence_finalize;
  /* Somebody is in a call, or is no more. */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", UI_TYPE_PRESENCE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
ui_presence_init (UiPresence *self)
{
  self->lamps = make_lamps ();
}

/* @lines: of UiLine; @contacts: of StoreContact. Nobody is watched any more once it is gone. */
UiPresence *
ui_presence_new (GListModel *lines, GListModel *contacts)
{
  UiPresence *self = g_object_new (UI_TYPE_PRESENCE, NULL);

  self->lines = g_object_ref (lines);
  self->contacts = g_object_ref (contacts);
  g_signal_connect_object (lines, "items-changed", G_CALLBACK (on_lines_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (contacts, "items-changed", G_CALLBACK (plan_sync), self,
                           G_CONNECT_SWAPPED);
  on_lines_changed (self, 0, 0, g_list_model_get_n_items (lines));
  return self;
}

SipLampState
ui_presence_get (UiPresence *self, const char *address)
{
  g_autofree char *key = make_key (address);
  Lamp *lamp;

  g_return_val_if_fail (UI_IS_PRESENCE (self), SIP_LAMP_STATE_UNKNOWN);

  lamp = g_hash_table_lookup (self->lamps, key);
  return lamp != NULL && lamp->info != NULL ? sip_dialog_info_get_state (lamp->info)
                                            : SIP_LAMP_STATE_UNKNOWN;
}
