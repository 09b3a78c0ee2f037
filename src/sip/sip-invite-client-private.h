#pragma once

#include "sip-invite-client-context.h"
#include "sip-session-private.h"

G_BEGIN_DECLS

/* A dialog that a ringing phone makes (RFC 3261 12.1.2). */
typedef struct {
  SipDialog *dialog;
  guint32 rseq; /* of its last reliable response; 0 before */
} SipEarly;

struct _SipInviteClientContext {
  SipSession parent_instance;

  SipMessage *invite; /* as it will go out; NULL once it has */
  char *next_hop;
  SipRequest *sent;      /* NULL before the INVITE goes out */
  SipMessage *accepted;  /* the 2xx that the call is made of */
  GHashTable *early;     /* tag of a ringing phone to SipEarly */
  SipMessage *described; /* the response whose description our media runs by */
  SipMessage *taking;    /* the one whose description our media looks at */
  SipMessage *mentioned; /* the last provisional response with a description */
  SipOptions *hang_up;   /* set when the call shall end as soon as it is on */
  GQueue targets;        /* addresses that redirections named, of char * */
  GHashTable *tried;     /* addresses that were called */
  guint n_retries;       /* how often the INVITE went anew, all reasons but challenges */
  gboolean is_other;     /* it goes with the other kind of media, for the first was refused */
  guint start_id;        /* the turn of the loop in which it starts */
  guint timer_id;        /* Timer C, or the time that a CANCEL is given */
};

/* sip-invite-client-context.c */
gboolean sip_invite_client_is_over (SipInviteClientContext *self);
gboolean sip_invite_client_is_canceled (SipInviteClientContext *self);
gboolean sip_invite_client_has_offer (SipInviteClientContext *self);

/* sip-invite-client-early.c */
void sip_early_free (SipEarly *self);
SipDialog *sip_invite_client_find_early (SipInviteClientContext *self, const char *tag);
gboolean sip_invite_client_is_reliable (SipMessage *response);
void sip_invite_client_receive_provisional (SipInviteClientContext *self, SipMessage *response);
void sip_invite_client_send_prack (SipInviteClientContext *self,
                                   SipMessage *response,
                                   SipSessionDescription *answer);
void sip_invite_client_tell_progress (SipInviteClientContext *self,
                                      SipMessage *response,
                                      SipSessionStatus status);

/* sip-invite-client-answer.c */
void sip_invite_client_receive_accepted (SipInviteClientContext *self, SipMessage *response);
void sip_invite_client_take (SipInviteClientContext *self, SipMessage *response);
void sip_invite_client_take_crossed (SipInviteClientContext *self);

/* sip-invite-client-retry.c */
gboolean sip_invite_client_retry (SipInviteClientContext *self, SipMessage *response);

G_END_DECLS
