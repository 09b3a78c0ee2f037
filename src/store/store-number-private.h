#pragma once

#include "store-number.h"

G_BEGIN_DECLS

/* A telephone number, to be compared with others. */
typedef struct {
  char *digits;           /* without what only says from where one dials */
  gboolean international; /* the country is in it */
  gboolean trunk;         /* a zero said that the country is not in it */
} StoreNumber;

StoreNumber *store_number_parse (const char *address);
gboolean store_number_equal (const StoreNumber *a, const StoreNumber *b);
const char *store_number_get_key (const StoreNumber *self);
void store_number_free (StoreNumber *self);
char *store_number_dup_address_key (const char *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreNumber, store_number_free)

G_END_DECLS
