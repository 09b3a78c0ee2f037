/* store-query.c - whether a person is meant by what somebody types
 *
 * Every word typed must begin a word of the name or of an address, in either case and without
 * accents; or the digits typed are in a number. What is searched is folded once, when it is read,
 * so that a key press only compares bytes.
 */

#include "store-query-private.h"

#include "store-text-private.h"

#include <string.h>

#define ANYWHERE 3 /* digits that are looked for inside a number, too */

/* Small letters without marks; everything else that is no letter and no digit becomes a space. */
static void
append_folded (GString *folded, const char *text)
{
  g_autofree char *small = g_utf8_casefold (text, -1);
  g_autofree char *plain = g_utf8_normalize (small, -1, G_NORMALIZE_ALL);

  for (const char *at = plain != NULL ? plain : ""; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);

    if (g_unichar_ismark (c) || g_unichar_type (c) == G_UNICODE_FORMAT)
      continue;
    if (g_unichar_isalnum (c))
      g_string_append_unichar (folded, c);
    else if (folded->len > 0 && folded->str[folded->len - 1] != ' ')
      g_string_append_c (folded, ' ');
  }
}

static const char *
skip_scheme (const char *address)
{
  const char *colon = strchr (address, ':');

  return colon != NULL && colon - address <= 6 ? colon + 1 : address;
}

/* The words by which a person is found, each after a space. */
char *
store_query_index_words (const char *name, const char *const *addresses)
{
  GString *words = g_string_new (" ");

  if (name != NULL)
    append_folded (words, name);
  for (guint i = 0; addresses[i] != NULL; i++) {
    const char *address = skip_scheme (addresses[i]);
    g_autofree char *main_part = g_strndup (address, strcspn (address, ";?"));

    append_folded (words, " ");
    append_folded (words, main_part);
  }
  return g_string_free (words, FALSE);
}

/* The numbers of a person, each after a space. */
char *
store_query_index_digits (const char *const *addresses)
{
  GString *digits = g_string_new (NULL);

  for (guint i = 0; addresses[i] != NULL; i++) {
    g_autoptr (StoreNumber) number = store_number_parse (addresses[i]);

    if (number != NULL)
      g_string_append_printf (digits, " %s", number->digits);
  }
  return g_string_free (digits, FALSE);
}

StoreQuery *
store_query_new (const char *text)
{
  StoreQuery *self = g_new0 (StoreQuery, 1);
  g_autoptr (GString) folded = g_string_new (NULL);
  g_autofree char *clean = store_text_clean (text, STORE_MAX_ADDRESS);
  g_autofree char *called = NULL;

  if (clean == NULL)
    clean = g_strdup ("");
  append_folded (folded, skip_scheme (clean));
  /* The words of an address stand side by side. */
  self->words = g_strsplit (g_strstrip (folded->str), " ", strchr (clean, '@') != NULL ? 1 : 16);
  self->target = store_number_extract (clean);
  if (self->target == NULL && *clean != '\0' && strchr (clean, ' ') == NULL)
    self->target = g_strdup (clean);
  if (self->target != NULL) {
    called = g_strndup (self->target, strcspn (self->target, ","));
    self->key = store_number_dup_address_key (called);
    self->number = store_number_parse (called);
  }
  if (self->number != NULL && self->number->digits[strspn (self->number->digits, "0")] != '\0')
    self->digits = g_strdup (self->number->digits + strspn (self->number->digits, "0"));
  return self;
}

static gboolean
has_word (const char *words, const char *word)
{
  for (const char *at = strstr (words, word); at != NULL; at = strstr (at + 1, word)) {
    /* Not every script puts spaces between its words. */
    if (at[-1] == ' ' || (guchar)*word >= 0x80)
      return TRUE;
  }
  return FALSE;
}

gboolean
store_query_matches_number (const StoreQuery *self, const char *digits)
{
  const char *at = self->digits != NULL ? strstr (digits, self->digits) : NULL;
  gboolean is_anywhere = self->digits != NULL && strlen (self->digits) >= ANYWHERE;

  for (; at != NULL && !is_anywhere; at = strstr (at + 1, self->digits)) {
    if (at[-1] == ' ')
      return TRUE;
  }
  return at != NULL;
}

/* @words, @digits: what the two functions above made, so both begin with a space */
gboolean
store_query_matches (const StoreQuery *self, const char *words, const char *digits)
{
  if (store_query_matches_number (self, digits))
    return TRUE;
  if (self->words[0] == NULL)
    return FALSE;
  for (guint i = 0; self->words[i] != NULL; i++) {
    if (!has_word (words, self->words[i]))
      return FALSE;
  }
  return TRUE;
}

/* Whether what was typed is the whole address, or the whole number. */
gboolean
store_query_equals (const StoreQuery *self, const char *key, const StoreNumber *number)
{
  if (self->key != NULL && key != NULL && g_str_equal (self->key, key))
    return TRUE;
  return self->key == NULL && self->number != NULL && number != NULL &&
         store_number_equal (self->number, number);
}

void
store_query_free (StoreQuery *self)
{
  g_strfreev (self->words);
  g_free (self->digits);
  g_free (self->target);
  g_free (self->key);
  g_clear_pointer (&self->number, store_number_free);
  g_free (self);
}
