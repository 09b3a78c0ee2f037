/* ui-keypad.c - the twelve keys of a telephone; each activates the action call.digit */

#include "ui-keypad.h"

struct _UiKeypad {
  AdwBin parent_instance;

  GtkGrid *grid;
};

G_DEFINE_FINAL_TYPE (UiKeypad, ui_keypad, ADW_TYPE_BIN)

static const struct {
  const char *digit;
  const char *letters;
} keys[] = {
    {"1", ""},     {"2", "ABC"}, {"3", "DEF"},  {"4", "GHI"}, {"5", "JKL"}, {"6", "MNO"},
    {"7", "PQRS"}, {"8", "TUV"}, {"9", "WXYZ"}, {"*", ""},    {"0", "+"},   {"#", ""},
};

static GtkWidget *
make_key (const char *digit, const char *letters)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *big = gtk_label_new (digit);
  GtkWidget *small = gtk_label_new (letters);

  gtk_widget_add_css_class (button, "circular");
  gtk_widget_add_css_class (button, "key");
  gtk_widget_add_css_class (big, "title-3");
  gtk_widget_add_css_class (small, "letters");
  gtk_widget_set_visible (small, *letters != '\0');
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), big);
  gtk_box_append (GTK_BOX (box), small);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, digit,
                                  -1);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", digit);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "call.digit");
  return button;
}

static void
ui_keypad_class_init (UiKeypadClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/ahoyphone/Ahoy/ui-keypad.ui");
  gtk_widget_class_bind_template_child (widget_class, UiKeypad, grid);
}

static void
ui_keypad_init (UiKeypad *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* A telephone's keys stand as they stand, also where one writes from right to left. */
  gtk_widget_set_direction (GTK_WIDGET (self->grid), GTK_TEXT_DIR_LTR);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_grid_attach (self->grid, make_key (keys[i].digit, keys[i].letters), i % 3, i / 3, 1, 1);
}

GtkWidget *
ui_keypad_new (void)
{
  return g_object_new (UI_TYPE_KEYPAD, NULL);
}
