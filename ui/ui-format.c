/* ui-format.c - what the phone knows, in words for a person
 *
 * Everything remote passes ui_format_clean() before it is shown. Nothing here makes markup, and
 * nothing here is to be shown as markup.
 */

#include "ui-format.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_CHARACTERS 128
#define MAX_LINK 512

/* Characters that change how their neighbours are shown, or are not seen at all. */
static gboolean
is_deceptive (gunichar c)
{
  return g_unichar_iscntrl (c) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
         (c >= 0x200b && c <= 0x200f) || c == 0x2028 || c == 0x2029 || c == 0x2060 || c == 0xfeff ||
         c == 0x061c;
}

/* A copy of remote text that is one line of at most 128 characters and shows what it says. */
char *
ui_format_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  GString *clean = g_string_new (NULL);
  guint length = 0;

  for (const char *at = valid; *at != '\0' && length < MAX_CHARACTERS; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);

    if (is_deceptive (c))
      continue;
    g_string_append_unichar (clean, c);
    length++;
  }
  return g_strstrip (g_string_free (clean, FALSE));
}

static const char *
skip_scheme (const char *uri)
{
  static const char *const schemes[] = {"sips:", "sip:", "tel:"};

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++) {
    if (g_ascii_strncasecmp (uri, schemes[i], strlen (schemes[i])) == 0)
      return uri + strlen (schemes[i]);
  }
  return uri;
}

/* The part of an address that a person reads: without scheme, parameters and headers. */
char *
ui_format_address (const char *uri)
{
  const char *rest = skip_scheme (uri != NULL ? uri : "");
  const char *at = strchr (rest, '@');
  const char *host = at != NULL ? at : rest;
  g_autofree char *address = g_strndup (rest, host - rest + strcspn (host, ";?>"));

  return ui_format_clean (address);
}

/* The host of an address or of a server, without its port. */
char *
ui_format_host (const char *uri)
{
  const char *scheme = strstr (uri != NULL ? uri : "", "://");
  const char *rest = scheme != NULL ? scheme + 3 : skip_scheme (uri != NULL ? uri : "");
  const char *at = strchr (rest, '@');
  const char *start = at != NULL ? at + 1 : rest;
  gsize length = *start == '[' ? strcspn (start, "]") + 1 : strcspn (start, ":;/?>");
  g_autofree char *host = g_strndup (start, length);

  return ui_format_clean (host);
}

/* What the other side calls itself, else the user of its address, else its host. */
char *
ui_format_name (SipNameAddr *identity)
{
  if (identity == NULL)
    return g_strdup (_ ("Unknown"));

  g_autofree char *name = ui_format_clean (sip_name_addr_get_display_name (identity));
  g_autofree char *address = ui_format_address (sip_name_addr_get_uri (identity));
  char *at = strchr (address, '@');

  if (*name != '\0')
    return g_steal_pointer (&name);
  if (at != NULL && at != address)
    *at = '\0';
  return *address != '\0' ? g_steal_pointer (&address) : g_strdup (_ ("Unknown"));
}

char *
ui_format_duration (gint64 seconds)
{
  if (seconds < 0)
    seconds = 0;
  if (seconds < 3600)
    return g_strdup_printf ("%02d:%02d", (int)(seconds / 60), (int)(seconds % 60));
  return g_strdup_printf ("%d:%02d:%02d", (int)MIN (seconds / 3600, G_MAXINT),
                          (int)(seconds / 60 % 60), (int)(seconds % 60));
}

static gboolean
is_right_to_left (const char *text)
{
  static const GUnicodeScript scripts[] = {G_UNICODE_SCRIPT_ARABIC, G_UNICODE_SCRIPT_HEBREW,
                                           G_UNICODE_SCRIPT_SYRIAC, G_UNICODE_SCRIPT_THAANA,
                                           G_UNICODE_SCRIPT_NKO};

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at)) {
    GUnicodeScript script = g_unichar_get_script (g_utf8_get_char (at));

    for (guint i = 0; i < G_N_ELEMENTS (scripts); i++) {
      if (script == scripts[i])
        return TRUE;
    }
  }
  return FALSE;
}

/* Keeps a name written from right to left from turning the sentence around it. */
char *
ui_format_isolate (const char *name)
{
  return is_right_to_left (name) ? g_strdup_printf ("\u2068%s\u2069", name) : g_strdup (name);
}

static gboolean
is_number (const char *address)
{
  gsize length = strcspn (address, "@");

  return length > 0 && strspn (address, "+0123456789-.()*#") >= length;
}

char *
ui_format_no_server (const char *host)
{
  return g_strdup_printf (_ ("There is no phone server at %s."), host);
}

/* @meant: a host that there is */
char *
ui_format_other_server (const char *host, const char *meant)
{
  return g_strdup_printf (_ ("There is no phone server at %s. Did you mean %s?"), host, meant);
}

char *
ui_format_no_answer (const char *host)
{
  return g_strdup_printf (_ ("%s doesn’t answer. You may be offline or a firewall blocks calls."),
                          host);
}

/* @has_changed: another one is trusted */
char *
ui_format_bad_certificate (const char *host, gboolean has_changed)
{
  return g_strdup_printf (
      has_changed ? _ ("%s identifies itself with another certificate than the one "
                       "you trust. Nothing was sent to it.")
                  : _ ("The identity of %s can’t be confirmed. Nothing was sent to it."),
      host);
}

char *
ui_format_next_try (const char *trouble, guint seconds)
{
  g_autofree char *next = g_strdup_printf (
      ngettext ("Next try in %u second.", "Next try in %u seconds.", seconds), seconds);

  return g_strdup_printf ("%s %s", trouble, next);
}

static char *
format_hung_up (const UiEnd *end, const char *name)
{
  g_autofree char *duration = ui_format_duration (end->seconds);

  if (end->cause == SIP_CAUSE_BYE)
    return g_strdup_printf (_ ("%s hung up · %s"), name, duration);
  return g_strdup_printf (_ ("Call ended · %s"), duration);
}

static char *
format_unavailable (const UiEnd *end, const char *name)
{
  if (end->status_code == 408)
    return g_strdup_printf (_ ("%s didn’t answer."), name);
  return g_strdup_printf (_ ("%s isn’t reachable right now."), name);
}

static char *
format_rejected (const UiEnd *end, const char *name)
{
  if (end->status_code == 403)
    return g_strdup_printf (_ ("%s won’t let you call this number."), end->host);
  return g_strdup_printf (_ ("%s declined."), name);
}

static char *
format_failure (const UiEnd *end)
{
  if (end->status_code >= 500 && end->status_code < 600)
    return g_strdup_printf (_ ("%s had a problem (%u)."), end->host, end->status_code);
  if (end->status_code == 416)
    return g_strdup (_ ("This number is incomplete."));
  if (end->status_code == 415)
    return g_strdup (_ ("Your phone and theirs have no sound format in common."));
  if (end->status_code > 0)
    return g_strdup_printf (_ ("The call was refused (%u)."), end->status_code);
  return g_strdup (_ ("The call failed."));
}

/* @account: its address */
char *
ui_format_no_relay (const char *account)
{
  return g_strdup_printf (
      _ ("The relay of %s can’t be used. Check its address, user name and password."), account);
}

/* Why a call is over, in one sentence. Free it with g_free(). */
char *
ui_format_end (const UiEnd *end)
{
  g_autofree char *name = ui_format_isolate (end->name);

  if (end->seconds >= 0 && (end->cause == SIP_CAUSE_NONE || end->cause == SIP_CAUSE_BYE))
    return format_hung_up (end, name);

  switch (end->cause) {
  case SIP_CAUSE_NONE:
    return end->outgoing ? g_strdup (_ ("You hung up.")) : g_strdup (_ ("You declined."));
  case SIP_CAUSE_BYE:
    return g_strdup_printf (_ ("%s hung up."), name);
  case SIP_CAUSE_CANCELED:
    return end->outgoing ? g_strdup (_ ("You hung up."))
                         : g_strdup_printf (_ ("%s hung up before you answered."), name);
  case SIP_CAUSE_ANSWERED_ELSEWHERE:
    return g_strdup (_ ("Answered on another phone."));
  case SIP_CAUSE_NO_ANSWER:
  case SIP_CAUSE_EXPIRES:
    return end->outgoing ? g_strdup_printf (_ ("%s didn’t answer."), name)
                         : g_strdup (_ ("You didn’t answer."));
  case SIP_CAUSE_BUSY:
    return g_strdup_printf (_ ("%s is in another call."), name);
  case SIP_CAUSE_REJECTED:
    return end->outgoing ? format_rejected (end, name) : g_strdup (_ ("You declined."));
  case SIP_CAUSE_REDIRECTED:
    return g_strdup_printf (_ ("%s has moved to another address."), name);
  case SIP_CAUSE_UNAVAILABLE:
    return end->outgoing ? format_unavailable (end, name) : g_strdup (_ ("You didn’t answer."));
  case SIP_CAUSE_NOT_FOUND:
    return is_number (end->address)
               ? g_strdup (_ ("This number doesn’t exist."))
               : g_strdup_printf (_ ("Nobody has the address %s."), end->address);
  case SIP_CAUSE_ADDRESS_INCOMPLETE:
    return g_strdup (_ ("This number is incomplete."));
  case SIP_CAUSE_INCOMPATIBLE_SDP:
    return g_strdup (_ ("Your phone and theirs have no sound format in common."));
  case SIP_CAUSE_AUTHENTICATION_ERROR:
    return g_strdup_printf (_ ("Wrong user name or password for %s."), end->host);
  case SIP_CAUSE_CONNECTION_ERROR:
    return ui_format_no_answer (end->host);
  case SIP_CAUSE_NO_ACK:
  case SIP_CAUSE_NO_PRACK:
  case SIP_CAUSE_DIALOG_ERROR:
    return g_strdup_printf (_ ("The connection to %s was lost."), name);
  case SIP_CAUSE_BAD_MEDIA_DESCRIPTION:
    return g_strdup_printf (_ ("The phone of %s describes its sound in a way that cannot be used."),
                            name);
  case SIP_CAUSE_WEBRTC_ERROR:
    return g_strdup (_ ("Sound could not be set up on this computer."));
  case SIP_CAUSE_NOT_SECURE:
    return g_strdup_printf (_ ("Ended for your safety: that was not the phone of %s."), name);
  case SIP_CAUSE_SIP_FAILURE_CODE:
  default:
    return format_failure (end);
  }
}

/* @status_code: of the response to REGISTER, 0 where none came */
char *
ui_format_sign_in_failure (guint status_code, const char *account, const char *host)
{
  switch (status_code) {
  case 0:
  case 408:
    return ui_format_no_answer (host);
  case 401:
  case 403:
  case 407:
    return g_strdup_printf (_ ("Wrong user name or password for %s."), account);
  case 404:
  case 604:
    return g_strdup_printf (_ ("%s doesn’t know this address."), host);
  default:
    return g_strdup_printf (_ ("%s had a problem (%u)."), host, status_code);
  }
}

/* Whether the two digits behind a percent sign name a control character. */
static gboolean
is_escaped_control (const char *digits)
{
  int high = g_ascii_xdigit_value (digits[0]);
  int low = high >= 0 ? g_ascii_xdigit_value (digits[1]) : -1;

  return low >= 0 && (high < 2 || (high == 7 && low == 15));
}

/* Drops the parameters that would make a link more than an address. */
static void
append_parameters (GString *text, char **parts)
{
  for (guint i = 1; parts[0] != NULL && parts[i] != NULL; i++) {
    if (g_ascii_strncasecmp (parts[i], "transport=", 10) == 0 ||
        g_ascii_strncasecmp (parts[i], "user=", 5) == 0)
      g_string_append_printf (text, ";%s", parts[i]);
  }
}

/* The text that a link puts into the entry, or NULL if it is no link to a phone. Headers, methods
 * and control characters are dropped: a link names whom to call and nothing else. */
char *
ui_format_link (const char *link)
{
  static const char *const bare[] = {"tel://", "tel:", "callto://", "callto:"};
  g_autoptr (GString) plain = g_string_new (NULL);
  const char *start = link;

  if (strlen (link) > MAX_LINK || !g_utf8_validate (link, -1, NULL))
    return NULL;
  if (skip_scheme (link) == link && g_ascii_strncasecmp (link, "callto:", 7) != 0)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (bare) && start == link; i++) {
    if (g_ascii_strncasecmp (link, bare[i], strlen (bare[i])) == 0)
      start = link + strlen (bare[i]);
  }

  for (const char *at = start; *at != '\0' && *at != '?'; at = g_utf8_next_char (at)) {
    if (*at == '%' && is_escaped_control (at + 1))
      at += 2;
    else if (!is_deceptive (g_utf8_get_char (at)) && strchr ("<>\"", *at) == NULL)
      g_string_append_unichar (plain, g_utf8_get_char (at));
  }

  g_auto (GStrv) parts = g_strsplit (plain->str, ";", 0);
  GString *text = g_string_new (parts[0]);

  append_parameters (text, parts);
  g_strstrip (text->str);
  if (*skip_scheme (text->str) == '\0') {
    g_string_free (text, TRUE);
    return NULL;
  }
  return g_string_free (text, FALSE);
}

/* @detail: what else is said of somebody; before it stands a word for @lamp where that is known,
 * for a long address is cut at its end */
char *
ui_format_lamp (const char *detail, SipLampState lamp)
{
  const char *words[] = {
      [SIP_LAMP_STATE_IDLE] = C_ ("somebody", "Free"),
      [SIP_LAMP_STATE_RINGING] = C_ ("somebody", "Ringing"),
      [SIP_LAMP_STATE_BUSY] = C_ ("somebody", "In a call"),
  };

  return lamp != SIP_LAMP_STATE_UNKNOWN ? g_strdup_printf ("%s · %s", words[lamp], detail)
                                        : g_strdup (detail);
}

/* @local: we hold @name; @remote: @name holds us. At least one of them. */
char *
ui_format_hold (const char *name, gboolean local, gboolean remote)
{
  g_autofree char *isolated = ui_format_isolate (name);

  if (!remote)
    return g_strdup_printf (_ ("You put %s on hold"), isolated);
  if (!local)
    return g_strdup_printf (_ ("%s put you on hold"), isolated);
  return g_strdup_printf (_ ("You and %s put each other on hold"), isolated);
}
