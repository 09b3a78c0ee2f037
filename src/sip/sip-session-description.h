#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SIP_TYPE_SESSION_DESCRIPTION (sip_session_description_get_type ())
G_DECLARE_FINAL_TYPE (SipSessionDescription,
                      sip_session_description,
                      SIP,
                      SESSION_DESCRIPTION,
                      GObject)

SipSessionDescription *sip_session_description_new (const char *content_type, GBytes *body);
SipSessionDescription *sip_session_description_new_text (const char *content_type,
                                                         const char *text);
const char *sip_session_description_get_content_type (SipSessionDescription *self);
GBytes *sip_session_description_get_body (SipSessionDescription *self);
char *sip_session_description_dup_text (SipSessionDescription *self);
gboolean sip_session_description_get_is_answer (SipSessionDescription *self);

G_END_DECLS
