#pragma once

#include "sip-enums.h"

G_BEGIN_DECLS

const char *media_direction_get_name (SipDirection direction);
SipDirection media_direction_mirror (SipDirection direction);
SipDirection media_direction_offer (SipDirection wanted, SipDirection remote);
SipDirection media_direction_intersect (SipDirection one, SipDirection other);
SipDirection media_direction_unite (SipDirection one, SipDirection other);
gboolean media_direction_sends (SipDirection direction);
gboolean media_direction_receives (SipDirection direction);

G_END_DECLS
