/* ui-settings.c - what a person may want otherwise: accounts, and what holds for all calls
 *
 * Down: rows -> GSettings, at once; buttons -> actions app.*
 * Up:   the model of lines -> rows of accounts
 */

#include "ui-settings.h"

#include "ui-account-row.h"

struct _UiSettings {
  AdwPreferencesWindow parent_instance;

  GSettings *settings;

  GtkListBox *account_list;
  GtkWidget *no_accounts;
  GtkAdjustment *reminder_minutes;
  AdwExpanderRow *ports_row;
  GtkAdjustment *first_port;
  GtkAdjustment *last_port;
};

G_DEFINE_FINAL_TYPE (UiSettings, ui_settings, ADW_TYPE_PREFERENCES_WINDOW)

/* What is offered to somebody who wants certain ports: two for each of fifty calls. */
#define FIRST_PORT 16384
#define LAST_PORT 16483

static GtkWidget *
make_account_row (gpointer item, gpointer user_data)
{
  return ui_account_row_new (UI_LINE (item));
}

static void
on_lines_changed (UiSettings *self, guint position, guint removed, guint added, GListModel *lines)
{
  gtk_widget_set_visible (self->no_accounts, g_list_model_get_n_items (lines) == 0);
  gtk_widget_set_visible (GTK_WIDGET (self->account_list), g_list_model_get_n_items (lines) > 0);
}

static gboolean
to_minutes (GValue *value, GVariant *variant, gpointer user_data)
{
  g_value_set_double (value, MAX (g_variant_get_uint32 (variant) / 60.0, 1));
  return TRUE;
}

static GVariant *
to_seconds (const GValue *value, const GVariantType *type, gpointer user_data)
{
  return g_variant_new_uint32 ((guint32)(g_value_get_double (value) * 60));
}

static void
set_ports (UiSettings *self, guint first, guint last)
{
  g_settings_set_uint (self->settings, "rtp-port-min", first);
  g_settings_set_uint (self->settings, "rtp-port-max", last);
}

static void
on_ports_wanted (UiSettings *self)
{
  gboolean are_certain = g_settings_get_uint (self->settings, "rtp-port-max") > 0;

  if (adw_expander_row_get_enable_expansion (self->ports_row) == are_certain)
    return;
  gtk_adjustment_set_value (self->first_port, FIRST_PORT);
  gtk_adjustment_set_value (self->last_port, LAST_PORT);
  set_ports (self, are_certain ? 0 : FIRST_PORT, are_certain ? 0 : LAST_PORT);
}

/* The last one is never before the first. */
static void
on_port_changed (UiSettings *self, GtkAdjustment *changed)
{
  double first = gtk_adjustment_get_value (self->first_port);
  double last = gtk_adjustment_get_value (self->last_port);

  if (!adw_expander_row_get_enable_expansion (self->ports_row))
    return;
  if (first + 1 > last) {
    if (changed == self->first_port)
      gtk_adjustment_set_value (self->last_port, first + 1);
    else
      gtk_adjustment_set_value (self->first_port, last - 1);
    return;
  }
  set_ports (self, (guint)first, (guint)last);
}

static void
ui_settings_dispose (GObject *object)
{
  UiSettings *self = UI_SETTINGS (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), UI_TYPE_SETTINGS);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (ui_settings_parent_class)->dispose (object);
}

static void
ui_settings_class_init (UiSettingsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_settings_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/ahoyphone/Ahoy/ui-settings.ui");
  gtk_widget_class_bind_template_child (widget_class, UiSettings, account_list);
  gtk_widget_class_bind_template_child (widget_class, UiSettings, no_accounts);
  gtk_widget_class_bind_template_child (widget_class, UiSettings, reminder_minutes);
  gtk_widget_class_bind_template_child (widget_class, UiSettings, ports_row);
  gtk_widget_class_bind_template_child (widget_class, UiSettings, first_port);
  gtk_widget_class_bind_template_child (widget_class, UiSettings, last_port);
  gtk_widget_class_bind_template_callback (widget_class, on_ports_wanted);
  gtk_widget_class_bind_template_callback (widget_class, on_port_changed);
}

static void
ui_settings_init (UiSettings *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* @lines: of UiLine; @settings: the program's own */
GtkWidget *
ui_settings_new (GListModel *lines, GSettings *settings)
{
  UiSettings *self = g_object_new (UI_TYPE_SETTINGS, NULL);
  guint first = g_settings_get_uint (settings, "rtp-port-min");
  guint last = g_settings_get_uint (settings, "rtp-port-max");

  self->settings = g_object_ref (settings);
  gtk_list_box_bind_model (self->account_list, lines, make_account_row, NULL, NULL);
  g_signal_connect_object (lines, "items-changed", G_CALLBACK (on_lines_changed), self,
                           G_CONNECT_SWAPPED);
  on_lines_changed (self, 0, 0, 0, lines);
  g_settings_bind_with_mapping (settings, "reminder-seconds", self->reminder_minutes, "value",
                                G_SETTINGS_BIND_DEFAULT, to_minutes, to_seconds, NULL, NULL);
  gtk_adjustment_set_value (self->first_port, last > 0 ? first : FIRST_PORT);
  gtk_adjustment_set_value (self->last_port, last > 0 ? last : LAST_PORT);
  adw_expander_row_set_enable_expansion (self->ports_row, last > 0);
  adw_expander_row_set_expanded (self->ports_row, last > 0);
  return GTK_WIDGET (self);
}
