/* app-application-actions.c - what the window, a notification and the bus can ask of the program
 *
 * Down: actions app.* -> accounts, calls, the window
 */

#include "app-application-private.h"

#include "app-report.h"
#include "ui-call.h"
#include "ui-format.h"
#include "ui-settings.h"

#include <glib/gi18n.h>

static void
on_add_account (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  app_application_edit_account (user_data, NULL);
}

static void
on_edit_account (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  app_application_edit_account (user_data, g_variant_get_string (parameter, NULL));
}

static void
on_show_certificate (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  app_application_show_certificate (user_data, g_variant_get_string (parameter, NULL));
}

static void
on_remove_account (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  app_application_remove_account (user_data, g_variant_get_string (parameter, NULL));
}

static void
on_echo_test (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;
  g_autoptr (GError) error = NULL;

  if (app_application_call_echo (self, &error) == NULL)
    ui_window_show_dial_error (app_application_present (self), error->message);
}

static void
on_answer (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;
  SipSession *session = app_application_find_call (self, g_variant_get_string (parameter, NULL));

  if (session != NULL && ui_call_get_phase (session) == UI_CALL_PHASE_INCOMING)
    ui_floor_take (self->floor, session);
}

static void
on_decline (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SipSession *session =
      app_application_find_call (user_data, g_variant_get_string (parameter, NULL));
  g_autoptr (GError) error = NULL;

  if (session != NULL && ui_call_get_phase (session) == UI_CALL_PHASE_INCOMING &&
      !ui_call_decline (session, &error))
    g_debug ("%s", error->message);
}

static void
on_end_call (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SipSession *session =
      app_application_find_call (user_data, g_variant_get_string (parameter, NULL));

  if (session != NULL)
    sip_session_terminate (session, NULL, NULL);
}

static void
on_show_call (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  UiWindow *window = app_application_present (user_data);

  ui_window_show_call (window, g_variant_get_string (parameter, NULL));
}

static void
on_dismiss_call (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  app_application_dismiss_call (user_data, g_variant_get_string (parameter, NULL));
}

/* Only to somebody whose call was missed: nobody else can be called from outside. */
static void
on_call_back (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;
  const char *address = g_variant_get_string (parameter, NULL);
  g_autofree char *account =
      self->missed != NULL ? app_missed_dup_account (self->missed, address) : NULL;

  if (self->missed != NULL && app_missed_forget (self->missed, address))
    app_application_dial (self, address, account);
}

static void
on_call_again (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  app_application_call_again (user_data, g_variant_get_string (parameter, NULL));
}

/* Of somebody who calls, or of whom a notification tells: nobody else can be named from outside. */
static void
on_remind (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;
  const char *address = g_variant_get_string (parameter, NULL);
  g_autofree char *name = app_application_dup_caller_name (self, address);

  if (self->missed != NULL)
    app_missed_remind (self->missed, address, name);
}

static void
on_show_missed (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;

  if (self->missed != NULL)
    app_missed_forget (self->missed, g_variant_get_string (parameter, NULL));
  ui_window_show_missed (app_application_present (self));
}

static void
on_settings (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;
  GtkWidget *settings = ui_settings_new (G_LIST_MODEL (self->lines), self->settings);

  gtk_window_set_transient_for (GTK_WINDOW (settings), GTK_WINDOW (app_application_present (self)));
  gtk_window_present (GTK_WINDOW (settings));
}

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;
  g_autofree char *report = app_report_new (G_LIST_MODEL (self->lines));

  adw_show_about_window (GTK_WINDOW (app_application_present (self)), "application-name",
                         _ ("Ahoy"), "application-icon", APPLICATION_ID, "version", AHOY_VERSION,
                         "developer-name", _ ("The Ahoy people"), "license-type",
                         GTK_LICENSE_GPL_3_0, "website", "https://github.com/ahoyphone/Ahoy",
                         "issue-url", "https://github.com/ahoyphone/Ahoy/issues",
                         "translator-credits", _ ("translator-credits"), "debug-info", report,
                         "debug-info-filename", "ahoy.txt", NULL);
}

static void
on_not_now (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_application_withdraw_notification (user_data, g_variant_get_string (parameter, NULL));
}

static void
on_mute (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  SipSession *session =
      app_application_find_call (user_data, g_variant_get_string (parameter, NULL));
  SipSessionDescriptionHandler *handler =
      session != NULL ? sip_session_get_session_description_handler (session) : NULL;

  if (handler != NULL)
    sip_session_description_handler_set_muted (
        handler, !sip_session_description_handler_get_muted (handler));
}

/* What is answered outlives the window that it is of, and must not look for it. */
static void
on_quit_answered (AppApplication *self, const char *response, GtkWindow *dialog)
{
  if (!g_str_equal (response, "quit"))
    return;
  gtk_window_set_transient_for (dialog, NULL);
  app_application_quit (self);
}

static void
ask_to_quit (AppApplication *self, SipSession *session)
{
  g_autofree char *name = ui_call_dup_name (session);
  g_autofree char *isolated = ui_format_isolate (name);
  GtkWidget *dialog =
      adw_message_dialog_new (GTK_WINDOW (app_application_present (self)), NULL, NULL);

  adw_message_dialog_set_heading (ADW_MESSAGE_DIALOG (dialog), _ ("Quit and end the call?"));
  adw_message_dialog_format_body (
      ADW_MESSAGE_DIALOG (dialog),
      _ ("You are in a call with %s. It goes on where you only close the window."), isolated);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "quit",
                                    _ ("_Quit"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "quit",
                                              ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_quit_answered), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  AppApplication *self = user_data;
  SipSession *session = ui_call_find_talking (G_LIST_MODEL (self->calls));

  if (session != NULL)
    ask_to_quit (self, session);
  else
    app_application_quit (self);
}

/* Nothing here places a call to an address: these can be activated from outside by D-Bus. */
static const GActionEntry actions[] = {
    {"add-account", on_add_account, NULL, NULL, NULL},
    {"edit-account", on_edit_account, "s", NULL, NULL},
    {"show-certificate", on_show_certificate, "s", NULL, NULL},
    {"remove-account", on_remove_account, "s", NULL, NULL},
    {"echo-test", on_echo_test, NULL, NULL, NULL},
    {"answer", on_answer, "s", NULL, NULL},
    {"decline", on_decline, "s", NULL, NULL},
    {"end-call", on_end_call, "s", NULL, NULL},
    {"call-back", on_call_back, "s", NULL, NULL},
    {"call-again", on_call_again, "s", NULL, NULL},
    {"remind", on_remind, "s", NULL, NULL},
    {"mute", on_mute, "s", NULL, NULL},
    {"not-now", on_not_now, "s", NULL, NULL},
    {"show-missed", on_show_missed, "s", NULL, NULL},
    {"show-call", on_show_call, "s", NULL, NULL},
    {"dismiss-call", on_dismiss_call, "s", NULL, NULL},
    {"settings", on_settings, NULL, NULL, NULL},
    {"about", on_about, NULL, NULL, NULL},
    {"quit", on_quit, NULL, NULL, NULL},
};

void
app_application_add_actions (AppApplication *self)
{
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  gtk_application_set_accels_for_action (GTK_APPLICATION (self), "app.settings",
                                         (const char *[]){"<Control>comma", NULL});
  gtk_application_set_accels_for_action (GTK_APPLICATION (self), "app.quit",
                                         (const char *[]){"<Control>q", NULL});
}
