/* app-ringer.c - rings for who calls us and plays the ring-back of whom we call
 *
 * Up: notify::status of every call -> update() -> the one tone that is due now
 *
 * A computer without sound is silent and says nothing about it.
 */

#include "app-ringer.h"

#include "ui-call.h"

#include <gsound.h>

#define PAUSE_MS 800   /* between two rounds of a tone */
#define STROKE_MS 350  /* between the two strokes of a knock */
#define KNOCKS_MS 5650 /* between two knocks, so that one begins each six seconds */
#define MAX_STROKES 8

typedef enum {
  TONE_NONE,
  TONE_RINGING,  /* somebody calls us */
  TONE_KNOCKING, /* somebody calls us while we talk */
  TONE_RINGBACK, /* whom we call is being rung */
} Tone;

static const struct {
  const char *event;
  const char *volume; /* dB */
} tones[] = {
    [TONE_NONE] = {NULL, NULL},
    [TONE_RINGING] = {"phone-incoming-call", "0"},
    [TONE_KNOCKING] = {"bell", "-20"},
    [TONE_RINGBACK] = {"phone-outgoing-calling", "-6"},
};

struct _AppRinger {
  GObject parent_instance;

  GListModel *calls;
  GSettings *desktop;   /* of notifications; NULL where the desktop has none */
  GSoundContext *sound; /* NULL where there is no sound */
  Tone tone;
  GCancellable *cancellable; /* of the tone that plays, NULL while none does */
  guint pause_id;            /* of what is between two of them */
  guint n_strokes;           /* of the knocking so far */
};

G_DEFINE_FINAL_TYPE (AppRinger, app_ringer, G_TYPE_OBJECT)

static void play (AppRinger *self);
static void knock (AppRinger *self);

static gboolean
on_pause_over (gpointer user_data)
{
  AppRinger *self = user_data;

  self->pause_id = 0;
  if (self->tone == TONE_KNOCKING)
    knock (self);
  else
    play (self);
  return G_SOURCE_REMOVE;
}

static void
on_played (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AppRinger) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!gsound_context_play_full_finish (GSOUND_CONTEXT (source), result, &error)) {
    g_debug ("no tone: %s", error->message);
    return;
  }
  if (self->tone != TONE_NONE && self->tone != TONE_KNOCKING && self->pause_id == 0)
    self->pause_id = g_timeout_add (PAUSE_MS, on_pause_over, self);
}

static void
play (AppRinger *self)
{
  if (self->sound == NULL)
    return;
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  gsound_context_play_full (self->sound, self->cancellable, on_played, g_object_ref (self),
                            GSOUND_ATTR_EVENT_ID, tones[self->tone].event,
                            GSOUND_ATTR_CANBERRA_VOLUME, tones[self->tone].volume,
                            GSOUND_ATTR_MEDIA_ROLE, "phone", NULL);
}

/* Soft, twice, and a few times only: somebody is being listened to. */
static void
knock (AppRinger *self)
{
  self->n_strokes++;
  g_debug ("stroke %u", self->n_strokes);
  play (self);
  if (self->n_strokes < MAX_STROKES)
    self->pause_id =
        g_timeout_add (self->n_strokes % 2 == 1 ? STROKE_MS : KNOCKS_MS, on_pause_over, self);
}

/* The only writer of tone. */
static void
set_tone (AppRinger *self, Tone tone)
{
  if (self->tone == tone)
    return;

  g_debug ("tone %d to %d", self->tone, tone);
  g_clear_handle_id (&self->pause_id, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->tone = tone;
  self->n_strokes = 0;
  if (tone == TONE_KNOCKING)
    knock (self);
  else if (tone != TONE_NONE)
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
