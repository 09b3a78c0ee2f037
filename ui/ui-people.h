#pragma once

#include "store-contacts.h"
#include "ui-presence.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_PEOPLE (ui_people_get_type ())
G_DECLARE_FINAL_TYPE (UiPeople, ui_people, UI, PEOPLE, AdwBin)

void ui_people_set_models (UiPeople *self,
                           GListModel *lines,
                           GListModel *recent,
                           StoreContacts *contacts,
                           GListModel *suggestions,
                           UiPresence *presence);
void ui_people_show_suggestions (UiPeople *self, gboolean shown);
void ui_people_set_picking (UiPeople *self, gboolean picking);
void ui_people_show_missed (UiPeople *self);
void ui_people_show_page (UiPeople *self, const char *name);

G_END_DECLS
