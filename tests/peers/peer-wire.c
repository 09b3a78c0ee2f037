/* peer-wire.c - a transport of memory that loses, doubles, delays and cuts as a test wants it */

#include "peer-wire.h"

#include "sip-message-private.h"

#include <string.h>

struct _PeerWire {
  GObject parent_instance;

  char *protocol;
  PeerWireFunc func;
  gpointer user_data;
  PeerWire *other; /* not owned */
  GSocketAddress *address;
  GByteArray *received; /* of a stream, what is no whole message yet */

  GRand *dice;
  guint loss;    /* percent */
  guint drop;    /* how many more are lost for sure */
  guint failing; /* how many more cannot be sent */
  gboolean doubles;
  gsize piece; /* bytes that arrive at once in a stream; 0 for all */
  guint delay; /* turns of the loop */
  gboolean closed;
};

static void peer_wire_iface_init (SipTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PeerWire,
                               peer_wire,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SIP_TYPE_TRANSPORT, peer_wire_iface_init))

typedef struct {
  PeerWire *to;
  char *data;
  gsize size;
  guint turns;
} Packet;

static void
free_packet (gpointer data)
{
  Packet *packet = data;

  g_object_unref (packet->to);
  g_free (packet->data);
  g_free (packet);
}

static gboolean
on_turn (gpointer user_data)
{
  Packet *packet = user_data;

  if (packet->turns-- > 0)
    return G_SOURCE_CONTINUE;
  peer_wire_deliver (packet->to, packet->data, packet->size);
  return G_SOURCE_REMOVE;
}

static const char *
get_protocol (SipTransport *transport)
{
  return PEER_WIRE (transport)->protocol;
}

static GInetSocketAddress *
get_local_address (SipTransport *transport, GSocketAddress *to)
{
  return G_INET_SOCKET_ADDRESS (g_object_ref (PEER_WIRE (transport)->address));
}

static void
open_wire (SipTransport *transport, GTask *task)
{
  g_task_return_boolean (task, TRUE);
}

static void
pass_on (PeerWire *self, const char *data, gsize size)
{
  Packet *packet;

  if (self->func != NULL) {
    g_autofree char *text = g_strndup (data, size);

    self->func (self, text, self->user_data);
  }
  if (self->other == NULL)
    return;
  packet = g_new0 (Packet, 1);
  packet->to = g_object_ref (self->other);
  packet->data = g_memdup2 (data, size);
  packet->size = size;
  packet->turns = self->delay;
  g_idle_add_full (G_PRIORITY_DEFAULT, on_turn, packet, free_packet);
}

static gboolean
send_bytes (SipTransport *transport, GBytes *bytes, GSocketAddress *to, GError **error)
{
  PeerWire *self = PEER_WIRE (transport);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  if (self->closed || self->failing > 0) {
    self->failing -= self->failing > 0;
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The wire is cut");
    return FALSE;
  }
  if (self->drop > 0) {
    self->drop--;
    return TRUE;
  }
  if ((guint)g_rand_int_range (self->dice, 0, 100) < self->loss)
    return TRUE;
  pass_on (self, data, size);
  if (self->doubles)
    pass_on (self, data, size);
  return TRUE;
}

static void
close_wire (SipTransport *transport)
{
  PEER_WIRE (transport)->closed = TRUE;
}

static void
peer_wire_iface_init (SipTransportInterface *iface)
{
  iface->get_protocol = get_protocol;
  iface->get_local_address = get_local_address;
  iface->open = open_wire;
  iface->send = send_bytes;
  iface->close = close_wire;
}

static void
peer_wire_finalize (GObject *object)
{
  PeerWire *self = PEER_WIRE (object);

  g_free (self->protocol);
  g_object_unref (self->address);
  g_byte_array_unref (self->received);
  g_rand_free (self->dice);
  G_OBJECT_CLASS (peer_wire_parent_class)->finalize (object);
}

static void
peer_wire_class_init (PeerWireClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = peer_wire_finalize;
}

static void
peer_wire_init (PeerWire *self)
{
  self->address = g_inet_socket_address_new_from_string ("192.0.2.1", 5060);
  self->received = g_byte_array_new ();
  self->dice = g_rand_new_with_seed (1);
}

/* @protocol: as in a Via; all but UDP are streams. */
PeerWire *
peer_wire_new (const char *protocol)
{
  PeerWire *self = g_object_new (PEER_TYPE_WIRE, NULL);

  self->protocol = g_strdup (protocol);
  return self;
}

/* Calls @func for everything that is sent. */
void
peer_wire_listen (PeerWire *self, PeerWireFunc func, gpointer user_data)
{
  self->func = func;
  self->user_data = user_data;
}

/* What one end sends, the other receives. */
void
peer_wire_join (PeerWire *self, PeerWire *other)
{
  self->other = other;
  other->other = self;
}

static void
deliver_piece (PeerWire *self, const char *data, gsize size)
{
  gssize whole;

  g_byte_array_append (self->received, (const guint8 *)data, size);
  while ((whole = sip_message_measure ((const char *)self->received->data, self->received->len)) >
         0) {
    g_autofree char *message = g_memdup2 (self->received->data, whole);

    g_byte_array_remove_range (self->received, 0, whole);
    sip_transport_receive (SIP_TRANSPORT (self), message, whole, self->address, TRUE);
  }
}

/* Makes @data arrive. */
void
peer_wire_deliver (PeerWire *self, const char *data, gsize size)
{
  gsize piece = self->piece > 0 ? self->piece : size;

  if (self->closed)
    return;
  if (g_str_equal (self->protocol, "UDP")) {
    sip_transport_receive (SIP_TRANSPORT (self), data, size, self->address, FALSE);
    return;
  }
  for (gsize i = 0; i < size; i += piece)
    deliver_piece (self, data + i, MIN (piece, size - i));
}

/* What was half received is forgotten, as by a new connection. */
void
peer_wire_begin_anew (PeerWire *self)
{
  g_byte_array_set_size (self->received, 0);
}

/* The other side is gone. */
void
peer_wire_break (PeerWire *self)
{
  self->closed = TRUE;
  sip_transport_lost (SIP_TRANSPORT (self), NULL);
}

void
peer_wire_set_loss (PeerWire *self, guint percent, guint32 seed)
{
  self->loss = percent;
  g_rand_set_seed (self->dice, seed);
}

void
peer_wire_drop_next (PeerWire *self, guint n)
{
  self->drop = n;
}

void
peer_wire_set_doubles (PeerWire *self, gboolean doubles)
{
  self->doubles = doubles;
}

void
peer_wire_set_piece (PeerWire *self, gsize size)
{
  self->piece = size;
}

void
peer_wire_set_delay (PeerWire *self, guint turns)
{
  self->delay = turns;
}

void
peer_wire_fail_next (PeerWire *self, guint n)
{
  self->failing = n;
}
