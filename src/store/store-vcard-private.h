#pragma once

#include "store-contact-private.h"

G_BEGIN_DECLS

GPtrArray *store_vcard_read (const char *data, gsize length, GError **error);

G_END_DECLS
