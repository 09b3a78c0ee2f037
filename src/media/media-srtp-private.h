#pragma once

#include <gio/gio.h>
#include <srtp2/srtp.h>

G_BEGIN_DECLS

/* One way to encrypt RTP, as SDP names it. */
typedef struct {
  const char *name;
  gsize size; /* of key and salt together */
  gboolean is_offered;
  void (*set_rtp) (srtp_crypto_policy_t *policy);
  void (*set_rtcp) (srtp_crypto_policy_t *policy);
} MediaSrtpSuite;

/* What one side encrypts with. A secret: it is wiped, and never logged. */
typedef struct {
  const MediaSrtpSuite *suite;
  guchar bytes[SRTP_MAX_KEY_LEN];
} MediaSrtpKey;

/* The packets of one side, one after another. Not for two threads at once. */
typedef struct _MediaSrtp MediaSrtp;

const MediaSrtpSuite *media_srtp_get_suite (guint index);
const MediaSrtpSuite *media_srtp_find_suite (const char *name);

gboolean media_srtp_key_generate (MediaSrtpKey *self, const MediaSrtpSuite *suite);
gboolean media_srtp_key_equal (const MediaSrtpKey *self, const MediaSrtpKey *other);
void media_srtp_key_clear (MediaSrtpKey *self);

MediaSrtp *media_srtp_new (const MediaSrtpKey *key, gboolean is_ours);
void media_srtp_free (MediaSrtp *self);
const MediaSrtpKey *media_srtp_get_key (MediaSrtp *self);
gboolean media_srtp_protect (MediaSrtp *self, guchar *packet, gsize *size, gboolean is_rtcp);
gboolean media_srtp_unprotect (MediaSrtp *self, guchar *packet, gsize *size, gboolean is_rtcp);
void media_srtp_forget (MediaSrtp *self, guint32 source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaSrtp, media_srtp_free)

G_END_DECLS
