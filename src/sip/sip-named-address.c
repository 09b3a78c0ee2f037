/* sip-named-address.c - a host whose name says who it is, and whose address is known without it
 *
 * Down: whoever connects -> the address. Up: whoever looks at its certificate -> the name.
 */

#include "sip-named-address-private.h"

struct _SipNamedAddress {
  GNetworkAddress parent_instance;

  GSocketConnectable *address;
};

static void sip_named_address_iface_init (GSocketConnectableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SipNamedAddress,
                               sip_named_address,
                               G_TYPE_NETWORK_ADDRESS,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SOCKET_CONNECTABLE,
                                                      sip_named_address_iface_init))

static GSocketAddressEnumerator *
enumerate (GSocketConnectable *connectable)
{
  return g_socket_connectable_enumerate (SIP_NAMED_ADDRESS (connectable)->address);
}

static void
sip_named_address_iface_init (GSocketConnectableIface *iface)
{
  iface->enumerate = enumerate;
  iface->proxy_enumerate = enumerate; /* SIP goes through none */
}

static void
sip_named_address_dispose (GObject *object)
{
  g_clear_object (&SIP_NAMED_ADDRESS (object)->address);
  G_OBJECT_CLASS (sip_named_address_parent_class)->dispose (object);
}

static void
sip_named_address_class_init (SipNamedAddressClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sip_named_address_dispose;
}

static void
sip_named_address_init (SipNamedAddress *self)
{
}

GSocketConnectable *
sip_named_address_new (const char *name, GSocketAddress *address)
{
  SipNamedAddress *self =
      g_object_new (SIP_TYPE_NAMED_ADDRESS, "hostname", name, "port",
                    (guint)g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)), NULL);

  self->address = g_object_ref (G_SOCKET_CONNECTABLE (address));
  return G_SOCKET_CONNECTABLE (self);
}
