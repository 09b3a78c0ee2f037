#pragma once

#include "store-account.h"
#include "store-keyring.h"

G_BEGIN_DECLS

#define STORE_TYPE_ACCOUNTS (store_accounts_get_type ())
G_DECLARE_FINAL_TYPE (StoreAccounts, store_accounts, STORE, ACCOUNTS, GObject)

StoreAccounts *store_accounts_new (GSettings *settings, StoreKeyring *keyring);
char *store_accounts_dup_trusted (StoreAccounts *self, StoreAccount *account);
void store_accounts_trust (StoreAccounts *self, StoreAccount *account, const char *fingerprint);
StoreKeyring *store_accounts_get_keyring (StoreAccounts *self);
StoreAccount *store_accounts_find (StoreAccounts *self, const char *id);
void store_accounts_bind (StoreAccounts *self, const char *id, GObject *ua);
void store_accounts_save_async (StoreAccounts *self,
                                StoreAccount *account,
                                const char *password,
                                const char *turn_password,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean store_accounts_save_finish (StoreAccounts *self, GAsyncResult *result, GError **error);
void store_accounts_remove_async (StoreAccounts *self,
                                  StoreAccount *account,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean store_accounts_remove_finish (StoreAccounts *self, GAsyncResult *result, GError **error);
void store_accounts_provision_async (StoreAccounts *self,
                                     const char *path,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean store_accounts_provision_finish (StoreAccounts *self,
                                          GAsyncResult *result,
                                          GError **error);

G_END_DECLS
