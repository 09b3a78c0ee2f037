#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MEDIA_CUSHION_LEAST 30
#define MEDIA_CUSHION_MOST 400

/* How long packets wait, in milliseconds, so that those which are late are in time. */
typedef struct {
  guint length;
  guint n_calm; /* looks in a row at which less would have done */
  guint frame;  /* of a lost packet, which the next one brings; 0 where none are lost */
} MediaCushion;

void media_cushion_init (MediaCushion *self);
gboolean media_cushion_adapt (MediaCushion *self, double jitter);

G_END_DECLS
