#pragma once

#include "sip-client-context.h"

G_BEGIN_DECLS

#define SIP_TYPE_REQUEST_CLIENT_CONTEXT (sip_request_client_context_get_type ())
G_DECLARE_FINAL_TYPE (SipRequestClientContext,
                      sip_request_client_context,
                      SIP,
                      REQUEST_CLIENT_CONTEXT,
                      GObject)

G_END_DECLS
