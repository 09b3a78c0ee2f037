#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SIP_TYPE_DTMF (sip_dtmf_get_type ())
G_DECLARE_FINAL_TYPE (SipDtmf, sip_dtmf, SIP, DTMF, GObject)

SipDtmf *sip_dtmf_new (const char *tone, guint duration, guint inter_tone_gap);
SipDtmf *sip_dtmf_new_received (const char *tone, guint duration);
const char *sip_dtmf_get_tone (SipDtmf *self);
guint sip_dtmf_get_duration (SipDtmf *self);
guint sip_dtmf_get_inter_tone_gap (SipDtmf *self);
gboolean sip_dtmf_get_received (SipDtmf *self);

G_END_DECLS
