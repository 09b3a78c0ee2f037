#pragma once

#include "sip-session.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define UI_TYPE_FLOOR (ui_floor_get_type ())
G_DECLARE_FINAL_TYPE (UiFloor, ui_floor, UI, FLOOR, GObject)

UiFloor *ui_floor_new (GListModel *calls);
SipSession *ui_floor_get_active (UiFloor *self);
void ui_floor_take (UiFloor *self, SipSession *session);
void ui_floor_take_over (UiFloor *self, SipSession *session);
char *ui_floor_dup_company (UiFloor *self, SipSession *session);
gboolean ui_floor_is_together (UiFloor *self, SipSession *session);
gboolean ui_floor_can_bring_in (UiFloor *self, SipSession *session);
void ui_floor_bring_in (UiFloor *self, SipSession *session);
void ui_floor_talk_alone (UiFloor *self, SipSession *session);
void ui_floor_set_muted (UiFloor *self, SipSession *session, gboolean muted);

G_END_DECLS
