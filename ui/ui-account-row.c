/* ui-account-row.c - one account in the window: a dot and how it stands, in words */

#include "ui-account-row.h"

#include <glib/gi18n-lib.h>

struct _UiAccountRow {
  AdwPreferencesRow parent_instance;

  UiLine *line;

  GtkWidget *dot;
  GtkLabel *name_label;
  GtkLabel *status_label;
  GtkMenuButton *menu_button;
  GtkWidget *certificate_button;
};

G_DEFINE_FINAL_TYPE (UiAccountRow, ui_account_row, ADW_TYPE_PREFERENCES_ROW)

static const char *const dot_classes[] = {
    [UI_LINE_WAITING] = "waiting",    [UI_LINE_CONNECTING] = "waiting",
    [UI_LINE_SIGNING_IN] = "waiting", [UI_LINE_READY] = "ready",
    [UI_LINE_FAILED] = "failed",      [UI_LINE_REFUSED] = "failed",
};

static void
on_status (UiAccountRow *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (dot_classes); i++)
    gtk_widget_remove_css_class (self->dot, dot_classes[i]);
  gtk_widget_add_css_class (self->dot, dot_classes[ui_line_get_status (self->line)]);
}

static void
on_certificate (UiAccountRow *self)
{
  g_autoptr (GTlsCertificate) certificate = NULL;

  g_object_get (ui_line_get_ua (self->line), "refused-certificate", &certificate, NULL);
  gtk_widget_set_visible (self->certificate_button, certificate != NULL);
}

static GMenuModel *
make_menu (const char *id)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenuItem) edit = g_menu_item_new (_ ("_Edit Account…"), NULL);
  g_autoptr (GMenuItem) remove = g_menu_item_new (_ ("_Remove Account"), NULL);

  g_menu_item_set_action_and_target (edit, "app.edit-account", "s", id);
  g_menu_item_set_action_and_target (remove, "app.remove-account", "s", id);
  g_menu_append_item (menu, edit);
  g_menu_append_item (menu, remove);
  return G_MENU_MODEL (menu);
}

static void
ui_account_row_dispose (GObject *object)
{
  UiAccountRow *self = UI_ACCOUNT_ROW (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), UI_TYPE_ACCOUNT_ROW);
  g_clear_object (&self->line);
  G_OBJECT_CLASS (ui_account_row_parent_class)->dispose (object);
}

static void
ui_account_row_class_init (UiAccountRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_account_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/ahoyphone/Ahoy/ui-account-row.ui");
  gtk_widget_class_bind_template_child (widget_class, UiAccountRow, dot);
  gtk_widget_class_bind_template_child (widget_class, UiAccountRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, UiAccountRow, status_label);
  gtk_widget_class_bind_template_child (widget_class, UiAccountRow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, UiAccountRow, certificate_button);
}

static void
ui_account_row_init (UiAccountRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
ui_account_row_new (UiLine *line)
{
  UiAccountRow *self = g_object_new (UI_TYPE_ACCOUNT_ROW, NULL);
  StoreAccount *account = ui_line_get_account (line);
  g_autoptr (GMenuModel) menu = make_menu (store_account_get_id (account));

  self->line = g_object_ref (line);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), store_account_get_name (account));
  gtk_label_set_text (self->name_label, store_account_get_name (account));
  gtk_menu_button_set_menu_model (self->menu_button, menu);
  g_object_bind_property (line, "text", self->status_label, "label", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (line, "notify::status", G_CALLBACK (on_status), self, G_CONNECT_SWAPPED);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->certificate_button), "s",
                                    store_account_get_id (account));
  g_signal_connect_object (ui_line_get_ua (line), "notify::refused-certificate",
                           G_CALLBACK (on_certificate), self, G_CONNECT_SWAPPED);
  on_certificate (self);
  on_status (self);
  return GTK_WIDGET (self);
}
