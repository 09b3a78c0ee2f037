#pragma once

#include "ui-window.h"

#include "store-suggestions.h"
#include "ui-account-picker.h"
#include "ui-people.h"
#include "ui-pick-sheet.h"
#include "ui-strip.h"

G_BEGIN_DECLS

struct _UiWindow {
  AdwApplicationWindow parent_instance;

  GListModel *calls; /* of SipSession */
  GListModel *lines; /* of UiLine */
  StoreHistory *history;
  StoreContacts *contacts;
  StoreKeyring *keyring;
  StoreSuggestions *suggestions;
  GObject *removed; /* a StoreContact or a StoreRecord that may be brought back; NULL for none */
  UiFloor *floor;
  UiPresence *presence;
  SipSession *picking; /* the call that a target is picked for; NULL for none */

  AdwToastOverlay *toasts;
  AdwLeaflet *leaflet;
  GtkEditable *dial_entry;
  GtkLabel *dial_error;
  UiAccountPicker *account_picker;
  GtkListBox *account_list;
  UiStrip *strip;
  GtkLabel *people_title;
  GtkWidget *cancel_button;
  UiPickSheet *pick_sheet;
  GtkWidget *add_button;
  GtkWidget *narrow_add_button;
  GtkWidget *narrow_welcome;
  UiPeople *people;
  GtkStack *call_stack;
  GtkWidget *welcome;
  GtkWidget *cards_pane;
  GtkBox *cards;
};

/* ui-window.c */
SipSession *ui_window_find_call (UiWindow *self, const char *id);

/* ui-window-toasts.c */
void ui_window_tell_undo (UiWindow *self, const char *text);

/* ui-window-calls.c */
void ui_window_install_calls (GtkWidgetClass *widget_class);

/* ui-window-people.c */
void ui_window_take_cards (UiWindow *self);
char *ui_window_dup_dialled (UiWindow *self);
void ui_window_suggest_account (UiWindow *self);
char *ui_window_dup_person_name (UiWindow *self, const char *address);
void ui_window_install_people (GtkWidgetClass *widget_class);

/* ui-window-strip.c */
void ui_window_watch_trouble (UiWindow *self);

/* ui-window-transfer.c */
void ui_window_install_transfer (GtkWidgetClass *widget_class);
void ui_window_pick_now (UiWindow *self, gboolean blind);
void ui_window_stop_picking (UiWindow *self);
void ui_window_offer_picked (UiWindow *self);

G_END_DECLS
