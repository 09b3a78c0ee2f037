/* ui-call.c - what cards, ring tones and notifications all ask of a call
 *
 * A call is a SipSession and nothing else; what the person adds to it lies in its data object.
 */

#include "ui-call.h"

#include "sip-invite-client-context.h"
#include "sip-invite-server-context.h"
#include "sip-track.h"
#include "sip-ua.h"
#include "ui-format.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NAME_KEY "ahoy-name"
#define ADDRESS_KEY "ahoy-address"
#define LINE_KEY "ahoy-line"
#define TRANSFER_KEY "ahoy-transfer"
#define REFER_KEY "ahoy-refer"
#define KEYS_KEY "ahoy-keys"

UiCallPhase
ui_call_phase_of (SipSessionStatus status, gboolean outgoing)
{
  switch (status) {
  case SIP_SESSION_STATUS_NULL:
  case SIP_SESSION_STATUS_INVITE_SENT:
    return outgoing ? UI_CALL_PHASE_CALLING : UI_CALL_PHASE_INCOMING;
  case SIP_SESSION_STATUS_1XX_RECEIVED:
    return UI_CALL_PHASE_RINGING;
  case SIP_SESSION_STATUS_EARLY_MEDIA:
    return outgoing ? UI_CALL_PHASE_CALLING : UI_CALL_PHASE_INCOMING;
  case SIP_SESSION_STATUS_INVITE_RECEIVED:
  case SIP_SESSION_STATUS_WAITING_FOR_ANSWER:
  case SIP_SESSION_STATUS_WAITING_FOR_PRACK:
    return UI_CALL_PHASE_INCOMING;
  case SIP_SESSION_STATUS_ANSWERED:
  case SIP_SESSION_STATUS_ANSWERED_WAITING_FOR_PRACK:
    return UI_CALL_PHASE_CONNECTING;
  case SIP_SESSION_STATUS_WAITING_FOR_ACK:
  case SIP_SESSION_STATUS_CONFIRMED:
    return UI_CALL_PHASE_TALKING;
  case SIP_SESSION_STATUS_CANCELED:
  case SIP_SESSION_STATUS_TERMINATED:
  default:
    return UI_CALL_PHASE_ENDED;
  }
}

UiCallPhase
ui_call_get_phase (SipSession *session)
{
  return ui_call_phase_of (sip_session_get_status (session), ui_call_is_outgoing (session));
}

/* One of @calls, of SipSession, in which people speak, or one is on hold; borrowed, NULL for none.
 */
SipSession *
ui_call_find_talking (GListModel *calls)
{
  for (guint i = 0; i < g_list_model_get_n_items (calls); i++) {
    g_autoptr (SipSession) session = g_list_model_get_item (calls, i);

    if (ui_call_get_phase (session) == UI_CALL_PHASE_TALKING)
      return session;
  }
  return NULL;
}

gboolean
ui_call_is_outgoing (SipSession *session)
{
  return SIP_IS_INVITE_CLIENT_CONTEXT (session);
}

/* The name the person or the program gave the call, else what the other side calls itself. */
char *
ui_call_dup_name (SipSession *session)
{
  const char *name = g_object_get_data (sip_session_get_data (session), NAME_KEY);

  if (name != NULL)
    return g_strdup (name);
  return ui_format_name (sip_session_get_remote_identity (session));
}

char *
ui_call_dup_address (SipSession *session)
{
  SipNameAddr *identity = sip_session_get_remote_identity (session);
  const char *address = g_object_get_data (sip_session_get_data (session), ADDRESS_KEY);

  if (address != NULL)
    return g_strdup (address);
  return ui_format_address (identity != NULL ? sip_name_addr_get_uri (identity) : NULL);
}

/* Names a call whose address would say nothing to a person. */
void
ui_call_set_name (SipSession *session, const char *name, const char *address)
{
  GObject *data = sip_session_get_data (session);

  g_object_set_data_full (data, NAME_KEY, g_strdup (name), g_free);
  g_object_set_data_full (data, ADDRESS_KEY, g_strdup (address), g_free);
}

/* The name of the account that is called, or NULL for a direct call. */
const char *
ui_call_get_line_name (SipSession *session)
{
  return g_object_get_data (sip_session_get_data (session), LINE_KEY);
}

void
ui_call_set_line_name (SipSession *session, const char *name)
{
  g_object_set_data_full (sip_session_get_data (session), LINE_KEY, g_strdup (name), g_free);
}

/* The transfer that the call is part of, borrowed; NULL for none. */
UiTransfer *
ui_call_get_transfer (SipSession *session)
{
  return g_object_get_data (sip_session_get_data (session), TRANSFER_KEY);
}

void
ui_call_set_transfer (SipSession *session, UiTransfer *transfer)
{
  g_object_set_data_full (sip_session_get_data (session), TRANSFER_KEY,
                          transfer != NULL ? g_object_ref (transfer) : NULL, g_object_unref);
}

/* What the other side wants of us and nobody decided yet, borrowed; NULL for nothing. */
SipReferServerContext *
ui_call_get_refer (SipSession *session)
{
  return g_object_get_data (sip_session_get_data (session), REFER_KEY);
}

void
ui_call_set_refer (SipSession *session, SipReferServerContext *context)
{
  g_object_set_data_full (sip_session_get_data (session), REFER_KEY,
                          context != NULL ? g_object_ref (context) : NULL, g_object_unref);
}

/* What is to be pressed yet, from a comma on, or from a semicolon on that the person is asked at;
 * NULL for nothing. */
const char *
ui_call_get_keys (SipSession *session)
{
  return g_object_get_data (sip_session_get_data (session), KEYS_KEY);
}

void
ui_call_set_keys (SipSession *session, const char *keys)
{
  g_object_set_data_full (sip_session_get_data (session), KEYS_KEY, g_strdup (keys), g_free);
}

/* Presses what is to be pressed, as far as the next semicolon. */
gboolean
ui_call_press_keys (SipSession *session, GError **error)
{
  g_autofree char *keys = g_strdup (ui_call_get_keys (session));
  char *first = *keys == ';' ? keys + 1 : keys;
  char *rest = strchr (first, ';');

  ui_call_set_keys (session, rest);
  if (rest != NULL)
    *rest = '\0';
  return *first == '\0' || sip_session_dtmf (session, first, NULL, error);
}

/* How long both sides talked, or talk by now; -1 if they never did. */
gint64
ui_call_get_seconds (SipSession *session)
{
  GDateTime *start = sip_session_get_start_time (session);
  GDateTime *end = sip_session_get_end_time (session);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  if (start == NULL)
    return -1;
  return MAX (g_date_time_difference (end != NULL ? end : now, start) / G_TIME_SPAN_SECOND, 0);
}

/* This side's sound or the other side's, once there is one; else NULL. */
static SipTrack *
find_track (SipSession *session, gboolean is_remote)
{
  SipSessionDescriptionHandler *handler = sip_session_get_session_description_handler (session);
  g_autoptr (GListModel) tracks =
      handler != NULL ? sip_session_description_handler_get_tracks (handler) : NULL;

  for (guint i = 0; tracks != NULL && i < g_list_model_get_n_items (tracks); i++) {
    g_autoptr (SipTrack) track = g_list_model_get_item (tracks, i);

    if (sip_track_get_remote (track) == is_remote)
      return g_steal_pointer (&track);
  }
  return NULL;
}

/* What this computer lacks for @session to be heard or to hear, in a sentence; NULL for nothing. */
char *
ui_call_describe_devices (SipSession *session)
{
  g_autoptr (SipTrack) ours = find_track (session, FALSE), theirs = find_track (session, TRUE);

  return ui_format_devices (ours == NULL || sip_track_get_available (ours),
                            theirs == NULL || sip_track_get_available (theirs));
}

/* Whether sound arrives and none of it could be read on the way: WebRTC carries no other (RFC 8827
 * 6.5), plain RTP says so. */
gboolean
ui_call_is_encrypted (SipSession *session)
{
  SipSessionDescriptionHandler *handler = sip_session_get_session_description_handler (session);
  g_autoptr (SipTrack) sound = find_track (session, TRUE);
  gboolean is_secure = TRUE;

  if (handler != NULL &&
      g_object_class_find_property (G_OBJECT_GET_CLASS (handler), "secure") != NULL)
    g_object_get (handler, "secure", &is_secure, NULL);
  return sound != NULL && is_secure;
}

/* Who could listen, in a sentence; NULL where no sound arrives. */
char *
ui_call_describe_protection (SipSession *session)
{
  g_autoptr (SipTrack) sound = find_track (session, TRUE);
  g_autofree char *server = NULL;
  g_autofree char *host = NULL;

  if (sound == NULL)
    return NULL;
  g_object_get (sip_session_get_ua (session), "server", &server, NULL);
  host = server != NULL ? ui_format_host (server) : NULL;
  return ui_format_protection (ui_call_is_encrypted (session), host);
}

/* What carries the sound that arrives; NULL where none does. */
char *
ui_call_dup_codec (SipSession *session)
{
  g_autoptr (SipTrack) sound = find_track (session, TRUE);

  return sound != NULL && sip_track_get_codec (sound) != NULL
             ? ui_format_clean (sip_track_get_codec (sound))
             : NULL;
}

/* Whether sound arrives in a codec that carries more than a telephone line. */
gboolean
ui_call_has_wide_sound (SipSession *session)
{
  g_autoptr (SipTrack) sound = find_track (session, TRUE);
  const char *codec = sound != NULL ? sip_track_get_codec (sound) : NULL;

  return codec != NULL && (g_ascii_strncasecmp (codec, "opus", 4) == 0 ||
                           g_ascii_strncasecmp (codec, "g722", 4) == 0);
}

/* That the relay of its account does not help it, in words. */
char *
ui_call_describe_no_relay (SipSession *session)
{
  g_autofree char *uri = NULL;

  g_object_get (sip_session_get_ua (session), "uri", &uri, NULL);

  g_autofree char *account = ui_format_address (uri);

  return ui_format_no_relay (account);
}

static char *
describe_end (SipSession *session, guint status_code)
{
  if (sip_session_get_cause (session) == SIP_CAUSE_RELAY)
    return ui_call_describe_no_relay (session);

  g_autofree char *name = ui_call_dup_name (session);
  g_autofree char *address = ui_call_dup_address (session);
  g_autofree char *server = NULL;

  g_object_get (sip_session_get_ua (session), "server", &server, NULL);

  g_autofree char *host = ui_format_host (server != NULL ? server : address);
  UiEnd end = {
      .cause = sip_session_get_cause (session),
      .status_code = status_code,
      .name = name,
      .address = address,
      .host = host,
      .outgoing = ui_call_is_outgoing (session),
      .seconds = ui_call_get_seconds (session),
  };

  return ui_format_end (&end);
}

static char *
describe_hold (SipSession *session)
{
  g_autofree char *name = ui_call_dup_name (session);

  return ui_format_hold (name, sip_session_get_local_hold (session),
                         sip_session_get_remote_hold (session));
}

/* How a call stands, in words. @status_code: of the last response, 0 without one */
char *
ui_call_describe (SipSession *session, guint status_code)
{
  SipSessionDescriptionHandler *handler = sip_session_get_session_description_handler (session);
  const char *line = ui_call_get_line_name (session);

  switch (ui_call_get_phase (session)) {
  case UI_CALL_PHASE_CALLING:
    return g_strdup (_ ("Calling…"));
  case UI_CALL_PHASE_RINGING:
    return g_strdup (_ ("Ringing…"));
  case UI_CALL_PHASE_INCOMING:
    return line != NULL ? g_strdup_printf (_ ("Calling you at %s"), line)
                        : g_strdup (_ ("Calling you"));
  case UI_CALL_PHASE_CONNECTING:
    return g_strdup (_ ("Connecting…"));
  case UI_CALL_PHASE_TALKING:
    if (sip_session_get_moving (session))
      return g_strdup (_ ("Reconnecting…"));
    if (sip_session_get_local_hold (session) || sip_session_get_remote_hold (session))
      return describe_hold (session);
    if (handler != NULL && sip_session_description_handler_get_muted (handler))
      return g_strdup (_ ("They can’t hear you"));
    return g_strdup (_ ("In a call"));
  case UI_CALL_PHASE_ENDED:
  default:
    return describe_end (session, status_code);
  }
}

/* What helps after the end that ui_call_describe() tells; nothing after one that was wanted. */
UiCallOffer
ui_call_get_offer (SipSession *session, guint status_code)
{
  gboolean is_outgoing = ui_call_is_outgoing (session);

  if (ui_call_get_phase (session) != UI_CALL_PHASE_ENDED ||
      sip_session_get_remote_identity (session) == NULL)
    return UI_CALL_OFFER_NOTHING;

  switch (sip_session_get_cause (session)) {
  case SIP_CAUSE_NONE:
  case SIP_CAUSE_BYE:
  case SIP_CAUSE_ANSWERED_ELSEWHERE:
  case SIP_CAUSE_NOT_SECURE:
    return UI_CALL_OFFER_NOTHING;
  case SIP_CAUSE_CANCELED:
    return is_outgoing ? UI_CALL_OFFER_NOTHING : UI_CALL_OFFER_AGAIN | UI_CALL_OFFER_REMIND;
  case SIP_CAUSE_REJECTED:
    return is_outgoing ? UI_CALL_OFFER_REMIND : UI_CALL_OFFER_NOTHING;
  case SIP_CAUSE_NO_ANSWER:
  case SIP_CAUSE_EXPIRES:
  case SIP_CAUSE_BUSY:
  case SIP_CAUSE_UNAVAILABLE:
    return UI_CALL_OFFER_AGAIN | UI_CALL_OFFER_REMIND;
  case SIP_CAUSE_NOT_FOUND:
  case SIP_CAUSE_ADDRESS_INCOMPLETE:
    return UI_CALL_OFFER_EDIT;
  default:
    return status_code == 416 ? UI_CALL_OFFER_EDIT : UI_CALL_OFFER_AGAIN;
  }
}

gboolean
ui_call_answer (SipSession *session, GError **error)
{
  return sip_invite_server_context_accept (SIP_INVITE_SERVER_CONTEXT (session), NULL, NULL, error);
}

/* 603: the person said no, so no other phone of this address needs to go on ringing (RFC 3261
 * 21.6.2). 486 would say that this phone is busy and let the others ring. */
gboolean
ui_call_decline (SipSession *session, GError **error)
{
  g_autoptr (SipOptions) options = sip_options_new ();

  g_object_set (options, "status-code", 603, "reason-phrase", "Decline", NULL);
  return sip_invite_server_context_reject (SIP_INVITE_SERVER_CONTEXT (session), options, error);
}

/* Whether the other side says that a text can be sent to it (RFC 3428). */
gboolean
ui_call_takes_text (SipSession *session)
{
  return !ui_call_is_outgoing (session) &&
         sip_message_allows (sip_session_get_request (session), "MESSAGE");
}

/* To the one who calls, from the account that is called. The context tells what became of it. */
SipClientContext *
ui_call_send_text (SipSession *session, const char *text, GError **error)
{
  SipNameAddr *identity = sip_session_get_remote_identity (session);

  return sip_ua_message (sip_session_get_ua (session), sip_name_addr_get_uri (identity), text, NULL,
                         error);
}
