#pragma once

#include "media-codecs-private.h"
#include "sip-track.h"

#include <gst/gst.h>

G_BEGIN_DECLS

#define MEDIA_TYPE_RECEIVER (media_receiver_get_type ())
G_DECLARE_FINAL_TYPE (MediaReceiver, media_receiver, MEDIA, RECEIVER, GObject)

MediaReceiver *media_receiver_new (GstBin *pipeline, const char *audio_sink);
SipTrack *media_receiver_get_track (MediaReceiver *self);
const MediaCodec *media_receiver_get_codec (MediaReceiver *self);
gboolean media_receiver_take_pad (MediaReceiver *self, GstPad *pad);
void media_receiver_set_playing (MediaReceiver *self, gboolean playing);
void media_receiver_repair (MediaReceiver *self);
void media_receiver_look (MediaReceiver *self);
gboolean media_receiver_take_news (MediaReceiver *self, GstMessage *message);
GstPad *media_receiver_dup_heard (MediaReceiver *self);
void media_receiver_close (MediaReceiver *self);

G_END_DECLS
