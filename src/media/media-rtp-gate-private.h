#pragma once

#include "media-hop-private.h"
#include "media-rtp-latch-private.h"
#include "media-rtp-sdp-private.h"
#include "media-rtp-sockets-private.h"
#include "media-rtp-tone-private.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* An element from rtp_in and rtcp_in, the sockets, to rtp_out, rtcp_out and dtls_out. */
#define MEDIA_TYPE_RTP_GATE (media_rtp_gate_get_type ())
G_DECLARE_FINAL_TYPE (MediaRtpGate, media_rtp_gate, MEDIA, RTP_GATE, GstElement)

/* RFC 3389; what it says is that there is nothing to hear. */
#define MEDIA_RTP_COMFORT_NOISE 13

/* Sources of the other side that are known at one time: two phones, and their ends of tones. */
#define MEDIA_RTP_SOURCES 8

typedef struct {
  guint32 number;
  gint64 heard_at; /* 0 where there is none */
} MediaRtpSource;

struct _MediaRtpGate {
  GstElement parent_instance;

  MediaHop *hop;
  MediaHopFunc on_tone;
  GstPad *rtp_out;
  GstPad *rtcp_out;
  GstPad *dtls_out;

  GMutex lock;         /* for all below */
  GSocket *rtp_socket; /* that is listened on */
  GSocket *rtcp_socket;
  GSocket *rtp_from; /* that what leaves does so by, as was agreed last */
  GSocket *rtcp_from;
  MediaRtpIce *ice; /* in place of all four, or NULL */
  gboolean is_open;
  gboolean is_clear;
  gboolean takes_dtls;
  gboolean is_muxed;
  MediaRtpLatch latch;
  MediaRtpSource sources[MEDIA_RTP_SOURCES];
  GSocketAddress *rtcp_to;
  gint64 reports_since;
  guint n_reports; /* since then */
  MediaSrtp *ours;
  MediaSrtp *theirs;
  MediaSdpFormat format; /* that leaves */
  gboolean accepts[128]; /* what may come now */
  /* What each number means, or meant: packets from before a round may still be under way. */
  const MediaCodec *codecs[128];
  guint tone_rates[128]; /* clock of tones under this number */
  MediaRtpToneOut tone_out;
  MediaRtpToneIn tone_in;
  guint tone_in_rate;
  guint64 n_sent;    /* packets that left, of sound and tones */
  gboolean is_quiet; /* the last that came was comfort noise */
};

/* What leaves. */
typedef enum {
  MEDIA_RTP_EXIT_RTP,
  MEDIA_RTP_EXIT_RTCP,
  MEDIA_RTP_EXIT_DTLS,
} MediaRtpExit;

/* A tone of the other side. */
typedef struct {
  char letter;
  guint duration; /* in milliseconds */
} MediaRtpTone;

MediaRtpGate *media_rtp_gate_new (const MediaRtpSockets *sockets,
                                  MediaHop *hop,
                                  MediaHopFunc on_tone);
GstPad *media_rtp_gate_new_exit (MediaRtpGate *self, MediaRtpExit exit);
gboolean media_rtp_gate_open (MediaRtpGate *self,
                              const MediaRtpSdp *local,
                              const MediaRtpSdp *remote,
                              GError **error);
gboolean media_rtp_gate_set_keys (MediaRtpGate *self,
                                  const MediaSrtpKey *ours,
                                  const MediaSrtpKey *theirs);
void media_rtp_gate_set_sockets (MediaRtpGate *self, const MediaRtpSockets *sockets);
void media_rtp_gate_reopen (MediaRtpGate *self);
void media_rtp_gate_close (MediaRtpGate *self);
void media_rtp_gate_forget_keys (MediaRtpGate *self);
gboolean media_rtp_gate_has_keys (MediaRtpGate *self);
GstCaps *media_rtp_gate_dup_caps (MediaRtpGate *self, guint payload);
MediaSdpFormat media_rtp_gate_get_format (MediaRtpGate *self);
gboolean media_rtp_gate_send_tone (MediaRtpGate *self, char letter, guint duration);
guint64 media_rtp_gate_count_dropped (MediaRtpGate *self);
guint64 media_rtp_gate_count_sent (MediaRtpGate *self);
gboolean media_rtp_gate_is_quiet (MediaRtpGate *self);

G_END_DECLS
