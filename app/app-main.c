/* app-main.c - starts the application */

#include "app-application.h"

#include <glib/gi18n.h>
#include <locale.h>

/* Translations lie elsewhere while the program runs out of the build folder. */
static const char *
find_translations (void)
{
  const char *folder = g_getenv ("AHOY_LOCALEDIR");

  return folder != NULL ? folder : LOCALEDIR;
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, find_translations ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  g_autoptr (AppApplication) application = app_application_new ();
  int status = g_application_run (G_APPLICATION (application), argc, argv);

  return status != 0 ? status : app_application_get_exit_status (application);
}
