#pragma once

#include "store-database-private.h"
#include "store-history.h"
#include "store-peers-private.h"

G_BEGIN_DECLS

#define STORE_HISTORY_COLUMNS                                                                      \
  "id, address, name, account, outgoing, started, answered, ended, outcome"

/* A place in the list. */
typedef struct {
  gint64 started;
  gint64 id;
  StoreRecord *record; /* NULL until somebody looked */
} StoreHistoryEntry;

/* What the thread reads at the start; it makes no records. */
typedef struct {
  GArray *entries;
  GHashTable *peers;
} StoreHistoryLoading;

extern const char store_history_schema[];

GArray *store_history_entries_new (void);
int store_history_compare (gconstpointer a, gconstpointer b);
StoreHistoryLoading *store_history_loading_new (void);
void store_history_loading_free (StoreHistoryLoading *self);
gboolean store_history_load (sqlite3 *connection, gpointer data, GError **error);
gboolean store_history_write (sqlite3 *connection, gpointer data, GError **error);
gboolean store_history_delete (sqlite3 *connection, gpointer data, GError **error);
gboolean store_history_delete_all (sqlite3 *connection, gpointer data, GError **error);

GHashTable *store_history_get_peers (StoreHistory *self);

G_END_DECLS
