#pragma once

#include "sip-enums.h"
#include "sip-media-servers.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define STORE_TYPE_ACCOUNT (store_account_get_type ())
G_DECLARE_FINAL_TYPE (StoreAccount, store_account, STORE, ACCOUNT, GObject)

StoreAccount *store_account_new (const char *id,
                                 const char *name,
                                 const char *address,
                                 const char *server,
                                 const char *user,
                                 SipMediaProfile media,
                                 SipSecurity security,
                                 GError **error);
gboolean store_account_set_helpers (StoreAccount *self,
                                    const char *stun,
                                    const char *turn,
                                    const char *turn_user,
                                    gboolean relay_only,
                                    GError **error);
const char *store_account_get_id (StoreAccount *self);
const char *store_account_get_name (StoreAccount *self);
const char *store_account_get_address (StoreAccount *self);
const char *store_account_get_server (StoreAccount *self);
const char *store_account_get_user (StoreAccount *self);
SipMediaProfile store_account_get_media (StoreAccount *self);
SipSecurity store_account_get_security (StoreAccount *self);
const char *store_account_get_stun (StoreAccount *self);
const char *store_account_get_turn (StoreAccount *self);
const char *store_account_get_turn_user (StoreAccount *self);
gboolean store_account_get_relay_only (StoreAccount *self);
SipMediaServers *store_account_make_servers (StoreAccount *self, const char *password);
char *store_account_dup_label (StoreAccount *self);
char *store_account_dup_turn_id (StoreAccount *self);
char *store_account_dup_host (StoreAccount *self);

G_END_DECLS
