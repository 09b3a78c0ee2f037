#pragma once

#include "sip-nat64-private.h"
#include "sip-target-private.h"
#include "sip-timers-private.h"
#include "sip-transaction-private.h"

G_BEGIN_DECLS

/* Milliseconds that names are waited for, where what they said before can serve. */
#define SIP_NAMES_TIME 2000

#define SIP_TYPE_ENDPOINT (sip_endpoint_get_type ())
G_DECLARE_FINAL_TYPE (SipEndpoint, sip_endpoint, SIP, ENDPOINT, GObject)

/* The key of the data that tells one stream of an endpoint from the other. */
#define SIP_TRANSPORT_NAME "sip-transport-name"

/* How one message goes: a transport and, in datagrams, to whom. */
typedef struct {
  SipTransport *transport;
  GSocketAddress *to;
} SipFlow;

struct _SipEndpoint {
  GObject parent_instance;

  SipTimers *timers;
  SipNat64 *nat64;
  GHashTable *transactions; /* key to SipTransaction */
  GHashTable *known_hosts;  /* name to GInetAddress, of those that were found */
  GHashTable *vain_streams; /* name to gint64, in milliseconds: until then nobody takes one there */
  guint most_transactions;  /* at once, since there was none */
  GPtrArray *transports;
  SipTransport *datagram; /* the bound socket, or NULL */
  SipTransport *other;    /* one for the other version of IP, once somebody is there only */
  SipTransport *outbound; /* the stream to the server, or NULL */
  GPtrArray *waiting;     /* of GTask that wait for that stream; NULL where it is not the one way */
  GSocketService *service;    /* streams that others open */
  char *contact_user;         /* 128 random bits, so that only who was told it can reach us */
  char *mapped;               /* our host and port as the server sees them, past a NAT; or NULL */
  GSocketAddress *mapped_for; /* that server */
  char *gruu;                 /* our address for everybody (RFC 5627), or NULL */
  char *invalid_host;         /* our name where nobody can connect to us (RFC 7118 5) */
};

void sip_flow_free (SipFlow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SipFlow, sip_flow_free)

SipEndpoint *sip_endpoint_new (SipNat64 *nat64);
void sip_endpoint_find_host_async (SipEndpoint *self,
                                   const SipTarget *target,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
GInetAddress *sip_endpoint_find_host_finish (SipEndpoint *self,
                                             GAsyncResult *result,
                                             GError **error);
SipTimers *sip_endpoint_get_timers (SipEndpoint *self);
gboolean sip_endpoint_listen (SipEndpoint *self, const char *host, guint16 port, GError **error);
void sip_endpoint_add_transport (SipEndpoint *self, SipTransport *transport, const char *name);
void sip_endpoint_expect_outbound (SipEndpoint *self);
void sip_endpoint_forget_outbound (SipEndpoint *self);
void sip_endpoint_set_outbound (SipEndpoint *self, SipTransport *transport);
void sip_endpoint_fail_outbound (SipEndpoint *self, const GError *error);
gboolean sip_endpoint_has_outbound (SipEndpoint *self);
SipTransport *sip_endpoint_get_datagram (SipEndpoint *self);
SipTransport *sip_endpoint_find_datagram (SipEndpoint *self, GSocketAddress *to);
SipFlow *sip_flow_new (SipTransport *transport, GSocketAddress *to);
char *sip_endpoint_name_stream (const char *protocol, GSocketAddress *remote);
SipFlow *sip_endpoint_peek_flow (SipEndpoint *self, const char *uri, gboolean prefer_stream);
void sip_endpoint_find_flow_async (SipEndpoint *self,
                                   const char *uri,
                                   gboolean prefer_stream,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
SipFlow *sip_endpoint_find_flow_finish (SipEndpoint *self, GAsyncResult *result, GError **error);
char *sip_endpoint_dup_via (SipEndpoint *self, SipFlow *flow);
char *sip_endpoint_dup_contact (SipEndpoint *self, SipTransport *transport, GSocketAddress *to);
gboolean sip_endpoint_note_mapping (SipEndpoint *self,
                                    SipTransport *transport,
                                    GSocketAddress *server,
                                    SipMessage *response);
void sip_endpoint_drop_streams (SipEndpoint *self, GSocketAddress *server);
gboolean sip_endpoint_is_mapped (SipEndpoint *self);
void sip_endpoint_set_gruu (SipEndpoint *self, const char *gruu);
char *sip_endpoint_dup_contact_for (SipEndpoint *self, SipFlow *flow, const char *method);
void sip_endpoint_drop (SipEndpoint *self, SipTransport *transport);
const char *sip_endpoint_get_contact_user (SipEndpoint *self);
SipTransaction *sip_endpoint_send (SipEndpoint *self, SipFlow *flow, SipMessage *request);
SipTransaction *sip_endpoint_find_canceled (SipEndpoint *self, SipMessage *cancel);
guint sip_endpoint_get_n_transactions (SipEndpoint *self);
void sip_endpoint_close (SipEndpoint *self);

G_END_DECLS
