#pragma once

#include "sip-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UI_TYPE_ZONES (ui_zones_get_type ())
G_DECLARE_FINAL_TYPE (UiZones, ui_zones, UI, ZONES, AdwBin)

void ui_zones_serve (UiZones *self, GtkWidget *card, SipSession *session);

G_END_DECLS
