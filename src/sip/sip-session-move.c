/* sip-session-move.c - a running call whose machine has another address now, or lost its way
 *
 * Down: move(), or media that comes no more -> media -> a re-INVITE with new addresses, again and
 *       again until it is taken.
 * Up:   a round of offer and answer, of either side -> settle_move(); none in time -> terminated.
 */

#include "sip-session-private.h"
#include "sip-ua-private.h"

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

/* There is nothing to wait for any more. */
void
sip_session_end_move (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  priv->lost_at = 0;
  if (priv->move_id == 0)
    return;
  sip_timers_clear (priv->timers, &priv->move_id);
  g_object_notify (G_OBJECT (self), "moving");
}

/* The other side knows. Whether a way that was lost is found, is only known once something comes.
 */
void
sip_session_settle_move (SipSession *self)
{
  if (sip_session_peek (self)->lost_at == 0)
    sip_session_end_move (self);
}

static void
begin_move (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  if (priv->move_id == 0 && (priv->status == SIP_SESSION_STATUS_CONFIRMED ||
                             priv->status == SIP_SESSION_STATUS_WAITING_FOR_ACK)) {
    priv->move_id = sip_timers_add (priv->timers, PATIENCE, on_patience_over, self);
    g_object_notify (G_OBJECT (self), "moving");
  }
  if (!priv->round_wanted)
    sip_session_want_round (self, NULL, NULL);
}

static gboolean
move_media (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  if (priv->handler == NULL || !sip_session_description_handler_move (priv->handler))
    return FALSE;
  sip_session_end_move (self);
  begin_move (self);
  return TRUE;
}

/* The network has changed: where our media is elsewhere now, the other side has to learn of it.
 * Before the call is on that waits for its turn.
 */
void
sip_session_move_media (SipSession *self)
{
  move_media (self);
}

/* There is a new way to the other side, too. */
void
sip_session_move (SipSession *self)
{
  if (!move_media (self) && sip_session_peek (self)->status == SIP_SESSION_STATUS_CONFIRMED)
    sip_session_refresh (self);
}

/* Media that came, and comes no more: a NAT may have forgotten its way, as it did that of our
 * messages. Else the other side may just be quiet.
 */
void
sip_session_watch_way (SipSession *self, SipMediaStats *stats)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  guint64 received = sip_media_stats_get_packets_received (stats);
  SipMediaTrouble trouble = sip_media_stats_get_trouble (stats);

  if (priv->lost_at != 0 && received > priv->lost_at)
    sip_session_end_move (self);
  if (received > 0 && priv->status == SIP_SESSION_STATUS_CONFIRMED &&
      (trouble == SIP_MEDIA_TROUBLE_NOTHING_ARRIVES || trouble == SIP_MEDIA_TROUBLE_NOTHING_LEAVES))
    sip_ua_doubt_way (priv->ua);
}

/* One look after the other at a way that is lost is part of one search. */
void
sip_session_find_way (SipSession *self, SipMediaStats *stats)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  if (priv->status != SIP_SESSION_STATUS_CONFIRMED ||
      !sip_session_description_handler_move (priv->handler))
    return;
  priv->lost_at = sip_media_stats_get_packets_received (stats);
  begin_move (self);
}
