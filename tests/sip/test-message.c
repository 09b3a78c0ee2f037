/* test-message.c - what comes in is bounded, refused or read right */

#include "peer-text.h"
#include "sip-message-private.h"
#include "sip-name-addr.h"
#include "sip-target-private.h"

#include <string.h>

#define T_VIA "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx\r\n"
#define T_FROM "From: <sip:bob@example.org>;tag=b\r\n"
#define T_TO "To: <sip:alice@example.org>\r\n"
#define T_REST "Call-ID: c\r\nCSeq: 1 OPTIONS\r\n"
#define T_LENGTH "Content-Length: 0\r\n\r\n"
#define T_GOOD "OPTIONS sip:alice@example.org SIP/2.0\r\n" T_VIA T_FROM T_TO T_REST

/* Texts and what they get: 0 for a message, a status to refuse with, -1 for silence. */
static const struct {
  const char *name;
  const char *text;
  int verdict;
} rows[] = {
    {"plain", T_GOOD T_LENGTH, 0},
    {"no-length", T_GOOD "\r\n", 0},
    {"keep-alive-before", "\r\n\r\n" T_GOOD T_LENGTH, 0},
    {"only-keep-alive", "\r\n\r\n", -1},
    {"empty", "", -1},
    {"junk", "hello there\r\n\r\n", 400},
    {"cut", "OPTIONS sip:a@b SIP/2.0\r\nVia:", -1},
    {"short-names",
     "OPTIONS sip:a@b SIP/2.0\r\nv: SIP/2.0/UDP h;branch=z9hG4bKx\r\nf: <sip:b@c>;"
     "tag=b\r\nt: <sip:a@b>\r\ni: c\r\nCSeq: 1 OPTIONS\r\nl: 0\r\n\r\n",
     0},
    {"folded", T_GOOD "Subject: one\r\n  two\r\n" T_LENGTH, 0},
    {"bare-lf", "OPTIONS sip:a@b SIP/2.0\n" T_VIA T_FROM T_TO T_REST T_LENGTH, 400},
    {"version", "OPTIONS sip:a@b SIP/7.0\r\n" T_VIA T_FROM T_TO T_REST T_LENGTH, 505},
    {"no-version", "OPTIONS sip:a@b\r\n" T_VIA T_FROM T_TO T_REST T_LENGTH, 400},
    {"two-spaces", "OPTIONS  sip:a@b SIP/2.0\r\n" T_VIA T_FROM T_TO T_REST T_LENGTH, 400},
    {"scheme", "OPTIONS http://a SIP/2.0\r\n" T_VIA T_FROM T_TO T_REST T_LENGTH, 416},
    {"brackets", "OPTIONS <sip:a@b> SIP/2.0\r\n" T_VIA T_FROM T_TO T_REST T_LENGTH, 400},
    {"uri-headers", "OPTIONS sip:a@b?X=1 SIP/2.0\r\n" T_VIA T_FROM T_TO T_REST T_LENGTH, 400},
    {"nul-in-uri", "OPTIONS sip:a%00b@c SIP/2.0\r\n" T_VIA T_FROM T_TO T_REST T_LENGTH, 400},
    {"nul-in-header", T_GOOD "Contact: <sip:a%00@b>\r\n" T_LENGTH, 400},
    {"ipv6-unbracketed", "OPTIONS sip:a@2001:db8::1 SIP/2.0\r\n" T_VIA T_FROM T_TO T_REST T_LENGTH,
     400},
    {"ipv6", "OPTIONS sip:a@[2001:db8::1]:5060 SIP/2.0\r\n" T_VIA T_FROM T_TO T_REST T_LENGTH, 0},
    {"no-via", "OPTIONS sip:a@b SIP/2.0\r\n" T_FROM T_TO T_REST T_LENGTH, 400},
    {"no-from", "OPTIONS sip:a@b SIP/2.0\r\n" T_VIA T_TO T_REST T_LENGTH, 400},
    {"no-to", "OPTIONS sip:a@b SIP/2.0\r\n" T_VIA T_FROM T_REST T_LENGTH, 400},
    {"two-from", T_GOOD T_FROM T_LENGTH, 400},
    {"two-call-ids", T_GOOD "Call-ID: d\r\n" T_LENGTH, 400},
    {"two-cseq", T_GOOD "CSeq: 2 OPTIONS\r\n" T_LENGTH, 400},
    {"two-lengths", T_GOOD "Content-Length: 0\r\n" T_LENGTH, 400},
    {"negative-length", T_GOOD "Content-Length: -999\r\n\r\n", 400},
    {"long-length", T_GOOD "Content-Length: 9999\r\n\r\nabc", 400},
    {"short-length", T_GOOD "Content-Length: 1\r\n\r\nabc", 0},
    {"max-forwards", T_GOOD "Max-Forwards: 256\r\n" T_LENGTH, 400},
    {"expires", T_GOOD "Expires: 4294967296\r\n" T_LENGTH, 400},
    {"cseq-large",
     "OPTIONS sip:a@b SIP/2.0\r\n" T_VIA T_FROM T_TO
     "Call-ID: c\r\nCSeq: 36893488147419103232 OPTIONS\r\n" T_LENGTH,
     400},
    {"cseq-method",
     "OPTIONS sip:a@b SIP/2.0\r\n" T_VIA T_FROM T_TO "Call-ID: c\r\nCSeq: 1 INVITE\r\n" T_LENGTH,
     400},
    {"cseq-unknown-method",
     "BREW sip:a@b SIP/2.0\r\n" T_VIA T_FROM T_TO "Call-ID: c\r\nCSeq: 1 INVITE\r\n" T_LENGTH, 501},
    {"open-quote",
     "OPTIONS sip:a@b SIP/2.0\r\n" T_VIA "From: \"Bob <sip:b@c>;tag=b\r\n" T_TO T_REST T_LENGTH,
     400},
    {"from-question",
     "OPTIONS sip:a@b SIP/2.0\r\n" T_VIA "From: sip:b@c?x=y;tag=b\r\n" T_TO T_REST T_LENGTH, 400},
    {"ack-is-never-answered", "ACK sip:a@b SIP/9.0\r\n" T_VIA T_FROM T_TO T_REST T_LENGTH, 505},
    {"status-large", "SIP/2.0 4294967301 Better\r\n" T_VIA T_FROM T_TO T_REST T_LENGTH, 400},
    {"status-700", "SIP/2.0 700 Worse\r\n" T_VIA T_FROM T_TO T_REST T_LENGTH, 400},
    {"response", "SIP/2.0 200 OK\r\n" T_VIA T_FROM T_TO T_REST T_LENGTH, 0},
    {"response-two-vias", "SIP/2.0 200 OK\r\n" T_VIA T_VIA T_FROM T_TO T_REST T_LENGTH, 400},
};

static void
test_row (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  guint code;
  g_autofree char *reply = NULL;
  g_autoptr (SipMessage) message =
      sip_message_parse (rows[i].text, strlen (rows[i].text), FALSE, &code, &reply);

  if (rows[i].verdict == 0) {
    g_assert_nonnull (message);
    g_assert_nonnull (sip_message_get_osip (message));
    return;
  }
  g_assert_null (message);
  g_assert_cmpuint (code, ==, MAX (rows[i].verdict, 0));
  if (reply != NULL) {
    g_autofree char *start = g_strdup_printf ("SIP/2.0 %u ", code);

    g_assert_true (g_str_has_prefix (reply, start));
    g_assert_false (g_str_has_prefix (rows[i].text, "ACK "));
    g_assert_false (g_str_has_prefix (rows[i].text, "SIP/"));
  }
}

/* What makes libosip2 slow, wrong or leak stays outside. */
static void
test_bombs (void)
{
  static const struct {
    const char *piece;
    guint n;
    const char *name;
  } bombs[] = {{"a,", 15000, "Accept"},
               {";p=1", 14000, "Contact"},
               {"x", 5000, "Subject"},
               {"&a", 100, "X"}};

  for (gsize i = 0; i < G_N_ELEMENTS (bombs); i++) {
    GString *text = g_string_new (T_GOOD);
    guint code;
    g_autofree char *reply = NULL;

    g_string_append_printf (text, "%s: ", bombs[i].name);
    for (guint n = 0; n < bombs[i].n; n++)
      g_string_append (text, bombs[i].piece);
    g_string_append (text, "\r\n" T_LENGTH);
    g_assert_null (sip_message_parse (text->str, text->len, FALSE, &code, &reply));
    g_assert_cmpuint (code, ==, text->len > 16384 ? 0 : 513);
    g_string_free (text, TRUE);
  }
}

static void
test_many_lines (void)
{
  GString *text = g_string_new (T_GOOD);
  guint code;
  g_autofree char *reply = NULL;

  for (guint i = 0; i < 200; i++)
    g_string_append (text, "X: y\r\n");
  g_string_append (text, T_LENGTH);
  g_assert_null (sip_message_parse (text->str, text->len, FALSE, &code, &reply));
  g_assert_cmpuint (code, ==, 513);
  g_assert_nonnull (reply);
  g_string_free (text, TRUE);
}

static void
test_reply_is_a_message (void)
{
  const char *text = "OPTIONS sip:a@b SIP/7.0\r\n" T_VIA T_FROM T_TO T_REST T_LENGTH;
  guint code;
  g_autofree char *reply = NULL, *nothing = NULL;
  g_autoptr (SipMessage) parsed = NULL;

  g_assert_null (sip_message_parse (text, strlen (text), FALSE, &code, &reply));
  parsed = sip_message_parse (reply, strlen (reply), TRUE, &code, &nothing);
  g_assert_nonnull (parsed);
  g_assert_cmpuint (sip_message_get_status_code (parsed), ==, 505);
  g_assert_nonnull (sip_message_get_to_tag (parsed));
}

static void
test_body_with_nul (void)
{
  const char head[] = T_GOOD "Content-Type: application/octet-stream\r\nContent-Length: 3\r\n\r\n";
  g_autoptr (GByteArray) all = g_byte_array_new ();
  guint code;
  g_autofree char *reply = NULL;
  g_autoptr (SipMessage) message = NULL;

  g_byte_array_append (all, (const guint8 *)head, sizeof head - 1);
  g_byte_array_append (all, (const guint8 *)"a\0b", 3);
  message = sip_message_parse ((const char *)all->data, all->len, FALSE, &code, &reply);
  g_assert_nonnull (message);
  g_assert_cmpuint (g_bytes_get_size (sip_message_get_body_bytes (message)), ==, 3);
  g_assert_null (sip_message_get_body (message));
}

static void
test_mime_leaks_nothing (void)
{
  /* Two Content-Type lines in a part made libosip2 leak; it never sees a part. */
  const char *text =
      T_GOOD "Content-Type: multipart/mixed;boundary=b\r\nContent-Length: 50\r\n\r\n"
             "--b\r\nContent-Type: a/b\r\nContent-Type: a/b\r\n\r\nx\r\n--b--\r\n......";
  guint code;
  g_autofree char *reply = NULL;
  g_autoptr (SipMessage) message = sip_message_parse (text, strlen (text), FALSE, &code, &reply);

  g_assert_nonnull (message);
  g_assert_cmpint (osip_list_size (&sip_message_get_osip (message)->bodies), ==, 0);
}

static void
test_composed (void)
{
  g_autoptr (SipMessage) message = sip_message_new_request ("INFO", "sip:bob@example.org");
  g_autoptr (GBytes) body = g_bytes_new_static ("Signal=1", 8);
  g_autofree char *text = NULL;
  g_auto (GStrv) via = NULL;

  sip_message_add_header (message, "Via", "SIP/2.0/TCP h;branch=z9hG4bK2");
  sip_message_prepend_header (message, "Via", "SIP/2.0/TCP g;branch=z9hG4bK1");
  sip_message_add_header (message, "From", "<sip:a@b>;tag=1");
  sip_message_add_header (message, "To", "<sip:bob@example.org>");
  sip_message_add_header (message, "Call-ID", "c");
  sip_message_add_header_printf (message, "CSeq", "%u INFO", 7u);
  g_assert_false (sip_message_allows (message, "MESSAGE"));
  sip_message_add_header (message, "Allow", "INVITE, message");
  g_assert_true (sip_message_allows (message, "MESSAGE"));
  g_assert_false (sip_message_allows (message, "REFER"));
  sip_message_set_body (message, "application/dtmf-relay", body);
  sip_message_set_to_tag (message, "two");
  text = sip_message_to_string (message);
  g_assert_cmpstr (text, ==,
                   "INFO sip:bob@example.org SIP/2.0\r\n"
                   "Via: SIP/2.0/TCP g;branch=z9hG4bK1\r\n"
                   "Via: SIP/2.0/TCP h;branch=z9hG4bK2\r\n"
                   "From: <sip:a@b>;tag=1\r\n"
                   "To: <sip:bob@example.org>;tag=two\r\n"
                   "Call-ID: c\r\n"
                   "CSeq: 7 INFO\r\n"
                   "Allow: INVITE, message\r\n"
                   "Content-Type: application/dtmf-relay\r\n"
                   "Content-Length: 8\r\n\r\nSignal=1");
  via = sip_message_get_headers (message, "via");
  g_assert_cmpuint (g_strv_length (via), ==, 2);
  g_assert_cmpstr (sip_message_get_branch (message), ==, "z9hG4bK1");
  g_assert_cmpuint (sip_message_get_cseq (message), ==, 7);
  g_assert_cmpstr (sip_message_get_to_tag (message), ==, "two");
}

/* Streams: what stands in the buffer, and how much of it is one message. */
static const struct {
  const char *text;
  gssize size;
} frames[] = {
    {"", 0},
    {"\r\n", 0},
    {"OPTIONS", 0},
    {"A\r\nContent-Length: 0\r\n\r\n", 24},
    {"A\r\nContent-Length: 3\r\n\r\nab", 0},
    {"A\r\nContent-Length: 3\r\n\r\nabcd", 27},
    {"A\r\nl: 3\r\n\r\nabcd", 14},
    {"\r\n\r\nA\r\nl: 0\r\n\r\n", 15},
    {"A\r\nX: y\r\n\r\n", -1},
    {"A\r\nContent-Length: x\r\n\r\n", -1},
    {"A\r\nContent-Length: 99999999\r\n\r\n", -1},
    {"A\r\nl: 1\r\nl: 2\r\n\r\nab", -1},
};

static void
test_frames (void)
{
  g_autofree char *endless = g_strnfill (20000, 'x');

  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    g_assert_cmpint (sip_message_measure (frames[i].text, strlen (frames[i].text)), ==,
                     frames[i].size);
  g_assert_cmpint (sip_message_measure (endless, 20000), ==, -1);
}

static const struct {
  const char *text;
  const char *name;
  const char *uri;
} addresses[] = {
    {"sip:a@b", NULL, "sip:a@b"},
    {"sip:a@b;tag=1", NULL, "sip:a@b"},
    {"<sip:a@b;p=1>;tag=1", NULL, "sip:a@b;p=1"},
    {"Bob <sip:a@b>", "Bob", "sip:a@b"},
    {"\"B \\\"o\\\\b\" <sip:a@b>", "B \"o\\b", "sip:a@b"},
    {"\"<sip:x@y>\" <sip:a@b>", "<sip:x@y>", "sip:a@b"},
    {"\"open", NULL, NULL},
    {"<sip:a@b", NULL, NULL},
    {"nothing", NULL, NULL},
};

static void
test_name_addr (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++) {
    g_autoptr (SipNameAddr) address = sip_name_addr_parse (addresses[i].text);

    if (addresses[i].uri == NULL) {
      g_assert_null (address);
      continue;
    }
    g_assert_cmpstr (sip_name_addr_get_display_name (address), ==, addresses[i].name);
    g_assert_cmpstr (sip_name_addr_get_uri (address), ==, addresses[i].uri);
  }
}

static void
test_name_is_quoted (void)
{
  g_autoptr (SipNameAddr) address = sip_name_addr_new ("A\"\\\r\nVia: x", "sip:a@b");
  g_autofree char *text = sip_name_addr_to_string (address);
  g_autoptr (SipNameAddr) again = sip_name_addr_parse (text);

  g_assert_cmpstr (text, ==, "\"A\\\"\\\\Via: x\" <sip:a@b>");
  g_assert_cmpstr (sip_name_addr_get_display_name (again), ==, "A\"\\Via: x");
}

static const struct {
  const char *uri;
  const char *protocol;
  const char *host;
  guint16 port;
} targets[] = {
    {"sip:h", "UDP", "h", 5060},
    {"sip:u@h:5070;transport=tcp", "TCP", "h", 5070},
    {"sips:h", "TLS", "h", 5061},
    {"sips:h;transport=tcp", "TLS", "h", 5061},
    {"sips:h;transport=udp", NULL, NULL, 0},
    {"sip:[::1]:5062;transport=TLS", "TLS", "::1", 5062},
    {"ws://127.0.0.1:8080/sip", "WS", "127.0.0.1", 8080},
    {"wss://h", "WSS", "h", 443},
    {"sip:h;transport=pigeon", NULL, NULL, 0},
    {"sip:h:99999", NULL, NULL, 0},
    {"http://h", NULL, NULL, 0},
    {"", NULL, NULL, 0},
    {"sip:h\r\nVia: x", NULL, NULL, 0},
};

static void
test_targets (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++) {
    g_autoptr (SipTarget) target = sip_target_parse (targets[i].uri, NULL);

    if (targets[i].protocol == NULL) {
      g_assert_null (target);
      continue;
    }
    g_assert_nonnull (target);
    g_assert_cmpstr (target->protocol, ==, targets[i].protocol);
    g_assert_cmpstr (target->host, ==, targets[i].host);
    g_assert_cmpuint (target->port, ==, targets[i].port);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  parser_init ();
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strconcat ("/message/guard/", rows[i].name, NULL);

    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_row);
  }
  g_test_add_func ("/message/bombs", test_bombs);
  g_test_add_func ("/message/many-lines", test_many_lines);
  g_test_add_func ("/message/reply-is-a-message", test_reply_is_a_message);
  g_test_add_func ("/message/body-with-nul", test_body_with_nul);
  g_test_add_func ("/message/mime", test_mime_leaks_nothing);
  g_test_add_func ("/message/composed", test_composed);
  g_test_add_func ("/message/frames", test_frames);
  g_test_add_func ("/message/name-addr", test_name_addr);
  g_test_add_func ("/message/name-is-quoted", test_name_is_quoted);
  g_test_add_func ("/message/targets", test_targets);
  return g_test_run ();
}
