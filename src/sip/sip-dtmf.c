/* sip-dtmf.c - one tone of the keypad, sent or received */

#include "sip-dtmf.h"

struct _SipDtmf {
  GObject parent_instance;

  char *tone;
  guint duration;
  guint inter_tone_gap;
  gboolean received;
};

/**
 * SipDtmf:
 *
 * A key that was pressed on either side, and for how long.
 */
G_DEFINE_FINAL_TYPE (SipDtmf, sip_dtmf, G_TYPE_OBJECT)

enum { PROP_TONE = 1, PROP_DURATION, PROP_INTER_TONE_GAP, PROP_RECEIVED, N_PROPS };
static GParamSpec *props[N_PROPS];

static void
sip_dtmf_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SipDtmf *self = SIP_DTMF (object);

  switch (id) {
  case PROP_TONE:
    g_value_set_string (value, self->tone);
    break;
  case PROP_DURATION:
    g_value_set_uint (value, self->duration);
    break;
  case PROP_INTER_TONE_GAP:
    g_value_set_uint (value, self->inter_tone_gap);
    break;
  case PROP_RECEIVED:
    g_value_set_boolean (value, self->received);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
sip_dtmf_finalize (GObject *object)
{
  g_free (SIP_DTMF (object)->tone);
  G_OBJECT_CLASS (sip_dtmf_parent_class)->finalize (object);
}

static void
sip_dtmf_class_init (SipDtmfClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sip_dtmf_get_property;
  object_class->finalize = sip_dtmf_finalize;

  /**
   * SipDtmf:tone:
   *
   * One of `0` to `9`, `A` to `D`, `*` and `#`.
   */
  props[PROP_TONE] =
      g_param_spec_string ("tone", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * SipDtmf:duration:
   *
   * How long it sounds, in milliseconds, 70 to 6000.
   */
  props[PROP_DURATION] = g_param_spec_uint ("duration", NULL, NULL, 0, 6000, 100,
                                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * SipDtmf:inter-tone-gap:
   *
   * The silence that follows it, in milliseconds, at least 50.
   */
  props[PROP_INTER_TONE_GAP] = g_param_spec_uint ("inter-tone-gap", NULL, NULL, 0, G_MAXUINT, 500,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * SipDtmf:received:
   *
   * Whether the other side sent it.
   */
  props[PROP_RECEIVED] = g_param_spec_boolean ("received", NULL, NULL, FALSE,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
sip_dtmf_init (SipDtmf *self)
{
}

/**
 * sip_dtmf_new:
 * @tone: one of `0` to `9`, `A` to `D`, `*` and `#`
 * @duration: milliseconds; brought into 70 to 6000
 * @inter_tone_gap: milliseconds; at least 50
 *
 * Makes one that this side pressed.
 *
 * Returns: (transfer full): the tone
 */
SipDtmf *
sip_dtmf_new (const char *tone, guint duration, guint inter_tone_gap)
{
  SipDtmf *self = g_object_new (SIP_TYPE_DTMF, NULL);

  self->tone = g_strdup (tone);
  self->duration = CLAMP (duration, 70, 6000);
  self->inter_tone_gap = MAX (inter_tone_gap, 50);
  return self;
}

/**
 * sip_dtmf_new_received:
 * @tone: one of `0` to `9`, `A` to `D`, `*` and `#`
 * @duration: milliseconds; brought into 70 to 6000
 *
 * Makes one that the other side pressed.
 *
 * Returns: (transfer full): a tone of the other side
 */
SipDtmf *
sip_dtmf_new_received (const char *tone, guint duration)
{
  SipDtmf *self = sip_dtmf_new (tone, duration, 500);

  self->received = TRUE;
  return self;
}

/**
 * sip_dtmf_get_tone:
 * @self: a tone
 *
 * Gets [property@Sip.Dtmf:tone].
 *
 * Returns: its letter
 */
const char *
sip_dtmf_get_tone (SipDtmf *self)
{
  g_return_val_if_fail (SIP_IS_DTMF (self), NULL);

  return self->tone;
}

/**
 * sip_dtmf_get_duration:
 * @self: a tone
 *
 * Gets [property@Sip.Dtmf:duration].
 *
 * Returns: how long it sounds, in milliseconds
 */
guint
sip_dtmf_get_duration (SipDtmf *self)
{
  g_return_val_if_fail (SIP_IS_DTMF (self), 0);

  return self->duration;
}

/**
 * sip_dtmf_get_inter_tone_gap:
 * @self: a tone
 *
 * Gets [property@Sip.Dtmf:inter-tone-gap].
 *
 * Returns: the silence behind it, in milliseconds
 */
guint
sip_dtmf_get_inter_tone_gap (SipDtmf *self)
{
  g_return_val_if_fail (SIP_IS_DTMF (self), 0);

  return self->inter_tone_gap;
}

/**
 * sip_dtmf_get_received:
 * @self: a tone
 *
 * Gets [property@Sip.Dtmf:received].
 *
 * Returns: whether the other side sent it
 */
gboolean
sip_dtmf_get_received (SipDtmf *self)
{
  g_return_val_if_fail (SIP_IS_DTMF (self), FALSE);

  return self->received;
}
