/* sip-request-server-context.c - a request that came outside of a dialog and was answered */

#include "sip-request-server-context-private.h"

#include "sip-message-private.h"
#include "sip-ua-private.h"

struct _SipRequestServerContext {
  GObject parent_instance;

  SipUA *ua;
  SipMessage *request;
  SipNameAddr *local_identity;
  SipNameAddr *remote_identity;
  GObject *data;
};

static void
sip_request_server_context_iface_init (SipServerContextInterface *iface)
{
}

/**
 * SipRequestServerContext:
 *
 * A request that came outside of calls, as a MESSAGE does (RFC 3428).
 */
G_DEFINE_FINAL_TYPE_WITH_CODE (SipRequestServerContext,
                               sip_request_server_context,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SIP_TYPE_SERVER_CONTEXT,
                                                      sip_request_server_context_iface_init))

enum {
  PROP_UA = 1,
  PROP_METHOD,
  PROP_REQUEST,
  PROP_LOCAL_IDENTITY,
  PROP_REMOTE_IDENTITY,
  PROP_DATA
};

static void
sip_request_server_context_get_property (GObject *object,
                                         guint id,
                                         GValue *value,
                                         GParamSpec *pspec)
{
  SipRequestServerContext *self = SIP_REQUEST_SERVER_CONTEXT (object);

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
sip_request_server_context_dispose (GObject *object)
{
  SipRequestServerContext *self = SIP_REQUEST_SERVER_CONTEXT (object);

  g_clear_object (&self->ua);
  g_clear_object (&self->request);
  g_clear_object (&self->local_identity);
  g_clear_object (&self->remote_identity);
  g_clear_object (&self->data);
  G_OBJECT_CLASS (sip_request_server_context_parent_class)->dispose (object);
}

static void
sip_request_server_context_class_init (SipRequestServerContextClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sip_request_server_context_get_property;
  object_class->dispose = sip_request_server_context_dispose;
  g_object_class_override_property (object_class, PROP_UA, "ua");
  g_object_class_override_property (object_class, PROP_METHOD, "method");
  g_object_class_override_property (object_class, PROP_REQUEST, "request");
  g_object_class_override_property (object_class, PROP_LOCAL_IDENTITY, "local-identity");
  g_object_class_override_property (object_class, PROP_REMOTE_IDENTITY, "remote-identity");
  g_object_class_override_property (object_class, PROP_DATA, "data");
}

static void
sip_request_server_context_init (SipRequestServerContext *self)
{
  self->data = g_object_new (G_TYPE_OBJECT, NULL);
}

SipRequestServerContext *
sip_request_server_context_new (SipUA *ua, SipMessage *request)
{
  SipRequestServerContext *self = g_object_new (SIP_TYPE_REQUEST_SERVER_CONTEXT, NULL);

  self->ua = g_object_ref (ua);
  self->request = g_object_ref (request);
  self->local_identity = sip_name_addr_parse (sip_message_peek_header (request, "To"));
  self->remote_identity = sip_name_addr_parse (sip_message_peek_header (request, "From"));
  return self;
}
