/* test-rtp-servers.c - servers that the user named tell how a call over RTP is seen from outside
 *
 * The server is a socket that tells everybody that he is at an address of nobody's (RFC 8489), or
 * tells nothing.
 */

#include "listener.h"
#include "phone.h"

#include "media-rtp-handler.h"

#include "sip-error.h"
#include "sip-media-servers.h"

#include <libglib-testing/signal-logger.h>
#include <string.h>

#define HERE "127.0.0.1"
#define SEEN "192.0.2.7"
#define SOUND 20000
#define HEADER 20

typedef struct {
  GSocket *server;
  GSource *source;
  gboolean is_silent;
  guint n_asked;
  SipSessionDescriptionHandler *handler;
  GtSignalLogger *seen;
  Listener heard;
  Phone phone;
} Fixture;

/* MAPPED-ADDRESS (RFC 8489 14.1) and nothing else. */
static void
tell (Fixture *fixture, GSocketAddress *who, const guchar *question)
{
  static const guchar seen[] = {192, 0, 2, 7};
  guint port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (who));
  guchar answer[HEADER + 12] = {0x01, 0x01, 0, 12};
  guchar *value = answer + HEADER;

  memcpy (answer + 4, question + 4, HEADER - 4);
  value[1] = 0x01;
  value[3] = 8;
  value[5] = 0x01;
  value[6] = port >> 8;
  value[7] = port & 0xff;
  memcpy (value + 8, seen, sizeof seen);
  g_socket_send_to (fixture->server, who, (const char *)answer, sizeof answer, NULL, NULL);
}

static gboolean
on_question (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  Fixture *fixture = user_data;
  guchar packet[2048];
  gssize size;

  for (;;) {
    g_autoptr (GSocketAddress) who = NULL;

    size = g_socket_receive_from (socket, &who, (char *)packet, sizeof packet, NULL, NULL);
    if (size < HEADER)
      return G_SOURCE_CONTINUE;
    fixture->n_asked++;
    if (!fixture->is_silent && packet[0] == 0 && packet[1] == 1)
      tell (fixture, who, packet);
  }
}

static guint
open_server (Fixture *fixture)
{
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string (HERE, 0);
  g_autoptr (GSocketAddress) place = NULL;

  fixture->server =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_socket_set_blocking (fixture->server, FALSE);
  g_assert_true (g_socket_bind (fixture->server, any, FALSE, NULL));
  fixture->source = g_socket_create_source (fixture->server, G_IO_IN, NULL);
  g_source_set_callback (fixture->source, G_SOURCE_FUNC (on_question), fixture, NULL);
  g_source_attach (fixture->source, NULL);
  place = g_socket_get_local_address (fixture->server, NULL);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (place));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  gboolean is_hidden = g_strcmp0 (data, "turn") == 0;
  g_autofree char *uri = g_strdup_printf ("%s:" HERE ":%u", (char *)data, open_server (fixture));
  g_autoptr (SipMediaServers) servers =
      g_object_new (SIP_TYPE_MEDIA_SERVERS, data, uri, "relay-only", is_hidden, NULL);

  listener_init (&fixture->heard);
  phone_init (&fixture->phone, HERE);
  fixture->handler = g_object_new (MEDIA_TYPE_RTP_HANDLER, "audio-source",
                                   "audiotestsrc is-live=true samplesperbuffer=160 freq=1000",
                                   "audio-sink", fixture->heard.sink, "local-address", HERE,
                                   "security", SIP_SECURITY_OFF, "servers", servers, NULL);
  fixture->seen = gt_signal_logger_new ();
  gt_signal_logger_connect (fixture->seen, fixture->handler, "failed");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  sip_session_description_handler_close (fixture->handler);
  listener_drain ();
  gt_signal_logger_assert_no_emissions (fixture->seen);
  gt_signal_logger_free (fixture->seen);
  g_assert_finalize_object (fixture->handler);
  g_source_destroy (fixture->source);
  g_source_unref (fixture->source);
  g_object_unref (fixture->server);
  phone_clear (&fixture->phone);
  listener_clear (&fixture->heard);
}

static char *
get (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  char *text = listener_get (fixture->handler, NULL, &error);

  g_assert_no_error (error);
  return text;
}

static gboolean
has_line (const char *sdp, const char *start, const char *end)
{
  g_auto (GStrv) lines = g_strsplit (sdp, "\r\n", 0);

  for (guint i = 0; lines[i] != NULL; i++) {
    if (g_str_has_prefix (lines[i], start) && g_str_has_suffix (lines[i], end))
      return TRUE;
  }
  return FALSE;
}

static void
hear_each_other (Fixture *fixture, guint port)
{
  guint n = phone_count (&fixture->phone);

  phone_send_to (&fixture->phone, HERE, port);
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (listener_hears (&fixture->heard, 400) && phone_count (&fixture->phone) > n + 20);
}

/* Whoever knows nothing of ICE is told how this side is seen, and heard at the port that is behind
 * it, in every round.
 */
static void
test_seen (Fixture *fixture, gconstpointer data)
{
  g_autofree char *offer = get (fixture), *answer = NULL, *again = NULL, *repeated = NULL;
  g_autofree char *here = NULL;
  g_autoptr (GError) error = NULL;
  guint port = phone_read_port (offer), n_asked = fixture->n_asked;

  g_assert_nonnull (strstr (offer, "c=IN IP4 " SEEN "\r\n"));
  g_assert_true (has_line (offer, "a=ice-ufrag:", ""));
  g_assert_true (has_line (offer, "a=candidate:", " typ srflx"));
  here = g_strdup_printf (" " HERE " %u typ host", port);
  g_assert_true (has_line (offer, "a=candidate:", here));
  answer = phone_describe (&fixture->phone, HERE, "RTP/AVP", "");
  listener_answer (fixture->handler, answer, &error);
  g_assert_no_error (error);
  hear_each_other (fixture, port);

  again = get (fixture);
  g_assert_nonnull (strstr (again, "c=IN IP4 " SEEN "\r\n"));
  g_assert_cmpuint (phone_read_port (again), ==, port);
  g_assert_null (strstr (again, "ice-"));
  g_assert_cmpuint (fixture->n_asked, ==, n_asked);
  sip_session_description_handler_rollback (fixture->handler);
  repeated = phone_describe (&fixture->phone, HERE, "RTP/AVP", "a=sendonly\r\n");
  listener_set (fixture->handler, repeated, NULL, &error);
  g_assert_no_error (error);
  g_free (get (fixture));
}

/* Likewise where it is called. */
static void
test_called (Fixture *fixture, gconstpointer data)
{
  g_autofree char *offer = phone_describe (&fixture->phone, HERE, "RTP/AVP", ""), *answer = NULL;
  g_autoptr (GError) error = NULL;

  listener_set (fixture->handler, offer, NULL, &error);
  g_assert_no_error (error);
  answer = get (fixture);
  g_assert_nonnull (strstr (answer, "c=IN IP4 " SEEN "\r\n"));
  g_assert_null (strstr (answer, "ice-"));
  hear_each_other (fixture, phone_read_port (answer));
}

/* It has moved, and asks how it is seen there. */
static void
test_moved (Fixture *fixture, gconstpointer data)
{
  g_autofree char *offer = get (fixture), *answer = NULL, *again = NULL;
  g_autoptr (GError) error = NULL;
  guint n_asked;

  answer = phone_describe (&fixture->phone, HERE, "RTP/AVP", "");
  listener_answer (fixture->handler, answer, &error);
  g_assert_no_error (error);
  hear_each_other (fixture, phone_read_port (offer));
  n_asked = fixture->n_asked;
  g_object_set (fixture->handler, "local-address", "127.0.0.2", NULL);
  g_assert_true (sip_session_description_handler_move (fixture->handler));
  again = get (fixture);
  g_assert_cmpuint (fixture->n_asked, >, n_asked);
  g_assert_nonnull (strstr (again, "c=IN IP4 " SEEN "\r\n"));
  phone_stop (&fixture->phone);
  listener_answer (fixture->handler, answer, &error);
  g_assert_no_error (error);
  phone_send_to (&fixture->phone, "127.0.0.2", phone_read_port (again));
  phone_start (&fixture->phone, SOUND);
  gsize before = listener_count (&fixture->heard);
  guint n = phone_count (&fixture->phone);
  WAIT_FOR (listener_count (&fixture->heard) > before + 24000 &&
            listener_hears (&fixture->heard, 400) && phone_count (&fixture->phone) > n + 20);
}

/* A server that is gone is not waited for. */
static void
test_silent (Fixture *fixture, gconstpointer data)
{
  g_autofree char *offer = NULL, *answer = NULL;
  g_autoptr (GError) error = NULL;

  fixture->is_silent = TRUE;
  offer = get (fixture);
  g_assert_cmpuint (fixture->n_asked, >, 0);
  g_assert_nonnull (strstr (offer, "c=IN IP4 " HERE "\r\n"));
  answer = phone_describe (&fixture->phone, HERE, "RTP/AVP", "");
  listener_answer (fixture->handler, answer, &error);
  g_assert_no_error (error);
  hear_each_other (fixture, phone_read_port (offer));
}

/* Without a relay nothing is told, and the relay is asked again the next time. */
static void
test_hidden (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint n_asked;

  fixture->is_silent = TRUE;
  g_assert_null (listener_get (fixture->handler, NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_RELAY);
  n_asked = fixture->n_asked;
  g_assert_cmpuint (n_asked, >, 0);
  g_clear_error (&error);
  g_assert_null (listener_get (fixture->handler, NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_RELAY);
  g_assert_cmpuint (fixture->n_asked, >, n_asked);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

/* It ends, or the description is taken back, while the server is asked. */
static void
end_while_asking (Fixture *fixture, void (*end) (SipSessionDescriptionHandler *), SipError code)
{
  g_autoptr (GAsyncResult) result = NULL, second = NULL;
  g_autoptr (GError) error = NULL;

  fixture->is_silent = TRUE;
  sip_session_description_handler_get_description_async (fixture->handler, NULL, NULL, NULL,
                                                         keep_result, &result);
  sip_session_description_handler_get_description_async (fixture->handler, NULL, NULL, NULL,
                                                         keep_result, &second);
  WAIT_FOR (second != NULL);
  g_assert_null (
      sip_session_description_handler_get_description_finish (fixture->handler, second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  g_clear_error (&error);
  g_assert_null (result);
  end (fixture->handler);
  WAIT_FOR (result != NULL);
  g_assert_null (
      sip_session_description_handler_get_description_finish (fixture->handler, result, &error));
  g_assert_error (error, SIP_ERROR, (int)code);
}

static void
test_closed (Fixture *fixture, gconstpointer data)
{
  end_while_asking (fixture, sip_session_description_handler_close,
                    SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED);
}

static void
test_taken_back (Fixture *fixture, gconstpointer data)
{
  end_while_asking (fixture, sip_session_description_handler_rollback, SIP_ERROR_RENEGOTIATION);
  fixture->is_silent = FALSE;
  g_free (get (fixture));
}

#define ADD(name, kind, func)                                                                      \
  g_test_add ("/rtp-servers/" name, Fixture, kind, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  /* No sound server, whatever the machine has. */
  g_setenv ("PULSE_SERVER", "unix:/dev/null/none", TRUE);
  g_test_init (&argc, &argv, NULL);

  ADD ("seen", "stun", test_seen);
  ADD ("called", "stun", test_called);
  ADD ("moved", "stun", test_moved);
  ADD ("silent", "stun", test_silent);
  ADD ("hidden", "turn", test_hidden);
  ADD ("closed", "stun", test_closed);
  ADD ("taken-back", "stun", test_taken_back);

  return g_test_run ();
}
