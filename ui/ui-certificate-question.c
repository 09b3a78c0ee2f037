/* ui-certificate-question.c - whether a server is trusted that nobody vouches for
 *
 * Up: the response `trust` of the dialog, never by default
 */

#include "ui-certificate-question.h"

#include <glib/gi18n-lib.h>

static char *
format_day (GDateTime *time)
{
  g_autoptr (GDateTime) local = time != NULL ? g_date_time_to_local (time) : NULL;

  return local != NULL ? g_date_time_format (local, "%x") : g_strdup ("?");
}

/* Whom it says it is of, and who says so: the words of a stranger. */
static char *
describe (GTlsCertificate *certificate, const char *fingerprint)
{
  g_autofree char *subject = g_tls_certificate_get_subject_name (certificate);
  g_autofree char *issuer = g_tls_certificate_get_issuer_name (certificate);
  g_autoptr (GDateTime) begin = g_tls_certificate_get_not_valid_before (certificate);
  g_autoptr (GDateTime) end = g_tls_certificate_get_not_valid_after (certificate);
  g_autofree char *from = format_day (begin), *to = format_day (end);

  return g_strdup_printf (_ ("Issued to: %s\nIssued by: %s\nValid from %s to %s\nFingerprint: %s"),
                          subject != NULL ? subject : "?", issuer != NULL ? issuer : "?", from, to,
                          fingerprint);
}

static GtkWidget *
make_details (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 50);
  gtk_widget_add_css_class (label, "caption");
  return label;
}

GtkWidget *
ui_certificate_question_new (UiLine *line, GTlsCertificate *certificate)
{
  GtkWidget *dialog = adw_message_dialog_new (NULL, NULL, NULL);
  g_autofree char *host = store_account_dup_host (ui_line_get_account (line));
  g_autofree char *pin = NULL, *fingerprint = NULL, *details = NULL;

  g_object_get (ui_line_get_ua (line), "trusted-certificate", &pin, "refused-fingerprint",
                &fingerprint, NULL);
  details = describe (certificate, fingerprint);
  adw_message_dialog_format_heading (ADW_MESSAGE_DIALOG (dialog), _ ("Trust %s?"), host);
  adw_message_dialog_set_body (
      ADW_MESSAGE_DIALOG (dialog),
      pin != NULL
          ? _ ("Its certificate is another one than the one you trusted. Somebody may be trying to "
               "read your calls. Go on only if who runs the server told you of the change.")
          : _ ("Nobody that this computer knows vouches for its certificate. Compare the "
               "fingerprint "
               "with the one that who runs the server gives you."));
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), make_details (details));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "refuse", _ ("_Don’t Connect"),
                                    "trust", _ ("_Trust This Certificate"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "trust",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "refuse");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "refuse");
  return dialog;
}
