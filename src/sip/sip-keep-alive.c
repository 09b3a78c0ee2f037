/* sip-keep-alive.c - keeps the way to the server open, and notices when it is not (RFC 5626 4.4)
 *
 * Down: a timer -> two line ends by the transport, or a request of STUN in datagrams where the
 *       server answers those, as often as it or a NAT wants it
 * Up:   nothing came since: signal dead, where something has to come or used to; the server sees us
 *       elsewhere: signal moved
 *
 * Of a stream the system notices, too, that what was sent is not confirmed, see
 * sip_transport_guard(); that is all there is where the server does not answer pings.
 */

#include "sip-keep-alive-private.h"

#include "sip-stun-private.h"
#include "sip-transport-private.h"

enum {
  PATIENCE = 10, /* seconds for an answer (RFC 5626 4.4.1) */
  MAX_SENT = 4,  /* times that a request of STUN is sent */
  AGAIN = 500,   /* milliseconds to the second time, twice as long each time (RFC 8489 6.2.1) */
};

struct _SipKeepAlive {
  GObject parent_instance;

  SipTimers *timers;
  SipTransport *transport;
  GSocketAddress *to; /* NULL in a stream */
  guint seconds;
  gint64 asked; /* milliseconds of the timers' clock */
  guint timer_id;

  gboolean has_stun;
  guint8 id[SIP_STUN_ID]; /* of the last request */
  guint n_sent;
  guint again_id;
  GSocketAddress *seen; /* where the server saw us last; NULL before */
};

G_DEFINE_FINAL_TYPE (SipKeepAlive, sip_keep_alive, G_TYPE_OBJECT)

enum { SIGNAL_DEAD, SIGNAL_MOVED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void wait (SipKeepAlive *self);

static void
on_patience_over (gpointer user_data)
{
  g_autoptr (SipKeepAlive) self = g_object_ref (user_data);

  self->timer_id = 0;
  if (sip_transport_has_ponged (self->transport) &&
      sip_transport_get_heard (self->transport) < self->asked)
    g_signal_emit (self, signals[SIGNAL_DEAD], 0);
  else
    wait (self);
}

static void
on_binding (SipTransport *transport, GBytes *bytes, GSocketAddress *from, gpointer user_data)
{
  g_autoptr (SipKeepAlive) self = g_object_ref (user_data);
  g_autoptr (GSocketAddress) seen =
      sip_stun_read_response (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), self->id);
  gboolean has_moved =
      seen != NULL && self->seen != NULL && !sip_transport_is_same_address (seen, self->seen);

  if (seen == NULL || !sip_transport_is_same_address (from, self->to))
    return;
  sip_timers_clear (self->timers, &self->again_id);
  sip_timers_clear (self->timers, &self->timer_id);
  g_set_object (&self->seen, seen);
  wait (self);
  if (has_moved)
    g_signal_emit (self, signals[SIGNAL_MOVED], 0);
}

static void
ask (gpointer user_data)
{
  SipKeepAlive *self = user_data;
  g_autoptr (GBytes) request = sip_stun_new_request (self->id);

  self->again_id = 0;
  if (!sip_transport_send (self->transport, request, self->to, NULL))
    g_debug ("a request of STUN cannot be sent");
  if (++self->n_sent < MAX_SENT)
    self->again_id = sip_timers_add (self->timers, AGAIN << (self->n_sent - 1), ask, self);
}

static void
on_nothing_heard (gpointer user_data)
{
  SipKeepAlive *self = user_data;

  self->timer_id = 0;
  g_signal_emit (self, signals[SIGNAL_DEAD], 0);
}

static void
ask_anew (SipKeepAlive *self)
{
  for (guint i = 0; i < SIP_STUN_ID; i++)
    self->id[i] = g_random_int_range (0, 256);
  self->n_sent = 0;
  self->timer_id = sip_timers_add (self->timers, PATIENCE * 1000, on_nothing_heard, self);
  ask (self);
}

static void
on_time (gpointer user_data)
{
  g_autoptr (SipKeepAlive) self = g_object_ref (user_data);
  g_autoptr (GBytes) ping = g_bytes_new_static ("\r\n\r\n", 4);

  self->timer_id = 0;
  if (self->has_stun) {
    ask_anew (self);
    return;
  }
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
  sip_timers_clear (self->timers, &self->again_id);
  g_clear_object (&self->seen);
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

  /* The server sees us at another address than before. */
  signals[SIGNAL_MOVED] = g_signal_new ("moved", SIP_TYPE_KEEP_ALIVE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);
  /* Pings were answered, or have to be, and now they are not. */
  signals[SIGNAL_DEAD] = g_signal_new ("dead", SIP_TYPE_KEEP_ALIVE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
}

static void
sip_keep_alive_init (SipKeepAlive *self)
{
}

/* Lasts as long as the object. @to: (nullable): whom to, in datagrams; @seconds: the longest time
 * between two pings; @has_stun: whether datagrams are requests of STUN, which the server answers
 */
SipKeepAlive *
sip_keep_alive_new (SipTimers *timers,
                    SipTransport *transport,
                    GSocketAddress *to,
                    guint seconds,
                    gboolean has_stun)
{
  SipKeepAlive *self = g_object_new (SIP_TYPE_KEEP_ALIVE, NULL);

  self->timers = g_object_ref (timers);
  self->transport = g_object_ref (transport);
  g_set_object (&self->to, to);
  self->seconds = seconds;
  self->has_stun = has_stun && !sip_transport_is_reliable (transport);
  if (self->has_stun)
    g_signal_connect_object (transport, "binding", G_CALLBACK (on_binding), self, 0);
  wait (self);
  return self;
}
