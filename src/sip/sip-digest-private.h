#pragma once

#include "sip-message.h"

G_BEGIN_DECLS

/* What proves a password to who may ask for it. */
typedef struct _SipDigest SipDigest;

SipDigest *sip_digest_new (const char *user, const char *password, const char *home);
SipDigest *sip_digest_ref (SipDigest *self);
void sip_digest_unref (SipDigest *self);
gboolean sip_digest_take (SipDigest *self, SipMessage *request, SipMessage *challenge);
void sip_digest_authorize (SipDigest *self, SipMessage *request);
void sip_digest_forget (SipDigest *self);
gboolean sip_digest_is_stale (SipMessage *challenge);
char *sip_digest_compute (const char *algorithm,
                          const char *user,
                          const char *realm,
                          const char *password,
                          const char *method,
                          const char *uri,
                          const char *nonce,
                          guint nonce_count,
                          const char *cnonce,
                          const char *qop);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SipDigest, sip_digest_unref)

G_END_DECLS
