#pragma once

#include "sip-refer-context.h"

G_BEGIN_DECLS

typedef struct _SipInviteClientContext SipInviteClientContext;

#define SIP_TYPE_REFER_SERVER_CONTEXT (sip_refer_server_context_get_type ())
G_DECLARE_FINAL_TYPE (SipReferServerContext,
                      sip_refer_server_context,
                      SIP,
                      REFER_SERVER_CONTEXT,
                      SipReferContext)

gboolean sip_refer_server_context_accept (SipReferServerContext *self,
                                          SipOptions *options,
                                          GError **error);
gboolean sip_refer_server_context_reject (SipReferServerContext *self,
                                          SipOptions *options,
                                          GError **error);
gboolean sip_refer_server_context_send_notify (SipReferServerContext *self,
                                               guint status_code,
                                               const char *reason_phrase,
                                               GError **error);
SipNameAddr *sip_refer_server_context_get_refer_to (SipReferServerContext *self);
const char *sip_refer_server_context_get_referred_by (SipReferServerContext *self);
const char *sip_refer_server_context_get_replaces (SipReferServerContext *self);
SipSession *sip_refer_server_context_get_target_session (SipReferServerContext *self);

G_END_DECLS
