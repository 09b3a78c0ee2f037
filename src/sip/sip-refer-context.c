/* sip-refer-context.c - a transfer, as both who asks for it and who is asked see it (RFC 3515) */

#include "sip-refer-context-private.h"

#include "sip-message-private.h"

typedef struct {
  SipSession *session; /* NULL where it came outside of a call */
  SipMessage *request;
  GObject *data;
  guint status_code;
  char *reason_phrase;
} SipReferContextPrivate;

/**
 * SipReferContext:
 *
 * A transfer (RFC 3515): what its two sides have in common.
 *
 * Every step of it is a signal here and, while the call lives, one of the call.
 */
G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (SipReferContext, sip_refer_context, G_TYPE_OBJECT)

enum {
  PROP_SESSION = 1,
  PROP_METHOD,
  PROP_REQUEST,
  PROP_DATA,
  PROP_STATUS_CODE,
  PROP_REASON_PHRASE,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

static guint signals[SIP_REFER_N_SIGNALS];

static SipReferContextPrivate *
peek (SipReferContext *self)
{
  return sip_refer_context_get_instance_private (self);
}

static void
sip_refer_context_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SipReferContextPrivate *priv = peek (SIP_REFER_CONTEXT (object));

  switch (id) {
  case PROP_SESSION:
    g_value_set_object (value, priv->session);
    break;
  case PROP_METHOD:
    g_value_set_static_string (value, "REFER");
    break;
  case PROP_REQUEST:
    g_value_set_object (value, priv->request);
    break;
  case PROP_DATA:
    g_value_set_object (value, priv->data);
    break;
  case PROP_STATUS_CODE:
    g_value_set_uint (value, priv->status_code);
    break;
  case PROP_REASON_PHRASE:
    g_value_set_string (value, priv->reason_phrase);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
sip_refer_context_dispose (GObject *object)
{
  SipReferContextPrivate *priv = peek (SIP_REFER_CONTEXT (object));

  g_clear_object (&priv->session);
  g_clear_object (&priv->request);
  g_clear_object (&priv->data);
  g_clear_pointer (&priv->reason_phrase, g_free);
  G_OBJECT_CLASS (sip_refer_context_parent_class)->dispose (object);
}

static void
install_signal (SipReferSignal signal, const char *name)
{
  signals[signal] = g_signal_new (name, SIP_TYPE_REFER_CONTEXT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, SIP_TYPE_REFER_CONTEXT);
}

static void
sip_refer_context_class_init (SipReferContextClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = sip_refer_context_get_property;
  object_class->dispose = sip_refer_context_dispose;

  /**
   * SipReferContext:session:
   *
   * The call that is transferred; %NULL where the wish came outside of one.
   */
  props[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SIP_TYPE_SESSION, flags);
  /**
   * SipReferContext:method:
   *
   * Always `REFER`.
   */
  props[PROP_METHOD] = g_param_spec_string ("method", NULL, NULL, "REFER", flags);
  /**
   * SipReferContext:request:
   *
   * The REFER; %NULL before it is sent.
   */
  props[PROP_REQUEST] = g_param_spec_object ("request", NULL, NULL, SIP_TYPE_MESSAGE, flags);
  /**
   * SipReferContext:data:
   *
   * An empty object of its own, for the program.
   */
  props[PROP_DATA] = g_param_spec_object ("data", NULL, NULL, G_TYPE_OBJECT, flags);
  /**
   * SipReferContext:status-code:
   *
   * How far the call to the target is, or what became of the REFER itself: the last status that
   * was told; 0 before.
   */
  props[PROP_STATUS_CODE] = g_param_spec_uint ("status-code", NULL, NULL, 0, 699, 0, flags);
  /**
   * SipReferContext:reason-phrase:
   *
   * The words of #SipReferContext:status-code.
   */
  props[PROP_REASON_PHRASE] = g_param_spec_string ("reason-phrase", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);

  /**
   * SipReferContext::referRequestProgress:
   * @self: the transfer
   * @context: the same
   *
   * A provisional response to the REFER came.
   */
  install_signal (SIP_REFER_REQUEST_PROGRESS, "referRequestProgress");
  /**
   * SipReferContext::referRequestAccepted:
   * @self: the transfer
   * @context: the same
   *
   * The REFER was accepted: the target will be called.
   */
  install_signal (SIP_REFER_REQUEST_ACCEPTED, "referRequestAccepted");
  /**
   * SipReferContext::referRequestRejected:
   * @self: the transfer
   * @context: the same
   *
   * The REFER was refused, or could not be sent.
   */
  install_signal (SIP_REFER_REQUEST_REJECTED, "referRequestRejected");
  /**
   * SipReferContext::referInviteSent:
   * @self: the transfer
   * @context: the same
   *
   * The target is being called from here.
   */
  install_signal (SIP_REFER_INVITE_SENT, "referInviteSent");
  /**
   * SipReferContext::referProgress:
   * @self: the transfer
   * @context: the same
   *
   * The target is being tried, or rings.
   */
  install_signal (SIP_REFER_PROGRESS, "referProgress");
  /**
   * SipReferContext::referAccepted:
   * @self: the transfer
   * @context: the same
   *
   * The target took the call.
   */
  install_signal (SIP_REFER_ACCEPTED, "referAccepted");
  /**
   * SipReferContext::referRejected:
   * @self: the transfer
   * @context: the same
   *
   * The target was not reached; #SipReferContext:status-code tells why.
   */
  install_signal (SIP_REFER_REJECTED, "referRejected");
}

static void
sip_refer_context_init (SipReferContext *self)
{
  peek (self)->data = g_object_new (G_TYPE_OBJECT, NULL);
}

/* @session: (nullable): the call; @request: (nullable): the REFER, where it is known */
void
sip_refer_context_set_up (SipReferContext *self, SipSession *session, SipMessage *request)
{
  g_set_object (&peek (self)->session, session);
  if (request != NULL && g_set_object (&peek (self)->request, request))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REQUEST]);
}

void
sip_refer_context_set_outcome (SipReferContext *self, guint code, const char *phrase)
{
  SipReferContextPrivate *priv = peek (self);

  g_object_freeze_notify (G_OBJECT (self));
  priv->status_code = code;
  g_free (priv->reason_phrase);
  priv->reason_phrase = g_strdup (phrase);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATUS_CODE]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_REASON_PHRASE]);
  g_object_thaw_notify (G_OBJECT (self));
}

void
sip_refer_context_emit (SipReferContext *self, SipReferSignal signal)
{
  g_autoptr (SipReferContext) guard = g_object_ref (self);

  g_signal_emit (self, signals[signal], 0, self);
}

/**
 * sip_refer_context_get_session:
 * @self: a transfer
 *
 * Gets [property@Sip.ReferContext:session].
 *
 * Returns: (transfer none) (nullable): the call that is transferred
 */
SipSession *
sip_refer_context_get_session (SipReferContext *self)
{
  g_return_val_if_fail (SIP_IS_REFER_CONTEXT (self), NULL);

  return peek (self)->session;
}

/**
 * sip_refer_context_get_request:
 * @self: a transfer
 *
 * Gets [property@Sip.ReferContext:request].
 *
 * Returns: (transfer none) (nullable): the REFER
 */
SipMessage *
sip_refer_context_get_request (SipReferContext *self)
{
  g_return_val_if_fail (SIP_IS_REFER_CONTEXT (self), NULL);

  return peek (self)->request;
}

/**
 * sip_refer_context_get_data:
 * @self: a transfer
 *
 * Reads what the program keeps with the transfer.
 *
 * Returns: (transfer none): an empty object of its own, for the program
 */
GObject *
sip_refer_context_get_data (SipReferContext *self)
{
  g_return_val_if_fail (SIP_IS_REFER_CONTEXT (self), NULL);

  return peek (self)->data;
}

/**
 * sip_refer_context_get_status_code:
 * @self: a transfer
 *
 * Gets [property@Sip.ReferContext:status-code].
 *
 * Returns: the last status that was told, 100 to 699; 0 before
 */
guint
sip_refer_context_get_status_code (SipReferContext *self)
{
  g_return_val_if_fail (SIP_IS_REFER_CONTEXT (self), 0);

  return peek (self)->status_code;
}

/**
 * sip_refer_context_get_reason_phrase:
 * @self: a transfer
 *
 * Gets [property@Sip.ReferContext:reason-phrase].
 *
 * Returns: (nullable): the words of that status
 */
const char *
sip_refer_context_get_reason_phrase (SipReferContext *self)
{
  g_return_val_if_fail (SIP_IS_REFER_CONTEXT (self), NULL);

  return peek (self)->reason_phrase;
}
