#pragma once

#include "media-rtp-ice-private.h"

G_BEGIN_DECLS

/* What of this machine may be used; any where max is 0. */
typedef struct {
  guint min;
  guint max;
} MediaPorts;

/* Where one call listens: a port for RTP and the next one for RTCP. With ICE they are its own. */
typedef struct {
  GInetAddress *address;
  guint port;
  GSocket *rtp;
  GSocket *rtcp;
  MediaRtpIce *ice; /* or NULL */
} MediaRtpSockets;

MediaRtpSockets *media_rtp_sockets_new (GInetAddress *address,
                                        const MediaPorts *ports,
                                        GError **error);
void media_rtp_sockets_free (MediaRtpSockets *self);
void media_rtp_sockets_drain (MediaRtpSockets *self);
gboolean media_rtp_sockets_start_ice (MediaRtpSockets *self,
                                      SipMediaServers *servers,
                                      const MediaRtpSdp *remote,
                                      GError **error);
gboolean media_rtp_sockets_stop_ice (MediaRtpSockets *self, GError **error);
GInetAddress *media_rtp_sockets_find_route (GInetAddress *remote);
GInetAddress *media_rtp_sockets_find_local (GInetAddress *remote);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaRtpSockets, media_rtp_sockets_free)

G_END_DECLS
