/* sip-keep-alive.c - keeps the way to the server open, and notices when it is not (RFC 5626 4.4)
 *
 * Down: a timer -> two line ends by the transport, as often as the server or a NAT wants it
 * Up:   nothing came since: signal dead, where something used to come
 *
 * Of a stream the system notices, too, that what was sent is not confirmed, see
 * sip_transport_guard(); that is all there is where the server does not answer pings.
 */

#include "sip-keep-alive-private.h"

#include "sip-transport-private.h"

enum { PATIENCE = 10 }; /* seconds for an answer (RFC 5626 4.4.1) */

struct _SipKeepAlive {
  GObject parent_instance;

  SipTimers *timers;
  SipTransport *transport;
  GSocketAddress *to; /* NULL in a stream */
  guint seconds;
  gint64 asked; /* milliseconds of the timers' clock */
  gboolean is_answered;
  guint timer_id;
};

G_DEFINE_FINAL_TYPE (SipKeepAlive, sip_keep_alive, G_TYPE_OBJECT)

enum { SIGNAL_DEAD, N_SIGNALS };
static guint signals[N_SIGNALS];

static void wait (SipKeepAlive *self);

static void
on_patience_over (gpointer user_data)
{
  g_autoptr (SipKeepAlive) self = g_object_ref (user_data);
  gboolean was_answered = self->is_answered;

  self->timer_id = 0;
  self->is_answered = sip_transport_get_heard (self->transport) >= self->asked;
  if (was_answered && !self->is_answered)
    g_signal_emit (self, signals[SIGNAL_DEAD], 0);
  else
    wait (self);
}

static void
on_time (gpointer user_data)
{
  g_autoptr (SipKeepAlive) self = g_object_ref (user_data);
  g_autoptr (GBytes) ping = g_bytes_new_static ("\r\n\r\n", 4);

  self->timer_id = 0;
  self->asked = sip_timers_now ();
  if (!sip_transport_send (self->transport, ping, self->to, NULL))
    return; /* the transport tells of it */
  if (sip_transport_is_reliable (self->transport))
    self->timer_id = sip_timers_add (self->timers, PATIENCE * 1000, on_patience_over, self);
  else
    wait (self);
}

/* Not in step with all the others that lost the same server. */
static void
wait (SipKeepAlive *self)
{
  self->timer_id = sip_timers_add (
      self->timers, self->seconds * (gint64)g_random_int_range (800, 1000), on_time, self);
}

static void
sip_keep_alive_dispose (GObject *object)
{
  SipKeepAlive *self = SIP_KEEP_ALIVE (object);

  sip_timers_clear (self->timers, &self->timer_id);
  g_clear_object (&self->transport);
  g_clear_object (&self->to);
  G_OBJECT_CLASS (sip_keep_alive_parent_class)->dispose (object);
}

static void
sip_keep_alive_finalize (GObject *object)
{
  g_clear_object (&SIP_KEEP_ALIVE (object)->timers);
  G_OBJECT_CLASS (sip_keep_alive_parent_class)->finalize (object);
}

static void
sip_keep_alive_class_init (SipKeepAliveClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sip_keep_alive_dispose;
  G_OBJECT_CLASS (klass)->finalize = sip_keep_alive_finalize;

  /* Pings were answered, and now they are not. */
  signals[SIGNAL_DEAD] = g_signal_new ("dead", SIP_TYPE_KEEP_ALIVE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
}

static void
sip_keep_alive_init (SipKeepAlive *self)
{
}

/* Lasts as long as the object. @to: (nullable): whom to, in datagrams; @seconds: the longest time
 * between two pings
 */
SipKeepAlive *
sip_keep_alive_new (SipTimers *timers, SipTransport *transport, GSocketAddress *to, guint seconds)
{
  SipKeepAlive *self = g_object_new (SIP_TYPE_KEEP_ALIVE, NULL);

  self->timers = g_object_ref (timers);
  self->transport = g_object_ref (transport);
  g_set_object (&self->to, to);
  self->seconds = seconds;
  wait (self);
  return self;
}
