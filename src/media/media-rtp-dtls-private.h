#pragma once

#include "media-rtp-gate-private.h"

G_BEGIN_DECLS

/* A handshake that is to bring keys for the gate (RFC 5764). */
typedef struct _MediaRtpDtls MediaRtpDtls;

MediaRtpDtls *media_rtp_dtls_new (GstBin *pipeline,
                                  MediaRtpGate *gate,
                                  const char *fingerprint,
                                  gboolean is_client,
                                  MediaHop *hop,
                                  MediaHopFunc on_news,
                                  GError **error);
void media_rtp_dtls_free (MediaRtpDtls *self);
gboolean media_rtp_dtls_is_like (MediaRtpDtls *self, const char *fingerprint, gboolean is_client);
gboolean media_rtp_dtls_is_refused (MediaRtpDtls *self);
gboolean media_rtp_dtls_is_broken (MediaRtpDtls *self);
gboolean media_rtp_dtls_take_keys (MediaRtpDtls *self);
char *media_rtp_dtls_dup_fingerprint (GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaRtpDtls, media_rtp_dtls_free)

G_END_DECLS
