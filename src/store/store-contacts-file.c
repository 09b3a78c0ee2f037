/* store-contacts-file.c - what the writer's thread does for the contacts
 *
 * Down: store_database_run() -> one of these, in the thread, with plain memory only
 */

#include "store-contacts-private.h"

const char store_contacts_schema[] =
    "CREATE TABLE IF NOT EXISTS contact (id TEXT PRIMARY KEY, name TEXT NOT NULL,"
    " favourite INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS contact_address (contact TEXT NOT NULL, position INTEGER NOT NULL,"
    " address TEXT NOT NULL, label TEXT NOT NULL, PRIMARY KEY (contact, position)) WITHOUT ROWID;";

static int
compare_people (gconstpointer a, gconstpointer b)
{
  return store_person_compare (*(StorePerson *const *)a, *(StorePerson *const *)b);
}

/* Makes a person of the row at hand and of the rows of its addresses. */
static StorePerson *
read_person (sqlite3_stmt *contact, sqlite3_stmt *addresses, GError **error)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  const char *id = (const char *)sqlite3_column_text (contact, 0);
  g_autoptr (GError) trouble = NULL;

  store_database_bind_text (addresses, 1, id);
  while (store_database_step (addresses, &trouble)) {
    g_ptr_array_add (texts, g_strdup ((const char *)sqlite3_column_text (addresses, 0)));
    g_ptr_array_add (labels, g_strdup ((const char *)sqlite3_column_text (addresses, 1)));
  }
  sqlite3_reset (addresses);
  if (trouble != NULL) {
    g_propagate_error (error, g_steal_pointer (&trouble));
    return NULL;
  }
  g_ptr_array_add (texts, NULL);
  g_ptr_array_add (labels, NULL);
  return store_person_new (id, (const char *)sqlite3_column_text (contact, 1),
                           sqlite3_column_int (contact, 2) != 0, (const char *const *)texts->pdata,
                           (const char *const *)labels->pdata, NULL);
}

/* Fills @data, an array of StorePerson, in the order of the list. */
gboolean
store_contacts_load (sqlite3 *connection, gpointer data, GError **error)
{
  GPtrArray *people = data;
  g_autoptr (StoreStatement) contact =
      store_database_prepare (connection, "SELECT id, name, favourite FROM contact", error);
  g_autoptr (StoreStatement) addresses =
      contact != NULL ? store_database_prepare (connection,
                                                "SELECT address, label FROM contact_address"
                                                " WHERE contact = ? ORDER BY position",
                                                error)
                      : NULL;
  g_autoptr (GError) trouble = NULL;

  g_ptr_array_set_size (people, 0);
  if (addresses == NULL)
    return FALSE;
  while (trouble == NULL && store_database_step (contact, &trouble)) {
    StorePerson *person = read_person (contact, addresses, &trouble);

    if (person != NULL)
      g_ptr_array_add (people, person);
  }
  if (trouble != NULL) {
    g_propagate_error (error, g_steal_pointer (&trouble));
    return FALSE;
  }
  g_ptr_array_sort (people, compare_people);
  return TRUE;
}

static gboolean
delete_person (sqlite3 *connection, const char *id, GError **error)
{
  static const char *const sql[] = {"DELETE FROM contact_address WHERE contact = ?",
                                    "DELETE FROM contact WHERE id = ?"};

  for (guint i = 0; i < G_N_ELEMENTS (sql); i++) {
    g_autoptr (StoreStatement) statement = store_database_prepare (connection, sql[i], error);

    if (statement == NULL)
      return FALSE;
    store_database_bind_text (statement, 1, id);
    if (!store_database_finish (statement, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
write_addresses (sqlite3_stmt *statement, const StorePerson *person, GError **error)
{
  for (guint i = 0; person->addresses[i] != NULL; i++) {
    store_database_bind_text (statement, 1, person->id);
    sqlite3_bind_int (statement, 2, i);
    store_database_bind_text (statement, 3, person->addresses[i]);
    store_database_bind_text (statement, 4, person->labels[i]);
    if (!store_database_finish (statement, error))
      return FALSE;
  }
  return TRUE;
}

/* Writes each StorePerson of @data, an array, over what was known of it. */
gboolean
store_contacts_write (sqlite3 *connection, gpointer data, GError **error)
{
  GPtrArray *people = data;
  g_autoptr (StoreStatement) contact = store_database_prepare (
      connection, "INSERT INTO contact (id, name, favourite) VALUES (?, ?, ?)", error);
  g_autoptr (StoreStatement) addresses =
      contact != NULL ? store_database_prepare (
                            connection,
                            "INSERT INTO contact_address (contact, position, address, label)"
                            " VALUES (?, ?, ?, ?)",
                            error)
                      : NULL;

  for (guint i = 0; addresses != NULL && i < people->len; i++) {
    StorePerson *person = people->pdata[i];

    if (!delete_person (connection, person->id, error))
      return FALSE;
    store_database_bind_text (contact, 1, person->id);
    store_database_bind_text (contact, 2, person->name);
    sqlite3_bind_int (contact, 3, person->favourite);
    if (!store_database_finish (contact, error) || !write_addresses (addresses, person, error))
      return FALSE;
  }
  return addresses != NULL;
}

/* The file shall hold the people of @data and nobody else. */
gboolean
store_contacts_write_all (sqlite3 *connection, gpointer data, GError **error)
{
  return store_database_execute (connection, "DELETE FROM contact", error) &&
         store_database_execute (connection, "DELETE FROM contact_address", error) &&
         store_contacts_write (connection, data, error);
}

/* @data: the identifier */
gboolean
store_contacts_delete (sqlite3 *connection, gpointer data, GError **error)
{
  return delete_person (connection, data, error);
}
