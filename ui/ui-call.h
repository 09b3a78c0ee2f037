#pragma once

#include "sip-client-context.h"
#include "sip-refer-server-context.h"
#include "sip-session.h"

G_BEGIN_DECLS

typedef struct _UiTransfer UiTransfer;

/* Where a call stands for a person, who does not know what a session description is. */
typedef enum {
  UI_CALL_PHASE_CALLING,    /* ours, on its way */
  UI_CALL_PHASE_RINGING,    /* ours, the other side rings */
  UI_CALL_PHASE_INCOMING,   /* theirs, we ring */
  UI_CALL_PHASE_CONNECTING, /* answered, not yet connected */
  UI_CALL_PHASE_TALKING,    /* both talk */
  UI_CALL_PHASE_ENDED,      /* over, or being ended */
} UiCallPhase;

/* What can be done about a call that is over. */
typedef enum {
  UI_CALL_OFFER_NOTHING = 0,
  UI_CALL_OFFER_AGAIN = 1 << 0,  /* call once more, or back */
  UI_CALL_OFFER_EDIT = 1 << 1,   /* mend the address */
  UI_CALL_OFFER_REMIND = 1 << 2, /* of somebody who cannot be had now */
} UiCallOffer;

UiCallPhase ui_call_phase_of (SipSessionStatus status, gboolean outgoing);
UiCallPhase ui_call_get_phase (SipSession *session);
SipSession *ui_call_find_talking (GListModel *calls);
gboolean ui_call_is_outgoing (SipSession *session);
char *ui_call_dup_name (SipSession *session);
char *ui_call_dup_address (SipSession *session);
void ui_call_set_name (SipSession *session, const char *name, const char *address);
const char *ui_call_get_line_name (SipSession *session);
void ui_call_set_line_name (SipSession *session, const char *name);
UiTransfer *ui_call_get_transfer (SipSession *session);
void ui_call_set_transfer (SipSession *session, UiTransfer *transfer);
const char *ui_call_get_keys (SipSession *session);
void ui_call_set_keys (SipSession *session, const char *keys);
gboolean ui_call_press_keys (SipSession *session, GError **error);
SipReferServerContext *ui_call_get_refer (SipSession *session);
void ui_call_set_refer (SipSession *session, SipReferServerContext *context);
gint64 ui_call_get_seconds (SipSession *session);
gboolean ui_call_is_encrypted (SipSession *session);
gboolean ui_call_has_wide_sound (SipSession *session);
char *ui_call_dup_codec (SipSession *session);
char *ui_call_describe_protection (SipSession *session);
char *ui_call_describe_devices (SipSession *session);
char *ui_call_describe (SipSession *session, guint status_code);
UiCallOffer ui_call_get_offer (SipSession *session, guint status_code);
char *ui_call_describe_no_relay (SipSession *session);
gboolean ui_call_answer (SipSession *session, GError **error);
gboolean ui_call_decline (SipSession *session, GError **error);
gboolean ui_call_takes_text (SipSession *session);
SipClientContext *ui_call_send_text (SipSession *session, const char *text, GError **error);

G_END_DECLS
