#pragma once

#include "sip-dialog-private.h"
#include "sip-refer-context-private.h"
#include "sip-refer-server-context.h"
#include "sip-session-private.h"
#include "sip-transaction-private.h"
#include "sip-ua.h"

G_BEGIN_DECLS

/* HELD: the REFER has its 202, and the user has not spoken. */
typedef enum {
  SIP_REFER_PENDING,
  SIP_REFER_HELD,
  SIP_REFER_FOLLOWED,
  SIP_REFER_DONE,
} SipReferState;

struct _SipReferServerContext {
  SipReferContext parent_instance;

  SipUA *ua;
  SipDialog *dialog;
  SipTransaction *transaction;
  SipReferState state;
  SipNameAddr *refer_to;
  char *target; /* the address alone */
  char *replaces;
  char *referred_by;
  char *event;        /* of the NOTIFYs */
  gboolean is_silent; /* the other side wants none (RFC 4488) */
  SipSession *followed;
  guint answer_id;
  guint expiry_id;
};

guint sip_refer_server_context_check (SipMessage *refer);
SipReferServerContext *sip_refer_server_context_new (SipUA *ua,
                                                     SipSession *session,
                                                     SipDialog *dialog,
                                                     SipTransaction *transaction);
void sip_refer_server_context_wait (SipReferServerContext *self);
void sip_refer_server_context_stop (SipReferServerContext *self);

/* Between sip-refer-server-context.c and sip-refer-server-follow.c. */
char *sip_refer_to_dup_header (const char *uri, const char *name);
char *sip_refer_to_dup_target (const char *uri);
void sip_refer_server_context_notify (SipReferServerContext *self, guint code, const char *phrase);
void sip_refer_server_context_tell (SipReferServerContext *self,
                                    SipReferSignal signal,
                                    SipSessionSignal session_signal);
void sip_refer_server_context_finish (SipReferServerContext *self);
void sip_refer_server_context_conclude (SipReferServerContext *self,
                                        guint code,
                                        const char *phrase);
void sip_refer_server_context_follow (SipReferServerContext *self, SipOptions *options);

G_END_DECLS
