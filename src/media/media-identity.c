/* media-identity.c - compares the certificate of a DTLS peer with the fingerprint of its SDP
 *
 * Down: the handler says what to expect before a description reaches webrtcbin.
 * Up:   the DTLS handshake -> media_identity_check() in a streaming thread, before any key is set
 *
 * webrtcbin does not compare for itself, so without this anybody on the path could listen.
 */

#include "media-identity-private.h"

#include <string.h>

enum { UNKNOWN, VERIFIED, REFUSED };

struct _MediaIdentity {
  GMutex lock;
  char *expected; /* normalized */
  int state;      /* atomic; who was refused once stays refused */
};

/* RFC 8122 5; MD5 and SHA-1 can be forged. */
static const struct {
  const char *name;
  GChecksumType type;
} hashes[] = {
    {"sha-256", G_CHECKSUM_SHA256},
    {"sha-384", G_CHECKSUM_SHA384},
    {"sha-512", G_CHECKSUM_SHA512},
};

MediaIdentity *
media_identity_new (void)
{
  MediaIdentity *self = g_atomic_rc_box_new0 (MediaIdentity);

  g_mutex_init (&self->lock);
  return self;
}

MediaIdentity *
media_identity_ref (MediaIdentity *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_identity (gpointer data)
{
  MediaIdentity *self = data;

  g_free (self->expected);
  g_mutex_clear (&self->lock);
}

void
media_identity_unref (MediaIdentity *self)
{
  g_atomic_rc_box_release_full (self, clear_identity);
}

/* The value of a=fingerprint in the one form two of them can be compared in, `sha-256 AB:CD:…`,
 * or NULL where the hash is weak or unknown or the digest is none.
 */
char *
media_identity_normalize (const char *fingerprint)
{
  g_auto (GStrv) words = g_strsplit (fingerprint, " ", 3);

  if (g_strv_length (words) != 2)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (hashes); i++) {
    gsize length = g_checksum_type_get_length (hashes[i].type);
    g_autofree char *digest = NULL;

    if (g_ascii_strcasecmp (words[0], hashes[i].name) != 0)
      continue;
    if (strlen (words[1]) != 3 * length - 1)
      return NULL;
    digest = g_ascii_strup (words[1], -1);
    for (gsize at = 0; digest[at] != '\0'; at++) {
      if (at % 3 == 2 ? digest[at] != ':' : !g_ascii_isxdigit (digest[at]))
        return NULL;
    }
    return g_strconcat (hashes[i].name, " ", digest, NULL);
  }
  return NULL;
}

/* @fingerprint as media_identity_normalize() made it. */
void
media_identity_expect (MediaIdentity *self, const char *fingerprint)
{
  g_mutex_lock (&self->lock);
  g_free (self->expected);
  self->expected = g_strdup (fingerprint);
  g_mutex_unlock (&self->lock);
}

/* RFC 7468 2: what stands between the two lines is base64 of the DER. */
static guchar *
decode_pem (const char *pem, gsize *size)
{
  static const char begin[] = "-----BEGIN CERTIFICATE-----", end[] = "-----END CERTIFICATE-----";
  const char *first = pem != NULL ? strstr (pem, begin) : NULL;
  const char *last = first != NULL ? strstr (first, end) : NULL;
  g_autofree char *base64 = NULL;

  if (last == NULL)
    return NULL;
  first += strlen (begin);
  base64 = g_strndup (first, last - first);
  return g_base64_decode (base64, size);
}

static char *
compute (GChecksumType type, const char *name, const guchar *der, gsize size)
{
  g_autofree char *hex = g_compute_checksum_for_data (type, der, size);
  GString *text = g_string_new (name);

  for (gsize i = 0; hex[i] != '\0'; i += 2) {
    g_string_append_c (text, i == 0 ? ' ' : ':');
    g_string_append_c (text, g_ascii_toupper (hex[i]));
    g_string_append_c (text, g_ascii_toupper (hex[i + 1]));
  }
  return g_string_free (text, FALSE);
}

/* Of a certificate of ours, as SDP has it; NULL where it is none. */
char *
media_identity_make_fingerprint (const char *pem)
{
  gsize size = 0;
  g_autofree guchar *der = decode_pem (pem, &size);

  return der != NULL ? compute (hashes[0].type, hashes[0].name, der, size) : NULL;
}

/* How long it takes tells nothing about where the first difference is. */
static gboolean
is_same (const char *a, const char *b)
{
  gsize length = strlen (a);
  guchar difference = 0;

  if (length != strlen (b))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    difference |= (guchar)a[i] ^ (guchar)b[i];
  return difference == 0;
}

/* For each certificate that the other side shows, from the thread that received it. */
gboolean
media_identity_check (MediaIdentity *self, const char *pem)
{
  gsize size = 0;
  g_autofree guchar *der = decode_pem (pem, &size);
  g_autofree char *expected = NULL;
  gboolean matches = FALSE;

  g_mutex_lock (&self->lock);
  expected = g_strdup (self->expected);
  g_mutex_unlock (&self->lock);

  for (guint i = 0; expected != NULL && der != NULL && i < G_N_ELEMENTS (hashes); i++) {
    if (g_str_has_prefix (expected, hashes[i].name)) {
      g_autofree char *shown = compute (hashes[i].type, hashes[i].name, der, size);

      matches = is_same (shown, expected);
    }
  }
  if (matches)
    return g_atomic_int_compare_and_exchange (&self->state, UNKNOWN, VERIFIED) ||
           media_identity_is_verified (self);
  g_atomic_int_set (&self->state, REFUSED);
  return FALSE;
}

gboolean
media_identity_is_verified (MediaIdentity *self)
{
  return g_atomic_int_get (&self->state) == VERIFIED;
}
