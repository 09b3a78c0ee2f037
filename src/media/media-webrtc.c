/* media-webrtc.c - a webrtcbin as this program wants it
 *
 * Down: MediaPeer -> what is to be set before it starts
 */

#include "media-webrtc-private.h"

#include "media-cushion-private.h"

#include <nice/agent.h>
#include <string.h>

/* Streams of one peer that are looked at; a flood of others is dropped. */
#define MAX_STREAMS 4

static void
configure_ice (GstElement *webrtc, GStrv addresses)
{
  g_autoptr (GObject) ice = NULL, agent = NULL;

  g_object_get (webrtc, "ice-agent", &ice, NULL);
  g_object_get (ice, "agent", &agent, NULL);
  /* Asking a router takes 200 ms, and a peer that is gone is noticed only by checks. Checks may
   * follow each other in 5 ms (RFC 8445 14.2); the default of 20 costs 40 ms of silence. */
  g_object_set (agent, "upnp", FALSE, "ice-tcp", FALSE, "keepalive-conncheck", TRUE,
                "stun-pacing-timer", 5, NULL);
  for (guint i = 0; addresses[i] != NULL; i++) {
    gboolean added = FALSE;

    g_signal_emit_by_name (ice, "add-local-ip-address", addresses[i], &added);
  }
}

static void
use_servers (GstElement *webrtc, SipMediaServers *servers)
{
  g_autofree char *stun = sip_media_servers_dup_stun (servers);
  g_autofree char *turn = sip_media_servers_dup_turn (servers);
  gboolean added = FALSE;

  if (sip_media_servers_get_relay_only (servers))
    gst_util_set_object_arg (G_OBJECT (webrtc), "ice-transport-policy", "relay");
  else if (stun != NULL)
    g_object_set (webrtc, "stun-server", stun, NULL);
  if (turn != NULL)
    g_signal_emit_by_name (webrtc, "add-turn-server", turn, &added);
}

/* webrtcbin's own, or NULL where it has none. */
GstElement *
media_webrtc_dup_rtpbin (GstElement *webrtc)
{
  return gst_bin_get_by_name (GST_BIN (webrtc), "rtpbin");
}

static void
limit_streams (GstElement *webrtc)
{
  g_autoptr (GstElement) rtpbin = media_webrtc_dup_rtpbin (webrtc);

  if (rtpbin != NULL)
    g_object_set (rtpbin, "max-streams", MAX_STREAMS, NULL);
}

GstElement *
media_webrtc_new (GStrv addresses, SipMediaServers *servers, GError **error)
{
  GstElement *webrtc = gst_element_factory_make ("webrtcbin", NULL);

  if (webrtc == NULL) {
    g_set_error_literal (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER,
                         "GStreamer has no webrtcbin");
    return NULL;
  }
  gst_object_ref_sink (webrtc);
  gst_util_set_object_arg (G_OBJECT (webrtc), "bundle-policy", "max-compat");
  g_object_set (webrtc, "latency", MEDIA_CUSHION_LEAST, NULL);
  configure_ice (webrtc, addresses);
  if (servers != NULL)
    use_servers (webrtc, servers);
  limit_streams (webrtc);
  return webrtc;
}

static void
on_agent_closed (GObject *agent, GAsyncResult *result, gpointer ice)
{
  gst_object_unref (ice);
}

/* Takes @webrtc, which is stopped. A relay that was asked for its help is told that it is not
 * needed any more, which takes its time; libnice lives until then.
 */
void
media_webrtc_free (GstElement *webrtc, gboolean has_relay)
{
  g_autoptr (GObject) agent = NULL;
  GObject *ice = NULL;

  g_object_get (webrtc, "ice-agent", &ice, NULL);
  gst_object_unref (webrtc);
  g_object_get (ice, "agent", &agent, NULL);
  if (has_relay)
    nice_agent_close_async (NICE_AGENT (agent), on_agent_closed, ice);
  else
    gst_object_unref (ice);
}

static GstCaps *
make_caps (const MediaSdpFormat *format)
{
  GstCaps *caps = gst_caps_new_simple ("application/x-rtp", "media", G_TYPE_STRING, "audio",
                                       "encoding-name", G_TYPE_STRING, format->codec->encoding,
                                       "clock-rate", G_TYPE_INT, (int)format->codec->clock_rate,
                                       "payload", G_TYPE_INT, (int)format->payload, NULL);

  if (format->codec->channels == 2)
    gst_caps_set_simple (caps, "encoding-params", G_TYPE_STRING, "2", NULL);
  return caps;
}

/* Takes @caps. */
static GstCaps *
add_format (GstCaps *caps, const MediaSdpFormat *format)
{
  caps = gst_caps_merge (caps, make_caps (format));
  if (format->tones == 0)
    return caps;
  return gst_caps_merge (caps, gst_caps_new_simple ("application/x-rtp", "media", G_TYPE_STRING,
                                                    "audio", "encoding-name", G_TYPE_STRING,
                                                    "TELEPHONE-EVENT", "clock-rate", G_TYPE_INT,
                                                    (int)format->codec->clock_rate, "payload",
                                                    G_TYPE_INT, (int)format->tones, NULL));
}

/* webrtcbin needs to know codecs before there is a microphone: all of ours, or the best of @sdp. */
void
media_webrtc_offer_codecs (GstElement *webrtc, const MediaSdp *sdp)
{
  g_autoptr (GstCaps) caps = gst_caps_new_empty ();
  GstWebRTCRTPTransceiver *transceiver = NULL;

  if (sdp != NULL) {
    caps = add_format (caps, media_sdp_find_best (sdp));
  } else {
    for (guint i = 0; media_codecs_get (i) != NULL; i++) {
      const MediaCodec *codec = media_codecs_get (i);
      MediaSdpFormat format = {codec, codec->payload, codec->tones};

      if (codec->is_for_browsers && media_codecs_is_available (codec))
        caps = add_format (caps, &format);
    }
  }
  g_signal_emit_by_name (webrtc, "add-transceiver", GST_WEBRTC_RTP_TRANSCEIVER_DIRECTION_SENDRECV,
                         caps, &transceiver);
  g_clear_pointer (&transceiver, gst_object_unref);
}

/* webrtcbin answers with a codec and nothing else; it takes what is added all the same. */
void
media_webrtc_add_tones (GstWebRTCSessionDescription *answer, const MediaSdpFormat *format)
{
  GstSDPMedia *media = (GstSDPMedia *)gst_sdp_message_get_media (answer->sdp, 0);
  g_autofree char *payload = g_strdup_printf ("%u", format->tones);
  g_autofree char *map =
      g_strdup_printf ("%u telephone-event/%u", format->tones, format->codec->clock_rate);
  g_autofree char *events = g_strdup_printf ("%u 0-15", format->tones);

  if (format->tones == 0)
    return;
  gst_sdp_media_add_format (media, payload);
  gst_sdp_media_add_attribute (media, "rtpmap", map);
  gst_sdp_media_add_attribute (media, "fmtp", events);
}

static gboolean
keep_pad (GstElement *element, GstPad *pad, gpointer user_data)
{
  *(GstPad **)user_data = gst_object_ref (pad);
  return FALSE;
}

/* Where our sound goes in, once both descriptions are set; which number webrtcbin gives it is not
 * to be foreseen.
 */
GstPad *
media_webrtc_dup_sink (GstElement *webrtc)
{
  GstPad *pad = NULL;

  gst_element_foreach_sink_pad (webrtc, keep_pad, &pad);
  return pad;
}

GstWebRTCSessionDescription *
media_webrtc_new_description (GstWebRTCSDPType type, const MediaSdp *sdp)
{
  g_autofree char *text = media_sdp_print (sdp);
  GstSDPMessage *message = NULL;

  gst_sdp_message_new_from_text (text, &message);
  return gst_webrtc_session_description_new (type, message);
}

/* Leaves what a relay has; the address that it knows us by is never told. */
static void
hide_addresses (MediaSdp *sdp)
{
  for (guint i = sdp->candidates->len; i-- > 0;) {
    if (strstr (sdp->candidates->pdata[i], " typ relay") == NULL)
      g_ptr_array_remove_index (sdp->candidates, i);
  }
}

/* What webrtcbin says of itself: local-description has the candidates, what create-offer returned
 * has none. @is_hidden: whether only a relay may be seen
 */
MediaSdp *
media_webrtc_read_local (GstElement *webrtc, gboolean is_hidden, GError **error)
{
  GstWebRTCSessionDescription *description = NULL;
  g_autoptr (MediaSdp) sdp = NULL;
  g_autofree char *text = NULL;

  g_object_get (webrtc, "local-description", &description, NULL);
  if (description != NULL) {
    text = gst_sdp_message_as_text (description->sdp);
    gst_webrtc_session_description_free (description);
  }
  sdp = media_sdp_parse (text != NULL ? text : "", error);
  if (sdp == NULL || !is_hidden)
    return g_steal_pointer (&sdp);
  hide_addresses (sdp);
  if (sdp->candidates->len > 0)
    return g_steal_pointer (&sdp);
  g_set_error_literal (error, SIP_ERROR, SIP_ERROR_RELAY, "The relay gives no address");
  return NULL;
}
