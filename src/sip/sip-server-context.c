/* sip-server-context.c - what all requests that come in outside a dialog have in common */

#include "sip-server-context.h"

G_DEFINE_INTERFACE (SipServerContext, sip_server_context, G_TYPE_OBJECT)

static void
sip_server_context_default_init (SipServerContextInterface *iface)
{
}
