/* sip-target.c - what an address of SIP, or of a WebSocket server, says of the way to it */

#include "sip-target-private.h"

#include "sip-error.h"
#include "sip-message-private.h"

#include <netinet/in.h>
#include <string.h>

/* RFC 3261 25.1: a name, an address, or the inside of [an address of version 6]. */
static gboolean
is_host (const char *host)
{
  static const char letters[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:%";

  return host != NULL && *host != '\0' && strspn (host, letters) == strlen (host);
}

/* NULL where @uri is none that libosip2 can read and we can use. */
static osip_uri_t *
parse (const char *uri)
{
  osip_uri_t *parsed = NULL;

  if (strpbrk (uri, "\r\n \t<>\"") != NULL || strstr (uri, "%00") != NULL)
    return NULL;
  if (osip_uri_init (&parsed) != OSIP_SUCCESS)
    return NULL;
  if (osip_uri_parse (parsed, uri) == OSIP_SUCCESS && is_host (parsed->host) &&
      (g_ascii_strcasecmp (parsed->scheme, "sip") == 0 ||
       g_ascii_strcasecmp (parsed->scheme, "sips") == 0))
    return parsed;
  osip_uri_free (parsed);
  return NULL;
}

static const char *
choose_protocol (osip_uri_t *uri)
{
  static const char *const protocols[] = {"UDP", "TCP", "TLS", "WS", "WSS"};
  gboolean secure = g_ascii_strcasecmp (uri->scheme, "sips") == 0;
  osip_uri_param_t *transport = NULL;

  osip_uri_uparam_get_byname (uri, (char *)"transport", &transport);
  if (transport == NULL || transport->gvalue == NULL)
    return secure ? "TLS" : "UDP";
  if (secure && g_ascii_strcasecmp (transport->gvalue, "tcp") == 0)
    return "TLS"; /* RFC 3261 26.2.2: sips with transport=tcp is TLS */
  if (secure && g_ascii_strcasecmp (transport->gvalue, "ws") == 0)
    return "WSS";
  for (gsize i = 0; i < G_N_ELEMENTS (protocols); i++) {
    if (g_ascii_strcasecmp (transport->gvalue, protocols[i]) == 0)
      return secure && i < 2 ? NULL : protocols[i];
  }
  return NULL;
}

/* RFC 3263 4.1: `sips` names one as well as a parameter does. */
static gboolean
names_protocol (osip_uri_t *uri)
{
  osip_uri_param_t *transport = NULL;

  osip_uri_uparam_get_byname (uri, (char *)"transport", &transport);
  return transport != NULL || g_ascii_strcasecmp (uri->scheme, "sips") == 0;
}

static SipTarget *
parse_websocket (const char *text, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, error);
  SipTarget *self;

  if (uri == NULL)
    return NULL;
  if (g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0') {
    g_set_error (error, SIP_ERROR, SIP_ERROR_CONFIGURATION, "“%s” names no host", text);
    return NULL;
  }
  self = g_new0 (SipTarget, 1);
  self->protocol = g_str_equal (g_uri_get_scheme (uri), "wss") ? "WSS" : "WS";
  self->host = g_strdup (g_uri_get_host (uri));
  self->port = g_uri_get_port (uri) > 0              ? g_uri_get_port (uri)
               : g_str_equal (self->protocol, "WSS") ? 443
                                                     : 80;
  self->has_port = TRUE;
  self->identity = g_strdup (self->host);
  return self;
}

/* @uri: sip:, sips:, ws:// or wss://; host, port and transport of it count (RFC 3261 19.1.2). */
SipTarget *
sip_target_parse (const char *uri, GError **error)
{
  osip_uri_t *parsed;
  SipTarget *self;
  guint64 port = 0;

  if (g_str_has_prefix (uri, "ws://") || g_str_has_prefix (uri, "wss://"))
    return parse_websocket (uri, error);

  parsed = parse (uri);
  if (parsed == NULL || choose_protocol (parsed) == NULL ||
      (parsed->port != NULL &&
       !g_ascii_string_to_unsigned (parsed->port, 10, 1, 65535, &port, NULL))) {
    g_clear_pointer (&parsed, osip_uri_free);
    g_set_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT, "“%s” is no address of SIP", uri);
    return NULL;
  }
  self = g_new0 (SipTarget, 1);
  self->protocol = choose_protocol (parsed);
  self->host = g_strdup (parsed->host);
  self->port = port != 0                             ? port
               : g_str_equal (self->protocol, "TLS") ? 5061
               : g_str_equal (self->protocol, "WS")  ? 80
               : g_str_equal (self->protocol, "WSS") ? 443
                                                     : 5060;
  self->has_port = port != 0;
  self->is_open = !names_protocol (parsed);
  self->identity = g_strdup (self->host);
  osip_uri_free (parsed);
  return self;
}

SipTarget *
sip_target_copy (const SipTarget *self)
{
  SipTarget *copy = g_memdup2 (self, sizeof *self);

  copy->host = g_strdup (self->host);
  copy->identity = g_strdup (self->identity);
  return copy;
}

/* Whether there is nothing to look up but the address of its host (RFC 3263 4.1, 4.2). */
gboolean
sip_target_is_final (const SipTarget *self)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (self->host);

  return address != NULL || self->has_port || self->protocol[0] == 'W';
}

/* An address that says all of it. */
char *
sip_target_dup_uri (const SipTarget *self)
{
  gboolean colons = strchr (self->host, ':') != NULL;
  g_autofree char *protocol = g_ascii_strdown (self->protocol, -1);

  return g_strdup_printf ("sip:%s%s%s:%u;transport=%s", colons ? "[" : "", self->host,
                          colons ? "]" : "", self->port, protocol);
}

void
sip_target_free (SipTarget *self)
{
  g_free (self->identity);
  g_free (self->host);
  g_free (self);
}

gboolean
sip_target_is_loopback (SipTarget *self)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (self->host);

  return g_ascii_strcasecmp (self->host, "localhost") == 0 ||
         (address != NULL && g_inet_address_get_is_loopback (address));
}

/* What no server of the world answers for: a number, a name without a dot, and the names of RFC
 * 6761 6.3 and RFC 6762 3.
 */
gboolean
sip_host_is_local (const char *host)
{
  g_autofree char *small = g_ascii_strdown (host, -1);

  return g_hostname_is_ip_address (host) || strchr (host, '.') == NULL ||
         g_str_has_suffix (small, ".localhost") || g_str_has_suffix (small, ".local");
}

/* Also where version 6 only wraps one of version 4, or where it is the one that means this machine
 * to a socket. */
static gboolean
is_near (GInetAddress *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 &&
      IN6_IS_ADDR_V4MAPPED ((const struct in6_addr *)bytes)) {
    g_autoptr (GInetAddress) inner =
        g_inet_address_new_from_bytes (bytes + 12, G_SOCKET_FAMILY_IPV4);

    return is_near (inner);
  }
  return g_inet_address_get_is_loopback (address) || g_inet_address_get_is_link_local (address) ||
         g_inet_address_get_is_any (address);
}

/* Whether what a person named as @host may be at @address. Who answers for a name of the world does
 * not lead us to this machine or its link, where those listen who trust their neighbours; a person
 * who means that writes the address, or a name that is good there only.
 */
gboolean
sip_host_check_address (const char *host, GInetAddress *address, GError **error)
{
  g_autofree char *text = NULL;

  if (!is_near (address) || sip_host_is_local (host))
    return TRUE;
  text = g_inet_address_to_string (address);
  g_set_error (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND,
               "%s leads to %s, where a name of the world cannot be", host, text);
  return FALSE;
}

/* The user part with its escapes read, or NULL. */
char *
sip_uri_dup_user (const char *uri)
{
  osip_uri_t *parsed = parse (uri);
  char *user = parsed != NULL ? g_strdup (parsed->username) : NULL;

  g_clear_pointer (&parsed, osip_uri_free);
  return user;
}

char *
sip_uri_dup_host (const char *uri)
{
  osip_uri_t *parsed = parse (uri);
  char *host = NULL;

  if (parsed != NULL)
    host = strchr (parsed->host, ':') != NULL ? g_strdup_printf ("[%s]", parsed->host)
                                              : g_strdup (parsed->host);
  if (parsed != NULL && parsed->port != NULL) {
    char *with_port = g_strdup_printf ("%s:%s", host, parsed->port);

    g_free (host);
    host = with_port;
  }
  g_clear_pointer (&parsed, osip_uri_free);
  return host;
}

gboolean
sip_uri_is_valid (const char *uri, gboolean needs_user)
{
  osip_uri_t *parsed = parse (uri);
  gboolean valid =
      parsed != NULL && (!needs_user || (parsed->username != NULL && *parsed->username != '\0'));

  g_clear_pointer (&parsed, osip_uri_free);
  return valid;
}
