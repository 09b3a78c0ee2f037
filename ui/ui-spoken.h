#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

char *ui_spoken_format (const char *text);
void ui_spoken_set (gpointer widget, const char *text);
void ui_spoken_show (GtkLabel *label, const char *text);

G_END_DECLS
