/* sip-endpoint-host.c - where a host is
 *
 * Down: find_host() -> GResolver. Up: what it said or, where nobody can tell, what it said before.
 */

#include "sip-endpoint-private.h"

#include "sip-locator-private.h"

enum { MAX_KNOWN = 64 };

typedef struct {
  SipTarget *target;
  GCancellable *asking;
  SipTimers *timers;
  guint late_id; /* until what is known serves; 0 where nothing is */
} HostSearch;

static void
free_search (gpointer data)
{
  HostSearch *search = data;

  sip_timers_clear (search->timers, &search->late_id);
  g_object_unref (search->timers);
  g_object_unref (search->asking);
  sip_target_free (search->target);
  g_free (search);
}

static void
on_resolved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SipEndpoint *self = g_task_get_source_object (task);
  HostSearch *search = g_task_get_task_data (task);
  GError *error = NULL;
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);
  GInetAddress *address =
      addresses != NULL ? sip_choose_address (search->target, addresses, &error) : NULL;
  GInetAddress *known = g_hash_table_lookup (self->known_hosts, search->target->host);

  if (address != NULL) {
    if (known != NULL || g_hash_table_size (self->known_hosts) < MAX_KNOWN)
      g_hash_table_replace (self->known_hosts, g_strdup (search->target->host),
                            g_object_ref (address));
    g_task_return_pointer (task, sip_nat64_map (self->nat64, address), g_object_unref);
  } else if (g_task_return_error_if_cancelled (task)) {
    g_error_free (error);
  } else if (known != NULL) {
    g_error_free (error); /* the names are out: where it was serves as long as nobody can tell */
    g_task_return_pointer (task, sip_nat64_map (self->nat64, known), g_object_unref);
  } else {
    g_task_return_error (task, error);
  }
  g_resolver_free_addresses (addresses);
}

static void
on_late (gpointer user_data)
{
  HostSearch *search = user_data;

  search->late_id = 0;
  g_cancellable_cancel (search->asking);
}

static void
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

/* @target: whose host is a name, or an address in numbers */
void
sip_endpoint_find_host_async (SipEndpoint *self,
                              const SipTarget *target,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (target->host);
  g_autoptr (GResolver) resolver = NULL;
  HostSearch *search;

  g_task_set_source_tag (task, sip_endpoint_find_host_async);
  if (address != NULL) {
    g_task_return_pointer (task, sip_nat64_map (self->nat64, address), g_object_unref);
    return;
  }
  search = g_new0 (HostSearch, 1);
  search->target = sip_target_copy (target);
  search->asking = g_cancellable_new ();
  search->timers = g_object_ref (self->timers);
  g_task_set_task_data (task, search, free_search);
  if (g_hash_table_contains (self->known_hosts, target->host))
    search->late_id = sip_timers_add (self->timers, SIP_NAMES_TIME, on_late, search);
  if (cancellable != NULL)
    g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), g_object_ref (search->asking),
                           g_object_unref);
  resolver = g_resolver_get_default ();
  g_resolver_lookup_by_name_async (resolver, target->host, search->asking, on_resolved,
                                   g_steal_pointer (&task));
}

GInetAddress *
sip_endpoint_find_host_finish (SipEndpoint *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
