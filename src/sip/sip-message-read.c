/* sip-message-read.c - what stands in a message */

#include "sip-message-private.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

/* RFC 3261 7.3.3 and the registry of header fields */
static const struct {
  char letter;
  const char *name;
} short_names[] = {
    {'v', "Via"},
    {'f', "From"},
    {'t', "To"},
    {'i', "Call-ID"},
    {'m', "Contact"},
    {'c', "Content-Type"},
    {'l', "Content-Length"},
    {'e', "Content-Encoding"},
    {'k', "Supported"},
    {'s', "Subject"},
    {'o', "Event"},
    {'u', "Allow-Events"},
    {'r', "Refer-To"},
    {'b', "Referred-By"},
    {'x', "Session-Expires"},
};

gboolean
sip_header_is (SipHeader *self, const char *name)
{
  return sip_header_name_is (self->name, strlen (self->name), name);
}

SipHeader *
sip_message_find_header (SipMessage *self, const char *name)
{
  for (guint i = 0; i < self->headers->len; i++) {
    SipHeader *header = g_ptr_array_index (self->headers, i);

    if (sip_header_is (header, name))
      return header;
  }
  return NULL;
}

const char *
sip_message_peek_header (SipMessage *self, const char *name)
{
  SipHeader *header = sip_message_find_header (self, name);

  return header != NULL ? header->value : NULL;
}

/* The digits that a header begins with; @fallback where there are none. */
guint
sip_message_read_number (SipMessage *self, const char *name, guint fallback)
{
  const char *value = sip_message_peek_header (self, name);
  guint64 number;
  g_autofree char *digits = NULL;

  if (value == NULL)
    return fallback;
  digits = g_strndup (value, strspn (value, "0123456789"));
  if (!g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT, &number, NULL))
    return fallback;
  return number;
}

/* Whether one of the headers lists @option, as Supported, Require and Allow do. */
gboolean
sip_message_has_option (SipMessage *self, const char *name, const char *option)
{
  for (guint i = 0; i < self->headers->len; i++) {
    SipHeader *header = g_ptr_array_index (self->headers, i);
    g_auto (GStrv) words = NULL;

    if (!sip_header_is (header, name))
      continue;
    words = g_strsplit (header->value, ",", -1);
    for (gsize w = 0; words[w] != NULL; w++) {
      if (g_ascii_strcasecmp (g_strstrip (words[w]), option) == 0)
        return TRUE;
    }
  }
  return FALSE;
}

guint32
sip_message_get_cseq (SipMessage *self)
{
  return sip_message_read_number (self, "CSeq", 0);
}

const char *
sip_message_get_cseq_method (SipMessage *self)
{
  const char *value = sip_message_peek_header (self, "CSeq");

  return value != NULL ? value + strspn (value, "0123456789 \t") : NULL;
}

const char *
sip_message_get_call_id (SipMessage *self)
{
  return sip_message_peek_header (self, "Call-ID");
}

static const char *
find_tag (osip_from_t *from)
{
  osip_generic_param_t *tag = NULL;

  if (from == NULL)
    return NULL;
  osip_from_param_get_byname (from, (char *)"tag", &tag);
  return tag != NULL ? tag->gvalue : NULL;
}

const char *
sip_message_get_from_tag (SipMessage *self)
{
  osip_message_t *osip = sip_message_get_osip (self);

  return osip != NULL ? find_tag (osip->from) : NULL;
}

const char *
sip_message_get_to_tag (SipMessage *self)
{
  osip_message_t *osip = sip_message_get_osip (self);

  return osip != NULL ? find_tag (osip->to) : NULL;
}

const char *
sip_message_get_branch (SipMessage *self)
{
  osip_message_t *osip = sip_message_get_osip (self);
  osip_via_t *via = osip != NULL ? osip_list_get (&osip->vias, 0) : NULL;
  osip_generic_param_t *branch = NULL;

  if (via != NULL)
    osip_via_param_get_byname (via, (char *)"branch", &branch);
  return branch != NULL ? branch->gvalue : NULL;
}

/* The address of the first Contact, without its header parameters; NULL where there is none. */
char *
sip_message_dup_contact_uri (SipMessage *self)
{
  osip_message_t *osip = sip_message_get_osip (self);
  osip_contact_t *contact = osip != NULL ? osip_list_get (&osip->contacts, 0) : NULL;
  char *text = NULL, *uri;

  if (contact == NULL || contact->url == NULL || contact->url->host == NULL ||
      osip_uri_to_str (contact->url, &text) != OSIP_SUCCESS)
    return NULL;
  uri = g_strdup (text);
  osip_free (text);
  return uri;
}

/* Whether the @length bytes at @name are the header @full or its short form. */
gboolean
sip_header_name_is (const char *name, gsize length, const char *full)
{
  if (length == strlen (full) && g_ascii_strncasecmp (name, full, length) == 0)
    return TRUE;
  if (length != 1)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (short_names); i++) {
    if (g_ascii_tolower (*name) == short_names[i].letter)
      return g_ascii_strcasecmp (short_names[i].name, full) == 0;
  }
  return FALSE;
}

const char *
sip_reason_phrase (guint code)
{
  const char *phrase = osip_message_get_reason (code);

  return phrase != NULL ? phrase : "Unknown";
}

/* 128 bits of the system's generator, as a tag, a branch or a Call-ID wants them. */
char *
sip_random_token (void)
{
  guint64 bits[2];
  gssize n;

  do
    n = getrandom (bits, sizeof bits, 0);
  while (n < 0 && errno == EINTR);
  g_assert (n == sizeof bits); /* so much always comes in one piece */
  return g_strdup_printf ("%016" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER "x", bits[0], bits[1]);
}

/**
 * sip_message_get_is_request:
 * @self: a message
 *
 * Gets [property@Sip.Message:is-request].
 *
 * Returns: whether it is a request
 */
gboolean
sip_message_get_is_request (SipMessage *self)
{
  g_return_val_if_fail (SIP_IS_MESSAGE (self), FALSE);

  return self->method != NULL;
}

/**
 * sip_message_get_method:
 * @self: a message
 *
 * Gets [property@Sip.Message:method].
 *
 * Returns: (nullable): its method; of a response, the method that it answers
 */
const char *
sip_message_get_method (SipMessage *self)
{
  g_return_val_if_fail (SIP_IS_MESSAGE (self), NULL);

  return self->method != NULL ? self->method : sip_message_get_cseq_method (self);
}

/**
 * sip_message_get_request_uri:
 * @self: a message
 *
 * Gets [property@Sip.Message:request-uri].
 *
 * Returns: (nullable): where a request goes; %NULL in a response
 */
const char *
sip_message_get_request_uri (SipMessage *self)
{
  g_return_val_if_fail (SIP_IS_MESSAGE (self), NULL);

  return self->request_uri;
}

/**
 * sip_message_get_status_code:
 * @self: a message
 *
 * Gets [property@Sip.Message:status-code].
 *
 * Returns: the status of a response; 0 in a request
 */
guint
sip_message_get_status_code (SipMessage *self)
{
  g_return_val_if_fail (SIP_IS_MESSAGE (self), 0);

  return self->status_code;
}

/**
 * sip_message_get_reason_phrase:
 * @self: a message
 *
 * Gets [property@Sip.Message:reason-phrase].
 *
 * Returns: (nullable): the words behind the status; %NULL in a request
 */
const char *
sip_message_get_reason_phrase (SipMessage *self)
{
  g_return_val_if_fail (SIP_IS_MESSAGE (self), NULL);

  return self->reason_phrase;
}

/**
 * sip_message_get_content_type:
 * @self: a message
 *
 * Gets [property@Sip.Message:content-type].
 *
 * Returns: (nullable): the media type of the body, parameters and all
 */
const char *
sip_message_get_content_type (SipMessage *self)
{
  g_return_val_if_fail (SIP_IS_MESSAGE (self), NULL);

  return sip_message_peek_header (self, "Content-Type");
}

/**
 * sip_message_get_header:
 * @self: a message
 * @name: the name of a header, in full; case does not matter
 *
 * Reads the first header of a name.
 *
 * Returns: (transfer full) (nullable): the value of the first such header, or %NULL
 */
char *
sip_message_get_header (SipMessage *self, const char *name)
{
  const char *value;

  g_return_val_if_fail (SIP_IS_MESSAGE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  value = sip_message_peek_header (self, name);
  return value != NULL ? g_utf8_make_valid (value, -1) : NULL;
}

/**
 * sip_message_allows:
 * @self: a message
 * @method: a method
 *
 * Reads what the sender takes (RFC 3261 20.5).
 *
 * Returns: whether an Allow header names @method
 */
gboolean
sip_message_allows (SipMessage *self, const char *method)
{
  g_return_val_if_fail (SIP_IS_MESSAGE (self), FALSE);
  g_return_val_if_fail (method != NULL, FALSE);

  return sip_message_has_option (self, "Allow", method);
}

/**
 * sip_message_get_headers:
 * @self: a message
 * @name: the name of a header, in full; case does not matter
 *
 * Reads all headers of a name.
 *
 * Returns: (transfer full) (array zero-terminated=1): the values of all such headers, in order
 */
char **
sip_message_get_headers (SipMessage *self, const char *name)
{
  g_autoptr (GPtrArray) values = NULL;

  g_return_val_if_fail (SIP_IS_MESSAGE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  values = g_ptr_array_new ();
  for (guint i = 0; i < self->headers->len; i++) {
    SipHeader *header = g_ptr_array_index (self->headers, i);

    if (sip_header_is (header, name))
      g_ptr_array_add (values, g_utf8_make_valid (header->value, -1));
  }
  g_ptr_array_add (values, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&values), FALSE);
}

/**
 * sip_message_get_body:
 * @self: a message
 *
 * Reads the body as text.
 *
 * Returns: (nullable): the body as text; %NULL where there is none or it is no UTF-8
 */
const char *
sip_message_get_body (SipMessage *self)
{
  const char *data;
  gsize size;

  g_return_val_if_fail (SIP_IS_MESSAGE (self), NULL);

  if (self->body_text == NULL && self->body != NULL) {
    data = g_bytes_get_data (self->body, &size);
    if (g_utf8_validate_len (data, size, NULL))
      self->body_text = g_strndup (data, size);
  }
  return self->body_text;
}

/**
 * sip_message_get_body_bytes:
 * @self: a message
 *
 * Reads the body as it came.
 *
 * Returns: (transfer none) (nullable): the body as it is; %NULL where there is none
 */
GBytes *
sip_message_get_body_bytes (SipMessage *self)
{
  g_return_val_if_fail (SIP_IS_MESSAGE (self), NULL);

  return self->body;
}
