#pragma once

#include "sip-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_CALL_DETAILS (ui_call_details_get_type ())
G_DECLARE_FINAL_TYPE (UiCallDetails, ui_call_details, UI, CALL_DETAILS, AdwBin)

void ui_call_details_set_session (UiCallDetails *self, SipSession *session);
void ui_call_details_follow (UiCallDetails *self, SipSessionDescriptionHandler *handler);

G_END_DECLS
