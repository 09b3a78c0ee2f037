/* test-contacts.c - people are remembered, found by how they are reached, and brought back */

#include "folder.h"
#include "store-contacts.h"
#include "store-error.h"

#include <string.h>

static StoreContacts *
open_contacts (Folder *folder)
{
  StoreContacts *contacts = store_contacts_new (folder->path);

  folder_watch (folder, contacts);
  g_assert_false (store_contacts_get_loaded (contacts));
  wait_until (store_contacts_get_loaded (contacts));
  return contacts;
}

/* @addresses: with a space between each and the next */
static StoreContact *
make_contact (const char *id, const char *name, const char *addresses)
{
  g_auto (GStrv) split = g_strsplit (addresses, " ", -1);
  const char *const labels[] = {"home", "work", NULL};
  g_autoptr (GError) error = NULL;
  StoreContact *contact =
      store_contact_new (id, name, FALSE, (const char *const *)split, labels, &error);

  g_assert_no_error (error);
  return contact;
}

static StoreContact *
save (StoreContacts *contacts, const char *name, const char *addresses)
{
  g_autoptr (StoreContact) contact = make_contact (NULL, name, addresses);

  store_contacts_save (contacts, contact);
  return store_contacts_get (contacts, store_contact_get_id (contact));
}

static void
assert_changes (Folder *folder, const char *expected)
{
  g_autofree char *changes = folder_take_changes (folder);

  g_assert_cmpstr (changes, ==, expected);
}

static void
assert_names (StoreContacts *contacts, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (contacts)); i++) {
    g_autoptr (StoreContact) contact = g_list_model_get_item (G_LIST_MODEL (contacts), i);

    g_string_append_printf (text, "%s ", store_contact_get_name (contact));
  }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

/* Returns how many are new, or -1 and an error. */
static int
import (StoreContacts *contacts, GFile *file, const char *cards, gsize length, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (cards, length);

  if (file != NULL)
    store_contacts_import_file_async (contacts, file, NULL, keep_result, &result);
  else
    store_contacts_import_vcards_async (contacts, bytes, NULL, keep_result, &result);
  wait_until (result != NULL);

  g_autoptr (GPtrArray) added = store_contacts_import_finish (contacts, result, error);

  return added != NULL ? (int)added->len : -1;
}

static void
test_values (Folder *folder, gconstpointer data)
{
  StoreContacts *contacts = open_contacts (folder);
  StoreContact *contact = save (contacts, "Anna", "sip:anna@example.org 030123456 1");
  g_autofree char *id = g_strdup (store_contact_get_id (contact)), *read_id = NULL, *name = NULL;
  g_autoptr (StoreContact) starred = store_contact_new_favourite (contact, TRUE);
  g_auto (GStrv) addresses = NULL, labels = NULL;
  gboolean favourite = FALSE;

  store_contacts_save (contacts, starred);
  g_assert_finalize_object (contacts);

  contacts = open_contacts (folder);
  contact = store_contacts_get (contacts, id);
  g_assert_nonnull (contact);
  g_object_get (contact, "id", &read_id, "name", &name, "favourite", &favourite, "addresses",
                &addresses, "labels", &labels, NULL);
  g_assert_cmpstr (read_id, ==, id);
  g_assert_cmpstr (name, ==, "Anna");
  g_assert_true (favourite);
  g_assert_cmpuint (g_strv_length (addresses), ==, 3);
  g_assert_cmpstr (addresses[0], ==, "sip:anna@example.org");
  g_assert_cmpstr (addresses[2], ==, "1");
  g_assert_cmpuint (g_strv_length (labels), ==, 3);
  g_assert_cmpstr (labels[0], ==, "home");
  g_assert_cmpstr (labels[1], ==, "work");
  g_assert_cmpstr (labels[2], ==, "");
  g_assert_null (store_contacts_get (contacts, "another"));
  g_assert_finalize_object (contacts);
  g_assert_cmpuint (folder->n_troubles, ==, 0);
}

static void
test_order (Folder *folder, gconstpointer data)
{
  StoreContacts *contacts = open_contacts (folder);

  save (contacts, "Carl", "3");
  save (contacts, "Anna", "1");

  g_autoptr (StoreContact) ben = g_object_ref (save (contacts, "Ben", "2"));
  g_autoptr (StoreContact) zoe = make_contact (store_contact_get_id (ben), "Zoe", "2 22");

  assert_changes (folder, "0-0+1 0-0+1 1-0+1 ");
  assert_names (contacts, "Anna Ben Carl ");
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (contacts)) == STORE_TYPE_CONTACT);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (contacts), 3));

  store_contacts_save (contacts, zoe);
  assert_names (contacts, "Anna Carl Zoe ");
  assert_changes (folder, "1-2+2 ");
  store_contacts_save (contacts, ben); /* undone */
  assert_names (contacts, "Anna Ben Carl ");
  assert_changes (folder, "1-2+2 ");
  store_contacts_save (contacts, ben);
  assert_changes (folder, "1-1+1 ");
  store_contacts_remove (contacts, ben);
  store_contacts_remove (contacts, ben);
  assert_changes (folder, "1-1+0 ");
  assert_names (contacts, "Anna Carl ");
  g_assert_finalize_object (contacts);

  contacts = open_contacts (folder);
  assert_names (contacts, "Anna Carl ");
  assert_changes (folder, "0-0+2 ");
  store_contacts_save (contacts, ben); /* undone, a start later */
  assert_changes (folder, "1-0+1 ");
  store_contacts_close (contacts);
  g_assert_cmpint (folder_query (folder, "SELECT count(*) FROM contact"), ==, 3);
  g_assert_finalize_object (contacts);
  g_assert_cmpint (folder_query (folder, "SELECT count(*) FROM contact"), ==, 3);
  g_assert_cmpint (folder_query (folder, "SELECT count(*) FROM contact_address"), ==, 3);
}

static void
test_find (Folder *folder, gconstpointer data)
{
  StoreContacts *contacts = open_contacts (folder);
  StoreContact *anna = save (contacts, "Anna", "sip:anna@example.org (030)123456");
  StoreContact *ben = save (contacts, "Ben", "sip:2001@pbx.example +491711234567 2002");
  StoreContact *carl = save (contacts, "Carl", "sip:+33123456789@one.example anna@other.example");
  const struct {
    const char *address;
    StoreContact *contact;
  } rows[] = {
      {"sip:anna@example.org", anna},
      {"sips:anna@EXAMPLE.org:5061;transport=tls", anna},
      {"sip:Anna@example.org", NULL},
      {"sip:anna@example.org.evil.example", NULL},
      {"sip:anna@other.example", carl},
      {"sip:+4930123456@any.example", anna},
      {"tel:030123456", anna},
      {"tel:040123456", NULL},
      {"sip:2001@pbx.example", ben},
      {"sip:2001@evil.example", NULL},
      {"2001", NULL},
      {"sip:2002@any.example", ben},
      {"sip:01711234567@any.example", ben},
      {"sip:+33123456789@two.example", carl},
      {"sip:Anna", NULL},
      {"Anna", NULL},
      {"", NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    StoreContact *found = store_contacts_find (contacts, rows[i].address);

    if (found != rows[i].contact)
      g_test_message ("%s", rows[i].address);
    g_assert_true (found == rows[i].contact);
  }
  store_contacts_remove (contacts, anna);
  g_assert_null (store_contacts_find (contacts, "sip:anna@example.org"));
  save (contacts, "Dora", "sip:anna@example.org");
  g_assert_cmpstr (store_contact_get_name (store_contacts_find (contacts, "sip:anna@example.org")),
                   ==, "Dora");
  g_assert_finalize_object (contacts);
}

static void
test_refused (Folder *folder, gconstpointer data)
{
  const char *const addresses[] = {"", " \r\n", "030 1", "030 1", NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (StoreContact) contact =
      store_contact_new ("no identifier", "", TRUE, addresses, NULL, NULL);

  g_assert_null (store_contact_new (NULL, "\xe2\x80\xae\n", FALSE, NULL, NULL, &error));
  g_assert_error (error, STORE_ERROR, STORE_ERROR_NAME);
  g_assert_cmpstr (store_contact_get_name (contact), ==, "030 1");
  g_assert_cmpuint (g_strv_length ((char **)store_contact_get_addresses (contact)), ==, 1);
  g_assert_true (g_uuid_string_is_valid (store_contact_get_id (contact)));
}

static void
test_import (Folder *folder, gconstpointer data)
{
  static const char cards[] = "BEGIN:VCARD\nFN:Ben\nTEL:2\nEND:VCARD\n"
                              "BEGIN:VCARD\nFN:Anna\nTEL:1\nTEL:11\nEND:VCARD\n";
  static const char wrong[] = "BEGIN:VCARD\nFN:Zoe\nTEL:2\nEND:VCARD\nrubbish\n";
  StoreContacts *contacts = open_contacts (folder);
  g_autofree char *path = g_build_filename (folder->folder, "people.vcf", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;

  save (contacts, "Carl", "3");
  g_free (folder_take_changes (folder));
  g_assert_cmpint (import (contacts, NULL, wrong, strlen (wrong), &error), ==, -1);
  g_assert_error (error, STORE_ERROR, STORE_ERROR_FILE);
  g_assert_cmpstr (error->message, ==, "Line 5: this is not the beginning of a card.");
  g_clear_error (&error);
  assert_changes (folder, "");

  g_assert_cmpint (import (contacts, file, "", 0, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (path, cards, -1, NULL));
  g_assert_cmpint (import (contacts, file, "", 0, &error), ==, 2);
  g_assert_no_error (error);
  assert_changes (folder, "0-1+3 ");
  assert_names (contacts, "Anna Ben Carl ");
  g_assert_cmpint (import (contacts, NULL, cards, strlen (cards), &error), ==, 0);
  assert_changes (folder, "");
  g_assert_finalize_object (contacts);

  contacts = open_contacts (folder);
  assert_names (contacts, "Anna Ben Carl ");
  g_assert_finalize_object (contacts);
}

/* A file without end is not read to its end. */
static void
test_endless (Folder *folder, gconstpointer data)
{
  StoreContacts *contacts = open_contacts (folder);
  g_autoptr (GFile) file = g_file_new_for_path ("/dev/zero");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (import (contacts, file, "", 0, &error), ==, -1);
  g_assert_cmpstr (error->message, ==, "This file is too large.");
  g_assert_finalize_object (contacts);
}

static void
test_many (Folder *folder, gconstpointer data)
{
  StoreContacts *contacts = open_contacts (folder);
  g_autoptr (GString) cards = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (cards, "BEGIN:VCARD\nFN:Person %05u\nTEL:+4930%06u\nEND:VCARD\n", i, i);
  g_assert_cmpint (import (contacts, NULL, cards->str, cards->len, &error), ==, 10000);
  g_assert_no_error (error);
  assert_changes (folder, "0-0+10000 ");
  g_assert_finalize_object (contacts);
  g_assert_cmpint (folder_query (folder, "SELECT count(*) FROM contact"), ==, 10000);

  contacts = open_contacts (folder);
  assert_changes (folder, "0-0+10000 ");
  g_assert_cmpstr (store_contact_get_name (store_contacts_find (contacts, "sip:030004711@x")), ==,
                   "Person 04711");
  g_assert_finalize_object (contacts);
}

static void
test_damage (Folder *folder, gconstpointer data)
{
  StoreContacts *contacts;

  g_assert_true (g_file_set_contents (folder->path, "This is not a database at all.", -1, NULL));
  contacts = open_contacts (folder);
  g_assert_cmpuint (folder->n_troubles, ==, 1);
  g_assert_nonnull (store_contacts_get_trouble (contacts));
  g_assert_cmpuint (folder_count (folder, ".damaged-"), ==, 1);
  save (contacts, "Anna", "1");
  g_assert_finalize_object (contacts);
  contacts = open_contacts (folder);
  assert_names (contacts, "Anna ");
  g_assert_finalize_object (contacts);
}

/* The disk is full, and has room again later: what the list says is in the file then. */
static void
test_full (Folder *folder, gconstpointer data)
{
  StoreContacts *contacts = open_contacts (folder);
  StoreContact *anna = save (contacts, "Anna", "1");

  wait_until (folder_query (folder, "SELECT count(*) FROM contact") == 1);
  folder_limit (folder, TRUE);
  save (contacts, "Ben", "2");
  store_contacts_remove (contacts, anna);
  wait_until (folder->n_troubles > 0);
  assert_names (contacts, "Ben ");
  folder_limit (folder, FALSE);
  save (contacts, "Carl", "3");
  wait_until (folder_query (folder, "SELECT count(*) FROM contact WHERE name = 'Ben'") == 1);
  g_assert_finalize_object (contacts);
  g_assert_cmpuint (folder->n_troubles, ==, 1);

  contacts = open_contacts (folder);
  assert_names (contacts, "Ben Carl ");
  g_assert_finalize_object (contacts);
}

/* Somebody is added while the file is still being read. */
static void
test_early (Folder *folder, gconstpointer data)
{
  StoreContacts *contacts = open_contacts (folder);
  g_autofree char *id = g_strdup (store_contact_get_id (save (contacts, "Ben", "2")));

  save (contacts, "Anna", "1");
  g_assert_finalize_object (contacts);

  g_autoptr (StoreContact) edited = make_contact (id, "Carl", "2");

  contacts = store_contacts_new (folder->path);
  store_contacts_save (contacts, edited);
  wait_until (store_contacts_get_loaded (contacts));
  assert_names (contacts, "Anna Carl ");
  g_assert_finalize_object (contacts);
  g_assert_cmpint (folder_query (folder, "SELECT count(*) FROM contact"), ==, 2);
}

static void
add_test (const char *name, void (*test) (Folder *, gconstpointer))
{
  g_test_add (name, Folder, NULL, folder_set_up, test, folder_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/contacts/values", test_values);
  add_test ("/contacts/order", test_order);
  add_test ("/contacts/find", test_find);
  add_test ("/contacts/refused", test_refused);
  add_test ("/contacts/import", test_import);
  add_test ("/contacts/endless", test_endless);
  add_test ("/contacts/many", test_many);
  add_test ("/contacts/damage", test_damage);
  add_test ("/contacts/full", test_full);
  add_test ("/contacts/early", test_early);
  return g_test_run ();
}
