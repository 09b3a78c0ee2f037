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

static void
sip_ua_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SipUA *self = SIP_UA (object);

  switch (id) {
  case SIP_UA_PROP_URI:
    g_value_set_string (value, self->uri);
    break;
  case SIP_UA_PROP_SERVER:
    g_value_set_string (value, self->server);
    break;
  case SIP_UA_PROP_LOCAL_ADDRESS:
    g_value_set_string (value, self->local_address);
    break;
  case SIP_UA_PROP_DISPLAY_NAME:
    g_value_set_string (value, self->display_name);
    break;
  case SIP_UA_PROP_AUTHORIZATION_USER:
    g_value_set_string (value, self->authorization_user);
    break;
  case SIP_UA_PROP_AUTO_REGISTER:
    g_value_set_boolean (value, self->auto_register);
    break;
  case SIP_UA_PROP_REGISTER_EXPIRES:
    g_value_set_uint (value, self->register_expires);
    break;
  case SIP_UA_PROP_NO_ANSWER_TIMEOUT:
    g_value_set_uint (value, self->no_answer_timeout);
    break;
  case SIP_UA_PROP_REL100:
    g_value_set_enum (value, self->rel100);
    break;
  case SIP_UA_PROP_REPLACES:
    g_value_set_enum (value, self->replaces);
    break;
  case SIP_UA_PROP_DTMF_TYPE:
    g_value_set_enum (value, self->dtmf_type);
    break;
  case SIP_UA_PROP_REFER_POLICY:
    g_value_set_enum (value, self->refer_policy);
    break;
  case SIP_UA_PROP_MEDIA_PROFILE:
    g_value_set_enum (value, self->media_profile);
    break;
  case SIP_UA_PROP_LAST_MEDIA_PROFILE:
    g_value_set_enum (value, self->last_media_profile);
    break;
  case SIP_UA_PROP_SECURITY:
    g_value_set_enum (value, self->security);
    break;
  case SIP_UA_PROP_CLEAR_KEYS:
    g_value_set_boolean (value, self->clear_keys);
    break;
  case SIP_UA_PROP_RTP_PORT_MIN:
    g_value_set_uint (value, self->rtp_port_min);
    break;
  case SIP_UA_PROP_RTP_PORT_MAX:
    g_value_set_uint (value, self->rtp_port_max);
    break;
  case SIP_UA_PROP_AUTO_RINGING:
    g_value_set_boolean (value, self->auto_ringing);
    break;
  case SIP_UA_PROP_SESSION_EXPIRES:
    g_value_set_uint (value, self->session_expires);
    break;
  case SIP_UA_PROP_USER_AGENT_STRING:
    g_value_set_string (value, self->user_agent_string);
    break;
  case SIP_UA_PROP_TLS_DATABASE:
    g_value_set_object (value, self->tls_database);
    break;
  case SIP_UA_PROP_MEDIA_SERVERS:
    g_value_set_object (value, self->media_servers);
    break;
  case SIP_UA_PROP_NAT64:
    g_value_set_object (value, self->nat64);
    break;
  case SIP_UA_PROP_INSTANCE_ID:
    g_value_set_string (value, self->instance_id);
    break;
  case SIP_UA_PROP_GRUU:
    g_value_set_boolean (value, self->gruu);
    break;
  case SIP_UA_PROP_TRUSTED_CERTIFICATE:
    g_value_set_string (value, self->trusted_certificate);
    break;
  case SIP_UA_PROP_REFUSED_CERTIFICATE:
    g_value_set_object (value, self->refused_certificate);
    break;
  case SIP_UA_PROP_REFUSED_FINGERPRINT:
    if (self->refused_certificate != NULL)
      g_value_take_string (value, sip_identity_dup_fingerprint (self->refused_certificate));
    break;
  case SIP_UA_PROP_RETRY_DELAY:
    g_value_set_uint (value, self->retry_delay);
    break;
  case SIP_UA_PROP_STATUS:
    g_value_set_enum (value, self->status);
    break;
  case SIP_UA_PROP_REGISTERED:
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
  case SIP_UA_PROP_URI:
    g_free (self->uri);
    self->uri = g_value_dup_string (value);
    break;
  case SIP_UA_PROP_SERVER:
    g_free (self->server);
    self->server = g_value_dup_string (value);
    break;
  case SIP_UA_PROP_LOCAL_ADDRESS:
    g_free (self->local_address);
    self->local_address = g_value_dup_string (value);
    break;
  case SIP_UA_PROP_DISPLAY_NAME:
    g_free (self->display_name);
    self->display_name = g_value_dup_string (value);
    break;
  case SIP_UA_PROP_AUTHORIZATION_USER:
    g_free (self->authorization_user);
    self->authorization_user = g_value_dup_string (value);
    g_clear_pointer (&self->digest, sip_digest_unref);
    break;
  case SIP_UA_PROP_PASSWORD:
    clear_password (self);
    self->password = g_value_dup_string (value);
    break;
  case SIP_UA_PROP_AUTO_REGISTER:
    self->auto_register = g_value_get_boolean (value);
    break;
  case SIP_UA_PROP_REGISTER_EXPIRES:
    self->register_expires = g_value_get_uint (value);
    break;
  case SIP_UA_PROP_NO_ANSWER_TIMEOUT:
    self->no_answer_timeout = g_value_get_uint (value);
    break;
  case SIP_UA_PROP_REL100:
    self->rel100 = g_value_get_enum (value);
    break;
  case SIP_UA_PROP_REPLACES:
    self->replaces = g_value_get_enum (value);
    break;
  case SIP_UA_PROP_DTMF_TYPE:
    self->dtmf_type = g_value_get_enum (value);
    break;
  case SIP_UA_PROP_REFER_POLICY:
    self->refer_policy = g_value_get_enum (value);
    break;
  case SIP_UA_PROP_MEDIA_PROFILE:
    self->media_profile = g_value_get_enum (value);
    break;
  case SIP_UA_PROP_LAST_MEDIA_PROFILE:
    sip_ua_note_media_profile (self, g_value_get_enum (value));
    break;
  case SIP_UA_PROP_SECURITY:
    self->security = g_value_get_enum (value);
    break;
  case SIP_UA_PROP_CLEAR_KEYS:
    self->clear_keys = g_value_get_boolean (value);
    break;
  case SIP_UA_PROP_RTP_PORT_MIN:
    self->rtp_port_min = g_value_get_uint (value);
    break;
  case SIP_UA_PROP_RTP_PORT_MAX:
    self->rtp_port_max = g_value_get_uint (value);
    break;
  case SIP_UA_PROP_AUTO_RINGING:
    self->auto_ringing = g_value_get_boolean (value);
    break;
  case SIP_UA_PROP_SESSION_EXPIRES:
    self->session_expires = g_value_get_uint (value);
    break;
  case SIP_UA_PROP_USER_AGENT_STRING:
    g_free (self->user_agent_string);
    self->user_agent_string = g_value_dup_string (value);
    break;
  case SIP_UA_PROP_TLS_DATABASE:
    g_set_object (&self->tls_database, g_value_get_object (value));
    break;
  case SIP_UA_PROP_MEDIA_SERVERS:
    g_set_object (&self->media_servers, g_value_get_object (value));
    break;
  case SIP_UA_PROP_INSTANCE_ID:
    g_free (self->instance_id);
    self->instance_id = g_value_dup_string (value);
    break;
  case SIP_UA_PROP_GRUU:
    self->gruu = g_value_get_boolean (value);
    break;
  case SIP_UA_PROP_TRUSTED_CERTIFICATE:
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
  g_clear_object (&self->nat64);
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

  object_class->get_property = sip_ua_get_property;
  object_class->set_property = sip_ua_set_property;
  object_class->dispose = sip_ua_dispose;
  object_class->finalize = sip_ua_finalize;

  sip_ua_install_properties (object_class);
  sip_ua_install_signals (klass);
}

static void
sip_ua_init (SipUA *self)
{
  self->nat64 = sip_nat64_new ();
  self->resting = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->known_hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->requests = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->subscriptions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->referrals = g_ptr_array_new_with_free_func (g_object_unref);
  self->late = g_ptr_array_new_with_free_func (sip_ua_late_free);
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
