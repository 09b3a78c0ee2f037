/* test-default-handler.c - which kind of media a session gets that nobody chose for */

#include "listener.h"

#include "media-rtp-handler.h"
#include "media-web-handler.h"

#include "sip-media-servers.h"
#include "sip-ua.h"

#include <string.h>

#define CANCELLED 50
#define ICE "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\n"
#define PORT_MIN 30000
#define PORT_MAX 39999
#define PHONE "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"

typedef struct {
  const char *name;
  SipMediaProfile profile;
  const char *via;
  const char *body;
  gboolean is_web;
} Incoming;

static const Incoming incoming[] = {
    {"browser", SIP_MEDIA_PROFILE_AUTO, "UDP", PHONE "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" ICE,
     TRUE},
    {"phone", SIP_MEDIA_PROFILE_AUTO, "UDP", PHONE "m=audio 4000 RTP/AVP 0\r\n", FALSE},
    {"phone-with-ice", SIP_MEDIA_PROFILE_AUTO, "TLS", PHONE "m=audio 4000 RTP/SAVP 0\r\n" ICE,
     FALSE},
    {"phone-with-dtls", SIP_MEDIA_PROFILE_AUTO, "TLS",
     PHONE "m=audio 4000 UDP/TLS/RTP/SAVP 0\r\na=fingerprint:sha-256 AA\r\n", FALSE},
    {"no-offer", SIP_MEDIA_PROFILE_AUTO, "UDP", "", FALSE},
    {"no-offer-of-a-browser", SIP_MEDIA_PROFILE_AUTO, "WSS", "", TRUE},
    {"web", SIP_MEDIA_PROFILE_WEB, "UDP", PHONE "m=audio 4000 RTP/AVP 0\r\n", TRUE},
    {"rtp", SIP_MEDIA_PROFILE_RTP, "WSS", PHONE "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" ICE, FALSE},
};

static void
keep_session (SipUA *ua, SipInviteServerContext *session, gpointer user_data)
{
  *(SipSession **)user_data = g_object_ref (SIP_SESSION (session));
}

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  sip_ua_stop_finish (SIP_UA (source), result, NULL);
  *(gboolean *)user_data = TRUE;
}

static SipUA *
make_ua (SipMediaProfile profile, const char *server)
{
  g_autoptr (GError) error = NULL;
  SipUA *ua = g_object_new (SIP_TYPE_UA, "uri", "sip:alice@127.0.0.1", "server", server,
                            "local-address", server == NULL ? "127.0.0.1:0" : NULL, "auto-register",
                            FALSE, "media-profile", profile, NULL);

  sip_ua_start (ua, &error);
  g_assert_no_error (error);
  return ua;
}

static void
stop (SipUA *ua)
{
  gboolean is_stopped = FALSE;

  sip_ua_stop_async (ua, on_stopped, &is_stopped);
  WAIT_FOR (is_stopped);
  listener_drain ();
}

static guint
read_port (SipUA *ua)
{
  g_autofree char *uri = sip_ua_dup_contact_uri (ua);

  return g_ascii_strtoull (strchr (strchr (uri, '@'), ':') + 1, NULL, 10);
}

static void
send_invite (guint port, const Incoming *row)
{
  g_autoptr (GSocket) socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GSocketAddress) to = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  g_autofree char *text = g_strdup_printf (
      "INVITE sip:alice@127.0.0.1:%u SIP/2.0\r\n"
      "Via: SIP/2.0/%s 127.0.0.1:9;branch=z9hG4bKdefault;rport\r\n"
      "Max-Forwards: 70\r\n"
      "From: <sip:bob@127.0.0.1>;tag=1\r\n"
      "To: <sip:alice@127.0.0.1>\r\n"
      "Call-ID: %s@127.0.0.1\r\n"
      "CSeq: 1 INVITE\r\n"
      "Contact: <sip:bob@127.0.0.1:9>\r\n"
      "%s"
      "Content-Length: %zu\r\n\r\n%s",
      port, row->via, row->name, *row->body != '\0' ? "Content-Type: application/sdp\r\n" : "",
      strlen (row->body), row->body);

  g_assert_cmpint (g_socket_send_to (socket, to, text, strlen (text), NULL, NULL), >, 0);
}

static void
assert_handler (SipSessionDescriptionHandler *handler,
                gboolean is_web,
                gboolean is_private,
                const char *address)
{
  g_autofree char *local = NULL;
  gboolean private_signaling = FALSE;

  if (is_web) {
    g_assert_true (MEDIA_IS_WEB_HANDLER (handler));
    return;
  }
  g_assert_true (MEDIA_IS_RTP_HANDLER (handler));
  g_object_get (handler, "private-signaling", &private_signaling, "local-address", &local, NULL);
  g_assert_cmpint (private_signaling, ==, is_private);
  g_assert_cmpstr (local, ==, address);
}

static void
test_incoming (gconstpointer data)
{
  const Incoming *row = data;
  g_autoptr (SipUA) ua = make_ua (row->profile, NULL);
  g_autoptr (SipSession) session = NULL;
  g_autoptr (SipSessionDescriptionHandler) handler = NULL;

  g_signal_connect (ua, "invite", G_CALLBACK (keep_session), &session);
  send_invite (read_port (ua), row);
  WAIT_FOR (session != NULL);
  handler = sip_session_description_handler_new_default (session);
  /* Whatever its Via says, it came over UDP. */
  assert_handler (handler, row->is_web, FALSE, "127.0.0.1");
  stop (ua);
}

typedef struct {
  const char *name;
  SipMediaProfile profile;
  SipMediaProfile last;
  const char *target;
  gboolean is_web;
  gboolean is_private;
} Outgoing;

static const Outgoing outgoing[] = {
    {"auto", SIP_MEDIA_PROFILE_AUTO, SIP_MEDIA_PROFILE_AUTO, "sip:bob@127.0.0.1:9", TRUE, FALSE},
    {"web", SIP_MEDIA_PROFILE_WEB, SIP_MEDIA_PROFILE_RTP, "sip:bob@127.0.0.1:9", TRUE, FALSE},
    {"rtp", SIP_MEDIA_PROFILE_RTP, SIP_MEDIA_PROFILE_WEB, "sip:bob@127.0.0.1:9", FALSE, FALSE},
    {"auto-again", SIP_MEDIA_PROFILE_AUTO, SIP_MEDIA_PROFILE_RTP, "sip:bob@127.0.0.1:9", FALSE,
     FALSE},
    {"rtp-tls", SIP_MEDIA_PROFILE_RTP, SIP_MEDIA_PROFILE_AUTO, "sip:bob@127.0.0.1:9;transport=tls",
     FALSE, TRUE},
};

static void
keep_handler (SipSession *session, SipSessionDescriptionHandler *handler, gpointer user_data)
{
  g_set_object ((SipSessionDescriptionHandler **)user_data, handler);
}

static void
test_outgoing (gconstpointer data)
{
  const Outgoing *row = data;
  guint min = PORT_MIN, max = PORT_MAX;
  SipSecurity security = SIP_SECURITY_REQUIRE;
  gboolean clear_keys = TRUE;
  g_autoptr (SipMediaServers) servers =
      g_object_new (SIP_TYPE_MEDIA_SERVERS, "stun", "stun:192.0.2.1", NULL);
  g_autoptr (SipMediaServers) given = NULL;
  g_autoptr (SipUA) ua = make_ua (row->profile, NULL);
  g_autoptr (SipSessionDescriptionHandler) handler = NULL;
  g_autoptr (SipInviteClientContext) session = NULL;
  g_autoptr (GError) error = NULL;

  g_object_set (ua, "last-media-profile", row->last, "rtp-port-min", PORT_MIN, "rtp-port-max",
                PORT_MAX, "security", security, "clear-keys", TRUE, "media-servers", servers, NULL);
  session = sip_ua_invite (ua, row->target, NULL, NULL, &error);
  g_assert_no_error (error);
  g_object_ref (session);
  g_signal_connect (session, "SessionDescriptionHandler-created", G_CALLBACK (keep_handler),
                    &handler);
  WAIT_FOR (handler != NULL);
  assert_handler (handler, row->is_web, row->is_private, "127.0.0.1");
  if (!row->is_web)
    g_object_get (handler, "port-min", &min, "port-max", &max, "security", &security, "clear-keys",
                  &clear_keys, NULL);
  g_object_get (handler, "servers", &given, NULL);
  g_assert_true (given == servers);
  g_assert_cmpint (security, ==, SIP_SECURITY_REQUIRE);
  g_assert_true (clear_keys);
  g_assert_cmpuint (min, ==, PORT_MIN);
  g_assert_cmpuint (max, ==, PORT_MAX);
  sip_session_terminate (SIP_SESSION (session), NULL, NULL);
  stop (ua);
}

/* What webrtcbin was asked for and did not get to is forgotten: leaks would show. */
static void
test_cancelled (void)
{
  g_autoptr (SipUA) ua = make_ua (SIP_MEDIA_PROFILE_WEB, NULL);

  for (guint i = 0; i < CANCELLED; i++) {
    g_autoptr (SipSessionDescriptionHandler) handler = NULL;
    g_autoptr (GError) error = NULL;
    SipInviteClientContext *session = sip_ua_invite (ua, "sip:bob@127.0.0.1:9", NULL, NULL, &error);

    g_assert_no_error (error);
    g_signal_connect (session, "SessionDescriptionHandler-created", G_CALLBACK (keep_handler),
                      &handler);
    WAIT_FOR (handler != NULL);
    g_assert_true (sip_session_terminate (SIP_SESSION (session), NULL, &error));
    g_assert_no_error (error);
  }
  stop (ua);
}

int
main (int argc, char **argv)
{
  g_setenv ("PULSE_SERVER", "unix:/dev/null/none", TRUE);
  g_test_init (&argc, &argv, NULL);
  media_web_handler_prepare ();

  for (guint i = 0; i < G_N_ELEMENTS (incoming); i++) {
    g_autofree char *path = g_strdup_printf ("/default-handler/incoming/%s", incoming[i].name);

    g_test_add_data_func (path, &incoming[i], test_incoming);
  }
  for (guint i = 0; i < G_N_ELEMENTS (outgoing); i++) {
    g_autofree char *path = g_strdup_printf ("/default-handler/outgoing/%s", outgoing[i].name);

    g_test_add_data_func (path, &outgoing[i], test_outgoing);
  }
  g_test_add_func ("/default-handler/cancelled", test_cancelled);

  return g_test_run ();
}
