/* store-provision.c - reads the key file from which an administrator adds accounts
 *
 * The key file is read line by line and not by GKeyFile alone, because a person who wrote a wrong
 * line wants to be told which one; GKeyFile then unescapes the values.
 */

#include "store-provision.h"

#include "store-error.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>
#include <string.h>

#define MAX_FILE (256 * 1024)
#define GROUP_PREFIX "Account "

typedef enum {
  KEY_ADDRESS,
  KEY_SERVER,
  KEY_USER,
  KEY_PASSWORD,
  KEY_MEDIA,
  KEY_STUN,
  KEY_TURN,
  KEY_TURN_USER,
  KEY_TURN_PASSWORD,
  KEY_RELAY_ONLY,
  N_KEYS,
} Key;

static const char *const key_names[N_KEYS + 1] = {
    "Address",    "Server",     "User",     "Password",     "Media",
    "StunServer", "TurnServer", "TurnUser", "TurnPassword", "RelayOnly"};
static const StoreError key_errors[N_KEYS] = {
    STORE_ERROR_ADDRESS,  STORE_ERROR_SERVER, STORE_ERROR_USER, STORE_ERROR_PASSWORD,
    STORE_ERROR_MEDIA,    STORE_ERROR_STUN,   STORE_ERROR_TURN, STORE_ERROR_TURN,
    STORE_ERROR_PASSWORD, STORE_ERROR_TURN,
};

/* A group of the file and the lines it came from; 0 where the key is missing. */
typedef struct {
  char *name; /* with the prefix, as GKeyFile wants it */
  guint line;
  guint key_lines[N_KEYS];
} Group;

static void
group_free (Group *self)
{
  g_free (self->name);
  g_free (self);
}

static void
provision_free (StoreProvision *self)
{
  g_clear_object (&self->account);
  g_clear_pointer (&self->password, secret_password_free);
  g_clear_pointer (&self->turn_password, secret_password_free);
  g_free (self);
}

G_GNUC_PRINTF (5, 6)
static void
set_line_error (GError **error,
                StoreError code,
                const char *path,
                guint line,
                const char *format,
                ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, STORE_ERROR, code, "%s:%u: %s", path, line, text);
}

static gboolean
scan_group (GPtrArray *groups, const char *text, const char *path, guint line, GError **error)
{
  gsize length = strlen (text);
  g_autofree char *name = length > 2 ? g_strndup (text + 1, length - 2) : g_strdup ("");

  if (text[length - 1] != ']' || strpbrk (name, "[]") != NULL) {
    set_line_error (error, STORE_ERROR_FILE, path, line, _ ("The bracket is not closed."));
    return FALSE;
  }
  if (!g_str_has_prefix (name, GROUP_PREFIX) || name[strlen (GROUP_PREFIX)] == '\0') {
    set_line_error (error, STORE_ERROR_FILE, path, line,
                    _ ("[%s] is not a group such as [Account Work]."), name);
    return FALSE;
  }
  for (guint i = 0; i < groups->len; i++) {
    if (g_str_equal (((Group *)groups->pdata[i])->name, name)) {
      set_line_error (error, STORE_ERROR_FILE, path, line, _ ("[%s] was there before."), name);
      return FALSE;
    }
  }

  Group *group = g_new0 (Group, 1);

  group->name = g_steal_pointer (&name);
  group->line = line;
  g_ptr_array_add (groups, group);
  return TRUE;
}

static gboolean
scan_key (GPtrArray *groups, const char *text, const char *path, guint line, GError **error)
{
  const char *equals = strchr (text, '=');

  if (equals == NULL) {
    set_line_error (error, STORE_ERROR_FILE, path, line,
                    _ ("This is neither a group, a key nor a comment."));
    return FALSE;
  }
  if (groups->len == 0) {
    set_line_error (error, STORE_ERROR_FILE, path, line,
                    _ ("A key needs a group such as [Account Work] before it."));
    return FALSE;
  }

  Group *group = groups->pdata[groups->len - 1];
  g_autofree char *name = g_strchomp (g_strndup (text, equals - text));

  for (Key key = 0; key < N_KEYS; key++) {
    if (!g_str_equal (name, key_names[key]))
      continue;
    if (group->key_lines[key] != 0) {
      set_line_error (error, key_errors[key], path, line, _ ("“%s” was there before."), name);
      return FALSE;
    }
    group->key_lines[key] = line;
    return TRUE;
  }
  set_line_error (error, STORE_ERROR_FILE, path, line, _ ("“%s” is not a key of an account."),
                  name);
  return FALSE;
}

static GPtrArray *
scan (const char *contents, const char *path, GError **error)
{
  g_autoptr (GPtrArray) groups = g_ptr_array_new_with_free_func ((GDestroyNotify)group_free);
  g_auto (GStrv) lines = g_strsplit (contents, "\n", 0);

  for (guint i = 0; lines[i] != NULL; i++) {
    const char *text = g_strstrip (lines[i]);
    gboolean is_good = TRUE;

    if (!g_utf8_validate (text, -1, NULL)) {
      set_line_error (error, STORE_ERROR_FILE, path, i + 1, _ ("This is not text in UTF-8."));
      return NULL;
    }
    if (*text == '[')
      is_good = scan_group (groups, text, path, i + 1, error);
    else if (*text != '#' && *text != '\0')
      is_good = scan_key (groups, text, path, i + 1, error);
    if (!is_good)
      return NULL;
  }
  if (groups->len == 0) {
    set_line_error (error, STORE_ERROR_FILE, path, 1,
                    _ ("There is no group such as [Account Work]."));
    return NULL;
  }
  return g_steal_pointer (&groups);
}

/* The values of @group in @values, unescaped; a missing key stays NULL. */
static gboolean
read_values (GKeyFile *file, Group *group, const char *path, char **values, GError **error)
{
  for (Key key = 0; key < N_KEYS; key++) {
    if (group->key_lines[key] == 0)
      continue;

    g_autoptr (GError) reason = NULL;

    values[key] = g_key_file_get_string (file, group->name, key_names[key], &reason);
    if (reason != NULL) {
      set_line_error (error, key_errors[key], path, group->key_lines[key],
                      _ ("A backslash has to be written twice."));
      return FALSE;
    }
    if (key != KEY_PASSWORD && key != KEY_TURN_PASSWORD)
      g_strchomp (values[key]);
    if (*values[key] == '\0' || strpbrk (values[key], "\r\n") != NULL) {
      set_line_error (error, key_errors[key], path, group->key_lines[key],
                      _ ("“%s” needs a value of one line."), key_names[key]);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
parse_media (const char *text, SipMediaProfile *media)
{
  static const char *const words[] = {"auto", "web", "rtp"};
  static const SipMediaProfile profiles[] = {SIP_MEDIA_PROFILE_AUTO, SIP_MEDIA_PROFILE_WEB,
                                             SIP_MEDIA_PROFILE_RTP};

  *media = SIP_MEDIA_PROFILE_AUTO;
  if (text == NULL)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    if (g_ascii_strcasecmp (text, words[i]) == 0) {
      *media = profiles[i];
      return TRUE;
    }
  }
  return FALSE;
}

/* The line that @error, made by store_account_new(), is about. */
static guint
line_of_error (Group *group, GError *error)
{
  for (Key key = 0; key < N_KEYS; key++) {
    if (g_error_matches (error, STORE_ERROR, key_errors[key]) && group->key_lines[key] != 0)
      return group->key_lines[key];
  }
  return group->line;
}

static StoreProvision *
make_provision (Group *group, char **values, const char *path, GError **error)
{
  SipMediaProfile media = SIP_MEDIA_PROFILE_AUTO;
  gboolean relay_only = g_strcmp0 (values[KEY_RELAY_ONLY], "true") == 0;
  g_autoptr (GError) reason = NULL;

  if (values[KEY_ADDRESS] == NULL) {
    set_line_error (error, STORE_ERROR_ADDRESS, path, group->line, _ ("[%s] has no “Address”."),
                    group->name);
    return NULL;
  }
  if (!parse_media (values[KEY_MEDIA], &media)) {
    set_line_error (error, STORE_ERROR_MEDIA, path, group->key_lines[KEY_MEDIA],
                    _ ("“Media” is auto, web or rtp."));
    return NULL;
  }
  if (values[KEY_RELAY_ONLY] != NULL && !relay_only &&
      !g_str_equal (values[KEY_RELAY_ONLY], "false")) {
    set_line_error (error, STORE_ERROR_TURN, path, group->key_lines[KEY_RELAY_ONLY],
                    _ ("“RelayOnly” is true or false."));
    return NULL;
  }

  g_autoptr (StoreAccount) account = store_account_new (
      NULL, g_strstrip (group->name + strlen (GROUP_PREFIX)), values[KEY_ADDRESS],
      values[KEY_SERVER], values[KEY_USER], media, SIP_SECURITY_PREFER, &reason);

  if (account == NULL || !store_account_set_helpers (account, values[KEY_STUN], values[KEY_TURN],
                                                     values[KEY_TURN_USER], relay_only, &reason)) {
    set_line_error (error, reason->code, path, line_of_error (group, reason), "%s",
                    reason->message);
    return NULL;
  }

  StoreProvision *provision = g_new0 (StoreProvision, 1);

  provision->account = g_steal_pointer (&account);
  provision->turn_password = g_steal_pointer (&values[KEY_TURN_PASSWORD]);
  provision->password = g_steal_pointer (&values[KEY_PASSWORD]);
  return provision;
}

static GPtrArray *
parse (const char *contents, const char *path, GError **error)
{
  g_autoptr (GPtrArray) accounts = g_ptr_array_new_with_free_func ((GDestroyNotify)provision_free);
  g_autoptr (GPtrArray) groups = scan (contents, path, error);
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (groups == NULL || !g_key_file_load_from_data (file, contents, -1, G_KEY_FILE_NONE, error))
    return NULL;

  for (guint i = 0; i < groups->len; i++) {
    char *values[N_KEYS] = {NULL};
    StoreProvision *provision = NULL;

    if (read_values (file, groups->pdata[i], path, values, error))
      provision = make_provision (groups->pdata[i], values, path, error);
    for (Key key = 0; key < N_KEYS; key++)
      g_free (values[key]);
    if (provision == NULL)
      return NULL;
    g_ptr_array_add (accounts, provision);
  }
  return g_steal_pointer (&accounts);
}

/* Returns an array of StoreProvision, or NULL and an error that reads "FILE:LINE: why". */
GPtrArray *
store_provision_read (const char *path, GError **error)
{
  g_autofree char *contents = NULL;
  gsize length = 0;

  g_return_val_if_fail (path != NULL, NULL);

  if (!g_file_get_contents (path, &contents, &length, error))
    return NULL;
  if (length > MAX_FILE || strlen (contents) != length) {
    set_line_error (error, STORE_ERROR_FILE, path, 1, _ ("This is not a file of accounts."));
    return NULL;
  }

  GPtrArray *accounts = parse (contents, path, error);

  explicit_bzero (contents, length);
  return accounts;
}
