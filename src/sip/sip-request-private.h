#pragma once

#include "sip-digest-private.h"
#include "sip-endpoint-private.h"

G_BEGIN_DECLS

#define SIP_TYPE_REQUEST (sip_request_get_type ())
G_DECLARE_FINAL_TYPE (SipRequest, sip_request, SIP, REQUEST, GObject)

SipRequest *sip_request_new (SipEndpoint *endpoint,
                             const char *next_hop,
                             SipMessage *message,
                             SipDigest *digest);
void sip_request_send (SipRequest *self);
void sip_request_cancel (SipRequest *self, const char *const *extra_headers);
void sip_request_stop (SipRequest *self);
gboolean sip_request_abandon (SipRequest *self);
SipMessage *sip_request_get_message (SipRequest *self);
SipTransport *sip_request_get_transport (SipRequest *self);
GSocketAddress *sip_request_get_peer (SipRequest *self);
const GError *sip_request_get_no_way (SipRequest *self);

G_END_DECLS
