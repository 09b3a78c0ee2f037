#pragma once

#include "media-rtp-sdp-private.h"

#include "sip-modifiers.h"

G_BEGIN_DECLS

/* What became of a description of the other side. */
typedef enum {
  MEDIA_RTP_REFUSED,  /* nothing changed */
  MEDIA_RTP_REPEATED, /* it came before */
  MEDIA_RTP_OFFERED,  /* this side is to answer */
  MEDIA_RTP_ANSWERED, /* a round is complete */
} MediaRtpOutcome;

/* RFC 3264, from this side; without an offer that waits for its answer it is at rest:
 *
 *   rest -- describe() --> our offer waits   -- take() ----> rest
 *   rest -- take() ------> their offer waits -- describe() -> rest
 *   either of the two -- rollback() --> rest
 */
typedef struct _MediaRtpNegotiation MediaRtpNegotiation;

struct _MediaRtpNegotiation {
  MediaRtpPolicy policy;
  SipDirection direction; /* wanted of the next description */
  char *origin;
  guint64 version;
  GInetAddress *address;
  guint port;
  GSocketAddress *rtcp; /* where that is elsewhere than at the next port, or NULL */
  char *fingerprint;
  const MediaRtpIceTerms *ice; /* NULL where this side was not asked for it */
  GArray *keys;                /* of MediaSdes, ours for each suite, as long as the call lives */

  MediaRtpSdp *offered;  /* our offer as it left, also after its answer: another may come */
  gboolean is_waiting;   /* for the answer to it */
  MediaRtpSdp *pending;  /* the other side's offer, while this side is to answer */
  MediaRtpSdp *local;    /* what was agreed last */
  MediaRtpSdp *remote;   /* likewise */
  MediaProtection floor; /* what a round that is under way may not fall below */
  char *text;            /* of remote, as it came */
};

MediaRtpNegotiation *media_rtp_negotiation_new (void);
void media_rtp_negotiation_free (MediaRtpNegotiation *self);
void media_rtp_negotiation_set_policy (MediaRtpNegotiation *self, MediaRtpPolicy policy);
void media_rtp_negotiation_set_direction (MediaRtpNegotiation *self, SipDirection direction);
void media_rtp_negotiation_set_place (MediaRtpNegotiation *self,
                                      GInetAddress *address,
                                      guint port,
                                      GSocketAddress *rtcp);
void media_rtp_negotiation_set_fingerprint (MediaRtpNegotiation *self, const char *fingerprint);
void media_rtp_negotiation_set_ice (MediaRtpNegotiation *self, const MediaRtpIceTerms *terms);
const MediaRtpSdp *media_rtp_negotiation_get_pending (const MediaRtpNegotiation *self);
gboolean media_rtp_negotiation_needs_fingerprint (const MediaRtpNegotiation *self);
char *media_rtp_negotiation_describe (MediaRtpNegotiation *self,
                                      SipModifiers *modifiers,
                                      GError **error);
MediaRtpOutcome media_rtp_negotiation_take (MediaRtpNegotiation *self,
                                            const char *text,
                                            gboolean is_answer,
                                            SipModifiers *modifiers,
                                            GError **error);
void media_rtp_negotiation_rollback (MediaRtpNegotiation *self);

/* What was agreed last, NULL before. */
const MediaRtpSdp *media_rtp_negotiation_get_local (const MediaRtpNegotiation *self);
const MediaRtpSdp *media_rtp_negotiation_get_remote (const MediaRtpNegotiation *self);
gboolean media_rtp_negotiation_is_waiting (const MediaRtpNegotiation *self);

/* Of media-rtp-describe.c, for media-rtp-negotiation.c. */
MediaProtection media_rtp_negotiation_choose_protection (const MediaRtpNegotiation *self);
char *media_rtp_negotiation_make_offer (MediaRtpNegotiation *self,
                                        SipModifiers *modifiers,
                                        GError **error);
char *media_rtp_negotiation_make_answer (MediaRtpNegotiation *self,
                                         SipModifiers *modifiers,
                                         MediaRtpSdp **answer,
                                         GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaRtpNegotiation, media_rtp_negotiation_free)

G_END_DECLS
