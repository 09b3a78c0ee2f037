/* ui-account-chip.c - which of several accounts, by a colour and a short name */

#include "ui-account-chip.h"

#define N_COLOURS 6
#define MAX_CHARACTERS 12

struct _UiAccountChip {
  AdwBin parent_instance;

  GtkLabel *label;
  guint colour; /* of those in the style sheet */
};

G_DEFINE_FINAL_TYPE (UiAccountChip, ui_account_chip, ADW_TYPE_BIN)

static void
set_colour (UiAccountChip *self, guint colour)
{
  g_autofree char *old = g_strdup_printf ("account-%u", self->colour);
  g_autofree char *new = g_strdup_printf ("account-%u", colour);

  gtk_widget_remove_css_class (GTK_WIDGET (self), old);
  gtk_widget_add_css_class (GTK_WIDGET (self), new);
  self->colour = colour;
}

static void
ui_account_chip_class_init (UiAccountChipClass *klass)
{
}

static void
ui_account_chip_init (UiAccountChip *self)
{
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_ellipsize (self->label, PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (self->label, MAX_CHARACTERS);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->label));
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self), "account-chip");
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/* @line: (nullable): the one that is meant; nothing is shown without. The colour is that of the
 * account, wherever it stands in the list.
 */
void
ui_account_chip_show (UiAccountChip *self, UiLine *line)
{
  StoreAccount *account = line != NULL ? ui_line_get_account (line) : NULL;

  g_return_if_fail (UI_IS_ACCOUNT_CHIP (self));

  gtk_widget_set_visible (GTK_WIDGET (self), account != NULL);
  if (account == NULL)
    return;
  gtk_label_set_text (self->label, store_account_get_name (account));
  set_colour (self, g_str_hash (store_account_get_id (account)) % N_COLOURS);
}
