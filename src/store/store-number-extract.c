/* store-number-extract.c - the number or the address in a text that somebody copied
 *
 * Texts come from letters and pages: with words round the number, brackets, digits of other
 * scripts, and what was called an extension in the language of the text.
 */

#include "store-number-private.h"

#include <string.h>

#define MAX_TEXT 4096
#define MIN_DIGITS 3 /* in a text with other words */
#define MAX_DIGITS 32

/* Digits and signs of all scripts become those of ASCII, every kind of space a space. */
static char *
simplify (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, strnlen (text, MAX_TEXT));
  g_autofree char *wide = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL_COMPOSE);
  GString *plain = g_string_new (NULL);

  for (const char *at = wide; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);

    if (g_unichar_isdigit (c))
      g_string_append_c (plain, '0' + g_unichar_digit_value (c));
    else if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212)
      g_string_append_c (plain, '-');
    else if (g_unichar_isspace (c))
      g_string_append_c (plain, ' ');
    else if (g_unichar_type (c) != G_UNICODE_FORMAT && !g_unichar_iscntrl (c))
      g_string_append_unichar (plain, c);
  }
  return g_strstrip (g_string_free (plain, FALSE));
}

static gboolean
has_scheme (const char *word)
{
  static const char *const schemes[] = {"sip:", "sips:", "tel:", "callto:"};

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++) {
    if (g_ascii_strncasecmp (word, schemes[i], strlen (schemes[i])) == 0)
      return TRUE;
  }
  return FALSE;
}

/* The word of @text that is an address, without the marks round it. */
static char *
find_address (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " <>\"'", -1);

  for (guint i = 0; words[i] != NULL; i++) {
    char *word = words[i];

    while (*word != '\0' && strchr ("([{,;:", *word) != NULL)
      word++;
    for (gsize length = strlen (word); length > 0 && strchr (".,;:!?)]}", word[length - 1]) != NULL;
         length--)
      word[length - 1] = '\0';

    const char *rest = has_scheme (word) ? strchr (word, ':') + 1 : word;
    const char *at = strrchr (rest, '@');

    if (rest != word ? *rest != '\0' : at != NULL && at != rest && at[1] != '\0')
      return g_strdup (word);
  }
  return NULL;
}

/* A number that starts at @start, as dialled; @end is where it ends. A code has * and # in it. */
static char *
take_number (const char *start, const char **end)
{
  gboolean is_international = *start == '+', is_code = *start == '*' || *start == '#';
  GString *number = g_string_new (is_international ? "+" : NULL);
  const char *at = start + is_international;

  *end = at;
  for (; *at != '\0' && number->len < MAX_DIGITS; at++) {
    /* The zero that is dialled only without the country. */
    if (is_international && number->len > 1 && g_str_has_prefix (at, "(0)")) {
      at += 2;
      continue;
    }
    if (g_ascii_isdigit (*at) || (is_code && (*at == '*' || *at == '#'))) {
      g_string_append_c (number, *at);
      *end = at + 1;
    } else if (strchr ("-. ()/", *at) == NULL) {
      break;
    }
  }
  return g_string_free (number, FALSE);
}

/* The digits after a word for "extension" or a sign that says to wait; empty if there are none. */
static char *
take_extension (const char *at)
{
  static const char *const words[] = {"extension", "ext.",  "ext:", "ext", ";ext=", "durchwahl",
                                      "dw",        "poste", "x",    "#",   "分机",  "转",
                                      ",",         ";",     "p",    "w"};

  at += strspn (at, " ()/");
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    if (g_ascii_strncasecmp (at, words[i], strlen (words[i])) != 0)
      continue;

    const char *digits = at + strlen (words[i]);

    digits += strspn (digits, " .:=-");

    gsize length = strspn (digits, "0123456789");

    if (length > 0 && length <= MAX_DIGITS)
      return g_strdup_printf (",%.*s", (int)length, digits);
  }
  return g_strdup ("");
}

static guint
count_digits (const char *text)
{
  guint count = 0;

  for (; *text != '\0'; text++)
    count += g_ascii_isdigit (*text) != 0;
  return count;
}

/* How much a number looks like one that is meant: a country or an area before mere length. */
static guint
rate (const char *number)
{
  guint digits = count_digits (number);

  if (*number == '+')
    return 200 + digits;
  return *number == '0' && digits > 5 ? 100 + digits : digits;
}

/*
 * Finds what @text means to call: the first address (sip:, sips:, tel:, callto:, or user@host), as
 * it stands there; else the number that looks most like one, with nothing but +, digits, * and #.
 * An extension follows a comma, which waits before its digits are sent: of
 * "Call me: (030) 12 34-56 ext. 7" it is 030123456,7. In +49 (0)30 the zero is left out.
 *
 * Returns NULL if neither is there: then the text is a name.
 */
char *
store_number_extract (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  g_autofree char *plain = simplify (text);
  g_autofree char *best = find_address (plain);
  guint best_rate = 0;
  gboolean is_all = strspn (plain, "+0123456789*#-. ()/") == strlen (plain);

  if (best != NULL)
    return g_steal_pointer (&best);
  for (const char *at = plain; *at != '\0';) {
    gboolean starts = g_ascii_isdigit (*at) ||
                      ((*at == '+' || *at == '*' || *at == '#') && is_all) ||
                      (*at == '+' && (g_ascii_isdigit (at[1]) || strchr (" (", at[1]) != NULL));

    if (!starts || (at > plain && g_ascii_isalpha (at[-1]))) {
      at += g_ascii_isdigit (*at) ? strspn (at, "0123456789") : 1;
      continue;
    }

    const char *end = NULL;
    g_autofree char *number = take_number (at, &end);
    g_autofree char *extension = take_extension (end);

    if (rate (number) > best_rate && count_digits (number) >= (is_all ? 1 : MIN_DIGITS)) {
      best_rate = rate (number);
      g_free (best);
      best = g_strconcat (number, extension, NULL);
    }
    at = MAX (end, at + 1);
  }
  return g_steal_pointer (&best);
}
