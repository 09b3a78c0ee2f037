/* media-sound-handler.c - what a session and a view see of the sound of one session, whatever way
 * it takes
 *
 * Down: a session's requests -> the class that derives from this one, or MediaSound
 * Up:   MediaSound -> the properties and signals of SipSessionDescriptionHandler
 */

#include "media-sound-handler-private.h"

#include "media-nat64-private.h"

#include "sip-error.h"
#include "sip-media-stats.h"

#include <string.h>

static void media_sound_handler_iface_init (SipSessionDescriptionHandlerInterface *iface);

/**
 * MediaSoundHandler:
 *
 * The sound of a session, whatever way it takes: what #MediaWebHandler and #MediaRtpHandler have
 * in common.
 */
G_DEFINE_ABSTRACT_TYPE_WITH_CODE (MediaSoundHandler,
                                  media_sound_handler,
                                  G_TYPE_OBJECT,
                                  G_ADD_PRIVATE (MediaSoundHandler)
                                      G_IMPLEMENT_INTERFACE (SIP_TYPE_SESSION_DESCRIPTION_HANDLER,
                                                             media_sound_handler_iface_init))

enum {
  PROP_AUDIO_SOURCE = 1,
  PROP_AUDIO_SINK,
  PROP_SERVERS,
  PROP_NAT64,
  PROP_TRACKS,
  PROP_LOCAL_DIRECTION,
  PROP_REMOTE_DIRECTION,
  PROP_MUTED
};

MediaSoundHandlerPrivate *
media_sound_handler_get_private (MediaSoundHandler *self)
{
  return media_sound_handler_get_instance_private (self);
}

static gboolean
media_sound_handler_has_description (SipSessionDescriptionHandler *handler,
                                     const char *content_type)
{
  g_autofree char *type = NULL;

  if (content_type == NULL)
    return FALSE;
  type = g_strndup (content_type, strcspn (content_type, ";"));
  return g_ascii_strcasecmp (g_strstrip (type), "application/sdp") == 0;
}

static void
media_sound_handler_set_description (SipSessionDescriptionHandler *handler,
                                     SipSessionDescription *description,
                                     SipOptions *options,
                                     SipModifiers *modifiers,
                                     GTask *task)
{
  MediaSoundHandlerPrivate *self = media_sound_handler_get_private (MEDIA_SOUND_HANDLER (handler));
  const char *content_type = sip_session_description_get_content_type (description);
  g_autofree char *told = sip_session_description_dup_text (description);
  g_autofree char *text =
      told != NULL && self->nat64 != NULL ? media_nat64_read (self->nat64, told) : g_strdup (told);

  if (!media_sound_handler_has_description (handler, content_type))
    g_task_return_new_error (task, SIP_ERROR, SIP_ERROR_UNSUPPORTED_CONTENT_TYPE,
                             "“%s” is no description of media", content_type);
  else if (text == NULL)
    g_task_return_new_error (task, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION,
                             "Bad description: it is no text");
  else
    MEDIA_SOUND_HANDLER_GET_CLASS (handler)->take_description (
        MEDIA_SOUND_HANDLER (handler), text, sip_session_description_get_is_answer (description),
        modifiers, task);
}

static void
media_sound_handler_limit_direction (SipSessionDescriptionHandler *handler, SipDirection direction)
{
  MediaSoundHandler *self = MEDIA_SOUND_HANDLER (handler);

  media_sound_limit (media_sound_handler_get_private (self)->sound, direction);
  MEDIA_SOUND_HANDLER_GET_CLASS (self)->watch (self);
}

static gboolean
media_sound_handler_mix (SipSessionDescriptionHandler *handler, GPtrArray *others)
{
  g_autoptr (GPtrArray) sounds = g_ptr_array_new ();

  for (guint i = 0; i < others->len; i++) {
    if (!MEDIA_IS_SOUND_HANDLER (others->pdata[i]))
      return FALSE;
    g_ptr_array_add (sounds, media_sound_handler_get_private (others->pdata[i])->sound);
  }
  media_sound_mix (media_sound_handler_get_private (MEDIA_SOUND_HANDLER (handler))->sound, sounds);
  return TRUE;
}

static void
media_sound_handler_iface_init (SipSessionDescriptionHandlerInterface *iface)
{
  iface->set_description = media_sound_handler_set_description;
  iface->limit_direction = media_sound_handler_limit_direction;
  iface->has_description = media_sound_handler_has_description;
  iface->mix = media_sound_handler_mix;
}

static void
media_sound_handler_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  MediaSoundHandlerPrivate *self = media_sound_handler_get_private (MEDIA_SOUND_HANDLER (object));

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
  case PROP_NAT64:
    self->nat64 = g_value_dup_object (value);
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
media_sound_handler_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MediaSoundHandlerPrivate *self = media_sound_handler_get_private (MEDIA_SOUND_HANDLER (object));

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
  case PROP_NAT64:
    g_value_set_object (value, self->nat64);
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

static void
media_sound_handler_finalize (GObject *object)
{
  MediaSoundHandlerPrivate *self = media_sound_handler_get_private (MEDIA_SOUND_HANDLER (object));

  g_free (self->audio_source);
  g_free (self->audio_sink);
  g_clear_object (&self->servers);
  g_clear_object (&self->nat64);
  media_watch_free (self->watch);
  media_sound_free (self->sound);
  G_OBJECT_CLASS (media_sound_handler_parent_class)->finalize (object);
}

static void
media_sound_handler_class_init (MediaSoundHandlerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = media_sound_handler_set_property;
  object_class->get_property = media_sound_handler_get_property;
  object_class->finalize = media_sound_handler_finalize;

  /**
   * MediaSoundHandler:audio-source:
   *
   * Where sound comes from, as a description of GStreamer elements with one open end; %NULL is
   * the desktop's microphone. It is asked for as many samples in a second as the codec has: what
   * counts its pieces in samples should make short ones, for packets leave piece by piece.
   */
  g_object_class_install_property (object_class, PROP_AUDIO_SOURCE,
                                   g_param_spec_string ("audio-source", NULL, NULL, NULL, flags));
  /**
   * MediaSoundHandler:audio-sink:
   *
   * Where sound goes, as a description of GStreamer elements with one open end; %NULL is the
   * desktop's speaker. It gets S16LE of one channel with 8,000, 16,000 or 48,000 samples in a
   * second, as the codec has them: more where another codec has more, never fewer.
   */
  g_object_class_install_property (object_class, PROP_AUDIO_SINK,
                                   g_param_spec_string ("audio-sink", NULL, NULL, NULL, flags));
  /**
   * MediaSoundHandler:servers:
   *
   * Who is asked how this machine is reached from outside, and whether only a relay may be seen
   * there; %NULL where nobody is. Over ordinary RTP no ICE is offered then; a phone that knows
   * nothing of ICE is told what the servers told.
   */
  g_object_class_install_property (
      object_class, PROP_SERVERS,
      g_param_spec_object ("servers", NULL, NULL, SIP_TYPE_MEDIA_SERVERS, flags));
  /**
   * MediaSoundHandler:nat64:
   *
   * How those are reached who have IPv4 only, from a network that has none, as
   * [property@Sip.UA:nat64]; %NULL where they are not. Modifiers see descriptions as they are in
   * such a network: with addresses that are reached from here.
   */
  g_object_class_install_property (
      object_class, PROP_NAT64, g_param_spec_object ("nat64", NULL, NULL, SIP_TYPE_NAT64, flags));
  g_object_class_override_property (object_class, PROP_TRACKS, "tracks");
  g_object_class_override_property (object_class, PROP_LOCAL_DIRECTION, "local-direction");
  g_object_class_override_property (object_class, PROP_REMOTE_DIRECTION, "remote-direction");
  g_object_class_override_property (object_class, PROP_MUTED, "muted");
}

/* As they are reached from here; NULL where the user named none. */
SipMediaServers *
media_sound_handler_dup_servers (MediaSoundHandler *handler)
{
  MediaSoundHandlerPrivate *self = media_sound_handler_get_private (handler);

  if (self->servers == NULL || self->nat64 == NULL)
    return self->servers != NULL ? g_object_ref (self->servers) : NULL;
  return sip_media_servers_map (self->servers, self->nat64);
}

/* Whoever names servers depends on what they keep open; else the other side may just be quiet.
 * After all others, who count what came.
 */
static void
on_stats_changed (MediaSoundHandler *handler, SipMediaStats *stats, gpointer user_data)
{
  MediaSoundHandlerPrivate *self = media_sound_handler_get_private (handler);

  if (self->servers != NULL && media_watch_is_stuck (self->watch) &&
      sip_media_stats_get_packets_received (stats) > 0)
    g_signal_emit_by_name (handler, "wayLost", stats);
}

static void
media_sound_handler_init (MediaSoundHandler *handler)
{
  MediaSoundHandlerPrivate *self = media_sound_handler_get_private (handler);

  self->sound = media_sound_new ();
  self->watch = media_watch_new (handler, self->sound);
  g_signal_connect_after (handler, "statsChanged", G_CALLBACK (on_stats_changed), NULL);
}

/* As descriptions say it; while this side holds, it neither records nor plays. */
void
media_sound_handler_set_directions (MediaSoundHandler *handler,
                                    SipDirection local,
                                    SipDirection remote,
                                    gboolean is_holding)
{
  MediaSoundHandlerPrivate *self = media_sound_handler_get_private (handler);
  gboolean local_changed = self->local_direction != local;
  gboolean remote_changed = self->remote_direction != remote;

  self->local_direction = local;
  self->remote_direction = remote;
  media_sound_set_directions (self->sound, is_holding ? SIP_DIRECTION_INACTIVE : local, remote);
  if (local_changed)
    g_object_notify (G_OBJECT (handler), "local-direction");
  if (remote_changed)
    g_object_notify (G_OBJECT (handler), "remote-direction");
}

gboolean
media_sound_handler_start (MediaSoundHandler *handler,
                           GstBin *pipeline,
                           GstPad *target,
                           const MediaSdpFormat *format,
                           GError **error)
{
  MediaSoundHandlerPrivate *self = media_sound_handler_get_private (handler);

  if (!media_sound_start (self->sound, pipeline, target, format, self->audio_source,
                          self->audio_sink, error))
    return FALSE;
  g_signal_emit_by_name (handler, "trackAdded");
  return TRUE;
}

void
media_sound_handler_take_pad (MediaSoundHandler *handler, GstPad *pad)
{
  if (media_sound_take_pad (media_sound_handler_get_private (handler)->sound, pad))
    g_signal_emit_by_name (handler, "trackAdded");
}

/* What is wrong with a stream ends no call: another one may come, and how a connection is its own
 * state tells.
 */
void
media_sound_handler_take_news (MediaSoundHandler *handler, GstMessage *message)
{
  g_autoptr (GError) error = NULL;

  if (media_sound_take_news (media_sound_handler_get_private (handler)->sound, message) ||
      GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return;
  gst_message_parse_error (message, &error, NULL);
  g_debug ("%s: %s", GST_MESSAGE_SRC_NAME (message), error->message);
}

void
media_sound_handler_fail (MediaSoundHandler *handler, const GError *error)
{
  g_debug ("%s", error->message);
  g_signal_emit_by_name (handler, "failed", error);
}

/* Before the pipeline stops. */
void
media_sound_handler_stop (MediaSoundHandler *handler)
{
  MediaSoundHandlerPrivate *self = media_sound_handler_get_private (handler);

  media_watch_update (self->watch, NULL, NULL);
  media_sound_stop (self->sound);
}
