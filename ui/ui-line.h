#pragma once

#include "sip-ua.h"
#include "store-account.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  UI_LINE_WAITING,    /* for the keyring to give the password */
  UI_LINE_CONNECTING, /* to the server, or again after the connection was lost */
  UI_LINE_SIGNING_IN, /* the server is there, its answer is due */
  UI_LINE_READY,      /* calls arrive */
  UI_LINE_FAILED,     /* the server has to come back */
  UI_LINE_REFUSED,    /* the person has to do something */
} UiLineStatus;

#define UI_TYPE_LINE_STATUS (ui_line_status_get_type ())
GType ui_line_status_get_type (void);

#define UI_TYPE_LINE (ui_line_get_type ())
G_DECLARE_FINAL_TYPE (UiLine, ui_line, UI, LINE, GObject)

UiLine *ui_line_new (StoreAccount *account, SipUA *ua);
StoreAccount *ui_line_get_account (UiLine *self);
SipUA *ui_line_get_ua (UiLine *self);
UiLineStatus ui_line_get_status (UiLine *self);
gboolean ui_line_has_failed (UiLine *self);
const char *ui_line_get_text (UiLine *self);
const char *ui_line_get_trouble (UiLine *self);
const char *ui_line_get_unknown_host (UiLine *self);
void ui_line_start (UiLine *self, const char *password);

UiLine *ui_line_find (GListModel *lines, const char *account);
UiLine *ui_line_choose (GListModel *lines, const char *text);

G_END_DECLS
