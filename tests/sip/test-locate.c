/* test-locate.c - where a server is, and where it sees us */

#include "fixture.h"
#include "peer-resolver.h"

#include "sip-locator-private.h"
#include "sip-stun-private.h"
#include "sip-target-private.h"

#include <string.h>

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

/* The targets of an address, in one line. */
static char *
locate (const char *uri)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) targets = NULL;
  g_autoptr (GError) error = NULL;
  GString *line = g_string_new (NULL);

  sip_locate_async (uri, NULL, keep_result, &result);
  WAIT_FOR (result != NULL);
  targets = sip_locate_finish (result, &error);
  if (error != NULL)
    g_string_append (line, "error");
  for (guint i = 0; targets != NULL && i < targets->len; i++) {
    const SipTarget *target = targets->pdata[i];

    g_string_append_printf (line, "%s%s %s:%u as %s", i > 0 ? ", " : "", target->protocol,
                            target->host, target->port, target->identity);
  }
  return g_string_free (line, FALSE);
}

static const struct {
  const char *uri;
  const char *targets;
} places[] = {
    {"sip:192.0.2.1", "UDP 192.0.2.1:5060 as 192.0.2.1"},
    {"sips:192.0.2.1", "TLS 192.0.2.1:5061 as 192.0.2.1"},
    {"sip:example.org:5070", "UDP example.org:5070 as example.org"},
    {"sip:example.org:5070;transport=tls", "TLS example.org:5070 as example.org"},
    {"wss://example.org", "WSS example.org:443 as example.org"},
    {"sip:example.org", "TLS s.example.org:5071 as example.org, "
                        "TCP a.example.org:5062 as example.org, "
                        "TCP b.example.org:5063 as example.org, "
                        "UDP u.example.org:5064 as example.org"},
    {"sips:example.org", "TLS s.example.org:5071 as example.org"},
    {"sip:example.org;transport=tls", "TLS s.example.org:5071 as example.org"},
    {"sip:example.org;transport=tcp", "TCP a.example.org:5062 as example.org, "
                                      "TCP b.example.org:5063 as example.org"},
    {"sip:alice@example.org;transport=udp", "UDP u.example.org:5064 as example.org"},
    {"sip:plain.example.net", "UDP plain.example.net:5060 as plain.example.net"},
    {"sip:plain.example.net;transport=tls", "TLS plain.example.net:5061 as plain.example.net"},
    {"pigeon:example.org", "error"},
};

static void
test_places (void)
{
  g_autoptr (PeerResolver) resolver = g_object_new (PEER_TYPE_RESOLVER, NULL);

  g_resolver_set_default (G_RESOLVER (resolver));
  peer_resolver_add (resolver, "_sips._tcp.example.org", "s.example.org", 5071, 1);
  peer_resolver_add (resolver, "_sip._tcp.example.org", "b.example.org", 5063, 20);
  peer_resolver_add (resolver, "_sip._tcp.example.org", "a.example.org", 5062, 10);
  peer_resolver_add (resolver, "_sip._udp.example.org", "u.example.org", 5064, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autofree char *targets = locate (places[i].uri);

    g_assert_cmpstr (targets, ==, places[i].targets);
  }
  resolver->fails = TRUE;
  {
    g_autofree char *none = locate ("sip:example.org");

    g_assert_cmpstr (none, ==, "error");
  }
}

/* Nobody waits for one answer before the next question; who answers first is not the first. */
static void
test_at_once (void)
{
  g_autoptr (PeerResolver) resolver = g_object_new (PEER_TYPE_RESOLVER, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) targets = NULL;

  g_resolver_set_default (G_RESOLVER (resolver));
  peer_resolver_add (resolver, "_sips._tcp.example.org", "s.example.org", 5071, 1);
  peer_resolver_add (resolver, "_sip._udp.example.org", "u.example.org", 5064, 1);
  resolver->waits = TRUE;
  sip_locate_async ("sip:example.org", NULL, keep_result, &result);
  WAIT_FOR (resolver->n_asked == 3);
  peer_resolver_answer (resolver);
  WAIT_FOR (result != NULL);
  targets = sip_locate_finish (result, NULL);
  g_assert_cmpuint (targets->len, ==, 2);
  g_assert_cmpstr (((SipTarget *)targets->pdata[0])->host, ==, "s.example.org");
  g_assert_cmpstr (((SipTarget *)targets->pdata[1])->host, ==, "u.example.org");
}

/* Given up while the names are out. */
static void
test_given_up (void)
{
  g_autoptr (PeerResolver) resolver = g_object_new (PEER_TYPE_RESOLVER, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_resolver_set_default (G_RESOLVER (resolver));
  resolver->waits = TRUE;
  sip_locate_async ("sip:example.org", cancellable, keep_result, &result);
  WAIT_FOR (resolver->n_asked == 3);
  g_cancellable_cancel (cancellable);
  peer_resolver_answer (resolver);
  WAIT_FOR (result != NULL);
  g_assert_null (sip_locate_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Sixteen are enough, and a dot is none. */
static void
test_many (void)
{
  g_autoptr (PeerResolver) resolver = g_object_new (PEER_TYPE_RESOLVER, NULL);
  g_autofree char *targets = NULL;
  g_auto (GStrv) words = NULL;

  g_resolver_set_default (G_RESOLVER (resolver));
  peer_resolver_add (resolver, "_sips._tcp.example.org", ".", 0, 1);
  for (guint i = 0; i < 100; i++)
    peer_resolver_add (resolver, "_sip._tcp.example.org", "many.example.org", 6000 + i, i);
  targets = locate ("sip:example.org");
  words = g_strsplit (targets, ", ", -1);
  g_assert_cmpuint (g_strv_length (words), ==, 16);
  g_assert_true (g_str_has_prefix (targets, "TCP many.example.org:6000 "));
}

/* A name that all the world knows is not on this machine, nor on its link; one that is good here
 * only may be, and so may what a person wrote as a number.
 */
static void
test_near (void)
{
  static const struct {
    const char *host;
    const char *address;
    gboolean may_be;
  } rows[] = {
      {"pbx.example.org", "127.0.0.1", FALSE},
      {"pbx.example.org", "127.8.8.8", FALSE},
      {"pbx.example.org", "169.254.169.254", FALSE},
      {"pbx.example.org", "0.0.0.0", FALSE},
      {"pbx.example.org", "::1", FALSE},
      {"pbx.example.org", "::", FALSE},
      {"pbx.example.org", "fe80::1", FALSE},
      {"pbx.example.org", "::ffff:127.0.0.1", FALSE},
      {"pbx.localhost.example.org", "127.0.0.1", FALSE},
      {"pbx.example.org", "192.0.2.7", TRUE},
      {"pbx.example.org", "10.0.0.7", TRUE},
      {"pbx.example.org", "::ffff:192.0.2.7", TRUE},
      {"pbx.example.org", "2001:db8::7", TRUE},
      {"pbx", "127.0.1.1", TRUE},
      {"localhost", "::1", TRUE},
      {"pbx.localhost", "127.0.0.1", TRUE},
      {"PBX.Local", "169.254.7.7", TRUE},
      {"127.0.0.1", "127.0.0.1", TRUE},
      {"fe80::1", "fe80::1", TRUE},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GInetAddress) address = g_inet_address_new_from_string (rows[i].address);
    g_autoptr (GError) error = NULL;

    g_assert_cmpint (sip_host_check_address (rows[i].host, address, &error), ==, rows[i].may_be);
    if (!rows[i].may_be)
      g_assert_error (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND);
  }
}

/* A server that has an address of version 6 only is told one of that kind, where streams are waited
 * for, too.
 */
static void
test_version_6 (void)
{
  g_autoptr (GSocket) server =
      g_socket_new (G_SOCKET_FAMILY_IPV6, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("::1", 0);
  g_autoptr (PeerResolver) resolver = g_object_new (PEER_TYPE_RESOLVER, NULL);
  g_autoptr (GSocketAddress) bound = NULL, from = NULL;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) stream = NULL;
  g_autofree char *uri = NULL, *contact = NULL, *via = NULL, *expected = NULL;
  g_autoptr (SipUA) ua = NULL;
  char text[4096] = "";

  if (server == NULL || !g_socket_bind (server, address, FALSE, NULL)) {
    g_test_skip ("this machine has no IPv6");
    return;
  }
  g_resolver_set_default (G_RESOLVER (resolver));
  resolver->addresses = "::1";
  bound = g_socket_get_local_address (server, NULL);
  uri = g_strdup_printf ("sip:six.example.local:%u;transport=udp",
                         g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  ua = g_object_new (SIP_TYPE_UA, "uri", "sip:alice@example.org", "server", uri, NULL);
  g_assert_true (sip_ua_start (ua, NULL));
  g_socket_set_blocking (server, FALSE);
  WAIT_FOR (g_socket_receive_from (server, &from, text, sizeof text - 1, NULL, NULL) > 0);
  g_assert_true (g_str_has_prefix (text, "REGISTER "));
  expected =
      g_strdup_printf ("[::1]:%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (from)));
  contact = peer_text_header (text, "Contact");
  via = peer_text_header (text, "Via");
  g_assert_nonnull (strstr (contact, expected));
  g_assert_nonnull (strstr (via, expected));
  stream = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (from), NULL, NULL);
  g_assert_nonnull (stream);
  sip_ua_stop_async (ua, NULL, NULL);
  fixture_drain ();
  g_assert_finalize_object (g_steal_pointer (&ua));
}

/* What answers no request of ours is not believed. */
static void
test_stun_bytes (void)
{
  static const guint8 id[SIP_STUN_ID] = "abcdefghijkl";
  static const guint8 good[] = {1,   1,   0,   12,  0x21, 0x12, 0xa4, 0x42, 'a',  'b', 'c',
                                'd', 'e', 'f', 'g', 'h',  'i',  'j',  'k',  'l',  0,   0x20,
                                0,   8,   0,   1,   0x21, 0x12, 0x21, 0x12, 0xa4, 0x43};
  g_autoptr (GSocketAddress) seen = sip_stun_read_response ((const char *)good, sizeof good, id);
  g_autofree char *host =
      g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (seen)));

  g_assert_cmpstr (host, ==, "0.0.0.1");
  for (gsize size = 0; size < sizeof good; size++)
    g_assert_null (sip_stun_read_response ((const char *)good, size, id));
  for (gsize i = 0; i < 24; i++) {
    guint8 bad[sizeof good];

    memcpy (bad, good, sizeof good);
    bad[i] ^= 0x80;
    g_assert_null (sip_stun_read_response ((const char *)bad, sizeof bad, id));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/locate/places", test_places);
  g_test_add_func ("/locate/at-once", test_at_once);
  g_test_add_func ("/locate/given-up", test_given_up);
  g_test_add_func ("/locate/many", test_many);
  g_test_add_func ("/locate/near", test_near);
  g_test_add_func ("/locate/version-6", test_version_6);
  g_test_add_func ("/locate/stun", test_stun_bytes);
  return g_test_run ();
}
