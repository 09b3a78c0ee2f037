/* test-vcard.c - cards as programs write them, and as nobody should */

#include "store-error.h"
#include "store-vcard-private.h"

#include <string.h>

typedef struct {
  const char *name;
  const char *cards;
  const char *people; /* name: address[label], … for each */
  const char *error;  /* NULL: none */
} Case;

static const Case cases[] = {
    {"empty", "", "", NULL},
    {"blank-lines", "\r\n \r\n\r\n", "", NULL},
    {"3.0",
     "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna Müller\r\nN:Müller;Anna;;;\r\n"
     "TEL;TYPE=HOME,VOICE:(030) 12 34-56\r\nTEL;TYPE=cell:+49 171 1234567\r\n"
     "X-SIP;TYPE=WORK:anna@example.org\r\nEMAIL:mail@example.org\r\nEND:VCARD\r\n",
     "Anna Müller: (030) 12 34-56[home] +49 171 1234567[mobile] sip:anna@example.org[work]\n",
     NULL},
    {"4.0",
     "BEGIN:VCARD\nVERSION:4.0\nFN:Ben\nTEL;VALUE=uri;TYPE=\"voice,work\":tel:+49-30-123456\n"
     "IMPP:sips:ben@example.org\nIMPP:xmpp:ben@example.org\nEND:VCARD\n",
     "Ben: +49-30-123456[work] sips:ben@example.org[]\n", NULL},
    {"2.1",
     "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;An=\n"
     "na\nTEL;WORK;FAX:1234567\nEND:VCARD\n",
     "Anna Müller: 1234567[fax]\n", NULL},
    {"folded", "BEGIN:VCARD\r\nFN:An\r\n na \r\n\tMaria\r\nTEL:1\r\n 2\r\n 3\r\nEND:VCARD",
     "Anna Maria: 123[]\n", NULL},
    {"groups", "begin:vcard\nitem1.FN:Anna\nitem1.tel:5\nend:vcard\n", "Anna: 5[]\n", NULL},
    {"escapes", "BEGIN:VCARD\nFN:Anna\\, Ben\\; Co\\nKG\\\\\nEND:VCARD\n", "Anna, Ben; Co KG\\:\n",
     NULL},
    {"mark",
     "\xef\xbb\xbf"
     "BEGIN:VCARD\nFN:Anna\nEND:VCARD\n",
     "Anna:\n", NULL},
    {"no-name",
     "BEGIN:VCARD\nTEL:030 1\nEND:VCARD\nBEGIN:VCARD\nORG:Club;Board\nTEL:2\nEND:VCARD\n",
     "030 1: 030 1[]\nBoard Club: 2[]\n", NULL},
    {"nothing", "BEGIN:VCARD\nEND:VCARD\nBEGIN:VCARD\nFN: \nTEL:\nEND:VCARD\n", "", NULL},
    {"twice", "BEGIN:VCARD\nFN:Anna\nFN:Ben\nTEL:1\nTEL:1\nEND:VCARD\n", "Anna: 1[]\n", NULL},
    {"bidi", "BEGIN:VCARD\nFN:\xe2\x80\xaegro.live\nTEL:\xe2\x80\xad 1\nEND:VCARD\n",
     "gro.live: 1[]\n", NULL},
    {"control", "BEGIN:VCARD\nFN:An\x1b[31mna\x07\nEND:VCARD\n", "An [31mna:\n", NULL},
    {"markup", "BEGIN:VCARD\nFN:<b>Anna</b> &amp; Co\nEND:VCARD\n", "<b>Anna</b> &amp; Co:\n",
     NULL},
    {"not-utf-8", "BEGIN:VCARD\nFN:An\xff\xc3na\nEND:VCARD\n", "An\xef\xbf\xbd\xef\xbf\xbdna:\n",
     NULL},
    {"encoded-zero", "BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE:An=00na=4\nEND:VCARD\n",
     "An na=4:\n", NULL},
    {"words", "This is a letter.\n", NULL, "Line 1: this is not the beginning of a card."},
    {"no-begin", "\nFN:Anna\nEND:VCARD\n", NULL, "Line 2: this is not the beginning of a card."},
    {"other-object", "BEGIN:VCALENDAR\nEND:VCALENDAR\n", NULL,
     "Line 1: this is not the beginning of a card."},
    {"no-colon", "BEGIN:VCARD\r\nFN:Anna\r\n na\r\nrubbish\r\nEND:VCARD\r\n", NULL,
     "Line 4: this is not a line of a card."},
    {"cut", "BEGIN:VCARD\nFN:Anna\nEND:VCARD\nBEGIN:VCARD\nFN:Be", NULL,
     "Line 4: the card that begins here does not end."},
    {"cut-in-a-fold", "BEGIN:VCARD\nFN:Anna\n ", NULL,
     "Line 1: the card that begins here does not end."},
    {"cut-in-the-end", "BEGIN:VCARD\nFN:Anna\nEND:VCAR", NULL,
     "Line 1: the card that begins here does not end."},
    {"nested", "BEGIN:VCARD\nFN:Anna\nBEGIN:VCARD\nEND:VCARD\n", NULL,
     "Line 3: a card begins before the last one has ended."},
};

static char *
print_people (GPtrArray *people)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < people->len; i++) {
    StorePerson *person = people->pdata[i];

    g_string_append_printf (text, "%s:", person->name);
    for (guint a = 0; person->addresses[a] != NULL; a++)
      g_string_append_printf (text, " %s[%s]", person->addresses[a], person->labels[a]);
    g_string_append_c (text, '\n');
  }
  return g_string_free (text, FALSE);
}

static void
test_case (gconstpointer data)
{
  const Case *one = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) people = store_vcard_read (one->cards, strlen (one->cards), &error);

  if (one->error != NULL) {
    g_assert_error (error, STORE_ERROR, STORE_ERROR_FILE);
    g_assert_cmpstr (error->message, ==, one->error);
    g_assert_null (people);
  } else {
    g_assert_no_error (error);

    g_autofree char *printed = print_people (people);

    g_assert_cmpstr (printed, ==, one->people);
  }
}

/* Every beginning of every card, in a block of exactly that size: no read goes beyond it. */
static void
test_cuts (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    for (gsize length = 0; length <= strlen (cases[i].cards); length++) {
      g_autofree char *block = g_memdup2 (cases[i].cards, length);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) people = store_vcard_read (block, length, &error);

      g_assert_true ((people != NULL) == (error == NULL));
    }
  }
}

static void
test_zero (void)
{
  static const char cards[] = "BEGIN:VCARD\nFN:An\0na\nEND:VCARD\n";
  g_autoptr (GError) error = NULL;

  g_assert_null (store_vcard_read (cards, sizeof cards - 1, &error));
  g_assert_cmpstr (error->message, ==, "Line 2: this is not text.");
}

/* Names, lines, pictures and lists of any length are cut or passed over. */
static void
test_long (void)
{
  g_autoptr (GString) cards = g_string_new ("BEGIN:VCARD\nFN:");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 10000; i++)
    g_string_append (cards, "ü");
  g_string_append (cards, "\nPHOTO;ENCODING=b:");
  for (guint i = 0; i < 100000; i++)
    g_string_append (cards, "QUJDREVGR0g=\n QUJD");
  g_string_append (cards, "\nNOTE;ENCODING=QUOTED-PRINTABLE:");
  for (guint i = 0; i < 10000; i++)
    g_string_append (cards, "=C3=BC=\n");
  g_string_append (cards, "\nX-NOTE");
  for (guint i = 0; i < 2000; i++)
    g_string_append (cards, ";X=\":\"");
  g_string_append (cards, ":x\n");
  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (cards, "TEL:%u\n", i);
  g_string_append (cards, "END:VCARD\n");

  g_autoptr (GPtrArray) people = store_vcard_read (cards->str, cards->len, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (people->len, ==, 1);

  StorePerson *person = people->pdata[0];

  g_assert_cmpint (g_utf8_strlen (person->name, -1), ==, 256);
  g_assert_cmpuint (g_strv_length (person->addresses), ==, 64);
}

static void
test_too_many (void)
{
  g_autoptr (GString) cards = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 20001; i++)
    g_string_append (cards, "BEGIN:VCARD\nFN:Anna\nEND:VCARD\n");
  g_assert_null (store_vcard_read (cards->str, cards->len, &error));
  g_assert_cmpstr (error->message, ==, "Line 60001: there are too many cards in this file.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/vcard/%s", cases[i].name);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/vcard/cuts", test_cuts);
  g_test_add_func ("/vcard/zero", test_zero);
  g_test_add_func ("/vcard/long", test_long);
  g_test_add_func ("/vcard/too-many", test_too_many);
  return g_test_run ();
}
