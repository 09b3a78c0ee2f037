/* sip-session-description.c - a description of media, as signaling sees it: a type and bytes */

#include "sip-session-description-private.h"

#include <string.h>

struct _SipSessionDescription {
  GObject parent_instance;

  char *content_type;
  GBytes *body;
  gboolean is_answer;
};

/**
 * SipSessionDescription:
 *
 * What one side says of its media: bytes and their media type, mostly SDP (RFC 8866).
 */
G_DEFINE_FINAL_TYPE (SipSessionDescription, sip_session_description, G_TYPE_OBJECT)

static void
sip_session_description_finalize (GObject *object)
{
  SipSessionDescription *self = SIP_SESSION_DESCRIPTION (object);

  g_free (self->content_type);
  g_clear_pointer (&self->body, g_bytes_unref);
  G_OBJECT_CLASS (sip_session_description_parent_class)->finalize (object);
}

static void
sip_session_description_class_init (SipSessionDescriptionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sip_session_description_finalize;
}

static void
sip_session_description_init (SipSessionDescription *self)
{
}

/**
 * sip_session_description_new:
 * @content_type: a media type, for example `application/sdp`
 * @body: the description
 *
 * Makes a description of bytes.
 *
 * Returns: (transfer full): the two as one
 */
SipSessionDescription *
sip_session_description_new (const char *content_type, GBytes *body)
{
  SipSessionDescription *self = g_object_new (SIP_TYPE_SESSION_DESCRIPTION, NULL);

  g_return_val_if_fail (content_type != NULL, self);
  g_return_val_if_fail (body != NULL, self);

  self->content_type = g_strdup (content_type);
  self->body = g_bytes_ref (body);
  return self;
}

/**
 * sip_session_description_new_text:
 * @content_type: a media type
 * @text: the description
 *
 * Makes a description of text.
 *
 * Returns: (transfer full): the two as one
 */
SipSessionDescription *
sip_session_description_new_text (const char *content_type, const char *text)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  return sip_session_description_new (content_type, body);
}

/**
 * sip_session_description_get_content_type:
 * @self: a description
 *
 * Tells of which media type it is.
 *
 * Returns: its media type
 */
const char *
sip_session_description_get_content_type (SipSessionDescription *self)
{
  g_return_val_if_fail (SIP_IS_SESSION_DESCRIPTION (self), NULL);

  return self->content_type;
}

/**
 * sip_session_description_get_body:
 * @self: a description
 *
 * Reads it as it came.
 *
 * Returns: (transfer none): its bytes
 */
GBytes *
sip_session_description_get_body (SipSessionDescription *self)
{
  g_return_val_if_fail (SIP_IS_SESSION_DESCRIPTION (self), NULL);

  return self->body;
}

/**
 * sip_session_description_dup_text:
 * @self: a description
 *
 * Reads it as text.
 *
 * Returns: (transfer full) (nullable): its bytes as text, or %NULL where they are no UTF-8 or
 *   hold a NUL
 */
char *
sip_session_description_dup_text (SipSessionDescription *self)
{
  const char *data;
  gsize size;

  g_return_val_if_fail (SIP_IS_SESSION_DESCRIPTION (self), NULL);

  data = g_bytes_get_data (self->body, &size);
  return data != NULL && g_utf8_validate (data, size, NULL) ? g_strndup (data, size) : NULL;
}

/**
 * sip_session_description_get_is_answer:
 * @self: a description of the other side
 *
 * Tells offers from answers (RFC 3264).
 *
 * Returns: whether it answers this side's last offer; else it is an offer
 */
gboolean
sip_session_description_get_is_answer (SipSessionDescription *self)
{
  g_return_val_if_fail (SIP_IS_SESSION_DESCRIPTION (self), FALSE);

  return self->is_answer;
}

void
sip_session_description_mark_answer (SipSessionDescription *self)
{
  self->is_answer = TRUE;
}

/* A session knows what it asked for. */
SipSessionDescription *
sip_session_description_read_answer (SipMessage *message)
{
  SipSessionDescription *self = sip_session_description_read (message);

  if (self != NULL)
    sip_session_description_mark_answer (self);
  return self;
}
