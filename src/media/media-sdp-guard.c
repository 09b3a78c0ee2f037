/* media-sdp-guard.c - what is measured of a description before anything parses it
 *
 * Up: a description of the other side -> media_sdp_guard() -> media_sdp_parse()
 */

#include "media-sdp-private.h"

#include <gio/gio.h>
#include <string.h>

/* A browser's offer of sound and picture has 150 lines and 6 KiB. */
#define MAX_BYTES (16 * 1024)
#define MAX_LINES 512
#define MAX_MEDIA 16
#define MAX_FORMATS 64
#define MAX_CANDIDATE_WORDS 64

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION, "Bad description: %s", why);
  return FALSE;
}

static gboolean
is_number (const char *text, gsize length, guint64 highest)
{
  g_autofree char *digits = g_strndup (text, length);
  guint64 number;

  return g_ascii_string_to_unsigned (digits, 10, 0, highest, &number, NULL);
}

/* `m=audio 9 UDP/TLS/RTP/SAVPF 111 0`; the port may carry a count, `9/2`. */
static gboolean
guard_media (const char *line, gsize length, GError **error)
{
  g_autofree char *text = g_strndup (line + 2, length - 2);
  g_auto (GStrv) words = g_strsplit (text, " ", MAX_FORMATS + 4);
  guint n = g_strv_length (words);

  if (n < 4)
    return refuse (error, "an m= line without a format");
  if (n > MAX_FORMATS + 3)
    return refuse (error, "too many formats");
  for (guint i = 0; i < n; i++) {
    if (*words[i] == '\0')
      return refuse (error, "an m= line with a hole");
  }
  if (!is_number (words[1], strcspn (words[1], "/"), G_MAXUINT16))
    return refuse (error, "a port that is none");
  return TRUE;
}

/* One pass over the bytes, and no list that could grow. */
gboolean
media_sdp_guard (const char *text, GError **error)
{
  guint n_lines = 0, n_media = 0;

  if (strnlen (text, MAX_BYTES + 1) > MAX_BYTES)
    return refuse (error, "too long");
  if (!g_str_has_prefix (text, "v=0\n") && !g_str_has_prefix (text, "v=0\r\n"))
    return refuse (error, "it does not begin with v=0");

  for (const char *line = text; *line != '\0';) {
    gsize whole = strcspn (line, "\n");
    gsize length = whole > 0 && line[whole - 1] == '\r' ? whole - 1 : whole;

    if (++n_lines > MAX_LINES)
      return refuse (error, "too many lines");
    for (gsize i = 0; i < length; i++) {
      if (g_ascii_iscntrl (line[i]) && line[i] != '\t')
        return refuse (error, "a control character");
    }
    if (length > 0 && (length < 2 || line[1] != '=' || !g_ascii_islower (line[0])))
      return refuse (error, "a line that is none");
    if (length > 0 && line[0] == 'm') {
      if (++n_media > MAX_MEDIA)
        return refuse (error, "too many m= lines");
      if (!guard_media (line, length, error))
        return FALSE;
    }
    line += whole;
    if (*line == '\n')
      line++;
  }
  return n_media > 0 ? TRUE : refuse (error, "no m= line");
}

static gboolean
is_candidate_address (const char *address)
{
  if (g_hostname_is_ip_address (address))
    return TRUE;
  /* Browsers hide their addresses behind names of multicast DNS. */
  return g_str_has_suffix (address, ".local") && strlen (address) < 64 &&
         strspn (address, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.") ==
             strlen (address);
}

/* RFC 8839 5.1. Returns what is needed of one UDP candidate, or %NULL where it cannot be used, or
 * is of a component behind the first @n_components of them.
 */
char *
media_sdp_normalize_candidate (const char *candidate, guint n_components)
{
  static const char *const kinds[] = {"host", "srflx", "prflx", "relay", NULL};
  g_auto (GStrv) words = g_strsplit (candidate, " ", MAX_CANDIDATE_WORDS);

  if (g_strv_length (words) < 8 || strlen (words[0]) < 1 || strlen (words[0]) > 32 ||
      !g_ascii_string_to_unsigned (words[1], 10, 1, n_components, NULL, NULL) ||
      g_ascii_strcasecmp (words[2], "udp") != 0 ||
      !is_number (words[3], strlen (words[3]), G_MAXUINT32) || !is_candidate_address (words[4]) ||
      !is_number (words[5], strlen (words[5]), G_MAXUINT16) || !g_str_equal (words[6], "typ") ||
      !g_strv_contains (kinds, words[7]))
    return NULL;
  for (const char *c = words[0]; *c != '\0'; c++) {
    if (!g_ascii_isgraph (*c))
      return NULL;
  }
  return g_strdup_printf ("%s %s UDP %s %s %s typ %s", words[0], words[1], words[3], words[4],
                          words[5], words[7]);
}
