/* ui-guess.c - which host somebody meant who typed one that nobody knows
 *
 * Down: a host -> one that this phone knows and that is spelt almost alike, else `sip.` before it
 *       -> GResolver
 *
 * Only names are asked for; nobody is spoken to whom the person did not name.
 */

#include "ui-guess.h"

#include <string.h>

/* What a slip of the fingers does: a letter too many, too few, another one, or two exchanged. */
static gboolean
is_slip (const char *a, const char *b)
{
  gsize n = strlen (a), m = strlen (b), start = 0, end = 0;

  while (start < MIN (n, m) && a[start] == b[start])
    start++;
  while (end < MIN (n, m) - start && a[n - 1 - end] == b[m - 1 - end])
    end++;
  n -= start + end;
  m -= start + end;
  return n + m > 0 && ((n <= 1 && m <= 1) ||
                       (n == 2 && m == 2 && a[start] == b[start + 1] && a[start + 1] == b[start]));
}

static void
on_addresses (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, NULL);

  g_task_return_pointer (task, addresses != NULL ? g_strdup (g_task_get_task_data (task)) : NULL,
                         g_free);
  g_resolver_free_addresses (addresses);
}

/* @host: without a port; @known: hosts that work */
void
ui_guess_host_async (const char *host,
                     const char *const *known,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  char *below = g_strconcat ("sip.", host, NULL);

  g_task_set_source_tag (task, ui_guess_host_async);
  g_task_set_task_data (task, below, g_free);
  for (guint i = 0; known[i] != NULL; i++) {
    if (is_slip (host, known[i])) {
      g_task_return_pointer (task, g_strdup (known[i]), g_free);
      return;
    }
  }
  if (g_str_has_prefix (host, "sip."))
    g_task_return_pointer (task, NULL, NULL);
  else
    g_resolver_lookup_by_name_async (resolver, below, cancellable, on_addresses,
                                     g_steal_pointer (&task));
}

/* NULL where there is no better guess, or it was given up. */
char *
ui_guess_host_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

/* An address or a server with another host in the place of its last @host. */
char *
ui_guess_put (const char *text, const char *host, const char *meant)
{
  const char *at = g_strrstr (text, host);

  return at != NULL
             ? g_strdup_printf ("%.*s%s%s", (int)(at - text), text, meant, at + strlen (host))
             : g_strdup (text);
}
