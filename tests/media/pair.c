/* pair.c - two handlers that call each other over real sockets, and what each of them hears */

#include "pair.h"

#define RATE 48000

void
pair_watch (Pair *pair, SipSessionDescriptionHandler *handler)
{
  gt_signal_logger_connect (pair->seen, handler, "directionChanged");
  gt_signal_logger_connect (pair->seen, handler, "trackAdded");
  gt_signal_logger_connect (pair->seen, handler, "dtmf");
  gt_signal_logger_connect (pair->seen, handler, "failed");
}

void
pair_set_up (Pair *pair, gconstpointer data)
{
  listener_init (&pair->at_a);
  listener_init (&pair->at_b);
  pair->a = media_web_handler_new ("audiotestsrc is-live=true freq=1000", pair->at_a.sink);
  pair->b = media_web_handler_new ("audiotestsrc is-live=true freq=400", pair->at_b.sink);
  pair->seen = gt_signal_logger_new ();
}

/* Every test ends here: no signal left unread, no object left alive. */
void
pair_tear_down (Pair *pair, gconstpointer data)
{
  sip_session_description_handler_close (pair->a);
  sip_session_description_handler_close (pair->a);
  sip_session_description_handler_close (pair->b);
  listener_drain ();
  gt_signal_logger_assert_no_emissions (pair->seen);
  gt_signal_logger_free (pair->seen);
  g_assert_finalize_object (pair->a);
  g_assert_finalize_object (pair->b);
  listener_clear (&pair->at_a);
  listener_clear (&pair->at_b);
}

/* One round; @modifiers are those of @from. Returns the answer. */
char *
pair_negotiate (SipSessionDescriptionHandler *from,
                SipSessionDescriptionHandler *to,
                SipModifiers *modifiers)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *offer = listener_get (from, modifiers, &error);
  char *answer;

  g_assert_no_error (error);
  g_assert_true (listener_set (to, offer, NULL, &error));
  answer = listener_get (to, NULL, &error);
  g_assert_no_error (error);
  listener_set (from, answer, NULL, &error);
  g_assert_no_error (error);
  return answer;
}

void
pair_hear (Pair *pair)
{
  WAIT_FOR (listener_hears (&pair->at_a, 400) && listener_hears (&pair->at_b, 1000));
}

void
pair_connect (Pair *pair)
{
  gint64 start = g_get_monotonic_time (), agreed;

  g_free (pair_negotiate (pair->a, pair->b, NULL));
  agreed = g_get_monotonic_time ();
  WAIT_FOR (listener_count (&pair->at_a) > 0 && listener_count (&pair->at_b) > 0);
  g_test_message ("agreed in %.1f ms, sound after %.1f ms more", (agreed - start) / 1000.0,
                  (g_get_monotonic_time () - agreed) / 1000.0);
  pair_hear (pair);
}

SipTrack *
pair_dup_track (SipSessionDescriptionHandler *handler, guint position)
{
  g_autoptr (GListModel) tracks = sip_session_description_handler_get_tracks (handler);

  return g_list_model_get_item (tracks, position);
}

guint
pair_count_tracks (SipSessionDescriptionHandler *handler)
{
  g_autoptr (GListModel) tracks = sip_session_description_handler_get_tracks (handler);

  return g_list_model_get_n_items (tracks);
}

void
pair_assert_directions (SipSessionDescriptionHandler *handler,
                        SipDirection local,
                        SipDirection remote)
{
  g_assert_cmpint (sip_session_description_handler_get_local_direction (handler), ==, local);
  g_assert_cmpint (sip_session_description_handler_get_remote_direction (handler), ==, remote);
}

/* How many samples come in the time in which half a second comes at @clock. */
gsize
pair_count_meanwhile (Listener *listener, Listener *clock)
{
  gsize before = listener_count (listener), start = listener_count (clock);

  WAIT_FOR (listener_count (clock) >= start + RATE / 2);
  return listener_count (listener) - before;
}
