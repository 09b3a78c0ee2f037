#pragma once

#include "sip-subscription.h"
#include "sip-transaction-private.h"
#include "sip-ua.h"

G_BEGIN_DECLS

SipSubscription *sip_subscription_new (SipUA *ua, SipMessage *subscribe, const char *event);
void sip_subscription_receive (SipSubscription *self,
                               SipTransaction *transaction,
                               SipMessage *request);
void sip_subscription_stop (SipSubscription *self);

G_END_DECLS
