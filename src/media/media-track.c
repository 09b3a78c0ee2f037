/* media-track.c - one stream of sound, as a watcher sees it
 *
 * Up: MediaSound, from time to time -> media_track_set_level() -> notify::level
 */

#include "media-track-private.h"

struct _MediaTrack {
  GObject parent_instance;

  char *id;
  char *kind;
  gboolean remote;
  gboolean available;
  double level;
  char *codec;
};

/**
 * MediaTrack:
 *
 * One sound or picture of a call, of this side or of the other.
 */
G_DEFINE_FINAL_TYPE (MediaTrack, media_track, G_TYPE_OBJECT)

enum { PROP_ID = 1, PROP_KIND, PROP_REMOTE, PROP_AVAILABLE, PROP_LEVEL, PROP_CODEC, N_PROPS };
static GParamSpec *props[N_PROPS];

static void
media_track_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MediaTrack *self = MEDIA_TRACK (object);

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
media_track_finalize (GObject *object)
{
  MediaTrack *self = MEDIA_TRACK (object);

  g_free (self->id);
  g_free (self->kind);
  g_free (self->codec);
  G_OBJECT_CLASS (media_track_parent_class)->finalize (object);
}

static void
media_track_class_init (MediaTrackClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = media_track_get_property;
  object_class->finalize = media_track_finalize;

  /**
   * MediaTrack:id:
   *
   * A name that no other track of the same handler has.
   */
  props[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  /**
   * MediaTrack:kind:
   *
   * `audio` or `video`.
   */
  props[PROP_KIND] = g_param_spec_string ("kind", NULL, NULL, NULL, flags);
  /**
   * MediaTrack:remote:
   *
   * Whether it comes from the other side.
   */
  props[PROP_REMOTE] = g_param_spec_boolean ("remote", NULL, NULL, FALSE, flags);
  /**
   * MediaTrack:available:
   *
   * Whether there is a device for it. Where there is none, a track of this side carries silence
   * and one of the other side is not heard; the call goes on all the same.
   */
  props[PROP_AVAILABLE] = g_param_spec_boolean ("available", NULL, NULL, TRUE, flags);
  /**
   * MediaTrack:level:
   *
   * How loud it is, in dB below full scale: 0 is as loud as can be, -100 is silence. Notified
   * about five times in a second while sound runs.
   */
  props[PROP_LEVEL] =
      g_param_spec_double ("level", NULL, NULL, MEDIA_TRACK_SILENCE, 0, MEDIA_TRACK_SILENCE, flags);
  /**
   * MediaTrack:codec:
   *
   * The name of its codec as in SDP: `opus`, `G722`, `PCMU`, `PCMA`, `GSM`.
   */
  props[PROP_CODEC] = g_param_spec_string ("codec", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
media_track_init (MediaTrack *self)
{
  self->available = TRUE;
  self->level = MEDIA_TRACK_SILENCE;
}

MediaTrack *
media_track_new (const char *id, const char *kind, gboolean remote)
{
  MediaTrack *self = g_object_new (MEDIA_TYPE_TRACK, NULL);

  self->id = g_strdup (id);
  self->kind = g_strdup (kind);
  self->remote = remote;
  return self;
}

void
media_track_set_available (MediaTrack *self, gboolean available)
{
  if (self->available == available)
    return;

  self->available = available;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_AVAILABLE]);
}

void
media_track_set_codec (MediaTrack *self, const char *codec)
{
  if (g_strcmp0 (self->codec, codec) == 0)
    return;

  g_free (self->codec);
  self->codec = g_strdup (codec);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CODEC]);
}

void
media_track_set_level (MediaTrack *self, double level)
{
  level = CLAMP (level, MEDIA_TRACK_SILENCE, 0);
  if (self->level == level)
    return;

  self->level = level;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LEVEL]);
}

/**
 * media_track_get_id:
 * @self: a track
 *
 * Gets [property@Sip.Track:id].
 *
 * Returns: a name that no other track of the same handler has
 */
const char *
media_track_get_id (MediaTrack *self)
{
  g_return_val_if_fail (MEDIA_IS_TRACK (self), NULL);

  return self->id;
}

/**
 * media_track_get_kind:
 * @self: a track
 *
 * Gets [property@Sip.Track:kind].
 *
 * Returns: `audio` or `video`
 */
const char *
media_track_get_kind (MediaTrack *self)
{
  g_return_val_if_fail (MEDIA_IS_TRACK (self), NULL);

  return self->kind;
}

/**
 * media_track_get_remote:
 * @self: a track
 *
 * Gets [property@Sip.Track:remote].
 *
 * Returns: whether it comes from the other side
 */
gboolean
media_track_get_remote (MediaTrack *self)
{
  g_return_val_if_fail (MEDIA_IS_TRACK (self), FALSE);

  return self->remote;
}

/**
 * media_track_get_available:
 * @self: a track
 *
 * Gets [property@Sip.Track:available].
 *
 * Returns: whether there is a device for it
 */
gboolean
media_track_get_available (MediaTrack *self)
{
  g_return_val_if_fail (MEDIA_IS_TRACK (self), FALSE);

  return self->available;
}

/**
 * media_track_get_level:
 * @self: a track
 *
 * Gets [property@Sip.Track:level].
 *
 * Returns: how loud it is, in dB below full scale, -100 where silent
 */
double
media_track_get_level (MediaTrack *self)
{
  g_return_val_if_fail (MEDIA_IS_TRACK (self), MEDIA_TRACK_SILENCE);

  return self->level;
}

/**
 * media_track_get_codec:
 * @self: a track
 *
 * Gets [property@Sip.Track:codec].
 *
 * Returns: (nullable): the name of its codec
 */
const char *
media_track_get_codec (MediaTrack *self)
{
  g_return_val_if_fail (MEDIA_IS_TRACK (self), NULL);

  return self->codec;
}
