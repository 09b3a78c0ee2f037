#pragma once

#include "media-sdes-private.h"
#include "media-sdp-private.h"
#include "sip-enums.h"

G_BEGIN_DECLS

/* How the packets of one description are protected. */
typedef enum {
  MEDIA_PROTECTION_NONE,
  MEDIA_PROTECTION_SDES, /* by keys in the description (RFC 4568) */
  MEDIA_PROTECTION_DTLS, /* by a handshake between the two (RFC 5763) */
} MediaProtection;

/* What a description may ask for. */
typedef struct {
  SipSecurity security;
  gboolean is_private; /* nobody on the way reads the description */
  gboolean clear_keys; /* keys may stand in it even so */
} MediaRtpPolicy;

/* One m= line, as much of it as a refusal has to repeat. */
typedef struct {
  char *kind;
  char *proto;
  char *formats;
} MediaRtpLine;

/* A number for tones (RFC 4733), and the clock that their length is counted in. */
typedef struct {
  guint payload;
  guint clock_rate;
} MediaRtpTones;

/* How one side may be reached, and proves who it is (RFC 8839). */
typedef struct {
  char *name; /* NULL where it knows no ICE */
  char *password;
  GPtrArray *candidates; /* of char *, without `candidate:` */
  gboolean is_lite;
} MediaRtpIceTerms;

/* A description of one stream of sound over RTP, and of m= lines that are not used. Every field
 * was checked; text that was not is nowhere in here.
 */
typedef struct {
  char *origin; /* who made it, without the version */
  guint64 version;
  GPtrArray *lines; /* of MediaRtpLine, never empty */
  guint audio;      /* which of them is the sound */
  GInetAddress *address;
  guint port; /* 0 where nothing is to be sent: an old way to hold */
  GInetAddress *rtcp_address;
  guint rtcp_port;
  gboolean is_muxed;
  SipDirection direction;
  GArray *formats; /* of MediaSdpFormat, never empty, in the order of the describing side */
  GArray *tones;   /* of MediaRtpTones */
  MediaProtection protection;
  GArray *keys;      /* of MediaSdes; never empty with SDES */
  char *fingerprint; /* normalized; with DTLS */
  MediaSetup setup;
  MediaRtpIceTerms ice;
} MediaRtpSdp;

MediaRtpSdp *media_rtp_sdp_new (void);
MediaRtpSdp *media_rtp_sdp_copy (const MediaRtpSdp *self);
void media_rtp_sdp_free (MediaRtpSdp *self);
void media_rtp_sdp_add_line (MediaRtpSdp *self,
                             const char *kind,
                             const char *proto,
                             const char *formats);
void media_rtp_sdp_set_ice (MediaRtpSdp *self, const MediaRtpIceTerms *terms);
MediaRtpLine *media_rtp_sdp_get_audio (const MediaRtpSdp *self);
void media_rtp_sdp_take_lines (MediaRtpSdp *self, const MediaRtpSdp *offer);
const MediaSdpFormat *media_rtp_sdp_find_best (const MediaRtpSdp *self);
const MediaSdpFormat *media_rtp_sdp_find_codec (const MediaRtpSdp *self, const MediaCodec *codec);
gboolean media_rtp_policy_takes_keys (const MediaRtpPolicy *self);
gboolean media_rtp_sdp_is_client (const MediaRtpSdp *local, const MediaRtpSdp *remote);
const MediaRtpTones *media_rtp_sdp_find_tones (const MediaRtpSdp *self, guint clock_rate);
const MediaRtpTones *media_rtp_sdp_choose_tones (const MediaRtpSdp *self, guint clock_rate);
const MediaSdes *media_rtp_sdp_find_key (const MediaRtpSdp *self, const MediaSdes *like);
GSocketAddress *media_rtp_sdp_dup_rtp (const MediaRtpSdp *self);
GSocketAddress *media_rtp_sdp_dup_rtcp (const MediaRtpSdp *self);
char *media_rtp_sdp_print (const MediaRtpSdp *self);
MediaRtpSdp *media_rtp_sdp_parse (const char *text, const MediaRtpPolicy *policy, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaRtpSdp, media_rtp_sdp_free)

G_END_DECLS
