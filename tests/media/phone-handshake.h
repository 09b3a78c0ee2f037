#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A DTLS handshake by GnuTLS, of which our own code knows nothing (RFC 5764). */
typedef struct _PhoneHandshake PhoneHandshake;

PhoneHandshake *phone_handshake_new (GSocket *socket, GSocketAddress *to, gboolean is_client);
void phone_handshake_free (PhoneHandshake *self);
char *phone_handshake_dup_fingerprint (void);
gboolean phone_handshake_take (PhoneHandshake *self,
                               GSocketAddress *from,
                               const guchar *bytes,
                               gsize size,
                               GBytes **ours,
                               GBytes **theirs);

G_END_DECLS
