#pragma once

#include "media-codecs-private.h"

#include "sip-media-stats.h"

G_BEGIN_DECLS

/* What can be counted of a call's sound, from its beginning on. */
typedef struct {
  guint64 n_sent;     /* packets of this side's sound */
  guint64 n_received; /* of the other side's */
  guint64 n_lost;     /* that did not come, or too late */
  double jitter;      /* in milliseconds */
  guint delay;        /* likewise: what packets wait for */
  gboolean is_quiet;  /* the other side said that there is nothing to hear */
  guint64 report;     /* another one with each report of the other side's, 0 before the first */
  guint32 highest;    /* the number of this side's last packet that those tell of */
  double remote_loss; /* what they say is missing, in per cent, or -1 */
  double round_trip;  /* in milliseconds, or -1 */
} MediaCounts;

/* Makes sense of counts that are read once a second. */
typedef struct {
  gboolean sends;    /* something is to leave */
  gboolean receives; /* something is to come */
  MediaCounts last;
  MediaCounts start; /* of these seconds */
  guint64 n_sent;    /* in all, however often counting began anew */
  guint64 n_received;
  guint n_looks; /* since start */
  guint n_silent;
  guint n_stuck;
  guint n_deaf;          /* reports in a row that tell of nothing new */
  guint64 reported_sent; /* n_sent at the last of them */
  SipMediaTrouble trouble;
} MediaMeter;

void media_meter_expect (MediaMeter *self, gboolean sends, gboolean receives);
SipMediaStats *media_meter_look (MediaMeter *self,
                                 const MediaCounts *counts,
                                 const MediaCodec *codec);

G_END_DECLS
