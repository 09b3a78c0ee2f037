/* store-accounts.c - the list of accounts: values in GSettings, passwords in the keyring
 *
 * Down: save, remove -> StoreKeyring, then GSettings
 * Up:   on_password_saved -> the list changes -> items-changed -> whoever signs accounts in
 *
 * The password is kept before the list changes, so whoever hears of an account finds it.
 */

#include "store-accounts.h"

#include "store-error.h"

#include <libsecret/secret.h>

#define ACCOUNT_SCHEMA "io.github.ahoyphone.Ahoy.Account"
#define ACCOUNTS_KEY "accounts"

/* The passwords of an account: at its relay, and at its server. */
enum { RELAY, SERVER, N_PASSWORDS };

struct _StoreAccounts {
  GObject parent_instance;

  GSettings *settings;
  StoreKeyring *keyring;
  GPtrArray *accounts; /* of StoreAccount, in the order of the settings */
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (StoreAccounts,
                               store_accounts,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GSettings *
open_account (StoreAccounts *self, const char *id)
{
  g_autoptr (GSettingsBackend) backend = NULL;
  g_autofree char *root = NULL;

  g_object_get (self->settings, "backend", &backend, "path", &root, NULL);

  g_autofree char *path = g_strdup_printf ("%saccounts/%s/", root, id);

  return g_settings_new_with_backend_and_path (ACCOUNT_SCHEMA, backend, path);
}

static void
write_ids (StoreAccounts *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < self->accounts->len; i++)
    g_strv_builder_add (builder, store_account_get_id (self->accounts->pdata[i]));

  g_auto (GStrv) ids = g_strv_builder_end (builder);

  g_settings_set_strv (self->settings, ACCOUNTS_KEY, (const char *const *)ids);
}

/* A certificate is trusted for one server only. */
static gboolean
is_same_server (GSettings *settings, StoreAccount *account)
{
  g_autofree char *address = g_settings_get_string (settings, "address");
  g_autofree char *server = g_settings_get_string (settings, "server");
  const char *new_server = store_account_get_server (account);

  return g_str_equal (address, store_account_get_address (account)) &&
         g_str_equal (server, new_server != NULL ? new_server : "");
}

static void
write_text (GSettings *settings, const char *key, const char *text)
{
  g_settings_set_string (settings, key, text != NULL ? text : "");
}

static void
write_account (StoreAccounts *self, StoreAccount *account)
{
  g_autoptr (GSettings) settings = open_account (self, store_account_get_id (account));

  if (!is_same_server (settings, account))
    g_settings_reset (settings, "certificate");
  g_settings_set_string (settings, "name", store_account_get_name (account));
  g_settings_set_string (settings, "address", store_account_get_address (account));
  write_text (settings, "server", store_account_get_server (account));
  write_text (settings, "user", store_account_get_user (account));
  g_settings_set_enum (settings, "media", store_account_get_media (account));
  g_settings_set_enum (settings, "security", store_account_get_security (account));
  write_text (settings, "stun-server", store_account_get_stun (account));
  write_text (settings, "turn-server", store_account_get_turn (account));
  write_text (settings, "turn-user", store_account_get_turn_user (account));
  g_settings_set_boolean (settings, "relay-only", store_account_get_relay_only (account));
}

static void
forget_account (StoreAccounts *self, const char *id)
{
  g_autoptr (GSettings) settings = open_account (self, id);
  g_autoptr (GSettingsSchema) schema = NULL;

  g_object_get (settings, "settings-schema", &schema, NULL);

  g_auto (GStrv) keys = g_settings_schema_list_keys (schema);

  for (guint i = 0; keys[i] != NULL; i++)
    g_settings_reset (settings, keys[i]);
}

static gboolean
is_id (const char *id)
{
  return g_uuid_string_is_valid (id);
}

static void
read_accounts (StoreAccounts *self)
{
  g_auto (GStrv) ids = g_settings_get_strv (self->settings, ACCOUNTS_KEY);

  for (guint i = 0; ids[i] != NULL; i++) {
    if (!is_id (ids[i]))
      continue;

    g_autoptr (GError) error = NULL;
    g_autoptr (GSettings) settings = open_account (self, ids[i]);
    g_autofree char *name = g_settings_get_string (settings, "name");
    g_autofree char *address = g_settings_get_string (settings, "address");
    g_autofree char *server = g_settings_get_string (settings, "server");
    g_autofree char *user = g_settings_get_string (settings, "user");
    g_autofree char *stun = g_settings_get_string (settings, "stun-server");
    g_autofree char *turn = g_settings_get_string (settings, "turn-server");
    g_autofree char *turn_user = g_settings_get_string (settings, "turn-user");
    gboolean relay_only = g_settings_get_boolean (settings, "relay-only");
    g_autoptr (StoreAccount) account = store_account_new (
        ids[i], name, address, server, user, g_settings_get_enum (settings, "media"),
        g_settings_get_enum (settings, "security"), &error);

    if (account != NULL &&
        store_account_set_helpers (account, stun, turn, turn_user, relay_only, &error))
      g_ptr_array_add (self->accounts, g_steal_pointer (&account));
    else
      g_debug ("account %s is left out: %s", ids[i], error->message);
  }
}

/* The account that @account takes the place of: the same one edited, or one of the same name. */
static gboolean
find_replaced (StoreAccounts *self, StoreAccount *account, guint *position)
{
  for (guint i = 0; i < self->accounts->len; i++) {
    if (g_str_equal (store_account_get_id (self->accounts->pdata[i]),
                     store_account_get_id (account))) {
      *position = i;
      return TRUE;
    }
  }
  for (guint i = 0; i < self->accounts->len; i++) {
    if (g_str_equal (store_account_get_name (self->accounts->pdata[i]),
                     store_account_get_name (account))) {
      *position = i;
      return TRUE;
    }
  }
  return FALSE;
}

static void
forget_passwords (StoreAccounts *self, const char *id)
{
  g_autofree char *turn_id = g_strconcat (id, "/turn", NULL);

  store_keyring_clear_async (self->keyring, id, NULL, NULL, NULL);
  store_keyring_clear_async (self->keyring, turn_id, NULL, NULL, NULL);
}

static void
put_account (StoreAccounts *self, StoreAccount *account)
{
  guint position = 0;
  gboolean replaces = find_replaced (self, account, &position);

  write_account (self, account);
  if (replaces) {
    g_autofree char *old_id = g_strdup (store_account_get_id (self->accounts->pdata[position]));

    if (!g_str_equal (old_id, store_account_get_id (account))) {
      forget_account (self, old_id);
      forget_passwords (self, old_id);
    }
    g_object_unref (self->accounts->pdata[position]);
    self->accounts->pdata[position] = g_object_ref (account);
  } else {
    position = self->accounts->len;
    g_ptr_array_add (self->accounts, g_object_ref (account));
  }
  write_ids (self);
  g_list_model_items_changed (G_LIST_MODEL (self), position, replaces ? 1 : 0, 1);
}

/* What is still to be kept of an account before it counts. */
typedef struct {
  StoreAccount *account;
  char *passwords[N_PASSWORDS];
} Saving;

static void
saving_free (gpointer data)
{
  Saving *self = data;

  g_object_unref (self->account);
  for (guint i = 0; i < N_PASSWORDS; i++)
    secret_password_free (self->passwords[i]);
  g_free (self);
}

static void on_password_saved (GObject *source, GAsyncResult *result, gpointer user_data);

/* Takes @task. */
static void
save_next (GTask *task)
{
  StoreAccounts *self = g_task_get_source_object (task);
  Saving *saving = g_task_get_task_data (task);

  for (guint i = 0; i < N_PASSWORDS; i++) {
    char *password = g_steal_pointer (&saving->passwords[i]);
    g_autofree char *id = NULL, *label = NULL;

    if (password == NULL)
      continue;
    id = i == RELAY ? store_account_dup_turn_id (saving->account)
                    : g_strdup (store_account_get_id (saving->account));
    label = store_account_dup_label (saving->account);
    store_keyring_save_async (self->keyring, id, label, password, g_task_get_cancellable (task),
                              on_password_saved, task);
    secret_password_free (password);
    return;
  }
  put_account (self, saving->account);
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
on_password_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (store_keyring_save_finish (STORE_KEYRING (source), result, &error))
    save_next (g_steal_pointer (&task));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
on_password_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (store_keyring_clear_finish (STORE_KEYRING (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static GType
store_accounts_get_item_type (GListModel *model)
{
  return STORE_TYPE_ACCOUNT;
}

static guint
store_accounts_get_n_items (GListModel *model)
{
  return STORE_ACCOUNTS (model)->accounts->len;
}

static gpointer
store_accounts_get_item (GListModel *model, guint position)
{
  StoreAccounts *self = STORE_ACCOUNTS (model);

  if (position >= self->accounts->len)
    return NULL;
  return g_object_ref (self->accounts->pdata[position]);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = store_accounts_get_item_type;
  iface->get_n_items = store_accounts_get_n_items;
  iface->get_item = store_accounts_get_item;
}

static void
store_accounts_finalize (GObject *object)
{
  StoreAccounts *self = STORE_ACCOUNTS (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->keyring);
  g_ptr_array_unref (self->accounts);
  G_OBJECT_CLASS (store_accounts_parent_class)->finalize (object);
}

static void
store_accounts_class_init (StoreAccountsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = store_accounts_finalize;
}

static void
store_accounts_init (StoreAccounts *self)
{
  self->accounts = g_ptr_array_new_with_free_func (g_object_unref);
}

/* @settings: of the schema io.github.ahoyphone.Ahoy; the accounts lie below its path */
StoreAccounts *
store_accounts_new (GSettings *settings, StoreKeyring *keyring)
{
  StoreAccounts *self = g_object_new (STORE_TYPE_ACCOUNTS, NULL);

  self->settings = g_object_ref (settings);
  self->keyring = g_object_ref (keyring);
  read_accounts (self);
  return self;
}

StoreKeyring *
store_accounts_get_keyring (StoreAccounts *self)
{
  g_return_val_if_fail (STORE_IS_ACCOUNTS (self), NULL);

  return self->keyring;
}

/* The fingerprint of the one certificate that is trusted of the account's server, or NULL. */
char *
store_accounts_dup_trusted (StoreAccounts *self, StoreAccount *account)
{
  g_autoptr (GSettings) settings = NULL;
  g_autofree char *fingerprint = NULL;

  g_return_val_if_fail (STORE_IS_ACCOUNTS (self), NULL);

  settings = open_account (self, store_account_get_id (account));
  fingerprint = g_settings_get_string (settings, "certificate");
  return *fingerprint != '\0' ? g_steal_pointer (&fingerprint) : NULL;
}

void
store_accounts_trust (StoreAccounts *self, StoreAccount *account, const char *fingerprint)
{
  g_autoptr (GSettings) settings = NULL;

  g_return_if_fail (STORE_IS_ACCOUNTS (self));

  settings = open_account (self, store_account_get_id (account));
  g_settings_set_string (settings, "certificate", fingerprint);
}

/* Returns the account with this identifier, borrowed, or NULL. */
StoreAccount *
store_accounts_find (StoreAccounts *self, const char *id)
{
  g_return_val_if_fail (STORE_IS_ACCOUNTS (self), NULL);

  for (guint i = 0; i < self->accounts->len; i++) {
    if (g_strcmp0 (store_account_get_id (self->accounts->pdata[i]), id) == 0)
      return self->accounts->pdata[i];
  }
  return NULL;
}

/* Adds @account, or puts it in the place of the one with its identifier or its name. A @password of
 * NULL leaves the one that is kept, and so does a @turn_password, which is that of its relay.
 */
void
store_accounts_save_async (StoreAccounts *self,
                           StoreAccount *account,
                           const char *password,
                           const char *turn_password,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (STORE_IS_ACCOUNTS (self));
  g_return_if_fail (STORE_IS_ACCOUNT (account));

  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Saving *saving = g_new0 (Saving, 1);

  saving->account = g_object_ref (account);
  saving->passwords[RELAY] = g_strdup (turn_password);
  saving->passwords[SERVER] = g_strdup (password);
  g_task_set_source_tag (task, store_accounts_save_async);
  g_task_set_task_data (task, saving, saving_free);
  save_next (task);
}

gboolean
store_accounts_save_finish (StoreAccounts *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
store_accounts_remove_async (StoreAccounts *self,
                             StoreAccount *account,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (STORE_IS_ACCOUNTS (self));
  g_return_if_fail (STORE_IS_ACCOUNT (account));

  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *id = g_strdup (store_account_get_id (account));
  g_autofree char *turn_id = store_account_dup_turn_id (account);
  guint position = 0;

  g_task_set_source_tag (task, store_accounts_remove_async);
  if (g_ptr_array_find (self->accounts, account, &position)) {
    g_ptr_array_remove_index (self->accounts, position);
    write_ids (self);
    forget_account (self, id);
    g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
  }
  store_keyring_clear_async (self->keyring, turn_id, NULL, NULL, NULL);
  store_keyring_clear_async (self->keyring, id, cancellable, on_password_cleared, task);
}

gboolean
store_accounts_remove_finish (StoreAccounts *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* What the user agent of account @id finds out and is to be remembered with it, which is the kind
 * of media of the last call; and what nobody is asked for: whether keys may travel in the clear.
 */
void
store_accounts_bind (StoreAccounts *self, const char *id, GObject *ua)
{
  g_return_if_fail (STORE_IS_ACCOUNTS (self) && G_IS_OBJECT (ua));

  g_autoptr (GSettings) settings = open_account (self, id);

  g_settings_bind (settings, "last-media", ua, "last-media-profile", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "clear-keys", ua, "clear-keys", G_SETTINGS_BIND_GET);
}
