/* test-secured.c - an account whose server is reached by TLS or wss:// says nothing in the clear,
 * whatever names, redirections and routes lead to
 *
 * All that the process gives to a socket of IP is looked through; and beside its server there is
 * one that takes datagrams and one that takes plain streams, to which everything leads.
 */

#include "fixture.h"
#include "peer-resolver.h"
#include "peer-server.h"
#include "peer-web.h"

#include "sip-identity-private.h"
#include "sip-session-private.h"

#include <dlfcn.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static guint n_clear;     /* writes with words of SIP in them */
static guint n_datagrams; /* of any kind */

static void
note (int descriptor, const void *data, gsize size)
{
  int domain = 0, type = 0;
  socklen_t length = sizeof domain;

  getsockopt (descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &length);
  getsockopt (descriptor, SOL_SOCKET, SO_TYPE, &type, &length);
  if (domain != AF_INET && domain != AF_INET6)
    return;
  n_datagrams += type == SOCK_DGRAM;
  n_clear += memmem (data, size, "SIP/2.0", 7) != NULL;
}

/* A program's own functions come first: all of GLib's sockets go through these. */
ssize_t
send (int descriptor, const void *data, size_t size, int flags)
{
  ssize_t (*next) (int, const void *, size_t, int) = dlsym (RTLD_NEXT, "send");

  note (descriptor, data, size);
  return next (descriptor, data, size, flags);
}

ssize_t
sendmsg (int descriptor, const struct msghdr *message, int flags)
{
  ssize_t (*next) (int, const struct msghdr *, int) = dlsym (RTLD_NEXT, "sendmsg");

  for (gsize i = 0; i < message->msg_iovlen; i++)
    note (descriptor, message->msg_iov[i].iov_base, message->msg_iov[i].iov_len);
  return next (descriptor, message, flags);
}

enum { DATAGRAMS, STREAM, N_PLAIN };

static const char *const transports[] = {"udp", "tcp"};

typedef struct {
  Fixture fixture;
  FixtureSetting setting;
  PeerResolver *resolver;
  PeerServer *tls; /* the account's server is this */
  PeerWeb *web;    /* or this */
  PeerServer *plain[N_PLAIN];
  char *pin;
  char *ways[N_PLAIN]; /* addresses that lead to them */
} Secured;

static GTlsCertificate *certificate;

static void
say (Secured *secured, const char *text)
{
  if (secured->tls != NULL)
    peer_server_say (secured->tls, text);
  else
    peer_web_say (secured->web, text);
}

static void
answer (Secured *secured, const char *request, guint code, const char *headers, const char *body)
{
  g_autofree char *text =
      peer_text_response (request, code, "bob", headers, body != NULL ? SDP_TYPE : NULL, body);

  say (secured, text);
}

static void
on_text (Secured *secured, const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \r", 3);
  g_autofree char *contact = peer_text_header (text, "Contact");
  g_autofree char *headers = NULL;

  g_string_append_printf (secured->fixture.log, " >%s",
                          g_str_equal (words[0], "SIP/2.0") ? words[1] : words[0]);
  g_ptr_array_add (secured->fixture.sent, g_strdup (text));
  if (!g_str_equal (words[0], "REGISTER"))
    return;
  headers = g_strdup_printf ("Contact: %s\r\nService-Route: <%s;lr>\r\nPath: <%s;lr>\r\n", contact,
                             secured->ways[DATAGRAMS], secured->ways[STREAM]);
  answer (secured, text, 200, headers, NULL);
}

static void
on_tls_text (PeerServer *server, const char *text, gpointer user_data)
{
  on_text (user_data, text);
}

static void
on_web_text (PeerWeb *web, const char *text, gpointer user_data)
{
  on_text (user_data, text);
}

static void
on_plain_text (PeerServer *server, const char *text, gpointer user_data)
{
  Secured *secured = user_data;

  g_string_append (secured->fixture.log, " plain");
}

static gboolean
saw (Secured *secured, const char *word)
{
  return fixture_saw (&secured->fixture, word);
}

static void
wait_for (Secured *secured, const char *word)
{
  WAIT_FOR (saw (secured, word) || saw (secured, "plain"));
  g_assert_false (saw (secured, "plain"));
  g_string_truncate (secured->fixture.log, 0);
}

/* @server: (nullable): where the account registers, in place of its own */
static void
begin (Secured *secured, const char *server)
{
  secured->setting.protocol = "TLS";
  secured->setting.server = server;
  n_clear = n_datagrams = 0;
  fixture_set_up (&secured->fixture, &secured->setting);
}

static void
set_up (Secured *secured, gconstpointer data)
{
  secured->resolver = g_object_new (PEER_TYPE_RESOLVER, NULL);
  g_resolver_set_default (G_RESOLVER (secured->resolver));
  secured->pin = sip_identity_dup_fingerprint (certificate);
  secured->setting.pin = secured->pin;
  for (guint i = 0; i < N_PLAIN; i++) {
    secured->plain[i] = peer_server_new (i == DATAGRAMS ? "UDP" : "TCP", on_plain_text, secured);
    secured->ways[i] = g_strdup_printf ("sip:bob@127.0.0.1:%u;transport=%s",
                                        peer_server_get_port (secured->plain[i]), transports[i]);
    peer_resolver_add (secured->resolver,
                       i == DATAGRAMS ? "_sip._udp.example.local" : "_sip._tcp.example.local",
                       "plain.example.local", peer_server_get_port (secured->plain[i]), 0);
  }
  if (g_strcmp0 (data, "tls") == 0) {
    secured->tls = peer_server_new ("TCP", on_tls_text, secured);
    peer_server_set_certificate (secured->tls, certificate);
    peer_resolver_add (secured->resolver, "_sips._tcp.example.local", "tls.example.local",
                       peer_server_get_port (secured->tls), 0);
    begin (secured, "sip:example.local");
  } else if (data != NULL) {
    secured->web = peer_web_new ("sip", certificate, on_web_text, secured);
    begin (secured, secured->web->address);
  }
  if (data != NULL)
    wait_for (secured, "ua*registered");
}

static void
tear_down (Secured *secured, gconstpointer data)
{
  g_string_truncate (secured->fixture.log, 0);
  if (secured->fixture.session != NULL)
    sip_session_terminate (secured->fixture.session, NULL, NULL);
  g_clear_object (&secured->fixture.session);
  sip_ua_stop_async (secured->fixture.ua, NULL, NULL);
  fixture_advance (&secured->fixture, 2500);
  WAIT_FOR (G_OBJECT (secured->fixture.ua)->ref_count == 1); /* TLS works in a thread of its own */
  fixture_tear_down (&secured->fixture, &secured->setting);
  if (data != NULL) {
    g_assert_cmpuint (n_clear, ==, 0);
    g_assert_cmpuint (n_datagrams, ==, 0);
    g_assert_cmpuint (peer_server_get_n_connections (secured->plain[STREAM]), ==, 0);
  }
  for (guint i = 0; i < N_PLAIN; i++) {
    peer_server_free (secured->plain[i]);
    g_free (secured->ways[i]);
  }
  g_clear_pointer (&secured->tls, peer_server_free);
  g_clear_pointer (&secured->web, peer_web_free);
  g_object_unref (secured->resolver);
  g_free (secured->pin);
  fixture_drain ();
}

/* What is seen of an account that is not secured. */
static void
test_watch (Secured *secured, gconstpointer data)
{
  for (guint i = 0; i < N_PLAIN; i++) {
    if (i > 0) {
      g_string_truncate (secured->fixture.log, 0);
      fixture_tear_down (&secured->fixture, &secured->setting);
    }
    begin (secured, secured->ways[i]);
    WAIT_FOR (saw (secured, "plain"));
    g_assert_cmpuint (n_clear, >, 0);
    g_assert_cmpint (n_datagrams > 0, ==, i == DATAGRAMS);
  }
}

/* The address called, the one it is redirected to, the party's own and the proxies' on the way: all
 * of them ask for something else.
 */
static void
test_call (Secured *secured, gconstpointer data)
{
  Fixture *fixture = &secured->fixture;
  g_autoptr (SipOptions) options = g_object_new (SIP_TYPE_OPTIONS, "follow-redirects", TRUE, NULL);

  for (guint i = 0; i < N_PLAIN; i++) {
    const char *way = secured->ways[i], *other = secured->ways[N_PLAIN - 1 - i];
    g_autofree char *elsewhere = g_strdup_printf ("Contact: <%s>\r\n", other);
    g_autofree char *both =
        g_strdup_printf ("Contact: <%s>\r\nRecord-Route: <%s;lr>\r\n", way, other);
    g_autoptr (SipInviteClientContext) call = sip_ua_invite (fixture->ua, way, options, NULL, NULL);

    fixture_watch (fixture, SIP_SESSION (call));
    wait_for (secured, ">INVITE");
    answer (secured, fixture_find_sent (fixture, "INVITE "), 302, elsewhere, NULL);
    wait_for (secured, ">INVITE");
    answer (secured, fixture_find_sent (fixture, "INVITE "), 200, both, "v=0 ANSWER");
    wait_for (secured, ">ACK");
    sip_session_bye (SIP_SESSION (call), NULL, NULL);
    wait_for (secured, ">BYE");
    answer (secured, fixture_find_sent (fixture, "BYE "), 200, NULL, NULL);
  }
}

/* Who calls says that he is reached, and is to be answered, in the clear. */
static void
test_called (Secured *secured, gconstpointer data)
{
  Fixture *fixture = &secured->fixture;

  for (guint i = 0; i < N_PLAIN; i++) {
    g_autofree char *via =
        g_strdup_printf ("SIP/2.0/%s 127.0.0.1:%u;branch=z9hG4bKbob%u", i == 0 ? "UDP" : "TCP",
                         peer_server_get_port (secured->plain[i]), i);
    g_autofree char *headers = g_strdup_printf ("Contact: <%s>\r\nRecord-Route: <%s;lr>\r\n",
                                                secured->ways[i], secured->ways[N_PLAIN - 1 - i]);
    g_autofree char *call_id = g_strdup_printf ("%u@bob", i);
    g_autofree char *invite = peer_text_request (
        "INVITE", "sip:alice@example.org", via, "<sip:bob@example.org>;tag=bobtag",
        "<sip:alice@example.org>", call_id, 1, headers, SDP_TYPE, "v=0 OFFER");
    g_autofree char *to = NULL, *ack = NULL;

    say (secured, invite);
    wait_for (secured, "ua*invite");
    sip_invite_server_context_accept (SIP_INVITE_SERVER_CONTEXT (fixture->session), NULL, NULL,
                                      NULL);
    wait_for (secured, ">200");
    to = peer_text_header (fixture_find_sent (fixture, "SIP/2.0 200"), "To");
    ack =
        peer_text_request ("ACK", "sip:alice@example.org", via, "<sip:bob@example.org>;tag=bobtag",
                           to, call_id, 1, headers, NULL, NULL);
    say (secured, ack);
    wait_for (secured, "*confirmed");
    sip_session_bye (fixture->session, NULL, NULL);
    wait_for (secured, ">BYE");
    answer (secured, fixture_find_sent (fixture, "BYE "), 200, NULL, NULL);
  }
}

/* A word to somebody, larger than any datagram; and somebody watched. */
static void
test_requests (Secured *secured, gconstpointer data)
{
  Fixture *fixture = &secured->fixture;
  g_autofree char *large = g_strnfill (5000, 'x');

  for (guint i = 0; i < N_PLAIN; i++) {
    g_autoptr (SipClientContext) message =
        sip_ua_message (fixture->ua, secured->ways[i], large, NULL, NULL);
    g_autoptr (SipSubscription) subscription =
        sip_ua_subscribe (fixture->ua, secured->ways[i], "presence", NULL, NULL);

    WAIT_FOR (saw (secured, ">MESSAGE") && saw (secured, ">SUBSCRIBE"));
    answer (secured, fixture_find_sent (fixture, "MESSAGE "), 200, NULL, NULL);
    answer (secured, fixture_find_sent (fixture, "SUBSCRIBE "), 404, NULL, NULL);
    g_string_truncate (fixture->log, 0);
  }
}

/* A tenth of a second, and what is on its way in real sockets. */
static void
pass (Secured *secured)
{
  fixture_advance (&secured->fixture, 100);
  g_usleep (1000);
  fixture_drain ();
}

/* The server is away, and the names know of one without encryption only: what is to be said waits,
 * and it comes back to where it was.
 */
static void
test_lost (Secured *secured, gconstpointer data)
{
  Fixture *fixture = &secured->fixture;

  peer_server_stop (secured->tls);
  peer_server_hang_up (secured->tls);
  wait_for (secured, "ua*disconnected");
  g_hash_table_remove (secured->resolver->services, "_sips._tcp.example.local");
  for (guint i = 0; i < 1200; i++) {
    if (i % 400 == 100) {
      g_autoptr (SipClientContext) message =
          sip_ua_message (fixture->ua, secured->ways[i / 400 % N_PLAIN], "hello", NULL, NULL);
    }
    pass (secured);
  }
  g_assert_false (saw (secured, "plain"));
  peer_server_listen (secured->tls);
  for (guint i = 0; !saw (secured, "ua*registered"); i++) {
    g_assert_cmpuint (i, <, 700);
    pass (secured);
  }
}

/* One that a person trusts by its fingerprint. */
static void
make_certificate (void)
{
  g_autofree char *folder = g_dir_make_tmp ("certificate-XXXXXX", NULL);
  g_autofree char *pem = g_build_filename (folder, "pem", NULL);
  g_autofree char *key = g_build_filename (folder, "key", NULL);
  const char *arguments[] = {"openssl",
                             "req",
                             "-x509",
                             "-newkey",
                             "ec",
                             "-pkeyopt",
                             "ec_paramgen_curve:P-256",
                             "-nodes",
                             "-subj",
                             "/CN=example.local",
                             "-keyout",
                             key,
                             "-out",
                             pem,
                             NULL};
  g_autoptr (GError) error = NULL;
  int status = 1;

  g_spawn_sync (NULL, (char **)arguments, NULL,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  certificate = g_tls_certificate_new_from_files (pem, key, &error);
  g_assert_no_error (error);
  unlink (pem);
  unlink (key);
  rmdir (folder);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  make_certificate ();
  g_test_add ("/secured/watch", Secured, NULL, set_up, test_watch, tear_down);
  g_test_add ("/secured/call/tls", Secured, "tls", set_up, test_call, tear_down);
  g_test_add ("/secured/call/wss", Secured, "wss", set_up, test_call, tear_down);
  g_test_add ("/secured/called/tls", Secured, "tls", set_up, test_called, tear_down);
  g_test_add ("/secured/called/wss", Secured, "wss", set_up, test_called, tear_down);
  g_test_add ("/secured/requests/tls", Secured, "tls", set_up, test_requests, tear_down);
  g_test_add ("/secured/requests/wss", Secured, "wss", set_up, test_requests, tear_down);
  g_test_add ("/secured/lost", Secured, "tls", set_up, test_lost, tear_down);
  status = g_test_run ();
  g_object_unref (certificate);
  return status;
}
