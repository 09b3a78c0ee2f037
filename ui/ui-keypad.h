#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_KEYPAD (ui_keypad_get_type ())
G_DECLARE_FINAL_TYPE (UiKeypad, ui_keypad, UI, KEYPAD, AdwBin)

GtkWidget *ui_keypad_new (void);
void ui_keypad_add_keys (GtkWidgetClass *widget_class);
void ui_keypad_note (UiKeypad *self, const char *digit);

G_END_DECLS
