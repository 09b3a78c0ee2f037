/* app-main.c - starts the application */

#include "app-application.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

/* Translations lie elsewhere while the program runs out of the build folder. */
static const char *
find_translations (void)
{
  const char *folder = g_getenv ("AHOY_LOCALEDIR");

  return folder != NULL ? folder : LOCALEDIR;
}

static gboolean
is_of_libnice (const GLogField *field)
{
  return g_str_equal (field->key, "GLIB_DOMAIN") && field->length < 0 &&
         g_str_has_prefix (field->value, "libnice");
}

/* What libnice says for those who mend it has the password of a relay in it, and the keys of its
 * checks: who asks for all that is said is not told that, only who asks for it by its name.
 */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  const char *asked = g_getenv ("G_MESSAGES_DEBUG");

  for (gsize i = 0; i < n_fields && (level & G_LOG_LEVEL_DEBUG) != 0; i++) {
    if (is_of_libnice (&fields[i]) && (asked == NULL || strstr (asked, "libnice") == NULL))
      return G_LOG_WRITER_HANDLED;
  }
  return g_log_writer_default (level, fields, n_fields, user_data);
}

int
main (int argc, char **argv)
{
  g_log_set_writer_func (write_log, NULL, NULL);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, find_translations ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  g_autoptr (AppApplication) application = app_application_new ();
  int status = g_application_run (G_APPLICATION (application), argc, argv);

  return status != 0 ? status : app_application_get_exit_status (application);
}
