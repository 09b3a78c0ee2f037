/* sip-subscription.c - to be told of what changes elsewhere (RFC 6665)
 *
 *   INITIAL ─► PENDING ─► ACTIVE ─► TERMINATED     the notifier may skip PENDING
 *
 * Down: sip_ua_subscribe() -> SUBSCRIBE, again before its time is over; unsubscribe().
 * Up:   2xx -> accepted; sip-subscription-notify.c -> notifyReceived, an end -> terminated.
 */

#include "sip-subscription-private.h"

#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-session-private.h"
#include "sip-ua-private.h"

#include <string.h>

enum { FIRST_NOTIFY = 64 * SIP_T1 }; /* RFC 6665 4.1.2.4: timer N */

/**
 * SipSubscription:
 *
 * An interest in the state of somebody, renewed until it is given up (RFC 6665).
 *
 * [method@Sip.UA.subscribe] makes one. `accepted` comes with the first 2xx, `notifyReceived` with
 * each NOTIFY, and `terminated` once, as the last.
 */
G_DEFINE_FINAL_TYPE (SipSubscription, sip_subscription, G_TYPE_OBJECT)

enum { PROP_UA = 1, PROP_EVENT, PROP_STATE, PROP_REQUEST, N_PROPS };
static GParamSpec *props[N_PROPS];

enum { SIGNAL_ACCEPTED, SIGNAL_REJECTED, SIGNAL_NOTIFY_RECEIVED, SIGNAL_TERMINATED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void subscribe_anew (gpointer user_data);

static SipTimers *
get_timers (SipSubscription *self)
{
  return sip_endpoint_get_timers (sip_ua_get_endpoint (self->ua));
}

static void
clear_timer (SipSubscription *self)
{
  if (self->ua != NULL && sip_ua_get_endpoint (self->ua) != NULL)
    sip_timers_clear (get_timers (self), &self->timer_id);
}

static void
set_timer (SipSubscription *self, gint64 milliseconds, SipTimerFunc func)
{
  clear_timer (self);
  self->timer_id = sip_timers_add (get_timers (self), milliseconds, func, self);
}

/* The only writer of state. */
void
sip_subscription_set_state (SipSubscription *self, SipSubscriptionState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

/* @message: (nullable): what ended it */
void
sip_subscription_end (SipSubscription *self, SipMessage *message, const char *cause)
{
  g_autoptr (SipSubscription) guard = g_object_ref (self);

  if (self->state == SIP_SUBSCRIPTION_STATE_TERMINATED)
    return;
  clear_timer (self);
  sip_subscription_set_state (self, SIP_SUBSCRIPTION_STATE_TERMINATED);
  sip_ua_remove_subscription (self->ua, self);
  g_signal_emit (self, signals[SIGNAL_TERMINATED], 0, message, cause);
}

/* The user agent stops; nobody will tell anything any more. */
void
sip_subscription_stop (SipSubscription *self)
{
  sip_subscription_end (self, NULL, NULL);
}

static void
on_no_notify (gpointer user_data)
{
  g_autoptr (SipSubscription) self = g_object_ref (user_data);

  self->timer_id = 0;
  sip_subscription_end (self, NULL, "Request Timeout");
}

static void refresh (gpointer user_data);

/* Nine tenths of the time that is left, but half a minute before its end at the latest. */
void
sip_subscription_plan_refresh (SipSubscription *self, guint expires)
{
  set_timer (self, (gint64)MAX (expires * 9 / 10, expires > 30 ? expires - 30 : 0) * 1000, refresh);
}

static void
on_response (SipRequest *request, SipMessage *response, gpointer user_data)
{
  g_autoptr (SipSubscription) self = g_object_ref (user_data);
  guint code = sip_message_get_status_code (response);
  guint least = sip_message_read_number (response, "Min-Expires", 0);
  gboolean is_first = self->state == SIP_SUBSCRIPTION_STATE_INITIAL;

  if (code < 200 || self->state == SIP_SUBSCRIPTION_STATE_TERMINATED)
    return;
  if (code < 300) {
    guint expires = sip_message_read_number (response, "Expires", self->expires);

    if (self->dialog == NULL)
      self->dialog = sip_dialog_new_client (sip_request_get_message (request), response);
    if (self->expires == 0 || is_first)
      set_timer (self, FIRST_NOTIFY, on_no_notify);
    else
      sip_subscription_plan_refresh (self, MIN (expires, self->expires));
    if (request == self->sent)
      g_signal_emit (self, signals[SIGNAL_ACCEPTED], 0, response,
                     sip_message_get_reason_phrase (response));
  } else if (code == 423 && least > self->expires) {
    self->expires = least;
    subscribe_anew (self);
  } else if (!is_first && code == 481) {
    subscribe_anew (self);
  } else if (!is_first && (code == 408 || code / 100 == 5)) {
    set_timer (self,
               (gint64)sip_message_read_number (response, "Retry-After", SIP_SUBSCRIPTION_RETRY) *
                   1000,
               subscribe_anew);
  } else {
    g_autoptr (SipSubscription) guard = g_object_ref (self);

    g_signal_emit (self, signals[SIGNAL_REJECTED], 0, response,
                   sip_message_get_reason_phrase (response));
    sip_subscription_end (self, response, sip_cause_words (sip_cause_from_status (code)));
  }
}

/* In the dialog, with the time that is wanted; 0 ends it. */
static void
send_again (SipSubscription *self)
{
  g_autoptr (SipMessage) message = sip_dialog_create_request (self->dialog, "SUBSCRIBE");
  g_autoptr (SipRequest) request = NULL;

  sip_message_copy_headers (message, self->subscribe, "Event");
  sip_message_copy_headers (message, self->subscribe, "Accept");
  sip_message_add_header_printf (message, "Expires", "%u", self->expires);
  request = sip_ua_prepare_in (self->ua, self->dialog, message);
  g_signal_connect_object (request, "response", G_CALLBACK (on_response), self, 0);
  sip_request_send (request);
}

static void
refresh (gpointer user_data)
{
  g_autoptr (SipSubscription) self = g_object_ref (user_data);

  self->timer_id = 0;
  send_again (self);
}

/* A dialog of its own: the first, or one in place of that which came to an end. */
static void
subscribe_anew (gpointer user_data)
{
  g_autoptr (SipSubscription) self = g_object_ref (user_data);
  g_autoptr (SipMessage) message = sip_message_copy (self->subscribe);
  g_autofree char *next_hop = sip_ua_dup_next_hop (self->ua, sip_message_get_request_uri (message));
  g_autofree char *expires = g_strdup_printf ("%u", self->expires);

  clear_timer (self);
  g_clear_object (&self->dialog);
  if (self->sent != NULL) {
    g_autofree char *call_id = sip_random_token ();

    g_signal_handlers_disconnect_by_data (self->sent, self);
    sip_message_set_header (message, "Call-ID", call_id);
  }
  sip_message_set_header (message, "Expires", expires);
  sip_subscription_set_state (self, SIP_SUBSCRIPTION_STATE_INITIAL);
  sip_ua_add_subscription (self->ua, self, sip_message_get_call_id (message),
                           sip_message_get_from_tag (message));
  g_clear_object (&self->sent);
  self->sent = sip_ua_prepare (self->ua, next_hop, message);
  sip_ua_keep_request (self->ua, self->sent);
  g_signal_connect_object (self->sent, "response", G_CALLBACK (on_response), self, 0);
  sip_request_send (self->sent);
}

void
sip_subscription_begin_anew (SipSubscription *self, guint seconds)
{
  set_timer (self, (gint64)seconds * 1000, subscribe_anew);
}

static void
sip_subscription_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SipSubscription *self = SIP_SUBSCRIPTION (object);

  switch (id) {
  case PROP_UA:
    g_value_set_object (value, self->ua);
    break;
  case PROP_EVENT:
    g_value_set_string (value, self->event);
    break;
  case PROP_STATE:
    g_value_set_enum (value, self->state);
    break;
  case PROP_REQUEST:
    g_value_set_object (value, self->subscribe);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
sip_subscription_dispose (GObject *object)
{
  SipSubscription *self = SIP_SUBSCRIPTION (object);

  clear_timer (self);
  g_clear_handle_id (&self->start_id, g_source_remove);
  g_clear_object (&self->sent);
  g_clear_object (&self->dialog);
  g_clear_object (&self->subscribe);
  g_clear_object (&self->ua);
  G_OBJECT_CLASS (sip_subscription_parent_class)->dispose (object);
}

static void
sip_subscription_finalize (GObject *object)
{
  g_free (SIP_SUBSCRIPTION (object)->event);
  G_OBJECT_CLASS (sip_subscription_parent_class)->finalize (object);
}

static void
sip_subscription_class_init (SipSubscriptionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = sip_subscription_get_property;
  object_class->dispose = sip_subscription_dispose;
  object_class->finalize = sip_subscription_finalize;

  /**
   * SipSubscription:ua:
   *
   * The user agent that it belongs to.
   */
  props[PROP_UA] = g_param_spec_object ("ua", NULL, NULL, SIP_TYPE_UA, flags);
  /**
   * SipSubscription:event:
   *
   * What it is about: `message-summary`, `dialog`, `presence` …
   */
  props[PROP_EVENT] = g_param_spec_string ("event", NULL, NULL, NULL, flags);
  /**
   * SipSubscription:state:
   *
   * Where it stands.
   */
  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, SIP_TYPE_SUBSCRIPTION_STATE,
                                         SIP_SUBSCRIPTION_STATE_INITIAL, flags);
  /**
   * SipSubscription:request:
   *
   * The SUBSCRIBE that began it.
   */
  props[PROP_REQUEST] = g_param_spec_object ("request", NULL, NULL, SIP_TYPE_MESSAGE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);

  /**
   * SipSubscription::accepted:
   * @self: the subscription
   * @response: the 2xx
   * @cause: its words
   *
   * The notifier agrees; what there is to tell comes as `notifyReceived`.
   */
  signals[SIGNAL_ACCEPTED] =
      g_signal_new ("accepted", SIP_TYPE_SUBSCRIPTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, SIP_TYPE_MESSAGE, G_TYPE_STRING);
  /**
   * SipSubscription::rejected:
   * @self: the subscription
   * @response: the final response
   * @cause: its words
   *
   * The notifier refuses; `terminated` follows at once.
   */
  signals[SIGNAL_REJECTED] =
      g_signal_new ("rejected", SIP_TYPE_SUBSCRIPTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, SIP_TYPE_MESSAGE, G_TYPE_STRING);
  /**
   * SipSubscription::notifyReceived:
   * @self: the subscription
   * @request: the NOTIFY, which has its 200 already
   *
   * There is something to tell.
   */
  signals[SIGNAL_NOTIFY_RECEIVED] =
      g_signal_new ("notifyReceived", SIP_TYPE_SUBSCRIPTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, SIP_TYPE_MESSAGE);
  /**
   * SipSubscription::terminated:
   * @self: the subscription
   * @message: (nullable): what ended it
   * @cause: (nullable): why, in the notifier's or in SIP.js's words
   *
   * It is over. Exactly once, and the last signal of all.
   */
  signals[SIGNAL_TERMINATED] =
      g_signal_new ("terminated", SIP_TYPE_SUBSCRIPTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, SIP_TYPE_MESSAGE, G_TYPE_STRING);
}

static void
sip_subscription_init (SipSubscription *self)
{
}

static gboolean
on_start (gpointer user_data)
{
  SipSubscription *self = user_data;

  self->start_id = 0;
  subscribe_anew (self);
  return G_SOURCE_REMOVE;
}

/* @subscribe: with Event and Expires; it leaves in the next turn of the loop. */
SipSubscription *
sip_subscription_new (SipUA *ua, SipMessage *subscribe, const char *event)
{
  SipSubscription *self = g_object_new (SIP_TYPE_SUBSCRIPTION, NULL);

  self->ua = g_object_ref (ua);
  self->event = g_strdup (event);
  self->subscribe = g_object_ref (subscribe);
  self->expires = sip_message_read_number (subscribe, "Expires", 3600);
  sip_ua_add_subscription (ua, self, sip_message_get_call_id (subscribe),
                           sip_message_get_from_tag (subscribe));
  self->start_id = g_idle_add_full (G_PRIORITY_DEFAULT, on_start, self, NULL);
  return self;
}

/**
 * sip_subscription_unsubscribe:
 * @self: a subscription
 * @error: where a wrong state goes
 *
 * Ends it (RFC 6665 4.1.2.3). `terminated` comes with the notifier's last NOTIFY, or half a minute
 * later where none comes, or at once where the notifier has not spoken yet.
 *
 * Returns: %TRUE where the end is on its way, or reached already
 */
gboolean
sip_subscription_unsubscribe (SipSubscription *self, GError **error)
{
  g_return_val_if_fail (SIP_IS_SUBSCRIPTION (self), FALSE);

  if (self->state == SIP_SUBSCRIPTION_STATE_TERMINATED || self->expires == 0)
    return TRUE;
  self->expires = 0;
  g_clear_handle_id (&self->start_id, g_source_remove);
  if (self->dialog == NULL) {
    sip_subscription_end (self, NULL, NULL);
    return TRUE;
  }
  set_timer (self, FIRST_NOTIFY, on_no_notify);
  send_again (self);
  return TRUE;
}

/**
 * sip_subscription_get_state:
 * @self: a subscription
 *
 * Gets [property@Sip.Subscription:state].
 *
 * Returns: where it stands
 */
SipSubscriptionState
sip_subscription_get_state (SipSubscription *self)
{
  g_return_val_if_fail (SIP_IS_SUBSCRIPTION (self), SIP_SUBSCRIPTION_STATE_TERMINATED);

  return self->state;
}

/**
 * sip_subscription_get_event:
 * @self: a subscription
 *
 * Gets [property@Sip.Subscription:event].
 *
 * Returns: what it is about
 */
const char *
sip_subscription_get_event (SipSubscription *self)
{
  g_return_val_if_fail (SIP_IS_SUBSCRIPTION (self), NULL);

  return self->event;
}
