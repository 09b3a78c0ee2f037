/* sip-ua.c - one identity, its server and its calls
 *
 * Down: start(), register(), invite(), stop_async().
 * Up:   SipEndpoint -> sip_ua_receive(); SipRegistration -> registered and its kin.
 */

#include "sip-ua.h"

#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-session-private.h"
#include "sip-ua-private.h"

#include <string.h>

enum { STOP_TIME = 2000 }; /* milliseconds that the last requests are given */

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
  PROP_USER_AGENT_STRING,
  PROP_TLS_DATABASE,
  PROP_STATUS,
  PROP_REGISTERED,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

static guint signals[SIP_UA_N_SIGNALS];

static void
finish_stop (SipUA *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->stop_task);
  g_autoptr (GList) sessions = g_hash_table_get_values (self->sessions);

  sip_timers_clear (sip_endpoint_get_timers (self->endpoint), &self->stop_id);
  g_list_foreach (sessions, (GFunc)(void (*) (void))g_object_ref, NULL);
  for (GList *l = sessions; l != NULL; l = l->next) {
    sip_session_end (l->data, NULL, "Canceled", SIP_CAUSE_CANCELED);
    g_object_unref (l->data);
  }
  g_hash_table_remove_all (self->requests);
  g_clear_object (&self->registration);
  sip_ua_disconnect (self);
  g_clear_object (&self->endpoint);
  sip_ua_set_status (self, SIP_UA_STATUS_USER_CLOSED);
  sip_ua_emit (self, SIP_UA_STOPPED);
  g_task_return_boolean (task, TRUE);
}

static void
on_stop_time (gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  self->stop_id = 0;
  finish_stop (self);
}

static void
check_stop (SipUA *self)
{
  if (self->stop_task != NULL && g_hash_table_size (self->requests) == 0 &&
      g_hash_table_size (self->sessions) == 0 && !sip_registration_is_pending (self->registration))
    finish_stop (self);
}

static gboolean
on_stop_turn (gpointer user_data)
{
  check_stop (user_data);
  return G_SOURCE_REMOVE;
}

/* Not from inside a session that has not told of its end yet. */
static void
check_stop_later (SipUA *self)
{
  if (self->stop_task != NULL)
    g_idle_add_full (G_PRIORITY_DEFAULT, on_stop_turn, g_object_ref (self), g_object_unref);
}

static gboolean
on_request (SipEndpoint *endpoint,
            SipTransaction *transaction,
            SipMessage *request,
            gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  return sip_ua_receive (self, transaction, request);
}

static void
on_ack (SipEndpoint *endpoint, SipMessage *ack, gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  sip_ua_receive_ack (self, ack);
}

static void
on_registered (SipRegistration *registration, SipMessage *response, gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REGISTERED]);
  sip_ua_emit (self, SIP_UA_REGISTERED, response);
}

static void
on_unregistered (SipRegistration *registration,
                 SipMessage *response,
                 const char *cause,
                 gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REGISTERED]);
  sip_ua_emit (self, SIP_UA_UNREGISTERED, response, cause);
  check_stop (self);
}

static void
on_registration_failed (SipRegistration *registration,
                        SipMessage *response,
                        const char *cause,
                        gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REGISTERED]);
  sip_ua_emit (self, SIP_UA_REGISTRATION_FAILED, response, cause);
}

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
    g_value_set_string (value, self->credentials.user);
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
  case PROP_USER_AGENT_STRING:
    g_value_set_string (value, self->user_agent_string);
    break;
  case PROP_TLS_DATABASE:
    g_value_set_object (value, self->tls_database);
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
    g_free (self->credentials.user);
    self->credentials.user = g_value_dup_string (value);
    break;
  case PROP_PASSWORD:
    g_free (self->credentials.password);
    self->credentials.password = g_value_dup_string (value);
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
  case PROP_USER_AGENT_STRING:
    g_free (self->user_agent_string);
    self->user_agent_string = g_value_dup_string (value);
    break;
  case PROP_TLS_DATABASE:
    g_set_object (&self->tls_database, g_value_get_object (value));
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
  g_clear_object (&self->endpoint);
  g_clear_object (&self->tls_database);
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
  g_free (self->credentials.user);
  if (self->credentials.password != NULL)
    memset (self->credentials.password, 0, strlen (self->credentials.password));
  g_free (self->credentials.password);
  g_clear_pointer (&self->target, sip_target_free);
  G_OBJECT_CLASS (sip_ua_parent_class)->finalize (object);
}

static void
install_signal (SipUASignal signal, const char *name, guint n, GType first, GType second)
{
  signals[signal] = g_signal_new (name, SIP_TYPE_UA, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, n, first, second);
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
   * Which kind of media it offers.
   */
  props[PROP_MEDIA_PROFILE] = g_param_spec_enum (
      "media-profile", NULL, NULL, SIP_TYPE_MEDIA_PROFILE, SIP_MEDIA_PROFILE_AUTO, config);
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

  /**
   * SipUA::connecting:
   * @self: the user agent
   *
   * It connects to its server.
   */
  install_signal (SIP_UA_CONNECTING, "connecting", 0, 0, 0);
  /**
   * SipUA::connected:
   * @self: the user agent
   *
   * It is connected, or bound where datagrams are its way.
   */
  install_signal (SIP_UA_CONNECTED, "connected", 0, 0, 0);
  /**
   * SipUA::disconnected:
   * @self: the user agent
   * @error: (nullable): why; %NULL where the server just ended it
   *
   * The connection was lost or could not be made; it is tried again by itself.
   */
  install_signal (SIP_UA_DISCONNECTED, "disconnected", 1, G_TYPE_ERROR, 0);
  /**
   * SipUA::registered:
   * @self: the user agent
   * @response: the 200
   *
   * Its server knows where to reach it; emitted for each refresh too.
   */
  install_signal (SIP_UA_REGISTERED, "registered", 1, SIP_TYPE_MESSAGE, 0);
  /**
   * SipUA::unregistered:
   * @self: the user agent
   * @response: (nullable): what told so
   * @cause: (nullable): why, where it was not asked for
   *
   * Its server no longer knows where to reach it.
   */
  install_signal (SIP_UA_UNREGISTERED, "unregistered", 2, SIP_TYPE_MESSAGE, G_TYPE_STRING);
  /**
   * SipUA::registrationFailed:
   * @self: the user agent
   * @response: (nullable): what told so
   * @cause: (nullable): why, in SIP.js's words
   *
   * A REGISTER was refused or lost; it is tried again where time may heal.
   */
  install_signal (SIP_UA_REGISTRATION_FAILED, "registrationFailed", 2, SIP_TYPE_MESSAGE,
                  G_TYPE_STRING);
  /**
   * SipUA::invite:
   * @self: the user agent
   * @session: the call
   *
   * A call comes in and rings.
   */
  install_signal (SIP_UA_INVITE, "invite", 1, SIP_TYPE_INVITE_SERVER_CONTEXT, 0);
  /**
   * SipUA::inviteSent:
   * @self: the user agent
   * @session: the call
   *
   * The INVITE of a call was handed to the network.
   */
  install_signal (SIP_UA_INVITE_SENT, "inviteSent", 1, SIP_TYPE_INVITE_CLIENT_CONTEXT, 0);
  /**
   * SipUA::transportCreated:
   * @self: the user agent
   * @transport: the transport
   *
   * A transport to the server was made.
   */
  install_signal (SIP_UA_TRANSPORT_CREATED, "transportCreated", 1, SIP_TYPE_TRANSPORT, 0);
  /**
   * SipUA::stopped:
   * @self: the user agent
   *
   * All is ended after sip_ua_stop_async().
   */
  install_signal (SIP_UA_STOPPED, "stopped", 0, 0, 0);
}

static void
sip_ua_init (SipUA *self)
{
  self->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->requests = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

/* The one way to emit: what hears of it may drop the last reference. */
void
sip_ua_emit (SipUA *self, SipUASignal signal, ...)
{
  g_autoptr (SipUA) guard = g_object_ref (self);
  va_list args;

  va_start (args, signal);
  g_signal_emit_valist (self, signals[signal], 0, args);
  va_end (args);
}

gboolean
sip_ua_has_listener (SipUA *self, SipUASignal signal)
{
  return g_signal_has_handler_pending (self, signals[signal], 0, FALSE);
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

/* The program's own media, or the default. */
SipSessionDescriptionHandler *
sip_ua_create_handler (SipUA *self, SipSession *session)
{
  if (self->factory != NULL)
    return self->factory (session, self->factory_data);
  return sip_session_description_handler_new_default (session);
}

void
sip_ua_add_session (SipUA *self, SipSession *session, const char *local_tag)
{
  g_hash_table_replace (self->sessions,
                        g_strdup_printf ("%s %s", sip_session_get_call_id (session), local_tag),
                        g_object_ref (session));
}

void
sip_ua_remove_session (SipUA *self, SipSession *session)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    if (value == session) {
      g_hash_table_iter_remove (&iter);
      break;
    }
  }
  check_stop_later (self);
}

SipSession *
sip_ua_find_session (SipUA *self, const char *call_id, const char *local_tag)
{
  g_autofree char *key = g_strdup_printf ("%s %s", call_id, local_tag);

  return g_hash_table_lookup (self->sessions, key);
}

guint
sip_ua_get_n_sessions (SipUA *self)
{
  return g_hash_table_size (self->sessions);
}

/* What every message of ours says of this user agent. */
void
sip_ua_add_own_headers (SipUA *self, SipMessage *message)
{
  static const char *const with_allow[] = {"INVITE", "OPTIONS", "UPDATE", "REGISTER", NULL};
  const char *method = sip_message_get_method (message);
  gboolean is_request = sip_message_get_is_request (message);
  guint code = sip_message_get_status_code (message);

  if ((is_request || code / 100 == 2 || code == 405) &&
      (g_strv_contains (with_allow, method) || code == 405)) {
    g_autofree char *allow = sip_session_list_methods ();

    sip_message_add_header (message, "Allow", allow);
  }
  if (self->user_agent_string != NULL && *self->user_agent_string != '\0' &&
      strpbrk (self->user_agent_string, "\r\n") == NULL)
    sip_message_add_header (message, is_request ? "User-Agent" : "Server", self->user_agent_string);
}

/* Where a request to @target goes first: the server, if there is one. */
char *
sip_ua_dup_next_hop (SipUA *self, const char *target)
{
  return g_strdup (self->server != NULL ? self->server : target);
}

/* Our password is for our server, or for our own domain where there is no other. */
static gboolean
is_trusted_hop (SipUA *self, const char *next_hop)
{
  g_autoptr (SipTarget) hop = sip_target_parse (next_hop, NULL);
  g_autoptr (SipTarget) own = sip_target_parse (self->uri, NULL);

  if (hop == NULL)
    return FALSE;
  if (self->target != NULL)
    return !g_str_equal (self->target->protocol, "UDP") ||
           (g_ascii_strcasecmp (hop->host, self->target->host) == 0 &&
            hop->port == self->target->port);
  return own != NULL && g_ascii_strcasecmp (hop->host, own->host) == 0;
}

/* A request that is ready to be sent by sip_request_send(). */
SipRequest *
sip_ua_prepare (SipUA *self, const char *next_hop, SipMessage *message)
{
  g_autofree char *user = sip_uri_dup_user (self->uri);
  SipCredentials credentials = {self->credentials.user != NULL ? self->credentials.user : user,
                                self->credentials.password};

  sip_ua_hurry (self);
  return sip_request_new (self->endpoint, next_hop, message,
                          is_trusted_hop (self, next_hop) ? &credentials : NULL);
}

static void
on_kept_response (SipRequest *request, SipMessage *response, gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  if (sip_message_get_status_code (response) < 200)
    return;
  g_hash_table_remove (self->requests, request);
  check_stop (self);
}

/* Holds @request until its final response. */
void
sip_ua_keep_request (SipUA *self, SipRequest *request)
{
  g_hash_table_add (self->requests, g_object_ref (request));
  g_signal_connect_object (request, "response", G_CALLBACK (on_kept_response), self,
                           G_CONNECT_AFTER);
}

void
sip_ua_note_invite_sent (SipUA *self, SipInviteClientContext *session)
{
  sip_ua_emit (self, SIP_UA_INVITE_SENT, session);
}

guint
sip_ua_get_no_answer_timeout (SipUA *self)
{
  return self->no_answer_timeout;
}

SipDtmfType
sip_ua_get_dtmf_type (SipUA *self)
{
  return self->dtmf_type;
}

/**
 * sip_ua_new:
 * @uri: who it is, `sip:alice@example.org`
 * @server: (nullable): the way to its server, or %NULL; see #SipUA:server
 *
 * Returns: (transfer full): a user agent that does nothing yet
 */
SipUA *
sip_ua_new (const char *uri, const char *server)
{
  return g_object_new (SIP_TYPE_UA, "uri", uri, "server", server, NULL);
}

/**
 * sip_ua_start:
 * @self: a user agent
 * @error: where a wrong property (%SIP_ERROR_CONFIGURATION) or a port in use goes
 *
 * Connects to the server and registers, as its properties say. Goes on by itself from there:
 * `connected`, `registered` and their counterparts tell how it fares.
 *
 * Returns: %TRUE where it is on its way, also where it was already
 */
gboolean
sip_ua_start (SipUA *self, GError **error)
{
  g_return_val_if_fail (SIP_IS_UA (self), FALSE);

  if (self->status != SIP_UA_STATUS_INIT && self->status != SIP_UA_STATUS_USER_CLOSED)
    return TRUE;
  if (self->endpoint == NULL) {
    self->endpoint = sip_endpoint_new ();
    g_signal_connect_object (self->endpoint, "request", G_CALLBACK (on_request), self, 0);
    g_signal_connect_object (self->endpoint, "ack", G_CALLBACK (on_ack), self, 0);
  }
  if (!sip_ua_connect (self, error)) {
    g_clear_object (&self->endpoint);
    return FALSE;
  }
  g_signal_connect_object (self->registration, "registered", G_CALLBACK (on_registered), self, 0);
  g_signal_connect_object (self->registration, "unregistered", G_CALLBACK (on_unregistered), self,
                           0);
  g_signal_connect_object (self->registration, "failed", G_CALLBACK (on_registration_failed), self,
                           0);
  return TRUE;
}

/**
 * sip_ua_stop_async:
 * @self: a user agent
 * @callback: (nullable): called when all is ended
 * @user_data: handed to @callback
 *
 * Ends all calls, takes back the registration and closes; what is not answered after two seconds
 * is given up.
 */
void
sip_ua_stop_async (SipUA *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (SipUA) guard = NULL;
  g_autoptr (GTask) task = NULL;
  g_autoptr (GList) sessions = NULL;

  g_return_if_fail (SIP_IS_UA (self));

  guard = g_object_ref (self);
  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, sip_ua_stop_async);
  if (self->stop_task != NULL) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "%s is being stopped",
                             self->uri);
    return;
  }
  if (self->endpoint == NULL) {
    g_task_return_boolean (task, TRUE);
    return;
  }
  sessions = g_hash_table_get_values (self->sessions);
  g_list_foreach (sessions, (GFunc)(void (*) (void))g_object_ref, NULL);
  for (GList *l = sessions; l != NULL; l = l->next) {
    sip_session_terminate (l->data, NULL, NULL);
    g_object_unref (l->data);
  }
  if (sip_registration_is_registered (self->registration))
    sip_registration_remove (self->registration, NULL);
  else
    sip_registration_lost (self->registration);
  self->stop_task = g_steal_pointer (&task);
  self->stop_id =
      sip_timers_add (sip_endpoint_get_timers (self->endpoint), STOP_TIME, on_stop_time, self);
  check_stop (self);
}

/**
 * sip_ua_stop_finish:
 * @self: a user agent
 * @result: what the callback was given
 * @error: where a failure goes
 *
 * Returns: %TRUE where all is ended
 */
gboolean
sip_ua_stop_finish (SipUA *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
check_started (SipUA *self, GError **error)
{
  if (self->endpoint != NULL && self->stop_task == NULL)
    return TRUE;
  g_set_error_literal (error, SIP_ERROR, SIP_ERROR_INVALID_STATE, "The user agent is not started");
  return FALSE;
}

/**
 * sip_ua_register:
 * @self: a user agent
 * @options: (nullable): extra headers, kept for the refreshes
 * @error: where a wrong state or option goes
 *
 * Registers now and from now on (RFC 3261 10.2).
 *
 * Returns: %TRUE where the REGISTER is on its way
 */
gboolean
sip_ua_register (SipUA *self, SipOptions *options, GError **error)
{
  g_return_val_if_fail (SIP_IS_UA (self), FALSE);

  if (!check_started (self, error) || !sip_options_check (options, 0, 0, error))
    return FALSE;
  g_object_set (self, "auto-register", TRUE, NULL);
  sip_registration_start (self->registration, options);
  return TRUE;
}

/**
 * sip_ua_unregister:
 * @self: a user agent
 * @options: (nullable): extra headers
 * @error: where a wrong state or option goes
 *
 * Takes the registration back, and registers no more by itself (RFC 3261 10.2.2).
 *
 * Returns: %TRUE where the REGISTER is on its way
 */
gboolean
sip_ua_unregister (SipUA *self, SipOptions *options, GError **error)
{
  g_return_val_if_fail (SIP_IS_UA (self), FALSE);

  if (!check_started (self, error) || !sip_options_check (options, 0, 0, error))
    return FALSE;
  g_object_set (self, "auto-register", FALSE, NULL);
  sip_registration_remove (self->registration, options);
  return TRUE;
}

/**
 * sip_ua_is_registered:
 * @self: a user agent
 *
 * Returns: whether its server knows where to reach it
 */
gboolean
sip_ua_is_registered (SipUA *self)
{
  g_return_val_if_fail (SIP_IS_UA (self), FALSE);

  return self->registration != NULL && sip_registration_is_registered (self->registration);
}

static SipMessage *
create_invite (SipUA *self, const char *target, SipOptions *options)
{
  gboolean anonymous = sip_options_read_flag (options, "anonymous", FALSE);
  g_autoptr (SipNameAddr) from = NULL, to = sip_name_addr_new (NULL, target);
  g_autofree char *from_text = NULL, *to_text = sip_name_addr_to_string (to);
  g_autofree char *tag = sip_random_token (), *call_id = sip_random_token ();
  SipMessage *invite = sip_message_new_request ("INVITE", target);

  from = anonymous ? sip_name_addr_new ("Anonymous", "sip:anonymous@anonymous.invalid")
                   : sip_name_addr_new (self->display_name, self->uri);
  from_text = sip_name_addr_to_string (from);
  sip_message_add_header (invite, "Max-Forwards", "70");
  sip_message_add_header_printf (invite, "From", "%s;tag=%s", from_text, tag);
  sip_message_add_header (invite, "To", to_text);
  sip_message_add_header (invite, "Call-ID", call_id);
  sip_message_add_header (invite, "CSeq", "1 INVITE");
  if (anonymous) {
    sip_message_add_header_printf (invite, "P-Preferred-Identity", "<%s>", self->uri);
    sip_message_add_header (invite, "Privacy", "id");
  }
  sip_message_add_extra_headers (invite, sip_options_read_extra_headers (options));
  sip_ua_add_own_headers (self, invite);
  return invite;
}

/**
 * sip_ua_invite:
 * @self: a user agent that was started
 * @target: whom to call, in any form that sip_ua_normalize_target() reads
 * @options: (nullable): extra headers, kinds of media, anonymous, invite-without-sdp
 * @modifiers: (nullable): changes to the descriptions
 * @error: where a target or an option that cannot be used goes
 *
 * Places a call. Nothing is sent before it returns.
 *
 * Returns: (transfer full): the call, or %NULL with @error set
 */
SipInviteClientContext *
sip_ua_invite (SipUA *self,
               const char *target,
               SipOptions *options,
               SipModifiers *modifiers,
               GError **error)
{
  g_autofree char *uri = NULL, *next_hop = NULL;
  g_autoptr (SipMessage) invite = NULL;
  SipInviteClientContext *session;

  g_return_val_if_fail (SIP_IS_UA (self), NULL);

  if (!check_started (self, error) || !sip_options_check (options, 0, 0, error))
    return NULL;
  uri = sip_ua_normalize_target (self, target, error);
  if (uri == NULL)
    return NULL;
  invite = create_invite (self, uri, options);
  next_hop = sip_ua_dup_next_hop (self, uri);
  session = sip_invite_client_context_new (self, invite, next_hop, options, modifiers);
  sip_ua_add_session (self, SIP_SESSION (session), sip_message_get_from_tag (invite));
  return session;
}

/**
 * sip_ua_set_session_description_handler_factory:
 * @self: a user agent
 * @func: (nullable) (scope notified) (closure user_data) (destroy destroy): makes the media of
 *   each session; %NULL for the default
 * @user_data: handed to @func
 * @destroy: (nullable): called on @user_data when it is no longer needed
 *
 * Chooses the media of sessions to come.
 */
void
sip_ua_set_session_description_handler_factory (SipUA *self,
                                                SipSessionDescriptionHandlerFactory func,
                                                gpointer user_data,
                                                GDestroyNotify destroy)
{
  g_return_if_fail (SIP_IS_UA (self));

  if (self->factory_destroy != NULL)
    self->factory_destroy (self->factory_data);
  self->factory = func;
  self->factory_data = user_data;
  self->factory_destroy = destroy;
}

/**
 * sip_ua_get_uri:
 * @self: a user agent
 *
 * Returns: who it is
 */
const char *
sip_ua_get_uri (SipUA *self)
{
  g_return_val_if_fail (SIP_IS_UA (self), NULL);

  return self->uri;
}

/**
 * sip_ua_get_status:
 * @self: a user agent
 *
 * Returns: where it stands
 */
SipUAStatus
sip_ua_get_status (SipUA *self)
{
  g_return_val_if_fail (SIP_IS_UA (self), SIP_UA_STATUS_INIT);

  return self->status;
}

/**
 * sip_ua_dup_contact_uri:
 * @self: a user agent
 *
 * Returns: (transfer full) (nullable): the address that reaches it without a server, `sip:` user
 *   `@` host and port; %NULL where there is none
 */
char *
sip_ua_dup_contact_uri (SipUA *self)
{
  SipTransport *datagram;

  g_return_val_if_fail (SIP_IS_UA (self), NULL);

  datagram = self->endpoint != NULL ? sip_endpoint_get_datagram (self->endpoint) : NULL;
  return datagram != NULL ? sip_endpoint_dup_contact (self->endpoint, datagram, NULL) : NULL;
}
