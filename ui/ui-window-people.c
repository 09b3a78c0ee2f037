/* ui-window-people.c - what one can do with the people on the left, and take back
 *
 * Down: win.add-contact and its kin -> UiContactForm, StoreContacts, StoreHistory
 * Up:   what was removed -> a toast that brings it back
 */

#include "ui-contact-form.h"
#include "ui-format.h"
#include "ui-window-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
show_form (UiWindow *self, GtkWidget *form)
{
  gtk_window_set_transient_for (GTK_WINDOW (form), GTK_WINDOW (self));
  gtk_window_present (GTK_WINDOW (form));
}

/* (ss): a name and an address, both empty for somebody who never called */
static void
add_contact (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiWindow *self = UI_WINDOW (widget);
  GtkWidget *form = ui_contact_form_new (self->contacts, NULL);
  const char *name, *address;

  g_variant_get (parameter, "(&s&s)", &name, &address);
  if (*address != '\0') {
    g_autofree char *text = ui_format_address (address);

    ui_contact_form_fill (UI_CONTACT_FORM (form), name, text);
  }
  show_form (self, form);
}

static void
edit_contact (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiWindow *self = UI_WINDOW (widget);
  StoreContact *contact =
      store_contacts_get (self->contacts, g_variant_get_string (parameter, NULL));

  if (contact != NULL)
    show_form (self, ui_contact_form_new (self->contacts, contact));
}

static void
favour_contact (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiWindow *self = UI_WINDOW (widget);
  StoreContact *contact =
      store_contacts_get (self->contacts, g_variant_get_string (parameter, NULL));
  g_autoptr (StoreContact) changed = NULL;

  if (contact == NULL)
    return;
  changed = store_contact_new_favourite (contact, !store_contact_get_favourite (contact));
  store_contacts_save (self->contacts, changed);
}

static void
offer_undo (UiWindow *self, gpointer removed, const char *name)
{
  g_autofree char *text = g_strdup_printf (_ ("%s was removed."), name);

  g_set_object (&self->removed, G_OBJECT (removed));
  ui_window_tell_undo (self, text);
}

static void
remove_contact (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiWindow *self = UI_WINDOW (widget);
  StoreContact *contact =
      store_contacts_get (self->contacts, g_variant_get_string (parameter, NULL));

  if (contact == NULL)
    return;
  offer_undo (self, contact, store_contact_get_name (contact));
  store_contacts_remove (self->contacts, contact);
}

/* x: the number of a record */
static void
remove_record (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiWindow *self = UI_WINDOW (widget);
  StoreRecord *record = store_history_find (self->history, g_variant_get_int64 (parameter));

  if (record == NULL)
    return;
  offer_undo (self, record, store_record_get_name (record));
  store_history_remove (self->history, record);
}

static void
undo (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiWindow *self = UI_WINDOW (widget);
  g_autoptr (GObject) removed = g_steal_pointer (&self->removed);

  if (STORE_IS_CONTACT (removed))
    store_contacts_save (self->contacts, STORE_CONTACT (removed));
  else if (STORE_IS_RECORD (removed))
    store_history_add (self->history, STORE_RECORD (removed));
}

static void
on_imported (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UiWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) contacts =
      store_contacts_import_finish (STORE_CONTACTS (source), result, &error);
  g_autofree char *text = NULL;

  if (contacts != NULL)
    text = g_strdup_printf (
        ngettext ("%u contact was added.", "%u contacts were added.", contacts->len),
        contacts->len);
  ui_window_tell (self, contacts != NULL ? text : error->message);
}

static void
on_file_chosen (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  UiWindow *self = user_data;
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT && file != NULL)
    store_contacts_import_file_async (self->contacts, file, NULL, on_imported, g_object_ref (self));
  g_object_unref (dialog);
}

static void
import (GtkWidget *widget, const char *action, GVariant *parameter)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      _ ("Import contacts"), GTK_WINDOW (widget), GTK_FILE_CHOOSER_ACTION_OPEN, _ ("Import"), NULL);
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _ ("vCards"));
  gtk_file_filter_add_mime_type (filter, "text/vcard");
  gtk_file_filter_add_suffix (filter, "vcf");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_file_chosen), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static gboolean
on_cards_dropped (UiWindow *self, const GValue *value)
{
  store_contacts_import_file_async (self->contacts, g_value_get_object (value), NULL, on_imported,
                                    g_object_ref (self));
  return TRUE;
}

/* The cards of people may be dropped on the list. */
void
ui_window_take_cards (UiWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY);

  g_signal_connect_object (target, "drop", G_CALLBACK (on_cards_dropped), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->people), GTK_EVENT_CONTROLLER (target));
}

/* Who of those suggested is meant by the text in the entry: the first one for a name, else the one
 * at exactly this number or address. NULL for nobody.
 */
static StoreSuggestion *
find_meant (UiWindow *self)
{
  gboolean is_name = strpbrk (gtk_editable_get_text (self->dial_entry), "@:0123456789") == NULL;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->suggestions)); i++) {
    g_autoptr (StoreSuggestion) suggestion =
        g_list_model_get_item (G_LIST_MODEL (self->suggestions), i);
    StoreOrigin origin = store_suggestion_get_origin (suggestion);

    if (is_name || origin == STORE_ORIGIN_EXACT || origin == STORE_ORIGIN_TYPED)
      return g_steal_pointer (&suggestion);
  }
  return NULL;
}

/* Whom the text in the entry means. A number, with what is to be pressed behind it, is taken to the
 * letter; so is an address.
 */
char *
ui_window_dup_dialled (UiWindow *self)
{
  const char *text = gtk_editable_get_text (self->dial_entry);
  gboolean is_literal =
      strchr (text, '@') != NULL || strspn (text, "+0123456789 ()-./*#,;") == strlen (text);
  g_autoptr (StoreSuggestion) meant = is_literal ? NULL : find_meant (self);

  return meant != NULL ? g_strdup (store_suggestion_get_address (meant))
                       : g_strstrip (g_strdup (text));
}

/* The account of the last call with whom the text in the entry means, else the one that suits. */
void
ui_window_suggest_account (UiWindow *self)
{
  g_autofree char *dialled = ui_window_dup_dialled (self);
  g_autoptr (StoreSuggestion) meant = find_meant (self);
  UiLine *line =
      meant != NULL ? ui_line_find (self->lines, store_suggestion_get_account (meant)) : NULL;

  ui_account_picker_suggest (self->account_picker,
                             line != NULL ? line : ui_line_choose (self->lines, dialled));
}

/* What the one at @address is called by the person, else the address. */
char *
ui_window_dup_person_name (UiWindow *self, const char *address)
{
  StoreContact *contact = store_contacts_find (self->contacts, address);

  if (contact != NULL)
    return g_strdup (store_contact_get_name (contact));
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->suggestions)); i++) {
    g_autoptr (StoreSuggestion) suggestion =
        g_list_model_get_item (G_LIST_MODEL (self->suggestions), i);

    if (g_strcmp0 (store_suggestion_get_address (suggestion), address) == 0 &&
        store_suggestion_get_name (suggestion) != NULL)
      return g_strdup (store_suggestion_get_name (suggestion));
  }
  return ui_format_address (address);
}

void
ui_window_install_people (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.add-contact", "(ss)", add_contact);
  gtk_widget_class_install_action (widget_class, "win.edit-contact", "s", edit_contact);
  gtk_widget_class_install_action (widget_class, "win.favour-contact", "s", favour_contact);
  gtk_widget_class_install_action (widget_class, "win.remove-contact", "s", remove_contact);
  gtk_widget_class_install_action (widget_class, "win.remove-record", "x", remove_record);
  gtk_widget_class_install_action (widget_class, "win.import-contacts", NULL, import);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, undo);
}
