#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SIP_TYPE_MESSAGE (sip_message_get_type ())
G_DECLARE_FINAL_TYPE (SipMessage, sip_message, SIP, MESSAGE, GObject)

gboolean sip_message_get_is_request (SipMessage *self);
const char *sip_message_get_method (SipMessage *self);
const char *sip_message_get_request_uri (SipMessage *self);
guint sip_message_get_status_code (SipMessage *self);
const char *sip_message_get_reason_phrase (SipMessage *self);
const char *sip_message_get_content_type (SipMessage *self);
char *sip_message_get_header (SipMessage *self, const char *name);
char **sip_message_get_headers (SipMessage *self, const char *name);
gboolean sip_message_allows (SipMessage *self, const char *method);
const char *sip_message_get_body (SipMessage *self);
GBytes *sip_message_get_body_bytes (SipMessage *self);
char *sip_message_to_string (SipMessage *self);

G_END_DECLS
