/* sip-ua-target.c - what people type, made an address */

#include "sip-error.h"
#include "sip-target-private.h"
#include "sip-ua-private.h"

#include <string.h>

static gboolean
is_number (const char *text)
{
  return strpbrk (text, "0123456789*#") != NULL &&
         strspn (text, "+0123456789*#-. ()/\t") == strlen (text);
}

static char *
strip_separators (const char *text)
{
  GString *out = g_string_new (NULL);

  for (; *text != '\0'; text++) {
    if (strchr ("-. ()/\t", *text) == NULL)
      g_string_append_c (out, *text);
  }
  return g_string_free (out, FALSE);
}

static gboolean
take_prefix (const char **text, const char *prefix)
{
  if (g_ascii_strncasecmp (*text, prefix, strlen (prefix)) != 0)
    return FALSE;
  *text += strlen (prefix);
  return TRUE;
}

/* The address inside "Bob" <sip:bob@example.org>, or the text itself. */
static char *
dup_inner (const char *text)
{
  const char *start = strrchr (text, '<');
  const char *end = start != NULL ? strchr (start, '>') : NULL;

  return g_strstrip (end != NULL ? g_strndup (start + 1, end - start - 1) : g_strdup (text));
}

/**
 * sip_ua_normalize_target:
 * @self: a user agent
 * @text: a number with or without punctuation, a user of the own domain, an address with or
 *   without `sip:`, `sips:`, `tel:` or `callto:`, also in angle brackets behind a name
 * @error: where %SIP_ERROR_INVALID_ARGUMENT goes for what is none of them
 *
 * Makes an address of what a person typed. Header fields and the method that an address may carry
 * (RFC 3261 19.1.1) are dropped: nothing but the called party is taken from it.
 *
 * Returns: (transfer full): an address of scheme `sip` or `sips`, or %NULL with @error set
 */
char *
sip_ua_normalize_target (SipUA *self, const char *text, GError **error)
{
  g_autofree char *inner = dup_inner (text != NULL ? text : "");
  g_autofree char *user = NULL, *rest = NULL, *escaped = NULL, *result = NULL;
  const char *scheme = "sip", *address = inner, *at;
  g_autoptr (SipTarget) target = NULL;

  g_return_val_if_fail (SIP_IS_UA (self), NULL);

  if (take_prefix (&address, "sips:"))
    scheme = "sips";
  else if (!take_prefix (&address, "sip:") && !take_prefix (&address, "callto:") &&
           take_prefix (&address, "tel:"))
    inner[strcspn (inner, ";")] = '\0';
  inner[strcspn (inner, "?")] = '\0';
  at = strrchr (address, '@');
  user = at != NULL ? g_strndup (address, at - address) : g_strdup (address);
  if (at != NULL) {
    char *method;

    rest = g_strdup (at + 1);
    method = strstr (rest, ";method=");
    if (method != NULL)
      *method = '\0';
  } else {
    rest = sip_uri_dup_host (self->uri);
  }
  if (is_number (user)) {
    char *digits = strip_separators (user);

    g_free (user);
    user = digits;
  }
  escaped = g_uri_escape_string (user, "!$&'()*+,;=:%", FALSE);
  result = g_strdup_printf ("%s:%s@%s", scheme, escaped, rest != NULL ? rest : "");
  target = sip_uri_is_valid (result, TRUE) ? sip_target_parse (result, NULL) : NULL;
  if (target == NULL || strpbrk (user, " \t<>\"") != NULL || !g_utf8_validate (user, -1, NULL) ||
      (at == NULL && g_str_has_suffix (result, ".invalid"))) {
    g_set_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT, "Invalid target: %s",
                 text != NULL ? text : "");
    return NULL;
  }
  return g_steal_pointer (&result);
}

/**
 * sip_ua_get_uri:
 * @self: a user agent
 *
 * Gets [property@Sip.UA:uri].
 *
 * Returns: who it is
 */
const char *
sip_ua_get_uri (SipUA *self)
{
  g_return_val_if_fail (SIP_IS_UA (self), NULL);

  return self->uri;
}

/**
 * sip_ua_dup_contact_uri:
 * @self: a user agent
 *
 * Tells under which address this user agent itself can be reached.
 *
 * Returns: (transfer full) (nullable): the address that reaches it without a server, `sip:` user
 *   `@` host and port; %NULL where there is none
 */
char *
sip_ua_dup_contact_uri (SipUA *self)
{
  SipTransport *datagram;

  g_return_val_if_fail (SIP_IS_UA (self), NULL);

  datagram = self->endpoint != NULL ? sip_endpoint_get_datagram (self->endpoint) : NULL;
  return datagram != NULL ? sip_endpoint_dup_contact (self->endpoint, datagram, NULL) : NULL;
}
