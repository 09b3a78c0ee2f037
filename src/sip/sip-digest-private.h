#pragma once

#include "sip-message.h"

G_BEGIN_DECLS

gboolean sip_digest_authorize (SipMessage *request,
                               SipMessage *challenge,
                               const char *user,
                               const char *password);
gboolean sip_digest_is_stale (SipMessage *challenge);
char *sip_digest_compute (const char *algorithm,
                          const char *user,
                          const char *realm,
                          const char *password,
                          const char *method,
                          const char *uri,
                          const char *nonce,
                          const char *cnonce,
                          const char *qop);

G_END_DECLS
