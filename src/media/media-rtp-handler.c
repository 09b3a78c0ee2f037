/* media-rtp-handler.c - the media of one session with an ordinary phone: what a session and a view
 * see of it
 *
 * Down: a session's requests -> media-rtp-rounds.c
 * Up:   media-rtp-rounds.c -> the properties and signals of SipSessionDescriptionHandler
 */

#include "media-rtp-handler-private.h"

#include "sip-error.h"

#include <string.h>

static void media_rtp_handler_iface_init (SipSessionDescriptionHandlerInterface *iface);

/**
 * MediaRtpHandler:
 *
 * Media for every ordinary phone: RTP, clear or encrypted with SDES or DTLS (RFC 3550, RFC 3711).
 */
G_DEFINE_FINAL_TYPE_WITH_CODE (MediaRtpHandler,
                               media_rtp_handler,
                               MEDIA_TYPE_SOUND_HANDLER,
                               G_IMPLEMENT_INTERFACE (SIP_TYPE_SESSION_DESCRIPTION_HANDLER,
                                                      media_rtp_handler_iface_init))

enum {
  PROP_LOCAL_ADDRESS = 1,
  PROP_PORT_MIN,
  PROP_PORT_MAX,
  PROP_SECURITY,
  PROP_PRIVATE_SIGNALING,
  PROP_CLEAR_KEYS,
  PROP_SECURE
};

/* Of a key that is pressed, where nothing is said. */
#define DEFAULT_TONE_MS 100

static gboolean
refuse_closed (MediaRtpHandler *self, GTask *task)
{
  if (self->base->closed)
    g_task_return_new_error (task, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED,
                             "The media was closed");
  return self->base->closed || g_task_return_error_if_cancelled (task);
}

static void
media_rtp_handler_want_description (SipSessionDescriptionHandler *handler,
                                    SipOptions *options,
                                    SipModifiers *modifiers,
                                    GTask *task)
{
  if (!refuse_closed (MEDIA_RTP_HANDLER (handler), task))
    media_rtp_handler_get_description (MEDIA_RTP_HANDLER (handler), modifiers, task);
}

static void
media_rtp_handler_take_description (MediaSoundHandler *handler,
                                    const char *text,
                                    gboolean is_answer,
                                    SipModifiers *modifiers,
                                    GTask *task)
{
  MediaRtpHandler *self = MEDIA_RTP_HANDLER (handler);
  g_autoptr (GError) error = NULL;

  if (refuse_closed (self, task))
    return;
  if (media_rtp_handler_take (self, text, is_answer, modifiers, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
media_rtp_handler_rollback (SipSessionDescriptionHandler *handler)
{
  media_rtp_negotiation_rollback (MEDIA_RTP_HANDLER (handler)->negotiation);
  media_rtp_handler_drop_task (MEDIA_RTP_HANDLER (handler), SIP_ERROR_RENEGOTIATION,
                               "The description was taken back");
}

static void
media_rtp_handler_set_direction (SipSessionDescriptionHandler *handler, SipDirection direction)
{
  MediaRtpHandler *self = MEDIA_RTP_HANDLER (handler);

  self->wanted = direction;
  media_rtp_negotiation_set_direction (self->negotiation, direction);
}

static gboolean
media_rtp_handler_send_dtmf (SipSessionDescriptionHandler *handler,
                             const char *tones,
                             SipOptions *options)
{
  guint duration = 0;

  if (tones == NULL || strlen (tones) != 1)
    return FALSE;
  if (options != NULL)
    g_object_get (options, "duration", &duration, NULL);
  return media_rtp_handler_send_tone (MEDIA_RTP_HANDLER (handler), tones[0],
                                      duration > 0 ? duration : DEFAULT_TONE_MS);
}

static gboolean
media_rtp_handler_play_dtmf (SipSessionDescriptionHandler *handler,
                             const char *tones,
                             SipOptions *options)
{
  int event = tones != NULL && strlen (tones) == 1 ? media_rtp_tone_find_event (tones[0]) : -1;
  guint duration = 0;

  if (options != NULL)
    g_object_get (options, "duration", &duration, NULL);
  return event >= 0 && media_sound_play_tone (MEDIA_RTP_HANDLER (handler)->base->sound, event,
                                              duration > 0 ? duration : DEFAULT_TONE_MS);
}

/* A sender that a router rewrites may be found from now on, if he was not before. */
static void
media_rtp_handler_acknowledge (SipSessionDescriptionHandler *handler)
{
  MediaRtpHandler *self = MEDIA_RTP_HANDLER (handler);

  if (self->stream != NULL)
    media_rtp_gate_reopen (media_rtp_stream_get_gate (self->stream));
}

static void
media_rtp_handler_close (SipSessionDescriptionHandler *handler)
{
  g_autoptr (MediaRtpHandler) self = MEDIA_RTP_HANDLER (g_object_ref (handler));

  self->base->closed = TRUE;
  media_rtp_handler_drop_stream (self);
  g_clear_pointer (&self->sockets, media_rtp_sockets_free);
  g_clear_pointer (&self->next, media_rtp_sockets_free);
  media_rtp_handler_drop_task (self, SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED,
                               "The media was closed");
}

static gboolean
media_rtp_handler_move (SipSessionDescriptionHandler *handler)
{
  return media_rtp_handler_find_place (MEDIA_RTP_HANDLER (handler));
}

static void
media_rtp_handler_iface_init (SipSessionDescriptionHandlerInterface *iface)
{
  iface->get_description = media_rtp_handler_want_description;
  iface->rollback = media_rtp_handler_rollback;
  iface->set_direction = media_rtp_handler_set_direction;
  iface->send_dtmf = media_rtp_handler_send_dtmf;
  iface->play_dtmf = media_rtp_handler_play_dtmf;
  iface->acknowledge = media_rtp_handler_acknowledge;
  iface->move = media_rtp_handler_move;
  iface->close = media_rtp_handler_close;
}

static void
set_policy (MediaRtpHandler *self)
{
  media_rtp_negotiation_set_policy (self->negotiation, self->policy);
}

static void
media_rtp_handler_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  MediaRtpHandler *self = MEDIA_RTP_HANDLER (object);

  switch (id) {
  case PROP_LOCAL_ADDRESS:
    g_free (self->local_address);
    self->local_address = g_value_dup_string (value);
    break;
  case PROP_PORT_MIN:
    self->ports.min = g_value_get_uint (value);
    break;
  case PROP_PORT_MAX:
    self->ports.max = g_value_get_uint (value);
    break;
  case PROP_SECURITY:
    self->policy.security = g_value_get_enum (value);
    set_policy (self);
    break;
  case PROP_PRIVATE_SIGNALING:
    self->policy.is_private = g_value_get_boolean (value);
    set_policy (self);
    break;
  case PROP_CLEAR_KEYS:
    self->policy.clear_keys = g_value_get_boolean (value);
    set_policy (self);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
media_rtp_handler_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MediaRtpHandler *self = MEDIA_RTP_HANDLER (object);

  switch (id) {
  case PROP_LOCAL_ADDRESS:
    g_value_set_string (value, self->local_address);
    break;
  case PROP_PORT_MIN:
    g_value_set_uint (value, self->ports.min);
    break;
  case PROP_PORT_MAX:
    g_value_set_uint (value, self->ports.max);
    break;
  case PROP_SECURITY:
    g_value_set_enum (value, self->policy.security);
    break;
  case PROP_PRIVATE_SIGNALING:
    g_value_set_boolean (value, self->policy.is_private);
    break;
  case PROP_CLEAR_KEYS:
    g_value_set_boolean (value, self->policy.clear_keys);
    break;
  case PROP_SECURE:
    g_value_set_boolean (value, self->secure);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
media_rtp_handler_dispose (GObject *object)
{
  MediaRtpHandler *self = MEDIA_RTP_HANDLER (object);

  self->base->closed = TRUE;
  media_rtp_handler_drop_stream (self);
  G_OBJECT_CLASS (media_rtp_handler_parent_class)->dispose (object);
}

static void
media_rtp_handler_finalize (GObject *object)
{
  MediaRtpHandler *self = MEDIA_RTP_HANDLER (object);

  g_free (self->local_address);
  g_clear_pointer (&self->sockets, media_rtp_sockets_free);
  g_clear_pointer (&self->next, media_rtp_sockets_free);
  media_rtp_negotiation_free (self->negotiation);
  G_OBJECT_CLASS (media_rtp_handler_parent_class)->finalize (object);
}

static void
install_own_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  /**
   * MediaRtpHandler:local-address:
   *
   * The address of this machine that an offer names; %NULL is the one of the way to everywhere.
   * An answer names the address of the way to the other side where that is of another family. A
   * change counts from sip_session_description_handler_move() on.
   */
  g_object_class_install_property (
      object_class, PROP_LOCAL_ADDRESS,
      g_param_spec_string ("local-address", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS));
  /**
   * MediaRtpHandler:port-min:
   *
   * The first port of this machine that sound may use.
   */
  g_object_class_install_property (
      object_class, PROP_PORT_MIN,
      g_param_spec_uint ("port-min", NULL, NULL, 0, G_MAXUINT16, 0, flags));
  /**
   * MediaRtpHandler:port-max:
   *
   * The last one; 0 where it may be any. A call needs two of them, of which the first is even, and
   * has them before its first description is made.
   */
  g_object_class_install_property (
      object_class, PROP_PORT_MAX,
      g_param_spec_uint ("port-max", NULL, NULL, 0, G_MAXUINT16, 0, flags));
  /**
   * MediaRtpHandler:security:
   *
   * Whether sound is encrypted. Where signaling is private, that is by keys in the description
   * (RFC 4568): with %SIP_SECURITY_PREFER beside an ordinary offer, which others read as such,
   * with %SIP_SECURITY_REQUIRE as an offer of SRTP alone. Where it is not,
   * %SIP_SECURITY_REQUIRE offers a handshake (RFC 5763), and keys are refused. A call that was
   * encrypted does not go on in the clear.
   */
  g_object_class_install_property (
      object_class, PROP_SECURITY,
      g_param_spec_enum ("security", NULL, NULL, SIP_TYPE_SECURITY, SIP_SECURITY_PREFER, flags));
  /**
   * MediaRtpHandler:private-signaling:
   *
   * Whether descriptions travel where nobody else can read them. Keys are offered and taken only
   * then.
   */
  g_object_class_install_property (
      object_class, PROP_PRIVATE_SIGNALING,
      g_param_spec_boolean ("private-signaling", NULL, NULL, FALSE, flags));
  /**
   * MediaRtpHandler:clear-keys:
   *
   * Whether keys are offered and taken even where others can read them. Sound that is encrypted
   * with such is not [property@Sip.RtpHandler:secure].
   */
  g_object_class_install_property (object_class, PROP_CLEAR_KEYS,
                                   g_param_spec_boolean ("clear-keys", NULL, NULL, FALSE, flags));
  /**
   * MediaRtpHandler:secure:
   *
   * Whether sound is encrypted at this moment, by keys that nobody else could have had.
   */
  g_object_class_install_property (
      object_class, PROP_SECURE,
      g_param_spec_boolean ("secure", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
media_rtp_handler_class_init (MediaRtpHandlerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  MediaSoundHandlerClass *handler_class = MEDIA_SOUND_HANDLER_CLASS (klass);

  object_class->set_property = media_rtp_handler_set_property;
  object_class->get_property = media_rtp_handler_get_property;
  object_class->dispose = media_rtp_handler_dispose;
  object_class->finalize = media_rtp_handler_finalize;
  handler_class->take_description = media_rtp_handler_take_description;
  handler_class->watch = media_rtp_handler_watch_sound;

  install_own_properties (object_class);
}

static void
media_rtp_handler_init (MediaRtpHandler *self)
{
  self->base = media_sound_handler_get_private (&self->parent_instance);
  self->wanted = SIP_DIRECTION_SENDRECV;
  self->negotiation = media_rtp_negotiation_new ();
}

/**
 * media_rtp_handler_new:
 * @audio_source: (nullable): GStreamer elements with one open end that sound comes from, or
 *   %NULL for the desktop's microphone
 * @audio_sink: (nullable): GStreamer elements with one open end that sound goes to, or %NULL for
 *   the desktop's speaker
 *
 * For a phone that speaks RTP and not WebRTC. Where there is no such device the call works all the
 * same: silence is sent, what comes is not heard, and #SipTrack:available tells.
 *
 * Returns: (transfer full): a handler for one session
 */
SipSessionDescriptionHandler *
media_rtp_handler_new (const char *audio_source, const char *audio_sink)
{
  return g_object_new (MEDIA_TYPE_RTP_HANDLER, "audio-source", audio_source, "audio-sink",
                       audio_sink, NULL);
}
