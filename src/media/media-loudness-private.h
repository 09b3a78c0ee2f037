#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* How loud what passes a pad is. */
typedef struct _MediaLoudness MediaLoudness;

MediaLoudness *media_loudness_new (GstPad *pad);
double media_loudness_take (MediaLoudness *self);
void media_loudness_free (MediaLoudness *self);

G_END_DECLS
