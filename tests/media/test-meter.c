/* test-meter.c - what is made of the counts of a call: a score, and what is wrong */

#include "media-meter-private.h"
#include "media-quality-private.h"

static const MediaCodec codec = {.name = "PCMU", .robustness = 4.3};

typedef struct {
  MediaMeter meter;
  MediaCounts counts;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->counts.remote_loss = -1;
  fixture->counts.round_trip = -1;
  fixture->counts.delay = 50;
  media_meter_expect (&fixture->meter, TRUE, TRUE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
}

/* The table of G.107, annex B. */
static void
test_mos (void)
{
  g_assert_cmpfloat_with_epsilon (media_quality_get_mos (94), 4.42, 0.01);
  g_assert_cmpfloat_with_epsilon (media_quality_get_mos (93.2), 4.41, 0.01);
  g_assert_cmpfloat_with_epsilon (media_quality_get_mos (90), 4.34, 0.01);
  g_assert_cmpfloat_with_epsilon (media_quality_get_mos (80), 4.03, 0.01);
  g_assert_cmpfloat_with_epsilon (media_quality_get_mos (70), 3.60, 0.01);
  g_assert_cmpfloat_with_epsilon (media_quality_get_mos (60), 3.10, 0.01);
  g_assert_cmpfloat_with_epsilon (media_quality_get_mos (50), 2.58, 0.01);
  g_assert_cmpfloat (media_quality_get_mos (0), ==, 1);
  g_assert_cmpfloat (media_quality_get_mos (2), ==, 1);
  g_assert_cmpfloat (media_quality_get_mos (-100), ==, 1);
  g_assert_cmpfloat (media_quality_get_mos (100), ==, 4.5);
  g_assert_cmpfloat (media_quality_get_mos (200), ==, 4.5);
}

/* G.711 loses half of what can be lost at its own Bpl. */
static void
test_rate (void)
{
  g_assert_cmpfloat_with_epsilon (media_quality_rate (0, 0, 4.3), 93.2, 1e-9);
  g_assert_cmpfloat_with_epsilon (media_quality_rate (100, 0, 4.3), 90.8, 1e-9);
  g_assert_cmpfloat_with_epsilon (media_quality_rate (177.3, 0, 4.3), 93.2 - 4.2552, 1e-9);
  g_assert_cmpfloat_with_epsilon (media_quality_rate (277.3, 0, 4.3), 93.2 - 6.6552 - 11, 1e-9);
  g_assert_cmpfloat_with_epsilon (media_quality_rate (0, 4.3, 4.3), 93.2 - 47.5, 1e-9);
  g_assert_cmpfloat_with_epsilon (media_quality_rate (0, 1, 25.1), 93.2 - 95 / 26.1, 1e-9);
}

/* A second in which so much happens. */
static SipMediaStats *
pass (Fixture *fixture, guint sent, guint received, guint lost)
{
  fixture->counts.n_sent += sent;
  fixture->counts.n_received += received;
  fixture->counts.n_lost += lost;
  return media_meter_look (&fixture->meter, &fixture->counts, &codec);
}

static void
pass_quietly (Fixture *fixture, guint seconds, guint sent, guint received, guint lost)
{
  for (guint i = 0; i < seconds; i++)
    g_assert_null (pass (fixture, sent, received, lost));
}

static void
assert_trouble (SipMediaStats *stats, SipMediaTrouble trouble)
{
  g_assert_nonnull (stats);
  g_assert_cmpint (sip_media_stats_get_trouble (stats), ==, trouble);
  g_object_unref (stats);
}

static void
test_good (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipMediaStats) stats = NULL;

  fixture->counts.jitter = 3;
  pass_quietly (fixture, 4, 50, 50, 0);
  stats = pass (fixture, 50, 50, 0);
  g_assert_cmpstr (sip_media_stats_get_codec (stats), ==, "PCMU");
  g_assert_cmpuint (sip_media_stats_get_packets_sent (stats), ==, 250);
  g_assert_cmpuint (sip_media_stats_get_packets_received (stats), ==, 250);
  g_assert_cmpfloat (sip_media_stats_get_loss (stats), ==, 0);
  g_assert_cmpfloat (sip_media_stats_get_remote_loss (stats), ==, -1);
  g_assert_cmpfloat (sip_media_stats_get_round_trip (stats), ==, -1);
  g_assert_cmpfloat (sip_media_stats_get_jitter (stats), ==, 3);
  g_assert_cmpfloat_with_epsilon (sip_media_stats_get_mos (stats), 4.37, 0.01);
  g_assert_cmpint (sip_media_stats_get_trouble (stats), ==, SIP_MEDIA_TROUBLE_NONE);
}

/* Of five seconds each: what was lost before does not count any more. */
static void
test_loss (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipMediaStats) bad = NULL, good = NULL;

  fixture->counts.round_trip = 200;
  fixture->counts.remote_loss = 7;
  pass_quietly (fixture, 4, 50, 45, 5);
  bad = pass (fixture, 50, 45, 5);
  g_assert_cmpfloat_with_epsilon (sip_media_stats_get_loss (bad), 10, 1e-9);
  g_assert_cmpfloat (sip_media_stats_get_remote_loss (bad), ==, 7);
  g_assert_cmpfloat (sip_media_stats_get_round_trip (bad), ==, 200);
  /* R = 93.2 - 0.024 * 170 - 950 / 14.3 */
  g_assert_cmpfloat_with_epsilon (sip_media_stats_get_mos (bad), 1.336, 0.001);
  pass_quietly (fixture, 4, 50, 50, 0);
  good = pass (fixture, 50, 50, 0);
  g_assert_cmpfloat (sip_media_stats_get_loss (good), ==, 0);
}

/* A stream ends and with it its counts; another one begins. */
static void
test_other_stream (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipMediaStats) stats = NULL;

  pass_quietly (fixture, 2, 50, 50, 0);
  fixture->counts.n_received = 0;
  pass_quietly (fixture, 1, 50, 0, 0);
  pass_quietly (fixture, 1, 50, 30, 0);
  stats = pass (fixture, 50, 40, 0);
  g_assert_cmpuint (sip_media_stats_get_packets_received (stats), ==, 170);
}

static void
test_nothing_arrives (Fixture *fixture, gconstpointer data)
{
  pass_quietly (fixture, 1, 50, 50, 0);
  pass_quietly (fixture, 2, 50, 0, 0);
  assert_trouble (pass (fixture, 50, 0, 0), SIP_MEDIA_TROUBLE_NOTHING_ARRIVES);
  assert_trouble (pass (fixture, 50, 0, 0), SIP_MEDIA_TROUBLE_NOTHING_ARRIVES);
  assert_trouble (pass (fixture, 50, 50, 0), SIP_MEDIA_TROUBLE_NONE);
}

/* Comfort noise lasts until there is something to say. */
static void
test_quiet (Fixture *fixture, gconstpointer data)
{
  pass_quietly (fixture, 1, 50, 50, 0);
  fixture->counts.is_quiet = TRUE;
  pass_quietly (fixture, 3, 50, 0, 0);
  assert_trouble (pass (fixture, 50, 0, 0), SIP_MEDIA_TROUBLE_NONE);
}

/* That nothing leaves is what this side can do something about. */
static void
test_nothing_leaves (Fixture *fixture, gconstpointer data)
{
  pass_quietly (fixture, 1, 50, 50, 0);
  pass_quietly (fixture, 2, 0, 0, 0);
  assert_trouble (pass (fixture, 0, 0, 0), SIP_MEDIA_TROUBLE_NOTHING_LEAVES);
  assert_trouble (pass (fixture, 50, 0, 0), SIP_MEDIA_TROUBLE_NOTHING_ARRIVES);
  assert_trouble (pass (fixture, 50, 50, 0), SIP_MEDIA_TROUBLE_NONE);
}

/* What is not promised is not missed. */
static void
test_one_way (Fixture *fixture, gconstpointer data)
{
  media_meter_expect (&fixture->meter, FALSE, TRUE);
  pass_quietly (fixture, 4, 0, 50, 0);
  assert_trouble (pass (fixture, 0, 50, 0), SIP_MEDIA_TROUBLE_NONE);
  media_meter_expect (&fixture->meter, TRUE, FALSE);
  pass_quietly (fixture, 4, 50, 0, 0);
  assert_trouble (pass (fixture, 50, 0, 0), SIP_MEDIA_TROUBLE_NONE);
}

/* Resumed: the silence of a hold does not count. */
static void
test_resumed (Fixture *fixture, gconstpointer data)
{
  pass_quietly (fixture, 2, 50, 0, 0);
  media_meter_expect (&fixture->meter, FALSE, FALSE);
  media_meter_expect (&fixture->meter, TRUE, TRUE);
  pass_quietly (fixture, 2, 50, 0, 0);
  assert_trouble (pass (fixture, 50, 0, 0), SIP_MEDIA_TROUBLE_NOTHING_ARRIVES);
}

static void
test_resumed_sending (Fixture *fixture, gconstpointer data)
{
  pass_quietly (fixture, 2, 0, 50, 0);
  media_meter_expect (&fixture->meter, FALSE, FALSE);
  media_meter_expect (&fixture->meter, TRUE, TRUE);
  pass_quietly (fixture, 2, 0, 50, 0);
  assert_trouble (pass (fixture, 0, 50, 0), SIP_MEDIA_TROUBLE_NOTHING_LEAVES);
}

static SipMediaStats *
pass_report (Fixture *fixture, guint sent, guint32 highest)
{
  fixture->counts.report++;
  fixture->counts.highest = highest;
  return pass (fixture, sent, 50, 0);
}

/* Two reports in a row that know of nothing new; one may have crossed what it misses. */
static void
test_not_heard (Fixture *fixture, gconstpointer data)
{
  g_assert_null (pass_report (fixture, 50, 40));
  g_assert_null (pass_report (fixture, 50, 40));
  pass_quietly (fixture, 2, 50, 50, 0);
  assert_trouble (pass_report (fixture, 50, 40), SIP_MEDIA_TROUBLE_NOT_HEARD);
  pass_quietly (fixture, 1, 50, 50, 0);
  assert_trouble (pass_report (fixture, 50, 300), SIP_MEDIA_TROUBLE_NONE);
}

/* Without reports nobody knows, and reports close to each other prove nothing. */
static void
test_no_report (Fixture *fixture, gconstpointer data)
{
  g_assert_null (pass_report (fixture, 10, 0));
  g_assert_null (pass_report (fixture, 10, 0));
  g_assert_null (pass_report (fixture, 10, 0));
  g_assert_null (pass_report (fixture, 50, 0));
  for (guint i = 0; i < 20; i++) {
    g_autoptr (SipMediaStats) stats = pass (fixture, 50, 50, 0);

    if (stats != NULL)
      g_assert_cmpint (sip_media_stats_get_trouble (stats), ==, SIP_MEDIA_TROUBLE_NONE);
  }
}

#define ADD(name, func) g_test_add ("/meter/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/meter/mos", test_mos);
  g_test_add_func ("/meter/rate", test_rate);
  ADD ("good", test_good);
  ADD ("loss", test_loss);
  ADD ("other-stream", test_other_stream);
  ADD ("nothing-arrives", test_nothing_arrives);
  ADD ("quiet", test_quiet);
  ADD ("nothing-leaves", test_nothing_leaves);
  ADD ("one-way", test_one_way);
  ADD ("resumed", test_resumed);
  ADD ("resumed/sending", test_resumed_sending);
  ADD ("not-heard", test_not_heard);
  ADD ("no-report", test_no_report);

  return g_test_run ();
}
