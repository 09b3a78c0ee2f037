/* ui-incoming-menu.c - what else one can do about a call that comes in
 *
 * Down: an entry -> call.end-and-answer, call.decline-with, call.remind of the card
 */

#include "ui-incoming-menu.h"

#include "ui-call.h"

#include <glib/gi18n-lib.h>

static const char *const texts[] = {
    N_ ("I can’t talk right now. I’ll call you back."),
    N_ ("I’m in another call. Is it urgent?"),
    N_ ("Please write to me instead."),
};

static GMenuModel *
make_texts (void)
{
  GMenu *menu = g_menu_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    const char *text = g_dgettext (GETTEXT_PACKAGE, texts[i]);
    g_autoptr (GMenuItem) item = g_menu_item_new (text, NULL);

    g_menu_item_set_action_and_target (item, "call.decline-with", "s", text);
    g_menu_append_item (menu, item);
  }
  return G_MENU_MODEL (menu);
}

/* @is_second: whether it comes in while another call has the floor */
GMenuModel *
ui_incoming_menu_new (SipSession *session, gboolean is_second)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) first = g_menu_new ();
  g_autoptr (GMenu) last = g_menu_new ();
  g_autoptr (GMenuModel) replies = make_texts ();

  g_menu_append (first, _ ("End & answer"), "call.end-and-answer");
  g_menu_append (last, _ ("Remind me in 15 minutes"), "call.remind");
  if (is_second)
    g_menu_append_section (menu, NULL, G_MENU_MODEL (first));
  if (ui_call_takes_text (session))
    g_menu_append_section (menu, _ ("Decline with a message"), replies);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (last));
  return G_MENU_MODEL (menu);
}
