#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void ui_fold_box (GtkBox *box);

G_END_DECLS
