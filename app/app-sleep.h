#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define APP_TYPE_SLEEP (app_sleep_get_type ())
G_DECLARE_FINAL_TYPE (AppSleep, app_sleep, APP, SLEEP, GObject)

AppSleep *app_sleep_new (void);

G_END_DECLS
