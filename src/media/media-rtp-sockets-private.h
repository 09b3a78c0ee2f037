#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What of this machine may be used; any where max is 0. */
typedef struct {
  guint min;
  guint max;
} MediaPorts;

/* Where one call listens: a port for RTP and the next one for RTCP. */
typedef struct {
  GInetAddress *address;
  guint port;
  GSocket *rtp;
  GSocket *rtcp;
} MediaRtpSockets;

MediaRtpSockets *media_rtp_sockets_new (GInetAddress *address,
                                        const MediaPorts *ports,
                                        GError **error);
void media_rtp_sockets_free (MediaRtpSockets *self);
void media_rtp_sockets_drain (MediaRtpSockets *self);
GInetAddress *media_rtp_sockets_find_local (GInetAddress *remote);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaRtpSockets, media_rtp_sockets_free)

G_END_DECLS
