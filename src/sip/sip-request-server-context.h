#pragma once

#include "sip-server-context.h"

G_BEGIN_DECLS

#define SIP_TYPE_REQUEST_SERVER_CONTEXT (sip_request_server_context_get_type ())
G_DECLARE_FINAL_TYPE (SipRequestServerContext,
                      sip_request_server_context,
                      SIP,
                      REQUEST_SERVER_CONTEXT,
                      GObject)

G_END_DECLS
