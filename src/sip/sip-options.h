#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SIP_TYPE_OPTIONS (sip_options_get_type ())
G_DECLARE_FINAL_TYPE (SipOptions, sip_options, SIP, OPTIONS, GObject)

SipOptions *sip_options_new (void);
SipOptions *sip_options_copy (SipOptions *self);
gboolean sip_options_check (SipOptions *self, guint first, guint last, GError **error);
const char *const *sip_options_read_extra_headers (SipOptions *self);
const char *const *sip_options_read_texts (SipOptions *self, const char *name);
const char *sip_options_read_text (SipOptions *self, const char *name);
guint sip_options_read_number (SipOptions *self, const char *name, guint fallback);
gboolean sip_options_read_flag (SipOptions *self, const char *name, gboolean fallback);

G_END_DECLS
