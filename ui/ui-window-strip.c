/* ui-window-strip.c - what goes wrong round the window, told to its strip
 *
 * Up: accounts, the sound of the call that has the floor, the stores, the keyring -> UiStrip
 */

#include "ui-call.h"
#include "ui-format.h"
#include "ui-line.h"
#include "ui-window-private.h"

#include <glib/gi18n-lib.h>

static void
update_offline (UiWindow *self)
{
  g_autofree char *text = NULL;

  for (guint i = 0; text == NULL && i < g_list_model_get_n_items (self->lines); i++) {
    g_autoptr (UiLine) line = g_list_model_get_item (self->lines, i);

    if (ui_line_has_failed (line))
      text = g_strdup_printf ("%s: %s", store_account_get_name (ui_line_get_account (line)),
                              ui_line_get_text (line));
  }
  ui_strip_tell (self->strip, UI_STRIP_OFFLINE, text);
}

/* Who has no account has no password to forget. */
static void
update_keyring (UiWindow *self)
{
  gboolean is_kept =
      store_keyring_get_available (self->keyring) || g_list_model_get_n_items (self->lines) == 0;

  ui_strip_tell (self->strip, UI_STRIP_KEYRING,
                 is_kept ? NULL
                         : _ ("There is no keyring here. Passwords are kept in memory and "
                              "forgotten when Ahoy quits."));
}

static void
on_lines_changed (UiWindow *self, guint position, guint removed, guint added)
{
  for (guint i = 0; i < added; i++) {
    g_autoptr (UiLine) line = g_list_model_get_item (self->lines, position + i);

    g_signal_connect_object (line, "notify::text", G_CALLBACK (update_offline), self,
                             G_CONNECT_SWAPPED);
  }
  update_offline (self);
  update_keyring (self);
}

static void
update_store (UiWindow *self)
{
  const char *trouble = store_history_get_trouble (self->history);

  ui_strip_tell (self->strip, UI_STRIP_STORE,
                 trouble != NULL ? trouble : store_contacts_get_trouble (self->contacts));
}

/* Of a call that does not have the floor nothing is heard anyway. */
static void
on_stats (UiWindow *self, SipMediaStats *stats, SipSessionDescriptionHandler *handler)
{
  SipSession *active = ui_floor_get_active (self->floor);
  gboolean is_trouble = sip_media_stats_get_trouble (stats) != SIP_MEDIA_TROUBLE_NONE;
  g_autofree char *text = is_trouble ? ui_format_sound (stats, FALSE) : NULL;

  if (active != NULL && sip_session_get_session_description_handler (active) == handler)
    ui_strip_tell (self->strip, UI_STRIP_SOUND, text);
}

static void
update_devices (UiWindow *self)
{
  SipSession *active = ui_floor_get_active (self->floor);
  gboolean is_talking = active != NULL && ui_call_get_phase (active) == UI_CALL_PHASE_TALKING;
  g_autofree char *text = is_talking ? ui_call_describe_devices (active) : NULL;

  ui_strip_tell (self->strip, UI_STRIP_DEVICES, text);
}

static void
on_tracks_changed (UiWindow *self, guint position, guint removed, guint added, GListModel *tracks)
{
  for (guint i = 0; i < added; i++) {
    g_autoptr (GObject) track = g_list_model_get_item (tracks, position + i);

    g_signal_connect_object (track, "notify::available", G_CALLBACK (update_devices), self,
                             G_CONNECT_SWAPPED);
  }
  update_devices (self);
}

static void
on_handler_created (UiWindow *self, SipSessionDescriptionHandler *handler)
{
  g_autoptr (GListModel) tracks = sip_session_description_handler_get_tracks (handler);

  g_signal_connect_object (handler, "statsChanged", G_CALLBACK (on_stats), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (tracks, "items-changed", G_CALLBACK (on_tracks_changed), self,
                           G_CONNECT_SWAPPED);
  on_tracks_changed (self, 0, 0, g_list_model_get_n_items (tracks), tracks);
}

static void
on_calls_changed (UiWindow *self, guint position, guint removed, guint added)
{
  for (guint i = 0; i < added; i++) {
    g_autoptr (SipSession) session = g_list_model_get_item (self->calls, position + i);
    SipSessionDescriptionHandler *handler = sip_session_get_session_description_handler (session);

    g_signal_connect_object (session, "SessionDescriptionHandler-created",
                             G_CALLBACK (on_handler_created), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (session, "notify::status", G_CALLBACK (update_devices), self,
                             G_CONNECT_SWAPPED);
    if (handler != NULL)
      on_handler_created (self, handler);
  }
}

static void
on_floor_changed (UiWindow *self)
{
  ui_strip_tell (self->strip, UI_STRIP_SOUND, NULL);
  update_devices (self);
}

/* Once, with all that it watches at hand. */
void
ui_window_watch_trouble (UiWindow *self)
{
  g_signal_connect_object (self->lines, "items-changed", G_CALLBACK (on_lines_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->calls, "items-changed", G_CALLBACK (on_calls_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->floor, "changed", G_CALLBACK (on_floor_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->floor, "notify::active", G_CALLBACK (on_floor_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->history, "notify::trouble", G_CALLBACK (update_store), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->contacts, "notify::trouble", G_CALLBACK (update_store), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->keyring, "notify::available", G_CALLBACK (update_keyring), self,
                           G_CONNECT_SWAPPED);
  on_lines_changed (self, 0, 0, g_list_model_get_n_items (self->lines));
  on_calls_changed (self, 0, 0, g_list_model_get_n_items (self->calls));
  update_store (self);
}
