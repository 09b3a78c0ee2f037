/* sip-session-dtmf.c - tones of the keypad: in the media (RFC 4733), by INFO (RFC 6086), or as
 * sound
 *
 * Down: sip_session_dtmf() -> the queue -> one tone after the other, the gap between them: to the
 *       media where that carries tones, else in an INFO, else as what they sound like.
 * Up:   sip_session_receive_info() -> signal dtmf, or info for what is no tone.
 */

#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-session-private.h"
#include "sip-ua-private.h"

#include <string.h>

enum { PAUSE = 2000, DEFAULT_DURATION = 100, DEFAULT_GAP = 500 }; /* milliseconds */

/* One that waits. */
typedef struct {
  SipDtmf *dtmf;
  GStrv headers; /* for its INFO */
} Tone;

static void
tone_free (Tone *tone)
{
  g_object_unref (tone->dtmf);
  g_strfreev (tone->headers);
  g_free (tone);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Tone, tone_free)

static void send_next (gpointer user_data);

static gboolean
is_tone (char c)
{
  return c != '\0' && strchr ("0123456789ABCD#*", g_ascii_toupper (c)) != NULL;
}

void
sip_session_drop_tones (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  if (priv->timers != NULL)
    sip_timers_clear (priv->timers, &priv->tone_id);
  g_queue_clear_full (&priv->tones, (GDestroyNotify)tone_free);
}

static SipOptions *
make_options (SipDtmf *dtmf)
{
  return g_object_new (SIP_TYPE_OPTIONS, "duration", sip_dtmf_get_duration (dtmf), "inter-tone-gap",
                       sip_dtmf_get_inter_tone_gap (dtmf), NULL);
}

/* Whoever wants INFO is told that it does not work. */
static gboolean
play (SipSession *self, SipDtmf *dtmf)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  g_autoptr (SipOptions) options = make_options (dtmf);

  return priv->ua->dtmf_type != SIP_DTMF_TYPE_INFO && priv->handler != NULL &&
         sip_session_description_handler_play_dtmf (priv->handler, sip_dtmf_get_tone (dtmf),
                                                    options);
}

/* The other side is there, and no INFO that carries a tone will ever do. */
static gboolean
is_never_taken (guint code)
{
  return code == 403 || code == 405 || code == 415 || code == 469 || code == 488 || code == 501;
}

static void
on_info_response (SipRequest *request, SipMessage *response, gpointer user_data)
{
  g_autoptr (SipSession) self = g_object_ref (user_data);
  SipDtmf *dtmf = g_object_get_data (G_OBJECT (request), "dtmf");
  guint code = sip_message_get_status_code (response);
  g_autoptr (GError) error = NULL;

  if (code < 300 || sip_session_get_status (self) == SIP_SESSION_STATUS_TERMINATED)
    return;
  if (is_never_taken (code) && play (self, dtmf)) {
    sip_session_peek (self)->refuses_info = TRUE;
    return;
  }
  sip_session_drop_tones (self);
  error = g_error_new (SIP_ERROR, SIP_ERROR_NOT_SUPPORTED, "INFO was refused: %u %s", code,
                       sip_message_get_reason_phrase (response));
  sip_session_emit (self, SIP_SIGNAL_DTMF_FAILED, error);
}

static void
send_info (SipSession *self, Tone *tone)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  g_autoptr (SipMessage) info = sip_dialog_create_request (priv->dialog, "INFO");
  g_autofree char *text =
      g_strdup_printf ("Signal= %s\r\nDuration= %u", sip_dtmf_get_tone (tone->dtmf),
                       sip_dtmf_get_duration (tone->dtmf));
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_autoptr (SipRequest) request = NULL;

  sip_message_add_extra_headers (info, (const char *const *)tone->headers);
  sip_message_set_body (info, "application/dtmf-relay", body);
  request = sip_ua_prepare_in (priv->ua, priv->dialog, info);
  g_object_set_data_full (G_OBJECT (request), "dtmf", g_object_ref (tone->dtmf), g_object_unref);
  g_signal_connect_object (request, "response", G_CALLBACK (on_info_response), self, 0);
  sip_request_send (request);
  sip_session_emit (self, SIP_SIGNAL_DTMF, info, tone->dtmf);
}

static gboolean
send_in_media (SipSession *self, SipDtmf *dtmf)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  g_autoptr (SipOptions) options = NULL;

  if (priv->ua->dtmf_type == SIP_DTMF_TYPE_INFO || priv->handler == NULL)
    return FALSE;
  options = make_options (dtmf);
  return sip_session_description_handler_send_dtmf (priv->handler, sip_dtmf_get_tone (dtmf),
                                                    options);
}

static void
send_next (gpointer user_data)
{
  g_autoptr (SipSession) self = g_object_ref (user_data);
  SipSessionPrivate *priv = sip_session_peek (self);
  g_autoptr (Tone) tone = g_queue_pop_head (&priv->tones);
  gboolean pause;

  priv->tone_id = 0;
  if (tone == NULL)
    return;
  pause = g_str_equal (sip_dtmf_get_tone (tone->dtmf), ",");
  /* The gap is kept behind the last tone too, for one that is asked for within it. */
  priv->tone_id = sip_timers_add (
      priv->timers,
      pause ? PAUSE : sip_dtmf_get_duration (tone->dtmf) + sip_dtmf_get_inter_tone_gap (tone->dtmf),
      send_next, self);
  if (pause)
    return;
  if (send_in_media (self, tone->dtmf) || (priv->refuses_info && play (self, tone->dtmf)))
    sip_session_emit (self, SIP_SIGNAL_DTMF, NULL, tone->dtmf);
  else
    send_info (self, tone);
}

/* The number behind `name =` at the start of a line, digits only; 0 where there is none. */
static char *
find_field (const char *body, const char *name)
{
  g_auto (GStrv) lines = g_strsplit_set (body, "\r\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++) {
    char *equals = strchr (lines[i], '=');

    if (equals == NULL)
      continue;
    *equals = '\0';
    if (g_ascii_strcasecmp (g_strstrip (lines[i]), name) == 0)
      return g_strdup (g_strstrip (equals + 1));
  }
  return NULL;
}

static SipDtmf *
parse_tone (SipMessage *request)
{
  const char *type = sip_message_get_content_type (request);
  const char *body = sip_message_get_body (request);
  g_autofree char *signal = NULL, *duration = NULL;
  char tone[2] = {0};
  guint64 milliseconds = DEFAULT_DURATION;

  if (type == NULL || body == NULL)
    return NULL;
  if (g_ascii_strncasecmp (type, "application/dtmf-relay", 22) == 0) {
    signal = find_field (body, "signal");
    duration = find_field (body, "duration");
    if (duration != NULL &&
        !g_ascii_string_to_unsigned (duration, 10, 0, G_MAXUINT32, &milliseconds, NULL))
      milliseconds = DEFAULT_DURATION;
  } else {
    signal = g_strstrip (g_strdup (body));
  }
  if (signal == NULL || strlen (signal) != 1 || !is_tone (*signal))
    return NULL;
  tone[0] = g_ascii_toupper (*signal);
  return sip_dtmf_new_received (tone, MIN (milliseconds, 6000));
}

static gboolean
is_tone_type (const char *type)
{
  return type != NULL && (g_ascii_strncasecmp (type, "application/dtmf-relay", 22) == 0 ||
                          g_ascii_strncasecmp (type, "application/dtmf", 16) == 0);
}

void
sip_session_receive_info (SipSession *self, SipTransaction *transaction, SipMessage *request)
{
  const char *type = sip_message_get_content_type (request);
  g_autoptr (SipDtmf) dtmf = is_tone_type (type) ? parse_tone (request) : NULL;
  g_autoptr (SipMessage) response = NULL;
  guint code = 200;

  if (is_tone_type (type))
    code = dtmf != NULL ? 200 : 400;
  else if (sip_message_get_body_bytes (request) != NULL)
    code = 415;
  response = sip_message_new_response (request, code, NULL);
  if (code == 415)
    sip_message_add_header (response, "Accept", "application/dtmf-relay, application/dtmf");
  sip_ua_add_own_headers (sip_session_peek (self)->ua, response);
  sip_transaction_respond (transaction, response);
  if (dtmf != NULL)
    sip_session_emit (self, SIP_SIGNAL_DTMF, request, dtmf);
  else if (code == 200)
    sip_session_emit (self, SIP_SIGNAL_INFO, request);
}

/**
 * sip_session_dtmf:
 * @self: a session
 * @tones: one or more of `0-9A-D*#`, and `,` for a pause of two seconds
 * @options: (nullable): duration (70 to 6000 ms, 100 by default), inter-tone-gap (at least 50 ms,
 *   500 by default), extra headers for each INFO
 * @error: where a wrong status, tone or option goes
 *
 * Sends tones: in the media where the user agent's #SipUA:dtmf-type and the other side allow it,
 * else by INFO, and where the other side refuses that, as sound; one after the other. Tones that
 * are still waiting go first.
 *
 * Returns: %TRUE where they are on their way; `dtmf` tells of each, `dtmfFailed` of a refusal
 */
gboolean
sip_session_dtmf (SipSession *self, const char *tones, SipOptions *options, GError **error)
{
  SipSessionPrivate *priv;
  guint duration, gap;

  g_return_val_if_fail (SIP_IS_SESSION (self), FALSE);

  priv = sip_session_peek (self);
  if (!sip_session_check_status (
          self, SIP_STATUS_BIT (CONFIRMED) | SIP_STATUS_BIT (WAITING_FOR_ACK), error) ||
      !sip_options_check (options, 0, 0, error))
    return FALSE;
  for (const char *c = tones; tones == NULL || *tones == '\0' || *c != '\0'; c++) {
    if (tones != NULL && (is_tone (*c) || *c == ','))
      continue;
    g_set_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT, "Invalid tone(s): %s",
                 tones != NULL ? tones : "none");
    return FALSE;
  }

  duration = sip_options_read_number (options, "duration", 0);
  gap = sip_options_read_number (options, "inter-tone-gap", 0);
  for (const char *c = tones; *c != '\0'; c++) {
    char tone[2] = {g_ascii_toupper (*c), '\0'};

    Tone *waiting = g_new (Tone, 1);

    waiting->dtmf = sip_dtmf_new (tone, duration != 0 ? duration : DEFAULT_DURATION,
                                  gap != 0 ? gap : DEFAULT_GAP);
    waiting->headers = g_strdupv ((char **)sip_options_read_extra_headers (options));
    g_queue_push_tail (&priv->tones, waiting);
  }
  if (priv->tone_id == 0)
    send_next (self);
  return TRUE;
}
