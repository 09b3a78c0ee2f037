#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where the server of an address is (RFC 3263): an array of SipTarget, the best first. */
void sip_locate_async (const char *uri,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
GPtrArray *sip_locate_finish (GAsyncResult *result, GError **error);

G_END_DECLS
