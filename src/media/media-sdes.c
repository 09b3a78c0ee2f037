/* media-sdes.c - keys of SRTP as SDP carries them (RFC 4568)
 *
 * Up:   a=crypto of the other side -> media_sdes_parse() -> a key that was checked
 * Down: a key -> media_sdes_print()
 */

#include "media-sdes-private.h"

#include <string.h>

/* The longest tag, and more words than any suite has parameters. */
#define MAX_TAG 999999999
#define MAX_WORDS 16

static void
clear_sdes (gpointer data)
{
  MediaSdes *self = data;

  media_srtp_key_clear (&self->key);
}

/* Of MediaSdes, wiped in the end. */
GArray *
media_sdes_list_new (void)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (MediaSdes));

  g_array_set_clear_func (list, clear_sdes);
  return list;
}

GArray *
media_sdes_list_copy (GArray *list)
{
  GArray *copy = media_sdes_list_new ();

  g_array_append_vals (copy, list->data, list->len);
  return copy;
}

static gboolean
is_lifetime (const char *text)
{
  guint64 number;

  if (g_str_has_prefix (text, "2^"))
    return g_ascii_string_to_unsigned (text + 2, 10, 1, 48, &number, NULL);
  return g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT64, &number, NULL);
}

/* `inline:<key and salt>[|lifetime]`. What names a key by number in every packet (MKI), or has
 * several of them, is not for us; how long a key may live is longer than a call.
 */
static gboolean
read_key (MediaSrtpKey *key, const char *parameter)
{
  g_auto (GStrv) parts = NULL;
  g_autofree char *base64 = NULL;
  g_autofree guchar *bytes = NULL;
  gsize size = 0, most = (key->suite->size + 2) / 3 * 4, length;
  gboolean good;

  if (!g_str_has_prefix (parameter, "inline:") || strchr (parameter, ';') != NULL)
    return FALSE;
  parts = g_strsplit (parameter + strlen ("inline:"), "|", 3);
  length = parts[0] != NULL ? strcspn (parts[0], "=") : 0;
  if (parts[0] == NULL || strlen (parts[0]) > most || g_strv_length (parts) > 2 ||
      (parts[1] != NULL && !is_lifetime (parts[1])) ||
      strspn (parts[0], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") !=
          length)
    return FALSE;
  /* Some leave the padding away. */
  base64 = g_strdup_printf ("%.*s%.*s", (int)length, parts[0], (int)(3 - (length + 3) % 4), "===");
  bytes = g_base64_decode (base64, &size);
  good = size == key->suite->size;
  if (good)
    memcpy (key->bytes, bytes, size);
  explicit_bzero (base64, strlen (base64));
  explicit_bzero (bytes, size);
  explicit_bzero (parts[0], strlen (parts[0]));
  return good;
}

/* RFC 4568 6.3: the hint of a window changes nothing; all else would have to be obeyed, and some
 * of it turns encryption off.
 */
static gboolean
is_harmless (const char *parameter)
{
  guint64 number;

  return g_str_has_prefix (parameter, "WSH=") &&
         g_ascii_string_to_unsigned (parameter + 4, 10, 64, 9999, &number, NULL);
}

/* `1 AES_CM_128_HMAC_SHA1_80 inline:…`; FALSE where it cannot be used. */
gboolean
media_sdes_parse (MediaSdes *self, const char *value)
{
  g_auto (GStrv) words = g_strsplit (value, " ", MAX_WORDS + 1);
  guint n = g_strv_length (words);
  guint64 tag;

  memset (self, 0, sizeof *self);
  if (n < 3 || n > MAX_WORDS || !g_ascii_string_to_unsigned (words[0], 10, 0, MAX_TAG, &tag, NULL))
    return FALSE;
  self->tag = tag;
  self->key.suite = media_srtp_find_suite (words[1]);
  if (self->key.suite == NULL || !read_key (&self->key, words[2]))
    return FALSE;
  for (guint i = 3; i < n; i++) {
    if (*words[i] != '\0' && !is_harmless (words[i])) {
      media_srtp_key_clear (&self->key);
      return FALSE;
    }
  }
  return TRUE;
}

void
media_sdes_print (const MediaSdes *self, GString *text)
{
  g_autofree char *base64 = g_base64_encode (self->key.bytes, self->key.suite->size);

  g_string_append_printf (text, "a=crypto:%u %s inline:%s\r\n", self->tag, self->key.suite->name,
                          base64);
  explicit_bzero (base64, strlen (base64));
}
