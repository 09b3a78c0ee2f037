/* test-rtp-tone.c - keys of a telephone in packets, some twice and some lost */

#include "media-rtp-tone-private.h"

#include <string.h>

#define MS 1000

static void
make_header (guchar *packet, guint number, guint32 stamp)
{
  packet[0] = 0x80;
  packet[1] = 8;
  packet[2] = number >> 8;
  packet[3] = number & 0xff;
  stamp = GUINT32_TO_BE (stamp);
  memcpy (packet + 4, &stamp, 4);
  memset (packet + 8, 0, 4);
}

static guint32
read_stamp (const guchar *packet)
{
  guint32 stamp;

  memcpy (&stamp, packet + 4, 4);
  return GUINT32_FROM_BE (stamp);
}

/* A tone takes the place of five packets, and its end of two more. */
static void
test_send (void)
{
  MediaRtpToneOut out = {.terms = {101, 8000, 8000}};
  guchar packet[172] = {0};

  g_assert_true (media_rtp_tone_add (&out, 11, 100));
  for (guint i = 0; i < 9; i++) {
    gsize size;

    make_header (packet, i, 5000 + 160 * i);
    size = media_rtp_tone_replace (&out, packet, 172);
    g_assert_cmpuint (packet[3], ==, i);
    if (i >= 7) {
      g_assert_cmpuint (size, ==, 172);
      g_assert_cmpuint (packet[1], ==, 8);
      continue;
    }
    g_assert_cmpuint (size, ==, 16);
    g_assert_cmpuint (packet[1], ==, i == 0 ? 0x80 | 101 : 101);
    g_assert_cmpuint (read_stamp (packet), ==, 5000);
    g_assert_cmpuint (packet[12], ==, 11);
    g_assert_cmpuint (packet[13] & 0x80, ==, i >= 4 ? 0x80 : 0);
    g_assert_cmpuint (packet[14] << 8 | packet[15], ==, MIN (160 * (i + 1), 800));
  }
}

static void
test_send_none (void)
{
  MediaRtpToneOut out = {0};
  guchar packet[172] = {0};

  g_assert_false (media_rtp_tone_add (&out, 1, 100));
  media_rtp_tone_want (&out, (MediaRtpToneTerms){101, 8000, 8000});
  for (guint i = 0; i < MEDIA_RTP_TONES_WAITING; i++)
    g_assert_true (media_rtp_tone_add (&out, 1, 20));
  g_assert_false (media_rtp_tone_add (&out, 1, 20));
  make_header (packet, 0, 0);
  g_assert_cmpuint (media_rtp_tone_replace (&out, packet, 5), ==, 5);
}

/* As long as 16 bits can say, and not as long as it was asked for. */
static void
test_send_long (void)
{
  MediaRtpToneOut out = {.terms = {110, 48000, 48000}};
  guchar packet[172] = {0};
  guint n = 0;

  media_rtp_tone_add (&out, 1, G_MAXUINT);
  do {
    make_header (packet, n, 960 * n);
    n++;
  } while (media_rtp_tone_replace (&out, packet, 172) == 16);
  g_assert_cmpuint (n, ==, 65535 / 960 + 1 + 2 + 1);
}

/* The stamps go on as those of the sound do; what is counted in the other clock is the length. */
static void
test_send_by_another_clock (void)
{
  MediaRtpToneOut out = {.terms = {101, 8000, 48000}};
  guchar packet[172] = {0};

  g_assert_true (media_rtp_tone_add (&out, 1, 60));
  for (guint i = 0; i < 5; i++) {
    make_header (packet, i, 5000 + 960 * i);
    g_assert_cmpuint (media_rtp_tone_replace (&out, packet, 172), ==, 16);
    g_assert_cmpuint (read_stamp (packet), ==, 5000);
    g_assert_cmpuint (packet[14] << 8 | packet[15], ==, MIN (160 * (i + 1), 480));
    g_assert_cmpuint (packet[13] & 0x80, ==, i >= 2 ? 0x80 : 0);
  }
  g_assert_cmpuint (media_rtp_tone_replace (&out, packet, 172), ==, 172);
}

/* A round in the middle of a tone. Where it changes what tones are, that one is over and is not
 * pressed twice; where nobody wants them any more, none is left, and the next one is whole.
 */
static void
test_send_anew (void)
{
  static const struct {
    MediaRtpToneTerms terms;
    guint n; /* packets of what was under way that follow */
    guint n_next;
  } rows[] = {{{101, 8000, 8000}, 6, 7},
              {{102, 8000, 8000}, 0, 7},
              {{101, 8000, 48000}, 0, 7},
              {{0}, 0, 0}};

  for (guint row = 0; row < G_N_ELEMENTS (rows); row++) {
    MediaRtpToneOut out = {0};
    guchar packet[172] = {0};
    guint n = 0, i = 0;

    media_rtp_tone_want (&out, (MediaRtpToneTerms){101, 8000, 8000});
    g_assert_true (media_rtp_tone_add (&out, 1, 100));
    g_assert_true (media_rtp_tone_add (&out, 2, 100));
    make_header (packet, 0, 0);
    g_assert_cmpuint (media_rtp_tone_replace (&out, packet, 172), ==, 16);
    media_rtp_tone_want (&out, rows[row].terms);
    for (i = 1; i <= rows[row].n + rows[row].n_next; i++) {
      make_header (packet, i, i * MAX (rows[row].terms.sound_rate, 8000) / 50);
      g_assert_cmpuint (media_rtp_tone_replace (&out, packet, 172), ==, 16);
      g_assert_cmpuint (packet[12], ==, i <= rows[row].n ? 1 : 2);
      n += packet[1] == (0x80 | rows[row].terms.payload);
    }
    g_assert_cmpuint (n, ==, rows[row].n_next > 0);
    make_header (packet, i, i * 8000);
    g_assert_cmpuint (media_rtp_tone_replace (&out, packet, 172), ==, 172);
    media_rtp_tone_want (&out, (MediaRtpToneTerms){101, 8000, 8000});
    g_assert_true (media_rtp_tone_add (&out, 3, 100));
    make_header (packet, i, 77);
    g_assert_cmpuint (media_rtp_tone_replace (&out, packet, 172), ==, 16);
    g_assert_cmpuint (packet[1], ==, 0x80 | 101);
    g_assert_cmpuint (read_stamp (packet), ==, 77);
  }
}

static gboolean
hear (MediaRtpToneIn *in, guint event, gboolean is_end, guint32 start, guint duration, gint64 now)
{
  guchar packet[16];

  make_header (packet, 0, start);
  packet[12] = event;
  packet[13] = is_end ? 0x8a : 0x0a;
  packet[14] = duration >> 8;
  packet[15] = duration & 0xff;
  return media_rtp_tone_hear (in, packet, 16, now);
}

static void
test_hear (void)
{
  MediaRtpToneIn in = {0};

  g_assert_false (media_rtp_tone_is_over (&in, 0));
  g_assert_false (hear (&in, 5, FALSE, 800, 160, 20 * MS));
  g_assert_false (hear (&in, 5, FALSE, 800, 320, 40 * MS));
  g_assert_true (hear (&in, 5, TRUE, 800, 480, 60 * MS));
  g_assert_cmpuint (in.told_event, ==, 5);
  g_assert_cmpuint (in.told_duration, ==, 480);
  g_assert_false (hear (&in, 5, TRUE, 800, 480, 60 * MS));
  g_assert_false (hear (&in, 5, TRUE, 800, 480, 80 * MS));
  g_assert_false (media_rtp_tone_is_over (&in, 900 * MS));
  /* The same key again, and one of before that took a longer way. */
  g_assert_true (hear (&in, 5, TRUE, 4800, 480, 900 * MS));
  g_assert_false (hear (&in, 5, TRUE, 800, 480, 920 * MS));
  g_assert_false (hear (&in, 5, TRUE, 4800, 480, 940 * MS));
}

/* What the network held up comes all at once. */
static void
test_hear_at_once (void)
{
  MediaRtpToneIn in = {0};

  for (guint i = 0; i < 8; i++)
    g_assert_true (hear (&in, i, TRUE, 800 * (i + 1), 480, 60000 * MS + i));
}

/* Its end is lost: the next tone tells it, or silence. */
static void
test_hear_lost (void)
{
  MediaRtpToneIn in = {0};

  g_assert_false (hear (&in, 5, FALSE, 800, 320, 20 * MS));
  g_assert_true (hear (&in, 6, FALSE, 4800, 160, 150 * MS));
  g_assert_cmpuint (in.told_event, ==, 5);
  g_assert_false (media_rtp_tone_is_over (&in, 300 * MS));
  g_assert_true (media_rtp_tone_is_over (&in, 400 * MS));
  g_assert_cmpuint (in.told_event, ==, 6);
  g_assert_false (media_rtp_tone_is_over (&in, 500 * MS));
}

/* No key of a telephone, too short, or faster than anybody can press. */
static void
test_hear_hostile (void)
{
  MediaRtpToneIn in = {0};
  guchar packet[16] = {0x80};
  guint n = 0;

  g_assert_false (hear (&in, 16, TRUE, 800, 320, 20 * MS));
  g_assert_false (hear (&in, 255, TRUE, 800, 320, 20 * MS));
  g_assert_false (media_rtp_tone_hear (&in, packet, 12, 20 * MS));
  packet[0] = 0x8f;
  g_assert_false (media_rtp_tone_hear (&in, packet, 16, 20 * MS));
  packet[0] = 0x90;
  packet[14] = packet[15] = 0xff;
  g_assert_false (media_rtp_tone_hear (&in, packet, 16, 20 * MS));
  for (guint i = 0; i < 100000; i++)
    n += hear (&in, 1, TRUE, 1000 + i, 1, 1000 * MS + 10 * i);
  g_assert_cmpuint (n, <=, 111);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rtp-tone/send", test_send);
  g_test_add_func ("/rtp-tone/send-none", test_send_none);
  g_test_add_func ("/rtp-tone/send-long", test_send_long);
  g_test_add_func ("/rtp-tone/send-by-another-clock", test_send_by_another_clock);
  g_test_add_func ("/rtp-tone/send-anew", test_send_anew);
  g_test_add_func ("/rtp-tone/hear", test_hear);
  g_test_add_func ("/rtp-tone/hear-at-once", test_hear_at_once);
  g_test_add_func ("/rtp-tone/hear-lost", test_hear_lost);
  g_test_add_func ("/rtp-tone/hear-hostile", test_hear_hostile);

  return g_test_run ();
}
