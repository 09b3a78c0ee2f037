/* store-fixture.c - settings in memory, and asynchronous calls that are waited
 * for */

#define G_SETTINGS_ENABLE_BACKEND

#include "test-store.h"

#include <gio/gsettingsbackend.h>
#include <glib/gstdio.h>
#include <libsecret/secret.h>

void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->backend = g_memory_settings_backend_new ();
  fixture->settings = g_settings_new_with_backend ("io.github.ahoyphone.Ahoy", fixture->backend);
  fixture->keyring = store_keyring_new ();
  fixture->accounts = store_accounts_new (fixture->settings, fixture->keyring);
  fixture->folder = g_dir_make_tmp ("ahoy-store-XXXXXX", NULL);
  g_assert_nonnull (fixture->folder);
}

/* Every test ends here: no object left alive. */
void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = g_build_filename (fixture->folder, "accounts", NULL);

  g_assert_finalize_object (fixture->accounts);
  /* The password of an account that was replaced is forgotten with nobody waiting for it. */
  while (G_OBJECT (fixture->keyring)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (fixture->keyring);
  g_clear_object (&fixture->settings);
  g_clear_object (&fixture->backend);
  g_unlink (file);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

gboolean
save (StoreAccounts *accounts, StoreAccount *account, const char *password)
{
  return save_both (accounts, account, password, NULL);
}

gboolean
save_both (StoreAccounts *accounts,
           StoreAccount *account,
           const char *password,
           const char *turn_password)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  store_accounts_save_async (accounts, account, password, turn_password, NULL, keep_result,
                             &result);
  wait_for (&result);

  gboolean saved = store_accounts_save_finish (accounts, result, &error);

  g_assert_no_error (error);
  return saved;
}

gboolean
provision (StoreAccounts *accounts, const char *path, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  store_accounts_provision_async (accounts, path, NULL, keep_result, &result);
  wait_for (&result);
  return store_accounts_provision_finish (accounts, result, error);
}

char *
load_password (StoreKeyring *keyring, const char *id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  store_keyring_load_async (keyring, id, NULL, keep_result, &result);
  wait_for (&result);

  char *password = store_keyring_load_finish (keyring, result, &error);
  char *copy = g_strdup (password);

  g_assert_no_error (error);
  secret_password_free (password);
  return copy;
}
