#pragma once

#include "sip-message-private.h"

#include <osip2/osip.h>

G_BEGIN_DECLS

SipMessage *sip_transaction_create_ack (SipMessage *invite, SipMessage *response);
osip_message_t *sip_transaction_copy_message (SipMessage *message, gboolean is_reliable);
osip_message_t *sip_transaction_outline_response (SipMessage *response);
type_t sip_transaction_classify_response (SipMessage *response, type_t first);

G_END_DECLS
