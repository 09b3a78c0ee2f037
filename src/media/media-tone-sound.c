/* media-tone-sound.c - the keys of a telephone as they sound (ITU-T Q.23), for who takes them no
 * other way
 *
 * Down: a key and how long it is pressed -> a queue -> samples, in place of those of the microphone
 */

#include "media-tone-sound-private.h"

#include <math.h>

#define MAX_WAITING 32

/* Between two keys, and behind the last (ETSI ES 201 235-3: at least 40 ms). */
#define GAP_MS 60

/* Of full scale; the higher of the two is a little louder, for lines are worse up there. */
#define LOW_LEVEL 0.2
#define HIGH_LEVEL 0.25

/* Of a second: all rates of sound divide it. */
#define TICKS 48000

static const guint low[] = {697, 770, 852, 941};
static const guint high[] = {1209, 1336, 1477, 1633};

/* The row and the column of each event of RFC 4733. */
static const struct {
  guint row;
  guint column;
} keys[] = {{3, 1}, {0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {2, 0},
            {2, 1}, {2, 2}, {3, 0}, {3, 2}, {0, 3}, {1, 3}, {2, 3}, {3, 3}};

struct _MediaToneSound {
  GMutex lock; /* for all below */
  struct {
    guint event;
    guint n; /* ticks that sound */
  } waiting[MAX_WAITING];
  guint n_waiting;
  guint position; /* in the first of them, in ticks */
};

MediaToneSound *
media_tone_sound_new (void)
{
  MediaToneSound *self = g_atomic_rc_box_new0 (MediaToneSound);

  g_mutex_init (&self->lock);
  return self;
}

MediaToneSound *
media_tone_sound_ref (MediaToneSound *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (gpointer data)
{
  g_mutex_clear (&((MediaToneSound *)data)->lock);
}

void
media_tone_sound_unref (MediaToneSound *self)
{
  g_atomic_rc_box_release_full (self, clear);
}

/* @duration is in milliseconds. FALSE where too many wait. */
gboolean
media_tone_sound_add (MediaToneSound *self, guint event, guint duration)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_assert (event < G_N_ELEMENTS (keys));
  if (self->n_waiting == MAX_WAITING)
    return FALSE;
  self->waiting[self->n_waiting].event = event;
  self->waiting[self->n_waiting].n = (guint64)duration * TICKS / 1000;
  self->n_waiting++;
  return TRUE;
}

static double
compute (MediaToneSound *self, guint event)
{
  double turns = 2 * G_PI * self->position / TICKS;

  return LOW_LEVEL * sin (turns * low[keys[event].row]) +
         HIGH_LEVEL * sin (turns * high[keys[event].column]);
}

static gint16
make_sample (MediaToneSound *self, guint step)
{
  guint n = self->waiting[0].n, end = n + GAP_MS * TICKS / 1000;
  gint16 sample = 0;

  if (self->position < n)
    sample = G_MAXINT16 * compute (self, self->waiting[0].event);
  self->position += step;
  if (self->position >= end) {
    self->position = 0;
    self->n_waiting--;
    for (guint i = 0; i < self->n_waiting; i++)
      self->waiting[i] = self->waiting[i + 1];
  }
  return sample;
}

/* Whether there is something to fill() with. */
gboolean
media_tone_sound_is_playing (MediaToneSound *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->n_waiting > 0;
}

/* Replaces samples, in the order of bytes of S16LE and @rate of them in a second, as long as there
 * is something to play.
 */
void
media_tone_sound_fill (MediaToneSound *self, gint16 *samples, gsize n, guint rate)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (gsize i = 0; i < n && self->n_waiting > 0; i++)
    samples[i] = GINT16_TO_LE (make_sample (self, TICKS / rate));
}
