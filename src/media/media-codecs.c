/* media-codecs.c - the table of what sound can travel as, the best first
 *
 * Down: the handler picks a row; sender and receiver build what the row says.
 */

#include "media-codecs-private.h"

/* What browsers are told of are those that each of them knows (RFC 7874 3). A payloader of G.711 or
 * G.722 packs whatever buffer it is given: the ptimes make it 20 ms. The clock of G.722 is half of
 * what it samples with, by an old mistake (RFC 3551 4.5.2). ITU-T G.113 knows G.711 with
 * concealment (25.1) and without (4.3); what it does not know is put beside that which treats loss
 * alike. A decoder of Opus makes one channel of two itself, if it is not told that there are two.
 * Speex is no row: GStreamer's elements send headers and silence before they have begun a stream,
 * and of 25 calls on a busy machine ten stayed silent. Its makers themselves point to Opus.
 */
static const MediaCodec codecs[] = {
    {
        .name = "opus",
        .encoding = "OPUS",
        .payload = 111,
        .is_for_browsers = TRUE,
        .clock_rate = 48000,
        .rate = 48000,
        .channels = 2,
        .tones = 110,
        .robustness = 25.1,
        .fmtp = "minptime=10;useinbandfec=1",
        .encoder = "opusenc audio-type=voice frame-size=20 inband-fec=true bitrate=40000 "
                   "packet-loss-percentage=3 ! rtpopuspay name=payloader",
        .decoder = "capssetter caps=application/x-rtp,sprop-stereo=(string)0 ! rtpopusdepay ! "
                   "opusdec name=repair plc=true",
        .repair = "use-inband-fec",
    },
    {
        .name = "G722",
        .encoding = "G722",
        .payload = 9,
        .is_static = TRUE,
        .is_for_browsers = TRUE,
        .clock_rate = 8000,
        .rate = 16000,
        .channels = 1,
        .tones = 126,
        .robustness = 4.3,
        .needs = "avenc_g722",
        .encoder = "audioresample ! avenc_g722 ! "
                   "rtpg722pay name=payloader min-ptime=20000000 max-ptime=20000000",
        .decoder = "rtpg722depay ! avdec_g722 ! audioresample",
    },
    {
        .name = "PCMU",
        .encoding = "PCMU",
        .payload = 0,
        .is_static = TRUE,
        .is_for_browsers = TRUE,
        .clock_rate = 8000,
        .rate = 8000,
        .channels = 1,
        .tones = 126,
        .robustness = 4.3,
        .encoder = "audioresample ! mulawenc ! "
                   "rtppcmupay name=payloader min-ptime=20000000 max-ptime=20000000",
        .decoder = "rtppcmudepay ! mulawdec ! audioresample",
    },
    {
        .name = "PCMA",
        .encoding = "PCMA",
        .payload = 8,
        .is_static = TRUE,
        .is_for_browsers = TRUE,
        .clock_rate = 8000,
        .rate = 8000,
        .channels = 1,
        .tones = 126,
        .robustness = 4.3,
        .encoder = "audioresample ! alawenc ! "
                   "rtppcmapay name=payloader min-ptime=20000000 max-ptime=20000000",
        .decoder = "rtppcmadepay ! alawdec ! audioresample",
    },
    {
        .name = "GSM",
        .encoding = "GSM",
        .payload = 3,
        .is_static = TRUE,
        .clock_rate = 8000,
        .rate = 8000,
        .channels = 1,
        .tones = 126,
        .robustness = 4.3,
        .needs = "gsmenc",
        .encoder = "audioresample ! gsmenc ! rtpgsmpay name=payloader",
        .decoder = "rtpgsmdepay ! gsmdec ! audioresample",
    },
};

/* NULL behind the last. */
const MediaCodec *
media_codecs_get (guint index)
{
  return index < G_N_ELEMENTS (codecs) ? &codecs[index] : NULL;
}

const MediaCodec *
media_codecs_find (const char *name, guint clock_rate, guint channels)
{
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++) {
    if (g_ascii_strcasecmp (codecs[i].name, name) == 0 && codecs[i].clock_rate == clock_rate &&
        codecs[i].channels == channels)
      return &codecs[i];
  }
  return NULL;
}

/* RFC 3551 6: payloads whose meaning needs no words. */
const MediaCodec *
media_codecs_find_static (guint payload)
{
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++) {
    if (codecs[i].is_static && codecs[i].payload == payload)
      return &codecs[i];
  }
  return NULL;
}

const MediaCodec *
media_codecs_find_encoding (const char *encoding, guint clock_rate)
{
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++) {
    if (g_strcmp0 (codecs[i].encoding, encoding) == 0 && codecs[i].clock_rate == clock_rate)
      return &codecs[i];
  }
  return NULL;
}

/* Whether this system can both make and play it: known once GStreamer is started. */
gboolean
media_codecs_is_available (const MediaCodec *codec)
{
  g_autoptr (GstElementFactory) factory = NULL;

  if (codec->needs == NULL || !gst_is_initialized ())
    return TRUE;
  factory = gst_element_factory_find (codec->needs);
  return factory != NULL;
}
