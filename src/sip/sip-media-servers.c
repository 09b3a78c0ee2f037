/* sip-media-servers.c - whom the media of an account may ask how it is reached from outside
 *
 * Down: a user agent's owner names them -> the handler of each call.
 */

#include "sip-media-servers.h"

#include "sip-error.h"
#include "sip-nat64-private.h"

#include <gio/gio.h>
#include <string.h>

struct _SipMediaServers {
  GObject parent_instance;

  char *stun;
  char *turn;
  char *user;
  char *password;
  gboolean relay_only;
};

/**
 * SipMediaServers:
 *
 * Servers that help media past a NAT: no other one is ever asked. A description names what they
 * tell, also to phones that know nothing of ICE.
 */
G_DEFINE_FINAL_TYPE (SipMediaServers, sip_media_servers, G_TYPE_OBJECT)

enum { PROP_STUN = 1, PROP_TURN, PROP_USER, PROP_PASSWORD, PROP_RELAY_ONLY, N_PROPS };
static GParamSpec *props[N_PROPS];

static gboolean
refuse (GError **error, const char *what, const char *uri)
{
  g_set_error (error, SIP_ERROR, SIP_ERROR_CONFIGURATION, "Invalid value “%s” for parameter “%s”",
               uri != NULL ? uri : "", what);
  return FALSE;
}

static char *
print_address (const char *host, guint16 port)
{
  gboolean colons = strchr (host, ':') != NULL;

  return g_strdup_printf ("%s%s%s:%u", colons ? "[" : "", host, colons ? "]" : "", port);
}

/* RFC 7064 3.1, RFC 7065 3.1: `stun:host:port`, `turn:host:port?transport=tcp`; @transport is
 * %NULL where that says nothing.
 */
static gboolean
parse (const char *uri, const char *scheme, char **host, guint16 *port, char **transport)
{
  g_autofree char *rest = NULL, *option = NULL;
  g_autoptr (GSocketConnectable) place = NULL;

  if (!g_str_has_prefix (uri, scheme) || uri[strlen (scheme)] != ':')
    return FALSE;
  rest = g_strdup (uri + strlen (scheme) + 1);
  if (strchr (rest, '?') != NULL) {
    option = g_strdup (strchr (rest, '?') + 1);
    *strchr (rest, '?') = '\0';
  }
  if (*rest == '\0' || strpbrk (rest, " /@\r\n") != NULL)
    return FALSE;
  place = g_network_address_parse (rest, 3478, NULL);
  if (place == NULL)
    return FALSE;
  if (option != NULL && (!g_str_equal (scheme, "turn") || (!g_str_equal (option, "transport=udp") &&
                                                           !g_str_equal (option, "transport=tcp"))))
    return FALSE;
  if (host != NULL) {
    *host = g_strdup (g_network_address_get_hostname (G_NETWORK_ADDRESS (place)));
    *port = g_network_address_get_port (G_NETWORK_ADDRESS (place));
  }
  if (transport != NULL)
    *transport = g_strdup (option);
  return TRUE;
}

static void
sip_media_servers_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  SipMediaServers *self = SIP_MEDIA_SERVERS (object);

  switch (id) {
  case PROP_STUN:
    self->stun = g_value_dup_string (value);
    break;
  case PROP_TURN:
    self->turn = g_value_dup_string (value);
    break;
  case PROP_USER:
    self->user = g_value_dup_string (value);
    break;
  case PROP_PASSWORD:
    self->password = g_value_dup_string (value);
    break;
  case PROP_RELAY_ONLY:
    self->relay_only = g_value_get_boolean (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
sip_media_servers_finalize (GObject *object)
{
  SipMediaServers *self = SIP_MEDIA_SERVERS (object);

  g_free (self->stun);
  g_free (self->turn);
  g_free (self->user);
  if (self->password != NULL)
    memset (self->password, 0, strlen (self->password));
  g_free (self->password);
  G_OBJECT_CLASS (sip_media_servers_parent_class)->finalize (object);
}

static void
sip_media_servers_class_init (SipMediaServersClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = sip_media_servers_set_property;
  object_class->finalize = sip_media_servers_finalize;

  /**
   * SipMediaServers:stun:
   *
   * Who tells how this machine is seen from outside, `stun:host:port` (RFC 7064), or %NULL.
   */
  props[PROP_STUN] = g_param_spec_string ("stun", NULL, NULL, NULL, flags);
  /**
   * SipMediaServers:turn:
   *
   * Who passes media on, `turn:host:port` or `turn:host:port?transport=tcp` (RFC 7065), or %NULL.
   * `turns:` is refused: what GStreamer would make of it is no TLS.
   */
  props[PROP_TURN] = g_param_spec_string ("turn", NULL, NULL, NULL, flags);
  /**
   * SipMediaServers:user:
   *
   * Who this account is at #SipMediaServers:turn, and only there.
   */
  props[PROP_USER] = g_param_spec_string ("user", NULL, NULL, NULL, flags);
  /**
   * SipMediaServers:password:
   *
   * And how it proves it.
   */
  props[PROP_PASSWORD] = g_param_spec_string ("password", NULL, NULL, NULL, flags);
  /**
   * SipMediaServers:relay-only:
   *
   * Whether the other side of a call sees the address of #SipMediaServers:turn and none of this
   * machine. A call that cannot be had that way fails.
   */
  props[PROP_RELAY_ONLY] = g_param_spec_boolean ("relay-only", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
sip_media_servers_init (SipMediaServers *self)
{
}

/**
 * sip_media_servers_check:
 * @self: servers
 * @error: where what is wrong with them goes
 *
 * Looks whether their addresses can be read, and whether there is a relay where only that may be
 * seen.
 *
 * Returns: whether they can be used
 */
gboolean
sip_media_servers_check (SipMediaServers *self, GError **error)
{
  g_return_val_if_fail (SIP_IS_MEDIA_SERVERS (self), FALSE);

  if (self->stun != NULL && !parse (self->stun, "stun", NULL, NULL, NULL))
    return refuse (error, "stun", self->stun);
  if ((self->turn != NULL || self->relay_only) &&
      (self->turn == NULL || !parse (self->turn, "turn", NULL, NULL, NULL)))
    return refuse (error, "turn", self->turn);
  return TRUE;
}

static char *
map_uri (const char *uri, const char *scheme, SipNat64 *nat64)
{
  g_autofree char *host = NULL, *transport = NULL, *mapped = NULL, *address = NULL;
  guint16 port;

  if (uri == NULL || !parse (uri, scheme, &host, &port, &transport))
    return NULL;
  mapped = sip_nat64_dup_host (nat64, host);
  address = print_address (mapped, port);
  return g_strconcat (scheme, ":", address, transport != NULL ? "?" : NULL, transport, NULL);
}

/**
 * sip_media_servers_map:
 * @self: servers
 * @nat64: the way to those who have IPv4 only
 *
 * For the makers of handlers.
 *
 * Returns: (transfer full): the same servers, with addresses that lead to them from here
 */
SipMediaServers *
sip_media_servers_map (SipMediaServers *self, SipNat64 *nat64)
{
  g_autofree char *stun = NULL, *turn = NULL;

  g_return_val_if_fail (SIP_IS_MEDIA_SERVERS (self), NULL);
  g_return_val_if_fail (SIP_IS_NAT64 (nat64), NULL);

  stun = map_uri (self->stun, "stun", nat64);
  turn = map_uri (self->turn, "turn", nat64);
  return g_object_new (SIP_TYPE_MEDIA_SERVERS, "stun", stun, "turn", turn, "user", self->user,
                       "password", self->password, "relay-only", self->relay_only, NULL);
}

/**
 * sip_media_servers_dup_stun:
 * @self: servers
 *
 * For the makers of handlers.
 *
 * Returns: (transfer full) (nullable): the STUN server as GStreamer wants it, `stun://host:port`
 */
char *
sip_media_servers_dup_stun (SipMediaServers *self)
{
  g_autofree char *host = NULL, *address = NULL;
  guint16 port;

  g_return_val_if_fail (SIP_IS_MEDIA_SERVERS (self), NULL);

  if (self->stun == NULL || !parse (self->stun, "stun", &host, &port, NULL))
    return NULL;
  address = print_address (host, port);
  return g_strconcat ("stun://", address, NULL);
}

/**
 * sip_media_servers_dup_turn:
 * @self: servers
 *
 * For the makers of handlers. The password is in it: it is for no log.
 *
 * Returns: (transfer full) (nullable): the TURN server as GStreamer wants it,
 *   `turn://user:password@host:port?transport=udp`
 */
char *
sip_media_servers_dup_turn (SipMediaServers *self)
{
  g_autofree char *host = NULL, *address = NULL, *transport = NULL;
  g_autofree char *user = NULL, *password = NULL;
  guint16 port;

  g_return_val_if_fail (SIP_IS_MEDIA_SERVERS (self), NULL);

  if (self->turn == NULL || !parse (self->turn, "turn", &host, &port, &transport))
    return NULL;
  address = print_address (host, port);
  user = g_uri_escape_string (self->user != NULL ? self->user : "", NULL, FALSE);
  password = g_uri_escape_string (self->password != NULL ? self->password : "", NULL, FALSE);
  return g_strdup_printf ("turn://%s:%s@%s?%s", user, password, address,
                          transport != NULL ? transport : "transport=udp");
}

/**
 * sip_media_servers_get_relay_only:
 * @self: servers
 *
 * Gets [property@Sip.MediaServers:relay-only].
 *
 * Returns: whether no address of this machine may be told
 */
gboolean
sip_media_servers_get_relay_only (SipMediaServers *self)
{
  g_return_val_if_fail (SIP_IS_MEDIA_SERVERS (self), FALSE);

  return self->relay_only;
}
