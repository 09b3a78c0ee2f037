#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define MEDIA_TYPE_ECHO_PARTY (media_echo_party_get_type ())
G_DECLARE_FINAL_TYPE (MediaEchoParty, media_echo_party, MEDIA, ECHO_PARTY, GObject)

MediaEchoParty *media_echo_party_new (void);
gboolean media_echo_party_start (MediaEchoParty *self, GError **error);
void media_echo_party_stop (MediaEchoParty *self);
char *media_echo_party_dup_uri (MediaEchoParty *self);

G_END_DECLS
