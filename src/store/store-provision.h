#pragma once

#include "store-account.h"

G_BEGIN_DECLS

/* One account of a provision file with its password, which may be NULL. */
typedef struct {
  StoreAccount *account;
  char *password;
  char *turn_password; /* likewise */
} StoreProvision;

GPtrArray *store_provision_read (const char *path, GError **error);

G_END_DECLS
