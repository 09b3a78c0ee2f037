#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

enum { SIP_STUN_ID = 12 }; /* bytes that tell one request from the other */

gboolean sip_stun_is (const char *data, gsize size);
GBytes *sip_stun_new_request (const guint8 *id);
GSocketAddress *sip_stun_read_response (const char *data, gsize size, const guint8 *id);

G_END_DECLS
