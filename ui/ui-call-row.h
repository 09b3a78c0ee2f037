#pragma once

#include "ui-floor.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_CALL_ROW (ui_call_row_get_type ())
G_DECLARE_FINAL_TYPE (UiCallRow, ui_call_row, UI, CALL_ROW, AdwBin)

void ui_call_row_show (UiCallRow *self, SipSession *session, UiFloor *floor, const char *state);

G_END_DECLS
