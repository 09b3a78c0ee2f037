/* store-history-file.c - what the writer's thread does for the history
 *
 * Down: store_database_run() -> one of these, in the thread, with plain memory only
 */

#include "store-history-private.h"

const char store_history_schema[] =
    "CREATE TABLE IF NOT EXISTS call (id INTEGER PRIMARY KEY, address TEXT NOT NULL, name TEXT,"
    " account TEXT, outgoing INTEGER NOT NULL, started INTEGER NOT NULL, answered INTEGER,"
    " ended INTEGER, outcome INTEGER NOT NULL);"
    "CREATE INDEX IF NOT EXISTS call_started ON call (started DESC, id DESC);";

static void
entry_clear (StoreHistoryEntry *self)
{
  g_clear_object (&self->record);
}

GArray *
store_history_entries_new (void)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (StoreHistoryEntry));

  g_array_set_clear_func (entries, (GDestroyNotify)entry_clear);
  return entries;
}

StoreHistoryLoading *
store_history_loading_new (void)
{
  StoreHistoryLoading *self = g_new0 (StoreHistoryLoading, 1);

  self->entries = store_history_entries_new ();
  self->peers = store_peers_new ();
  return self;
}

void
store_history_loading_free (StoreHistoryLoading *self)
{
  g_array_unref (self->entries);
  g_hash_table_unref (self->peers);
  g_free (self);
}

int
store_history_compare (gconstpointer a, gconstpointer b)
{
  const StoreHistoryEntry *one = a, *other = b;

  if (one->started != other->started)
    return one->started > other->started ? -1 : 1;
  return one->id != other->id ? (one->id > other->id ? -1 : 1) : 0;
}

/* In the thread. */
gboolean
store_history_load (sqlite3 *connection, gpointer data, GError **error)
{
  StoreHistoryLoading *loading = data;
  g_autofree char *interrupt = g_strdup_printf ("UPDATE call SET outcome = %d WHERE outcome = %d",
                                                STORE_OUTCOME_INTERRUPTED, STORE_OUTCOME_ONGOING);
  g_autoptr (GError) trouble = NULL;

  if (!store_database_execute (connection, interrupt, error))
    return FALSE;

  g_autoptr (StoreStatement) statement = store_database_prepare (
      connection, "SELECT " STORE_HISTORY_COLUMNS " FROM call ORDER BY started DESC, id DESC",
      error);

  g_array_set_size (loading->entries, 0);
  g_hash_table_remove_all (loading->peers);
  if (statement == NULL)
    return FALSE;
  while (store_database_step (statement, &trouble)) {
    g_autoptr (StoreRow) row = store_row_read (statement);
    StoreHistoryEntry entry = {row->started, row->id, NULL};

    g_array_append_val (loading->entries, entry);
    store_peers_add (loading->peers, row);
  }
  if (trouble != NULL)
    g_propagate_error (error, g_steal_pointer (&trouble));
  return trouble == NULL;
}

/* In the thread. */
gboolean
store_history_write (sqlite3 *connection, gpointer data, GError **error)
{
  g_autoptr (StoreStatement) statement = store_database_prepare (
      connection,
      "INSERT OR REPLACE INTO call (" STORE_HISTORY_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      error);

  if (statement == NULL)
    return FALSE;
  store_row_bind (data, statement);
  return store_database_finish (statement, error);
}

/* In the thread. */
gboolean
store_history_delete (sqlite3 *connection, gpointer data, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_database_prepare (connection, "DELETE FROM call WHERE id = ?", error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, *(gint64 *)data);
  return store_database_finish (statement, error);
}

/* In the thread. */
gboolean
store_history_delete_all (sqlite3 *connection, gpointer data, GError **error)
{
  g_autofree char *sql =
      g_strdup_printf ("DELETE FROM call WHERE outcome <> %d", STORE_OUTCOME_ONGOING);

  return store_database_execute (connection, sql, error);
}
