#pragma once

#include "media-rtp-handler.h"
#include "pair.h"

G_BEGIN_DECLS

/* How two sides protect what they send, and what has to stand in the offer. */
typedef struct {
  const char *name;
  SipSecurity security;
  gboolean is_private;
  const char *suite; /* the only one offered, or NULL */
  const char *proto;
  gboolean is_secure;
  gboolean has_every_codec; /* or is tried with one of them */
  gboolean clear_keys;
} RtpProtection;

/* The first is none, the last a handshake. */
#define RTP_PROTECTIONS 9
extern const RtpProtection rtp_protections[RTP_PROTECTIONS];
#define RTP_CLEAR (&rtp_protections[0])
#define RTP_SDES (&rtp_protections[2])
#define RTP_DTLS (&rtp_protections[RTP_PROTECTIONS - 1])

void rtp_pair_set_up (Pair *pair, const RtpProtection *protection);
gboolean rtp_pair_is_secure (SipSessionDescriptionHandler *handler);
void rtp_pair_send_tones (Pair *pair,
                          SipSessionDescriptionHandler *from,
                          SipSessionDescriptionHandler *to,
                          const char *tones);
char *rtp_pair_keep_codec (const char *type, const char *text, gpointer data, GError **error);

G_END_DECLS
