#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define APP_TYPE_NOTIFIER (app_notifier_get_type ())
G_DECLARE_FINAL_TYPE (AppNotifier, app_notifier, APP, NOTIFIER, GObject)

AppNotifier *app_notifier_new (GApplication *application,
                               GListModel *calls,
                               GSettings *settings,
                               GSettings *desktop);

G_END_DECLS
