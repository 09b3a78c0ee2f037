#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_SETTINGS (ui_settings_get_type ())
G_DECLARE_FINAL_TYPE (UiSettings, ui_settings, UI, SETTINGS, AdwPreferencesWindow)

GtkWidget *ui_settings_new (GListModel *lines, GSettings *settings);

G_END_DECLS
