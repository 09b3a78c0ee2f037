#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *app_report_new (GListModel *lines);

G_END_DECLS
