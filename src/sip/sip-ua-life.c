/* sip-ua-life.c - start, registration and stop of a user agent
 *
 * Down: sip_ua_start() -> SipEndpoint, SipRegistration; sip_ua_stop_async() ends them in order.
 * Up:   SipEndpoint -> sip_ua_receive(); SipRegistration -> registered and its kin.
 */

#include "sip-error.h"
#include "sip-refer-server-context-private.h"
#include "sip-session-private.h"
#include "sip-subscription-private.h"
#include "sip-ua-private.h"

enum { STOP_TIME = 2000 }; /* milliseconds that the last requests are given */

static void
finish_stop (SipUA *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->stop_task);
  g_autoptr (GList) sessions = g_hash_table_get_values (self->sessions);
  g_autoptr (GList) subscriptions = g_hash_table_get_values (self->subscriptions);

  sip_timers_clear (sip_endpoint_get_timers (self->endpoint), &self->stop_id);
  g_list_foreach (sessions, (GFunc)(void (*) (void))g_object_ref, NULL);
  for (GList *l = sessions; l != NULL; l = l->next) {
    sip_session_end (l->data, NULL, "Canceled", SIP_CAUSE_CANCELED);
    g_object_unref (l->data);
  }
  g_hash_table_remove_all (self->requests);
  g_list_foreach (subscriptions, (GFunc)(void (*) (void))g_object_ref, NULL);
  for (GList *l = subscriptions; l != NULL; l = l->next) {
    sip_subscription_stop (l->data);
    g_object_unref (l->data);
  }
  for (guint i = 0; i < self->referrals->len; i++)
    sip_refer_server_context_stop (g_ptr_array_index (self->referrals, i));
  g_ptr_array_set_size (self->referrals, 0);
  g_ptr_array_set_size (self->late, 0);
  g_clear_object (&self->registration);
  sip_ua_disconnect (self);
  g_clear_object (&self->endpoint);
  sip_ua_set_status (self, SIP_UA_STATUS_USER_CLOSED);
  sip_ua_emit (self, SIP_UA_STOPPED);
  g_task_return_boolean (task, TRUE);
}

static void
on_stop_time (gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  self->stop_id = 0;
  finish_stop (self);
}

void
sip_ua_check_stop (SipUA *self)
{
  if (self->stop_task != NULL && g_hash_table_size (self->requests) == 0 &&
      g_hash_table_size (self->sessions) == 0 && !sip_registration_is_pending (self->registration))
    finish_stop (self);
}

static gboolean
on_stop_turn (gpointer user_data)
{
  sip_ua_check_stop (user_data);
  return G_SOURCE_REMOVE;
}

/* Not from inside a session that has not told of its end yet. */
void
sip_ua_check_stop_later (SipUA *self)
{
  if (self->stop_task != NULL)
    g_idle_add_full (G_PRIORITY_DEFAULT, on_stop_turn, g_object_ref (self), g_object_unref);
}

static gboolean
on_request (SipEndpoint *endpoint,
            SipTransaction *transaction,
            SipMessage *request,
            gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  return sip_ua_receive (self, transaction, request);
}

static void
on_ack (SipEndpoint *endpoint, SipMessage *ack, gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  sip_ua_receive_ack (self, ack);
}

static void
on_refused (SipEndpoint *endpoint, GSocketAddress *to, gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  sip_ua_note_refused (self, to);
}

static void
on_registered (SipRegistration *registration, SipMessage *response, gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  g_object_notify (G_OBJECT (self), "registered");
  sip_ua_emit (self, SIP_UA_REGISTERED, response);
}

static void
on_unregistered (SipRegistration *registration,
                 SipMessage *response,
                 const char *cause,
                 gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  g_object_notify (G_OBJECT (self), "registered");
  sip_ua_emit (self, SIP_UA_UNREGISTERED, response, cause);
  sip_ua_check_stop (self);
}

static void
on_registration_failed (SipRegistration *registration,
                        SipMessage *response,
                        const char *cause,
                        gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  g_object_notify (G_OBJECT (self), "registered");
  sip_ua_emit (self, SIP_UA_REGISTRATION_FAILED, response, cause);
}

/**
 * sip_ua_start:
 * @self: a user agent
 * @error: where a wrong property (%SIP_ERROR_CONFIGURATION) or a port in use goes
 *
 * Connects to the server and registers, as its properties say. Goes on by itself from there:
 * `connected`, `registered` and their counterparts tell how it fares.
 *
 * Returns: %TRUE where it is on its way, also where it was already
 */
gboolean
sip_ua_start (SipUA *self, GError **error)
{
  g_return_val_if_fail (SIP_IS_UA (self), FALSE);

  if (self->status != SIP_UA_STATUS_INIT && self->status != SIP_UA_STATUS_USER_CLOSED)
    return TRUE;
  if (self->endpoint == NULL) {
    self->endpoint = sip_endpoint_new (self->nat64);
    g_signal_connect_object (self->endpoint, "request", G_CALLBACK (on_request), self, 0);
    g_signal_connect_object (self->endpoint, "ack", G_CALLBACK (on_ack), self, 0);
    g_signal_connect_object (self->endpoint, "refused", G_CALLBACK (on_refused), self, 0);
  }
  if (!sip_ua_connect (self, error)) {
    g_clear_object (&self->endpoint);
    return FALSE;
  }
  g_signal_connect_object (self->registration, "registered", G_CALLBACK (on_registered), self, 0);
  g_signal_connect_object (self->registration, "unregistered", G_CALLBACK (on_unregistered), self,
                           0);
  g_signal_connect_object (self->registration, "failed", G_CALLBACK (on_registration_failed), self,
                           0);
  return TRUE;
}

/**
 * sip_ua_stop_async:
 * @self: a user agent
 * @callback: (nullable): called when all is ended
 * @user_data: handed to @callback
 *
 * Ends all calls, takes back the registration and closes; what is not answered after two seconds
 * is given up.
 */
void
sip_ua_stop_async (SipUA *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (SipUA) guard = NULL;
  g_autoptr (GTask) task = NULL;
  g_autoptr (GList) sessions = NULL, subscriptions = NULL;

  g_return_if_fail (SIP_IS_UA (self));

  guard = g_object_ref (self);
  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, sip_ua_stop_async);
  if (self->stop_task != NULL) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "%s is being stopped",
                             self->uri);
    return;
  }
  if (self->endpoint == NULL) {
    g_task_return_boolean (task, TRUE);
    return;
  }
  sessions = g_hash_table_get_values (self->sessions);
  g_list_foreach (sessions, (GFunc)(void (*) (void))g_object_ref, NULL);
  for (GList *l = sessions; l != NULL; l = l->next) {
    sip_session_terminate (l->data, NULL, NULL);
    g_object_unref (l->data);
  }
  subscriptions = g_hash_table_get_values (self->subscriptions);
  g_list_foreach (subscriptions, (GFunc)(void (*) (void))g_object_ref, NULL);
  for (GList *l = subscriptions; l != NULL; l = l->next) {
    sip_subscription_unsubscribe (l->data, NULL);
    g_object_unref (l->data);
  }
  if (sip_registration_is_registered (self->registration))
    sip_registration_remove (self->registration, NULL);
  else
    sip_registration_lost (self->registration);
  self->stop_task = g_steal_pointer (&task);
  self->stop_id =
      sip_timers_add (sip_endpoint_get_timers (self->endpoint), STOP_TIME, on_stop_time, self);
  sip_ua_check_stop (self);
}

/**
 * sip_ua_stop_finish:
 * @self: a user agent
 * @result: what the callback was given
 * @error: where a failure goes
 *
 * Ends [method@Sip.UA.stop_async].
 *
 * Returns: %TRUE where all is ended
 */
gboolean
sip_ua_stop_finish (SipUA *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
sip_ua_check_started (SipUA *self, GError **error)
{
  if (self->endpoint != NULL && self->stop_task == NULL)
    return TRUE;
  g_set_error_literal (error, SIP_ERROR, SIP_ERROR_INVALID_STATE, "The user agent is not started");
  return FALSE;
}

/**
 * sip_ua_register:
 * @self: a user agent
 * @options: (nullable): extra headers, kept for the refreshes
 * @error: where a wrong state or option goes
 *
 * Registers now and from now on (RFC 3261 10.2).
 *
 * Returns: %TRUE where the REGISTER is on its way
 */
gboolean
sip_ua_register (SipUA *self, SipOptions *options, GError **error)
{
  g_return_val_if_fail (SIP_IS_UA (self), FALSE);

  if (!sip_ua_check_started (self, error) || !sip_options_check (options, 0, 0, error))
    return FALSE;
  g_object_set (self, "auto-register", TRUE, NULL);
  sip_registration_start (self->registration, options);
  return TRUE;
}

/**
 * sip_ua_unregister:
 * @self: a user agent
 * @options: (nullable): extra headers
 * @error: where a wrong state or option goes
 *
 * Takes the registration back, and registers no more by itself (RFC 3261 10.2.2).
 *
 * Returns: %TRUE where the REGISTER is on its way
 */
gboolean
sip_ua_unregister (SipUA *self, SipOptions *options, GError **error)
{
  g_return_val_if_fail (SIP_IS_UA (self), FALSE);

  if (!sip_ua_check_started (self, error) || !sip_options_check (options, 0, 0, error))
    return FALSE;
  g_object_set (self, "auto-register", FALSE, NULL);
  sip_registration_remove (self->registration, options);
  return TRUE;
}

/**
 * sip_ua_is_registered:
 * @self: a user agent
 *
 * Tells whether calls for the address come here now (RFC 3261 10).
 *
 * Returns: whether its server knows where to reach it
 */
gboolean
sip_ua_is_registered (SipUA *self)
{
  g_return_val_if_fail (SIP_IS_UA (self), FALSE);

  return self->registration != NULL && sip_registration_is_registered (self->registration);
}
