#pragma once

#include "sip-enums.h"
#include "sip-message.h"
#include "sip-name-addr.h"
#include "sip-options.h"
#include "sip-session-description-handler.h"

G_BEGIN_DECLS

typedef struct _SipUA SipUA;

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
  void (*receive_ack) (SipSession *self, SipMessage *ack);
  void (*receive_bye) (SipSession *self, SipMessage *bye);
};

gboolean sip_session_dtmf (SipSession *self,
                           const char *tones,
                           SipOptions *options,
                           GError **error);
gboolean sip_session_terminate (SipSession *self, SipOptions *options, GError **error);
gboolean sip_session_bye (SipSession *self, SipOptions *options, GError **error);

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

G_END_DECLS
