/* test-sound.c - what flows before a call is answered: nothing that was recorded, and to who did
 * not answer nothing at all
 */

#include "pair.h"
#include "phone.h"

#include "media-rtp-handler.h"

#define HERE "127.0.0.1"
#define SOUND 20000
#define RATE 48000

typedef struct {
  SipSessionDescriptionHandler *handler;
  Listener heard;
  Phone phone;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  listener_init (&fixture->heard);
  phone_init (&fixture->phone, HERE);
  fixture->handler =
      g_object_new (MEDIA_TYPE_RTP_HANDLER, "audio-source",
                    data != NULL ? (const char *)data
                                 : "audiotestsrc is-live=true samplesperbuffer=160 freq=1000",
                    "audio-sink", fixture->heard.sink, "local-address", HERE, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  sip_session_description_handler_close (fixture->handler);
  listener_drain ();
  g_assert_finalize_object (fixture->handler);
  phone_clear (&fixture->phone);
  listener_clear (&fixture->heard);
}

static void
limit (Fixture *fixture, SipDirection direction)
{
  sip_session_description_handler_limit_direction (fixture->handler, direction);
}

static void
call (Fixture *fixture)
{
  g_autofree char *offer = phone_describe (&fixture->phone, HERE, "RTP/AVP", "");
  g_autofree char *answer = NULL;
  g_autoptr (GError) error = NULL;

  listener_set (fixture->handler, offer, NULL, &error);
  g_assert_no_error (error);
  answer = listener_get (fixture->handler, NULL, &error);
  g_assert_no_error (error);
  phone_send_to (&fixture->phone, HERE, phone_read_port (answer));
}

/* Zero in G.711 has two signs, and the smallest step beside it is as good. */
static gboolean
is_silent (const Packet *packet)
{
  for (guint i = 0; i < G_N_ELEMENTS (packet->bytes); i++) {
    if ((packet->bytes[i] | 0x80) < 0xfe)
      return FALSE;
  }
  return TRUE;
}

/* Packets that are more than silence. */
static guint
count_loud (Phone *phone)
{
  guint n = 0;

  for (guint i = 0; i < phone_count (phone); i++)
    n += !is_silent (&g_array_index (phone->packets, Packet, i));
  return n;
}

/* Somebody is called: silence opens the way for what rings there. */
static void
test_recvonly (Fixture *fixture, gconstpointer data)
{
  guint n;

  limit (fixture, SIP_DIRECTION_RECVONLY);
  call (fixture);
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (listener_hears (&fixture->heard, 400) && phone_count (&fixture->phone) > 50);
  g_assert_cmpuint (count_loud (&fixture->phone), ==, 0);
  limit (fixture, SIP_DIRECTION_SENDRECV);
  WAIT_FOR (count_loud (&fixture->phone) > 20);
  limit (fixture, SIP_DIRECTION_RECVONLY);
  listener_drain ();
  n = count_loud (&fixture->phone);
  g_array_set_size (fixture->phone.packets, 0);
  WAIT_FOR (phone_count (&fixture->phone) > n + 50);
  g_assert_true (is_silent (&g_array_index (fixture->phone.packets, Packet, n + 50)));
}

/* Somebody calls: no sound of his comes out before he is answered. */
static void
test_inactive (Fixture *fixture, gconstpointer data)
{
  limit (fixture, SIP_DIRECTION_INACTIVE);
  call (fixture);
  phone_start (&fixture->phone, SOUND);
  WAIT_FOR (phone_count (&fixture->phone) > 50);
  g_assert_cmpuint (count_loud (&fixture->phone), ==, 0);
  g_assert_cmpuint (listener_count (&fixture->heard), ==, 0);
  limit (fixture, SIP_DIRECTION_SENDRECV);
  WAIT_FOR (listener_hears (&fixture->heard, 400) && count_loud (&fixture->phone) > 20);
}

/* The answer was lost at first, and a router lends the other side its address: who that is can be
 * found out once he has the answer, and not before.
 */
static void
test_acknowledged (Fixture *fixture, gconstpointer data)
{
  g_autofree char *offer = phone_describe (&fixture->phone, HERE, "RTP/AVP", "");
  g_autofree char *answer = NULL;
  gint64 end = g_get_monotonic_time () + 5 * G_USEC_PER_SEC / 2;
  Phone outside;

  g_assert_true (listener_set (fixture->handler, offer, NULL, NULL));
  answer = listener_get (fixture->handler, NULL, NULL);
  WAIT_FOR (g_get_monotonic_time () > end);
  phone_init (&outside, HERE);
  phone_send_to (&outside, HERE, phone_read_port (answer));
  phone_start (&outside, SOUND);
  end = g_get_monotonic_time () + G_USEC_PER_SEC / 2;
  WAIT_FOR (g_get_monotonic_time () > end);
  g_assert_cmpuint (phone_count (&outside), ==, 0);
  g_assert_cmpuint (listener_count (&fixture->heard), ==, 0);
  sip_session_description_handler_acknowledge (fixture->handler);
  WAIT_FOR (listener_hears (&fixture->heard, 400) && phone_count (&outside) > 20);
  phone_clear (&outside);
}

/* A limit does not open what descriptions close. */
static void
test_held (Fixture *fixture, gconstpointer data)
{
  g_autofree char *held = phone_describe (&fixture->phone, HERE, "RTP/AVP", "a=inactive\r\n");
  g_autofree char *answer = NULL;
  gint64 end;

  limit (fixture, SIP_DIRECTION_INACTIVE);
  g_assert_true (listener_set (fixture->handler, held, NULL, NULL));
  answer = listener_get (fixture->handler, NULL, NULL);
  limit (fixture, SIP_DIRECTION_SENDRECV);
  phone_send_to (&fixture->phone, HERE, phone_read_port (answer));
  phone_start (&fixture->phone, SOUND);
  end = g_get_monotonic_time () + G_USEC_PER_SEC;
  WAIT_FOR (g_get_monotonic_time () > end);
  g_assert_cmpuint (phone_count (&fixture->phone), ==, 0);
  g_assert_cmpuint (listener_count (&fixture->heard), ==, 0);
}

/* A microphone that is open and says nothing: silence is said until it does, and a call that ends
 * meanwhile waits for nobody.
 */
static void
test_mute_microphone (Fixture *fixture, gconstpointer data)
{
  call (fixture);
  WAIT_FOR (phone_count (&fixture->phone) > 100);
  g_assert_cmpuint (count_loud (&fixture->phone), ==, 0);
  limit (fixture, SIP_DIRECTION_RECVONLY);
  limit (fixture, SIP_DIRECTION_SENDRECV);
  WAIT_FOR (phone_count (&fixture->phone) > 200);
}

/* The other kind of media. */
static void
test_web (Pair *pair, gconstpointer data)
{
  gsize before;

  sip_session_description_handler_limit_direction (pair->a, SIP_DIRECTION_RECVONLY);
  g_free (pair_negotiate (pair->a, pair->b, NULL));
  WAIT_FOR (listener_hears (&pair->at_a, 400) && listener_count (&pair->at_b) > RATE);
  g_assert_cmpfloat (listener_measure_all (&pair->at_b), <, 1e-6);
  sip_session_description_handler_limit_direction (pair->b, SIP_DIRECTION_INACTIVE);
  listener_assert_stopped (&pair->at_b, NULL);
  sip_session_description_handler_limit_direction (pair->a, SIP_DIRECTION_SENDRECV);
  sip_session_description_handler_limit_direction (pair->b, SIP_DIRECTION_SENDRECV);
  before = listener_count (&pair->at_b);
  WAIT_FOR (listener_count (&pair->at_b) > before + RATE / 2 && listener_hears (&pair->at_b, 1000));
}

#define ADD(name, func) g_test_add ("/sound/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  /* No sound server, whatever the machine has. */
  g_setenv ("PULSE_SERVER", "unix:/dev/null/none", TRUE);
  g_test_init (&argc, &argv, NULL);

  ADD ("recvonly", test_recvonly);
  ADD ("inactive", test_inactive);
  ADD ("held", test_held);
  ADD ("acknowledged", test_acknowledged);
  g_test_add ("/sound/mute microphone", Fixture,
              "audiotestsrc is-live=true samplesperbuffer=160 ! valve drop=true", set_up,
              test_mute_microphone, tear_down);
  g_test_add ("/sound/web", Pair, NULL, pair_set_up, test_web, pair_tear_down);

  return g_test_run ();
}
