/* store-account.c - one account as a person set it up, without its password
 *
 * An account never changes: the form and the provision file make a new one of the same name or
 * identifier. So whoever holds one holds values that were checked.
 */

#include "store-account.h"

#include "store-error.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_TEXT 255

struct _StoreAccount {
  GObject parent_instance;

  char *id;
  char *name;
  char *address; /* sip:user@host[:port], or sips: */
  char *server;  /* NULL: found by the address */
  char *user;    /* NULL: the user of the address */
  SipMediaProfile media;
  SipSecurity security;
  char *stun;      /* NULL: nobody is asked */
  char *turn;      /* likewise */
  char *turn_user; /* NULL: the relay wants none */
  gboolean relay_only;
};

G_DEFINE_FINAL_TYPE (StoreAccount, store_account, G_TYPE_OBJECT)

static gboolean
has_only (const char *text, gsize length, const char *marks)
{
  for (gsize i = 0; i < length; i++) {
    if (!g_ascii_isalnum (text[i]) && strchr (marks, text[i]) == NULL)
      return FALSE;
  }
  return length > 0;
}

static gboolean
is_port (const char *text)
{
  guint64 port = 0;

  return g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &port, NULL);
}

/* host[:port] or [address][:port] */
static gboolean
is_host_and_port (const char *text)
{
  const char *end = text[0] == '[' ? strchr (text, ']') : NULL;
  gsize length = strcspn (text, ":");

  if (text[0] == '[') {
    if (end == NULL)
      return FALSE;

    g_autofree char *address = g_strndup (text + 1, end - text - 1);

    if (!g_hostname_is_ip_address (address) || strchr (address, ':') == NULL)
      return FALSE;
    return end[1] == '\0' || (end[1] == ':' && is_port (end + 2));
  }
  if (!has_only (text, length, "-.") || text[0] == '.' || text[0] == '-')
    return FALSE;
  return text[length] == '\0' || is_port (text + length + 1);
}

/* What follows the scheme sip: or sips:, in either case; NULL for any other scheme. */
static const char *
skip_scheme (const char *text)
{
  if (g_ascii_strncasecmp (text, "sips:", 5) == 0)
    return text + 5;
  return g_ascii_strncasecmp (text, "sip:", 4) == 0 ? text + 4 : NULL;
}

/* RFC 3261 25.1: user, without a password: that one belongs in the keyring. */
static gboolean
is_user (const char *text, gsize length)
{
  if (!has_only (text, length, "-_.!~*'()&=+$,;?/%"))
    return FALSE;
  for (gsize i = 0; i < length; i++) {
    if (text[i] == '%' &&
        (length - i < 3 || !g_ascii_isxdigit (text[i + 1]) || !g_ascii_isxdigit (text[i + 2]) ||
         text[i + 1] == '0' || text[i + 1] == '1'))
      return FALSE;
  }
  return TRUE;
}

static gboolean
check_text (const char *text, StoreError code, const char *message, GError **error)
{
  gboolean is_clean =
      text[0] != '\0' && strlen (text) <= MAX_TEXT && g_utf8_validate (text, -1, NULL);

  for (const char *at = text; is_clean && *at != '\0'; at = g_utf8_next_char (at))
    is_clean = g_unichar_isprint (g_utf8_get_char (at));
  if (!is_clean)
    g_set_error_literal (error, STORE_ERROR, code, message);
  return is_clean;
}

static gboolean
check_address (const char *address, GError **error)
{
  const char *user = strlen (address) <= MAX_TEXT ? skip_scheme (address) : NULL;
  const char *at = user != NULL ? strchr (user, '@') : NULL;

  if (at != NULL && is_user (user, at - user) && is_host_and_port (at + 1))
    return TRUE;
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_ADDRESS,
                       _ ("This is not an address such as sip:alice@example.org."));
  return FALSE;
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL)
    return g_inet_address_get_is_loopback (address);
  return g_ascii_strcasecmp (host, "localhost") == 0;
}

static gboolean
check_web_server (const char *server, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (server, G_URI_FLAGS_HAS_PASSWORD, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL || *host == '\0' || g_uri_get_userinfo (uri) != NULL ||
      g_uri_get_fragment (uri) != NULL) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_SERVER,
                         _ ("This is not a server such as wss://example.org/ws."));
    return FALSE;
  }
  if (g_strcmp0 (g_uri_get_scheme (uri), "ws") == 0 && !is_loopback (host)) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_SERVER,
                         _ ("A server on the network needs wss://; ws:// is not protected."));
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_server (const char *server, GError **error)
{
  static const char *const transports[] = {"udp", "tcp", "tls", "ws", "wss", NULL};
  const char *rest = skip_scheme (server);

  if (strlen (server) <= MAX_TEXT &&
      (g_ascii_strncasecmp (server, "ws:", 3) == 0 || g_ascii_strncasecmp (server, "wss:", 4) == 0))
    return check_web_server (server, error);

  if (rest != NULL && strlen (server) <= MAX_TEXT) {
    g_auto (GStrv) parts = g_strsplit (rest, ";", 0);
    gboolean is_good = is_host_and_port (parts[0] != NULL ? parts[0] : "");

    for (guint i = 1; is_good && parts[i] != NULL; i++) {
      g_autofree char *lower = g_ascii_strdown (parts[i], -1);

      is_good = g_str_equal (lower, "lr") || (g_str_has_prefix (lower, "transport=") &&
                                              g_strv_contains (transports, lower + 10));
    }
    if (is_good)
      return TRUE;
  }
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_SERVER,
                       _ ("This is not a server such as sip:example.org;transport=tcp."));
  return FALSE;
}

static void
store_account_finalize (GObject *object)
{
  StoreAccount *self = STORE_ACCOUNT (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->address);
  g_free (self->server);
  g_free (self->user);
  g_free (self->stun);
  g_free (self->turn);
  g_free (self->turn_user);
  G_OBJECT_CLASS (store_account_parent_class)->finalize (object);
}

static void
store_account_class_init (StoreAccountClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = store_account_finalize;
}

static void
store_account_init (StoreAccount *self)
{
}

static char *
dup_unless_empty (const char *text)
{
  return text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

/*
 * @id: NULL for an account that was never saved
 * @server, @user: NULL or empty where the address says enough
 *
 * Returns NULL and an error whose code names the field that cannot be used.
 */
StoreAccount *
store_account_new (const char *id,
                   const char *name,
                   const char *address,
                   const char *server,
                   const char *user,
                   SipMediaProfile media,
                   SipSecurity security,
                   GError **error)
{
  g_autofree char *own_server = dup_unless_empty (server);
  g_autofree char *own_user = dup_unless_empty (user);

  g_return_val_if_fail (name != NULL && address != NULL, NULL);

  if (!check_text (name, STORE_ERROR_NAME, _ ("An account needs a name of one line."), error) ||
      !check_address (address, error) ||
      (own_server != NULL && !check_server (own_server, error)) ||
      (own_user != NULL &&
       !check_text (own_user, STORE_ERROR_USER, _ ("This is not a user name of one line."), error)))
    return NULL;

  StoreAccount *self = g_object_new (STORE_TYPE_ACCOUNT, NULL);

  self->id = id != NULL ? g_strdup (id) : g_uuid_string_random ();
  self->name = g_strdup (name);
  self->address = g_strdup (address);
  self->server = g_steal_pointer (&own_server);
  self->user = g_steal_pointer (&own_user);
  self->media = media;
  self->security = security;
  return self;
}

static gboolean
check_helper (const char *name, const char *uri, gboolean relay_only)
{
  g_autoptr (SipMediaServers) servers =
      g_object_new (SIP_TYPE_MEDIA_SERVERS, name, uri, "relay-only", relay_only, NULL);

  return (uri == NULL || strlen (uri) <= MAX_TEXT) && sip_media_servers_check (servers, NULL);
}

/* Whom calls may ask for help, and whether only a relay may be seen; NULL or empty where nobody. To
 * be set before anybody else holds it.
 */
gboolean
store_account_set_helpers (StoreAccount *self,
                           const char *stun,
                           const char *turn,
                           const char *turn_user,
                           gboolean relay_only,
                           GError **error)
{
  g_return_val_if_fail (STORE_IS_ACCOUNT (self) && self->stun == NULL && self->turn == NULL, FALSE);

  self->stun = dup_unless_empty (stun);
  self->turn = dup_unless_empty (turn);
  self->turn_user = dup_unless_empty (turn_user);
  self->relay_only = relay_only;
  if (!check_helper ("stun", self->stun, FALSE)) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_STUN,
                         _ ("This is not a server such as stun:example.org."));
    return FALSE;
  }
  if (check_helper ("turn", self->turn, relay_only) &&
      (self->turn_user == NULL || check_text (self->turn_user, STORE_ERROR_TURN, "", NULL)))
    return TRUE;
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_TURN,
                       _ ("This is not a relay such as turn:example.org?transport=tcp."));
  return FALSE;
}

const char *
store_account_get_id (StoreAccount *self)
{
  g_return_val_if_fail (STORE_IS_ACCOUNT (self), NULL);

  return self->id;
}

const char *
store_account_get_name (StoreAccount *self)
{
  g_return_val_if_fail (STORE_IS_ACCOUNT (self), NULL);

  return self->name;
}

const char *
store_account_get_address (StoreAccount *self)
{
  g_return_val_if_fail (STORE_IS_ACCOUNT (self), NULL);

  return self->address;
}

const char *
store_account_get_server (StoreAccount *self)
{
  g_return_val_if_fail (STORE_IS_ACCOUNT (self), NULL);

  return self->server;
}

const char *
store_account_get_user (StoreAccount *self)
{
  g_return_val_if_fail (STORE_IS_ACCOUNT (self), NULL);

  return self->user;
}

SipMediaProfile
store_account_get_media (StoreAccount *self)
{
  g_return_val_if_fail (STORE_IS_ACCOUNT (self), SIP_MEDIA_PROFILE_AUTO);

  return self->media;
}

SipSecurity
store_account_get_security (StoreAccount *self)
{
  g_return_val_if_fail (STORE_IS_ACCOUNT (self), SIP_SECURITY_PREFER);

  return self->security;
}

const char *
store_account_get_stun (StoreAccount *self)
{
  g_return_val_if_fail (STORE_IS_ACCOUNT (self), NULL);

  return self->stun;
}

const char *
store_account_get_turn (StoreAccount *self)
{
  g_return_val_if_fail (STORE_IS_ACCOUNT (self), NULL);

  return self->turn;
}

const char *
store_account_get_turn_user (StoreAccount *self)
{
  g_return_val_if_fail (STORE_IS_ACCOUNT (self), NULL);

  return self->turn_user;
}

gboolean
store_account_get_relay_only (StoreAccount *self)
{
  g_return_val_if_fail (STORE_IS_ACCOUNT (self), FALSE);

  return self->relay_only;
}

/* What its user agent is to be given; NULL where nobody is asked. @password: (nullable): of the
 * relay
 */
SipMediaServers *
store_account_make_servers (StoreAccount *self, const char *password)
{
  g_return_val_if_fail (STORE_IS_ACCOUNT (self), NULL);

  if (self->stun == NULL && self->turn == NULL)
    return NULL;
  return g_object_new (SIP_TYPE_MEDIA_SERVERS, "stun", self->stun, "turn", self->turn, "user",
                       self->turn_user, "password", password, "relay-only", self->relay_only, NULL);
}

/* What the keyring's own programs call the passwords of this account. */
char *
store_account_dup_label (StoreAccount *self)
{
  g_return_val_if_fail (STORE_IS_ACCOUNT (self), NULL);

  return g_strdup_printf ("Ahoy: %s", self->name);
}

/* What the password of the relay is kept under. */
char *
store_account_dup_turn_id (StoreAccount *self)
{
  g_return_val_if_fail (STORE_IS_ACCOUNT (self), NULL);

  return g_strconcat (self->id, "/turn", NULL);
}

/* The host a person would name when the account does not work: the server's, else the address's. */
char *
store_account_dup_host (StoreAccount *self)
{
  g_return_val_if_fail (STORE_IS_ACCOUNT (self), NULL);

  const char *server = self->server;
  const char *sip = server != NULL ? skip_scheme (server) : strchr (self->address, '@') + 1;
  const char *host = sip != NULL ? sip : strstr (server, "://") + 3;

  if (*host == '[')
    return g_strndup (host, strcspn (host, "]") + 1);
  return g_strndup (host, strcspn (host, ":;/?"));
}
