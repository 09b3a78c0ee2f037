#pragma once

#include "store-record.h"

#include <sqlite3.h>

G_BEGIN_DECLS

/* A record as a row: plain memory, which the writer's thread may have. Times are microseconds
 * since 1970, 0 for none. */
typedef struct {
  gint64 id;
  char *address;
  char *name;
  char *account;
  gboolean outgoing;
  gint64 started;
  gint64 answered;
  gint64 ended;
  StoreOutcome outcome;
} StoreRow;

StoreRow *store_row_new (StoreRecord *record);
StoreRow *store_row_read (sqlite3_stmt *statement);
void store_row_bind (StoreRow *self, sqlite3_stmt *statement);
void store_row_free (StoreRow *self);

StoreRecord *store_record_new_from_row (const StoreRow *row);
void store_record_set_id (StoreRecord *self, gint64 id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreRow, store_row_free)

G_END_DECLS
