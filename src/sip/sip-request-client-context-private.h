#pragma once

#include "sip-message.h"
#include "sip-request-client-context.h"
#include "sip-ua.h"

G_BEGIN_DECLS

SipRequestClientContext *sip_request_client_context_new (SipUA *ua, SipMessage *request);

G_END_DECLS
