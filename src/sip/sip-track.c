/* sip-track.c - one stream of sound, as a watcher sees it
 *
 * Up: a handler, from time to time -> sip_track_set_level() -> notify::level
 */

#include "sip-track.h"

struct _SipTrack {
  GObject parent_instance;

  char *id;
  char *kind;
  gboolean remote;
  gboolean available;
  double level;
  char *codec;
};

/**
 * SipTrack:
 *
 * One sound or picture of a call, of this side or of the other.
 */
G_DEFINE_FINAL_TYPE (SipTrack, sip_track, G_TYPE_OBJECT)

enum { PROP_ID = 1, PROP_KIND, PROP_REMOTE, PROP_AVAILABLE, PROP_LEVEL, PROP_CODEC, N_PROPS };
static GParamSpec *props[N_PROPS];

static void
sip_track_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SipTrack *self = SIP_TRACK (object);

  switch (id) {
  case PROP_ID:
    g_value_set_string (value, self->id);
    break;
  case PROP_KIND:
    g_value_set_string (value, self->kind);
    break;
  case PROP_REMOTE:
    g_value_set_boolean (value, self->remote);
    break;
  case PROP_AVAILABLE:
    g_value_set_boolean (value, self->available);
    break;
  case PROP_LEVEL:
    g_value_set_double (value, self->level);
    break;
  case PROP_CODEC:
    g_value_set_string (value, self->codec);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
sip_track_finalize (GObject *object)
{
  SipTrack *self = SIP_TRACK (object);

  g_free (self->id);
  g_free (self->kind);
  g_free (self->codec);
  G_OBJECT_CLASS (sip_track_parent_class)->finalize (object);
}

static void
sip_track_class_init (SipTrackClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = sip_track_get_property;
  object_class->finalize = sip_track_finalize;

  /**
   * SipTrack:id:
   *
   * A name that no other track of the same handler has.
   */
  props[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  /**
   * SipTrack:kind:
   *
   * `audio` or `video`.
   */
  props[PROP_KIND] = g_param_spec_string ("kind", NULL, NULL, NULL, flags);
  /**
   * SipTrack:remote:
   *
   * Whether it comes from the other side.
   */
  props[PROP_REMOTE] = g_param_spec_boolean ("remote", NULL, NULL, FALSE, flags);
  /**
   * SipTrack:available:
   *
   * Whether there is a device for it. Where there is none, a track of this side carries silence
   * and one of the other side is not heard; the call goes on all the same.
   */
  props[PROP_AVAILABLE] = g_param_spec_boolean ("available", NULL, NULL, TRUE, flags);
  /**
   * SipTrack:level:
   *
   * How loud it is, in dB below full scale: 0 is as loud as can be, -100 is silence. Notified
   * about five times in a second while sound runs.
   */
  props[PROP_LEVEL] =
      g_param_spec_double ("level", NULL, NULL, SIP_TRACK_SILENCE, 0, SIP_TRACK_SILENCE, flags);
  /**
   * SipTrack:codec:
   *
   * The name of its codec as in SDP: `opus`, `G722`, `PCMU`, `PCMA`, `GSM`.
   */
  props[PROP_CODEC] = g_param_spec_string ("codec", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
sip_track_init (SipTrack *self)
{
  self->available = TRUE;
  self->level = SIP_TRACK_SILENCE;
}

/**
 * sip_track_new:
 * @id: a name that no other track of the same handler has
 * @kind: `audio` or `video`
 * @remote: whether it comes from the other side
 *
 * Makes a track, for a handler to put into its
 * [property@Sip.SessionDescriptionHandler:tracks].
 *
 * Returns: (transfer full): a silent track with a device
 */
SipTrack *
sip_track_new (const char *id, const char *kind, gboolean remote)
{
  SipTrack *self = g_object_new (SIP_TYPE_TRACK, NULL);

  self->id = g_strdup (id);
  self->kind = g_strdup (kind);
  self->remote = remote;
  return self;
}

/**
 * sip_track_get_id:
 * @self: a track
 *
 * Gets [property@Sip.Track:id].
 *
 * Returns: a name that no other track of the same handler has
 */
const char *
sip_track_get_id (SipTrack *self)
{
  g_return_val_if_fail (SIP_IS_TRACK (self), NULL);

  return self->id;
}

/**
 * sip_track_get_kind:
 * @self: a track
 *
 * Gets [property@Sip.Track:kind].
 *
 * Returns: `audio` or `video`
 */
const char *
sip_track_get_kind (SipTrack *self)
{
  g_return_val_if_fail (SIP_IS_TRACK (self), NULL);

  return self->kind;
}

/**
 * sip_track_get_remote:
 * @self: a track
 *
 * Gets [property@Sip.Track:remote].
 *
 * Returns: whether it comes from the other side
 */
gboolean
sip_track_get_remote (SipTrack *self)
{
  g_return_val_if_fail (SIP_IS_TRACK (self), FALSE);

  return self->remote;
}

/**
 * sip_track_get_available:
 * @self: a track
 *
 * Gets [property@Sip.Track:available].
 *
 * Returns: whether there is a device for it
 */
gboolean
sip_track_get_available (SipTrack *self)
{
  g_return_val_if_fail (SIP_IS_TRACK (self), FALSE);

  return self->available;
}

/**
 * sip_track_set_available:
 * @self: a track
 * @available: whether there is a device for it
 *
 * Sets [property@Sip.Track:available]; for the handler that the track belongs to.
 */
void
sip_track_set_available (SipTrack *self, gboolean available)
{
  g_return_if_fail (SIP_IS_TRACK (self));

  if (self->available == available)
    return;

  self->available = available;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_AVAILABLE]);
}

/**
 * sip_track_get_level:
 * @self: a track
 *
 * Gets [property@Sip.Track:level].
 *
 * Returns: how loud it is, in dB below full scale, -100 where silent
 */
double
sip_track_get_level (SipTrack *self)
{
  g_return_val_if_fail (SIP_IS_TRACK (self), SIP_TRACK_SILENCE);

  return self->level;
}

/**
 * sip_track_set_level:
 * @self: a track
 * @level: in dB below full scale, between -100, silence, and 0
 *
 * Sets [property@Sip.Track:level]; for the handler that the track belongs to.
 */
void
sip_track_set_level (SipTrack *self, double level)
{
  g_return_if_fail (SIP_IS_TRACK (self));

  level = CLAMP (level, SIP_TRACK_SILENCE, 0);
  if (self->level == level)
    return;

  self->level = level;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LEVEL]);
}

/**
 * sip_track_get_codec:
 * @self: a track
 *
 * Gets [property@Sip.Track:codec].
 *
 * Returns: (nullable): the name of its codec
 */
const char *
sip_track_get_codec (SipTrack *self)
{
  g_return_val_if_fail (SIP_IS_TRACK (self), NULL);

  return self->codec;
}

/**
 * sip_track_set_codec:
 * @self: a track
 * @codec: (nullable): the name of its codec, as in SDP
 *
 * Sets [property@Sip.Track:codec]; for the handler that the track belongs to.
 */
void
sip_track_set_codec (SipTrack *self, const char *codec)
{
  g_return_if_fail (SIP_IS_TRACK (self));

  if (g_strcmp0 (self->codec, codec) == 0)
    return;

  g_free (self->codec);
  self->codec = g_strdup (codec);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CODEC]);
}
