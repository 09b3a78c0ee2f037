/* sip-session-reinvite.c - hold, resume and other changes of a running call that this side wants
 *
 *   NONE ─► MAKING ─► OFFERED ─► TAKING ─► NONE        one at a time; what is asked for meanwhile
 *             ▲          │ 491                         waits, and of several the last one counts
 *             └─ WAITING ◄┘
 *
 * Down: hold(), unhold(), reinvite() -> media, offer -> INVITE -> answer, media.
 * Up:   reinviteAccepted, or reinviteFailed and renegotiationError and all is as it was before.
 */

#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-options-private.h"
#include "sip-session-description-private.h"
#include "sip-session-private.h"
#include "sip-ua-private.h"

enum { MAX_TRIES = 2 };

static void start_round (SipSession *self);

/* After a round, well or badly ended; the next one may begin. */
static void
end_round (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  g_clear_object (&priv->round_options);
  g_clear_object (&priv->round_modifiers);
  priv->round = SIP_ROUND_NONE;
}

static void
succeed (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  end_round (self);
  sip_session_settle_move (self);
  sip_session_set_hold (self, priv->round_hold, priv->hold_wanted);
  sip_session_emit (self, SIP_SIGNAL_REINVITE_ACCEPTED, self);
  sip_session_next_round (self);
}

/* Takes back what was offered. A wish that came meanwhile stays. */
static void
take_back (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  sip_session_description_handler_rollback (priv->handler);
  sip_session_description_handler_set_direction (
      priv->handler, priv->local_hold ? SIP_DIRECTION_SENDONLY : SIP_DIRECTION_SENDRECV);
}

/* FALSE where the session ended on the way. */
static gboolean
fail (SipSession *self, const GError *error)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  end_round (self);
  if (!priv->round_wanted)
    sip_session_set_hold (self, priv->local_hold, priv->local_hold);
  sip_session_emit (self, SIP_SIGNAL_REINVITE_FAILED, self);
  if (!sip_session_is_over (self))
    sip_session_emit (self, SIP_SIGNAL_RENEGOTIATION_ERROR, error);
  return !sip_session_is_over (self);
}

static void
fail_and_go_on (SipSession *self, const GError *error)
{
  take_back (self);
  if (fail (self, error))
    sip_session_next_round (self);
}

static void
fail_for_response (SipSession *self, SipMessage *response)
{
  g_autoptr (GError) error = g_error_new (SIP_ERROR, SIP_ERROR_RENEGOTIATION, "%u %s",
                                          sip_message_get_status_code (response),
                                          sip_message_get_reason_phrase (response));

  fail_and_go_on (self, error);
}

static void
on_wait_over (gpointer user_data)
{
  g_autoptr (SipSession) self = g_object_ref (user_data);

  SipSessionPrivate *priv = sip_session_peek (self);

  priv->round_id = 0;
  if (!priv->round_wanted) {
    start_round (self);
    return;
  }
  priv->round = SIP_ROUND_NONE;
  sip_session_next_round (self);
}

/* RFC 3261 14.1: both offered at once. Who made the Call-ID waits longer. Where the other side
 * would not hear us without it, any refusal is one for now. */
static void
wait_and_try_again (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  gint64 delay = SIP_IS_INVITE_CLIENT_CONTEXT (self) ? 2100 + 10 * g_random_int_range (0, 191)
                                                     : 10 * g_random_int_range (1, 201);

  priv->round_tries++;
  take_back (self);
  priv->round = SIP_ROUND_WAITING;
  priv->round_id = sip_timers_add (priv->timers, delay, on_wait_over, self);
}

/* The answer is of no use: nobody knows what is agreed any more. */
static void
fail_for_answer (SipSession *self, const GError *error)
{
  g_autoptr (SipOptions) options = NULL;

  take_back (self);
  if (!fail (self, error))
    return;
  options = g_object_new (SIP_TYPE_OPTIONS, "status-code", 488, "reason-phrase",
                          "Not Acceptable Here", NULL);
  sip_session_hang_up (self, options, NULL, "Incompatible SDP", SIP_CAUSE_INCOMPATIBLE_SDP);
}

static gboolean
is_taking (SipSession *self)
{
  return !sip_session_is_over (self) && sip_session_peek (self)->round == SIP_ROUND_TAKING;
}

static void
on_answer_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipSession) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean taken = sip_session_description_handler_set_description_finish (
      SIP_SESSION_DESCRIPTION_HANDLER (source), result, &error);

  if (!is_taking (self))
    return;
  if (taken)
    succeed (self);
  else
    fail_for_answer (self, error);
}

/* A 200 whose offer waits for our answer, in its ACK. */
typedef struct {
  SipSession *self;
  SipMessage *response;
} Offered;

static void
offered_free (Offered *offered)
{
  g_object_unref (offered->self);
  g_object_unref (offered->response);
  g_free (offered);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Offered, offered_free)

/* @answer: (nullable): an offer that cannot be answered is acknowledged all the same */
static void
acknowledge (SipSession *self, SipMessage *response, SipSessionDescription *answer)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  SipMessage *ack = sip_session_send_ack (self, priv->dialog, sip_request_get_message (priv->offer),
                                          response, answer);

  sip_session_emit (self, SIP_SIGNAL_ACK, ack);
}

static void
on_late_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Offered) offered = user_data;
  SipSession *self = offered->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (SipSessionDescription) answer =
      sip_session_description_handler_get_description_finish (
          SIP_SESSION_DESCRIPTION_HANDLER (source), result, &error);

  if (!is_taking (self))
    return;
  acknowledge (self, offered->response, answer);
  if (!is_taking (self))
    return;
  if (answer != NULL)
    succeed (self);
  else
    fail_for_answer (self, error);
}

static void
on_late_offer_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Offered) offered = user_data;
  SipSession *self = offered->self;
  SipSessionPrivate *priv = sip_session_peek (self);
  g_autoptr (GError) error = NULL;
  gboolean taken = sip_session_description_handler_set_description_finish (
      SIP_SESSION_DESCRIPTION_HANDLER (source), result, &error);

  if (!is_taking (self))
    return;
  if (taken) {
    sip_session_description_handler_get_description_async (
        priv->handler, priv->options, priv->modifiers, priv->cancellable, on_late_answer,
        g_steal_pointer (&offered));
    return;
  }
  acknowledge (self, offered->response, NULL);
  if (is_taking (self))
    fail_for_answer (self, error);
}

static void
take_answer (SipSession *self, SipMessage *response)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  gboolean offered_here =
      sip_message_get_body_bytes (sip_request_get_message (priv->offer)) != NULL;
  g_autoptr (SipSessionDescription) description =
      offered_here ? sip_session_description_read_answer (response)
                   : sip_session_description_read (response);
  Offered *offered;

  priv->round = SIP_ROUND_TAKING;
  sip_dialog_update_target (priv->dialog, response);
  sip_session_set_asserted_identity (self, response);
  sip_session_note_allow (self, response);
  sip_session_take_timer (self, response);
  if (description != NULL && !offered_here) {
    offered = g_new (Offered, 1);
    offered->self = g_object_ref (self);
    offered->response = g_object_ref (response);
    sip_session_description_handler_set_description_async (
        priv->handler, description, priv->options, priv->modifiers, priv->cancellable,
        on_late_offer_set, offered);
    return;
  }
  acknowledge (self, response, NULL);
  if (!is_taking (self))
    return;
  if (description == NULL) {
    g_autoptr (GError) error =
        g_error_new_literal (SIP_ERROR, SIP_ERROR_RENEGOTIATION, "The response has no description");

    fail_and_go_on (self, error);
    return;
  }
  sip_session_description_handler_set_description_async (priv->handler, description, priv->options,
                                                         priv->modifiers, priv->cancellable,
                                                         on_answer_set, g_object_ref (self));
}

static void
on_response (SipRequest *request, SipMessage *response, gpointer user_data)
{
  g_autoptr (SipSession) self = g_object_ref (user_data);
  SipSessionPrivate *priv = sip_session_peek (self);
  guint code = sip_message_get_status_code (response);

  if (code < 200 || (code < 300 && sip_session_send_ack_again (self, response)))
    return;
  if (sip_session_is_over (self) || priv->round != SIP_ROUND_OFFERED || request != priv->offer) {
    if (code < 300 && sip_session_is_over (self))
      sip_session_send_ack (self, priv->dialog, sip_request_get_message (request), response, NULL);
    return;
  }
  if (code < 300) {
    take_answer (self, response);
  } else if (code == 481 || code == 408) {
    g_autoptr (GError) error = g_error_new (SIP_ERROR, SIP_ERROR_RENEGOTIATION, "%u %s", code,
                                            sip_message_get_reason_phrase (response));

    take_back (self);
    if (fail (self, error))
      sip_session_fail_dialog (self, response);
  } else if ((code == 491 && priv->round_tries < MAX_TRIES) || sip_session_get_moving (self)) {
    wait_and_try_again (self);
  } else {
    fail_for_response (self, response);
  }
}

/* @offer: (nullable): without one the other side is to make it */
static void
send_invite (SipSession *self, SipSessionDescription *offer)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  g_autoptr (SipMessage) invite = sip_dialog_create_request (priv->dialog, "INVITE");

  sip_message_add_extra_headers (invite, sip_options_read_extra_headers (priv->round_options));
  sip_session_offer_timer (self, invite);
  if (offer != NULL)
    sip_session_description_write (offer, invite);
  priv->round = SIP_ROUND_OFFERED;
  g_clear_object (&priv->offer);
  priv->offer = sip_ua_prepare_in (priv->ua, priv->dialog, invite);
  g_signal_connect_object (priv->offer, "response", G_CALLBACK (on_response), self, 0);
  sip_request_send (priv->offer);
}

static void
on_offer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipSession) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SipSessionDescription) offer = sip_session_description_handler_get_description_finish (
      SIP_SESSION_DESCRIPTION_HANDLER (source), result, &error);

  if (sip_session_is_over (self) || sip_session_peek (self)->round != SIP_ROUND_MAKING)
    return;
  if (offer != NULL)
    send_invite (self, offer);
  else if (sip_session_get_moving (self))
    wait_and_try_again (self);
  else
    fail_and_go_on (self, error);
}

static void
start_round (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  priv->round = SIP_ROUND_MAKING;
  priv->round_hold = priv->hold_wanted;
  sip_session_description_handler_set_direction (
      priv->handler, priv->round_hold ? SIP_DIRECTION_SENDONLY : SIP_DIRECTION_SENDRECV);
  if (sip_options_read_flag (priv->round_options, "invite-without-sdp", FALSE)) {
    send_invite (self, NULL);
    return;
  }
  sip_session_description_handler_get_description_async (priv->handler, priv->round_options,
                                                         priv->round_modifiers, priv->cancellable,
                                                         on_offer, g_object_ref (self));
}

/* Begins the change that waits, if there is one and nothing is in its way. */
void
sip_session_next_round (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  if (!priv->round_wanted || priv->round != SIP_ROUND_NONE ||
      priv->status != SIP_SESSION_STATUS_CONFIRMED)
    return;
  priv->round_wanted = FALSE;
  priv->round_tries = 0;
  g_set_object (&priv->round_options, priv->wanted_options);
  g_set_object (&priv->round_modifiers, priv->wanted_modifiers);
  g_clear_object (&priv->wanted_options);
  g_clear_object (&priv->wanted_modifiers);
  start_round (self);
}

/* A change with these, as soon as it can be. */
void
sip_session_want_round (SipSession *self, SipOptions *options, SipModifiers *modifiers)
{
  SipSessionPrivate *priv = sip_session_peek (self);

  g_clear_object (&priv->wanted_options);
  priv->wanted_options = sip_options_copy (options);
  g_set_object (&priv->wanted_modifiers, modifiers);
  priv->round_wanted = TRUE;
  sip_session_next_round (self);
}

/* The end of the session: what the other side asked is answered, what we wanted is forgotten. */
void
sip_session_drop_round (SipSession *self)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  g_autoptr (SipTransaction) update = g_steal_pointer (&priv->update);

  if (update != NULL && !sip_transaction_is_answered (update))
    sip_session_respond (self, update, 487, NULL, NULL);
  g_clear_pointer (&priv->answer, sip_resend_free);
  if (priv->timers != NULL)
    sip_timers_clear (priv->timers, &priv->round_id);
  g_clear_object (&priv->wanted_options);
  g_clear_object (&priv->wanted_modifiers);
  priv->round_wanted = FALSE;
  end_round (self);
}

static gboolean
check (SipSession *self, SipOptions *options, GError **error)
{
  return sip_session_check_status (
             self, SIP_STATUS_BIT (CONFIRMED) | SIP_STATUS_BIT (WAITING_FOR_ACK), error) &&
         sip_options_check (options, 0, 0, error);
}

static gboolean
want_hold (SipSession *self,
           gboolean hold,
           SipOptions *options,
           SipModifiers *modifiers,
           GError **error)
{
  SipSessionPrivate *priv = sip_session_peek (self);
  g_autoptr (SipSession) guard = g_object_ref (self);

  if (!check (self, options, error))
    return FALSE;
  if (priv->hold_wanted == hold)
    return TRUE;
  sip_session_set_hold (self, priv->local_hold, hold);
  sip_session_want_round (self, options, modifiers);
  return TRUE;
}

/**
 * sip_session_hold:
 * @self: a call that is on
 * @options: (nullable): extra headers for the INVITE
 * @modifiers: (nullable): changes to the offer
 * @error: where a wrong status or a wrong option goes
 *
 * Asks the other side to send nothing more (RFC 3264 8.4). #SipSession:hold-pending is %TRUE until
 * that is settled: #SipSession:local-hold becomes %TRUE before `reinviteAccepted`, or stays %FALSE
 * with `reinviteFailed` and `renegotiationError`. A change that is under way comes first.
 *
 * Returns: %TRUE where it is on its way, or is so already
 */
gboolean
sip_session_hold (SipSession *self, SipOptions *options, SipModifiers *modifiers, GError **error)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), FALSE);

  return want_hold (self, TRUE, options, modifiers, error);
}

/**
 * sip_session_unhold:
 * @self: a call that is on
 * @options: (nullable): extra headers for the INVITE
 * @modifiers: (nullable): changes to the offer
 * @error: where a wrong status or a wrong option goes
 *
 * Takes sip_session_hold() back; the counterparts of its signals and properties tell.
 *
 * Returns: %TRUE where it is on its way, or is so already
 */
gboolean
sip_session_unhold (SipSession *self, SipOptions *options, SipModifiers *modifiers, GError **error)
{
  g_return_val_if_fail (SIP_IS_SESSION (self), FALSE);

  return want_hold (self, FALSE, options, modifiers, error);
}

/**
 * sip_session_reinvite:
 * @self: a call that is on
 * @options: (nullable): extra headers for the INVITE, kinds of media, invite-without-sdp to let
 *   the other side make the offer
 * @modifiers: (nullable): changes to the offer
 * @error: where a wrong status or a wrong option goes
 *
 * Negotiates the media anew (RFC 3261 14.1), held or not as it is. `reinviteAccepted` tells of
 * the end, or `reinviteFailed` and `renegotiationError`, after which all is as it was before. A
 * change that is under way comes first; of several that wait the last one counts.
 *
 * Returns: %TRUE where it is on its way
 */
gboolean
sip_session_reinvite (SipSession *self,
                      SipOptions *options,
                      SipModifiers *modifiers,
                      GError **error)
{
  g_autoptr (SipSession) guard = NULL;

  g_return_val_if_fail (SIP_IS_SESSION (self), FALSE);

  guard = g_object_ref (self);
  if (!check (self, options, error))
    return FALSE;
  sip_session_want_round (self, options, modifiers);
  return TRUE;
}
