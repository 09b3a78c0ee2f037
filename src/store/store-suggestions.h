#pragma once

#include "store-contacts.h"
#include "store-history.h"
#include "store-suggestion.h"

G_BEGIN_DECLS

#define STORE_TYPE_SUGGESTIONS (store_suggestions_get_type ())
G_DECLARE_FINAL_TYPE (StoreSuggestions, store_suggestions, STORE, SUGGESTIONS, GObject)

StoreSuggestions *store_suggestions_new (StoreContacts *contacts, StoreHistory *history);
void store_suggestions_set_text (StoreSuggestions *self, const char *text);

G_END_DECLS
