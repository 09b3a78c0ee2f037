#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SIP_TYPE_CLIENT_CONTEXT (sip_client_context_get_type ())
G_DECLARE_INTERFACE (SipClientContext, sip_client_context, SIP, CLIENT_CONTEXT, GObject)

/**
 * SipClientContextInterface:
 * @parent_iface: the parent
 *
 * A request of ours outside of a dialog and what became of it.
 */
struct _SipClientContextInterface {
  GTypeInterface parent_iface;
};

G_END_DECLS
