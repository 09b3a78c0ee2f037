/* sip-invite-client-early.c - phones that ring (RFC 3262, RFC 6228)
 *
 * Up:   1xx -> the early dialog of its phone -> progress; its description -> early media.
 * Down: PRACK for what was sent reliably, with the answer where that had an offer.
 */

#include "sip-invite-client-private.h"
#include "sip-message-private.h"
#include "sip-session-description-private.h"
#include "sip-ua-private.h"

enum { TIMER_C = 180 * 1000, MAX_EARLY = 32 }; /* RFC 3261 16.6: silence after a 1xx */

static SipSessionPrivate *
peek (SipInviteClientContext *self)
{
  return sip_session_peek (SIP_SESSION (self));
}

void
sip_early_free (SipEarly *self)
{
  g_object_unref (self->dialog);
  g_free (self);
}

/* @tag: (nullable): of the other side */
SipDialog *
sip_invite_client_find_early (SipInviteClientContext *self, const char *tag)
{
  SipEarly *early = tag != NULL ? g_hash_table_lookup (self->early, tag) : NULL;

  return early != NULL ? early->dialog : NULL;
}

static SipEarly *
ensure_early (SipInviteClientContext *self, SipMessage *response)
{
  const char *tag = sip_message_get_to_tag (response);
  SipEarly *early = g_hash_table_lookup (self->early, tag);

  if (early != NULL || g_hash_table_size (self->early) >= MAX_EARLY)
    return early;
  early = g_new0 (SipEarly, 1);
  early->dialog = sip_dialog_new_client (sip_request_get_message (self->sent), response);
  g_hash_table_insert (self->early, g_strdup (tag), early);
  return early;
}

gboolean
sip_invite_client_is_reliable (SipMessage *response)
{
  return sip_message_has_option (response, "Require", "100rel") &&
         sip_message_read_number (response, "RSeq", 0) > 0;
}

/* @answer: (nullable) */
void
sip_invite_client_send_prack (SipInviteClientContext *self,
                              SipMessage *response,
                              SipSessionDescription *answer)
{
  SipDialog *dialog = sip_invite_client_find_early (self, sip_message_get_to_tag (response));
  g_autoptr (SipMessage) prack = NULL;
  g_autoptr (SipRequest) request = NULL;

  if (dialog == NULL)
    return;
  prack = sip_dialog_create_request (dialog, "PRACK");
  sip_message_add_header_printf (prack, "RAck", "%u %u INVITE",
                                 sip_message_read_number (response, "RSeq", 0),
                                 sip_message_get_cseq (response));
  if (answer != NULL)
    sip_session_description_write (answer, prack);
  request = sip_ua_prepare_in (peek (self)->ua, dialog, prack);
  sip_request_send (request);
}

static void
on_timer_c (gpointer user_data)
{
  g_autoptr (SipInviteClientContext) self = g_object_ref (user_data);

  self->timer_id = 0;
  sip_invite_client_context_cancel (self, NULL, NULL);
}

void
sip_invite_client_tell_progress (SipInviteClientContext *self,
                                 SipMessage *response,
                                 SipSessionStatus status)
{
  SipSession *session = SIP_SESSION (self);

  sip_session_set_asserted_identity (session, response);
  sip_session_note_allow (session, response);
  sip_session_set_status (session, status);
  sip_session_emit (session, SIP_SIGNAL_PROGRESS, response,
                    sip_message_get_reason_phrase (response));
}

/* The order of RFC 3262 4: one that came already, or before its turn, is as if it had not come. */
static gboolean
is_next (SipEarly *early, SipMessage *response)
{
  guint32 rseq = sip_message_read_number (response, "RSeq", 0);

  if (early->rseq != 0 && rseq != early->rseq + 1)
    return FALSE;
  early->rseq = rseq;
  return TRUE;
}

/* A phone that rings. The early media of several is that of the last one. */
static void
receive_ringing (SipInviteClientContext *self, SipMessage *response)
{
  g_autoptr (SipSessionDescription) description = sip_session_description_read (response);
  SipEarly *early = ensure_early (self, response);
  gboolean reliable = sip_invite_client_is_reliable (response);

  if (early == NULL || (reliable && !is_next (early, response)))
    return;
  if (description != NULL)
    g_set_object (&self->mentioned, response);
  if (reliable && description != NULL && !sip_invite_client_has_offer (self)) {
    if (self->described == NULL && self->taking == NULL)
      sip_invite_client_take (self, response);
    return;
  }
  if (reliable)
    sip_invite_client_send_prack (self, response, NULL);
  sip_invite_client_tell_progress (self, response, SIP_SESSION_STATUS_1XX_RECEIVED);
  if (sip_invite_client_is_over (self) || sip_invite_client_is_canceled (self))
    return;
  if (sip_message_get_status_code (response) == 199)
    g_hash_table_remove (self->early, sip_message_get_to_tag (response));
  if (description != NULL && sip_invite_client_has_offer (self) && self->taking == NULL &&
      sip_options_read_flag (peek (self)->options, "early-media", TRUE))
    sip_invite_client_take (self, response);
}

void
sip_invite_client_receive_provisional (SipInviteClientContext *self, SipMessage *response)
{
  SipTimers *timers = peek (self)->timers;

  if (!sip_invite_client_is_canceled (self)) {
    sip_timers_clear (timers, &self->timer_id);
    self->timer_id = sip_timers_add (timers, TIMER_C, on_timer_c, self);
  }
  if (sip_message_get_status_code (response) == 100)
    sip_session_emit (SIP_SESSION (self), SIP_SIGNAL_PROGRESS, response,
                      sip_message_get_reason_phrase (response));
  else if (sip_invite_client_is_canceled (self))
    return;
  else if (sip_message_get_to_tag (response) == NULL) /* RFC 2543 knew no early dialogs */
    sip_invite_client_tell_progress (self, response, SIP_SESSION_STATUS_1XX_RECEIVED);
  else
    receive_ringing (self, response);
}
