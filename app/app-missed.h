#pragma once

#include "store-record.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define APP_TYPE_MISSED (app_missed_get_type ())
G_DECLARE_FINAL_TYPE (AppMissed, app_missed, APP, MISSED, GObject)

AppMissed *app_missed_new (GApplication *application, GSettings *settings);
void app_missed_tell (AppMissed *self, StoreRecord *record);
gboolean app_missed_remind (AppMissed *self, const char *address, const char *name);
char *app_missed_dup_account (AppMissed *self, const char *address);
gboolean app_missed_forget (AppMissed *self, const char *address);

G_END_DECLS
