#pragma once

#include <libsoup/soup.h>

typedef struct _PeerWeb PeerWeb;

typedef void (*PeerWebFunc) (PeerWeb *self, const char *text, gpointer user_data);

/* A server of WebSockets on loopback that speaks plain text in them, none of the library's classes.
 */
struct _PeerWeb {
  SoupServer *server;
  char *address;
  SoupWebsocketConnection *connection; /* the last one */
  gboolean is_away;                    /* a proxy stands there and says 502 */
  gboolean is_slow;                    /* whoever asks waits until peer_web_answer() */
  SoupServerMessage *waiting;          /* who does */
  guint n_asked;
  PeerWebFunc func;
  gpointer user_data;
};

PeerWeb *peer_web_new (const char *protocol,
                       GTlsCertificate *certificate,
                       PeerWebFunc func,
                       gpointer user_data);
void peer_web_free (PeerWeb *self);
void peer_web_answer (PeerWeb *self);
void peer_web_say (PeerWeb *self, const char *text);
