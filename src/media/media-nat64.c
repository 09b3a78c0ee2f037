/* media-nat64.c - descriptions of those who have IPv4 only, in a network that has none
 *
 * Down: our description as its reader needs it: where it would name an address of version 6, the
 *       one of version 4 that a server saw us at. Ports are those of this side: who is not met
 *       there follows what comes to him, as with every phone behind a NAT.
 * Up:   the other side's description -> the same with addresses that are reached from here.
 */

#include "media-nat64-private.h"

#include <string.h>

typedef void (*Change) (SipNat64 *self, GStrv words);

static gboolean
map_word (SipNat64 *self, char **word)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (*word);
  g_autoptr (GInetAddress) mapped = address != NULL ? sip_nat64_map (self, address) : NULL;

  if (mapped == NULL || mapped == address)
    return FALSE;
  g_free (*word);
  *word = g_inet_address_to_string (mapped);
  return TRUE;
}

/* The family before the last of some words, and that: `c=IN IP4 192.0.2.1`. */
static void
read_words (SipNat64 *self, GStrv words)
{
  guint n = g_strv_length (words);

  if (n >= 3 && g_str_equal (words[n - 2], "IP4") && map_word (self, &words[n - 1]))
    words[n - 2][2] = '6';
}

static void
write_words (SipNat64 *self, GStrv words)
{
  guint n = g_strv_length (words);

  if (n < 3 || !g_str_equal (words[n - 2], "IP6"))
    return;
  words[n - 2][2] = '4';
  g_free (words[n - 1]);
  words[n - 1] = g_inet_address_to_string (sip_nat64_get_outside (self));
}

/* A candidate stays as well, for a relay of ours may be where it is reached (RFC 8839 5.1). Takes
 * @line.
 */
static char *
add_candidate (SipNat64 *self, char *line)
{
  g_autofree char *own = line, *mapped = NULL;
  g_auto (GStrv) words = g_strsplit (line, " ", 0);

  if (g_strv_length (words) <= 4 || !map_word (self, &words[4]))
    return g_steal_pointer (&own);
  mapped = g_strjoinv (" ", words);
  return g_strconcat (mapped, "\n", line, NULL);
}

/* Where a line may name an address. Takes @line. */
static char *
change_line (SipNat64 *self, char *line, Change change)
{
  static const char *const kinds[] = {"o=", "c=", "a=rtcp:"};
  g_autofree char *own = line;

  if (change == read_words && g_str_has_prefix (line, "a=candidate:"))
    return add_candidate (self, g_steal_pointer (&own));
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (g_str_has_prefix (line, kinds[i])) {
      const char *end = g_str_has_suffix (line, "\r") ? "\r" : "";
      g_autofree char *bare = g_strndup (line, strlen (line) - strlen (end));
      g_auto (GStrv) words = g_strsplit (bare, " ", 0);
      g_autofree char *changed = NULL;

      change (self, words);
      changed = g_strjoinv (" ", words);
      return g_strconcat (changed, end, NULL);
    }
  }
  return g_steal_pointer (&own);
}

static char *
change_lines (SipNat64 *self, const char *text, Change change)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", 0);

  for (gsize i = 0; lines[i] != NULL; i++)
    lines[i] = change_line (self, lines[i], change);
  return g_strjoinv ("\n", lines);
}

/* @text: the other side's */
char *
media_nat64_read (SipNat64 *self, const char *text)
{
  return change_lines (self, text, read_words);
}

/* @text: ours, for somebody with IPv4 */
char *
media_nat64_write (SipNat64 *self, const char *text)
{
  return sip_nat64_get_outside (self) != NULL ? change_lines (self, text, write_words)
                                              : g_strdup (text);
}
