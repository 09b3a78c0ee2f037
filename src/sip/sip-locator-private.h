#pragma once

#include "sip-target-private.h"

G_BEGIN_DECLS

/* Where the server of an address is (RFC 3263): an array of SipTarget, the best first. */
void sip_locate_async (const char *uri,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
GPtrArray *sip_locate_finish (GAsyncResult *result, GError **error);

GInetAddress *sip_choose_address (const SipTarget *target, GList *addresses, GError **error);

G_END_DECLS
