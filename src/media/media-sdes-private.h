#pragma once

#include "media-srtp-private.h"

G_BEGIN_DECLS

/* The value of one a=crypto (RFC 4568). */
typedef struct {
  guint tag;
  MediaSrtpKey key;
} MediaSdes;

GArray *media_sdes_list_new (void);
GArray *media_sdes_list_copy (GArray *list);
gboolean media_sdes_parse (MediaSdes *self, const char *value);
void media_sdes_print (const MediaSdes *self, GString *text);

G_END_DECLS
