/* test-nat64.c - addresses of version 4 in those of version 6, and what is learnt of them */

#include "fixture.h"

#include "sip-nat64-private.h"

/* RFC 6052 2.4, of 192.0.2.33. */
static const struct {
  const char *prefix;
  guint length;
  const char *whole;
} rows[] = {
    {"2001:db8::", 32, "2001:db8:c000:221::"},
    {"2001:db8:100::", 40, "2001:db8:1c0:2:21::"},
    {"2001:db8:122::", 48, "2001:db8:122:c000:2:2100::"},
    {"2001:db8:122:300::", 56, "2001:db8:122:3c0:0:221::"},
    {"2001:db8:122:344::", 64, "2001:db8:122:344:c0:2:2100::"},
    {"2001:db8:122:344::", 96, "2001:db8:122:344::c000:221"},
    {"64:ff9b::", 96, "64:ff9b::c000:221"},
};

static SipNat64Prefix
make_prefix (gsize row)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (rows[row].prefix);
  SipNat64Prefix prefix = {.length = rows[row].length};

  memcpy (prefix.bytes, g_inet_address_to_bytes (address), sizeof prefix.bytes);
  return prefix;
}

static char *
map (SipNat64 *nat64, const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);
  g_autoptr (GInetAddress) mapped = sip_nat64_map (nat64, address);

  return g_inet_address_to_string (mapped);
}

static void
test_written (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (SipNat64) nat64 = sip_nat64_new ();
    g_autoptr (GInetAddress) whole = g_inet_address_new_from_string (rows[i].whole);
    g_autoptr (GInetAddress) inner = g_inet_address_new_from_string ("192.0.2.33");
    g_autoptr (GInetAddress) mapped = NULL;
    SipNat64Prefix prefix = make_prefix (i);

    sip_nat64_set_prefix (nat64, &prefix);
    mapped = sip_nat64_map (nat64, inner);
    g_assert_true (g_inet_address_equal (mapped, whole));
    g_assert_true (sip_nat64_is_mapped (nat64, whole));
  }
}

/* What is made of a known address tells what it was made with (RFC 7050 3). */
static void
test_read (void)
{
  static const guint8 known[][4] = {{192, 0, 0, 170}, {192, 0, 0, 171}, {192, 0, 0, 172}};

  for (gsize i = 0; i < G_N_ELEMENTS (rows) * G_N_ELEMENTS (known); i++) {
    gsize k = i % G_N_ELEMENTS (known);
    SipNat64Prefix prefix = make_prefix (i / G_N_ELEMENTS (known)), found;
    guint8 whole[16];

    sip_nat64_prefix_write (&prefix, known[k], whole);
    sip_nat64_prefix_read (&found, whole);
    if (k == 2)
      g_assert_cmpuint (found.length, ==, 0);
    else
      g_assert_cmpmem (&found, sizeof found, &prefix, sizeof prefix);
  }
}

static void
test_untouched (void)
{
  static const char *const same[] = {"2001:db8::7", "127.0.0.1", "169.254.1.2", "224.0.0.1"};
  g_autoptr (SipNat64) nat64 = sip_nat64_new ();
  g_autofree char *before = map (nat64, "192.0.2.33");
  g_autofree char *name = NULL, *number = NULL, *nowhere = NULL;
  SipNat64Prefix prefix = make_prefix (6);

  g_assert_cmpstr (before, ==, "192.0.2.33");
  sip_nat64_set_prefix (nat64, &prefix);
  for (gsize i = 0; i < G_N_ELEMENTS (same); i++) {
    g_autofree char *mapped = map (nat64, same[i]);

    g_assert_cmpstr (mapped, ==, same[i]);
  }
  name = sip_nat64_dup_host (nat64, "example.org");
  g_assert_cmpstr (name, ==, "example.org");
  number = sip_nat64_dup_host (nat64, "192.0.2.33");
  g_assert_cmpstr (number, ==, "64:ff9b::c000:221");
  nowhere = map (nat64, "0.0.0.0");
  g_assert_cmpstr (nowhere, ==, "::");
}

static void
count (SipNat64 *nat64, guint *n)
{
  ++*n;
}

/* Who sees us is believed where he is behind the translator, be that known before or after, and no
 * longer than we are there.
 */
static void
test_outside (void)
{
  g_autoptr (SipNat64) nat64 = sip_nat64_new ();
  g_autoptr (GInetAddress) server = g_inet_address_new_from_string ("64:ff9b::c000:221");
  g_autoptr (GInetAddress) other = g_inet_address_new_from_string ("2001:db8::1");
  g_autoptr (GInetAddress) us = g_inet_address_new_from_string ("198.51.100.7");
  SipNat64Prefix prefix = make_prefix (6), another = make_prefix (0), none = {0};
  guint n_found = 0;

  g_signal_connect (nat64, "found", G_CALLBACK (count), &n_found);
  sip_nat64_note_outside (nat64, server, us);
  g_assert_null (sip_nat64_get_outside (nat64));
  sip_nat64_set_prefix (nat64, &prefix);
  sip_nat64_set_prefix (nat64, &prefix);
  g_assert_cmpuint (n_found, ==, 1);
  g_assert_true (sip_nat64_get_outside (nat64) == us);
  sip_nat64_expect_outside (nat64);
  sip_nat64_note_outside (nat64, other, us);
  sip_nat64_note_outside (nat64, server, other);
  g_assert_null (sip_nat64_get_outside (nat64));
  sip_nat64_note_outside (nat64, server, us);
  g_assert_true (sip_nat64_get_outside (nat64) == us);
  sip_nat64_set_prefix (nat64, &another);
  g_assert_null (sip_nat64_get_outside (nat64));
  g_assert_false (sip_nat64_is_mapped (nat64, server));
  sip_nat64_set_prefix (nat64, &none);
  g_assert_cmpuint (n_found, ==, 2);
}

static void
on_looking (SipNat64 *nat64, GParamSpec *pspec, guint *n)
{
  count (nat64, n);
}

/* Behind a translator a server that one comes to will say how it sees us, if it has IPv4. */
static void
test_looking (void)
{
  static const char *const servers[] = {"64:ff9b::c000:221", "2001:db8::1"};
  g_autoptr (GInetAddress) us = g_inet_address_new_from_string ("198.51.100.7");
  SipNat64Prefix prefix = make_prefix (6);

  for (guint i = 0; i < 2 * G_N_ELEMENTS (servers); i++) {
    g_autoptr (SipNat64) nat64 = sip_nat64_new ();
    g_autoptr (GInetAddress) server = g_inet_address_new_from_string (servers[i / 2]);
    guint n_notified = 0;

    g_signal_connect (nat64, "notify::looking", G_CALLBACK (on_looking), &n_notified);
    sip_nat64_expect_outside (nat64);
    g_assert_false (sip_nat64_get_looking (nat64));
    sip_nat64_set_prefix (nat64, &prefix);
    g_assert_true (sip_nat64_get_looking (nat64));
    sip_nat64_note_outside (nat64, server, i % 2 == 0 ? us : NULL);
    g_assert_false (sip_nat64_get_looking (nat64));
    g_assert_cmpuint (n_notified, ==, 1);
    g_assert_true (sip_nat64_get_outside (nat64) == (i == 0 ? us : NULL));
    sip_nat64_note_outside (nat64, server, us);
    g_assert_cmpuint (n_notified, ==, 1);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nat64/written", test_written);
  g_test_add_func ("/nat64/read", test_read);
  g_test_add_func ("/nat64/untouched", test_untouched);
  g_test_add_func ("/nat64/outside", test_outside);
  g_test_add_func ("/nat64/looking", test_looking);
  return g_test_run ();
}
