/* test-wire.c - two user agents on a wire that loses, doubles and cuts what it carries */

#include "fixture.h"

#include "sip-ua-private.h"

#include <string.h>

/* The other end: a user agent that answers by itself. */
typedef struct {
  SipUA *ua;
  PeerWire *wire;
  StubPlan plan;
  guint n_confirmed;
  guint n_bye;
  guint n_terminated;
} Other;

typedef struct {
  const char *path;
  const char *protocol;
  guint loss; /* percent each way */
  gboolean doubles;
  gsize piece;
  guint delay; /* turns */
} Row;

static const Row rows[] = {
    {"clean-datagrams", "UDP", 0, FALSE, 0, 0},
    {"clean-stream", "TCP", 0, FALSE, 0, 0},
    {"loss", "UDP", 20, FALSE, 0, 0},
    {"doubles", "UDP", 0, TRUE, 0, 0},
    {"loss-and-doubles", "UDP", 20, TRUE, 0, 3},
    {"single-bytes", "TCP", 0, FALSE, 1, 0},
    {"halves", "TLS", 0, FALSE, 100, 5},
};

static void
ignore (StubHandler *handler, const char *what, gpointer user_data)
{
}

static SipSessionDescriptionHandler *
create_handler (SipSession *session, gpointer user_data)
{
  return SIP_SESSION_DESCRIPTION_HANDLER (stub_handler_new (user_data, ignore, NULL));
}

static void
on_confirmed (SipSession *session, SipMessage *ack, gpointer user_data)
{
  ((Other *)user_data)->n_confirmed++;
}

static void
on_bye (SipSession *session, SipMessage *bye, gpointer user_data)
{
  ((Other *)user_data)->n_bye++;
}

static void
on_terminated (SipSession *session, SipMessage *message, const char *cause, gpointer user_data)
{
  ((Other *)user_data)->n_terminated++;
}

static void
on_invite (SipUA *ua, SipSession *session, gpointer user_data)
{
  g_signal_connect (session, "confirmed", G_CALLBACK (on_confirmed), user_data);
  g_signal_connect (session, "bye", G_CALLBACK (on_bye), user_data);
  g_signal_connect (session, "terminated", G_CALLBACK (on_terminated), user_data);
  g_assert_true (
      sip_invite_server_context_accept (SIP_INVITE_SERVER_CONTEXT (session), NULL, NULL, NULL));
}

static void
start_other (Other *other, Fixture *fixture, const Row *row)
{
  SipEndpoint *endpoint;

  other->wire = peer_wire_new (row->protocol);
  other->ua = g_object_new (SIP_TYPE_UA, "uri", "sip:bob@example.org", "local-address",
                            "127.0.0.1:0", "auto-register", FALSE, NULL);
  sip_ua_set_session_description_handler_factory (other->ua, create_handler, &other->plan, NULL);
  g_signal_connect (other->ua, "invite", G_CALLBACK (on_invite), other);
  g_assert_true (sip_ua_start (other->ua, NULL));
  endpoint = sip_ua_get_endpoint (other->ua);
  sip_endpoint_expect_outbound (endpoint);
  sip_endpoint_add_transport (endpoint, SIP_TRANSPORT (other->wire), NULL);
  sip_endpoint_set_outbound (endpoint, SIP_TRANSPORT (other->wire));
  peer_wire_join (fixture->wire, other->wire);
  for (guint i = 0; i < 2; i++) {
    PeerWire *wire = i == 0 ? fixture->wire : other->wire;

    peer_wire_set_loss (wire, row->loss, 7 + i);
    peer_wire_set_doubles (wire, row->doubles);
    peer_wire_set_piece (wire, row->piece);
    peer_wire_set_delay (wire, row->delay);
  }
}

/* Moves the clock for both ends. */
static void
advance (Fixture *fixture, Other *other, guint milliseconds)
{
  for (guint i = 0; i < milliseconds; i += 50)
    fixture_advance (fixture, 50);
}

static void
test_row (Fixture *fixture, gconstpointer data)
{
  const Row *row = data;
  Other other = {0};

  start_other (&other, fixture, row);
  for (guint n = 1; n <= 20; n++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (SipInviteClientContext) call =
        sip_ua_invite (fixture->ua, "sip:bob@example.org", NULL, NULL, &error);
    SipSession *session = SIP_SESSION (call);

    g_assert_no_error (error);
    advance (fixture, &other, row->loss > 0 ? 34000 : 200);
    g_assert_cmpint (sip_session_get_status (session), ==, SIP_SESSION_STATUS_CONFIRMED);
    g_assert_true (sip_session_bye (session, NULL, NULL));
    g_assert_cmpint (sip_session_get_status (session), ==, SIP_SESSION_STATUS_TERMINATED);
    advance (fixture, &other, row->loss > 0 ? 34000 : 200);
    g_assert_cmpuint (other.n_confirmed, ==, n);
    g_assert_cmpuint (other.n_bye, ==, n);
    g_assert_cmpuint (other.n_terminated, ==, n);
    g_assert_cmpuint (sip_ua_get_n_sessions (fixture->ua), ==, 0);
    g_assert_cmpuint (sip_ua_get_n_sessions (other.ua), ==, 0);
  }
  advance (fixture, &other, 70000);
  g_assert_cmpuint (sip_endpoint_get_n_transactions (sip_ua_get_endpoint (fixture->ua)), ==, 0);
  g_assert_cmpuint (sip_endpoint_get_n_transactions (sip_ua_get_endpoint (other.ua)), ==, 0);
  sip_ua_stop_async (other.ua, NULL, NULL);
  advance (fixture, &other, 100);
  g_assert_finalize_object (other.ua);
  peer_wire_join (fixture->wire, fixture->wire);
  g_assert_finalize_object (other.wire);
  g_string_set_size (fixture->log, 0);
}

static const FixtureSetting settings[] = {{"UDP", NULL}, {"TCP", NULL}, {"TLS", NULL}};

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const Row *row = data;

  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++) {
    if (g_str_equal (settings[i].protocol, row->protocol))
      fixture_set_up (fixture, &settings[i]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strconcat ("/wire/", rows[i].path, NULL);

    g_test_add (path, Fixture, &rows[i], set_up, test_row, fixture_tear_down);
  }
  return g_test_run ();
}
