#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the other side's certificate has to be, and whether it was. The only thing that the main
 * context and GStreamer's threads share, hence its lock and its count of references.
 */
typedef struct _MediaIdentity MediaIdentity;

MediaIdentity *media_identity_new (void);
MediaIdentity *media_identity_ref (MediaIdentity *self);
void media_identity_unref (MediaIdentity *self);
void media_identity_expect (MediaIdentity *self, const char *fingerprint);
gboolean media_identity_check (MediaIdentity *self, const char *pem);
gboolean media_identity_is_verified (MediaIdentity *self);

char *media_identity_normalize (const char *fingerprint);
char *media_identity_make_fingerprint (const char *pem);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MediaIdentity, media_identity_unref)

G_END_DECLS
