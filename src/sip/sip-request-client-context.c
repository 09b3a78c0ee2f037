/* sip-request-client-context.c - a request of ours outside of a dialog, and what became of it */

#include "sip-request-client-context-private.h"

#include "sip-message-private.h"
#include "sip-ua-private.h"

struct _SipRequestClientContext {
  GObject parent_instance;

  SipUA *ua;
  SipRequest *sent; /* until it is; then it holds this one */
  SipMessage *request;
  SipNameAddr *local_identity;
  SipNameAddr *remote_identity;
  GObject *data;
};

static void
sip_request_client_context_iface_init (SipClientContextInterface *iface)
{
}

/**
 * SipRequestClientContext:
 *
 * A request that is sent outside of calls: [method@Sip.UA.message] and [method@Sip.UA.request].
 */
G_DEFINE_FINAL_TYPE_WITH_CODE (SipRequestClientContext,
                               sip_request_client_context,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SIP_TYPE_CLIENT_CONTEXT,
                                                      sip_request_client_context_iface_init))

enum {
  PROP_UA = 1,
  PROP_METHOD,
  PROP_REQUEST,
  PROP_LOCAL_IDENTITY,
  PROP_REMOTE_IDENTITY,
  PROP_DATA
};

static void
sip_request_client_context_get_property (GObject *object,
                                         guint id,
                                         GValue *value,
                                         GParamSpec *pspec)
{
  SipRequestClientContext *self = SIP_REQUEST_CLIENT_CONTEXT (object);

  switch (id) {
  case PROP_UA:
    g_value_set_object (value, self->ua);
    break;
  case PROP_METHOD:
    g_value_set_string (value, sip_message_get_method (self->request));
    break;
  case PROP_REQUEST:
    g_value_set_object (value, self->request);
    break;
  case PROP_LOCAL_IDENTITY:
    g_value_set_object (value, self->local_identity);
    break;
  case PROP_REMOTE_IDENTITY:
    g_value_set_object (value, self->remote_identity);
    break;
  case PROP_DATA:
    g_value_set_object (value, self->data);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
sip_request_client_context_dispose (GObject *object)
{
  SipRequestClientContext *self = SIP_REQUEST_CLIENT_CONTEXT (object);

  g_clear_object (&self->sent);
  g_clear_object (&self->ua);
  g_clear_object (&self->request);
  g_clear_object (&self->local_identity);
  g_clear_object (&self->remote_identity);
  g_clear_object (&self->data);
  G_OBJECT_CLASS (sip_request_client_context_parent_class)->dispose (object);
}

static void
sip_request_client_context_class_init (SipRequestClientContextClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sip_request_client_context_get_property;
  object_class->dispose = sip_request_client_context_dispose;
  g_object_class_override_property (object_class, PROP_UA, "ua");
  g_object_class_override_property (object_class, PROP_METHOD, "method");
  g_object_class_override_property (object_class, PROP_REQUEST, "request");
  g_object_class_override_property (object_class, PROP_LOCAL_IDENTITY, "local-identity");
  g_object_class_override_property (object_class, PROP_REMOTE_IDENTITY, "remote-identity");
  g_object_class_override_property (object_class, PROP_DATA, "data");
}

static void
sip_request_client_context_init (SipRequestClientContext *self)
{
  self->data = g_object_new (G_TYPE_OBJECT, NULL);
}

static void
on_response (SipRequest *request, SipMessage *response, gpointer user_data)
{
  g_autoptr (SipRequestClientContext) self = g_object_ref (user_data);
  guint code = sip_message_get_status_code (response);
  const char *phrase = sip_message_get_reason_phrase (response);

  if (code < 300) {
    g_signal_emit_by_name (self, code < 200 ? "progress" : "accepted", response, phrase);
    return;
  }
  g_signal_emit_by_name (self, "rejected", response, phrase);
  g_signal_emit_by_name (self, "failed", response, phrase);
}

/* Ours as long as there is no answer, so that a program may forget it. */
static void
release (gpointer data, GClosure *closure)
{
  g_object_unref (data);
}

static gboolean
on_start (gpointer user_data)
{
  SipRequestClientContext *self = user_data;
  g_autoptr (SipRequest) sent = g_steal_pointer (&self->sent);

  sip_request_send (sent);
  return G_SOURCE_REMOVE;
}

/* Sends @request in the next turn of the loop, when its sender listens. */
SipRequestClientContext *
sip_request_client_context_new (SipUA *ua, SipMessage *request)
{
  SipRequestClientContext *self = g_object_new (SIP_TYPE_REQUEST_CLIENT_CONTEXT, NULL);
  g_autofree char *next_hop = sip_ua_dup_next_hop (ua, sip_message_get_request_uri (request));

  self->ua = g_object_ref (ua);
  self->request = g_object_ref (request);
  self->local_identity = sip_name_addr_parse (sip_message_peek_header (request, "From"));
  self->remote_identity = sip_name_addr_parse (sip_message_peek_header (request, "To"));
  self->sent = sip_ua_prepare (ua, next_hop, request);
  sip_ua_keep_request (ua, self->sent);
  g_signal_connect_data (self->sent, "response", G_CALLBACK (on_response), g_object_ref (self),
                         release, 0);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_start, g_object_ref (self), g_object_unref);
  return self;
}
