/* sip-cause.c - why a session ended: status codes, Reason headers and SIP.js's words for them */

#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-session-private.h"

#include <string.h>

SipCause
sip_cause_from_status (guint code)
{
  static const struct {
    guint code;
    SipCause cause;
  } rows[] = {
      {484, SIP_CAUSE_ADDRESS_INCOMPLETE},
      {401, SIP_CAUSE_AUTHENTICATION_ERROR},
      {407, SIP_CAUSE_AUTHENTICATION_ERROR},
      {486, SIP_CAUSE_BUSY},
      {600, SIP_CAUSE_BUSY},
      {488, SIP_CAUSE_INCOMPATIBLE_SDP},
      {606, SIP_CAUSE_INCOMPATIBLE_SDP},
      {404, SIP_CAUSE_NOT_FOUND},
      {604, SIP_CAUSE_NOT_FOUND},
      {300, SIP_CAUSE_REDIRECTED},
      {301, SIP_CAUSE_REDIRECTED},
      {302, SIP_CAUSE_REDIRECTED},
      {305, SIP_CAUSE_REDIRECTED},
      {380, SIP_CAUSE_REDIRECTED},
      {403, SIP_CAUSE_REJECTED},
      {603, SIP_CAUSE_REJECTED},
      {480, SIP_CAUSE_UNAVAILABLE},
      {410, SIP_CAUSE_UNAVAILABLE},
      {408, SIP_CAUSE_UNAVAILABLE},
      {430, SIP_CAUSE_UNAVAILABLE},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    if (rows[i].code == code)
      return rows[i].cause;
  }
  return SIP_CAUSE_SIP_FAILURE_CODE;
}

/* Why our own media could not be made. */
SipCause
sip_cause_from_error (const GError *error)
{
  return g_error_matches (error, SIP_ERROR, SIP_ERROR_RELAY) ? SIP_CAUSE_RELAY
                                                             : SIP_CAUSE_WEBRTC_ERROR;
}

/* NULL where SIP.js has no word. */
const char *
sip_cause_words (SipCause cause)
{
  static const char *const words[] = {
      [SIP_CAUSE_BYE] = "BYE",
      [SIP_CAUSE_CANCELED] = "Canceled",
      [SIP_CAUSE_ANSWERED_ELSEWHERE] = "Canceled",
      [SIP_CAUSE_NO_ANSWER] = "No Answer",
      [SIP_CAUSE_EXPIRES] = "Expires",
      [SIP_CAUSE_NO_ACK] = "No ACK",
      [SIP_CAUSE_NO_PRACK] = "No PRACK",
      [SIP_CAUSE_BUSY] = "Busy",
      [SIP_CAUSE_REJECTED] = "Rejected",
      [SIP_CAUSE_REDIRECTED] = "Redirected",
      [SIP_CAUSE_UNAVAILABLE] = "Unavailable",
      [SIP_CAUSE_NOT_FOUND] = "Not Found",
      [SIP_CAUSE_ADDRESS_INCOMPLETE] = "Address Incomplete",
      [SIP_CAUSE_INCOMPATIBLE_SDP] = "Incompatible SDP",
      [SIP_CAUSE_AUTHENTICATION_ERROR] = "Authentication Error",
      [SIP_CAUSE_SIP_FAILURE_CODE] = "SIP Failure Code",
      [SIP_CAUSE_CONNECTION_ERROR] = "Connection Error",
      [SIP_CAUSE_BAD_MEDIA_DESCRIPTION] = "Bad Media Description",
      [SIP_CAUSE_WEBRTC_ERROR] = "WebRTC Error",
      [SIP_CAUSE_DIALOG_ERROR] = "Dialog Error",
      [SIP_CAUSE_NOT_SECURE] = "Incompatible SDP",
      [SIP_CAUSE_RELAY] = "WebRTC Error",
  };

  return (guint)cause < G_N_ELEMENTS (words) ? words[cause] : NULL;
}

/* RFC 3326: another phone took the call where SIP says 200 or Q.850 says 26. */
SipCause
sip_cause_from_reason (SipMessage *message, SipCause fallback)
{
  g_auto (GStrv) reasons = sip_message_get_headers (message, "Reason");

  for (gsize i = 0; reasons[i] != NULL; i++) {
    g_autofree char *reason = g_ascii_strdown (reasons[i], -1);
    const char *cause = strstr (reason, "cause=");
    guint64 code = cause != NULL ? g_ascii_strtoull (cause + 6, NULL, 10) : 0;

    if ((g_str_has_prefix (reason, "sip") && code == 200) ||
        (g_str_has_prefix (reason, "q.850") && code == 26))
      return SIP_CAUSE_ANSWERED_ELSEWHERE;
  }
  return fallback;
}

/* The value of a Reason header (RFC 3326) where @options give a status code, else NULL. */
char *
sip_reason_header (SipOptions *options)
{
  guint code = sip_options_read_number (options, "status-code", 0);
  const char *phrase = sip_options_read_text (options, "reason-phrase");
  GString *out;

  if (code == 0)
    return NULL;
  if (phrase == NULL)
    phrase = sip_reason_phrase (code);
  out = g_string_new (NULL);
  g_string_append_printf (out, "SIP;cause=%u;text=\"", code);
  for (; *phrase != '\0'; phrase++) {
    if (*phrase == '"' || *phrase == '\\')
      g_string_append_c (out, '\\');
    g_string_append_c (out, *phrase);
  }
  g_string_append_c (out, '"');
  return g_string_free (out, FALSE);
}
