#pragma once

#include "sip-dialog-private.h"
#include "sip-request-private.h"
#include "sip-subscription.h"
#include "sip-transaction-private.h"
#include "sip-ua.h"

G_BEGIN_DECLS

enum { SIP_SUBSCRIPTION_RETRY = 30 }; /* seconds, where the notifier does not say */

struct _SipSubscription {
  GObject parent_instance;

  SipUA *ua;
  char *event;
  SipMessage *subscribe; /* the first one, as the program wanted it */
  SipDialog *dialog;     /* NULL until the notifier spoke */
  SipRequest *sent;      /* the first SUBSCRIBE of this dialog */
  SipSubscriptionState state;
  guint expires; /* seconds that are asked for */
  guint timer_id;
  guint start_id;
};

SipSubscription *sip_subscription_new (SipUA *ua, SipMessage *subscribe, const char *event);
void sip_subscription_receive (SipSubscription *self,
                               SipTransaction *transaction,
                               SipMessage *request);
void sip_subscription_stop (SipSubscription *self);
void sip_subscription_set_state (SipSubscription *self, SipSubscriptionState state);
void sip_subscription_end (SipSubscription *self, SipMessage *message, const char *cause);
void sip_subscription_plan_refresh (SipSubscription *self, guint expires);
void sip_subscription_begin_anew (SipSubscription *self, guint seconds);

G_END_DECLS
