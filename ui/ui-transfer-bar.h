#pragma once

#include "sip-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_TRANSFER_BAR (ui_transfer_bar_get_type ())
G_DECLARE_FINAL_TYPE (UiTransferBar, ui_transfer_bar, UI, TRANSFER_BAR, AdwBin)

void ui_transfer_bar_show (UiTransferBar *self, SipSession *session);

G_END_DECLS
