/* sip-digest.c - answers to challenges (RFC 3261 22, RFC 7616, RFC 8760) */

#include "sip-digest-private.h"

#include "sip-message-private.h"

#include <string.h>

/* The strongest first; RFC 8760 2.4 wants the strongest that both sides know. */
static const struct {
  const char *name;
  GChecksumType type;
} algorithms[] = {
    {"SHA-256", G_CHECKSUM_SHA256},
    {"MD5", G_CHECKSUM_MD5},
};

/* Reads `Digest name=value, name="value"`; NULL where it is another scheme. */
static GHashTable *
parse_challenge (const char *text)
{
  g_autoptr (GHashTable) params = NULL;

  if (g_ascii_strncasecmp (text, "Digest ", 7) != 0)
    return NULL;
  params = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (text += 7; *text != '\0';) {
    gsize length;
    g_autofree char *name = NULL;
    GString *value;

    text += strspn (text, " \t,");
    length = strcspn (text, "=,");
    if (text[length] != '=')
      break;
    name = g_ascii_strdown (text, length);
    g_strstrip (name);
    text += length + 1;
    text += strspn (text, " \t");
    value = g_string_new (NULL);
    if (*text == '"') {
      for (text++; *text != '\0' && *text != '"'; text++) {
        if (*text == '\\' && text[1] != '\0')
          text++;
        g_string_append_c (value, *text);
      }
      text += *text == '"';
    } else {
      length = strcspn (text, ", \t");
      g_string_append_len (value, text, length);
      text += length;
    }
    g_hash_table_replace (params, g_steal_pointer (&name), g_string_free (value, FALSE));
  }
  return g_steal_pointer (&params);
}

static gssize
find_algorithm (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (algorithms); i++) {
    if (g_ascii_strcasecmp (name != NULL ? name : "MD5", algorithms[i].name) == 0)
      return i;
  }
  return -1;
}

static GHashTable *
choose_challenge (SipMessage *response, const char *header)
{
  g_auto (GStrv) values = sip_message_get_headers (response, header);
  GHashTable *best = NULL;
  gssize best_strength = G_N_ELEMENTS (algorithms);

  for (gsize i = 0; values[i] != NULL; i++) {
    GHashTable *params = parse_challenge (values[i]);
    gssize strength =
        params != NULL ? find_algorithm (g_hash_table_lookup (params, "algorithm")) : -1;

    if (strength >= 0 && strength < best_strength && g_hash_table_contains (params, "realm") &&
        g_hash_table_contains (params, "nonce")) {
      g_clear_pointer (&best, g_hash_table_unref);
      best = params;
      best_strength = strength;
    } else {
      g_clear_pointer (&params, g_hash_table_unref);
    }
  }
  return best;
}

static gboolean
offers_auth (const char *qop)
{
  g_auto (GStrv) words = g_strsplit (qop != NULL ? qop : "", ",", -1);

  for (gsize i = 0; words[i] != NULL; i++) {
    if (g_ascii_strcasecmp (g_strstrip (words[i]), "auth") == 0)
      return TRUE;
  }
  return FALSE;
}

static char *
quote (const char *text)
{
  GString *out = g_string_new ("\"");

  for (; *text != '\0'; text++) {
    if (*text == '"' || *text == '\\')
      g_string_append_c (out, '\\');
    if ((guchar)*text >= 0x20)
      g_string_append_c (out, *text);
  }
  g_string_append_c (out, '"');
  return g_string_free (out, FALSE);
}

static gboolean
answer (SipMessage *request,
        SipMessage *challenge,
        const char *challenge_header,
        const char *answer_header,
        const char *user,
        const char *password)
{
  g_autoptr (GHashTable) params = choose_challenge (challenge, challenge_header);
  const char *realm, *nonce, *algorithm, *opaque, *uri;
  g_autofree char *cnonce = NULL, *response = NULL, *user_quoted = NULL, *realm_quoted = NULL;
  g_autofree char *nonce_quoted = NULL;
  gboolean auth;
  GString *out;

  if (params == NULL)
    return FALSE;
  realm = g_hash_table_lookup (params, "realm");
  nonce = g_hash_table_lookup (params, "nonce");
  opaque = g_hash_table_lookup (params, "opaque");
  algorithm = g_hash_table_lookup (params, "algorithm");
  auth = offers_auth (g_hash_table_lookup (params, "qop"));
  uri = sip_message_get_request_uri (request);
  cnonce = sip_random_token ();
  response = sip_digest_compute (algorithm, user, realm, password, sip_message_get_method (request),
                                 uri, nonce, cnonce, auth ? "auth" : NULL);
  user_quoted = quote (user);
  realm_quoted = quote (realm);
  nonce_quoted = quote (nonce);

  out = g_string_new ("Digest ");
  g_string_append_printf (out, "username=%s, realm=%s, nonce=%s, uri=\"%s\", response=\"%s\"",
                          user_quoted, realm_quoted, nonce_quoted, uri, response);
  if (algorithm != NULL)
    g_string_append_printf (out, ", algorithm=%s", algorithms[find_algorithm (algorithm)].name);
  if (auth)
    g_string_append_printf (out, ", cnonce=\"%s\", qop=auth, nc=00000001", cnonce);
  if (opaque != NULL) {
    g_autofree char *opaque_quoted = quote (opaque);

    g_string_append_printf (out, ", opaque=%s", opaque_quoted);
  }
  sip_message_remove_headers (request, answer_header);
  sip_message_add_header (request, answer_header, out->str);
  g_string_free (out, TRUE);
  return TRUE;
}

/* RFC 7616 3.4.1; @qop is "auth" or NULL. */
char *
sip_digest_compute (const char *algorithm,
                    const char *user,
                    const char *realm,
                    const char *password,
                    const char *method,
                    const char *uri,
                    const char *nonce,
                    const char *cnonce,
                    const char *qop)
{
  GChecksumType type = algorithms[find_algorithm (algorithm)].type;
  g_autofree char *a1 = g_strdup_printf ("%s:%s:%s", user, realm, password);
  g_autofree char *a2 = g_strdup_printf ("%s:%s", method, uri);
  g_autofree char *ha1 = g_compute_checksum_for_string (type, a1, -1);
  g_autofree char *ha2 = g_compute_checksum_for_string (type, a2, -1);
  g_autofree char *all = NULL;

  if (qop != NULL)
    all = g_strdup_printf ("%s:%s:00000001:%s:%s:%s", ha1, nonce, cnonce, qop, ha2);
  else
    all = g_strdup_printf ("%s:%s:%s", ha1, nonce, ha2);
  memset (a1, 0, strlen (a1));
  return g_compute_checksum_for_string (type, all, -1);
}

/* Gives @request the answer to the 401 or 407 @challenge; FALSE where there is none to give. */
gboolean
sip_digest_authorize (SipMessage *request,
                      SipMessage *challenge,
                      const char *user,
                      const char *password)
{
  if (sip_message_get_status_code (challenge) == 401)
    return answer (request, challenge, "WWW-Authenticate", "Authorization", user, password);
  return answer (request, challenge, "Proxy-Authenticate", "Proxy-Authorization", user, password);
}

/* Whether the password was right and only the nonce too old (RFC 7616 3.3). */
gboolean
sip_digest_is_stale (SipMessage *challenge)
{
  g_autoptr (GHashTable) params = choose_challenge (
      challenge,
      sip_message_get_status_code (challenge) == 401 ? "WWW-Authenticate" : "Proxy-Authenticate");
  const char *stale = params != NULL ? g_hash_table_lookup (params, "stale") : NULL;

  return stale != NULL && g_ascii_strcasecmp (stale, "true") == 0;
}
