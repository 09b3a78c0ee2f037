/* ui-call-chips.c - how a call is protected and how it sounds, in two words
 *
 * Up: statsChanged of the media -> show()
 */

#include "ui-call-chips.h"

#include "ui-call.h"
#include "ui-format.h"

struct _UiCallChips {
  AdwBin parent_instance;

  SipSession *session;  /* NULL until the first show() */
  SipMediaStats *stats; /* the last ones; NULL before */

  GtkWidget *protection_chip;
  GtkWidget *sound_chip;
  GtkLabel *sound_label;
};

G_DEFINE_FINAL_TYPE (UiCallChips, ui_call_chips, ADW_TYPE_BIN)

static void
on_stats (UiCallChips *self, SipMediaStats *stats)
{
  g_set_object (&self->stats, stats);
  if (self->session != NULL)
    ui_call_chips_show (self, self->session);
}

static void
ui_call_chips_finalize (GObject *object)
{
  UiCallChips *self = UI_CALL_CHIPS (object);

  g_clear_object (&self->session);
  g_clear_object (&self->stats);
  G_OBJECT_CLASS (ui_call_chips_parent_class)->finalize (object);
}

static void
ui_call_chips_class_init (UiCallChipsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = ui_call_chips_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/ahoyphone/Ahoy/ui-call-chips.ui");
  gtk_widget_class_bind_template_child (widget_class, UiCallChips, protection_chip);
  gtk_widget_class_bind_template_child (widget_class, UiCallChips, sound_chip);
  gtk_widget_class_bind_template_child (widget_class, UiCallChips, sound_label);
}

static void
ui_call_chips_init (UiCallChips *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* What @handler tells of the sound is shown from now on. */
void
ui_call_chips_follow (UiCallChips *self, SipSessionDescriptionHandler *handler)
{
  g_return_if_fail (UI_IS_CALL_CHIPS (self));

  g_signal_connect_object (handler, "statsChanged", G_CALLBACK (on_stats), self, G_CONNECT_SWAPPED);
}

/* Says only what is so by now. */
void
ui_call_chips_show (UiCallChips *self, SipSession *session)
{
  gboolean is_talking = ui_call_get_phase (session) == UI_CALL_PHASE_TALKING;
  gboolean is_protected = is_talking && ui_call_is_encrypted (session);
  g_autofree char *sound =
      is_talking ? ui_format_sound (self->stats, ui_call_has_wide_sound (session)) : NULL;

  g_return_if_fail (UI_IS_CALL_CHIPS (self));

  g_set_object (&self->session, session);
  gtk_label_set_text (self->sound_label, sound != NULL ? sound : "");
  gtk_widget_set_visible (self->protection_chip, is_protected);
  gtk_widget_set_visible (self->sound_chip, sound != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), is_protected || sound != NULL);
}
