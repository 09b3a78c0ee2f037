#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define STORE_TYPE_CONTACT (store_contact_get_type ())
G_DECLARE_FINAL_TYPE (StoreContact, store_contact, STORE, CONTACT, GObject)

StoreContact *store_contact_new (const char *id,
                                 const char *name,
                                 gboolean favourite,
                                 const char *const *addresses,
                                 const char *const *labels,
                                 GError **error);
StoreContact *store_contact_new_favourite (StoreContact *self, gboolean favourite);
const char *store_contact_get_id (StoreContact *self);
const char *store_contact_get_name (StoreContact *self);
gboolean store_contact_get_favourite (StoreContact *self);
const char *const *store_contact_get_addresses (StoreContact *self);
const char *const *store_contact_get_labels (StoreContact *self);

G_END_DECLS
