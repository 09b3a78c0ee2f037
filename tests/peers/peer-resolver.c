/* peer-resolver.c - names as a test says: every host is this machine */

#include "peer-resolver.h"

G_DEFINE_FINAL_TYPE (PeerResolver, peer_resolver, G_TYPE_RESOLVER)

static void
answer_service (PeerResolver *self, GTask *task, const char *name)
{
  GPtrArray *targets = g_hash_table_lookup (self->services, name);
  GList *list = NULL;

  if (self->fails) {
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE, "down");
    return;
  }
  for (guint i = 0; targets != NULL && i < targets->len; i++)
    list = g_list_append (list, g_srv_target_copy (targets->pdata[i]));
  if (list == NULL)
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no %s", name);
  else
    g_task_return_pointer (task, g_srv_target_list_sort (list),
                           (GDestroyNotify)g_resolver_free_targets);
}

static void
lookup_service (GResolver *resolver,
                const char *name,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data)
{
  PeerResolver *self = PEER_RESOLVER (resolver);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  self->n_asked++;
  if (!self->waits) {
    answer_service (self, task, name);
    return;
  }
  g_task_set_task_data (task, g_strdup (name), g_free);
  g_queue_push_tail (&self->waiting, g_steal_pointer (&task));
}

/* The last one first. */
void
peer_resolver_answer (PeerResolver *self)
{
  GTask *task;

  self->waits = FALSE;
  while ((task = g_queue_pop_tail (&self->waiting)) != NULL) {
    answer_service (self, task, g_task_get_task_data (task));
    g_object_unref (task);
  }
}

static GList *
lookup_service_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static GList *
make_addresses (PeerResolver *self)
{
  g_auto (GStrv) words = g_strsplit (self->addresses, " ", -1);
  GList *list = NULL;

  for (gsize i = 0; words[i] != NULL; i++)
    list = g_list_append (list, g_inet_address_new_from_string (words[i]));
  return list;
}

static void
lookup_name (GResolver *resolver,
             const char *name,
             GResolverNameLookupFlags flags,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  if (PEER_RESOLVER (resolver)->fails)
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE, "down");
  else if (g_strcmp0 (name, PEER_RESOLVER (resolver)->unknown) == 0)
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no %s", name);
  else if (flags == G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY)
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no IPv6");
  else
    g_task_return_pointer (task, make_addresses (PEER_RESOLVER (resolver)),
                           (GDestroyNotify)g_resolver_free_addresses);
}

static void
lookup_plain_name (GResolver *resolver,
                   const char *name,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  lookup_name (resolver, name, G_RESOLVER_NAME_LOOKUP_FLAGS_DEFAULT, cancellable, callback,
               user_data);
}

static GList *
lookup_name_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
peer_resolver_finalize (GObject *object)
{
  g_queue_clear_full (&PEER_RESOLVER (object)->waiting, g_object_unref);
  g_hash_table_unref (PEER_RESOLVER (object)->services);
  G_OBJECT_CLASS (peer_resolver_parent_class)->finalize (object);
}

static void
peer_resolver_class_init (PeerResolverClass *klass)
{
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = peer_resolver_finalize;
  resolver_class->lookup_service_async = lookup_service;
  resolver_class->lookup_service_finish = lookup_service_finish;
  resolver_class->lookup_by_name_async = lookup_plain_name;
  resolver_class->lookup_by_name_finish = lookup_name_finish;
  resolver_class->lookup_by_name_with_flags_async = lookup_name;
  resolver_class->lookup_by_name_with_flags_finish = lookup_name_finish;
}

static void
peer_resolver_init (PeerResolver *self)
{
  self->addresses = "127.0.0.1";
  self->services =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
}

/* @service: as in _sip._udp.example.org */
void
peer_resolver_add (PeerResolver *self,
                   const char *service,
                   const char *host,
                   guint16 port,
                   guint16 priority)
{
  GPtrArray *targets = g_hash_table_lookup (self->services, service);

  if (targets == NULL) {
    targets = g_ptr_array_new_with_free_func ((GDestroyNotify)g_srv_target_free);
    g_hash_table_insert (self->services, g_strdup (service), targets);
  }
  g_ptr_array_add (targets, g_srv_target_new (host, port, priority, 0));
}
