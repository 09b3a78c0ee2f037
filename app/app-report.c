/* app-report.c - what helps to find a fault, and nothing that is nobody's business
 *
 * It is read by whoever helps, so it is not translated. Of an account it says how it is connected
 * and how it stands, not whose it is.
 */

#include "app-report.h"

#include "sip-media.h"
#include "ui-line.h"

#include <adwaita.h>

static void
append_line (GString *text, guint number, UiLine *line)
{
  StoreAccount *account = ui_line_get_account (line);
  const char *server = store_account_get_server (account);
  g_autofree char *scheme = server != NULL ? g_uri_parse_scheme (server) : NULL;
  const char *transport = server != NULL ? strstr (server, "transport=") : NULL;
  g_autoptr (GEnumClass) media_class = g_type_class_ref (SIP_TYPE_MEDIA_PROFILE);
  g_autoptr (GEnumClass) status_class = g_type_class_ref (UI_TYPE_LINE_STATUS);

  g_string_append_printf (
      text, "%u: %s%s%s, media %s, %s\n", number, scheme != NULL ? scheme : "found by DNS",
      transport != NULL ? " " : "", transport != NULL ? transport : "",
      g_enum_get_value (media_class, store_account_get_media (account))->value_nick,
      g_enum_get_value (status_class, ui_line_get_status (line))->value_nick);
}

/* @lines: of UiLine. Free it with g_free(). */
char *
app_report_new (GListModel *lines)
{
  GString *text = g_string_new (NULL);
  g_autofree char *system = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);
  g_autofree char *elements = sip_media_describe ();

  g_string_append_printf (text, "Ahoy %s\n%s\nGLib %u.%u.%u\nGTK %u.%u.%u\nlibadwaita %u.%u.%u\n",
                          AHOY_VERSION, system != NULL ? system : "an unknown system",
                          glib_major_version, glib_minor_version, glib_micro_version,
                          gtk_get_major_version (), gtk_get_minor_version (),
                          gtk_get_micro_version (), adw_get_major_version (),
                          adw_get_minor_version (), adw_get_micro_version ());
  g_string_append (text, "\nAccounts\n");
  for (guint i = 0; i < g_list_model_get_n_items (lines); i++) {
    g_autoptr (UiLine) line = g_list_model_get_item (lines, i);

    append_line (text, i + 1, line);
  }
  if (g_list_model_get_n_items (lines) == 0)
    g_string_append (text, "none\n");
  g_string_append_printf (text, "\nSound\n%s", elements);
  return g_string_free (text, FALSE);
}
