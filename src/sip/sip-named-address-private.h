#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SIP_TYPE_NAMED_ADDRESS (sip_named_address_get_type ())
G_DECLARE_FINAL_TYPE (SipNamedAddress, sip_named_address, SIP, NAMED_ADDRESS, GNetworkAddress)

/* @name: as its certificate says; @address: where it is */
GSocketConnectable *sip_named_address_new (const char *name, GSocketAddress *address);

G_END_DECLS
