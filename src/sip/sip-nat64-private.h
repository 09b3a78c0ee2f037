#pragma once

#include "sip-nat64.h"

G_BEGIN_DECLS

/* What an address of version 4 stands behind, in one of version 6 (RFC 6052 2.2). */
typedef struct {
  guint8 bytes[16];
  guint length; /* in bits; 0 where there is none */
} SipNat64Prefix;

void sip_nat64_prefix_write (const SipNat64Prefix *self, const guint8 *inner, guint8 *whole);
void sip_nat64_prefix_read (SipNat64Prefix *self, const guint8 *whole);

SipNat64 *sip_nat64_new (void);
void sip_nat64_set_prefix (SipNat64 *self, const SipNat64Prefix *prefix);
void sip_nat64_look (SipNat64 *self);
void sip_nat64_stop (SipNat64 *self);
char *sip_nat64_dup_host (SipNat64 *self, const char *host);
void sip_nat64_expect_outside (SipNat64 *self);
void sip_nat64_note_outside (SipNat64 *self, GInetAddress *server, GInetAddress *outside);

G_END_DECLS
