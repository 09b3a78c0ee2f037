/* ui-person-row.c - somebody in a list: to be called, or to be dragged onto a call
 *
 * Down: the button -> win.call; the row under the pointer -> a drag with the person in it, and with
 *       a link for other programs
 */

#include "ui-person-row.h"

#include "ui-account-chip.h"
#include "ui-spoken.h"

#include <glib/gi18n-lib.h>

struct _UiPersonRow {
  AdwBin parent_instance;

  GListModel *lines; /* of UiLine */
  UiPerson *person;  /* NULL while the row is empty */

  GtkBox *box;
  AdwAvatar *avatar;
  GtkLabel *name_label;
  GtkLabel *detail_label;
  GtkWidget *call_button;
  GtkWidget *dot; /* NULL until it says something, like the two below */
  UiAccountChip *chip;
  GtkMenuButton *menu_button;
};

G_DEFINE_FINAL_TYPE (UiPersonRow, ui_person_row, ADW_TYPE_BIN)

enum { SIGNAL_MENU_WANTED, N_SIGNALS };
static guint signals[N_SIGNALS];

static GdkContentProvider *
on_drag_prepare (UiPersonRow *self)
{
  GdkContentProvider *providers[2];
  g_autofree char *link = NULL;

  if (self->person == NULL || *ui_person_get_address (self->person) == '\0')
    return NULL;
  link = g_strdup (ui_person_get_address (self->person));
  providers[0] = gdk_content_provider_new_typed (UI_TYPE_PERSON, self->person);
  providers[1] = gdk_content_provider_new_typed (G_TYPE_STRING, link);
  return gdk_content_provider_new_union (providers, G_N_ELEMENTS (providers));
}

/* The person is what hangs at the pointer. */
static void
on_drag_begin (UiPersonRow *self, GdkDrag *drag)
{
  GtkWidget *icon = gtk_drag_icon_get_for_drag (drag);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  const char *name = ui_person_get_name (self->person);

  gtk_box_append (GTK_BOX (box), adw_avatar_new (36, name, TRUE));
  gtk_box_append (GTK_BOX (box), gtk_label_new (name));
  gtk_widget_add_css_class (box, "card");
  gtk_widget_add_css_class (box, "dragged");
  if (!gdk_display_is_composited (gtk_widget_get_display (box)))
    gtk_widget_add_css_class (box, "solid"); /* what is not painted is black there */
  gtk_drag_icon_set_child (GTK_DRAG_ICON (icon), box);
}

/* A list makes hundreds of rows, and hardly ever is one of their menus opened. */
static void
on_menu_wanted (GtkMenuButton *button, gpointer user_data)
{
  UiPersonRow *self = user_data;
  g_autoptr (GMenuModel) menu = NULL;

  g_signal_emit (self, signals[SIGNAL_MENU_WANTED], 0, &menu);
  gtk_menu_button_set_popover (button, gtk_popover_menu_new_from_model (menu));
}

static void
ui_person_row_dispose (GObject *object)
{
  g_clear_object (&UI_PERSON_ROW (object)->person);
  g_clear_object (&UI_PERSON_ROW (object)->lines);
  G_OBJECT_CLASS (ui_person_row_parent_class)->dispose (object);
}

static void
ui_person_row_class_init (UiPersonRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_person_row_dispose;
  /* Asks what else one can do with the person. */
  signals[SIGNAL_MENU_WANTED] = g_signal_new ("menu-wanted", UI_TYPE_PERSON_ROW, G_SIGNAL_RUN_LAST,
                                              0, NULL, NULL, NULL, G_TYPE_MENU_MODEL, 0);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/ahoyphone/Ahoy/ui-person-row.ui");
  gtk_widget_class_bind_template_child (widget_class, UiPersonRow, box);
  gtk_widget_class_bind_template_child (widget_class, UiPersonRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, UiPersonRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, UiPersonRow, detail_label);
  gtk_widget_class_bind_template_child (widget_class, UiPersonRow, call_button);
  gtk_widget_class_bind_template_callback (widget_class, on_drag_prepare);
  gtk_widget_class_bind_template_callback (widget_class, on_drag_begin);
}

static void
ui_person_row_init (UiPersonRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* @lines: of UiLine */
GtkWidget *
ui_person_row_new (GListModel *lines)
{
  UiPersonRow *self = g_object_new (UI_TYPE_PERSON_ROW, NULL);

  self->lines = g_object_ref (lines);
  return GTK_WIDGET (self);
}

/* By which he is called, where there are several. */
static UiLine *
find_line (UiPersonRow *self)
{
  return g_list_model_get_n_items (self->lines) > 1
             ? ui_line_find (self->lines, ui_person_get_account (self->person))
             : NULL;
}

/* The word beside it says the same. */
static void
show_dot (UiPersonRow *self, SipLampState lamp)
{
  static const char *const classes[] = {
      [SIP_LAMP_STATE_IDLE] = "ready",
      [SIP_LAMP_STATE_RINGING] = "waiting",
      [SIP_LAMP_STATE_BUSY] = "failed",
  };

  if (lamp != SIP_LAMP_STATE_UNKNOWN && self->dot == NULL) {
    self->dot = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                              "valign", GTK_ALIGN_CENTER, NULL);
    gtk_widget_add_css_class (self->dot, "dot");
    gtk_box_insert_child_after (self->box, self->dot,
                                gtk_widget_get_prev_sibling (self->call_button));
  }
  if (self->dot == NULL)
    return;
  for (guint i = SIP_LAMP_STATE_IDLE; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (self->dot, classes[i]);
  gtk_widget_set_visible (self->dot, lamp != SIP_LAMP_STATE_UNKNOWN);
  if (lamp != SIP_LAMP_STATE_UNKNOWN)
    gtk_widget_add_css_class (self->dot, classes[lamp]);
}

/* A list makes hundreds of rows at once: what few of them show is made when it is shown. */
static void
show_chip (UiPersonRow *self, UiLine *line)
{
  if (line != NULL && self->chip == NULL) {
    self->chip = g_object_new (UI_TYPE_ACCOUNT_CHIP, NULL);
    gtk_box_insert_child_after (self->box, GTK_WIDGET (self->chip),
                                gtk_widget_get_prev_sibling (self->call_button));
  }
  if (self->chip != NULL)
    ui_account_chip_show (self->chip, line);
}

static void
show_menu_button (UiPersonRow *self)
{
  g_autofree char *more = g_strdup_printf (_ ("More about %s"), ui_person_get_name (self->person));

  if (self->menu_button == NULL) {
    self->menu_button = GTK_MENU_BUTTON (gtk_menu_button_new ());
    gtk_menu_button_set_icon_name (self->menu_button, "view-more-symbolic");
    gtk_menu_button_set_create_popup_func (self->menu_button, on_menu_wanted, self, NULL);
    gtk_widget_set_valign (GTK_WIDGET (self->menu_button), GTK_ALIGN_CENTER);
    gtk_widget_add_css_class (GTK_WIDGET (self->menu_button), "circular");
    gtk_widget_add_css_class (GTK_WIDGET (self->menu_button), "flat");
    gtk_box_append (self->box, GTK_WIDGET (self->menu_button));
  }
  ui_spoken_set (self->menu_button, more);
}

/* @detail: what is said below the name; @has_menu: whether there is more that one can do with him,
 * which is so for all that the row ever shows or for none
 */
void
ui_person_row_show (UiPersonRow *self, UiPerson *person, const char *detail, gboolean has_menu)
{
  const char *name = ui_person_get_name (person);
  g_autofree char *call = g_strdup_printf (_ ("Call %s"), name);

  g_return_if_fail (UI_IS_PERSON_ROW (self));

  g_set_object (&self->person, person);
  adw_avatar_set_text (self->avatar, name);
  ui_spoken_show (self->name_label, name);
  gtk_label_set_text (self->detail_label, detail);
  show_dot (self, ui_person_get_lamp (person));
  show_chip (self, find_line (self));
  gtk_widget_set_visible (self->call_button, *ui_person_get_address (person) != '\0');
  ui_spoken_set (self, name);
  ui_spoken_set (self->call_button, call);
  if (has_menu)
    show_menu_button (self);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (self->call_button),
                                          ui_person_to_target (person));
}

/* Who is shown, borrowed; NULL while the row is empty. */
UiPerson *
ui_person_row_get_person (UiPersonRow *self)
{
  g_return_val_if_fail (UI_IS_PERSON_ROW (self), NULL);

  return self->person;
}
