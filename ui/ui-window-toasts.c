/* ui-window-toasts.c - what the window says in passing, and the button of who can do something */

#include "ui-window-private.h"

#include "ui-spoken.h"

#include <glib/gi18n-lib.h>

/* Its title is a label, for a toast's own is markup. */
static AdwToast *
make_toast (const char *text)
{
  AdwToast *toast = adw_toast_new ("");
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "heading");
  ui_spoken_set (label, text);
  adw_toast_set_custom_title (toast, label);
  return toast;
}

/* Says something that needs no answer. */
void
ui_window_tell (UiWindow *self, const char *text)
{
  g_return_if_fail (UI_IS_WINDOW (self));

  adw_toast_overlay_add_toast (self->toasts, make_toast (text));
}

/* @action: what its button does, with its target */
static void
tell_with_button (UiWindow *self, const char *text, const char *label, const char *action)
{
  AdwToast *toast = make_toast (text);

  adw_toast_set_button_label (toast, label);
  adw_toast_set_detailed_action_name (toast, action);
  adw_toast_set_timeout (toast, 10); /* seconds: who reads slowly, too */
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* Says what was done, and that it can be undone. */
void
ui_window_tell_undo (UiWindow *self, const char *text)
{
  tell_with_button (self, text, _ ("Undo"), "win.undo");
}

/* Says what is wrong with an account, which a person can mend. @account: its id */
void
ui_window_tell_account (UiWindow *self, const char *text, const char *account)
{
  g_autofree char *action = NULL;

  g_return_if_fail (UI_IS_WINDOW (self));

  action = g_action_print_detailed_name ("app.edit-account", g_variant_new_string (account));
  tell_with_button (self, text, _ ("Edit Account"), action);
}
