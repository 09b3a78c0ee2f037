#pragma once

#include "media-negotiation-private.h"
#include "media-peer-private.h"
#include "media-sound-handler-private.h"
#include "media-web-handler.h"

G_BEGIN_DECLS

/* One get_description() or set_description(). */
typedef struct {
  GTask *task;
  SipModifiers *modifiers;
  char *text; /* what is set, or NULL where a description is wanted */
  gboolean is_answer;
} Request;

struct _MediaWebHandler {
  MediaSoundHandler parent_instance;

  MediaSoundHandlerPrivate *base;
  GStrv local_addresses; /* NULL for all there are */
  GQueue requests;       /* of Request, behind the one that is under way */
  Request *request;
  MediaNegotiation *negotiation;
  MediaPeer *peer;  /* from the first description on */
  MediaPeer *next;  /* that takes its place with the round under way; or NULL */
  MediaSdp *answer; /* while webrtcbin looks at it */
};

gboolean media_start_gstreamer (GError **error);
void media_web_handler_enqueue (MediaWebHandler *self,
                                SipModifiers *modifiers,
                                GTask *task,
                                char *text,
                                gboolean is_answer);
void media_web_handler_refuse (MediaWebHandler *self, GError *error);
void media_web_handler_watch_sound (MediaSoundHandler *handler);
void media_web_handler_drop_peer (MediaWebHandler *self);
void media_web_handler_drop_next (MediaWebHandler *self);
gboolean media_web_handler_has_moved (MediaWebHandler *self);

G_END_DECLS
