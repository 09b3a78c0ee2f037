/* media-web-handler.c - the media of one session over WebRTC: what a session and a view see of it
 *
 * Down: a session's requests -> media-web-rounds.c
 * Up:   media-web-rounds.c -> the properties and signals of SipSessionDescriptionHandler
 */

#include "media-web-handler-private.h"

#include "sip-dtmf.h"
#include "sip-error.h"

#include <string.h>

/* How long a tone sounds, in milliseconds. */
#define MIN_TONE 70
#define TONE 100
#define MAX_TONE 6000

static void media_web_handler_iface_init (SipSessionDescriptionHandlerInterface *iface);

/**
 * MediaWebHandler:
 *
 * Media for WebRTC: a browser, or whatever speaks like one (RFC 8825). It needs ICE and DTLS.
 */
G_DEFINE_FINAL_TYPE_WITH_CODE (MediaWebHandler,
                               media_web_handler,
                               MEDIA_TYPE_SOUND_HANDLER,
                               G_IMPLEMENT_INTERFACE (SIP_TYPE_SESSION_DESCRIPTION_HANDLER,
                                                      media_web_handler_iface_init))

enum { PROP_LOCAL_ADDRESSES = 1 };

static void
media_web_handler_get_description (SipSessionDescriptionHandler *handler,
                                   SipOptions *options,
                                   SipModifiers *modifiers,
                                   GTask *task)
{
  media_web_handler_enqueue (MEDIA_WEB_HANDLER (handler), modifiers, task, NULL, FALSE);
}

static void
media_web_handler_take_description (MediaSoundHandler *handler,
                                    const char *text,
                                    gboolean is_answer,
                                    SipModifiers *modifiers,
                                    GTask *task)
{
  media_web_handler_enqueue (MEDIA_WEB_HANDLER (handler), modifiers, task, g_strdup (text),
                             is_answer);
}

static void
media_web_handler_rollback (SipSessionDescriptionHandler *handler)
{
  MediaWebHandler *self = MEDIA_WEB_HANDLER (handler);

  media_negotiation_rollback (self->negotiation);
  media_web_handler_drop_next (self);
  if (!media_negotiation_is_agreed (self->negotiation))
    media_web_handler_drop_peer (self);
  if (self->request != NULL)
    media_web_handler_refuse (self, g_error_new_literal (SIP_ERROR, SIP_ERROR_RENEGOTIATION,
                                                         "The description was taken back"));
}

static void
media_web_handler_set_direction (SipSessionDescriptionHandler *handler, SipDirection direction)
{
  media_negotiation_set_direction (MEDIA_WEB_HANDLER (handler)->negotiation, direction);
}

static guint
read_duration (SipOptions *options)
{
  guint duration = sip_options_read_number (options, "duration", 0);

  return duration != 0 ? CLAMP (duration, MIN_TONE, MAX_TONE) : TONE;
}

static gboolean
media_web_handler_send_dtmf (SipSessionDescriptionHandler *handler,
                             const char *tones,
                             SipOptions *options)
{
  MediaWebHandler *self = MEDIA_WEB_HANDLER (handler);
  int event = tones != NULL ? media_tone_find_event (tones) : -1;

  return event >= 0 && media_negotiation_has_tones (self->negotiation) &&
         media_sound_send_tone (self->base->sound, event, read_duration (options));
}

static gboolean
media_web_handler_play_dtmf (SipSessionDescriptionHandler *handler,
                             const char *tones,
                             SipOptions *options)
{
  int event = tones != NULL ? media_tone_find_event (tones) : -1;

  return event >= 0 && media_sound_play_tone (MEDIA_WEB_HANDLER (handler)->base->sound, event,
                                              read_duration (options));
}

static void
on_tone (MediaToneReceiver *receiver, SipDtmf *tone, MediaWebHandler *self)
{
  g_signal_emit_by_name (self, "dtmf", tone);
}

static void
media_web_handler_close (SipSessionDescriptionHandler *handler)
{
  g_autoptr (MediaWebHandler) self = MEDIA_WEB_HANDLER (g_object_ref (handler));

  self->base->closed = TRUE;
  media_web_handler_drop_next (self);
  media_web_handler_drop_peer (self);
  /* What waits behind it is told the same, one by one. */
  if (self->request != NULL)
    media_web_handler_refuse (
        self, g_error_new_literal (SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED,
                                   "The media was closed"));
}

static gboolean
media_web_handler_move (SipSessionDescriptionHandler *handler)
{
  return media_web_handler_has_moved (MEDIA_WEB_HANDLER (handler));
}

static void
media_web_handler_iface_init (SipSessionDescriptionHandlerInterface *iface)
{
  iface->get_description = media_web_handler_get_description;
  iface->rollback = media_web_handler_rollback;
  iface->set_direction = media_web_handler_set_direction;
  iface->send_dtmf = media_web_handler_send_dtmf;
  iface->play_dtmf = media_web_handler_play_dtmf;
  iface->move = media_web_handler_move;
  iface->close = media_web_handler_close;
}

static void
media_web_handler_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  MediaWebHandler *self = MEDIA_WEB_HANDLER (object);

  if (id != PROP_LOCAL_ADDRESSES) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  g_strfreev (self->local_addresses);
  self->local_addresses = g_value_dup_boxed (value);
}

static void
media_web_handler_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_LOCAL_ADDRESSES)
    g_value_set_boxed (value, MEDIA_WEB_HANDLER (object)->local_addresses);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

/* A request holds a reference, so there is none left here. */
static void
media_web_handler_dispose (GObject *object)
{
  MediaWebHandler *self = MEDIA_WEB_HANDLER (object);

  self->base->closed = TRUE;
  media_web_handler_drop_next (self);
  media_web_handler_drop_peer (self);
  G_OBJECT_CLASS (media_web_handler_parent_class)->dispose (object);
}

static void
media_web_handler_finalize (GObject *object)
{
  MediaWebHandler *self = MEDIA_WEB_HANDLER (object);

  g_strfreev (self->local_addresses);
  g_clear_pointer (&self->answer, media_sdp_free);
  media_negotiation_free (self->negotiation);
  G_OBJECT_CLASS (media_web_handler_parent_class)->finalize (object);
}

static void
media_web_handler_class_init (MediaWebHandlerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  MediaSoundHandlerClass *handler_class = MEDIA_SOUND_HANDLER_CLASS (klass);

  object_class->set_property = media_web_handler_set_property;
  object_class->get_property = media_web_handler_get_property;
  object_class->dispose = media_web_handler_dispose;
  object_class->finalize = media_web_handler_finalize;
  handler_class->take_description = media_web_handler_take_description;
  handler_class->watch = media_web_handler_watch_sound;

  /**
   * MediaWebHandler:local-addresses:
   *
   * The addresses of this machine that descriptions name; %NULL is all of them. A change counts
   * from sip_session_description_handler_move() on.
   */
  g_object_class_install_property (
      object_class, PROP_LOCAL_ADDRESSES,
      g_param_spec_boxed ("local-addresses", NULL, NULL, G_TYPE_STRV,
                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));
}

static void
media_web_handler_init (MediaWebHandler *self)
{
  self->base = media_sound_handler_get_private (&self->parent_instance);
  g_queue_init (&self->requests);
  g_signal_connect_object (media_sound_get_tone_receiver (self->base->sound), "tone",
                           G_CALLBACK (on_tone), self, 0);
  self->negotiation = media_negotiation_new ();
}

/**
 * media_web_handler_new:
 * @audio_source: (nullable): GStreamer elements with one open end that sound comes from, or
 *   %NULL for the desktop's microphone
 * @audio_sink: (nullable): GStreamer elements with one open end that sound goes to, or %NULL for
 *   the desktop's speaker
 *
 * Where there is no such device the call works all the same: silence is sent, what comes is not
 * heard, and #SipTrack:available tells.
 *
 * Returns: (transfer full): a handler for one session
 */
SipSessionDescriptionHandler *
media_web_handler_new (const char *audio_source, const char *audio_sink)
{
  return g_object_new (MEDIA_TYPE_WEB_HANDLER, "audio-source", audio_source, "audio-sink",
                       audio_sink, NULL);
}
