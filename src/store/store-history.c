/* store-history.c - the calls, newest first
 *
 * Down: add, update, remove, clear -> the list at once -> a row of the file in the writer's thread
 * Up:   on_loaded(), then each change -> items-changed -> Recent
 *
 * A call is written when it begins and at each change, so one that a crash cut off lies there; the
 * next start finds it and calls it interrupted. The list holds no more of a call than its number
 * and time until somebody looks at it: then a page is read. What cannot be written stays in the
 * list and is tried again with the next call; `trouble` says so, and nobody else is disturbed.
 */

#include "store-history-private.h"

#define PAGE 64

struct _StoreHistory {
  GObject parent_instance;

  StoreDatabase *database;
  GArray *entries;
  GHashTable *peers;
  GHashTable *unwritten; /* numbers of records that the file did not take */
  gint64 last_id;
  gboolean loaded;
  gboolean was_cleared; /* before the file was read */
};

enum {
  PROP_LOADED = 1,
  PROP_TROUBLE,
  N_PROPS,
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (StoreHistory,
                               store_history,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GParamSpec *props[N_PROPS];

/* Returns whether the list has @entry; @position is its place, or where it belongs. */
static gboolean
find_place (StoreHistory *self, const StoreHistoryEntry *entry, guint *position)
{
  guint low = 0, high = self->entries->len;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    int order =
        store_history_compare (&g_array_index (self->entries, StoreHistoryEntry, middle), entry);

    if (order == 0) {
      *position = middle;
      return TRUE;
    }
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  *position = low;
  return FALSE;
}

static gboolean
find_record (StoreHistory *self, StoreRecord *record, guint *position)
{
  g_autoptr (StoreRow) row = store_row_new (record);
  StoreHistoryEntry entry = {row->started, row->id, NULL};

  return find_place (self, &entry, position);
}

static void on_row_written (GObject *owner, gpointer data, const GError *error);

static void
write_record (StoreHistory *self, StoreRecord *record)
{
  store_database_run (self->database, store_history_write, store_row_new (record),
                      (GDestroyNotify)store_row_free, G_OBJECT (self), on_row_written);
}

/* The file takes rows again: it gets those it did not take. */
static void
write_again (StoreHistory *self)
{
  GHashTable *unwritten = g_steal_pointer (&self->unwritten);

  self->unwritten = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint i = 0; i < self->entries->len && g_hash_table_size (unwritten) > 0; i++) {
    StoreHistoryEntry *entry = &g_array_index (self->entries, StoreHistoryEntry, i);

    if (entry->record != NULL && g_hash_table_remove (unwritten, &entry->id))
      write_record (self, entry->record);
  }
  g_hash_table_unref (unwritten);
}

static void
on_row_written (GObject *owner, gpointer data, const GError *error)
{
  StoreHistory *self = STORE_HISTORY (owner);
  StoreRow *row = data;

  if (error != NULL) {
    g_hash_table_add (self->unwritten, g_memdup2 (&row->id, sizeof (row->id)));
  } else {
    g_hash_table_remove (self->unwritten, &row->id);
    if (g_hash_table_size (self->unwritten) > 0)
      write_again (self);
  }
}

static void
on_loaded (GObject *owner, gpointer data, const GError *error)
{
  StoreHistory *self = STORE_HISTORY (owner);
  StoreHistoryLoading *loading = data;
  guint n_new = self->entries->len;
  guint n_loaded = error == NULL && !self->was_cleared ? loading->entries->len : 0;

  if (n_loaded > 0) {
    for (guint i = 0; i < n_new; i++) {
      g_autoptr (StoreRow) row =
          store_row_new (g_array_index (self->entries, StoreHistoryEntry, i).record);

      store_peers_add (loading->peers, row);
    }
    g_hash_table_unref (self->peers);
    self->peers = g_steal_pointer (&loading->peers);
    loading->peers = store_peers_new ();
    g_array_append_vals (self->entries, loading->entries->data, n_loaded);
    g_array_sort (self->entries, store_history_compare);
    for (guint i = 0; i < self->entries->len; i++)
      self->last_id = MAX (self->last_id, g_array_index (self->entries, StoreHistoryEntry, i).id);
  }
  self->loaded = TRUE;
  if (n_loaded > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_new, self->entries->len);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADED]);
}

static gboolean
is_read (const StoreHistoryEntry *entry)
{
  return entry->record != NULL;
}

static gboolean
is_ongoing (const StoreHistoryEntry *entry)
{
  return is_read (entry) && store_record_get_outcome (entry->record) == STORE_OUTCOME_ONGOING;
}

/* Drops all entries but those that @is_kept wants, which have a record. */
static void
keep_entries (StoreHistory *self, gboolean (*is_kept) (const StoreHistoryEntry *))
{
  GArray *kept = store_history_entries_new ();

  g_hash_table_remove_all (self->peers);
  for (guint i = 0; i < self->entries->len; i++) {
    StoreHistoryEntry *entry = &g_array_index (self->entries, StoreHistoryEntry, i);

    if (!is_kept (entry))
      continue;

    g_autoptr (StoreRow) row = store_row_new (entry->record);
    StoreHistoryEntry copy = {entry->started, entry->id, g_object_ref (entry->record)};

    g_array_append_val (kept, copy);
    store_peers_add (self->peers, row);
  }
  g_array_unref (self->entries);
  self->entries = kept;
}

/* What was never read is gone with the damaged file; the rest goes into the new one. */
static void
on_replaced (StoreDatabase *database, gpointer user_data)
{
  StoreHistory *self = user_data;
  guint n_old = self->entries->len;

  keep_entries (self, is_read);
  for (guint i = 0; i < self->entries->len; i++)
    write_record (self, g_array_index (self->entries, StoreHistoryEntry, i).record);
  if (n_old > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_old, self->entries->len);
}

static void
on_trouble (StoreHistory *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TROUBLE]);
}

/* Makes the records of a page round @position. */
static void
read_page (StoreHistory *self, guint position)
{
  guint start = position - position % PAGE, end = MIN (start + PAGE, self->entries->len);
  sqlite3 *reader = store_database_get_reader (self->database);
  g_autoptr (StoreStatement) statement =
      reader != NULL ? store_database_prepare (
                           reader, "SELECT " STORE_HISTORY_COLUMNS " FROM call WHERE id = ?", NULL)
                     : NULL;

  for (guint i = start; statement != NULL && i < end; i++) {
    StoreHistoryEntry *entry = &g_array_index (self->entries, StoreHistoryEntry, i);

    if (entry->record != NULL)
      continue;
    sqlite3_bind_int64 (statement, 1, entry->id);
    if (store_database_step (statement, NULL)) {
      g_autoptr (StoreRow) row = store_row_read (statement);

      row->started = entry->started;
      entry->record = store_record_new_from_row (row);
    }
    sqlite3_reset (statement);
  }
}

static GType
store_history_get_item_type (GListModel *model)
{
  return STORE_TYPE_RECORD;
}

static guint
store_history_get_n_items (GListModel *model)
{
  return STORE_HISTORY (model)->entries->len;
}

static gpointer
store_history_get_item (GListModel *model, guint position)
{
  StoreHistory *self = STORE_HISTORY (model);

  if (position >= self->entries->len)
    return NULL;

  StoreHistoryEntry *entry = &g_array_index (self->entries, StoreHistoryEntry, position);

  if (entry->record == NULL)
    read_page (self, position);
  if (entry->record != NULL)
    return g_object_ref (entry->record);

  /* The file was taken away: the place stays, and says no more than when. */
  StoreRow row = {.id = entry->id, .started = entry->started, .outcome = STORE_OUTCOME_FAILED};

  return store_record_new_from_row (&row);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = store_history_get_item_type;
  iface->get_n_items = store_history_get_n_items;
  iface->get_item = store_history_get_item;
}

static void
store_history_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  StoreHistory *self = STORE_HISTORY (object);

  switch (id) {
  case PROP_LOADED:
    g_value_set_boolean (value, self->loaded);
    break;
  case PROP_TROUBLE:
    g_value_set_string (value, store_history_get_trouble (self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
store_history_finalize (GObject *object)
{
  StoreHistory *self = STORE_HISTORY (object);

  store_history_close (self);
  g_clear_object (&self->database);
  g_array_unref (self->entries);
  g_hash_table_unref (self->peers);
  g_hash_table_unref (self->unwritten);
  G_OBJECT_CLASS (store_history_parent_class)->finalize (object);
}

static void
store_history_class_init (StoreHistoryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = store_history_get_property;
  object_class->finalize = store_history_finalize;

  props[PROP_LOADED] =
      g_param_spec_boolean ("loaded", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /* One sentence for the person when calls cannot be remembered; each notify tells once. */
  props[PROP_TROUBLE] =
      g_param_spec_string ("trouble", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
store_history_init (StoreHistory *self)
{
  self->entries = store_history_entries_new ();
  self->peers = store_peers_new ();
  self->unwritten = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

/* The history in the file at @path, which is made where it is missing; NULL for one that is
 * forgotten with the program. It is empty until `loaded`, and may be added to before. */
StoreHistory *
store_history_new (const char *path)
{
  StoreHistory *self = g_object_new (STORE_TYPE_HISTORY, NULL);
  StoreHistoryLoading *loading = store_history_loading_new ();

  self->database = store_database_new (path, store_history_schema);
  g_signal_connect_object (self->database, "replaced", G_CALLBACK (on_replaced), self, 0);
  g_signal_connect_object (self->database, "notify::trouble", G_CALLBACK (on_trouble), self,
                           G_CONNECT_SWAPPED);
  store_database_run (self->database, store_history_load, loading,
                      (GDestroyNotify)store_history_loading_free, G_OBJECT (self), on_loaded);
  return self;
}

/* Whether the calls of earlier days are in the list. */
gboolean
store_history_get_loaded (StoreHistory *self)
{
  g_return_val_if_fail (STORE_IS_HISTORY (self), FALSE);

  return self->loaded;
}

/* What the person should be told, or NULL. */
const char *
store_history_get_trouble (StoreHistory *self)
{
  g_return_val_if_fail (STORE_IS_HISTORY (self), NULL);

  return store_database_get_trouble (self->database);
}

/* The table of StorePeer by address, borrowed until the main context goes round. */
GHashTable *
store_history_get_peers (StoreHistory *self)
{
  return self->peers;
}

/* Returns the record of this number, borrowed, or NULL. */
StoreRecord *
store_history_find (StoreHistory *self, gint64 id)
{
  g_return_val_if_fail (STORE_IS_HISTORY (self), NULL);

  for (guint i = 0; i < self->entries->len; i++) {
    StoreHistoryEntry *entry = &g_array_index (self->entries, StoreHistoryEntry, i);

    if (entry->id == id && entry->record == NULL)
      read_page (self, i);
    if (entry->id == id)
      return entry->record;
  }
  return NULL;
}

/* Adds a call that begins, or one that was removed: it comes back to its old place. */
void
store_history_add (StoreHistory *self, StoreRecord *record)
{
  guint position = 0;

  g_return_if_fail (STORE_IS_HISTORY (self));
  g_return_if_fail (STORE_IS_RECORD (record));

  if (store_record_get_id (record) == 0) {
    self->last_id = MAX (self->last_id + 1, g_get_real_time ());
    store_record_set_id (record, self->last_id);
  }
  if (find_record (self, record, &position)) {
    store_history_update (self, record);
    return;
  }

  g_autoptr (StoreRow) row = store_row_new (record);
  StoreHistoryEntry entry = {row->started, row->id, g_object_ref (record)};

  g_array_insert_val (self->entries, position, entry);
  store_peers_add (self->peers, row);
  write_record (self, record);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
}

/* Writes what has changed in @record. A record that was removed stays removed. */
void
store_history_update (StoreHistory *self, StoreRecord *record)
{
  guint position = 0;

  g_return_if_fail (STORE_IS_HISTORY (self));
  g_return_if_fail (STORE_IS_RECORD (record));

  if (!find_record (self, record, &position))
    return;
  store_peers_rename (self->peers, store_record_get_address (record),
                      store_record_get_name (record));
  write_record (self, record);
  /* The same item at the same place: a filter looks at it again, a view keeps its row. */
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 1);
}

/* Removes @record. To undo it, add the same record. */
void
store_history_remove (StoreHistory *self, StoreRecord *record)
{
  guint position = 0;

  g_return_if_fail (STORE_IS_HISTORY (self));
  g_return_if_fail (STORE_IS_RECORD (record));

  if (!find_record (self, record, &position))
    return;

  g_autoptr (StoreRow) row = store_row_new (record);

  g_array_remove_index (self->entries, position);
  store_peers_remove (self->peers, row);
  store_database_run (self->database, store_history_delete, g_memdup2 (&row->id, sizeof (row->id)),
                      g_free, G_OBJECT (self), NULL);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

/* Removes every call that is over. */
void
store_history_clear (StoreHistory *self)
{
  guint n_old;

  g_return_if_fail (STORE_IS_HISTORY (self));

  n_old = self->entries->len;
  self->was_cleared = !self->loaded;
  keep_entries (self, is_ongoing);
  store_database_run (self->database, store_history_delete_all, NULL, NULL, G_OBJECT (self), NULL);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_old, self->entries->len);
}

/* Waits until every change is in the file. What comes later is not written. */
void
store_history_close (StoreHistory *self)
{
  g_return_if_fail (STORE_IS_HISTORY (self));

  store_database_close (self->database);
}
