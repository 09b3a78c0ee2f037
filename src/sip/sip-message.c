/* sip-message.c - a request or a response (RFC 3261 7)
 *
 * A start line, headers in their order and a body. What stands inside those headers that make
 * transactions and dialogs is read by libosip2, which sees nothing else.
 */

#include "sip-message-private.h"

#include <string.h>

/**
 * SipMessage:
 *
 * A request or a response (RFC 3261 7), to be read. Whatever is in it was bounded and checked
 * before.
 */
G_DEFINE_FINAL_TYPE (SipMessage, sip_message, G_TYPE_OBJECT)

enum {
  PROP_IS_REQUEST = 1,
  PROP_METHOD,
  PROP_REQUEST_URI,
  PROP_STATUS_CODE,
  PROP_REASON_PHRASE,
  PROP_CONTENT_TYPE,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

static void
free_header (gpointer data)
{
  SipHeader *header = data;

  g_free (header->name);
  g_free (header->value);
  g_free (header);
}

static SipHeader *
new_header (const char *name, const char *value)
{
  SipHeader *header = g_new (SipHeader, 1);

  header->name = g_strdup (name);
  header->value = g_strdup (value);
  return header;
}

/* Whether libosip2 reads what stands inside the headers of that name. */
static gboolean
is_read_inside (const char *name)
{
  static const char *const names[] = {"Via",  "From",    "To",          "Call-ID",
                                      "CSeq", "Contact", "Record-Route"};

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    if (sip_header_name_is (name, strlen (name), names[i]))
      return TRUE;
  }
  return FALSE;
}

static void
forget_derived (SipMessage *self, const char *changed)
{
  if (self->osip != NULL && is_read_inside (changed))
    g_clear_pointer (&self->osip, osip_message_free);
  g_clear_pointer (&self->wire, g_bytes_unref);
}

/* Start line and headers; only what libosip2 reads where @bare. */
static GString *
compose_head (SipMessage *self, gboolean bare)
{
  GString *out = g_string_sized_new (1024);

  if (self->method != NULL)
    g_string_append_printf (out, "%s %s SIP/2.0\r\n", self->method, self->request_uri);
  else
    g_string_append_printf (out, "SIP/2.0 %u %s\r\n", self->status_code, self->reason_phrase);
  for (guint i = 0; i < self->headers->len; i++) {
    SipHeader *header = g_ptr_array_index (self->headers, i);

    if (bare && !is_read_inside (header->name))
      continue;
    g_string_append (out, header->name);
    g_string_append_len (out, ": ", 2);
    g_string_append (out, header->value);
    g_string_append_len (out, "\r\n", 2);
  }
  g_string_append_printf (out, "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                          bare || self->body == NULL ? 0 : g_bytes_get_size (self->body));
  return out;
}

static void
sip_message_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SipMessage *self = SIP_MESSAGE (object);

  switch (id) {
  case PROP_IS_REQUEST:
    g_value_set_boolean (value, self->method != NULL);
    break;
  case PROP_METHOD:
    g_value_set_string (value, sip_message_get_method (self));
    break;
  case PROP_REQUEST_URI:
    g_value_set_string (value, self->request_uri);
    break;
  case PROP_STATUS_CODE:
    g_value_set_uint (value, self->status_code);
    break;
  case PROP_REASON_PHRASE:
    g_value_set_string (value, self->reason_phrase);
    break;
  case PROP_CONTENT_TYPE:
    g_value_set_string (value, sip_message_get_content_type (self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
sip_message_finalize (GObject *object)
{
  SipMessage *self = SIP_MESSAGE (object);

  g_clear_pointer (&self->osip, osip_message_free);
  g_clear_pointer (&self->wire, g_bytes_unref);
  g_free (self->method);
  g_free (self->request_uri);
  g_free (self->reason_phrase);
  g_ptr_array_unref (self->headers);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->body_text);
  G_OBJECT_CLASS (sip_message_parent_class)->finalize (object);
}

static void
sip_message_class_init (SipMessageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = sip_message_get_property;
  object_class->finalize = sip_message_finalize;

  /**
   * SipMessage:is-request:
   *
   * Whether it is a request; else it is a response.
   */
  props[PROP_IS_REQUEST] = g_param_spec_boolean ("is-request", NULL, NULL, FALSE, flags);
  /**
   * SipMessage:method:
   *
   * The method of a request, or the one that a response answers.
   */
  props[PROP_METHOD] = g_param_spec_string ("method", NULL, NULL, NULL, flags);
  /**
   * SipMessage:request-uri:
   *
   * Where a request goes; %NULL in a response.
   */
  props[PROP_REQUEST_URI] = g_param_spec_string ("request-uri", NULL, NULL, NULL, flags);
  /**
   * SipMessage:status-code:
   *
   * The status of a response, 100 to 699; 0 in a request.
   */
  props[PROP_STATUS_CODE] = g_param_spec_uint ("status-code", NULL, NULL, 0, 699, 0, flags);
  /**
   * SipMessage:reason-phrase:
   *
   * The words behind the status; %NULL in a request.
   */
  props[PROP_REASON_PHRASE] = g_param_spec_string ("reason-phrase", NULL, NULL, NULL, flags);
  /**
   * SipMessage:content-type:
   *
   * The media type of the body, parameters and all; %NULL where there is none.
   */
  props[PROP_CONTENT_TYPE] = g_param_spec_string ("content-type", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
sip_message_init (SipMessage *self)
{
  self->headers = g_ptr_array_new_with_free_func (free_header);
}

SipMessage *
sip_message_new_request (const char *method, const char *uri)
{
  SipMessage *self = g_object_new (SIP_TYPE_MESSAGE, NULL);

  self->method = g_strdup (method);
  self->request_uri = g_strdup (uri);
  return self;
}

/* RFC 3261 8.2.6; @phrase may be NULL for the usual one. */
SipMessage *
sip_message_new_response (SipMessage *request, guint code, const char *phrase)
{
  SipMessage *self = g_object_new (SIP_TYPE_MESSAGE, NULL);

  self->status_code = code;
  self->reason_phrase = g_strdup (phrase != NULL ? phrase : sip_reason_phrase (code));
  sip_message_copy_headers (self, request, "Via");
  sip_message_copy_headers (self, request, "From");
  sip_message_copy_headers (self, request, "To");
  sip_message_copy_headers (self, request, "Call-ID");
  sip_message_copy_headers (self, request, "CSeq");
  if (code == 100)
    sip_message_copy_headers (self, request, "Timestamp");
  return self;
}

/* @lines: the start line and the headers, each as "Name: value". */
SipMessage *
sip_message_new_from_lines (char **lines, GBytes *body)
{
  SipMessage *self = g_object_new (SIP_TYPE_MESSAGE, NULL);
  g_auto (GStrv) words = g_strsplit (lines[0], " ", 3);

  if (g_str_has_prefix (lines[0], "SIP/")) {
    self->status_code = g_ascii_strtoull (words[1], NULL, 10);
    self->reason_phrase = g_utf8_make_valid (words[2] != NULL ? words[2] : "", -1);
  } else {
    self->method = g_strdup (words[0]);
    self->request_uri = g_strdup (words[1]);
  }
  for (char **line = lines + 1; *line != NULL; line++) {
    const char *colon = strchr (*line, ':');
    g_autofree char *name = NULL, *value = NULL;

    if (colon == NULL)
      continue;
    name = g_strstrip (g_strndup (*line, colon - *line));
    value = g_strstrip (g_strdup (colon + 1));
    if (!sip_header_name_is (name, strlen (name), "Content-Length"))
      g_ptr_array_add (self->headers, new_header (name, value));
  }
  if (body != NULL && g_bytes_get_size (body) > 0)
    self->body = g_bytes_ref (body);
  return self;
}

SipMessage *
sip_message_copy (SipMessage *self)
{
  SipMessage *copy = g_object_new (SIP_TYPE_MESSAGE, NULL);

  copy->method = g_strdup (self->method);
  copy->request_uri = g_strdup (self->request_uri);
  copy->status_code = self->status_code;
  copy->reason_phrase = g_strdup (self->reason_phrase);
  for (guint i = 0; i < self->headers->len; i++) {
    SipHeader *header = g_ptr_array_index (self->headers, i);

    g_ptr_array_add (copy->headers, new_header (header->name, header->value));
  }
  copy->body = self->body != NULL ? g_bytes_ref (self->body) : NULL;
  return copy;
}

void
sip_message_add_header (SipMessage *self, const char *name, const char *value)
{
  g_return_if_fail (strpbrk (value, "\r\n") == NULL);

  forget_derived (self, name);
  g_ptr_array_add (self->headers, new_header (name, value));
}

void
sip_message_add_header_printf (SipMessage *self, const char *name, const char *format, ...)
{
  g_autofree char *value = NULL;
  va_list args;

  va_start (args, format);
  value = g_strdup_vprintf (format, args);
  va_end (args);
  sip_message_add_header (self, name, value);
}

void
sip_message_prepend_header (SipMessage *self, const char *name, const char *value)
{
  g_return_if_fail (strpbrk (value, "\r\n") == NULL);

  forget_derived (self, name);
  g_ptr_array_insert (self->headers, 0, new_header (name, value));
}

/* Replaces the first header of that name in its place, or appends it. */
void
sip_message_set_header (SipMessage *self, const char *name, const char *value)
{
  SipHeader *header = sip_message_find_header (self, name);

  if (header == NULL) {
    sip_message_add_header (self, name, value);
    return;
  }
  forget_derived (self, name);
  g_free (header->value);
  header->value = g_strdup (value);
}

void
sip_message_remove_headers (SipMessage *self, const char *name)
{
  forget_derived (self, name);
  for (guint i = self->headers->len; i > 0; i--) {
    if (sip_header_is (g_ptr_array_index (self->headers, i - 1), name))
      g_ptr_array_remove_index (self->headers, i - 1);
  }
}

void
sip_message_copy_headers (SipMessage *self, SipMessage *from, const char *name)
{
  forget_derived (self, name);
  for (guint i = 0; i < from->headers->len; i++) {
    SipHeader *header = g_ptr_array_index (from->headers, i);

    if (sip_header_is (header, name))
      g_ptr_array_add (self->headers, new_header (name, header->value));
  }
}

/* @lines: (nullable): "Name: value" each, as sip_options_check() lets them through. */
void
sip_message_add_extra_headers (SipMessage *self, const char *const *lines)
{
  for (gsize i = 0; lines != NULL && lines[i] != NULL; i++) {
    const char *colon = strchr (lines[i], ':');
    g_autofree char *name = g_strstrip (g_strndup (lines[i], colon - lines[i]));
    g_autofree char *value = g_strstrip (g_strdup (colon + 1));

    sip_message_add_header (self, name, value);
  }
}

void
sip_message_set_body (SipMessage *self, const char *content_type, GBytes *body)
{
  sip_message_set_header (self, "Content-Type", content_type);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->body_text, g_free);
  self->body = g_bytes_ref (body);
}

void
sip_message_set_to_tag (SipMessage *self, const char *tag)
{
  const char *to = sip_message_peek_header (self, "To");
  g_autofree char *tagged = NULL;

  if (strchr (to, '=') != NULL && sip_message_get_to_tag (self) != NULL)
    return;
  tagged = g_strdup_printf ("%s;tag=%s", to, tag);
  sip_message_set_header (self, "To", tagged);
}

/* What libosip2 reads in the headers; a message of ours always parses. */
osip_message_t *
sip_message_get_osip (SipMessage *self)
{
  GString *head;

  if (self->osip != NULL)
    return self->osip;

  head = compose_head (self, TRUE);
  osip_message_init (&self->osip);
  if (osip_message_parse (self->osip, head->str, head->len) != OSIP_SUCCESS)
    g_clear_pointer (&self->osip, osip_message_free);
  g_string_free (head, TRUE);
  return self->osip;
}

GBytes *
sip_message_get_wire (SipMessage *self)
{
  GString *out;

  if (self->wire == NULL) {
    out = compose_head (self, FALSE);
    if (self->body != NULL)
      g_string_append_len (out, g_bytes_get_data (self->body, NULL), g_bytes_get_size (self->body));
    self->wire = g_string_free_to_bytes (out);
  }
  return self->wire;
}

/**
 * sip_message_to_string:
 * @self: a message
 *
 * Reads the whole message.
 *
 * Returns: (transfer full): the whole message as it stands on the wire; what is no UTF-8 in it
 *   is replaced
 */
char *
sip_message_to_string (SipMessage *self)
{
  GBytes *wire;

  g_return_val_if_fail (SIP_IS_MESSAGE (self), NULL);

  wire = sip_message_get_wire (self);
  return g_utf8_make_valid (g_bytes_get_data (wire, NULL), g_bytes_get_size (wire));
}
