/* relay.c - a bad network between two ends of a call
 *
 * Each end is told the relay's port instead of the other's. What comes to one port leaves from the
 * other: late, twice, in another order, or not at all. Reports pass as they are.
 */

#include "relay.h"

#include "phone.h"

#include <string.h>

#define HERE "127.0.0.1"
#define PACKET_US 20000

typedef struct {
  GBytes *bytes;
  guint to;
  gint64 at;
} Late;

struct _Relay {
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
  GSocket *sockets[2];
  GSource *sources[3];
  GMutex lock; /* for all below */
  GSocketAddress *ends[2];
  Weather weather;
  GRand *luck;
  GArray *late; /* of Late */
  guint n_lost;
  guint n_passed;
};

static guint
get_port (GSocket *socket)
{
  g_autoptr (GSocketAddress) place = g_socket_get_local_address (socket, NULL);

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (place));
}

/* With the lock. */
static gboolean
happens (Relay *self, guint per_cent)
{
  return (guint)g_rand_int_range (self->luck, 0, 100) < per_cent;
}

/* With the lock. */
static void
send_later (Relay *self, guint to, const char *bytes, gsize size, gint64 at)
{
  Late late = {g_bytes_new (bytes, size), to, at};

  g_array_append_val (self->late, late);
}

/* With the lock. */
static void
forward (Relay *self, guint to, const char *bytes, gsize size)
{
  gint64 at = g_get_monotonic_time ();

  if ((guchar)bytes[1] >= 192 && (guchar)bytes[1] <= 223) {
    send_later (self, to, bytes, size, at);
    return;
  }
  if (happens (self, self->weather.loss)) {
    self->n_lost++;
    return;
  }
  self->n_passed++;
  if (self->weather.jitter > 0)
    at += g_rand_int_range (self->luck, 0, 1000 * self->weather.jitter);
  if (happens (self, self->weather.swaps))
    at += PACKET_US + PACKET_US / 2;
  send_later (self, to, bytes, size, at);
  if (happens (self, self->weather.doubles))
    send_later (self, to, bytes, size, at);
}

static void
send_due (Relay *self)
{
  gint64 now = g_get_monotonic_time ();

  for (guint i = 0; i < self->late->len;) {
    Late *late = &g_array_index (self->late, Late, i);

    if (late->at > now) {
      i++;
      continue;
    }
    if (self->ends[late->to] != NULL)
      g_socket_send_to (self->sockets[late->to], self->ends[late->to],
                        g_bytes_get_data (late->bytes, NULL), g_bytes_get_size (late->bytes), NULL,
                        NULL);
    g_bytes_unref (late->bytes);
    g_array_remove_index (self->late, i);
  }
}

static gboolean
on_tick (gpointer user_data)
{
  Relay *self = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  send_due (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_readable (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  Relay *self = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  char bytes[2048];
  gssize size;

  while ((size = g_socket_receive (socket, bytes, sizeof bytes, NULL, NULL)) > 12)
    forward (self, socket == self->sockets[0] ? 1 : 0, bytes, size);
  send_due (self);
  return G_SOURCE_CONTINUE;
}

static gpointer
run (gpointer data)
{
  Relay *self = data;

  g_main_loop_run (self->loop);
  return NULL;
}

Relay *
relay_new (guint32 seed)
{
  Relay *self = g_new0 (Relay, 1);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string (HERE, 0);

  g_mutex_init (&self->lock);
  self->luck = g_rand_new_with_seed (seed);
  self->late = g_array_new (FALSE, FALSE, sizeof (Late));
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  for (guint i = 0; i < 2; i++) {
    self->sockets[i] =
        g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
    g_assert_true (g_socket_bind (self->sockets[i], any, FALSE, NULL));
    g_socket_set_blocking (self->sockets[i], FALSE);
    self->sources[i] = g_socket_create_source (self->sockets[i], G_IO_IN, NULL);
    g_source_set_callback (self->sources[i], G_SOURCE_FUNC (on_readable), self, NULL);
    g_source_attach (self->sources[i], self->context);
  }
  self->sources[2] = g_timeout_source_new (2);
  g_source_set_callback (self->sources[2], on_tick, self, NULL);
  g_source_attach (self->sources[2], self->context);
  self->thread = g_thread_new ("relay", run, self);
  return self;
}

void
relay_free (Relay *self)
{
  g_main_loop_quit (self->loop);
  g_thread_join (self->thread);
  for (guint i = 0; i < G_N_ELEMENTS (self->sources); i++) {
    g_source_destroy (self->sources[i]);
    g_source_unref (self->sources[i]);
  }
  for (guint i = 0; i < 2; i++) {
    g_object_unref (self->sockets[i]);
    g_clear_object (&self->ends[i]);
  }
  for (guint i = 0; i < self->late->len; i++)
    g_bytes_unref (g_array_index (self->late, Late, i).bytes);
  g_array_unref (self->late);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_rand_free (self->luck);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* From now on. */
void
relay_set_weather (Relay *self, const Weather *weather)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->weather = *weather;
}

/* A description of one end, as the other one is to read it. */
char *
relay_rewrite (Relay *self, const char *sdp, gboolean is_first)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  guint end = is_first ? 0 : 1, port = phone_read_port (sdp);
  g_autofree char *before = g_strdup_printf ("m=audio %u ", port);
  g_autofree char *after = g_strdup_printf ("m=audio %u ", get_port (self->sockets[1 - end]));
  g_autoptr (GString) text = g_string_new (sdp);

  g_clear_object (&self->ends[end]);
  self->ends[end] = g_inet_socket_address_new_from_string (HERE, port);
  g_string_replace (text, before, after, 1);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

guint
relay_count_lost (Relay *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->n_lost;
}

guint
relay_count_passed (Relay *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->n_passed;
}
