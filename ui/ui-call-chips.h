#pragma once

#include "sip-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_CALL_CHIPS (ui_call_chips_get_type ())
G_DECLARE_FINAL_TYPE (UiCallChips, ui_call_chips, UI, CALL_CHIPS, AdwBin)

void ui_call_chips_follow (UiCallChips *self, SipSessionDescriptionHandler *handler);
void ui_call_chips_show (UiCallChips *self, SipSession *session);

G_END_DECLS
