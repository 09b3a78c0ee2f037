#pragma once

#include "sip-message.h"
#include "sip-timers-private.h"
#include "sip-transport.h"

G_BEGIN_DECLS

#define SIP_TYPE_TRANSACTION (sip_transaction_get_type ())
G_DECLARE_FINAL_TYPE (SipTransaction, sip_transaction, SIP, TRANSACTION, GObject)

SipTransaction *sip_transaction_new_client (SipTimers *timers,
                                            SipTransport *transport,
                                            GSocketAddress *to,
                                            SipMessage *request);
SipTransaction *sip_transaction_new_server (SipTimers *timers,
                                            SipTransport *transport,
                                            GSocketAddress *to,
                                            SipMessage *request);
void sip_transaction_start (SipTransaction *self);
void sip_transaction_respond (SipTransaction *self, SipMessage *response);
void sip_transaction_receive (SipTransaction *self, SipMessage *message);
void sip_transaction_stop (SipTransaction *self);
void sip_transaction_transport_lost (SipTransaction *self);
void sip_transaction_move (SipTransaction *self, SipTransport *transport);
const char *sip_transaction_get_key (SipTransaction *self);
SipMessage *sip_transaction_get_request (SipTransaction *self);
SipTransport *sip_transaction_get_transport (SipTransaction *self);
GSocketAddress *sip_transaction_get_peer (SipTransaction *self);
gboolean sip_transaction_is_answered (SipTransaction *self);
char *sip_transaction_make_key (SipMessage *message, gboolean is_server);

G_END_DECLS
