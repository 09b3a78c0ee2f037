#pragma once

#include "media-rtp-handler.h"
#include "media-rtp-negotiation-private.h"
#include "media-rtp-stream-private.h"
#include "media-sound-handler-private.h"

#include "sip-error.h"

G_BEGIN_DECLS

struct _MediaRtpHandler {
  MediaSoundHandler parent_instance;

  MediaSoundHandlerPrivate *base;
  char *local_address;
  MediaPorts ports;
  MediaRtpPolicy policy;
  gboolean secure;
  SipDirection wanted; /* of the next description */
  gboolean is_holding; /* by the last description of ours */
  MediaRtpNegotiation *negotiation;
  MediaRtpSockets *sockets; /* from the first description of ours on */
  MediaRtpSockets *next;    /* that take their place with the next round; or NULL */
  GTask *task;              /* a description that waits until servers have answered, or NULL */
  SipModifiers *modifiers;  /* of it, or NULL */
  MediaRtpStream *stream;   /* once a round was agreed */
};

char *media_rtp_handler_describe (MediaRtpHandler *self, SipModifiers *modifiers, GError **error);
gboolean media_rtp_handler_take (MediaRtpHandler *self,
                                 const char *text,
                                 gboolean is_answer,
                                 SipModifiers *modifiers,
                                 GError **error);
gboolean media_rtp_handler_send_tone (MediaRtpHandler *self, char letter, guint duration);
void media_rtp_handler_watch_sound (MediaSoundHandler *handler);
void media_rtp_handler_drop_stream (MediaRtpHandler *self);
void media_rtp_handler_take_way (MediaRtpHandler *self);

/* Of media-rtp-place.c: where this side is. */
void media_rtp_handler_get_description (MediaRtpHandler *self,
                                        SipModifiers *modifiers,
                                        GTask *task);
void media_rtp_handler_drop_task (MediaRtpHandler *self, SipError code, const char *why);
gboolean media_rtp_handler_find_place (MediaRtpHandler *self);
gboolean media_rtp_handler_follow (MediaRtpHandler *self, GError **error);
gboolean media_rtp_handler_tell_place (MediaRtpHandler *self, GError **error);
gboolean media_rtp_handler_take_place (MediaRtpHandler *self, GError **error);
gboolean media_rtp_handler_ensure_ice (MediaRtpHandler *self,
                                       const MediaRtpSdp *remote,
                                       GError **error);
gboolean media_rtp_handler_give_up_ice (MediaRtpHandler *self,
                                        const MediaRtpSdp *remote,
                                        GError **error);
gboolean media_rtp_handler_is_checking (MediaRtpHandler *self);
gboolean media_rtp_handler_is_vain (MediaRtpHandler *self);

G_END_DECLS
