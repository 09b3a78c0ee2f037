#pragma once

#include "sip-session-description-handler.h"

G_BEGIN_DECLS

#define SIP_TYPE_CONFERENCE (sip_conference_get_type ())
G_DECLARE_FINAL_TYPE (SipConference, sip_conference, SIP, CONFERENCE, GObject)

SipConference *sip_conference_new (void);
gboolean sip_conference_add (SipConference *self,
                             SipSessionDescriptionHandler *handler,
                             GError **error);
void sip_conference_remove (SipConference *self, SipSessionDescriptionHandler *handler);

G_END_DECLS
