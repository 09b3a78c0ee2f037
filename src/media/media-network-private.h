#pragma once

#include <glib.h>

G_BEGIN_DECLS

GStrv media_network_list_addresses (void);

G_END_DECLS
