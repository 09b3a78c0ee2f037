#pragma once

#include "sip-transport.h"

G_BEGIN_DECLS

/* A table of functions of the library @file, which lies beside this one and is loaded now. */
gconstpointer sip_part_get (const char *file, const char *table);

/* What only accounts with TLS or a WebSocket need. */
typedef struct {
  SipTransport *(*transport_ws_new) (const char *uri,
                                     GSocketAddress *address,
                                     GTlsDatabase *database,
                                     const char *pin);
  gboolean (*identity_names) (GTlsCertificate *certificate, const char *domain);
} SipSecurePart;

extern const SipSecurePart sip_secure_part;

const SipSecurePart *sip_part_get_secure (void);

G_END_DECLS
