#pragma once

#include "sip-enums.h"
#include "sip-message.h"

G_BEGIN_DECLS

#define SIP_TYPE_DIALOG_INFO (sip_dialog_info_get_type ())
G_DECLARE_FINAL_TYPE (SipDialogInfo, sip_dialog_info, SIP, DIALOG_INFO, GObject)

SipDialogInfo *sip_dialog_info_new (void);
gboolean sip_dialog_info_update (SipDialogInfo *self, SipMessage *notify, GError **error);
SipLampState sip_dialog_info_get_state (SipDialogInfo *self);

G_END_DECLS
