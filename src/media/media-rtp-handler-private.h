#pragma once

#include "media-rtp-handler.h"
#include "media-rtp-negotiation-private.h"
#include "media-rtp-stream-private.h"
#include "media-sound-private.h"
#include "media-watch-private.h"

#include "sip-media-servers.h"

G_BEGIN_DECLS

struct _MediaRtpHandler {
  GObject parent_instance;

  char *audio_source;
  char *audio_sink;
  char *local_address;
  SipMediaServers *servers; /* or NULL */
  MediaPorts ports;
  MediaRtpPolicy policy;
  gboolean muted;
  gboolean secure;
  gboolean closed;
  SipDirection wanted; /* of the next description */
  gboolean is_holding; /* by the last description of ours */
  MediaRtpNegotiation *negotiation;
  MediaRtpSockets *sockets; /* from the first description of ours on */
  MediaRtpSockets *next;    /* that take their place with the next round; or NULL */
  MediaRtpStream *stream;   /* once a round was agreed */
  MediaSound *sound;        /* once all is protected as agreed */
  MediaWatch *watch;
  SipDirection local_direction;
  SipDirection remote_direction;
};

char *media_rtp_handler_describe (MediaRtpHandler *self, SipModifiers *modifiers, GError **error);
gboolean media_rtp_handler_take (MediaRtpHandler *self,
                                 const char *text,
                                 gboolean is_answer,
                                 SipModifiers *modifiers,
                                 GError **error);
gboolean media_rtp_handler_find_place (MediaRtpHandler *self);
gboolean media_rtp_handler_send_tone (MediaRtpHandler *self, char letter, guint duration);
void media_rtp_handler_watch_sound (MediaRtpHandler *self);
void media_rtp_handler_drop_stream (MediaRtpHandler *self);

G_END_DECLS
