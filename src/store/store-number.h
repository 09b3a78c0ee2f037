#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *store_number_extract (const char *text);

G_END_DECLS
