#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * SipSessionStatus:
 * @SIP_SESSION_STATUS_NULL: nothing was sent yet
 * @SIP_SESSION_STATUS_INVITE_SENT: our INVITE is out, nobody rings yet
 * @SIP_SESSION_STATUS_1XX_RECEIVED: the other side works on it or rings
 * @SIP_SESSION_STATUS_INVITE_RECEIVED: an INVITE is being looked at
 * @SIP_SESSION_STATUS_WAITING_FOR_ANSWER: we ring, the user decides
 * @SIP_SESSION_STATUS_ANSWERED: answered here, the description is in the making
 * @SIP_SESSION_STATUS_WAITING_FOR_PRACK: a reliable 18x waits for its PRACK
 * @SIP_SESSION_STATUS_WAITING_FOR_ACK: the 200 is out
 * @SIP_SESSION_STATUS_CANCELED: cancelled by the user, the end is being agreed
 * @SIP_SESSION_STATUS_TERMINATED: over
 * @SIP_SESSION_STATUS_ANSWERED_WAITING_FOR_PRACK: answered while a PRACK is due
 * @SIP_SESSION_STATUS_EARLY_MEDIA: sound before the answer
 * @SIP_SESSION_STATUS_CONFIRMED: in the call
 *
 * Where a session stands. Names and numbers are those of SIP.js 0.15.
 */
typedef enum {
  SIP_SESSION_STATUS_NULL = 0,
  SIP_SESSION_STATUS_INVITE_SENT = 1,
  SIP_SESSION_STATUS_1XX_RECEIVED = 2,
  SIP_SESSION_STATUS_INVITE_RECEIVED = 3,
  SIP_SESSION_STATUS_WAITING_FOR_ANSWER = 4,
  SIP_SESSION_STATUS_ANSWERED = 5,
  SIP_SESSION_STATUS_WAITING_FOR_PRACK = 6,
  SIP_SESSION_STATUS_WAITING_FOR_ACK = 7,
  SIP_SESSION_STATUS_CANCELED = 8,
  SIP_SESSION_STATUS_TERMINATED = 9,
  SIP_SESSION_STATUS_ANSWERED_WAITING_FOR_PRACK = 10,
  SIP_SESSION_STATUS_EARLY_MEDIA = 11,
  SIP_SESSION_STATUS_CONFIRMED = 12,
} SipSessionStatus;

/**
 * SipUAStatus:
 * @SIP_UA_STATUS_INIT: never started
 * @SIP_UA_STATUS_STARTING: its first connection is being made
 * @SIP_UA_STATUS_READY: connected
 * @SIP_UA_STATUS_USER_CLOSED: stopped by the program
 * @SIP_UA_STATUS_NOT_READY: the connection was lost and is being made again
 *
 * Where a user agent stands. Names and numbers are those of SIP.js 0.15.
 */
typedef enum {
  SIP_UA_STATUS_INIT = 0,
  SIP_UA_STATUS_STARTING = 1,
  SIP_UA_STATUS_READY = 2,
  SIP_UA_STATUS_USER_CLOSED = 3,
  SIP_UA_STATUS_NOT_READY = 4,
} SipUAStatus;

/**
 * SipLampState:
 * @SIP_LAMP_STATE_UNKNOWN: nothing was said yet
 * @SIP_LAMP_STATE_IDLE: it is not in use
 * @SIP_LAMP_STATE_RINGING: somebody calls it, or is being called
 * @SIP_LAMP_STATE_BUSY: it is in a call
 *
 * What is known of another phone, see #SipDialogInfo.
 */
typedef enum {
  SIP_LAMP_STATE_UNKNOWN,
  SIP_LAMP_STATE_IDLE,
  SIP_LAMP_STATE_RINGING,
  SIP_LAMP_STATE_BUSY,
} SipLampState;

/**
 * SipSupport:
 * @SIP_SUPPORT_NONE: not offered
 * @SIP_SUPPORT_SUPPORTED: offered
 * @SIP_SUPPORT_REQUIRED: insisted upon
 *
 * What is made of an extension of SIP.
 */
typedef enum {
  SIP_SUPPORT_NONE,
  SIP_SUPPORT_SUPPORTED,
  SIP_SUPPORT_REQUIRED,
} SipSupport;

/**
 * SipDtmfType:
 * @SIP_DTMF_TYPE_AUTO: in RTP where that was negotiated, else by INFO
 * @SIP_DTMF_TYPE_INFO: by INFO
 * @SIP_DTMF_TYPE_RTP: in RTP (RFC 4733)
 *
 * How digits travel.
 */
typedef enum {
  SIP_DTMF_TYPE_AUTO,
  SIP_DTMF_TYPE_INFO,
  SIP_DTMF_TYPE_RTP,
} SipDtmfType;

/**
 * SipReferPolicy:
 * @SIP_REFER_POLICY_AUTO: followed where nobody listens
 * @SIP_REFER_POLICY_ASK: followed only when the program accepts it
 * @SIP_REFER_POLICY_DENY: refused
 *
 * What becomes of a transfer that the other side asks for.
 */
typedef enum {
  SIP_REFER_POLICY_AUTO,
  SIP_REFER_POLICY_ASK,
  SIP_REFER_POLICY_DENY,
} SipReferPolicy;

/**
 * SipMediaProfile:
 * @SIP_MEDIA_PROFILE_AUTO: what the other side speaks
 * @SIP_MEDIA_PROFILE_WEB: WebRTC
 * @SIP_MEDIA_PROFILE_RTP: RTP and SRTP as ordinary phones speak it
 *
 * Which kind of media a user agent offers.
 */
typedef enum {
  SIP_MEDIA_PROFILE_AUTO,
  SIP_MEDIA_PROFILE_WEB,
  SIP_MEDIA_PROFILE_RTP,
} SipMediaProfile;

/**
 * SipSecurity:
 * @SIP_SECURITY_OFF: sound travels in the clear, unless the other side insists
 * @SIP_SECURITY_PREFER: sound is encrypted wherever the other side can
 * @SIP_SECURITY_REQUIRE: sound is encrypted, or there is no call
 *
 * What is made of the encryption of sound with ordinary phones. That of browsers always is.
 */
typedef enum {
  SIP_SECURITY_OFF,
  SIP_SECURITY_PREFER,
  SIP_SECURITY_REQUIRE,
} SipSecurity;

/**
 * SipMediaTrouble:
 * @SIP_MEDIA_TROUBLE_NONE: none that is known
 * @SIP_MEDIA_TROUBLE_NOTHING_ARRIVES: nothing came of the other side's sound for three seconds
 * @SIP_MEDIA_TROUBLE_NOTHING_LEAVES: no sound of this side left for three seconds
 * @SIP_MEDIA_TROUBLE_NOT_HEARD: this side's sound leaves, and the other side reports that it does
 *   not come
 *
 * What is wrong with a call whose descriptions promise sound.
 */
typedef enum {
  SIP_MEDIA_TROUBLE_NONE,
  SIP_MEDIA_TROUBLE_NOTHING_ARRIVES,
  SIP_MEDIA_TROUBLE_NOTHING_LEAVES,
  SIP_MEDIA_TROUBLE_NOT_HEARD,
} SipMediaTrouble;

/**
 * SipDirection:
 * @SIP_DIRECTION_INACTIVE: nothing either way
 * @SIP_DIRECTION_SENDONLY: from this side only
 * @SIP_DIRECTION_RECVONLY: to this side only
 * @SIP_DIRECTION_SENDRECV: both ways
 *
 * Which way media flows, as the describing side sees it (RFC 8866 6.7).
 */
typedef enum {
  SIP_DIRECTION_INACTIVE,
  SIP_DIRECTION_SENDONLY,
  SIP_DIRECTION_RECVONLY,
  SIP_DIRECTION_SENDRECV,
} SipDirection;

/**
 * SipSubscriptionState:
 * @SIP_SUBSCRIPTION_STATE_INITIAL: the notifier has not spoken yet
 * @SIP_SUBSCRIPTION_STATE_PENDING: it has to be allowed, or waits to be begun anew
 * @SIP_SUBSCRIPTION_STATE_ACTIVE: it runs
 * @SIP_SUBSCRIPTION_STATE_TERMINATED: it is over
 *
 * Where a subscription stands (RFC 6665 4.1.2).
 */
typedef enum {
  SIP_SUBSCRIPTION_STATE_INITIAL,
  SIP_SUBSCRIPTION_STATE_PENDING,
  SIP_SUBSCRIPTION_STATE_ACTIVE,
  SIP_SUBSCRIPTION_STATE_TERMINATED,
} SipSubscriptionState;

/**
 * SipCause:
 * @SIP_CAUSE_NONE: not over, or ended by this side
 * @SIP_CAUSE_BYE: the other side hung up
 * @SIP_CAUSE_CANCELED: cancelled before the answer
 * @SIP_CAUSE_ANSWERED_ELSEWHERE: another phone took the call (RFC 3326)
 * @SIP_CAUSE_NO_ANSWER: nobody answered here
 * @SIP_CAUSE_EXPIRES: the INVITE's own time ran out
 * @SIP_CAUSE_NO_ACK: the ACK never came
 * @SIP_CAUSE_NO_PRACK: the PRACK never came
 * @SIP_CAUSE_BUSY: 486, 600
 * @SIP_CAUSE_REJECTED: 403, 603
 * @SIP_CAUSE_REDIRECTED: 300, 301, 302, 305, 380
 * @SIP_CAUSE_UNAVAILABLE: 480, 410, 408, 430
 * @SIP_CAUSE_NOT_FOUND: 404, 604
 * @SIP_CAUSE_ADDRESS_INCOMPLETE: 484
 * @SIP_CAUSE_INCOMPATIBLE_SDP: 488, 606
 * @SIP_CAUSE_AUTHENTICATION_ERROR: 401, 407 after our credentials were tried
 * @SIP_CAUSE_SIP_FAILURE_CODE: any other failure
 * @SIP_CAUSE_CONNECTION_ERROR: the network or the server could not be reached
 * @SIP_CAUSE_BAD_MEDIA_DESCRIPTION: the answer cannot be used
 * @SIP_CAUSE_WEBRTC_ERROR: our own media could not be made
 * @SIP_CAUSE_DIALOG_ERROR: the other side forgot the call
 * @SIP_CAUSE_NOT_SECURE: the other side is not who its description promised
 * @SIP_CAUSE_RELAY: the relay that the user named cannot be used, and no other way may be
 *
 * Why a session ended, as a program wants it; a signal's cause has it as SIP.js's words.
 */
typedef enum {
  SIP_CAUSE_NONE,
  SIP_CAUSE_BYE,
  SIP_CAUSE_CANCELED,
  SIP_CAUSE_ANSWERED_ELSEWHERE,
  SIP_CAUSE_NO_ANSWER,
  SIP_CAUSE_EXPIRES,
  SIP_CAUSE_NO_ACK,
  SIP_CAUSE_NO_PRACK,
  SIP_CAUSE_BUSY,
  SIP_CAUSE_REJECTED,
  SIP_CAUSE_REDIRECTED,
  SIP_CAUSE_UNAVAILABLE,
  SIP_CAUSE_NOT_FOUND,
  SIP_CAUSE_ADDRESS_INCOMPLETE,
  SIP_CAUSE_INCOMPATIBLE_SDP,
  SIP_CAUSE_AUTHENTICATION_ERROR,
  SIP_CAUSE_SIP_FAILURE_CODE,
  SIP_CAUSE_CONNECTION_ERROR,
  SIP_CAUSE_BAD_MEDIA_DESCRIPTION,
  SIP_CAUSE_WEBRTC_ERROR,
  SIP_CAUSE_DIALOG_ERROR,
  SIP_CAUSE_NOT_SECURE,
  SIP_CAUSE_RELAY,
} SipCause;

#define SIP_TYPE_SESSION_STATUS (sip_session_status_get_type ())
GType sip_session_status_get_type (void);

#define SIP_TYPE_UA_STATUS (sip_ua_status_get_type ())
GType sip_ua_status_get_type (void);

#define SIP_TYPE_LAMP_STATE (sip_lamp_state_get_type ())
GType sip_lamp_state_get_type (void);
#define SIP_TYPE_SUPPORT (sip_support_get_type ())
GType sip_support_get_type (void);

#define SIP_TYPE_DTMF_TYPE (sip_dtmf_type_get_type ())
GType sip_dtmf_type_get_type (void);

#define SIP_TYPE_REFER_POLICY (sip_refer_policy_get_type ())
GType sip_refer_policy_get_type (void);

#define SIP_TYPE_MEDIA_PROFILE (sip_media_profile_get_type ())
GType sip_media_profile_get_type (void);

#define SIP_TYPE_SECURITY (sip_security_get_type ())
GType sip_security_get_type (void);

#define SIP_TYPE_MEDIA_TROUBLE (sip_media_trouble_get_type ())
GType sip_media_trouble_get_type (void);

#define SIP_TYPE_DIRECTION (sip_direction_get_type ())
GType sip_direction_get_type (void);

#define SIP_TYPE_SUBSCRIPTION_STATE (sip_subscription_state_get_type ())
GType sip_subscription_state_get_type (void);

#define SIP_TYPE_CAUSE (sip_cause_get_type ())
GType sip_cause_get_type (void);

G_END_DECLS
