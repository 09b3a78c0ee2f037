#pragma once

#include "media-sdp-private.h"
#include "sip-track.h"

#include <gst/gst.h>

G_BEGIN_DECLS

#define MEDIA_TYPE_SENDER (media_sender_get_type ())
G_DECLARE_FINAL_TYPE (MediaSender, media_sender, MEDIA, SENDER, GObject)

MediaSender *media_sender_new (GstBin *pipeline,
                               GstPad *target,
                               const MediaSdpFormat *format,
                               const char *audio_source,
                               GError **error);
SipTrack *media_sender_get_track (MediaSender *self);
const MediaCodec *media_sender_get_codec (MediaSender *self);
void media_sender_set_format (MediaSender *self, const MediaSdpFormat *format);
void media_sender_set_muted (MediaSender *self, gboolean muted);
void media_sender_set_sending (MediaSender *self, gboolean sending);
void media_sender_set_recording (MediaSender *self, gboolean recording);
void media_sender_look (MediaSender *self);
gboolean media_sender_take_news (MediaSender *self, GstMessage *message);
gboolean media_sender_send_tone (MediaSender *self, guint event, guint duration);
gboolean media_sender_play_tone (MediaSender *self, guint event, guint duration);
GstPad *media_sender_dup_said (MediaSender *self);
void media_sender_close (MediaSender *self);

G_END_DECLS
