#pragma once

#include "sip-session-description-handler.h"

G_BEGIN_DECLS

#define MEDIA_TYPE_CONFERENCE (media_conference_get_type ())
G_DECLARE_FINAL_TYPE (MediaConference, media_conference, MEDIA, CONFERENCE, GObject)

MediaConference *media_conference_new (void);
gboolean media_conference_add (MediaConference *self,
                               SipSessionDescriptionHandler *handler,
                               GError **error);
void media_conference_remove (MediaConference *self, SipSessionDescriptionHandler *handler);

G_END_DECLS
