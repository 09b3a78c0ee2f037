#pragma once

#include "ui-line.h"
#include "ui-person.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_PERSON_ROW (ui_person_row_get_type ())
G_DECLARE_FINAL_TYPE (UiPersonRow, ui_person_row, UI, PERSON_ROW, AdwBin)

GtkWidget *ui_person_row_new (GListModel *lines);
UiPerson *ui_person_row_get_person (UiPersonRow *self);
void ui_person_row_show (UiPersonRow *self,
                         UiPerson *person,
                         const char *detail,
                         gboolean has_menu);

G_END_DECLS
