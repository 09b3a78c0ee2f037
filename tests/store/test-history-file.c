/* test-history-file.c - what is remembered outlives the program, and a file that is not what it was
 */

#include "history.h"

#include <glib/gstdio.h>
#include <libglib-testing/signal-logger.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define N_MANY 10000

/* A process is killed in the middle of a call: the row lies there. */
static void
test_crash (Folder *folder, gconstpointer data)
{
  g_autoptr (GSubprocess) child = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *line = NULL;

  child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "--crash",
                            folder->path, NULL);
  g_assert_no_error (error);

  g_autoptr (GDataInputStream) out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));

  line = g_data_input_stream_read_line (out, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (line, ==, "in a call");
  g_subprocess_send_signal (child, SIGKILL);
  g_assert_true (g_subprocess_wait (child, NULL, &error));
  g_assert_true (g_subprocess_get_if_signaled (child));

  StoreHistory *history = history_open (folder);
  g_autoptr (StoreRecord) record = g_list_model_get_item (G_LIST_MODEL (history), 0);

  history_assert_list (history, "sip:crash@example.org ");
  g_assert_cmpint (store_record_get_outcome (record), ==, STORE_OUTCOME_INTERRUPTED);
  g_assert_nonnull (store_record_get_answered (record));
  g_assert_null (store_record_get_ended (record));
  g_assert_finalize_object (history);
  g_assert_cmpuint (folder->n_troubles, ==, 0);
}

static void G_GNUC_NORETURN
crash_in_a_call (const char *path)
{
  Folder folder = {.path = (char *)path, .changes = g_string_new (NULL)};
  StoreHistory *history = history_open (&folder);
  g_autoptr (StoreRecord) record = history_make_record ("sip:crash@example.org", 0);

  store_history_add (history, record);
  store_record_set_answered (record, store_record_get_started (record));
  store_history_update (history, record);
  while (folder_query (&folder, "SELECT count(*) FROM call WHERE answered IS NOT NULL") == 0)
    g_thread_yield ();
  g_print ("in a call\n");
  for (;;)
    pause ();
}

/* What stands in the file before it is opened, and whether it is damage. */
typedef struct {
  const char *name;
  const char *content; /* NULL: a true file whose middle is overwritten */
  gboolean is_damaged;
} Damage;

static const Damage damages[] = {
    {"/history-file/damage/empty", "", FALSE},
    {"/history-file/damage/words", "This is not a database, though it is long enough to be one.",
     TRUE},
    {"/history-file/damage/start", "SQLite format 3", TRUE},
    {"/history-file/damage/middle", NULL, TRUE},
};

static void
overwrite_middle (Folder *folder)
{
  g_autofree char *content = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (folder->path, &content, &length, NULL));
  g_assert_cmpuint (length, >, 100000);
  memset (content + 8192, 0xa5, length - 16384);
  g_assert_true (g_file_set_contents (folder->path, content, length, NULL));
}

static void
test_damage (Folder *folder, gconstpointer data)
{
  const Damage *damage = data;
  StoreHistory *history;
  g_autoptr (StoreRecord) record = history_make_record ("sip:a@x", 0);

  if (damage->content != NULL) {
    g_assert_true (g_file_set_contents (folder->path, damage->content, -1, NULL));
  } else {
    history = history_open (folder);
    g_assert_finalize_object (history);
    folder_fill_calls (folder, N_MANY, 1000);
    overwrite_middle (folder);
  }
  history = history_open (folder);
  g_assert_cmpuint (folder->n_troubles, ==, damage->is_damaged ? 1 : 0);
  g_assert_cmpuint (folder_count (folder, ".damaged-"), ==, damage->is_damaged ? 1 : 0);
  g_assert_true ((store_history_get_trouble (history) != NULL) == damage->is_damaged);
  history_assert_list (history, "");
  store_history_add (history, record);
  g_assert_finalize_object (history);

  history = history_open (folder);
  history_assert_list (history, "sip:a@x ");
  g_assert_null (store_history_get_trouble (history));
  g_assert_finalize_object (history);
  g_assert_cmpuint (folder->n_troubles, ==, damage->is_damaged ? 1 : 0);
}

/* The file is spoiled under an open history: the list goes on with what it had read. */
static void
test_spoiled (Folder *folder, gconstpointer data)
{
  StoreHistory *history = history_open (folder);
  g_autoptr (StoreRecord) a = history_make_record ("sip:a@x", 0),
                          b = history_make_record ("sip:b@x", 10);

  g_assert_finalize_object (history);
  folder_fill_calls (folder, N_MANY, 1000);
  history = history_open (folder);
  store_history_add (history, a);
  wait_until (folder_query (folder, "SELECT count(*) FROM call") == N_MANY + 1);
  folder_query (folder, "PRAGMA wal_checkpoint(TRUNCATE)");

  FILE *file = g_fopen (folder->path, "r+");
  char rubbish[4096];

  memset (rubbish, 0xa5, sizeof rubbish);
  for (guint i = 0; i < 100; i++)
    g_assert_cmpuint (fwrite (rubbish, sizeof rubbish, 1, file), ==, 1);
  fclose (file);

  store_history_add (history, b);
  wait_until (folder->n_troubles > 0);
  history_assert_list (history, "sip:b@x sip:a@x ");
  g_assert_finalize_object (history);
  g_assert_cmpuint (folder_count (folder, ".damaged-"), >=, 1);

  history = history_open (folder);
  history_assert_list (history, "sip:b@x sip:a@x ");
  g_assert_finalize_object (history);
  g_assert_cmpuint (folder->n_troubles, ==, 1);
}

/* The disk is full in the middle of a call, and has room again later. */
static void
test_full (Folder *folder, gconstpointer data)
{
  StoreHistory *history = history_open (folder);
  g_autoptr (StoreRecord) a = history_make_record ("sip:a@x", 0),
                          b = history_make_record ("sip:b@x", 10),
                          c = history_make_record ("sip:c@x", 20),
                          d = history_make_record ("sip:d@x", 30);

  store_history_add (history, a);
  wait_until (folder_query (folder, "SELECT count(*) FROM call") == 1);
  folder_limit (folder, TRUE);
  store_history_add (history, b);
  store_history_add (history, c);
  wait_until (folder->n_troubles > 0);
  history_end (b, STORE_OUTCOME_DECLINED);
  store_history_update (history, b);
  store_history_remove (history, c);
  history_assert_list (history, "sip:b@x sip:a@x ");
  folder_limit (folder, FALSE);
  store_history_add (history, d);
  wait_until (folder_query (folder, "SELECT count(*) FROM call WHERE outcome = 3") == 1);
  g_assert_finalize_object (history);
  g_assert_cmpuint (folder->n_troubles, ==, 1);

  history = history_open (folder);
  history_assert_list (history, "sip:d@x sip:b@x sip:a@x ");
  g_assert_finalize_object (history);
}

/* There is no place for the file at all: the calls are in the list while the program runs. */
static void
test_nowhere (Folder *folder, gconstpointer data)
{
  g_autofree char *path = g_build_filename ("/dev/null", "remembered.db", NULL);
  StoreHistory *history = store_history_new (path);
  g_autoptr (StoreRecord) a = history_make_record ("sip:a@x", 0);

  folder_watch (folder, history);
  store_history_add (history, a);
  wait_until (store_history_get_loaded (history));
  history_assert_list (history, "sip:a@x ");
  g_assert_cmpuint (folder->n_troubles, ==, 1);
  g_assert_nonnull (store_history_get_trouble (history));
  g_assert_true (store_history_find (history, store_record_get_id (a)) == a);
  g_assert_finalize_object (history);
}

/* A file of a later release is not touched. */
static void
test_later_release (Folder *folder, gconstpointer data)
{
  StoreHistory *history;

  folder_execute (folder, "PRAGMA user_version = 99; CREATE TABLE future (x)");
  history = history_open (folder);
  g_assert_cmpuint (folder->n_troubles, ==, 1);
  g_assert_finalize_object (history);
  g_assert_cmpuint (folder_count (folder, ".damaged-"), ==, 0);
  g_assert_cmpint (folder_query (folder, "SELECT count(*) FROM future"), ==, 0);
  g_assert_cmpint (folder_query (folder, "PRAGMA user_version"), ==, 99);
}

/* Nobody else on the computer reads with whom one spoke. */
static void
test_private (Folder *folder, gconstpointer data)
{
  StoreHistory *history = history_open (folder);
  g_autoptr (StoreRecord) a = history_make_record ("sip:a@x", 0);
  g_autofree char *log = g_strconcat (folder->path, "-wal", NULL);
  GStatBuf file;

  store_history_add (history, a);
  wait_until (folder_query (folder, "SELECT count(*) FROM call") == 1);
  g_assert_cmpint (g_stat (folder->path, &file), ==, 0);
  g_assert_cmpint (file.st_mode & 0077, ==, 0);
  g_assert_cmpint (g_stat (log, &file), ==, 0);
  g_assert_cmpint (file.st_mode & 0077, ==, 0);
  g_assert_finalize_object (history);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && strcmp (argv[1], "--crash") == 0)
    crash_in_a_call (argv[2]);

  g_test_init (&argc, &argv, NULL);
  history_add_test ("/history-file/crash", NULL, test_crash);
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    history_add_test (damages[i].name, &damages[i], test_damage);
  history_add_test ("/history-file/spoiled", NULL, test_spoiled);
  history_add_test ("/history-file/full", NULL, test_full);
  history_add_test ("/history-file/nowhere", NULL, test_nowhere);
  history_add_test ("/history-file/later-release", NULL, test_later_release);
  history_add_test ("/history-file/private", NULL, test_private);
  return g_test_run ();
}
