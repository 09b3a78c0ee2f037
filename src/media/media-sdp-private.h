#pragma once

#include "media-codecs-private.h"
#include "media-direction-private.h"

#include "sip-error.h"

G_BEGIN_DECLS

/* RFC 8842: who opens the DTLS connection. */
typedef enum {
  MEDIA_SETUP_ACTPASS,
  MEDIA_SETUP_ACTIVE,
  MEDIA_SETUP_PASSIVE,
} MediaSetup;

/* One m= line, as much of it as a refusal has to repeat. */
typedef struct {
  char *kind;
  char *proto;
  char *formats;
  char *mid; /* or NULL */
  gboolean is_refused;
  gboolean is_heard; /* sound that comes over the connection of the first line of sound */
  SipDirection direction;
} MediaSdpLine;

/* A codec and the number it goes by. */
typedef struct {
  const MediaCodec *codec;
  guint payload;
  guint tones; /* telephone-event at the codec's clock rate (RFC 4733), or 0 */
} MediaSdpFormat;

/* A description of one stream of sound over DTLS-SRTP, and of m= lines that are not used. Every
 * field was checked; text that was not is nowhere in here.
 */
typedef struct {
  char *session_id;
  guint version;
  GPtrArray *lines; /* of MediaSdpLine, never empty */
  guint audio;      /* which of them is the sound */
  gboolean is_bundled;
  gboolean is_ice_lite;
  char *ufrag;
  char *password;
  char *fingerprint; /* normalized */
  MediaSetup setup;
  GPtrArray *candidates;  /* of char *, without `candidate:` */
  GPtrArray *sources;     /* of char *, `ssrc:…` and `msid:…` */
  GArray *formats;        /* of MediaSdpFormat, never empty, the best first */
  SipDirection direction; /* of all lines together */
} MediaSdp;

gboolean media_sdp_guard (const char *text, GError **error);
MediaSdp *media_sdp_parse (const char *text, GError **error);
MediaSdp *media_sdp_copy (const MediaSdp *self);
void media_sdp_free (MediaSdp *self);
MediaSdpLine *media_sdp_get_audio (const MediaSdp *self);
void media_sdp_keep_audio_only (MediaSdp *self);
void media_sdp_keep_formats (MediaSdp *self, const MediaSdp *other);
void media_sdp_refuse_others (MediaSdp *self);
void media_sdp_set_direction (MediaSdp *self, SipDirection direction, const MediaSdp *offer);
gboolean media_sdp_is_restarted (const MediaSdp *self, const MediaSdp *before);
void media_sdp_take_transport (MediaSdp *self, const MediaSdp *from);
void media_sdp_take_lines (MediaSdp *self, const MediaSdp *offer);
const MediaSdpFormat *media_sdp_find_best (const MediaSdp *self);
const MediaSdpFormat *media_sdp_find_format (const MediaSdp *self, const MediaSdpFormat *format);
gboolean media_sdp_check_answer (const MediaSdp *self, const MediaSdp *offer, GError **error);
gboolean media_sdp_check_change (const MediaSdp *self, const MediaSdp *before, GError **error);
char *media_sdp_print (const MediaSdp *self);
char *media_sdp_normalize_candidate (const char *candidate, guint n_components);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaSdp, media_sdp_free)

G_END_DECLS
