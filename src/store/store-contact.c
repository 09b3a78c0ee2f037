/* store-contact.c - one person, with any number of numbers and addresses
 *
 * A contact never changes: an edit makes a new one with the same identifier, and the old one is
 * what takes the edit back.
 */

#include "store-contact-private.h"

struct _StoreContact {
  GObject parent_instance;

  StorePerson *person;
};

enum {
  PROP_ID = 1,
  PROP_NAME,
  PROP_FAVOURITE,
  PROP_ADDRESSES,
  PROP_LABELS,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (StoreContact, store_contact, G_TYPE_OBJECT)

static GParamSpec *props[N_PROPS];

static void
store_contact_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  StorePerson *person = STORE_CONTACT (object)->person;

  switch (id) {
  case PROP_ID:
    g_value_set_string (value, person->id);
    break;
  case PROP_NAME:
    g_value_set_string (value, person->name);
    break;
  case PROP_FAVOURITE:
    g_value_set_boolean (value, person->favourite);
    break;
  case PROP_ADDRESSES:
    g_value_set_boxed (value, person->addresses);
    break;
  case PROP_LABELS:
    g_value_set_boxed (value, person->labels);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
store_contact_finalize (GObject *object)
{
  g_clear_pointer (&STORE_CONTACT (object)->person, store_person_free);
  G_OBJECT_CLASS (store_contact_parent_class)->finalize (object);
}

static void
store_contact_class_init (StoreContactClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = store_contact_get_property;
  object_class->finalize = store_contact_finalize;

  props[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  props[PROP_FAVOURITE] = g_param_spec_boolean ("favourite", NULL, NULL, FALSE, flags);
  props[PROP_ADDRESSES] = g_param_spec_boxed ("addresses", NULL, NULL, G_TYPE_STRV, flags);
  props[PROP_LABELS] = g_param_spec_boxed ("labels", NULL, NULL, G_TYPE_STRV, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
store_contact_init (StoreContact *self)
{
}

/* Takes @person. */
StoreContact *
store_contact_new_from_person (StorePerson *person)
{
  StoreContact *self = g_object_new (STORE_TYPE_CONTACT, NULL);

  self->person = person;
  return self;
}

const StorePerson *
store_contact_get_person (StoreContact *self)
{
  return self->person;
}

/*
 * @id: of the contact that is edited, NULL for a new one
 * @name: NULL or empty to call it by its first address
 * @addresses: what can be called: numbers as a person writes them, and whole addresses
 * @labels: one for each of @addresses, empty where there is none; or NULL
 *
 * Returns NULL and STORE_ERROR_NAME if there is neither a name nor an address.
 */
StoreContact *
store_contact_new (const char *id,
                   const char *name,
                   gboolean favourite,
                   const char *const *addresses,
                   const char *const *labels,
                   GError **error)
{
  StorePerson *person = store_person_new (id, name, favourite, addresses, labels, error);

  return person != NULL ? store_contact_new_from_person (person) : NULL;
}

/* The same contact, starred or not, to be saved in its place. */
StoreContact *
store_contact_new_favourite (StoreContact *self, gboolean favourite)
{
  g_return_val_if_fail (STORE_IS_CONTACT (self), NULL);

  StorePerson *person = store_person_copy (self->person);

  person->favourite = favourite;
  return store_contact_new_from_person (person);
}

const char *
store_contact_get_id (StoreContact *self)
{
  g_return_val_if_fail (STORE_IS_CONTACT (self), NULL);

  return self->person->id;
}

const char *
store_contact_get_name (StoreContact *self)
{
  g_return_val_if_fail (STORE_IS_CONTACT (self), NULL);

  return self->person->name;
}

gboolean
store_contact_get_favourite (StoreContact *self)
{
  g_return_val_if_fail (STORE_IS_CONTACT (self), FALSE);

  return self->person->favourite;
}

const char *const *
store_contact_get_addresses (StoreContact *self)
{
  g_return_val_if_fail (STORE_IS_CONTACT (self), NULL);

  return (const char *const *)self->person->addresses;
}

/* One for each address, empty where there is none. */
const char *const *
store_contact_get_labels (StoreContact *self)
{
  g_return_val_if_fail (STORE_IS_CONTACT (self), NULL);

  return (const char *const *)self->person->labels;
}
