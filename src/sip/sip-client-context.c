/* sip-client-context.c - what all requests of ours outside a dialog have in common */

#include "sip-client-context.h"

G_DEFINE_INTERFACE (SipClientContext, sip_client_context, G_TYPE_OBJECT)

static void
sip_client_context_default_init (SipClientContextInterface *iface)
{
}
