/* media-srtp.c - encrypts and decrypts the packets of one side (RFC 3711, RFC 6188, RFC 7714)
 *
 * Down: the gate's packets -> libsrtp2
 *
 * libsrtp2 is asked directly and not through GStreamer's elements: it keeps no memory of a source
 * before a packet of it was found genuine, so that a flood of forged ones leaves nothing behind.
 */

#include "media-srtp-private.h"

#include <gst/gst.h>
#include <string.h>
#include <sys/random.h>

/* Packets that may overtake each other; one that is older is not played (RFC 3711 3.3.2). */
#define WINDOW 128

struct _MediaSrtp {
  MediaSrtpKey key;
  srtp_t session;
};

/* The best first. What the longer tag of RTCP protects is worth more than its six bytes. */
static const MediaSrtpSuite suites[] = {
    {"AEAD_AES_256_GCM", SRTP_AES_GCM_256_KEY_LEN_WSALT, TRUE,
     srtp_crypto_policy_set_aes_gcm_256_16_auth, srtp_crypto_policy_set_aes_gcm_256_16_auth},
    {"AEAD_AES_128_GCM", SRTP_AES_GCM_128_KEY_LEN_WSALT, TRUE,
     srtp_crypto_policy_set_aes_gcm_128_16_auth, srtp_crypto_policy_set_aes_gcm_128_16_auth},
    {"AES_256_CM_HMAC_SHA1_80", SRTP_AES_ICM_256_KEY_LEN_WSALT, TRUE,
     srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80,
     srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80},
    {"AES_CM_128_HMAC_SHA1_80", SRTP_AES_ICM_128_KEY_LEN_WSALT, TRUE,
     srtp_crypto_policy_set_rtp_default, srtp_crypto_policy_set_rtcp_default},
    {"AES_CM_128_HMAC_SHA1_32", SRTP_AES_ICM_128_KEY_LEN_WSALT, TRUE,
     srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32, srtp_crypto_policy_set_rtcp_default},
    /* What the third was called before it was a standard. */
    {"AES_CM_256_HMAC_SHA1_80", SRTP_AES_ICM_256_KEY_LEN_WSALT, FALSE,
     srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80,
     srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80},
};

/* NULL behind the last. */
const MediaSrtpSuite *
media_srtp_get_suite (guint index)
{
  return index < G_N_ELEMENTS (suites) ? &suites[index] : NULL;
}

const MediaSrtpSuite *
media_srtp_find_suite (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (suites); i++) {
    if (g_ascii_strcasecmp (suites[i].name, name) == 0)
      return &suites[i];
  }
  return NULL;
}

/* Of the system's generator; FALSE where it has nothing to give. */
gboolean
media_srtp_key_generate (MediaSrtpKey *self, const MediaSrtpSuite *suite)
{
  self->suite = suite;
  return getrandom (self->bytes, suite->size, 0) == (gssize)suite->size;
}

gboolean
media_srtp_key_equal (const MediaSrtpKey *self, const MediaSrtpKey *other)
{
  return self->suite == other->suite && memcmp (self->bytes, other->bytes, self->suite->size) == 0;
}

void
media_srtp_key_clear (MediaSrtpKey *self)
{
  explicit_bzero (self, sizeof *self);
}

/* GStreamer's plugin starts the same library, and two starts at once are one too many. */
static void
start_library (void)
{
  static gsize once = 0;

  if (g_once_init_enter (&once)) {
    g_autoptr (GstPlugin) plugin = gst_is_initialized () ? gst_plugin_load_by_name ("srtp") : NULL;

    if (plugin == NULL)
      srtp_init ();
    g_once_init_leave (&once, 1);
  }
}

/* @is_ours where it encrypts; NULL where the library refuses @key. */
MediaSrtp *
media_srtp_new (const MediaSrtpKey *key, gboolean is_ours)
{
  g_autoptr (MediaSrtp) self = g_new0 (MediaSrtp, 1);
  srtp_policy_t policy = {0};

  start_library ();
  self->key = *key;
  key->suite->set_rtp (&policy.rtp);
  key->suite->set_rtcp (&policy.rtcp);
  policy.ssrc.type = is_ours ? ssrc_any_outbound : ssrc_any_inbound;
  policy.key = self->key.bytes;
  policy.window_size = WINDOW;
  if (srtp_create (&self->session, &policy) != srtp_err_status_ok)
    return NULL;
  return g_steal_pointer (&self);
}

void
media_srtp_free (MediaSrtp *self)
{
  if (self->session != NULL)
    srtp_dealloc (self->session);
  media_srtp_key_clear (&self->key);
  g_free (self);
}

const MediaSrtpKey *
media_srtp_get_key (MediaSrtp *self)
{
  return &self->key;
}

/* @packet has room for SRTP_MAX_TRAILER_LEN and four bytes more, and begins at a multiple of four.
 */
gboolean
media_srtp_protect (MediaSrtp *self, guchar *packet, gsize *size, gboolean is_rtcp)
{
  int length = *size;
  srtp_err_status_t status = is_rtcp ? srtp_protect_rtcp (self->session, packet, &length)
                                     : srtp_protect (self->session, packet, &length);

  *size = length;
  return status == srtp_err_status_ok;
}

/* FALSE where it is forged, or was seen before. */
gboolean
media_srtp_unprotect (MediaSrtp *self, guchar *packet, gsize *size, gboolean is_rtcp)
{
  int length = *size;
  srtp_err_status_t status = is_rtcp ? srtp_unprotect_rtcp (self->session, packet, &length)
                                     : srtp_unprotect (self->session, packet, &length);

  *size = length;
  return status == srtp_err_status_ok;
}

/* What is known of the packets of @source is of no more use. */
void
media_srtp_forget (MediaSrtp *self, guint32 source)
{
  srtp_remove_stream (self->session, g_htonl (source));
}
