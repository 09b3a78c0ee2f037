/* test-accounts.c - what is remembered of accounts, and where a password never goes */

#include "store-error.h"
#include "test-store.h"

#include <string.h>

#define PASSWORD "correct horse battery staple"

static StoreAccount *
make_account (const char *id, const char *name, const char *address)
{
  g_autoptr (GError) error = NULL;
  StoreAccount *account = store_account_new (id, name, address, "sip:127.0.0.1;transport=tcp", "u",
                                             SIP_MEDIA_PROFILE_RTP, SIP_SECURITY_REQUIRE, &error);

  g_assert_no_error (error);
  return account;
}

static void
note_change (GListModel *model, guint position, guint removed, guint added, gpointer user_data)
{
  g_string_append_printf (user_data, "%u-%u+%u ", position, removed, added);
}

/* Whatever the settings hold, of all accounts, as one text. */
static char *
print_settings (Fixture *fixture)
{
  GString *text = g_string_new (NULL);
  g_auto (GStrv) ids = g_settings_get_strv (fixture->settings, "accounts");

  for (guint i = 0; ids[i] != NULL; i++) {
    g_autofree char *path = g_strdup_printf ("/io/github/ahoyphone/Ahoy/accounts/%s/", ids[i]);
    g_autoptr (GSettings) settings = g_settings_new_with_backend_and_path (
        "io.github.ahoyphone.Ahoy.Account", fixture->backend, path);
    const char *const keys[] = {"name",      "address",   "server",      "user",
                                "media",     "security",  "stun-server", "turn-server",
                                "turn-user", "relay-only"};

    for (guint k = 0; k < G_N_ELEMENTS (keys); k++) {
      g_autoptr (GVariant) value = g_settings_get_value (settings, keys[k]);
      g_autofree char *printed = g_variant_print (value, FALSE);

      g_string_append_printf (text, "%s=%s\n", keys[k], printed);
    }
  }
  return g_string_free (text, FALSE);
}

static void
test_save (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) changes = g_string_new (NULL);
  g_autoptr (StoreAccount) account = make_account (NULL, "Work", "sip:alice@example.org");

  g_assert_true (store_account_set_helpers (account, "stun:a", "turn:b", "c", TRUE, NULL));
  g_signal_connect (fixture->accounts, "items-changed", G_CALLBACK (note_change), changes);
  g_assert_true (save (fixture->accounts, account, PASSWORD));
  g_assert_cmpstr (changes->str, ==, "0-0+1 ");

  g_autofree char *printed = print_settings (fixture);

  g_assert_cmpstr (
      printed, ==,
      "name='Work'\naddress='sip:alice@example.org'\n"
      "server='sip:127.0.0.1;transport=tcp'\nuser='u'\nmedia='rtp'\nsecurity='require'\n"
      "stun-server='stun:a'\nturn-server='turn:b'\nturn-user='c'\nrelay-only=true\n");

  g_autoptr (StoreAccounts) again = store_accounts_new (fixture->settings, fixture->keyring);
  StoreAccount *read = store_accounts_find (again, store_account_get_id (account));

  g_assert_nonnull (read);
  g_assert_cmpstr (store_account_get_name (read), ==, "Work");
  g_assert_cmpstr (store_account_get_server (read), ==, "sip:127.0.0.1;transport=tcp");
  g_assert_cmpint (store_account_get_media (read), ==, SIP_MEDIA_PROFILE_RTP);
  g_assert_cmpint (store_account_get_security (read), ==, SIP_SECURITY_REQUIRE);
  g_assert_cmpstr (store_account_get_stun (read), ==, "stun:a");
  g_assert_cmpstr (store_account_get_turn (read), ==, "turn:b");
  g_assert_cmpstr (store_account_get_turn_user (read), ==, "c");
  g_assert_true (store_account_get_relay_only (read));

  g_autoptr (SipMediaServers) servers = store_account_make_servers (read, "p");
  g_autofree char *made = sip_media_servers_dup_turn (servers);

  g_assert_cmpstr (made, ==, "turn://c:p@b:3478?transport=udp");
}

static void
test_no_keyring (Fixture *fixture, gconstpointer data)
{
  g_autoptr (StoreAccount) account = make_account (NULL, "Work", "sip:alice@example.org");

  g_assert_true (store_keyring_get_available (fixture->keyring));
  g_assert_true (save (fixture->accounts, account, PASSWORD));
  g_assert_false (store_keyring_get_available (fixture->keyring));

  g_autofree char *kept = load_password (fixture->keyring, store_account_get_id (account));

  g_assert_cmpstr (kept, ==, PASSWORD);

  g_autofree char *other = load_password (fixture->keyring, "other");

  g_assert_null (other);

  g_autofree char *printed = print_settings (fixture);

  g_assert_null (strstr (printed, "horse"));

  g_autoptr (StoreKeyring) later = store_keyring_new ();
  g_autofree char *forgotten = load_password (later, store_account_get_id (account));

  g_assert_null (forgotten);
}

/* Each is kept of its own, and neither is where the other is. */
static void
test_two_passwords (Fixture *fixture, gconstpointer data)
{
  g_autoptr (StoreAccount) account = make_account (NULL, "Work", "sip:alice@example.org");
  const char *id = store_account_get_id (account);
  g_autofree char *turn_id = store_account_dup_turn_id (account);
  g_autofree char *printed = NULL, *ours = NULL, *relays = NULL, *kept = NULL, *changed = NULL;

  g_assert_true (save_both (fixture->accounts, account, PASSWORD, "relay horse"));
  ours = load_password (fixture->keyring, id);
  g_assert_cmpstr (ours, ==, PASSWORD);
  relays = load_password (fixture->keyring, turn_id);
  g_assert_cmpstr (relays, ==, "relay horse");
  printed = print_settings (fixture);
  g_assert_null (strstr (printed, "horse"));
  g_assert_true (save_both (fixture->accounts, account, NULL, "another"));
  kept = load_password (fixture->keyring, id);
  g_assert_cmpstr (kept, ==, PASSWORD);
  changed = load_password (fixture->keyring, turn_id);
  g_assert_cmpstr (changed, ==, "another");
}

static void
test_replace (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) changes = g_string_new (NULL);
  g_autoptr (StoreAccount) first = make_account (NULL, "Work", "sip:alice@example.org");
  g_autoptr (StoreAccount) second = make_account (NULL, "Home", "sip:bob@example.org");
  g_autoptr (StoreAccount) same_name = make_account (NULL, "Work", "sip:carol@example.org");
  g_autoptr (StoreAccount) same_id =
      make_account (store_account_get_id (second), "House", "sip:bob@example.org");

  g_signal_connect (fixture->accounts, "items-changed", G_CALLBACK (note_change), changes);
  save (fixture->accounts, first, PASSWORD);
  save (fixture->accounts, second, NULL);
  save (fixture->accounts, same_name, NULL);
  save (fixture->accounts, same_id, NULL);
  g_assert_cmpstr (changes->str, ==, "0-0+1 1-0+1 0-1+1 1-1+1 ");
  g_assert_null (store_accounts_find (fixture->accounts, store_account_get_id (first)));

  /* The password went with the account it belonged to. */
  g_autofree char *gone = load_password (fixture->keyring, store_account_get_id (first));

  g_assert_null (gone);

  g_auto (GStrv) ids = g_settings_get_strv (fixture->settings, "accounts");

  g_assert_cmpuint (g_strv_length (ids), ==, 2);
  g_assert_cmpstr (ids[0], ==, store_account_get_id (same_name));
  g_assert_cmpstr (ids[1], ==, store_account_get_id (second));
}

/* A certificate is trusted of one server; with another one nothing is said about it. */
static void
test_trust (Fixture *fixture, gconstpointer data)
{
  g_autoptr (StoreAccount) account = make_account (NULL, "Work", "sip:alice@example.org");
  const char *id = store_account_get_id (account);
  g_autoptr (StoreAccount) renamed = make_account (id, "Office", "sip:alice@example.org");
  g_autoptr (StoreAccount) moved = make_account (id, "Office", "sip:alice@example.net");
  g_autofree char *before = NULL, *kept = NULL, *after = NULL;

  save (fixture->accounts, account, NULL);
  before = store_accounts_dup_trusted (fixture->accounts, account);
  g_assert_null (before);
  store_accounts_trust (fixture->accounts, account, "AB:CD");
  save (fixture->accounts, renamed, NULL);
  kept = store_accounts_dup_trusted (fixture->accounts, renamed);
  g_assert_cmpstr (kept, ==, "AB:CD");
  save (fixture->accounts, moved, NULL);
  after = store_accounts_dup_trusted (fixture->accounts, moved);
  g_assert_null (after);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

static void
test_remove (Fixture *fixture, gconstpointer data)
{
  g_autoptr (StoreAccount) account = make_account (NULL, "Work", "sip:alice@example.org");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  save (fixture->accounts, account, PASSWORD);
  store_accounts_remove_async (fixture->accounts, account, NULL, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (store_accounts_remove_finish (fixture->accounts, result, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->accounts)), ==, 0);

  g_auto (GStrv) ids = g_settings_get_strv (fixture->settings, "accounts");
  g_autofree char *password = load_password (fixture->keyring, store_account_get_id (account));

  g_assert_cmpuint (g_strv_length (ids), ==, 0);
  g_assert_null (password);
}

/* What somebody else wrote into the settings is checked like everything from outside. */
static void
test_broken_settings (Fixture *fixture, gconstpointer data)
{
  const char *ids[] = {"../../evil", "", "5bb46a54-0000-4000-8000-000000000000", NULL};

  g_settings_set_strv (fixture->settings, "accounts", ids);

  g_autoptr (StoreAccounts) accounts = store_accounts_new (fixture->settings, fixture->keyring);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (accounts)), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/accounts/save", Fixture, NULL, set_up, test_save, tear_down);
  g_test_add ("/accounts/no-keyring", Fixture, NULL, set_up, test_no_keyring, tear_down);
  g_test_add ("/accounts/two-passwords", Fixture, NULL, set_up, test_two_passwords, tear_down);
  g_test_add ("/accounts/replace", Fixture, NULL, set_up, test_replace, tear_down);
  g_test_add ("/accounts/trust", Fixture, NULL, set_up, test_trust, tear_down);
  g_test_add ("/accounts/remove", Fixture, NULL, set_up, test_remove, tear_down);
  g_test_add ("/accounts/broken-settings", Fixture, NULL, set_up, test_broken_settings, tear_down);
  return g_test_run ();
}
