#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SIP_TYPE_TRANSPORT (sip_transport_get_type ())
G_DECLARE_INTERFACE (SipTransport, sip_transport, SIP, TRANSPORT, GObject)

/**
 * SipTransportInterface:
 * @parent_iface: the parent
 * @get_protocol: what a Via says: `UDP`, `TCP`, `TLS`, `WS` or `WSS`
 * @get_local_address: where this side is seen from @to; %NULL while not open
 * @get_remote_address: (nullable): the other end of a stream
 * @get_certificate: (nullable): what the other end of a stream identified itself with
 * @open: connects or binds; returns %TRUE or an error through the task
 * @send: hands one whole message to the network
 * @close: ends it; nothing arrives any more
 *
 * A way that messages take. It does not know what they say.
 */
struct _SipTransportInterface {
  GTypeInterface parent_iface;

  const char *(*get_protocol) (SipTransport *self);
  GInetSocketAddress *(*get_local_address) (SipTransport *self, GSocketAddress *to);
  GSocketAddress *(*get_remote_address) (SipTransport *self);
  GTlsCertificate *(*get_certificate) (SipTransport *self);
  void (*open) (SipTransport *self, GTask *task);
  gboolean (*send) (SipTransport *self, GBytes *bytes, GSocketAddress *to, GError **error);
  void (*close) (SipTransport *self);
};

const char *sip_transport_get_protocol (SipTransport *self);
gboolean sip_transport_is_reliable (SipTransport *self);
gboolean sip_transport_is_secure (SipTransport *self);

G_END_DECLS
