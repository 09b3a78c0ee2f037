#pragma once

#include "store-number-private.h"

G_BEGIN_DECLS

/* What somebody typed to find a person by. */
typedef struct {
  char **words; /* folded */
  char *digits; /* NULL where it is not a number */
  char *target; /* what the text says to call, or NULL for a name of several words */
  char *key;    /* of an address */
  StoreNumber *number;
} StoreQuery;

StoreQuery *store_query_new (const char *text);
gboolean store_query_matches (const StoreQuery *self, const char *words, const char *digits);
gboolean store_query_matches_number (const StoreQuery *self, const char *digits);
gboolean store_query_equals (const StoreQuery *self, const char *key, const StoreNumber *number);
void store_query_free (StoreQuery *self);

char *store_query_index_words (const char *name, const char *const *addresses);
char *store_query_index_digits (const char *const *addresses);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreQuery, store_query_free)

G_END_DECLS
