#pragma once

#include "ui-line.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_ACCOUNT_PICKER (ui_account_picker_get_type ())
G_DECLARE_FINAL_TYPE (UiAccountPicker, ui_account_picker, UI, ACCOUNT_PICKER, AdwBin)

void ui_account_picker_set_lines (UiAccountPicker *self, GListModel *lines);
void ui_account_picker_suggest (UiAccountPicker *self, UiLine *line);
void ui_account_picker_reset (UiAccountPicker *self);
const char *ui_account_picker_get_account (UiAccountPicker *self);

G_END_DECLS
