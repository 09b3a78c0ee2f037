#pragma once

#include "store-keyring.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_WINDOW (ui_window_get_type ())
G_DECLARE_FINAL_TYPE (UiWindow, ui_window, UI, WINDOW, AdwApplicationWindow)

GtkWidget *ui_window_new (GtkApplication *application,
                          GListModel *calls,
                          GListModel *lines,
                          StoreKeyring *keyring);
void ui_window_fill_dial (UiWindow *self, const char *text);
void ui_window_show_dial_error (UiWindow *self, const char *message);
void ui_window_show_call (UiWindow *self, const char *id);

G_END_DECLS
