/* sip-ua-server.c - which of its servers a user agent uses, and when it tries the next
 *
 * Down: sip_ua_try_target() -> sip_locate_async() -> sip_ua_use_target(); a network that changed.
 * Up:   a way that was lost, or a registration that failed -> the next server, or the first, later
 *       (RFC 3263 4.3).
 */

#include "sip-error.h"
#include "sip-locator-private.h"
#include "sip-message-private.h"
#include "sip-session-private.h"
#include "sip-transport-private.h"
#include "sip-ua-private.h"

enum {
  RETRY_FIRST = 1,     /* seconds */
  RETRY_LAST = 60,     /* seconds */
  FALL_OVER = 500,     /* milliseconds to the next server at the most */
  LONGEST_REST = 3600, /* seconds that a server may ask for */
  STEADY = 120,        /* seconds that a way has to last to be a good one (RFC 5626 4.5) */
  SETTLE = 1000,       /* milliseconds that news of the network are waited for */
  UNSETTLED = 5000,    /* milliseconds until it is looked at though they go on */
};

static SipTimers *
get_timers (SipUA *self)
{
  return sip_endpoint_get_timers (self->endpoint);
}

static void
on_retry (gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  self->retry_id = 0;
  sip_ua_set_retry_delay (self, 0);
  sip_nat64_look (self->nat64);
  sip_ua_try_target (self);
}

void
sip_ua_retry_in (SipUA *self, gint64 milliseconds)
{
  sip_timers_clear (get_timers (self), &self->retry_id);
  self->retry_id = sip_timers_add (get_timers (self), milliseconds, on_retry, self);
  sip_ua_set_retry_delay (self, (milliseconds + 999) / 1000);
}

/* Twice as long each time, and not in step with all the others that lost the same server
 * (RFC 5626 4.5).
 */
void
sip_ua_try_later (SipUA *self)
{
  gint64 longest = (gint64)self->retry_after * 1000;

  self->retry_after = MIN (self->retry_after * 2, RETRY_LAST);
  sip_ua_retry_in (self, g_random_int_range (longest / 2, longest + 1));
}

/* For how many milliseconds a server wants to be left alone. */
static gint64
get_rest (SipUA *self, guint index)
{
  g_autofree char *uri = sip_target_dup_uri (self->targets->pdata[index]);
  gint64 *until = g_hash_table_lookup (self->resting, uri);

  return until != NULL ? MAX (*until - sip_timers_now (), 0) : 0;
}

static guint
find_rested (SipUA *self, guint first)
{
  guint best = first;

  for (guint i = first; i < self->targets->len; i++) {
    if (get_rest (self, i) < get_rest (self, best))
      best = i;
  }
  return best;
}

/* To the server that is next and does not want to be left alone; after the last one it begins with
 * the first such, in time.
 */
void
sip_ua_fall_over (SipUA *self)
{
  guint next = self->target_index + 1;

  if (next < self->targets->len)
    next = find_rested (self, next);
  if (next < self->targets->len && get_rest (self, next) == 0) {
    self->target_index = next;
    sip_ua_retry_in (self, g_random_int_range (0, FALL_OVER));
    return;
  }
  self->target_index = find_rested (self, 0);
  sip_ua_try_later (self);
  if (get_rest (self, self->target_index) > 0)
    sip_ua_retry_in (self, get_rest (self, self->target_index));
}

/* A server that was found with encryption is not left for one without, whatever the names say
 * later; and one that needs a stream is not mixed with one that does not.
 */
void
sip_ua_take_targets (SipUA *self, GPtrArray *targets)
{
  const SipTarget *first = self->targets != NULL ? self->targets->pdata[0] : targets->pdata[0];
  g_autoptr (GPtrArray) alike = g_ptr_array_new_with_free_func ((GDestroyNotify)sip_target_free);

  for (guint i = 0; i < targets->len; i++) {
    const SipTarget *target = targets->pdata[i];

    if (g_str_equal (target->protocol, first->protocol))
      g_ptr_array_add (alike, sip_target_copy (target));
  }
  if (alike->len == 0)
    return;
  g_clear_pointer (&self->targets, g_ptr_array_unref);
  self->targets = g_steal_pointer (&alike);
}

static void
on_located (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SipUA) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) targets = sip_locate_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* stopped, or asked again */
  g_clear_object (&self->locating);
  sip_timers_clear (get_timers (self), &self->names_id);
  if (targets != NULL)
    sip_ua_take_targets (self, targets);
  if (self->targets != NULL) {
    sip_ua_use_target (self);
    return;
  }
  sip_ua_try_later (self);
  sip_ua_lose (self, error);
}

static void
on_names_late (gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  self->names_id = 0;
  g_cancellable_cancel (self->locating);
  g_clear_object (&self->locating);
  sip_ua_use_target (self);
}

/* Looks again where the server is with every round; what was known before serves where nobody
 * can tell.
 */
void
sip_ua_try_target (SipUA *self)
{
  const char *server = self->server != NULL ? self->server : self->uri;

  if (self->locating != NULL)
    return;
  if (self->target_index > 0) {
    sip_ua_use_target (self);
    return;
  }
  self->locating = g_cancellable_new ();
  if (self->targets != NULL)
    self->names_id = sip_timers_add (get_timers (self), SIP_NAMES_TIME, on_names_late, self);
  sip_locate_async (server, self->locating, on_located, g_object_ref (self));
}

/* Whether what we send to the server leaves by another address than it did the last time, be it
 * one of the other version of IP.
 */
static gboolean
note_move (SipUA *self)
{
  g_autoptr (GInetSocketAddress) now = NULL;

  if (self->server_address == NULL || self->own_address == NULL)
    return FALSE;
  now = sip_transport_find_way_to (self->server_address);
  if (now == NULL ||
      g_inet_address_equal (g_inet_socket_address_get_address (now), self->own_address))
    return FALSE;
  g_set_object (&self->own_address, g_inet_socket_address_get_address (now));
  return TRUE;
}

/* News come in swarms, and a route is not there with the first of them. Media may go another way
 * than messages do.
 */
static void
on_settled (gpointer user_data)
{
  g_autoptr (SipUA) self = g_object_ref (user_data);

  self->network_id = 0;
  sip_nat64_look (self->nat64);
  if (self->retry_id != 0) {
    sip_ua_retry_in (self, self->targets != NULL ? get_rest (self, self->target_index) : 0);
  } else if (note_move (self)) {
    sip_ua_reconnect (self);
  } else {
    sip_registration_hurry (self->registration);
    sip_ua_tell_calls (self, sip_session_move_media);
  }
}

/* What the monitor calls available is a way to everywhere; neighbours need none. */
static void
on_network_changed (SipUA *self, gboolean available)
{
  gint64 now = sip_timers_now ();

  if (self->endpoint == NULL)
    return;
  if (self->network_id == 0)
    self->unsettled_at = now;
  sip_timers_clear (get_timers (self), &self->network_id);
  self->network_id = sip_timers_add (
      get_timers (self), MIN (SETTLE, self->unsettled_at + UNSETTLED - now), on_settled, self);
}

/* From the first time on that there is a way, or none. To make the monitor takes as long as all
 * else of a start: it waits for the system's bus.
 */
void
sip_ua_watch_network (SipUA *self)
{
  if (self->network != NULL)
    return;
  self->network = g_object_ref (g_network_monitor_get_default ());
  g_signal_connect_object (self->network, "network-changed", G_CALLBACK (on_network_changed), self,
                           G_CONNECT_SWAPPED);
}

/* Who has IPv4 only could not be reached before. */
static void
on_nat64_found (SipUA *self)
{
  if (self->endpoint == NULL)
    return;
  sip_ua_hurry (self);
  sip_registration_hurry (self->registration);
}

/* Where the media of a call goes on with IPv4 is known now, or that it does not. */
static void
on_nat64_looking (SipUA *self)
{
  if (self->endpoint != NULL && !sip_nat64_get_looking (self->nat64))
    sip_ua_tell_calls (self, sip_session_move_media);
}

/* Nobody was asked yet. */
void
sip_ua_find_server (SipUA *self)
{
  self->retry_after = RETRY_FIRST;
  g_signal_connect_object (self->nat64, "notify::looking", G_CALLBACK (on_nat64_looking), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->nat64, "found", G_CALLBACK (on_nat64_found), self,
                           G_CONNECT_SWAPPED);
  sip_nat64_look (self->nat64);
}

static void
on_steady (gpointer user_data)
{
  SipUA *self = user_data;

  self->steady_id = 0;
  self->retry_after = RETRY_FIRST;
}

/* It serves us. */
void
sip_ua_hold_server (SipUA *self)
{
  if (self->steady_id == 0)
    self->steady_id = sip_timers_add (get_timers (self), STEADY * 1000, on_steady, self);
  sip_ua_expect_first (self);
}

void
sip_ua_forget_server (SipUA *self)
{
  if (self->network != NULL)
    g_signal_handlers_disconnect_by_data (self->network, self);
  g_clear_object (&self->network);
  g_signal_handlers_disconnect_by_data (self->nat64, self);
  sip_nat64_stop (self->nat64);
  if (self->locating != NULL)
    g_cancellable_cancel (self->locating);
  g_clear_object (&self->locating);
  if (self->endpoint == NULL)
    return;
  sip_timers_clear (get_timers (self), &self->retry_id);
  sip_ua_forget_first (self);
  sip_timers_clear (get_timers (self), &self->steady_id);
  sip_timers_clear (get_timers (self), &self->network_id);
  sip_timers_clear (get_timers (self), &self->names_id);
}

/* A request wants to go: do not let it wait for the next try of a lost stream. */
void
sip_ua_hurry (SipUA *self)
{
  if (self->retry_id == 0)
    return;
  sip_timers_clear (get_timers (self), &self->retry_id);
  sip_ua_set_retry_delay (self, 0);
  sip_ua_try_target (self);
}

static void
let_rest (SipUA *self, guint seconds)
{
  gint64 *until = g_new (gint64, 1);

  *until = sip_timers_now () + (gint64)seconds * 1000;
  g_hash_table_replace (self->resting, sip_target_dup_uri (self->target), until);
}

static gboolean
has_others (SipUA *self)
{
  return self->targets != NULL && self->targets->len > 1;
}

void
sip_ua_doubt_way (SipUA *self)
{
  if (self->registration != NULL)
    sip_registration_doubt (self->registration);
}

/* Its name leads nowhere, and there is no other one: the same for a server that takes datagrams as
 * for one that is connected to. @no_way: (nullable): why a request did not leave. Returns whether
 * that was it
 */
gboolean
sip_ua_note_unknown (SipUA *self, const GError *no_way)
{
  if (self->status != SIP_UA_STATUS_READY || no_way == NULL || no_way->domain != G_RESOLVER_ERROR ||
      has_others (self))
    return FALSE;
  sip_ua_try_later (self);
  sip_ua_lose (self, no_way);
  return TRUE;
}

/* The server took no notice of a registration, or cannot serve it now (RFC 3263 4.3). @seconds: for
 * which it wants to be left alone, or 0
 */
void
sip_ua_note_failure (SipUA *self, guint code, guint seconds)
{
  g_autoptr (GError) error = NULL;
  gboolean is_silent = code == 408 && self->stream != NULL;

  if (self->status != SIP_UA_STATUS_READY || (code != 408 && code != 503) ||
      (!has_others (self) && !is_silent))
    return;
  g_set_error (&error, SIP_ERROR, SIP_ERROR_TRANSPORT, "%s does not serve us now",
               self->target->host);
  if (self->stream != NULL)
    sip_endpoint_drop (self->endpoint, self->stream);
  let_rest (self, MIN (seconds, LONGEST_REST));
  sip_ua_fall_over (self);
  sip_ua_lose (self, error);
}

/* Nothing is there. Where it is the only one it may be about to start, and is asked on. */
void
sip_ua_note_refused (SipUA *self, GSocketAddress *to)
{
  if (has_others (self) && sip_registration_is_asking (self->registration, to))
    sip_ua_note_failure (self, 503, 0);
}

/**
 * sip_ua_reconnect:
 * @self: a user agent that was started
 *
 * Makes the way to the server anew at once, for the machine woke up, or has another address now:
 * connects again, registers again, and tells every call that is on where this side is now. Does
 * nothing before sip_ua_start(). A change of the network is noticed without it.
 */
void
sip_ua_reconnect (SipUA *self)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (SIP_IS_UA (self));

  if (self->endpoint == NULL || self->stop_task != NULL || self->locating != NULL)
    return;
  self->retry_after = RETRY_FIRST;
  sip_endpoint_drop_streams (self->endpoint, NULL);
  if (self->targets == NULL && self->target == NULL) { /* each request finds its own way */
    sip_ua_tell_calls (self, sip_session_move_media);
    return;
  }
  sip_ua_retry_in (self, 0);
  if (self->status != SIP_UA_STATUS_READY)
    return;
  g_set_error_literal (&error, SIP_ERROR, SIP_ERROR_TRANSPORT, "The network has changed");
  sip_registration_lost (self->registration); /* the server that it asks has not failed us */
  if (self->stream != NULL)
    sip_endpoint_drop (self->endpoint, self->stream);
  sip_ua_lose (self, error);
}
