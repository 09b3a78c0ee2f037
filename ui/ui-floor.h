#pragma once

#include "sip-session.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define UI_TYPE_FLOOR (ui_floor_get_type ())
G_DECLARE_FINAL_TYPE (UiFloor, ui_floor, UI, FLOOR, GObject)

UiFloor *ui_floor_new (GListModel *calls);
SipSession *ui_floor_get_active (UiFloor *self);
void ui_floor_take (UiFloor *self, SipSession *session);

G_END_DECLS
