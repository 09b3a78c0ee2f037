#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where one call listens: a port for RTP and the next one for RTCP. */
typedef struct {
  GInetAddress *address;
  guint port;
  GSocket *rtp;
  GSocket *rtcp;
} MediaRtpSockets;

MediaRtpSockets *media_rtp_sockets_new (GInetAddress *address, GError **error);
void media_rtp_sockets_free (MediaRtpSockets *self);
void media_rtp_sockets_drain (MediaRtpSockets *self);
GInetAddress *media_rtp_sockets_find_local (GInetAddress *remote);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaRtpSockets, media_rtp_sockets_free)

G_END_DECLS
