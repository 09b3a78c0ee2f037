/* media-rtp-tone.c - the keys of a telephone, in place of sound (RFC 4733)
 *
 * Down: a tone waits -> packets of sound are replaced by it, so that numbers and pace stay
 * Up:   packets of one tone, some twice and some lost -> the tone, once
 */

#include "media-rtp-tone-private.h"

#include <string.h>

#define HEADER 12
#define VOLUME 10 /* below full scale, in dB */
#define ENDS 3

/* A tone whose end is lost is over when nothing more comes of it. */
#define SILENCE_US (200 * G_TIME_SPAN_MILLISECOND)

/* Faster than any finger, and slow enough to do no harm; what a network held up comes at once. */
#define LEAST_US (10 * G_TIME_SPAN_MILLISECOND)
#define AT_ONCE 10

static const char letters[] = "0123456789*#ABCD";

/* -1 where it is none. */
int
media_rtp_tone_find_event (char letter)
{
  const char *found = letter != '\0' ? strchr (letters, g_ascii_toupper (letter)) : NULL;

  return found != NULL ? found - letters : -1;
}

char
media_rtp_tone_get_letter (guint event)
{
  return letters[event];
}

static void
drop_first (MediaRtpToneOut *self)
{
  self->n_waiting--;
  memmove (self->waiting, self->waiting + 1, self->n_waiting * sizeof self->waiting[0]);
  self->is_sounding = FALSE;
}

/* With every round. A tone that sounds cannot become another one: the other side would hear two. */
void
media_rtp_tone_want (MediaRtpToneOut *self, MediaRtpToneTerms terms)
{
  if (self->is_sounding && memcmp (&self->terms, &terms, sizeof terms) != 0)
    drop_first (self);
  self->terms = terms;
  if (terms.payload == 0)
    self->n_waiting = 0;
}

/* FALSE where too many wait, or the other side wants none. */
gboolean
media_rtp_tone_add (MediaRtpToneOut *self, guint event, guint duration)
{
  if (self->terms.payload == 0 || self->n_waiting == MEDIA_RTP_TONES_WAITING)
    return FALSE;
  self->waiting[self->n_waiting].event = event;
  self->waiting[self->n_waiting].duration = duration;
  self->n_waiting++;
  return TRUE;
}

static void
write_event (guchar *packet, guint payload, gboolean is_first, guint32 start)
{
  guint32 stamp = GUINT32_TO_BE (start);

  packet[0] = 2 << 6;
  packet[1] = (is_first ? 0x80 : 0) | payload;
  memcpy (packet + 4, &stamp, 4);
}

/* @packet is one of sound, of 20 ms, with room for a tone. What fits into 16 bits is the longest
 * tone. Returns the size that it has now.
 */
gsize
media_rtp_tone_replace (MediaRtpToneOut *self, guchar *packet, gsize size)
{
  guint frame = self->terms.clock_rate / 50, wanted, duration;
  gboolean is_first = !self->is_sounding, is_end;
  guint64 before;
  guint32 stamp;

  if (self->n_waiting == 0 || size < HEADER)
    return size;
  memcpy (&stamp, packet + 4, 4);
  stamp = GUINT32_FROM_BE (stamp);
  if (is_first) {
    self->is_sounding = TRUE;
    self->start = stamp;
    self->n_ends = 0;
  }
  wanted = MIN ((guint64)self->waiting[0].duration * self->terms.clock_rate / 1000, G_MAXUINT16);
  before = (guint64)(stamp - self->start) * self->terms.clock_rate / self->terms.sound_rate;
  duration = MIN (before + frame, MAX (wanted, frame));
  is_end = duration >= wanted;
  write_event (packet, self->terms.payload, is_first, self->start);
  packet[HEADER] = self->waiting[0].event;
  packet[HEADER + 1] = (is_end ? 0x80 : 0) | VOLUME;
  packet[HEADER + 2] = duration >> 8;
  packet[HEADER + 3] = duration & 0xff;
  if (is_end && ++self->n_ends == ENDS)
    drop_first (self);
  return HEADER + 4;
}

static gboolean
tell (MediaRtpToneIn *self, gint64 now)
{
  if (!self->is_known || self->is_told)
    return FALSE;
  self->is_told = TRUE;
  if (now < self->next_at)
    return FALSE;
  self->next_at = MAX (self->next_at, now - AT_ONCE * LEAST_US) + LEAST_US;
  self->told_event = self->event;
  self->told_duration = self->duration;
  return TRUE;
}

/* Whether the tone that is known now is over, because nothing comes of it any more. */
gboolean
media_rtp_tone_is_over (MediaRtpToneIn *self, gint64 now)
{
  return now - self->heard_at > SILENCE_US && tell (self, now);
}

/* @packet is one of tones. Whether there is one to tell: that which it ends, or the one before it,
 * whose end was lost.
 */
gboolean
media_rtp_tone_hear (MediaRtpToneIn *self, const guchar *packet, gsize size, gint64 now)
{
  gsize at = HEADER + 4 * (packet[0] & 0x0f);
  guint32 start, source;
  gboolean is_due = FALSE;

  if (size >= at + 4 && (packet[0] & 0x10) != 0)
    at += 4 + 4 * (packet[at + 2] << 8 | packet[at + 3]);
  if (size < at + 4 || packet[at] >= strlen (letters))
    return FALSE;
  memcpy (&start, packet + 4, 4);
  memcpy (&source, packet + 8, 4);
  start = GUINT32_FROM_BE (start);
  if (!self->is_known || source != self->source || (gint32)(start - self->start) > 0) {
    is_due = tell (self, now);
    self->is_known = TRUE;
    self->is_told = FALSE;
    self->source = source;
    self->start = start;
    self->event = packet[at];
  } else if (start != self->start) {
    return FALSE; /* late, of a tone before */
  }
  self->duration = packet[at + 2] << 8 | packet[at + 3];
  self->heard_at = now;
  return is_due || ((packet[at + 1] & 0x80) != 0 && tell (self, now));
}
