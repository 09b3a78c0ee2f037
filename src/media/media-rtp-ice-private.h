#pragma once

#include "media-hop-private.h"
#include "media-rtp-sdp-private.h"

#include "sip-media-servers.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* Whether there is a way to the other side:
 *
 *   asking --> checking --> found
 *                 ^   `---> vain
 *                 `-- whenever the other side describes itself anew
 */
typedef enum {
  MEDIA_RTP_ICE_ASKING, /* servers how this side is seen: there is nothing to tell yet */
  MEDIA_RTP_ICE_CHECKING,
  MEDIA_RTP_ICE_FOUND,
  MEDIA_RTP_ICE_VAIN,
} MediaRtpIceState;

#define MEDIA_TYPE_RTP_ICE (media_rtp_ice_get_type ())
G_DECLARE_FINAL_TYPE (MediaRtpIce, media_rtp_ice, MEDIA, RTP_ICE, GObject)

typedef struct _NiceAgent NiceAgent;

/* Components (RFC 8445 4). */
enum { MEDIA_RTP_ICE_RTP = 1, MEDIA_RTP_ICE_RTCP = 2 };

struct _MediaRtpIce {
  GObject parent_instance;

  MediaHop *hop;
  NiceAgent *agent;
  SipMediaServers *servers; /* or NULL */
  GInetAddress *address;    /* of this machine, that the m= line is about */
  guint stream;
  guint n_made;       /* components that listen */
  guint n_components; /* that are used */
  guint asking_id;
  MediaRtpIceTerms ours;
  char *theirs; /* the name of the other side's last description */
  MediaRtpIceState state;
};

MediaRtpIce *media_rtp_ice_new (GInetAddress *address,
                                guint port,
                                SipMediaServers *servers,
                                const MediaRtpSdp *remote);
GSocketAddress *media_rtp_ice_dup_place (MediaRtpIce *self, gboolean is_control);
gboolean media_rtp_ice_is_refused (MediaRtpIce *self);
gboolean media_rtp_ice_expect (MediaRtpIce *self, const MediaRtpSdp *remote);
gboolean media_rtp_ice_meet (MediaRtpIce *self, const MediaRtpSdp *remote);
const MediaRtpIceTerms *media_rtp_ice_get_terms (MediaRtpIce *self);
MediaRtpIceState media_rtp_ice_get_state (MediaRtpIce *self);
GstElement *media_rtp_ice_new_source (MediaRtpIce *self, gboolean is_control);
gboolean media_rtp_ice_send (MediaRtpIce *self,
                             gboolean is_control,
                             const guchar *packet,
                             gsize size);
GSocket *media_rtp_ice_dup_socket (MediaRtpIce *self, gboolean is_control);
void media_rtp_ice_close (MediaRtpIce *self);

/* Between the files of this class. */
gboolean media_rtp_ice_is_hidden (MediaRtpIce *self);
gboolean media_rtp_ice_has_relay (MediaRtpIce *self, guint component);
gboolean media_rtp_ice_knows_enough (MediaRtpIce *self);
void media_rtp_ice_use_components (MediaRtpIce *self, const MediaRtpSdp *remote);

G_END_DECLS
