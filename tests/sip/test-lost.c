/* test-lost.c - the stream to the server breaks in the middle of a call, and comes back or not
 *
 * The server is a socket that speaks plain text; the clock stands still but for what moves it.
 */

#include "fixture.h"

#include "sip-endpoint-private.h"
#include "sip-ua-private.h"

#include <string.h>

typedef struct {
  Fixture fixture;
  GSocketService *service;
  GSocketConnection *connection;
  GString *received;
  guint16 port;
  char *server;
  FixtureSetting setting;
} Lost;

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

static gboolean
happened (Lost *lost, const char *word)
{
  return strstr (lost->fixture.log->str, word) != NULL;
}

static void
say (Lost *lost, const char *text)
{
  GOutputStream *stream = g_io_stream_get_output_stream (G_IO_STREAM (lost->connection));

  g_assert_true (g_output_stream_write_all (stream, text, strlen (text), NULL, NULL, NULL));
}

/* One whole message of @received, or NULL. */
static char *
take_message (Lost *lost)
{
  char *end = strstr (lost->received->str, "\r\n\r\n");
  g_autofree char *length = NULL;
  gsize size;
  char *text;

  if (end == NULL)
    return NULL;
  length = peer_text_header (lost->received->str, "Content-Length");
  size = end + 4 - lost->received->str + g_ascii_strtoull (length, NULL, 10);
  if (lost->received->len < size)
    return NULL;
  text = g_strndup (lost->received->str, size);
  g_string_erase (lost->received, 0, size);
  return text;
}

/* A REGISTER is answered at once; all else by the test. */
static void
note_message (Lost *lost, char *text)
{
  g_autofree char *response = NULL;
  g_auto (GStrv) words = g_strsplit_set (text, " \r", 3);

  g_string_append_printf (lost->fixture.log, "%s>%s", lost->fixture.log->len > 0 ? " " : "",
                          g_str_equal (words[0], "SIP/2.0") ? words[1] : words[0]);
  g_ptr_array_add (lost->fixture.sent, text);
  if (g_str_equal (words[0], "REGISTER")) {
    g_autofree char *contact = peer_text_header (text, "Contact");
    g_autofree char *headers = g_strdup_printf ("Contact: %s;expires=600\r\n", contact);

    response = peer_text_response (text, 200, "server", headers, NULL, NULL);
    say (lost, response);
  }
}

static gboolean
on_readable (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  Lost *lost = user_data;
  char buffer[4096], *text;
  gssize size = g_socket_receive (socket, buffer, sizeof buffer, NULL, NULL);

  if (size <= 0)
    return G_SOURCE_REMOVE;
  g_string_append_len (lost->received, buffer, size);
  while ((text = take_message (lost)) != NULL)
    note_message (lost, text);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_incoming (GSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             gpointer user_data)
{
  Lost *lost = user_data;
  GSocket *socket = g_socket_connection_get_socket (connection);
  g_autoptr (GSource) readable = g_socket_create_source (socket, G_IO_IN, NULL);

  g_set_object (&lost->connection, connection);
  g_source_set_callback (readable, G_SOURCE_FUNC (on_readable), lost, NULL);
  g_source_attach (readable, NULL);
  return TRUE;
}

static void
listen_again (Lost *lost)
{
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string ("127.0.0.1", lost->port);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  lost->service = g_socket_service_new ();
  g_socket_listener_add_address (G_SOCKET_LISTENER (lost->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  lost->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  g_signal_connect (lost->service, "incoming", G_CALLBACK (on_incoming), lost);
}

static void
stop_listening (Lost *lost)
{
  g_socket_service_stop (lost->service);
  g_socket_listener_close (G_SOCKET_LISTENER (lost->service));
  g_clear_object (&lost->service);
}

static void
set_up (Lost *lost, gconstpointer data)
{
  lost->received = g_string_new (NULL);
  listen_again (lost);
  lost->server = g_strdup_printf ("sip:127.0.0.1:%u;transport=tcp", lost->port);
  lost->setting.protocol = "TCP";
  lost->setting.server = lost->server;
  fixture_set_up (&lost->fixture, &lost->setting);
  WAIT_FOR (happened (lost, "ua*registered"));
  fixture_expect (&lost->fixture, "ua*connected >REGISTER ua*registered");
}

static void
tear_down (Lost *lost, gconstpointer data)
{
  fixture_tear_down (&lost->fixture, &lost->setting);
  if (lost->service != NULL)
    stop_listening (lost);
  g_clear_object (&lost->connection);
  g_string_free (lost->received, TRUE);
  g_free (lost->server);
}

/* The server goes away, and the user agent sees it. */
static void
lose (Lost *lost)
{
  g_io_stream_close (G_IO_STREAM (lost->connection), NULL, NULL);
  g_clear_object (&lost->connection);
  g_string_truncate (lost->received, 0);
  WAIT_FOR (happened (lost, "ua*disconnected"));
}

/* It tries again within a second and a half. */
static void
come_back (Lost *lost)
{
  fixture_advance (&lost->fixture, 1500);
  WAIT_FOR (happened (lost, "ua*registered"));
}

static void
answer (Lost *lost, const char *request, guint code, const char *body)
{
  g_autofree char *text = peer_text_response (
      fixture_find_sent (&lost->fixture, request), code, "bobtag",
      "Contact: <sip:bob@192.0.2.7;transport=tcp>\r\nAllow: INVITE, ACK, BYE, UPDATE\r\n",
      body != NULL ? SDP_TYPE : NULL, body);

  say (lost, text);
}

static void
place (Lost *lost)
{
  Fixture *fixture = &lost->fixture;
  g_autoptr (SipInviteClientContext) call =
      sip_ua_invite (fixture->ua, "sip:bob@example.org", NULL, NULL, NULL);

  fixture_watch (fixture, SIP_SESSION (call));
  WAIT_FOR (happened (lost, ">INVITE"));
}

static void
place_and_talk (Lost *lost)
{
  place (lost);
  answer (lost, "INVITE", 200, "v=0 ANSWER");
  WAIT_FOR (happened (lost, "*accepted") && happened (lost, ">ACK"));
  g_string_truncate (lost->fixture.log, 0);
}

static void
assert_status (Lost *lost, SipSessionStatus status)
{
  g_assert_cmpint (sip_session_get_status (lost->fixture.session), ==, status);
}

/* The call goes on, and the other side learns where we are now. */
static void
test_talking (Lost *lost, gconstpointer data)
{
  Fixture *fixture = &lost->fixture;

  place_and_talk (lost);
  lose (lost);
  fixture_expect (fixture, "ua*unregistered ua*disconnected");
  assert_status (lost, SIP_SESSION_STATUS_CONFIRMED);
  come_back (lost);
  WAIT_FOR (happened (lost, ">UPDATE"));
  g_assert_nonnull (strstr (fixture->log->str, "ua*connected"));
  g_assert_nonnull (strstr (fixture_find_sent (fixture, "UPDATE "), "\r\nContact: <sip:"));
  answer (lost, "UPDATE", 200, NULL);
  g_string_truncate (fixture->log, 0);
  g_assert_true (sip_session_bye (fixture->session, NULL, NULL));
  WAIT_FOR (happened (lost, ">BYE"));
  answer (lost, "BYE", 200, NULL);
  fixture_expect (fixture, "*bye sdh.close *terminated >BYE");
}

/* Nobody comes back for 64*T1. */
static void
test_talking_for_good (Lost *lost, gconstpointer data)
{
  Fixture *fixture = &lost->fixture;

  place_and_talk (lost);
  stop_listening (lost);
  lose (lost);
  fixture_advance (fixture, 31999);
  assert_status (lost, SIP_SESSION_STATUS_CONFIRMED);
  fixture_advance (fixture, 1);
  WAIT_FOR (happened (lost, "*terminated"));
  g_assert_null (strstr (fixture->log->str, "*failed"));
  g_assert_cmpint (sip_session_get_cause (fixture->session), ==, SIP_CAUSE_CONNECTION_ERROR);
  g_string_truncate (fixture->log, 0);
}

/* Their phone rings on, and its answer comes the new way. */
static void
test_placed_and_ringing (Lost *lost, gconstpointer data)
{
  Fixture *fixture = &lost->fixture;

  place (lost);
  answer (lost, "INVITE", 180, NULL);
  WAIT_FOR (happened (lost, "*progress"));
  g_string_truncate (fixture->log, 0);
  lose (lost);
  fixture_expect (fixture, "ua*unregistered ua*disconnected");
  come_back (lost);
  assert_status (lost, SIP_SESSION_STATUS_1XX_RECEIVED);
  g_string_truncate (fixture->log, 0);
  answer (lost, "INVITE", 200, "v=0 ANSWER");
  WAIT_FOR (happened (lost, ">ACK"));
  fixture_expect (fixture, "sdh.set *directionChanged *ack *accepted >ACK");
  sip_session_terminate (fixture->session, NULL, NULL);
  WAIT_FOR (happened (lost, ">BYE"));
  g_string_truncate (fixture->log, 0);
}

static void
ring (Lost *lost)
{
  Fixture *fixture = &lost->fixture;
  g_autofree char *text = peer_text_request (
      "INVITE", "sip:alice@example.org", "SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKring",
      "<sip:bob@example.org>;tag=bobtag", "<sip:alice@example.org>", "callid@bob", 1,
      "Contact: <sip:bob@192.0.2.7;transport=tcp>\r\n", SDP_TYPE, "v=0 OFFER");

  say (lost, text);
  WAIT_FOR (happened (lost, ">180"));
  fixture_expect (fixture, "ua*invite >100 >180");
}

/* Ours rings on, and the answer leaves the new way. */
static void
test_ringing (Lost *lost, gconstpointer data)
{
  Fixture *fixture = &lost->fixture;
  g_autofree char *ack = NULL, *to = NULL;

  ring (lost);
  lose (lost);
  fixture_expect (fixture, "ua*unregistered ua*disconnected");
  assert_status (lost, SIP_SESSION_STATUS_WAITING_FOR_ANSWER);
  come_back (lost);
  g_string_truncate (fixture->log, 0);
  g_assert_true (sip_invite_server_context_accept (SIP_INVITE_SERVER_CONTEXT (fixture->session),
                                                   NULL, NULL, NULL));
  WAIT_FOR (happened (lost, ">200"));
  to = peer_text_header (fixture_get_sent (fixture, 0), "To");
  ack =
      peer_text_request ("ACK", "sip:alice@example.org", "SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKack",
                         "<sip:bob@example.org>;tag=bobtag", to, "callid@bob", 1, "", NULL, NULL);
  say (lost, ack);
  WAIT_FOR (happened (lost, "*confirmed"));
  sip_session_terminate (fixture->session, NULL, NULL);
  WAIT_FOR (happened (lost, ">BYE"));
  g_string_truncate (fixture->log, 0);
}

/* It stops ringing when nobody can come back any more. */
static void
test_ringing_for_good (Lost *lost, gconstpointer data)
{
  Fixture *fixture = &lost->fixture;

  ring (lost);
  stop_listening (lost);
  lose (lost);
  fixture_advance (fixture, 32000);
  WAIT_FOR (happened (lost, "*terminated"));
  g_assert_nonnull (strstr (fixture->log->str, "*failed *terminated"));
  g_assert_cmpint (sip_session_get_cause (fixture->session), ==, SIP_CAUSE_CONNECTION_ERROR);
  g_assert_cmpuint (sip_endpoint_get_n_transactions (sip_ua_get_endpoint (fixture->ua)), ==, 0);
  g_string_truncate (fixture->log, 0);
}

/* The user agent stops while the other side's phone rings. */
static void
test_stopped_while_ringing (Lost *lost, gconstpointer data)
{
  Fixture *fixture = &lost->fixture;

  place (lost);
  answer (lost, "INVITE", 180, NULL);
  WAIT_FOR (happened (lost, "*progress"));
  g_string_truncate (fixture->log, 0);
  sip_ua_stop_async (fixture->ua, NULL, NULL);
  WAIT_FOR (happened (lost, ">CANCEL"));
  answer (lost, "CANCEL", 200, NULL);
  answer (lost, "INVITE", 487, NULL);
  WAIT_FOR (happened (lost, "*terminated"));
  g_assert_nonnull (strstr (fixture->log->str, "*cancel"));
  g_assert_nonnull (strstr (fixture->log->str, "*rejected *failed *terminated"));
  g_assert_cmpint (sip_session_get_cause (fixture->session), ==, SIP_CAUSE_CANCELED);
  fixture_advance (fixture, 2500);
  WAIT_FOR (happened (lost, "ua*stopped"));
  g_string_truncate (fixture->log, 0);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Lost *lost, gconstpointer data);
  } cases[] = {
      {"/lost/talking", test_talking},
      {"/lost/talking-for-good", test_talking_for_good},
      {"/lost/placed-and-ringing", test_placed_and_ringing},
      {"/lost/ringing", test_ringing},
      {"/lost/ringing-for-good", test_ringing_for_good},
      {"/lost/stopped-while-ringing", test_stopped_while_ringing},
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Lost, NULL, set_up, cases[i].test, tear_down);
  return g_test_run ();
}
