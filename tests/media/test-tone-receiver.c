/* test-tone-receiver.c - packets of tones as a network brings them, and which tones they are */

#include "listener.h"

#include "media-tone-receiver-private.h"

#include "sip-dtmf.h"

#include <gst/gst.h>
#include <string.h>

/* Packets, one word each: the key; at which time its tone began and how long it is so far, in
 * units of 10 ms; `m` for the first, `e` for the last. `~` waits until a tone was told of.
 */
typedef struct {
  const char *name;
  const char *packets;
  const char *tones; /* each with its length in ms */
} Row;

static const Row rows[] = {
    {"one", "1@0+2m 1@0+4 1@0+10e", "1:100"},
    {"end-thrice", "1@0+2m 1@0+10e 1@0+10e 1@0+10e", "1:100"},
    {"all-doubled", "1@0+2m 1@0+2m 1@0+4 1@0+4 1@0+10e 1@0+10e", "1:100"},
    {"no-beginning", "1@0+8 1@0+10e", "1:100"},
    {"end-alone", "1@0+10e 1@0+10e", "1:100"},
    {"begin-after-end", "1@0+10e 1@0+2m 1@0+4", "1:100"},
    {"no-end", "1@0+2m 1@0+8", "1:80"},
    {"no-end-then-next", "1@0+2m 1@0+8 2@20+2m 2@20+10e", "1:80 2:100"},
    {"same-twice", "1@0+2m 1@0+10e 1@20+2m 1@20+10e", "1:100 1:100"},
    {"same-twice-no-end", "1@0+2m 1@0+10 1@20+2m 1@20+10e", "1:100 1:100"},
    {"same-twice-no-mark", "1@0+10 1@20+10e", "1:100 1:100"},
    {"late", "1@0+2m 1@0+10e 2@20+2m 1@0+10e 2@20+10e 1@0+10e", "1:100 2:100"},
    {"all-keys", "0@0+9e 9@20+9e *@40+9e #@60+9e A@80+9e D@100+9e",
     "0:90 9:90 *:90 #:90 A:90 D:90"},
    {"parts", "5@0+2m 5@0+120 5@120+2 5@120+80e 5@120+80e", "5:2000"},
    {"parts-then-same", "5@0+2m 5@0+120 5@120+20e 5@160+10me 5@160+10e", "5:1400 5:100"},
    {"gap", "5@0+2m 5@0+4 ~ 5@0+6 5@0+10e", "5:70"},
    {"gap-in-parts", "5@0+2m 5@0+80 ~ 5@0+120 5@120+2 5@120+80e", "5:800"},
    {"gap-between-parts", "5@0+120m ~ 5@120+2 5@120+80e 5@240+9me", "5:1200 5:90"},
    {"short", "1@0+1me", "1:70"},
    {"none", "", ""},
};

static void
on_tone (MediaToneReceiver *receiver, SipDtmf *tone, GString *heard)
{
  g_string_append_printf (heard, "%s%s:%u", heard->len > 0 ? " " : "", sip_dtmf_get_tone (tone),
                          sip_dtmf_get_duration (tone));
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  MediaToneReceiver *receiver = media_tone_receiver_new ();
  g_autoptr (GString) heard = g_string_new (NULL);
  g_auto (GStrv) words = g_strsplit (row->packets, " ", 0);

  g_signal_connect (receiver, "tone", G_CALLBACK (on_tone), heard);
  for (guint i = 0; words[i] != NULL; i++) {
    if (*words[i] == '~') {
      WAIT_FOR (heard->len > 0);
      continue;
    }
    const char key[] = {words[i][0], '\0'};
    char *rest;
    guint start = g_ascii_strtoull (words[i] + 2, &rest, 10);
    guint length = g_ascii_strtoull (rest + 1, &rest, 10);
    /* Times that wrap round are times. */
    MediaTonePacket packet = {.source = 7,
                              .timestamp = start * 480 - 4800,
                              .is_first = *rest == 'm',
                              .is_last = *rest != '\0' && rest[*rest == 'm'] == 'e',
                              .event = media_tone_find_event (key),
                              .duration = length * 480,
                              .clock_rate = 48000};

    media_tone_receiver_take_packet (receiver, &packet);
  }
  WAIT_FOR (heard->len >= strlen (row->tones));
  listener_drain ();
  g_assert_cmpstr (heard->str, ==, row->tones);
  g_assert_finalize_object (receiver);
}

/* What is no packet of a tone. */
static void
test_unreadable (void)
{
  static const guint8 whole[] = {0x80, 110, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 15, 0x8a, 0x12, 0xc0};
  g_autoptr (GstBuffer) good = gst_buffer_new_memdup (whole, sizeof whole);
  guint8 flash[sizeof whole];
  g_autoptr (GstBuffer) other = NULL;
  MediaTonePacket packet;

  g_assert_true (media_tone_read_packet (good, 48000, &packet));
  g_assert_cmpstr (media_tone_get_name (packet.event), ==, "D");
  g_assert_cmpuint (packet.duration, ==, 4800);
  g_assert_true (packet.is_last && !packet.is_first);
  for (gsize size = 1; size < sizeof whole; size++) {
    g_autoptr (GstBuffer) cut = gst_buffer_new_memdup (whole, size);

    g_assert_false (media_tone_read_packet (cut, 48000, &packet));
  }
  memcpy (flash, whole, sizeof whole);
  flash[12] = 16;
  other = gst_buffer_new_memdup (flash, sizeof flash);
  g_assert_false (media_tone_read_packet (other, 48000, &packet));
}

int
main (int argc, char **argv)
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strconcat ("/tone-receiver/", rows[i].name, NULL);

    g_test_add_data_func (path, &rows[i], test_row);
  }
  g_test_add_func ("/tone-receiver/unreadable", test_unreadable);

  return g_test_run ();
}
