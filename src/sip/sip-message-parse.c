/* sip-message-parse.c - the guard at the door: what comes in is bounded before libosip2 reads it
 *
 * Up: a transport's bytes -> sip_message_parse() -> a SipMessage, or nothing and perhaps a reply.
 */

#include "sip-message-private.h"

#include <string.h>

enum {
  MAX_MESSAGE = 65535,
  MAX_HEAD = 16384,
  MAX_LINES = 128,
  MAX_LINE = 4096,
  MAX_COMMAS = 64,
  MAX_SEMICOLONS = 128,
  MAX_AMPERSANDS = 64,
};

/* What the lines of one head say that must be said once, or must be said at all. */
typedef struct {
  gboolean is_request;
  char *method;
  guint n_from, n_to, n_call_id, n_via, n_cseq, n_length, n_max_forwards;
  guint64 length; /* of the body, where n_length is 1 */
} Head;

static gboolean
is_token (const char *text)
{
  if (*text == '\0')
    return FALSE;
  for (; *text != '\0'; text++) {
    if (!g_ascii_isalnum (*text) && strchr ("-.!%*_+`'~", *text) == NULL)
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_number (const char *text, guint64 max, guint64 *number)
{
  return g_ascii_isdigit (*text) && g_ascii_string_to_unsigned (text, 10, 0, max, number, NULL);
}

/* An IPv6 address stands in brackets and a port is a number. */
static gboolean
has_sane_host (const char *uri)
{
  const char *host = strchr (uri, ':') + 1;
  const char *end = host + strcspn (host, "?");
  const char *at = memchr (host, '@', end - host);
  guint colons = 0;

  if (at != NULL)
    host = at + 1;
  if (*host == '[') {
    host = strchr (host, ']');
    if (host == NULL)
      return FALSE;
    host++;
  }
  for (; host < end && strchr (";>", *host) == NULL; host++) {
    if (*host == ':')
      colons++;
    else if (colons > 0 && !g_ascii_isdigit (*host))
      return FALSE;
  }
  return colons <= 1;
}

static guint
check_request_line (Head *head, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  const char *uri = words[0] != NULL ? words[1] : NULL;

  if (g_strv_length (words) != 3 || !is_token (words[0]) || *uri == '\0')
    return 400;
  if (g_ascii_strcasecmp (words[2], "SIP/2.0") != 0)
    return g_ascii_strncasecmp (words[2], "SIP/", 4) == 0 ? 505 : 400;
  if (strpbrk (uri, "<>") != NULL || strstr (uri, "%00") != NULL || strchr (uri, ':') == NULL)
    return 400;
  if (strlen (words[0]) > 32)
    return 501;
  head->method = g_strdup (words[0]);
  if (g_ascii_strncasecmp (uri, "sip:", 4) == 0 || g_ascii_strncasecmp (uri, "sips:", 5) == 0) {
    const char *at = strchr (uri, '@');

    if (strchr (at != NULL ? at : uri, '?') != NULL || !has_sane_host (uri))
      return 400;
  } else if (g_ascii_strncasecmp (uri, "tel:", 4) != 0) {
    return 416;
  }
  return 0;
}

static gboolean
is_status_line (const char *line)
{
  return g_ascii_strncasecmp (line, "SIP/2.0 ", 8) == 0 && line[8] >= '1' && line[8] <= '6' &&
         g_ascii_isdigit (line[9]) && g_ascii_isdigit (line[10]) && line[11] == ' ';
}

/* Counts what libosip2 walks in quadratic time, and looks for what it cuts short. */
static guint
check_shape (const char *line, gboolean is_address)
{
  guint commas = 0, semicolons = 0, ampersands = 0;
  gboolean quoted = FALSE, bracketed = FALSE, asked = FALSE;

  if (strlen (line) > MAX_LINE)
    return 513;
  for (const char *c = line; *c != '\0'; c++) {
    if (*c == '%' && c[1] == '0' && c[2] == '0')
      return 400;
    if (quoted) {
      if (*c == '\\' && c[1] != '\0')
        c++;
      else if (*c == '"')
        quoted = FALSE;
      continue;
    }
    quoted = *c == '"';
    bracketed = *c == '<' || (bracketed && *c != '>');
    commas += *c == ',';
    semicolons += *c == ';';
    ampersands += *c == '&';
    asked = asked || (*c == '?' && !bracketed);
  }
  if (commas > MAX_COMMAS || semicolons > MAX_SEMICOLONS || ampersands > MAX_AMPERSANDS)
    return 513;
  return is_address && (quoted || asked) ? 400 : 0;
}

static guint
check_cseq (Head *head, const char *value)
{
  static const char *const known[] = {"INVITE",   "ACK",   "BYE",     "CANCEL",  "OPTIONS",
                                      "REGISTER", "INFO",  "PRACK",   "UPDATE",  "SUBSCRIBE",
                                      "NOTIFY",   "REFER", "MESSAGE", "PUBLISH", NULL};
  gsize digits = strspn (value, "0123456789");
  g_autofree char *number = g_strndup (value, digits);
  const char *method = value + digits + strspn (value + digits, " \t");
  guint64 sequence;

  if (!is_number (number, G_MAXINT32, &sequence) || method == value + digits || !is_token (method))
    return 400;
  if (head->is_request && strcmp (method, head->method) != 0)
    return g_strv_contains (known, head->method) ? 400 : 501;
  return 0;
}

static guint
check_header (Head *head, const char *line)
{
  const char *colon = strchr (line, ':');
  gsize length = colon != NULL ? colon - line : 0;
  g_autofree char *value = NULL;
  gboolean is_from, is_to;
  guint64 number;
  guint code;

  if (colon == NULL)
    return 400;
  while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t'))
    length--;
  is_from = sip_header_name_is (line, length, "From");
  is_to = sip_header_name_is (line, length, "To");
  code = check_shape (line, is_from || is_to || sip_header_name_is (line, length, "Contact"));
  if (code != 0)
    return code;

  value = g_strstrip (g_strdup (colon + 1));
  head->n_from += is_from;
  head->n_to += is_to;
  if (sip_header_name_is (line, length, "Call-ID")) {
    head->n_call_id++;
    return *value != '\0' ? 0 : 400;
  }
  if (sip_header_name_is (line, length, "Via")) {
    head->n_via++;
    for (const char *c = value; *c != '\0'; c++)
      head->n_via += *c == ',';
    return 0;
  }
  if (sip_header_name_is (line, length, "CSeq")) {
    head->n_cseq++;
    return check_cseq (head, value);
  }
  if (sip_header_name_is (line, length, "Content-Length")) {
    head->n_length++;
    return is_number (value, 1000000, &head->length) ? 0 : 400;
  }
  if (sip_header_name_is (line, length, "Max-Forwards")) {
    head->n_max_forwards++;
    return is_number (value, 255, &number) ? 0 : 400;
  }
  if (sip_header_name_is (line, length, "Expires"))
    return is_number (value, G_MAXUINT32, &number) ? 0 : 400;
  return 0;
}

/* The head between @data and its empty line, long lines joined (RFC 3261 7.3.1), NUL made a
 * question mark; NULL where a line ends in half of CRLF. */
static char *
unfold (const char *data, gsize size)
{
  GString *out = g_string_sized_new (size + 1);

  for (gsize i = 0; i < size; i++) {
    if ((data[i] == '\n' && (i == 0 || data[i - 1] != '\r')) ||
        (data[i] == '\r' && data[i + 1] != '\n')) {
      g_string_free (out, TRUE);
      return NULL;
    }
    if (data[i] == '\r' && i + 2 < size && (data[i + 2] == ' ' || data[i + 2] == '\t')) {
      g_string_append_c (out, ' ');
      i += 2;
      while (i + 1 < size && (data[i + 1] == ' ' || data[i + 1] == '\t'))
        i++;
      continue;
    }
    g_string_append_c (out, data[i] != '\0' ? data[i] : '?');
  }
  return g_string_free (out, FALSE);
}

static guint
check_head (Head *head, char **lines)
{
  guint code = 0;

  if (head->is_request) {
    if (strlen (lines[0]) > MAX_LINE)
      return 414;
    code = check_request_line (head, lines[0]);
  } else if (strlen (lines[0]) > MAX_LINE || !is_status_line (lines[0])) {
    return 400;
  }
  if (g_strv_length (lines) > MAX_LINES)
    return 513;
  for (gsize i = 1; code == 0 && lines[i] != NULL; i++)
    code = check_header (head, lines[i]);
  if (code != 0)
    return code;
  if (head->n_from != 1 || head->n_to != 1 || head->n_call_id != 1 || head->n_cseq != 1 ||
      head->n_via == 0 || head->n_length > 1 || head->n_max_forwards > 1)
    return 400;
  /* A response to an endpoint carries its own Via alone. */
  return !head->is_request && head->n_via != 1 ? 400 : 0;
}

/* libosip2 says yes to messages that lack what everybody reads next. */
static guint
check_parsed (osip_message_t *osip)
{
  osip_via_t *via;

  if (osip == NULL || osip->from == NULL || osip->from->url == NULL || osip->to == NULL ||
      osip->to->url == NULL || osip->call_id == NULL || osip->call_id->number == NULL ||
      osip->cseq == NULL || osip->cseq->method == NULL)
    return 400;
  via = osip_list_get (&osip->vias, 0);
  if (via == NULL || via->host == NULL || via->protocol == NULL)
    return 400;
  if (osip->from->url->host == NULL && osip->from->url->string == NULL)
    return 400;
  if (osip->sip_method != NULL &&
      (osip->req_uri == NULL || (osip->req_uri->host == NULL && osip->req_uri->string == NULL)))
    return 400;
  return 0;
}

/* RFC 3261 8.2.6 from raw lines, since no message could be made of them; NULL where they do not
 * say enough. */
static char *
compose_reply (Head *head, char **lines, guint code)
{
  static const char *const names[] = {"Via", "From", "To", "Call-ID", "CSeq"};
  g_autoptr (GString) out = NULL;
  g_autofree char *tag = NULL;

  if (!head->is_request || g_str_has_prefix (lines[0], "ACK "))
    return NULL;

  tag = sip_random_token ();
  out = g_string_new (NULL);
  g_string_append_printf (out, "SIP/2.0 %u %s\r\n", code, sip_reason_phrase (code));
  for (gsize n = 0; n < G_N_ELEMENTS (names); n++) {
    guint n_found = 0;

    for (gsize i = 1; i < MAX_LINES && lines[i] != NULL; i++) {
      if (!sip_header_name_is (lines[i], strcspn (lines[i], ": \t"), names[n]))
        continue;
      n_found++;
      g_string_append (out, lines[i]);
      if (g_str_equal (names[n], "To") && strstr (lines[i], "tag=") == NULL)
        g_string_append_printf (out, ";tag=%s", tag);
      g_string_append (out, "\r\n");
    }
    if (n_found == 0 || (n_found > 1 && n > 0))
      return NULL;
  }
  g_string_append (out, "Content-Length: 0\r\n\r\n");
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static gsize
count_leading_newlines (const char *data, gsize size)
{
  gsize n = 0;

  while (n < size && (data[n] == '\r' || data[n] == '\n'))
    n++;
  return n;
}

/* How many bytes of a stream the next message takes, keep-alives before it included; 0 while it
 * is not all there, -1 where the stream cannot be read any further (RFC 3261 18.3). */
gssize
sip_message_measure (const char *data, gsize size)
{
  gsize start = count_leading_newlines (data, size);
  const char *end;
  g_autofree char *head = NULL;
  g_auto (GStrv) lines = NULL;
  guint64 length = 0;
  gboolean found = FALSE;

  if (start == size)
    return 0;
  end = g_strstr_len (data + start, MIN (size - start, MAX_HEAD), "\r\n\r\n");
  if (end == NULL)
    return memchr (data + start, '\0', MIN (size - start, MAX_HEAD)) != NULL ||
                   size - start >= MAX_HEAD
               ? -1
               : 0;
  head = g_strndup (data + start, end - (data + start));
  lines = g_strsplit (head, "\r\n", -1);
  for (gsize i = 1; lines[i] != NULL; i++) {
    char *colon = strchr (lines[i], ':');
    gsize name = strcspn (lines[i], ": \t");

    if (colon == NULL || !sip_header_name_is (lines[i], name, "Content-Length"))
      continue;
    if (found || !is_number (g_strstrip (colon + 1), MAX_MESSAGE, &length))
      return -1;
    found = TRUE;
  }
  if (!found)
    return -1;
  return end + 4 + length <= data + size ? (gssize)(end + 4 + length - data) : 0;
}

/* Makes a message of what arrived. Where it returns NULL, @code says why (0: drop it in silence)
 * and @reply is what may be answered, or NULL. @is_stream: a length is needed (RFC 3261 18.3). */
SipMessage *
sip_message_parse (const char *data, gsize size, gboolean is_stream, guint *code, char **reply)
{
  gsize start = count_leading_newlines (data, size);
  Head head = {0};
  const char *end;
  g_autofree char *text = NULL, *method = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (SipMessage) self = NULL;
  g_autoptr (GBytes) body = NULL;
  gsize room;

  *code = 0;
  *reply = NULL;
  data += start;
  size -= start;
  if (size == 0 || size > MAX_MESSAGE)
    return NULL;
  end = NULL;
  for (gsize i = 0; i + 3 < size && i < MAX_HEAD && end == NULL; i++) {
    if (data[i] == '\r' && memcmp (data + i, "\r\n\r\n", 4) == 0)
      end = data + i;
  }
  if (end == NULL)
    return NULL;

  head.is_request = g_ascii_strncasecmp (data, "SIP/", 4) != 0;
  text = unfold (data, end - data);
  if (text == NULL) {
    *code = 400;
    return NULL;
  }
  lines = g_strsplit (text, "\r\n", -1);
  *code = check_head (&head, lines);
  method = head.method;

  room = size - (end + 4 - data);
  if (*code == 0 && (head.n_length == 1 ? head.length > room : is_stream))
    *code = 400;
  if (*code == 0) {
    body = g_bytes_new (end + 4, head.n_length == 1 ? head.length : room);
    self = sip_message_new_from_lines (lines, body);
    *code = check_parsed (sip_message_get_osip (self));
  }
  if (*code == 0)
    return g_steal_pointer (&self);

  *reply = compose_reply (&head, lines, *code);
  return NULL;
}
