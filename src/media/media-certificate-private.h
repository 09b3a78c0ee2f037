#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *media_certificate_generate (GError **error);

G_END_DECLS
