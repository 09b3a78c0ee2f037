#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SIP_TYPE_ECHO_PARTY (sip_echo_party_get_type ())
G_DECLARE_FINAL_TYPE (SipEchoParty, sip_echo_party, SIP, ECHO_PARTY, GObject)

SipEchoParty *sip_echo_party_new (void);
gboolean sip_echo_party_start (SipEchoParty *self, GError **error);
void sip_echo_party_stop (SipEchoParty *self);
char *sip_echo_party_dup_uri (SipEchoParty *self);

G_END_DECLS
