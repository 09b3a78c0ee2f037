/* test-identity.c - whom a stream through TLS trusts, and whom it says nothing to
 *
 *   test-identity make-certificates.sh
 */

#include "sip-identity-private.h"
#include "sip-part-private.h"
#include "sip-transport-private.h"

#include <string.h>

#define DOMAIN "example.org"

static char *folder;

/* A server that identifies itself, and counts what it is told. */
typedef struct {
  GSocketService *service;
  guint16 port;
  GTlsCertificate *certificate;
  GIOStream *stream;
  char buffer[1024];
  gsize n_read;
  gboolean is_over;
} Server;

static gboolean
give_up (gpointer condition)
{
  g_error ("in vain: %s", (char *)condition);
  return G_SOURCE_REMOVE;
}

#define WAIT_FOR(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    guint limit_id = g_timeout_add_seconds (60, give_up, #condition);                              \
                                                                                                   \
    while (!(condition))                                                                           \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (limit_id);                                                                    \
  }                                                                                                \
  G_STMT_END

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Server *server = user_data;
  gssize size = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (size <= 0) {
    server->is_over = TRUE;
    return;
  }
  server->n_read += size;
  g_input_stream_read_async (G_INPUT_STREAM (source), server->buffer, sizeof server->buffer,
                             G_PRIORITY_DEFAULT, NULL, on_read, server);
}

/* The handshake comes with the first read. */
static gboolean
on_incoming (GSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             gpointer user_data)
{
  Server *server = user_data;

  server->stream =
      g_tls_server_connection_new (G_IO_STREAM (connection), server->certificate, NULL);
  g_input_stream_read_async (g_io_stream_get_input_stream (server->stream), server->buffer,
                             sizeof server->buffer, G_PRIORITY_DEFAULT, NULL, on_read, server);
  return TRUE;
}

static GTlsCertificate *
load (const char *name)
{
  g_autofree char *pem = g_strconcat (folder, "/", name, ".pem", NULL);
  g_autofree char *key = g_strconcat (folder, "/", name, ".key", NULL);
  g_autoptr (GError) error = NULL;
  GTlsCertificate *certificate = g_tls_certificate_new_from_files (pem, key, &error);

  g_assert_no_error (error);
  return certificate;
}

static void
server_init (Server *server, const char *name)
{
  g_autoptr (GError) error = NULL;

  *server = (Server){.service = g_socket_service_new (), .certificate = load (name)};
  server->port =
      g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (server->service), NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (server->service, "incoming", G_CALLBACK (on_incoming), server);
}

static void
server_clear (Server *server)
{
  WAIT_FOR (server->is_over);
  g_socket_service_stop (server->service);
  g_object_unref (server->service);
  g_object_unref (server->certificate);
  g_object_unref (server->stream);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

/* Connects, and says something where that is possible. */
static gboolean
greet (Server *server, const char *domain, const char *pin, GError **error)
{
  g_autofree char *authority = g_strconcat (folder, "/ca.pem", NULL);
  g_autoptr (GTlsDatabase) database = g_tls_file_database_new (authority, NULL);
  g_autoptr (SipTransport) transport =
      sip_transport_tcp_new ("127.0.0.1", server->port, TRUE, domain, database, pin);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("hello", 5);
  g_autoptr (GAsyncResult) result = NULL;
  gboolean is_open;

  sip_transport_open_async (transport, NULL, keep_result, &result);
  WAIT_FOR (result != NULL);
  is_open = sip_transport_open_finish (transport, result, error);
  if (is_open) {
    g_assert_true (sip_transport_send (transport, bytes, NULL, NULL));
    WAIT_FOR (server->n_read == 5);
  } else {
    g_assert_false (sip_transport_send (transport, bytes, NULL, NULL));
  }
  g_assert_nonnull (sip_transport_get_certificate (transport));
  sip_transport_close (transport);
  return is_open;
}

static const struct {
  const char *name;
  const char *domain;
  gboolean is_trusted;
} certificates[] = {
    {"uri", DOMAIN, TRUE},          {"dns", DOMAIN, TRUE},        {"expired", DOMAIN, FALSE},
    {"future", DOMAIN, FALSE},      {"alone", DOMAIN, FALSE},     {"host", DOMAIN, FALSE},
    {"wildcard", DOMAIN, FALSE},    {"subject", DOMAIN, FALSE},   {"target", DOMAIN, FALSE},
    {"foreign-uri", DOMAIN, FALSE}, {"dns", "EXAMPLE.org", TRUE}, {"address", "127.0.0.1", TRUE},
    {"address", DOMAIN, FALSE},     {"dns", "127.0.0.1", FALSE},
};

static void
test_certificate (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  Server server;

  server_init (&server, certificates[i].name);
  g_assert_cmpint (greet (&server, certificates[i].domain, NULL, &error), ==,
                   certificates[i].is_trusted);
  if (!certificates[i].is_trusted)
    g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
  server_clear (&server);
  g_assert_cmpuint (server.n_read, ==, certificates[i].is_trusted ? 5 : 0);
}

/* One that nobody would trust, but for a person who has seen it; and then no other, be it as good
 * as can be.
 */
static void
test_pin (void)
{
  g_autoptr (GTlsCertificate) alone = load ("alone");
  g_autofree char *pin = sip_identity_dup_fingerprint (alone);
  g_autofree char *small = g_ascii_strdown (pin, -1);
  static const char *const names[] = {"alone", "alone", "dns", "uri", "expired"};
  Server server;

  g_assert_cmpuint (strlen (pin), ==, 32 * 3 - 1);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GError) error = NULL;

    server_init (&server, names[i]);
    g_assert_cmpint (greet (&server, DOMAIN, i == 1 ? small : pin, &error), ==, i < 2);
    if (i >= 2)
      g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
    server_clear (&server);
    g_assert_cmpuint (server.n_read, ==, i < 2 ? 5 : 0);
  }
}

/* A WebSocket goes by HTTP's rules: the host has to be named (RFC 7118 9), or the one be pinned. */
static void
test_web (void)
{
  static const char *const names[] = {"address", "uri",    "dns",  "expired",
                                      "future",  "alone",  "host", "wildcard",
                                      "subject", "target", "alone"};
  g_autofree char *authority = g_strconcat (folder, "/ca.pem", NULL);
  g_autoptr (GTlsDatabase) database = g_tls_file_database_new (authority, NULL);
  g_autoptr (GTlsCertificate) alone = load ("alone");
  g_autofree char *pin = sip_identity_dup_fingerprint (alone);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    gboolean is_pinned = i == G_N_ELEMENTS (names) - 1, is_trusted = i == 0 || is_pinned;
    g_autoptr (SipTransport) transport = NULL;
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (GError) error = NULL;
    g_autofree char *uri = NULL;
    Server server;

    server_init (&server, names[i]);
    uri = g_strdup_printf ("wss://127.0.0.1:%u/", server.port);
    transport =
        sip_part_get_secure ()->transport_ws_new (uri, NULL, database, is_pinned ? pin : NULL);
    sip_transport_open_async (transport, NULL, keep_result, &result);
    if (is_trusted) {
      WAIT_FOR (server.n_read > 0); /* it asks for a WebSocket */
      sip_transport_close (transport);
    }
    WAIT_FOR (result != NULL);
    g_assert_false (sip_transport_open_finish (transport, result, &error));
    if (!is_trusted)
      g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
    server_clear (&server);
    g_assert_cmpint (server.n_read > 0, ==, is_trusted);
  }
}

static void
run (const char *program, const char *option, const char *argument)
{
  const char *arguments[] = {program, option, argument, NULL};
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_spawn_sync (NULL, (char **)arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  folder = g_dir_make_tmp ("certificates-XXXXXX", NULL);
  run ("sh", argv[1], folder);
  for (gsize i = 0; i < G_N_ELEMENTS (certificates); i++) {
    g_autofree char *path =
        g_strdup_printf ("/identity/%s-for-%s", certificates[i].name, certificates[i].domain);

    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_certificate);
  }
  g_test_add_func ("/identity/pin", test_pin);
  g_test_add_func ("/identity/web", test_web);
  status = g_test_run ();
  run ("rm", "-r", folder);
  g_free (folder);
  return status;
}
