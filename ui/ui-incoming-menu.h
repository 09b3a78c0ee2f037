#pragma once

#include "sip-session.h"

#include <gio/gio.h>

G_BEGIN_DECLS

GMenuModel *ui_incoming_menu_new (SipSession *session, gboolean is_second);

G_END_DECLS
