#pragma once

#include "sip-message.h"

G_BEGIN_DECLS

#define SIP_TYPE_DIALOG (sip_dialog_get_type ())
G_DECLARE_FINAL_TYPE (SipDialog, sip_dialog, SIP, DIALOG, GObject)

SipDialog *sip_dialog_new_client (SipMessage *request, SipMessage *response);
SipDialog *sip_dialog_new_server (SipMessage *request, const char *local_tag);
SipDialog *sip_dialog_new_notified (SipMessage *subscribe, SipMessage *notify);
void sip_dialog_continue (SipDialog *self, SipDialog *early);
SipMessage *sip_dialog_create_request (SipDialog *self, const char *method);
SipMessage *sip_dialog_create_ack (SipDialog *self, SipMessage *invite);
void sip_dialog_sync_cseq (SipDialog *self, SipMessage *sent);
gboolean sip_dialog_take_cseq (SipDialog *self, SipMessage *request);
void sip_dialog_update_target (SipDialog *self, SipMessage *message);
char *sip_dialog_dup_next_hop (SipDialog *self);
const char *sip_dialog_get_target (SipDialog *self);
const char *sip_dialog_get_remote_tag (SipDialog *self);
const char *sip_dialog_get_local_tag (SipDialog *self);

G_END_DECLS
