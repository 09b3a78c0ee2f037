/* test-history.c - calls are remembered, in their order and as they were */

#include "history.h"

#include <glib/gstdio.h>
#include <libglib-testing/signal-logger.h>
#include <string.h>

#define N_MANY 10000

static void
test_record (Folder *folder, gconstpointer data)
{
  g_autoptr (StoreRecord) record = history_make_record ("sip:anna@example.org", 0);
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
  history_end (record, STORE_OUTCOME_ANSWERED);
  gt_signal_logger_assert_notify_emission_pop (logger, record, "ended");
  gt_signal_logger_assert_notify_emission_pop (logger, record, "outcome");
  gt_signal_logger_assert_no_emissions (logger);
}

/* Every value comes back from the file, and through the properties. */
static void
test_values (Folder *folder, gconstpointer data)
{
  StoreHistory *history = history_open (folder);
  g_autoptr (StoreRecord) record = history_make_record ("sip:anna@example.org;transport=tcp", 0);
  g_autoptr (GDateTime) answered = g_date_time_new_utc (2021, 1, 1, 0, 0, 10.25);
  gint64 id;

  store_history_add (history, record);
  store_record_set_answered (record, answered);
  store_history_update (history, record);
  history_end (record, STORE_OUTCOME_ANSWERED);
  store_history_update (history, record);
  id = store_record_get_id (record);
  g_assert_cmpint (id, >, 0);
  g_assert_finalize_object (history);

  history = history_open (folder);

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
  StoreHistory *history = history_open (folder);
  g_autoptr (StoreRecord) a = history_make_record ("sip:a@x", 10),
                          b = history_make_record ("sip:b@x", 30),
                          c = history_make_record ("sip:c@x", 20),
                          d = history_make_record ("sip:d@x", 20);

  history_assert_changes (folder, "");
  store_history_add (history, a);
  store_history_add (history, b);
  store_history_add (history, c);
  store_history_add (history, d);
  history_assert_changes (folder, "0-0+1 0-0+1 1-0+1 1-0+1 ");
  history_assert_list (history, "sip:b@x sip:d@x sip:c@x sip:a@x ");
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (history)) == STORE_TYPE_RECORD);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (history), 4));

  store_history_update (history, c);
  history_assert_changes (folder, "2-1+1 ");
  store_history_remove (history, c);
  history_assert_changes (folder, "2-1+0 ");
  store_history_remove (history, c);
  store_history_update (history, c);
  history_assert_changes (folder, "");
  g_assert_finalize_object (history);

  history = history_open (folder);
  history_assert_changes (folder, "0-0+3 ");
  history_assert_list (history, "sip:b@x sip:d@x sip:a@x ");
  store_history_add (history, c); /* the removal is undone, a start later */
  history_assert_changes (folder, "2-0+1 ");
  store_history_add (history, c);
  history_assert_changes (folder, "2-1+1 ");
  store_history_close (history);
  history_assert_list (history, "sip:b@x sip:d@x sip:c@x sip:a@x ");
  g_assert_cmpint (folder_query (folder, "SELECT count(*) FROM call"), ==, 4);
  g_assert_cmpuint (folder->n_troubles, ==, 0);

  /* What comes after the end is in the list only, and said to be. */
  g_autoptr (StoreRecord) late = history_make_record ("sip:late@x", 40);

  store_history_add (history, late);
  history_assert_list (history, "sip:late@x sip:b@x sip:d@x sip:c@x sip:a@x ");
  wait_until (folder->n_troubles == 1);
  g_assert_finalize_object (history);
  g_assert_cmpint (folder_query (folder, "SELECT count(*) FROM call"), ==, 4);
}

static void
test_clear (Folder *folder, gconstpointer data)
{
  StoreHistory *history = history_open (folder);
  g_autoptr (StoreRecord) a = history_make_record ("sip:a@x", 10),
                          b = history_make_record ("sip:b@x", 30);

  store_history_add (history, a);
  history_end (a, STORE_OUTCOME_BUSY);
  store_history_update (history, a);
  store_history_add (history, b);
  g_free (folder_take_changes (folder));
  store_history_clear (history);
  history_assert_changes (folder, "0-2+1 ");
  history_assert_list (history, "sip:b@x ");
  history_end (b, STORE_OUTCOME_ANSWERED);
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
  StoreHistory *history = history_open (folder);
  g_autoptr (StoreRecord) a = history_make_record ("sip:a@x", 10),
                          b = history_make_record ("sip:b@x", 30),
                          c = history_make_record ("sip:c@x", 20);

  store_history_add (history, a);
  store_history_add (history, b);
  g_assert_finalize_object (history);

  history = store_history_new (folder->path);
  store_history_add (history, c);
  history_assert_list (history, "sip:c@x ");
  folder_watch (folder, history);
  g_free (folder_take_changes (folder));
  wait_until (store_history_get_loaded (history));
  history_assert_changes (folder, "0-1+3 ");
  history_assert_list (history, "sip:b@x sip:c@x sip:a@x ");
  g_assert_finalize_object (history);
  g_assert_cmpint (folder_query (folder, "SELECT count(*) FROM call"), ==, 3);
}

/* No look at ten thousand calls makes ten thousand objects. */
static void
test_many (Folder *folder, gconstpointer data)
{
  StoreHistory *history = history_open (folder);

  g_assert_finalize_object (history);
  folder_fill_calls (folder, N_MANY, 1000);
  history = history_open (folder);
  history_assert_changes (folder, "0-0+10000 ");

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
  history_assert_changes (folder, "");
  g_assert_finalize_object (history);
}

/* Words of the other side, and of whoever wrote the file. */
static void
test_hostile (Folder *folder, gconstpointer data)
{
  StoreHistory *history = history_open (folder);
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
  history = history_open (folder);
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

/* A history of no file is one all the same, and leaves nothing anywhere. */
static void
test_forgotten (Folder *folder, gconstpointer data)
{
  g_autofree char *here = g_get_current_dir ();
  g_autoptr (StoreRecord) record = history_make_record ("sip:a@example.org", 1);
  g_autoptr (GDir) after = NULL;
  g_autofree char *list = NULL;
  StoreHistory *history;

  g_assert_cmpint (g_chdir (folder->folder), ==, 0);
  history = store_history_new (NULL);
  store_history_add (history, record);
  wait_until (store_history_get_loaded (history));
  history_end (record, STORE_OUTCOME_BUSY);
  store_history_update (history, record);
  store_history_close (history);
  list = history_dup_list (history);
  g_assert_cmpstr (list, ==, "sip:a@example.org ");
  g_assert_null (store_history_get_trouble (history));
  g_assert_finalize_object (history);
  after = g_dir_open (".", 0, NULL);
  g_assert_null (g_dir_read_name (after));
  g_assert_cmpint (g_chdir (here), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  history_add_test ("/history/record", NULL, test_record);
  history_add_test ("/history/values", NULL, test_values);
  history_add_test ("/history/order", NULL, test_order);
  history_add_test ("/history/clear", NULL, test_clear);
  history_add_test ("/history/early", NULL, test_early);
  history_add_test ("/history/many", NULL, test_many);
  history_add_test ("/history/hostile", NULL, test_hostile);
  history_add_test ("/history/forgotten", NULL, test_forgotten);
  return g_test_run ();
}
