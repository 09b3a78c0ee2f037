#pragma once

#include "sip-nat64.h"

G_BEGIN_DECLS

#define SIP_TYPE_MEDIA_SERVERS (sip_media_servers_get_type ())
G_DECLARE_FINAL_TYPE (SipMediaServers, sip_media_servers, SIP, MEDIA_SERVERS, GObject)

gboolean sip_media_servers_check (SipMediaServers *self, GError **error);
SipMediaServers *sip_media_servers_map (SipMediaServers *self, SipNat64 *nat64);
char *sip_media_servers_dup_stun (SipMediaServers *self);
char *sip_media_servers_dup_turn (SipMediaServers *self);
gboolean sip_media_servers_get_relay_only (SipMediaServers *self);

G_END_DECLS
