/* test-number.c - numbers in messy text, and numbers that are the same */

#include "store-number-private.h"

#include <string.h>

typedef struct {
  const char *text;
  const char *expected; /* NULL: a name */
} Text;

static const Text texts[] = {
    {"Call me: (030) 12 34-56 ext. 7", "030123456,7"},
    {"030 123456", "030123456"},
    {"+49 (0)30 123456", "+4930123456"},
    {"+ 49 (0) 30/123 456", "+4930123456"},
    {"Tel.: 0049-30-123456, Fax: 0049-30-123457", "004930123456"},
    {"On 12.05.2024 at 14:30 please call +49 30 1234567!", "+49301234567"},
    {"Zimmer 12, Telefon 030 123456 Durchwahl 12", "030123456,12"},
    {"(555) 123-4567 x89", "5551234567,89"},
    {"555-123-4567 #89", "5551234567,89"},
    {"tel:+1-201-555-0123;ext=5", "tel:+1-201-555-0123;ext=5"},
    {"write to <sip:anna@example.org;transport=tls>, please", "sip:anna@example.org;transport=tls"},
    {"My address is (anna@example.org).", "anna@example.org"},
    {"SIPS:anna@example.org", "SIPS:anna@example.org"},
    {"*#06#", "*#06#"},
    {"*97", "*97"},
    {"#31#030123456", "#31#030123456"},
    {"7", "7"},
    {"112", "112"},
    {"请拨打电话：13800138000 分机 8", "13800138000,8"},
    {"\xef\xbc\x8b\xef\xbc\x94\xef\xbc\x99 30 123456", "+4930123456"},
    {"\xd9\xa0\xd9\xa3\xd9\xa0 \xd9\xa1\xd9\xa2\xd9\xa3\xd9\xa4", "0301234"},
    {"030\xc2\xa0"
     "12\xe2\x80\x91"
     "34\xe2\x80\x93"
     "56",
     "030123456"},
    {"\xe2\x80\xaa+49 30 123456\xe2\x80\xac", "+4930123456"},
    {"030 1234\r\n56", "030123456"},
    {"", NULL},
    {"   ", NULL},
    {"Anna", NULL},
    {"Anna 2", NULL},
    {"room A12345", NULL},
    {"@", NULL},
    {"sip:", NULL},
    {"+", NULL},
    {"(((", NULL},
    {"\xff\xfe", NULL},
};

static void
test_extract (void)
{
  g_autofree char *long_text = g_strnfill (100000, '1');
  g_autofree char *open_text = g_strnfill (100000, '+');

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *found = store_number_extract (texts[i].text);

    if (g_strcmp0 (found, texts[i].expected) != 0)
      g_test_message ("“%s”", texts[i].text);
    g_assert_cmpstr (found, ==, texts[i].expected);
  }

  g_autofree char *bounded = store_number_extract (long_text);
  g_autofree char *nothing = store_number_extract (open_text);

  g_assert_cmpuint (strlen (bounded), <=, 64);
  g_assert_null (nothing);
}

typedef struct {
  const char *a;
  const char *b;
  gboolean is_equal;
} Pair;

static const Pair pairs[] = {
    {"+49 30 123456", "030 123456", TRUE},
    {"+4930123456", "0049 (30) 123-456", TRUE},
    {"sip:+4930123456@provider.example;user=phone", "030123456", TRUE},
    {"sip:4930123456@provider.example", "030 123456", TRUE},
    {"tel:+4930123456;isub=1", "+4930123456", TRUE},
    {"tel:030123456;phone-context=+49", "+4930123456", TRUE},
    {"+1 212 555 0123", "(212) 555-0123", TRUE},
    {"2125550123", "3125550123", FALSE},
    {"+12125550123", "+442125550123", FALSE},
    {"+4930123456", "+4330123456", FALSE},
    {"030123456", "040123456", FALSE},
    {"030123456", "0301234567", FALSE},
    {"2001", "2001", TRUE},
    {"sip:2001@pbx.example", "2001", TRUE},
    {"2001", "12001", FALSE},
    {"2001", "02001", FALSE},
    {"110", "0110", FALSE},
    {"sip:%32001@pbx.example", "2001", TRUE},
    {"*97", "97", FALSE},
};

static void
test_equal (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++) {
    g_autoptr (StoreNumber) a = store_number_parse (pairs[i].a);
    g_autoptr (StoreNumber) b = store_number_parse (pairs[i].b);

    g_assert_nonnull (a);
    g_assert_nonnull (b);
    if (store_number_equal (a, b) != pairs[i].is_equal)
      g_test_message ("%s and %s", pairs[i].a, pairs[i].b);
    g_assert_true (store_number_equal (a, b) == pairs[i].is_equal);
    g_assert_true (store_number_equal (b, a) == pairs[i].is_equal);
    if (pairs[i].is_equal)
      g_assert_cmpstr (store_number_get_key (a), ==, store_number_get_key (b));
  }
}

static void
test_no_number (void)
{
  static const char *const others[] = {"",
                                       "anna",
                                       "sip:anna@example.org",
                                       "sip:@example.org",
                                       "+",
                                       "()",
                                       "12a4",
                                       "sip:example.org",
                                       "tel:",
                                       NULL};
  g_autofree char *long_text = g_strnfill (2000, '1');

  for (guint i = 0; others[i] != NULL; i++)
    g_assert_null (store_number_parse (others[i]));
  g_assert_null (store_number_parse (NULL));
  g_assert_null (store_number_parse (long_text));
}

static const Text keys[] = {
    {"sip:Anna@Example.ORG", "Anna@example.org"},
    {"anna@example.org", "anna@example.org"},
    {"SIPS:anna:secret@example.org:5061;transport=tcp?Subject=x", "anna@example.org"},
    {"sip:%61nna@example.org:5060", "anna@example.org"},
    {"sip:anna@example.org:5070", "anna@example.org:5070"},
    {"sip:anna@[::1]:5060", "anna@[::1]"},
    {"tel:+4930123456", NULL},
    {"030123456", NULL},
    {"anna", NULL},
};

static void
test_address_key (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autofree char *key = store_number_dup_address_key (keys[i].text);

    g_assert_cmpstr (key, ==, keys[i].expected);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/number/extract", test_extract);
  g_test_add_func ("/number/equal", test_equal);
  g_test_add_func ("/number/no-number", test_no_number);
  g_test_add_func ("/number/address-key", test_address_key);
  return g_test_run ();
}
