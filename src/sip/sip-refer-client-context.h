#pragma once

#include "sip-refer-context.h"

G_BEGIN_DECLS

#define SIP_TYPE_REFER_CLIENT_CONTEXT (sip_refer_client_context_get_type ())
G_DECLARE_FINAL_TYPE (SipReferClientContext,
                      sip_refer_client_context,
                      SIP,
                      REFER_CLIENT_CONTEXT,
                      SipReferContext)

const char *sip_refer_client_context_get_target (SipReferClientContext *self);

G_END_DECLS
