#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SIP_TYPE_NAT64 (sip_nat64_get_type ())
G_DECLARE_FINAL_TYPE (SipNat64, sip_nat64, SIP, NAT64, GObject)

GInetAddress *sip_nat64_map (SipNat64 *self, GInetAddress *address);
gboolean sip_nat64_is_mapped (SipNat64 *self, GInetAddress *address);
GInetAddress *sip_nat64_get_outside (SipNat64 *self);
gboolean sip_nat64_get_looking (SipNat64 *self);

G_END_DECLS
