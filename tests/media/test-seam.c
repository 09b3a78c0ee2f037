/* test-seam.c - pieces of sound that overlap, or leave a hole, become one sound
 *
 * A sample says which of its piece it is, and begins with 1: silence is 0.
 */

#include "media-seam-private.h"

#define PIECE 20
#define AHEAD 4
#define RATE 48000
#define SAMPLES(ms) ((ms) * (RATE / 1000))

typedef struct {
  const char *name;
  int begins; /* the second piece, in milliseconds; the first one ends at 0 */
  gboolean is_marked;
  /* What becomes of it. */
  gboolean is_dropped;
  guint n_silent; /* in front */
  guint n_cut;
  gboolean is_discont;
} Case;

static const Case cases[] = {
    {.name = "follows", .begins = 0},
    {.name = "follows/marked", .begins = 0, .is_marked = TRUE},
    {.name = "hole", .begins = 5, .is_marked = TRUE, .n_silent = 5},
    {.name = "overlap", .begins = -5, .is_marked = TRUE, .n_cut = 5},
    {.name = "inside", .begins = -PIECE, .is_marked = TRUE, .is_dropped = TRUE},
    {.name = "inside/early", .begins = -30, .is_marked = TRUE, .is_dropped = TRUE},
    {.name = "drift", .begins = 1, .is_marked = FALSE},
    {.name = "held", .begins = 101, .is_marked = TRUE, .n_silent = AHEAD, .is_discont = TRUE},
    {.name = "held/unmarked", .begins = 101, .n_silent = AHEAD, .is_discont = TRUE},
    {.name = "back", .begins = -101, .is_marked = TRUE, .n_silent = AHEAD, .is_discont = TRUE},
};

typedef struct {
  GstPad *from;
  GstPad *to;
  GstBuffer *passed; /* the last */
  guint n_events;
} Fixture;

static GstFlowReturn
on_buffer (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  Fixture *fixture = gst_pad_get_element_private (pad);

  gst_buffer_replace (&fixture->passed, buffer);
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static gboolean
on_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  Fixture *fixture = gst_pad_get_element_private (pad);

  fixture->n_events++;
  gst_event_unref (event);
  return TRUE;
}

static void
begin (Fixture *fixture, GstClockTime base)
{
  g_autoptr (GstCaps) caps = gst_caps_new_simple ("audio/x-raw", "rate", G_TYPE_INT, RATE, NULL);
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.base = base;
  gst_pad_push_event (fixture->from, gst_event_new_stream_start ("sound"));
  gst_pad_push_event (fixture->from, gst_event_new_caps (caps));
  gst_pad_push_event (fixture->from, gst_event_new_segment (&segment));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->from = gst_pad_new ("from", GST_PAD_SRC);
  fixture->to = gst_pad_new ("to", GST_PAD_SINK);
  gst_pad_set_element_private (fixture->to, fixture);
  gst_pad_set_chain_function (fixture->to, on_buffer);
  gst_pad_set_event_function (fixture->to, on_event);
  gst_pad_set_active (fixture->to, TRUE);
  gst_pad_set_active (fixture->from, TRUE);
  media_seam_add (fixture->to, AHEAD * GST_MSECOND);
  g_assert_cmpint (gst_pad_link (fixture->from, fixture->to), ==, GST_PAD_LINK_OK);
  begin (fixture, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gst_clear_buffer (&fixture->passed);
  gst_pad_set_active (fixture->from, FALSE);
  gst_pad_set_active (fixture->to, FALSE);
  gst_object_unref (fixture->from);
  gst_object_unref (fixture->to);
}

static void
push (Fixture *fixture, guint start, GstBufferFlags flags)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, SAMPLES (PIECE) * 2, NULL);
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (guint i = 0; i < SAMPLES (PIECE); i++)
    ((gint16 *)map.data)[i] = i + 1;
  gst_buffer_unmap (buffer, &map);
  GST_BUFFER_PTS (buffer) = start * GST_MSECOND;
  GST_BUFFER_DURATION (buffer) = PIECE * GST_MSECOND;
  GST_BUFFER_FLAG_SET (buffer, flags);
  gst_clear_buffer (&fixture->passed);
  g_assert_cmpint (gst_pad_push (fixture->from, buffer), ==, GST_FLOW_OK);
}

/* Times in milliseconds. */
static void
expect (Fixture *fixture, guint start, guint n_silent, guint n_cut, gboolean is_discont)
{
  GstBuffer *buffer = fixture->passed;
  guint n = SAMPLES (n_silent + PIECE - n_cut);
  const gint16 *samples;
  GstMapInfo map;

  g_assert_nonnull (buffer);
  g_assert_cmpuint (GST_BUFFER_PTS (buffer), ==, start * GST_MSECOND);
  g_assert_cmpuint (GST_BUFFER_DURATION (buffer), ==, (n_silent + PIECE - n_cut) * GST_MSECOND);
  g_assert_cmpint (GST_BUFFER_IS_DISCONT (buffer), ==, is_discont);
  g_assert_false (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_GAP));
  gst_buffer_map (buffer, &map, GST_MAP_READ);
  samples = (const gint16 *)map.data;
  g_assert_cmpuint (map.size, ==, n * 2);
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (samples[i], ==,
                     i < SAMPLES (n_silent) ? 0 : i - SAMPLES (n_silent) + SAMPLES (n_cut) + 1);
  gst_buffer_unmap (buffer, &map);
}

static void
test_case (Fixture *fixture, gconstpointer data)
{
  const Case *row = data;
  const guint first = 1000, end = first + PIECE;

  push (fixture, first, GST_BUFFER_FLAG_GAP);
  expect (fixture, first - AHEAD, AHEAD, 0, TRUE);
  push (fixture, end + row->begins, row->is_marked ? GST_BUFFER_FLAG_DISCONT : 0);
  if (row->is_dropped)
    g_assert_null (fixture->passed);
  else
    expect (fixture, end + row->begins - row->n_silent + row->n_cut, row->n_silent, row->n_cut,
            row->is_discont);
}

/* There is no time before the first. */
static void
test_zero (Fixture *fixture, gconstpointer data)
{
  push (fixture, 0, 0);
  expect (fixture, 0, 0, 0, TRUE);
}

/* Another source, and the same stream; unless its time is another one. */
static void
test_again (Fixture *fixture, gconstpointer data)
{
  push (fixture, 1000, 0);
  g_assert_cmpuint (fixture->n_events, ==, 3);
  begin (fixture, 0);
  push (fixture, 1000 + PIECE, 0);
  g_assert_cmpuint (fixture->n_events, ==, 4); /* of its format, which changes nothing */
  begin (fixture, 7);
  push (fixture, 1000 + 2 * PIECE, 0);
  g_assert_cmpuint (fixture->n_events, ==, 6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *name = g_strconcat ("/seam/", cases[i].name, NULL);

    g_test_add (name, Fixture, &cases[i], set_up, test_case, tear_down);
  }
  g_test_add ("/seam/zero", Fixture, NULL, set_up, test_zero, tear_down);
  g_test_add ("/seam/again", Fixture, NULL, set_up, test_again, tear_down);

  return g_test_run ();
}
