#pragma once

#include "sip-session.h"

G_BEGIN_DECLS

#define SIP_TYPE_INVITE_SERVER_CONTEXT (sip_invite_server_context_get_type ())
G_DECLARE_FINAL_TYPE (SipInviteServerContext,
                      sip_invite_server_context,
                      SIP,
                      INVITE_SERVER_CONTEXT,
                      SipSession)

gboolean sip_invite_server_context_progress (SipInviteServerContext *self,
                                             SipOptions *options,
                                             GError **error);
gboolean sip_invite_server_context_accept (SipInviteServerContext *self,
                                           SipOptions *options,
                                           SipModifiers *modifiers,
                                           GError **error);
gboolean sip_invite_server_context_reject (SipInviteServerContext *self,
                                           SipOptions *options,
                                           GError **error);
gboolean sip_invite_server_context_reply (SipInviteServerContext *self,
                                          SipOptions *options,
                                          GError **error);

G_END_DECLS
