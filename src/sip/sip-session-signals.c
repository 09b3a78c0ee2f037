/* sip-session-signals.c - what a session tells, and when
 *
 *   placed     progress* ─► accepted ─► … ─► bye ─► terminated
 *                  ├─► rejected ─► failed ─► terminated
 *                  └─► cancel ─► rejected ─► failed ─► terminated
 *   anything between accepted and terminated may come any number of times
 */

#include "sip-session-private.h"

static guint signals[SIP_N_SIGNALS];

static void
install_signal (SipSessionSignal signal, const char *name, guint n, GType first, GType second)
{
  signals[signal] = g_signal_new (name, SIP_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, n, first, second);
}

void
sip_session_install_signals (SipSessionClass *klass)
{
  /**
   * SipSession::progress:
   * @self: the session
   * @response: the provisional response, received or sent
   * @reason_phrase: its words
   *
   * The other side works on it, or was told that this one does.
   */
  install_signal (SIP_SIGNAL_PROGRESS, "progress", 2, SIP_TYPE_MESSAGE, G_TYPE_STRING);
  /**
   * SipSession::accepted:
   * @self: the session
   * @response: the 2xx, received or sent
   * @cause: its words
   *
   * The call is on. At most once.
   */
  install_signal (SIP_SIGNAL_ACCEPTED, "accepted", 2, SIP_TYPE_MESSAGE, G_TYPE_STRING);
  /**
   * SipSession::rejected:
   * @self: the session
   * @response: the final response, or the CANCEL that came
   * @cause: why, in SIP.js's words
   *
   * It was refused; `failed` and `terminated` follow at once.
   */
  install_signal (SIP_SIGNAL_REJECTED, "rejected", 2, SIP_TYPE_MESSAGE, G_TYPE_STRING);
  /**
   * SipSession::failed:
   * @self: the session
   * @message: (nullable): what told so, or %NULL
   * @cause: why, in SIP.js's words
   *
   * It did not come about; `terminated` follows at once. At most once, and never after `accepted`.
   */
  install_signal (SIP_SIGNAL_FAILED, "failed", 2, SIP_TYPE_MESSAGE, G_TYPE_STRING);
  /**
   * SipSession::terminated:
   * @self: the session
   * @message: (nullable): what ended it, or %NULL
   * @cause: (nullable): why, in SIP.js's words, or %NULL
   *
   * It is over. Exactly once, and the last signal of all.
   */
  install_signal (SIP_SIGNAL_TERMINATED, "terminated", 2, SIP_TYPE_MESSAGE, G_TYPE_STRING);
  /**
   * SipSession::cancel:
   * @self: the session
   *
   * It was cancelled, by this side or the other.
   */
  install_signal (SIP_SIGNAL_CANCEL, "cancel", 0, 0, 0);
  /**
   * SipSession::bye:
   * @self: the session
   * @request: the BYE, received or sent
   *
   * It was hung up.
   */
  install_signal (SIP_SIGNAL_BYE, "bye", 1, SIP_TYPE_MESSAGE, 0);
  /**
   * SipSession::reinvite:
   * @self: the session
   * @session: the same
   * @request: the INVITE
   *
   * The other side wants to change the call; before the media looks at it.
   */
  install_signal (SIP_SIGNAL_REINVITE, "reinvite", 2, SIP_TYPE_SESSION, SIP_TYPE_MESSAGE);
  /**
   * SipSession::reinviteAccepted:
   * @self: the session
   * @session: the same
   *
   * A change of the call is agreed, whichever side wanted it.
   */
  install_signal (SIP_SIGNAL_REINVITE_ACCEPTED, "reinviteAccepted", 1, SIP_TYPE_SESSION, 0);
  /**
   * SipSession::reinviteFailed:
   * @self: the session
   * @session: the same
   *
   * A change of the call was refused, by either side; all is as it was before.
   */
  install_signal (SIP_SIGNAL_REINVITE_FAILED, "reinviteFailed", 1, SIP_TYPE_SESSION, 0);
  /**
   * SipSession::renegotiationError:
   * @self: the session
   * @error: why
   *
   * Why a change of the call failed; behind `reinviteFailed` where this side wanted it.
   */
  install_signal (SIP_SIGNAL_RENEGOTIATION_ERROR, "renegotiationError", 1, G_TYPE_ERROR, 0);
  /**
   * SipSession::referRequested:
   * @self: the session
   * @context: a #SipReferClientContext where this side wants it, else a #SipReferServerContext
   *
   * A transfer is wanted: before the REFER leaves, or when one came. Where nobody listens one that
   * came is followed, as #SipUA:refer-policy says; who listens decides by the context's methods,
   * now or later.
   */
  install_signal (SIP_SIGNAL_REFER_REQUESTED, "referRequested", 1, SIP_TYPE_REFER_CONTEXT, 0);
  /**
   * SipSession::refer:
   * @self: the session
   * @request: the REFER
   *
   * A REFER was sent.
   */
  install_signal (SIP_SIGNAL_REFER, "refer", 1, SIP_TYPE_MESSAGE, 0);
  /**
   * SipSession::referProgress:
   * @self: the session
   * @context: the transfer that the other side wanted
   *
   * Its target is being tried, or rings.
   */
  install_signal (SIP_SIGNAL_REFER_PROGRESS, "referProgress", 1, SIP_TYPE_REFER_SERVER_CONTEXT, 0);
  /**
   * SipSession::referAccepted:
   * @self: the session
   * @context: the transfer that the other side wanted
   *
   * Its target took the call.
   */
  install_signal (SIP_SIGNAL_REFER_ACCEPTED, "referAccepted", 1, SIP_TYPE_REFER_SERVER_CONTEXT, 0);
  /**
   * SipSession::referRejected:
   * @self: the session
   * @context: the transfer that the other side wanted
   *
   * Its target was not reached; this call goes on.
   */
  install_signal (SIP_SIGNAL_REFER_REJECTED, "referRejected", 1, SIP_TYPE_REFER_SERVER_CONTEXT, 0);
  /**
   * SipSession::replaced:
   * @self: the session
   * @session: the one that takes its place
   *
   * Another call takes the place of this one, which ends next (RFC 3891).
   */
  install_signal (SIP_SIGNAL_REPLACED, "replaced", 1, SIP_TYPE_SESSION, 0);
  /**
   * SipSession::notifyReceived:
   * @self: the session
   * @request: the NOTIFY
   *
   * A NOTIFY that belongs to no transfer was received and answered.
   */
  install_signal (SIP_SIGNAL_NOTIFY_RECEIVED, "notifyReceived", 1, SIP_TYPE_MESSAGE, 0);
  /**
   * SipSession::message:
   * @self: the session
   * @request: the MESSAGE
   *
   * A MESSAGE was received in the call and answered (RFC 3428).
   */
  install_signal (SIP_SIGNAL_MESSAGE, "message", 1, SIP_TYPE_MESSAGE, 0);
  /**
   * SipSession::dtmf:
   * @self: the session
   * @request: (nullable): the INFO, received or sent; %NULL for a tone in RTP
   * @dtmf: the tone
   *
   * A tone was received or sent; #SipDtmf:received tells which.
   */
  install_signal (SIP_SIGNAL_DTMF, "dtmf", 2, SIP_TYPE_MESSAGE, SIP_TYPE_DTMF);
  /**
   * SipSession::SessionDescriptionHandler-created:
   * @self: the session
   * @handler: its media
   *
   * The media is there. Once for each handler.
   */
  install_signal (SIP_SIGNAL_SDH_CREATED, "SessionDescriptionHandler-created", 1,
                  SIP_TYPE_SESSION_DESCRIPTION_HANDLER, 0);
  /**
   * SipSession::directionChanged:
   * @self: the session
   *
   * A round of offer and answer is complete; the handler knows both directions.
   */
  install_signal (SIP_SIGNAL_DIRECTION_CHANGED, "directionChanged", 0, 0, 0);
  /**
   * SipSession::trackAdded:
   * @self: the session
   *
   * The handler has one more track.
   */
  install_signal (SIP_SIGNAL_TRACK_ADDED, "trackAdded", 0, 0, 0);
  /**
   * SipSession::ack:
   * @self: the session
   * @request: the ACK
   *
   * An ACK was sent.
   */
  install_signal (SIP_SIGNAL_ACK, "ack", 1, SIP_TYPE_MESSAGE, 0);
  /**
   * SipSession::confirmed:
   * @self: the session
   * @request: the ACK
   *
   * An ACK was received.
   */
  install_signal (SIP_SIGNAL_CONFIRMED, "confirmed", 1, SIP_TYPE_MESSAGE, 0);
  /**
   * SipSession::info:
   * @self: the session
   * @request: the INFO
   *
   * An INFO that is no tone was received and answered.
   */
  install_signal (SIP_SIGNAL_INFO, "info", 1, SIP_TYPE_MESSAGE, 0);
  /**
   * SipSession::mediaFailed:
   * @self: the session
   * @error: what went wrong
   *
   * The media stopped working.
   */
  install_signal (SIP_SIGNAL_MEDIA_FAILED, "mediaFailed", 1, G_TYPE_ERROR, 0);
  /**
   * SipSession::dtmfFailed:
   * @self: the session
   * @error: what went wrong
   *
   * A tone was not taken; those behind it are dropped.
   */
  install_signal (SIP_SIGNAL_DTMF_FAILED, "dtmfFailed", 1, G_TYPE_ERROR, 0);
}

/* The one way to emit: what hears of it may drop the last reference. */
void
sip_session_emit (SipSession *self, SipSessionSignal signal, ...)
{
  g_autoptr (SipSession) guard = g_object_ref (self);
  va_list args;

  va_start (args, signal);
  g_signal_emit_valist (self, signals[signal], 0, args);
  va_end (args);
}

gboolean
sip_session_has_listener (SipSession *self, SipSessionSignal signal)
{
  return g_signal_has_handler_pending (self, signals[signal], 0, FALSE);
}
