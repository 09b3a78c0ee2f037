/* ui-account-picker.c - by which account one calls: what suits, unless the person says which
 *
 * Down: the menu -> action picker.account, whose state is the choice
 * Up:   the model of lines -> the menu; suggest() -> the chip
 */

#include "ui-account-picker.h"

#include "ui-account-chip.h"

#include <glib/gi18n-lib.h>

#define AUTOMATIC ""

struct _UiAccountPicker {
  AdwBin parent_instance;

  GListModel *lines;     /* of UiLine */
  UiLine *suggested;     /* NULL for none */
  GSimpleAction *choice; /* its state is the id of an account */

  GtkMenuButton *button;
  UiAccountChip *chip;
};

G_DEFINE_FINAL_TYPE (UiAccountPicker, ui_account_picker, ADW_TYPE_BIN)

/* What the person chose; empty where he leaves it to the program. */
static const char *
get_choice (UiAccountPicker *self)
{
  g_autoptr (GVariant) state = g_action_get_state (G_ACTION (self->choice));

  return g_variant_get_string (state, NULL);
}

static UiLine *
get_line (UiAccountPicker *self)
{
  UiLine *chosen = ui_line_find (self->lines, get_choice (self));

  return chosen != NULL ? chosen : self->suggested;
}

static void
update (UiAccountPicker *self)
{
  UiLine *line = get_line (self);
  const char *name = line != NULL ? store_account_get_name (ui_line_get_account (line)) : "";
  g_autofree char *words = g_strdup_printf (_ ("Call by %s"), name);

  gtk_widget_set_visible (GTK_WIDGET (self),
                          line != NULL && g_list_model_get_n_items (self->lines) > 1);
  ui_account_chip_show (self->chip, line);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  words, -1);
}

static void
add_item (GMenu *menu, const char *label, const char *account)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, "picker.account", "s", account);
  g_menu_append_item (menu, item);
}

static void
on_lines_changed (UiAccountPicker *self)
{
  g_autoptr (GMenu) menu = g_menu_new ();

  add_item (menu, _ ("The one that suits"), AUTOMATIC);
  for (guint i = 0; i < g_list_model_get_n_items (self->lines); i++) {
    g_autoptr (UiLine) line = g_list_model_get_item (self->lines, i);
    StoreAccount *account = ui_line_get_account (line);

    add_item (menu, store_account_get_name (account), store_account_get_id (account));
  }
  gtk_menu_button_set_menu_model (self->button, G_MENU_MODEL (menu));
  if (self->suggested != NULL &&
      ui_line_find (self->lines, store_account_get_id (ui_line_get_account (self->suggested))) ==
          NULL)
    g_clear_object (&self->suggested);
  update (self);
}

static void
ui_account_picker_dispose (GObject *object)
{
  UiAccountPicker *self = UI_ACCOUNT_PICKER (object);

  g_clear_object (&self->lines);
  g_clear_object (&self->suggested);
  g_clear_object (&self->choice);
  G_OBJECT_CLASS (ui_account_picker_parent_class)->dispose (object);
}

static void
ui_account_picker_class_init (UiAccountPickerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ui_account_picker_dispose;
}

static void
ui_account_picker_init (UiAccountPicker *self)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  self->choice = g_simple_action_new_stateful ("account", G_VARIANT_TYPE_STRING,
                                               g_variant_new_string (AUTOMATIC));
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (self->choice));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "picker", G_ACTION_GROUP (group));
  self->chip = g_object_new (UI_TYPE_ACCOUNT_CHIP, NULL);
  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_child (self->button, GTK_WIDGET (self->chip));
  gtk_widget_add_css_class (GTK_WIDGET (self->button), "flat");
  gtk_widget_set_valign (GTK_WIDGET (self->button), GTK_ALIGN_CENTER);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->button));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/* @lines: of UiLine; once */
void
ui_account_picker_set_lines (UiAccountPicker *self, GListModel *lines)
{
  g_return_if_fail (UI_IS_ACCOUNT_PICKER (self));

  self->lines = g_object_ref (lines);
  g_signal_connect_object (lines, "items-changed", G_CALLBACK (on_lines_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->choice, "notify::state", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  on_lines_changed (self);
}

/* @line: (nullable): by which one would call what is typed */
void
ui_account_picker_suggest (UiAccountPicker *self, UiLine *line)
{
  g_return_if_fail (UI_IS_ACCOUNT_PICKER (self));

  if (g_set_object (&self->suggested, line))
    update (self);
}

/* The choice was for one call. */
void
ui_account_picker_reset (UiAccountPicker *self)
{
  g_return_if_fail (UI_IS_ACCOUNT_PICKER (self));

  g_action_change_state (G_ACTION (self->choice), g_variant_new_string (AUTOMATIC));
}

/* The id of the account to call by, borrowed; NULL where there is none. */
const char *
ui_account_picker_get_account (UiAccountPicker *self)
{
  UiLine *line;

  g_return_val_if_fail (UI_IS_ACCOUNT_PICKER (self), NULL);

  line = get_line (self);
  return line != NULL ? store_account_get_id (ui_line_get_account (line)) : NULL;
}
