/* sip-session-description-read.c - the description of media in the body of a message
 *
 * Which part of a body it is, is signaling (RFC 3261 13.2.1, RFC 5621); what it says, is not.
 */

#include "sip-message-private.h"
#include "sip-session-description-private.h"

#include <string.h>

enum { MAX_PARTS = 16 };

static gboolean
is_type (const char *value, const char *type)
{
  gsize length = strlen (type);

  return value != NULL && g_ascii_strncasecmp (value, type, length) == 0 &&
         (value[length] == '\0' || strchr ("; \t", value[length]) != NULL);
}

/* The value of a parameter, without its quotes; NULL where there is none. */
static char *
dup_parameter (const char *value, const char *name)
{
  g_auto (GStrv) words = g_strsplit (value, ";", -1);

  for (gsize i = 1; words[0] != NULL && words[i] != NULL; i++) {
    char *word = g_strstrip (words[i]);
    gsize length = strlen (name);

    if (g_ascii_strncasecmp (word, name, length) != 0 || word[length] != '=')
      continue;
    word += length + 1;
    if (*word == '"' && strlen (word) >= 2)
      return g_strndup (word + 1, strcspn (word + 1, "\""));
    return g_strdup (word);
  }
  return NULL;
}

/* The description in @head (headers) and @body (the rest) of one part, or NULL. */
static SipSessionDescription *
read_part (const char *part, gsize size)
{
  const char *blank = g_strstr_len (part, size, "\r\n\r\n");
  g_autofree char *head = NULL, *type = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean is_session = TRUE;
  g_autoptr (GBytes) body = NULL;

  if (blank == NULL)
    return NULL;
  head = g_strndup (part, blank - part);
  lines = g_strsplit (head, "\r\n", 32);
  for (gsize i = 0; lines[i] != NULL; i++) {
    char *colon = strchr (lines[i], ':');

    if (colon == NULL)
      continue;
    *colon = '\0';
    if (g_ascii_strcasecmp (g_strstrip (lines[i]), "Content-Type") == 0) {
      g_free (type);
      type = g_strdup (g_strstrip (colon + 1));
    } else if (g_ascii_strcasecmp (lines[i], "Content-Disposition") == 0) {
      is_session = is_type (g_strstrip (colon + 1), "session");
    }
  }
  if (!is_session || !is_type (type, "application/sdp"))
    return NULL;
  body = g_bytes_new (blank + 4, size - (blank + 4 - part));
  return sip_session_description_new (type, body);
}

/* RFC 2046 5.1.1 */
static SipSessionDescription *
read_parts (const char *type, GBytes *body)
{
  g_autofree char *boundary = dup_parameter (type, "boundary");
  g_autofree char *first = NULL, *next = NULL;
  gsize size;
  const char *data = g_bytes_get_data (body, &size), *end = data + size, *part;

  if (boundary == NULL || *boundary == '\0')
    return NULL;
  first = g_strconcat ("--", boundary, NULL);
  next = g_strconcat ("\r\n--", boundary, NULL);
  part = g_strstr_len (data, size, first);
  for (guint i = 0; part != NULL && i < MAX_PARTS; i++) {
    const char *start = g_strstr_len (part, end - part, "\r\n");
    const char *stop = start != NULL ? g_strstr_len (start, end - start, next) : NULL;
    SipSessionDescription *description =
        stop != NULL ? read_part (start + 2, stop - start - 2) : NULL;

    if (description != NULL)
      return description;
    part = stop != NULL ? stop + 2 : NULL;
  }
  return NULL;
}

/* NULL where the body is none: a picture of the caller, a text, or nothing at all. A body that
 * says it is a description counts as one whatever its type. */
SipSessionDescription *
sip_session_description_read (SipMessage *message)
{
  const char *disposition = sip_message_peek_header (message, "Content-Disposition");
  const char *type = sip_message_get_content_type (message);
  GBytes *body = sip_message_get_body_bytes (message);

  if (body == NULL || type == NULL)
    return NULL;
  if (g_ascii_strncasecmp (type, "multipart/", 10) == 0)
    return read_parts (type, body);
  if (disposition != NULL ? !is_type (disposition, "session") : !is_type (type, "application/sdp"))
    return NULL;
  return sip_session_description_new (type, body);
}

void
sip_session_description_write (SipSessionDescription *self, SipMessage *message)
{
  sip_message_set_body (message, sip_session_description_get_content_type (self),
                        sip_session_description_get_body (self));
}
