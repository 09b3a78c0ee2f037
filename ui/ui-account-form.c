/* ui-account-form.c - adds an account or edits one, and stays until it is signed in
 *
 * Down: form.sign-in -> store_accounts_save_async() -> the list changes, the account signs in
 * Up:   the UiLine of that account -> on_line_changed() -> words, or the form closes
 */

#include "ui-account-form.h"

#include "store-error.h"
#include "ui-format.h"
#include "ui-guess.h"
#include "ui-line.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _UiAccountForm {
  AdwWindow parent_instance;

  StoreAccounts *accounts;
  GListModel *lines;
  StoreAccount *account; /* the one edited or saved last; NULL before the first attempt */
  gboolean is_new;       /* the form made the account, so cancelling takes it away again */
  UiLine *line;          /* the one whose sign-in is awaited, or NULL */
  GCancellable *cancellable;

  GtkWidget *fields;
  GtkSpinner *spinner;
  GtkLabel *result_label;
  GtkWidget *certificate_button;
  GtkButton *guess_button;
  char *guess; /* the host that is on it, or NULL */
  GtkLabel *keyring_label;
  GtkEditable *address_row;
  GtkEditable *password_row;
  GtkEditable *name_row;
  GtkEditable *server_row;
  GtkEditable *user_row;
  AdwComboRow *media_row;
  AdwComboRow *security_row;
  AdwExpanderRow *more_row;
  GtkEditable *stun_row;
  GtkEditable *turn_row;
  GtkEditable *turn_user_row;
  GtkEditable *turn_password_row;
  GtkSwitch *relay_only_switch;
  AdwExpanderRow *network_row;
};

G_DEFINE_FINAL_TYPE (UiAccountForm, ui_account_form, ADW_TYPE_WINDOW)

static void
show_result (UiAccountForm *self, const char *text, gboolean is_error)
{
  gtk_widget_set_visible (GTK_WIDGET (self->result_label), FALSE);
  gtk_label_set_text (self->result_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->result_label), *text != '\0');
  if (is_error)
    gtk_widget_add_css_class (GTK_WIDGET (self->result_label), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->result_label), "error");
}

static void
set_busy (UiAccountForm *self, gboolean busy)
{
  gtk_widget_set_sensitive (self->fields, !busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "form.sign-in", !busy);
}

/* The row to blame for an error of store_account_new(). */
static GtkWidget *
row_of_error (UiAccountForm *self, GError *error)
{
  switch ((StoreError)error->code) {
  case STORE_ERROR_NAME:
    return GTK_WIDGET (self->name_row);
  case STORE_ERROR_SERVER:
    return GTK_WIDGET (self->server_row);
  case STORE_ERROR_USER:
    return GTK_WIDGET (self->user_row);
  case STORE_ERROR_PASSWORD:
    return GTK_WIDGET (self->password_row);
  case STORE_ERROR_MEDIA:
    return GTK_WIDGET (self->media_row);
  case STORE_ERROR_STUN:
    return GTK_WIDGET (self->stun_row);
  case STORE_ERROR_TURN:
    return GTK_WIDGET (self->turn_row);
  case STORE_ERROR_FILE:
  case STORE_ERROR_ADDRESS:
  default:
    return GTK_WIDGET (self->address_row);
  }
}

static void
clear_blame (UiAccountForm *self)
{
  GtkEditable *rows[] = {self->address_row, self->password_row, self->name_row, self->server_row,
                         self->user_row,    self->stun_row,     self->turn_row};

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (rows[i]), "error");
}

static void
blame (UiAccountForm *self, GError *error)
{
  GtkWidget *row = row_of_error (self, error);

  if (row == GTK_WIDGET (self->stun_row) || row == GTK_WIDGET (self->turn_row))
    adw_expander_row_set_expanded (self->network_row, TRUE);
  else if (row != GTK_WIDGET (self->address_row) && row != GTK_WIDGET (self->password_row))
    adw_expander_row_set_expanded (self->more_row, TRUE);
  gtk_widget_add_css_class (row, "error");
  gtk_widget_grab_focus (row);
  show_result (self, error->message, TRUE);
}

static void
unwatch (UiAccountForm *self)
{
  if (self->line != NULL)
    g_signal_handlers_disconnect_by_data (self->line, self);
  g_clear_object (&self->line);
}

static void on_line_text (UiAccountForm *self);

/* Who looks at a certificate may trust it, and is signed in then. */
static void
offer_certificate (UiAccountForm *self)
{
  g_autoptr (GTlsCertificate) certificate = NULL;

  g_object_get (ui_line_get_ua (self->line), "refused-certificate", &certificate, NULL);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->certificate_button), "s",
                                    store_account_get_id (self->account));
  gtk_widget_set_visible (self->certificate_button, certificate != NULL);
}

static void
on_guessed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UiAccountForm) self = user_data;
  g_autofree char *host = ui_guess_host_finish (result);
  const char *unknown = self->line != NULL ? ui_line_get_unknown_host (self->line) : NULL;
  g_autofree char *text = NULL, *label = NULL;

  if (host == NULL || unknown == NULL)
    return;
  text = ui_format_other_server (unknown, host);
  label = g_strdup_printf (_ ("Use %s"), host);
  g_free (self->guess);
  self->guess = g_steal_pointer (&host);
  show_result (self, text, TRUE);
  gtk_button_set_label (self->guess_button, label);
  gtk_widget_set_visible (GTK_WIDGET (self->guess_button), TRUE);
}

/* Hosts of the other accounts. */
static GStrv
list_hosts (UiAccountForm *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++) {
    g_autoptr (StoreAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);
    g_autofree char *host = store_account_dup_host (account);

    if (account != self->account)
      g_strv_builder_add (builder, host);
  }
  return g_strv_builder_end (builder);
}

static void
guess_host (UiAccountForm *self)
{
  const char *unknown = ui_line_get_unknown_host (self->line);
  g_auto (GStrv) known = list_hosts (self);

  if (unknown != NULL)
    ui_guess_host_async (unknown, (const char *const *)known, self->cancellable, on_guessed,
                         g_object_ref (self));
}

static void
on_line_changed (UiAccountForm *self)
{
  const char *text = ui_line_get_text (self->line);

  if (ui_line_get_status (self->line) == UI_LINE_READY) {
    unwatch (self);
    gtk_window_destroy (GTK_WINDOW (self));
    return;
  }
  show_result (self, text, ui_line_has_failed (self->line));
  if (ui_line_has_failed (self->line)) {
    g_signal_handlers_disconnect_by_func (self->line, on_line_text, self);
    set_busy (self, FALSE);
    offer_certificate (self);
    guess_host (self);
  }
}

/* Until it failed: from then on it only tells when it is tried again. */
static void
on_line_text (UiAccountForm *self)
{
  on_line_changed (self);
}

static UiLine *
find_line (UiAccountForm *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (self->lines); i++) {
    g_autoptr (UiLine) line = g_list_model_get_item (self->lines, i);

    if (ui_line_get_account (line) == self->account)
      return g_steal_pointer (&line);
  }
  return NULL;
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UiAccountForm) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean saved = store_accounts_save_finish (STORE_ACCOUNTS (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  unwatch (self);
  gtk_widget_set_visible (self->certificate_button, FALSE);
  self->line = saved ? find_line (self) : NULL;
  if (self->line == NULL) {
    set_busy (self, FALSE);
    show_result (self, error != NULL ? error->message : "", TRUE);
    return;
  }
  g_signal_connect_object (self->line, "notify::text", G_CALLBACK (on_line_text), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->line, "notify::status", G_CALLBACK (on_line_changed), self,
                           G_CONNECT_SWAPPED);
  on_line_changed (self);
}

static char *
dup_field (GtkEditable *row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (row)));
}

/* An account of what was typed: "alice@example.org" is an address too, and a good name. */
static StoreAccount *
read_fields (UiAccountForm *self, GError **error)
{
  g_autofree char *typed = dup_field (self->address_row);
  g_autofree char *name = dup_field (self->name_row);
  g_autofree char *server = dup_field (self->server_row);
  g_autofree char *user = dup_field (self->user_row);
  gboolean has_scheme =
      g_ascii_strncasecmp (typed, "sip:", 4) == 0 || g_ascii_strncasecmp (typed, "sips:", 5) == 0;
  g_autofree char *address = has_scheme ? g_strdup (typed) : g_strconcat ("sip:", typed, NULL);
  g_autofree char *stun = dup_field (self->stun_row);
  g_autofree char *turn = dup_field (self->turn_row);
  g_autofree char *turn_user = dup_field (self->turn_user_row);
  g_autoptr (StoreAccount) account = NULL;
  g_autofree char *own_name = *name != '\0' ? g_strdup (name) : ui_format_address (address);

  if (*own_name == '\0')
    own_name = (g_free (own_name), g_strdup ("?"));
  account = store_account_new (self->account != NULL ? store_account_get_id (self->account) : NULL,
                               own_name, address, server, user,
                               adw_combo_row_get_selected (self->media_row),
                               adw_combo_row_get_selected (self->security_row), error);
  if (account == NULL ||
      !store_account_set_helpers (account, stun, turn, turn_user,
                                  gtk_switch_get_active (self->relay_only_switch), error))
    return NULL;
  return g_steal_pointer (&account);
}

/* What of @row is a password; NULL where nothing was typed. */
static const char *
read_password (GtkEditable *row)
{
  const char *text = gtk_editable_get_text (row);

  return *text != '\0' ? text : NULL;
}

static void
sign_in (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiAccountForm *self = UI_ACCOUNT_FORM (widget);
  g_autoptr (GError) error = NULL;
  StoreAccount *account = read_fields (self, &error);

  clear_blame (self);
  gtk_widget_set_visible (GTK_WIDGET (self->guess_button), FALSE);
  if (account == NULL) {
    blame (self, error);
    return;
  }
  self->is_new = self->is_new || self->account == NULL;
  g_clear_object (&self->account);
  self->account = account;
  set_busy (self, TRUE);
  show_result (self, _ ("Signing in…"), FALSE);
  store_accounts_save_async (self->accounts, account, read_password (self->password_row),
                             read_password (self->turn_password_row), self->cancellable, on_saved,
                             g_object_ref (self));
}

/* Where the wrong host was typed, the other one takes its place; one below it is a server. */
static void
use_guess (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiAccountForm *self = UI_ACCOUNT_FORM (widget);
  g_autofree char *unknown = store_account_dup_host (self->account);
  gboolean has_server = *gtk_editable_get_text (self->server_row) != '\0';
  gboolean is_below = !has_server && g_str_has_suffix (self->guess, unknown);
  GtkEditable *row = has_server || is_below ? self->server_row : self->address_row;
  g_autofree char *text = is_below
                              ? g_strconcat ("sip:", self->guess, NULL)
                              : ui_guess_put (gtk_editable_get_text (row), unknown, self->guess);

  gtk_editable_set_text (row, text);
  gtk_widget_activate_action (widget, "form.sign-in", NULL);
}

static void
cancel (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiAccountForm *self = UI_ACCOUNT_FORM (widget);

  g_cancellable_cancel (self->cancellable);
  unwatch (self);
  if (self->is_new && store_accounts_find (self->accounts, store_account_get_id (self->account)))
    store_accounts_remove_async (self->accounts, self->account, NULL, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* Closing the window is cancelling. */
static gboolean
ui_account_form_close_request (GtkWindow *window)
{
  cancel (GTK_WIDGET (window), NULL, NULL);
  return TRUE;
}

static void
on_entry_activated (UiAccountForm *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "form.sign-in", NULL);
}

static void
on_keyring_changed (UiAccountForm *self)
{
  gboolean available = store_keyring_get_available (store_accounts_get_keyring (self->accounts));

  gtk_label_set_text (self->keyring_label,
                      available
                          ? _ ("The password is kept in the keyring of this computer and nowhere "
                               "else.")
                          : _ ("There is no keyring here. The password is kept in memory and "
                               "forgotten when Ahoy quits."));
}

static void
fill_field (GtkEditable *row, const char *text)
{
  gtk_editable_set_text (row, text != NULL ? text : "");
}

static void
fill_fields (UiAccountForm *self)
{
  gtk_editable_set_text (self->address_row, store_account_get_address (self->account));
  gtk_editable_set_text (self->name_row, store_account_get_name (self->account));
  fill_field (self->server_row, store_account_get_server (self->account));
  fill_field (self->user_row, store_account_get_user (self->account));
  adw_combo_row_set_selected (self->media_row, store_account_get_media (self->account));
  adw_combo_row_set_selected (self->security_row, store_account_get_security (self->account));
  fill_field (self->stun_row, store_account_get_stun (self->account));
  fill_field (self->turn_row, store_account_get_turn (self->account));
  fill_field (self->turn_user_row, store_account_get_turn_user (self->account));
  gtk_switch_set_active (self->relay_only_switch, store_account_get_relay_only (self->account));
}

static void
ui_account_form_dispose (GObject *object)
{
  UiAccountForm *self = UI_ACCOUNT_FORM (object);

  unwatch (self);
  gtk_widget_dispose_template (GTK_WIDGET (object), UI_TYPE_ACCOUNT_FORM);
  g_clear_object (&self->accounts);
  g_clear_object (&self->lines);
  g_clear_object (&self->account);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->guess, g_free);
  G_OBJECT_CLASS (ui_account_form_parent_class)->dispose (object);
}

static void
ui_account_form_class_init (UiAccountFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_account_form_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = ui_account_form_close_request;
  gtk_widget_class_install_action (widget_class, "form.sign-in", NULL, sign_in);
  gtk_widget_class_install_action (widget_class, "form.use-guess", NULL, use_guess);
  gtk_widget_class_install_action (widget_class, "form.cancel", NULL, cancel);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/ahoyphone/Ahoy/ui-account-form.ui");
  gtk_widget_class_bind_template_callback (widget_class, on_entry_activated);
  gtk_widget_class_bind_template_child (widget_class, UiAccountForm, fields);
  gtk_widget_class_bind_template_child (widget_class, UiAccountForm, spinner);
  gtk_widget_class_bind_template_child (widget_class, UiAccountForm, result_label);
  gtk_widget_class_bind_template_child (widget_class, UiAccountForm, certificate_button);
  gtk_widget_class_bind_template_child (widget_class, UiAccountForm, guess_button);
  gtk_widget_class_bind_template_child (widget_class, UiAccountForm, keyring_label);
  gtk_widget_class_bind_template_child (widget_class, UiAccountForm, address_row);
  gtk_widget_class_bind_template_child (widget_class, UiAccountForm, password_row);
  gtk_widget_class_bind_template_child (widget_class, UiAccountForm, name_row);
  gtk_widget_class_bind_template_child (widget_class, UiAccountForm, server_row);
  gtk_widget_class_bind_template_child (widget_class, UiAccountForm, user_row);
  gtk_widget_class_bind_template_child (widget_class, UiAccountForm, media_row);
  gtk_widget_class_bind_template_child (widget_class, UiAccountForm, security_row);
  gtk_widget_class_bind_template_child (widget_class, UiAccountForm, more_row);
  gtk_widget_class_bind_template_child (widget_class, UiAccountForm, stun_row);
  gtk_widget_class_bind_template_child (widget_class, UiAccountForm, turn_row);
  gtk_widget_class_bind_template_child (widget_class, UiAccountForm, turn_user_row);
  gtk_widget_class_bind_template_child (widget_class, UiAccountForm, turn_password_row);
  gtk_widget_class_bind_template_child (widget_class, UiAccountForm, relay_only_switch);
  gtk_widget_class_bind_template_child (widget_class, UiAccountForm, network_row);
}

static void
ui_account_form_init (UiAccountForm *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* @lines: of UiLine, kept in step with @accounts; @edited: NULL to add an account */
GtkWidget *
ui_account_form_new (StoreAccounts *accounts, GListModel *lines, StoreAccount *edited)
{
  UiAccountForm *self = g_object_new (UI_TYPE_ACCOUNT_FORM, NULL);

  self->accounts = g_object_ref (accounts);
  self->lines = g_object_ref (lines);
  g_signal_connect_object (store_accounts_get_keyring (accounts), "notify::available",
                           G_CALLBACK (on_keyring_changed), self, G_CONNECT_SWAPPED);
  on_keyring_changed (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->address_row));
  if (edited != NULL) {
    self->account = g_object_ref (edited);
    fill_fields (self);
    gtk_window_set_title (GTK_WINDOW (self), _ ("Edit account"));
  }
  return GTK_WIDGET (self);
}
