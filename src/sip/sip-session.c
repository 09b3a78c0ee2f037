/* sip-session.c - a call, as both roles share it
 *
 *   client                                  server
 *   NULL ─► INVITE_SENT ─► 1XX_RECEIVED     NULL ─► INVITE_RECEIVED ─► WAITING_FOR_ANSWER
 *     │          │    ╲        │   ╲                                     │            │
 *     │          ▼     ▼       ▼    ▼                                    ▼            │
 *     │       CANCELED   CONFIRMED ◄──────────── WAITING_FOR_ACK ◄── ANSWERED         │
 *     ▼          ▼           ▼                          ▼                ▼            ▼
 *   TERMINATED, from everywhere, once, and nothing after it ─────────────────── (CANCELED too)
 *
 * Down: the verbs -> SipDialog makes a request -> SipUA sends it.
 * Up:   SipUA -> sip_session_receive() -> set_status(), then the signal.
 */

#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-session-private.h"
#include "sip-ua-private.h"

#include <string.h>

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (SipSession, sip_session, G_TYPE_OBJECT)

enum {
  PROP_UA = 1,
  PROP_METHOD,
  PROP_STATUS,
  PROP_CAUSE,
  PROP_SESSION_DESCRIPTION_HANDLER,
  PROP_REQUEST,
  PROP_LOCAL_IDENTITY,
  PROP_REMOTE_IDENTITY,
  PROP_ASSERTED_IDENTITY,
  PROP_START_TIME,
  PROP_END_TIME,
  PROP_DATA,
  PROP_ID,
  PROP_CALL_ID,
  PROP_CONTACT,
  PROP_CANCELED,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

static guint signals[SIP_N_SIGNALS];

#define BIT SIP_STATUS_BIT

/* What may follow what; TERMINATED may follow everything but itself. */
static const guint may_follow[] = {
    [SIP_SESSION_STATUS_NULL] = BIT (INVITE_SENT) | BIT (INVITE_RECEIVED) | BIT (CANCELED),
    [SIP_SESSION_STATUS_INVITE_SENT] = BIT (1XX_RECEIVED) | BIT (CANCELED) | BIT (CONFIRMED),
    [SIP_SESSION_STATUS_1XX_RECEIVED] = BIT (CANCELED) | BIT (CONFIRMED),
    [SIP_SESSION_STATUS_INVITE_RECEIVED] = BIT (WAITING_FOR_ANSWER),
    [SIP_SESSION_STATUS_WAITING_FOR_ANSWER] = BIT (ANSWERED) | BIT (CANCELED),
    [SIP_SESSION_STATUS_ANSWERED] = BIT (WAITING_FOR_ACK) | BIT (CANCELED),
    [SIP_SESSION_STATUS_WAITING_FOR_ACK] = BIT (CONFIRMED),
    [SIP_SESSION_STATUS_CANCELED] = 0,
    [SIP_SESSION_STATUS_TERMINATED] = 0,
    [SIP_SESSION_STATUS_CONFIRMED] = 0,
};

static void
sip_session_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SipSessionPrivate *priv = sip_session_peek (SIP_SESSION (object));

  switch (id) {
  case PROP_UA:
    g_value_set_object (value, priv->ua);
    break;
  case PROP_METHOD:
    g_value_set_static_string (value, "INVITE");
    break;
  case PROP_STATUS:
    g_value_set_enum (value, priv->status);
    break;
  case PROP_CAUSE:
    g_value_set_enum (value, priv->cause);
    break;
  case PROP_SESSION_DESCRIPTION_HANDLER:
    g_value_set_object (value, priv->handler);
    break;
  case PROP_REQUEST:
    g_value_set_object (value, priv->request);
    break;
  case PROP_LOCAL_IDENTITY:
    g_value_set_object (value, priv->local_identity);
    break;
  case PROP_REMOTE_IDENTITY:
    g_value_set_object (value, priv->remote_identity);
    break;
  case PROP_ASSERTED_IDENTITY:
    g_value_set_object (value, priv->asserted_identity);
    break;
  case PROP_START_TIME:
    g_value_set_boxed (value, priv->start_time);
    break;
  case PROP_END_TIME:
    g_value_set_boxed (value, priv->end_time);
    break;
  case PROP_DATA:
    g_value_set_object (value, priv->data);
    break;
  case PROP_ID:
    g_value_set_string (value, priv->id);
    break;
  case PROP_CALL_ID:
    g_value_set_string (value, sip_message_get_call_id (priv->request));
    break;
  case PROP_CONTACT:
    g_value_set_string (value, priv->contact);
    break;
  case PROP_CANCELED:
    g_value_set_boolean (value, priv->canceled);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
sip_session_dispose (GObject *object)
{
  SipSessionPrivate *priv = sip_session_peek (SIP_SESSION (object));

  if (priv->cancellable != NULL)
    g_cancellable_cancel (priv->cancellable);
  sip_session_drop_tones (SIP_SESSION (object));
  g_clear_object (&priv->cancellable);
  g_clear_object (&priv->handler);
  g_clear_object (&priv->dialog);
  g_clear_object (&priv->timers);
  g_clear_object (&priv->options);
  g_clear_object (&priv->modifiers);
  g_clear_object (&priv->ua);
  g_clear_object (&priv->request);
  g_clear_object (&priv->data);
  G_OBJECT_CLASS (sip_session_parent_class)->dispose (object);
}

static void
sip_session_finalize (GObject *object)
{
  SipSessionPrivate *priv = sip_session_peek (SIP_SESSION (object));

  g_clear_object (&priv->local_identity);
  g_clear_object (&priv->remote_identity);
  g_clear_object (&priv->asserted_identity);
  g_clear_pointer (&priv->start_time, g_date_time_unref);
  g_clear_pointer (&priv->end_time, g_date_time_unref);
  g_free (priv->id);
  g_free (priv->contact);
  G_OBJECT_CLASS (sip_session_parent_class)->finalize (object);
}

static void
install_signal (SipSessionSignal signal, const char *name, guint n, GType first, GType second)
{
  signals[signal] = g_signal_new (name, SIP_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, n, first, second);
}

static void
sip_session_class_init (SipSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = sip_session_get_property;
  object_class->dispose = sip_session_dispose;
  object_class->finalize = sip_session_finalize;

  /**
   * SipSession:ua:
   *
   * The user agent that it belongs to.
   */
  props[PROP_UA] = g_param_spec_object ("ua", NULL, NULL, SIP_TYPE_UA, flags);
  /**
   * SipSession:method:
   *
   * Always `INVITE`.
   */
  props[PROP_METHOD] = g_param_spec_string ("method", NULL, NULL, "INVITE", flags);
  /**
   * SipSession:status:
   *
   * Where it stands.
   */
  props[PROP_STATUS] = g_param_spec_enum ("status", NULL, NULL, SIP_TYPE_SESSION_STATUS,
                                          SIP_SESSION_STATUS_NULL, flags);
  /**
   * SipSession:cause:
   *
   * Why it ended.
   */
  props[PROP_CAUSE] =
      g_param_spec_enum ("cause", NULL, NULL, SIP_TYPE_CAUSE, SIP_CAUSE_NONE, flags);
  /**
   * SipSession:session-description-handler:
   *
   * Its media; %NULL before the first description is needed.
   */
  props[PROP_SESSION_DESCRIPTION_HANDLER] = g_param_spec_object (
      "session-description-handler", NULL, NULL, SIP_TYPE_SESSION_DESCRIPTION_HANDLER, flags);
  /**
   * SipSession:request:
   *
   * The INVITE that began it.
   */
  props[PROP_REQUEST] = g_param_spec_object ("request", NULL, NULL, SIP_TYPE_MESSAGE, flags);
  /**
   * SipSession:local-identity:
   *
   * Who this side is to the other.
   */
  props[PROP_LOCAL_IDENTITY] =
      g_param_spec_object ("local-identity", NULL, NULL, SIP_TYPE_NAME_ADDR, flags);
  /**
   * SipSession:remote-identity:
   *
   * Who the other side says it is.
   */
  props[PROP_REMOTE_IDENTITY] =
      g_param_spec_object ("remote-identity", NULL, NULL, SIP_TYPE_NAME_ADDR, flags);
  /**
   * SipSession:asserted-identity:
   *
   * Who the server says the other side is (RFC 3325); %NULL where it says nothing.
   */
  props[PROP_ASSERTED_IDENTITY] =
      g_param_spec_object ("asserted-identity", NULL, NULL, SIP_TYPE_NAME_ADDR, flags);
  /**
   * SipSession:start-time:
   *
   * When it was accepted; %NULL before.
   */
  props[PROP_START_TIME] = g_param_spec_boxed ("start-time", NULL, NULL, G_TYPE_DATE_TIME, flags);
  /**
   * SipSession:end-time:
   *
   * When it ended; %NULL before.
   */
  props[PROP_END_TIME] = g_param_spec_boxed ("end-time", NULL, NULL, G_TYPE_DATE_TIME, flags);
  /**
   * SipSession:data:
   *
   * An empty object of its own, for the program.
   */
  props[PROP_DATA] = g_param_spec_object ("data", NULL, NULL, G_TYPE_OBJECT, flags);
  /**
   * SipSession:id:
   *
   * What tells it from all others: Call-ID and the caller's tag.
   */
  props[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  /**
   * SipSession:call-id:
   *
   * Its Call-ID.
   */
  props[PROP_CALL_ID] = g_param_spec_string ("call-id", NULL, NULL, NULL, flags);
  /**
   * SipSession:contact:
   *
   * Where the other side was told to reach this one; %NULL before anything was sent.
   */
  props[PROP_CONTACT] = g_param_spec_string ("contact", NULL, NULL, NULL, flags);
  /**
   * SipSession:canceled:
   *
   * Whether it was cancelled before anybody talked, by either side.
   */
  props[PROP_CANCELED] = g_param_spec_boolean ("canceled", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);

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
   * SipSession::dtmf:
   * @self: the session
   * @request: (nullable): the INFO, received or sent; %NULL for a tone in RTP
   * @dtmf: the tone
   *
   * A tone was received or sent.
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

static void
sip_session_init (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  priv->data = g_object_new (G_TYPE_OBJECT, NULL);
  priv->cancellable = g_cancellable_new ();
  g_queue_init (&priv->tones);
}

SipSessionPrivate *
sip_session_peek (SipSession *self)
{
  return sip_session_get_instance_private (self);
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

/* The only writer of status. */
void
sip_session_set_status (SipSession *self, SipSessionStatus status)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  if (priv->status == status)
    return;
  g_return_if_fail (priv->status != SIP_SESSION_STATUS_TERMINATED);
  g_return_if_fail (status == SIP_SESSION_STATUS_TERMINATED ||
                    (may_follow[priv->status] & (1u << status)) != 0);

  g_debug ("%s: status %d to %d", priv->id, priv->status, status);
  priv->status = status;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATUS]);
}
