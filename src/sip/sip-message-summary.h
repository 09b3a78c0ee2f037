#pragma once

#include "sip-message.h"

G_BEGIN_DECLS

#define SIP_TYPE_MESSAGE_SUMMARY (sip_message_summary_get_type ())
G_DECLARE_FINAL_TYPE (SipMessageSummary, sip_message_summary, SIP, MESSAGE_SUMMARY, GObject)

SipMessageSummary *sip_message_summary_new (SipMessage *notify);
gboolean sip_message_summary_get_waiting (SipMessageSummary *self);
guint sip_message_summary_get_n_new (SipMessageSummary *self);
guint sip_message_summary_get_n_old (SipMessageSummary *self);
const char *sip_message_summary_get_account (SipMessageSummary *self);

G_END_DECLS
