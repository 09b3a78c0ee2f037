#pragma once

#include "sip-dialog-private.h"
#include "sip-dtmf.h"
#include "sip-media-stats.h"
#include "sip-refer-client-context.h"
#include "sip-refer-server-context.h"
#include "sip-request-private.h"
#include "sip-resend-private.h"
#include "sip-session.h"
#include "sip-timers-private.h"
#include "sip-ua.h"

G_BEGIN_DECLS

/* Where the change of a running call stands; inside CONFIRMED and WAITING_FOR_ACK. */
typedef enum {
  SIP_ROUND_NONE,      /* nothing is being changed */
  SIP_ROUND_MAKING,    /* our media makes an offer */
  SIP_ROUND_OFFERED,   /* our offer is with the other side */
  SIP_ROUND_TAKING,    /* our media takes the answer */
  SIP_ROUND_WAITING,   /* both sides offered at once; ours goes again after a while */
  SIP_ROUND_ANSWERING, /* our media works on the other side's offer */
  SIP_ROUND_ANSWERED,  /* the 200 of a re-INVITE waits for its ACK */
} SipRound;

/* What client and server, and the verbs in their own files, share. */
typedef struct {
  SipUA *ua;
  SipTimers *timers;
  SipSessionStatus status;
  SipSessionDescriptionHandler *handler;
  SipMediaProfile media_profile; /* of the handler, AUTO where the other side offers */
  SipMessage *request;           /* the INVITE */
  SipDialog *dialog;             /* NULL before the answer */
  SipSession *replacee;
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

  SipRound round;
  gboolean local_hold;   /* as it was agreed last */
  gboolean remote_hold;  /* likewise */
  gboolean hold_wanted;  /* as this side wants it */
  gboolean round_hold;   /* as the change under way wants it */
  gboolean round_wanted; /* a change that waits for its turn */
  SipOptions *wanted_options;
  SipModifiers *wanted_modifiers;
  SipOptions *round_options; /* of the change under way */
  SipModifiers *round_modifiers;
  guint round_tries;      /* how often it met an offer of the other side */
  guint round_id;         /* the wait after that */
  SipRequest *offer;      /* our re-INVITE */
  SipTransaction *update; /* the other side's re-INVITE or UPDATE, while it is worked on */
  SipResend *answer;      /* our 200 to an INVITE, until its ACK */
  GHashTable *acks;       /* "CSeq tag" of a 2xx to its ACK, a SipRequest */

  guint move_id;   /* until the other side has to know where our media is now, and it comes */
  guint64 lost_at; /* so much had come when the way was lost that is looked for; else 0 */

  guint interval; /* seconds that the session lasts unrefreshed (RFC 4028); 0 for ever */
  gboolean is_refresher;
  gboolean takes_update; /* the other side's Allow says so */
  gboolean lacks_refer;  /* likewise; one that never said is asked */
  guint refresh_id;

  GPtrArray *refers;    /* of SipReferClientContext whose outcome is not known yet */
  GPtrArray *referrals; /* of SipReferServerContext, likewise */
  guint n_referrals;    /* how many came */

  GQueue tones;          /* of Tone that wait */
  gboolean refuses_info; /* the other side takes no tones that way */
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
  SIP_SIGNAL_REINVITE,
  SIP_SIGNAL_REINVITE_ACCEPTED,
  SIP_SIGNAL_REINVITE_FAILED,
  SIP_SIGNAL_RENEGOTIATION_ERROR,
  SIP_SIGNAL_REFER_REQUESTED,
  SIP_SIGNAL_REFER,
  SIP_SIGNAL_REFER_PROGRESS,
  SIP_SIGNAL_REFER_ACCEPTED,
  SIP_SIGNAL_REFER_REJECTED,
  SIP_SIGNAL_REPLACED,
  SIP_SIGNAL_DTMF,
  SIP_SIGNAL_SDH_CREATED,
  SIP_SIGNAL_DIRECTION_CHANGED,
  SIP_SIGNAL_TRACK_ADDED,
  SIP_SIGNAL_ACK,
  SIP_SIGNAL_CONFIRMED,
  SIP_SIGNAL_NOTIFY_RECEIVED,
  SIP_SIGNAL_MESSAGE,
  SIP_SIGNAL_INFO,
  SIP_SIGNAL_MEDIA_FAILED,
  SIP_SIGNAL_DTMF_FAILED,
  SIP_N_SIGNALS
} SipSessionSignal;

typedef void (*SipReceive) (SipSession *self, SipTransaction *transaction, SipMessage *request);

/* sip-session.c, sip-session-signals.c */
SipSessionPrivate *sip_session_peek (SipSession *self);
void sip_session_set_status (SipSession *self, SipSessionStatus status);
void sip_session_set_hold (SipSession *self, gboolean local, gboolean wanted);
void sip_session_set_remote_hold (SipSession *self, gboolean remote);
void sip_session_install_signals (SipSessionClass *klass);
void sip_session_emit (SipSession *self, SipSessionSignal signal, ...);
gboolean sip_session_has_listener (SipSession *self, SipSessionSignal signal);

/* sip-session-life.c */
void sip_session_set_up (SipSession *self, SipUA *ua, SipMessage *request, const char *id);
void sip_session_set_request (SipSession *self, SipMessage *request);
void sip_session_set_asserted_identity (SipSession *self, SipMessage *message);
gboolean sip_session_check_status (SipSession *self, guint allowed, GError **error);
gboolean sip_session_is_over (SipSession *self);
gboolean sip_session_ensure_handler (SipSession *self);
void sip_session_drop_handler (SipSession *self);
void sip_session_limit_media (SipSession *self, SipDirection direction);
void sip_session_accept_done (SipSession *self, SipMessage *response, const char *cause);
void sip_session_close_handler (SipSession *self);
void sip_session_refuse (SipSession *self, SipMessage *message, const char *words, SipCause cause);
void sip_session_fail (SipSession *self, SipMessage *message, const char *words, SipCause cause);
void sip_session_give_up (SipSession *self);
void sip_session_end (SipSession *self, SipMessage *message, const char *words, SipCause cause);

/* sip-session-dialog.c */
void sip_session_hang_up (SipSession *self,
                          SipOptions *options,
                          SipMessage *message,
                          const char *words,
                          SipCause cause);
void sip_session_fail_dialog (SipSession *self, SipMessage *response);
void sip_session_respond (SipSession *self,
                          SipTransaction *transaction,
                          guint code,
                          const char *name,
                          const char *value);
void sip_session_receive (SipSession *self, SipTransaction *transaction, SipMessage *request);
void sip_session_receive_ack (SipSession *self, SipMessage *ack);
void sip_session_note_allow (SipSession *self, SipMessage *message);
SipMessage *sip_session_send_ack (SipSession *self,
                                  SipDialog *dialog,
                                  SipMessage *invite,
                                  SipMessage *response,
                                  SipSessionDescription *answer);
gboolean sip_session_send_ack_again (SipSession *self, SipMessage *response);
char *sip_session_list_methods (void);

/* sip-session-reinvite.c: our changes of a running call */
void sip_session_want_round (SipSession *self, SipOptions *options, SipModifiers *modifiers);
void sip_session_next_round (SipSession *self);
void sip_session_drop_round (SipSession *self);

/* sip-session-move.c */
void sip_session_move (SipSession *self);
void sip_session_move_media (SipSession *self);
void sip_session_settle_move (SipSession *self);
void sip_session_end_move (SipSession *self);
void sip_session_watch_way (SipSession *self, SipMediaStats *stats);
void sip_session_find_way (SipSession *self, SipMediaStats *stats);

/* sip-session-answer.c: the other side's */
void sip_session_receive_invite (SipSession *self,
                                 SipTransaction *transaction,
                                 SipMessage *request);
void sip_session_receive_update (SipSession *self,
                                 SipTransaction *transaction,
                                 SipMessage *request);
void sip_session_receive_reinvite_ack (SipSession *self, SipMessage *invite, SipMessage *ack);
void sip_session_receive_cancel (SipSession *self, SipTransaction *invite);

/* sip-session-timer.c: RFC 4028 */
#define SIP_MIN_SE 90
#define SIP_MIN_SE_TEXT "90"
gboolean sip_session_timer_is_short (SipMessage *request);
void sip_session_offer_timer (SipSession *self, SipMessage *request);
void sip_session_answer_timer (SipSession *self, SipMessage *request, SipMessage *response);
void sip_session_take_timer (SipSession *self, SipMessage *response);
void sip_session_stop_timer (SipSession *self);
void sip_session_refresh (SipSession *self);

/* sip-session-refer.c */
void sip_session_receive_refer (SipSession *self, SipTransaction *transaction, SipMessage *request);
void sip_session_receive_notify (SipSession *self,
                                 SipTransaction *transaction,
                                 SipMessage *request);
void sip_session_forget_refer (SipSession *self, SipReferClientContext *context);
void sip_session_drop_refers (SipSession *self);

/* sip-session-dtmf.c */
void sip_session_receive_info (SipSession *self, SipTransaction *transaction, SipMessage *request);
void sip_session_drop_tones (SipSession *self);

/* sip-cause.c: what a status code and a Reason header say (contract of SIP.js, RFC 3326) */
SipCause sip_cause_from_status (guint code);
SipCause sip_cause_from_error (const GError *error);
const char *sip_cause_words (SipCause cause);
SipCause sip_cause_from_reason (SipMessage *message, SipCause fallback);
char *sip_reason_header (SipOptions *options);

SipInviteClientContext *sip_invite_client_context_new (SipUA *ua,
                                                       SipMessage *invite,
                                                       const char *next_hop,
                                                       SipOptions *options,
                                                       SipModifiers *modifiers);
SipInviteServerContext *sip_invite_server_context_new (SipUA *ua,
                                                       SipTransaction *transaction,
                                                       SipSession *replacee);
void sip_invite_server_context_ring (SipInviteServerContext *self);
gboolean sip_invite_server_context_is_for (SipInviteServerContext *self,
                                           SipTransaction *transaction);
void sip_invite_server_context_receive_cancel (SipInviteServerContext *self, SipMessage *cancel);

#define SIP_STATUS_BIT(name) (1u << SIP_SESSION_STATUS_##name)

G_END_DECLS
