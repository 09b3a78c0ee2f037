#pragma once

#include "media-rtp-gate-private.h"

G_BEGIN_DECLS

#define MEDIA_TYPE_RTP_STREAM (media_rtp_stream_get_type ())
G_DECLARE_FINAL_TYPE (MediaRtpStream, media_rtp_stream, MEDIA, RTP_STREAM, GObject)

MediaRtpStream *media_rtp_stream_new (MediaRtpSockets *sockets, GError **error);
gboolean media_rtp_stream_apply (MediaRtpStream *self,
                                 const MediaRtpSdp *local,
                                 const MediaRtpSdp *remote,
                                 GError **error);
gboolean media_rtp_stream_move (MediaRtpStream *self, MediaRtpSockets *sockets, GError **error);
void media_rtp_stream_close (MediaRtpStream *self);
GstBin *media_rtp_stream_get_pipeline (MediaRtpStream *self);
GstElement *media_rtp_stream_get_rtpbin (MediaRtpStream *self);
MediaRtpGate *media_rtp_stream_get_gate (MediaRtpStream *self);
GstPad *media_rtp_stream_dup_sink (MediaRtpStream *self);
gboolean media_rtp_stream_is_ready (MediaRtpStream *self);

G_END_DECLS
