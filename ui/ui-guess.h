#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void ui_guess_host_async (const char *host,
                          const char *const *known,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
char *ui_guess_host_finish (GAsyncResult *result);
char *ui_guess_put (const char *text, const char *host, const char *meant);

G_END_DECLS
