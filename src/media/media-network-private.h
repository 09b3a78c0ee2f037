#pragma once

#include <glib.h>

G_BEGIN_DECLS

GStrv media_network_list_addresses (void);
gboolean media_network_is_apart (const char *const *addresses);

G_END_DECLS
