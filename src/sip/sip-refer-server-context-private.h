#pragma once

#include "sip-dialog-private.h"
#include "sip-refer-server-context.h"
#include "sip-transaction-private.h"
#include "sip-ua.h"

G_BEGIN_DECLS

guint sip_refer_server_context_check (SipMessage *refer);
SipReferServerContext *sip_refer_server_context_new (SipUA *ua,
                                                     SipSession *session,
                                                     SipDialog *dialog,
                                                     SipTransaction *transaction);
void sip_refer_server_context_wait (SipReferServerContext *self);
void sip_refer_server_context_stop (SipReferServerContext *self);

G_END_DECLS
