#pragma once

#include "sip-message.h"
#include "sip-options.h"

G_BEGIN_DECLS

void sip_options_write_body (SipOptions *self, SipMessage *message);

G_END_DECLS
