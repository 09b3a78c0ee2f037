#pragma once

#include "ui-line.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_ACCOUNT_ROW (ui_account_row_get_type ())
G_DECLARE_FINAL_TYPE (UiAccountRow, ui_account_row, UI, ACCOUNT_ROW, AdwPreferencesRow)

GtkWidget *ui_account_row_new (UiLine *line);

G_END_DECLS
