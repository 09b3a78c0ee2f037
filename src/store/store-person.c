/* store-person.c - a contact in plain memory, checked and cut
 *
 * Down: StoreContact -> store_person_copy() -> the writer's thread
 * Up:   the file, or a card -> store_person_new() in the thread -> StoreContact
 */

#include "store-contact-private.h"
#include "store-error.h"
#include "store-query-private.h"
#include "store-text-private.h"

#include <glib/gi18n-lib.h>

#define MAX_ADDRESSES 64

/* Copies what can be called, each once, with its label. */
static void
take_addresses (StorePerson *self, const char *const *addresses, const char *const *labels)
{
  g_autoptr (GStrvBuilder) kept = g_strv_builder_new (), kept_labels = g_strv_builder_new ();
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0, n_labels = labels != NULL ? g_strv_length ((char **)labels) : 0;
       addresses != NULL && addresses[i] != NULL && g_hash_table_size (known) < MAX_ADDRESSES;
       i++) {
    g_autofree char *address = store_text_clean (addresses[i], STORE_MAX_ADDRESS);
    g_autofree char *label = i < n_labels ? store_text_clean (labels[i], STORE_MAX_NAME) : NULL;

    if (address == NULL || g_hash_table_contains (known, address))
      continue;
    g_strv_builder_add (kept, address);
    g_strv_builder_add (kept_labels, label != NULL ? label : "");
    g_hash_table_add (known, g_steal_pointer (&address));
  }
  self->addresses = g_strv_builder_end (kept);
  self->labels = g_strv_builder_end (kept_labels);
}

/* Returns NULL and STORE_ERROR_NAME where there is nothing to call the person by. */
StorePerson *
store_person_new (const char *id,
                  const char *name,
                  gboolean favourite,
                  const char *const *addresses,
                  const char *const *labels,
                  GError **error)
{
  g_autoptr (StorePerson) self = g_new0 (StorePerson, 1);

  self->name = store_text_clean (name, STORE_MAX_NAME);
  take_addresses (self, addresses, labels);
  if (self->name == NULL && self->addresses[0] == NULL) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_NAME, _ ("A contact needs a name."));
    return NULL;
  }
  if (self->name == NULL)
    self->name = store_text_clean (self->addresses[0], STORE_MAX_NAME);
  self->id = id != NULL && g_uuid_string_is_valid (id) ? g_strdup (id) : g_uuid_string_random ();
  self->favourite = favourite;
  self->sort_key = g_utf8_collate_key (self->name, -1);
  self->words = store_query_index_words (self->name, (const char *const *)self->addresses);
  self->digits = store_query_index_digits ((const char *const *)self->addresses);
  return g_steal_pointer (&self);
}

StorePerson *
store_person_copy (const StorePerson *self)
{
  StorePerson *copy = g_new0 (StorePerson, 1);

  copy->id = g_strdup (self->id);
  copy->name = g_strdup (self->name);
  copy->favourite = self->favourite;
  copy->addresses = g_strdupv (self->addresses);
  copy->labels = g_strdupv (self->labels);
  copy->sort_key = g_strdup (self->sort_key);
  copy->words = g_strdup (self->words);
  copy->digits = g_strdup (self->digits);
  return copy;
}

/* By name, and two of one name always in the same order. */
int
store_person_compare (const StorePerson *a, const StorePerson *b)
{
  int order = strcmp (a->sort_key, b->sort_key);

  return order != 0 ? order : strcmp (a->id, b->id);
}

void
store_person_free (StorePerson *self)
{
  g_free (self->id);
  g_free (self->name);
  g_strfreev (self->addresses);
  g_strfreev (self->labels);
  g_free (self->sort_key);
  g_free (self->words);
  g_free (self->digits);
  g_free (self);
}
