/* peer-text.c - messages as text, for peers that share nothing with what they test */

#include "peer-text.h"

#include <string.h>

/* The value of the first header @name of @message, or NULL. */
char *
peer_text_header (const char *message, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (message, "\r\n", -1);
  g_autofree char *prefix = g_strconcat (name, ":", NULL);

  for (gsize i = 1; lines[i] != NULL && *lines[i] != '\0'; i++) {
    if (g_str_has_prefix (lines[i], prefix))
      return g_strstrip (g_strdup (lines[i] + strlen (prefix)));
  }
  return NULL;
}

static void
append_all (GString *out, const char *message, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (message, "\r\n", -1);
  g_autofree char *prefix = g_strconcat (name, ":", NULL);

  for (gsize i = 1; lines[i] != NULL && *lines[i] != '\0'; i++) {
    if (g_str_has_prefix (lines[i], prefix))
      g_string_append_printf (out, "%s\r\n", lines[i]);
  }
}

static char *
finish (GString *out, const char *headers, const char *type, const char *body)
{
  if (headers != NULL)
    g_string_append (out, headers);
  if (type != NULL)
    g_string_append_printf (out, "Content-Type: %s\r\n", type);
  g_string_append_printf (out, "Content-Length: %zu\r\n\r\n%s", body != NULL ? strlen (body) : 0,
                          body != NULL ? body : "");
  return g_string_free (out, FALSE);
}

/* @tag: (nullable): of To; @headers: (nullable): whole lines; @type, @body: (nullable). */
char *
peer_text_response (const char *request,
                    guint code,
                    const char *tag,
                    const char *headers,
                    const char *type,
                    const char *body)
{
  GString *out = g_string_new (NULL);
  g_autofree char *to = peer_text_header (request, "To");

  g_string_append_printf (out, "SIP/2.0 %u Words\r\n", code);
  append_all (out, request, "Via");
  append_all (out, request, "From");
  g_string_append_printf (out, "To: %s", to);
  if (tag != NULL && strstr (to, ";tag=") == NULL)
    g_string_append_printf (out, ";tag=%s", tag);
  g_string_append (out, "\r\n");
  append_all (out, request, "Call-ID");
  append_all (out, request, "CSeq");
  return finish (out, headers, type, body);
}

char *
peer_text_request (const char *method,
                   const char *uri,
                   const char *via,
                   const char *from,
                   const char *to,
                   const char *call_id,
                   guint cseq,
                   const char *headers,
                   const char *type,
                   const char *body)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out,
                          "%s %s SIP/2.0\r\nVia: %s\r\nMax-Forwards: 70\r\nFrom: %s\r\nTo: %s\r\n"
                          "Call-ID: %s\r\nCSeq: %u %s\r\n",
                          method, uri, via, from, to, call_id, cseq, method);
  return finish (out, headers, type, body);
}
