/* store-contacts.c - people, sorted by name
 *
 * Down: save, remove, import -> the list at once -> rows of the file in the writer's thread
 * Up:   on_loaded(), then each change -> items-changed -> Contacts, Favourites
 *
 * They lie in a file of SQLite of their own: damage to the history does not reach them, and a
 * change writes one person instead of all, which a file of vCards could not. The list is all that
 * views know. A desktop's address book can join it as one more origin of StoreContact: what is
 * sorted, found and shown here does not ask where a contact came from.
 */

#include "store-contacts-private.h"

#include "store-number-private.h"

/* One way to reach a contact. */
typedef struct {
  StoreContact *contact; /* borrowed from the list */
  StoreNumber *number;   /* NULL for an address that is none */
} Way;

struct _StoreContacts {
  GObject parent_instance;

  StoreDatabase *database;
  GPtrArray *contacts;
  GHashTable *by_id;  /* borrowed: StoreContact by its identifier */
  GHashTable *by_key; /* arrays of Way by the key of an address or a number; NULL: to be made */
  gboolean loaded;
  gboolean is_behind; /* the file did not take something */
};

enum {
  PROP_LOADED = 1,
  PROP_TROUBLE,
  N_PROPS,
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (StoreContacts,
                               store_contacts,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GParamSpec *props[N_PROPS];

static void
way_clear (Way *self)
{
  g_clear_pointer (&self->number, store_number_free);
}

static int
compare_contacts (gconstpointer a, gconstpointer b)
{
  return store_person_compare (store_contact_get_person (*(StoreContact *const *)a),
                               store_contact_get_person (*(StoreContact *const *)b));
}

/* Where @contact is, or belongs. */
static guint
find_place (StoreContacts *self, StoreContact *contact)
{
  guint low = 0, high = self->contacts->len;

  while (low < high) {
    guint middle = low + (high - low) / 2;

    if (compare_contacts (&self->contacts->pdata[middle], &contact) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Takes @number. */
static void
add_way (StoreContacts *self, const char *key, StoreContact *contact, StoreNumber *number)
{
  GArray *ways = g_hash_table_lookup (self->by_key, key);
  Way way = {contact, number};

  if (ways == NULL) {
    ways = g_array_new (FALSE, FALSE, sizeof (Way));
    g_array_set_clear_func (ways, (GDestroyNotify)way_clear);
    g_hash_table_insert (self->by_key, g_strdup (key), ways);
  }
  g_array_append_val (ways, way);
}

/* +49…@host is that number wherever it comes from; 2001@host is a telephone of that host alone. */
static void
index_contact (StoreContacts *self, StoreContact *contact)
{
  const char *const *addresses = store_contact_get_addresses (contact);

  for (guint i = 0; addresses[i] != NULL; i++) {
    g_autofree char *key = store_number_dup_address_key (addresses[i]);
    StoreNumber *number = store_number_parse (addresses[i]);

    if (key != NULL)
      add_way (self, key, contact, NULL);
    if (key != NULL && number != NULL && !number->international)
      g_clear_pointer (&number, store_number_free);
    if (number != NULL)
      add_way (self, store_number_get_key (number), contact, number);
  }
}

/* The index is made when somebody asks for a caller, and again after a change. */
static void
make_index (StoreContacts *self)
{
  if (self->by_key != NULL)
    return;
  self->by_key =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
  for (guint i = 0; i < self->contacts->len; i++)
    index_contact (self, self->contacts->pdata[i]);
}

static GPtrArray *
copy_people (GPtrArray *contacts)
{
  GPtrArray *people = g_ptr_array_new_full (contacts->len, (GDestroyNotify)store_person_free);

  for (guint i = 0; i < contacts->len; i++)
    g_ptr_array_add (people, store_person_copy (store_contact_get_person (contacts->pdata[i])));
  return people;
}

static void
on_written (GObject *owner, gpointer data, const GError *error)
{
  StoreContacts *self = STORE_CONTACTS (owner);

  if (error != NULL) {
    self->is_behind = TRUE;
  } else if (self->is_behind) {
    self->is_behind = FALSE;
    store_database_run (self->database, store_contacts_write_all, copy_people (self->contacts),
                        (GDestroyNotify)g_ptr_array_unref, owner, on_written);
  }
}

/* The damaged file is set aside; all contacts that were read are in the list. */
static void
on_replaced (StoreDatabase *database, gpointer user_data)
{
  STORE_CONTACTS (user_data)->is_behind = STORE_CONTACTS (user_data)->loaded;
}

static void
on_trouble (StoreContacts *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TROUBLE]);
}

/* Those that were saved while the file was read are newer than it. */
static void
on_loaded (GObject *owner, gpointer data, const GError *error)
{
  StoreContacts *self = STORE_CONTACTS (owner);
  g_autoptr (GPtrArray) loaded = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *people = data;

  for (guint i = 0; error == NULL && i < people->len; i++) {
    StorePerson *person = people->pdata[i];

    if (!g_hash_table_contains (self->by_id, person->id))
      g_ptr_array_add (loaded, store_contact_new_from_person (store_person_copy (person)));
  }
  self->loaded = TRUE;
  self->is_behind = error != NULL;
  store_contacts_add_all (self, loaded);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADED]);
}

static GType
store_contacts_get_item_type (GListModel *model)
{
  return STORE_TYPE_CONTACT;
}

static guint
store_contacts_get_n_items (GListModel *model)
{
  return STORE_CONTACTS (model)->contacts->len;
}

static gpointer
store_contacts_get_item (GListModel *model, guint position)
{
  StoreContacts *self = STORE_CONTACTS (model);

  if (position >= self->contacts->len)
    return NULL;
  return g_object_ref (self->contacts->pdata[position]);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = store_contacts_get_item_type;
  iface->get_n_items = store_contacts_get_n_items;
  iface->get_item = store_contacts_get_item;
}

static void
store_contacts_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  StoreContacts *self = STORE_CONTACTS (object);

  switch (id) {
  case PROP_LOADED:
    g_value_set_boolean (value, self->loaded);
    break;
  case PROP_TROUBLE:
    g_value_set_string (value, store_contacts_get_trouble (self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
store_contacts_finalize (GObject *object)
{
  StoreContacts *self = STORE_CONTACTS (object);

  store_contacts_close (self);
  g_clear_object (&self->database);
  g_clear_pointer (&self->by_key, g_hash_table_unref);
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->contacts);
  G_OBJECT_CLASS (store_contacts_parent_class)->finalize (object);
}

static void
store_contacts_class_init (StoreContactsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = store_contacts_get_property;
  object_class->finalize = store_contacts_finalize;

  props[PROP_LOADED] =
      g_param_spec_boolean ("loaded", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /* One sentence for the person when people cannot be remembered; each notify tells once. */
  props[PROP_TROUBLE] =
      g_param_spec_string ("trouble", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
store_contacts_init (StoreContacts *self)
{
  self->contacts = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
}

/* The contacts in the file at @path, which is made where it is missing; NULL for those that are
 * forgotten with the program. The list is empty until `loaded`, and may be added to before. */
StoreContacts *
store_contacts_new (const char *path)
{
  StoreContacts *self = g_object_new (STORE_TYPE_CONTACTS, NULL);

  self->database = store_database_new (path, store_contacts_schema);
  g_signal_connect_object (self->database, "replaced", G_CALLBACK (on_replaced), self, 0);
  g_signal_connect_object (self->database, "notify::trouble", G_CALLBACK (on_trouble), self,
                           G_CONNECT_SWAPPED);
  store_database_run (self->database, store_contacts_load,
                      g_ptr_array_new_with_free_func ((GDestroyNotify)store_person_free),
                      (GDestroyNotify)g_ptr_array_unref, G_OBJECT (self), on_loaded);
  return self;
}

gboolean
store_contacts_get_loaded (StoreContacts *self)
{
  g_return_val_if_fail (STORE_IS_CONTACTS (self), FALSE);

  return self->loaded;
}

/* What the person should be told, or NULL. */
const char *
store_contacts_get_trouble (StoreContacts *self)
{
  g_return_val_if_fail (STORE_IS_CONTACTS (self), NULL);

  return store_database_get_trouble (self->database);
}

/* Returns the contact with this identifier as it is now, borrowed, or NULL. */
StoreContact *
store_contacts_get (StoreContacts *self, const char *id)
{
  g_return_val_if_fail (STORE_IS_CONTACTS (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  return g_hash_table_lookup (self->by_id, id);
}

static StoreContact *
find_by_key (StoreContacts *self, const char *key, const StoreNumber *number)
{
  GArray *ways = g_hash_table_lookup (self->by_key, key);

  for (guint i = 0; ways != NULL && i < ways->len; i++) {
    Way *way = &g_array_index (ways, Way, i);

    if (number == NULL ? way->number == NULL
                       : way->number != NULL && store_number_equal (way->number, number))
      return way->contact;
  }
  return NULL;
}

/* Returns who is reached by @address, borrowed, or NULL. The whole address counts, or its number;
 * never what the other side calls itself. Of two contacts with it the first of the list is it. */
StoreContact *
store_contacts_find (StoreContacts *self, const char *address)
{
  g_return_val_if_fail (STORE_IS_CONTACTS (self), NULL);
  g_return_val_if_fail (address != NULL, NULL);

  g_autofree char *key = store_number_dup_address_key (address);
  g_autoptr (StoreNumber) number = store_number_parse (address);

  return store_contacts_find_parsed (self, key, number);
}

/* The same for an address whose key and number are known; either may be NULL. */
StoreContact *
store_contacts_find_parsed (StoreContacts *self, const char *key, const StoreNumber *number)
{
  StoreContact *found = NULL;

  make_index (self);
  if (key != NULL)
    found = find_by_key (self, key, NULL);
  if (found == NULL && number != NULL)
    found = find_by_key (self, store_number_get_key (number), number);
  return found;
}

/* Whether there is a contact of the same name with all these addresses. */
gboolean
store_contacts_has_equal (StoreContacts *self, const StorePerson *person)
{
  guint low = 0, high = self->contacts->len;

  while (low < high) {
    guint middle = low + (high - low) / 2;

    if (strcmp (store_contact_get_person (self->contacts->pdata[middle])->sort_key,
                person->sort_key) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  for (; low < self->contacts->len; low++) {
    const StorePerson *other = store_contact_get_person (self->contacts->pdata[low]);
    gboolean has_all = TRUE;

    if (!g_str_equal (other->sort_key, person->sort_key))
      break;
    for (guint i = 0; has_all && person->addresses[i] != NULL; i++)
      has_all = g_strv_contains ((const char *const *)other->addresses, person->addresses[i]);
    if (has_all)
      return TRUE;
  }
  return FALSE;
}

/* Adds contacts that are not in the list, without writing them. */
void
store_contacts_add_all (StoreContacts *self, GPtrArray *contacts)
{
  guint n_old = self->contacts->len;

  if (contacts->len == 0)
    return;
  for (guint i = 0; i < contacts->len; i++) {
    StoreContact *contact = contacts->pdata[i];

    g_ptr_array_add (self->contacts, g_object_ref (contact));
    g_hash_table_insert (self->by_id, (gpointer)store_contact_get_id (contact), contact);
  }
  g_ptr_array_sort (self->contacts, compare_contacts);
  g_clear_pointer (&self->by_key, g_hash_table_unref);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_old, self->contacts->len);
}

/* Writes contacts of the list. */
void
store_contacts_write_some (StoreContacts *self, GPtrArray *contacts)
{
  store_database_run (self->database, store_contacts_write, copy_people (contacts),
                      (GDestroyNotify)g_ptr_array_unref, G_OBJECT (self), on_written);
}

/* Takes @contact out of the list. */
static guint
drop (StoreContacts *self, StoreContact *contact)
{
  guint position = find_place (self, contact);

  g_hash_table_remove (self->by_id, store_contact_get_id (contact));
  g_ptr_array_remove_index (self->contacts, position);
  g_clear_pointer (&self->by_key, g_hash_table_unref);
  return position;
}

/* Adds @contact, or puts it in the place of the one with its identifier. To undo an edit, save
 * what was there before; to undo a removal, save what was removed. */
void
store_contacts_save (StoreContacts *self, StoreContact *contact)
{
  g_return_if_fail (STORE_IS_CONTACTS (self));
  g_return_if_fail (STORE_IS_CONTACT (contact));

  g_autoptr (GPtrArray) written = g_ptr_array_new_with_free_func (g_object_unref);
  StoreContact *old = store_contacts_get (self, store_contact_get_id (contact));
  gboolean replaces = old != NULL;

  g_ptr_array_add (written, g_object_ref (contact));

  guint from = replaces ? drop (self, old) : 0;
  guint to = find_place (self, contact);

  g_ptr_array_insert (self->contacts, to, g_object_ref (contact));
  g_hash_table_insert (self->by_id, (gpointer)store_contact_get_id (contact), contact);
  g_clear_pointer (&self->by_key, g_hash_table_unref);
  store_contacts_write_some (self, written);
  if (replaces)
    g_list_model_items_changed (G_LIST_MODEL (self), MIN (from, to),
                                MAX (from, to) - MIN (from, to) + 1,
                                MAX (from, to) - MIN (from, to) + 1);
  else
    g_list_model_items_changed (G_LIST_MODEL (self), to, 0, 1);
}

/* Removes the contact with the identifier of @contact. */
void
store_contacts_remove (StoreContacts *self, StoreContact *contact)
{
  g_return_if_fail (STORE_IS_CONTACTS (self));
  g_return_if_fail (STORE_IS_CONTACT (contact));

  const char *id = store_contact_get_id (contact);
  StoreContact *old = store_contacts_get (self, id);

  if (old == NULL)
    return;
  store_database_run (self->database, store_contacts_delete, g_strdup (id), g_free, G_OBJECT (self),
                      on_written);
  g_list_model_items_changed (G_LIST_MODEL (self), drop (self, old), 1, 0);
}

/* Waits until every change is in the file. What comes later is not written. */
void
store_contacts_close (StoreContacts *self)
{
  g_return_if_fail (STORE_IS_CONTACTS (self));

  store_database_close (self->database);
}
