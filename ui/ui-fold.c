/* ui-fold.c - what stands side by side stands one below the other in a narrow window */

#include "ui-fold.h"

static gboolean
to_orientation (GBinding *binding, const GValue *folded, GValue *orientation, gpointer user_data)
{
  g_value_set_enum (orientation, g_value_get_boolean (folded) ? GTK_ORIENTATION_VERTICAL
                                                              : GTK_ORIENTATION_HORIZONTAL);
  return TRUE;
}

static void
on_root (GtkBox *box)
{
  GtkWidget *leaflet = gtk_widget_get_ancestor (GTK_WIDGET (box), ADW_TYPE_LEAFLET);

  if (leaflet == NULL)
    return;
  g_signal_handlers_disconnect_by_func (box, on_root, NULL);
  g_object_bind_property_full (leaflet, "folded", box, "orientation", G_BINDING_SYNC_CREATE,
                               to_orientation, NULL, NULL, NULL);
}

/* @box follows the window that it will stand in. */
void
ui_fold_box (GtkBox *box)
{
  g_return_if_fail (GTK_IS_BOX (box));

  g_signal_connect (box, "notify::root", G_CALLBACK (on_root), NULL);
}
