/* sip-session.c - a call, as both roles share it
 *
 *   client                                server
 *   NULL ─► INVITE_SENT ─► 1XX_RECEIVED   NULL ─► INVITE_RECEIVED ─► WAITING_FOR_ANSWER ◄─┐
 *     │          │    ╲     ▲  │                                        │       ▼         │
 *     │          │     ╲    ▼  │                                        │  WAITING_FOR_PRACK
 *     │          │  EARLY_MEDIA│                                        │       ▼
 *     │          │         │   │                                        │
 * ANSWERED_WAITING_FOR_PRACK │          ▼         ▼   ▼                                        ▼ ▼
 *     │       CANCELED    CONFIRMED ◄──────────── WAITING_FOR_ACK ◄── ANSWERED ◄┘
 *     │          │           └──── re-INVITE ────────►
 *     ▼          ▼           ▼                          ▼                ▼
 *   TERMINATED, from everywhere, once, and nothing after it; the server is CANCELED before it too
 *
 * Down: the verbs -> SipDialog makes a request -> SipUA sends it.
 * Up:   SipUA -> sip_session_receive() -> set_status(), then the signal.
 */

#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-session-private.h"
#include "sip-ua-private.h"

#include <string.h>

/**
 * SipSession:
 *
 * A call, whoever placed it: what SIP.js calls a Session.
 *
 * Its two kinds are [class@Sip.InviteClientContext], which [method@Sip.UA.invite] makes, and
 * [class@Sip.InviteServerContext], which the signal `invite` brings. The page *Calls* says in
 * which order the signals come and what may be asked when.
 */
G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (SipSession, sip_session, G_TYPE_OBJECT)

enum {
  PROP_UA = 1,
  PROP_METHOD,
  PROP_STATUS,
  PROP_CAUSE,
  PROP_SESSION_DESCRIPTION_HANDLER,
  PROP_MEDIA_PROFILE,
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
  PROP_LOCAL_HOLD,
  PROP_REMOTE_HOLD,
  PROP_HOLD_PENDING,
  PROP_MOVING,
  PROP_TAKES_REFER,
  PROP_REPLACEE,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

#define BIT SIP_STATUS_BIT

/* What may follow what; TERMINATED may follow everything but itself. */
static const guint may_follow[] = {
    [SIP_SESSION_STATUS_NULL] = BIT (INVITE_SENT) | BIT (INVITE_RECEIVED) | BIT (CANCELED),
    [SIP_SESSION_STATUS_INVITE_SENT] =
        BIT (1XX_RECEIVED) | BIT (EARLY_MEDIA) | BIT (CANCELED) | BIT (CONFIRMED),
    [SIP_SESSION_STATUS_1XX_RECEIVED] = BIT (EARLY_MEDIA) | BIT (CANCELED) | BIT (CONFIRMED),
    [SIP_SESSION_STATUS_EARLY_MEDIA] = BIT (1XX_RECEIVED) | BIT (CANCELED) | BIT (CONFIRMED),
    [SIP_SESSION_STATUS_INVITE_RECEIVED] = BIT (WAITING_FOR_ANSWER),
    [SIP_SESSION_STATUS_WAITING_FOR_ANSWER] =
        BIT (WAITING_FOR_PRACK) | BIT (ANSWERED) | BIT (CANCELED),
    [SIP_SESSION_STATUS_WAITING_FOR_PRACK] =
        BIT (WAITING_FOR_ANSWER) | BIT (ANSWERED_WAITING_FOR_PRACK) | BIT (CANCELED),
    [SIP_SESSION_STATUS_ANSWERED_WAITING_FOR_PRACK] = BIT (ANSWERED) | BIT (CANCELED),
    [SIP_SESSION_STATUS_ANSWERED] = BIT (WAITING_FOR_ACK) | BIT (CANCELED),
    [SIP_SESSION_STATUS_WAITING_FOR_ACK] = BIT (CONFIRMED),
    [SIP_SESSION_STATUS_CANCELED] = 0,
    [SIP_SESSION_STATUS_TERMINATED] = 0,
    [SIP_SESSION_STATUS_CONFIRMED] = BIT (WAITING_FOR_ACK),
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
  case PROP_MEDIA_PROFILE:
    g_value_set_enum (value, priv->media_profile);
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
  case PROP_LOCAL_HOLD:
    g_value_set_boolean (value, priv->local_hold);
    break;
  case PROP_REMOTE_HOLD:
    g_value_set_boolean (value, priv->remote_hold);
    break;
  case PROP_HOLD_PENDING:
    g_value_set_boolean (value, sip_session_get_hold_pending (SIP_SESSION (object)));
    break;
  case PROP_MOVING:
    g_value_set_boolean (value, sip_session_get_moving (SIP_SESSION (object)));
    break;
  case PROP_TAKES_REFER:
    g_value_set_boolean (value, !priv->lacks_refer);
    break;
  case PROP_REPLACEE:
    g_value_set_object (value, priv->replacee);
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
  sip_session_stop_timer (SIP_SESSION (object));
  sip_session_drop_round (SIP_SESSION (object));
  g_clear_pointer (&priv->acks, g_hash_table_unref);
  g_clear_pointer (&priv->refers, g_ptr_array_unref);
  g_clear_pointer (&priv->referrals, g_ptr_array_unref);
  g_clear_object (&priv->offer);
  g_clear_object (&priv->replacee);
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
   * SipSession:media-profile:
   *
   * Which kind of media it is to have; %SIP_MEDIA_PROFILE_AUTO is that which the other side offers.
   * It may change before a call of this side is answered, together with the handler.
   */
  props[PROP_MEDIA_PROFILE] = g_param_spec_enum (
      "media-profile", NULL, NULL, SIP_TYPE_MEDIA_PROFILE, SIP_MEDIA_PROFILE_AUTO, flags);
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
  /**
   * SipSession:local-hold:
   *
   * Whether this side holds the other, as it was agreed last.
   */
  props[PROP_LOCAL_HOLD] = g_param_spec_boolean ("local-hold", NULL, NULL, FALSE, flags);
  /**
   * SipSession:remote-hold:
   *
   * Whether the other side holds this one, as it was agreed last.
   */
  props[PROP_REMOTE_HOLD] = g_param_spec_boolean ("remote-hold", NULL, NULL, FALSE, flags);
  /**
   * SipSession:hold-pending:
   *
   * Whether #SipSession:local-hold is about to change, because sip_session_hold() or
   * sip_session_unhold() is not settled yet.
   */
  props[PROP_HOLD_PENDING] = g_param_spec_boolean ("hold-pending", NULL, NULL, FALSE, flags);
  /**
   * SipSession:moving:
   *
   * Whether this machine has another address than the other side sends its media to. That is told
   * again and again; what is not settled in 30 seconds ends the call.
   */
  props[PROP_MOVING] = g_param_spec_boolean ("moving", NULL, NULL, FALSE, flags);
  /**
   * SipSession:takes-refer:
   *
   * Whether the other side can be told to call somebody else: it names REFER in its Allow (RFC 3261
   * 20.5), or never said what it takes.
   */
  props[PROP_TAKES_REFER] = g_param_spec_boolean ("takes-refer", NULL, NULL, TRUE, flags);
  /**
   * SipSession:replacee:
   *
   * The session whose place this one takes when it is accepted (RFC 3891); %NULL for none, and
   * once this one is over.
   */
  props[PROP_REPLACEE] = g_param_spec_object ("replacee", NULL, NULL, SIP_TYPE_SESSION, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);

  sip_session_install_signals (klass);
}

static void
sip_session_init (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  priv->data = g_object_new (G_TYPE_OBJECT, NULL);
  priv->cancellable = g_cancellable_new ();
  g_queue_init (&priv->tones);
  priv->acks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  priv->refers = g_ptr_array_new_with_free_func (g_object_unref);
  priv->referrals = g_ptr_array_new_with_free_func (g_object_unref);
}

SipSessionPrivate *
sip_session_peek (SipSession *self)
{
  return sip_session_get_instance_private (self);
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

/* The only writer of both: what was agreed, and what this side wants. */
void
sip_session_set_hold (SipSession *self, gboolean local, gboolean wanted)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  gboolean was_pending = sip_session_get_hold_pending (self);
  gboolean changed = priv->local_hold != local;

  priv->local_hold = local;
  priv->hold_wanted = wanted;
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOCAL_HOLD]);
  if (sip_session_get_hold_pending (self) != was_pending)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_HOLD_PENDING]);
}

void
sip_session_set_remote_hold (SipSession *self, gboolean remote)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  if (priv->remote_hold == remote)
    return;
  priv->remote_hold = remote;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REMOTE_HOLD]);
}
