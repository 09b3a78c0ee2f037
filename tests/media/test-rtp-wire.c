/* test-rtp-wire.c - a handler and a phone made of bytes: what is on the wire, and what a stranger
 * can do there
 */

#include "listener.h"
#include "phone.h"

#include "media-rtp-handler-private.h"
#include "media-track.h"

#include "sip-dtmf.h"
#include "sip-error.h"

#include <libglib-testing/signal-logger.h>
#include <string.h>

#define RATE 48000
#define HERE "127.0.0.1"
#define SOUND 20000

typedef struct {
  SipSessionDescriptionHandler *handler;
  Listener heard;
  Phone phone;
  Phone other; /* of the same side later, or a stranger's */
  GtSignalLogger *seen;
  guint port; /* where the handler listens */
} Fixture;

static void
set_up_with (Fixture *fixture, SipSecurity security, const char *address)
{
  listener_init (&fixture->heard);
  phone_init (&fixture->phone, address);
  phone_init (&fixture->other, address);
  fixture->handler =
      g_object_new (MEDIA_TYPE_RTP_HANDLER, "audio-source", "audiotestsrc is-live=true freq=1000",
                    "audio-sink", fixture->heard.sink, "local-address", address, "security",
                    security, "private-signaling", TRUE, NULL);
  fixture->seen = gt_signal_logger_new ();
  gt_signal_logger_connect (fixture->seen, fixture->handler, "dtmf");
  gt_signal_logger_connect (fixture->seen, fixture->handler, "failed");
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  set_up_with (fixture, SIP_SECURITY_OFF, HERE);
}

static void
set_up_secure (Fixture *fixture, gconstpointer data)
{
  set_up_with (fixture, SIP_SECURITY_PREFER, HERE);
}

static void
set_up_six (Fixture *fixture, gconstpointer data)
{
  set_up_with (fixture, SIP_SECURITY_OFF, "::1");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  sip_session_description_handler_close (fixture->handler);
  listener_drain ();
  gt_signal_logger_assert_no_emissions (fixture->seen);
  gt_signal_logger_free (fixture->seen);
  g_assert_finalize_object (fixture->handler);
  phone_clear (&fixture->phone);
  phone_clear (&fixture->other);
  listener_clear (&fixture->heard);
}

static void
set (Fixture *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;

  listener_set (fixture->handler, text, NULL, &error);
  g_assert_no_error (error);
}

static char *
get (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  char *text = listener_get (fixture->handler, NULL, &error);

  g_assert_no_error (error);
  fixture->port = phone_read_port (text);
  return text;
}

/* The phone calls, and does not speak yet. Returns the answer. */
static char *
call (Fixture *fixture, const char *address, const char *more)
{
  g_autofree char *offer = phone_describe (&fixture->phone, address, "RTP/AVP", more);
  char *answer;

  set (fixture, offer);
  answer = get (fixture);
  phone_send_to (&fixture->phone, address, fixture->port);
  phone_send_to (&fixture->other, address, fixture->port);
  return answer;
}

static gboolean
is_heard (Fixture *fixture)
{
  return listener_hears (&fixture->heard, 400);
}

static Packet *
get_packet (Phone *phone, guint index)
{
  return &g_array_index (phone->packets, Packet, index);
}

/* Whether nothing of a stream is missing or doubled. */
static void
assert_continuous (Phone *phone)
{
  for (guint i = 1; i < phone_count (phone); i++) {
    g_assert_cmpuint (get_packet (phone, i)->number, ==,
                      (get_packet (phone, i - 1)->number + 1) & 0xffff);
    g_assert_cmpuint (get_packet (phone, i)->source, ==, get_packet (phone, 0)->source);
  }
}

/* An even port and the next one; packets of 20 ms; reports that tell no name. */
static void
test_call (Fixture *fixture, gconstpointer data)
{
  g_autofree char *answer = call (fixture, HERE, "");
  g_autofree char *report = NULL;
  guint n_full = 0;

  g_assert_cmpuint (fixture->port % 2, ==, 0);
  g_assert_nonnull (strstr (answer, "c=IN IP4 " HERE));
  g_assert_null (strstr (answer, "rtcp-mux"));
  g_assert_null (strstr (answer, "ice-"));
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (phone_count (&fixture->phone) > 50 && is_heard (fixture));
  phone_send_report (&fixture->phone, FALSE);
  WAIT_FOR (phone_is_acknowledged (&fixture->phone));
  g_assert_cmpuint (fixture->phone.report_port, ==, fixture->port + 1);
  assert_continuous (&fixture->phone);
  for (guint i = 0; i < 50; i++) {
    g_assert_cmpuint (get_packet (&fixture->phone, i)->payload, ==, 0);
    g_assert_cmpuint (get_packet (&fixture->phone, i)->n_bytes, <=, 160);
    n_full += get_packet (&fixture->phone, i)->n_bytes == 160;
  }
  /* A machine that cannot follow breaks sound off in the middle. */
  g_assert_cmpuint (n_full, >, listener_slowness () > 1 ? 5 : 40);
  g_assert_cmpuint (fixture->phone.n_muxed, ==, 0);
  report = g_strndup ((char *)fixture->phone.report->data, fixture->phone.report->len);
  for (guint i = 0; i < fixture->phone.report->len; i++) {
    if (report[i] == '\0')
      report[i] = ' ';
  }
  g_assert_null (strstr (report, g_get_host_name ()));
  g_assert_null (strstr (report, g_get_user_name ()));
  g_assert_null (strstr (report, "GStreamer"));
}

static void
test_muxed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *answer = call (fixture, HERE, "a=rtcp-mux\r\n");

  g_assert_nonnull (strstr (answer, "a=rtcp-mux\r\n"));
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (is_heard (fixture) && fixture->phone.n_muxed > 0);
  phone_send_report (&fixture->phone, TRUE);
  WAIT_FOR (phone_is_acknowledged (&fixture->phone));
  g_assert_cmpuint (fixture->phone.report_port, ==, fixture->port);
  g_assert_cmpuint (fixture->phone.n_muxed, ==, fixture->phone.n_reports);
}

static void
test_six (Fixture *fixture, gconstpointer data)
{
  g_autofree char *answer = call (fixture, "::1", "");

  g_assert_nonnull (strstr (answer, "c=IN IP6 ::1\r\n"));
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (is_heard (fixture) && phone_count (&fixture->phone) > 10);
}

#define KEY_30 "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw"
#define KEY_28 "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3OA=="
#define KEY_44 "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ="
#define KEY_46 "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Ng=="
#define OTHER_KEY_30 "YTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw"

typedef struct {
  const char *suite;
  const char *key; /* of the phone */
} Suite;

static const Suite suites[] = {
    {"AES_CM_128_HMAC_SHA1_80", KEY_30}, {"AES_CM_128_HMAC_SHA1_32", KEY_30},
    {"AES_256_CM_HMAC_SHA1_80", KEY_46}, {"AEAD_AES_128_GCM", KEY_28},
    {"AEAD_AES_256_GCM", KEY_44},
};

/* The handler calls, and the phone answers with one suite. */
static void
call_secure (Fixture *fixture, const Suite *suite)
{
  g_autofree char *offer = get (fixture);
  guint tag = 0;
  g_autofree char *key = phone_read_key (offer, suite->suite, &tag);
  g_autofree char *line =
      g_strdup_printf ("a=crypto:%u %s inline:%s\r\n", tag, suite->suite, suite->key);
  g_autofree char *answer = phone_describe (&fixture->phone, HERE, "RTP/AVP", line);

  phone_send_to (&fixture->phone, HERE, fixture->port);
  phone_send_to (&fixture->other, HERE, fixture->port);
  phone_expect_key (&fixture->phone, suite->suite, key);
  phone_use_key (&fixture->phone, suite->suite, suite->key);
  set (fixture, answer);
}

/* By the key that was agreed the packets are a tone, by another one nothing, and by none noise. */
static void
assert_secret (Phone *phone)
{
  g_assert_cmpuint (phone->n_forged, ==, 0);
  g_assert_cmpuint (phone->n_open, ==, 0);
  g_assert_cmpuint (phone_count_values (phone->sound), <, 128);
  g_assert_cmpuint (phone_count_values (phone->wire), ==, 256);
}

/* What is on the wire has the key of the descriptions, and nothing else is heard. */
static void
test_secure (Fixture *fixture, gconstpointer data)
{
  gsize before;

  call_secure (fixture, data);
  phone_start (&fixture->other, SOUND); /* in the clear */
  WAIT_FOR (phone_count (&fixture->phone) > 50);
  WAIT_FOR (fixture->phone.n_reports > 0);
  assert_secret (&fixture->phone);
  assert_continuous (&fixture->phone);
  before = listener_count (&fixture->heard);
  g_assert_cmpuint (before, ==, 0);
  phone_stop (&fixture->other);
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (is_heard (fixture));
  g_assert_cmpuint (phone_count (&fixture->other), ==, 0);
}

/* The phone calls with a handshake, and begins it or waits for it. */
static void
test_handshake (Fixture *fixture, gconstpointer data)
{
  gboolean is_client = GPOINTER_TO_INT (data);
  g_autofree char *fingerprint = phone_handshake_dup_fingerprint ();
  g_autofree char *lines = g_strdup_printf ("a=fingerprint:%s\r\na=setup:%s\r\n", fingerprint,
                                            is_client ? "active" : "passive");
  g_autofree char *offer = phone_describe (&fixture->phone, HERE, "UDP/TLS/RTP/SAVP", lines);
  g_autofree char *answer = NULL;

  if (!is_client)
    phone_shake_hands (&fixture->phone, FALSE);
  set (fixture, offer);
  answer = get (fixture);
  g_assert_nonnull (strstr (answer, is_client ? "a=setup:passive" : "a=setup:active"));
  phone_send_to (&fixture->phone, HERE, fixture->port);
  phone_send_to (&fixture->other, HERE, fixture->port);
  if (is_client)
    phone_shake_hands (&fixture->phone, TRUE);
  phone_start (&fixture->other, SOUND); /* in the clear */
  WAIT_FOR (phone_count (&fixture->phone) > 50);
  assert_secret (&fixture->phone);
  assert_continuous (&fixture->phone);
  g_assert_cmpuint (listener_count (&fixture->heard), ==, 0);
  phone_stop (&fixture->other);
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (is_heard (fixture));
  g_assert_cmpuint (phone_count (&fixture->other), ==, 0);
}

/* Somebody else shakes hands first, and again when the phone has: it is the phone that is answered.
 */
static void
test_handshake_of_a_stranger (Fixture *fixture, gconstpointer data)
{
  g_autofree char *fingerprint = phone_handshake_dup_fingerprint ();
  g_autofree char *lines = g_strdup_printf ("a=fingerprint:%s\r\na=setup:active\r\n", fingerprint);
  g_autofree char *offer = phone_describe (&fixture->phone, HERE, "UDP/TLS/RTP/SAVP", lines);
  g_autofree char *answer = NULL;

  set (fixture, offer);
  answer = get (fixture);
  phone_send_to (&fixture->phone, HERE, fixture->port);
  phone_send_to (&fixture->other, HERE, fixture->port);
  phone_shake_hands (&fixture->other, TRUE);
  listener_drain ();
  phone_shake_hands (&fixture->phone, TRUE);
  WAIT_FOR (phone_count (&fixture->phone) > 0);
  g_clear_pointer (&fixture->other.handshake, phone_handshake_free);
  phone_shake_hands (&fixture->other, TRUE);
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (is_heard (fixture) && phone_count (&fixture->phone) > 50);
  assert_secret (&fixture->phone);
  assert_continuous (&fixture->phone);
  g_assert_null (fixture->other.in); /* it got no keys */
  g_assert_cmpuint (phone_count (&fixture->other), ==, 0);
}

/* The other side takes another key in a later round: sound goes on, both ways. */
static void
test_key_changes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *offer = NULL, *answer = NULL;
  guint before;

  call_secure (fixture, &suites[0]);
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (is_heard (fixture) && phone_count (&fixture->phone) > 20);
  offer = phone_describe (&fixture->phone, HERE, "RTP/AVP",
                          "a=crypto:9 AES_CM_128_HMAC_SHA1_80 inline:" OTHER_KEY_30 "\r\n");
  set (fixture, offer);
  answer = get (fixture);
  g_assert_nonnull (strstr (answer, "a=crypto:9 AES_CM_128_HMAC_SHA1_80 "));
  phone_use_key (&fixture->phone, "AES_CM_128_HMAC_SHA1_80", OTHER_KEY_30);
  before = listener_count (&fixture->heard);
  WAIT_FOR (listener_count (&fixture->heard) > before + RATE && is_heard (fixture));
  g_assert_cmpuint (fixture->phone.n_forged, ==, 0);
  assert_continuous (&fixture->phone);
}

/* A stranger sends genuine packets again, also behind another round: he is not followed. */
static void
test_replay (Fixture *fixture, gconstpointer data)
{
  call_secure (fixture, &suites[0]);
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (is_heard (fixture) && phone_count (&fixture->phone) > 20);
  for (int i = 0; i < 2; i++) {
    g_autofree char *offer = NULL, *answer = NULL;
    guint n;

    phone_stop (&fixture->phone);
    phone_repeat (&fixture->other, &fixture->phone);
    n = phone_count (&fixture->phone);
    WAIT_FOR (phone_count (&fixture->phone) > n + 20);
    g_assert_cmpuint (phone_count (&fixture->other), ==, 0);
    offer = phone_describe (&fixture->phone, HERE, "RTP/AVP",
                            "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY_30 "\r\n");
    set (fixture, offer);
    answer = get (fixture);
  }
}

/* What was encrypted does not go on in the clear, and goes on. */
static void
test_downgrade (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = NULL;

  call_secure (fixture, &suites[0]);
  offer = phone_describe (&fixture->phone, HERE, "RTP/AVP", "");
  g_assert_false (listener_set (fixture->handler, offer, NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION);
  WAIT_FOR (phone_count (&fixture->phone) > 20);
  g_assert_cmpuint (fixture->phone.n_forged, ==, 0);
}

/* Ten times as much as sound, from the next port. */
static void
test_stranger (Fixture *fixture, gconstpointer data)
{
  g_autofree char *answer = call (fixture, HERE, "");
  MediaRtpGate *gate;

  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (is_heard (fixture));
  phone_stop (&fixture->phone);
  phone_start (&fixture->other, SOUND / 10);
  gate = media_rtp_stream_get_gate (MEDIA_RTP_HANDLER (fixture->handler)->stream);
  WAIT_FOR (media_rtp_gate_count_dropped (gate) > 200);
  g_array_set_size (fixture->phone.packets, 0);
  gsize before = listener_count (&fixture->heard);
  WAIT_FOR (phone_count (&fixture->phone) > 50);
  g_assert_cmpuint (phone_count (&fixture->other), ==, 0);
  g_assert_cmpuint (listener_count (&fixture->heard), ==, before);
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (listener_count (&fixture->heard) > before + RATE && is_heard (fixture));
}

/* Behind a router: sound comes from elsewhere than was said, and ours goes there. */
static void
test_router (Fixture *fixture, gconstpointer data)
{
  g_autofree char *answer = call (fixture, HERE, "");

  phone_start (&fixture->other, SOUND);
  WAIT_FOR (is_heard (fixture) && phone_count (&fixture->other) > 20);
}

/* The phone moves to another port in a later round, and its number stays. */
static void
test_port_changes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *answer = call (fixture, HERE, ""), *offer = NULL, *again = NULL;
  gsize before;
  guint port = fixture->port;

  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (is_heard (fixture));
  offer = phone_describe (&fixture->other, HERE, "RTP/AVP", "");
  set (fixture, offer);
  again = get (fixture);
  g_assert_cmpuint (fixture->port, ==, port);
  phone_stop (&fixture->phone);
  fixture->other.source = fixture->phone.source;
  fixture->other.number = fixture->phone.number;
  fixture->other.stamp = fixture->phone.stamp;
  phone_start (&fixture->other, SOUND);
  before = listener_count (&fixture->heard);
  WAIT_FOR (listener_count (&fixture->heard) > before + RATE && is_heard (fixture));
  WAIT_FOR (phone_count (&fixture->other) > 20);
  assert_continuous (&fixture->other);
  g_assert_cmpuint (get_packet (&fixture->other, 0)->source, ==,
                    get_packet (&fixture->phone, 0)->source);
}

static void
test_address_changes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *answer = call (fixture, HERE, ""), *offer = NULL, *again = NULL;
  Phone elsewhere;
  gsize before;

  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (is_heard (fixture));
  phone_stop (&fixture->phone);
  phone_init (&elsewhere, "127.0.0.2");
  offer = phone_describe (&elsewhere, "127.0.0.2", "RTP/AVP", "");
  set (fixture, offer);
  again = get (fixture);
  phone_send_to (&elsewhere, HERE, fixture->port);
  phone_start (&elsewhere, SOUND);
  before = listener_count (&fixture->heard);
  WAIT_FOR (listener_count (&fixture->heard) > before + RATE && is_heard (fixture));
  WAIT_FOR (phone_count (&elsewhere) > 20);
  phone_clear (&elsewhere);
}

/* The phone wants another codec: one stream that goes on. */
static void
test_codec_changes (Fixture *fixture, gconstpointer data)
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
  g_autofree char *answer = call (fixture, HERE, "");
  g_autoptr (GListModel) tracks = sip_session_description_handler_get_tracks (fixture->handler);
  g_autoptr (MediaTrack) track = g_list_model_get_item (tracks, 0);

  WAIT_FOR (phone_count (&fixture->phone) > 10);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *offer = phone_describe (&fixture->phone, HERE, "RTP/AVP", "");
    g_autofree char *changed = listener_replace (offer, "RTP/AVP 0 101", rows[i].formats);
    g_autofree char *again = NULL;
    guint n = phone_count (&fixture->phone);

    set (fixture, changed);
    again = get (fixture);
    g_assert_cmpstr (media_track_get_codec (track), ==, rows[i].codec);
    WAIT_FOR (get_packet (&fixture->phone, phone_count (&fixture->phone) - 1)->payload ==
              rows[i].payload);
    n = phone_count (&fixture->phone);
    WAIT_FOR (phone_count (&fixture->phone) > n + 10);
  }
  assert_continuous (&fixture->phone);
}

/* Comfort noise between words is no word. */
static void
test_noise (Fixture *fixture, gconstpointer data)
{
  g_autofree char *answer = call (fixture, HERE, "");

  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (is_heard (fixture));
  for (int i = 0; i < 10; i++) {
    phone_send_packet (&fixture->phone, 13, (const guchar *)"\x40", 1);
    fixture->phone.stamp += 160;
  }
  fixture->phone.started -= 10 * SOUND;
  gsize before = listener_count (&fixture->heard);
  WAIT_FOR (listener_count (&fixture->heard) > before + RATE && is_heard (fixture));
}

/* Keys on the wire: the same stream, its ends three times (RFC 4733 2.5.1.4). */
static void
test_tones (Fixture *fixture, gconstpointer data)
{
  g_autofree char *answer = call (fixture, HERE, "");
  g_autoptr (SipOptions) options = g_object_new (SIP_TYPE_OPTIONS, "duration", 160, NULL);
  guint n_ends = 0, n_events = 0;

  WAIT_FOR (phone_count (&fixture->phone) > 10);
  g_assert_false (sip_session_description_handler_send_dtmf (fixture->handler, "x", NULL));
  g_assert_false (sip_session_description_handler_send_dtmf (fixture->handler, "12", NULL));
  g_assert_true (sip_session_description_handler_send_dtmf (fixture->handler, "#", options));
  WAIT_FOR (phone_count (&fixture->phone) > 40);
  assert_continuous (&fixture->phone);
  for (guint i = 0; i < phone_count (&fixture->phone); i++) {
    Packet *packet = get_packet (&fixture->phone, i);

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
test_tones_by_another_clock (Fixture *fixture, gconstpointer data)
{
  g_autofree char *offer = phone_describe (&fixture->phone, HERE, "RTP/AVP", "");
  g_autofree char *opus =
      listener_replace (offer, " 0 101\r\n", " 96 101\r\na=rtpmap:96 opus/48000/2\r\n");
  g_autofree char *answer = NULL;
  guint last = 0;

  set (fixture, opus);
  answer = get (fixture);
  g_assert_nonnull (strstr (answer, "a=rtpmap:101 telephone-event/8000\r\n"));
  WAIT_FOR (phone_count (&fixture->phone) > 10);
  g_assert_true (sip_session_description_handler_send_dtmf (fixture->handler, "#", NULL));
  WAIT_FOR (phone_count (&fixture->phone) > 40);
  assert_continuous (&fixture->phone);
  for (guint i = 0; i < phone_count (&fixture->phone); i++) {
    Packet *packet = get_packet (&fixture->phone, i);

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
expect_tone (Fixture *fixture, const char *letter, guint duration)
{
  g_autoptr (SipDtmf) dtmf = NULL;
  gint64 now;

  WAIT_FOR (gt_signal_logger_get_n_emissions (fixture->seen) > 0);
  gt_signal_logger_assert_emission_pop (fixture->seen, fixture->handler, "dtmf", &dtmf);
  g_assert_cmpstr (sip_dtmf_get_tone (dtmf), ==, letter);
  g_assert_cmpuint (sip_dtmf_get_duration (dtmf), ==, duration);
  /* No finger is faster. */
  now = g_get_monotonic_time ();
  WAIT_FOR (g_get_monotonic_time () > now + 20 * 1000);
}

/* Each once: with three ends, with one, and with none at all. */
static void
test_tones_heard (Fixture *fixture, gconstpointer data)
{
  g_autofree char *answer = call (fixture, HERE, "");

  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (is_heard (fixture));
  send_tone (&fixture->phone, 5, 5, 3);
  expect_tone (fixture, "5", 100);
  send_tone (&fixture->phone, 5, 4, 1);
  expect_tone (fixture, "5", 80);
  send_tone (&fixture->phone, 15, 4, 0);
  expect_tone (fixture, "D", 80);
  fixture->phone.started -= 17 * SOUND;
  gsize before = listener_count (&fixture->heard);
  WAIT_FOR (listener_count (&fixture->heard) > before + RATE / 2);
}

/* The other side asked for no tones, or sound does not flow: they are left to INFO. */
static void
test_tones_unwanted (Fixture *fixture, gconstpointer data)
{
  g_autofree char *offer = phone_describe (&fixture->phone, HERE, "RTP/AVP", "");
  g_autofree char *without =
      listener_replace (offer, "101\r\na=rtpmap:101 telephone-event/8000", "8");
  g_autofree char *held = NULL, *answer = NULL, *again = NULL;

  g_assert_false (sip_session_description_handler_send_dtmf (fixture->handler, "1", NULL));
  set (fixture, without);
  answer = get (fixture);
  g_assert_null (strstr (answer, "telephone-event"));
  g_assert_false (sip_session_description_handler_send_dtmf (fixture->handler, "1", NULL));
  held = phone_describe (&fixture->phone, HERE, "RTP/AVP", "a=sendonly\r\n");
  set (fixture, held);
  again = get (fixture);
  g_assert_false (sip_session_description_handler_send_dtmf (fixture->handler, "1", NULL));
}

/* Held as before there were directions: nothing is sent; then all is as before. */
static void
test_old_hold (Fixture *fixture, gconstpointer data)
{
  g_autofree char *answer = call (fixture, HERE, ""), *first = NULL, *second = NULL;
  g_autofree char *offer = phone_describe (&fixture->phone, HERE, "RTP/AVP", "");
  g_autofree char *held = listener_replace (offer, "c=IN IP4 " HERE, "c=IN IP4 0.0.0.0");
  g_autofree char *resumed = NULL;
  guint n;

  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (is_heard (fixture) && phone_count (&fixture->phone) > 20);
  phone_stop (&fixture->phone);
  set (fixture, held);
  first = get (fixture);
  g_assert_nonnull (strstr (first, "a=recvonly\r\n"));
  listener_drain ();
  n = phone_count (&fixture->phone);
  phone_start (&fixture->other, SOUND);
  WAIT_FOR (fixture->other.number != 0 && fixture->other.stamp > 30 * 160);
  g_assert_cmpuint (phone_count (&fixture->phone), ==, n);
  phone_stop (&fixture->other);
  resumed = phone_describe (&fixture->phone, HERE, "RTP/AVP", "");
  set (fixture, resumed);
  second = get (fixture);
  phone_start (&fixture->phone, SOUND);
  gsize before = listener_count (&fixture->heard);
  WAIT_FOR (listener_count (&fixture->heard) > before + RATE && is_heard (fixture));
  WAIT_FOR (phone_count (&fixture->phone) > n + 20);
}

/* The phone that rings plays something; the one that is answered takes over. */
static void
test_early (Fixture *fixture, gconstpointer data)
{
  g_autofree char *offer = get (fixture);
  g_autofree char *ringing = phone_describe (&fixture->phone, HERE, "RTP/AVP", "");
  g_autofree char *answer = phone_describe (&fixture->other, HERE, "RTP/AVP", "");
  g_autofree char *answered = listener_replace (answer, "o=phone 42", "o=other 7");
  gsize before;

  phone_send_to (&fixture->phone, HERE, fixture->port);
  phone_send_to (&fixture->other, HERE, fixture->port);
  set (fixture, ringing);
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (is_heard (fixture) && phone_count (&fixture->phone) > 10);
  phone_stop (&fixture->phone);
  g_assert_true (listener_answer (fixture->handler, answered, NULL));
  phone_start (&fixture->other, SOUND);
  before = listener_count (&fixture->heard);
  WAIT_FOR (listener_count (&fixture->heard) > before + RATE && is_heard (fixture));
  WAIT_FOR (phone_count (&fixture->other) > 10);
  g_assert_true (listener_answer (fixture->handler, answered, NULL));
  WAIT_FOR (phone_count (&fixture->other) > 30);
}

static void
send_garbage (Phone *phone, guint n)
{
  g_autofree guchar *bytes = g_malloc (60000);

  for (guint i = 0; i < 60000; i++)
    bytes[i] = g_random_int ();
  for (guint i = 0; i < n; i++) {
    static const gsize sizes[] = {0, 1, 2, 3, 11, 12, 13, 100, 172, 1400, 60000};
    gsize size = sizes[i % G_N_ELEMENTS (sizes)];
    guchar *at = bytes + (size < 60000 ? g_random_int_range (0, 58000) : 0);

    /* Half of it looks like sound. */
    if (i % 2 == 0 && size > 1) {
      at[0] = 0x80 | (i & 0x3f);
      at[1] = i % 4 == 0 ? 0 : 200;
    }
    g_socket_send_to (phone->rtp, phone->to, (char *)at, size, NULL, NULL);
  }
}

/* From a stranger, and then from the phone's own port: neither ends the call. */
static void
test_garbage (Fixture *fixture, gconstpointer data)
{
  gboolean is_secure = data != NULL;
  gsize before;

  if (is_secure)
    call_secure (fixture, &suites[0]);
  else
    g_free (call (fixture, HERE, ""));
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (is_heard (fixture));
  for (int i = 0; i < 10; i++) {
    send_garbage (&fixture->other, 100);
    send_garbage (&fixture->phone, 100);
    listener_drain ();
  }
  before = listener_count (&fixture->heard);
  WAIT_FOR (listener_count (&fixture->heard) > before + RATE && is_heard (fixture));
}

/* What no decoder can make sound of, of each codec: it is lost, and the call goes on. */
static void
test_nonsense (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *formats;
    guint payload;
  } rows[] = {{"RTP/AVP 97 101\r\na=rtpmap:97 opus/48000/2", 97},
              {"RTP/AVP 9 101", 9},
              {"RTP/AVP 3 101", 3},
              {"RTP/AVP 0 101", 0}};
  static const gsize sizes[] = {1, 2, 3, 33, 100, 500, 1400};
  guchar bytes[1400];

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *offer = phone_describe (&fixture->phone, HERE, "RTP/AVP", "");
    g_autofree char *changed = listener_replace (offer, "RTP/AVP 0 101", rows[i].formats);
    g_autofree char *answer = NULL;
    guint n = phone_count (&fixture->phone);

    set (fixture, changed);
    answer = get (fixture);
    phone_send_to (&fixture->phone, HERE, fixture->port);
    for (guint at = 0; at < 50; at++) {
      for (guint k = 0; k < sizeof bytes; k++)
        bytes[k] = g_random_int ();
      phone_send_packet (&fixture->phone, rows[i].payload, bytes, sizes[at % G_N_ELEMENTS (sizes)]);
      fixture->phone.stamp += 160;
    }
    WAIT_FOR (phone_count (&fixture->phone) > n + 10);
  }
  gsize before = listener_count (&fixture->heard);
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (listener_count (&fixture->heard) > before + RATE && is_heard (fixture));
}

static gsize
read_memory (void)
{
  g_autofree char *text = NULL;
  const char *at;

  g_assert_true (g_file_get_contents ("/proc/self/status", &text, NULL, NULL));
  at = strstr (text, "VmRSS:");
  return g_ascii_strtoull (at + strlen ("VmRSS:"), NULL, 10);
}

/* Sound by its looks, each packet of another source: from a stranger, and from the phone itself,
 * with its key where there is one, while it speaks on. Nothing of it is kept.
 */
static void
test_flood (Fixture *fixture, gconstpointer data)
{
  const guint n = listener_slowness () > 1 ? 2000 : 50000;
  gsize before, memory;

  if (data != NULL)
    call_secure (fixture, data);
  else
    g_free (call (fixture, HERE, ""));
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (is_heard (fixture));
  memory = read_memory ();
  for (guint i = 0; i < n; i++) {
    Phone *phone = i % 2 == 0 ? &fixture->phone : &fixture->other;
    guint32 source = phone->source;
    guint number = phone->number;

    phone->source = g_random_int ();
    phone_send_packet (phone, 0, (const guchar *)"0123456789abcdef", 16);
    phone->source = source;
    phone->number = number;
    if (i % 500 == 0)
      listener_drain (); /* the phone speaks on */
  }
  before = listener_count (&fixture->heard);
  WAIT_FOR (listener_count (&fixture->heard) > before + RATE && is_heard (fixture));
  g_test_message ("%zd KiB more", read_memory () - memory);
  if (listener_slowness () == 1)
    g_assert_cmpuint (read_memory (), <, memory + 20 * 1024);
}

#define ADD(name, data, set_up_func, func)                                                         \
  g_test_add ("/rtp-wire/" name, Fixture, data, set_up_func, func, tear_down)

int
main (int argc, char **argv)
{
  /* No sound server, whatever the machine has. */
  g_setenv ("PULSE_SERVER", "unix:/dev/null/none", TRUE);
  g_test_init (&argc, &argv, NULL);

  ADD ("call", NULL, set_up, test_call);
  ADD ("muxed", NULL, set_up, test_muxed);
  ADD ("six", NULL, set_up_six, test_six);
  for (guint i = 0; i < G_N_ELEMENTS (suites); i++) {
    g_autofree char *path = g_strdup_printf ("/rtp-wire/secure/%s", suites[i].suite);

    g_test_add (path, Fixture, &suites[i], set_up_secure, test_secure, tear_down);
  }
  ADD ("handshake/begun", GINT_TO_POINTER (TRUE), set_up_secure, test_handshake);
  ADD ("handshake/awaited", GINT_TO_POINTER (FALSE), set_up_secure, test_handshake);
  ADD ("handshake/stranger", NULL, set_up_secure, test_handshake_of_a_stranger);
  ADD ("key-changes", NULL, set_up_secure, test_key_changes);
  ADD ("replay", NULL, set_up_secure, test_replay);
  ADD ("downgrade", NULL, set_up_secure, test_downgrade);
  ADD ("stranger", NULL, set_up, test_stranger);
  ADD ("router", NULL, set_up, test_router);
  ADD ("port-changes", NULL, set_up, test_port_changes);
  ADD ("address-changes", NULL, set_up, test_address_changes);
  ADD ("codec-changes", NULL, set_up, test_codec_changes);
  ADD ("noise", NULL, set_up, test_noise);
  ADD ("tones", NULL, set_up, test_tones);
  ADD ("tones/by-another-clock", NULL, set_up, test_tones_by_another_clock);
  ADD ("tones/heard", NULL, set_up, test_tones_heard);
  ADD ("tones/unwanted", NULL, set_up, test_tones_unwanted);
  ADD ("old-hold", NULL, set_up, test_old_hold);
  ADD ("early", NULL, set_up, test_early);
  ADD ("garbage/clear", NULL, set_up, test_garbage);
  ADD ("garbage/secure", &suites[0], set_up_secure, test_garbage);
  ADD ("nonsense", NULL, set_up, test_nonsense);
  ADD ("flood/clear", NULL, set_up, test_flood);
  ADD ("flood/secure", &suites[0], set_up_secure, test_flood);

  return g_test_run ();
}
