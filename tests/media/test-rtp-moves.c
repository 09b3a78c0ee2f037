/* test-rtp-moves.c - the other side moves, or wants another codec, and sound goes on
 */

#include "wire.h"

#include "sip-track.h"

#define RATE 48000
#define HERE WIRE_HERE
#define SOUND WIRE_SOUND
#define FRAME 160 /* of the phone's clock */

/* In milliseconds: a packet, and what resamplers keep back. */
#define MOST 30

/* Behind a router: sound comes from elsewhere than was said, and ours goes there. */
static void
test_router (Wire *wire, gconstpointer data)
{
  g_autofree char *answer = wire_call (wire, HERE, "");

  phone_start (&wire->other, SOUND);
  WAIT_FOR (wire_is_heard (wire) && phone_count (&wire->other) > 20);
}

typedef struct {
  const char *name;
  const char *address; /* of the socket that speaks from then on; NULL where it is the same */
  gboolean is_new_source;
  guint payload;
  const char *here; /* where we are from then on */
} Move;

static const Move moves[] = {
    {"port", HERE, FALSE, 0, HERE},      {"address", "127.0.0.2", FALSE, 0, HERE},
    {"version", "::1", FALSE, 0, "::1"}, {"phone", "127.0.0.2", TRUE, 0, HERE},
    {"codec", NULL, FALSE, 8, HERE},
};

/* A pause, and behind it the talk that nothing may be missing of. Returns where it begins. */
static guint32
begin_talk (Phone *phone, gint64 silent_since)
{
  phone->stamp += (g_get_monotonic_time () - silent_since) / SOUND * FRAME;
  phone_start (phone, SOUND);
  return phone->stamp;
}

static void
take_over (Phone *next, const Phone *phone, const Move *move)
{
  if (!move->is_new_source)
    next->source = phone->source;
  next->number = phone->number;
  next->stamp = phone->stamp;
}

/* What of this side came to neither socket, in packets: by numbers, and by time. */
static void
assert_said (const Packet *last, const Packet *first)
{
  gint16 missing = first->number - last->number - 1;
  gint32 silent = first->stamp - last->stamp;

  g_test_message ("said: %d packets missing, %.1f ms silent", missing, (silent - FRAME) / 8.0);
  g_assert_cmpint (missing, ==, 0);
  g_assert_cmpint (silent, >=, FRAME - 1); /* each payloader rounds the time to a sample */
  g_assert_cmpint (silent, <=, FRAME + MOST * 8);
  g_assert_cmpuint (first->source, ==, last->source);
}

/* From one packet to the next the other side speaks from elsewhere, or as another codec, and is
 * spoken to there: a packet may be missing, and no more.
 */
static void
test_move (Wire *wire, gconstpointer data)
{
  const Move *move = data;
  g_autofree char *answer = wire_call (wire, HERE, ""), *again = NULL;
  g_autofree char *offer = NULL, *formats = g_strdup_printf ("RTP/AVP %u 101", move->payload);
  g_autofree char *changed = NULL;
  Phone elsewhere, *next = move->address != NULL ? &elsewhere : &wire->phone;
  gsize before, lost;
  guint32 start;
  guint n, port = wire->port;
  gint64 silent_since;

  phone_init (&elsewhere, move->address != NULL ? move->address : HERE);
  phone_start (&wire->phone, SOUND);
  WAIT_FOR (wire_is_heard (wire));
  phone_stop (&wire->phone);
  silent_since = g_get_monotonic_time ();
  before = wire_settle (wire);
  start = begin_talk (&wire->phone, silent_since);
  WAIT_FOR (wire->phone.stamp - start > 25 * FRAME);
  offer = phone_describe (next, move->address != NULL ? move->address : HERE, "RTP/AVP", "");
  changed = listener_replace (offer, "RTP/AVP 0 101", formats);
  wire_set (wire, changed);
  if (!g_str_equal (move->here, HERE))
    phone_stop (&wire->phone); /* whoever goes there has left the other network */
  again = wire_get (wire);
  g_assert_cmpint (wire->port == port, ==, g_str_equal (move->here, HERE));
  n = phone_count (&wire->phone);
  phone_stop (&wire->phone);
  if (next != &wire->phone)
    take_over (next, &wire->phone, move);
  next->payload = move->payload;
  phone_send_to (next, move->here, wire->port);
  phone_start (next, SOUND);
  WAIT_FOR (next->stamp - start > 75 * FRAME && phone_count (next) > 20);
  phone_stop (next);
  lost = (next->stamp - start) * (RATE / 8000) - (wire_settle (wire) - before);
  g_test_message ("heard: %.1f ms missing", lost * 1000.0 / RATE);
  g_assert_cmpint (lost, <=, MOST * RATE / 1000);
  if (next != &wire->phone) {
    wire_assert_continuous (next);
    assert_said (wire_get_packet (&wire->phone, phone_count (&wire->phone) - 1),
                 wire_get_packet (next, 0));
  } else {
    wire_assert_continuous (next);
    while (wire_get_packet (next, n)->payload != move->payload)
      n++;
    assert_said (wire_get_packet (next, n - 1), wire_get_packet (next, n));
  }
  phone_clear (&elsewhere);
}

/* The phone wants another codec: one stream that goes on. */
static void
test_codec_changes (Wire *wire, gconstpointer data)
{
  static const struct {
    const char *formats;
    const char *codec;
    guint payload;
  } rows[] = {{"RTP/AVP 8 101", "PCMA", 8},
              {"RTP/AVP 9 101", "G722", 9},
              {"RTP/AVP 3 101", "GSM", 3},
              {"RTP/AVP 97 101\r\na=rtpmap:97 opus/48000/2", "opus", 97},
              {"RTP/AVP 0 101", "PCMU", 0}};
  g_autofree char *answer = wire_call (wire, HERE, "");
  g_autoptr (GListModel) tracks = sip_session_description_handler_get_tracks (wire->handler);
  g_autoptr (SipTrack) track = g_list_model_get_item (tracks, 0);

  WAIT_FOR (phone_count (&wire->phone) > 10);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *offer = phone_describe (&wire->phone, HERE, "RTP/AVP", "");
    g_autofree char *changed = listener_replace (offer, "RTP/AVP 0 101", rows[i].formats);
    g_autofree char *again = NULL;
    guint n = phone_count (&wire->phone);

    wire_set (wire, changed);
    again = wire_get (wire);
    g_assert_cmpstr (sip_track_get_codec (track), ==, rows[i].codec);
    WAIT_FOR (wire_get_packet (&wire->phone, phone_count (&wire->phone) - 1)->payload ==
              rows[i].payload);
    n = phone_count (&wire->phone);
    WAIT_FOR (phone_count (&wire->phone) > n + 10);
  }
  wire_assert_continuous (&wire->phone);
}

#define ADD(name, data, set_up_func, func)                                                         \
  g_test_add ("/rtp-moves/" name, Wire, data, set_up_func, func, wire_tear_down)

int
main (int argc, char **argv)
{
  /* No sound server, whatever the machine has. */
  g_setenv ("PULSE_SERVER", "unix:/dev/null/none", TRUE);
  g_test_init (&argc, &argv, NULL);

  ADD ("router", NULL, wire_set_up, test_router);
  for (guint i = 0; i < G_N_ELEMENTS (moves); i++) {
    g_autofree char *path = g_strconcat ("/rtp-moves/", moves[i].name, NULL);

    g_test_add (path, Wire, &moves[i], wire_set_up, test_move, wire_tear_down);
  }
  ADD ("codec-changes", NULL, wire_set_up, test_codec_changes);

  return g_test_run ();
}
