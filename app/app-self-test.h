#pragma once

#include "sip-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define APP_TYPE_SELF_TEST (app_self_test_get_type ())
G_DECLARE_FINAL_TYPE (AppSelfTest, app_self_test, APP, SELF_TEST, GObject)

AppSelfTest *app_self_test_new (SipSession *session, GtkWindow *window, const char *screenshot);
int app_self_test_get_status (AppSelfTest *self);

G_END_DECLS
