#pragma once

#include <gio/gio.h>

/* A server on a real socket that speaks plain text, none of the library's classes. */
typedef struct _PeerServer PeerServer;

typedef void (*PeerServerFunc) (PeerServer *self, const char *text, gpointer user_data);

PeerServer *peer_server_new (const char *protocol, PeerServerFunc func, gpointer user_data);
PeerServer *peer_server_new_at (const char *protocol,
                                guint16 port,
                                PeerServerFunc func,
                                gpointer user_data);
void peer_server_free (PeerServer *self);
guint16 peer_server_get_port (PeerServer *self);
guint peer_server_get_n_connections (PeerServer *self);
guint peer_server_get_n_pings (PeerServer *self);
void peer_server_set_stun (PeerServer *self, const char *address, guint16 port);
void peer_server_set_pongs (PeerServer *self, gboolean pongs);
void peer_server_set_certificate (PeerServer *self, GTlsCertificate *certificate);
void peer_server_listen (PeerServer *self);
void peer_server_stop (PeerServer *self);
void peer_server_hang_up (PeerServer *self);
void peer_server_say (PeerServer *self, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PeerServer, peer_server_free)
