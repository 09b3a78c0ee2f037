#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SIP_TYPE_NAME_ADDR (sip_name_addr_get_type ())
G_DECLARE_FINAL_TYPE (SipNameAddr, sip_name_addr, SIP, NAME_ADDR, GObject)

SipNameAddr *sip_name_addr_new (const char *display_name, const char *uri);
SipNameAddr *sip_name_addr_parse (const char *text);
const char *sip_name_addr_get_display_name (SipNameAddr *self);
const char *sip_name_addr_get_uri (SipNameAddr *self);
char *sip_name_addr_to_string (SipNameAddr *self);

G_END_DECLS
