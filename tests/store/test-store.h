#pragma once

#include "store-accounts.h"

G_BEGIN_DECLS

/* A list of accounts over settings that live in memory. */
typedef struct {
  GSettingsBackend *backend;
  GSettings *settings;
  StoreKeyring *keyring;
  StoreAccounts *accounts;
  char *folder;
} Fixture;

void set_up (Fixture *fixture, gconstpointer data);
void tear_down (Fixture *fixture, gconstpointer data);
gboolean save (StoreAccounts *accounts, StoreAccount *account, const char *password);
gboolean save_both (StoreAccounts *accounts,
                    StoreAccount *account,
                    const char *password,
                    const char *turn_password);
gboolean provision (StoreAccounts *accounts, const char *path, GError **error);
char *load_password (StoreKeyring *keyring, const char *id);

G_END_DECLS
