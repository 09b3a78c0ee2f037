/* sip-media-stats.c - how well sound travels, as it was found at one moment
 *
 * Up: a description handler counts -> one of these -> its signal statsChanged -> a view
 */

#include "sip-media-stats.h"

/**
 * SipMediaStats:
 *
 * How well the sound of a call travelled in the last seconds, and what is wrong with it.
 */
struct _SipMediaStats {
  GObject parent_instance;

  char *codec;
  guint64 packets_sent;
  guint64 packets_received;
  double loss;
  double remote_loss;
  double jitter;
  double round_trip;
  double mos;
  SipMediaTrouble trouble;
};

G_DEFINE_FINAL_TYPE (SipMediaStats, sip_media_stats, G_TYPE_OBJECT)

enum {
  PROP_CODEC = 1,
  PROP_PACKETS_SENT,
  PROP_PACKETS_RECEIVED,
  PROP_LOSS,
  PROP_REMOTE_LOSS,
  PROP_JITTER,
  PROP_ROUND_TRIP,
  PROP_MOS,
  PROP_TROUBLE,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

static void
sip_media_stats_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  SipMediaStats *self = SIP_MEDIA_STATS (object);

  switch (id) {
  case PROP_CODEC:
    self->codec = g_value_dup_string (value);
    break;
  case PROP_PACKETS_SENT:
    self->packets_sent = g_value_get_uint64 (value);
    break;
  case PROP_PACKETS_RECEIVED:
    self->packets_received = g_value_get_uint64 (value);
    break;
  case PROP_LOSS:
    self->loss = g_value_get_double (value);
    break;
  case PROP_REMOTE_LOSS:
    self->remote_loss = g_value_get_double (value);
    break;
  case PROP_JITTER:
    self->jitter = g_value_get_double (value);
    break;
  case PROP_ROUND_TRIP:
    self->round_trip = g_value_get_double (value);
    break;
  case PROP_MOS:
    self->mos = g_value_get_double (value);
    break;
  case PROP_TROUBLE:
    self->trouble = g_value_get_enum (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
sip_media_stats_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SipMediaStats *self = SIP_MEDIA_STATS (object);

  switch (id) {
  case PROP_CODEC:
    g_value_set_string (value, self->codec);
    break;
  case PROP_PACKETS_SENT:
    g_value_set_uint64 (value, self->packets_sent);
    break;
  case PROP_PACKETS_RECEIVED:
    g_value_set_uint64 (value, self->packets_received);
    break;
  case PROP_LOSS:
    g_value_set_double (value, self->loss);
    break;
  case PROP_REMOTE_LOSS:
    g_value_set_double (value, self->remote_loss);
    break;
  case PROP_JITTER:
    g_value_set_double (value, self->jitter);
    break;
  case PROP_ROUND_TRIP:
    g_value_set_double (value, self->round_trip);
    break;
  case PROP_MOS:
    g_value_set_double (value, self->mos);
    break;
  case PROP_TROUBLE:
    g_value_set_enum (value, self->trouble);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
sip_media_stats_finalize (GObject *object)
{
  g_free (SIP_MEDIA_STATS (object)->codec);
  G_OBJECT_CLASS (sip_media_stats_parent_class)->finalize (object);
}

static void
sip_media_stats_class_init (SipMediaStatsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = sip_media_stats_set_property;
  object_class->get_property = sip_media_stats_get_property;
  object_class->finalize = sip_media_stats_finalize;

  /**
   * SipMediaStats:codec:
   *
   * The codec of what is heard or, where nothing is, of what is sent, as SDP names it; %NULL
   * where neither is known.
   */
  props[PROP_CODEC] = g_param_spec_string ("codec", NULL, NULL, NULL, flags);
  /**
   * SipMediaStats:packets-sent:
   *
   * Packets of sound that left since the call has sound.
   */
  props[PROP_PACKETS_SENT] =
      g_param_spec_uint64 ("packets-sent", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  /**
   * SipMediaStats:packets-received:
   *
   * Packets of sound of the other side that could be used since the call has sound.
   */
  props[PROP_PACKETS_RECEIVED] =
      g_param_spec_uint64 ("packets-received", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  /**
   * SipMediaStats:loss:
   *
   * What was missing of the other side's sound in the last seconds, in per cent: packets that did
   * not come, or came too late to be heard.
   */
  props[PROP_LOSS] = g_param_spec_double ("loss", NULL, NULL, 0, 100, 0, flags);
  /**
   * SipMediaStats:remote-loss:
   *
   * What the other side said that it misses of this side's sound, in per cent; -1 where it said
   * nothing.
   */
  props[PROP_REMOTE_LOSS] = g_param_spec_double ("remote-loss", NULL, NULL, -1, 100, -1, flags);
  /**
   * SipMediaStats:jitter:
   *
   * How much the way of the other side's packets varies (RFC 3550 6.4.1), in milliseconds.
   */
  props[PROP_JITTER] = g_param_spec_double ("jitter", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);
  /**
   * SipMediaStats:round-trip:
   *
   * How long a packet takes there and back, in milliseconds; -1 where the other side did not tell.
   */
  props[PROP_ROUND_TRIP] =
      g_param_spec_double ("round-trip", NULL, NULL, -1, G_MAXDOUBLE, -1, flags);
  /**
   * SipMediaStats:mos:
   *
   * What people would say of what is heard, by ITU-T G.107: 1 is bad, 4.5 as good as can be. 0
   * where nothing is to be heard.
   */
  props[PROP_MOS] = g_param_spec_double ("mos", NULL, NULL, 0, 4.5, 0, flags);
  /**
   * SipMediaStats:trouble:
   *
   * What is wrong with the sound, if anything.
   */
  props[PROP_TROUBLE] = g_param_spec_enum ("trouble", NULL, NULL, SIP_TYPE_MEDIA_TROUBLE,
                                           SIP_MEDIA_TROUBLE_NONE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
sip_media_stats_init (SipMediaStats *self)
{
}

/**
 * sip_media_stats_get_codec:
 * @self: what was found
 *
 * Gets [property@Sip.MediaStats:codec].
 *
 * Returns: (nullable): the name of the codec in use
 */
const char *
sip_media_stats_get_codec (SipMediaStats *self)
{
  g_return_val_if_fail (SIP_IS_MEDIA_STATS (self), NULL);

  return self->codec;
}

/**
 * sip_media_stats_get_packets_sent:
 * @self: what was found
 *
 * Gets [property@Sip.MediaStats:packets-sent].
 *
 * Returns: how many packets of sound left
 */
guint64
sip_media_stats_get_packets_sent (SipMediaStats *self)
{
  g_return_val_if_fail (SIP_IS_MEDIA_STATS (self), 0);

  return self->packets_sent;
}

/**
 * sip_media_stats_get_packets_received:
 * @self: what was found
 *
 * Gets [property@Sip.MediaStats:packets-received].
 *
 * Returns: how many packets of sound came
 */
guint64
sip_media_stats_get_packets_received (SipMediaStats *self)
{
  g_return_val_if_fail (SIP_IS_MEDIA_STATS (self), 0);

  return self->packets_received;
}

/**
 * sip_media_stats_get_loss:
 * @self: what was found
 *
 * Gets [property@Sip.MediaStats:loss].
 *
 * Returns: per cent of the other side's sound that was missing
 */
double
sip_media_stats_get_loss (SipMediaStats *self)
{
  g_return_val_if_fail (SIP_IS_MEDIA_STATS (self), 0);

  return self->loss;
}

/**
 * sip_media_stats_get_remote_loss:
 * @self: what was found
 *
 * Gets [property@Sip.MediaStats:remote-loss].
 *
 * Returns: per cent of this side's sound that the other side misses, or -1
 */
double
sip_media_stats_get_remote_loss (SipMediaStats *self)
{
  g_return_val_if_fail (SIP_IS_MEDIA_STATS (self), 0);

  return self->remote_loss;
}

/**
 * sip_media_stats_get_jitter:
 * @self: what was found
 *
 * Gets [property@Sip.MediaStats:jitter].
 *
 * Returns: how much the way of packets varies, in milliseconds
 */
double
sip_media_stats_get_jitter (SipMediaStats *self)
{
  g_return_val_if_fail (SIP_IS_MEDIA_STATS (self), 0);

  return self->jitter;
}

/**
 * sip_media_stats_get_round_trip:
 * @self: what was found
 *
 * Gets [property@Sip.MediaStats:round-trip].
 *
 * Returns: how long a packet takes there and back in milliseconds, or -1
 */
double
sip_media_stats_get_round_trip (SipMediaStats *self)
{
  g_return_val_if_fail (SIP_IS_MEDIA_STATS (self), 0);

  return self->round_trip;
}

/**
 * sip_media_stats_get_mos:
 * @self: what was found
 *
 * Gets [property@Sip.MediaStats:mos].
 *
 * Returns: the mean opinion score from 1 to 4.5, or 0
 */
double
sip_media_stats_get_mos (SipMediaStats *self)
{
  g_return_val_if_fail (SIP_IS_MEDIA_STATS (self), 0);

  return self->mos;
}

/**
 * sip_media_stats_get_trouble:
 * @self: what was found
 *
 * Gets [property@Sip.MediaStats:trouble].
 *
 * Returns: what is wrong with the sound
 */
SipMediaTrouble
sip_media_stats_get_trouble (SipMediaStats *self)
{
  g_return_val_if_fail (SIP_IS_MEDIA_STATS (self), SIP_MEDIA_TROUBLE_NONE);

  return self->trouble;
}
