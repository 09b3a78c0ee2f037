#pragma once

#include "sip-request-private.h"
#include "sip-ua.h"

G_BEGIN_DECLS

#define SIP_TYPE_REGISTRATION (sip_registration_get_type ())
G_DECLARE_FINAL_TYPE (SipRegistration, sip_registration, SIP, REGISTRATION, GObject)

SipRegistration *sip_registration_new (SipUA *ua,
                                       const char *aor,
                                       const char *instance,
                                       guint expires);
void sip_registration_start (SipRegistration *self, SipOptions *options);
void sip_registration_resume (SipRegistration *self);
void sip_registration_hurry (SipRegistration *self);
void sip_registration_look (SipRegistration *self, SipRequest *request, SipMessage *response);
void sip_registration_doubt (SipRegistration *self);
void sip_registration_remove (SipRegistration *self, SipOptions *options);
void sip_registration_lost (SipRegistration *self);
void sip_registration_add_route (SipRegistration *self, SipMessage *request);
gboolean sip_registration_is_registered (SipRegistration *self);
gboolean sip_registration_is_pending (SipRegistration *self);
gboolean sip_registration_is_asking (SipRegistration *self, GSocketAddress *server);

G_END_DECLS
