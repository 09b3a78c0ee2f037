/* ui-strip.c - one strip for what is wrong and lasts: of several matters it says the most severe */

#include "ui-strip.h"

#include "ui-spoken.h"

struct _UiStrip {
  AdwBin parent_instance;

  char *texts[UI_STRIP_KEYRING + 1]; /* of each matter; NULL where all is well */

  GtkRevealer *revealer;
  GtkLabel *label;
  GtkWidget *close_button;
};

G_DEFINE_FINAL_TYPE (UiStrip, ui_strip, ADW_TYPE_BIN)

static UiStripMatter
get_worst (UiStrip *self)
{
  UiStripMatter matter = UI_STRIP_DEVICES;

  while (matter < UI_STRIP_KEYRING && self->texts[matter] == NULL)
    matter++;
  return matter;
}

static void
update (UiStrip *self)
{
  UiStripMatter matter = get_worst (self);
  const char *text = self->texts[matter];

  gtk_widget_set_visible (GTK_WIDGET (self), text != NULL);
  gtk_revealer_set_reveal_child (self->revealer, text != NULL);
  if (g_strcmp0 (gtk_label_get_text (self->label), text) != 0) {
    /* An alert is read aloud when it appears. */
    gtk_widget_set_visible (GTK_WIDGET (self->label), FALSE);
    ui_spoken_show (self->label, text != NULL ? text : "");
    gtk_widget_set_visible (GTK_WIDGET (self->label), text != NULL);
  }
  /* The others end by themselves. */
  gtk_widget_set_visible (self->close_button, matter >= UI_STRIP_STORE);
}

static void
on_close (UiStrip *self)
{
  ui_strip_tell (self, get_worst (self), NULL);
}

static void
ui_strip_finalize (GObject *object)
{
  UiStrip *self = UI_STRIP (object);

  for (gsize i = 0; i < G_N_ELEMENTS (self->texts); i++)
    g_free (self->texts[i]);
  G_OBJECT_CLASS (ui_strip_parent_class)->finalize (object);
}

static void
ui_strip_class_init (UiStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ui_strip_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/ahoyphone/Ahoy/ui-strip.ui");
  gtk_widget_class_bind_template_child (widget_class, UiStrip, revealer);
  gtk_widget_class_bind_template_child (widget_class, UiStrip, label);
  gtk_widget_class_bind_template_child (widget_class, UiStrip, close_button);
  gtk_widget_class_bind_template_callback (widget_class, on_close);
}

static void
ui_strip_init (UiStrip *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* @text: (nullable): what is wrong in @matter by now; NULL where all is well */
void
ui_strip_tell (UiStrip *self, UiStripMatter matter, const char *text)
{
  g_return_if_fail (UI_IS_STRIP (self));

  if (g_strcmp0 (self->texts[matter], text) == 0)
    return;
  g_free (self->texts[matter]);
  self->texts[matter] = g_strdup (text);
  update (self);
}
