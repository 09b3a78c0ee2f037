#pragma once

#include "store-contact.h"

G_BEGIN_DECLS

/* Why an address is suggested, in the order of the list. */
typedef enum {
  STORE_ORIGIN_EXACT,     /* it is what was typed, and is known */
  STORE_ORIGIN_FAVOURITE, /* of a contact with a star */
  STORE_ORIGIN_RECENT,    /* there were calls with it */
  STORE_ORIGIN_CONTACT,   /* of a contact */
  STORE_ORIGIN_TYPED,     /* what was typed, known to nobody */
} StoreOrigin;

#define STORE_TYPE_ORIGIN (store_origin_get_type ())
GType store_origin_get_type (void);

#define STORE_TYPE_SUGGESTION (store_suggestion_get_type ())
G_DECLARE_FINAL_TYPE (StoreSuggestion, store_suggestion, STORE, SUGGESTION, GObject)

StoreSuggestion *store_suggestion_new (StoreOrigin origin,
                                       const char *name,
                                       const char *address,
                                       const char *label,
                                       const char *account,
                                       StoreContact *contact);
StoreOrigin store_suggestion_get_origin (StoreSuggestion *self);
const char *store_suggestion_get_name (StoreSuggestion *self);
const char *store_suggestion_get_address (StoreSuggestion *self);
const char *store_suggestion_get_label (StoreSuggestion *self);
const char *store_suggestion_get_account (StoreSuggestion *self);
StoreContact *store_suggestion_get_contact (StoreSuggestion *self);

G_END_DECLS
