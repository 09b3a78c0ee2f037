/* ui-keypad.c - the twelve keys of a telephone, and what was typed; each activates call.digit */

#include "ui-keypad.h"

#define MAX_DIGITS_SHOWN 64

struct _UiKeypad {
  AdwBin parent_instance;

  GString *digits;

  GtkLabel *digits_label;
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
ui_keypad_finalize (GObject *object)
{
  g_string_free (UI_KEYPAD (object)->digits, TRUE);
  G_OBJECT_CLASS (ui_keypad_parent_class)->finalize (object);
}

static void
ui_keypad_class_init (UiKeypadClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ui_keypad_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/ahoyphone/Ahoy/ui-keypad.ui");
  gtk_widget_class_bind_template_child (widget_class, UiKeypad, digits_label);
  gtk_widget_class_bind_template_child (widget_class, UiKeypad, grid);
}

static void
ui_keypad_init (UiKeypad *self)
{
  self->digits = g_string_new (NULL);
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

/* Those of the keyboard activate the same action on @widget_class. */
void
ui_keypad_add_keys (GtkWidgetClass *widget_class)
{
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    const char *digit = keys[i].digit;
    guint also = *digit == '*' ? GDK_KEY_KP_Multiply : GDK_KEY_KP_0 + (*digit - '0');

    gtk_widget_class_add_binding_action (widget_class, gdk_unicode_to_keyval (*digit), 0,
                                         "call.digit", "s", digit);
    if (*digit != '#') /* which that part of a keyboard has not */
      gtk_widget_class_add_binding_action (widget_class, also, 0, "call.digit", "s", digit);
  }
}

/* Shows that @digit was sent. */
void
ui_keypad_note (UiKeypad *self, const char *digit)
{
  g_return_if_fail (UI_IS_KEYPAD (self));

  g_string_append (self->digits, digit);
  if (self->digits->len > MAX_DIGITS_SHOWN)
    g_string_erase (self->digits, 0, self->digits->len - MAX_DIGITS_SHOWN);
  gtk_label_set_text (self->digits_label, self->digits->str);
}
