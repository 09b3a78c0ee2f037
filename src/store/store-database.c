/* store-database.c - a file of SQLite with one thread that writes to it
 *
 * Down: store_database_run -> a queue -> run_task() in the thread -> SQLite
 * Up:   run_task() -> on_task_done() in the main context -> the owner's done function
 *
 * The thread has the queue, the path and its own connection, and knows no object. It opens the
 * file with the first work it gets. A file that is damaged is set aside under another name and an
 * empty one takes its place: signal `replaced`. The main context reads through a connection of its
 * own, which the log of SQLite (WAL) never lets wait for the writer.
 */

#include "store-database-private.h"

#include "store-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define VERSION 1

/* What the thread works with. */
typedef struct {
  char *path;
  char *schema;
  sqlite3 *connection;
} Writer;

/* One piece of work; all but the weak references is plain memory. */
typedef struct {
  StoreDatabaseWork work;
  gpointer data;
  GDestroyNotify destroy;
  StoreDatabaseDone done;
  GWeakRef database;
  GWeakRef owner;
  char *set_aside; /* the new name of a file that was damaged */
} Job;

struct _StoreDatabase {
  GObject parent_instance;

  GThreadPool *thread; /* NULL once closed */
  Writer writer;       /* the thread's while there is one */
  sqlite3 *reader;
  char *trouble;
  gboolean was_replaced;
};

enum {
  PROP_TROUBLE = 1,
  N_PROPS,
};

enum {
  REPLACED,
  N_SIGNALS,
};

G_DEFINE_FINAL_TYPE (StoreDatabase, store_database, G_TYPE_OBJECT)

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

static void
job_free (Job *self)
{
  if (self->destroy != NULL)
    self->destroy (self->data);
  g_weak_ref_clear (&self->database);
  g_weak_ref_clear (&self->owner);
  g_free (self->set_aside);
  g_free (self);
}

static void
set_error (sqlite3 *connection, GError **error)
{
  int code = sqlite3_errcode (connection) & 0xff;
  gboolean is_damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;

  g_set_error_literal (error, STORE_ERROR, is_damaged ? STORE_ERROR_DAMAGED : STORE_ERROR_FILE,
                       sqlite3_errmsg (connection));
}

/* Nobody but the person may read with whom they spoke. */
static gboolean
make_file (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int file = -1;

  if (g_mkdir_with_parents (folder, 0700) == 0)
    file = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_FILE, g_strerror (errno));
    return FALSE;
  }
  close (file);
  return TRUE;
}

static gboolean
check_file (sqlite3 *connection, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_database_prepare (connection, "PRAGMA quick_check(1)", error);

  if (statement == NULL || !store_database_step (statement, error))
    return FALSE;
  if (g_strcmp0 ((const char *)sqlite3_column_text (statement, 0), "ok") == 0)
    return TRUE;
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_DAMAGED, "the check found damage");
  return FALSE;
}

/* A file of a later release may mean by its columns what this one does not know. */
static gboolean
check_version (sqlite3 *connection, GError **error)
{
  g_autoptr (StoreStatement) statement =
      store_database_prepare (connection, "PRAGMA user_version", error);

  if (statement == NULL || !store_database_step (statement, error))
    return FALSE;
  if (sqlite3_column_int (statement, 0) <= VERSION)
    return TRUE;
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_FILE, "made by a later release");
  return FALSE;
}

static gboolean
open_file (Writer *writer, GError **error)
{
  const char *name = writer->path != NULL ? writer->path : ":memory:";

  if (writer->path != NULL && !make_file (writer->path, error))
    return FALSE;
  if (sqlite3_open_v2 (name, &writer->connection, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
    set_error (writer->connection, error);
  } else {
    g_autofree char *sql = g_strdup_printf ("PRAGMA user_version = %d", VERSION);

    sqlite3_busy_timeout (writer->connection, 2000);
    if (check_version (writer->connection, error) && check_file (writer->connection, error) &&
        store_database_execute (writer->connection, "PRAGMA journal_mode = WAL", error) &&
        store_database_execute (writer->connection, "PRAGMA synchronous = FULL", error) &&
        store_database_execute (writer->connection, writer->schema, error) &&
        store_database_execute (writer->connection, sql, error))
      return TRUE;
  }
  g_clear_pointer (&writer->connection, sqlite3_close);
  return FALSE;
}

/* Gives the file and what SQLite keeps beside it another name. Returns that name, or NULL. */
static char *
set_aside (Writer *writer)
{
  static const char *const endings[] = {"", "-wal", "-shm"};
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *date = g_date_time_format (now, "%Y%m%d-%H%M%S");
  g_autofree char *name = NULL;

  g_clear_pointer (&writer->connection, sqlite3_close);
  for (guint i = 0; name == NULL || g_file_test (name, G_FILE_TEST_EXISTS); i++) {
    g_free (name);
    name = g_strdup_printf ("%s.damaged-%s-%u", writer->path, date, i);
  }
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *from = g_strconcat (writer->path, endings[i], NULL);
    g_autofree char *to = g_strconcat (name, endings[i], NULL);

    if (g_rename (from, to) != 0 && i == 0)
      return NULL;
  }
  return g_steal_pointer (&name);
}

static gboolean
run_job (Writer *writer, Job *job, GError **error)
{
  if (writer->connection == NULL && !open_file (writer, error))
    return FALSE;
  if (!store_database_execute (writer->connection, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (job->work (writer->connection, job->data, error) &&
      store_database_execute (writer->connection, "COMMIT", error))
    return TRUE;
  if (!sqlite3_get_autocommit (writer->connection))
    store_database_execute (writer->connection, "ROLLBACK", NULL);
  return FALSE;
}

/* In the thread. Takes @data. */
static void
run_task (gpointer data, gpointer user_data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GError) error = NULL;
  Writer *writer = user_data;
  Job *job = g_task_get_task_data (task);
  gboolean is_done = run_job (writer, job, &error);

  if (g_error_matches (error, STORE_ERROR, STORE_ERROR_DAMAGED)) {
    job->set_aside = set_aside (writer);
    if (job->set_aside != NULL) {
      g_clear_error (&error);
      is_done = run_job (writer, job, &error);
    }
  }
  if (is_done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
set_trouble (StoreDatabase *self, char *trouble)
{
  g_free (self->trouble);
  self->trouble = trouble;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TROUBLE]);
}

static void
on_task_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (StoreDatabase) self = g_weak_ref_get (&job->database);
  g_autoptr (GObject) owner = g_weak_ref_get (&job->owner);
  g_autoptr (GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  if (self != NULL && job->set_aside != NULL) {
    g_autofree char *name = g_path_get_basename (job->set_aside);

    self->was_replaced = TRUE;
    g_clear_pointer (&self->reader, sqlite3_close_v2);
    set_trouble (self, g_strdup_printf (_ ("A file was damaged. It was set aside as “%s”."), name));
    g_signal_emit (self, signals[REPLACED], 0);
  }
  if (self != NULL && error != NULL) {
    g_debug ("%s was not written: %s", self->writer.path, error->message);
    if (self->trouble == NULL || self->was_replaced) {
      self->was_replaced = FALSE;
      set_trouble (self, g_strdup (_ ("What happens now can’t be saved. Is the disk full?")));
    }
  }
  if (owner != NULL && job->done != NULL)
    job->done (owner, job->data, error);
}

static void
store_database_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
  case PROP_TROUBLE:
    g_value_set_string (value, STORE_DATABASE (object)->trouble);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
store_database_finalize (GObject *object)
{
  StoreDatabase *self = STORE_DATABASE (object);

  store_database_close (self);
  g_free (self->writer.path);
  g_free (self->writer.schema);
  g_free (self->trouble);
  G_OBJECT_CLASS (store_database_parent_class)->finalize (object);
}

static void
store_database_class_init (StoreDatabaseClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = store_database_get_property;
  object_class->finalize = store_database_finalize;

  /* What the person is to be told, once for each kind of trouble. */
  props[PROP_TROUBLE] =
      g_param_spec_string ("trouble", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  /* The file was damaged, and is empty now. */
  signals[REPLACED] = g_signal_new ("replaced", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
store_database_init (StoreDatabase *self)
{
}

/* @path: (nullable): NULL for what is forgotten with the program; @schema: SQL that makes the
 * tables where they are missing
 */
StoreDatabase *
store_database_new (const char *path, const char *schema)
{
  StoreDatabase *self = g_object_new (STORE_TYPE_DATABASE, NULL);

  self->writer.path = g_strdup (path);
  self->writer.schema = g_strdup (schema);
  self->thread = g_thread_pool_new (run_task, &self->writer, 1, TRUE, NULL);
  return self;
}

/* Puts @work at the end of the queue, as one transaction. Takes @data. */
void
store_database_run (StoreDatabase *self,
                    StoreDatabaseWork work,
                    gpointer data,
                    GDestroyNotify destroy,
                    GObject *owner,
                    StoreDatabaseDone done)
{
  GTask *task = g_task_new (NULL, NULL, on_task_done, NULL);
  Job *job = g_new0 (Job, 1);

  job->work = work;
  job->data = data;
  job->destroy = destroy;
  job->done = done;
  g_weak_ref_init (&job->database, self);
  g_weak_ref_init (&job->owner, owner);
  g_task_set_source_tag (task, store_database_run);
  g_task_set_task_data (task, job, (GDestroyNotify)job_free);
  if (self->thread != NULL) {
    g_thread_pool_push (self->thread, task, NULL);
    return;
  }
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "The file is closed");
  g_object_unref (task);
}

/* What the main context reads through, borrowed, or NULL if there is nothing to read. */
sqlite3 *
store_database_get_reader (StoreDatabase *self)
{
  if (self->reader == NULL && self->writer.path != NULL &&
      sqlite3_open_v2 (self->writer.path, &self->reader, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
    g_clear_pointer (&self->reader, sqlite3_close);
  return self->reader;
}

const char *
store_database_get_trouble (StoreDatabase *self)
{
  return self->trouble;
}

/* Waits until all that was to be written is written. */
void
store_database_close (StoreDatabase *self)
{
  GThreadPool *thread = g_steal_pointer (&self->thread);

  if (thread != NULL)
    g_thread_pool_free (thread, FALSE, TRUE);
  g_clear_pointer (&self->reader, sqlite3_close_v2);
  g_clear_pointer (&self->writer.connection, sqlite3_close);
}

gboolean
store_database_execute (sqlite3 *connection, const char *sql, GError **error)
{
  if (sqlite3_exec (connection, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  set_error (connection, error);
  return FALSE;
}

sqlite3_stmt *
store_database_prepare (sqlite3 *connection, const char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (connection, sql, -1, &statement, NULL) != SQLITE_OK)
    set_error (connection, error);
  return statement;
}

/* Returns TRUE with a row at hand, FALSE at the end, and FALSE with @error set in trouble. */
gboolean
store_database_step (sqlite3_stmt *statement, GError **error)
{
  int code = sqlite3_step (statement);

  if (code != SQLITE_ROW && code != SQLITE_DONE)
    set_error (sqlite3_db_handle (statement), error);
  return code == SQLITE_ROW;
}

/* Runs a statement that gives no rows, and makes it ready for the next values. */
gboolean
store_database_finish (sqlite3_stmt *statement, GError **error)
{
  gboolean is_done = sqlite3_step (statement) == SQLITE_DONE;

  if (!is_done)
    set_error (sqlite3_db_handle (statement), error);
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return is_done;
}

/* Binds @text, which must live until the statement ran. */
void
store_database_bind_text (sqlite3_stmt *statement, int index, const char *text)
{
  if (text != NULL)
    sqlite3_bind_text (statement, index, text, -1, SQLITE_STATIC);
  else
    sqlite3_bind_null (statement, index);
}
