/* rtp-pair.c - two handlers that call each other over RTP, and how they protect what they send */

#include "rtp-pair.h"

#include "media-codecs-private.h"
#include "sip-dtmf.h"

#include <string.h>

const RtpProtection rtp_protections[RTP_PROTECTIONS] = {
    {"clear", SIP_SECURITY_OFF, FALSE, NULL, "RTP/AVP", FALSE, TRUE},
    {"unread", SIP_SECURITY_PREFER, FALSE, NULL, "RTP/AVP", FALSE, FALSE},
    {"sdes-80", SIP_SECURITY_PREFER, TRUE, "AES_CM_128_HMAC_SHA1_80", "RTP/AVP", TRUE, TRUE},
    {"sdes-32", SIP_SECURITY_REQUIRE, TRUE, "AES_CM_128_HMAC_SHA1_32", "RTP/SAVP", TRUE, FALSE},
    {"sdes-256", SIP_SECURITY_REQUIRE, TRUE, "AES_256_CM_HMAC_SHA1_80", "RTP/SAVP", TRUE, FALSE},
    {"gcm-128", SIP_SECURITY_REQUIRE, TRUE, "AEAD_AES_128_GCM", "RTP/SAVP", TRUE, FALSE},
    {"gcm-256", SIP_SECURITY_REQUIRE, TRUE, "AEAD_AES_256_GCM", "RTP/SAVP", TRUE, TRUE},
    {"sdes-read", SIP_SECURITY_PREFER, FALSE, "AES_CM_128_HMAC_SHA1_80", "RTP/AVP", FALSE, FALSE,
     TRUE},
    {"dtls", SIP_SECURITY_REQUIRE, FALSE, NULL, "UDP/TLS/RTP/SAVP", FALSE, TRUE},
};

static SipSessionDescriptionHandler *
make_handler (int frequency, const char *sink, const RtpProtection *protection)
{
  g_autofree char *source =
      g_strdup_printf ("audiotestsrc is-live=true samplesperbuffer=160 freq=%d", frequency);

  return g_object_new (MEDIA_TYPE_RTP_HANDLER, "audio-source", source, "audio-sink", sink,
                       "local-address", "127.0.0.1", "security", protection->security,
                       "private-signaling", protection->is_private, "clear-keys",
                       protection->clear_keys, NULL);
}

void
rtp_pair_set_up (Pair *pair, const RtpProtection *protection)
{
  listener_init (&pair->at_a);
  listener_init (&pair->at_b);
  pair->a = make_handler (1000, pair->at_a.sink, protection);
  pair->b = make_handler (400, pair->at_b.sink, protection);
  pair->seen = gt_signal_logger_new ();
}

gboolean
rtp_pair_is_secure (SipSessionDescriptionHandler *handler)
{
  gboolean secure = FALSE;

  g_object_get (handler, "secure", &secure, NULL);
  return secure;
}

void
rtp_pair_send_tones (Pair *pair,
                     SipSessionDescriptionHandler *from,
                     SipSessionDescriptionHandler *to,
                     const char *tones)
{
  for (const char *tone = tones; *tone != '\0'; tone++) {
    char one[] = {*tone, '\0'};
    g_autoptr (SipDtmf) dtmf = NULL;

    g_assert_true (sip_session_description_handler_send_dtmf (from, one, NULL));
    WAIT_FOR (gt_signal_logger_get_n_emissions (pair->seen) > 0);
    gt_signal_logger_assert_emission_pop (pair->seen, to, "dtmf", &dtmf);
    g_assert_cmpstr (sip_dtmf_get_tone (dtmf), ==, one);
    /* A sender that the machine lets wait for 200 ms is told of by what came until then. */
    g_assert_cmpuint (sip_dtmf_get_duration (dtmf), >=, 20);
    g_assert_cmpuint (sip_dtmf_get_duration (dtmf), <=, 100);
    g_assert_true (sip_dtmf_get_received (dtmf));
  }
}

/* A modifier that leaves one MediaCodec in an offer. */
char *
rtp_pair_keep_codec (const char *type, const char *text, gpointer data, GError **error)
{
  const MediaCodec *codec = data;
  const char *start = strstr (text, "RTP/AVP "), *end = strchr (start, '\r');

  return g_strdup_printf ("%.*sRTP/AVP %u%s", (int)(start - text), text, codec->payload, end);
}
