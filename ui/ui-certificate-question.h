#pragma once

#include "ui-line.h"

#include <adwaita.h>

G_BEGIN_DECLS

GtkWidget *ui_certificate_question_new (UiLine *line, GTlsCertificate *certificate);

G_END_DECLS
