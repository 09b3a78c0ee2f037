/* sip-ua-connect.c - the way of a user agent to its server
 *
 * A bound socket for datagrams, or one stream that is made again whenever it is lost.
 * Down: sip_ua_connect() -> SipTransport, SipEndpoint.
 * Up:   opened or lost -> status, then connected or disconnected; then the registration.
 */

#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-session-private.h"
#include "sip-transport-private.h"
#include "sip-ua-private.h"

#include <string.h>

enum {
  RETRY_FIRST = 1,         /* seconds */
  RETRY_LAST = 60,         /* seconds */
  CALLS_WAIT = 64 * SIP_T1 /* milliseconds that calls outlive their connection */
};

static void open_stream (SipUA *self);

/* The calls learn that their messages go another way now, or that there is none. */
static void
tell_calls (SipUA *self, void (*func) (SipSession *session))
{
  g_autoptr (GList) sessions = g_hash_table_get_values (self->sessions);

  g_list_foreach (sessions, (GFunc)(void (*) (void))g_object_ref, NULL);
  for (GList *l = sessions; l != NULL; l = l->next) {
    func (l->data);
    g_object_unref (l->data);
  }
}

static void
set_connected (SipUA *self)
{
  sip_timers_clear (sip_endpoint_get_timers (self->endpoint), &self->lost_id);
  sip_ua_set_status (self, SIP_UA_STATUS_READY);
  sip_ua_emit (self, SIP_UA_CONNECTED);
  if (self->status != SIP_UA_STATUS_READY)
    return;
  if (self->auto_register)
    sip_registration_start (self->registration, NULL);
  tell_calls (self, sip_session_move);
}

static void
on_lost_for_long (gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  self->lost_id = 0;
  tell_calls (self, sip_session_give_up);
}

static gboolean
on_bound (gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  self->connected_id = 0;
  set_connected (self);
  return G_SOURCE_REMOVE;
}

static void
on_retry (gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  self->retry_id = 0;
  open_stream (self);
}

static void
on_lost (SipUA *self, GError *error)
{
  g_clear_object (&self->stream);
  sip_ua_set_status (self, SIP_UA_STATUS_NOT_READY);
  sip_registration_lost (self->registration);
  self->retry_id = sip_timers_add (sip_endpoint_get_timers (self->endpoint),
                                   (gint64)self->retry_after * 1000 + g_random_int_range (0, 500),
                                   on_retry, self);
  self->retry_after = MIN (self->retry_after * 2, RETRY_LAST);
  if (self->lost_id == 0 && g_hash_table_size (self->sessions) > 0)
    self->lost_id = sip_timers_add (sip_endpoint_get_timers (self->endpoint), CALLS_WAIT,
                                    on_lost_for_long, self);
  sip_ua_emit (self, SIP_UA_DISCONNECTED, error);
}

static void
on_closed (SipTransport *transport, GError *error, gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  if (transport == self->stream)
    on_lost (self, error);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipUA) self = user_data;
  SipTransport *transport = SIP_TRANSPORT (source);
  g_autoptr (GError) error = NULL;
  gboolean open = sip_transport_open_finish (transport, result, &error);

  if (transport != self->stream)
    return; /* stopped meanwhile */
  if (!open) {
    on_lost (self, error);
    if (self->endpoint != NULL)
      sip_endpoint_fail_outbound (self->endpoint, error);
    return;
  }
  self->retry_after = RETRY_FIRST;
  sip_endpoint_add_transport (self->endpoint, transport, NULL);
  g_signal_connect_object (transport, "closed", G_CALLBACK (on_closed), self, 0);
  sip_endpoint_set_outbound (self->endpoint, transport);
  set_connected (self);
}

static void
open_stream (SipUA *self)
{
  if (self->target->protocol[0] == 'W')
    self->stream = sip_transport_ws_new (self->server, self->tls_database);
  else
    self->stream =
        sip_transport_tcp_new (self->target->host, self->target->port,
                               g_str_equal (self->target->protocol, "TLS"), self->tls_database);
  sip_ua_emit (self, SIP_UA_TRANSPORT_CREATED, self->stream);
  sip_ua_emit (self, SIP_UA_CONNECTING);
  sip_transport_open_async (self->stream, NULL, on_opened, g_object_ref (self));
}

/* Splits "host:port", "[host]:port" or "host"; FALSE where it is none of them. */
static gboolean
split_address (const char *text, char **host, guint16 *port)
{
  g_autoptr (GSocketConnectable) address = g_network_address_parse (text, 0, NULL);
  g_autoptr (GInetAddress) inet = NULL;

  if (address == NULL)
    return FALSE;
  inet =
      g_inet_address_new_from_string (g_network_address_get_hostname (G_NETWORK_ADDRESS (address)));
  if (inet == NULL)
    return FALSE;
  *host = g_inet_address_to_string (inet);
  *port = g_network_address_get_port (G_NETWORK_ADDRESS (address));
  return TRUE;
}

static gboolean
bind_address (SipUA *self, GError **error)
{
  g_autofree char *host = NULL;
  guint16 port = 0;

  if (self->local_address != NULL && !split_address (self->local_address, &host, &port)) {
    g_set_error (error, SIP_ERROR, SIP_ERROR_CONFIGURATION,
                 "Invalid value “%s” for parameter “local-address”", self->local_address);
    return FALSE;
  }
  if (!sip_endpoint_listen (self->endpoint, host, port, error)) {
    g_prefix_error (error, "%s: ", self->local_address != NULL ? self->local_address : "any");
    return FALSE;
  }
  sip_ua_emit (self, SIP_UA_TRANSPORT_CREATED, sip_endpoint_get_datagram (self->endpoint));
  sip_ua_emit (self, SIP_UA_CONNECTING);
  self->connected_id = g_idle_add_full (G_PRIORITY_DEFAULT, on_bound, self, NULL);
  return TRUE;
}

static gboolean
check_configuration (SipUA *self, GError **error)
{
  if (self->uri == NULL || !sip_uri_is_valid (self->uri, TRUE)) {
    g_set_error (error, SIP_ERROR, SIP_ERROR_CONFIGURATION,
                 "Invalid value “%s” for parameter “uri”", self->uri != NULL ? self->uri : "");
    return FALSE;
  }
  g_clear_pointer (&self->target, sip_target_free);
  if (self->server == NULL)
    return TRUE;
  self->target = sip_target_parse (self->server, NULL);
  if (self->target == NULL) {
    g_set_error (error, SIP_ERROR, SIP_ERROR_CONFIGURATION,
                 "Invalid value “%s” for parameter “server”", self->server);
    return FALSE;
  }
  if (g_str_equal (self->target->protocol, "WS") && !sip_target_is_loopback (self->target)) {
    g_set_error (error, SIP_ERROR, SIP_ERROR_CONFIGURATION,
                 "“%s” is not encrypted; use wss:// instead of ws://", self->server);
    return FALSE;
  }
  return TRUE;
}

gboolean
sip_ua_connect (SipUA *self, GError **error)
{
  if (!check_configuration (self, error))
    return FALSE;
  self->retry_after = RETRY_FIRST;
  self->registration = sip_registration_new (self, self->uri, self->register_expires);
  sip_ua_set_status (self, SIP_UA_STATUS_STARTING);
  if (self->target == NULL || g_str_equal (self->target->protocol, "UDP")) {
    if (bind_address (self, error))
      return TRUE;
    g_clear_object (&self->registration);
    sip_ua_set_status (self, SIP_UA_STATUS_USER_CLOSED);
    return FALSE;
  }
  sip_endpoint_expect_outbound (self->endpoint);
  open_stream (self);
  return TRUE;
}

/* A request wants to go: do not let it wait for the next try of a lost stream. */
void
sip_ua_hurry (SipUA *self)
{
  if (self->retry_id == 0)
    return;
  sip_timers_clear (sip_endpoint_get_timers (self->endpoint), &self->retry_id);
  open_stream (self);
}

void
sip_ua_disconnect (SipUA *self)
{
  g_autoptr (SipTransport) stream = g_steal_pointer (&self->stream);

  g_clear_handle_id (&self->connected_id, g_source_remove);
  if (self->endpoint == NULL)
    return;
  sip_timers_clear (sip_endpoint_get_timers (self->endpoint), &self->retry_id);
  sip_timers_clear (sip_endpoint_get_timers (self->endpoint), &self->lost_id);
  if (stream != NULL)
    sip_transport_close (stream);
  sip_endpoint_close (self->endpoint);
}
