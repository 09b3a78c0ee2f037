/* ui-contact-form.c - adds somebody, or changes how he is called
 *
 * Down: form.save -> store_contact_new() -> store_contacts_save()
 * Up:   an address that is written -> room for another one
 */

#include "ui-contact-form.h"

#include <glib/gi18n-lib.h>

#define MAX_ADDRESSES 12

struct _UiContactForm {
  AdwWindow parent_instance;

  StoreContacts *contacts;
  StoreContact *contact; /* the one that is changed; NULL for a new one */

  GtkEditable *name_row;
  AdwPreferencesGroup *addresses;
  GPtrArray *rows; /* of AdwEntryRow, in order; the last one is empty */
  GtkSwitch *favourite_switch;
  GtkLabel *result_label;
};

G_DEFINE_FINAL_TYPE (UiContactForm, ui_contact_form, ADW_TYPE_WINDOW)

static void add_row (UiContactForm *self, const char *address);

static void
on_changed (UiContactForm *self, GtkEditable *row)
{
  gboolean is_last = g_ptr_array_index (self->rows, self->rows->len - 1) == row;

  if (is_last && *gtk_editable_get_text (row) != '\0' && self->rows->len < MAX_ADDRESSES)
    add_row (self, "");
}

static void
add_row (UiContactForm *self, const char *address)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Number or address"));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  gtk_editable_set_text (GTK_EDITABLE (row), address);
  g_signal_connect_object (row, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->rows, row);
  adw_preferences_group_add (self->addresses, row);
}

static GStrv
read_addresses (UiContactForm *self)
{
  GPtrArray *addresses = g_ptr_array_new ();

  for (guint i = 0; i < self->rows->len; i++) {
    GtkEditable *row = g_ptr_array_index (self->rows, i);
    g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (row)));

    if (*text != '\0')
      g_ptr_array_add (addresses, g_steal_pointer (&text));
  }
  g_ptr_array_add (addresses, NULL);
  return (GStrv)g_ptr_array_free (addresses, FALSE);
}

static void
save (GtkWidget *widget, const char *action, GVariant *parameter)
{
  UiContactForm *self = UI_CONTACT_FORM (widget);
  g_auto (GStrv) addresses = read_addresses (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (StoreContact) contact = NULL;

  if (*addresses != NULL)
    contact = store_contact_new (
        self->contact != NULL ? store_contact_get_id (self->contact) : NULL,
        gtk_editable_get_text (self->name_row), gtk_switch_get_active (self->favourite_switch),
        (const char *const *)addresses, NULL, &error);
  if (contact == NULL) {
    gtk_widget_set_visible (GTK_WIDGET (self->result_label), FALSE);
    gtk_label_set_text (self->result_label, error != NULL
                                                ? error->message
                                                : _ ("A number or an address is needed to call."));
    gtk_widget_set_visible (GTK_WIDGET (self->result_label), TRUE);
    return;
  }
  store_contacts_save (self->contacts, contact);
  gtk_window_close (GTK_WINDOW (self));
}

static void
cancel (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_window_close (GTK_WINDOW (widget));
}

static void
ui_contact_form_dispose (GObject *object)
{
  UiContactForm *self = UI_CONTACT_FORM (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), UI_TYPE_CONTACT_FORM);
  g_clear_object (&self->contacts);
  g_clear_object (&self->contact);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (ui_contact_form_parent_class)->dispose (object);
}

static void
ui_contact_form_class_init (UiContactFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_contact_form_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/ahoyphone/Ahoy/ui-contact-form.ui");
  gtk_widget_class_bind_template_child (widget_class, UiContactForm, name_row);
  gtk_widget_class_bind_template_child (widget_class, UiContactForm, addresses);
  gtk_widget_class_bind_template_child (widget_class, UiContactForm, favourite_switch);
  gtk_widget_class_bind_template_child (widget_class, UiContactForm, result_label);
  gtk_widget_class_install_action (widget_class, "form.save", NULL, save);
  gtk_widget_class_install_action (widget_class, "form.cancel", NULL, cancel);
}

static void
ui_contact_form_init (UiContactForm *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* @contact: (nullable): the one to change, NULL for a new one */
GtkWidget *
ui_contact_form_new (StoreContacts *contacts, StoreContact *contact)
{
  UiContactForm *self = g_object_new (UI_TYPE_CONTACT_FORM, NULL);
  const char *const *addresses = contact != NULL ? store_contact_get_addresses (contact) : NULL;

  self->contacts = g_object_ref (contacts);
  g_set_object (&self->contact, contact);
  for (gsize i = 0; addresses != NULL && addresses[i] != NULL; i++)
    add_row (self, addresses[i]);
  add_row (self, "");
  if (contact != NULL) {
    gtk_window_set_title (GTK_WINDOW (self), _ ("Edit contact"));
    gtk_editable_set_text (self->name_row, store_contact_get_name (contact));
    gtk_switch_set_active (self->favourite_switch, store_contact_get_favourite (contact));
  }
  return GTK_WIDGET (self);
}

/* What is known of somebody who is not a contact yet. */
void
ui_contact_form_fill (UiContactForm *self, const char *name, const char *address)
{
  g_return_if_fail (UI_IS_CONTACT_FORM (self));

  gtk_editable_set_text (self->name_row, name);
  gtk_editable_set_text (g_ptr_array_index (self->rows, 0), address);
}
