#pragma once

#include "sip-message.h"
#include "sip-request-server-context.h"
#include "sip-ua.h"

G_BEGIN_DECLS

SipRequestServerContext *sip_request_server_context_new (SipUA *ua, SipMessage *request);

G_END_DECLS
