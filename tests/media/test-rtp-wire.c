/* test-rtp-wire.c - a handler and a phone made of bytes: what is on the wire
 */

#include "wire.h"

#include "sip-dtmf.h"

#define RATE 48000
#define HERE WIRE_HERE
#define SOUND WIRE_SOUND

static void
set_up_six (Wire *wire, gconstpointer data)
{
  wire_init (wire, SIP_SECURITY_OFF, "::1");
}

/* From the first packet on each is full, and begins where the one before it ends. */
static void
assert_full (Phone *phone)
{
  for (guint i = 0; i < 50; i++) {
    Packet *packet = wire_get_packet (phone, i);

    g_assert_cmpuint (packet->payload, ==, 0);
    g_assert_cmpuint (packet->n_bytes, ==, 160);
    g_assert_cmpuint (packet->stamp - wire_get_packet (phone, 0)->stamp, ==, i * 160);
  }
}

/* An even port and the next one; packets of 20 ms; reports that tell no name. */
static void
test_call (Wire *wire, gconstpointer data)
{
  g_autofree char *answer = wire_call (wire, HERE, "");
  g_autofree char *report = NULL;

  g_assert_cmpuint (wire->port % 2, ==, 0);
  g_assert_nonnull (strstr (answer, "c=IN IP4 " HERE));
  g_assert_null (strstr (answer, "rtcp-mux"));
  g_assert_null (strstr (answer, "ice-"));
  phone_start (&wire->phone, SOUND);
  WAIT_FOR (phone_count (&wire->phone) > 50 && wire_is_heard (wire));
  phone_send_report (&wire->phone, FALSE);
  WAIT_FOR (phone_is_acknowledged (&wire->phone));
  g_assert_cmpuint (wire->phone.report_port, ==, wire->port + 1);
  wire_assert_continuous (&wire->phone);
  assert_full (&wire->phone);
  g_assert_cmpuint (wire->phone.n_muxed, ==, 0);
  report = g_strndup ((char *)wire->phone.report->data, wire->phone.report->len);
  for (guint i = 0; i < wire->phone.report->len; i++) {
    if (report[i] == '\0')
      report[i] = ' ';
  }
  g_assert_null (strstr (report, g_get_host_name ()));
  g_assert_null (strstr (report, g_get_user_name ()));
  g_assert_null (strstr (report, "GStreamer"));
}

static void
test_muxed (Wire *wire, gconstpointer data)
{
  g_autofree char *answer = wire_call (wire, HERE, "a=rtcp-mux\r\n");

  g_assert_nonnull (strstr (answer, "a=rtcp-mux\r\n"));
  phone_start (&wire->phone, SOUND);
  WAIT_FOR (wire_is_heard (wire) && wire->phone.n_muxed > 0);
  phone_send_report (&wire->phone, TRUE);
  WAIT_FOR (phone_is_acknowledged (&wire->phone));
  g_assert_cmpuint (wire->phone.report_port, ==, wire->port);
  g_assert_cmpuint (wire->phone.n_muxed, ==, wire->phone.n_reports);
}

static void
test_six (Wire *wire, gconstpointer data)
{
  g_autofree char *answer = wire_call (wire, "::1", "");

  g_assert_nonnull (strstr (answer, "c=IN IP6 ::1\r\n"));
  phone_start (&wire->phone, SOUND);
  WAIT_FOR (wire_is_heard (wire) && phone_count (&wire->phone) > 10);
}

/* Comfort noise between words is no word. */
static void
test_noise (Wire *wire, gconstpointer data)
{
  g_autofree char *answer = wire_call (wire, HERE, "");

  phone_start (&wire->phone, SOUND);
  WAIT_FOR (wire_is_heard (wire));
  for (int i = 0; i < 10; i++) {
    phone_send_packet (&wire->phone, 13, (const guchar *)"\x40", 1);
    wire->phone.stamp += 160;
  }
  wire->phone.started -= 10 * SOUND;
  gsize before = listener_count (&wire->heard);
  WAIT_FOR (listener_count (&wire->heard) > before + RATE && wire_is_heard (wire));
}

/* Keys on the wire: the same stream, its ends three times (RFC 4733 2.5.1.4). */
static void
test_tones (Wire *wire, gconstpointer data)
{
  g_autofree char *answer = wire_call (wire, HERE, "");
  g_autoptr (SipOptions) options = g_object_new (SIP_TYPE_OPTIONS, "duration", 160, NULL);
  guint n_ends = 0, n_events = 0;

  WAIT_FOR (phone_count (&wire->phone) > 10);
  g_assert_false (sip_session_description_handler_send_dtmf (wire->handler, "x", NULL));
  g_assert_false (sip_session_description_handler_send_dtmf (wire->handler, "12", NULL));
  g_assert_true (sip_session_description_handler_send_dtmf (wire->handler, "#", options));
  WAIT_FOR (phone_count (&wire->phone) > 40);
  wire_assert_continuous (&wire->phone);
  for (guint i = 0; i < phone_count (&wire->phone); i++) {
    Packet *packet = wire_get_packet (&wire->phone, i);

    if (packet->payload != 101)
      continue;
    g_assert_cmpint (packet->marker, ==, n_events == 0);
    g_assert_cmpuint (packet->bytes[0], ==, 11);
    n_events++;
    if (packet->bytes[1] & 0x80) {
      n_ends++;
      g_assert_cmpuint (packet->bytes[2] << 8 | packet->bytes[3], ==, 1280);
    }
  }
  g_assert_cmpuint (n_events, ==, 8 + 2);
  g_assert_cmpuint (n_ends, ==, 3);
}

/* Of a phone that has Opus, and one clock for all tones. */
static void
test_tones_by_another_clock (Wire *wire, gconstpointer data)
{
  g_autofree char *offer = phone_describe (&wire->phone, HERE, "RTP/AVP", "");
  g_autofree char *opus =
      listener_replace (offer, " 0 101\r\n", " 96 101\r\na=rtpmap:96 opus/48000/2\r\n");
  g_autofree char *answer = NULL;
  guint last = 0;

  wire_set (wire, opus);
  answer = wire_get (wire);
  g_assert_nonnull (strstr (answer, "a=rtpmap:101 telephone-event/8000\r\n"));
  WAIT_FOR (phone_count (&wire->phone) > 10);
  g_assert_true (sip_session_description_handler_send_dtmf (wire->handler, "#", NULL));
  WAIT_FOR (phone_count (&wire->phone) > 40);
  wire_assert_continuous (&wire->phone);
  for (guint i = 0; i < phone_count (&wire->phone); i++) {
    Packet *packet = wire_get_packet (&wire->phone, i);

    if (packet->payload == 101)
      last = packet->bytes[2] << 8 | packet->bytes[3];
    else
      g_assert_cmpuint (packet->payload, ==, 96);
  }
  g_assert_cmpuint (last, ==, 800);
}

static void
send_tone (Phone *phone, guint event, guint n, guint n_ends)
{
  for (guint i = 1; i <= n + n_ends; i++) {
    const guchar bytes[] = {event, (i > n ? 0x80 : 0) | 10, (160 * MIN (i, n)) >> 8,
                            (160 * MIN (i, n)) & 0xff};

    phone_send_packet (phone, 101, bytes, 4);
  }
  phone->stamp += 160 * (n + n_ends);
}

static void
expect_tone (Wire *wire, const char *letter, guint duration)
{
  g_autoptr (SipDtmf) dtmf = NULL;
  gint64 now;

  WAIT_FOR (gt_signal_logger_get_n_emissions (wire->seen) > 0);
  gt_signal_logger_assert_emission_pop (wire->seen, wire->handler, "dtmf", &dtmf);
  g_assert_cmpstr (sip_dtmf_get_tone (dtmf), ==, letter);
  g_assert_cmpuint (sip_dtmf_get_duration (dtmf), ==, duration);
  /* No finger is faster. */
  now = g_get_monotonic_time ();
  WAIT_FOR (g_get_monotonic_time () > now + 20 * 1000);
}

/* Each once: with three ends, with one, and with none at all. */
static void
test_tones_heard (Wire *wire, gconstpointer data)
{
  g_autofree char *answer = wire_call (wire, HERE, "");

  phone_start (&wire->phone, SOUND);
  WAIT_FOR (wire_is_heard (wire));
  send_tone (&wire->phone, 5, 5, 3);
  expect_tone (wire, "5", 100);
  send_tone (&wire->phone, 5, 4, 1);
  expect_tone (wire, "5", 80);
  send_tone (&wire->phone, 15, 4, 0);
  expect_tone (wire, "D", 80);
  wire->phone.started -= 17 * SOUND;
  gsize before = listener_count (&wire->heard);
  WAIT_FOR (listener_count (&wire->heard) > before + RATE / 2);
}

/* The other side asked for no tones, or sound does not flow: they are left to INFO. */
static void
test_tones_unwanted (Wire *wire, gconstpointer data)
{
  g_autofree char *offer = phone_describe (&wire->phone, HERE, "RTP/AVP", "");
  g_autofree char *without =
      listener_replace (offer, "101\r\na=rtpmap:101 telephone-event/8000", "8");
  g_autofree char *held = NULL, *answer = NULL, *again = NULL;

  g_assert_false (sip_session_description_handler_send_dtmf (wire->handler, "1", NULL));
  wire_set (wire, without);
  answer = wire_get (wire);
  g_assert_null (strstr (answer, "telephone-event"));
  g_assert_false (sip_session_description_handler_send_dtmf (wire->handler, "1", NULL));
  held = phone_describe (&wire->phone, HERE, "RTP/AVP", "a=sendonly\r\n");
  wire_set (wire, held);
  again = wire_get (wire);
  g_assert_false (sip_session_description_handler_send_dtmf (wire->handler, "1", NULL));
}

/* Held as before there were directions: nothing is sent; then all is as before. */
static void
test_old_hold (Wire *wire, gconstpointer data)
{
  g_autofree char *answer = wire_call (wire, HERE, ""), *first = NULL, *second = NULL;
  g_autofree char *offer = phone_describe (&wire->phone, HERE, "RTP/AVP", "");
  g_autofree char *held = listener_replace (offer, "c=IN IP4 " HERE, "c=IN IP4 0.0.0.0");
  g_autofree char *resumed = NULL;
  guint n;

  phone_start (&wire->phone, SOUND);
  WAIT_FOR (wire_is_heard (wire) && phone_count (&wire->phone) > 20);
  phone_stop (&wire->phone);
  wire_set (wire, held);
  first = wire_get (wire);
  g_assert_nonnull (strstr (first, "a=recvonly\r\n"));
  listener_drain ();
  n = phone_count (&wire->phone);
  phone_start (&wire->other, SOUND);
  WAIT_FOR (wire->other.number != 0 && wire->other.stamp > 30 * 160);
  g_assert_cmpuint (phone_count (&wire->phone), ==, n);
  phone_stop (&wire->other);
  resumed = phone_describe (&wire->phone, HERE, "RTP/AVP", "");
  wire_set (wire, resumed);
  second = wire_get (wire);
  phone_start (&wire->phone, SOUND);
  gsize before = listener_count (&wire->heard);
  WAIT_FOR (listener_count (&wire->heard) > before + RATE && wire_is_heard (wire));
  WAIT_FOR (phone_count (&wire->phone) > n + 20);
}

/* The phone that rings plays something; the one that is answered takes over. */
static void
test_early (Wire *wire, gconstpointer data)
{
  g_autofree char *offer = wire_get (wire);
  g_autofree char *ringing = phone_describe (&wire->phone, HERE, "RTP/AVP", "");
  g_autofree char *answer = phone_describe (&wire->other, HERE, "RTP/AVP", "");
  g_autofree char *answered = listener_replace (answer, "o=phone 42", "o=other 7");
  gsize before;

  phone_send_to (&wire->phone, HERE, wire->port);
  phone_send_to (&wire->other, HERE, wire->port);
  wire_set (wire, ringing);
  phone_start (&wire->phone, SOUND);
  WAIT_FOR (wire_is_heard (wire) && phone_count (&wire->phone) > 10);
  phone_stop (&wire->phone);
  g_assert_true (listener_answer (wire->handler, answered, NULL));
  phone_start (&wire->other, SOUND);
  before = listener_count (&wire->heard);
  WAIT_FOR (listener_count (&wire->heard) > before + RATE && wire_is_heard (wire));
  WAIT_FOR (phone_count (&wire->other) > 10);
  g_assert_true (listener_answer (wire->handler, answered, NULL));
  WAIT_FOR (phone_count (&wire->other) > 30);
}

#define ADD(name, data, set_up_func, func)                                                         \
  g_test_add ("/rtp-wire/" name, Wire, data, set_up_func, func, wire_tear_down)

int
main (int argc, char **argv)
{
  /* No sound server, whatever the machine has. */
  g_setenv ("PULSE_SERVER", "unix:/dev/null/none", TRUE);
  g_test_init (&argc, &argv, NULL);

  ADD ("call", NULL, wire_set_up, test_call);
  ADD ("muxed", NULL, wire_set_up, test_muxed);
  ADD ("six", NULL, set_up_six, test_six);
  ADD ("noise", NULL, wire_set_up, test_noise);
  ADD ("tones", NULL, wire_set_up, test_tones);
  ADD ("tones/by-another-clock", NULL, wire_set_up, test_tones_by_another_clock);
  ADD ("tones/heard", NULL, wire_set_up, test_tones_heard);
  ADD ("tones/unwanted", NULL, wire_set_up, test_tones_unwanted);
  ADD ("old-hold", NULL, wire_set_up, test_old_hold);
  ADD ("early", NULL, wire_set_up, test_early);

  return g_test_run ();
}
