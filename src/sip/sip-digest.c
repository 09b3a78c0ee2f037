/* sip-digest.c - what proves a password to who may ask for it (RFC 3261 22, RFC 7616, RFC 8760)
 *
 * Down: a request -> authorize() with all that was asked for before
 * Up:   a 401 or 407 -> take() -> who asks, how strongly, with which nonce
 *
 * The password answers only the realms of the account: those that its registrar asked for, or its
 * own domain; before there is one, the first that asks. A realm that once asked for a strong
 * algorithm is not answered with a weaker one again.
 */

#include "sip-digest-private.h"

#include "sip-message-private.h"

#include <nettle/sha2.h>
#include <string.h>

enum { MAX_ASKED = 8 };

/* The strongest first; RFC 8760 2.4 wants the strongest that both sides know. */
static const char *const algorithms[] = {"SHA-512-256", "SHA-256", "MD5"};

/* What somebody asks for. */
typedef struct {
  char *realm;
  char *nonce;
  char *opaque; /* NULL where there is none */
  gssize algorithm;
  gboolean is_named; /* the algorithm is */
  gboolean has_qop;
  gboolean by_proxy;    /* 407 */
  gboolean for_binding; /* of a REGISTER */
  guint n_used;
} Challenge;

struct _SipDigest {
  char *user;
  char *password;
  GPtrArray *asked;   /* of Challenge */
  char *home;         /* the realm of its own domain */
  GPtrArray *realms;  /* that may ask, because they did in time */
  GHashTable *strong; /* realms that asked for more than MD5 */
};

static void
free_challenge (gpointer data)
{
  Challenge *challenge = data;

  g_free (challenge->realm);
  g_free (challenge->nonce);
  g_free (challenge->opaque);
  g_free (challenge);
}

/* @password: (nullable): without one nothing is answered; @home: the domain of its account */
SipDigest *
sip_digest_new (const char *user, const char *password, const char *home)
{
  SipDigest *self = g_rc_box_new0 (SipDigest);

  self->user = g_strdup (user);
  self->password = g_strdup (password);
  self->home = g_strdup (home);
  self->asked = g_ptr_array_new_with_free_func (free_challenge);
  self->realms = g_ptr_array_new_with_free_func (g_free);
  self->strong = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

SipDigest *
sip_digest_ref (SipDigest *self)
{
  return g_rc_box_acquire (self);
}

static void
clear_digest (gpointer data)
{
  SipDigest *self = data;

  g_free (self->user);
  g_free (self->home);
  if (self->password != NULL)
    memset (self->password, 0, strlen (self->password));
  g_free (self->password);
  g_ptr_array_unref (self->asked);
  g_ptr_array_unref (self->realms);
  g_hash_table_unref (self->strong);
}

void
sip_digest_unref (SipDigest *self)
{
  g_rc_box_release_full (self, clear_digest);
}

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

/* -1 for one that is not known. */
static gssize
find_algorithm (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (algorithms); i++) {
    if (g_ascii_strcasecmp (name != NULL ? name : "MD5", algorithms[i]) == 0)
      return i;
  }
  return -1;
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

/* NULL where it cannot be answered. */
static Challenge *
read_challenge (const char *text)
{
  g_autoptr (GHashTable) params = parse_challenge (text);
  const char *qop, *algorithm;
  Challenge *challenge;

  if (params == NULL || !g_hash_table_contains (params, "realm") ||
      !g_hash_table_contains (params, "nonce"))
    return NULL;
  qop = g_hash_table_lookup (params, "qop");
  algorithm = g_hash_table_lookup (params, "algorithm");
  if (find_algorithm (algorithm) < 0 || (qop != NULL && !offers_auth (qop)))
    return NULL;
  challenge = g_new0 (Challenge, 1);
  challenge->realm = g_strdup (g_hash_table_lookup (params, "realm"));
  challenge->nonce = g_strdup (g_hash_table_lookup (params, "nonce"));
  challenge->opaque = g_strdup (g_hash_table_lookup (params, "opaque"));
  challenge->algorithm = find_algorithm (algorithm);
  challenge->is_named = algorithm != NULL;
  challenge->has_qop = qop != NULL;
  return challenge;
}

static gboolean
is_weak (const Challenge *challenge)
{
  return g_str_equal (algorithms[challenge->algorithm], "MD5");
}

static gboolean
has_asked (SipDigest *self, const char *realm)
{
  return g_ptr_array_find_with_equal_func (self->realms, realm, g_str_equal, NULL);
}

static gboolean
may_ask (SipDigest *self, const Challenge *challenge)
{
  if (is_weak (challenge) && g_hash_table_contains (self->strong, challenge->realm))
    return FALSE;
  return challenge->for_binding || self->realms->len == 0 || has_asked (self, challenge->realm) ||
         g_str_equal (challenge->realm, self->home);
}

static gboolean
is_same_question (const Challenge *a, const Challenge *b)
{
  return a->by_proxy == b->by_proxy && a->for_binding == b->for_binding &&
         g_str_equal (a->realm, b->realm);
}

/* Takes @challenge. Another one in the same response counts where it is the stronger one. */
static void
keep_challenge (SipDigest *self, Challenge *challenge, GPtrArray *of_response)
{
  for (guint i = 0; i < self->asked->len; i++) {
    Challenge *known = self->asked->pdata[i];

    if (!is_same_question (known, challenge))
      continue;
    if (g_ptr_array_find (of_response, known, NULL) && known->algorithm <= challenge->algorithm) {
      free_challenge (challenge);
      return;
    }
    g_ptr_array_remove (of_response, known);
    g_ptr_array_remove_index (self->asked, i);
    break;
  }
  if (self->asked->len == MAX_ASKED)
    g_ptr_array_remove_index (self->asked, 0);
  g_ptr_array_add (self->asked, challenge);
  g_ptr_array_add (of_response, challenge);
}

static void
take_headers (SipDigest *self,
              SipMessage *response,
              gboolean by_proxy,
              gboolean for_binding,
              GPtrArray *of_response)
{
  g_auto (GStrv) values =
      sip_message_get_headers (response, by_proxy ? "Proxy-Authenticate" : "WWW-Authenticate");

  for (gsize i = 0; values[i] != NULL && i < MAX_ASKED; i++) {
    Challenge *challenge = read_challenge (values[i]);

    if (challenge == NULL)
      continue;
    challenge->by_proxy = by_proxy;
    challenge->for_binding = for_binding;
    if (may_ask (self, challenge))
      keep_challenge (self, challenge, of_response);
    else
      free_challenge (challenge);
  }
}

/* Reads what the 401 or 407 @response to @request asks for; FALSE where nothing of it is to be
 * answered, or can be.
 */
gboolean
sip_digest_take (SipDigest *self, SipMessage *request, SipMessage *response)
{
  gboolean for_binding = g_str_equal (sip_message_get_method (request), "REGISTER");
  g_autoptr (GPtrArray) of_response = g_ptr_array_new ();

  if (self->password == NULL)
    return FALSE;
  take_headers (self, response, FALSE, for_binding, of_response);
  take_headers (self, response, TRUE, for_binding, of_response);
  for (guint i = 0; i < of_response->len; i++) {
    Challenge *challenge = of_response->pdata[i];

    if (!has_asked (self, challenge->realm))
      g_ptr_array_add (self->realms, g_strdup (challenge->realm));
    if (!is_weak (challenge))
      g_hash_table_add (self->strong, g_strdup (challenge->realm));
  }
  return of_response->len > 0;
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

static char *
answer (SipDigest *self, Challenge *challenge, SipMessage *request)
{
  const char *uri = sip_message_get_request_uri (request);
  const char *qop = challenge->has_qop ? "auth" : NULL;
  g_autofree char *user = quote (self->user), *realm = quote (challenge->realm);
  g_autofree char *nonce = quote (challenge->nonce), *cnonce = sip_random_token ();
  g_autofree char *response = NULL;
  GString *out = g_string_new ("Digest ");

  challenge->n_used++;
  response = sip_digest_compute (algorithms[challenge->algorithm], self->user, challenge->realm,
                                 self->password, sip_message_get_method (request), uri,
                                 challenge->nonce, challenge->n_used, cnonce, qop);
  g_string_append_printf (out, "username=%s, realm=%s, nonce=%s, uri=\"%s\", response=\"%s\"", user,
                          realm, nonce, uri, response);
  if (challenge->is_named)
    g_string_append_printf (out, ", algorithm=%s", algorithms[challenge->algorithm]);
  if (qop != NULL)
    g_string_append_printf (out, ", cnonce=\"%s\", qop=auth, nc=%08x", cnonce, challenge->n_used);
  if (challenge->opaque != NULL) {
    g_autofree char *opaque = quote (challenge->opaque);

    g_string_append_printf (out, ", opaque=%s", opaque);
  }
  return g_string_free (out, FALSE);
}

/* In place of what was proved to an older question. */
static void
prove (SipDigest *self, SipMessage *request, gboolean by_proxy)
{
  const char *header = by_proxy ? "Proxy-Authorization" : "Authorization";
  gboolean for_binding = g_str_equal (sip_message_get_method (request), "REGISTER");
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < self->asked->len; i++) {
    Challenge *challenge = self->asked->pdata[i];

    if (challenge->for_binding == for_binding && challenge->by_proxy == by_proxy)
      g_ptr_array_add (values, answer (self, challenge, request));
  }
  if (values->len > 0)
    sip_message_remove_headers (request, header);
  for (guint i = 0; i < values->len; i++)
    sip_message_add_header (request, header, values->pdata[i]);
}

/* Gives @request an answer to all that was asked for of its kind, before it is asked again
 * (RFC 7616 3.6).
 */
void
sip_digest_authorize (SipDigest *self, SipMessage *request)
{
  prove (self, request, FALSE);
  prove (self, request, TRUE);
}

/* The password is wrong: nobody gets an answer again before he asks. */
void
sip_digest_forget (SipDigest *self)
{
  g_ptr_array_set_size (self->asked, 0);
}

static char *
hash (gssize algorithm, const char *text)
{
  struct sha512_ctx context;
  guint8 digest[SHA512_256_DIGEST_SIZE];
  GString *out;

  if (!g_str_equal (algorithms[algorithm], "SHA-512-256"))
    return g_compute_checksum_for_string (
        g_str_equal (algorithms[algorithm], "MD5") ? G_CHECKSUM_MD5 : G_CHECKSUM_SHA256, text, -1);
  sha512_256_init (&context);
  sha512_update (&context, strlen (text), (const guint8 *)text);
  sha512_256_digest (&context, sizeof digest, digest);
  out = g_string_new (NULL);
  for (gsize i = 0; i < sizeof digest; i++)
    g_string_append_printf (out, "%02x", digest[i]);
  return g_string_free (out, FALSE);
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
                    guint nonce_count,
                    const char *cnonce,
                    const char *qop)
{
  gssize type = find_algorithm (algorithm);
  g_autofree char *a1 = g_strdup_printf ("%s:%s:%s", user, realm, password);
  g_autofree char *a2 = g_strdup_printf ("%s:%s", method, uri);
  g_autofree char *ha1 = hash (type, a1);
  g_autofree char *ha2 = hash (type, a2);
  g_autofree char *all = NULL;
  char *proof;

  if (qop != NULL)
    all = g_strdup_printf ("%s:%s:%08x:%s:%s:%s", ha1, nonce, nonce_count, cnonce, qop, ha2);
  else
    all = g_strdup_printf ("%s:%s:%s", ha1, nonce, ha2);
  proof = hash (type, all);
  memset (a1, 0, strlen (a1));
  memset (ha1, 0, strlen (ha1)); /* as good as the password, in this realm */
  memset (all, 0, strlen (all));
  return proof;
}

/* Whether the password was right and only a nonce too old (RFC 7616 3.3). */
gboolean
sip_digest_is_stale (SipMessage *response)
{
  static const char *const headers[] = {"WWW-Authenticate", "Proxy-Authenticate"};

  for (gsize h = 0; h < G_N_ELEMENTS (headers); h++) {
    g_auto (GStrv) values = sip_message_get_headers (response, headers[h]);

    for (gsize i = 0; values[i] != NULL; i++) {
      g_autoptr (GHashTable) params = parse_challenge (values[i]);
      const char *stale = params != NULL ? g_hash_table_lookup (params, "stale") : NULL;

      if (stale != NULL && g_ascii_strcasecmp (stale, "true") == 0)
        return TRUE;
    }
  }
  return FALSE;
}
