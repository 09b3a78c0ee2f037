/* media-meter.c - tells from what is counted how good a call is, and what is wrong with it
 *
 * Up: MediaWatch's counts, once a second -> look() -> SipMediaStats, every five seconds and where
 *     trouble begins or ends
 */

#include "media-meter-private.h"

#include "media-quality-private.h"

/* In looks. */
#define PERIOD 5
#define SILENCE 3

/* Reports in a row, each behind packets enough that one of them should have come. */
#define DEAF 2
#define ENOUGH 25

/* The first sample of a packet waits for its last. */
#define PACKET_MS 20

/* Counts of a stream that ended are gone with it. */
static guint64
grown (guint64 before, guint64 now)
{
  return now > before ? now - before : 0;
}

/* Sound begins, ends, or another direction counts. */
void
media_meter_expect (MediaMeter *self, gboolean sends, gboolean receives)
{
  if (self->sends != sends)
    self->n_stuck = self->n_deaf = 0;
  if (self->receives != receives)
    self->n_silent = 0;
  self->sends = sends;
  self->receives = receives;
}

/* A report that knows of no packet that earlier ones did not know of, though many left. */
static void
hear_report (MediaMeter *self, const MediaCounts *counts)
{
  if (counts->report == self->last.report)
    return;
  if (counts->highest != self->last.highest)
    self->n_deaf = 0;
  else if (self->n_sent > self->reported_sent + ENOUGH)
    self->n_deaf++;
  self->reported_sent = self->n_sent;
}

static SipMediaTrouble
find_trouble (const MediaMeter *self)
{
  if (self->sends && self->n_stuck >= SILENCE)
    return SIP_MEDIA_TROUBLE_NOTHING_LEAVES;
  if (self->receives && self->n_silent >= SILENCE)
    return SIP_MEDIA_TROUBLE_NOTHING_ARRIVES;
  if (self->n_deaf >= DEAF)
    return SIP_MEDIA_TROUBLE_NOT_HEARD;
  return SIP_MEDIA_TROUBLE_NONE;
}

static SipMediaStats *
make_stats (const MediaMeter *self, const MediaCounts *counts, const MediaCodec *codec)
{
  guint64 received = grown (self->start.n_received, counts->n_received);
  guint64 lost = grown (self->start.n_lost, counts->n_lost);
  double loss = received + lost > 0 ? 100.0 * lost / (received + lost) : 0;
  double delay = PACKET_MS + counts->delay + MAX (counts->round_trip, 0) / 2;
  double rating = media_quality_rate (delay, loss, codec->robustness);

  return g_object_new (
      SIP_TYPE_MEDIA_STATS, "codec", codec->name, "packets-sent", self->n_sent, "packets-received",
      self->n_received, "loss", loss, "remote-loss", counts->remote_loss, "jitter", counts->jitter,
      "round-trip", counts->round_trip, "mos", received > 0 ? media_quality_get_mos (rating) : 0.0,
      "trouble", self->trouble, NULL);
}

/* Once a second. Returns %NULL where there is nothing to tell yet. */
SipMediaStats *
media_meter_look (MediaMeter *self, const MediaCounts *counts, const MediaCodec *codec)
{
  guint64 sent = grown (self->last.n_sent, counts->n_sent);
  guint64 received = grown (self->last.n_received, counts->n_received);
  SipMediaTrouble before = self->trouble;
  SipMediaStats *stats = NULL;

  self->n_sent += sent;
  self->n_received += received;
  self->n_stuck = sent > 0 ? 0 : self->n_stuck + 1;
  self->n_silent = received > 0 || counts->is_quiet ? 0 : self->n_silent + 1;
  hear_report (self, counts);
  self->trouble = find_trouble (self);
  self->n_looks++;
  if (self->n_looks >= PERIOD || self->trouble != before)
    stats = make_stats (self, counts, codec);
  if (self->n_looks >= PERIOD) {
    self->start = *counts;
    self->n_looks = 0;
  }
  self->last = *counts;
  return stats;
}
