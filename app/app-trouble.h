#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define APP_TYPE_TROUBLE (app_trouble_get_type ())
G_DECLARE_FINAL_TYPE (AppTrouble, app_trouble, APP, TROUBLE, GObject)

AppTrouble *app_trouble_new (GApplication *application, GListModel *lines);

G_END_DECLS
