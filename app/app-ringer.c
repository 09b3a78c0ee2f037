/* app-ringer.c - rings for who calls us and plays the ring-back of whom we call
 *
 * Up: notify::status of every call -> update() -> the one tone that is due now
 *
 * A computer without sound is silent and says nothing about it.
 */

#include "app-ringer.h"

#include "ui-call.h"

#include <gsound.h>

typedef enum {
  TONE_NONE,
  TONE_RINGING,  /* somebody calls us */
  TONE_KNOCKING, /* somebody calls us while we talk: soft, twice, and a few times only */
  TONE_RINGBACK, /* whom we call is being rung */
} Tone;

/* Every stroke of a tone begins so long after the one before, by turns, however long the sound of
 * the desktop's theme is.
 */
static const struct {
  const char *event;
  const char *volume; /* dB */
  guint pauses_ms[2];
  guint n_strokes;
} tones[] = {
    [TONE_RINGING] = {"phone-incoming-call", "0", {4000, 4000}, G_MAXUINT},
    [TONE_KNOCKING] = {"bell", "-20", {350, 5650}, 8},
    [TONE_RINGBACK] = {"phone-outgoing-calling", "-6", {5000, 5000}, G_MAXUINT},
};

struct _AppRinger {
  GObject parent_instance;

  GListModel *calls;
  GSettings *desktop;   /* of notifications; NULL where the desktop has none */
  GSoundContext *sound; /* NULL where there is no sound */
  Tone tone;
  GCancellable *stroke; /* the last one of the tone, which may play still */
  guint n_strokes;      /* of the tone so far */
  guint pause_id;       /* to the next one */
};

G_DEFINE_FINAL_TYPE (AppRinger, app_ringer, G_TYPE_OBJECT)

static void
silence (AppRinger *self)
{
  g_clear_handle_id (&self->pause_id, g_source_remove);
  if (self->stroke != NULL)
    g_cancellable_cancel (self->stroke);
  g_clear_object (&self->stroke);
}

/* Nobody is told when a stroke ends: libcanberra 0.30 tells it twice where one is cancelled while
 * it ends, and GSound has nothing left to tell it with then.
 */
static void
play (gpointer user_data)
{
  AppRinger *self = user_data;
  g_autoptr (GError) error = NULL;

  silence (self);
  self->stroke = g_cancellable_new ();
  if (!gsound_context_play_simple (self->sound, self->stroke, &error, GSOUND_ATTR_EVENT_ID,
                                   tones[self->tone].event, GSOUND_ATTR_CANBERRA_VOLUME,
                                   tones[self->tone].volume, GSOUND_ATTR_MEDIA_ROLE, "phone", NULL))
    g_debug ("no tone: %s", error->message);
  self->n_strokes++;
  g_debug ("tone %d, stroke %u", self->tone, self->n_strokes);
  if (self->n_strokes < tones[self->tone].n_strokes)
    self->pause_id =
        g_timeout_add_once (tones[self->tone].pauses_ms[1 - self->n_strokes % 2], play, self);
}

/* The only writer of tone. */
static void
set_tone (AppRinger *self, Tone tone)
{
  if (self->tone == tone)
    return;

  g_debug ("tone %d to %d", self->tone, tone);
  silence (self);
  self->tone = tone;
  self->n_strokes = 0;
  if (tone != TONE_NONE && self->sound != NULL)
    play (self);
}

/* “Do Not Disturb” is on. */
static gboolean
is_quiet (AppRinger *self)
{
  return self->desktop != NULL && !g_settings_get_boolean (self->desktop, "show-banners");
}

static void
update (AppRinger *self)
{
  gboolean has[UI_CALL_PHASE_ENDED + 1] = {FALSE};

  for (guint i = 0; i < g_list_model_get_n_items (self->calls); i++) {
    g_autoptr (SipSession) session = g_list_model_get_item (self->calls, i);

    has[ui_call_get_phase (session)] = TRUE;
  }
  if (has[UI_CALL_PHASE_INCOMING] && !is_quiet (self))
    set_tone (self, has[UI_CALL_PHASE_TALKING] ? TONE_KNOCKING : TONE_RINGING);
  else
    set_tone (self, has[UI_CALL_PHASE_RINGING] ? TONE_RINGBACK : TONE_NONE);
}

static void
on_calls_changed (AppRinger *self, guint position, guint removed, guint added)
{
  for (guint i = 0; i < added; i++) {
    g_autoptr (SipSession) session = g_list_model_get_item (self->calls, position + i);

    g_signal_connect_object (session, "notify::status", G_CALLBACK (update), self,
                             G_CONNECT_SWAPPED);
  }
  update (self);
}

static void
app_ringer_dispose (GObject *object)
{
  AppRinger *self = APP_RINGER (object);

  /* The context stays until the process ends: with it libcanberra 0.30 unloads the driver, in which
   * the thread of a tone that was just cancelled may still be. */
  set_tone (self, TONE_NONE);
  g_clear_object (&self->calls);
  g_clear_object (&self->desktop);
  G_OBJECT_CLASS (app_ringer_parent_class)->dispose (object);
}

static void
app_ringer_class_init (AppRingerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = app_ringer_dispose;
}

static void
app_ringer_init (AppRinger *self)
{
  g_autoptr (GError) error = NULL;

  self->sound = gsound_context_new (NULL, &error);
  if (self->sound == NULL)
    g_debug ("no sound: %s", error->message);
}

/* @calls: of SipSession; followed as it changes; @desktop: (nullable):
 * org.gnome.desktop.notifications
 */
AppRinger *
app_ringer_new (GListModel *calls, GSettings *desktop)
{
  AppRinger *self = g_object_new (APP_TYPE_RINGER, NULL);

  self->calls = g_object_ref (calls);
  g_set_object (&self->desktop, desktop);
  if (desktop != NULL)
    g_signal_connect_object (desktop, "changed::show-banners", G_CALLBACK (update), self,
                             G_CONNECT_SWAPPED);
  g_signal_connect_object (calls, "items-changed", G_CALLBACK (on_calls_changed), self,
                           G_CONNECT_SWAPPED);
  return self;
}
