#pragma once

#include "sip-message.h"
#include "sip-session-description.h"

G_BEGIN_DECLS

SipSessionDescription *sip_session_description_read (SipMessage *message);
SipSessionDescription *sip_session_description_read_answer (SipMessage *message);
void sip_session_description_mark_answer (SipSessionDescription *self);
void sip_session_description_write (SipSessionDescription *self, SipMessage *message);

G_END_DECLS
