#pragma once

#include "sip-dialog-private.h"
#include "sip-dtmf.h"
#include "sip-request-private.h"
#include "sip-session.h"
#include "sip-timers-private.h"
#include "sip-ua.h"

G_BEGIN_DECLS

/* What client and server, and the verbs in their own files, share. */
typedef struct {
  SipUA *ua;
  SipTimers *timers;
  SipSessionStatus status;
  SipSessionDescriptionHandler *handler;
  SipMessage *request; /* the INVITE */
  SipDialog *dialog;   /* NULL before the answer */
  SipNameAddr *local_identity;
  SipNameAddr *remote_identity;
  SipNameAddr *asserted_identity;
  GDateTime *start_time;
  GDateTime *end_time;
  GObject *data;
  char *id;
  char *contact;
  SipCause cause;
  gboolean canceled; /* for a call log: whoever cancelled, nobody talked */

  SipOptions *options;
  SipModifiers *modifiers;
  GCancellable *cancellable; /* of the handler's work */

  GQueue tones; /* of SipDtmf that wait */
  GStrv tone_headers;
  guint tone_id;
} SipSessionPrivate;

typedef enum {
  SIP_SIGNAL_PROGRESS,
  SIP_SIGNAL_ACCEPTED,
  SIP_SIGNAL_REJECTED,
  SIP_SIGNAL_FAILED,
  SIP_SIGNAL_TERMINATED,
  SIP_SIGNAL_CANCEL,
  SIP_SIGNAL_BYE,
  SIP_SIGNAL_DTMF,
  SIP_SIGNAL_SDH_CREATED,
  SIP_SIGNAL_DIRECTION_CHANGED,
  SIP_SIGNAL_TRACK_ADDED,
  SIP_SIGNAL_ACK,
  SIP_SIGNAL_CONFIRMED,
  SIP_SIGNAL_INFO,
  SIP_SIGNAL_MEDIA_FAILED,
  SIP_SIGNAL_DTMF_FAILED,
  SIP_N_SIGNALS
} SipSessionSignal;

SipSessionPrivate *sip_session_peek (SipSession *self);
void sip_session_set_up (SipSession *self, SipUA *ua, SipMessage *request, const char *id);
void sip_session_set_request (SipSession *self, SipMessage *request);
void sip_session_set_status (SipSession *self, SipSessionStatus status);
void sip_session_set_asserted_identity (SipSession *self, SipMessage *message);
void sip_session_emit (SipSession *self, SipSessionSignal signal, ...);
gboolean sip_session_check_status (SipSession *self, guint allowed, GError **error);
gboolean sip_session_ensure_handler (SipSession *self);
void sip_session_accept_done (SipSession *self, SipMessage *response, const char *cause);
void sip_session_close_handler (SipSession *self);
void sip_session_refuse (SipSession *self, SipMessage *message, const char *words, SipCause cause);
void sip_session_fail (SipSession *self, SipMessage *message, const char *words, SipCause cause);
void sip_session_end (SipSession *self, SipMessage *message, const char *words, SipCause cause);
void sip_session_hang_up (SipSession *self,
                          SipOptions *options,
                          SipMessage *message,
                          const char *words,
                          SipCause cause);
void sip_session_receive (SipSession *self, SipTransaction *transaction, SipMessage *request);
void sip_session_receive_ack (SipSession *self, SipMessage *ack);
void sip_session_receive_info (SipSession *self, SipTransaction *transaction, SipMessage *request);
void sip_session_drop_tones (SipSession *self);
SipRequest *sip_session_send (SipSession *self, SipMessage *request);
char *sip_session_list_methods (void);

/* What a status code and a Reason header say (contract of SIP.js, RFC 3326). */
SipCause sip_cause_from_status (guint code);
const char *sip_cause_words (SipCause cause);
SipCause sip_cause_from_reason (SipMessage *message, SipCause fallback);
char *sip_reason_header (SipOptions *options);

SipInviteClientContext *sip_invite_client_context_new (SipUA *ua,
                                                       SipMessage *invite,
                                                       const char *next_hop,
                                                       SipOptions *options,
                                                       SipModifiers *modifiers);
SipInviteServerContext *sip_invite_server_context_new (SipUA *ua, SipTransaction *transaction);
void sip_invite_server_context_ring (SipInviteServerContext *self);
gboolean sip_invite_server_context_is_for (SipInviteServerContext *self,
                                           SipTransaction *transaction);
void sip_invite_server_context_receive_cancel (SipInviteServerContext *self, SipMessage *cancel);

#define SIP_STATUS_BIT(name) (1u << SIP_SESSION_STATUS_##name)

G_END_DECLS
