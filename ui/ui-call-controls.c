/* ui-call-controls.c - the round buttons of a call that is on, and its keypad
 *
 * Its buttons activate the actions call.* of the card that it stands in.
 */

#include "ui-call-controls.h"

#include "ui-keypad.h"

#include <glib/gi18n-lib.h>

struct _UiCallControls {
  AdwBin parent_instance;

  GtkButton *mute_button;
  GtkLabel *mute_caption;
  GtkButton *hold_button;
  GtkLabel *hold_caption;
  GtkToggleButton *keypad_button;
  GtkWidget *keypad_revealer;
  UiKeypad *keypad;
};

G_DEFINE_FINAL_TYPE (UiCallControls, ui_call_controls, ADW_TYPE_BIN)

/* A button that does something and, while that lasts, undoes it. */
static void
show_toggle (GtkButton *button, GtkLabel *caption, const char *icon, const char *label, gboolean on)
{
  /* To set a tooltip asks the display server where the pointer is. */
  if (g_str_equal (gtk_label_get_text (caption), label))
    return;
  gtk_button_set_icon_name (button, icon);
  gtk_label_set_text (caption, label);
  gtk_widget_set_tooltip_text (GTK_WIDGET (button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  if (on)
    gtk_widget_add_css_class (GTK_WIDGET (button), "pressed");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (button), "pressed");
}

static void
ui_call_controls_class_init (UiCallControlsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (UI_TYPE_KEYPAD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/ahoyphone/Ahoy/ui-call-controls.ui");
  gtk_widget_class_bind_template_child (widget_class, UiCallControls, mute_button);
  gtk_widget_class_bind_template_child (widget_class, UiCallControls, mute_caption);
  gtk_widget_class_bind_template_child (widget_class, UiCallControls, hold_button);
  gtk_widget_class_bind_template_child (widget_class, UiCallControls, hold_caption);
  gtk_widget_class_bind_template_child (widget_class, UiCallControls, keypad_button);
  gtk_widget_class_bind_template_child (widget_class, UiCallControls, keypad_revealer);
  gtk_widget_class_bind_template_child (widget_class, UiCallControls, keypad);
}

static void
ui_call_controls_init (UiCallControls *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Whether @session is muted and held. */
void
ui_call_controls_show (UiCallControls *self, SipSession *session)
{
  SipSessionDescriptionHandler *handler = sip_session_get_session_description_handler (session);
  gboolean muted = handler != NULL && sip_session_description_handler_get_muted (handler);
  gboolean held = sip_session_get_local_hold (session);

  g_return_if_fail (UI_IS_CALL_CONTROLS (self));

  show_toggle (self->mute_button, self->mute_caption,
               muted ? "microphone-disabled-symbolic" : "audio-input-microphone-symbolic",
               muted ? _ ("Unmute") : _ ("Mute"), muted);
  show_toggle (self->hold_button, self->hold_caption,
               held ? "media-playback-start-symbolic" : "media-playback-pause-symbolic",
               held ? _ ("Resume") : _ ("Hold"), held);
}

void
ui_call_controls_show_keypad (UiCallControls *self, gboolean shown)
{
  g_return_if_fail (UI_IS_CALL_CONTROLS (self));

  gtk_widget_set_visible (self->keypad_revealer, shown);
  gtk_toggle_button_set_active (self->keypad_button, shown);
}

/* Whoever opens it presses its keys next. */
void
ui_call_controls_toggle_keypad (UiCallControls *self)
{
  gboolean shown;

  g_return_if_fail (UI_IS_CALL_CONTROLS (self));

  shown = !gtk_widget_get_visible (self->keypad_revealer);
  ui_call_controls_show_keypad (self, shown);
  if (shown)
    gtk_widget_child_focus (GTK_WIDGET (self->keypad), GTK_DIR_TAB_FORWARD);
}

/* @digit was sent: it is shown, for it may have been typed. */
void
ui_call_controls_note (UiCallControls *self, const char *digit)
{
  g_return_if_fail (UI_IS_CALL_CONTROLS (self));

  ui_keypad_note (self->keypad, digit);
  ui_call_controls_show_keypad (self, TRUE);
}
