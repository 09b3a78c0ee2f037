#pragma once

#include "sip-session.h"

G_BEGIN_DECLS

#define SIP_TYPE_REFER_CONTEXT (sip_refer_context_get_type ())
G_DECLARE_DERIVABLE_TYPE (SipReferContext, sip_refer_context, SIP, REFER_CONTEXT, GObject)

/**
 * SipReferContextClass:
 * @parent_class: the parent
 *
 * A transfer is derived from inside the library only.
 */
struct _SipReferContextClass {
  GObjectClass parent_class;
};

SipSession *sip_refer_context_get_session (SipReferContext *self);
SipMessage *sip_refer_context_get_request (SipReferContext *self);
GObject *sip_refer_context_get_data (SipReferContext *self);
guint sip_refer_context_get_status_code (SipReferContext *self);
const char *sip_refer_context_get_reason_phrase (SipReferContext *self);

G_END_DECLS
