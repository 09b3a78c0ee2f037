/* app-provision.c - adds accounts from a file without a window and without a display
 *
 * Used where no phone runs yet; one that runs adds them itself, because it has the list.
 */

#include "app-provision.h"

#include "store-accounts.h"

#include <glib/gi18n.h>

typedef struct {
  GMainLoop *loop;
  int status;
} Outcome;

static void
on_provisioned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;
  StoreAccounts *accounts = STORE_ACCOUNTS (source);
  g_autoptr (GError) error = NULL;

  if (!store_accounts_provision_finish (accounts, result, &error)) {
    g_printerr ("%s\n", error->message);
    outcome->status = 1;
  } else if (!store_keyring_get_available (store_accounts_get_keyring (accounts))) {
    g_printerr ("%s\n", _ ("There is no keyring here, so no password was kept. Run this again "
                           "while Ahoy runs, or type the password in its window."));
  }
  g_main_loop_quit (outcome->loop);
}

/* Returns the status to exit with. The loop is this program's only one: the application's has not
 * begun. */
int
app_provision (const char *path)
{
  g_autoptr (GSettings) settings = g_settings_new (APPLICATION_ID);
  g_autoptr (StoreKeyring) keyring = store_keyring_new ();
  g_autoptr (StoreAccounts) accounts = store_accounts_new (settings, keyring);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Outcome outcome = {.loop = loop, .status = 0};

  store_accounts_provision_async (accounts, path, NULL, on_provisioned, &outcome);
  g_main_loop_run (loop);
  g_settings_sync ();
  return outcome.status;
}
