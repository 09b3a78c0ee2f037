/* store-number.c - when two addresses reach the same person
 *
 * An address is the same if user and host are. A number is the same if its digits are, where one
 * of the two may name the country and the other not: +49 30 123456, 0049 30 123456 and 030 123456.
 * No table of the numbering plans of the world is asked, for it costs more than the whole window
 * to load; so a number counts as national when a zero leads it, or when it is what follows one to
 * three digits of an international one.
 */

#include "store-number-private.h"

#include "store-text-private.h"

#include <string.h>

#define MIN_DIGITS 6  /* fewer are an extension, which is equal or not */
#define MAX_COUNTRY 3 /* digits of a country code */
#define KEY_DIGITS 6  /* at the end of numbers that may be equal */
#define SEPARATORS "-. ()/\t"

/* What follows the scheme; @is_number says whether nothing but a number can follow. */
static const char *
skip_scheme (const char *text, gboolean *is_number)
{
  static const char *const schemes[] = {"sips:", "sip:", "tel:", "callto:"};

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++) {
    if (g_ascii_strncasecmp (text, schemes[i], strlen (schemes[i])) == 0) {
      *is_number = i == 2;
      return text + strlen (schemes[i]);
    }
  }
  return text;
}

/* The user of an address, without escapes, password and parameters; or the text before them. */
static char *
dup_user (const char *address)
{
  gboolean is_number = FALSE;
  const char *rest = skip_scheme (address, &is_number);
  const char *at = is_number ? NULL : strrchr (rest, '@');
  g_autofree char *user = g_strndup (rest, at != NULL ? (gsize)(at - rest) : strlen (rest));

  user[strcspn (user, at != NULL ? ":;" : ";?")] = '\0';

  char *plain = g_uri_unescape_string (user, NULL);

  return plain != NULL ? plain : g_steal_pointer (&user);
}

/* Digits of @text in @digits; FALSE if it holds anything but a number. */
static gboolean
take_digits (const char *text, GString *digits)
{
  for (const char *at = text + (*text == '+'); *at != '\0'; at++) {
    if (g_ascii_isdigit (*at) || *at == '*' || *at == '#')
      g_string_append_c (digits, *at);
    else if (strchr (SEPARATORS, *at) == NULL)
      return FALSE;
  }
  return digits->len > 0;
}

/* Returns the number that @address is, or NULL: `tel:`, a number as people write it, or the user
 * of a SIP address if that is one. */
StoreNumber *
store_number_parse (const char *address)
{
  if (address == NULL || strlen (address) > STORE_MAX_ADDRESS)
    return NULL;

  g_autofree char *user = dup_user (address);
  g_autoptr (GString) digits = g_string_new (NULL);

  g_strstrip (user);
  if (!take_digits (user, digits))
    return NULL;

  StoreNumber *self = g_new0 (StoreNumber, 1);
  gsize zeros = strspn (digits->str, "0");

  self->international = *user == '+' || (zeros == 2 && digits->len >= MIN_DIGITS + 2);
  self->trunk = !self->international && zeros > 0;
  if (digits->len - zeros < MIN_DIGITS)
    zeros = 0;
  self->digits = g_strdup (digits->str + zeros);
  return self;
}

/* Numbers that are equal have the same key, and few others have. */
const char *
store_number_get_key (const StoreNumber *self)
{
  gsize length = strlen (self->digits);

  return length > KEY_DIGITS ? self->digits + length - KEY_DIGITS : self->digits;
}

gboolean
store_number_equal (const StoreNumber *a, const StoreNumber *b)
{
  const StoreNumber *longer = strlen (a->digits) >= strlen (b->digits) ? a : b;
  const StoreNumber *shorter = longer == a ? b : a;
  gsize surplus = strlen (longer->digits) - strlen (shorter->digits);

  if (surplus == 0)
    return g_str_equal (a->digits, b->digits);
  return surplus <= MAX_COUNTRY && strlen (shorter->digits) >= MIN_DIGITS &&
         !shorter->international && (longer->international || shorter->trunk) &&
         g_str_equal (longer->digits + surplus, shorter->digits);
}

void
store_number_free (StoreNumber *self)
{
  g_free (self->digits);
  g_free (self);
}

/* Returns what is the same for all ways to write one SIP address, or NULL if it is none. The user
 * is as the host wants it (RFC 3261 19.1.4), the rest is in small letters. */
char *
store_number_dup_address_key (const char *address)
{
  gboolean is_number = FALSE;
  const char *rest = skip_scheme (address, &is_number), *at = strrchr (rest, '@');

  if (is_number || at == NULL || strlen (address) > STORE_MAX_ADDRESS)
    return NULL;

  gboolean is_secure = g_ascii_strncasecmp (address, "sips:", 5) == 0;
  g_autofree char *user = dup_user (address);
  g_autofree char *host = g_ascii_strdown (at + 1, strcspn (at + 1, ";?> "));

  if (g_str_has_suffix (host, is_secure ? ":5061" : ":5060"))
    host[strlen (host) - 5] = '\0';
  return g_strconcat (user, "@", host, NULL);
}
