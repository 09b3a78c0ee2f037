#pragma once

#include "sip-enums.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define UI_TYPE_PRESENCE (ui_presence_get_type ())
G_DECLARE_FINAL_TYPE (UiPresence, ui_presence, UI, PRESENCE, GObject)

UiPresence *ui_presence_new (GListModel *lines, GListModel *contacts);
SipLampState ui_presence_get (UiPresence *self, const char *address);

G_END_DECLS
