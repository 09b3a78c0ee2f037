#pragma once

#include "ui-line.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_ACCOUNT_CHIP (ui_account_chip_get_type ())
G_DECLARE_FINAL_TYPE (UiAccountChip, ui_account_chip, UI, ACCOUNT_CHIP, AdwBin)

void ui_account_chip_show (UiAccountChip *self, UiLine *line);

G_END_DECLS
