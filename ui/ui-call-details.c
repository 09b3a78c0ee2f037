/* ui-call-details.c - what there is to know of a call for who wants to know it: a button that opens
 * it
 *
 * Up: responses of the session, statsChanged of the media -> the words, while they are looked at
 */

#include "ui-call-details.h"

#include "ui-call.h"
#include "ui-format.h"

#include <glib/gi18n-lib.h>

struct _UiCallDetails {
  AdwBin parent_instance;

  SipSession *session;
  SipMediaStats *stats; /* the last ones; NULL before */
  char *status;         /* of the last response, as it came; NULL before */

  GtkWidget *popover;
  GtkLabel *protection_label;
  GtkLabel *theirs_label;
  GtkLabel *ours_label;
  GtkLabel *codec_label;
  GtkLabel *status_label;
  GtkLabel *id_label;
  GtkButton *copy_button;
};

G_DEFINE_FINAL_TYPE (UiCallDetails, ui_call_details, ADW_TYPE_BIN)

static void
show_line (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
}

static void
update (UiCallDetails *self)
{
  g_autofree char *protection = NULL, *theirs = NULL, *ours = NULL, *codec = NULL, *id = NULL;

  if (!gtk_widget_get_visible (self->popover))
    return;
  protection = ui_call_describe_protection (self->session);
  theirs = ui_format_their_sound (self->stats);
  ours = ui_format_our_sound (self->stats);
  codec = ui_call_dup_codec (self->session);
  id = ui_format_clean (sip_session_get_call_id (self->session));
  show_line (self->protection_label, protection);
  show_line (self->theirs_label, theirs);
  show_line (self->ours_label, ours);
  show_line (self->codec_label, codec);
  gtk_label_set_text (self->status_label, self->status != NULL ? self->status : "–");
  gtk_label_set_text (self->id_label, id);
}

static void
on_opened (UiCallDetails *self)
{
  gtk_button_set_label (self->copy_button, _ ("Copy"));
  update (self);
}

static void
on_copy (UiCallDetails *self)
{
  GtkLabel *labels[] = {self->protection_label, self->theirs_label, self->ours_label,
                        self->codec_label,      self->status_label, self->id_label};
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++) {
    if (gtk_widget_get_visible (GTK_WIDGET (labels[i])))
      g_string_append_printf (text, "%s\n", gtk_label_get_text (labels[i]));
  }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text->str);
  gtk_button_set_label (self->copy_button, _ ("Copied"));
}

static void
on_response (UiCallDetails *self, SipMessage *response)
{
  g_autofree char *phrase = NULL;

  if (response == NULL || sip_message_get_is_request (response))
    return;
  phrase = ui_format_clean (sip_message_get_reason_phrase (response));
  g_free (self->status);
  self->status = g_strdup_printf ("%u %s", sip_message_get_status_code (response), phrase);
  update (self);
}

static void
on_stats (UiCallDetails *self, SipMediaStats *stats)
{
  g_set_object (&self->stats, stats);
  update (self);
}

static void
ui_call_details_dispose (GObject *object)
{
  UiCallDetails *self = UI_CALL_DETAILS (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), UI_TYPE_CALL_DETAILS);
  g_clear_object (&self->session);
  g_clear_object (&self->stats);
  g_clear_pointer (&self->status, g_free);
  G_OBJECT_CLASS (ui_call_details_parent_class)->dispose (object);
}

static void
ui_call_details_class_init (UiCallDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ui_call_details_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/ahoyphone/Ahoy/ui-call-details.ui");
  gtk_widget_class_bind_template_child (widget_class, UiCallDetails, popover);
  gtk_widget_class_bind_template_child (widget_class, UiCallDetails, protection_label);
  gtk_widget_class_bind_template_child (widget_class, UiCallDetails, theirs_label);
  gtk_widget_class_bind_template_child (widget_class, UiCallDetails, ours_label);
  gtk_widget_class_bind_template_child (widget_class, UiCallDetails, codec_label);
  gtk_widget_class_bind_template_child (widget_class, UiCallDetails, status_label);
  gtk_widget_class_bind_template_child (widget_class, UiCallDetails, id_label);
  gtk_widget_class_bind_template_child (widget_class, UiCallDetails, copy_button);
  gtk_widget_class_bind_template_callback (widget_class, on_opened);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
}

static void
ui_call_details_init (UiCallDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Once, for the whole life of the widget. */
void
ui_call_details_set_session (UiCallDetails *self, SipSession *session)
{
  const char *const signals[] = {"progress", "accepted", "rejected", "failed"};

  g_return_if_fail (UI_IS_CALL_DETAILS (self));

  self->session = g_object_ref (session);
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_connect_object (session, signals[i], G_CALLBACK (on_response), self,
                             G_CONNECT_SWAPPED);
}

/* What @handler tells of the sound is shown from now on. */
void
ui_call_details_follow (UiCallDetails *self, SipSessionDescriptionHandler *handler)
{
  g_return_if_fail (UI_IS_CALL_DETAILS (self));

  g_signal_connect_object (handler, "statsChanged", G_CALLBACK (on_stats), self, G_CONNECT_SWAPPED);
}
