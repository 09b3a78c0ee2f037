/* ui-line.c - one account and its user agent, and how it stands, in words
 *
 * Down: ui_line_start() -> sip_ua_start()
 * Up:   signals of SipUA -> set_status() -> notify::text, notify::status
 *
 *   WAITING -> CONNECTING -> SIGNING_IN -> READY
 *                  ^   \          |  ^       |
 *                  |    +---------+--|-------+--> FAILED, REFUSED
 *                  +-- lost ------+--+-- again -----+
 *
 * What was refused stays so, whatever is tried meanwhile, until it is READY or refused for another
 * reason.
 */

#include "ui-line.h"

#include "ui-format.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

struct _UiLine {
  GObject parent_instance;

  StoreAccount *account;
  SipUA *ua;
  UiLineStatus status;
  char *text;
  char *trouble;         /* what failed, without when it is tried again; NULL where nothing did */
  char *unknown_host;    /* which nobody knows, where that is the trouble; or NULL */
  gint64 retry_at;       /* when it is tried again, in microseconds of the monotonic clock; or 0 */
  guint tick_id;         /* each second until then, while somebody looks */
  gboolean has_password; /* whether one was given at the start */
};

G_DEFINE_ENUM_TYPE (UiLineStatus,
                    ui_line_status,
                    G_DEFINE_ENUM_VALUE (UI_LINE_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (UI_LINE_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (UI_LINE_SIGNING_IN, "signing-in"),
                    G_DEFINE_ENUM_VALUE (UI_LINE_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (UI_LINE_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (UI_LINE_REFUSED, "refused"))

G_DEFINE_FINAL_TYPE (UiLine, ui_line, G_TYPE_OBJECT)

enum { PROP_STATUS = 1, PROP_TEXT, N_PROPS };
static GParamSpec *props[N_PROPS];

/* The only writer of status and text. Takes @text. */
static void
set_status (UiLine *self, UiLineStatus status, char *text)
{
  gboolean is_new_status = self->status != status;
  gboolean is_new_text = g_strcmp0 (self->text, text) != 0;

  g_free (self->text);
  self->text = text;
  self->status = status;
  if (is_new_text)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TEXT]);
  if (is_new_status)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATUS]);
}

static guint
get_seconds_left (UiLine *self)
{
  gint64 left = self->retry_at - g_get_monotonic_time ();

  return left > 0 ? (left + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC : 0;
}

static void
show_trouble (UiLine *self, UiLineStatus status)
{
  guint left = get_seconds_left (self);

  set_status (self, status,
              left == 0 ? g_strdup (self->trouble) : ui_format_next_try (self->trouble, left));
}

/* Takes @trouble. @unknown_host: (nullable): which nobody knows, where that is the trouble */
static void
set_trouble (UiLine *self, UiLineStatus status, char *trouble, const char *unknown_host)
{
  g_free (self->trouble);
  self->trouble = trouble;
  g_free (self->unknown_host);
  self->unknown_host = g_strdup (unknown_host);
  show_trouble (self, status);
}

/* Takes @trouble. */
static void
fail (UiLine *self, char *trouble, const char *unknown_host)
{
  if (self->status == UI_LINE_REFUSED)
    g_free (trouble);
  else
    set_trouble (self, UI_LINE_FAILED, trouble, unknown_host);
}

/* Takes @trouble. */
static void
refuse (UiLine *self, char *trouble)
{
  set_trouble (self, UI_LINE_REFUSED, trouble, NULL);
}

static gboolean
is_looked_at (UiLine *self)
{
  return g_signal_has_handler_pending (self, g_signal_lookup ("notify", G_TYPE_OBJECT),
                                       g_quark_from_static_string ("text"), FALSE);
}

static gboolean
on_tick (gpointer user_data)
{
  UiLine *self = user_data;

  if (ui_line_has_failed (self) && is_looked_at (self)) {
    show_trouble (self, self->status);
    if (get_seconds_left (self) > 0)
      return G_SOURCE_CONTINUE;
  }
  self->tick_id = 0;
  return G_SOURCE_REMOVE;
}

/* Whoever asks for the words has the seconds counted for him. */
static const char *
look (UiLine *self)
{
  if (self->tick_id == 0 && ui_line_has_failed (self) && get_seconds_left (self) > 0) {
    self->tick_id = g_timeout_add_seconds (1, on_tick, self);
    show_trouble (self, self->status);
  }
  return self->text;
}

static void
on_retry_delay (UiLine *self)
{
  guint delay;

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_object_get (self->ua, "retry-delay", &delay, NULL);
  self->retry_at = delay > 0 ? g_get_monotonic_time () + delay * G_USEC_PER_SEC : 0;
  if (ui_line_has_failed (self))
    show_trouble (self, self->status);
}

static void
on_connecting (UiLine *self)
{
  g_autofree char *host = store_account_dup_host (self->account);

  if (!ui_line_has_failed (self))
    set_status (self, UI_LINE_CONNECTING, g_strdup_printf (_ ("Connecting to %s…"), host));
}

static void
on_connected (UiLine *self)
{
  if (self->status != UI_LINE_READY && self->status != UI_LINE_REFUSED)
    set_status (self, UI_LINE_SIGNING_IN, g_strdup (_ ("Signing in…")));
}

/* Whether the person trusts one certificate of this server. */
static gboolean
is_pinned (UiLine *self)
{
  g_autofree char *pin = NULL;

  g_object_get (self->ua, "trusted-certificate", &pin, NULL);
  return pin != NULL;
}

static void
on_disconnected (UiLine *self, GError *error)
{
  g_autofree char *host = store_account_dup_host (self->account);

  if (error == NULL)
    return;
  if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    refuse (self, ui_format_bad_certificate (host, is_pinned (self)));
  else if (g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND))
    fail (self, ui_format_no_server (host), host);
  else
    fail (self, ui_format_no_answer (host), NULL);
}

static void
on_registered (UiLine *self)
{
  set_status (self, UI_LINE_READY, g_strdup (_ ("Ready")));
}

static void
on_registration_failed (UiLine *self, SipMessage *response, const char *cause)
{
  g_autofree char *host = store_account_dup_host (self->account);
  guint code = response != NULL ? sip_message_get_status_code (response) : 0;

  /* What disconnected said is more than what can be said without a response. */
  if (code == 0 && ui_line_has_failed (self))
    return;
  if ((code == 401 || code == 407) && !self->has_password)
    refuse (self, g_strdup (_ ("The password is missing.")));
  else if (code == 401 || code == 403 || code == 404 || code == 407)
    refuse (self, ui_format_sign_in_failure (code, store_account_get_name (self->account), host));
  else
    fail (self, ui_format_sign_in_failure (code, store_account_get_name (self->account), host),
          NULL);
}

static void
on_unregistered (UiLine *self, SipMessage *response, const char *cause)
{
  if (self->status == UI_LINE_READY)
    set_status (self, UI_LINE_SIGNING_IN, g_strdup (_ ("Signed out")));
}

static void
ui_line_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  UiLine *self = UI_LINE (object);

  switch (id) {
  case PROP_STATUS:
    g_value_set_enum (value, self->status);
    break;
  case PROP_TEXT:
    g_value_set_string (value, look (self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
ui_line_finalize (GObject *object)
{
  UiLine *self = UI_LINE (object);

  g_clear_object (&self->account);
  g_clear_object (&self->ua);
  g_free (self->text);
  g_free (self->trouble);
  g_free (self->unknown_host);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  G_OBJECT_CLASS (ui_line_parent_class)->finalize (object);
}

static void
ui_line_class_init (UiLineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ui_line_get_property;
  object_class->finalize = ui_line_finalize;

  props[PROP_STATUS] =
      g_param_spec_enum ("status", NULL, NULL, UI_TYPE_LINE_STATUS, UI_LINE_WAITING,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_TEXT] =
      g_param_spec_string ("text", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ui_line_init (UiLine *self)
{
  self->status = UI_LINE_WAITING;
  self->text = g_strdup (_ ("Waiting for the keyring…"));
}

UiLine *
ui_line_new (StoreAccount *account, SipUA *ua)
{
  UiLine *self = g_object_new (UI_TYPE_LINE, NULL);

  self->account = g_object_ref (account);
  self->ua = g_object_ref (ua);
  g_signal_connect_object (ua, "connecting", G_CALLBACK (on_connecting), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (ua, "connected", G_CALLBACK (on_connected), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (ua, "disconnected", G_CALLBACK (on_disconnected), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (ua, "notify::retry-delay", G_CALLBACK (on_retry_delay), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (ua, "registered", G_CALLBACK (on_registered), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (ua, "registrationFailed", G_CALLBACK (on_registration_failed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (ua, "unregistered", G_CALLBACK (on_unregistered), self,
                           G_CONNECT_SWAPPED);
  return self;
}

StoreAccount *
ui_line_get_account (UiLine *self)
{
  g_return_val_if_fail (UI_IS_LINE (self), NULL);

  return self->account;
}

SipUA *
ui_line_get_ua (UiLine *self)
{
  g_return_val_if_fail (UI_IS_LINE (self), NULL);

  return self->ua;
}

UiLineStatus
ui_line_get_status (UiLine *self)
{
  g_return_val_if_fail (UI_IS_LINE (self), UI_LINE_FAILED);

  return self->status;
}

/* Whether something is wrong that its words tell. */
gboolean
ui_line_has_failed (UiLine *self)
{
  g_return_val_if_fail (UI_IS_LINE (self), FALSE);

  return self->status == UI_LINE_FAILED || self->status == UI_LINE_REFUSED;
}

const char *
ui_line_get_text (UiLine *self)
{
  g_return_val_if_fail (UI_IS_LINE (self), NULL);

  return look (self);
}

/* What was refused, without when it is tried again; NULL where nothing was. */
const char *
ui_line_get_trouble (UiLine *self)
{
  g_return_val_if_fail (UI_IS_LINE (self), NULL);

  return self->status == UI_LINE_REFUSED ? self->trouble : NULL;
}

/* The host that was to be the server, where nobody knows one of that name; else NULL. */
const char *
ui_line_get_unknown_host (UiLine *self)
{
  g_return_val_if_fail (UI_IS_LINE (self), NULL);

  return self->status == UI_LINE_FAILED ? self->unknown_host : NULL;
}

/* @password: NULL where the keyring has none; a server that wants one will then say so */
void
ui_line_start (UiLine *self, const char *password)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (UI_IS_LINE (self));

  self->has_password = password != NULL;
  g_object_set (self->ua, "password", password, NULL);
  on_connecting (self);
  if (!sip_ua_start (self->ua, &error)) {
    g_debug ("%s: %s", store_account_get_name (self->account), error->message);
    refuse (self, g_strdup (error->message));
  }
}

/* The line of the account with this id, borrowed, or NULL. @lines: of UiLine; @account: (nullable)
 */
UiLine *
ui_line_find (GListModel *lines, const char *account)
{
  for (guint i = 0; account != NULL && i < g_list_model_get_n_items (lines); i++) {
    g_autoptr (UiLine) line = g_list_model_get_item (lines, i);

    if (g_str_equal (store_account_get_id (line->account), account))
      return line;
  }
  return NULL;
}

/* How well a line suits a call to @text. */
static guint
weigh (UiLine *self, const char *text)
{
  g_autofree char *own_host = store_account_dup_host (self->account);
  g_autofree char *host = strchr (text, '@') != NULL ? ui_format_host (text) : NULL;
  gboolean is_home = host != NULL && g_ascii_strcasecmp (host, own_host) == 0;

  return (self->status == UI_LINE_READY ? 2 : 0) + (is_home ? 1 : 0);
}

/* By which line one would call @text: one that is signed in, and of those the one at home where
 * @text is; else the first. Borrowed; NULL where there is none.
 */
UiLine *
ui_line_choose (GListModel *lines, const char *text)
{
  UiLine *best = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (lines); i++) {
    g_autoptr (UiLine) line = g_list_model_get_item (lines, i);

    if (best == NULL || weigh (line, text) > weigh (best, text))
      best = line;
  }
  return best;
}
