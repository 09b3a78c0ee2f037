#pragma once

#include "sip-enums.h"
#include "sip-message.h"

G_BEGIN_DECLS

typedef struct _SipUA SipUA;

#define SIP_TYPE_SUBSCRIPTION (sip_subscription_get_type ())
G_DECLARE_FINAL_TYPE (SipSubscription, sip_subscription, SIP, SUBSCRIPTION, GObject)

gboolean sip_subscription_unsubscribe (SipSubscription *self, GError **error);
SipSubscriptionState sip_subscription_get_state (SipSubscription *self);
const char *sip_subscription_get_event (SipSubscription *self);

G_END_DECLS
