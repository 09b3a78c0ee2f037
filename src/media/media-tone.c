/* media-tone.c - the keys of a telephone as packets (RFC 4733)
 *
 * Down: a key and how long it is pressed -> media_tone_make_packets() -> MediaSender
 * Up:   a packet -> media_tone_read_packet() -> MediaToneReceiver
 */

#include "media-tone-private.h"

#include <gst/rtp/rtp.h>
#include <string.h>

#define PACKET_MS 20
#define PAYLOAD_SIZE 4
#define VOLUME 10 /* dB below the loudest, as phones send it */
#define N_LAST 3  /* the end is said three times (2.5.1.4) */

static const char *const names[] = {"0", "1", "2", "3", "4", "5", "6", "7",
                                    "8", "9", "*", "#", "A", "B", "C", "D"};

/* -1 where @tone is none. */
int
media_tone_find_event (const char *tone)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (g_ascii_strcasecmp (names[i], tone) == 0)
      return i;
  }
  return -1;
}

/* %NULL where @event is not of the keypad. */
const char *
media_tone_get_name (guint event)
{
  return event < G_N_ELEMENTS (names) ? names[event] : NULL;
}

/* The number of the packet and its source are for a muxer to fill in. */
static GstBuffer *
make_packet (const MediaTonePacket *packet, guint payload, GstClockTime time)
{
  GstBuffer *buffer = gst_rtp_buffer_new_allocate (PAYLOAD_SIZE, 0, 0);
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  guint8 *bytes;

  gst_rtp_buffer_map (buffer, GST_MAP_WRITE, &rtp);
  gst_rtp_buffer_set_payload_type (&rtp, payload);
  gst_rtp_buffer_set_marker (&rtp, packet->is_first);
  gst_rtp_buffer_set_timestamp (&rtp, packet->timestamp);
  bytes = gst_rtp_buffer_get_payload (&rtp);
  bytes[0] = packet->event;
  bytes[1] = (packet->is_last ? 0x80 : 0) | VOLUME;
  GST_WRITE_UINT16_BE (bytes + 2, packet->duration);
  gst_rtp_buffer_unmap (&rtp);
  GST_BUFFER_PTS (buffer) = time;
  GST_BUFFER_DURATION (buffer) = PACKET_MS * GST_MSECOND;
  return buffer;
}

/* Packets that begin at @start, a running time, and are over at @end. A tone that is longer than
 * 16 bits can say goes on as another of the same kind (2.5.1.3).
 */
GstBufferList *
media_tone_make_packets (guint event,
                         guint milliseconds,
                         guint payload,
                         guint clock_rate,
                         GstClockTime start,
                         GstClockTime *end)
{
  const guint step = clock_rate / 1000 * PACKET_MS, total = clock_rate / 1000 * milliseconds;
  const guint32 begin = gst_util_uint64_scale_int (start, clock_rate, GST_SECOND);
  GstBufferList *packets = gst_buffer_list_new ();
  MediaTonePacket packet = {.event = event, .timestamp = begin, .is_first = TRUE};
  guint n_last = 0;

  *end = start;
  for (guint elapsed = MIN (step, total); n_last < N_LAST; elapsed = MIN (elapsed + step, total)) {
    if (elapsed - (packet.timestamp - begin) > G_MAXUINT16) {
      packet.duration = G_MAXUINT16;
      gst_buffer_list_add (packets, make_packet (&packet, payload, *end));
      packet.timestamp += G_MAXUINT16;
    }
    packet.duration = elapsed - (packet.timestamp - begin);
    packet.is_last = elapsed == total;
    gst_buffer_list_add (packets, make_packet (&packet, payload, *end));
    packet.is_first = FALSE;
    n_last += packet.is_last ? 1 : 0;
    *end += PACKET_MS * GST_MSECOND;
  }
  return packets;
}

/* From any thread. %FALSE where it is no packet of a tone of the keypad. */
gboolean
media_tone_read_packet (GstBuffer *buffer, guint clock_rate, MediaTonePacket *packet)
{
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  const guint8 *bytes;
  gboolean good;

  if (!gst_rtp_buffer_map (buffer, GST_MAP_READ, &rtp))
    return FALSE;
  good = gst_rtp_buffer_get_payload_len (&rtp) >= PAYLOAD_SIZE;
  if (good) {
    bytes = gst_rtp_buffer_get_payload (&rtp);
    packet->source = gst_rtp_buffer_get_ssrc (&rtp);
    packet->timestamp = gst_rtp_buffer_get_timestamp (&rtp);
    packet->is_first = gst_rtp_buffer_get_marker (&rtp);
    packet->is_last = (bytes[1] & 0x80) != 0;
    packet->event = bytes[0];
    packet->duration = GST_READ_UINT16_BE (bytes + 2);
    packet->clock_rate = clock_rate;
    good = media_tone_get_name (packet->event) != NULL;
  }
  gst_rtp_buffer_unmap (&rtp);
  return good;
}
