/* sip-ua-signals.c - what a user agent tells */

#include "sip-refer-server-context.h"
#include "sip-ua-private.h"

static guint signals[SIP_UA_N_SIGNALS];

static void
install_signal (SipUASignal signal, const char *name, guint n, GType first, GType second)
{
  signals[signal] = g_signal_new (name, SIP_TYPE_UA, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, n, first, second);
}

void
sip_ua_install_signals (SipUAClass *klass)
{
  /**
   * SipUA::connecting:
   * @self: the user agent
   *
   * It connects to its server.
   */
  install_signal (SIP_UA_CONNECTING, "connecting", 0, 0, 0);
  /**
   * SipUA::connected:
   * @self: the user agent
   *
   * It is connected, or bound where datagrams are its way.
   */
  install_signal (SIP_UA_CONNECTED, "connected", 0, 0, 0);
  /**
   * SipUA::disconnected:
   * @self: the user agent
   * @error: (nullable): why; %NULL where the server just ended it
   *
   * The connection was lost or could not be made; it is tried again by itself.
   */
  install_signal (SIP_UA_DISCONNECTED, "disconnected", 1, G_TYPE_ERROR, 0);
  /**
   * SipUA::registered:
   * @self: the user agent
   * @response: the 200
   *
   * Its server knows where to reach it; emitted for each refresh too.
   */
  install_signal (SIP_UA_REGISTERED, "registered", 1, SIP_TYPE_MESSAGE, 0);
  /**
   * SipUA::unregistered:
   * @self: the user agent
   * @response: (nullable): what told so
   * @cause: (nullable): why, where it was not asked for
   *
   * Its server no longer knows where to reach it.
   */
  install_signal (SIP_UA_UNREGISTERED, "unregistered", 2, SIP_TYPE_MESSAGE, G_TYPE_STRING);
  /**
   * SipUA::registrationFailed:
   * @self: the user agent
   * @response: (nullable): what told so
   * @cause: (nullable): why, in SIP.js's words
   *
   * A REGISTER was refused or lost; it is tried again where time may heal.
   */
  install_signal (SIP_UA_REGISTRATION_FAILED, "registrationFailed", 2, SIP_TYPE_MESSAGE,
                  G_TYPE_STRING);
  /**
   * SipUA::invite:
   * @self: the user agent
   * @session: the call
   *
   * A call comes in and rings.
   */
  install_signal (SIP_UA_INVITE, "invite", 1, SIP_TYPE_INVITE_SERVER_CONTEXT, 0);
  /**
   * SipUA::inviteSent:
   * @self: the user agent
   * @session: the call
   *
   * The INVITE of a call was handed to the network.
   */
  install_signal (SIP_UA_INVITE_SENT, "inviteSent", 1, SIP_TYPE_INVITE_CLIENT_CONTEXT, 0);
  /**
   * SipUA::message:
   * @self: the user agent
   * @context: the MESSAGE, which has its 200 already
   *
   * A text came outside of a call (RFC 3428). Where nobody listens the sender is told 480.
   */
  install_signal (SIP_UA_MESSAGE, "message", 1, SIP_TYPE_SERVER_CONTEXT, 0);
  /**
   * SipUA::notifyReceived:
   * @self: the user agent
   * @request: the NOTIFY, which has its 200 already
   *
   * A NOTIFY came that nobody subscribed to, as some servers tell of waiting messages. Where
   * nobody listens the sender is told 481.
   */
  install_signal (SIP_UA_NOTIFY_RECEIVED, "notifyReceived", 1, SIP_TYPE_MESSAGE, 0);
  /**
   * SipUA::outOfDialogReferRequested:
   * @self: the user agent
   * @context: the wish
   *
   * Somebody outside of a call wants another one called. Nothing happens without the program's
   * consent; where nobody listens the sender is told 405.
   */
  install_signal (SIP_UA_OUT_OF_DIALOG_REFER_REQUESTED, "outOfDialogReferRequested", 1,
                  SIP_TYPE_REFER_SERVER_CONTEXT, 0);
  /**
   * SipUA::transportCreated:
   * @self: the user agent
   * @transport: the transport
   *
   * A transport to the server was made.
   */
  install_signal (SIP_UA_TRANSPORT_CREATED, "transportCreated", 1, SIP_TYPE_TRANSPORT, 0);
  /**
   * SipUA::stopped:
   * @self: the user agent
   *
   * All is ended after sip_ua_stop_async().
   */
  install_signal (SIP_UA_STOPPED, "stopped", 0, 0, 0);
}

/* The one way to emit: what hears of it may drop the last reference. */
void
sip_ua_emit (SipUA *self, SipUASignal signal, ...)
{
  g_autoptr (SipUA) guard = g_object_ref (self);
  va_list args;

  va_start (args, signal);
  g_signal_emit_valist (self, signals[signal], 0, args);
  va_end (args);
}

gboolean
sip_ua_has_listener (SipUA *self, SipUASignal signal)
{
  return g_signal_has_handler_pending (self, signals[signal], 0, FALSE);
}
