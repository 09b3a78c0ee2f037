/* test-rtp-secure.c - what is encrypted on the wire, with which key, and that it stays so
 */

#include "wire.h"

#include "sip-error.h"

#define RATE 48000
#define HERE WIRE_HERE
#define SOUND WIRE_SOUND
#define OTHER_KEY "YTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw"

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
test_secure (Wire *wire, gconstpointer data)
{
  gsize before;

  wire_call_secure (wire, data);
  phone_start (&wire->other, SOUND); /* in the clear */
  WAIT_FOR (phone_count (&wire->phone) > 50);
  WAIT_FOR (wire->phone.n_reports > 0);
  assert_secret (&wire->phone);
  wire_assert_continuous (&wire->phone);
  before = listener_count (&wire->heard);
  g_assert_cmpuint (before, ==, 0);
  phone_stop (&wire->other);
  phone_start (&wire->phone, SOUND);
  WAIT_FOR (wire_is_heard (wire));
  g_assert_cmpuint (phone_count (&wire->other), ==, 0);
}

/* The phone calls with a handshake, and begins it or waits for it. */
static void
test_handshake (Wire *wire, gconstpointer data)
{
  gboolean is_client = GPOINTER_TO_INT (data);
  g_autofree char *fingerprint = phone_handshake_dup_fingerprint ();
  g_autofree char *lines = g_strdup_printf ("a=fingerprint:%s\r\na=setup:%s\r\n", fingerprint,
                                            is_client ? "active" : "passive");
  g_autofree char *offer = phone_describe (&wire->phone, HERE, "UDP/TLS/RTP/SAVP", lines);
  g_autofree char *answer = NULL;

  if (!is_client)
    phone_shake_hands (&wire->phone, FALSE);
  wire_set (wire, offer);
  answer = wire_get (wire);
  g_assert_nonnull (strstr (answer, is_client ? "a=setup:passive" : "a=setup:active"));
  phone_send_to (&wire->phone, HERE, wire->port);
  phone_send_to (&wire->other, HERE, wire->port);
  if (is_client)
    phone_shake_hands (&wire->phone, TRUE);
  phone_start (&wire->other, SOUND); /* in the clear */
  WAIT_FOR (phone_count (&wire->phone) > 50);
  assert_secret (&wire->phone);
  wire_assert_continuous (&wire->phone);
  g_assert_cmpuint (listener_count (&wire->heard), ==, 0);
  phone_stop (&wire->other);
  phone_start (&wire->phone, SOUND);
  WAIT_FOR (wire_is_heard (wire));
  g_assert_cmpuint (phone_count (&wire->other), ==, 0);
}

/* Somebody else shakes hands first, and again when the phone has: it is the phone that is answered.
 */
static void
test_handshake_of_a_stranger (Wire *wire, gconstpointer data)
{
  g_autofree char *fingerprint = phone_handshake_dup_fingerprint ();
  g_autofree char *lines = g_strdup_printf ("a=fingerprint:%s\r\na=setup:active\r\n", fingerprint);
  g_autofree char *offer = phone_describe (&wire->phone, HERE, "UDP/TLS/RTP/SAVP", lines);
  g_autofree char *answer = NULL;

  wire_set (wire, offer);
  answer = wire_get (wire);
  phone_send_to (&wire->phone, HERE, wire->port);
  phone_send_to (&wire->other, HERE, wire->port);
  phone_shake_hands (&wire->other, TRUE);
  listener_drain ();
  phone_shake_hands (&wire->phone, TRUE);
  WAIT_FOR (phone_count (&wire->phone) > 0);
  g_clear_pointer (&wire->other.handshake, phone_handshake_free);
  phone_shake_hands (&wire->other, TRUE);
  phone_start (&wire->phone, SOUND);
  WAIT_FOR (wire_is_heard (wire) && phone_count (&wire->phone) > 50);
  assert_secret (&wire->phone);
  wire_assert_continuous (&wire->phone);
  g_assert_null (wire->other.in); /* it got no keys */
  g_assert_cmpuint (phone_count (&wire->other), ==, 0);
}

/* The other side takes another key in a later round: sound goes on, both ways. */
static void
test_key_changes (Wire *wire, gconstpointer data)
{
  g_autofree char *offer = NULL, *answer = NULL;
  guint before;

  wire_call_secure (wire, &wire_suites[0]);
  phone_start (&wire->phone, SOUND);
  WAIT_FOR (wire_is_heard (wire) && phone_count (&wire->phone) > 20);
  offer = phone_describe (&wire->phone, HERE, "RTP/AVP",
                          "a=crypto:9 AES_CM_128_HMAC_SHA1_80 inline:" OTHER_KEY "\r\n");
  wire_set (wire, offer);
  answer = wire_get (wire);
  g_assert_nonnull (strstr (answer, "a=crypto:9 AES_CM_128_HMAC_SHA1_80 "));
  phone_use_key (&wire->phone, "AES_CM_128_HMAC_SHA1_80", OTHER_KEY);
  before = listener_count (&wire->heard);
  WAIT_FOR (listener_count (&wire->heard) > before + RATE && wire_is_heard (wire));
  g_assert_cmpuint (wire->phone.n_forged, ==, 0);
  wire_assert_continuous (&wire->phone);
}

/* A stranger sends genuine packets again, also behind another round: he is not heard, and not
 * followed. */
static void
test_replay (Wire *wire, gconstpointer data)
{
  wire_call_secure (wire, &wire_suites[0]);
  phone_start (&wire->phone, SOUND);
  WAIT_FOR (wire_is_heard (wire) && phone_count (&wire->phone) > 20);
  for (int i = 0; i < 2; i++) {
    g_autofree char *offer = NULL, *answer = NULL;
    gsize before;
    guint n;

    phone_stop (&wire->phone);
    before = wire_settle (wire);
    phone_repeat (&wire->other, &wire->phone);
    n = phone_count (&wire->phone);
    WAIT_FOR (phone_count (&wire->phone) > n + 20);
    g_assert_cmpuint (listener_count (&wire->heard), ==, before);
    g_assert_cmpuint (phone_count (&wire->other), ==, 0);
    offer = phone_describe (&wire->phone, HERE, "RTP/AVP",
                            "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" WIRE_KEY "\r\n");
    wire_set (wire, offer);
    answer = wire_get (wire);
  }
}

static char *
describe (Wire *wire, const char *more)
{
  g_autofree char *lines =
      g_strconcat ("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" WIRE_KEY "\r\n", more, NULL);

  return phone_describe (&wire->phone, HERE, "RTP/AVP", lines);
}

/* The phone's numbers began anew before it holds. Neither side counts anew behind that: a key that
 * began to count again would not fit, nor would another source.
 */
static void
test_hold (Wire *wire, gconstpointer data)
{
  g_autofree char *held = NULL, *resumed = NULL, *first = NULL, *second = NULL;
  guint n;

  wire->phone.number = 65536 - 25;
  wire_call_secure (wire, &wire_suites[0]);
  phone_start (&wire->phone, SOUND);
  WAIT_FOR (wire->phone.number < 1000 && wire->phone.number > 25 && wire_is_heard (wire));
  held = describe (wire, "a=sendonly\r\n");
  wire_set (wire, held);
  first = wire_get (wire);
  g_assert_nonnull (strstr (first, "a=recvonly\r\n"));
  phone_stop (&wire->phone);
  listener_drain ();
  n = phone_count (&wire->phone);
  resumed = describe (wire, "");
  wire_set (wire, resumed);
  second = wire_get (wire);
  g_assert_cmpstr (strstr (first, "a=crypto:"), ==, strstr (second, "a=crypto:"));
  phone_start (&wire->phone, SOUND);
  gsize before = listener_count (&wire->heard);
  WAIT_FOR (listener_count (&wire->heard) > before + RATE && wire_is_heard (wire));
  WAIT_FOR (phone_count (&wire->phone) > n + 20);
  g_assert_cmpuint (wire->phone.n_forged, ==, 0);
  wire_assert_continuous (&wire->phone);
}

/* What was encrypted does not go on in the clear, and goes on. */
static void
test_downgrade (Wire *wire, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = NULL;

  wire_call_secure (wire, &wire_suites[0]);
  offer = phone_describe (&wire->phone, HERE, "RTP/AVP", "");
  g_assert_false (listener_set (wire->handler, offer, NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION);
  WAIT_FOR (phone_count (&wire->phone) > 20);
  g_assert_cmpuint (wire->phone.n_forged, ==, 0);
}

#define ADD(name, data, set_up_func, func)                                                         \
  g_test_add ("/rtp-secure/" name, Wire, data, set_up_func, func, wire_tear_down)

int
main (int argc, char **argv)
{
  /* No sound server, whatever the machine has. */
  g_setenv ("PULSE_SERVER", "unix:/dev/null/none", TRUE);
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < WIRE_N_SUITES; i++) {
    g_autofree char *path = g_strdup_printf ("/rtp-secure/suite/%s", wire_suites[i].suite);

    g_test_add (path, Wire, &wire_suites[i], wire_set_up_secure, test_secure, wire_tear_down);
  }
  ADD ("handshake/begun", GINT_TO_POINTER (TRUE), wire_set_up_secure, test_handshake);
  ADD ("handshake/awaited", GINT_TO_POINTER (FALSE), wire_set_up_secure, test_handshake);
  ADD ("handshake/stranger", NULL, wire_set_up_secure, test_handshake_of_a_stranger);
  ADD ("key-changes", NULL, wire_set_up_secure, test_key_changes);
  ADD ("replay", NULL, wire_set_up_secure, test_replay);
  ADD ("hold", NULL, wire_set_up_secure, test_hold);
  ADD ("downgrade", NULL, wire_set_up_secure, test_downgrade);

  return g_test_run ();
}
