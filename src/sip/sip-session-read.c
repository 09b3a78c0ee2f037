/* sip-session-read.c - what a session tells of itself */

#include "sip-message-private.h"
#include "sip-session-private.h"

/**
 * sip_session_get_ua:
 * @self: a session
 *
 * Gets [property@Sip.Session:ua].
 *
 * Returns: (transfer none): the user agent that it belongs to
 */
SipUA *
sip_session_get_ua (SipSession *self)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), NULL);

  return sip_session_peek (self)->ua;
}

/**
 * sip_session_get_status:
 * @self: a session
 *
 * Gets [property@Sip.Session:status].
 *
 * Returns: where it stands
 */
SipSessionStatus
sip_session_get_status (SipSession *self)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), SIP_SESSION_STATUS_NULL);

  return sip_session_peek (self)->status;
}

/**
 * sip_session_get_cause:
 * @self: a session
 *
 * Gets [property@Sip.Session:cause].
 *
 * Returns: why it ended
 */
SipCause
sip_session_get_cause (SipSession *self)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), SIP_CAUSE_NONE);

  return sip_session_peek (self)->cause;
}

/**
 * sip_session_get_session_description_handler:
 * @self: a session
 *
 * Gets [property@Sip.Session:session-description-handler].
 *
 * Returns: (transfer none) (nullable): its media
 */
SipSessionDescriptionHandler *
sip_session_get_session_description_handler (SipSession *self)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), NULL);

  return sip_session_peek (self)->handler;
}

/**
 * sip_session_get_request:
 * @self: a session
 *
 * Gets [property@Sip.Session:request].
 *
 * Returns: (transfer none): the INVITE that began it
 */
SipMessage *
sip_session_get_request (SipSession *self)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), NULL);

  return sip_session_peek (self)->request;
}

/**
 * sip_session_get_local_identity:
 * @self: a session
 *
 * Gets [property@Sip.Session:local-identity].
 *
 * Returns: (transfer none): who this side is to the other
 */
SipNameAddr *
sip_session_get_local_identity (SipSession *self)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), NULL);

  return sip_session_peek (self)->local_identity;
}

/**
 * sip_session_get_remote_identity:
 * @self: a session
 *
 * Gets [property@Sip.Session:remote-identity].
 *
 * Returns: (transfer none): who the other side says it is
 */
SipNameAddr *
sip_session_get_remote_identity (SipSession *self)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), NULL);

  return sip_session_peek (self)->remote_identity;
}

/**
 * sip_session_get_asserted_identity:
 * @self: a session
 *
 * Gets [property@Sip.Session:asserted-identity].
 *
 * Returns: (transfer none) (nullable): who the server says the other side is
 */
SipNameAddr *
sip_session_get_asserted_identity (SipSession *self)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), NULL);

  return sip_session_peek (self)->asserted_identity;
}

/**
 * sip_session_get_start_time:
 * @self: a session
 *
 * Gets [property@Sip.Session:start-time].
 *
 * Returns: (transfer none) (nullable): when it was accepted
 */
GDateTime *
sip_session_get_start_time (SipSession *self)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), NULL);

  return sip_session_peek (self)->start_time;
}

/**
 * sip_session_get_end_time:
 * @self: a session
 *
 * Gets [property@Sip.Session:end-time].
 *
 * Returns: (transfer none) (nullable): when it ended
 */
GDateTime *
sip_session_get_end_time (SipSession *self)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), NULL);

  return sip_session_peek (self)->end_time;
}

/**
 * sip_session_get_data:
 * @self: a session
 *
 * Reads what the program keeps with the call.
 *
 * Returns: (transfer none): an empty object of its own, for the program
 */
GObject *
sip_session_get_data (SipSession *self)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), NULL);

  return sip_session_peek (self)->data;
}

/**
 * sip_session_get_id:
 * @self: a session
 *
 * Gets [property@Sip.Session:id].
 *
 * Returns: what tells it from all others
 */
const char *
sip_session_get_id (SipSession *self)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), NULL);

  return sip_session_peek (self)->id;
}

/**
 * sip_session_get_call_id:
 * @self: a session
 *
 * Gets [property@Sip.Session:call-id].
 *
 * Returns: its Call-ID
 */
const char *
sip_session_get_call_id (SipSession *self)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), NULL);

  return sip_message_get_call_id (sip_session_peek (self)->request);
}

/**
 * sip_session_get_canceled:
 * @self: a session
 *
 * Gets [property@Sip.Session:canceled].
 *
 * Returns: whether it was cancelled before anybody talked
 */
gboolean
sip_session_get_canceled (SipSession *self)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), FALSE);

  return sip_session_peek (self)->canceled;
}

/**
 * sip_session_get_local_hold:
 * @self: a session
 *
 * Gets [property@Sip.Session:local-hold].
 *
 * Returns: whether this side holds the other, as it was agreed last
 */
gboolean
sip_session_get_local_hold (SipSession *self)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), FALSE);

  return sip_session_peek (self)->local_hold;
}

/**
 * sip_session_get_remote_hold:
 * @self: a session
 *
 * Gets [property@Sip.Session:remote-hold].
 *
 * Returns: whether the other side holds this one, as it was agreed last
 */
gboolean
sip_session_get_remote_hold (SipSession *self)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), FALSE);

  return sip_session_peek (self)->remote_hold;
}

/**
 * sip_session_get_hold_pending:
 * @self: a session
 *
 * Gets [property@Sip.Session:hold-pending].
 *
 * Returns: whether holding or resuming is not settled yet
 */
gboolean
sip_session_get_hold_pending (SipSession *self)
{
  SipSessionPrivate *priv;

  g_return_val_if_fail (SIP_IS_SESSION (self), FALSE);

  priv = sip_session_peek (self);
  return priv->hold_wanted != priv->local_hold;
}

/**
 * sip_session_get_takes_refer:
 * @self: a session
 *
 * Gets [property@Sip.Session:takes-refer].
 *
 * Returns: whether the other side can be told to call somebody else
 */
gboolean
sip_session_get_takes_refer (SipSession *self)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), FALSE);

  return !sip_session_peek (self)->lacks_refer;
}

/**
 * sip_session_get_replacee:
 * @self: a session
 *
 * Gets [property@Sip.Session:replacee].
 *
 * Returns: (transfer none) (nullable): the session whose place this one takes
 */
SipSession *
sip_session_get_replacee (SipSession *self)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), NULL);

  return sip_session_peek (self)->replacee;
}
