/* media-rtp-dtls.c - a DTLS handshake over the socket of the sound (RFC 5763, RFC 5764)
 *
 * Down: the gate's packets of the handshake -> dtlsdec; dtlsenc -> the gate
 * Up:   the certificate, in a streaming thread -> MediaIdentity; the keys -> the gate, once the
 *       certificate was found to be the right one
 */

#include "media-rtp-dtls-private.h"

#include "media-identity-private.h"

#include "sip-error.h"

/* How GStreamer's DTLS elements count. */
enum { STATE_FAILED = 2 };
enum { CIPHER_AES_128 = 1 };
enum { AUTH_SHA1_32 = 1, AUTH_SHA1_80 = 2 };

struct _MediaRtpDtls {
  GstBin *pipeline;
  MediaRtpGate *gate;
  GstElement *decoder;
  GstElement *encoder;
  GstPad *exit;
  char *fingerprint;
  gboolean is_client;
  MediaIdentity *identity;
};

/* What a callback of the handshake may touch. */
typedef struct {
  MediaHop *hop;
  MediaHopFunc func;
  MediaIdentity *identity;
} Witness;

static void
free_witness (gpointer data, GClosure *closure)
{
  Witness *witness = data;

  media_hop_unref (witness->hop);
  media_identity_unref (witness->identity);
  g_free (witness);
}

/* In a streaming thread, during the handshake: no key was set yet, so no packet can pass. */
static void
on_peer_pem (GObject *decoder, GParamSpec *pspec, gpointer user_data)
{
  Witness *witness = user_data;
  g_autofree char *pem = NULL;

  g_object_get (decoder, "peer-pem", &pem, NULL);
  media_identity_check (witness->identity, pem);
  media_hop_post (witness->hop, witness->func, NULL, NULL);
}

/* In a streaming thread. */
static void
on_key (GstElement *element, gpointer user_data)
{
  Witness *witness = user_data;

  media_hop_post (witness->hop, witness->func, NULL, NULL);
}

/* In a streaming thread. */
static void
on_state (GObject *element, GParamSpec *pspec, gpointer user_data)
{
  Witness *witness = user_data;

  media_hop_post (witness->hop, witness->func, NULL, NULL);
}

static void
watch (MediaRtpDtls *self,
       GstElement *element,
       const char *signal,
       GCallback callback,
       MediaHop *hop,
       MediaHopFunc func)
{
  Witness *witness = g_new (Witness, 1);

  *witness = (Witness){media_hop_ref (hop), func, media_identity_ref (self->identity)};
  g_signal_connect_data (element, signal, callback, witness, free_witness, 0);
}

static GstElement *
make (const char *name, GError **error)
{
  GstElement *element = gst_element_factory_make (name, NULL);

  if (element != NULL)
    return gst_object_ref_sink (element);
  g_set_error (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER, "GStreamer has no %s",
               name);
  return NULL;
}

static void
run (MediaRtpDtls *self)
{
  g_autoptr (GstPad) out = gst_element_get_static_pad (self->encoder, "src");

  gst_bin_add_many (self->pipeline, self->decoder, self->encoder, NULL);
  gst_element_link_pads (GST_ELEMENT (self->gate), "dtls_out", self->decoder, "sink");
  gst_pad_link (out, self->exit);
  gst_element_sync_state_with_parent (self->decoder);
  gst_element_sync_state_with_parent (self->encoder);
}

/* The gate has to be open: a client speaks at once. @on_news comes with everything that happens.
 */
MediaRtpDtls *
media_rtp_dtls_new (GstBin *pipeline,
                    MediaRtpGate *gate,
                    const char *fingerprint,
                    gboolean is_client,
                    MediaHop *hop,
                    MediaHopFunc on_news,
                    GError **error)
{
  g_autoptr (MediaRtpDtls) self = g_new0 (MediaRtpDtls, 1);
  g_autofree char *id = g_uuid_string_random ();

  self->gate = gst_object_ref (gate);
  self->fingerprint = g_strdup (fingerprint);
  self->is_client = is_client;
  self->identity = media_identity_new ();
  media_identity_expect (self->identity, fingerprint);
  self->decoder = make ("dtlsdec", error);
  self->encoder = self->decoder != NULL ? make ("dtlsenc", error) : NULL;
  if (self->encoder == NULL)
    return NULL;
  self->exit = media_rtp_gate_new_exit (gate, MEDIA_RTP_EXIT_DTLS);
  g_object_set (self->decoder, "connection-id", id, NULL);
  g_object_set (self->encoder, "connection-id", id, "is-client", is_client, NULL);
  watch (self, self->decoder, "notify::peer-pem", G_CALLBACK (on_peer_pem), hop, on_news);
  watch (self, self->decoder, "on-key-received", G_CALLBACK (on_key), hop, on_news);
  watch (self, self->encoder, "on-key-received", G_CALLBACK (on_key), hop, on_news);
  watch (self, self->decoder, "notify::connection-state", G_CALLBACK (on_state), hop, on_news);
  self->pipeline = pipeline;
  run (self);
  return g_steal_pointer (&self);
}

static void
drop (MediaRtpDtls *self, GstElement *element)
{
  if (element == NULL)
    return;
  gst_element_set_state (element, GST_STATE_NULL);
  if (self->pipeline != NULL)
    gst_bin_remove (self->pipeline, element);
  gst_object_unref (element);
}

void
media_rtp_dtls_free (MediaRtpDtls *self)
{
  drop (self, self->encoder);
  drop (self, self->decoder);
  gst_clear_object (&self->exit);
  gst_object_unref (self->gate);
  g_free (self->fingerprint);
  media_identity_unref (self->identity);
  g_free (self);
}

/* Whether it would come to the same again. */
gboolean
media_rtp_dtls_is_like (MediaRtpDtls *self, const char *fingerprint, gboolean is_client)
{
  return g_str_equal (self->fingerprint, fingerprint) && self->is_client == is_client;
}

/* Whether the other side showed a certificate that is not the one it promised. */
gboolean
media_rtp_dtls_is_refused (MediaRtpDtls *self)
{
  g_autofree char *pem = NULL;

  g_object_get (self->decoder, "peer-pem", &pem, NULL);
  return pem != NULL && !media_identity_is_verified (self->identity);
}

/* Whether nothing will come of it. */
gboolean
media_rtp_dtls_is_broken (MediaRtpDtls *self)
{
  int state = 0;

  g_object_get (self->decoder, "connection-state", &state, NULL);
  return state == STATE_FAILED;
}

static gboolean
read_key (GstElement *element, const char *name, MediaSrtpKey *key)
{
  guint cipher = 0, auth = 0;
  GstBuffer *buffer = NULL;
  gboolean good = FALSE;

  g_object_get (element, name, &buffer, "srtp-cipher", &cipher, "srtp-auth", &auth, NULL);
  if (buffer == NULL)
    return FALSE;
  if (cipher == CIPHER_AES_128 && (auth == AUTH_SHA1_80 || auth == AUTH_SHA1_32)) {
    key->suite = media_srtp_find_suite (auth == AUTH_SHA1_80 ? "AES_CM_128_HMAC_SHA1_80"
                                                             : "AES_CM_128_HMAC_SHA1_32");
    good = gst_buffer_get_size (buffer) == key->suite->size &&
           gst_buffer_extract (buffer, 0, key->bytes, key->suite->size) == key->suite->size;
  }
  gst_buffer_unref (buffer);
  return good;
}

/* FALSE as long as there are none, or nobody to trust with them. */
gboolean
media_rtp_dtls_take_keys (MediaRtpDtls *self)
{
  MediaSrtpKey ours = {0}, theirs = {0};
  gboolean good = media_identity_is_verified (self->identity) &&
                  read_key (self->encoder, "encoder-key", &ours) &&
                  read_key (self->decoder, "decoder-key", &theirs) &&
                  media_rtp_gate_set_keys (self->gate, &ours, &theirs);

  media_srtp_key_clear (&ours);
  media_srtp_key_clear (&theirs);
  return good;
}

/* Of this process's certificate. The first time it takes up to a second, unless it was prepared. */
char *
media_rtp_dtls_dup_fingerprint (GError **error)
{
  g_autoptr (GstElement) decoder = make ("dtlsdec", error);
  g_autofree char *pem = NULL;
  char *fingerprint;

  if (decoder == NULL)
    return NULL;
  g_object_get (decoder, "pem", &pem, NULL);
  fingerprint = media_identity_make_fingerprint (pem);
  if (fingerprint == NULL)
    g_set_error_literal (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER,
                         "There is no certificate");
  return fingerprint;
}
