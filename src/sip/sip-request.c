/* sip-request.c - a request of ours on its way, with all it takes to get its answer
 *
 * Finds the way, adds Via, Contact and what proves the password, goes by a stream where a datagram
 * is too small, answers challenges once, sends the CANCEL when that is allowed.
 * Down: sip_request_send() -> SipEndpoint -> SipTransaction.
 * Up:   signal sent when the message is with the transport; signal response for every response
 *       that is not dealt with here, also for those that no peer sent (408, 503).
 */

#include "sip-request-private.h"

#include "sip-message-private.h"
#include "sip-transport-private.h"

#include <string.h>

enum { MAX_DATAGRAM = 1300 }; /* RFC 3261 18.1.1 */

struct _SipRequest {
  GObject parent_instance;

  SipEndpoint *endpoint;
  char *next_hop;
  SipMessage *message;
  SipDigest *digest; /* NULL for hops that are not ours */
  GCancellable *cancellable;

  SipFlow *flow;
  GError *no_way;    /* why there is none; NULL before that is known */
  gboolean is_large; /* too large for a datagram */
  SipTransaction *transaction;
  guint n_answers;          /* how many challenges were answered */
  gboolean got_provisional; /* RFC 3261 9.1: no CANCEL before */
  GStrv cancel_headers;     /* what a CANCEL that waits will carry; NULL where none waits */
};

G_DEFINE_FINAL_TYPE (SipRequest, sip_request, G_TYPE_OBJECT)

enum { SIGNAL_SENT, SIGNAL_RESPONSE, N_SIGNALS };
static guint signals[N_SIGNALS];

static void find_way (SipRequest *self);

/* Requests that tell the other side where to reach us (RFC 3261 8.1.1.8, 12.2.1.1). */
static gboolean
needs_contact (SipMessage *message)
{
  static const char *const methods[] = {"INVITE", "REGISTER", "SUBSCRIBE", "REFER",
                                        "NOTIFY", "UPDATE",   NULL};

  return g_strv_contains (methods, sip_message_get_method (message));
}

static void
fail (SipRequest *self, guint code)
{
  g_autoptr (SipMessage) response = sip_message_new_response (self->message, code, NULL);

  g_signal_emit (self, signals[SIGNAL_RESPONSE], 0, response);
}

static void
send_cancel (SipRequest *self)
{
  SipMessage *invite = self->message;
  g_autoptr (SipMessage) cancel =
      sip_message_new_request ("CANCEL", sip_message_get_request_uri (invite));
  g_autoptr (SipTransaction) transaction = NULL;
  g_autofree char *via = sip_message_get_header (invite, "Via");

  sip_message_add_header (cancel, "Via", via);
  sip_message_add_header (cancel, "Max-Forwards", "70");
  sip_message_copy_headers (cancel, invite, "Route");
  sip_message_copy_headers (cancel, invite, "From");
  sip_message_copy_headers (cancel, invite, "To");
  sip_message_copy_headers (cancel, invite, "Call-ID");
  sip_message_add_header_printf (cancel, "CSeq", "%u CANCEL", sip_message_get_cseq (invite));
  sip_message_add_extra_headers (cancel, (const char *const *)self->cancel_headers);
  g_clear_pointer (&self->cancel_headers, g_strfreev);
  transaction = sip_endpoint_send (self->endpoint, self->flow, cancel);
  sip_transaction_start (transaction);
}

/* A second round with credentials; FALSE where there is nothing new to say. */
static gboolean
answer_challenge (SipRequest *self, SipMessage *response)
{
  g_autoptr (SipMessage) again = NULL;

  if (self->digest == NULL || self->cancel_headers != NULL)
    return FALSE;
  if (self->n_answers >= 2 || (self->n_answers == 1 && !sip_digest_is_stale (response))) {
    sip_digest_forget (self->digest);
    return FALSE;
  }
  if (!sip_digest_take (self->digest, self->message, response))
    return FALSE;
  again = sip_message_copy (self->message);
  self->n_answers++;
  self->got_provisional = FALSE;
  self->is_large = FALSE;
  sip_message_remove_headers (again, "Via");
  g_signal_handlers_disconnect_by_data (self->transaction, self);
  g_clear_object (&self->transaction);
  {
    g_autofree char *cseq =
        g_strdup_printf ("%u %s", sip_message_get_cseq (again) + 1, sip_message_get_method (again));

    sip_message_set_header (again, "CSeq", cseq);
  }
  g_set_object (&self->message, again);
  find_way (self);
  return TRUE;
}

static void
on_response (SipTransaction *transaction, SipMessage *response, gpointer user_data)
{
  g_autoptr (SipRequest) self = g_object_ref (user_data);
  guint code = sip_message_get_status_code (response);

  if ((code == 401 || code == 407) && answer_challenge (self, response))
    return;
  if (code < 200 && !self->got_provisional) {
    self->got_provisional = TRUE;
    if (self->cancel_headers != NULL)
      send_cancel (self);
  }
  g_signal_emit (self, signals[SIGNAL_RESPONSE], 0, response);
}

/* An ACK has no transaction: it goes, and goes again when it is asked for again. */
static void
start (SipRequest *self)
{
  gboolean sent;

  if (g_str_equal (sip_message_get_method (self->message), "ACK")) {
    sent = sip_transport_send (self->flow->transport, sip_message_get_wire (self->message),
                               self->flow->to, NULL);
  } else {
    self->transaction = sip_endpoint_send (self->endpoint, self->flow, self->message);
    g_signal_connect_object (self->transaction, "response", G_CALLBACK (on_response), self, 0);
    sip_transaction_start (self->transaction);
    sent = self->transaction != NULL && !sip_transaction_is_answered (self->transaction);
  }
  if (sent)
    g_signal_emit (self, signals[SIGNAL_SENT], 0);
}

static void
write_way (SipRequest *self)
{
  g_autofree char *via = sip_endpoint_dup_via (self->endpoint, self->flow);

  sip_message_remove_headers (self->message, "Via");
  sip_message_prepend_header (self->message, "Via", via);
  if (needs_contact (self->message)) {
    g_autofree char *uri = sip_endpoint_dup_contact_for (self->endpoint, self->flow,
                                                         sip_message_get_method (self->message));
    const char *old = sip_message_peek_header (self->message, "Contact");
    const char *params = old != NULL ? strchr (old, '>') : NULL;
    g_autofree char *contact = g_strdup_printf ("<%s>%s", uri, params != NULL ? params + 1 : "");

    sip_message_set_header (self->message, "Contact", contact);
  }
  if (self->digest != NULL && !g_str_equal (sip_message_get_method (self->message), "ACK"))
    sip_digest_authorize (self->digest, self->message);
}

/* Takes @flow. A datagram that turns out too small sends us looking for a stream, once. */
static void
take_flow (SipRequest *self, SipFlow *flow)
{
  g_clear_pointer (&self->flow, sip_flow_free);
  self->flow = flow;
  write_way (self);
  if (!self->is_large && !sip_transport_is_reliable (flow->transport) &&
      g_bytes_get_size (sip_message_get_wire (self->message)) > MAX_DATAGRAM) {
    self->is_large = TRUE;
    find_way (self);
    return;
  }
  start (self);
}

static void
on_flow (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipRequest) self = user_data;
  g_autoptr (GError) error = NULL;
  SipFlow *flow = sip_endpoint_find_flow_finish (SIP_ENDPOINT (source), result, &error);

  if (flow != NULL) {
    take_flow (self, flow);
    return;
  }
  g_debug ("No way to %s: %s", self->next_hop, error->message);
  g_clear_error (&self->no_way);
  self->no_way = g_error_copy (error);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fail (self, 503);
}

static void
find_way (SipRequest *self)
{
  SipFlow *flow = sip_endpoint_peek_flow (self->endpoint, self->next_hop, self->is_large);

  if (flow != NULL)
    take_flow (self, flow);
  else
    sip_endpoint_find_flow_async (self->endpoint, self->next_hop, self->is_large, self->cancellable,
                                  on_flow, g_object_ref (self));
}

static void
sip_request_dispose (GObject *object)
{
  SipRequest *self = SIP_REQUEST (object);

  g_clear_object (&self->endpoint);
  g_clear_object (&self->message);
  g_clear_object (&self->transaction);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->flow, sip_flow_free);
  g_clear_error (&self->no_way);
  g_clear_pointer (&self->next_hop, g_free);
  g_clear_pointer (&self->digest, sip_digest_unref);
  g_clear_pointer (&self->cancel_headers, g_strfreev);
  G_OBJECT_CLASS (sip_request_parent_class)->dispose (object);
}

static void
sip_request_class_init (SipRequestClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sip_request_dispose;

  signals[SIGNAL_SENT] = g_signal_new ("sent", SIP_TYPE_REQUEST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_RESPONSE] = g_signal_new ("response", SIP_TYPE_REQUEST, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 1, SIP_TYPE_MESSAGE);
}

static void
sip_request_init (SipRequest *self)
{
  self->cancellable = g_cancellable_new ();
}

/* @next_hop: the address that says the way; @message: without Via and Contact (parameters of a
 * Contact may stand there behind "<>"); @digest: (nullable): for the hops that are ours. */
SipRequest *
sip_request_new (SipEndpoint *endpoint,
                 const char *next_hop,
                 SipMessage *message,
                 SipDigest *digest)
{
  SipRequest *self = g_object_new (SIP_TYPE_REQUEST, NULL);

  self->endpoint = g_object_ref (endpoint);
  self->next_hop = g_strdup (next_hop);
  self->message = g_object_ref (message);
  if (digest != NULL)
    self->digest = sip_digest_ref (digest);
  return self;
}

void
sip_request_send (SipRequest *self)
{
  if (self->flow != NULL && g_str_equal (sip_message_get_method (self->message), "ACK"))
    start (self);
  else
    find_way (self);
}

/* Sends a CANCEL now or, before the first provisional response, then (RFC 3261 9.1). */
void
sip_request_cancel (SipRequest *self, const char *const *extra_headers)
{
  static const char *const none[] = {NULL};

  if (self->cancel_headers != NULL)
    return;
  self->cancel_headers = g_strdupv ((char **)(extra_headers != NULL ? extra_headers : none));
  if (self->got_provisional)
    send_cancel (self);
}

/* Gives up a request that has not found its way yet; TRUE where nothing went out. */
gboolean
sip_request_abandon (SipRequest *self)
{
  if (self->transaction != NULL)
    return FALSE;
  g_cancellable_cancel (self->cancellable);
  return TRUE;
}

/* Nobody waits for an answer any more. */
void
sip_request_stop (SipRequest *self)
{
  if (self->transaction != NULL)
    sip_transaction_stop (self->transaction);
}

/* As it went out last, with the CSeq of its last try. */
SipMessage *
sip_request_get_message (SipRequest *self)
{
  return self->message;
}

SipTransport *
sip_request_get_transport (SipRequest *self)
{
  return self->flow != NULL ? self->flow->transport : NULL;
}

GSocketAddress *
sip_request_get_peer (SipRequest *self)
{
  return self->flow != NULL ? self->flow->to : NULL;
}

/* Why a 503 that nobody sent was made up; NULL for any other response. */
const GError *
sip_request_get_no_way (SipRequest *self)
{
  return self->no_way;
}
