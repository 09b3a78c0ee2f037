/* test-rtp-sdp.c - what is read of an ordinary phone's description, and what is refused */

#include "listener.h"
#include "telephone.h"

#include "media-rtp-negotiation-private.h"

#include <string.h>

#define SHA256                                                                                     \
  "96:C4:15:9E:34:B6:1F:46:79:89:69:27:1D:48:46:B1:68:6B:EF:F4:1F:DC:F0:0C:AB:4A:88:B0:65:31:DB:"  \
  "2C"
#define SHA1 "96:C4:15:9E:34:B6:1F:46:79:89:69:27:1D:48:46:B1:68:6B:EF:F4"

#define OTHER_KEY "YTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw"
#define LONG_KEY "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ="

static const MediaRtpPolicy off = {SIP_SECURITY_OFF, FALSE};
static const MediaRtpPolicy open_prefer = {SIP_SECURITY_PREFER, FALSE};
static const MediaRtpPolicy open_require = {SIP_SECURITY_REQUIRE, FALSE};
static const MediaRtpPolicy careless = {SIP_SECURITY_PREFER, FALSE, TRUE};
static const MediaRtpPolicy careless_require = {SIP_SECURITY_REQUIRE, FALSE, TRUE};
static const MediaRtpPolicy prefer = {SIP_SECURITY_PREFER, TRUE};
static const MediaRtpPolicy require = {SIP_SECURITY_REQUIRE, TRUE};

static const char phone[] = TELEPHONE;

static MediaRtpSdp *
read_with (const char *text, const MediaRtpPolicy *policy)
{
  g_autoptr (GError) error = NULL;
  MediaRtpSdp *sdp = media_rtp_sdp_parse (text, policy, &error);

  g_assert_no_error (error);
  return sdp;
}

static void
assert_refused (const char *text, const MediaRtpPolicy *policy)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (media_rtp_sdp_parse (text, policy, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION);
}

static void
assert_place (GSocketAddress *address, const char *host, guint port)
{
  g_autoptr (GSocketAddress) owned = address;
  GInetSocketAddress *place = G_INET_SOCKET_ADDRESS (owned);
  g_autofree char *text = g_inet_address_to_string (g_inet_socket_address_get_address (place));

  g_assert_cmpstr (text, ==, host);
  g_assert_cmpuint (g_inet_socket_address_get_port (place), ==, port);
}

static void
test_read (void)
{
  g_autoptr (MediaRtpSdp) sdp = read_with (phone, &prefer);

  g_assert_cmpuint (sdp->lines->len, ==, 1);
  g_assert_cmpuint (sdp->formats->len, ==, 3);
  g_assert_cmpstr (media_rtp_sdp_find_best (sdp)->codec->name, ==, "G722");
  /* 0 has no a=rtpmap and needs none. */
  g_assert_cmpuint (g_array_index (sdp->formats, MediaSdpFormat, 2).payload, ==, 0);
  g_assert_cmpuint (media_rtp_sdp_find_tones (sdp, 8000)->payload, ==, 101);
  g_assert_null (media_rtp_sdp_find_tones (sdp, 48000));
  g_assert_cmpuint (media_rtp_sdp_choose_tones (sdp, 48000)->clock_rate, ==, 8000);
  g_assert_cmpint (sdp->direction, ==, SIP_DIRECTION_SENDRECV);
  g_assert_cmpint (sdp->protection, ==, MEDIA_PROTECTION_NONE);
  g_assert_false (sdp->is_muxed);
  assert_place (media_rtp_sdp_dup_rtp (sdp), "192.0.2.7", 4020);
  assert_place (media_rtp_sdp_dup_rtcp (sdp), "192.0.2.7", 4021);
}

/* Between the two kinds of G.711 the order of the other side decides. */
static void
test_best (void)
{
  static const struct {
    const char *formats;
    const char *best;
  } rows[] = {
      {"RTP/AVP 8 0 101", "PCMA"},
      {"RTP/AVP 0 8 101", "PCMU"},
      {"RTP/AVP 0 9 8 101", "G722"},
      {"RTP/AVP 8 9 97\r\na=rtpmap:97 opus/48000/2", "opus"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = listener_replace (phone, "RTP/AVP 8 9 0 18 13 101", rows[i].formats);
    g_autoptr (MediaRtpSdp) sdp = read_with (text, &prefer);

    g_assert_cmpstr (media_rtp_sdp_find_best (sdp)->codec->name, ==, rows[i].best);
  }
}

/* What was read is written, and what is written can be read. */
static void
test_print (void)
{
  g_autofree char *secret =
      listener_replace (phone, "a=sendrecv", "a=crypto:4 AES_CM_128_HMAC_SHA1_80 inline:" KEY);
  g_autofree char *muxed = listener_replace (secret, "a=ptime:20", "a=rtcp-mux\r\na=recvonly");
  g_autoptr (MediaRtpSdp) sdp = read_with (muxed, &prefer);
  g_autofree char *once = media_rtp_sdp_print (sdp);
  g_autoptr (MediaRtpSdp) again = read_with (once, &prefer);
  g_autofree char *twice = media_rtp_sdp_print (again);

  g_assert_cmpstr (once, ==, twice);
  g_assert_nonnull (strstr (once, "\r\nc=IN IP4 192.0.2.7\r\n"));
  g_assert_nonnull (strstr (once, "\r\nm=audio 4020 RTP/AVP 8 9 0 101\r\n"));
  g_assert_nonnull (strstr (once, "\r\na=rtpmap:9 G722/8000\r\n"));
  g_assert_nonnull (strstr (once, "\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"));
  g_assert_nonnull (strstr (once, "\r\na=crypto:4 AES_CM_128_HMAC_SHA1_80 inline:" KEY "\r\n"));
  g_assert_nonnull (strstr (once, "\r\na=recvonly\r\na=rtcp-mux\r\n"));
  g_assert_null (strstr (once, "G729"));
}

/* One change each to where packets go. */
static void
test_place (void)
{
  static const struct {
    const char *what;
    const char *with;
    const char *host;
    guint port;
    const char *rtcp_host;
    guint rtcp_port;
  } rows[] = {
      {"a=ptime:20", "a=rtcp:5001", "192.0.2.7", 4020, "192.0.2.7", 5001},
      {"a=ptime:20", "a=rtcp:5001 IN IP4 192.0.2.9", "192.0.2.7", 4020, "192.0.2.9", 5001},
      {"a=ptime:20", "a=rtcp:0", "192.0.2.7", 4020, "192.0.2.7", 4021},
      {"a=ptime:20", "a=rtcp:", "192.0.2.7", 4020, "192.0.2.7", 4021},
      {"a=ptime:20", "a=rtcp:5001 IN IP6 ::1", "192.0.2.7", 4020, "192.0.2.7", 5001},
      {"a=ptime:20", "a=rtcp-mux", "192.0.2.7", 4020, "192.0.2.7", 4020},
      {"4020 RTP", "65535 RTP", "192.0.2.7", 65535, "192.0.2.7", 65535},
      {"101\r\na=rtpmap:8", "101\r\nc=IN IP4 192.0.2.8\r\na=rtpmap:8", "192.0.2.8", 4020,
       "192.0.2.8", 4021},
      {"c=IN IP4 192.0.2.7", "c=IN IP6 2001:db8::7", "2001:db8::7", 4020, "2001:db8::7", 4021},
      {"4020 RTP", "4020/2 RTP", "192.0.2.7", 4020, "192.0.2.7", 4021},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = listener_replace (phone, rows[i].what, rows[i].with);
    g_autoptr (MediaRtpSdp) sdp = read_with (text, &prefer);

    assert_place (media_rtp_sdp_dup_rtp (sdp), rows[i].host, rows[i].port);
    assert_place (media_rtp_sdp_dup_rtcp (sdp), rows[i].rtcp_host, rows[i].rtcp_port);
  }
}

/* How phones held before there were directions. */
static void
test_old_hold (void)
{
  static const struct {
    const char *direction;
    SipDirection read;
  } rows[] = {
      {"sendrecv", SIP_DIRECTION_SENDONLY},
      {"recvonly", SIP_DIRECTION_INACTIVE},
      {"sendonly", SIP_DIRECTION_SENDONLY},
      {"inactive", SIP_DIRECTION_INACTIVE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *nowhere = listener_replace (phone, "c=IN IP4 192.0.2.7", "c=IN IP4 0.0.0.0");
    g_autofree char *text = listener_replace (nowhere, "sendrecv", rows[i].direction);
    g_autoptr (MediaRtpSdp) sdp = read_with (text, &prefer);

    g_assert_cmpint (sdp->direction, ==, rows[i].read);
    g_assert_null (media_rtp_sdp_dup_rtp (sdp));
    g_assert_null (media_rtp_sdp_dup_rtcp (sdp));
  }
}

/* The first m= line that can be used is; an answer refuses the others and keeps their number. */
static void
test_lines (void)
{
  g_autofree char *head = g_strndup (phone, strstr (phone, "m=audio") - phone);
  g_autofree char *text = g_strconcat (head,
                                       "m=image 4000 udptl t38\r\n"
                                       "m=audio 0 RTP/AVP 8\r\n"
                                       "m=audio 4002 RTP/SAVP 8\r\n"
                                       "m=audio 4004 RTP/AVP 18\r\n"
                                       "m=audio 4006 RTP/AVP 8\r\n"
                                       "m=audio 4008 RTP/AVP 0\r\n"
                                       "m=video 4010 RTP/AVP 96 97\r\n",
                                       NULL);
  g_autoptr (MediaRtpNegotiation) negotiation = media_rtp_negotiation_new ();
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string ("192.0.2.1");
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = NULL;

  media_rtp_negotiation_set_place (negotiation, address, 6000, NULL);
  g_assert_cmpint (media_rtp_negotiation_take (negotiation, text, FALSE, NULL, &error), ==,
                   MEDIA_RTP_OFFERED);
  answer = media_rtp_negotiation_describe (negotiation, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (answer, "m=image 0 udptl t38\r\n"
                                    "m=audio 0 RTP/AVP 8\r\n"
                                    "m=audio 0 RTP/SAVP 8\r\n"
                                    "m=audio 0 RTP/AVP 18\r\n"
                                    "m=audio 6000 RTP/AVP 8\r\n"));
  g_assert_true (g_str_has_suffix (answer, "m=audio 0 RTP/AVP 0\r\n"
                                           "m=video 0 RTP/AVP 96 97\r\n"));
}

static const Change hostile[] = {
    {"no-version", "v=0\r\n", ""},
    {"port", "audio 4020", "audio 70000"},
    {"port-negative", "audio 4020", "audio -1"},
    {"port-none", "audio 4020", "audio x"},
    {"refused", "audio 4020", "audio 0"},
    {"no-format", "RTP/AVP 8 9 0 18 13 101", "RTP/AVP"},
    {"no-codec", "RTP/AVP 8 9 0 18 13 101", "RTP/AVP 18 13 101"},
    {"payload", "RTP/AVP 8 9 0 18 13 101", "RTP/AVP 128 -1 x 300"},
    {"proto", "RTP/AVP", "TCP/RTP/AVP"},
    {"kind", "m=audio", "m=audiox"},
    {"no-address", "c=IN IP4 192.0.2.7\r\n", ""},
    {"name", "c=IN IP4 192.0.2.7", "c=IN IP4 evil.example.org"},
    {"multicast", "c=IN IP4 192.0.2.7", "c=IN IP4 224.2.1.1/127"},
    {"multicast-bare", "c=IN IP4 192.0.2.7", "c=IN IP4 224.2.1.1"},
    {"family", "c=IN IP4 192.0.2.7", "c=IN IP6 192.0.2.7"},
    {"short-address", "c=IN IP4 192.0.2.7", "c=IN IP4"},
    {"net", "c=IN IP4 192.0.2.7", "c=ATM NSAP 47"},
    {"control", "s=call", "s=ca\001ll"},
    {"savp-without-key", "RTP/AVP", "RTP/SAVP"},
    {"dtls-without-fingerprint", "RTP/AVP", "UDP/TLS/RTP/SAVP"},
    {"map-without-rate", "8 9 0 18 13 101\r\na=rtpmap:8 PCMA/8000", "8\r\na=rtpmap:8 PCMA"},
};

static void
test_hostile (gconstpointer data)
{
  const Change *change = data;
  g_autofree char *text = listener_replace (phone, change->what, change->with);

  assert_refused (text, &prefer);
  assert_refused (text, &off);
}

static char *
repeat (const char *head, const char *line, guint n, const char *tail)
{
  GString *text = g_string_new (head);

  for (guint i = 0; i < n; i++)
    g_string_append (text, line);
  g_string_append (text, tail);
  return g_string_free (text, FALSE);
}

static void
test_bombs (void)
{
  g_autofree char *lines = repeat (phone, "a=x\r\n", 2000, "");
  g_autofree char *media = repeat (phone, "m=audio 9 RTP/AVP 0\r\n", 16, "");
  g_autofree char *formats =
      repeat ("v=0\r\nc=IN IP4 192.0.2.7\r\nm=audio 9 RTP/AVP", " 0", 65, "\r\n");
  g_autofree char *attribute = repeat (phone, "a=", 1, "");
  g_autofree char *megabyte = repeat (attribute, "x", 1024 * 1024, "\r\n");
  g_autofree char *keys =
      repeat (phone, "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n", 200, "");
  g_autofree char *maps = repeat (phone, "a=rtpmap:8 PCMA/8000\r\n", 400, "");

  assert_refused ("", &prefer);
  assert_refused ("v=0\r\n", &prefer);
  assert_refused ("v=0\r\nm=audio", &prefer);
  assert_refused (lines, &prefer);
  assert_refused (media, &prefer);
  assert_refused (formats, &prefer);
  assert_refused (megabyte, &prefer);
  media_rtp_sdp_free (read_with (keys, &prefer));
  media_rtp_sdp_free (read_with (maps, &prefer));
}

/* Cut at every byte, and one byte of each turned over: nothing but a description or a refusal. */
static void
test_mutations (void)
{
  g_autofree char *whole = g_strconcat (phone,
                                        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY
                                        "|2^31\r\na=fingerprint:sha-256 " SHA256 "\r\n",
                                        NULL);

  for (gsize i = 0; i < strlen (whole); i++) {
    g_autofree char *cut = g_strndup (whole, i);
    g_autofree char *turned = g_strdup (whole);
    g_autoptr (MediaRtpSdp) one = media_rtp_sdp_parse (cut, &prefer, NULL);
    g_autoptr (MediaRtpSdp) two = NULL;

    turned[i] ^= 1 << (i % 7);
    two = media_rtp_sdp_parse (turned, &prefer, NULL);
    if (two != NULL)
      g_free (media_rtp_sdp_print (two));
  }
}

/* RFC 4568: what is a key, and what is none. */
static const struct {
  const char *value;
  gboolean is_good;
} keys[] = {
    {"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY, TRUE},
    {"1 aes_cm_128_hmac_sha1_80 inline:" KEY, TRUE},
    {"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY "|2^20", TRUE},
    {"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY "|1048576", TRUE},
    {"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY " WSH=128", TRUE},
    {"1 AES_256_CM_HMAC_SHA1_80 inline:" LONG_KEY, FALSE},
    {"1 AEAD_AES_256_GCM inline:" LONG_KEY, TRUE},
    {"1 AEAD_AES_256_GCM inline:MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ", TRUE},
    {"1 AEAD_AES_128_GCM inline:" KEY, FALSE},
    {"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY "|2^20|1:4", FALSE},
    {"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY "|1:4", FALSE},
    {"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY "|2^99", FALSE},
    {"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY ";inline:" OTHER_KEY, FALSE},
    {"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY " UNENCRYPTED_SRTP", FALSE},
    {"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY " UNENCRYPTED_SRTCP", FALSE},
    {"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY " UNAUTHENTICATED_SRTP", FALSE},
    {"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY " KDR=1", FALSE},
    {"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY " WSH=1", FALSE},
    {"1 NULL_HMAC_SHA1_80 inline:" KEY, FALSE},
    {"1 NULL_CIPHER inline:" KEY, FALSE},
    {"x AES_CM_128_HMAC_SHA1_80 inline:" KEY, FALSE},
    {"-1 AES_CM_128_HMAC_SHA1_80 inline:" KEY, FALSE},
    {"1234567890 AES_CM_128_HMAC_SHA1_80 inline:" KEY, FALSE},
    {"1 AES_CM_128_HMAC_SHA1_80 uri:" KEY, FALSE},
    {"1 AES_CM_128_HMAC_SHA1_80 inline:", FALSE},
    {"1 AES_CM_128_HMAC_SHA1_80 inline:MTIz", FALSE},
    {"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY KEY, FALSE},
    {"1 AES_CM_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODk!", FALSE},
    {"1 AES_CM_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3OD=w", FALSE},
    {"1 AES_CM_128_HMAC_SHA1_80", FALSE},
    {"1", FALSE},
    {"", FALSE},
};

static void
test_keys (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    MediaSdes sdes;

    g_test_message ("%s", keys[i].value);
    g_assert_cmpint (media_sdes_parse (&sdes, keys[i].value), ==, keys[i].is_good);
    media_srtp_key_clear (&sdes.key);
  }
}

/* One a=crypto, by who may use it. */
static void
test_policy (void)
{
  g_autofree char *keyed =
      g_strconcat (phone, "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY "\r\n", NULL);
  g_autofree char *savp = listener_replace (keyed, "RTP/AVP", "RTP/SAVP");
  g_autofree char *print = g_strconcat (phone, "a=fingerprint:sha-256 " SHA256 "\r\n", NULL);
  g_autofree char *dtls = listener_replace (print, "RTP/AVP", "UDP/TLS/RTP/SAVP");
  g_autofree char *weak = listener_replace (dtls, "sha-256 " SHA256, "sha-1 " SHA1);
  g_autofree char *none = g_strconcat (phone, "a=crypto:1 NULL_CIPHER inline:" KEY "\r\n", NULL);
  g_autofree char *open_sound = g_strconcat (
      phone, "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY " UNENCRYPTED_SRTP\r\n", NULL);
  g_autofree char *savp_none = listener_replace (none, "RTP/AVP", "RTP/SAVP");
  g_autofree char *savp_open_sound = listener_replace (open_sound, "RTP/AVP", "RTP/SAVP");
  g_autofree char *twice =
      g_strconcat (keyed, "a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:" KEY "\r\n", NULL);
  const struct {
    const char *text;
    const MediaRtpPolicy *policy;
    int protection; /* -1 where it is refused */
  } rows[] = {
      {phone, &off, MEDIA_PROTECTION_NONE},
      {phone, &prefer, MEDIA_PROTECTION_NONE},
      {phone, &require, -1},
      {phone, &open_require, -1},
      {keyed, &off, MEDIA_PROTECTION_NONE},
      {keyed, &open_prefer, MEDIA_PROTECTION_NONE},
      {keyed, &prefer, MEDIA_PROTECTION_SDES},
      {keyed, &require, MEDIA_PROTECTION_SDES},
      {keyed, &open_require, -1},
      {phone, &careless, MEDIA_PROTECTION_NONE},
      {phone, &careless_require, -1},
      {keyed, &careless, MEDIA_PROTECTION_SDES},
      {keyed, &careless_require, MEDIA_PROTECTION_SDES},
      {savp, &careless, MEDIA_PROTECTION_SDES},
      {savp, &careless_require, MEDIA_PROTECTION_SDES},
      {savp, &off, -1},
      {savp, &open_prefer, -1},
      {savp, &prefer, MEDIA_PROTECTION_SDES},
      {savp, &require, MEDIA_PROTECTION_SDES},
      {savp, &open_require, -1},
      {dtls, &off, MEDIA_PROTECTION_DTLS},
      {dtls, &open_require, MEDIA_PROTECTION_DTLS},
      {weak, &prefer, -1},
      {twice, &prefer, -1},
      {none, &prefer, MEDIA_PROTECTION_NONE},
      {none, &require, -1},
      {savp_none, &prefer, -1},
      {open_sound, &prefer, MEDIA_PROTECTION_NONE},
      {open_sound, &require, -1},
      {savp_open_sound, &prefer, -1},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (MediaRtpSdp) sdp = media_rtp_sdp_parse (rows[i].text, rows[i].policy, &error);

    g_test_message ("row %u", i);
    if (rows[i].protection < 0)
      g_assert_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION);
    else
      g_assert_no_error (error);
    g_assert_cmpint (sdp != NULL ? (int)sdp->protection : -1, ==, rows[i].protection);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rtp-sdp/read", test_read);
  g_test_add_func ("/rtp-sdp/best", test_best);
  g_test_add_func ("/rtp-sdp/print", test_print);
  g_test_add_func ("/rtp-sdp/place", test_place);
  g_test_add_func ("/rtp-sdp/old-hold", test_old_hold);
  g_test_add_func ("/rtp-sdp/lines", test_lines);
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++) {
    g_autofree char *path = g_strdup_printf ("/rtp-sdp/hostile/%s", hostile[i].name);

    g_test_add_data_func (path, &hostile[i], test_hostile);
  }
  g_test_add_func ("/rtp-sdp/bombs", test_bombs);
  g_test_add_func ("/rtp-sdp/mutations", test_mutations);
  g_test_add_func ("/rtp-sdp/keys", test_keys);
  g_test_add_func ("/rtp-sdp/policy", test_policy);

  return g_test_run ();
}
