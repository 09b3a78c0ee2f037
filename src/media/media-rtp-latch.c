/* media-rtp-latch.c - tells the other side from a stranger who sends to the same port
 *
 * Down: a description -> expect()
 * Up:   a packet's sender -> take() -> whether it is heard
 *
 * Behind a router that rewrites addresses the other side does not know its own, so sound may come
 * from elsewhere than its description says. Whoever is followed too easily is a stranger who
 * hears the call.
 */

#include "media-rtp-latch-private.h"

/* How long after a description, and by how many packets, clear sound may prove itself. */
#define WINDOW_US (2 * G_USEC_PER_SEC)
#define ENOUGH 5

gboolean
media_rtp_latch_is_same_host (GSocketAddress *a, GSocketAddress *b)
{
  if (!G_IS_INET_SOCKET_ADDRESS (a) || !G_IS_INET_SOCKET_ADDRESS (b))
    return FALSE;
  return g_inet_address_equal (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (a)),
                               g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (b)));
}

gboolean
media_rtp_latch_is_same (GSocketAddress *a, GSocketAddress *b)
{
  return media_rtp_latch_is_same_host (a, b) &&
         g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (a)) ==
             g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (b));
}

void
media_rtp_latch_clear (MediaRtpLatch *self)
{
  g_clear_object (&self->expected);
  g_clear_object (&self->current);
  g_clear_object (&self->previous);
  g_clear_object (&self->candidate);
}

/* With each description. One that names the same place as before changes nothing about who was
 * found to be there.
 */
void
media_rtp_latch_expect (MediaRtpLatch *self, GSocketAddress *expected, gint64 now)
{
  g_clear_object (&self->candidate);
  if (!self->is_settled)
    self->until = now + WINDOW_US;
  if (media_rtp_latch_is_same (self->expected, expected))
    return;
  g_set_object (&self->expected, expected);
  if (self->is_settled)
    g_set_object (&self->previous, self->current);
  g_set_object (&self->current, expected);
  self->is_settled = FALSE;
  self->until = now + WINDOW_US;
}

static void
settle (MediaRtpLatch *self, GSocketAddress *from)
{
  g_set_object (&self->current, from);
  g_clear_object (&self->candidate);
  g_clear_object (&self->previous);
  self->is_settled = TRUE;
}

static gboolean
is_enough (MediaRtpLatch *self, GSocketAddress *from, guint32 source, guint payload)
{
  if (!media_rtp_latch_is_same (self->candidate, from) || self->source != source ||
      self->payload != payload) {
    g_set_object (&self->candidate, from);
    self->source = source;
    self->payload = payload;
    self->n_packets = 0;
  }
  return ++self->n_packets >= ENOUGH;
}

/* Whether a packet is heard. @is_genuine where its key proved whose it is: then it may come from
 * anywhere and at any time, and its sender is followed once nothing else comes between.
 */
gboolean
media_rtp_latch_take (MediaRtpLatch *self,
                      GSocketAddress *from,
                      guint32 source,
                      guint payload,
                      gboolean is_genuine,
                      gint64 now)
{
  if (self->current != NULL && media_rtp_latch_is_same (self->current, from)) {
    settle (self, from);
    return TRUE;
  }
  if (self->previous != NULL && now < self->until && media_rtp_latch_is_same (self->previous, from))
    return TRUE;
  if (is_genuine) {
    if (self->current != NULL && is_enough (self, from, source, payload))
      settle (self, from);
    return TRUE;
  }
  if (self->current != NULL && !self->is_settled && now < self->until &&
      is_enough (self, from, source, payload)) {
    settle (self, from);
    return TRUE;
  }
  self->n_dropped++;
  return FALSE;
}
