#pragma once

#include "media-tone-private.h"

G_BEGIN_DECLS

#define MEDIA_TYPE_TONE_RECEIVER (media_tone_receiver_get_type ())
G_DECLARE_FINAL_TYPE (MediaToneReceiver, media_tone_receiver, MEDIA, TONE_RECEIVER, GObject)

MediaToneReceiver *media_tone_receiver_new (void);
gboolean media_tone_receiver_take_pad (MediaToneReceiver *self, GstBin *pipeline, GstPad *pad);
void media_tone_receiver_take_packet (MediaToneReceiver *self, const MediaTonePacket *packet);
void media_tone_receiver_close (MediaToneReceiver *self);

G_END_DECLS
