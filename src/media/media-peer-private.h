#pragma once

#include "media-sdp-private.h"

#include "sip-media-servers.h"

#include <gio/gio.h>
#include <gst/gst.h>

G_BEGIN_DECLS

#define MEDIA_TYPE_PEER (media_peer_get_type ())
G_DECLARE_FINAL_TYPE (MediaPeer, media_peer, MEDIA, PEER, GObject)

MediaPeer *media_peer_new (GStrv addresses, SipMediaServers *servers, GError **error);
void media_peer_describe_async (MediaPeer *self,
                                const MediaSdp *offer,
                                const MediaSdp *codec,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
MediaSdp *media_peer_describe_finish (MediaPeer *self, GAsyncResult *result, GError **error);
void media_peer_complete_async (MediaPeer *self,
                                const MediaSdp *answer,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean media_peer_complete_finish (MediaPeer *self, GAsyncResult *result, GError **error);
void media_peer_close (MediaPeer *self);
GstBin *media_peer_get_pipeline (MediaPeer *self);
GstElement *media_peer_dup_rtpbin (MediaPeer *self);
GstPad *media_peer_dup_sink (MediaPeer *self);
const char *const *media_peer_get_addresses (MediaPeer *self);
gboolean media_peer_is_verified (MediaPeer *self);

G_END_DECLS
