/* app-application-calls.c - calls: placed, taken, and taken off the screen when they are over
 *
 * Down: the window's "dial", echo test -> a SipUA -> sip_ua_invite()
 * Up:   SipUA::invite -> app_application_add_call() -> cards, ring tone and notification follow the
 * list; SipSession::terminated -> a farewell of some seconds -> the call leaves the list
 */

#include "app-application-private.h"

#include "sip-error.h"
#include "sip-media.h"
#include "ui-call.h"
#include "ui-format.h"
#include "ui-line.h"

#include <glib/gi18n.h>

#define NOWHERE "anonymous.invalid"
#define FAREWELL_S 4
#define FAREWELL_FAILED_S 20

/* Held by the source that takes a card away; borrowed, the table of farewells ends with us. */
typedef struct {
  AppApplication *application;
  char *id;
} Farewell;

static void
farewell_free (gpointer data)
{
  Farewell *self = data;

  g_free (self->id);
  g_free (self);
}

static gboolean
on_farewell_over (gpointer user_data)
{
  Farewell *farewell = user_data;
  AppApplication *self = farewell->application;
  g_autofree char *id = g_strdup (farewell->id);

  app_application_dismiss_call (self, id);
  return G_SOURCE_REMOVE;
}

static void
on_terminated (AppApplication *self, SipMessage *message, const char *cause, SipSession *session)
{
  SipCause reason = sip_session_get_cause (session);
  gboolean is_plain = reason == SIP_CAUSE_NONE || reason == SIP_CAUSE_BYE;
  Farewell *farewell = g_new0 (Farewell, 1);

  farewell->application = self;
  farewell->id = g_strdup (sip_session_get_id (session));
  g_hash_table_replace (self->farewells, g_strdup (farewell->id),
                        GUINT_TO_POINTER (g_timeout_add_seconds_full (
                            G_PRIORITY_DEFAULT, is_plain ? FAREWELL_S : FAREWELL_FAILED_S,
                            on_farewell_over, farewell, farewell_free)));
}

/* The account of the agent that a call is of, or NULL for a direct call. */
static StoreAccount *
find_account (AppApplication *self, SipUA *ua)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->lines)); i++) {
    g_autoptr (UiLine) line = g_list_model_get_item (G_LIST_MODEL (self->lines), i);

    if (ui_line_get_ua (line) == ua)
      return ui_line_get_account (line);
  }
  return NULL;
}

static const char *
find_account_id (AppApplication *self, SipUA *ua)
{
  StoreAccount *account = find_account (self, ua);

  return account != NULL ? store_account_get_id (account) : NULL;
}

/* A call to oneself is nothing to remember. */
static gboolean
is_echo (AppApplication *self, SipSession *session)
{
  g_autofree char *uri =
      self->echo_party != NULL ? sip_echo_party_dup_uri (self->echo_party) : NULL;
  SipNameAddr *identity = sip_session_get_remote_identity (session);

  return uri != NULL && identity != NULL && g_str_equal (sip_name_addr_get_uri (identity), uri);
}

static void
on_refer_invite_sent (AppApplication *self, SipReferServerContext *refer)
{
  SipSession *session = sip_refer_server_context_get_target_session (refer);

  if (session != NULL)
    app_application_add_call (self, session);
}

/* The other side wants us to call somebody: nothing happens before the person says so. */
static void
on_refer_requested (AppApplication *self, SipReferContext *context, SipSession *session)
{
  if (!SIP_IS_REFER_SERVER_CONTEXT (context))
    return;
  g_signal_connect_object (context, "referInviteSent", G_CALLBACK (on_refer_invite_sent), self,
                           G_CONNECT_SWAPPED);
  ui_call_set_refer (session, SIP_REFER_SERVER_CONTEXT (context));
  ui_window_update_cards (app_application_present (self));
}

/* What the person calls somebody stands above what that one calls himself. */
static void
name_call (AppApplication *self, SipSession *session)
{
  SipNameAddr *identity = sip_session_get_remote_identity (session);
  StoreContact *contact =
      identity != NULL ? store_contacts_find (self->contacts, sip_name_addr_get_uri (identity))
                       : NULL;

  if (contact != NULL)
    ui_call_set_name (session, store_contact_get_name (contact), NULL);
}

/* It goes on without the relay, and whoever named that should know. */
static void
on_media_failed (AppApplication *self, const GError *error, SipSession *session)
{
  UiWindow *window = app_application_get_window (self);
  const char *account = find_account_id (self, sip_session_get_ua (session));

  if (window != NULL && account != NULL && g_error_matches (error, SIP_ERROR, SIP_ERROR_RELAY)) {
    g_autofree char *text = ui_call_describe_no_relay (session);

    ui_window_tell_account (window, text, account);
  }
}

/* The contacts were read, or one of them was changed. */
void
app_application_name_calls (AppApplication *self)
{
  UiWindow *window = app_application_get_window (self);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->calls)); i++) {
    g_autoptr (SipSession) session = g_list_model_get_item (G_LIST_MODEL (self->calls), i);

    name_call (self, session);
  }
  if (window != NULL)
    ui_window_update_cards (window);
}

void
app_application_add_call (AppApplication *self, SipSession *session)
{
  name_call (self, session);
  g_signal_connect_object (session, "terminated", G_CALLBACK (on_terminated), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "referRequested", G_CALLBACK (on_refer_requested), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "mediaFailed", G_CALLBACK (on_media_failed), self,
                           G_CONNECT_SWAPPED);
  if (self->recorder != NULL && !is_echo (self, session))
    app_recorder_follow (self->recorder, session,
                         find_account_id (self, sip_session_get_ua (session)));
  g_list_store_append (self->calls, session);
  app_application_update_hold (self);
}

static void
on_invite (AppApplication *self, SipInviteServerContext *context, SipUA *ua)
{
  SipSession *session = SIP_SESSION (context);
  StoreAccount *account = find_account (self, ua);
  g_autoptr (GError) error = NULL;

  if (account != NULL)
    ui_call_set_line_name (session, store_account_get_name (account));
  sip_media_prepare ();
  app_application_add_call (self, session);
  /* Somebody else takes the place of the one who is spoken with (RFC 3891): it does not ring. */
  if (sip_session_get_replacee (session) != NULL && !ui_call_answer (session, &error))
    g_debug ("%s", error->message);
}

/* Takes the calls that come to @ua. */
void
app_application_listen (AppApplication *self, SipUA *ua)
{
  g_signal_connect_object (ua, "invite", G_CALLBACK (on_invite), self, G_CONNECT_SWAPPED);
  g_settings_bind (self->settings, "rtp-port-min", ua, "rtp-port-min", G_SETTINGS_BIND_GET);
  g_settings_bind (self->settings, "rtp-port-max", ua, "rtp-port-max", G_SETTINGS_BIND_GET);
}

/* The agent for calls without an account, running; it signs in nowhere. */
SipUA *
app_application_get_direct (AppApplication *self, GError **error)
{
  if (self->direct != NULL)
    return self->direct;

  g_autoptr (SipUA) ua =
      g_object_new (SIP_TYPE_UA, "uri", "sip:anonymous@" NOWHERE, "auto-register", FALSE,
                    "refer-policy", SIP_REFER_POLICY_ASK, NULL);

  if (!sip_ua_start (ua, error))
    return NULL;
  app_application_listen (self, ua);
  self->direct = g_steal_pointer (&ua);
  return self->direct;
}

/* A full address is called directly where no account is signed in; a number or a name needs one.
 * @account: (nullable): the id of the one that the person wants
 */
static SipUA *
choose_ua (AppApplication *self, const char *text, const char *account, GError **error)
{
  gboolean is_full = strchr (text, '@') != NULL || g_uri_peek_scheme (text) != NULL;
  UiLine *line = ui_line_find (G_LIST_MODEL (self->lines), account);

  if (line == NULL)
    line = ui_line_choose (G_LIST_MODEL (self->lines), text);
  if (line != NULL && (!is_full || ui_line_get_status (line) == UI_LINE_READY))
    return ui_line_get_ua (line);
  return app_application_get_direct (self, error);
}

static SipSession *
call (AppApplication *self, SipUA *ua, const char *target, GError **error)
{
  SipInviteClientContext *context = sip_ua_invite (ua, target, NULL, NULL, error);

  return context != NULL ? SIP_SESSION (context) : NULL;
}

static SipSession *
dial (AppApplication *self, const char *text, const char *account, GError **error)
{
  SipUA *ua = choose_ua (self, text, account, error);
  g_autofree char *target = ua != NULL ? sip_ua_normalize_target (ua, text, NULL) : NULL;

  if (ua == NULL)
    return NULL;
  if (target == NULL) {
    g_set_error_literal (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT,
                         _ ("That is neither a number nor an address."));
    return NULL;
  }
  if (ua == self->direct && strstr (target, "@" NOWHERE) != NULL) {
    g_set_error_literal (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT,
                         _ ("Without an account only full addresses can be called, such as "
                            "bob@example.org."));
    return NULL;
  }
  return call (self, ua, target, error);
}

/* What waits for the person's word waits on the card. */
static void
on_accepted (SipSession *session)
{
  const char *keys = ui_call_get_keys (session);
  g_autoptr (GError) error = NULL;

  if (keys != NULL && *keys == ',' && !ui_call_press_keys (session, &error))
    g_debug ("%s", error->message);
}

/* What stands behind a number, from the first comma or semicolon on, is pressed once somebody
 * answers; each comma is a pause, and a semicolon waits for the person's word.
 */
static char *
dup_post_dial (const char *text)
{
  const char *keys = strpbrk (text, ",;");

  if (keys == NULL || strchr (text, '@') != NULL || g_uri_peek_scheme (text) != NULL ||
      strspn (keys, ",;0123456789*#ABCDabcd") != strlen (keys))
    return NULL;
  return g_strdup (keys);
}

/* @account: (nullable): the id of the one to call by, where that matters */
void
app_application_dial (AppApplication *self, const char *text, const char *account)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *keys = dup_post_dial (text);
  g_autofree char *target = g_strndup (text, keys != NULL ? strcspn (text, ",;") : strlen (text));
  g_autoptr (SipSession) session = dial (self, target, account, &error);
  UiWindow *window = app_application_present (self);

  if (session == NULL) {
    g_debug ("%s", error->message);
    ui_window_show_dial_error (window, error->message);
    return;
  }
  if (keys != NULL) {
    ui_call_set_keys (session, keys);
    g_signal_connect (session, "accepted", G_CALLBACK (on_accepted), NULL);
  }
  ui_window_fill_dial (window, "");
  app_application_add_call (self, session);
}

/* Calls the party inside this program that says everything back. Returns the call, borrowed. */
SipSession *
app_application_call_echo (AppApplication *self, GError **error)
{
  SipUA *ua = app_application_get_direct (self, error);

  if (ua == NULL)
    return NULL;
  if (self->echo_party == NULL) {
    g_autoptr (SipEchoParty) party = sip_echo_party_new ();

    if (!sip_echo_party_start (party, error))
      return NULL;
    self->echo_party = g_steal_pointer (&party);
  }

  g_autofree char *uri = sip_echo_party_dup_uri (self->echo_party);
  g_autoptr (SipSession) session = call (self, ua, uri, error);

  if (session == NULL)
    return NULL;
  ui_call_set_name (session, _ ("Echo test"), _ ("Inside this computer"));
  app_application_add_call (self, session);
  return session;
}

/* Returns the call, borrowed, or NULL if it left meanwhile. */
SipSession *
app_application_find_call (AppApplication *self, const char *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->calls)); i++) {
    g_autoptr (SipSession) session = g_list_model_get_item (G_LIST_MODEL (self->calls), i);

    if (g_strcmp0 (sip_session_get_id (session), id) == 0)
      return session;
  }
  return NULL;
}

/* What the one at @address is called, where a card shows a call with him; else NULL. */
char *
app_application_dup_caller_name (AppApplication *self, const char *address)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->calls)); i++) {
    g_autoptr (SipSession) session = g_list_model_get_item (G_LIST_MODEL (self->calls), i);
    SipNameAddr *identity = sip_session_get_remote_identity (session);

    if (identity != NULL && g_str_equal (sip_name_addr_get_uri (identity), address))
      return ui_call_dup_name (session);
  }
  return NULL;
}

/* Takes the card of a call away that is over. */
void
app_application_dismiss_call (AppApplication *self, const char *id)
{
  SipSession *session = app_application_find_call (self, id);
  guint position = 0;

  g_hash_table_remove (self->farewells, id);
  if (session == NULL || ui_call_get_phase (session) != UI_CALL_PHASE_ENDED)
    return;
  g_list_store_find (self->calls, session, &position);
  g_list_store_remove (self->calls, position);
  app_application_update_hold (self);
}

/* Whoever a call was with that is over, by the account that it was at: nobody else. */
void
app_application_call_again (AppApplication *self, const char *id)
{
  SipSession *old = app_application_find_call (self, id);
  g_autoptr (SipSession) session = NULL;
  g_autoptr (GError) error = NULL;

  if (old == NULL || ui_call_get_phase (old) != UI_CALL_PHASE_ENDED)
    return;
  if (is_echo (self, old)) {
    app_application_call_echo (self, &error);
  } else {
    session = call (self, sip_session_get_ua (old),
                    sip_name_addr_get_uri (sip_session_get_remote_identity (old)), &error);
    if (session != NULL)
      app_application_add_call (self, session);
  }
  if (error != NULL)
    ui_window_show_dial_error (app_application_present (self), error->message);
  else
    app_application_dismiss_call (self, id);
}

/* Sound that no microphone is needed for, heard by nobody. */
static SipSessionDescriptionHandler *
make_tone_handler (SipSession *session, gpointer user_data)
{
  return sip_media_new_web_handler ("audiotestsrc is-live=true freq=440 volume=0.5",
                                    "fakesink sync=true");
}

void
app_application_test_self (AppApplication *self, const char *screenshot)
{
  g_autoptr (GError) error = NULL;
  UiWindow *window = app_application_present (self);
  SipUA *ua = app_application_get_direct (self, &error);
  SipSession *session = NULL;

  if (ua != NULL) {
    sip_ua_set_session_description_handler_factory (ua, make_tone_handler, NULL, NULL);
    session = app_application_call_echo (self, &error);
  }
  if (session == NULL) {
    g_printerr ("%s\n", error->message);
    app_application_quit (self);
    return;
  }
  self->self_test = app_self_test_new (session, GTK_WINDOW (window), screenshot);
  g_signal_connect_object (self->self_test, "finished", G_CALLBACK (app_application_quit), self,
                           G_CONNECT_SWAPPED);
}
