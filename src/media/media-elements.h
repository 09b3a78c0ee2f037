#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *media_describe_elements (void);

G_END_DECLS
