/* sip-ua.c - one identity, its server and its calls
 *
 * Down: start(), register(), invite(), stop_async().
 * Up:   SipEndpoint -> sip_ua_receive(); SipRegistration -> registered and its kin.
 */

#include "sip-ua.h"

#include "sip-error.h"
#include "sip-identity-private.h"
#include "sip-message-private.h"
#include "sip-session-private.h"
#include "sip-ua-private.h"

#include <string.h>

/**
 * SipUA:
 *
 * A user agent: one address, the way to its server and the calls that are placed and taken there.
 *
 * A program makes one for each account, connects to `invite` and the other signals, and calls
 * [method@Sip.UA.start]. Properties that describe the account are read at the start.
 */
G_DEFINE_FINAL_TYPE (SipUA, sip_ua, G_TYPE_OBJECT)

enum {
  PROP_URI = 1,
  PROP_SERVER,
  PROP_LOCAL_ADDRESS,
  PROP_DISPLAY_NAME,
  PROP_AUTHORIZATION_USER,
  PROP_PASSWORD,
  PROP_AUTO_REGISTER,
  PROP_REGISTER_EXPIRES,
  PROP_NO_ANSWER_TIMEOUT,
  PROP_REL100,
  PROP_REPLACES,
  PROP_DTMF_TYPE,
  PROP_REFER_POLICY,
  PROP_MEDIA_PROFILE,
  PROP_LAST_MEDIA_PROFILE,
  PROP_SECURITY,
  PROP_CLEAR_KEYS,
  PROP_RTP_PORT_MIN,
  PROP_RTP_PORT_MAX,
  PROP_AUTO_RINGING,
  PROP_SESSION_EXPIRES,
  PROP_USER_AGENT_STRING,
  PROP_TLS_DATABASE,
  PROP_MEDIA_SERVERS,
  PROP_INSTANCE_ID,
  PROP_GRUU,
  PROP_TRUSTED_CERTIFICATE,
  PROP_REFUSED_CERTIFICATE,
  PROP_REFUSED_FINGERPRINT,
  PROP_RETRY_DELAY,
  PROP_STATUS,
  PROP_REGISTERED,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

static void
sip_ua_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SipUA *self = SIP_UA (object);

  switch (id) {
  case PROP_URI:
    g_value_set_string (value, self->uri);
    break;
  case PROP_SERVER:
    g_value_set_string (value, self->server);
    break;
  case PROP_LOCAL_ADDRESS:
    g_value_set_string (value, self->local_address);
    break;
  case PROP_DISPLAY_NAME:
    g_value_set_string (value, self->display_name);
    break;
  case PROP_AUTHORIZATION_USER:
    g_value_set_string (value, self->authorization_user);
    break;
  case PROP_AUTO_REGISTER:
    g_value_set_boolean (value, self->auto_register);
    break;
  case PROP_REGISTER_EXPIRES:
    g_value_set_uint (value, self->register_expires);
    break;
  case PROP_NO_ANSWER_TIMEOUT:
    g_value_set_uint (value, self->no_answer_timeout);
    break;
  case PROP_REL100:
    g_value_set_enum (value, self->rel100);
    break;
  case PROP_REPLACES:
    g_value_set_enum (value, self->replaces);
    break;
  case PROP_DTMF_TYPE:
    g_value_set_enum (value, self->dtmf_type);
    break;
  case PROP_REFER_POLICY:
    g_value_set_enum (value, self->refer_policy);
    break;
  case PROP_MEDIA_PROFILE:
    g_value_set_enum (value, self->media_profile);
    break;
  case PROP_LAST_MEDIA_PROFILE:
    g_value_set_enum (value, self->last_media_profile);
    break;
  case PROP_SECURITY:
    g_value_set_enum (value, self->security);
    break;
  case PROP_CLEAR_KEYS:
    g_value_set_boolean (value, self->clear_keys);
    break;
  case PROP_RTP_PORT_MIN:
    g_value_set_uint (value, self->rtp_port_min);
    break;
  case PROP_RTP_PORT_MAX:
    g_value_set_uint (value, self->rtp_port_max);
    break;
  case PROP_AUTO_RINGING:
    g_value_set_boolean (value, self->auto_ringing);
    break;
  case PROP_SESSION_EXPIRES:
    g_value_set_uint (value, self->session_expires);
    break;
  case PROP_USER_AGENT_STRING:
    g_value_set_string (value, self->user_agent_string);
    break;
  case PROP_TLS_DATABASE:
    g_value_set_object (value, self->tls_database);
    break;
  case PROP_MEDIA_SERVERS:
    g_value_set_object (value, self->media_servers);
    break;
  case PROP_INSTANCE_ID:
    g_value_set_string (value, self->instance_id);
    break;
  case PROP_GRUU:
    g_value_set_boolean (value, self->gruu);
    break;
  case PROP_TRUSTED_CERTIFICATE:
    g_value_set_string (value, self->trusted_certificate);
    break;
  case PROP_REFUSED_CERTIFICATE:
    g_value_set_object (value, self->refused_certificate);
    break;
  case PROP_REFUSED_FINGERPRINT:
    if (self->refused_certificate != NULL)
      g_value_take_string (value, sip_identity_dup_fingerprint (self->refused_certificate));
    break;
  case PROP_RETRY_DELAY:
    g_value_set_uint (value, self->retry_delay);
    break;
  case PROP_STATUS:
    g_value_set_enum (value, self->status);
    break;
  case PROP_REGISTERED:
    g_value_set_boolean (value, sip_ua_is_registered (self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
clear_password (SipUA *self)
{
  g_clear_pointer (&self->digest, sip_digest_unref);
  if (self->password != NULL)
    memset (self->password, 0, strlen (self->password));
  g_clear_pointer (&self->password, g_free);
}

static void
sip_ua_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  SipUA *self = SIP_UA (object);

  switch (id) {
  case PROP_URI:
    g_free (self->uri);
    self->uri = g_value_dup_string (value);
    break;
  case PROP_SERVER:
    g_free (self->server);
    self->server = g_value_dup_string (value);
    break;
  case PROP_LOCAL_ADDRESS:
    g_free (self->local_address);
    self->local_address = g_value_dup_string (value);
    break;
  case PROP_DISPLAY_NAME:
    g_free (self->display_name);
    self->display_name = g_value_dup_string (value);
    break;
  case PROP_AUTHORIZATION_USER:
    g_free (self->authorization_user);
    self->authorization_user = g_value_dup_string (value);
    g_clear_pointer (&self->digest, sip_digest_unref);
    break;
  case PROP_PASSWORD:
    clear_password (self);
    self->password = g_value_dup_string (value);
    break;
  case PROP_AUTO_REGISTER:
    self->auto_register = g_value_get_boolean (value);
    break;
  case PROP_REGISTER_EXPIRES:
    self->register_expires = g_value_get_uint (value);
    break;
  case PROP_NO_ANSWER_TIMEOUT:
    self->no_answer_timeout = g_value_get_uint (value);
    break;
  case PROP_REL100:
    self->rel100 = g_value_get_enum (value);
    break;
  case PROP_REPLACES:
    self->replaces = g_value_get_enum (value);
    break;
  case PROP_DTMF_TYPE:
    self->dtmf_type = g_value_get_enum (value);
    break;
  case PROP_REFER_POLICY:
    self->refer_policy = g_value_get_enum (value);
    break;
  case PROP_MEDIA_PROFILE:
    self->media_profile = g_value_get_enum (value);
    break;
  case PROP_LAST_MEDIA_PROFILE:
    sip_ua_note_media_profile (self, g_value_get_enum (value));
    break;
  case PROP_SECURITY:
    self->security = g_value_get_enum (value);
    break;
  case PROP_CLEAR_KEYS:
    self->clear_keys = g_value_get_boolean (value);
    break;
  case PROP_RTP_PORT_MIN:
    self->rtp_port_min = g_value_get_uint (value);
    break;
  case PROP_RTP_PORT_MAX:
    self->rtp_port_max = g_value_get_uint (value);
    break;
  case PROP_AUTO_RINGING:
    self->auto_ringing = g_value_get_boolean (value);
    break;
  case PROP_SESSION_EXPIRES:
    self->session_expires = g_value_get_uint (value);
    break;
  case PROP_USER_AGENT_STRING:
    g_free (self->user_agent_string);
    self->user_agent_string = g_value_dup_string (value);
    break;
  case PROP_TLS_DATABASE:
    g_set_object (&self->tls_database, g_value_get_object (value));
    break;
  case PROP_MEDIA_SERVERS:
    g_set_object (&self->media_servers, g_value_get_object (value));
    break;
  case PROP_INSTANCE_ID:
    g_free (self->instance_id);
    self->instance_id = g_value_dup_string (value);
    break;
  case PROP_GRUU:
    self->gruu = g_value_get_boolean (value);
    break;
  case PROP_TRUSTED_CERTIFICATE:
    g_free (self->trusted_certificate);
    self->trusted_certificate = g_value_dup_string (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
sip_ua_dispose (GObject *object)
{
  SipUA *self = SIP_UA (object);

  if (self->endpoint != NULL)
    sip_timers_clear (sip_endpoint_get_timers (self->endpoint), &self->stop_id);
  g_clear_object (&self->registration);
  sip_ua_disconnect (self);
  g_clear_pointer (&self->requests, g_hash_table_unref);
  g_clear_pointer (&self->sessions, g_hash_table_unref);
  g_clear_pointer (&self->subscriptions, g_hash_table_unref);
  g_clear_pointer (&self->referrals, g_ptr_array_unref);
  g_clear_pointer (&self->late, g_ptr_array_unref);
  g_clear_object (&self->endpoint);
  g_clear_object (&self->tls_database);
  g_clear_object (&self->media_servers);
  if (self->factory_destroy != NULL)
    self->factory_destroy (self->factory_data);
  self->factory_destroy = NULL;
  G_OBJECT_CLASS (sip_ua_parent_class)->dispose (object);
}

static void
sip_ua_finalize (GObject *object)
{
  SipUA *self = SIP_UA (object);

  g_free (self->uri);
  g_free (self->server);
  g_free (self->local_address);
  g_free (self->display_name);
  g_free (self->user_agent_string);
  g_free (self->authorization_user);
  g_free (self->instance_id);
  g_free (self->trusted_certificate);
  g_clear_object (&self->refused_certificate);
  clear_password (self);
  g_clear_pointer (&self->target, sip_target_free);
  g_clear_pointer (&self->targets, g_ptr_array_unref);
  g_hash_table_unref (self->resting);
  g_hash_table_unref (self->known_hosts);
  G_OBJECT_CLASS (sip_ua_parent_class)->finalize (object);
}

static void
sip_ua_class_init (SipUAClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags config = G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS;

  object_class->get_property = sip_ua_get_property;
  object_class->set_property = sip_ua_set_property;
  object_class->dispose = sip_ua_dispose;
  object_class->finalize = sip_ua_finalize;

  /**
   * SipUA:uri:
   *
   * Who this user agent is: `sip:alice@example.org`. Required.
   */
  props[PROP_URI] = g_param_spec_string ("uri", NULL, NULL, NULL, config);
  /**
   * SipUA:server:
   *
   * The way to its server: `sip:host:port;transport=udp|tcp|tls`, `sips:…`, `ws://…` (on this
   * machine only) or `wss://…`; %NULL: the host of #SipUA:uri, and whatever address is called.
   */
  props[PROP_SERVER] = g_param_spec_string ("server", NULL, NULL, NULL, config);
  /**
   * SipUA:local-address:
   *
   * Where to bind, `host:port`; %NULL for any address and a free port. Of no use with a server
   * that is reached by a stream.
   */
  props[PROP_LOCAL_ADDRESS] = g_param_spec_string ("local-address", NULL, NULL, NULL, config);
  /**
   * SipUA:display-name:
   *
   * The name that the other side is shown.
   */
  props[PROP_DISPLAY_NAME] = g_param_spec_string ("display-name", NULL, NULL, NULL, config);
  /**
   * SipUA:authorization-user:
   *
   * The user that answers challenges; %NULL for the one of #SipUA:uri.
   */
  props[PROP_AUTHORIZATION_USER] =
      g_param_spec_string ("authorization-user", NULL, NULL, NULL, config);
  /**
   * SipUA:password:
   *
   * The password that answers challenges.
   */
  props[PROP_PASSWORD] = g_param_spec_string (
      "password", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);
  /**
   * SipUA:auto-register:
   *
   * Whether it registers as soon as it is connected.
   */
  props[PROP_AUTO_REGISTER] = g_param_spec_boolean ("auto-register", NULL, NULL, TRUE, config);
  /**
   * SipUA:register-expires:
   *
   * For how long it registers, in seconds.
   */
  props[PROP_REGISTER_EXPIRES] =
      g_param_spec_uint ("register-expires", NULL, NULL, 1, G_MAXINT32, 600, config);
  /**
   * SipUA:no-answer-timeout:
   *
   * After how many seconds a call that nobody answers gets 408; 0 for never.
   */
  props[PROP_NO_ANSWER_TIMEOUT] =
      g_param_spec_uint ("no-answer-timeout", NULL, NULL, 0, G_MAXINT32, 60, config);
  /**
   * SipUA:rel100:
   *
   * What is made of reliable provisional responses (RFC 3262).
   */
  props[PROP_REL100] =
      g_param_spec_enum ("rel100", NULL, NULL, SIP_TYPE_SUPPORT, SIP_SUPPORT_SUPPORTED, config);
  /**
   * SipUA:replaces:
   *
   * What is made of calls that take another's place (RFC 3891).
   */
  props[PROP_REPLACES] =
      g_param_spec_enum ("replaces", NULL, NULL, SIP_TYPE_SUPPORT, SIP_SUPPORT_SUPPORTED, config);
  /**
   * SipUA:dtmf-type:
   *
   * How tones are sent.
   */
  props[PROP_DTMF_TYPE] =
      g_param_spec_enum ("dtmf-type", NULL, NULL, SIP_TYPE_DTMF_TYPE, SIP_DTMF_TYPE_AUTO, config);
  /**
   * SipUA:refer-policy:
   *
   * What is made of transfers that the other side asks for.
   */
  props[PROP_REFER_POLICY] = g_param_spec_enum ("refer-policy", NULL, NULL, SIP_TYPE_REFER_POLICY,
                                                SIP_REFER_POLICY_AUTO, config);
  /**
   * SipUA:media-profile:
   *
   * Which kind of media it offers, as long as no factory chooses. With %SIP_MEDIA_PROFILE_AUTO a
   * call begins with #SipUA:last-media-profile, and where the other side cannot use that (488, 415
   * or 606), it goes on once with the other kind.
   */
  props[PROP_MEDIA_PROFILE] = g_param_spec_enum (
      "media-profile", NULL, NULL, SIP_TYPE_MEDIA_PROFILE, SIP_MEDIA_PROFILE_AUTO, config);
  /**
   * SipUA:last-media-profile:
   *
   * Which kind of media the last call had that was placed and answered; worth being remembered
   * with the account. %SIP_MEDIA_PROFILE_AUTO is read as %SIP_MEDIA_PROFILE_WEB.
   */
  props[PROP_LAST_MEDIA_PROFILE] =
      g_param_spec_enum ("last-media-profile", NULL, NULL, SIP_TYPE_MEDIA_PROFILE,
                         SIP_MEDIA_PROFILE_WEB, config | G_PARAM_EXPLICIT_NOTIFY);
  /**
   * SipUA:security:
   *
   * What is made of encryption in calls with ordinary phones, as long as no factory chooses.
   */
  props[PROP_SECURITY] =
      g_param_spec_enum ("security", NULL, NULL, SIP_TYPE_SECURITY, SIP_SECURITY_PREFER, config);
  /**
   * SipUA:clear-keys:
   *
   * Whether keys of encryption may travel where others can read them, as long as no factory
   * chooses. Such a call is not secure; some telephone systems want it all the same.
   */
  props[PROP_CLEAR_KEYS] = g_param_spec_boolean ("clear-keys", NULL, NULL, FALSE, config);
  /**
   * SipUA:rtp-port-min:
   *
   * The first port of this machine that calls with ordinary phones may use for sound.
   */
  props[PROP_RTP_PORT_MIN] =
      g_param_spec_uint ("rtp-port-min", NULL, NULL, 0, G_MAXUINT16, 0, config);
  /**
   * SipUA:rtp-port-max:
   *
   * The last one; 0 where it may be any. Each call takes two.
   */
  props[PROP_RTP_PORT_MAX] =
      g_param_spec_uint ("rtp-port-max", NULL, NULL, 0, G_MAXUINT16, 0, config);
  /**
   * SipUA:auto-ringing:
   *
   * Whether a caller is told at once that it rings. Where it is not, or where the caller insists
   * on acknowledging that, sip_invite_server_context_progress() has to tell.
   */
  props[PROP_AUTO_RINGING] = g_param_spec_boolean ("auto-ringing", NULL, NULL, TRUE, config);
  /**
   * SipUA:session-expires:
   *
   * After how many seconds a call whose other side is gone ends (RFC 4028), at least 90; 0 for
   * never. The other side may shorten it.
   */
  props[PROP_SESSION_EXPIRES] =
      g_param_spec_uint ("session-expires", NULL, NULL, 0, G_MAXINT32, 1800, config);
  /**
   * SipUA:user-agent-string:
   *
   * What it calls itself in User-Agent and Server.
   */
  props[PROP_USER_AGENT_STRING] =
      g_param_spec_string ("user-agent-string", NULL, NULL, "Ahoy/" AHOY_VERSION, config);
  /**
   * SipUA:tls-database:
   *
   * Whom to trust; %NULL for whom the system trusts.
   */
  props[PROP_TLS_DATABASE] =
      g_param_spec_object ("tls-database", NULL, NULL, G_TYPE_TLS_DATABASE, config);
  /**
   * SipUA:media-servers:
   *
   * Who helps the media of its calls past a NAT; %NULL where nobody is asked.
   */
  props[PROP_MEDIA_SERVERS] =
      g_param_spec_object ("media-servers", NULL, NULL, SIP_TYPE_MEDIA_SERVERS, config);
  /**
   * SipUA:instance-id:
   *
   * Which of the phones of its address this is, a URN as `urn:uuid:…`, the same each time it is
   * started (RFC 5626 4.1); %NULL for one that is made anew by sip_ua_start().
   */
  props[PROP_INSTANCE_ID] = g_param_spec_string ("instance-id", NULL, NULL, NULL, config);
  /**
   * SipUA:gruu:
   *
   * Whether the address that a registrar gives a phone for all the world (RFC 5627) is its Contact
   * in calls. Not by default: many a proxy finds it in a new request only, and not in a call.
   */
  props[PROP_GRUU] = g_param_spec_boolean ("gruu", NULL, NULL, FALSE, config);
  /**
   * SipUA:trusted-certificate:
   *
   * The one certificate of a server that is trusted, by its SHA-256 fingerprint as `AB:CD:…`,
   * whatever the system says of it, and no other; %NULL for those that the system trusts and that
   * are of the server (RFC 5922). Counts from the next connection on.
   */
  props[PROP_TRUSTED_CERTIFICATE] =
      g_param_spec_string ("trusted-certificate", NULL, NULL, NULL, config);
  /**
   * SipUA:refused-certificate:
   *
   * The certificate for which a server was not connected to, so that a person may be asked;
   * %NULL where there is none, or one was accepted since.
   */
  props[PROP_REFUSED_CERTIFICATE] =
      g_param_spec_object ("refused-certificate", NULL, NULL, G_TYPE_TLS_CERTIFICATE,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * SipUA:refused-fingerprint:
   *
   * What makes #SipUA:refused-certificate the trusted one, set as #SipUA:trusted-certificate.
   */
  props[PROP_REFUSED_FINGERPRINT] = g_param_spec_string ("refused-fingerprint", NULL, NULL, NULL,
                                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * SipUA:retry-delay:
   *
   * How many seconds it waits, from the moment in which that is notified, before it tries to reach
   * its server or to register there again; 0 while it tries, and while it need not.
   */
  props[PROP_RETRY_DELAY] = g_param_spec_uint ("retry-delay", NULL, NULL, 0, G_MAXUINT, 0,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * SipUA:status:
   *
   * Where it stands.
   */
  props[PROP_STATUS] =
      g_param_spec_enum ("status", NULL, NULL, SIP_TYPE_UA_STATUS, SIP_UA_STATUS_INIT,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * SipUA:registered:
   *
   * Whether its server knows where to reach it.
   */
  props[PROP_REGISTERED] = g_param_spec_boolean ("registered", NULL, NULL, FALSE,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  sip_ua_install_signals (klass);
}

static void
sip_ua_init (SipUA *self)
{
  self->resting = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->known_hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->requests = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->subscriptions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->referrals = g_ptr_array_new_with_free_func (g_object_unref);
  self->late = g_ptr_array_new_with_free_func (sip_ua_late_free);
}

/* The only writer of status. */
void
sip_ua_set_status (SipUA *self, SipUAStatus status)
{
  if (self->status == status)
    return;
  g_debug ("%s: status %d to %d", self->uri, self->status, status);
  self->status = status;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATUS]);
}

SipEndpoint *
sip_ua_get_endpoint (SipUA *self)
{
  return self->endpoint;
}

guint
sip_ua_get_no_answer_timeout (SipUA *self)
{
  return self->no_answer_timeout;
}

/**
 * sip_ua_new:
 * @uri: who it is, `sip:alice@example.org`
 * @server: (nullable): the way to its server, or %NULL; see #SipUA:server
 *
 * Makes a user agent that is not started yet.
 *
 * Returns: (transfer full): a user agent that does nothing yet
 */
SipUA *
sip_ua_new (const char *uri, const char *server)
{
  return g_object_new (SIP_TYPE_UA, "uri", uri, "server", server, NULL);
}

/**
 * sip_ua_get_status:
 * @self: a user agent
 *
 * Gets [property@Sip.UA:status].
 *
 * Returns: where it stands
 */
SipUAStatus
sip_ua_get_status (SipUA *self)
{
  g_return_val_if_fail (SIP_IS_UA (self), SIP_UA_STATUS_INIT);

  return self->status;
}

void
sip_ua_set_refused (SipUA *self, GTlsCertificate *certificate)
{
  if (g_set_object (&self->refused_certificate, certificate))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REFUSED_CERTIFICATE]);
}

/* @seconds: 0 where it does not wait any more */
void
sip_ua_set_retry_delay (SipUA *self, guint seconds)
{
  if (self->retry_delay == 0 && seconds == 0)
    return;
  self->retry_delay = seconds;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RETRY_DELAY]);
}
