/* test-history.c - calls are remembered, whatever happens to the program and to the file */

#include "folder.h"
#include "store-history.h"

#include <glib/gstdio.h>
#include <libglib-testing/signal-logger.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define N_MANY 10000

static StoreHistory *
open_history (Folder *folder)
{
  StoreHistory *history = store_history_new (folder->path);

  folder_watch (folder, history);
  g_assert_false (store_history_get_loaded (history));
  wait_until (store_history_get_loaded (history));
  return history;
}

/* A call that began so many seconds after the first of January 2021. */
static StoreRecord *
make_record (const char *address, gint64 seconds)
{
  g_autoptr (GDateTime) started = g_date_time_new_from_unix_utc (1609459200 + seconds);

  return store_record_new (address, "Anna", "account-1", TRUE, started);
}

static void
end (StoreRecord *record, StoreOutcome outcome)
{
  g_autoptr (GDateTime) ended = g_date_time_add_seconds (store_record_get_started (record), 90);

  store_record_set_ended (record, ended, outcome);
}

static void
assert_changes (Folder *folder, const char *expected)
{
  g_autofree char *changes = folder_take_changes (folder);

  g_assert_cmpstr (changes, ==, expected);
}

/* The addresses in the list, in its order. */
static char *
print_list (StoreHistory *history)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (history)); i++) {
    g_autoptr (StoreRecord) record = g_list_model_get_item (G_LIST_MODEL (history), i);

    g_string_append_printf (text, "%s ", store_record_get_address (record));
  }
  return g_string_free (text, FALSE);
}

static void
assert_list (StoreHistory *history, const char *expected)
{
  g_autofree char *printed = print_list (history);

  g_assert_cmpstr (printed, ==, expected);
}

static void
test_record (Folder *folder, gconstpointer data)
{
  g_autoptr (StoreRecord) record = make_record ("sip:anna@example.org", 0);
  g_autoptr (GtSignalLogger) logger = gt_signal_logger_new ();
  g_autoptr (GDateTime) answered = g_date_time_new_from_unix_utc (1609459210);
  const char *const watched[] = {"notify::name", "notify::answered", "notify::ended",
                                 "notify::outcome"};

  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    gt_signal_logger_connect (logger, record, watched[i]);
  store_record_set_name (record, "Anna");
  gt_signal_logger_assert_no_emissions (logger);
  store_record_set_name (record, "Ben");
  gt_signal_logger_assert_notify_emission_pop (logger, record, "name");
  store_record_set_answered (record, answered);
  gt_signal_logger_assert_notify_emission_pop (logger, record, "answered");
  g_assert_cmpint (store_record_get_outcome (record), ==, STORE_OUTCOME_ONGOING);
  end (record, STORE_OUTCOME_ANSWERED);
  gt_signal_logger_assert_notify_emission_pop (logger, record, "ended");
  gt_signal_logger_assert_notify_emission_pop (logger, record, "outcome");
  gt_signal_logger_assert_no_emissions (logger);
}

/* Every value comes back from the file, and through the properties. */
static void
test_values (Folder *folder, gconstpointer data)
{
  StoreHistory *history = open_history (folder);
  g_autoptr (StoreRecord) record = make_record ("sip:anna@example.org;transport=tcp", 0);
  g_autoptr (GDateTime) answered = g_date_time_new_utc (2021, 1, 1, 0, 0, 10.25);
  gint64 id;

  store_history_add (history, record);
  store_record_set_answered (record, answered);
  store_history_update (history, record);
  end (record, STORE_OUTCOME_ANSWERED);
  store_history_update (history, record);
  id = store_record_get_id (record);
  g_assert_cmpint (id, >, 0);
  g_assert_finalize_object (history);

  history = open_history (folder);

  StoreRecord *read = store_history_find (history, id);
  g_autofree char *address = NULL, *name = NULL, *account = NULL;
  g_autoptr (GDateTime) started = NULL, read_answered = NULL, ended = NULL;
  gboolean outgoing = FALSE;
  gint64 read_id = 0;
  StoreOutcome outcome = STORE_OUTCOME_ONGOING;

  g_assert_nonnull (read);
  g_object_get (read, "id", &read_id, "address", &address, "name", &name, "account", &account,
                "outgoing", &outgoing, "started", &started, "answered", &read_answered, "ended",
                &ended, "outcome", &outcome, NULL);
  g_assert_cmpint (read_id, ==, id);
  g_assert_cmpstr (address, ==, "sip:anna@example.org;transport=tcp");
  g_assert_cmpstr (name, ==, "Anna");
  g_assert_cmpstr (account, ==, "account-1");
  g_assert_true (outgoing);
  g_assert_true (g_date_time_equal (started, store_record_get_started (record)));
  g_assert_true (g_date_time_equal (read_answered, answered));
  g_assert_true (g_date_time_equal (ended, store_record_get_ended (record)));
  g_assert_cmpint (outcome, ==, STORE_OUTCOME_ANSWERED);
  g_assert_null (store_history_find (history, id + 1));
  g_assert_finalize_object (history);
}

static void
test_order (Folder *folder, gconstpointer data)
{
  StoreHistory *history = open_history (folder);
  g_autoptr (StoreRecord) a = make_record ("sip:a@x", 10), b = make_record ("sip:b@x", 30),
                          c = make_record ("sip:c@x", 20), d = make_record ("sip:d@x", 20);

  assert_changes (folder, "");
  store_history_add (history, a);
  store_history_add (history, b);
  store_history_add (history, c);
  store_history_add (history, d);
  assert_changes (folder, "0-0+1 0-0+1 1-0+1 1-0+1 ");
  assert_list (history, "sip:b@x sip:d@x sip:c@x sip:a@x ");
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (history)) == STORE_TYPE_RECORD);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (history), 4));

  store_history_update (history, c);
  assert_changes (folder, "2-1+1 ");
  store_history_remove (history, c);
  assert_changes (folder, "2-1+0 ");
  store_history_remove (history, c);
  store_history_update (history, c);
  assert_changes (folder, "");
  g_assert_finalize_object (history);

  history = open_history (folder);
  assert_changes (folder, "0-0+3 ");
  assert_list (history, "sip:b@x sip:d@x sip:a@x ");
  store_history_add (history, c); /* the removal is undone, a start later */
  assert_changes (folder, "2-0+1 ");
  store_history_add (history, c);
  assert_changes (folder, "2-1+1 ");
  store_history_close (history);
  assert_list (history, "sip:b@x sip:d@x sip:c@x sip:a@x ");
  g_assert_cmpint (folder_query (folder, "SELECT count(*) FROM call"), ==, 4);
  g_assert_cmpuint (folder->n_troubles, ==, 0);

  /* What comes after the end is in the list only, and said to be. */
  g_autoptr (StoreRecord) late = make_record ("sip:late@x", 40);

  store_history_add (history, late);
  assert_list (history, "sip:late@x sip:b@x sip:d@x sip:c@x sip:a@x ");
  wait_until (folder->n_troubles == 1);
  g_assert_finalize_object (history);
  g_assert_cmpint (folder_query (folder, "SELECT count(*) FROM call"), ==, 4);
}

static void
test_clear (Folder *folder, gconstpointer data)
{
  StoreHistory *history = open_history (folder);
  g_autoptr (StoreRecord) a = make_record ("sip:a@x", 10), b = make_record ("sip:b@x", 30);

  store_history_add (history, a);
  end (a, STORE_OUTCOME_BUSY);
  store_history_update (history, a);
  store_history_add (history, b);
  g_free (folder_take_changes (folder));
  store_history_clear (history);
  assert_changes (folder, "0-2+1 ");
  assert_list (history, "sip:b@x ");
  end (b, STORE_OUTCOME_ANSWERED);
  store_history_update (history, b);
  g_assert_finalize_object (history);
  g_assert_cmpint (folder_query (folder, "SELECT count(*) FROM call WHERE outcome = 1"), ==, 1);
  g_assert_cmpint (folder_query (folder, "SELECT count(*) FROM call"), ==, 1);

  /* Before the file was read. */
  history = store_history_new (folder->path);
  store_history_clear (history);
  wait_until (store_history_get_loaded (history));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (history)), ==, 0);
  g_assert_finalize_object (history);
  g_assert_cmpint (folder_query (folder, "SELECT count(*) FROM call"), ==, 0);
}

/* A call comes while the file is still being read. */
static void
test_early (Folder *folder, gconstpointer data)
{
  StoreHistory *history = open_history (folder);
  g_autoptr (StoreRecord) a = make_record ("sip:a@x", 10), b = make_record ("sip:b@x", 30),
                          c = make_record ("sip:c@x", 20);

  store_history_add (history, a);
  store_history_add (history, b);
  g_assert_finalize_object (history);

  history = store_history_new (folder->path);
  store_history_add (history, c);
  assert_list (history, "sip:c@x ");
  folder_watch (folder, history);
  g_free (folder_take_changes (folder));
  wait_until (store_history_get_loaded (history));
  assert_changes (folder, "0-1+3 ");
  assert_list (history, "sip:b@x sip:c@x sip:a@x ");
  g_assert_finalize_object (history);
  g_assert_cmpint (folder_query (folder, "SELECT count(*) FROM call"), ==, 3);
}

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

  StoreHistory *history = open_history (folder);
  g_autoptr (StoreRecord) record = g_list_model_get_item (G_LIST_MODEL (history), 0);

  assert_list (history, "sip:crash@example.org ");
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
  StoreHistory *history = open_history (&folder);
  g_autoptr (StoreRecord) record = make_record ("sip:crash@example.org", 0);

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
    {"/history/damage/empty", "", FALSE},
    {"/history/damage/words", "This is not a database, though it is long enough to be one.", TRUE},
    {"/history/damage/start", "SQLite format 3", TRUE},
    {"/history/damage/middle", NULL, TRUE},
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
  g_autoptr (StoreRecord) record = make_record ("sip:a@x", 0);

  if (damage->content != NULL) {
    g_assert_true (g_file_set_contents (folder->path, damage->content, -1, NULL));
  } else {
    history = open_history (folder);
    g_assert_finalize_object (history);
    folder_fill_calls (folder, N_MANY, 1000);
    overwrite_middle (folder);
  }
  history = open_history (folder);
  g_assert_cmpuint (folder->n_troubles, ==, damage->is_damaged ? 1 : 0);
  g_assert_cmpuint (folder_count (folder, ".damaged-"), ==, damage->is_damaged ? 1 : 0);
  g_assert_true ((store_history_get_trouble (history) != NULL) == damage->is_damaged);
  assert_list (history, "");
  store_history_add (history, record);
  g_assert_finalize_object (history);

  history = open_history (folder);
  assert_list (history, "sip:a@x ");
  g_assert_null (store_history_get_trouble (history));
  g_assert_finalize_object (history);
  g_assert_cmpuint (folder->n_troubles, ==, damage->is_damaged ? 1 : 0);
}

/* The file is spoiled under an open history: the list goes on with what it had read. */
static void
test_spoiled (Folder *folder, gconstpointer data)
{
  StoreHistory *history = open_history (folder);
  g_autoptr (StoreRecord) a = make_record ("sip:a@x", 0), b = make_record ("sip:b@x", 10);

  g_assert_finalize_object (history);
  folder_fill_calls (folder, N_MANY, 1000);
  history = open_history (folder);
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
  assert_list (history, "sip:b@x sip:a@x ");
  g_assert_finalize_object (history);
  g_assert_cmpuint (folder_count (folder, ".damaged-"), >=, 1);

  history = open_history (folder);
  assert_list (history, "sip:b@x sip:a@x ");
  g_assert_finalize_object (history);
  g_assert_cmpuint (folder->n_troubles, ==, 1);
}

/* The disk is full in the middle of a call, and has room again later. */
static void
test_full (Folder *folder, gconstpointer data)
{
  StoreHistory *history = open_history (folder);
  g_autoptr (StoreRecord) a = make_record ("sip:a@x", 0), b = make_record ("sip:b@x", 10),
                          c = make_record ("sip:c@x", 20), d = make_record ("sip:d@x", 30);

  store_history_add (history, a);
  wait_until (folder_query (folder, "SELECT count(*) FROM call") == 1);
  folder_limit (folder, TRUE);
  store_history_add (history, b);
  store_history_add (history, c);
  wait_until (folder->n_troubles > 0);
  end (b, STORE_OUTCOME_DECLINED);
  store_history_update (history, b);
  store_history_remove (history, c);
  assert_list (history, "sip:b@x sip:a@x ");
  folder_limit (folder, FALSE);
  store_history_add (history, d);
  wait_until (folder_query (folder, "SELECT count(*) FROM call WHERE outcome = 3") == 1);
  g_assert_finalize_object (history);
  g_assert_cmpuint (folder->n_troubles, ==, 1);

  history = open_history (folder);
  assert_list (history, "sip:d@x sip:b@x sip:a@x ");
  g_assert_finalize_object (history);
}

/* There is no place for the file at all: the calls are in the list while the program runs. */
static void
test_nowhere (Folder *folder, gconstpointer data)
{
  g_autofree char *path = g_build_filename ("/dev/null", "remembered.db", NULL);
  StoreHistory *history = store_history_new (path);
  g_autoptr (StoreRecord) a = make_record ("sip:a@x", 0);

  folder_watch (folder, history);
  store_history_add (history, a);
  wait_until (store_history_get_loaded (history));
  assert_list (history, "sip:a@x ");
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
  history = open_history (folder);
  g_assert_cmpuint (folder->n_troubles, ==, 1);
  g_assert_finalize_object (history);
  g_assert_cmpuint (folder_count (folder, ".damaged-"), ==, 0);
  g_assert_cmpint (folder_query (folder, "SELECT count(*) FROM future"), ==, 0);
  g_assert_cmpint (folder_query (folder, "PRAGMA user_version"), ==, 99);
}

/* No look at ten thousand calls makes ten thousand objects. */
static void
test_many (Folder *folder, gconstpointer data)
{
  StoreHistory *history = open_history (folder);

  g_assert_finalize_object (history);
  folder_fill_calls (folder, N_MANY, 1000);
  history = open_history (folder);
  assert_changes (folder, "0-0+10000 ");

  g_autoptr (StoreRecord) first = g_list_model_get_item (G_LIST_MODEL (history), 0);
  g_autoptr (StoreRecord) last = g_list_model_get_item (G_LIST_MODEL (history), N_MANY - 1);
  g_autoptr (StoreRecord) again = g_list_model_get_item (G_LIST_MODEL (history), N_MANY - 1);

  g_assert_cmpint (store_record_get_id (first), ==, N_MANY);
  g_assert_cmpint (store_record_get_id (last), ==, 1);
  g_assert_true (last == again);

  /* A place that was not read yet comes out of the file as it is now: nobody read it before. */
  folder_execute (folder, "UPDATE call SET name = 'Somebody else'");

  g_autoptr (StoreRecord) near = g_list_model_get_item (G_LIST_MODEL (history), 1);
  g_autoptr (StoreRecord) far = g_list_model_get_item (G_LIST_MODEL (history), N_MANY / 2);

  g_assert_cmpstr (store_record_get_name (near), !=, "Somebody else");
  g_assert_cmpstr (store_record_get_name (far), ==, "Somebody else");
  store_history_remove (history, far);
  g_free (folder_take_changes (folder));

  for (guint i = 0; i < N_MANY - 1; i++) {
    g_autoptr (StoreRecord) record = g_list_model_get_item (G_LIST_MODEL (history), i);

    g_assert_cmpint (store_record_get_id (record), ==,
                     i < N_MANY / 2 ? N_MANY - i : N_MANY - i - 1);
  }
  assert_changes (folder, "");
  g_assert_finalize_object (history);
}

/* Words of the other side, and of whoever wrote the file. */
static void
test_hostile (Folder *folder, gconstpointer data)
{
  StoreHistory *history = open_history (folder);
  g_autofree char *long_name = g_strnfill (10000, 'x');
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (StoreRecord) a =
      store_record_new ("sip:'); DROP TABLE call; --@x", long_name, NULL, FALSE, now);
  g_autoptr (StoreRecord) b =
      store_record_new (long_name, "\xe2\x80\xae<b>\r\nAnna\xff\t", "", FALSE, now);
  g_autoptr (StoreRecord) c = store_record_new ("", "\xe2\x80\x8b \n", NULL, FALSE, now);

  g_assert_cmpuint (strlen (store_record_get_name (a)), ==, 256);
  g_assert_cmpuint (strlen (store_record_get_address (b)), ==, 1024);
  g_assert_cmpstr (store_record_get_name (b), ==, "<b>  Anna\xef\xbf\xbd");
  g_assert_null (store_record_get_account (b));
  g_assert_null (store_record_get_name (c));
  g_assert_cmpstr (store_record_get_address (c), ==, "");
  store_history_add (history, a);
  store_history_add (history, b);
  store_history_add (history, c);
  g_assert_finalize_object (history);
  g_assert_cmpint (folder_query (folder, "SELECT count(*) FROM call"), ==, 3);

  folder_execute (folder, "UPDATE call SET started = 9223372036854775807, answered = -5,"
                          " ended = 'x', outcome = 77, address = x'00ff0a'");
  history = open_history (folder);
  for (guint i = 0; i < 3; i++) {
    g_autoptr (StoreRecord) record = g_list_model_get_item (G_LIST_MODEL (history), i);

    g_assert_nonnull (store_record_get_started (record));
    g_assert_null (store_record_get_answered (record));
    g_assert_null (store_record_get_ended (record));
    g_assert_cmpint (store_record_get_outcome (record), ==, STORE_OUTCOME_FAILED);
    g_assert_true (g_utf8_validate (store_record_get_address (record), -1, NULL));
    store_history_update (history, record);
  }
  g_assert_finalize_object (history);
  g_assert_cmpuint (folder->n_troubles, ==, 0);
}

/* Nobody else on the computer reads with whom one spoke. */
static void
test_private (Folder *folder, gconstpointer data)
{
  StoreHistory *history = open_history (folder);
  g_autoptr (StoreRecord) a = make_record ("sip:a@x", 0);
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

/* A history of no file is one all the same, and leaves nothing anywhere. */
static void
test_forgotten (Folder *folder, gconstpointer data)
{
  g_autofree char *here = g_get_current_dir ();
  g_autoptr (StoreRecord) record = make_record ("sip:a@example.org", 1);
  g_autoptr (GDir) after = NULL;
  g_autofree char *list = NULL;
  StoreHistory *history;

  g_assert_cmpint (g_chdir (folder->folder), ==, 0);
  history = store_history_new (NULL);
  store_history_add (history, record);
  wait_until (store_history_get_loaded (history));
  end (record, STORE_OUTCOME_BUSY);
  store_history_update (history, record);
  store_history_close (history);
  list = print_list (history);
  g_assert_cmpstr (list, ==, "sip:a@example.org ");
  g_assert_null (store_history_get_trouble (history));
  g_assert_finalize_object (history);
  after = g_dir_open (".", 0, NULL);
  g_assert_null (g_dir_read_name (after));
  g_assert_cmpint (g_chdir (here), ==, 0);
}

static void
add_test (const char *name, gconstpointer data, void (*test) (Folder *, gconstpointer))
{
  g_test_add (name, Folder, data, folder_set_up, test, folder_tear_down);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && strcmp (argv[1], "--crash") == 0)
    crash_in_a_call (argv[2]);

  g_test_init (&argc, &argv, NULL);
  add_test ("/history/record", NULL, test_record);
  add_test ("/history/values", NULL, test_values);
  add_test ("/history/order", NULL, test_order);
  add_test ("/history/clear", NULL, test_clear);
  add_test ("/history/early", NULL, test_early);
  add_test ("/history/crash", NULL, test_crash);
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    add_test (damages[i].name, &damages[i], test_damage);
  add_test ("/history/spoiled", NULL, test_spoiled);
  add_test ("/history/full", NULL, test_full);
  add_test ("/history/nowhere", NULL, test_nowhere);
  add_test ("/history/later-release", NULL, test_later_release);
  add_test ("/history/many", NULL, test_many);
  add_test ("/history/hostile", NULL, test_hostile);
  add_test ("/history/private", NULL, test_private);
  add_test ("/history/forgotten", NULL, test_forgotten);
  return g_test_run ();
}
