/* test-provision.c - files of accounts, good and bad; the line that is wrong is named exactly */

#include "store-error.h"
#include "store-provision.h"
#include "test-store.h"

#include <string.h>

typedef struct {
  const char *name;
  const char *contents;
  guint line; /* 0: the file is good */
  StoreError code;
} Row;

#define GOOD "[Account Work]\nAddress=sip:alice@127.0.0.1\n"

static const Row rows[] = {
    {"least", GOOD, 0, 0},
    {"everything",
     "# comment\n\n[Account Work]\nAddress=sip:alice@127.0.0.1\n"
     "Server=sip:127.0.0.1:5060;transport=udp\nUser=alice\nPassword=secret\nMedia=auto\n",
     0, 0},
    {"carriage returns", "[Account Work]\r\nAddress=sip:alice@example.org\r\nMedia=RTP\r\n", 0, 0},
    {"two", GOOD "[Account Home]\nAddress=sips:a%20b@[2001:db8::1]:5061\n", 0, 0},
    {"web", GOOD "Server=wss://example.org/ws\n", 0, 0},
    {"web on this computer", GOOD "Server=ws://127.0.0.1:8088/ws\n", 0, 0},
    {"web on this computer, version 6", GOOD "Server=ws://[::1]:8088/ws\n", 0, 0},
    {"web on localhost", GOOD "Server=ws://localhost/ws\n", 0, 0},
    {"no end of line", "[Account Work]\nAddress=sip:alice@127.0.0.1", 0, 0},

    {"empty", "", 1, STORE_ERROR_FILE},
    {"no group", "Address=sip:alice@127.0.0.1\n", 1, STORE_ERROR_FILE},
    {"words", GOOD "\nthis is nothing\n", 4, STORE_ERROR_FILE},
    {"open bracket", "\n[Account Work\nAddress=sip:alice@127.0.0.1\n", 2, STORE_ERROR_FILE},
    {"other group", GOOD "[Accounts]\n", 3, STORE_ERROR_FILE},
    {"group without a name", "[Account ]\nAddress=sip:alice@127.0.0.1\n", 1, STORE_ERROR_FILE},
    {"group twice", GOOD "\n[Account Work]\nAddress=sip:bob@127.0.0.1\n", 4, STORE_ERROR_FILE},
    {"key twice", GOOD "Address=sip:bob@127.0.0.1\n", 3, STORE_ERROR_ADDRESS},
    {"unknown key", GOOD "Adress=sip:alice@127.0.0.1\n", 3, STORE_ERROR_FILE},
    {"key in small letters", "[Account Work]\naddress=sip:alice@127.0.0.1\n", 2, STORE_ERROR_FILE},
    {"not utf-8", GOOD "User=\xff\n", 3, STORE_ERROR_FILE},
    {"no address", "\n[Account Work]\nUser=alice\n", 2, STORE_ERROR_ADDRESS},
    {"empty address", "[Account Work]\nAddress=\n", 2, STORE_ERROR_ADDRESS},
    {"address without scheme", "[Account Work]\nAddress=alice@127.0.0.1\n", 2, STORE_ERROR_ADDRESS},
    {"address without user", "[Account Work]\nAddress=sip:127.0.0.1\n", 2, STORE_ERROR_ADDRESS},
    {"address without host", "[Account Work]\nAddress=sip:alice@\n", 2, STORE_ERROR_ADDRESS},
    {"address with a password", "[Account Work]\nAddress=sip:alice:secret@127.0.0.1\n", 2,
     STORE_ERROR_ADDRESS},
    {"address with a header", "[Account Work]\nAddress=sip:a@b?Subject=c\n", 2,
     STORE_ERROR_ADDRESS},
    {"address with an escaped line", "[Account Work]\nAddress=sip:a%0d%0ab@c\n", 2,
     STORE_ERROR_ADDRESS},
    {"address with a port too far", "[Account Work]\nAddress=sip:a@b:65536\n", 2,
     STORE_ERROR_ADDRESS},
    {"server of another kind", GOOD "Server=http://example.org\n", 3, STORE_ERROR_SERVER},
    {"server with a user", GOOD "Server=sip:alice@example.org\n", 3, STORE_ERROR_SERVER},
    {"server by pigeon", GOOD "Server=sip:example.org;transport=pigeon\n", 3, STORE_ERROR_SERVER},
    {"unprotected web", GOOD "Server=ws://example.org/ws\n", 3, STORE_ERROR_SERVER},
    {"web disguised as this computer", GOOD "Server=ws://127.0.0.1.example.org/\n", 3,
     STORE_ERROR_SERVER},
    {"web with a password", GOOD "Server=wss://a:b@example.org/\n", 3, STORE_ERROR_SERVER},
    {"two lines in a user", GOOD "User=alice\\nEvil: 1\n", 3, STORE_ERROR_USER},
    {"single backslash", GOOD "Password=pass\\word\n", 3, STORE_ERROR_PASSWORD},
    {"media", GOOD "Server=sip:127.0.0.1\nMedia=video\n", 4, STORE_ERROR_MEDIA},
    {"helpers",
     GOOD "StunServer=stun:example.org\nTurnServer=turn:example.org:99?transport=tcp\nTurnUser=a\n"
          "TurnPassword=b\nRelayOnly=true\n",
     0, 0},
    {"stun of another kind", GOOD "StunServer=http://example.org\n", 3, STORE_ERROR_STUN},
    {"turn of another kind", GOOD "TurnServer=turns:example.org\n", 3, STORE_ERROR_TURN},
    {"no relay, and nothing but that", GOOD "RelayOnly=true\n", 3, STORE_ERROR_TURN},
    {"a relay, perhaps", GOOD "RelayOnly=maybe\n", 3, STORE_ERROR_TURN},
    {"second account wrong", GOOD "[Account Home]\nAddress=sip:bob@example.org\nMedia=x\n", 5,
     STORE_ERROR_MEDIA},
};

static char *
write_file (Fixture *fixture, const char *contents)
{
  g_autoptr (GError) error = NULL;
  char *path = g_build_filename (fixture->folder, "accounts", NULL);

  g_file_set_contents (path, contents, -1, &error);
  g_assert_no_error (error);
  return path;
}

static void
test_row (Fixture *fixture, gconstpointer data)
{
  const Row *row = data;
  g_autofree char *path = write_file (fixture, row->contents);
  g_autofree char *prefix = g_strdup_printf ("%s:%u: ", path, row->line);
  g_autoptr (GError) error = NULL;
  gboolean done = provision (fixture->accounts, path, &error);
  guint n_accounts = g_list_model_get_n_items (G_LIST_MODEL (fixture->accounts));

  if (row->line == 0) {
    g_assert_no_error (error);
    g_assert_true (done);
    g_assert_cmpuint (n_accounts, >, 0);
    return;
  }
  g_assert_false (done);
  g_assert_error (error, STORE_ERROR, (int)row->code);
  if (!g_str_has_prefix (error->message, prefix))
    g_error ("%s: expected %s, seen %s", row->name, prefix, error->message);
  g_assert_null (strstr (error->message, "secret"));
  g_assert_cmpuint (n_accounts, ==, 0);
}

static void
test_values (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path =
      write_file (fixture, "[Account My  Work]\nAddress=sip:alice@example.org\n"
                           "Server=sip:example.org:5070;transport=tcp\nUser=al\n"
                           "Password=pa ss\\\\w=ord#;\nMedia=web\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = store_provision_read (path, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, 1);

  StoreProvision *entry = entries->pdata[0];

  g_assert_cmpstr (store_account_get_name (entry->account), ==, "My  Work");
  g_assert_cmpstr (store_account_get_address (entry->account), ==, "sip:alice@example.org");
  g_assert_cmpstr (store_account_get_server (entry->account), ==,
                   "sip:example.org:5070;transport=tcp");
  g_assert_cmpstr (store_account_get_user (entry->account), ==, "al");
  g_assert_cmpint (store_account_get_media (entry->account), ==, SIP_MEDIA_PROFILE_WEB);
  g_assert_cmpstr (entry->password, ==, "pa ss\\w=ord#;");

  g_autofree char *host = store_account_dup_host (entry->account);

  g_assert_cmpstr (host, ==, "example.org");
}

/* What helps media past a NAT, and the password that goes to the keyring with the other. */
static void
test_helpers (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path =
      write_file (fixture, GOOD "Password=secret\nStunServer=stun:example.org\n"
                                "TurnServer=turn:example.org:99?transport=tcp\nTurnUser=a\n"
                                "TurnPassword=b\nRelayOnly=true\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (StoreAccount) account = NULL;
  g_autofree char *turn_id = NULL, *password = NULL, *turn_password = NULL;

  g_assert_true (provision (fixture->accounts, path, &error));
  g_assert_no_error (error);
  account = g_list_model_get_item (G_LIST_MODEL (fixture->accounts), 0);
  g_assert_cmpstr (store_account_get_stun (account), ==, "stun:example.org");
  g_assert_cmpstr (store_account_get_turn (account), ==, "turn:example.org:99?transport=tcp");
  g_assert_cmpstr (store_account_get_turn_user (account), ==, "a");
  g_assert_true (store_account_get_relay_only (account));
  turn_id = store_account_dup_turn_id (account);
  password = load_password (fixture->keyring, store_account_get_id (account));
  g_assert_cmpstr (password, ==, "secret");
  turn_password = load_password (fixture->keyring, turn_id);
  g_assert_cmpstr (turn_password, ==, "b");
}

static void
test_missing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "missing", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (provision (fixture->accounts, path, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strdup_printf ("/provision/row/%s", rows[i].name);

    g_test_add (path, Fixture, &rows[i], set_up, test_row, tear_down);
  }
  g_test_add ("/provision/values", Fixture, NULL, set_up, test_values, tear_down);
  g_test_add ("/provision/helpers", Fixture, NULL, set_up, test_helpers, tear_down);
  g_test_add ("/provision/missing", Fixture, NULL, set_up, test_missing, tear_down);
  return g_test_run ();
}
