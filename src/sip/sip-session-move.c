/* sip-session-move.c - a running call whose machine has another address now
 *
 * Down: move() -> media -> a re-INVITE with new addresses, again and again until it is taken.
 * Up:   a round of offer and answer, of either side -> settle_move(); none in time -> terminated.
 */

#include "sip-session-private.h"

enum { PATIENCE = 30 * 1000 }; /* milliseconds without sound */

static void
on_patience_over (gpointer user_data)
{
  g_autoptr (SipSession) self = g_object_ref (user_data);

  sip_session_peek (self)->move_id = 0;
  g_object_notify (G_OBJECT (self), "moving");
  sip_session_hang_up (self, NULL, NULL, "Connection Error", SIP_CAUSE_CONNECTION_ERROR);
}

/**
 * sip_session_get_moving:
 * @self: a session
 *
 * Gets [property@Sip.Session:moving].
 *
 * Returns: whether the other side does not know yet where our media is
 */
gboolean
sip_session_get_moving (SipSession *self)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), FALSE);

  return sip_session_peek (self)->move_id != 0;
}

/* It knows, or there is nothing to know any more. */
void
sip_session_settle_move (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  if (priv->move_id == 0)
    return;
  sip_timers_clear (priv->timers, &priv->move_id);
  g_object_notify (G_OBJECT (self), "moving");
}

/* There is a new way to the other side, which has to learn of it, and of where our media is now.
 * Before the call is on that waits for its turn.
 */
void
sip_session_move (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  gboolean is_on = priv->status == SIP_SESSION_STATUS_CONFIRMED ||
                   priv->status == SIP_SESSION_STATUS_WAITING_FOR_ACK;

  if (priv->handler == NULL || !sip_session_description_handler_move (priv->handler)) {
    if (priv->status == SIP_SESSION_STATUS_CONFIRMED)
      sip_session_refresh (self);
    return;
  }
  sip_session_settle_move (self);
  if (is_on) {
    priv->move_id = sip_timers_add (priv->timers, PATIENCE, on_patience_over, self);
    g_object_notify (G_OBJECT (self), "moving");
  }
  if (!priv->round_wanted)
    sip_session_want_round (self, NULL, NULL);
}
