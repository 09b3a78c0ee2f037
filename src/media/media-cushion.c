/* media-cushion.c - how long sound waits before it is played: as short as the network lets it
 *
 * Up: MediaWatch, once a second, with the jitter that rtpbin counts -> adapt() -> rtpbin's latency
 */

#include "media-cushion-private.h"

/* The jitter of RFC 3550 is a mean; where packets are late by anything up to the worst, that is
 * four times as much. */
#define WORST 4

/* Longer as soon as it is needed; shorter bit by bit, for each change is heard. */
#define SLACK 10
#define CALM 3
#define STEP 50

void
media_cushion_init (MediaCushion *self)
{
  *self = (MediaCushion){MEDIA_CUSHION_LEAST};
}

/* @jitter in milliseconds. Returns whether the length is another one now. */
gboolean
media_cushion_adapt (MediaCushion *self, double jitter)
{
  guint wanted = CLAMP (WORST * jitter, MEDIA_CUSHION_LEAST, MEDIA_CUSHION_MOST) + self->frame;
  guint before = self->length;

  if (wanted + SLACK < self->length) {
    self->n_calm++;
  } else {
    self->n_calm = 0;
    if (wanted > self->length + SLACK)
      self->length = wanted;
  }
  if (self->n_calm >= CALM) {
    self->n_calm = 0;
    self->length = MAX (wanted, self->length - MIN (self->length, STEP));
  }
  return self->length != before;
}
