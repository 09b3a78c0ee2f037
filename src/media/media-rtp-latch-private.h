#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Whose packets are listened to, and where ours go. Not for two threads at once. */
typedef struct {
  GSocketAddress *expected; /* by the other side's description, or NULL where it wants nothing */
  GSocketAddress *current;  /* where ours go: expected, or who proved to be the other side */
  GSocketAddress *previous; /* of the last description; heard until the current one is */
  gboolean is_settled;      /* the current one was heard */
  gint64 until;             /* by when somebody else may be the other side */
  GSocketAddress *candidate;
  guint32 source;
  guint payload;
  guint n_packets; /* of the candidate, one after another */
  guint64 n_dropped;
} MediaRtpLatch;

void media_rtp_latch_clear (MediaRtpLatch *self);
void media_rtp_latch_expect (MediaRtpLatch *self, GSocketAddress *expected, gint64 now);
gboolean media_rtp_latch_take (MediaRtpLatch *self,
                               GSocketAddress *from,
                               guint32 source,
                               guint payload,
                               gboolean is_genuine,
                               gint64 now);
gboolean media_rtp_latch_is_same (GSocketAddress *a, GSocketAddress *b);
gboolean media_rtp_latch_is_same_host (GSocketAddress *a, GSocketAddress *b);

G_END_DECLS
