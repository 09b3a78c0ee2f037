#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Whom a certificate of TLS is of. */
gboolean sip_identity_names (GTlsCertificate *certificate, const char *domain);
char *sip_identity_dup_fingerprint (GTlsCertificate *certificate);
gboolean sip_identity_accept (GTlsCertificate *certificate,
                              GTlsCertificateFlags trouble,
                              const char *domain,
                              const char *pin);

G_END_DECLS
