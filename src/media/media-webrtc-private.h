#pragma once

#include "media-sdp-private.h"

#include "sip-media-servers.h"

#include <gst/gst.h>

#define GST_USE_UNSTABLE_API
#include <gst/webrtc/webrtc.h>

G_BEGIN_DECLS

GstElement *media_webrtc_new (GStrv addresses, SipMediaServers *servers, GError **error);
void media_webrtc_offer_codecs (GstElement *webrtc, const MediaSdp *sdp);
void media_webrtc_add_tones (GstWebRTCSessionDescription *answer, const MediaSdpFormat *format);
MediaSdp *media_webrtc_read_local (GstElement *webrtc, gboolean is_hidden, GError **error);
GstElement *media_webrtc_dup_rtpbin (GstElement *webrtc);
void media_webrtc_free (GstElement *webrtc, gboolean has_relay);
GstPad *media_webrtc_dup_sink (GstElement *webrtc);
GstWebRTCSessionDescription *media_webrtc_new_description (GstWebRTCSDPType type,
                                                           const MediaSdp *sdp);

G_END_DECLS
