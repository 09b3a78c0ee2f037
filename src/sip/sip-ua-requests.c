/* sip-ua-requests.c - what a user agent asks for outside of calls
 *
 * Down: sip_ua_request(), sip_ua_message() -> SipRequestClientContext; sip_ua_subscribe() ->
 *       SipSubscription.
 */

#include "sip-error.h"
#include "sip-message-private.h"
#include "sip-options-private.h"
#include "sip-request-client-context-private.h"
#include "sip-session-private.h"
#include "sip-subscription-private.h"
#include "sip-ua-private.h"

#include <string.h>

void
sip_ua_add_subscription (SipUA *self,
                         SipSubscription *subscription,
                         const char *call_id,
                         const char *local_tag)
{
  g_autoptr (SipSubscription) guard = g_object_ref (subscription);

  sip_ua_remove_subscription (self, subscription);
  g_hash_table_replace (self->subscriptions, g_strdup_printf ("%s %s", call_id, local_tag),
                        g_steal_pointer (&guard));
}

static gboolean
is_value (gpointer key, gpointer value, gpointer user_data)
{
  return value == user_data;
}

void
sip_ua_remove_subscription (SipUA *self, SipSubscription *subscription)
{
  g_hash_table_foreach_remove (self->subscriptions, is_value, subscription);
}

static gboolean
is_method (const char *method)
{
  static const char *const kept[] = {"ACK",   "BYE",      "CANCEL", "INVITE",
                                     "PRACK", "REGISTER", "UPDATE", NULL};

  if (method == NULL || *method == '\0' || g_strv_contains (kept, method))
    return FALSE;
  return strspn (method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-.!%*_+`'~0123456789") == strlen (method);
}

/**
 * sip_ua_request:
 * @self: a user agent that was started
 * @method: a method in capital letters; none of those that belong to calls and registrations
 * @target: whom to ask, in any form that sip_ua_normalize_target() reads
 * @options: (nullable): extra headers, a body and its type, anonymous
 * @error: where a method, a target or an option that cannot be used goes
 *
 * Sends a request outside of a dialog (RFC 3261 8.1). Nothing is sent before it returns; the
 * context's signals tell of the responses.
 *
 * Returns: (transfer full): the request, or %NULL with @error set
 */
SipClientContext *
sip_ua_request (SipUA *self,
                const char *method,
                const char *target,
                SipOptions *options,
                GError **error)
{
  g_autofree char *uri = NULL;
  g_autoptr (SipMessage) request = NULL;

  g_return_val_if_fail (SIP_IS_UA (self), NULL);

  if (!sip_ua_check_started (self, error) || !sip_options_check (options, 0, 0, error))
    return NULL;
  if (!is_method (method)) {
    g_set_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT, "Invalid method: %s",
                 method != NULL ? method : "none");
    return NULL;
  }
  uri = sip_ua_normalize_target (self, target, error);
  if (uri == NULL)
    return NULL;
  request = sip_ua_create_request (self, method, uri, options);
  sip_options_write_body (options, request);
  sip_ua_add_own_headers (self, request);
  return SIP_CLIENT_CONTEXT (sip_request_client_context_new (self, request));
}

/**
 * sip_ua_message:
 * @self: a user agent that was started
 * @target: whom to write, in any form that sip_ua_normalize_target() reads
 * @body: the text
 * @options: (nullable): extra headers, content-type (`text/plain` by default)
 * @error: where a target or an option that cannot be used goes
 *
 * Sends a text (RFC 3428).
 *
 * Returns: (transfer full): the request, or %NULL with @error set
 */
SipClientContext *
sip_ua_message (SipUA *self,
                const char *target,
                const char *body,
                SipOptions *options,
                GError **error)
{
  g_autoptr (SipOptions) complete = NULL;

  g_return_val_if_fail (SIP_IS_UA (self), NULL);

  if (body == NULL) {
    g_set_error_literal (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT, "Not enough arguments");
    return NULL;
  }
  complete = sip_options_copy (options);
  g_object_set (complete, "body", body, NULL);
  return sip_ua_request (self, "MESSAGE", target, complete, error);
}

/* What a notifier of @event sends, where that is known. */
static const char *
find_accepted_type (const char *event)
{
  static const struct {
    const char *event;
    const char *type;
  } rows[] = {
      {"message-summary", "application/simple-message-summary"},
      {"dialog", "application/dialog-info+xml"},
      {"presence", "application/pidf+xml"},
      {"reg", "application/reginfo+xml"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    if (g_str_equal (rows[i].event, event))
      return rows[i].type;
  }
  return NULL;
}

/**
 * sip_ua_subscribe:
 * @self: a user agent that was started
 * @target: whose news are wanted, in any form that sip_ua_normalize_target() reads
 * @event: what is wanted: `message-summary` for waiting messages (RFC 3842), `dialog` for the
 *   calls of another phone (RFC 4235) …
 * @options: (nullable): extra headers, a body and its type, expires (3600 s by default)
 * @error: where a target, an event or an option that cannot be used goes
 *
 * Subscribes to news (RFC 6665), and goes on until sip_subscription_unsubscribe().
 *
 * Returns: (transfer full): the subscription, or %NULL with @error set
 */
SipSubscription *
sip_ua_subscribe (SipUA *self,
                  const char *target,
                  const char *event,
                  SipOptions *options,
                  GError **error)
{
  g_autofree char *uri = NULL;
  g_autoptr (SipMessage) subscribe = NULL;
  const char *type;

  g_return_val_if_fail (SIP_IS_UA (self), NULL);

  if (!sip_ua_check_started (self, error) || !sip_options_check (options, 0, 0, error))
    return NULL;
  if (event == NULL || *event == '\0' ||
      strspn (event, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~") !=
          strlen (event)) {
    g_set_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT, "Invalid event: %s",
                 event != NULL ? event : "none");
    return NULL;
  }
  uri = sip_ua_normalize_target (self, target, error);
  if (uri == NULL)
    return NULL;
  type = find_accepted_type (event);
  subscribe = sip_ua_create_request (self, "SUBSCRIBE", uri, options);
  sip_message_add_header (subscribe, "Event", event);
  sip_message_add_header_printf (subscribe, "Expires", "%u",
                                 sip_options_read_number (options, "expires", 3600));
  if (type != NULL)
    sip_message_add_header (subscribe, "Accept", type);
  sip_options_write_body (options, subscribe);
  sip_ua_add_own_headers (self, subscribe);
  return sip_subscription_new (self, subscribe, event);
}
