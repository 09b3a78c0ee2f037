#pragma once

#include "sip-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_PICK_SHEET (ui_pick_sheet_get_type ())
G_DECLARE_FINAL_TYPE (UiPickSheet, ui_pick_sheet, UI, PICK_SHEET, AdwBin)

void ui_pick_sheet_offer (UiPickSheet *self,
                          SipSession *call,
                          const char *target,
                          SipLampState lamp);
void ui_pick_sheet_close (UiPickSheet *self);

G_END_DECLS
