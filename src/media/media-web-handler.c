/* media-web-handler.c - the media of one session over WebRTC: what a session and a view see of it
 *
 * Down: a session's requests -> media-web-rounds.c
 * Up:   media-web-rounds.c -> the properties and signals of SipSessionDescriptionHandler
 */

#include "media-web-handler-private.h"

#include "media-mix-private.h"

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
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SIP_TYPE_SESSION_DESCRIPTION_HANDLER,
                                                      media_web_handler_iface_init))

enum {
  PROP_AUDIO_SOURCE = 1,
  PROP_AUDIO_SINK,
  PROP_SERVERS,
  PROP_LOCAL_ADDRESSES,
  PROP_TRACKS,
  PROP_LOCAL_DIRECTION,
  PROP_REMOTE_DIRECTION,
  PROP_MUTED
};

static void
media_web_handler_get_description (SipSessionDescriptionHandler *handler,
                                   SipOptions *options,
                                   SipModifiers *modifiers,
                                   GTask *task)
{
  media_web_handler_enqueue (MEDIA_WEB_HANDLER (handler), modifiers, task, NULL, FALSE);
}

static gboolean
media_web_handler_has_description (SipSessionDescriptionHandler *handler, const char *content_type)
{
  g_autofree char *type = NULL;

  if (content_type == NULL)
    return FALSE;
  type = g_strndup (content_type, strcspn (content_type, ";"));
  return g_ascii_strcasecmp (g_strstrip (type), "application/sdp") == 0;
}

static void
media_web_handler_set_description (SipSessionDescriptionHandler *handler,
                                   SipSessionDescription *description,
                                   SipOptions *options,
                                   SipModifiers *modifiers,
                                   GTask *task)
{
  const char *content_type = sip_session_description_get_content_type (description);
  char *text = sip_session_description_dup_text (description);

  if (!media_web_handler_has_description (handler, content_type)) {
    g_free (text);
    g_task_return_new_error (task, SIP_ERROR, SIP_ERROR_UNSUPPORTED_CONTENT_TYPE,
                             "“%s” is no description of media", content_type);
  } else if (text == NULL) {
    g_task_return_new_error (task, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION,
                             "Bad description: it is no text");
  } else {
    media_web_handler_enqueue (MEDIA_WEB_HANDLER (handler), modifiers, task, text,
                               sip_session_description_get_is_answer (description));
  }
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

static void
media_web_handler_limit_direction (SipSessionDescriptionHandler *handler, SipDirection direction)
{
  media_sound_limit (MEDIA_WEB_HANDLER (handler)->sound, direction);
  media_web_handler_watch_sound (MEDIA_WEB_HANDLER (handler));
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
         media_sound_send_tone (self->sound, event, read_duration (options));
}

static gboolean
media_web_handler_play_dtmf (SipSessionDescriptionHandler *handler,
                             const char *tones,
                             SipOptions *options)
{
  int event = tones != NULL ? media_tone_find_event (tones) : -1;

  return event >= 0 &&
         media_sound_play_tone (MEDIA_WEB_HANDLER (handler)->sound, event, read_duration (options));
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

  self->closed = TRUE;
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
  iface->set_description = media_web_handler_set_description;
  iface->rollback = media_web_handler_rollback;
  iface->set_direction = media_web_handler_set_direction;
  iface->limit_direction = media_web_handler_limit_direction;
  iface->has_description = media_web_handler_has_description;
  iface->send_dtmf = media_web_handler_send_dtmf;
  iface->play_dtmf = media_web_handler_play_dtmf;
  iface->mix = media_mix;
  iface->move = media_web_handler_move;
  iface->close = media_web_handler_close;
}

static void
media_web_handler_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  MediaWebHandler *self = MEDIA_WEB_HANDLER (object);

  switch (id) {
  case PROP_AUDIO_SOURCE:
    self->audio_source = g_value_dup_string (value);
    break;
  case PROP_AUDIO_SINK:
    self->audio_sink = g_value_dup_string (value);
    break;
  case PROP_SERVERS:
    self->servers = g_value_dup_object (value);
    break;
  case PROP_LOCAL_ADDRESSES:
    g_strfreev (self->local_addresses);
    self->local_addresses = g_value_dup_boxed (value);
    break;
  case PROP_MUTED:
    if (self->muted == g_value_get_boolean (value))
      break;
    self->muted = g_value_get_boolean (value);
    media_sound_set_muted (self->sound, self->muted);
    g_object_notify_by_pspec (object, pspec);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
media_web_handler_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MediaWebHandler *self = MEDIA_WEB_HANDLER (object);

  switch (id) {
  case PROP_AUDIO_SOURCE:
    g_value_set_string (value, self->audio_source);
    break;
  case PROP_AUDIO_SINK:
    g_value_set_string (value, self->audio_sink);
    break;
  case PROP_SERVERS:
    g_value_set_object (value, self->servers);
    break;
  case PROP_LOCAL_ADDRESSES:
    g_value_set_boxed (value, self->local_addresses);
    break;
  case PROP_TRACKS:
    g_value_set_object (value, media_sound_get_tracks (self->sound));
    break;
  case PROP_LOCAL_DIRECTION:
    g_value_set_enum (value, self->local_direction);
    break;
  case PROP_REMOTE_DIRECTION:
    g_value_set_enum (value, self->remote_direction);
    break;
  case PROP_MUTED:
    g_value_set_boolean (value, self->muted);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

/* A request holds a reference, so there is none left here. */
static void
media_web_handler_dispose (GObject *object)
{
  MediaWebHandler *self = MEDIA_WEB_HANDLER (object);

  self->closed = TRUE;
  media_web_handler_drop_next (self);
  media_web_handler_drop_peer (self);
  G_OBJECT_CLASS (media_web_handler_parent_class)->dispose (object);
}

static void
media_web_handler_finalize (GObject *object)
{
  MediaWebHandler *self = MEDIA_WEB_HANDLER (object);

  g_free (self->audio_source);
  g_free (self->audio_sink);
  g_strfreev (self->local_addresses);
  g_clear_object (&self->servers);
  g_clear_pointer (&self->answer, media_sdp_free);
  media_negotiation_free (self->negotiation);
  media_watch_free (self->watch);
  media_sound_free (self->sound);
  G_OBJECT_CLASS (media_web_handler_parent_class)->finalize (object);
}

static void
media_web_handler_class_init (MediaWebHandlerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = media_web_handler_set_property;
  object_class->get_property = media_web_handler_get_property;
  object_class->dispose = media_web_handler_dispose;
  object_class->finalize = media_web_handler_finalize;

  /**
   * MediaWebHandler:audio-source:
   *
   * Where sound comes from, as a description of GStreamer elements with one open end; %NULL is
   * the desktop's microphone.
   */
  g_object_class_install_property (object_class, PROP_AUDIO_SOURCE,
                                   g_param_spec_string ("audio-source", NULL, NULL, NULL, flags));
  /**
   * MediaWebHandler:audio-sink:
   *
   * Where sound goes, as a description of GStreamer elements with one open end; %NULL is the
   * desktop's speaker.
   */
  g_object_class_install_property (object_class, PROP_AUDIO_SINK,
                                   g_param_spec_string ("audio-sink", NULL, NULL, NULL, flags));
  /**
   * MediaWebHandler:servers:
   *
   * Who is asked how this machine is reached from outside, and whether only a relay may be seen
   * there; %NULL where nobody is.
   */
  g_object_class_install_property (
      object_class, PROP_SERVERS,
      g_param_spec_object ("servers", NULL, NULL, SIP_TYPE_MEDIA_SERVERS, flags));
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
  g_object_class_override_property (object_class, PROP_TRACKS, "tracks");
  g_object_class_override_property (object_class, PROP_LOCAL_DIRECTION, "local-direction");
  g_object_class_override_property (object_class, PROP_REMOTE_DIRECTION, "remote-direction");
  g_object_class_override_property (object_class, PROP_MUTED, "muted");
}

static void
media_web_handler_init (MediaWebHandler *self)
{
  g_queue_init (&self->requests);
  self->sound = media_sound_new ();
  self->watch = media_watch_new (self, self->sound);
  g_signal_connect_object (media_sound_get_tone_receiver (self->sound), "tone",
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
