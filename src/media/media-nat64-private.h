#pragma once

#include "sip-nat64.h"

G_BEGIN_DECLS

char *media_nat64_read (SipNat64 *self, const char *text);
char *media_nat64_write (SipNat64 *self, const char *text);

G_END_DECLS
