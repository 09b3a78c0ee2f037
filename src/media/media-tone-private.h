#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* One packet of a tone, as it came. */
typedef struct {
  guint32 source;
  guint32 timestamp; /* when the tone began, or the part of it that fits into 16 bits */
  gboolean is_first;
  gboolean is_last;
  guint event;
  guint duration; /* so far, in units of the clock */
  guint clock_rate;
} MediaTonePacket;

int media_tone_find_event (const char *tone);
const char *media_tone_get_name (guint event);
GstBufferList *media_tone_make_packets (guint event,
                                        guint milliseconds,
                                        guint payload,
                                        guint clock_rate,
                                        GstClockTime start,
                                        GstClockTime *end);
gboolean media_tone_read_packet (GstBuffer *buffer, guint clock_rate, MediaTonePacket *packet);

G_END_DECLS
