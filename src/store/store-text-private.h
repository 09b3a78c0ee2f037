#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

#define STORE_MAX_NAME 256     /* characters of a name or a label */
#define STORE_MAX_ADDRESS 1024 /* characters of an address */

char *store_text_clean (const char *text, guint max_characters);

G_END_DECLS
