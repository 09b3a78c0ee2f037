#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a network does to packets of sound, out of a hundred, and by how many milliseconds. */
typedef struct {
  const char *name;
  guint loss;
  guint jitter; /* each packet is late by something up to that */
  guint swaps;  /* that come behind the next one */
  guint doubles;
} Weather;

/* A network between two ends, in a thread of its own, with the same luck in every run. */
typedef struct _Relay Relay;

Relay *relay_new (guint32 seed);
void relay_free (Relay *self);
void relay_set_weather (Relay *self, const Weather *weather);
char *relay_rewrite (Relay *self, const char *sdp, gboolean is_first);
guint relay_count_lost (Relay *self);
guint relay_count_passed (Relay *self);

G_END_DECLS
