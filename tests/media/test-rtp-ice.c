/* test-rtp-ice.c - a phone that offers ICE calls, and sound goes where checks found a way
 *
 * The phone's packets pass through an agent of libnice, which the m= line says nothing of.
 */

#include "listener.h"
#include "phone.h"

#include "media-rtp-handler-private.h"

#include <libglib-testing/signal-logger.h>
#include <nice/agent.h>
#include <string.h>

#define RATE 48000
#define HERE "127.0.0.1"
#define SOUND 20000
#define PASSWORD "abcdefghijklmnopqrstuvwx"

typedef struct {
  SipSessionDescriptionHandler *handler;
  Listener heard;
  Phone phone;
  Phone named; /* by the m= line */
  GtSignalLogger *seen;
  NiceAgent *agent;
  guint stream;
  guint n_components;
  GSocket *inlet; /* what the phone sends to it, the agent passes on */
  GSource *source;
} Fixture;

static void
on_passed (NiceAgent *agent,
           guint stream,
           guint component,
           guint size,
           char *packet,
           gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GSocketAddress) to =
      g_socket_get_local_address (component == 1 ? fixture->phone.rtp : fixture->phone.rtcp, NULL);

  g_socket_send_to (fixture->inlet, to, packet, size, NULL, NULL);
}

static gboolean
on_sent (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  Fixture *fixture = user_data;
  char packet[2048];
  gssize size;

  while ((size = g_socket_receive (socket, packet, sizeof packet, NULL, NULL)) > 0)
    nice_agent_send (fixture->agent, fixture->stream, 1, size, packet);
  return G_SOURCE_CONTINUE;
}

static void
open_inlet (Fixture *fixture)
{
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string (HERE, 0);
  g_autoptr (GSocketAddress) place = NULL;

  fixture->inlet =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_socket_set_blocking (fixture->inlet, FALSE);
  g_assert_true (g_socket_bind (fixture->inlet, any, FALSE, NULL));
  place = g_socket_get_local_address (fixture->inlet, NULL);
  phone_send_to (&fixture->phone, HERE,
                 g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (place)));
  fixture->source = g_socket_create_source (fixture->inlet, G_IO_IN, NULL);
  g_source_set_callback (fixture->source, G_SOURCE_FUNC (on_sent), fixture, NULL);
  g_source_attach (fixture->source, NULL);
}

static void
open_agent (Fixture *fixture, guint n_components)
{
  NiceAddress here;

  fixture->agent = nice_agent_new (NULL, NICE_COMPATIBILITY_RFC5245);
  g_object_set (fixture->agent, "controlling-mode", TRUE, "upnp", FALSE, "ice-tcp", FALSE, NULL);
  nice_address_init (&here);
  nice_address_set_from_string (&here, HERE);
  nice_agent_add_local_address (fixture->agent, &here);
  fixture->n_components = n_components;
  fixture->stream = nice_agent_add_stream (fixture->agent, n_components);
  for (guint i = 1; i <= n_components; i++)
    nice_agent_attach_recv (fixture->agent, fixture->stream, i, NULL, on_passed, fixture);
  g_assert_true (nice_agent_gather_candidates (fixture->agent, fixture->stream));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  listener_init (&fixture->heard);
  phone_init (&fixture->phone, HERE);
  phone_init (&fixture->named, HERE);
  fixture->handler =
      g_object_new (MEDIA_TYPE_RTP_HANDLER, "audio-source",
                    "audiotestsrc is-live=true samplesperbuffer=160 freq=1000", "audio-sink",
                    fixture->heard.sink, "local-address", HERE, "security", SIP_SECURITY_OFF, NULL);
  fixture->seen = gt_signal_logger_new ();
  gt_signal_logger_connect (fixture->seen, fixture->handler, "failed");
  open_inlet (fixture);
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
  g_object_unref (fixture->inlet);
  if (fixture->agent != NULL)
    nice_agent_remove_stream (fixture->agent, fixture->stream);
  g_clear_object (&fixture->agent);
  phone_clear (&fixture->phone);
  phone_clear (&fixture->named);
  listener_clear (&fixture->heard);
}

/* Lines of the agent's own, for an m= line that names somebody else. */
static char *
describe (Fixture *fixture, const char *more)
{
  g_autoptr (GString) lines = g_string_new (more);
  g_autofree char *name = NULL, *password = NULL;

  nice_agent_get_local_credentials (fixture->agent, fixture->stream, &name, &password);
  g_string_append_printf (lines, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n", name, password);
  for (guint i = 1; i <= fixture->n_components; i++) {
    GSList *candidates = nice_agent_get_local_candidates (fixture->agent, fixture->stream, i);

    for (GSList *at = candidates; at != NULL; at = at->next) {
      g_autofree char *line = nice_agent_generate_local_candidate_sdp (fixture->agent, at->data);

      g_string_append_printf (lines, "%s\r\n", line);
    }
    g_slist_free_full (candidates, (GDestroyNotify)nice_candidate_free);
  }
  return phone_describe (&fixture->named, HERE, "RTP/AVP", lines->str);
}

static char *
read_value (const char *sdp, const char *name)
{
  const char *at = strstr (sdp, name);

  g_assert_nonnull (at);
  at += strlen (name);
  return g_strndup (at, strcspn (at, "\r"));
}

static char *
negotiate (Fixture *fixture, const char *offer)
{
  g_autoptr (GError) error = NULL;
  char *answer;

  listener_set (fixture->handler, offer, NULL, &error);
  g_assert_no_error (error);
  answer = listener_get (fixture->handler, NULL, &error);
  g_assert_no_error (error);
  return answer;
}

/* The agent learns of the handler what the answer says. */
static void
take_answer (Fixture *fixture, const char *answer)
{
  g_autofree char *name = read_value (answer, "a=ice-ufrag:");
  g_autofree char *password = read_value (answer, "a=ice-pwd:");
  g_auto (GStrv) lines = g_strsplit (answer, "\r\n", 0);

  nice_agent_set_remote_credentials (fixture->agent, fixture->stream, name, password);
  for (guint i = 1; i <= fixture->n_components; i++) {
    GSList *candidates = NULL;

    for (guint at = 0; lines[at] != NULL; at++) {
      NiceCandidate *candidate =
          g_str_has_prefix (lines[at], "a=candidate:")
              ? nice_agent_parse_remote_candidate_sdp (fixture->agent, fixture->stream, lines[at])
              : NULL;

      if (candidate != NULL && candidate->component_id == i)
        candidates = g_slist_append (candidates, candidate);
      else
        g_clear_pointer (&candidate, nice_candidate_free);
    }
    g_assert_nonnull (candidates);
    nice_agent_set_remote_candidates (fixture->agent, fixture->stream, i, candidates);
    g_slist_free_full (candidates, (GDestroyNotify)nice_candidate_free);
  }
}

static char *
call (Fixture *fixture, const char *more)
{
  g_autofree char *offer = describe (fixture, more);
  char *answer = negotiate (fixture, offer);

  take_answer (fixture, answer);
  phone_start (&fixture->phone, SOUND);
  return answer;
}

static void
hear_each_other (Fixture *fixture)
{
  gsize before = listener_count (&fixture->heard);
  guint n = phone_count (&fixture->phone);

  WAIT_FOR (listener_count (&fixture->heard) > before + RATE / 2 &&
            listener_hears (&fixture->heard, 400) && phone_count (&fixture->phone) > n + 20);
}

/* What is agreed on is the pair that was found, and not what the m= line says. RTCP has a pair of
 * its own where it does not share that of sound.
 */
static void
test_call (Fixture *fixture, gconstpointer data)
{
  gboolean is_muxed = data != NULL;
  g_autofree char *answer = NULL, *place = NULL;

  open_agent (fixture, is_muxed ? 1 : 2);
  answer = call (fixture, is_muxed ? "a=rtcp-mux\r\n" : "");
  g_assert_cmpint (strstr (answer, "a=rtcp-mux") != NULL, ==, is_muxed);
  g_assert_cmpint (strstr (answer, " 2 UDP ") != NULL, ==, !is_muxed);
  place = g_strdup_printf (" " HERE " %u typ host", phone_read_port (answer));
  g_assert_nonnull (strstr (answer, place));
  hear_each_other (fixture);
  WAIT_FOR (fixture->phone.n_reports > 0);
  g_assert_cmpuint (fixture->phone.n_muxed, ==, is_muxed ? fixture->phone.n_reports : 0);
  g_assert_cmpuint (phone_count (&fixture->named), ==, 0);
}

/* Held and resumed: the same names, and no check more. Then anew, by other names. */
static void
test_rounds (Fixture *fixture, gconstpointer data)
{
  g_autofree char *answer = NULL, *first = NULL, *name = NULL, *restarted = NULL, *offer = NULL;

  open_agent (fixture, 1);
  answer = call (fixture, "a=rtcp-mux\r\n");
  hear_each_other (fixture);
  name = read_value (answer, "a=ice-ufrag:");
  for (int i = 0; i < 2; i++) {
    g_autofree char *again =
        describe (fixture, i == 0 ? "a=rtcp-mux\r\na=sendonly\r\n" : "a=rtcp-mux\r\n");
    g_autofree char *next = negotiate (fixture, again), *same = read_value (next, "a=ice-ufrag:");

    g_assert_cmpstr (same, ==, name);
  }
  hear_each_other (fixture);
  g_assert_true (nice_agent_restart_stream (fixture->agent, fixture->stream));
  offer = describe (fixture, "a=rtcp-mux\r\n");
  restarted = negotiate (fixture, offer);
  first = read_value (restarted, "a=ice-ufrag:");
  g_assert_cmpstr (first, !=, name);
  take_answer (fixture, restarted);
  hear_each_other (fixture);
}

/* Nobody answers the checks: then it is the m= line, as if there had been no ICE. */
static void
test_vain (Fixture *fixture, gconstpointer data)
{
  g_autofree char *offer =
      phone_describe (&fixture->named, HERE, "RTP/AVP",
                      "a=ice-ufrag:abcd\r\na=ice-pwd:" PASSWORD "\r\n"
                      "a=candidate:1 1 UDP 2130706431 " HERE " 9 typ host\r\n"
                      "a=candidate:1 2 UDP 2130706430 " HERE " 9 typ host\r\n");
  g_autofree char *answer = negotiate (fixture, offer);

  g_assert_nonnull (strstr (answer, "a=candidate:"));
  phone_send_to (&fixture->named, HERE, phone_read_port (answer));
  phone_start (&fixture->named, SOUND);
  WAIT_FOR (listener_hears (&fixture->heard, 400) && phone_count (&fixture->named) > 20);
}

/* A later description knows nothing of ICE any more. */
static void
test_given_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *answer = NULL, *offer = NULL, *again = NULL;

  open_agent (fixture, 1);
  answer = call (fixture, "a=rtcp-mux\r\n");
  hear_each_other (fixture);
  phone_stop (&fixture->phone);
  offer = phone_describe (&fixture->named, HERE, "RTP/AVP", "");
  again = negotiate (fixture, offer);
  g_assert_null (strstr (again, "ice-"));
  g_assert_cmpuint (phone_read_port (again), ==, phone_read_port (answer));
  phone_send_to (&fixture->named, HERE, phone_read_port (again));
  phone_start (&fixture->named, SOUND);
  gsize before = listener_count (&fixture->heard);
  WAIT_FOR (listener_count (&fixture->heard) > before + RATE / 2 &&
            listener_hears (&fixture->heard, 400) && phone_count (&fixture->named) > 20);
}

/* What is no ICE is no error. */
static void
test_nonsense (Fixture *fixture, gconstpointer data)
{
  static const char *const rows[] = {
      "a=ice-ufrag:abcd\r\n",
      "a=ice-pwd:" PASSWORD "\r\n",
      "a=ice-ufrag:abcd\r\na=ice-pwd:short\r\n",
      "a=ice-ufrag:a b c\r\na=ice-pwd:" PASSWORD "\r\n",
      "a=candidate:1 1 UDP 2130706431 " HERE " 9 typ host\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *offer = phone_describe (&fixture->named, HERE, "RTP/AVP", rows[i]);
    g_autofree char *answer = negotiate (fixture, offer);

    g_assert_null (strstr (answer, "ice-"));
    g_assert_null (strstr (answer, "a=candidate"));
    phone_send_to (&fixture->named, HERE, phone_read_port (answer));
  }
  phone_start (&fixture->named, SOUND);
  WAIT_FOR (listener_hears (&fixture->heard, 400) && phone_count (&fixture->named) > 20);
}

/* This side has another address: it offers, by another name, and is found there. */
static void
test_moved (Fixture *fixture, gconstpointer data)
{
  g_autofree char *answer = NULL, *offer = NULL, *name = NULL, *other = NULL, *taken = NULL;
  g_autoptr (GError) error = NULL;

  open_agent (fixture, 1);
  answer = call (fixture, "a=rtcp-mux\r\n");
  hear_each_other (fixture);
  g_object_set (fixture->handler, "local-address", "127.0.0.2", NULL);
  g_assert_true (sip_session_description_handler_move (fixture->handler));
  offer = listener_get (fixture->handler, NULL, &error);
  g_assert_no_error (error);
  name = read_value (answer, "a=ice-ufrag:");
  other = read_value (offer, "a=ice-ufrag:");
  g_assert_cmpstr (name, !=, other);
  g_assert_nonnull (strstr (offer, " 127.0.0.2 "));
  g_assert_true (nice_agent_restart_stream (fixture->agent, fixture->stream));
  take_answer (fixture, offer);
  taken = describe (fixture, "a=rtcp-mux\r\n");
  listener_answer (fixture->handler, taken, &error);
  g_assert_no_error (error);
  hear_each_other (fixture);
  g_assert_cmpuint (phone_count (&fixture->named), ==, 0);
}

/* It may end while checks run. */
static void
test_closed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *offer = NULL, *answer = NULL;

  open_agent (fixture, 2);
  offer = describe (fixture, "");
  answer = negotiate (fixture, offer);
  take_answer (fixture, answer);
}

#define ADD(name, data, func) g_test_add ("/rtp-ice/" name, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  /* No sound server, whatever the machine has. */
  g_setenv ("PULSE_SERVER", "unix:/dev/null/none", TRUE);
  g_test_init (&argc, &argv, NULL);

  ADD ("call", NULL, test_call);
  ADD ("call/muxed", GINT_TO_POINTER (TRUE), test_call);
  ADD ("rounds", NULL, test_rounds);
  ADD ("vain", NULL, test_vain);
  ADD ("given-up", NULL, test_given_up);
  ADD ("nonsense", NULL, test_nonsense);
  ADD ("moved", NULL, test_moved);
  ADD ("closed", NULL, test_closed);

  return g_test_run ();
}
