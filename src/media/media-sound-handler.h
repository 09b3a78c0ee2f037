#pragma once

#include "sip-session-description-handler.h"

G_BEGIN_DECLS

#define MEDIA_TYPE_SOUND_HANDLER (media_sound_handler_get_type ())
G_DECLARE_DERIVABLE_TYPE (MediaSoundHandler, media_sound_handler, MEDIA, SOUND_HANDLER, GObject)

/**
 * MediaSoundHandlerClass:
 * @parent_class: the parent
 *
 * A handler of sound is derived from inside the library only.
 */
struct _MediaSoundHandlerClass {
  GObjectClass parent_class;

  /*< private >*/
  void (*take_description) (MediaSoundHandler *self,
                            const char *text,
                            gboolean is_answer,
                            SipModifiers *modifiers,
                            GTask *task);
  void (*watch) (MediaSoundHandler *self);
};

G_END_DECLS
