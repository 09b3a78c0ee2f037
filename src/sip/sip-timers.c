/* sip-timers.c - the one queue of timers of an endpoint
 *
 * It reads libosip2's clock, so whoever moves that clock moves every timer of the protocol.
 */

#include "sip-timers-private.h"

#include <sys/time.h>
#include <time.h>

#include <osip2/osip_time.h>

typedef struct {
  guint id;
  gint64 due; /* milliseconds of the clock */
  SipTimerFunc func;
  gpointer user_data;
} Timer;

struct _SipTimers {
  GObject parent_instance;

  GSource *source;
  GSequence *queue;  /* of Timer, the next one first */
  GHashTable *by_id; /* guint to GSequenceIter */
  guint last_id;
};

typedef struct {
  GSource source;
  SipTimers *timers; /* holds no reference: dispose() destroys the source */
} TimersSource;

G_DEFINE_FINAL_TYPE (SipTimers, sip_timers, G_TYPE_OBJECT)

static int
compare_timers (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Timer *first = a, *second = b;

  if (first->due != second->due)
    return first->due < second->due ? -1 : 1;
  return first->id < second->id ? -1 : first->id > second->id;
}

static gboolean
on_prepare (GSource *source, int *timeout)
{
  gint64 next = sip_timers_get_next (((TimersSource *)source)->timers);

  *timeout = next < 0 ? -1 : CLAMP (next - sip_timers_now (), 0, G_MAXINT);
  return *timeout == 0;
}

static gboolean
on_check (GSource *source)
{
  int timeout;

  return on_prepare (source, &timeout);
}

/* Runs what was due at the start; what that adds comes with the next turn of the loop. */
static gboolean
on_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  g_autoptr (SipTimers) self = g_object_ref (((TimersSource *)source)->timers);
  gint64 now = sip_timers_now ();
  guint last_id = self->last_id;

  while (!g_sequence_is_empty (self->queue) && !g_source_is_destroyed (source)) {
    GSequenceIter *iter = g_sequence_get_begin_iter (self->queue);
    Timer timer = *(Timer *)g_sequence_get (iter);

    if (timer.due > now || timer.id > last_id)
      break;
    g_hash_table_remove (self->by_id, GUINT_TO_POINTER (timer.id));
    g_sequence_remove (iter);
    timer.func (timer.user_data);
  }
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = {on_prepare, on_check, on_dispatch, NULL, NULL, NULL};

static void
sip_timers_dispose (GObject *object)
{
  SipTimers *self = SIP_TIMERS (object);

  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->queue, g_sequence_free);
  G_OBJECT_CLASS (sip_timers_parent_class)->dispose (object);
}

static void
sip_timers_class_init (SipTimersClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sip_timers_dispose;
}

static void
sip_timers_init (SipTimers *self)
{
  self->queue = g_sequence_new (g_free);
  self->by_id = g_hash_table_new (NULL, NULL);
  self->source = g_source_new (&source_funcs, sizeof (TimersSource));
  ((TimersSource *)self->source)->timers = self;
  g_source_set_static_name (self->source, "SIP timers");
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

SipTimers *
sip_timers_new (void)
{
  return g_object_new (SIP_TYPE_TIMERS, NULL);
}

/* Calls @func once, @delay milliseconds from now. */
guint
sip_timers_add (SipTimers *self, gint64 delay, SipTimerFunc func, gpointer user_data)
{
  Timer *timer = g_new (Timer, 1);

  timer->id = ++self->last_id;
  timer->due = sip_timers_now () + MAX (delay, 0);
  timer->func = func;
  timer->user_data = user_data;
  g_hash_table_insert (self->by_id, GUINT_TO_POINTER (timer->id),
                       g_sequence_insert_sorted (self->queue, timer, compare_timers, NULL));
  return timer->id;
}

/* Forgets the timer @id, if it is one and has not run, and makes it 0. */
void
sip_timers_clear (SipTimers *self, guint *id)
{
  GSequenceIter *iter = NULL;

  if (*id != 0 && self->by_id != NULL)
    iter = g_hash_table_lookup (self->by_id, GUINT_TO_POINTER (*id));
  if (iter != NULL) {
    g_hash_table_remove (self->by_id, GUINT_TO_POINTER (*id));
    g_sequence_remove (iter);
  }
  *id = 0;
}

/* When the next timer runs, on the clock of sip_timers_now(); -1 where none waits. */
gint64
sip_timers_get_next (SipTimers *self)
{
  if (g_sequence_is_empty (self->queue))
    return -1;
  return ((Timer *)g_sequence_get (g_sequence_get_begin_iter (self->queue)))->due;
}

gint64
sip_timers_now (void)
{
  struct timeval now;

  osip_gettimeofday (&now, NULL);
  return (gint64)now.tv_sec * 1000 + now.tv_usec / 1000;
}
