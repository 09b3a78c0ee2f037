/* test-web-tones.c - keys pressed at one handler, and what comes of them at the other */

#include "pair.h"

#include "sip-dtmf.h"

#include <string.h>

static const char keys[] = "0123456789*#ABCD";

/* What was received, and how long each was. */
typedef struct {
  GString *tones;
  GArray *durations;
} Heard;

static void
on_dtmf (SipSessionDescriptionHandler *handler, SipDtmf *tone, Heard *heard)
{
  guint duration = sip_dtmf_get_duration (tone);

  g_assert_true (sip_dtmf_get_received (tone));
  g_string_append (heard->tones, sip_dtmf_get_tone (tone));
  g_array_append_val (heard->durations, duration);
}

static void
listen (SipSessionDescriptionHandler *handler, Heard *heard)
{
  heard->tones = g_string_new (NULL);
  heard->durations = g_array_new (FALSE, FALSE, sizeof (guint));
  g_signal_connect (handler, "dtmf", G_CALLBACK (on_dtmf), heard);
}

static void
clear (SipSessionDescriptionHandler *handler, Heard *heard)
{
  g_signal_handlers_disconnect_by_data (handler, heard);
  g_string_free (heard->tones, TRUE);
  g_array_unref (heard->durations);
}

/* A machine that is busy brings packets with gaps between them, and a gap ends a tone. So none is
 * longer than it was pressed, and one of them is as long.
 */
static gboolean
has_duration (Heard *heard, guint duration)
{
  gboolean found = listener_slowness () > 1;

  for (guint i = 0; i < heard->durations->len; i++) {
    g_assert_cmpuint (g_array_index (heard->durations, guint, i), <=, duration);
    found = found || g_array_index (heard->durations, guint, i) == duration;
  }
  return found;
}

static gboolean
press (SipSessionDescriptionHandler *handler, char key, guint duration)
{
  g_autoptr (SipOptions) options = sip_options_new ();
  const char tone[] = {key, '\0'};

  g_object_set (options, "duration", duration, NULL);
  return sip_session_description_handler_send_dtmf (handler, tone, options);
}

static char *
keep_only (const char *type, const char *sdp, gpointer payload, GError **error)
{
  return g_str_equal (type, "offer") ? listener_replace (sdp, "SAVPF 111 9 0 8", payload)
                                     : g_strdup (sdp);
}

/* All of them, both ways at once, and talk goes on behind them. */
static void
test_keys (Pair *pair, gconstpointer data)
{
  g_autoptr (SipModifiers) modifiers = sip_modifiers_new ();
  g_autofree char *payloads = g_strconcat ("SAVPF ", data, NULL);
  g_autofree char *answer = NULL;
  Heard at_a, at_b;

  sip_modifiers_add (modifiers, keep_only, payloads, NULL);
  answer = pair_negotiate (pair->a, pair->b, modifiers);
  g_assert_nonnull (strstr (answer, " telephone-event/"));
  listen (pair->a, &at_a);
  listen (pair->b, &at_b);
  WAIT_FOR (listener_hears (&pair->at_a, 400) && listener_hears (&pair->at_b, 1000));
  for (const char *key = keys; *key != '\0'; key++) {
    g_assert_true (press (pair->a, *key, 100));
    g_assert_true (press (pair->b, *key, 100));
  }
  WAIT_FOR (at_a.tones->len >= strlen (keys) && at_b.tones->len >= strlen (keys));
  WAIT_FOR (listener_hears (&pair->at_a, 400) && listener_hears (&pair->at_b, 1000));
  g_assert_cmpstr (at_a.tones->str, ==, keys);
  g_assert_cmpstr (at_b.tones->str, ==, keys);
  g_assert_true (has_duration (&at_a, 100));
  g_assert_true (has_duration (&at_b, 100));
  clear (pair->a, &at_a);
  clear (pair->b, &at_b);
}

/* Longer than 16 bits of its clock can say, and a short one of the same key behind it. */
static void
test_long (Pair *pair, gconstpointer data)
{
  Heard at_b;
  gboolean is_whole = FALSE;

  pair_connect (pair);
  for (guint i = 0; !is_whole && i < 5; i++) {
    listen (pair->b, &at_b);
    g_assert_true (press (pair->a, '5', 3000));
    g_assert_true (press (pair->a, '5', 70));
    WAIT_FOR (at_b.tones->len >= 2);
    g_assert_cmpstr (at_b.tones->str, ==, "55");
    g_assert_cmpuint (g_array_index (at_b.durations, guint, 1), <=, 70);
    is_whole = has_duration (&at_b, 3000);
    clear (pair->b, &at_b);
  }
  g_assert_true (is_whole);
}

/* Where tones cannot travel in the media, nor anything that is no tone. */
static void
test_refused (Pair *pair, gconstpointer data)
{
  g_assert_false (press (pair->a, '1', 100));
  g_free (listener_get (pair->a, NULL, NULL));
  g_assert_false (press (pair->a, '1', 100));
  sip_session_description_handler_rollback (pair->a);
  pair_connect (pair);
  g_assert_false (press (pair->a, 'E', 100));
  g_assert_false (press (pair->a, '\0', 100));
  g_assert_false (sip_session_description_handler_send_dtmf (pair->a, "12", NULL));
  g_assert_true (sip_session_description_handler_send_dtmf (pair->a, "1", NULL));

  /* Nobody hears what is sent to a side that holds. */
  sip_session_description_handler_set_direction (pair->b, SIP_DIRECTION_SENDONLY);
  g_free (pair_negotiate (pair->b, pair->a, NULL));
  g_assert_false (press (pair->a, '1', 100));
  g_assert_false (press (pair->b, '1', 100));
  sip_session_description_handler_set_direction (pair->b, SIP_DIRECTION_SENDRECV);
  g_free (pair_negotiate (pair->b, pair->a, NULL));
  g_assert_true (press (pair->a, '1', 100));
  sip_session_description_handler_close (pair->a);
  g_assert_false (press (pair->a, '1', 100));
}

static char *
leave_out (const char *type, const char *sdp, gpointer data, GError **error)
{
  return g_str_equal (type, data) ? listener_replace (sdp, "telephone-event", "x-telephone-event")
                                  : g_strdup (sdp);
}

static void
test_not_negotiated (Pair *pair, gconstpointer data)
{
  g_autoptr (SipModifiers) modifiers = sip_modifiers_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = NULL, *answer = NULL;

  sip_modifiers_add (modifiers, leave_out, (gpointer)data, NULL);
  offer = listener_get (pair->a, modifiers, &error);
  g_assert_true (listener_set (pair->b, offer, NULL, &error));
  answer = listener_get (pair->b, modifiers, &error);
  g_assert_no_error (error);
  g_assert_true (listener_set (pair->a, answer, NULL, &error));
  WAIT_FOR (listener_hears (&pair->at_a, 400) && listener_hears (&pair->at_b, 1000));
  g_assert_null (strstr (answer, " telephone-event"));
  g_assert_false (press (pair->a, '1', 100));
  g_assert_false (press (pair->b, '1', 100));
}

/* They were agreed upon, and are not any more. */
static void
test_taken_back (Pair *pair, gconstpointer data)
{
  g_autoptr (SipModifiers) modifiers = sip_modifiers_new ();

  sip_modifiers_add (modifiers, leave_out, (gpointer) "offer", NULL);
  pair_connect (pair);
  g_assert_true (press (pair->a, '1', 100));
  g_free (pair_negotiate (pair->b, pair->a, modifiers));
  g_assert_false (press (pair->a, '1', 100));
  g_assert_false (press (pair->b, '1', 100));
}

#define ADD(name, data, func)                                                                      \
  g_test_add ("/web-tones/" name, Pair, data, pair_set_up, func, pair_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  media_web_handler_prepare ();

  ADD ("keys/opus", "111", test_keys);
  ADD ("keys/pcmu", "0", test_keys);
  ADD ("keys/pcma", "8", test_keys);
  ADD ("long", NULL, test_long);
  ADD ("refused", NULL, test_refused);
  ADD ("taken-back", NULL, test_taken_back);
  ADD ("not-offered", "offer", test_not_negotiated);
  ADD ("not-answered", "answer", test_not_negotiated);

  return g_test_run ();
}
