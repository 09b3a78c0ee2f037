/* sip-ua-connect.c - the way of a user agent to its server
 *
 * A bound socket for datagrams, or one stream that is made again whenever it is lost.
 * Down: sip_ua_connect() -> sip-ua-server.c -> sip_ua_use_target() -> SipTransport, SipKeepAlive.
 * Up:   opened or lost -> status, then connected or disconnected; then the registration.
 */

#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-part-private.h"
#include "sip-session-private.h"
#include "sip-transport-private.h"
#include "sip-ua-private.h"

#include <string.h>

enum {
  KEEP_STREAM = 38,         /* seconds: with the patience of SipKeepAlive, twice, not a minute */
  KEEP_DATAGRAM = 25,       /* seconds: what a NAT remembers at the least */
  CALLS_WAIT = 64 * SIP_T1, /* milliseconds that calls outlive their connection */
  OPENING = 10000,          /* milliseconds for all that a stream is made of, up to TLS */
};

static void open_stream (SipUA *self, const char *host);

static SipTimers *
get_timers (SipUA *self)
{
  return sip_endpoint_get_timers (self->endpoint);
}

static gboolean
is_datagram (const SipTarget *target)
{
  return g_str_equal (target->protocol, "UDP");
}

/* The calls learn that their messages go another way now, or that there is none. */
void
sip_ua_tell_calls (SipUA *self, void (*func) (SipSession *session))
{
  g_autoptr (GList) sessions = g_hash_table_get_values (self->sessions);

  g_list_foreach (sessions, (GFunc)(void (*) (void))g_object_ref, NULL);
  for (GList *l = sessions; l != NULL; l = l->next) {
    func (l->data);
    g_object_unref (l->data);
  }
}

static void
on_lost_for_long (gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  self->lost_id = 0;
  sip_ua_tell_calls (self, sip_session_give_up);
}

/* The way is gone, and with it what the server knew of us. */
void
sip_ua_lose (SipUA *self, const GError *error)
{
  g_autoptr (SipTransport) stream = g_steal_pointer (&self->stream);

  g_clear_object (&self->keep_alive);
  sip_ua_forget_first (self);
  sip_timers_clear (get_timers (self), &self->steady_id);
  sip_timers_clear (get_timers (self), &self->opening_id);
  if (stream != NULL)
    sip_transport_close (stream);
  sip_ua_set_status (self, SIP_UA_STATUS_NOT_READY);
  sip_ua_watch_network (self);
  if (self->auto_register)
    sip_nat64_expect_outside (self->nat64);
  sip_registration_lost (self->registration);
  if (self->lost_id == 0 && g_hash_table_size (self->sessions) > 0)
    self->lost_id = sip_timers_add (get_timers (self), CALLS_WAIT, on_lost_for_long, self);
  sip_ua_emit (self, SIP_UA_DISCONNECTED, error);
}

static void
on_closed (SipTransport *transport, GError *error, gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  if (transport != self->stream)
    return;
  sip_ua_try_later (self);
  sip_ua_lose (self, error);
}

static void
on_dead (SipUA *self)
{
  g_autoptr (GError) error =
      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "The server does not answer any more");

  if (self->stream != NULL)
    sip_endpoint_drop (self->endpoint, self->stream);
  if (self->status != SIP_UA_STATUS_READY)
    return; /* what it was asked has failed with it, and the next one's turn has come */
  sip_ua_retry_in (self, 0);
  sip_ua_lose (self, error);
}

static void
set_connected (SipUA *self)
{
  sip_timers_clear (get_timers (self), &self->lost_id);
  if (!self->auto_register)
    sip_ua_hold_server (self);
  sip_ua_set_status (self, SIP_UA_STATUS_READY);
  sip_ua_emit (self, SIP_UA_CONNECTED);
  if (self->status != SIP_UA_STATUS_READY)
    return;
  if (self->auto_register)
    sip_registration_resume (self->registration);
  sip_ua_watch_network (self);
  sip_ua_tell_calls (self, sip_session_move);
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
on_moved (SipUA *self)
{
  sip_registration_start (self->registration, NULL);
}

static void
keep (SipUA *self, SipTransport *transport, GSocketAddress *to, guint seconds, gboolean has_stun)
{
  g_clear_object (&self->keep_alive);
  self->keep_alive = sip_keep_alive_new (get_timers (self), transport, to, seconds, has_stun);
  g_signal_connect_object (self->keep_alive, "dead", G_CALLBACK (on_dead), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->keep_alive, "moved", G_CALLBACK (on_moved), self,
                           G_CONNECT_SWAPPED);
}

/* The names are out, but this server's address was known: it serves as long as nobody can tell. */
static gboolean
is_unknown_name (SipUA *self, const GError *error)
{
  return error->domain == G_RESOLVER_ERROR &&
         g_hash_table_contains (self->known_hosts, self->target->host);
}

static void
note_host (SipUA *self)
{
  GSocketAddress *remote = sip_transport_get_remote_address (self->stream);

  if (G_IS_INET_SOCKET_ADDRESS (remote))
    g_hash_table_replace (self->known_hosts, g_strdup (self->target->host),
                          g_inet_address_to_string (
                              g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote))));
}

static void
fail_to_open (SipUA *self, const GError *error)
{
  /* Nobody answered: a wall between may remember what began there before. */
  if (error->domain == G_IO_ERROR && error->code != G_IO_ERROR_CONNECTION_REFUSED)
    g_clear_object (&self->place);
  if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    sip_ua_set_refused (self, sip_transport_get_certificate (self->stream));
  sip_ua_fall_over (self);
  sip_ua_lose (self, error);
  if (self->endpoint != NULL)
    sip_endpoint_fail_outbound (self->endpoint, error);
}

/* It takes the connection, and says nothing: a wall between, or one that hangs. */
static void
on_opening_time (gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);
  g_autoptr (GError) error =
      g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s does not answer", self->target->host);

  self->opening_id = 0;
  fail_to_open (self, error);
}

/* Its name leads somewhere: it has the time that one has whose name was not known. */
static void
on_found (SipTransport *transport, SipUA *self)
{
  if (transport != self->stream)
    return;
  sip_timers_clear (get_timers (self), &self->opening_id);
  self->opening_id = sip_timers_add (get_timers (self), OPENING, on_opening_time, self);
}

/* Its name leads nowhere yet, but where it was is known. */
static void
on_name_late (gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  self->opening_id = 0;
  sip_transport_close (self->stream);
  open_stream (self, g_hash_table_lookup (self->known_hosts, self->target->host));
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
  if (!open && is_unknown_name (self, error)) {
    open_stream (self, g_hash_table_lookup (self->known_hosts, self->target->host));
    return;
  }
  if (!open) {
    fail_to_open (self, error);
    return;
  }
  sip_timers_clear (get_timers (self), &self->opening_id);
  note_host (self);
  g_set_object (&self->place, sip_transport_get_place (transport));
  sip_ua_set_refused (self, NULL);
  sip_endpoint_add_transport (self->endpoint, transport, NULL);
  g_signal_connect_object (transport, "closed", G_CALLBACK (on_closed), self, 0);
  sip_endpoint_set_outbound (self->endpoint, transport);
  keep (self, transport, NULL, KEEP_STREAM, FALSE);
  set_connected (self);
}

static gboolean
is_free (GSocketAddress *place)
{
  g_autoptr (GSocket) socket = g_socket_new (g_socket_address_get_family (place),
                                             G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);

  return socket != NULL && g_socket_bind (socket, place, FALSE, NULL);
}

/* Begins where the last one did, if that can be: to a server that has lost all its streams, and so
 * knows the other side of a call only by where it was, that is still true. @host: the name of the
 * server, or its address
 */
static void
open_stream (SipUA *self, const char *host)
{
  g_autofree char *place = sip_nat64_dup_host (self->nat64, host);
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string (place, self->target->port);
  gboolean is_known = g_hash_table_contains (self->known_hosts, host);

  g_clear_object (&self->stream);
  sip_endpoint_expect_outbound (self->endpoint);
  if (self->target->protocol[0] == 'W')
    self->stream = sip_part_get_secure ()->transport_ws_new (
        self->server, address, self->tls_database, self->trusted_certificate);
  else
    self->stream = sip_transport_tcp_new (
        place, self->target->port, g_str_equal (self->target->protocol, "TLS"),
        self->target->identity, self->tls_database, self->trusted_certificate);
  if (self->place != NULL && is_free (self->place))
    sip_transport_set_place (self->stream, self->place);
  if (is_known)
    g_signal_connect_object (self->stream, "found", G_CALLBACK (on_found), self, 0);
  sip_ua_emit (self, SIP_UA_TRANSPORT_CREATED, self->stream);
  sip_ua_emit (self, SIP_UA_CONNECTING);
  sip_timers_clear (get_timers (self), &self->opening_id);
  self->opening_id = sip_timers_add (get_timers (self), is_known ? SIP_NAMES_TIME : OPENING,
                                     is_known ? on_name_late : on_opening_time, self);
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

  if (self->local_address != NULL)
    split_address (self->local_address, &host, &port);
  if (!sip_endpoint_listen (self->endpoint, host, port, error)) {
    g_prefix_error (error, "%s: ", self->local_address != NULL ? self->local_address : "any");
    return FALSE;
  }
  sip_ua_emit (self, SIP_UA_TRANSPORT_CREATED, sip_endpoint_get_datagram (self->endpoint));
  return TRUE;
}

static void
use_datagrams (SipUA *self)
{
  sip_ua_emit (self, SIP_UA_CONNECTING);
  g_clear_handle_id (&self->connected_id, g_source_remove);
  self->connected_id = g_idle_add_full (G_PRIORITY_DEFAULT, on_bound, self, NULL);
}

/* Connects to the server that is next. */
void
sip_ua_use_target (SipUA *self)
{
  g_autoptr (GError) error = NULL;

  self->target_index = MIN (self->target_index, self->targets->len - 1);
  g_clear_pointer (&self->target, sip_target_free);
  self->target = sip_target_copy (self->targets->pdata[self->target_index]);
  if (!is_datagram (self->target)) {
    open_stream (self, self->target->host);
  } else if (sip_endpoint_get_datagram (self->endpoint) != NULL || bind_address (self, &error)) {
    sip_endpoint_forget_outbound (self->endpoint);
    use_datagrams (self);
  } else {
    sip_ua_try_later (self);
    sip_ua_lose (self, error);
  }
}

/* Whether its server has to be looked for by name. */
static gboolean
has_server (SipUA *self, const SipTarget *own)
{
  return self->server != NULL || (self->auto_register && !sip_target_is_final (own));
}

static gboolean
check_configuration (SipUA *self, GError **error)
{
  g_autoptr (SipTarget) own = NULL, server = NULL;
  g_autofree char *host = NULL;
  guint16 port = 0;

  if (self->uri == NULL || !sip_uri_is_valid (self->uri, TRUE) ||
      (own = sip_target_parse (self->uri, NULL)) == NULL) {
    g_set_error (error, SIP_ERROR, SIP_ERROR_CONFIGURATION,
                 "Invalid value “%s” for parameter “uri”", self->uri != NULL ? self->uri : "");
    return FALSE;
  }
  if (self->local_address != NULL && !split_address (self->local_address, &host, &port)) {
    g_set_error (error, SIP_ERROR, SIP_ERROR_CONFIGURATION,
                 "Invalid value “%s” for parameter “local-address”", self->local_address);
    return FALSE;
  }
  if (self->instance_id != NULL && (!g_str_has_prefix (self->instance_id, "urn:") ||
                                    strpbrk (self->instance_id, "\r\n \"<>") != NULL)) {
    g_set_error (error, SIP_ERROR, SIP_ERROR_CONFIGURATION,
                 "Invalid value “%s” for parameter “instance-id”", self->instance_id);
    return FALSE;
  }
  if (self->media_servers != NULL && !sip_media_servers_check (self->media_servers, error))
    return FALSE;
  g_clear_pointer (&self->target, sip_target_free);
  g_clear_pointer (&self->targets, g_ptr_array_unref);
  self->target_index = 0;
  if (!has_server (self, own))
    return TRUE;
  server = sip_target_parse (self->server != NULL ? self->server : self->uri, NULL);
  if (server == NULL) {
    g_set_error (error, SIP_ERROR, SIP_ERROR_CONFIGURATION,
                 "Invalid value “%s” for parameter “server”", self->server);
    return FALSE;
  }
  if (g_str_equal (server->protocol, "WS") && !sip_target_is_loopback (server)) {
    g_set_error (error, SIP_ERROR, SIP_ERROR_CONFIGURATION,
                 "“%s” is not encrypted; use wss:// instead of ws://", self->server);
    return FALSE;
  }
  self->target = g_steal_pointer (&server);
  return TRUE;
}

static gboolean
start (SipUA *self, GError **error)
{
  if (self->target == NULL || (is_datagram (self->target) && sip_target_is_final (self->target))) {
    if (!bind_address (self, error))
      return FALSE;
    use_datagrams (self);
  } else if (sip_target_is_final (self->target)) {
    open_stream (self, self->target->host);
  } else {
    sip_endpoint_expect_outbound (self->endpoint);
    sip_ua_try_target (self);
    return TRUE;
  }
  if (self->target != NULL) {
    g_autoptr (GPtrArray) only = g_ptr_array_new ();

    g_ptr_array_add (only, self->target);
    sip_ua_take_targets (self, only);
  }
  return TRUE;
}

gboolean
sip_ua_connect (SipUA *self, GError **error)
{
  g_autofree char *uuid = g_uuid_string_random (), *made = g_strconcat ("urn:uuid:", uuid, NULL);

  if (!check_configuration (self, error))
    return FALSE;
  self->registration =
      sip_registration_new (self, self->uri, self->instance_id != NULL ? self->instance_id : made,
                            self->register_expires);
  sip_ua_set_status (self, SIP_UA_STATUS_STARTING);
  sip_ua_find_server (self);
  if (!start (self, error)) {
    sip_ua_forget_server (self);
    g_clear_object (&self->registration);
    sip_ua_set_status (self, SIP_UA_STATUS_USER_CLOSED);
    return FALSE;
  }
  return TRUE;
}

/* What the server, and the NAT before it, need to reach us is kept open. @request: the REGISTER
 * that was answered
 */
void
sip_ua_note_registered (SipUA *self, SipRequest *request, SipMessage *response)
{
  SipTransport *transport = sip_request_get_transport (request);
  GSocketAddress *server = sip_transport_get_remote_address (transport);
  g_autoptr (GInetSocketAddress) own = NULL;
  guint flow_timer = sip_message_read_number (response, "Flow-Timer", 0);
  guint longest = transport == self->stream ? KEEP_STREAM : KEEP_DATAGRAM;
  gboolean has_outbound = sip_message_has_option (response, "Require", "outbound"); /* RFC 5626 6 */

  if (server == NULL)
    server = sip_request_get_peer (request);
  own = server != NULL ? sip_transport_probe (server) : NULL;
  g_set_object (&self->server_address, server);
  g_clear_object (&self->own_address);
  if (own != NULL)
    self->own_address = g_object_ref (g_inet_socket_address_get_address (own));
  sip_ua_hold_server (self);
  if (flow_timer > 0)
    longest = CLAMP (flow_timer, 10, longest);
  if (transport == self->stream && flow_timer == 0)
    return;
  if (transport == self->stream || has_outbound || sip_endpoint_is_mapped (self->endpoint))
    keep (self, transport, sip_request_get_peer (request), longest, has_outbound);
}

void
sip_ua_disconnect (SipUA *self)
{
  g_autoptr (SipTransport) stream = g_steal_pointer (&self->stream);

  sip_ua_forget_server (self);
  g_clear_handle_id (&self->connected_id, g_source_remove);
  g_clear_object (&self->keep_alive);
  g_clear_object (&self->server_address);
  g_clear_object (&self->own_address);
  g_clear_object (&self->place);
  if (self->endpoint == NULL)
    return;
  sip_timers_clear (get_timers (self), &self->lost_id);
  sip_timers_clear (get_timers (self), &self->opening_id);
  if (stream != NULL)
    sip_transport_close (stream);
  sip_endpoint_close (self->endpoint);
}
