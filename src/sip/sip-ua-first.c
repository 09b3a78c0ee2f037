/* sip-ua-first.c - the way back to the best of its servers, while another one serves
 *
 * Down: a timer -> a stream to the best one, or in datagrams a question (RFC 3261 11).
 * Up:   it answers, and nobody talks -> sip_ua_reconnect(); else again later.
 *
 * A server that is away for long is not waited for by going there: whoever calls meanwhile finds
 * this side where it is registered.
 */

#include "sip-message-private.h"
#include "sip-transport-private.h"
#include "sip-ua-private.h"

enum { BACK_TO_FIRST = 600 * 1000 }; /* milliseconds with another server than the best */

static void
take_answer (SipUA *self, gboolean is_there)
{
  g_clear_object (&self->first);
  if (!is_there || g_hash_table_size (self->sessions) > 0) {
    sip_ua_expect_first (self);
    return;
  }
  self->target_index = 0;
  sip_ua_reconnect (self);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipUA) self = user_data;
  gboolean open = sip_transport_open_finish (SIP_TRANSPORT (source), result, NULL);

  sip_transport_close (SIP_TRANSPORT (source));
  if (source == self->first)
    take_answer (self, open);
}

/* Any answer is one, but that it cannot serve now. */
static void
on_response (SipRequest *request, SipMessage *response, gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);
  g_autoptr (SipRequest) guard = g_object_ref (request);
  guint code = sip_message_get_status_code (response);

  if (code >= 200 && G_OBJECT (request) == self->first)
    take_answer (self, code != 408 && code != 503);
}

static void
open_stream (SipUA *self, const SipTarget *target)
{
  g_autofree char *host = sip_nat64_dup_host (self->nat64, target->host);

  self->first = G_OBJECT (
      sip_transport_tcp_new (host, target->port, g_str_equal (target->protocol, "TLS"),
                             target->identity, self->tls_database, self->trusted_certificate));
  sip_transport_open_async (SIP_TRANSPORT (self->first), NULL, on_opened, g_object_ref (self));
}

static void
ask (SipUA *self, const SipTarget *target)
{
  g_autofree char *uri = sip_target_dup_uri (target);
  g_autoptr (SipMessage) options = sip_ua_create_request (self, "OPTIONS", uri, NULL);
  SipRequest *request;

  sip_message_remove_headers (options, "Route");
  sip_ua_add_own_headers (self, options);
  request = sip_ua_prepare (self, uri, options);
  self->first = G_OBJECT (request);
  g_signal_connect_object (request, "response", G_CALLBACK (on_response), self, 0);
  sip_request_send (request);
}

static void
on_time (gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);
  const SipTarget *target = self->targets->pdata[0];

  self->first_id = 0;
  if (g_hash_table_size (self->sessions) > 0)
    sip_ua_expect_first (self);
  else if (g_str_equal (target->protocol, "UDP"))
    ask (self, target);
  else
    open_stream (self, target);
}

/* Another one serves us. */
void
sip_ua_expect_first (SipUA *self)
{
  if (self->target_index > 0 && self->first_id == 0 && self->first == NULL)
    self->first_id =
        sip_timers_add (sip_endpoint_get_timers (self->endpoint), BACK_TO_FIRST, on_time, self);
}

/* None does. */
void
sip_ua_forget_first (SipUA *self)
{
  sip_timers_clear (sip_endpoint_get_timers (self->endpoint), &self->first_id);
  g_clear_object (&self->first);
}
