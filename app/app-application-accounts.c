/* app-application-accounts.c - a user agent for every account, signed in
 *
 * Down: form, menu, provision file -> StoreAccounts
 * Up:   StoreAccounts::items-changed -> a UiLine is made or stopped -> its password is loaded
 *       -> ui_line_start(); AppSleep::woke -> sip_ua_reconnect()
 */

#include "app-application-private.h"

#include "ui-account-form.h"
#include "ui-certificate-question.h"
#include "ui-line.h"

#include <glib/gi18n.h>
#include <libsecret/secret.h>

/* What the keyring's answer is for. */
typedef struct {
  AppApplication *application;
  UiLine *line;
  char *password; /* once it is known; that of the relay comes then */
} Awaited;

static void
awaited_free (Awaited *self)
{
  g_object_unref (self->application);
  g_object_unref (self->line);
  secret_password_free (self->password);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Awaited, awaited_free)

static void
on_turn_password_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Awaited) awaited = user_data;
  char *password = store_keyring_load_finish (STORE_KEYRING (source), result, NULL);
  g_autoptr (SipMediaServers) servers =
      store_account_make_servers (ui_line_get_account (awaited->line), password);

  secret_password_free (password);
  g_object_set (ui_line_get_ua (awaited->line), "media-servers", servers, NULL);
  /* The account may have been edited or removed while the keyring was asked. */
  if (g_list_store_find (awaited->application->lines, awaited->line, NULL))
    ui_line_start (awaited->line, awaited->password);
}

static void
on_password_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Awaited) awaited = user_data;
  g_autofree char *turn_id = store_account_dup_turn_id (ui_line_get_account (awaited->line));

  awaited->password = store_keyring_load_finish (STORE_KEYRING (source), result, NULL);
  store_keyring_load_async (STORE_KEYRING (source), turn_id, NULL, on_turn_password_loaded,
                            g_steal_pointer (&awaited));
}

static SipUA *
make_ua (AppApplication *self, StoreAccount *account)
{
  const char *user = store_account_get_user (account);
  g_autofree char *trusted = store_accounts_dup_trusted (self->accounts, account);
  g_autofree char *instance = g_strconcat ("urn:uuid:", store_account_get_id (account), NULL);

  return g_object_new (
      SIP_TYPE_UA, "uri", store_account_get_address (account), "server",
      store_account_get_server (account), "authorization-user", user, "instance-id", instance,
      "trusted-certificate", trusted, "media-profile", store_account_get_media (account),
      "security", store_account_get_security (account), "refer-policy", SIP_REFER_POLICY_ASK, NULL);
}

static void
add_line (AppApplication *self, guint position)
{
  g_autoptr (StoreAccount) account =
      g_list_model_get_item (G_LIST_MODEL (self->accounts), position);
  g_autoptr (SipUA) ua = make_ua (self, account);
  g_autoptr (UiLine) line = ui_line_new (account, ua);
  Awaited *awaited = g_new0 (Awaited, 1);

  awaited->application = g_object_ref (self);
  awaited->line = g_object_ref (line);
  store_accounts_bind (self->accounts, store_account_get_id (account), G_OBJECT (ua));
  app_application_listen (self, ua);
  g_list_store_insert (self->lines, position, line);
  store_keyring_load_async (store_accounts_get_keyring (self->accounts),
                            store_account_get_id (account), NULL, on_password_loaded, awaited);
}

static void
remove_line (AppApplication *self, guint position)
{
  g_autoptr (UiLine) line = g_list_model_get_item (G_LIST_MODEL (self->lines), position);

  g_list_store_remove (self->lines, position);
  sip_ua_stop_async (ui_line_get_ua (line), NULL, NULL);
}

static void
on_accounts_changed (AppApplication *self, guint position, guint removed, guint added)
{
  for (guint i = 0; i < removed; i++)
    remove_line (self, position);
  for (guint i = 0; i < added; i++)
    add_line (self, position + i);
  app_application_update_hold (self);
}

/* Nobody knows whether what was there before the sleep still is. */
static void
on_woke (AppApplication *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->lines)); i++) {
    g_autoptr (UiLine) line = g_list_model_get_item (G_LIST_MODEL (self->lines), i);

    sip_ua_reconnect (ui_line_get_ua (line));
  }
}

void
app_application_follow_accounts (AppApplication *self)
{
  self->sleep = app_sleep_new ();
  g_signal_connect_object (self->sleep, "woke", G_CALLBACK (on_woke), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->accounts, "items-changed", G_CALLBACK (on_accounts_changed), self,
                           G_CONNECT_SWAPPED);
  on_accounts_changed (self, 0, 0, g_list_model_get_n_items (G_LIST_MODEL (self->accounts)));
}

/* @id: NULL to add an account */
void
app_application_edit_account (AppApplication *self, const char *id)
{
  StoreAccount *account = id != NULL ? store_accounts_find (self->accounts, id) : NULL;

  if (id != NULL && account == NULL)
    return;

  GtkWidget *form = ui_account_form_new (self->accounts, G_LIST_MODEL (self->lines), account);

  gtk_window_set_transient_for (GTK_WINDOW (form), GTK_WINDOW (app_application_present (self)));
  gtk_window_present (GTK_WINDOW (form));
}

static void
on_removal_answered (AppApplication *self, const char *response, AdwMessageDialog *dialog)
{
  const char *id = g_object_get_data (G_OBJECT (dialog), "account");
  StoreAccount *account = store_accounts_find (self->accounts, id);

  if (g_str_equal (response, "remove") && account != NULL)
    store_accounts_remove_async (self->accounts, account, NULL, NULL, NULL);
}

void
app_application_remove_account (AppApplication *self, const char *id)
{
  StoreAccount *account = store_accounts_find (self->accounts, id);

  if (account == NULL)
    return;

  GtkWidget *dialog =
      adw_message_dialog_new (GTK_WINDOW (app_application_present (self)), NULL, NULL);

  adw_message_dialog_format_heading (ADW_MESSAGE_DIALOG (dialog), _ ("Remove %s?"),
                                     store_account_get_name (account));
  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog),
                               _ ("Calls to this account will not reach you here any more. Its "
                                  "password is taken out of the keyring."));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "remove",
                                    _ ("_Remove"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "remove",
                                              ADW_RESPONSE_DESTRUCTIVE);
  g_object_set_data_full (G_OBJECT (dialog), "account", g_strdup (id), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_removal_answered), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_certificate_answered (AppApplication *self, const char *response, AdwMessageDialog *dialog)
{
  UiLine *line = g_object_get_data (G_OBJECT (dialog), "line");
  const char *fingerprint = g_object_get_data (G_OBJECT (dialog), "fingerprint");

  if (!g_str_equal (response, "trust") || !g_list_store_find (self->lines, line, NULL))
    return;
  store_accounts_trust (self->accounts, ui_line_get_account (line), fingerprint);
  g_object_set (ui_line_get_ua (line), "trusted-certificate", fingerprint, NULL);
  sip_ua_reconnect (ui_line_get_ua (line));
}

/* Borrowed; @id: of its account */
static UiLine *
find_line (AppApplication *self, const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->lines)); i++) {
    g_autoptr (UiLine) line = g_list_model_get_item (G_LIST_MODEL (self->lines), i);

    if (g_str_equal (store_account_get_id (ui_line_get_account (line)), id))
      return line;
  }
  return NULL;
}

/* Asks whether the certificate that was refused is to be trusted. */
void
app_application_show_certificate (AppApplication *self, const char *id)
{
  UiLine *line = find_line (self, id);
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autofree char *fingerprint = NULL;
  GtkWidget *dialog;

  if (line == NULL)
    return;
  g_object_get (ui_line_get_ua (line), "refused-certificate", &certificate, "refused-fingerprint",
                &fingerprint, NULL);
  if (certificate == NULL)
    return;
  dialog = ui_certificate_question_new (line, certificate);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (app_application_present (self)));
  gtk_window_set_modal (GTK_WINDOW (dialog), TRUE);
  g_object_set_data_full (G_OBJECT (dialog), "line", g_object_ref (line), g_object_unref);
  g_object_set_data_full (G_OBJECT (dialog), "fingerprint", g_steal_pointer (&fingerprint), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_certificate_answered), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_provisioned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GApplicationCommandLine) command_line = user_data;
  g_autoptr (GError) error = NULL;

  if (store_accounts_provision_finish (STORE_ACCOUNTS (source), result, &error))
    return;
  g_application_command_line_printerr (command_line, "%s\n", error->message);
  g_application_command_line_set_exit_status (command_line, 1);
}

/* The process that asked waits until the command line is let go. */
void
app_application_provision (AppApplication *self,
                           GApplicationCommandLine *command_line,
                           const char *path)
{
  store_accounts_provision_async (self->accounts, path, NULL, on_provisioned,
                                  g_object_ref (command_line));
}
