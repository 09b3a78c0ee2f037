/* test-transport.c - what a user agent's open ports do with good, cut and bad bytes */

#include "peer-text.h"
#include "sip.h"

#include <string.h>

typedef struct {
  SipUA *ua;
  GSocketAddress *address;
  GSocket *socket; /* of the stranger */
} Fixture;

static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

static gboolean
on_limit (gpointer user_data)
{
  g_error ("Nothing came");
  return G_SOURCE_REMOVE;
}

/* What arrives next, or "" where the other side closed. */
static char *
read_text (Fixture *fixture)
{
  char buffer[65536];
  guint limit = g_timeout_add_seconds (60, on_limit, NULL);

  g_socket_set_blocking (fixture->socket, FALSE);
  while (TRUE) {
    g_autoptr (GError) error = NULL;
    gssize size = g_socket_receive (fixture->socket, buffer, sizeof buffer, NULL, &error);

    if (size >= 0 || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
      g_source_remove (limit);
      return g_strndup (buffer, MAX (size, 0));
    }
    g_main_context_iteration (NULL, FALSE);
  }
}

static void
write_bytes (Fixture *fixture, const char *data, gsize size)
{
  g_assert_cmpint (g_socket_send (fixture->socket, data, size, NULL, NULL), ==, size);
}

static char *
options_request (guint number)
{
  g_autofree char *via = g_strdup_printf ("SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bK%u;rport", number);

  return peer_text_request ("OPTIONS", "sip:alice@127.0.0.1", via, "<sip:bob@example.org>;tag=b",
                            "<sip:alice@127.0.0.1>", "options", number, NULL, NULL, NULL);
}

static void
connect_by (Fixture *fixture, GSocketType type)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&fixture->socket);
  fixture->socket = g_socket_new (G_SOCKET_FAMILY_IPV4, type, G_SOCKET_PROTOCOL_DEFAULT, &error);
  g_assert_no_error (error);
  g_assert_true (g_socket_connect (fixture->socket, fixture->address, NULL, &error));
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *contact = NULL;
  g_autoptr (GError) error = NULL;
  char *colon;

  fixture->ua = g_object_new (SIP_TYPE_UA, "uri", "sip:alice@127.0.0.1", "local-address",
                              "127.0.0.1:0", "auto-register", FALSE, NULL);
  g_assert_true (sip_ua_start (fixture->ua, &error));
  g_assert_no_error (error);
  contact = sip_ua_dup_contact_uri (fixture->ua);
  colon = strrchr (contact, ':');
  fixture->address =
      g_inet_socket_address_new_from_string ("127.0.0.1", g_ascii_strtoull (colon + 1, NULL, 10));
  drain ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  sip_ua_stop_async (fixture->ua, NULL, NULL);
  drain ();
  g_assert_finalize_object (fixture->ua);
  g_clear_object (&fixture->socket);
  g_object_unref (fixture->address);
}

static void
assert_answered (Fixture *fixture, const char *number)
{
  g_autofree char *text = read_text (fixture);
  g_autofree char *cseq = NULL;

  g_assert_true (g_str_has_prefix (text, "SIP/2.0 200 "));
  cseq = peer_text_header (text, "CSeq");
  g_assert_true (g_str_has_prefix (cseq, number));
}

static void
test_whole (Fixture *fixture, gconstpointer data)
{
  g_autofree char *request = options_request (1);

  connect_by (fixture, GPOINTER_TO_INT (data));
  write_bytes (fixture, request, strlen (request));
  assert_answered (fixture, "1 ");
}

static void
test_single_bytes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *request = options_request (1);

  connect_by (fixture, G_SOCKET_TYPE_STREAM);
  g_socket_set_option (fixture->socket, 6, 1, 1, NULL);
  for (gsize i = 0; i < strlen (request); i++) {
    write_bytes (fixture, request + i, 1);
    drain ();
  }
  assert_answered (fixture, "1 ");
}

static void
test_two_at_once (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = options_request (1), *second = options_request (2);
  g_autofree char *both = g_strconcat ("\r\n", first, "\r\n", second, NULL);
  GString *answers = g_string_new (NULL);

  connect_by (fixture, G_SOCKET_TYPE_STREAM);
  write_bytes (fixture, both, strlen (both));
  while (strstr (answers->str, "CSeq: 2 ") == NULL) {
    g_autofree char *text = read_text (fixture);

    g_assert_cmpstr (text, !=, "");
    g_string_append (answers, text);
  }
  g_assert_nonnull (strstr (answers->str, "CSeq: 1 "));
  g_string_free (answers, TRUE);
}

static void
test_ping (Fixture *fixture, gconstpointer data)
{
  g_autofree char *pong = NULL;

  connect_by (fixture, G_SOCKET_TYPE_STREAM);
  write_bytes (fixture, "\r\n\r\n", 4);
  pong = read_text (fixture);
  g_assert_cmpstr (pong, ==, "\r\n");
}

/* Streams that are no SIP end; the next one is served all the same. */
static const char *const junk[] = {
    "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "OPTIONS sip:a@b SIP/2.0\r\nContent-Length: -1\r\n\r\n",
    "OPTIONS sip:a@b SIP/2.0\r\nContent-Length: 99999999\r\n\r\n",
};

static void
test_junk (Fixture *fixture, gconstpointer data)
{
  g_autofree char *endless = g_strnfill (20000, 'x');

  for (gsize i = 0; i <= G_N_ELEMENTS (junk); i++) {
    const char *text = i < G_N_ELEMENTS (junk) ? junk[i] : endless;
    g_autofree char *answer = NULL, *request = options_request (i + 1);
    g_autofree char *number = g_strdup_printf ("%zu ", i + 1);

    connect_by (fixture, G_SOCKET_TYPE_STREAM);
    write_bytes (fixture, text, strlen (text));
    answer = read_text (fixture);
    g_assert_cmpstr (answer, ==, "");
    connect_by (fixture, G_SOCKET_TYPE_STREAM);
    write_bytes (fixture, request, strlen (request));
    assert_answered (fixture, number);
  }
}

static void
test_datagram_junk (Fixture *fixture, gconstpointer data)
{
  static const char stun[] = "\0\1\0\0\x21\x12\xa4\x42xxxxxxxxxxxx";
  g_autofree char *huge = g_strnfill (65000, 'x');
  g_autofree char *request = options_request (1);

  connect_by (fixture, G_SOCKET_TYPE_DATAGRAM);
  g_socket_send (fixture->socket, "", 0, NULL, NULL);
  write_bytes (fixture, "\r\n\r\n", 4);
  write_bytes (fixture, stun, sizeof stun - 1);
  write_bytes (fixture, huge, 65000);
  write_bytes (fixture, "INVITE", 6);
  write_bytes (fixture, request, strlen (request));
  assert_answered (fixture, "1 ");
}

static void
test_many_connections (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) sockets = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < 40; i++) {
    connect_by (fixture, G_SOCKET_TYPE_STREAM);
    g_ptr_array_add (sockets, g_object_ref (fixture->socket));
    drain ();
  }
  g_ptr_array_set_size (sockets, 0);
  test_whole (fixture, GINT_TO_POINTER (G_SOCKET_TYPE_DATAGRAM));
}

#define KEY "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw"

/* Messages with all that nobody may read in a log. */
static void
tell_secrets (Fixture *fixture)
{
  static const struct {
    const char *method;
    const char *headers;
    const char *type;
    const char *body;
  } rows[] = {
      {"INFO", NULL, "application/dtmf-relay", "Signal= 7\r\nDuration= 160"},
      {"INFO", NULL, "application/dtmf", "s3cret"},
      {"OPTIONS",
       "Authorization: Digest response=\"s3cret\"\r\n"
       "Authentication-Info: rspauth=\"s3cret\", cnonce=\"s3cret\"\r\n",
       "application/sdp",
       "v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY "\r\n"
       "a=ice-pwd:s3cretOfIce\r\n"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *via =
        g_strdup_printf ("SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bKsecret%u;rport", i);
    g_autofree char *text = peer_text_request (
        rows[i].method, "sip:alice@127.0.0.1", via, "<sip:bob@example.org>;tag=b",
        "<sip:alice@127.0.0.1>", "secrets", i + 1, rows[i].headers, rows[i].type, rows[i].body);

    write_bytes (fixture, text, strlen (text));
    g_free (read_text (fixture));
  }
}

/* Not even where everything is logged. */
static void
test_secrets (Fixture *fixture, gconstpointer data)
{
  if (g_test_subprocess ()) {
    g_log_set_debug_enabled (TRUE);
    connect_by (fixture, G_SOCKET_TYPE_STREAM);
    tell_secrets (fixture);
    return;
  }
  g_test_trap_subprocess (NULL, 60 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*INFO sip:alice@127.0.0.1 SIP/2.0*Content-Type: application/dtmf*"
                             "a=crypto: (left out)*a=ice-pwd: (left out)*");
  g_test_trap_assert_stdout_unmatched ("*Signal*");
  g_test_trap_assert_stdout_unmatched ("*s3cret*");
  g_test_trap_assert_stdout_unmatched ("*" KEY "*");
}

int
main (int argc, char **argv)
{
  gpointer stream = GINT_TO_POINTER (G_SOCKET_TYPE_STREAM);
  gpointer datagram = GINT_TO_POINTER (G_SOCKET_TYPE_DATAGRAM);

  g_test_init (&argc, &argv, NULL);
  g_test_add ("/transport/datagram", Fixture, datagram, set_up, test_whole, tear_down);
  g_test_add ("/transport/stream", Fixture, stream, set_up, test_whole, tear_down);
  g_test_add ("/transport/single-bytes", Fixture, NULL, set_up, test_single_bytes, tear_down);
  g_test_add ("/transport/two-at-once", Fixture, NULL, set_up, test_two_at_once, tear_down);
  g_test_add ("/transport/ping", Fixture, NULL, set_up, test_ping, tear_down);
  g_test_add ("/transport/junk", Fixture, NULL, set_up, test_junk, tear_down);
  g_test_add ("/transport/datagram-junk", Fixture, NULL, set_up, test_datagram_junk, tear_down);
  g_test_add ("/transport/many-connections", Fixture, NULL, set_up, test_many_connections,
              tear_down);
  g_test_add ("/transport/secrets", Fixture, NULL, set_up, test_secrets, tear_down);
  return g_test_run ();
}
