#pragma once

#include "ui-floor.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  UI_TRANSFER_WAITING, /* may still be undone, nothing was sent */
  UI_TRANSFER_ASKING,  /* the target is called, or spoken with */
  UI_TRANSFER_SENDING, /* the other side was told whom to call */
  UI_TRANSFER_OVER,    /* done, undone or failed */
} UiTransferState;

#define UI_TYPE_TRANSFER_STATE (ui_transfer_state_get_type ())
GType ui_transfer_state_get_type (void);

#define UI_TYPE_TRANSFER (ui_transfer_get_type ())
G_DECLARE_FINAL_TYPE (UiTransfer, ui_transfer, UI, TRANSFER, GObject)

gboolean ui_transfer_check (SipSession *call, const char *target, gboolean blind, GError **error);
UiTransfer *ui_transfer_new (UiFloor *floor,
                             SipSession *call,
                             const char *target,
                             const char *name);
gboolean ui_transfer_can_send_now (SipSession *call, SipLampState lamp);
gboolean ui_transfer_send_now (UiTransfer *self, GError **error);
gboolean ui_transfer_ask_first (UiTransfer *self, GError **error);
void ui_transfer_join (UiTransfer *self, SipSession *consultation);
void ui_transfer_undo (UiTransfer *self);
void ui_transfer_bring_in (UiTransfer *self);
gboolean ui_transfer_can_complete (UiTransfer *self);
gboolean ui_transfer_complete (UiTransfer *self, GError **error);
SipSession *ui_transfer_get_call (UiTransfer *self);
SipSession *ui_transfer_get_consultation (UiTransfer *self);
UiTransferState ui_transfer_get_state (UiTransfer *self);
const char *ui_transfer_get_text (UiTransfer *self);

G_END_DECLS
