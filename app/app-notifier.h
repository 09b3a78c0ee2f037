#pragma once

#include "store-record.h"

G_BEGIN_DECLS

#define APP_TYPE_NOTIFIER (app_notifier_get_type ())
G_DECLARE_FINAL_TYPE (AppNotifier, app_notifier, APP, NOTIFIER, GObject)

AppNotifier *app_notifier_new (GApplication *application,
                               GListModel *calls,
                               GSettings *settings,
                               GSettings *desktop);
void app_notifier_tell_missed (AppNotifier *self, StoreRecord *record);
gboolean app_notifier_forget_missed (AppNotifier *self, const char *address);

G_END_DECLS
