#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define APP_TYPE_RINGER (app_ringer_get_type ())
G_DECLARE_FINAL_TYPE (AppRinger, app_ringer, APP, RINGER, GObject)

AppRinger *app_ringer_new (GListModel *calls, GSettings *desktop);

G_END_DECLS
