#pragma once

#include "sip-session-description-handler.h"

G_BEGIN_DECLS

/* What both kinds of handler do for sip_session_description_handler_mix(). */
gboolean media_mix (SipSessionDescriptionHandler *self, GPtrArray *others);

G_END_DECLS
