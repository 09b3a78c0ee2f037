#pragma once

#include <glib.h>

G_BEGIN_DECLS

int app_provision (const char *path);

G_END_DECLS
