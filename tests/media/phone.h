#pragma once

#include "phone-handshake.h"

#include <gio/gio.h>
#include <srtp2/srtp.h>

G_BEGIN_DECLS

/* A packet as it came. */
typedef struct {
  guint payload;
  gboolean marker;
  guint number;
  guint32 stamp;
  guint32 source;
  guint n_bytes; /* behind the header */
  guchar bytes[4];
} Packet;

/* The other end of a call: sockets and bytes, and none of our own classes. It sends a tone of
 * 400 Hz as PCMU.
 */
typedef struct {
  GSocket *rtp;
  GSocket *rtcp;
  guint port;
  GArray *packets; /* of Packet */
  guint n_reports; /* on either port */
  guint n_muxed;   /* on the port of RTP */
  GByteArray *report;
  guint report_port; /* where it came from */
  guint n_forged;    /* that the key does not fit */
  guint n_open;      /* that another key fits as well */
  GByteArray *wire;  /* what is behind the headers of sound, as it came */
  GByteArray *sound; /* and as the key opened it */
  PhoneHandshake *handshake;
  srtp_t in;
  srtp_t wrong; /* by a key that differs in a bit */
  srtp_t out;
  GSocketAddress *to;
  guint32 source;
  guint number;
  guint32 stamp;
  gint64 started;
  guint per_packet; /* in microseconds */
  guint payload;
  guint loses;     /* one packet of sound in so many, or 0 */
  GBytes *last[8]; /* as they left */
  guint timer_id;
  GSource *sources[2];
} Phone;

void phone_init (Phone *self, const char *address);
void phone_clear (Phone *self);
void phone_expect_key (Phone *self, const char *suite, const char *base64);
void phone_use_key (Phone *self, const char *suite, const char *base64);
void phone_shake_hands (Phone *self, gboolean is_client);
void phone_send_to (Phone *self, const char *address, guint port);
void phone_send_packet (Phone *self, guint payload, const guchar *bytes, gsize size);
void phone_send_report (Phone *self, gboolean is_muxed);
gboolean phone_is_acknowledged (Phone *self);
void phone_repeat (Phone *self, Phone *what);
void phone_start (Phone *self, guint per_packet);
void phone_stop (Phone *self);
guint phone_count (Phone *self);
char *phone_describe (Phone *self, const char *address, const char *proto, const char *more);
guint phone_count_values (const GByteArray *bytes);
guint phone_read_port (const char *sdp);
char *phone_read_key (const char *sdp, const char *suite, guint *tag);

G_END_DECLS
