/* account.c - an account of two servers on real sockets, which speak plain text; names are what the
 * test says, and the clock stands still but for what moves it
 */

#include "account.h"

#include <string.h>

static const char *
map (Account *account, char **response)
{
  g_autoptr (GString) mapped = g_string_new (*response);
  g_autofree char *seen = account->port > 0
                              ? g_strdup_printf ("%s;rport=%u", account->seen, account->port++)
                              : g_strdup (account->seen);

  g_assert_cmpuint (g_string_replace (mapped, ";rport", seen, 1), ==, 1);
  g_free (*response);
  *response = g_string_free (g_steal_pointer (&mapped), FALSE);
  return *response;
}

static void
on_text (PeerServer *server, const char *text, gpointer user_data)
{
  Account *account = user_data;
  guint i = server == account->servers[0] ? 0 : 1;
  g_auto (GStrv) words = g_strsplit_set (text, " \r", 3);
  g_autofree char *contact = peer_text_header (text, "Contact");
  g_autofree char *headers = NULL, *response = NULL;

  g_string_append_printf (account->fixture.log, "%s>%s%u", account->fixture.log->len > 0 ? " " : "",
                          g_str_equal (words[0], "SIP/2.0") ? words[1] : words[0], i);
  g_ptr_array_add (account->fixture.sent, g_strdup (text));
  if (g_str_equal (words[0], "REGISTER"))
    account->registered_at = i;
  else if (!g_str_equal (words[0], "OPTIONS"))
    return;
  if (account->codes[i] == 0 || g_test_rand_int_range (0, 100) < (gint)account->loss)
    return;
  headers = account->codes[i] == 200 && account->headers == NULL && contact != NULL
                ? g_strdup_printf ("Contact: %s\r\n%s", contact,
                                   account->more != NULL ? account->more : "")
                : g_strdup (account->headers);
  response = peer_text_response (text, account->codes[i], "server", headers, NULL, NULL);
  peer_server_say (server, account->seen != NULL ? map (account, &response) : response);
}

static void
start (Account *account, const char *protocol, const char *server)
{
  account->resolver = g_object_new (PEER_TYPE_RESOLVER, NULL);
  g_resolver_set_default (G_RESOLVER (account->resolver));
  for (guint i = 0; i < N_SERVERS; i++) {
    account->servers[i] = peer_server_new (protocol, on_text, account);
    account->codes[i] = 200;
    peer_resolver_add (account->resolver,
                       g_str_equal (protocol, "TCP") ? "_sip._tcp.example.local"
                                                     : "_sip._udp.example.local",
                       i == 0 ? "a.example.local" : "b.example.local",
                       peer_server_get_port (account->servers[i]), i);
  }
  account->setting.protocol = protocol;
  account->setting.server = server;
}

static void
set_up (Account *account, gconstpointer data)
{
  start (account, "TCP", "sip:example.local;transport=tcp");
}

static void
set_up_datagrams (Account *account, gconstpointer data)
{
  start (account, "UDP", "sip:example.local;transport=udp");
}

static void
tear_down (Account *account, gconstpointer data)
{
  fixture_tear_down (&account->fixture, &account->setting);
  for (guint i = 0; i < N_SERVERS; i++)
    peer_server_free (account->servers[i]);
  g_object_unref (account->resolver);
  g_free (account->headers);
}

gboolean
account_saw (Account *account, const char *word)
{
  return fixture_saw (&account->fixture, word);
}

void
account_forget (Account *account)
{
  g_string_truncate (account->fixture.log, 0);
}

void
account_register_at (Account *account, guint expected)
{
  WAIT_FOR (account_saw (account, "ua*registered"));
  g_assert_cmpuint (account->registered_at, ==, expected);
  account_forget (account);
}

void
account_begin (Account *account)
{
  fixture_set_up (&account->fixture, &account->setting);
}

/* Lets time pass until something is seen; it has to be within @seconds. */
gint64
account_pass_until (Account *account, const char *word, guint seconds)
{
  guint passed = 0;

  while (!account_saw (account, word)) {
    g_assert_cmpuint (passed, <, seconds * 10);
    fixture_advance (&account->fixture, 100);
    g_usleep (1000); /* what is on its way in real sockets */
    fixture_drain ();
    passed++;
  }
  return passed * 100;
}

/* All of a program's tests, below one name. */
int
account_run (int argc, char **argv, const char *name, const AccountCase *cases, gsize n_cases)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < n_cases; i++) {
    g_autofree char *path = g_strdup_printf ("/%s/%s", name, cases[i].path);

    g_test_add (path, Account, cases[i].data, cases[i].is_datagrams ? set_up_datagrams : set_up,
                cases[i].test, tear_down);
  }
  return g_test_run ();
}
