/* store-row.c - a record as it crosses between the main context, the writer's thread and the file
 *
 * Down: StoreRecord -> store_row_new() -> store_row_bind() in the thread
 * Up:   store_row_read() -> store_record_new_from_row()
 */

#include "store-database-private.h"
#include "store-record-private.h"

static gint64
to_microseconds (GDateTime *time)
{
  return time != NULL
             ? g_date_time_to_unix (time) * G_TIME_SPAN_SECOND + g_date_time_get_microsecond (time)
             : 0;
}

static void
bind_time (sqlite3_stmt *statement, int index, gint64 time)
{
  if (time != 0)
    sqlite3_bind_int64 (statement, index, time);
  else
    sqlite3_bind_null (statement, index);
}

static char *
dup_column (sqlite3_stmt *statement, int column)
{
  return g_strdup ((const char *)sqlite3_column_text (statement, column));
}

StoreRow *
store_row_new (StoreRecord *record)
{
  StoreRow *self = g_new0 (StoreRow, 1);

  self->id = store_record_get_id (record);
  self->address = g_strdup (store_record_get_address (record));
  self->name = g_strdup (store_record_get_name (record));
  self->account = g_strdup (store_record_get_account (record));
  self->outgoing = store_record_get_outgoing (record);
  self->started = to_microseconds (store_record_get_started (record));
  self->answered = to_microseconds (store_record_get_answered (record));
  self->ended = to_microseconds (store_record_get_ended (record));
  self->outcome = store_record_get_outcome (record);
  return self;
}

/* The columns id, address, name, account, outgoing, started, answered, ended, outcome. */
StoreRow *
store_row_read (sqlite3_stmt *statement)
{
  StoreRow *self = g_new0 (StoreRow, 1);

  self->id = sqlite3_column_int64 (statement, 0);
  self->address = dup_column (statement, 1);
  self->name = dup_column (statement, 2);
  self->account = dup_column (statement, 3);
  self->outgoing = sqlite3_column_int (statement, 4) != 0;
  self->started = sqlite3_column_int64 (statement, 5);
  self->answered = sqlite3_column_int64 (statement, 6);
  self->ended = sqlite3_column_int64 (statement, 7);
  self->outcome = sqlite3_column_int (statement, 8);
  return self;
}

/* The same columns, as parameters 1 to 9. */
void
store_row_bind (StoreRow *self, sqlite3_stmt *statement)
{
  sqlite3_bind_int64 (statement, 1, self->id);
  store_database_bind_text (statement, 2, self->address);
  store_database_bind_text (statement, 3, self->name);
  store_database_bind_text (statement, 4, self->account);
  sqlite3_bind_int (statement, 5, self->outgoing);
  sqlite3_bind_int64 (statement, 6, self->started);
  bind_time (statement, 7, self->answered);
  bind_time (statement, 8, self->ended);
  sqlite3_bind_int (statement, 9, self->outcome);
}

void
store_row_free (StoreRow *self)
{
  g_free (self->address);
  g_free (self->name);
  g_free (self->account);
  g_free (self);
}
