#pragma once

#include "sip-session-private.h"

G_BEGIN_DECLS

struct _SipInviteServerContext {
  SipSession parent_instance;

  SipTransaction *transaction;
  char *tag;
  SipMessage *rung;             /* the last provisional response, said again now and then */
  SipOptions *hang_up;          /* set when the call shall end as soon as the ACK allows it */
  SipOptions *provisional;      /* of a 183 that waits for its description; NULL where none does */
  SipSessionDescription *local; /* our answer, or our offer where the INVITE had none */
  gboolean is_making;           /* our media works on it */
  gboolean is_told;             /* it went out in a reliable response */
  gboolean is_agreed;           /* the other side's answer to our offer came in a PRACK */
  SipResend *reliable;          /* a provisional response that waits for its PRACK */
  guint32 rseq;                 /* of the last reliable provisional response */
  guint no_answer_id;
  guint expires_id;
  guint ring_id;
};

/* sip-invite-server-context.c */
gboolean sip_invite_server_is_over (SipInviteServerContext *self);
SipMessage *sip_invite_server_create_response (SipInviteServerContext *self,
                                               guint code,
                                               const char *phrase,
                                               SipOptions *options);
SipMessage *sip_invite_server_respond (SipInviteServerContext *self,
                                       guint code,
                                       const char *phrase,
                                       SipOptions *options);
void sip_invite_server_clear_timers (SipInviteServerContext *self);

/* sip-invite-server-answer.c */
gboolean sip_invite_server_has_offer (SipMessage *invite);
void sip_invite_server_negotiate (SipInviteServerContext *self);
void sip_invite_server_send_ok (SipInviteServerContext *self);
void sip_invite_server_receive_ack (SipSession *session, SipMessage *ack);

/* sip-invite-server-progress.c */
gboolean sip_invite_server_rings_reliably (SipInviteServerContext *self);
void sip_invite_server_send_described (SipInviteServerContext *self);
void sip_invite_server_receive_prack (SipSession *session,
                                      SipTransaction *transaction,
                                      SipMessage *prack);

G_END_DECLS
