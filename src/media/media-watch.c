/* media-watch.c - reads once a second what rtpbin counts of a call's sound, and how long it should
 * wait for what is late
 *
 * Down: a handler, after each round -> update() -> a timer, while there is sound
 *       the timer -> MediaCushion -> rtpbin's latency
 * Up:   the timer -> rtpbin's numbers -> MediaMeter -> the handler's signal statsChanged
 */

#include "media-watch-private.h"

#include "media-cushion-private.h"
#include "media-meter-private.h"

/* An unsigned fraction of a second in 16.16 bits (RFC 3550 4). */
#define SHORT_UNITS 65536.0

/* So often some are lost, and then more will be. */
#define BAD 2

/* How much sound is in a packet. */
#define FRAME_MS 20

struct _MediaWatch {
  gpointer handler; /* whose part this is */
  MediaSound *sound;
  GstElement *rtpbin; /* while there is sound */
  MediaRtpGate *gate; /* likewise, where there is one */
  MediaMeter meter;
  MediaCushion cushion;
  guint64 n_lost;
  guint n_bad; /* looks at which more was lost than before */
  guint timer_id;
};

static guint64
read_number (const GstStructure *structure, const char *name)
{
  const GValue *value = gst_structure_get_value (structure, name);
  g_auto (GValue) number = G_VALUE_INIT;

  g_value_init (&number, G_TYPE_UINT64);
  return value != NULL && g_value_transform (value, &number) ? g_value_get_uint64 (&number) : 0;
}

static gboolean
read_flag (const GstStructure *structure, const char *name)
{
  gboolean flag = FALSE;

  return gst_structure_get_boolean (structure, name, &flag) && flag;
}

/* What another source says of itself and of what it hears. */
static void
read_remote (const GstStructure *source, MediaCounts *counts)
{
  guint64 rate = read_number (source, "clock-rate");

  counts->n_received += read_number (source, "packets-received");
  if (rate > 0 && read_flag (source, "is-sender"))
    counts->jitter = 1000.0 * read_number (source, "jitter") / rate;
  if (read_flag (source, "have-sr"))
    counts->report ^= read_number (source, "sr-ntptime");
  if (!read_flag (source, "have-rb"))
    return;
  counts->highest = read_number (source, "rb-exthighestseq");
  counts->report ^=
      read_number (source, "rb-lsr") << 32 ^ read_number (source, "rb-dlsr") ^ counts->highest;
  counts->remote_loss = MIN (100 * read_number (source, "rb-fractionlost") / 256.0, 100);
  if (read_number (source, "rb-lsr") != 0)
    counts->round_trip = 1000 * read_number (source, "rb-round-trip") / SHORT_UNITS;
}

static void
read_session (GObject *session, MediaCounts *counts)
{
  g_autoptr (GstStructure) stats = NULL;
  const GValue *value;

  g_object_get (session, "stats", &stats, NULL);
  value = gst_structure_get_value (stats, "source-stats");
  if (value == NULL)
    return;
  /* The session still speaks the old type. */
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  GValueArray *sources = g_value_get_boxed (value);
  for (guint i = 0; i < sources->n_values; i++) {
    const GstStructure *source = gst_value_get_structure (g_value_array_get_nth (sources, i));

    if (read_flag (source, "internal"))
      counts->n_sent += read_number (source, "packets-sent");
    else
      read_remote (source, counts);
  }
  G_GNUC_END_IGNORE_DEPRECATIONS
}

/* Only the buffers against jitter know what came too late. */
static void
add_lost (const GValue *item, gpointer user_data)
{
  MediaCounts *counts = user_data;
  g_autoptr (GstStructure) stats = NULL;

  g_object_get (g_value_get_object (item), "stats", &stats, NULL);
  counts->n_lost += read_number (stats, "num-lost");
}

static void
read_buffers (GstElement *rtpbin, MediaCounts *counts)
{
  g_autoptr (GstIterator) buffers =
      gst_bin_iterate_all_by_element_factory_name (GST_BIN (rtpbin), "rtpjitterbuffer");

  while (gst_iterator_foreach (buffers, add_lost, counts) == GST_ITERATOR_RESYNC) {
    gst_iterator_resync (buffers);
    counts->n_lost = 0;
  }
}

static void
read_counts (MediaWatch *self, MediaCounts *counts)
{
  g_autoptr (GObject) session = NULL;

  *counts = (MediaCounts){.remote_loss = -1, .round_trip = -1, .delay = self->cushion.length};
  g_signal_emit_by_name (self->rtpbin, "get-internal-session", 0, &session);
  if (session != NULL)
    read_session (session, counts);
  read_buffers (self->rtpbin, counts);
  if (self->gate != NULL) {
    counts->n_sent = media_rtp_gate_count_sent (self->gate);
    counts->is_quiet = media_rtp_gate_is_quiet (self->gate);
  }
}

/* A packet that is lost once in a call is not worth a delay. */
static void
look_for_loss (MediaWatch *self, guint64 n_lost)
{
  self->n_bad += n_lost > self->n_lost;
  self->n_lost = n_lost;
  if (self->n_bad < BAD)
    return;
  self->cushion.frame = FRAME_MS;
  media_sound_repair (self->sound);
}

static gboolean
on_second (gpointer user_data)
{
  MediaWatch *self = user_data;
  g_autoptr (SipMediaStats) stats = NULL;
  MediaCounts counts;

  read_counts (self, &counts);
  look_for_loss (self, counts.n_lost);
  if (media_cushion_adapt (&self->cushion, counts.jitter))
    g_object_set (self->rtpbin, "latency", self->cushion.length, NULL);
  stats = media_meter_look (&self->meter, &counts, media_sound_get_codec (self->sound));
  if (stats != NULL)
    g_signal_emit_by_name (self->handler, "statsChanged", stats);
  return G_SOURCE_CONTINUE;
}

/* Both outlive it. */
MediaWatch *
media_watch_new (gpointer handler, MediaSound *sound)
{
  MediaWatch *self = g_new0 (MediaWatch, 1);

  self->handler = handler;
  self->sound = sound;
  media_cushion_init (&self->cushion);
  return self;
}

static void
stop (MediaWatch *self)
{
  g_clear_handle_id (&self->timer_id, g_source_remove);
  media_meter_expect (&self->meter, FALSE, FALSE);
  gst_clear_object (&self->rtpbin);
  gst_clear_object (&self->gate);
}

void
media_watch_free (MediaWatch *self)
{
  stop (self);
  g_free (self);
}

/* After every change of what flows. @rtpbin and @gate may be %NULL: there is no sound any more, or
 * no gate that knows more.
 */
void
media_watch_update (MediaWatch *self, GstElement *rtpbin, MediaRtpGate *gate)
{
  gboolean sends = rtpbin != NULL && media_sound_is_sending (self->sound);
  gboolean plays = rtpbin != NULL && media_sound_is_playing (self->sound);

  if (!sends && !plays) {
    stop (self);
    return;
  }
  media_meter_expect (&self->meter, sends, plays);
  gst_object_replace ((GstObject **)&self->rtpbin, GST_OBJECT (rtpbin));
  gst_object_replace ((GstObject **)&self->gate, (GstObject *)gate);
  if (self->timer_id == 0)
    self->timer_id = g_timeout_add_seconds (1, on_second, self);
}

/* Whether there should be sound, and at the last look none came or left any more. */
gboolean
media_watch_is_stuck (MediaWatch *self)
{
  return self->timer_id != 0 && (self->meter.trouble == SIP_MEDIA_TROUBLE_NOTHING_ARRIVES ||
                                 self->meter.trouble == SIP_MEDIA_TROUBLE_NOTHING_LEAVES);
}
