#pragma once

#include "sip-modifiers.h"

G_BEGIN_DECLS

SipModifiers *sip_modifiers_strip_video (void);
SipModifiers *sip_modifiers_strip_tcp_candidates (void);
SipModifiers *sip_modifiers_strip_telephone_event (void);
SipModifiers *sip_modifiers_strip_payload (const char *name);
SipModifiers *sip_modifiers_reorder_codecs (const char *const *names);
SipModifiers *sip_modifiers_force_ptime (guint milliseconds);
SipModifiers *sip_modifiers_add_mid (void);
SipModifiers *sip_modifiers_hold (void);

G_END_DECLS
