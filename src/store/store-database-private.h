#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

#define STORE_TYPE_DATABASE (store_database_get_type ())
G_DECLARE_FINAL_TYPE (StoreDatabase, store_database, STORE, DATABASE, GObject)

/* Runs in the writer's thread: @data is plain memory, and nothing else may be touched. */
typedef gboolean (*StoreDatabaseWork) (sqlite3 *connection, gpointer data, GError **error);
/* Runs in the main context, if @owner still lives; the file holds what was to be written unless
 * there is an @error. */
typedef void (*StoreDatabaseDone) (GObject *owner, gpointer data, const GError *error);

StoreDatabase *store_database_new (const char *path, const char *schema);
void store_database_run (StoreDatabase *self,
                         StoreDatabaseWork work,
                         gpointer data,
                         GDestroyNotify destroy,
                         GObject *owner,
                         StoreDatabaseDone done);
sqlite3 *store_database_get_reader (StoreDatabase *self);
const char *store_database_get_trouble (StoreDatabase *self);
void store_database_close (StoreDatabase *self);

gboolean store_database_execute (sqlite3 *connection, const char *sql, GError **error);
sqlite3_stmt *store_database_prepare (sqlite3 *connection, const char *sql, GError **error);
gboolean store_database_step (sqlite3_stmt *statement, GError **error);
gboolean store_database_finish (sqlite3_stmt *statement, GError **error);
void store_database_bind_text (sqlite3_stmt *statement, int index, const char *text);

typedef sqlite3_stmt StoreStatement;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreStatement, sqlite3_finalize)

G_END_DECLS
