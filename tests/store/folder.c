/* folder.c - files of a test, a disk that is full, and a second reader who knows only SQL */

#include "folder.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>

void
folder_set_up (Folder *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("ahoy-store-XXXXXX", NULL);
  g_assert_nonnull (self->folder);
  self->path = g_build_filename (self->folder, "remembered.db", NULL);
  self->changes = g_string_new (NULL);
}

void
folder_tear_down (Folder *self, gconstpointer data)
{
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);

  for (const char *name = g_dir_read_name (folder); name != NULL; name = g_dir_read_name (folder)) {
    g_autofree char *path = g_build_filename (self->folder, name, NULL);

    g_assert_cmpint (g_remove (path), ==, 0);
  }
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->path);
  g_string_free (self->changes, TRUE);
}

static void
on_items_changed (GListModel *model, guint position, guint removed, guint added, gpointer user_data)
{
  Folder *self = user_data;

  g_string_append_printf (self->changes, "%u-%u+%u ", position, removed, added);
}

static void
on_trouble (Folder *self)
{
  self->n_troubles++;
}

void
folder_watch (Folder *self, gpointer list)
{
  g_signal_connect (list, "items-changed", G_CALLBACK (on_items_changed), self);
  g_signal_connect_swapped (list, "notify::trouble", G_CALLBACK (on_trouble), self);
}

/* What was seen since the last time. */
char *
folder_take_changes (Folder *self)
{
  char *changes = g_strdup (self->changes->str);

  g_string_truncate (self->changes, 0);
  return changes;
}

guint
folder_count (Folder *self, const char *part_of_name)
{
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);
  guint count = 0;

  for (const char *name = g_dir_read_name (folder); name != NULL; name = g_dir_read_name (folder))
    count += strstr (name, part_of_name) != NULL;
  return count;
}

static sqlite3 *
open_file (Folder *self)
{
  sqlite3 *connection = NULL;

  g_assert_cmpint (sqlite3_open (self->path, &connection), ==, SQLITE_OK);
  sqlite3_busy_timeout (connection, 20000);
  return connection;
}

/* The number that the file itself answers. */
gint64
folder_query (Folder *self, const char *sql)
{
  sqlite3 *connection = open_file (self);
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (connection, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);

  gint64 number = sqlite3_column_int64 (statement, 0);

  sqlite3_finalize (statement);
  sqlite3_close (connection);
  return number;
}

void
folder_execute (Folder *self, const char *sql)
{
  sqlite3 *connection = open_file (self);

  g_assert_cmpint (sqlite3_exec (connection, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (connection);
}

/* Calls 1 to @n_calls, a minute between each and the next, with so many addresses. */
void
folder_fill_calls (Folder *self, guint n_calls, guint n_addresses)
{
  g_autofree char *sql = g_strdup_printf (
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %u)"
      "INSERT INTO call (id, address, name, outgoing, started, outcome)"
      " SELECT i, 'sip:person' || (i %% %u) || '@example.org', 'Person ' || (i %% %u), i %% 2,"
      " 1600000000000000 + i * 60000000, 1 FROM n",
      n_calls, n_addresses, n_addresses);

  folder_execute (self, sql);
}

/* From now on no file grows, as on a full disk; or files grow again. */
void
folder_limit (Folder *self, gboolean is_full)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = is_full ? 0 : limit.rlim_max;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}
