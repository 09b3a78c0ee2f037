#pragma once

#include "store-contact.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define STORE_TYPE_CONTACTS (store_contacts_get_type ())
G_DECLARE_FINAL_TYPE (StoreContacts, store_contacts, STORE, CONTACTS, GObject)

StoreContacts *store_contacts_new (const char *path);
gboolean store_contacts_get_loaded (StoreContacts *self);
const char *store_contacts_get_trouble (StoreContacts *self);
StoreContact *store_contacts_get (StoreContacts *self, const char *id);
StoreContact *store_contacts_find (StoreContacts *self, const char *address);
void store_contacts_save (StoreContacts *self, StoreContact *contact);
void store_contacts_remove (StoreContacts *self, StoreContact *contact);
void store_contacts_import_file_async (StoreContacts *self,
                                       GFile *file,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
void store_contacts_import_vcards_async (StoreContacts *self,
                                         GBytes *vcards,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
GPtrArray *store_contacts_import_finish (StoreContacts *self, GAsyncResult *result, GError **error);
void store_contacts_close (StoreContacts *self);

G_END_DECLS
