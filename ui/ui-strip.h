#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What is wrong for longer than a moment, the most severe first. */
typedef enum {
  UI_STRIP_DEVICES, /* no microphone, or nothing to hear with */
  UI_STRIP_SOUND,   /* of the call that has the floor */
  UI_STRIP_OFFLINE, /* an account is not signed in */
  UI_STRIP_STORE,   /* something could not be kept */
  UI_STRIP_KEYRING, /* passwords will be forgotten */
} UiStripMatter;

#define UI_TYPE_STRIP (ui_strip_get_type ())
G_DECLARE_FINAL_TYPE (UiStrip, ui_strip, UI, STRIP, AdwBin)

void ui_strip_tell (UiStrip *self, UiStripMatter matter, const char *text);

G_END_DECLS
