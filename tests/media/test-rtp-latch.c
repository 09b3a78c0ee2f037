/* test-rtp-latch.c - whose packets are heard, and who is followed */

#include "media-rtp-latch-private.h"

#define SECOND G_USEC_PER_SEC

static GSocketAddress *
make (const char *host, guint port)
{
  return g_inet_socket_address_new_from_string (host, port);
}

typedef struct {
  MediaRtpLatch latch;
  GSocketAddress *expected;
  GSocketAddress *router; /* the other side, as its router rewrites it */
  GSocketAddress *stranger;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->expected = make ("192.0.2.7", 4020);
  fixture->router = make ("198.51.100.3", 61000);
  fixture->stranger = make ("203.0.113.66", 4020);
  media_rtp_latch_expect (&fixture->latch, fixture->expected, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  media_rtp_latch_clear (&fixture->latch);
  g_assert_finalize_object (fixture->expected);
  g_assert_finalize_object (fixture->router);
  g_assert_finalize_object (fixture->stranger);
}

static guint
hear (Fixture *fixture, GSocketAddress *from, guint n, gboolean is_genuine, gint64 now)
{
  guint heard = 0;

  for (guint i = 0; i < n; i++)
    heard += media_rtp_latch_take (&fixture->latch, from, 7, 8, is_genuine, now);
  return heard;
}

static void
assert_current (Fixture *fixture, GSocketAddress *address)
{
  g_assert_true (media_rtp_latch_is_same (fixture->latch.current, address));
}

static void
test_expected (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (hear (fixture, fixture->expected, 3, FALSE, 0), ==, 3);
  /* From then on there is nobody else, however loud. */
  g_assert_cmpuint (hear (fixture, fixture->stranger, 1000, FALSE, 1), ==, 0);
  assert_current (fixture, fixture->expected);
  g_assert_cmpuint (fixture->latch.n_dropped, ==, 1000);
}

static void
test_router (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (hear (fixture, fixture->router, 4, FALSE, SECOND), ==, 0);
  assert_current (fixture, fixture->expected);
  g_assert_cmpuint (hear (fixture, fixture->router, 4, FALSE, SECOND), ==, 4);
  assert_current (fixture, fixture->router);
  /* Once only. */
  g_assert_cmpuint (hear (fixture, fixture->stranger, 100, FALSE, SECOND), ==, 0);
  g_assert_cmpuint (hear (fixture, fixture->expected, 100, FALSE, SECOND), ==, 0);
  assert_current (fixture, fixture->router);
  /* The same description again changes nothing. */
  media_rtp_latch_expect (&fixture->latch, fixture->expected, 2 * SECOND);
  assert_current (fixture, fixture->router);
  g_assert_cmpuint (hear (fixture, fixture->stranger, 100, FALSE, 2 * SECOND), ==, 0);
}

static void
test_too_late (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (hear (fixture, fixture->router, 100, FALSE, 2 * SECOND), ==, 0);
  assert_current (fixture, fixture->expected);
  media_rtp_latch_expect (&fixture->latch, fixture->expected, 9 * SECOND);
  g_assert_cmpuint (hear (fixture, fixture->router, 6, FALSE, 10 * SECOND), ==, 2);
}

/* Two at once: neither is followed as long as they alternate, nor where one changes its voice. */
static void
test_mixed (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 20; i++) {
    g_assert_cmpuint (hear (fixture, fixture->router, 4, FALSE, 0), ==, 0);
    g_assert_cmpuint (hear (fixture, fixture->stranger, 4, FALSE, 0), ==, 0);
  }
  for (guint i = 0; i < 20; i++)
    g_assert_false (media_rtp_latch_take (&fixture->latch, fixture->router, i, 8, FALSE, 0));
  for (guint i = 0; i < 20; i++)
    g_assert_false (media_rtp_latch_take (&fixture->latch, fixture->router, 7, i, FALSE, 0));
  assert_current (fixture, fixture->expected);
}

/* A key is proof at any time; one packet that was carried elsewhere is not yet a move. */
static void
test_genuine (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (hear (fixture, fixture->expected, 3, TRUE, 0), ==, 3);
  g_assert_cmpuint (hear (fixture, fixture->router, 4, TRUE, 60 * SECOND), ==, 4);
  assert_current (fixture, fixture->expected);
  hear (fixture, fixture->expected, 1, TRUE, 60 * SECOND);
  g_assert_cmpuint (hear (fixture, fixture->router, 5, TRUE, 60 * SECOND), ==, 5);
  assert_current (fixture, fixture->router);
}

/* What was on its way when the other side moved is still heard, for a while. */
static void
test_moved (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketAddress) other = make ("192.0.2.7", 5020);

  hear (fixture, fixture->expected, 3, FALSE, 0);
  media_rtp_latch_expect (&fixture->latch, other, 5 * SECOND);
  assert_current (fixture, other);
  g_assert_cmpuint (hear (fixture, fixture->expected, 3, FALSE, 6 * SECOND), ==, 3);
  g_assert_cmpuint (hear (fixture, other, 1, FALSE, 6 * SECOND), ==, 1);
  g_assert_cmpuint (hear (fixture, fixture->expected, 3, FALSE, 6 * SECOND), ==, 0);
  assert_current (fixture, other);
}

static void
test_moved_silently (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketAddress) other = make ("192.0.2.7", 5020);

  hear (fixture, fixture->expected, 3, FALSE, 0);
  media_rtp_latch_expect (&fixture->latch, other, 5 * SECOND);
  g_assert_cmpuint (hear (fixture, fixture->expected, 100, FALSE, 8 * SECOND), ==, 0);
}

/* It wants nothing: nothing of a stranger's is heard, and nothing is sent. */
static void
test_nowhere (Fixture *fixture, gconstpointer data)
{
  hear (fixture, fixture->expected, 3, FALSE, 0);
  media_rtp_latch_expect (&fixture->latch, NULL, SECOND);
  g_assert_null (fixture->latch.current);
  g_assert_cmpuint (hear (fixture, fixture->stranger, 100, FALSE, SECOND), ==, 0);
  g_assert_null (fixture->latch.current);
}

#define ADD(name, func) g_test_add ("/rtp-latch/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("expected", test_expected);
  ADD ("router", test_router);
  ADD ("too-late", test_too_late);
  ADD ("mixed", test_mixed);
  ADD ("genuine", test_genuine);
  ADD ("moved", test_moved);
  ADD ("moved-silently", test_moved_silently);
  ADD ("nowhere", test_nowhere);

  return g_test_run ();
}
