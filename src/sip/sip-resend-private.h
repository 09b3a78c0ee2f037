#pragma once

#include "sip-timers-private.h"
#include "sip-transaction-private.h"

G_BEGIN_DECLS

/* A response that goes out again and again until the other side says that it has it: a 2xx to an
 * INVITE (RFC 3261 13.3.1.4), a reliable 1xx (RFC 3262 3). */
typedef struct _SipResend SipResend;

/* Called once when 64*T1 have passed in vain; the owner frees the SipResend. */
typedef void (*SipResendFunc) (gpointer user_data);

SipResend *sip_resend_new (SipTimers *timers,
                           SipTransaction *transaction,
                           SipMessage *response,
                           guint longest,
                           SipResendFunc func,
                           gpointer user_data);
void sip_resend_free (SipResend *self);
SipMessage *sip_resend_get_request (SipResend *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SipResend, sip_resend_free)

G_END_DECLS
