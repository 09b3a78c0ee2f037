/* test-cushion.c - how long sound waits for packets that are late */

#include "media-cushion-private.h"

static MediaCushion
make (void)
{
  MediaCushion cushion;

  media_cushion_init (&cushion);
  g_assert_cmpuint (cushion.length, ==, MEDIA_CUSHION_LEAST);
  return cushion;
}

static void
test_grows (void)
{
  MediaCushion cushion = make ();

  g_assert_false (media_cushion_adapt (&cushion, 0));
  g_assert_false (media_cushion_adapt (&cushion, 9));
  g_assert_true (media_cushion_adapt (&cushion, 50));
  g_assert_cmpuint (cushion.length, ==, 200);
  g_assert_false (media_cushion_adapt (&cushion, 52));
  g_assert_true (media_cushion_adapt (&cushion, 100000));
  g_assert_cmpuint (cushion.length, ==, MEDIA_CUSHION_MOST);
}

static void
test_comes_back (void)
{
  MediaCushion cushion = make ();

  media_cushion_adapt (&cushion, 45);
  g_assert_cmpuint (cushion.length, ==, 180);
  g_assert_false (media_cushion_adapt (&cushion, 1));
  g_assert_false (media_cushion_adapt (&cushion, 1));
  g_assert_true (media_cushion_adapt (&cushion, 1));
  g_assert_cmpuint (cushion.length, ==, 130);
  for (guint i = 0; i < 9; i++)
    media_cushion_adapt (&cushion, 1);
  g_assert_cmpuint (cushion.length, ==, MEDIA_CUSHION_LEAST);
  g_assert_false (media_cushion_adapt (&cushion, 1));
}

/* One bad second among good ones is reason enough to wait on. */
static void
test_stays (void)
{
  MediaCushion cushion = make ();

  media_cushion_adapt (&cushion, 45);
  for (guint i = 0; i < 12; i++)
    g_assert_false (media_cushion_adapt (&cushion, i % 3 == 2 ? 44 : 1));
  g_assert_cmpuint (cushion.length, ==, 180);
}

/* It does not become shorter than what is needed now. */
static void
test_not_too_short (void)
{
  MediaCushion cushion = make ();

  media_cushion_adapt (&cushion, 60);
  for (guint i = 0; i < 12; i++)
    media_cushion_adapt (&cushion, 50);
  g_assert_cmpuint (cushion.length, ==, 200);
}

/* Where the next packet brings what was lost it has to be waited for, and jitter as well. */
static void
test_loss (void)
{
  MediaCushion cushion = make ();

  cushion.frame = 20;
  g_assert_true (media_cushion_adapt (&cushion, 1));
  g_assert_cmpuint (cushion.length, ==, MEDIA_CUSHION_LEAST + 20);
  g_assert_true (media_cushion_adapt (&cushion, 30));
  g_assert_cmpuint (cushion.length, ==, 140);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cushion/grows", test_grows);
  g_test_add_func ("/cushion/comes-back", test_comes_back);
  g_test_add_func ("/cushion/stays", test_stays);
  g_test_add_func ("/cushion/not-too-short", test_not_too_short);

  g_test_add_func ("/cushion/loss", test_loss);

  return g_test_run ();
}
