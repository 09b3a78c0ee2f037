/* history.c - a history of a test, and what stands in it */

#include "history.h"

StoreHistory *
history_open (Folder *folder)
{
  StoreHistory *history = store_history_new (folder->path);

  folder_watch (folder, history);
  g_assert_false (store_history_get_loaded (history));
  wait_until (store_history_get_loaded (history));
  return history;
}

/* A call that began so many seconds after the first of January 2021. */
StoreRecord *
history_make_record (const char *address, gint64 seconds)
{
  g_autoptr (GDateTime) started = g_date_time_new_from_unix_utc (1609459200 + seconds);

  return store_record_new (address, "Anna", "account-1", TRUE, started);
}

void
history_end (StoreRecord *record, StoreOutcome outcome)
{
  g_autoptr (GDateTime) ended = g_date_time_add_seconds (store_record_get_started (record), 90);

  store_record_set_ended (record, ended, outcome);
}

void
history_assert_changes (Folder *folder, const char *expected)
{
  g_autofree char *changes = folder_take_changes (folder);

  g_assert_cmpstr (changes, ==, expected);
}

/* The addresses in the list, in its order. */
char *
history_dup_list (StoreHistory *history)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (history)); i++) {
    g_autoptr (StoreRecord) record = g_list_model_get_item (G_LIST_MODEL (history), i);

    g_string_append_printf (text, "%s ", store_record_get_address (record));
  }
  return g_string_free (text, FALSE);
}

void
history_assert_list (StoreHistory *history, const char *expected)
{
  g_autofree char *printed = history_dup_list (history);

  g_assert_cmpstr (printed, ==, expected);
}

void
history_add_test (const char *name, gconstpointer data, void (*test) (Folder *, gconstpointer))
{
  g_test_add (name, Folder, data, folder_set_up, test, folder_tear_down);
}
