/* sip-endpoint-contact.c - where this side is reached, as its messages say it
 *
 * Down: a request by a flow -> its Via and its Contact.
 * Up:   what a response tells of a NAT between -> note_mapping() -> the next Contact.
 */

#include "sip-endpoint-private.h"

#include "sip-message-private.h"
#include "sip-transport-private.h"

static char *
dup_host_port (GInetSocketAddress *address)
{
  g_autofree char *host = g_inet_address_to_string (g_inet_socket_address_get_address (address));
  gboolean colons = strchr (host, ':') != NULL;

  return g_strdup_printf ("%s%s%s:%u", colons ? "[" : "", host, colons ? "]" : "",
                          g_inet_socket_address_get_port (address));
}

/* A Via with a branch of its own, for a request that goes by @flow (RFC 3261 18.1.1). */
char *
sip_endpoint_dup_via (SipEndpoint *self, SipFlow *flow)
{
  g_autoptr (GInetSocketAddress) local =
      sip_transport_get_local_address (flow->transport, flow->to);
  g_autofree char *host = local != NULL ? dup_host_port (local) : g_strdup (self->invalid_host);
  g_autofree char *branch = sip_random_token ();

  return g_strdup_printf ("SIP/2.0/%s %s;branch=z9hG4bK%s;rport",
                          sip_transport_get_protocol (flow->transport), host, branch);
}

/* Whether there is a NAT that has to remember our datagrams. */
gboolean
sip_endpoint_is_mapped (SipEndpoint *self)
{
  return self->mapped != NULL && self->outbound == NULL;
}

/* A stream that was opened for one large request does not change where we are reached. */
static gboolean
is_mapped_for (SipEndpoint *self, SipTransport *transport, GSocketAddress *to)
{
  GSocketAddress *peer = to != NULL ? to : sip_transport_get_remote_address (transport);

  return self->mapped != NULL && peer != NULL &&
         sip_transport_is_same_address (peer, self->mapped_for);
}

/* The address of ours that a response names, or NULL. */
static GInetAddress *
read_received (SipMessage *response)
{
  osip_via_t *via = osip_list_get (&sip_message_get_osip (response)->vias, 0);
  osip_generic_param_t *received = NULL;

  osip_via_param_get_byname (via, (char *)"received", &received);
  return received != NULL && received->gvalue != NULL
             ? g_inet_address_new_from_string (received->gvalue)
             : NULL;
}

/* Where a response of our server says that it came to, where it was sent from another address:
 * there is a NAT between (RFC 3581 9). NULL where there is none.
 */
static char *
read_mapping (SipMessage *response)
{
  osip_via_t *via = osip_list_get (&sip_message_get_osip (response)->vias, 0);
  osip_generic_param_t *rport = NULL;
  g_autoptr (GInetAddress) here =
      via->host != NULL ? g_inet_address_new_from_string (via->host) : NULL;
  g_autoptr (GInetAddress) received = read_received (response);
  GInetAddress *seen = received != NULL ? received : here;
  g_autoptr (GSocketAddress) address = NULL;
  guint64 port = 0, own = 5060;

  osip_via_param_get_byname (via, (char *)"rport", &rport);
  if (rport == NULL || rport->gvalue == NULL || seen == NULL ||
      !g_ascii_string_to_unsigned (rport->gvalue, 10, 1, G_MAXUINT16, &port, NULL))
    return NULL;
  if (via->port != NULL && !g_ascii_string_to_unsigned (via->port, 10, 1, G_MAXUINT16, &own, NULL))
    return NULL;
  if (port == own && here != NULL && g_inet_address_equal (seen, here))
    return NULL;
  address = g_inet_socket_address_new (seen, port);
  return dup_host_port (G_INET_SOCKET_ADDRESS (address));
}

/* They lead nowhere any more, and would be waited on for long: those beside the one that all goes
 * by. @server: (nullable): where they go to, else all
 */
void
sip_endpoint_drop_streams (SipEndpoint *self, GSocketAddress *server)
{
  g_autoptr (GPtrArray) transports =
      g_ptr_array_copy (self->transports, (GCopyFunc)(void (*) (void))g_object_ref, NULL);

  for (guint i = 0; i < transports->len; i++) {
    GSocketAddress *peer = sip_transport_get_remote_address (transports->pdata[i]);

    if (peer == NULL || transports->pdata[i] == self->outbound ||
        (server != NULL && !sip_transport_is_same_address (peer, server)))
      continue;
    sip_transport_close (transports->pdata[i]);
    sip_endpoint_drop (self, transports->pdata[i]);
  }
}

/* @server: (nullable): who sent @response in datagrams. Returns whether our address there is
 * another one now.
 */
gboolean
sip_endpoint_note_mapping (SipEndpoint *self,
                           SipTransport *transport,
                           GSocketAddress *server,
                           SipMessage *response)
{
  g_autofree char *mapped = NULL;
  g_autoptr (GInetAddress) received = read_received (response);
  GSocketAddress *peer =
      transport != NULL && server == NULL ? sip_transport_get_remote_address (transport) : server;

  if (peer != NULL)
    sip_nat64_note_outside (
        self->nat64, g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (peer)), received);
  if (peer == NULL || (transport != self->outbound && sip_transport_is_reliable (transport)))
    return FALSE;
  mapped = read_mapping (response);
  if (g_strcmp0 (mapped, self->mapped) == 0)
    return FALSE;
  g_free (self->mapped);
  self->mapped = g_steal_pointer (&mapped);
  g_set_object (&self->mapped_for, peer);
  return TRUE;
}

/* What a request of @method says of where we are: to the registrar the truth (RFC 5627 4.1). */
char *
sip_endpoint_dup_contact_for (SipEndpoint *self, SipFlow *flow, const char *method)
{
  if (self->gruu != NULL && !g_str_equal (method, "REGISTER"))
    return g_strdup (self->gruu);
  return sip_endpoint_dup_contact (self, flow->transport, flow->to);
}

/* Where requests reach us from @to. An endpoint that others can connect to names its own port. */
char *
sip_endpoint_dup_contact (SipEndpoint *self, SipTransport *transport, GSocketAddress *to)
{
  g_autoptr (GInetSocketAddress) local = NULL;
  g_autofree char *host = NULL, *protocol = NULL;

  if (self->datagram != NULL) {
    g_autoptr (GInetSocketAddress) near = sip_transport_get_local_address (transport, to);
    SipTransport *datagram =
        near != NULL ? sip_endpoint_find_datagram (self, G_SOCKET_ADDRESS (near)) : NULL;
    g_autoptr (GInetSocketAddress) bound =
        sip_transport_get_local_address (datagram != NULL ? datagram : self->datagram, NULL);
    g_autoptr (GSocketAddress) address =
        g_inet_socket_address_new (g_inet_socket_address_get_address (near != NULL ? near : bound),
                                   g_inet_socket_address_get_port (bound));

    host = is_mapped_for (self, transport, to) ? g_strdup (self->mapped)
                                               : dup_host_port (G_INET_SOCKET_ADDRESS (address));
    return g_strdup_printf ("sip:%s@%s", self->contact_user, host);
  }
  local = sip_transport_get_local_address (transport, to);
  host = local == NULL                         ? g_strdup (self->invalid_host)
         : is_mapped_for (self, transport, to) ? g_strdup (self->mapped)
                                               : dup_host_port (local);
  protocol = g_ascii_strdown (sip_transport_get_protocol (transport), -1);
  if (g_str_equal (protocol, "wss"))
    protocol[2] = '\0'; /* RFC 7118 5.5: the URI says ws for both */
  return g_strdup_printf ("sip:%s@%s;transport=%s", self->contact_user, host, protocol);
}
