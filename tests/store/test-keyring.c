/* test-keyring.c - a password goes into a real keyring and comes back to another program's hand */

#include "test-store.h"

#include <libsecret/secret.h>

#define DAEMON "gnome-keyring-daemon"
#define PASSWORD "correct horse battery staple"

typedef struct {
  GSubprocess *daemon;
} Keyring;

static void
on_appeared (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  *(gboolean *)user_data = TRUE;
}

static void
wait_for_keyring (void)
{
  gboolean appeared = FALSE;
  guint id = g_bus_watch_name (G_BUS_TYPE_SESSION, "org.freedesktop.secrets",
                               G_BUS_NAME_WATCHER_FLAGS_NONE, on_appeared, NULL, &appeared, NULL);

  while (!appeared)
    g_main_context_iteration (NULL, TRUE);
  g_bus_unwatch_name (id);
}

static void
keyring_up (Keyring *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->daemon =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error,
                        DAEMON, "--unlock", "--foreground", "--components=secrets", NULL);
  g_assert_no_error (error);

  GOutputStream *in = g_subprocess_get_stdin_pipe (fixture->daemon);

  g_output_stream_write_all (in, "pass", 4, NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_close (in, NULL, &error);
  g_assert_no_error (error);

  wait_for_keyring ();
}

static void
keyring_down (Keyring *fixture, gconstpointer data)
{
  secret_service_disconnect ();
  g_subprocess_force_exit (fixture->daemon);
  g_subprocess_wait (fixture->daemon, NULL, NULL);
  g_clear_object (&fixture->daemon);
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

static void
test_round_trip (Keyring *fixture, gconstpointer data)
{
  g_autoptr (StoreKeyring) keyring = store_keyring_new ();
  g_autoptr (StoreKeyring) other = store_keyring_new ();
  g_autoptr (GAsyncResult) saved = NULL, cleared = NULL;
  g_autoptr (GError) error = NULL;

  store_keyring_save_async (keyring, "one", "Ahoy: Work", PASSWORD, NULL, keep_result, &saved);
  wait_for (&saved);
  g_assert_true (store_keyring_save_finish (keyring, saved, &error));
  g_assert_no_error (error);
  g_assert_true (store_keyring_get_available (keyring));

  g_autofree char *password = load_password (other, "one");
  g_autofree char *missing = load_password (other, "two");

  g_assert_cmpstr (password, ==, PASSWORD);
  g_assert_null (missing);

  store_keyring_clear_async (keyring, "one", NULL, keep_result, &cleared);
  wait_for (&cleared);
  g_assert_true (store_keyring_clear_finish (keyring, cleared, &error));

  g_autofree char *gone = load_password (other, "one");

  g_assert_null (gone);
}

int
main (int argc, char **argv)
{
  g_autofree char *daemon = g_find_program_in_path (DAEMON);
  g_autofree char *home = g_dir_make_tmp ("ahoy-keyring-XXXXXX", NULL);

  g_setenv ("HOME", home, TRUE);
  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", home, TRUE);
  g_unsetenv ("GNOME_KEYRING_CONTROL");
  g_test_init (&argc, &argv, NULL);
  if (daemon == NULL)
    return 77;
  g_test_add ("/keyring/round-trip", Keyring, NULL, keyring_up, test_round_trip, keyring_down);
  return g_test_run ();
}
