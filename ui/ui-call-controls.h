#pragma once

#include "sip-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_CALL_CONTROLS (ui_call_controls_get_type ())
G_DECLARE_FINAL_TYPE (UiCallControls, ui_call_controls, UI, CALL_CONTROLS, AdwBin)

void ui_call_controls_show (UiCallControls *self, SipSession *session);
void ui_call_controls_show_keypad (UiCallControls *self, gboolean shown);
void ui_call_controls_toggle_keypad (UiCallControls *self);
void ui_call_controls_note (UiCallControls *self, const char *digit);

G_END_DECLS
