/* sip-refer-client-context.c - a transfer that this side asks for (RFC 3515)
 *
 * Down: sip_session_refer() -> REFER.
 * Up:   its response -> referRequestAccepted or its kin; NOTIFY -> referProgress, referAccepted,
 *       referRejected; after success the call is hung up unless it was to stay.
 */

#include "sip-refer-client-context-private.h"

#include "sip-message-private.h"
#include "sip-refer-context-private.h"
#include "sip-session-private.h"
#include "sip-ua-private.h"

#include <string.h>

enum { SILENCE = 64 * SIP_T1 }; /* after a 202; then nobody tells how it went */

struct _SipReferClientContext {
  SipReferContext parent_instance;

  SipSession *session;      /* not owned: it holds this one until the outcome is known */
  SipSession *consultation; /* the call with the target, or NULL */
  SipOptions *options;
  char *refer_to;
  SipRequest *sent;
  guint silence_id;
};

/**
 * SipReferClientContext:
 *
 * A transfer that this side asked for, with [method@Sip.Session.refer].
 */
G_DEFINE_FINAL_TYPE (SipReferClientContext, sip_refer_client_context, SIP_TYPE_REFER_CONTEXT)

enum { PROP_TARGET = 1 };
enum { SIGNAL_NOTIFY_RECEIVED, N_SIGNALS };
static guint signals[N_SIGNALS];

static SipReferContext *
context (SipReferClientContext *self)
{
  return SIP_REFER_CONTEXT (self);
}

static SipTimers *
get_timers (SipReferClientContext *self)
{
  return sip_session_peek (self->session)->timers;
}

/* The other side has a new call, and needs this one no more; nor does the target its old one. */
static void
hang_up (SipReferClientContext *self)
{
  g_autoptr (SipSession) session = g_object_ref (self->session);
  g_autoptr (SipSession) consultation = g_steal_pointer (&self->consultation);

  if (sip_options_read_flag (self->options, "active-after-transfer", FALSE))
    return;
  sip_session_terminate (session, NULL, NULL);
  if (consultation != NULL)
    sip_session_terminate (consultation, NULL, NULL);
}

static void
on_silence (gpointer user_data)
{
  g_autoptr (SipReferClientContext) self = g_object_ref (user_data);

  self->silence_id = 0;
  hang_up (self);
}

static void
forget (SipReferClientContext *self)
{
  sip_timers_clear (get_timers (self), &self->silence_id);
  sip_session_forget_refer (self->session, self);
}

static void
on_response (SipRequest *request, SipMessage *response, gpointer user_data)
{
  g_autoptr (SipReferClientContext) self = g_object_ref (user_data);
  guint code = sip_message_get_status_code (response);

  if (sip_session_is_over (self->session))
    return;
  if (code < 200 || code >= 300 || sip_refer_context_get_status_code (context (self)) == 0)
    sip_refer_context_set_outcome (context (self), code, sip_message_get_reason_phrase (response));
  if (code < 200) {
    sip_refer_context_emit (context (self), SIP_REFER_REQUEST_PROGRESS);
  } else if (code < 300) {
    if (self->silence_id == 0)
      self->silence_id = sip_timers_add (get_timers (self), SILENCE, on_silence, self);
    sip_refer_context_emit (context (self), SIP_REFER_REQUEST_ACCEPTED);
  } else {
    forget (self);
    sip_refer_context_emit (context (self), SIP_REFER_REQUEST_REJECTED);
  }
}

void
sip_refer_client_context_send (SipReferClientContext *self)
{
  SipSession *session = self->session;
  SipSessionPrivate *priv = sip_session_peek (session);
  g_autoptr (SipMessage) refer = NULL;

  sip_session_emit (session, SIP_SIGNAL_REFER_REQUESTED, self);
  if (sip_session_is_over (session))
    return;
  refer = sip_dialog_create_request (priv->dialog, "REFER");
  sip_message_add_extra_headers (refer, sip_options_read_extra_headers (self->options));
  sip_message_add_header (refer, "Refer-To", self->refer_to);
  sip_message_add_header_printf (refer, "Referred-By", "<%s>", sip_ua_get_uri (priv->ua));
  self->sent = sip_ua_prepare_in (priv->ua, priv->dialog, refer);
  sip_refer_context_set_up (context (self), session, refer);
  g_signal_connect_object (self->sent, "response", G_CALLBACK (on_response), self, 0);
  sip_request_send (self->sent);
  if (!sip_session_is_over (session))
    sip_session_emit (session, SIP_SIGNAL_REFER, refer);
}

/* RFC 3515 2.4.6: by the number of the REFER; one without a number is for the newest. */
gboolean
sip_refer_client_context_is_for (SipReferClientContext *self, SipMessage *notify)
{
  const char *event = sip_message_peek_header (notify, "Event");
  const char *id = event != NULL ? strstr (event, "id=") : NULL;

  return id == NULL ||
         (self->sent != NULL && g_ascii_strtoull (id + 3, NULL, 10) ==
                                    sip_message_get_cseq (sip_request_get_message (self->sent)));
}

/* The status line of a message/sipfrag (RFC 3420); 0 where there is none. */
static guint
read_status (SipMessage *notify, char **phrase)
{
  const char *type = sip_message_get_content_type (notify);
  const char *body = sip_message_get_body (notify);
  guint64 code;
  g_auto (GStrv) words = NULL;

  if (type == NULL || body == NULL || g_ascii_strncasecmp (type, "message/sipfrag", 15) != 0 ||
      g_ascii_strncasecmp (body, "SIP/2.0 ", 8) != 0)
    return 0;
  words = g_strsplit (body + 8, " ", 2);
  if (words[0] == NULL)
    return 0;
  words[0][strcspn (words[0], "\r\n")] = '\0';
  if (!g_ascii_string_to_unsigned (words[0], 10, 100, 699, &code, NULL))
    return 0;
  *phrase = g_strdup (words[1] != NULL ? words[1] : "");
  (*phrase)[strcspn (*phrase, "\r\n")] = '\0';
  return code;
}

/* The outcome is told before the NOTIFY is answered, as in SIP.js. */
void
sip_refer_client_context_receive (SipReferClientContext *self,
                                  SipTransaction *transaction,
                                  SipMessage *notify)
{
  g_autoptr (SipReferClientContext) guard = g_object_ref (self);
  g_autoptr (SipSession) session = g_object_ref (self->session);
  g_autofree char *phrase = NULL;
  guint code = read_status (notify, &phrase);

  if (code == 0) {
    sip_session_respond (session, transaction, 489, NULL, NULL);
    return;
  }
  sip_timers_clear (get_timers (self), &self->silence_id);
  sip_refer_context_set_outcome (context (self), code, phrase);
  if (code < 200) {
    sip_refer_context_emit (context (self), SIP_REFER_PROGRESS);
  } else {
    forget (self);
    sip_refer_context_emit (context (self), code < 300 ? SIP_REFER_ACCEPTED : SIP_REFER_REJECTED);
    if (code < 300)
      hang_up (self);
  }
  sip_session_respond (session, transaction, 200, NULL, NULL);
  g_signal_emit (self, signals[SIGNAL_NOTIFY_RECEIVED], 0, notify);
}

/* The session is over: what is still to come is of no interest. */
void
sip_refer_client_context_stop (SipReferClientContext *self)
{
  sip_timers_clear (get_timers (self), &self->silence_id);
}

static void
sip_refer_client_context_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_TARGET)
    g_value_set_string (value, SIP_REFER_CLIENT_CONTEXT (object)->refer_to);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
sip_refer_client_context_dispose (GObject *object)
{
  SipReferClientContext *self = SIP_REFER_CLIENT_CONTEXT (object);

  g_clear_object (&self->consultation);
  g_clear_object (&self->options);
  g_clear_object (&self->sent);
  G_OBJECT_CLASS (sip_refer_client_context_parent_class)->dispose (object);
}

static void
sip_refer_client_context_finalize (GObject *object)
{
  g_free (SIP_REFER_CLIENT_CONTEXT (object)->refer_to);
  G_OBJECT_CLASS (sip_refer_client_context_parent_class)->finalize (object);
}

static void
sip_refer_client_context_class_init (SipReferClientContextClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sip_refer_client_context_get_property;
  object_class->dispose = sip_refer_client_context_dispose;
  object_class->finalize = sip_refer_client_context_finalize;

  /**
   * SipReferClientContext:target:
   *
   * Whom the other side is asked to call, as it stands in Refer-To.
   */
  g_object_class_install_property (
      object_class, PROP_TARGET,
      g_param_spec_string ("target", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));

  /**
   * SipReferClientContext::notifyReceived:
   * @self: the transfer
   * @request: the NOTIFY
   *
   * A report came and was answered.
   */
  signals[SIGNAL_NOTIFY_RECEIVED] =
      g_signal_new ("notifyReceived", SIP_TYPE_REFER_CLIENT_CONTEXT, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 1, SIP_TYPE_MESSAGE);
}

static void
sip_refer_client_context_init (SipReferClientContext *self)
{
}

/* @refer_to: the value of the header; @consultation: (nullable): the call with the target */
SipReferClientContext *
sip_refer_client_context_new (SipSession *session,
                              const char *refer_to,
                              SipSession *consultation,
                              SipOptions *options)
{
  SipReferClientContext *self = g_object_new (SIP_TYPE_REFER_CLIENT_CONTEXT, NULL);

  self->session = session;
  sip_refer_context_set_up (context (self), session, NULL);
  self->refer_to = g_strdup (refer_to);
  g_set_object (&self->consultation, consultation);
  self->options = sip_options_copy (options);
  return self;
}

/**
 * sip_refer_client_context_get_target:
 * @self: a transfer
 *
 * Gets [property@Sip.ReferClientContext:target].
 *
 * Returns: whom the other side is asked to call, as it stands in Refer-To
 */
const char *
sip_refer_client_context_get_target (SipReferClientContext *self)
{
  g_return_val_if_fail (SIP_IS_REFER_CLIENT_CONTEXT (self), NULL);

  return self->refer_to;
}
