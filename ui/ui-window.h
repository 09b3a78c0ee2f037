#pragma once

#include "store-contacts.h"
#include "store-history.h"
#include "store-keyring.h"
#include "ui-floor.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_WINDOW (ui_window_get_type ())
G_DECLARE_FINAL_TYPE (UiWindow, ui_window, UI, WINDOW, AdwApplicationWindow)

GtkWidget *ui_window_new (GtkApplication *application,
                          GListModel *calls,
                          GListModel *lines,
                          UiFloor *floor,
                          StoreKeyring *keyring,
                          StoreHistory *history,
                          StoreContacts *contacts);
void ui_window_fill_dial (UiWindow *self, const char *text);
void ui_window_show_dial_error (UiWindow *self, const char *message);
void ui_window_show_call (UiWindow *self, const char *id);
void ui_window_show_missed (UiWindow *self);
void ui_window_update_cards (UiWindow *self);
void ui_window_tell (UiWindow *self, const char *text);
void ui_window_tell_account (UiWindow *self, const char *text, const char *account);

G_END_DECLS
