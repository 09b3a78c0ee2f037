/* store-accounts-provision.c - the accounts of a key file, one after the other
 *
 * Down: provision -> StoreProvision -> store_accounts_save_async()
 */

#include "store-accounts.h"

#include "store-provision.h"

/* What a task of provision still has to do; the index is of the entry under way. */
typedef struct {
  GPtrArray *entries;
  guint index;
} Provisioning;

static void
provisioning_free (Provisioning *self)
{
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_free (self);
}

static void on_entry_saved (GObject *source, GAsyncResult *result, gpointer user_data);

/* Saves the next entry, or ends the task. Takes @task. */
static void
save_next (GTask *task)
{
  StoreAccounts *self = g_task_get_source_object (task);
  Provisioning *todo = g_task_get_task_data (task);

  if (todo->index == todo->entries->len) {
    g_task_return_boolean (task, TRUE);
    g_object_unref (task);
    return;
  }

  StoreProvision *entry = todo->entries->pdata[todo->index++];

  store_accounts_save_async (self, entry->account, entry->password, entry->turn_password,
                             g_task_get_cancellable (task), on_entry_saved, task);
}

static void
on_entry_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (store_accounts_save_finish (STORE_ACCOUNTS (source), result, &error))
    save_next (g_steal_pointer (&task));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* Adds every account of the key file at @path, or none at all if anything in it is wrong. */
void
store_accounts_provision_async (StoreAccounts *self,
                                const char *path,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_return_if_fail (STORE_IS_ACCOUNTS (self));

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;
  Provisioning *todo = g_new0 (Provisioning, 1);

  g_task_set_source_tag (task, store_accounts_provision_async);
  g_task_set_task_data (task, todo, (GDestroyNotify)provisioning_free);
  todo->entries = store_provision_read (path, &error);
  if (todo->entries == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  save_next (g_steal_pointer (&task));
}

gboolean
store_accounts_provision_finish (StoreAccounts *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
