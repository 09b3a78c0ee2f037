#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef void (*SipTimerFunc) (gpointer user_data);

#define SIP_TYPE_TIMERS (sip_timers_get_type ())
G_DECLARE_FINAL_TYPE (SipTimers, sip_timers, SIP, TIMERS, GObject)

/* RFC 3261 17.1.1.1, in milliseconds */
enum { SIP_T1 = 500, SIP_T2 = 4000 };

SipTimers *sip_timers_new (void);
guint sip_timers_add (SipTimers *self, gint64 delay, SipTimerFunc func, gpointer user_data);
void sip_timers_clear (SipTimers *self, guint *id);
gint64 sip_timers_get_next (SipTimers *self);
gint64 sip_timers_now (void);

G_END_DECLS
