/* test-nat64.c - what is made of descriptions in a network of IPv6 only */

#include "media-nat64-private.h"
#include "sip-nat64-private.h"

static SipNat64 *
make_nat64 (void)
{
  static const SipNat64Prefix prefix = {{0, 0x64, 0xff, 0x9b}, 96};
  g_autoptr (GInetAddress) server = g_inet_address_new_from_string ("64:ff9b::c000:221");
  g_autoptr (GInetAddress) outside = g_inet_address_new_from_string ("198.51.100.7");
  SipNat64 *nat64 = sip_nat64_new ();

  sip_nat64_set_prefix (nat64, &prefix);
  sip_nat64_note_outside (nat64, server, outside);
  return nat64;
}

static const struct {
  const char *line;
  const char *read;
  const char *written;
} rows[] = {
    {"c=IN IP4 192.0.2.33", "c=IN IP6 64:ff9b::c000:221", NULL},
    {"c=IN IP4 192.0.2.33/127", NULL, NULL},
    {"c=IN IP4 example.org", NULL, NULL},
    {"c=IN IP4 0.0.0.0", "c=IN IP6 ::", NULL},
    {"c=IN IP6 2001:db8::2", NULL, "c=IN IP4 198.51.100.7"},
    {"c=", NULL, NULL},
    {"o=- 1 2 IN IP4 192.0.2.33", "o=- 1 2 IN IP6 64:ff9b::c000:221", NULL},
    {"o=- 1 2 IN IP6 2001:db8::2", NULL, "o=- 1 2 IN IP4 198.51.100.7"},
    {"a=rtcp:7 IN IP4 192.0.2.33", "a=rtcp:7 IN IP6 64:ff9b::c000:221", NULL},
    {"a=rtcp:7 IN IP6 2001:db8::2", NULL, "a=rtcp:7 IN IP4 198.51.100.7"},
    {"a=rtcp:7", NULL, NULL},
    {"a=candidate:1 1 UDP 2130706431 192.0.2.33 5000 typ host",
     "a=candidate:1 1 UDP 2130706431 64:ff9b::c000:221 5000 typ host|"
     "a=candidate:1 1 UDP 2130706431 192.0.2.33 5000 typ host",
     NULL},
    {"a=candidate:1 1 UDP 2130706431 2001:db8::9 5000 typ host", NULL, NULL},
    {"a=candidate:1 1 UDP", NULL, NULL},
    {"a=label:IN IP4 192.0.2.33", NULL, NULL},
};

static void
test_lines (void)
{
  static const char *const ends[] = {"\r\n", "\n"};
  g_autoptr (SipNat64) nat64 = make_nat64 ();

  for (gsize i = 0; i < G_N_ELEMENTS (rows) * G_N_ELEMENTS (ends); i++) {
    gsize row = i / G_N_ELEMENTS (ends);
    const char *end = ends[i % G_N_ELEMENTS (ends)], *line = rows[row].line;
    g_autofree char *text = g_strconcat ("v=0", end, line, end, NULL);
    g_autofree char *read = media_nat64_read (nat64, text);
    g_autofree char *written = media_nat64_write (nat64, text);
    g_auto (GStrv) lines = g_strsplit (rows[row].read != NULL ? rows[row].read : line, "|", 0);
    g_autofree char *inner = g_strjoinv (end, lines);
    g_autofree char *wanted_read = g_strconcat ("v=0", end, inner, end, NULL);
    g_autofree char *wanted_written =
        g_strconcat ("v=0", end, rows[row].written != NULL ? rows[row].written : line, end, NULL);

    g_assert_cmpstr (read, ==, wanted_read);
    g_assert_cmpstr (written, ==, wanted_written);
  }
}

/* Without a translator, or a server that told how it sees us, nothing is changed. */
static void
test_unknown (void)
{
  g_autoptr (SipNat64) nat64 = sip_nat64_new ();
  g_autofree char *read = media_nat64_read (nat64, "c=IN IP4 192.0.2.33\r\n");
  g_autofree char *written = media_nat64_write (nat64, "c=IN IP6 2001:db8::2\r\n");

  g_assert_cmpstr (read, ==, "c=IN IP4 192.0.2.33\r\n");
  g_assert_cmpstr (written, ==, "c=IN IP6 2001:db8::2\r\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nat64/lines", test_lines);
  g_test_add_func ("/nat64/unknown", test_unknown);
  return g_test_run ();
}
