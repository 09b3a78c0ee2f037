#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define STORE_TYPE_KEYRING (store_keyring_get_type ())
G_DECLARE_FINAL_TYPE (StoreKeyring, store_keyring, STORE, KEYRING, GObject)

StoreKeyring *store_keyring_new (void);
gboolean store_keyring_get_available (StoreKeyring *self);
void store_keyring_save_async (StoreKeyring *self,
                               const char *id,
                               const char *label,
                               const char *password,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean store_keyring_save_finish (StoreKeyring *self, GAsyncResult *result, GError **error);
void store_keyring_load_async (StoreKeyring *self,
                               const char *id,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
char *store_keyring_load_finish (StoreKeyring *self, GAsyncResult *result, GError **error);
void store_keyring_clear_async (StoreKeyring *self,
                                const char *id,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean store_keyring_clear_finish (StoreKeyring *self, GAsyncResult *result, GError **error);

G_END_DECLS
