/* media-encoder.c - the elements that make packets of sound, as a row of the table of codecs says
 *
 * Down: S16LE of one channel -> without a seam -> the codec -> tones in between -> RTP
 */

#include "media-encoder-private.h"

#include "media-device-private.h"
#include "media-seam-private.h"

/* While a tone waits for its time to come, and sounds, sound is left out. */
#define TONES                                                                                      \
  " ! mux.sink_0 rtpdtmfmux name=mux "                                                             \
  "appsrc name=tones is-live=true format=time caps=\"application/x-rtp,media=audio,"               \
  "encoding-name=TELEPHONE-EVENT,payload=%u,clock-rate=%u,timestamp-offset=(uint)0\" ! "           \
  "clocksync ! mux.priority_sink_0"

/* Of audioresample, from 48 to 8 kHz. */
#define LOOK_AHEAD (4 * GST_MSECOND)

/* Sound comes with @rate samples in a second, or fewer for a while. */
GstElement *
media_encoder_new (const MediaSdpFormat *format, guint rate, GError **error)
{
  g_autofree char *tones = g_strdup_printf (TONES, format->tones, format->codec->clock_rate);
  g_autofree char *description =
      g_strconcat (format->codec->encoder, format->tones != 0 ? tones : NULL, NULL);
  GstElement *encoder = media_device_make_bin (description, error);
  g_autoptr (GstPad) in = NULL;

  if (encoder == NULL)
    return NULL;
  media_encoder_set_payload (encoder, format->payload);
  in = gst_element_get_static_pad (encoder, "sink");
  media_seam_add (in, format->codec->rate != rate ? LOOK_AHEAD : 0);
  return encoder;
}

/* From the next packet on. */
void
media_encoder_set_payload (GstElement *encoder, guint payload)
{
  g_autoptr (GstElement) payloader = gst_bin_get_by_name (GST_BIN (encoder), "payloader");

  g_object_set (payloader, "pt", payload, NULL);
}

/* To the other side it is one stream: same source, next number, and time that goes on. */
void
media_encoder_follow (GstElement *encoder, GstElement *before)
{
  g_autoptr (GstElement) old = gst_bin_get_by_name (GST_BIN (before), "payloader");
  g_autoptr (GstElement) payloader = gst_bin_get_by_name (GST_BIN (encoder), "payloader");
  guint number = 0, source = 0, time = 0;
  g_autoptr (GstStructure) stats = NULL;

  g_object_get (old, "seqnum", &number, "stats", &stats, NULL);
  if (stats != NULL && gst_structure_get_uint (stats, "ssrc", &source) &&
      gst_structure_get_uint (stats, "timestamp-offset", &time))
    g_object_set (payloader, "ssrc", source, "timestamp-offset", time, NULL);
  g_object_set (payloader, "seqnum-offset", (int)((number + 1) & 0xffff), NULL);
}
