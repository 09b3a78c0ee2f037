#pragma once

#include "sip-enums.h"
#include "sip-message.h"
#include "sip-name-addr.h"
#include "sip-options.h"
#include "sip-session-description-handler.h"

G_BEGIN_DECLS

typedef struct _SipUA SipUA;
/**
 * SipTransaction:
 *
 * One request and its responses (RFC 3261 17). The library's own.
 */
typedef struct _SipTransaction SipTransaction;
/**
 * SipDialog:
 *
 * The bond of two user agents (RFC 3261 12). The library's own.
 */
typedef struct _SipDialog SipDialog;
typedef struct _SipReferClientContext SipReferClientContext;

#define SIP_TYPE_SESSION (sip_session_get_type ())
G_DECLARE_DERIVABLE_TYPE (SipSession, sip_session, SIP, SESSION, GObject)

/**
 * SipSessionClass:
 * @parent_class: the parent
 *
 * A session is derived from inside the library only.
 */
struct _SipSessionClass {
  GObjectClass parent_class;

  /*< private >*/
  gboolean (*terminate) (SipSession *self, SipOptions *options, GError **error);
  SipDialog *(*find_dialog) (SipSession *self, const char *remote_tag);
  gboolean (*is_agreed) (SipSession *self, const char *remote_tag);
  void (*receive_ack) (SipSession *self, SipMessage *ack);
  void (*receive_bye) (SipSession *self, SipTransaction *transaction, SipMessage *bye);
  void (*receive_prack) (SipSession *self, SipTransaction *transaction, SipMessage *prack);
};

gboolean sip_session_dtmf (SipSession *self,
                           const char *tones,
                           SipOptions *options,
                           GError **error);
gboolean sip_session_terminate (SipSession *self, SipOptions *options, GError **error);
gboolean sip_session_bye (SipSession *self, SipOptions *options, GError **error);
gboolean sip_session_hold (SipSession *self,
                           SipOptions *options,
                           SipModifiers *modifiers,
                           GError **error);
gboolean sip_session_unhold (SipSession *self,
                             SipOptions *options,
                             SipModifiers *modifiers,
                             GError **error);
gboolean sip_session_reinvite (SipSession *self,
                               SipOptions *options,
                               SipModifiers *modifiers,
                               GError **error);
SipReferClientContext *sip_session_refer (SipSession *self,
                                          const char *target,
                                          SipOptions *options,
                                          GError **error);
SipReferClientContext *sip_session_refer_to_session (SipSession *self,
                                                     SipSession *session,
                                                     SipOptions *options,
                                                     GError **error);

SipUA *sip_session_get_ua (SipSession *self);
SipSessionStatus sip_session_get_status (SipSession *self);
SipCause sip_session_get_cause (SipSession *self);
SipSessionDescriptionHandler *sip_session_get_session_description_handler (SipSession *self);
SipMessage *sip_session_get_request (SipSession *self);
SipNameAddr *sip_session_get_local_identity (SipSession *self);
SipNameAddr *sip_session_get_remote_identity (SipSession *self);
SipNameAddr *sip_session_get_asserted_identity (SipSession *self);
GDateTime *sip_session_get_start_time (SipSession *self);
GDateTime *sip_session_get_end_time (SipSession *self);
GObject *sip_session_get_data (SipSession *self);
const char *sip_session_get_id (SipSession *self);
const char *sip_session_get_call_id (SipSession *self);
gboolean sip_session_get_canceled (SipSession *self);
gboolean sip_session_get_local_hold (SipSession *self);
gboolean sip_session_get_remote_hold (SipSession *self);
gboolean sip_session_get_hold_pending (SipSession *self);
gboolean sip_session_get_moving (SipSession *self);
gboolean sip_session_get_takes_refer (SipSession *self);
SipSession *sip_session_get_replacee (SipSession *self);

G_END_DECLS
