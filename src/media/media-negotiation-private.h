#pragma once

#include "media-sdp-private.h"

#include "sip-modifiers.h"

G_BEGIN_DECLS

/* RFC 3264, from this side:
 *
 *   STABLE -- make_offer() --> OFFERED  -- agree() -------> STABLE
 *   STABLE -- take_offer() --> RECEIVED -- make_answer() -> STABLE
 *   OFFERED, RECEIVED -- rollback() --> STABLE
 *
 * Once agreed, another answer to the same offer may be agreed to as well, until the next offer of
 * either side, or until rollback() says that there will be none.
 */
typedef enum {
  MEDIA_NEGOTIATION_STABLE,   /* nobody waits for an answer */
  MEDIA_NEGOTIATION_OFFERED,  /* the other side is to answer */
  MEDIA_NEGOTIATION_RECEIVED, /* this side is to answer */
} MediaNegotiationState;

typedef struct _MediaNegotiation MediaNegotiation;

MediaNegotiation *media_negotiation_new (void);
void media_negotiation_free (MediaNegotiation *self);
MediaNegotiationState media_negotiation_get_state (const MediaNegotiation *self);
gboolean media_negotiation_is_agreed (const MediaNegotiation *self);
void media_negotiation_set_direction (MediaNegotiation *self, SipDirection direction);
gboolean media_negotiation_is_holding (const MediaNegotiation *self);
SipDirection media_negotiation_get_local_direction (const MediaNegotiation *self);
SipDirection media_negotiation_get_remote_direction (const MediaNegotiation *self);
const MediaSdpFormat *media_negotiation_get_format (const MediaNegotiation *self);
gboolean media_negotiation_has_tones (const MediaNegotiation *self);
gboolean media_negotiation_has_local (const MediaNegotiation *self);
gboolean media_negotiation_is_restarted (const MediaNegotiation *self);
MediaSdp *media_negotiation_dup_codec (const MediaNegotiation *self);
void media_negotiation_set_local (MediaNegotiation *self, MediaSdp *local);
MediaSdp *media_negotiation_dup_pending (const MediaNegotiation *self);
char *media_negotiation_make_offer (MediaNegotiation *self,
                                    SipModifiers *modifiers,
                                    GError **error);
char *media_negotiation_make_answer (MediaNegotiation *self,
                                     SipModifiers *modifiers,
                                     GError **error);
gboolean media_negotiation_take_offer (MediaNegotiation *self,
                                       const char *text,
                                       SipModifiers *modifiers,
                                       GError **error);
gboolean media_negotiation_is_repeated (const MediaNegotiation *self, const char *text);
MediaSdp *media_negotiation_read_answer (const MediaNegotiation *self,
                                         const char *text,
                                         SipModifiers *modifiers,
                                         GError **error);
MediaSdp *media_negotiation_dup_for_peer (const MediaNegotiation *self, const MediaSdp *remote);
void media_negotiation_agree (MediaNegotiation *self, const MediaSdp *answer, const char *text);
void media_negotiation_rollback (MediaNegotiation *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaNegotiation, media_negotiation_free)

G_END_DECLS
