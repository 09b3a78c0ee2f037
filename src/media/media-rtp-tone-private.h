#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MEDIA_RTP_TONES_WAITING 32

/* How the other side wants tones. */
typedef struct {
  guint payload;    /* 0 where it wants none */
  guint clock_rate; /* of their length */
  guint sound_rate; /* of the sound they replace */
} MediaRtpToneTerms;

/* Tones on their way out, and the one on its way in (RFC 4733). Not for two threads at once. */
typedef struct {
  MediaRtpToneTerms terms;
  struct {
    guint event;
    guint duration; /* in milliseconds */
  } waiting[MEDIA_RTP_TONES_WAITING];
  guint n_waiting;
  gboolean is_sounding; /* the first of them */
  guint32 start;
  guint n_ends;
} MediaRtpToneOut;

typedef struct {
  gboolean is_known; /* there was one */
  gboolean is_told;
  guint32 source;
  guint32 start;
  guint event;
  guint duration; /* in units of the clock */
  gint64 heard_at;
  gint64 next_at;   /* when another may be told */
  guint told_event; /* of the last one that was told */
  guint told_duration;
} MediaRtpToneIn;

int media_rtp_tone_find_event (char letter);
char media_rtp_tone_get_letter (guint event);
void media_rtp_tone_want (MediaRtpToneOut *self, MediaRtpToneTerms terms);
gboolean media_rtp_tone_add (MediaRtpToneOut *self, guint event, guint duration);
gsize media_rtp_tone_replace (MediaRtpToneOut *self, guchar *packet, gsize size);
gboolean media_rtp_tone_hear (MediaRtpToneIn *self, const guchar *packet, gsize size, gint64 now);
gboolean media_rtp_tone_is_over (MediaRtpToneIn *self, gint64 now);

G_END_DECLS
