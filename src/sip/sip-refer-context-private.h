#pragma once

#include "sip-refer-context.h"

G_BEGIN_DECLS

typedef enum {
  SIP_REFER_REQUEST_PROGRESS,
  SIP_REFER_REQUEST_ACCEPTED,
  SIP_REFER_REQUEST_REJECTED,
  SIP_REFER_INVITE_SENT,
  SIP_REFER_PROGRESS,
  SIP_REFER_ACCEPTED,
  SIP_REFER_REJECTED,
  SIP_REFER_N_SIGNALS
} SipReferSignal;

void sip_refer_context_set_up (SipReferContext *self, SipSession *session, SipMessage *request);
void sip_refer_context_set_outcome (SipReferContext *self, guint code, const char *phrase);
void sip_refer_context_emit (SipReferContext *self, SipReferSignal signal);

G_END_DECLS
