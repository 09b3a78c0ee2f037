#pragma once

#include "media-rtp-sdp-private.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* Whether there is a way to the other side:
 *
 *   checking --> found
 *      ^   `---> vain
 *      `-- whenever the other side describes itself anew
 */
typedef enum {
  MEDIA_RTP_ICE_CHECKING,
  MEDIA_RTP_ICE_FOUND,
  MEDIA_RTP_ICE_VAIN,
} MediaRtpIceState;

#define MEDIA_TYPE_RTP_ICE (media_rtp_ice_get_type ())
G_DECLARE_FINAL_TYPE (MediaRtpIce, media_rtp_ice, MEDIA, RTP_ICE, GObject)

MediaRtpIce *media_rtp_ice_new (GInetAddress *address, guint port, const MediaRtpSdp *remote);
gboolean media_rtp_ice_expect (MediaRtpIce *self, const MediaRtpSdp *remote);
const MediaRtpIceTerms *media_rtp_ice_get_terms (MediaRtpIce *self);
MediaRtpIceState media_rtp_ice_get_state (MediaRtpIce *self);
GstElement *media_rtp_ice_new_source (MediaRtpIce *self, gboolean is_control);
gboolean media_rtp_ice_send (MediaRtpIce *self,
                             gboolean is_control,
                             const guchar *packet,
                             gsize size);
void media_rtp_ice_close (MediaRtpIce *self);

G_END_DECLS
