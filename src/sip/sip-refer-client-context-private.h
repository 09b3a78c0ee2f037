#pragma once

#include "sip-options.h"
#include "sip-refer-client-context.h"
#include "sip-transaction-private.h"

G_BEGIN_DECLS

SipReferClientContext *sip_refer_client_context_new (SipSession *session,
                                                     const char *refer_to,
                                                     SipSession *consultation,
                                                     SipOptions *options);
void sip_refer_client_context_send (SipReferClientContext *self);
gboolean sip_refer_client_context_is_for (SipReferClientContext *self, SipMessage *notify);
void sip_refer_client_context_receive (SipReferClientContext *self,
                                       SipTransaction *transaction,
                                       SipMessage *notify);
void sip_refer_client_context_stop (SipReferClientContext *self);

G_END_DECLS
