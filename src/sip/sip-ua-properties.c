/* sip-ua-properties.c - what a user agent is told, and what it tells of itself
 *
 * Up: sip_ua_set_status() and its kin -> notify.
 */

#include "sip-ua-private.h"

static GParamSpec *props[SIP_UA_N_PROPS];

void
sip_ua_install_properties (GObjectClass *klass)
{
  const GParamFlags config = G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS;

  /**
   * SipUA:uri:
   *
   * Who this user agent is: `sip:alice@example.org`. Required.
   */
  props[SIP_UA_PROP_URI] = g_param_spec_string ("uri", NULL, NULL, NULL, config);
  /**
   * SipUA:server:
   *
   * The way to its server: `sip:host:port;transport=udp|tcp|tls`, `sips:…`, `ws://…` (on this
   * machine only) or `wss://…`; %NULL: the host of #SipUA:uri, and whatever address is called.
   */
  props[SIP_UA_PROP_SERVER] = g_param_spec_string ("server", NULL, NULL, NULL, config);
  /**
   * SipUA:local-address:
   *
   * Where to bind, `host:port`; %NULL for any address and a free port. Of no use with a server
   * that is reached by a stream.
   */
  props[SIP_UA_PROP_LOCAL_ADDRESS] =
      g_param_spec_string ("local-address", NULL, NULL, NULL, config);
  /**
   * SipUA:display-name:
   *
   * The name that the other side is shown.
   */
  props[SIP_UA_PROP_DISPLAY_NAME] = g_param_spec_string ("display-name", NULL, NULL, NULL, config);
  /**
   * SipUA:authorization-user:
   *
   * The user that answers challenges; %NULL for the one of #SipUA:uri.
   */
  props[SIP_UA_PROP_AUTHORIZATION_USER] =
      g_param_spec_string ("authorization-user", NULL, NULL, NULL, config);
  /**
   * SipUA:password:
   *
   * The password that answers challenges.
   */
  props[SIP_UA_PROP_PASSWORD] = g_param_spec_string (
      "password", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);
  /**
   * SipUA:auto-register:
   *
   * Whether it registers as soon as it is connected.
   */
  props[SIP_UA_PROP_AUTO_REGISTER] =
      g_param_spec_boolean ("auto-register", NULL, NULL, TRUE, config);
  /**
   * SipUA:register-expires:
   *
   * For how long it registers, in seconds.
   */
  props[SIP_UA_PROP_REGISTER_EXPIRES] =
      g_param_spec_uint ("register-expires", NULL, NULL, 1, G_MAXINT32, 600, config);
  /**
   * SipUA:no-answer-timeout:
   *
   * After how many seconds a call that nobody answers gets 408; 0 for never.
   */
  props[SIP_UA_PROP_NO_ANSWER_TIMEOUT] =
      g_param_spec_uint ("no-answer-timeout", NULL, NULL, 0, G_MAXINT32, 60, config);
  /**
   * SipUA:rel100:
   *
   * What is made of reliable provisional responses (RFC 3262).
   */
  props[SIP_UA_PROP_REL100] =
      g_param_spec_enum ("rel100", NULL, NULL, SIP_TYPE_SUPPORT, SIP_SUPPORT_SUPPORTED, config);
  /**
   * SipUA:replaces:
   *
   * What is made of calls that take another's place (RFC 3891).
   */
  props[SIP_UA_PROP_REPLACES] =
      g_param_spec_enum ("replaces", NULL, NULL, SIP_TYPE_SUPPORT, SIP_SUPPORT_SUPPORTED, config);
  /**
   * SipUA:dtmf-type:
   *
   * How tones are sent.
   */
  props[SIP_UA_PROP_DTMF_TYPE] =
      g_param_spec_enum ("dtmf-type", NULL, NULL, SIP_TYPE_DTMF_TYPE, SIP_DTMF_TYPE_AUTO, config);
  /**
   * SipUA:refer-policy:
   *
   * What is made of transfers that the other side asks for.
   */
  props[SIP_UA_PROP_REFER_POLICY] = g_param_spec_enum (
      "refer-policy", NULL, NULL, SIP_TYPE_REFER_POLICY, SIP_REFER_POLICY_AUTO, config);
  /**
   * SipUA:media-profile:
   *
   * Which kind of media it offers, as long as no factory chooses. With %SIP_MEDIA_PROFILE_AUTO a
   * call begins with #SipUA:last-media-profile, and where the other side cannot use that (488, 415
   * or 606), it goes on once with the other kind.
   */
  props[SIP_UA_PROP_MEDIA_PROFILE] = g_param_spec_enum (
      "media-profile", NULL, NULL, SIP_TYPE_MEDIA_PROFILE, SIP_MEDIA_PROFILE_AUTO, config);
  /**
   * SipUA:last-media-profile:
   *
   * Which kind of media the last call had that was placed and answered; worth being remembered
   * with the account. %SIP_MEDIA_PROFILE_AUTO is read as %SIP_MEDIA_PROFILE_WEB.
   */
  props[SIP_UA_PROP_LAST_MEDIA_PROFILE] =
      g_param_spec_enum ("last-media-profile", NULL, NULL, SIP_TYPE_MEDIA_PROFILE,
                         SIP_MEDIA_PROFILE_WEB, config | G_PARAM_EXPLICIT_NOTIFY);
  /**
   * SipUA:security:
   *
   * What is made of encryption in calls with ordinary phones, as long as no factory chooses.
   */
  props[SIP_UA_PROP_SECURITY] =
      g_param_spec_enum ("security", NULL, NULL, SIP_TYPE_SECURITY, SIP_SECURITY_PREFER, config);
  /**
   * SipUA:clear-keys:
   *
   * Whether keys of encryption may travel where others can read them, as long as no factory
   * chooses. Such a call is not secure; some telephone systems want it all the same.
   */
  props[SIP_UA_PROP_CLEAR_KEYS] = g_param_spec_boolean ("clear-keys", NULL, NULL, FALSE, config);
  /**
   * SipUA:rtp-port-min:
   *
   * The first port of this machine that calls with ordinary phones may use for sound.
   */
  props[SIP_UA_PROP_RTP_PORT_MIN] =
      g_param_spec_uint ("rtp-port-min", NULL, NULL, 0, G_MAXUINT16, 0, config);
  /**
   * SipUA:rtp-port-max:
   *
   * The last one; 0 where it may be any. Each call takes two.
   */
  props[SIP_UA_PROP_RTP_PORT_MAX] =
      g_param_spec_uint ("rtp-port-max", NULL, NULL, 0, G_MAXUINT16, 0, config);
  /**
   * SipUA:auto-ringing:
   *
   * Whether a caller is told at once that it rings. Where it is not, or where the caller insists
   * on acknowledging that, sip_invite_server_context_progress() has to tell.
   */
  props[SIP_UA_PROP_AUTO_RINGING] = g_param_spec_boolean ("auto-ringing", NULL, NULL, TRUE, config);
  /**
   * SipUA:session-expires:
   *
   * After how many seconds a call whose other side is gone ends (RFC 4028), at least 90; 0 for
   * never. The other side may shorten it.
   */
  props[SIP_UA_PROP_SESSION_EXPIRES] =
      g_param_spec_uint ("session-expires", NULL, NULL, 0, G_MAXINT32, 1800, config);
  /**
   * SipUA:user-agent-string:
   *
   * What it calls itself in User-Agent and Server.
   */
  props[SIP_UA_PROP_USER_AGENT_STRING] =
      g_param_spec_string ("user-agent-string", NULL, NULL, "Ahoy/" AHOY_VERSION, config);
  /**
   * SipUA:tls-database:
   *
   * Whom to trust; %NULL for whom the system trusts.
   */
  props[SIP_UA_PROP_TLS_DATABASE] =
      g_param_spec_object ("tls-database", NULL, NULL, G_TYPE_TLS_DATABASE, config);
  /**
   * SipUA:media-servers:
   *
   * Who helps the media of its calls past a NAT; %NULL where nobody is asked.
   */
  props[SIP_UA_PROP_MEDIA_SERVERS] =
      g_param_spec_object ("media-servers", NULL, NULL, SIP_TYPE_MEDIA_SERVERS, config);
  /**
   * SipUA:nat64:
   *
   * How those are reached who have IPv4 only, from a network that has none; for the makers of
   * handlers.
   */
  props[SIP_UA_PROP_NAT64] = g_param_spec_object ("nat64", NULL, NULL, SIP_TYPE_NAT64,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * SipUA:instance-id:
   *
   * Which of the phones of its address this is, a URN as `urn:uuid:…`, the same each time it is
   * started (RFC 5626 4.1); %NULL for one that is made anew by sip_ua_start().
   */
  props[SIP_UA_PROP_INSTANCE_ID] = g_param_spec_string ("instance-id", NULL, NULL, NULL, config);
  /**
   * SipUA:gruu:
   *
   * Whether the address that a registrar gives a phone for all the world (RFC 5627) is its Contact
   * in calls. Not by default: many a proxy finds it in a new request only, and not in a call.
   */
  props[SIP_UA_PROP_GRUU] = g_param_spec_boolean ("gruu", NULL, NULL, FALSE, config);
  /**
   * SipUA:trusted-certificate:
   *
   * The one certificate of a server that is trusted, by its SHA-256 fingerprint as `AB:CD:…`,
   * whatever the system says of it, and no other; %NULL for those that the system trusts and that
   * are of the server (RFC 5922). Counts from the next connection on.
   */
  props[SIP_UA_PROP_TRUSTED_CERTIFICATE] =
      g_param_spec_string ("trusted-certificate", NULL, NULL, NULL, config);
  /**
   * SipUA:refused-certificate:
   *
   * The certificate for which a server was not connected to, so that a person may be asked;
   * %NULL where there is none, or one was accepted since.
   */
  props[SIP_UA_PROP_REFUSED_CERTIFICATE] =
      g_param_spec_object ("refused-certificate", NULL, NULL, G_TYPE_TLS_CERTIFICATE,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * SipUA:refused-fingerprint:
   *
   * What makes #SipUA:refused-certificate the trusted one, set as #SipUA:trusted-certificate.
   */
  props[SIP_UA_PROP_REFUSED_FINGERPRINT] = g_param_spec_string (
      "refused-fingerprint", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * SipUA:retry-delay:
   *
   * How many seconds it waits, from the moment in which that is notified, before it tries to reach
   * its server or to register there again; 0 while it tries, and while it need not.
   */
  props[SIP_UA_PROP_RETRY_DELAY] = g_param_spec_uint ("retry-delay", NULL, NULL, 0, G_MAXUINT, 0,
                                                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * SipUA:status:
   *
   * Where it stands.
   */
  props[SIP_UA_PROP_STATUS] =
      g_param_spec_enum ("status", NULL, NULL, SIP_TYPE_UA_STATUS, SIP_UA_STATUS_INIT,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * SipUA:registered:
   *
   * Whether its server knows where to reach it.
   */
  props[SIP_UA_PROP_REGISTERED] = g_param_spec_boolean ("registered", NULL, NULL, FALSE,
                                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (klass, SIP_UA_N_PROPS, props);
}

/* The only writer of status. */
void
sip_ua_set_status (SipUA *self, SipUAStatus status)
{
  if (self->status == status)
    return;
  g_debug ("%s: status %d to %d", self->uri, self->status, status);
  self->status = status;
  g_object_notify_by_pspec (G_OBJECT (self), props[SIP_UA_PROP_STATUS]);
}

void
sip_ua_set_refused (SipUA *self, GTlsCertificate *certificate)
{
  if (g_set_object (&self->refused_certificate, certificate))
    g_object_notify_by_pspec (G_OBJECT (self), props[SIP_UA_PROP_REFUSED_CERTIFICATE]);
}

/* @seconds: 0 where it does not wait any more */
void
sip_ua_set_retry_delay (SipUA *self, guint seconds)
{
  if (self->retry_delay == 0 && seconds == 0)
    return;
  self->retry_delay = seconds;
  g_object_notify_by_pspec (G_OBJECT (self), props[SIP_UA_PROP_RETRY_DELAY]);
}
