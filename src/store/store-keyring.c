/* store-keyring.c - the passwords of accounts, in the desktop's keyring
 *
 * Where there is no keyring, or it refuses, passwords live in this object's memory and are gone
 * with it; "available" says so. Nothing here ever writes a password anywhere else.
 *
 * Down: save, load, clear -> libsecret -> the Secret Service
 * Up:   on_saved, on_loaded, on_cleared -> "available", then the waiting task
 */

#include "store-keyring.h"

#include <libsecret/secret.h>

struct _StoreKeyring {
  GObject parent_instance;

  gboolean available; /* no refusal was met so far */
  GHashTable *memory; /* account id -> password, for what the keyring would not take */
};

G_DEFINE_FINAL_TYPE (StoreKeyring, store_keyring, G_TYPE_OBJECT)

enum { PROP_AVAILABLE = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

static const SecretSchema account_schema = {
    "io.github.ahoyphone.Ahoy.Account",
    SECRET_SCHEMA_NONE,
    {{"account", SECRET_SCHEMA_ATTRIBUTE_STRING}, {NULL, 0}},
};

typedef struct {
  char *id;
  char *password;
} Entry;

static void
free_password (gpointer data)
{
  secret_password_free (data);
}

static void
entry_free (Entry *self)
{
  g_free (self->id);
  secret_password_free (self->password);
  g_free (self);
}

static void
set_available (StoreKeyring *self, gboolean available)
{
  if (self->available == available)
    return;
  self->available = available;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_AVAILABLE]);
}

/* Secret memory of libsecret's where it has some, so that it is wiped when freed. */
static char *
copy_password (const char *password)
{
  SecretValue *value = secret_value_new (password, -1, "text/plain");

  return secret_value_unref_to_password (value, NULL);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  StoreKeyring *self = g_task_get_source_object (task);
  Entry *entry = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (secret_password_store_finish (result, &error)) {
    g_hash_table_remove (self->memory, entry->id);
    set_available (self, TRUE);
  } else {
    g_debug ("no keyring: %s", error->message);
    g_hash_table_replace (self->memory, g_steal_pointer (&entry->id),
                          g_steal_pointer (&entry->password));
    set_available (self, FALSE);
  }
  g_task_return_boolean (task, TRUE);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  StoreKeyring *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  char *password = secret_password_lookup_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  if (error != NULL)
    g_debug ("no keyring: %s", error->message);
  set_available (self, error == NULL);
  g_task_return_pointer (task, password, free_password);
}

static void
on_cleared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  secret_password_clear_finish (result, &error);
  if (error != NULL)
    g_debug ("no keyring: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

static void
store_keyring_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_AVAILABLE)
    g_value_set_boolean (value, STORE_KEYRING (object)->available);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
store_keyring_finalize (GObject *object)
{
  StoreKeyring *self = STORE_KEYRING (object);

  g_hash_table_unref (self->memory);
  G_OBJECT_CLASS (store_keyring_parent_class)->finalize (object);
}

static void
store_keyring_class_init (StoreKeyringClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = store_keyring_get_property;
  object_class->finalize = store_keyring_finalize;

  /* FALSE: the last password asked for or given could not be had from, or put into, a keyring. */
  props[PROP_AVAILABLE] = g_param_spec_boolean ("available", NULL, NULL, TRUE,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
store_keyring_init (StoreKeyring *self)
{
  self->available = TRUE;
  self->memory = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_password);
}

StoreKeyring *
store_keyring_new (void)
{
  return g_object_new (STORE_TYPE_KEYRING, NULL);
}

gboolean
store_keyring_get_available (StoreKeyring *self)
{
  g_return_val_if_fail (STORE_IS_KEYRING (self), FALSE);

  return self->available;
}

/* Succeeds always: what the keyring does not take is remembered until the program ends. */
void
store_keyring_save_async (StoreKeyring *self,
                          const char *id,
                          const char *label,
                          const char *password,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (STORE_IS_KEYRING (self));

  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Entry *entry = g_new0 (Entry, 1);

  g_task_set_source_tag (task, store_keyring_save_async);
  entry->id = g_strdup (id);
  entry->password = copy_password (password);
  g_task_set_task_data (task, entry, (GDestroyNotify)entry_free);
  secret_password_store (&account_schema, SECRET_COLLECTION_DEFAULT, label, password, cancellable,
                         on_saved, task, "account", id, NULL);
}

gboolean
store_keyring_save_finish (StoreKeyring *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* A missing password is no error: the result is NULL. Free it with secret_password_free(). */
void
store_keyring_load_async (StoreKeyring *self,
                          const char *id,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (STORE_IS_KEYRING (self));

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  const char *remembered = g_hash_table_lookup (self->memory, id);

  g_task_set_source_tag (task, store_keyring_load_async);
  if (remembered != NULL) {
    g_task_return_pointer (task, copy_password (remembered), free_password);
    return;
  }
  secret_password_lookup (&account_schema, cancellable, on_loaded, g_steal_pointer (&task),
                          "account", id, NULL);
}

char *
store_keyring_load_finish (StoreKeyring *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
store_keyring_clear_async (StoreKeyring *self,
                           const char *id,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (STORE_IS_KEYRING (self));

  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, store_keyring_clear_async);
  g_hash_table_remove (self->memory, id);
  secret_password_clear (&account_schema, cancellable, on_cleared, task, "account", id, NULL);
}

gboolean
store_keyring_clear_finish (StoreKeyring *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
