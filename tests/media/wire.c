/* wire.c - a handler, and phones made of bytes at the other end of its wire */

#include "wire.h"

#include "media-rtp-handler.h"

#include "sip-error.h"

void
wire_init (Wire *wire, SipSecurity security, const char *address)
{
  listener_init (&wire->heard);
  phone_init (&wire->phone, address);
  phone_init (&wire->other, address);
  wire->handler = g_object_new (MEDIA_TYPE_RTP_HANDLER, "audio-source",
                                "audiotestsrc is-live=true samplesperbuffer=160 freq=1000",
                                "audio-sink", wire->heard.sink, "local-address", address,
                                "security", security, "private-signaling", TRUE, NULL);
  wire->seen = gt_signal_logger_new ();
  gt_signal_logger_connect (wire->seen, wire->handler, "dtmf");
  gt_signal_logger_connect (wire->seen, wire->handler, "failed");
}

void
wire_clear (Wire *wire)
{
  sip_session_description_handler_close (wire->handler);
  listener_drain ();
  gt_signal_logger_assert_no_emissions (wire->seen);
  gt_signal_logger_free (wire->seen);
  g_assert_finalize_object (wire->handler);
  phone_clear (&wire->phone);
  phone_clear (&wire->other);
  listener_clear (&wire->heard);
}

/* For g_test_add(): a handler that does not encrypt. */
void
wire_set_up (Wire *wire, gconstpointer data)
{
  wire_init (wire, SIP_SECURITY_OFF, WIRE_HERE);
}

/* One that would rather. */
void
wire_set_up_secure (Wire *wire, gconstpointer data)
{
  wire_init (wire, SIP_SECURITY_PREFER, WIRE_HERE);
}

void
wire_tear_down (Wire *wire, gconstpointer data)
{
  wire_clear (wire);
}

void
wire_set (Wire *wire, const char *text)
{
  g_autoptr (GError) error = NULL;

  listener_set (wire->handler, text, NULL, &error);
  g_assert_no_error (error);
}

char *
wire_get (Wire *wire)
{
  g_autoptr (GError) error = NULL;
  char *text = listener_get (wire->handler, NULL, &error);

  g_assert_no_error (error);
  wire->port = phone_read_port (text);
  return text;
}

/* The phone calls, and does not speak yet. Returns the answer. */
char *
wire_call (Wire *wire, const char *address, const char *more)
{
  g_autofree char *offer = phone_describe (&wire->phone, address, "RTP/AVP", more);
  char *answer;

  wire_set (wire, offer);
  answer = wire_get (wire);
  phone_send_to (&wire->phone, address, wire->port);
  phone_send_to (&wire->other, address, wire->port);
  return answer;
}

gboolean
wire_is_heard (Wire *wire)
{
  return listener_hears (&wire->heard, 400);
}

Packet *
wire_get_packet (Phone *phone, guint index)
{
  return &g_array_index (phone->packets, Packet, index);
}

/* Whether nothing of a stream is missing or doubled. */
void
wire_assert_continuous (Phone *phone)
{
  for (guint i = 1; i < phone_count (phone); i++) {
    g_assert_cmpuint (wire_get_packet (phone, i)->number, ==,
                      (wire_get_packet (phone, i - 1)->number + 1) & 0xffff);
    g_assert_cmpuint (wire_get_packet (phone, i)->source, ==, wire_get_packet (phone, 0)->source);
  }
}

const WireSuite wire_suites[WIRE_N_SUITES] = {
    {"AES_CM_128_HMAC_SHA1_80", WIRE_KEY},
    {"AES_CM_128_HMAC_SHA1_32", WIRE_KEY},
    {"AES_256_CM_HMAC_SHA1_80", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Ng=="},
    {"AEAD_AES_128_GCM", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3OA=="},
    {"AEAD_AES_256_GCM", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ="},
};

/* The handler calls, and the phone answers with one suite. */
void
wire_call_secure (Wire *wire, const WireSuite *suite)
{
  g_autofree char *offer = wire_get (wire);
  guint tag = 0;
  g_autofree char *key = phone_read_key (offer, suite->suite, &tag);
  g_autofree char *line =
      g_strdup_printf ("a=crypto:%u %s inline:%s\r\n", tag, suite->suite, suite->key);
  g_autofree char *answer = phone_describe (&wire->phone, WIRE_HERE, "RTP/AVP", line);

  phone_send_to (&wire->phone, WIRE_HERE, wire->port);
  phone_send_to (&wire->other, WIRE_HERE, wire->port);
  phone_expect_key (&wire->phone, suite->suite, key);
  phone_use_key (&wire->phone, suite->suite, suite->key);
  wire_set (wire, answer);
}

/* Until all that was said is heard; returns how much that is. */
gsize
wire_settle (Wire *wire)
{
  gsize n;

  do {
    gint64 end = g_get_monotonic_time () + 400 * G_TIME_SPAN_MILLISECOND;

    n = listener_count (&wire->heard);
    WAIT_FOR (g_get_monotonic_time () > end);
  } while (listener_count (&wire->heard) != n);
  return n;
}
