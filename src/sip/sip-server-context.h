#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SIP_TYPE_SERVER_CONTEXT (sip_server_context_get_type ())
G_DECLARE_INTERFACE (SipServerContext, sip_server_context, SIP, SERVER_CONTEXT, GObject)

/**
 * SipServerContextInterface:
 * @parent_iface: the parent
 *
 * A request that came in outside of a dialog and what became of it.
 */
struct _SipServerContextInterface {
  GTypeInterface parent_iface;
};

G_END_DECLS
