/* media-default-handler.c - the handler of a user agent that was given no factory
 *
 * Down: a session without a factory -> what its user agent and the other side's offer say ->
 *       media_web_handler_new(), or a MediaRtpHandler
 *
 * Here a description is only glanced at, as a hint; whoever gets it reads it with care.
 */

#include "media-elements.h"
#include "media-rtp-handler.h"
#include "media-web-handler-private.h"

#include "sip-media-servers.h"
#include "sip-media.h"
#include "sip-nat64.h"
#include "sip-ua.h"

#include <string.h>

static gboolean
has_word (const char *text, const char *word)
{
  g_autofree char *lower = text != NULL ? g_ascii_strdown (text, -1) : NULL;

  return lower != NULL && strstr (lower, word) != NULL;
}

/* The transport that an incoming request came over, as its first Via names it. */
static gboolean
came_over (SipMessage *request, const char *transport)
{
  g_autofree char *via = sip_message_get_header (request, "Via");
  g_autofree char *start = g_strconcat ("SIP/2.0/", transport, NULL);

  return via != NULL && g_ascii_strncasecmp (via, start, strlen (start)) == 0 &&
         g_ascii_isspace (via[strlen (start)]);
}

/* What a browser sends: ICE, and a handshake over it. Without an offer, who comes over a WebSocket
 * is one.
 */
static gboolean
is_browser (SipMessage *request)
{
  const char *body = sip_message_get_body (request);

  if (body == NULL || *body == '\0')
    return came_over (request, "WS") || came_over (request, "WSS");
  return has_word (body, "udp/tls/rtp/savp") && has_word (body, "a=ice-ufrag:");
}

static gboolean
is_private_uri (const char *uri)
{
  return uri != NULL &&
         (g_ascii_strncasecmp (uri, "sips:", 5) == 0 || g_ascii_strncasecmp (uri, "wss:", 4) == 0 ||
          has_word (uri, ";transport=tls"));
}

/* Nobody but the next hop reads what this session says. A Via alone proves nothing, for the sender
 * wrote it: what comes must have come from a server that is spoken to in private.
 */
static gboolean
is_private (SipUA *ua, SipSession *session)
{
  SipMessage *request = sip_session_get_request (session);
  g_autofree char *server = NULL;

  g_object_get (ua, "server", &server, NULL);
  if (SIP_IS_INVITE_SERVER_CONTEXT (session))
    return is_private_uri (server) && (came_over (request, "TLS") || came_over (request, "WSS"));
  return is_private_uri (server != NULL ? server : sip_message_get_request_uri (request));
}

/* The address that signaling goes out from is the one that the other side can reach; NULL where it
 * has none, as over a WebSocket.
 */
static char *
find_local_address (SipUA *ua)
{
  g_autofree char *uri = sip_ua_dup_contact_uri (ua);
  const char *host = uri != NULL ? strchr (uri, '@') : NULL;
  g_autofree char *text = NULL;
  g_autoptr (GInetAddress) address = NULL;

  if (host == NULL)
    return NULL;
  host++;
  text = *host == '[' ? g_strndup (host + 1, strcspn (host + 1, "]"))
                      : g_strndup (host, strcspn (host, ":;>"));
  address = g_inet_address_new_from_string (text);
  return address != NULL && !g_inet_address_get_is_any (address) ? g_steal_pointer (&text) : NULL;
}

static gboolean
wants_web (SipSession *session)
{
  SipMediaProfile profile = SIP_MEDIA_PROFILE_AUTO;

  g_object_get (session, "media-profile", &profile, NULL);
  if (profile != SIP_MEDIA_PROFILE_AUTO)
    return profile == SIP_MEDIA_PROFILE_WEB;
  return !SIP_IS_INVITE_SERVER_CONTEXT (session) || is_browser (sip_session_get_request (session));
}

static SipSessionDescriptionHandler *
new_default (SipSession *session)
{
  SipUA *ua = sip_session_get_ua (session);
  g_autoptr (SipMediaServers) servers = NULL;
  g_autoptr (SipNat64) nat64 = NULL;
  g_autofree char *address = NULL;
  SipSecurity security = SIP_SECURITY_PREFER;
  gboolean clear_keys = FALSE;
  guint port_min = 0, port_max = 0;

  g_object_get (ua, "media-servers", &servers, "nat64", &nat64, NULL);
  if (wants_web (session))
    return g_object_new (MEDIA_TYPE_WEB_HANDLER, "servers", servers, "nat64", nat64, NULL);
  address = find_local_address (ua);
  g_object_get (ua, "rtp-port-min", &port_min, "rtp-port-max", &port_max, "security", &security,
                "clear-keys", &clear_keys, NULL);
  return g_object_new (MEDIA_TYPE_RTP_HANDLER, "local-address", address, "port-min", port_min,
                       "port-max", port_max, "private-signaling", is_private (ua, session),
                       "security", security, "clear-keys", clear_keys, "servers", servers, "nat64",
                       nat64, NULL);
}

const SipMediaPart media_part = {
    .new_default = new_default,
    .new_web_handler = media_web_handler_new,
    .describe = media_describe_elements,
    .start = media_start_gstreamer,
    .prepare = media_web_handler_prepare,
};
