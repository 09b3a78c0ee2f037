/* test-watch.c - how a call's sound is found to travel: with a phone that loses some of it, and
 * between two browsers
 */

#include "pair.h"
#include "phone.h"

#include "media-rtp-handler-private.h"

#include "sip-media-stats.h"

#include <string.h>

#define HERE "127.0.0.1"
#define SOUND 20000

typedef struct {
  SipSessionDescriptionHandler *handler;
  Listener heard;
  Phone phone;
  guint port;           /* where the handler listens */
  SipMediaStats *stats; /* the last */
  guint n_stats;
} Fixture;

static void
on_stats (SipSessionDescriptionHandler *handler, SipMediaStats *stats, SipMediaStats **last)
{
  g_set_object (last, stats);
}

static void
count_stats (SipSessionDescriptionHandler *handler, SipMediaStats *stats, guint *n)
{
  ++*n;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipMediaServers) servers =
      data != NULL ? g_object_new (SIP_TYPE_MEDIA_SERVERS, "stun", data, NULL) : NULL;

  listener_init (&fixture->heard);
  phone_init (&fixture->phone, HERE);
  fixture->handler =
      g_object_new (MEDIA_TYPE_RTP_HANDLER, "audio-source",
                    "audiotestsrc is-live=true samplesperbuffer=160 freq=1000", "audio-sink",
                    fixture->heard.sink, "local-address", HERE, "servers", servers, NULL);
  g_signal_connect (fixture->handler, "statsChanged", G_CALLBACK (on_stats), &fixture->stats);
  g_signal_connect (fixture->handler, "statsChanged", G_CALLBACK (count_stats), &fixture->n_stats);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  sip_session_description_handler_close (fixture->handler);
  listener_drain ();
  g_assert_finalize_object (fixture->handler);
  phone_clear (&fixture->phone);
  listener_clear (&fixture->heard);
  g_clear_object (&fixture->stats);
}

static void
call (Fixture *fixture, const char *more)
{
  g_autofree char *offer = phone_describe (&fixture->phone, HERE, "RTP/AVP", more);
  g_autofree char *answer = NULL;
  g_autoptr (GError) error = NULL;

  listener_set (fixture->handler, offer, NULL, &error);
  g_assert_no_error (error);
  answer = listener_get (fixture->handler, NULL, &error);
  g_assert_no_error (error);
  phone_send_to (&fixture->phone, HERE, phone_read_port (answer));
}

static gboolean
has_trouble (Fixture *fixture, SipMediaTrouble trouble)
{
  return fixture->stats != NULL && sip_media_stats_get_trouble (fixture->stats) == trouble;
}

static void
test_good (Fixture *fixture, gconstpointer data)
{
  call (fixture, "");
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (fixture->stats != NULL);
  g_assert_cmpint (sip_media_stats_get_trouble (fixture->stats), ==, SIP_MEDIA_TROUBLE_NONE);
  g_assert_cmpstr (sip_media_stats_get_codec (fixture->stats), ==, "PCMU");
  g_assert_cmpuint (sip_media_stats_get_packets_sent (fixture->stats), >, 20);
  g_assert_cmpuint (sip_media_stats_get_packets_sent (fixture->stats), <=,
                    phone_count (&fixture->phone) + 20);
  g_assert_cmpuint (sip_media_stats_get_packets_received (fixture->stats), >, 20);
  g_assert_cmpfloat (sip_media_stats_get_remote_loss (fixture->stats), ==, -1);
  if (listener_slowness () == 1) {
    g_assert_cmpfloat (sip_media_stats_get_loss (fixture->stats), <, 2);
    g_assert_cmpfloat (sip_media_stats_get_mos (fixture->stats), >, 3);
  }
}

/* One packet in ten does not come. */
static void
test_loss (Fixture *fixture, gconstpointer data)
{
  call (fixture, "");
  fixture->phone.loses = 10;
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (fixture->stats != NULL);
  g_test_message ("%.1f %%, MOS %.2f", sip_media_stats_get_loss (fixture->stats),
                  sip_media_stats_get_mos (fixture->stats));
  g_assert_cmpfloat (sip_media_stats_get_loss (fixture->stats), >, 6);
  g_assert_cmpfloat (sip_media_stats_get_mos (fixture->stats), <, 2);
  if (listener_slowness () == 1)
    g_assert_cmpfloat (sip_media_stats_get_loss (fixture->stats), <, 20);
}

/* Both ways: the other side falls silent, and speaks again. */
static void
test_nothing_arrives (Fixture *fixture, gconstpointer data)
{
  call (fixture, "");
  WAIT_FOR (has_trouble (fixture, SIP_MEDIA_TROUBLE_NOTHING_ARRIVES));
  g_assert_cmpfloat (sip_media_stats_get_mos (fixture->stats), ==, 0);
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (has_trouble (fixture, SIP_MEDIA_TROUBLE_NONE));
}

static void
count_lost (SipSessionDescriptionHandler *handler, SipMediaStats *stats, guint *n)
{
  g_assert_cmpint (sip_media_stats_get_trouble (stats), ==, SIP_MEDIA_TROUBLE_NOTHING_ARRIVES);
  g_assert_cmpuint (sip_media_stats_get_packets_received (stats), >, 0);
  ++*n;
}

/* Whoever is silent from the start may be so; who was heard may have been lost on the way, where
 * somebody keeps that open.
 */
static void
test_way_lost (Fixture *fixture, gconstpointer data)
{
  guint n_lost = 0;

  g_signal_connect (fixture->handler, "wayLost", G_CALLBACK (count_lost), &n_lost);
  call (fixture, "");
  WAIT_FOR (has_trouble (fixture, SIP_MEDIA_TROUBLE_NOTHING_ARRIVES));
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (has_trouble (fixture, SIP_MEDIA_TROUBLE_NONE));
  phone_stop (&fixture->phone);
  WAIT_FOR (has_trouble (fixture, SIP_MEDIA_TROUBLE_NOTHING_ARRIVES));
  g_assert_cmpuint (n_lost, ==, data != NULL);
}

/* Nobody is told of a call that is held, and once it goes on they are. */
static void
test_held (Fixture *fixture, gconstpointer data)
{
  g_autofree char *held = NULL, *answer = NULL;
  gint64 end;

  call (fixture, "");
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (fixture->n_stats > 0);
  held = phone_describe (&fixture->phone, HERE, "RTP/AVP", "a=inactive\r\n");
  g_assert_true (listener_set (fixture->handler, held, NULL, NULL));
  answer = listener_get (fixture->handler, NULL, NULL);
  fixture->n_stats = 0;
  end = g_get_monotonic_time () + 4 * G_USEC_PER_SEC;
  WAIT_FOR (g_get_monotonic_time () > end);
  g_assert_cmpuint (fixture->n_stats, ==, 0);
  call (fixture, "");
  WAIT_FOR (fixture->n_stats > 0);
}

/* The network of this side is gone: nowhere to send to. */
static void
test_nothing_leaves (Fixture *fixture, gconstpointer data)
{
  MediaRtpGate *gate;

  call (fixture, "");
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (phone_count (&fixture->phone) > 10);
  gate = media_rtp_stream_get_gate (MEDIA_RTP_HANDLER (fixture->handler)->stream);
  g_socket_shutdown (gate->rtp_socket, FALSE, TRUE, NULL);
  g_socket_close (gate->rtp_socket, NULL);
  WAIT_FOR (has_trouble (fixture, SIP_MEDIA_TROUBLE_NOTHING_LEAVES));
}

static void
put (guchar *at, guint32 number)
{
  number = GUINT32_TO_BE (number);
  memcpy (at, &number, 4);
}

/* A sender's report with one block (RFC 3550 6.4.1), of something that was never heard where
 * @highest is 0. */
static void
report (Fixture *fixture, guint32 time, guint32 highest)
{
  guchar bytes[52] = {0x81, 200, 0, 12};
  GInetSocketAddress *to = G_INET_SOCKET_ADDRESS (fixture->phone.to);
  g_autoptr (GSocketAddress) next = g_inet_socket_address_new (
      g_inet_socket_address_get_address (to), g_inet_socket_address_get_port (to) + 1);
  gsize size = highest != 0 ? 52 : 28;

  put (bytes + 4, fixture->phone.source);
  put (bytes + 8, time);
  if (highest != 0) {
    put (bytes + 28, g_array_index (fixture->phone.packets, Packet, 0).source);
    put (bytes + 32, 64u << 24);
    put (bytes + 36, highest);
  } else {
    bytes[0] = 0x80;
    bytes[3] = 6;
  }
  g_socket_send_to (fixture->phone.rtcp, next, (char *)bytes, size, NULL, NULL);
}

/* The phone sends, and reports that it hears nothing; then that it does. */
static void
test_not_heard (Fixture *fixture, gconstpointer data)
{
  guint32 time = 1, n = 0;

  call (fixture, "");
  phone_start (&fixture->phone, SOUND);
  while (!has_trouble (fixture, SIP_MEDIA_TROUBLE_NOT_HEARD)) {
    n = phone_count (&fixture->phone);
    report (fixture, ++time, 0);
    WAIT_FOR (phone_count (&fixture->phone) > n + 75);
    g_assert_cmpuint (time, <, 20);
  }
  report (fixture, ++time, 300);
  WAIT_FOR (has_trouble (fixture, SIP_MEDIA_TROUBLE_NONE));
  g_assert_cmpfloat (sip_media_stats_get_remote_loss (fixture->stats), ==, 25);
}

/* The other kind of media. */
static void
test_web (Pair *pair, gconstpointer data)
{
  g_autoptr (SipMediaStats) stats = NULL;

  g_signal_connect (pair->a, "statsChanged", G_CALLBACK (on_stats), &stats);
  pair_connect (pair);
  WAIT_FOR (stats != NULL && sip_media_stats_get_round_trip (stats) >= 0);
  g_assert_cmpstr (sip_media_stats_get_codec (stats), ==, "opus");
  g_assert_cmpint (sip_media_stats_get_trouble (stats), ==, SIP_MEDIA_TROUBLE_NONE);
  g_assert_cmpuint (sip_media_stats_get_packets_sent (stats), >, 20);
  g_assert_cmpuint (sip_media_stats_get_packets_received (stats), >, 20);
  g_assert_cmpfloat (sip_media_stats_get_remote_loss (stats), >=, 0);
  if (listener_slowness () == 1)
    g_assert_cmpfloat (sip_media_stats_get_mos (stats), >, 3);
}

#define ADD(name, func) g_test_add ("/watch/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  /* No sound server, whatever the machine has. */
  g_setenv ("PULSE_SERVER", "unix:/dev/null/none", TRUE);
  g_test_init (&argc, &argv, NULL);

  ADD ("good", test_good);
  ADD ("loss", test_loss);
  ADD ("nothing-arrives", test_nothing_arrives);
  ADD ("way-kept", test_way_lost);
  g_test_add ("/watch/way-lost", Fixture, "stun:127.0.0.1:9", set_up, test_way_lost, tear_down);
  ADD ("held", test_held);
  ADD ("nothing-leaves", test_nothing_leaves);
  ADD ("not-heard", test_not_heard);
  g_test_add ("/watch/web", Pair, NULL, pair_set_up, test_web, pair_tear_down);

  return g_test_run ();
}
