#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * MediaSecurity:
 * @MEDIA_SECURITY_OFF: sound travels in the clear, unless the other side insists
 * @MEDIA_SECURITY_PREFER: sound is encrypted wherever the other side can
 * @MEDIA_SECURITY_REQUIRE: sound is encrypted, or there is no call
 *
 * What is made of the encryption of RTP.
 */
typedef enum {
  MEDIA_SECURITY_OFF,
  MEDIA_SECURITY_PREFER,
  MEDIA_SECURITY_REQUIRE,
} MediaSecurity;

#define MEDIA_TYPE_SECURITY (media_security_get_type ())
GType media_security_get_type (void);

G_END_DECLS
