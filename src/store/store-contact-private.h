#pragma once

#include "store-contact.h"

G_BEGIN_DECLS

/* A contact as it crosses threads: plain memory, checked when it is made. */
typedef struct {
  char *id;
  char *name;
  gboolean favourite;
  char **addresses;
  char **labels; /* one for each address, empty for none */
  char *sort_key;
  char *words;  /* by which it is found: see StoreQuery */
  char *digits; /* likewise */
} StorePerson;

StorePerson *store_person_new (const char *id,
                               const char *name,
                               gboolean favourite,
                               const char *const *addresses,
                               const char *const *labels,
                               GError **error);
StorePerson *store_person_copy (const StorePerson *self);
int store_person_compare (const StorePerson *a, const StorePerson *b);
void store_person_free (StorePerson *self);

StoreContact *store_contact_new_from_person (StorePerson *person);
const StorePerson *store_contact_get_person (StoreContact *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StorePerson, store_person_free)

G_END_DECLS
