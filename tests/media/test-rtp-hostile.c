/* test-rtp-hostile.c - what a stranger, or a phone gone mad, can do on the wire: nothing
 */

#include "wire.h"

#include "media-rtp-handler-private.h"

#define RATE 48000
#define HERE WIRE_HERE
#define SOUND WIRE_SOUND
#define STALL (10 * G_TIME_SPAN_MILLISECOND)

/* Ten times as much as sound, from the next port. */
static void
test_stranger (Wire *wire, gconstpointer data)
{
  g_autofree char *answer = wire_call (wire, HERE, "");
  MediaRtpGate *gate;

  phone_start (&wire->phone, SOUND);
  WAIT_FOR (wire_is_heard (wire));
  phone_stop (&wire->phone);
  phone_start (&wire->other, SOUND / 10);
  gate = media_rtp_stream_get_gate (MEDIA_RTP_HANDLER (wire->handler)->stream);
  WAIT_FOR (media_rtp_gate_count_dropped (gate) > 200);
  g_array_set_size (wire->phone.packets, 0);
  gsize before = listener_count (&wire->heard);
  WAIT_FOR (phone_count (&wire->phone) > 50);
  g_assert_cmpuint (phone_count (&wire->other), ==, 0);
  g_assert_cmpuint (listener_count (&wire->heard), ==, before);
  phone_start (&wire->phone, SOUND);
  WAIT_FOR (listener_count (&wire->heard) > before + RATE && wire_is_heard (wire));
}

static void
send_garbage (Phone *phone, guint n)
{
  g_autofree guchar *bytes = g_malloc (60000);

  for (guint i = 0; i < 60000; i++)
    bytes[i] = g_random_int ();
  for (guint i = 0; i < n; i++) {
    static const gsize sizes[] = {0, 1, 2, 3, 11, 12, 13, 100, 172, 1400, 60000};
    gsize size = sizes[i % G_N_ELEMENTS (sizes)];
    guchar *at = bytes + (size < 60000 ? g_random_int_range (0, 58000) : 0);

    /* Half of it looks like sound. */
    if (i % 2 == 0 && size > 1) {
      at[0] = 0x80 | (i & 0x3f);
      at[1] = i % 4 == 0 ? 0 : 200;
    }
    g_socket_send_to (phone->rtp, phone->to, (char *)at, size, NULL, NULL);
  }
}

/* From a stranger, and then from the phone's own port: neither ends the call. */
static void
test_garbage (Wire *wire, gconstpointer data)
{
  gboolean is_secure = data != NULL;
  gsize before;

  if (is_secure)
    wire_call_secure (wire, &wire_suites[0]);
  else
    g_free (wire_call (wire, HERE, ""));
  phone_start (&wire->phone, SOUND);
  WAIT_FOR (wire_is_heard (wire));
  for (int i = 0; i < 10; i++) {
    send_garbage (&wire->other, 100);
    send_garbage (&wire->phone, 100);
    listener_drain ();
  }
  before = listener_count (&wire->heard);
  WAIT_FOR (listener_count (&wire->heard) > before + RATE && wire_is_heard (wire));
}

/* What no decoder can make sound of, of each codec: it is lost, and the call goes on. */
static void
test_nonsense (Wire *wire, gconstpointer data)
{
  static const struct {
    const char *formats;
    guint payload;
  } rows[] = {{"RTP/AVP 97 101\r\na=rtpmap:97 opus/48000/2", 97},
              {"RTP/AVP 9 101", 9},
              {"RTP/AVP 3 101", 3},
              {"RTP/AVP 0 101", 0}};
  static const gsize sizes[] = {1, 2, 3, 33, 100, 500, 1400};
  guchar bytes[1400];

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *offer = phone_describe (&wire->phone, HERE, "RTP/AVP", "");
    g_autofree char *changed = listener_replace (offer, "RTP/AVP 0 101", rows[i].formats);
    g_autofree char *answer = NULL;
    guint n = phone_count (&wire->phone);

    wire_set (wire, changed);
    answer = wire_get (wire);
    phone_send_to (&wire->phone, HERE, wire->port);
    for (guint at = 0; at < 50; at++) {
      for (guint k = 0; k < sizeof bytes; k++)
        bytes[k] = g_random_int ();
      phone_send_packet (&wire->phone, rows[i].payload, bytes, sizes[at % G_N_ELEMENTS (sizes)]);
      wire->phone.stamp += 160;
    }
    WAIT_FOR (phone_count (&wire->phone) > n + 10);
  }
  gsize before = listener_count (&wire->heard);
  phone_start (&wire->phone, SOUND);
  WAIT_FOR (listener_count (&wire->heard) > before + RATE && wire_is_heard (wire));
}

/* All that may be made of a call: nothing that guesses what bytes are, nor anything else that reads
 * more than sound.
 */
static const char *const known[] = {
    "MediaRtpGate", "MediaVoice",      "udpsrc",       "rtpbin",       "rtpsession",
    "rtpssrcdemux", "rtpjitterbuffer", "rtpptdemux",   "rtpstorage",   "bin",
    "fakesink",     "audiotestsrc",    "capsfilter",   "audioconvert", "audioresample",
    "volume",       "valve",           "funnel",       "errorignore",  "filesink",
    "clocksync",    "opusenc",         "rtpopuspay",   "rtpopusdepay", "opusdec",
    "avenc_g722",   "rtpg722pay",      "rtpg722depay", "avdec_g722",   "mulawenc",
    "rtppcmupay",   "rtppcmudepay",    "mulawdec",     "gsmenc",       "rtpgsmpay",
    "rtpgsmdepay",  "gsmdec",          "capssetter",
};

static void
assert_known (const GValue *item, gpointer data)
{
  GstElement *element = g_value_get_object (item);
  GstElementFactory *factory = gst_element_get_factory (element);
  const char *name = factory != NULL ? GST_OBJECT_NAME (factory) : G_OBJECT_TYPE_NAME (element);

  for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
    if (g_str_equal (known[i], name))
      return;
  }
  g_error ("made of %s", name);
}

static void
test_elements (Wire *wire, gconstpointer data)
{
  static const guint payloads[] = {0, 9, 3, 97};
  g_autofree char *answer = wire_call (wire, HERE, "");
  GstBin *pipeline = media_rtp_stream_get_pipeline (MEDIA_RTP_HANDLER (wire->handler)->stream);

  phone_start (&wire->phone, SOUND);
  WAIT_FOR (wire_is_heard (wire));
  for (guint i = 0; i < G_N_ELEMENTS (payloads); i++) {
    g_autofree char *formats =
        g_strdup_printf ("RTP/AVP %u 101\r\na=rtpmap:97 opus/48000/2", payloads[i]);
    g_autofree char *offer = phone_describe (&wire->phone, HERE, "RTP/AVP", "");
    g_autofree char *changed = listener_replace (offer, "RTP/AVP 0 101", formats);
    g_autofree char *again = NULL;
    g_autoptr (GstIterator) elements = NULL;
    guint n = phone_count (&wire->phone);

    wire_set (wire, changed);
    again = wire_get (wire);
    wire->phone.payload = payloads[i];
    WAIT_FOR (phone_count (&wire->phone) > n + 20);
    elements = gst_bin_iterate_recurse (pipeline);
    g_assert_cmpint (gst_iterator_foreach (elements, assert_known, NULL), ==, GST_ITERATOR_DONE);
  }
}

static gsize
read_memory (void)
{
  g_autofree char *text = NULL;
  const char *at;

  g_assert_true (g_file_get_contents ("/proc/self/status", &text, NULL, NULL));
  at = strstr (text, "VmRSS:");
  return g_ascii_strtoull (at + strlen ("VmRSS:"), NULL, 10);
}

/* Sound by its looks, each packet of another source. */
static void
send_stray (Phone *phone)
{
  static guint32 stray = 0;
  guint32 source = phone->source;
  guint number = phone->number;

  phone->source = ++stray;
  phone_send_packet (phone, 0, (const guchar *)"0123456789abcdef", 16);
  phone->source = source;
  phone->number = number;
}

/* From a stranger, and from the phone itself, with its key where there is one, while it speaks on.
 * Nothing of it is kept, next to nothing of the speech is missing, and there is no gap. With
 * `-m slow` it is more than a machine can read: some is missing, and that is no gap either.
 */
static void
test_flood (Wire *wire, gconstpointer data)
{
  const gboolean is_heavy = g_test_slow () && data == NULL;
  const guint seconds = is_heavy ? 10 : 2;
  const guint rate = listener_slowness () > 1 ? 1000 : is_heavy ? 100000 : 5000;
  gsize before, memory, missing;
  guint32 start;
  guint n = 0;
  gint64 begin, turned_at, played_at, gap = 0;
  gsize played = 0;

  if (data != NULL)
    wire_call_secure (wire, data);
  else
    g_free (wire_call (wire, HERE, ""));
  phone_start (&wire->phone, SOUND);
  WAIT_FOR (wire_is_heard (wire));
  memory = read_memory ();
  phone_stop (&wire->phone);
  before = wire_settle (wire);
  start = wire->phone.stamp;
  phone_start (&wire->phone, SOUND);
  begin = turned_at = played_at = g_get_monotonic_time ();
  while (n < seconds * rate) {
    guint due =
        MIN (g_get_monotonic_time () - begin, seconds * G_USEC_PER_SEC) * rate / G_USEC_PER_SEC;

    /* Nobody knows what is heard while this side does not run. */
    if (g_get_monotonic_time () > turned_at + STALL)
      played_at += g_get_monotonic_time () - turned_at;
    turned_at = g_get_monotonic_time ();
    for (; n < due; n++)
      send_stray (n % 2 == 0 ? &wire->phone : &wire->other);
    listener_drain ();
    if (listener_count (&wire->heard) != played) {
      gap = MAX (gap, g_get_monotonic_time () - played_at);
      played_at = g_get_monotonic_time ();
      played = listener_count (&wire->heard);
    }
  }
  phone_stop (&wire->phone);
  missing = (wire->phone.stamp - start) * (RATE / 8000) - (wire_settle (wire) - before);
  g_test_message ("%.0f of %.0f ms missing, never more than %.0f ms without sound, %zd KiB more",
                  missing * 1000.0 / RATE, (wire->phone.stamp - start) / 8.0, gap / 1000.0,
                  read_memory () - memory);
  if (listener_slowness () == 1) {
    g_assert_cmpuint (read_memory (), <, memory + (is_heavy ? 20 : 6) * 1024);
    /* What is not missing was late, as this machine may be, and is no gap. */
    if (is_heavy)
      g_assert_cmpint (gap, <, 100 * G_TIME_SPAN_MILLISECOND);
    else
      g_assert_cmpint (missing, <, RATE / 10);
  }
  phone_start (&wire->phone, SOUND);
  before = listener_count (&wire->heard);
  WAIT_FOR (listener_count (&wire->heard) > before + RATE && wire_is_heard (wire));
}

#define ADD(name, data, set_up_func, func)                                                         \
  g_test_add ("/rtp-hostile/" name, Wire, data, set_up_func, func, wire_tear_down)

int
main (int argc, char **argv)
{
  /* No sound server, whatever the machine has. */
  g_setenv ("PULSE_SERVER", "unix:/dev/null/none", TRUE);
  g_test_init (&argc, &argv, NULL);

  ADD ("stranger", NULL, wire_set_up, test_stranger);
  ADD ("garbage/clear", NULL, wire_set_up, test_garbage);
  ADD ("garbage/secure", &wire_suites[0], wire_set_up_secure, test_garbage);
  ADD ("nonsense", NULL, wire_set_up, test_nonsense);
  ADD ("elements", NULL, wire_set_up, test_elements);
  ADD ("flood/clear", NULL, wire_set_up, test_flood);
  ADD ("flood/secure", &wire_suites[0], wire_set_up_secure, test_flood);

  return g_test_run ();
}
