/* sip-enums.c - the enumerations of the library as GObject types */

#include "sip-enums.h"

G_DEFINE_ENUM_TYPE (SipSessionStatus,
                    sip_session_status,
                    G_DEFINE_ENUM_VALUE (SIP_SESSION_STATUS_NULL, "null"),
                    G_DEFINE_ENUM_VALUE (SIP_SESSION_STATUS_INVITE_SENT, "invite-sent"),
                    G_DEFINE_ENUM_VALUE (SIP_SESSION_STATUS_1XX_RECEIVED, "1xx-received"),
                    G_DEFINE_ENUM_VALUE (SIP_SESSION_STATUS_INVITE_RECEIVED, "invite-received"),
                    G_DEFINE_ENUM_VALUE (SIP_SESSION_STATUS_WAITING_FOR_ANSWER,
                                         "waiting-for-answer"),
                    G_DEFINE_ENUM_VALUE (SIP_SESSION_STATUS_ANSWERED, "answered"),
                    G_DEFINE_ENUM_VALUE (SIP_SESSION_STATUS_WAITING_FOR_PRACK, "waiting-for-prack"),
                    G_DEFINE_ENUM_VALUE (SIP_SESSION_STATUS_WAITING_FOR_ACK, "waiting-for-ack"),
                    G_DEFINE_ENUM_VALUE (SIP_SESSION_STATUS_CANCELED, "canceled"),
                    G_DEFINE_ENUM_VALUE (SIP_SESSION_STATUS_TERMINATED, "terminated"),
                    G_DEFINE_ENUM_VALUE (SIP_SESSION_STATUS_ANSWERED_WAITING_FOR_PRACK,
                                         "answered-waiting-for-prack"),
                    G_DEFINE_ENUM_VALUE (SIP_SESSION_STATUS_EARLY_MEDIA, "early-media"),
                    G_DEFINE_ENUM_VALUE (SIP_SESSION_STATUS_CONFIRMED, "confirmed"))

G_DEFINE_ENUM_TYPE (SipUAStatus,
                    sip_ua_status,
                    G_DEFINE_ENUM_VALUE (SIP_UA_STATUS_INIT, "init"),
                    G_DEFINE_ENUM_VALUE (SIP_UA_STATUS_STARTING, "starting"),
                    G_DEFINE_ENUM_VALUE (SIP_UA_STATUS_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (SIP_UA_STATUS_USER_CLOSED, "user-closed"),
                    G_DEFINE_ENUM_VALUE (SIP_UA_STATUS_NOT_READY, "not-ready"))

G_DEFINE_ENUM_TYPE (SipLampState,
                    sip_lamp_state,
                    G_DEFINE_ENUM_VALUE (SIP_LAMP_STATE_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (SIP_LAMP_STATE_IDLE, "idle"),
                    G_DEFINE_ENUM_VALUE (SIP_LAMP_STATE_RINGING, "ringing"),
                    G_DEFINE_ENUM_VALUE (SIP_LAMP_STATE_BUSY, "busy"))

G_DEFINE_ENUM_TYPE (SipSupport,
                    sip_support,
                    G_DEFINE_ENUM_VALUE (SIP_SUPPORT_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (SIP_SUPPORT_SUPPORTED, "supported"),
                    G_DEFINE_ENUM_VALUE (SIP_SUPPORT_REQUIRED, "required"))

G_DEFINE_ENUM_TYPE (SipDtmfType,
                    sip_dtmf_type,
                    G_DEFINE_ENUM_VALUE (SIP_DTMF_TYPE_AUTO, "auto"),
                    G_DEFINE_ENUM_VALUE (SIP_DTMF_TYPE_INFO, "info"),
                    G_DEFINE_ENUM_VALUE (SIP_DTMF_TYPE_RTP, "rtp"))

G_DEFINE_ENUM_TYPE (SipReferPolicy,
                    sip_refer_policy,
                    G_DEFINE_ENUM_VALUE (SIP_REFER_POLICY_AUTO, "auto"),
                    G_DEFINE_ENUM_VALUE (SIP_REFER_POLICY_ASK, "ask"),
                    G_DEFINE_ENUM_VALUE (SIP_REFER_POLICY_DENY, "deny"))

G_DEFINE_ENUM_TYPE (SipMediaProfile,
                    sip_media_profile,
                    G_DEFINE_ENUM_VALUE (SIP_MEDIA_PROFILE_AUTO, "auto"),
                    G_DEFINE_ENUM_VALUE (SIP_MEDIA_PROFILE_WEB, "web"),
                    G_DEFINE_ENUM_VALUE (SIP_MEDIA_PROFILE_RTP, "rtp"))

G_DEFINE_ENUM_TYPE (SipSecurity,
                    sip_security,
                    G_DEFINE_ENUM_VALUE (SIP_SECURITY_OFF, "off"),
                    G_DEFINE_ENUM_VALUE (SIP_SECURITY_PREFER, "prefer"),
                    G_DEFINE_ENUM_VALUE (SIP_SECURITY_REQUIRE, "require"))

G_DEFINE_ENUM_TYPE (SipMediaTrouble,
                    sip_media_trouble,
                    G_DEFINE_ENUM_VALUE (SIP_MEDIA_TROUBLE_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (SIP_MEDIA_TROUBLE_NOTHING_ARRIVES, "nothing-arrives"),
                    G_DEFINE_ENUM_VALUE (SIP_MEDIA_TROUBLE_NOTHING_LEAVES, "nothing-leaves"),
                    G_DEFINE_ENUM_VALUE (SIP_MEDIA_TROUBLE_NOT_HEARD, "not-heard"))

G_DEFINE_ENUM_TYPE (SipDirection,
                    sip_direction,
                    G_DEFINE_ENUM_VALUE (SIP_DIRECTION_INACTIVE, "inactive"),
                    G_DEFINE_ENUM_VALUE (SIP_DIRECTION_SENDONLY, "sendonly"),
                    G_DEFINE_ENUM_VALUE (SIP_DIRECTION_RECVONLY, "recvonly"),
                    G_DEFINE_ENUM_VALUE (SIP_DIRECTION_SENDRECV, "sendrecv"))

G_DEFINE_ENUM_TYPE (SipCause,
                    sip_cause,
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_BYE, "bye"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_CANCELED, "canceled"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_ANSWERED_ELSEWHERE, "answered-elsewhere"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_NO_ANSWER, "no-answer"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_EXPIRES, "expires"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_NO_ACK, "no-ack"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_NO_PRACK, "no-prack"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_BUSY, "busy"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_REJECTED, "rejected"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_REDIRECTED, "redirected"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_UNAVAILABLE, "unavailable"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_NOT_FOUND, "not-found"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_ADDRESS_INCOMPLETE, "address-incomplete"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_INCOMPATIBLE_SDP, "incompatible-sdp"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_AUTHENTICATION_ERROR, "authentication-error"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_SIP_FAILURE_CODE, "sip-failure-code"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_CONNECTION_ERROR, "connection-error"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_BAD_MEDIA_DESCRIPTION, "bad-media-description"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_WEBRTC_ERROR, "webrtc-error"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_DIALOG_ERROR, "dialog-error"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_NOT_SECURE, "not-secure"),
                    G_DEFINE_ENUM_VALUE (SIP_CAUSE_RELAY, "relay"))

G_DEFINE_ENUM_TYPE (SipSubscriptionState,
                    sip_subscription_state,
                    G_DEFINE_ENUM_VALUE (SIP_SUBSCRIPTION_STATE_INITIAL, "initial"),
                    G_DEFINE_ENUM_VALUE (SIP_SUBSCRIPTION_STATE_PENDING, "pending"),
                    G_DEFINE_ENUM_VALUE (SIP_SUBSCRIPTION_STATE_ACTIVE, "active"),
                    G_DEFINE_ENUM_VALUE (SIP_SUBSCRIPTION_STATE_TERMINATED, "terminated"))
