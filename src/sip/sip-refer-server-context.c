/* sip-refer-server-context.c - a transfer that the other side asks for (RFC 3515, RFC 4488)
 *
 *   PENDING ─► HELD ─► FOLLOWED ─► DONE     HELD: the REFER has its 202, the user has not spoken
 *
 * Up:   REFER -> referRequested; the followed call -> NOTIFY, referProgress and its kin.
 * Down: accept() -> 202, the call to the target; reject() -> a refusal, or the NOTIFY of one.
 */

#include "sip-refer-server-context-private.h"

#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-options-private.h"
#include "sip-refer-context-private.h"
#include "sip-session-private.h"
#include "sip-target-private.h"
#include "sip-ua-private.h"

#include <string.h>

enum {
  ANSWER_TIME = 200, /* milliseconds; a REFER is not left without an answer (RFC 4320) */
  LIFETIME = 180,    /* seconds that the user may think and the target may ring */
};

/**
 * SipReferServerContext:
 *
 * A transfer that the other side asks for; it waits to be accepted or refused.
 */
G_DEFINE_FINAL_TYPE (SipReferServerContext, sip_refer_server_context, SIP_TYPE_REFER_CONTEXT)

enum { PROP_REFER_TO = 1, PROP_REFERRED_BY, PROP_REPLACES, PROP_TARGET_SESSION, N_PROPS };
static GParamSpec *props[N_PROPS];

static SipReferContext *
context (SipReferServerContext *self)
{
  return SIP_REFER_CONTEXT (self);
}

static SipSession *
get_session (SipReferServerContext *self)
{
  return sip_refer_context_get_session (context (self));
}

static SipTimers *
get_timers (SipReferServerContext *self)
{
  return sip_endpoint_get_timers (sip_ua_get_endpoint (self->ua));
}

static void
answer (SipReferServerContext *self, guint code, const char *phrase, SipOptions *options)
{
  SipMessage *refer = sip_transaction_get_request (self->transaction);
  g_autoptr (SipMessage) response = sip_message_new_response (refer, code, phrase);

  sip_message_set_to_tag (response, sip_dialog_get_local_tag (self->dialog));
  if (code < 300) {
    g_autofree char *contact = sip_endpoint_dup_contact (
        sip_ua_get_endpoint (self->ua), sip_transaction_get_transport (self->transaction),
        sip_transaction_get_peer (self->transaction));

    sip_message_add_header_printf (response, "Contact", "<%s>", contact);
    if (self->is_silent)
      sip_message_add_header (response, "Refer-Sub", "false");
  }
  sip_ua_add_own_headers (self->ua, response);
  sip_message_add_extra_headers (response, sip_options_read_extra_headers (options));
  sip_options_write_body (options, response);
  sip_transaction_respond (self->transaction, response);
}

void
sip_refer_server_context_notify (SipReferServerContext *self, guint code, const char *phrase)
{
  g_autoptr (SipMessage) notify = NULL;
  g_autoptr (SipRequest) request = NULL;
  g_autofree char *text = g_strdup_printf ("SIP/2.0 %u %s\r\n", code, phrase);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  sip_refer_context_set_outcome (context (self), code, phrase);
  if (self->is_silent || (get_session (self) != NULL && sip_session_is_over (get_session (self))))
    return;
  notify = sip_dialog_create_request (self->dialog, "NOTIFY");
  sip_message_add_header (notify, "Event", self->event);
  if (code < 200)
    sip_message_add_header_printf (notify, "Subscription-State", "active;expires=%d", LIFETIME);
  else
    sip_message_add_header (notify, "Subscription-State", "terminated;reason=noresource");
  sip_message_set_body (notify, "message/sipfrag;version=2.0", body);
  request = sip_ua_prepare_in (self->ua, self->dialog, notify);
  sip_request_send (request);
}

void
sip_refer_server_context_tell (SipReferServerContext *self,
                               SipReferSignal signal,
                               SipSessionSignal session_signal)
{
  SipSession *session = get_session (self);

  sip_refer_context_emit (context (self), signal);
  if (session != NULL && !sip_session_is_over (session))
    sip_session_emit (session, session_signal, self);
}

/* The end: the call to the target is left alone, and so is the session. */
void
sip_refer_server_context_finish (SipReferServerContext *self)
{
  SipSession *session = get_session (self);

  self->state = SIP_REFER_DONE;
  sip_refer_server_context_stop (self);
  if (session != NULL)
    g_ptr_array_remove (sip_session_peek (session)->referrals, self);
  else
    sip_ua_forget_referral (self->ua, self);
}

static void
on_expired (gpointer user_data)
{
  g_autoptr (SipReferServerContext) self = g_object_ref (user_data);

  self->expiry_id = 0;
  if (self->state == SIP_REFER_HELD) {
    sip_refer_server_context_reject (self, NULL, NULL);
    return;
  }
  sip_refer_server_context_notify (self, 408, sip_reason_phrase (408));
  sip_refer_server_context_finish (self);
}

/* The REFER has its 202 from now on, and its sender hears how it goes. */
static void
hold (SipReferServerContext *self)
{
  sip_timers_clear (get_timers (self), &self->answer_id);
  self->state = SIP_REFER_HELD;
  self->expiry_id = sip_timers_add (get_timers (self), LIFETIME * 1000, on_expired, self);
  answer (self, 202, NULL, NULL);
  sip_refer_server_context_notify (self, 100, sip_reason_phrase (100));
}

static void
on_answer_time (gpointer user_data)
{
  g_autoptr (SipReferServerContext) self = g_object_ref (user_data);

  hold (self);
}

/* The user is being asked. */
void
sip_refer_server_context_wait (SipReferServerContext *self)
{
  if (self->state == SIP_REFER_PENDING)
    self->answer_id = sip_timers_add (get_timers (self), ANSWER_TIME, on_answer_time, self);
}

void
sip_refer_server_context_stop (SipReferServerContext *self)
{
  if (sip_ua_get_endpoint (self->ua) == NULL)
    return;
  sip_timers_clear (get_timers (self), &self->answer_id);
  sip_timers_clear (get_timers (self), &self->expiry_id);
  if (self->state == SIP_REFER_PENDING)
    answer (self, 487, NULL, NULL);
  self->state = SIP_REFER_DONE;
}

static void
sip_refer_server_context_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SipReferServerContext *self = SIP_REFER_SERVER_CONTEXT (object);

  switch (id) {
  case PROP_REFER_TO:
    g_value_set_object (value, self->refer_to);
    break;
  case PROP_REFERRED_BY:
    g_value_set_string (value, self->referred_by);
    break;
  case PROP_REPLACES:
    g_value_set_string (value, self->replaces);
    break;
  case PROP_TARGET_SESSION:
    g_value_set_object (value, self->followed);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
sip_refer_server_context_dispose (GObject *object)
{
  SipReferServerContext *self = SIP_REFER_SERVER_CONTEXT (object);

  if (self->ua != NULL && sip_ua_get_endpoint (self->ua) != NULL) {
    sip_timers_clear (get_timers (self), &self->answer_id);
    sip_timers_clear (get_timers (self), &self->expiry_id);
  }
  g_clear_object (&self->followed);
  g_clear_object (&self->dialog);
  g_clear_object (&self->transaction);
  g_clear_object (&self->refer_to);
  g_clear_object (&self->ua);
  G_OBJECT_CLASS (sip_refer_server_context_parent_class)->dispose (object);
}

static void
sip_refer_server_context_finalize (GObject *object)
{
  SipReferServerContext *self = SIP_REFER_SERVER_CONTEXT (object);

  g_free (self->target);
  g_free (self->replaces);
  g_free (self->referred_by);
  g_free (self->event);
  G_OBJECT_CLASS (sip_refer_server_context_parent_class)->finalize (object);
}

static void
sip_refer_server_context_class_init (SipReferServerContextClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = sip_refer_server_context_get_property;
  object_class->dispose = sip_refer_server_context_dispose;
  object_class->finalize = sip_refer_server_context_finalize;

  /**
   * SipReferServerContext:refer-to:
   *
   * Whom the other side wants called.
   */
  props[PROP_REFER_TO] = g_param_spec_object ("refer-to", NULL, NULL, SIP_TYPE_NAME_ADDR, flags);
  /**
   * SipReferServerContext:referred-by:
   *
   * Who says that it wants so (RFC 3892); %NULL where nobody does.
   */
  props[PROP_REFERRED_BY] = g_param_spec_string ("referred-by", NULL, NULL, NULL, flags);
  /**
   * SipReferServerContext:replaces:
   *
   * The call of the target whose place is to be taken (RFC 3891); %NULL for none.
   */
  props[PROP_REPLACES] = g_param_spec_string ("replaces", NULL, NULL, NULL, flags);
  /**
   * SipReferServerContext:target-session:
   *
   * The call to the target; %NULL before.
   */
  props[PROP_TARGET_SESSION] =
      g_param_spec_object ("target-session", NULL, NULL, SIP_TYPE_SESSION, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
sip_refer_server_context_init (SipReferServerContext *self)
{
}

/* @session: (nullable): the call that is transferred; @dialog: where the NOTIFYs go. The REFER of
 * @transaction has passed sip_refer_server_context_check(). */
SipReferServerContext *
sip_refer_server_context_new (SipUA *ua,
                              SipSession *session,
                              SipDialog *dialog,
                              SipTransaction *transaction)
{
  SipReferServerContext *self = g_object_new (SIP_TYPE_REFER_SERVER_CONTEXT, NULL);
  SipMessage *refer = sip_transaction_get_request (transaction);
  const char *uri;

  sip_refer_context_set_up (context (self), session, refer);
  self->ua = g_object_ref (ua);
  self->dialog = g_object_ref (dialog);
  self->transaction = g_object_ref (transaction);
  self->refer_to = sip_name_addr_parse (sip_message_peek_header (refer, "Refer-To"));
  uri = sip_name_addr_get_uri (self->refer_to);
  self->target = sip_refer_to_dup_target (uri);
  self->replaces = sip_refer_to_dup_header (uri, "Replaces");
  self->referred_by = sip_message_get_header (refer, "Referred-By");
  self->is_silent = sip_message_has_option (refer, "Refer-Sub", "false");
  /* RFC 3515 2.4.6: only the first REFER of a dialog needs no number. */
  self->event = session == NULL || sip_session_peek (session)->n_referrals++ == 0
                    ? g_strdup ("refer")
                    : g_strdup_printf ("refer;id=%u", sip_message_get_cseq (refer));
  return self;
}

static gboolean
check_state (SipReferServerContext *self, guint allowed, GError **error)
{
  if ((allowed & (1u << self->state)) != 0)
    return TRUE;
  g_set_error_literal (error, SIP_ERROR, SIP_ERROR_INVALID_STATE,
                       "The transfer was decided already");
  return FALSE;
}

/**
 * sip_refer_server_context_accept:
 * @self: a transfer that is not decided yet
 * @options: (nullable): follow-refer, %TRUE by default; what sip_ua_invite() is to be told
 * @error: where a wrong state or a wrong option goes
 *
 * Agrees to it: the target is called, with `Replaces` where the other side talked to it already,
 * and the other side hears how that goes (RFC 3515 2.4.4). With follow-refer %FALSE nobody is
 * called; sip_refer_server_context_send_notify() reports what the program does instead.
 *
 * Returns: %TRUE where it is on its way
 */
gboolean
sip_refer_server_context_accept (SipReferServerContext *self, SipOptions *options, GError **error)
{
  g_autoptr (SipReferServerContext) guard = NULL;

  g_return_val_if_fail (SIP_IS_REFER_SERVER_CONTEXT (self), FALSE);

  guard = g_object_ref (self);
  if (!check_state (self, 1u << SIP_REFER_PENDING | 1u << SIP_REFER_HELD, error) ||
      !sip_options_check (options, 0, 0, error))
    return FALSE;
  if (self->state == SIP_REFER_PENDING)
    hold (self);
  self->state = SIP_REFER_FOLLOWED;
  sip_refer_context_emit (context (self), SIP_REFER_REQUEST_ACCEPTED);
  if (self->state == SIP_REFER_FOLLOWED && sip_options_read_flag (options, "follow-refer", TRUE))
    sip_refer_server_context_follow (self, options);
  return TRUE;
}

/**
 * sip_refer_server_context_reject:
 * @self: a transfer that is not decided yet
 * @options: (nullable): a status code of 300 to 699 (480 by default), its words, extra headers, a
 *   body
 * @error: where a wrong state or a wrong option goes
 *
 * Refuses it; the call goes on.
 *
 * Returns: %TRUE where it was refused
 */
gboolean
sip_refer_server_context_reject (SipReferServerContext *self, SipOptions *options, GError **error)
{
  g_autoptr (SipReferServerContext) guard = NULL;
  guint code = sip_options_read_number (options, "status-code", 0);
  const char *phrase = sip_options_read_text (options, "reason-phrase");

  g_return_val_if_fail (SIP_IS_REFER_SERVER_CONTEXT (self), FALSE);

  guard = g_object_ref (self);
  if (!check_state (self, 1u << SIP_REFER_PENDING | 1u << SIP_REFER_HELD, error) ||
      !sip_options_check (options, 300, 699, error))
    return FALSE;
  if (code == 0)
    code = 480;
  if (phrase == NULL)
    phrase = sip_reason_phrase (code);
  if (self->state == SIP_REFER_HELD) {
    sip_refer_server_context_notify (self, code, phrase);
  } else {
    sip_refer_context_set_outcome (context (self), code, phrase);
    answer (self, code, phrase, options);
    self->state = SIP_REFER_HELD;
  }
  sip_refer_server_context_finish (self);
  sip_refer_context_emit (context (self), SIP_REFER_REQUEST_REJECTED);
  return TRUE;
}

/**
 * sip_refer_server_context_send_notify:
 * @self: a transfer that was accepted and is not followed
 * @status_code: how far it is, 100 to 699; from 200 on it is the last report
 * @reason_phrase: (nullable): the words, or %NULL for the usual ones
 * @error: where a wrong state or a wrong status goes
 *
 * Tells the other side how a transfer fares that the program carries out itself (RFC 3515 2.4.5).
 *
 * Returns: %TRUE where the report is on its way
 */
gboolean
sip_refer_server_context_send_notify (SipReferServerContext *self,
                                      guint status_code,
                                      const char *reason_phrase,
                                      GError **error)
{
  g_autoptr (SipReferServerContext) guard = NULL;

  g_return_val_if_fail (SIP_IS_REFER_SERVER_CONTEXT (self), FALSE);

  guard = g_object_ref (self);
  if (!check_state (self, 1u << SIP_REFER_FOLLOWED, error))
    return FALSE;
  if (status_code < 100 || status_code > 699 || self->followed != NULL ||
      (reason_phrase != NULL && strpbrk (reason_phrase, "\r\n") != NULL)) {
    g_set_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT, "Invalid statusCode: %u",
                 status_code);
    return FALSE;
  }
  if (reason_phrase == NULL)
    reason_phrase = sip_reason_phrase (status_code);
  if (status_code >= 200) {
    sip_refer_server_context_conclude (self, status_code, reason_phrase);
  } else {
    sip_refer_server_context_notify (self, status_code, reason_phrase);
    sip_refer_server_context_tell (self, SIP_REFER_PROGRESS, SIP_SIGNAL_REFER_PROGRESS);
  }
  return TRUE;
}

/**
 * sip_refer_server_context_get_refer_to:
 * @self: a transfer
 *
 * Gets [property@Sip.ReferServerContext:refer-to].
 *
 * Returns: (transfer none): whom the other side wants called
 */
SipNameAddr *
sip_refer_server_context_get_refer_to (SipReferServerContext *self)
{
  g_return_val_if_fail (SIP_IS_REFER_SERVER_CONTEXT (self), NULL);

  return self->refer_to;
}

/**
 * sip_refer_server_context_get_referred_by:
 * @self: a transfer
 *
 * Gets [property@Sip.ReferServerContext:referred-by].
 *
 * Returns: (nullable): who says that it wants so, as it stands in Referred-By
 */
const char *
sip_refer_server_context_get_referred_by (SipReferServerContext *self)
{
  g_return_val_if_fail (SIP_IS_REFER_SERVER_CONTEXT (self), NULL);

  return self->referred_by;
}

/**
 * sip_refer_server_context_get_replaces:
 * @self: a transfer
 *
 * Gets [property@Sip.ReferServerContext:replaces].
 *
 * Returns: (nullable): the call of the target whose place is to be taken
 */
const char *
sip_refer_server_context_get_replaces (SipReferServerContext *self)
{
  g_return_val_if_fail (SIP_IS_REFER_SERVER_CONTEXT (self), NULL);

  return self->replaces;
}

/**
 * sip_refer_server_context_get_target_session:
 * @self: a transfer
 *
 * Gets [property@Sip.ReferServerContext:target-session].
 *
 * Returns: (transfer none) (nullable): the call to the target, once it was placed
 */
SipSession *
sip_refer_server_context_get_target_session (SipReferServerContext *self)
{
  g_return_val_if_fail (SIP_IS_REFER_SERVER_CONTEXT (self), NULL);

  return self->followed;
}
