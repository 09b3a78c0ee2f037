#pragma once

#include "listener.h"
#include "sip-track.h"

#include <libglib-testing/signal-logger.h>

G_BEGIN_DECLS

/* Two handlers that call each other over real sockets, and what each of them hears. A plays a tone
 * of 1000 Hz, B one of 400 Hz.
 */
typedef struct {
  SipSessionDescriptionHandler *a;
  SipSessionDescriptionHandler *b;
  Listener at_a;
  Listener at_b;
  GtSignalLogger *seen;
} Pair;

void pair_watch (Pair *pair, SipSessionDescriptionHandler *handler);
void pair_set_up (Pair *pair, gconstpointer data);
void pair_tear_down (Pair *pair, gconstpointer data);
char *pair_negotiate (SipSessionDescriptionHandler *from,
                      SipSessionDescriptionHandler *to,
                      SipModifiers *modifiers);
void pair_hear (Pair *pair);
void pair_connect (Pair *pair);
SipTrack *pair_dup_track (SipSessionDescriptionHandler *handler, guint position);
guint pair_count_tracks (SipSessionDescriptionHandler *handler);
void pair_assert_directions (SipSessionDescriptionHandler *handler,
                             SipDirection local,
                             SipDirection remote);
gsize pair_count_meanwhile (Listener *listener, Listener *clock);

G_END_DECLS
