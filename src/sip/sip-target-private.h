#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where an address says that a message goes. */
typedef struct {
  char *host;
  guint16 port;
  const char *protocol; /* as in a Via */
  gboolean has_port;    /* the address says it */
  gboolean is_open;     /* the address leaves the protocol open */
  char *identity;       /* whom its certificate has to name (RFC 5922 4) */
} SipTarget;

SipTarget *sip_target_parse (const char *uri, GError **error);
SipTarget *sip_target_copy (const SipTarget *self);
void sip_target_free (SipTarget *self);
gboolean sip_target_is_final (const SipTarget *self);
char *sip_target_dup_uri (const SipTarget *self);
gboolean sip_target_is_loopback (SipTarget *self);
char *sip_uri_dup_user (const char *uri);
char *sip_uri_dup_host (const char *uri);
gboolean sip_host_is_local (const char *host);
gboolean sip_host_check_address (const char *host, GInetAddress *address, GError **error);
gboolean sip_uri_is_valid (const char *uri, gboolean needs_user);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SipTarget, sip_target_free)

G_END_DECLS
