#pragma once

#include "ui-call-card.h"

#include "ui-call-chips.h"
#include "ui-call-controls.h"
#include "ui-call-details.h"
#include "ui-call-row.h"
#include "ui-transfer-bar.h"
#include "ui-zones.h"

G_BEGIN_DECLS

struct _UiCallCard {
  AdwBin parent_instance;

  SipSession *session;
  UiFloor *floor;
  SipSessionDescriptionHandler *handler; /* NULL until the session has one */
  guint status_code;                     /* of the last response, 0 without one */
  gboolean holds_space;                  /* to be heard while muted */
  guint tick_id;                         /* each second while both talk and somebody looks */

  GtkWidget *large;
  UiCallRow *small;
  GtkWidget *frame;
  AdwAvatar *avatar;
  GtkLabel *name_label;
  GtkLabel *address_label;
  GtkLabel *time_label;
  GtkLabel *state_label;
  UiCallChips *chips;
  UiCallDetails *details;
  UiTransferBar *transfer_bar;
  UiZones *zones;
  UiCallControls *controls;
  GtkWidget *incoming;
  GtkMenuButton *incoming_menu;
  GtkWidget *ended;
  GtkButton *again_button;
};

/* ui-call-card.c */
void ui_call_card_show_state (UiCallCard *self, const char *text);

/* ui-call-card-actions.c */
void ui_call_card_install_actions (GtkWidgetClass *widget_class);
void ui_call_card_listen_to_space (UiCallCard *self);

G_END_DECLS
