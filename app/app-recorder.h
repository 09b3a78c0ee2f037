#pragma once

#include "sip-session.h"
#include "store-history.h"

G_BEGIN_DECLS

#define APP_TYPE_RECORDER (app_recorder_get_type ())
G_DECLARE_FINAL_TYPE (AppRecorder, app_recorder, APP, RECORDER, GObject)

AppRecorder *app_recorder_new (StoreHistory *history);
void app_recorder_follow (AppRecorder *self, SipSession *session, const char *account);

G_END_DECLS
