#pragma once

#include "sip-message.h"
#include "sip-transport.h"

G_BEGIN_DECLS

GInetSocketAddress *sip_transport_get_local_address (SipTransport *self, GSocketAddress *to);
GSocketAddress *sip_transport_get_remote_address (SipTransport *self);
GTlsCertificate *sip_transport_get_certificate (SipTransport *self);
void sip_transport_open_async (SipTransport *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean sip_transport_open_finish (SipTransport *self, GAsyncResult *result, GError **error);
gboolean sip_transport_send (SipTransport *self, GBytes *bytes, GSocketAddress *to, GError **error);
void sip_transport_close (SipTransport *self);

/* For the implementations: that the name is found, what arrived, that nobody listens, and that the
 * way is gone. */
void sip_transport_found (SipTransport *self);
void sip_transport_receive (SipTransport *self,
                            const char *data,
                            gsize size,
                            GSocketAddress *from,
                            gboolean is_stream);
void sip_transport_refused (SipTransport *self, GSocketAddress *to);
void sip_transport_lost (SipTransport *self, const GError *error);

/* When anything came last, on the clock of sip_timers_now(); for the implementations to note. */
void sip_transport_note_heard (SipTransport *self, const char *data, gsize size);
gboolean sip_transport_has_ponged (SipTransport *self);
gint64 sip_transport_get_heard (SipTransport *self);

/* Where a stream begins, or is to begin once it is opened; NULL for anywhere. */
void sip_transport_set_place (SipTransport *self, GSocketAddress *place);
GSocketAddress *sip_transport_get_place (SipTransport *self);

/* From where what is sent to @to leaves; NULL where nothing can be. */
GInetSocketAddress *sip_transport_probe (GSocketAddress *to);

/* Likewise to all the world of that version of IP. */
GInetSocketAddress *sip_transport_find_way (GSocketFamily version);

/* From where what is sent to @to leaves or, where its version of IP leads nowhere, what is sent by
 * the other one; NULL where there is no way at all.
 */
GInetSocketAddress *sip_transport_find_way_to (GSocketAddress *to);

gboolean sip_transport_is_same_address (GSocketAddress *a, GSocketAddress *b);

/* Lets the system notice a stream to nowhere, and notes its place. */
void sip_transport_guard (SipTransport *self, GSocket *socket);

SipTransport *sip_transport_udp_new (const char *host, guint16 port);
SipTransport *sip_transport_tcp_new (const char *host,
                                     guint16 port,
                                     gboolean secure,
                                     const char *identity,
                                     GTlsDatabase *database,
                                     const char *pin);
SipTransport *sip_transport_tcp_new_accepted (GSocketConnection *connection);
SipTransport *sip_transport_ws_new (const char *uri,
                                    GSocketAddress *address,
                                    GTlsDatabase *database,
                                    const char *pin);

G_END_DECLS
