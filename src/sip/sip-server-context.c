/* sip-server-context.c - what all requests that come in outside a dialog have in common */

#include "sip-server-context.h"

#include "sip-message.h"
#include "sip-name-addr.h"
#include "sip-ua.h"

/**
 * SipServerContext:
 *
 * What has in common whatever answers a request of the other side.
 */
G_DEFINE_INTERFACE (SipServerContext, sip_server_context, G_TYPE_OBJECT)

static void
sip_server_context_default_init (SipServerContextInterface *iface)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  /**
   * SipServerContext:ua:
   *
   * The user agent that it belongs to.
   */
  g_object_interface_install_property (iface,
                                       g_param_spec_object ("ua", NULL, NULL, SIP_TYPE_UA, flags));
  /**
   * SipServerContext:method:
   *
   * The method of the request.
   */
  g_object_interface_install_property (iface,
                                       g_param_spec_string ("method", NULL, NULL, NULL, flags));
  /**
   * SipServerContext:request:
   *
   * The request.
   */
  g_object_interface_install_property (
      iface, g_param_spec_object ("request", NULL, NULL, SIP_TYPE_MESSAGE, flags));
  /**
   * SipServerContext:local-identity:
   *
   * Who this side is to the other.
   */
  g_object_interface_install_property (
      iface, g_param_spec_object ("local-identity", NULL, NULL, SIP_TYPE_NAME_ADDR, flags));
  /**
   * SipServerContext:remote-identity:
   *
   * Who the other side is.
   */
  g_object_interface_install_property (
      iface, g_param_spec_object ("remote-identity", NULL, NULL, SIP_TYPE_NAME_ADDR, flags));
  /**
   * SipServerContext:data:
   *
   * An empty object of its own, for the program.
   */
  g_object_interface_install_property (
      iface, g_param_spec_object ("data", NULL, NULL, G_TYPE_OBJECT, flags));

  /**
   * SipServerContext::progress:
   * @self: the context
   * @response: a provisional response
   * @reason_phrase: its words
   *
   * The request is being worked on.
   */
  g_signal_new ("progress", SIP_TYPE_SERVER_CONTEXT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 2, SIP_TYPE_MESSAGE, G_TYPE_STRING);
  /**
   * SipServerContext::accepted:
   * @self: the context
   * @response: a 2xx
   * @reason_phrase: its words
   *
   * The request did what it was to do.
   */
  g_signal_new ("accepted", SIP_TYPE_SERVER_CONTEXT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 2, SIP_TYPE_MESSAGE, G_TYPE_STRING);
  /**
   * SipServerContext::rejected:
   * @self: the context
   * @response: a final response that is no 2xx
   * @reason_phrase: its words
   *
   * The request was refused; `failed` follows at once.
   */
  g_signal_new ("rejected", SIP_TYPE_SERVER_CONTEXT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 2, SIP_TYPE_MESSAGE, G_TYPE_STRING);
  /**
   * SipServerContext::failed:
   * @self: the context
   * @response: (nullable): what told so
   * @reason_phrase: why
   *
   * The request came to nothing.
   */
  g_signal_new ("failed", SIP_TYPE_SERVER_CONTEXT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 2, SIP_TYPE_MESSAGE, G_TYPE_STRING);
}
