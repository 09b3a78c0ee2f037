#pragma once

#include "sip-message.h"

/* osip's headers want these two before them. */
#include <sys/time.h>
#include <time.h>

#include <osipparser2/osip_parser.h>

G_BEGIN_DECLS

typedef struct {
  char *name;
  char *value;
} SipHeader;

struct _SipMessage {
  GObject parent_instance;

  char *method;      /* NULL in a response */
  char *request_uri; /* NULL in a response */
  guint status_code; /* 0 in a request */
  char *reason_phrase;
  GPtrArray *headers; /* of SipHeader */
  GBytes *body;       /* NULL where there is none */
  char *body_text;    /* the body with a NUL behind it, made when asked for */

  /* Made of the above when asked for, dropped by every change. */
  osip_message_t *osip;
  GBytes *wire;
};

SipMessage *sip_message_new_request (const char *method, const char *uri);
SipMessage *sip_message_new_response (SipMessage *request, guint code, const char *phrase);
SipMessage *sip_message_parse (const char *data,
                               gsize size,
                               gboolean is_stream,
                               guint *code,
                               char **reply);
gssize sip_message_measure (const char *data, gsize size);
SipMessage *sip_message_copy (SipMessage *self);

void sip_message_add_header (SipMessage *self, const char *name, const char *value);
void sip_message_add_header_printf (SipMessage *self, const char *name, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
void sip_message_prepend_header (SipMessage *self, const char *name, const char *value);
void sip_message_set_header (SipMessage *self, const char *name, const char *value);
void sip_message_remove_headers (SipMessage *self, const char *name);
void sip_message_copy_headers (SipMessage *self, SipMessage *from, const char *name);
void sip_message_add_extra_headers (SipMessage *self, const char *const *lines);
void sip_message_set_body (SipMessage *self, const char *content_type, GBytes *body);
void sip_message_set_to_tag (SipMessage *self, const char *tag);

SipHeader *sip_message_find_header (SipMessage *self, const char *name);
gboolean sip_header_is (SipHeader *self, const char *name);
const char *sip_message_peek_header (SipMessage *self, const char *name);
guint sip_message_read_number (SipMessage *self, const char *name, guint fallback);
gboolean sip_message_has_option (SipMessage *self, const char *name, const char *option);
guint32 sip_message_get_cseq (SipMessage *self);
const char *sip_message_get_cseq_method (SipMessage *self);
const char *sip_message_get_call_id (SipMessage *self);
const char *sip_message_get_from_tag (SipMessage *self);
const char *sip_message_get_to_tag (SipMessage *self);
const char *sip_message_get_branch (SipMessage *self);
char *sip_message_dup_contact_uri (SipMessage *self);
osip_message_t *sip_message_get_osip (SipMessage *self);
GBytes *sip_message_get_wire (SipMessage *self);

gboolean sip_header_name_is (const char *name, gsize length, const char *full);
const char *sip_reason_phrase (guint code);
char *sip_random_token (void);

/* For the parser alone: a message from lines that the guard has seen. */
SipMessage *sip_message_new_from_lines (char **lines, GBytes *body);

G_END_DECLS
