/* store-contacts-import.c - people out of vCards
 *
 * Down: import -> read_cards() in a thread, which knows no object but the file
 * Up:   on_cards_read() -> the list, all at once -> items-changed, and the task
 *
 * A file is taken as a whole or not at all. Who is in the list already with name and addresses is
 * left out, so a file may be imported again after it has grown.
 */

#include "store-contacts-private.h"

#include "store-error.h"
#include "store-vcard-private.h"

#include <glib/gi18n-lib.h>

#define MAX_FILE (32 * 1024 * 1024)

/* Where the cards are: one of the two. */
typedef struct {
  GFile *file;
  GBytes *bytes;
} Origin;

static void
origin_free (Origin *self)
{
  g_clear_object (&self->file);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self);
}

/* Reads all of @file, but never more than a file of cards can have. */
static GBytes *
read_file (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, error);
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_autofree guint8 *block = g_malloc (65536);
  gssize length = 1;

  if (stream == NULL)
    return NULL;
  while (length > 0 && content->len <= MAX_FILE) {
    length = g_input_stream_read (G_INPUT_STREAM (stream), block, 65536, cancellable, error);
    if (length < 0)
      return NULL;
    g_byte_array_append (content, block, length);
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&content));
}

/* In a thread. */
static void
read_cards (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  Origin *origin = task_data;
  g_autoptr (GBytes) bytes = origin->file != NULL ? read_file (origin->file, cancellable, &error)
                                                  : g_bytes_ref (origin->bytes);
  GPtrArray *people = NULL;

  if (bytes != NULL && g_bytes_get_size (bytes) > MAX_FILE) {
    g_set_error_literal (&error, STORE_ERROR, STORE_ERROR_FILE, _ ("This file is too large."));
  } else if (bytes != NULL) {
    gsize length = 0;
    const char *data = g_bytes_get_data (bytes, &length);

    people = store_vcard_read (data, length, &error);
  }
  if (people != NULL)
    g_task_return_pointer (task, people, (GDestroyNotify)g_ptr_array_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
on_cards_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  StoreContacts *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) people = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr (GPtrArray) contacts = g_ptr_array_new_with_free_func (g_object_unref);

  if (people == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  for (guint i = 0; i < people->len; i++) {
    if (!store_contacts_has_equal (self, people->pdata[i]))
      g_ptr_array_add (contacts,
                       store_contact_new_from_person (store_person_copy (people->pdata[i])));
  }
  store_contacts_add_all (self, contacts);
  store_contacts_write_some (self, contacts);
  g_task_return_pointer (task, g_steal_pointer (&contacts), (GDestroyNotify)g_ptr_array_unref);
}

static void
import_from (StoreContacts *self,
             GFile *file,
             GBytes *bytes,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GTask) reading = g_task_new (NULL, cancellable, on_cards_read, task);
  Origin *origin = g_new0 (Origin, 1);

  g_task_set_source_tag (task, import_from);
  g_task_set_source_tag (reading, read_cards);
  g_set_object (&origin->file, file);
  origin->bytes = bytes != NULL ? g_bytes_ref (bytes) : NULL;
  g_task_set_task_data (reading, origin, (GDestroyNotify)origin_free);
  g_task_run_in_thread (reading, read_cards);
}

/* Adds the people of a file of vCards. */
void
store_contacts_import_file_async (StoreContacts *self,
                                  GFile *file,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (STORE_IS_CONTACTS (self));
  g_return_if_fail (G_IS_FILE (file));

  import_from (self, file, NULL, cancellable, callback, user_data);
}

/* Adds the people of vCards that were dropped or pasted. */
void
store_contacts_import_vcards_async (StoreContacts *self,
                                    GBytes *vcards,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_return_if_fail (STORE_IS_CONTACTS (self));
  g_return_if_fail (vcards != NULL);

  import_from (self, NULL, vcards, cancellable, callback, user_data);
}

/* Returns the array of StoreContact that are new, ours to free: remove them to undo the import. Or
 * NULL, where nothing was taken: a STORE_ERROR_FILE names the line that is wrong. */
GPtrArray *
store_contacts_import_finish (StoreContacts *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
