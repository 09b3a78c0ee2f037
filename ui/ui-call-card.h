#pragma once

#include "ui-floor.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_CALL_CARD (ui_call_card_get_type ())
G_DECLARE_FINAL_TYPE (UiCallCard, ui_call_card, UI, CALL_CARD, AdwBin)

GtkWidget *ui_call_card_new (SipSession *session, UiFloor *floor);
SipSession *ui_call_card_get_session (UiCallCard *self);
void ui_call_card_update (UiCallCard *self);

G_END_DECLS
