#pragma once

#include "sip-timers-private.h"
#include "sip-transport.h"

G_BEGIN_DECLS

#define SIP_TYPE_KEEP_ALIVE (sip_keep_alive_get_type ())
G_DECLARE_FINAL_TYPE (SipKeepAlive, sip_keep_alive, SIP, KEEP_ALIVE, GObject)

SipKeepAlive *sip_keep_alive_new (SipTimers *timers,
                                  SipTransport *transport,
                                  GSocketAddress *to,
                                  guint seconds,
                                  gboolean has_stun);

G_END_DECLS
