/* media-security.c - how much encryption is worth, as a GObject type */

#include "media-security.h"

G_DEFINE_ENUM_TYPE (MediaSecurity,
                    media_security,
                    G_DEFINE_ENUM_VALUE (MEDIA_SECURITY_OFF, "off"),
                    G_DEFINE_ENUM_VALUE (MEDIA_SECURITY_PREFER, "prefer"),
                    G_DEFINE_ENUM_VALUE (MEDIA_SECURITY_REQUIRE, "require"))
