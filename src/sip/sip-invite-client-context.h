#pragma once

#include "sip-session.h"

G_BEGIN_DECLS

#define SIP_TYPE_INVITE_CLIENT_CONTEXT (sip_invite_client_context_get_type ())
G_DECLARE_FINAL_TYPE (SipInviteClientContext,
                      sip_invite_client_context,
                      SIP,
                      INVITE_CLIENT_CONTEXT,
                      SipSession)

gboolean sip_invite_client_context_cancel (SipInviteClientContext *self,
                                           SipOptions *options,
                                           GError **error);

G_END_DECLS
