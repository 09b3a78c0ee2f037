#pragma once

#include "sip-session-private.h"

G_BEGIN_DECLS

struct _SipInviteServerContext {
  SipSession parent_instance;

  SipTransaction *transaction;
  char *tag;
  SipMessage *accepted; /* our 200 */
  SipOptions *hang_up;  /* set when the call shall end as soon as the ACK allows it */
  guint resend_after;   /* milliseconds to the next copy of the 200 */
  guint no_answer_id;
  guint expires_id;
  guint ring_id;
  guint resend_id;
  guint ack_id;
};

SipMessage *sip_invite_server_create_response (SipInviteServerContext *self,
                                               guint code,
                                               const char *phrase,
                                               SipOptions *options);
SipMessage *sip_invite_server_respond (SipInviteServerContext *self,
                                       guint code,
                                       const char *phrase,
                                       SipOptions *options);
void sip_invite_server_clear_timers (SipInviteServerContext *self);
void sip_invite_server_negotiate (SipInviteServerContext *self);
gboolean sip_invite_server_has_offer (SipMessage *invite);

G_END_DECLS
