#pragma once

#include <gio/gio.h>

#define PEER_TYPE_RESOLVER (peer_resolver_get_type ())
G_DECLARE_FINAL_TYPE (PeerResolver, peer_resolver, PEER, RESOLVER, GResolver)

/* Every host is at the same addresses, by default this machine; what services there are a test
 * says. */
struct _PeerResolver {
  GResolver parent_instance;

  GHashTable *services;  /* "_sip._udp.example.org" to a GPtrArray of GSrvTarget */
  gboolean fails;        /* nobody can tell */
  const char *unknown;   /* a host that is none, or NULL */
  const char *addresses; /* of every host, with blanks between */
  guint n_asked;
  gboolean waits; /* who asks for a service is answered later */
  GQueue waiting; /* of GTask */
};

void peer_resolver_answer (PeerResolver *self);

void peer_resolver_add (PeerResolver *self,
                        const char *service,
                        const char *host,
                        guint16 port,
                        guint16 priority);
