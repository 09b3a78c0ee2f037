#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* One way to put sound into RTP; all of its text belongs to the program. */
typedef struct {
  const char *name;     /* as SDP writes it */
  const char *encoding; /* as GStreamer's caps write it */
  guint payload;        /* what this side offers */
  gboolean is_static;   /* the payload needs no a=rtpmap */
  gboolean is_for_browsers;
  guint clock_rate; /* of RTP */
  guint rate;       /* of its samples */
  guint channels;
  guint tones;         /* the payload of telephone-event at the same clock rate */
  double robustness;   /* against loss: Bpl of ITU-T G.113, appendix I */
  const char *fmtp;    /* or NULL */
  const char *needs;   /* the element that not every system has, or NULL */
  const char *encoder; /* from raw sound to RTP; its payloader is named "payloader" */
  const char *decoder; /* from RTP to raw sound */
  /* The property by which the decoder's part named "repair" makes what was lost out of the packet
   * behind it, a packet later than otherwise; or NULL.
   */
  const char *repair;
} MediaCodec;

const MediaCodec *media_codecs_get (guint index);
const MediaCodec *media_codecs_find (const char *name, guint clock_rate, guint channels);
const MediaCodec *media_codecs_find_static (guint payload);
const MediaCodec *media_codecs_find_encoding (const char *encoding, guint clock_rate);
gboolean media_codecs_is_available (const MediaCodec *codec);

G_END_DECLS
