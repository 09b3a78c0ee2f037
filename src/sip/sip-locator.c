/* sip-locator.c - where the server of an address is (RFC 3263)
 *
 * Down: an address -> SRV records of each transport it leaves open, the safest first -> GResolver
 * Up:   the records -> targets in their order; without records the host itself, where there is one
 *
 * What has a port, or a number for a host, says it all and nobody is asked. NAPTR records are not
 * read: GResolver has none, and what they choose among is what is asked for here anyway.
 */

#include "sip-locator-private.h"

#include "sip-transport-private.h"

enum { MAX_TARGETS = 16 };

static const struct {
  const char *service;
  const char *protocol;
  const char *transport; /* as in a Via */
} services[] = {
    {"sips", "tcp", "TLS"},
    {"sip", "tcp", "TCP"},
    {"sip", "udp", "UDP"},
};

typedef struct {
  SipTarget *asked;
  guint n_waiting;                             /* answers */
  GPtrArray *records[G_N_ELEMENTS (services)]; /* of SipTarget, as they are answered; or NULL */
  GPtrArray *found;                            /* of SipTarget */
  GError *trouble; /* what may be otherwise another time; NULL for none */
} Search;

typedef struct {
  GTask *task;
  gsize service;
} Question;

static void
free_search (gpointer data)
{
  Search *search = data;

  g_clear_pointer (&search->asked, sip_target_free);
  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    g_clear_pointer (&search->records[i], g_ptr_array_unref);
  g_ptr_array_unref (search->found);
  g_clear_error (&search->trouble);
  g_free (search);
}

/* Takes @task. */
static void
finish (GTask *task)
{
  Search *search = g_task_get_task_data (task);

  if (search->found->len == 0 && search->trouble != NULL)
    g_task_return_error (task, g_steal_pointer (&search->trouble));
  else
    g_task_return_pointer (task, g_ptr_array_ref (search->found),
                           (GDestroyNotify)g_ptr_array_unref);
  g_object_unref (task);
}

static void
take_asked (GTask *task)
{
  Search *search = g_task_get_task_data (task);

  g_ptr_array_add (search->found, sip_target_copy (search->asked));
  finish (task);
}

static void
on_host (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Search *search = g_task_get_task_data (task);
  GList *addresses =
      g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &search->trouble);

  g_resolver_free_addresses (addresses);
  if (search->trouble != NULL)
    finish (task);
  else
    take_asked (task);
}

static GPtrArray *
read_records (Search *search, GList *records, gsize service)
{
  GPtrArray *targets = g_ptr_array_new_with_free_func ((GDestroyNotify)sip_target_free);

  for (GList *l = records; l != NULL && targets->len < MAX_TARGETS; l = l->next) {
    const char *host = g_srv_target_get_hostname (l->data);
    SipTarget *target;

    if (*host == '\0' || g_str_equal (host, "."))
      continue; /* RFC 2782: there is no such service, and that for sure */
    if (sip_host_is_local (host) && !sip_host_is_local (search->asked->host))
      continue; /* nobody far away knows who is here */
    target = sip_target_copy (search->asked);
    target->protocol = services[service].transport;
    target->port = g_srv_target_get_port (l->data);
    g_free (target->host);
    target->host = g_strdup (host);
    g_ptr_array_add (targets, target);
  }
  return targets;
}

/* The safest first, whoever answered first. Takes @task. */
static void
take_records (GTask *task)
{
  Search *search = g_task_get_task_data (task);
  g_autoptr (GResolver) resolver = g_resolver_get_default ();

  if (g_task_return_error_if_cancelled (task)) {
    g_object_unref (task);
    return;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (services); i++) {
    if (search->records[i] != NULL)
      g_ptr_array_extend_and_steal (search->found, g_steal_pointer (&search->records[i]));
  }
  if (search->found->len > MAX_TARGETS)
    g_ptr_array_set_size (search->found, MAX_TARGETS);
  if (search->found->len == 0 && search->trouble == NULL)
    g_resolver_lookup_by_name_async (resolver, search->asked->host, g_task_get_cancellable (task),
                                     on_host, task);
  else
    finish (task);
}

static void
on_records (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Question *question = user_data;
  Search *search = g_task_get_task_data (question->task);
  g_autoptr (GError) error = NULL;
  GList *records = g_resolver_lookup_service_finish (G_RESOLVER (source), result, &error);

  search->records[question->service] = read_records (search, records, question->service);
  g_resolver_free_targets (records);
  if (error != NULL && !g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND)) {
    g_clear_error (&search->trouble);
    search->trouble = g_steal_pointer (&error);
  }
  if (--search->n_waiting == 0)
    take_records (question->task);
}

/* All at once: where nobody answers, each takes its time. Takes @task. */
static void
ask (GTask *task)
{
  Search *search = g_task_get_task_data (task);
  g_autoptr (GResolver) resolver = g_resolver_get_default ();

  for (gsize i = 0; i < G_N_ELEMENTS (services); i++) {
    Question *question;

    if (!search->asked->is_open && !g_str_equal (services[i].transport, search->asked->protocol))
      continue;
    question = g_new (Question, 1);
    *question = (Question){task, i};
    search->n_waiting++;
    g_resolver_lookup_service_async (resolver, services[i].service, services[i].protocol,
                                     search->asked->host, g_task_get_cancellable (task), on_records,
                                     question);
  }
}

void
sip_locate_async (const char *uri,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Search *search = g_new0 (Search, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, sip_locate_async);
  search->found = g_ptr_array_new_with_free_func ((GDestroyNotify)sip_target_free);
  search->asked = sip_target_parse (uri, &error);
  g_task_set_task_data (task, search, free_search);
  if (search->asked == NULL) {
    g_task_return_error (task, error);
    g_object_unref (task);
  } else if (sip_target_is_final (search->asked)) {
    take_asked (task);
  } else {
    ask (task);
  }
}

GPtrArray *
sip_locate_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The first that there is a route to, of version 4 where there is one: a stream notices that
 * version 6 leads nowhere, and takes the other one; datagrams do not. NULL where @target can be at
 * none of them.
 */
GInetAddress *
sip_choose_address (const SipTarget *target, GList *addresses, GError **error)
{
  GInetAddress *best = NULL, *any = NULL;

  for (GList *l = addresses; l != NULL; l = l->next) {
    g_autoptr (GSocketAddress) to = g_inet_socket_address_new (l->data, target->port);
    g_autoptr (GInetSocketAddress) from = sip_transport_probe (to);

    if (!sip_host_check_address (target->host, l->data, NULL))
      continue;
    if (from != NULL && g_socket_address_get_family (to) == G_SOCKET_FAMILY_IPV4)
      return l->data;
    if (from != NULL && best == NULL)
      best = l->data;
    if (any == NULL)
      any = l->data;
  }
  if (any == NULL)
    sip_host_check_address (target->host, addresses->data, error);
  return best != NULL ? best : any;
}
