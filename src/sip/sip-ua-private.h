#pragma once

#include "sip-dialog-private.h"
#include "sip-endpoint-private.h"
#include "sip-keep-alive-private.h"
#include "sip-media-servers.h"
#include "sip-nat64-private.h"
#include "sip-refer-server-context.h"
#include "sip-registration-private.h"
#include "sip-request-private.h"
#include "sip-target-private.h"
#include "sip-ua.h"

G_BEGIN_DECLS

typedef enum {
  SIP_UA_CONNECTING,
  SIP_UA_CONNECTED,
  SIP_UA_DISCONNECTED,
  SIP_UA_REGISTERED,
  SIP_UA_UNREGISTERED,
  SIP_UA_REGISTRATION_FAILED,
  SIP_UA_INVITE,
  SIP_UA_INVITE_SENT,
  SIP_UA_MESSAGE,
  SIP_UA_NOTIFY_RECEIVED,
  SIP_UA_OUT_OF_DIALOG_REFER_REQUESTED,
  SIP_UA_TRANSPORT_CREATED,
  SIP_UA_STOPPED,
  SIP_UA_N_SIGNALS
} SipUASignal;

/* Of sip-ua-properties.c. */
typedef enum {
  SIP_UA_PROP_URI = 1,
  SIP_UA_PROP_SERVER,
  SIP_UA_PROP_LOCAL_ADDRESS,
  SIP_UA_PROP_DISPLAY_NAME,
  SIP_UA_PROP_AUTHORIZATION_USER,
  SIP_UA_PROP_PASSWORD,
  SIP_UA_PROP_AUTO_REGISTER,
  SIP_UA_PROP_REGISTER_EXPIRES,
  SIP_UA_PROP_NO_ANSWER_TIMEOUT,
  SIP_UA_PROP_REL100,
  SIP_UA_PROP_REPLACES,
  SIP_UA_PROP_DTMF_TYPE,
  SIP_UA_PROP_REFER_POLICY,
  SIP_UA_PROP_MEDIA_PROFILE,
  SIP_UA_PROP_LAST_MEDIA_PROFILE,
  SIP_UA_PROP_SECURITY,
  SIP_UA_PROP_CLEAR_KEYS,
  SIP_UA_PROP_RTP_PORT_MIN,
  SIP_UA_PROP_RTP_PORT_MAX,
  SIP_UA_PROP_AUTO_RINGING,
  SIP_UA_PROP_SESSION_EXPIRES,
  SIP_UA_PROP_USER_AGENT_STRING,
  SIP_UA_PROP_TLS_DATABASE,
  SIP_UA_PROP_MEDIA_SERVERS,
  SIP_UA_PROP_NAT64,
  SIP_UA_PROP_INSTANCE_ID,
  SIP_UA_PROP_GRUU,
  SIP_UA_PROP_TRUSTED_CERTIFICATE,
  SIP_UA_PROP_REFUSED_CERTIFICATE,
  SIP_UA_PROP_REFUSED_FINGERPRINT,
  SIP_UA_PROP_RETRY_DELAY,
  SIP_UA_PROP_STATUS,
  SIP_UA_PROP_REGISTERED,
  SIP_UA_N_PROPS
} SipUAProperty;

/* What bodies are read (RFC 3261 20.1). */
#define SIP_ACCEPTED_TYPES "application/sdp, application/dtmf-relay, application/dtmf"

struct _SipUA {
  GObject parent_instance;

  /* As they were given. */
  char *uri;
  char *server;
  char *local_address;
  char *display_name;
  char *user_agent_string;
  char *authorization_user;
  char *password;
  SipDigest *digest; /* made of both when it is needed first */
  gboolean auto_register;
  guint register_expires;
  guint no_answer_timeout;
  SipSupport rel100;
  SipSupport replaces;
  SipDtmfType dtmf_type;
  SipReferPolicy refer_policy;
  SipMediaProfile media_profile;
  SipMediaProfile last_media_profile;
  SipSecurity security;
  gboolean clear_keys;
  guint rtp_port_min;
  guint rtp_port_max;
  gboolean auto_ringing;
  guint session_expires;
  GTlsDatabase *tls_database;
  SipMediaServers *media_servers;
  char *instance_id;
  gboolean gruu;
  char *trusted_certificate;
  GTlsCertificate *refused_certificate;
  SipSessionDescriptionHandlerFactory factory;
  gpointer factory_data;
  GDestroyNotify factory_destroy;

  SipUAStatus status;
  SipNat64 *nat64;
  SipEndpoint *endpoint;
  SipTarget *target;        /* what the server's address says; NULL without a server */
  GHashTable *resting;      /* address of a server to the millisecond it is left alone until */
  GHashTable *known_hosts;  /* name to address, of servers that we were connected to */
  GPtrArray *targets;       /* of SipTarget, the servers there are; NULL before they are known */
  guint target_index;       /* of the one in use */
  GCancellable *locating;   /* while they are looked for */
  guint names_id;           /* until those that are known serve; 0 where none are */
  SipKeepAlive *keep_alive; /* NULL while nothing needs it */
  GSocketAddress *server_address; /* where a REGISTER was answered last; NULL before */
  GInetAddress *own_address;      /* from where */
  GSocketAddress *place;          /* where the last stream to the server began; or NULL */
  SipTransport *stream;           /* the stream to the server, being opened or open */
  SipRegistration *registration;  /* NULL while stopped */
  GHashTable *sessions;           /* "call-id tag" to SipSession */
  GHashTable *requests;           /* a set of SipRequest that wait for their answers */
  GHashTable *subscriptions;      /* "call-id tag" to SipSubscription */
  GPtrArray *referrals;           /* of SipReferServerContext that came outside of calls */
  GPtrArray *late;                /* of calls that are forgotten, for sip-ua-late.c */
  guint retry_after;              /* seconds until the stream is tried again */
  guint retry_id;
  guint retry_delay;        /* seconds that are waited, as they were told */
  guint lost_id;            /* until the calls are given up with the connection */
  guint first_id;           /* until the best server is asked whether it serves again */
  GObject *first;           /* that asks it: a SipTransport or a SipRequest; or NULL */
  guint opening_id;         /* until a stream is not waited for any longer */
  guint steady_id;          /* until the server counts as one that serves us */
  guint network_id;         /* until news of the network have settled */
  gint64 unsettled_at;      /* when the first of them came */
  GNetworkMonitor *network; /* where these come from; NULL before the first try is over */
  guint connected_id;       /* the turn of the loop in which a bound socket counts as connected */
  GTask *stop_task;         /* NULL unless being stopped */
  guint stop_id;
};

SipEndpoint *sip_ua_get_endpoint (SipUA *self);
SipSessionDescriptionHandler *sip_ua_create_handler (SipUA *self, SipSession *session);
void sip_ua_add_session (SipUA *self, SipSession *session, const char *local_tag);
void sip_ua_remove_session (SipUA *self, SipSession *session);
SipSession *sip_ua_find_session (SipUA *self, const char *call_id, const char *local_tag);
void sip_ua_add_own_headers (SipUA *self, SipMessage *message);
char *sip_ua_dup_next_hop (SipUA *self, const char *target);
SipMessage *sip_ua_create_request (SipUA *self,
                                   const char *method,
                                   const char *target,
                                   SipOptions *options);
SipRequest *sip_ua_prepare (SipUA *self, const char *next_hop, SipMessage *message);
SipRequest *sip_ua_prepare_in (SipUA *self, SipDialog *dialog, SipMessage *message);
char *sip_ua_list_unsupported (SipUA *self, SipMessage *request);
void sip_ua_add_subscription (SipUA *self,
                              SipSubscription *subscription,
                              const char *call_id,
                              const char *local_tag);
void sip_ua_remove_subscription (SipUA *self, SipSubscription *subscription);
void sip_ua_forget_referral (SipUA *self, SipReferServerContext *context);
void sip_ua_keep_request (SipUA *self, SipRequest *request);
SipInviteClientContext *sip_ua_invite_uri (SipUA *self,
                                           const char *uri,
                                           SipOptions *options,
                                           SipModifiers *modifiers,
                                           GError **error);
gboolean sip_ua_chooses_media (SipUA *self);
void sip_ua_note_media_profile (SipUA *self, SipMediaProfile profile);
void sip_ua_note_invite_sent (SipUA *self, SipInviteClientContext *session);
guint sip_ua_get_no_answer_timeout (SipUA *self);
guint sip_ua_get_n_sessions (SipUA *self);

SipMessage *sip_ua_acknowledge (SipUA *self,
                                GHashTable *acks,
                                SipDialog *dialog,
                                SipMessage *invite,
                                SipMessage *response,
                                SipSessionDescription *answer);
gboolean sip_ua_acknowledge_again (GHashTable *acks, SipMessage *response);
void sip_ua_expect_late (SipUA *self, SipRequest *invite, GHashTable *acks);
void sip_ua_late_free (gpointer data);
void sip_ua_check_stop (SipUA *self);
void sip_ua_check_stop_later (SipUA *self);
gboolean sip_ua_check_started (SipUA *self, GError **error);
void sip_ua_install_properties (GObjectClass *klass);
void sip_ua_install_signals (SipUAClass *klass);
void sip_ua_emit (SipUA *self, SipUASignal signal, ...);
gboolean sip_ua_has_listener (SipUA *self, SipUASignal signal);
void sip_ua_set_status (SipUA *self, SipUAStatus status);
gboolean sip_ua_connect (SipUA *self, GError **error);
void sip_ua_tell_calls (SipUA *self, void (*func) (SipSession *session));
void sip_ua_disconnect (SipUA *self);
void sip_ua_find_server (SipUA *self);
void sip_ua_watch_network (SipUA *self);
void sip_ua_hold_server (SipUA *self);
void sip_ua_forget_server (SipUA *self);
void sip_ua_expect_first (SipUA *self);
void sip_ua_forget_first (SipUA *self);
void sip_ua_take_targets (SipUA *self, GPtrArray *targets);
void sip_ua_try_target (SipUA *self);
void sip_ua_try_later (SipUA *self);
void sip_ua_retry_in (SipUA *self, gint64 milliseconds);
void sip_ua_fall_over (SipUA *self);
void sip_ua_use_target (SipUA *self);
void sip_ua_lose (SipUA *self, const GError *error);
void sip_ua_hurry (SipUA *self);
void sip_ua_set_retry_delay (SipUA *self, guint seconds);
void sip_ua_set_refused (SipUA *self, GTlsCertificate *certificate);
gboolean sip_ua_note_unknown (SipUA *self, const GError *no_way);
void sip_ua_doubt_way (SipUA *self);
void sip_ua_note_refused (SipUA *self, GSocketAddress *to);
void sip_ua_note_failure (SipUA *self, guint code, guint seconds);
void sip_ua_note_registered (SipUA *self, SipRequest *request, SipMessage *response);
gboolean sip_ua_receive (SipUA *self, SipTransaction *transaction, SipMessage *request);
void sip_ua_receive_ack (SipUA *self, SipMessage *ack);

G_END_DECLS
