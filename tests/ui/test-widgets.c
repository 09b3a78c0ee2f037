/* test-widgets.c - every template is whole, every widget goes when it is let go, and a line says
 * what its user agent tells
 *
 * Warnings are fatal, so a template with a wrong name in it ends the test.
 */

#define G_SETTINGS_ENABLE_BACKEND

#include "peer-resolver.h"
#include "sip-error.h"
#include "ui-account-form.h"
#include "ui-account-row.h"
#include "ui-guess.h"
#include "ui-keypad.h"
#include "ui-line.h"
#include "ui-window.h"

#include <gio/gsettingsbackend.h>

typedef struct {
  GSettingsBackend *backend;
  GSettings *settings;
  StoreKeyring *keyring;
  StoreAccounts *accounts;
  StoreAccount *account;
  SipUA *ua;
  UiLine *line;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->backend = g_memory_settings_backend_new ();
  fixture->settings = g_settings_new_with_backend ("io.github.ahoyphone.Ahoy", fixture->backend);
  fixture->keyring = store_keyring_new ();
  fixture->accounts = store_accounts_new (fixture->settings, fixture->keyring);
  fixture->account = store_account_new (NULL, "<b>Work</b>", "sip:alice@example.org", NULL, NULL,
                                        SIP_MEDIA_PROFILE_AUTO, SIP_SECURITY_PREFER, &error);
  g_assert_no_error (error);
  fixture->ua = sip_ua_new ("sip:alice@example.org", NULL);
  fixture->line = ui_line_new (fixture->account, fixture->ua);
}

/* The keyring may still be about to be told of an account that is gone. */
static void
let_go (gpointer object)
{
  g_object_add_weak_pointer (object, &object);
  g_object_unref (object);
  while (object != NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->line);
  g_assert_finalize_object (fixture->ua);
  g_assert_finalize_object (fixture->account);
  let_go (fixture->accounts);
  let_go (fixture->keyring);
  g_clear_object (&fixture->settings);
  g_clear_object (&fixture->backend);
}

/* Lets everything happen that is due by now. */
static void
drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
assert_gone (gpointer *widget)
{
  drain ();
  g_assert_null (*widget);
}

static void
test_keypad (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (g_object_ref_sink (G_OBJECT (ui_keypad_new ())));
}

static void
test_account_row (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = g_object_ref_sink (ui_account_row_new (fixture->line));
  GObject *label = gtk_widget_get_template_child (row, UI_TYPE_ACCOUNT_ROW, "status_label");
  g_autofree char *sentence = g_strnfill (400, 'w');
  int natural;

  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), ==, "<b>Work</b>");
  g_assert_false (adw_preferences_row_get_use_markup (ADW_PREFERENCES_ROW (row)));
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (label)), ==, "Waiting for the keyring…");
  gtk_label_set_text (GTK_LABEL (label), sentence);
  gtk_widget_measure (row, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  g_assert_cmpint (natural, <, 400);
  g_assert_finalize_object (G_OBJECT (row));
}

static void
test_account_form (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GListStore) lines = g_list_store_new (UI_TYPE_LINE);
  gpointer form = ui_account_form_new (fixture->accounts, G_LIST_MODEL (lines), fixture->account);

  g_object_add_weak_pointer (form, &form);
  gtk_window_present (form);
  drain ();
  gtk_widget_activate_action (form, "form.cancel", NULL);
  assert_gone (&form);
}

/* Nobody has to know of encryption to have it. */
static void
test_new_account_form (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GListStore) lines = g_list_store_new (UI_TYPE_LINE);
  GtkWidget *form = ui_account_form_new (fixture->accounts, G_LIST_MODEL (lines), NULL);
  GObject *row = gtk_widget_get_template_child (form, UI_TYPE_ACCOUNT_FORM, "security_row");

  g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (row)), ==, SIP_SECURITY_PREFER);
  gtk_window_destroy (GTK_WINDOW (form));
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

/* Every host is there but the one that is not. */
static void
test_guess (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *typed;
    const char *meant; /* NULL: nobody knows */
  } rows[] = {
      {"exmaple.org", "example.org"},
      {"exampl.org", "example.org"},
      {"exammple.org", "example.org"},
      {"exbmple.org", "example.org"},
      {"example.net", "sip.example.net"},
      {"sip.example.net", NULL},
      {"nowhere.org", NULL},
  };
  static const char *const known[] = {"example.com.invalid", "example.org", NULL};
  g_autoptr (PeerResolver) resolver = g_object_new (PEER_TYPE_RESOLVER, NULL);

  resolver->unknown = "sip.nowhere.org";
  g_resolver_set_default (G_RESOLVER (resolver));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GAsyncResult) result = NULL;
    g_autofree char *meant = NULL;

    ui_guess_host_async (rows[i].typed, known, NULL, keep_result, &result);
    while (result == NULL)
      g_main_context_iteration (NULL, TRUE);
    meant = ui_guess_host_finish (result);
    g_assert_cmpstr (meant, ==, rows[i].meant);
  }
}

static void
fill (GtkWidget *form, const char *row, const char *text)
{
  GObject *entry = gtk_widget_get_template_child (form, UI_TYPE_ACCOUNT_FORM, row);

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

static void
assert_field (GtkWidget *form, const char *row, const char *text)
{
  GObject *entry = gtk_widget_get_template_child (form, UI_TYPE_ACCOUNT_FORM, row);

  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, text);
}

/* As the application does; nobody is asked, and nobody knows the host. */
static void
on_added (GListModel *accounts, guint position, guint removed, guint added, gpointer user_data)
{
  g_autoptr (StoreAccount) account = g_list_model_get_item (accounts, position);
  g_autoptr (SipUA) ua = sip_ua_new (store_account_get_address (account), NULL);
  g_autoptr (UiLine) line = ui_line_new (account, ua);

  g_list_store_remove_all (user_data);
  g_list_store_append (user_data, line);
}

static void
find_nobody (GListStore *lines)
{
  g_autoptr (UiLine) line = g_list_model_get_item (G_LIST_MODEL (lines), 0);
  g_autoptr (GError) error =
      g_error_new_literal (G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "nowhere");

  g_signal_emit_by_name (ui_line_get_ua (line), "disconnected", error);
}

/* A slip in the address, and a host whose server has a name of its own: one button each. */
static void
test_wrong_host (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *address;
    const char *label;
    const char *words;
    const char *address_then;
    const char *server_then;
  } rows[] = {
      {"bob@exmaple.org", "Use example.org",
       "There is no phone server at exmaple.org. Did you mean example.org?", "bob@example.org", ""},
      {"bob@far.test", "Use sip.far.test",
       "There is no phone server at far.test. Did you mean sip.far.test?", "bob@far.test",
       "sip:sip.far.test"},
  };
  g_autoptr (PeerResolver) resolver = g_object_new (PEER_TYPE_RESOLVER, NULL);
  g_autoptr (StoreAccount) other =
      store_account_new (NULL, "Other", "sip:alice@example.org", NULL, NULL, SIP_MEDIA_PROFILE_AUTO,
                         SIP_SECURITY_PREFER, NULL);

  g_resolver_set_default (G_RESOLVER (resolver));
  store_accounts_save_async (fixture->accounts, other, NULL, NULL, NULL, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GListStore) lines = g_list_store_new (UI_TYPE_LINE);
    gpointer form = ui_account_form_new (fixture->accounts, G_LIST_MODEL (lines), NULL);
    GObject *button = gtk_widget_get_template_child (form, UI_TYPE_ACCOUNT_FORM, "guess_button");
    GObject *words = gtk_widget_get_template_child (form, UI_TYPE_ACCOUNT_FORM, "result_label");
    gulong id = g_signal_connect (fixture->accounts, "items-changed", G_CALLBACK (on_added), lines);

    g_object_add_weak_pointer (form, &form);
    fill (form, "address_row", rows[i].address);
    gtk_widget_activate_action (form, "form.sign-in", NULL);
    drain ();
    g_assert_false (gtk_widget_get_visible (GTK_WIDGET (button)));
    find_nobody (lines);
    drain ();
    g_assert_true (gtk_widget_get_visible (GTK_WIDGET (button)));
    g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (button)), ==, rows[i].label);
    g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (words)), ==, rows[i].words);
    gtk_widget_activate_action (form, "form.use-guess", NULL);
    drain ();
    g_assert_false (gtk_widget_get_visible (GTK_WIDGET (button)));
    assert_field (form, "address_row", rows[i].address_then);
    assert_field (form, "server_row", rows[i].server_then);
    g_signal_handler_disconnect (fixture->accounts, id);
    gtk_widget_activate_action (form, "form.cancel", NULL);
    assert_gone (&form);
  }
}

static void
test_window (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GListStore) lines = g_list_store_new (UI_TYPE_LINE);
  g_autoptr (GListStore) calls = g_list_store_new (SIP_TYPE_SESSION);
  g_autoptr (StoreHistory) history = store_history_new (NULL);
  g_autoptr (StoreContacts) contacts = store_contacts_new (NULL);
  g_autoptr (UiFloor) floor = ui_floor_new (G_LIST_MODEL (calls));
  gpointer window = ui_window_new (NULL, G_LIST_MODEL (calls), G_LIST_MODEL (lines), floor,
                                   fixture->keyring, history, contacts);

  g_object_add_weak_pointer (window, &window);
  gtk_window_present (window);
  drain ();
  g_list_store_append (lines, fixture->line);
  ui_window_fill_dial (window, "sip:bob@example.org");
  ui_window_show_dial_error (window, "<b>no</b>");
  drain ();
  g_list_store_remove_all (lines);
  drain ();
  gtk_window_destroy (window);
  assert_gone (&window);
}

static void
note_text (UiLine *line, GParamSpec *pspec, gpointer user_data)
{
  g_string_append_printf (user_data, "%s|", ui_line_get_text (line));
}

static void
test_line (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "silence");
  g_autoptr (GError) unknown =
      g_error_new_literal (G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "nowhere");

  g_signal_connect (fixture->line, "notify::text", G_CALLBACK (note_text), seen);
  g_signal_emit_by_name (fixture->ua, "connecting");
  g_signal_emit_by_name (fixture->ua, "connected");
  g_signal_emit_by_name (fixture->ua, "registered", NULL);
  g_assert_cmpint (ui_line_get_status (fixture->line), ==, UI_LINE_READY);
  g_signal_emit_by_name (fixture->ua, "disconnected", error);
  g_assert_cmpint (ui_line_get_status (fixture->line), ==, UI_LINE_FAILED);
  g_signal_emit_by_name (fixture->ua, "connecting");
  g_signal_emit_by_name (fixture->ua, "disconnected", unknown);
  g_signal_emit_by_name (fixture->ua, "registrationFailed", NULL, "Connection Error");
  g_signal_emit_by_name (fixture->ua, "connected");
  g_signal_emit_by_name (fixture->ua, "registered", NULL);
  g_assert_cmpstr (seen->str, ==,
                   "Connecting to example.org…|Signing in…|Ready|"
                   "example.org doesn’t answer. You may be offline or a firewall blocks calls.|"
                   "There is no phone server at example.org.|Signing in…|Ready|");
  g_signal_handlers_disconnect_by_data (fixture->line, seen);
}

static SipMediaProfile
get_last_media (SipUA *ua)
{
  SipMediaProfile profile;

  g_object_get (ua, "last-media-profile", &profile, NULL);
  return profile;
}

/* What worked last is known again when the phone starts the next time. */
static void
test_last_media (Fixture *fixture, gconstpointer data)
{
  const char *id = store_account_get_id (fixture->account);

  for (guint i = 0; i < 2; i++) {
    g_autoptr (SipUA) ua = sip_ua_new ("sip:alice@example.org", NULL);

    store_accounts_bind (fixture->accounts, id, G_OBJECT (ua));
    g_assert_cmpint (get_last_media (ua), ==,
                     i == 0 ? SIP_MEDIA_PROFILE_WEB : SIP_MEDIA_PROFILE_RTP);
    g_object_set (ua, "last-media-profile", SIP_MEDIA_PROFILE_RTP, NULL);
  }
}

/* Keys travel in the clear for the account that its user said so of, and for no other. */
static void
count (guint *n)
{
  (*n)++;
}

/* What only a person can mend is told once, whatever is tried meanwhile. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) bad =
      g_error_new_literal (G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE, "unknown");
  g_autoptr (GError) moved = g_error_new_literal (SIP_ERROR, SIP_ERROR_TRANSPORT, "moved");
  g_autofree char *text = NULL;
  guint n = 0;

  g_signal_emit_by_name (fixture->ua, "connecting");
  g_signal_connect_swapped (fixture->line, "notify::status", G_CALLBACK (count), &n);
  g_assert_null (ui_line_get_trouble (fixture->line));
  g_signal_emit_by_name (fixture->ua, "disconnected", bad);
  g_assert_cmpint (ui_line_get_status (fixture->line), ==, UI_LINE_REFUSED);
  g_assert_nonnull (ui_line_get_trouble (fixture->line));
  text = g_strdup (ui_line_get_text (fixture->line));
  g_signal_emit_by_name (fixture->ua, "disconnected", moved);
  g_signal_emit_by_name (fixture->ua, "connecting");
  g_signal_emit_by_name (fixture->ua, "connected");
  g_signal_emit_by_name (fixture->ua, "registrationFailed", NULL, "Request Timeout");
  g_signal_emit_by_name (fixture->ua, "disconnected", bad);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpstr (ui_line_get_text (fixture->line), ==, text);
  g_signal_emit_by_name (fixture->ua, "registered", NULL);
  g_assert_cmpint (ui_line_get_status (fixture->line), ==, UI_LINE_READY);
  g_assert_null (ui_line_get_trouble (fixture->line));
  g_assert_cmpuint (n, ==, 2);
}

static void
test_clear_keys (Fixture *fixture, gconstpointer data)
{
  const char *id = store_account_get_id (fixture->account);
  g_autofree char *path = g_strdup_printf ("/io/github/ahoyphone/Ahoy/accounts/%s/", id);
  g_autoptr (GSettings) settings = g_settings_new_with_backend_and_path (
      "io.github.ahoyphone.Ahoy.Account", fixture->backend, path);
  g_autofree char *other = g_uuid_string_random ();
  const char *const ids[] = {other, id};

  g_settings_set_boolean (settings, "clear-keys", TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autoptr (SipUA) ua = sip_ua_new ("sip:alice@example.org", NULL);
    gboolean clear_keys = FALSE;

    store_accounts_bind (fixture->accounts, ids[i], G_OBJECT (ua));
    g_object_get (ua, "clear-keys", &clear_keys, NULL);
    g_assert_cmpint (clear_keys, ==, i);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    return 77;
  adw_init ();

  g_test_add ("/widgets/keypad", Fixture, NULL, set_up, test_keypad, tear_down);
  g_test_add ("/widgets/last-media", Fixture, NULL, set_up, test_last_media, tear_down);
  g_test_add ("/widgets/clear-keys", Fixture, NULL, set_up, test_clear_keys, tear_down);
  g_test_add ("/widgets/account-row", Fixture, NULL, set_up, test_account_row, tear_down);
  g_test_add ("/widgets/account-form", Fixture, NULL, set_up, test_account_form, tear_down);
  g_test_add ("/widgets/new-account-form", Fixture, NULL, set_up, test_new_account_form, tear_down);
  g_test_add ("/widgets/guess", Fixture, NULL, set_up, test_guess, tear_down);
  g_test_add ("/widgets/wrong-host", Fixture, NULL, set_up, test_wrong_host, tear_down);
  g_test_add ("/widgets/window", Fixture, NULL, set_up, test_window, tear_down);
  g_test_add ("/widgets/line", Fixture, NULL, set_up, test_line, tear_down);
  g_test_add ("/widgets/refused", Fixture, NULL, set_up, test_refused, tear_down);
  return g_test_run ();
}
