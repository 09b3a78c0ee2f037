#pragma once

#include "sip-transport-private.h"

/* A wire in memory: what one end sends, the test reads, or the other end receives. */
#define PEER_TYPE_WIRE (peer_wire_get_type ())
G_DECLARE_FINAL_TYPE (PeerWire, peer_wire, PEER, WIRE, GObject)

typedef void (*PeerWireFunc) (PeerWire *self, const char *text, gpointer user_data);

PeerWire *peer_wire_new (const char *protocol);
void peer_wire_listen (PeerWire *self, PeerWireFunc func, gpointer user_data);
void peer_wire_join (PeerWire *self, PeerWire *other);
void peer_wire_deliver (PeerWire *self, const char *data, gsize size);
void peer_wire_begin_anew (PeerWire *self);
void peer_wire_break (PeerWire *self);

/* What the wire does wrong. */
void peer_wire_set_loss (PeerWire *self, guint percent, guint32 seed);
void peer_wire_drop_next (PeerWire *self, guint n);
void peer_wire_set_doubles (PeerWire *self, gboolean doubles);
void peer_wire_set_piece (PeerWire *self, gsize size);
void peer_wire_set_delay (PeerWire *self, guint turns);
void peer_wire_fail_next (PeerWire *self, guint n);
