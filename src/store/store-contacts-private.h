#pragma once

#include "store-contact-private.h"
#include "store-contacts.h"
#include "store-database-private.h"
#include "store-number-private.h"

G_BEGIN_DECLS

extern const char store_contacts_schema[];

gboolean store_contacts_load (sqlite3 *connection, gpointer data, GError **error);
gboolean store_contacts_write (sqlite3 *connection, gpointer data, GError **error);
gboolean store_contacts_write_all (sqlite3 *connection, gpointer data, GError **error);
gboolean store_contacts_delete (sqlite3 *connection, gpointer data, GError **error);
StoreContact *store_contacts_find_parsed (StoreContacts *self,
                                          const char *key,
                                          const StoreNumber *number);
void store_contacts_add_all (StoreContacts *self, GPtrArray *contacts);
void store_contacts_write_some (StoreContacts *self, GPtrArray *contacts);
gboolean store_contacts_has_equal (StoreContacts *self, const StorePerson *person);

G_END_DECLS
