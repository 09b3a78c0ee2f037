/* store-text.c - words of others, before they are remembered
 *
 * What is kept is one line of readable text of a bounded length. It is shown later beside words of
 * our own, so nothing in it may turn the direction of what follows, or hide.
 */

#include "store-text-private.h"

static gboolean
is_deceptive (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200b ||
         c == 0x200e || c == 0x200f || c == 0x2060 || c == 0xfeff || c == 0x061c;
}

/* Returns a copy of @text with at most @max_characters, or NULL if nothing readable is in it. */
char *
store_text_clean (const char *text, guint max_characters)
{
  if (text == NULL)
    return NULL;

  g_autofree char *start = g_utf8_make_valid (text, strnlen (text, 4 * (gsize)max_characters));
  g_autoptr (GString) clean = g_string_new (NULL);
  guint length = 0;

  for (const char *at = start; *at != '\0' && length < max_characters; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);

    if (is_deceptive (c))
      continue;
    if (g_unichar_iscntrl (c) || c == 0x2028 || c == 0x2029)
      c = ' ';
    g_string_append_unichar (clean, c);
    length++;
  }
  g_strstrip (clean->str);
  return *clean->str != '\0' ? g_strdup (clean->str) : NULL;
}
