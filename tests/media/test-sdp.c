/* test-sdp.c - what is read of a description, what is refused, and what rounds of them come to */

#include "listener.h"

#include "media-identity-private.h"
#include "media-negotiation-private.h"

#include <stdio.h>
#include <string.h>

#define SHA256                                                                                     \
  "96:C4:15:9E:34:B6:1F:46:79:89:69:27:1D:48:46:B1:68:6B:EF:F4:1F:DC:F0:0C:AB:4A:88:B0:65:31:DB:"  \
  "2C"
#define SHA1 "96:C4:15:9E:34:B6:1F:46:79:89:69:27:1D:48:46:B1:68:6B:EF:F4"

/* As a browser writes it. */
static const char browser[] =
    "v=0\r\n"
    "o=- 8460720788587217236 2 IN IP4 127.0.0.1\r\n"
    "s=-\r\n"
    "t=0 0\r\n"
    "a=group:BUNDLE 0\r\n"
    "a=extmap-allow-mixed\r\n"
    "a=msid-semantic: WMS a0eec1dc\r\n"
    "m=audio 31594 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\r\n"
    "c=IN IP4 192.0.2.7\r\n"
    "a=rtcp:9 IN IP4 0.0.0.0\r\n"
    "a=candidate:904986221 1 udp 2122260223 192.0.2.7 31594 typ host generation 0 network-id 1\r\n"
    "a=candidate:3411684089 1 tcp 1518280447 192.0.2.7 9 typ host tcptype active generation 0\r\n"
    "a=candidate:7 1 udp 2122260222 0a1b2c3d-4e5f.local 31595 typ host\r\n"
    "a=candidate:8 2 udp 2122260222 192.0.2.7 31596 typ host\r\n"
    "a=candidate:9 1 udp 2122260222 host.example.org 31597 typ host\r\n"
    "a=candidate:10 1 udp 2122260222 192.0.2.7 99999 typ host\r\n"
    "a=ice-ufrag:IUr/\r\n"
    "a=ice-pwd:cTZTuP01WSVIIxtwvYTWw8DO\r\n"
    "a=ice-options:trickle\r\n"
    "a=fingerprint:sha-1 " SHA1 "\r\n"
    "a=fingerprint:SHA-256 " SHA256 "\r\n"
    "a=setup:actpass\r\n"
    "a=mid:0\r\n"
    "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"
    "a=sendonly\r\n"
    "a=msid:a0eec1dc 59dd3bd8\r\n"
    "a=rtcp-mux\r\n"
    "a=rtpmap:111 opus/48000/2\r\n"
    "a=fmtp:111 minptime=10;useinbandfec=1\r\n"
    "a=rtpmap:63 red/48000/2\r\n"
    "a=rtpmap:9 G722/8000\r\n"
    "a=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:13 CN/8000\r\n"
    "a=rtpmap:110 telephone-event/48000\r\n"
    "a=rtpmap:126 telephone-event/8000\r\n"
    "a=ssrc:2666040610 cname:6TYNiRyd939xctdY\r\n"
    "a=ssrc:2666040610 msid:a0eec1dc 59dd3bd8\r\n";

static void
test_read (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MediaSdp) sdp = media_sdp_parse (browser, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (sdp->lines->len, ==, 1);
  g_assert_cmpuint (sdp->formats->len, ==, 4);
  g_assert_cmpstr (media_sdp_find_best (sdp)->codec->name, ==, "opus");
  g_assert_cmpuint (media_sdp_find_best (sdp)->payload, ==, 111);
  /* 8 has no a=rtpmap and needs none. */
  g_assert_cmpuint (g_array_index (sdp->formats, MediaSdpFormat, 3).payload, ==, 8);
  /* Tones have the clock of the codec. */
  g_assert_cmpuint (media_sdp_find_best (sdp)->tones, ==, 110);
  g_assert_cmpuint (g_array_index (sdp->formats, MediaSdpFormat, 3).tones, ==, 126);
  g_assert_cmpstr (sdp->ufrag, ==, "IUr/");
  g_assert_cmpstr (sdp->password, ==, "cTZTuP01WSVIIxtwvYTWw8DO");
  g_assert_cmpstr (sdp->fingerprint, ==, "sha-256 " SHA256);
  g_assert_cmpint (sdp->setup, ==, MEDIA_SETUP_ACTPASS);
  g_assert_cmpint (sdp->direction, ==, SIP_DIRECTION_SENDONLY);
  g_assert_true (sdp->is_bundled);
  /* No TCP, no RTCP, no name of the DNS, no port that is none. */
  g_assert_cmpuint (sdp->candidates->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (sdp->candidates, 0), ==,
                   "904986221 1 UDP 2122260223 192.0.2.7 31594 typ host");
  g_assert_cmpuint (sdp->sources->len, ==, 1);
}

/* What was read is written, and what is written can be read. */
static void
test_print (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MediaSdp) sdp = media_sdp_parse (browser, &error);
  g_autofree char *once = media_sdp_print (sdp);
  g_autoptr (MediaSdp) again = media_sdp_parse (once, &error);
  g_autofree char *twice = NULL;

  g_assert_no_error (error);
  twice = media_sdp_print (again);
  g_assert_cmpstr (once, ==, twice);
  g_assert_nonnull (strstr (once, "\r\nm=audio 31594 UDP/TLS/RTP/SAVPF 111 9 0 8 110 126\r\n"
                                  "c=IN IP4 192.0.2.7\r\n"));
  g_assert_nonnull (strstr (once, "\r\na=rtpmap:8 PCMA/8000\r\n"));
  g_assert_nonnull (strstr (once, "\r\na=rtpmap:110 telephone-event/48000\r\n"
                                  "a=fmtp:110 0-15\r\n"
                                  "a=rtpmap:126 telephone-event/8000\r\n"));
}

/* Attributes that have nothing where something should be. */
static void
test_empty (void)
{
  g_autofree char *text = listener_replace (
      browser, "a=msid:a0eec1dc 59dd3bd8\r\n",
      "a=rtpmap:\r\na=rtpmap:111\r\na=rtpmap:111 \r\na=ssrc:\r\na=ssrc:1\r\na=candidate:\r\n"
      "a=group:\r\na=msid\r\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (MediaSdp) sdp = media_sdp_parse (text, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (sdp->sources->len, ==, 1);
  g_assert_cmpuint (sdp->candidates->len, ==, 2);
}

/* Attributes of the session count where the m= section is silent. */
static void
test_session_level (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MediaSdp) sdp = media_sdp_parse ("v=0\n"
                                              "o=- 1 1 IN IP4 127.0.0.1\n"
                                              "s=-\n"
                                              "t=0 0\n"
                                              "a=ice-lite\n"
                                              "a=inactive\n"
                                              "a=setup:passive\n"
                                              "a=ice-ufrag:abcd\n"
                                              "a=ice-pwd:0123456789012345678901\n"
                                              "a=fingerprint:sha-256 " SHA256 "\n"
                                              "m=audio 4000 RTP/SAVPF 0\n"
                                              "c=IN IP4 192.0.2.7\n"
                                              "a=rtcp-mux\n",
                                              &error);

  g_assert_no_error (error);
  g_assert_cmpint (sdp->direction, ==, SIP_DIRECTION_INACTIVE);
  g_assert_cmpint (sdp->setup, ==, MEDIA_SETUP_PASSIVE);
  g_assert_true (sdp->is_ice_lite);
  g_assert_false (sdp->is_bundled);
  g_assert_null (media_sdp_get_audio (sdp)->mid);
}

/* One change to the browser's offer each, and why it is not taken. */
typedef struct {
  const char *name;
  const char *what;
  const char *with;
} Refusal;

static const Refusal refusals[] = {
    {"no-version", "v=0\r\n", ""},
    {"other-version", "v=0\r\n", "v=1\r\n"},
    {"no-fingerprint", "a=fingerprint:", "a=no-fingerprint:"},
    {"sha1-only", "a=fingerprint:SHA-256 " SHA256 "\r\n", ""},
    {"sha256-too-short", SHA256, SHA1},
    {"sha256-no-digits", SHA256, "ZZ" SHA256},
    {"sha256-other-marks", "SHA-256 96:C4", "SHA-256 96-C4"},
    {"md5", "SHA-256", "md5"},
    {"no-ufrag", "a=ice-ufrag:IUr/\r\n", ""},
    {"ufrag-too-short", "IUr/", "IUr"},
    {"password-too-short", "cTZTuP01WSVIIxtwvYTWw8DO", "cTZTuP01WSVIIxtwvYTW"},
    {"no-rtcp-mux", "a=rtcp-mux\r\n", ""},
    {"no-such-setup", "a=setup:actpass", "a=setup:holdconn"},
    {"no-codec", "SAVPF 111 63 9 0 8 13 110 126", "SAVPF 63 13 110 126"},
    {"plain-rtp", "UDP/TLS/RTP/SAVPF", "RTP/AVP"},
    {"refused", "m=audio 31594", "m=audio 0"},
    {"no-format", "SAVPF 111 63 9 0 8 13 110 126", "SAVPF"},
    {"hole", "SAVPF 111 63", "SAVPF  63"},
    {"port-too-high", "m=audio 31594", "m=audio 65536"},
    {"port-no-number", "m=audio 31594", "m=audio 3159x"},
    {"port-negative", "m=audio 31594", "m=audio -1"},
    {"port-empty", "m=audio 31594", "m=audio /2"},
    {"bad-bundle", "BUNDLE 0", "BUNDLE 0 1"},
    {"bad-mid", "a=mid:0", "a=mid:a b"},
    {"mid-too-long", "a=mid:0", "a=mid:0123456789012345678901234567890123"},
    {"no-line", "a=rtcp-mux\r\n", "a=rtcp-mux\r\nhello\r\n"},
    {"control", "a=extmap-allow-mixed", "a=extmap-allow-mixed\x01"},
    {"two-mids", "a=ssrc:2666040610 msid", "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=x"},
};

static void
assert_refused (const char *text)
{
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  g_autoptr (MediaSdp) sdp = media_sdp_parse (text, &error);
  gint64 end = g_get_monotonic_time ();

  g_assert_null (sdp);
  g_assert_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION);
  g_assert_cmpint (end - start, <, 5000 * listener_slowness ());
}

static void
test_refused (gconstpointer data)
{
  const Refusal *refusal = data;
  g_autofree char *text = listener_replace (browser, refusal->what, refusal->with);

  assert_refused (text);
}

static char *
repeat (const char *head, const char *line, guint n, const char *tail)
{
  GString *text = g_string_new (head);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s", line);
  g_string_append (text, tail);
  return g_string_free (text, FALSE);
}

static void
test_bombs (void)
{
  g_autofree char *lines = repeat (browser, "a=x\r\n", 2000, "");
  g_autofree char *media = repeat (browser, "m=audio 9 RTP/AVP 0\r\n", 16, "");
  g_autofree char *most = repeat ("SAVPF", " 0", 64, "");
  g_autofree char *more = repeat ("SAVPF", " 0", 65, "");
  g_autofree char *good = listener_replace (browser, "SAVPF 111 63 9 0 8 13 110 126", most);
  g_autofree char *formats = listener_replace (browser, "SAVPF 111 63 9 0 8 13 110 126", more);
  g_autoptr (MediaSdp) sdp = media_sdp_parse (good, NULL);
  g_autofree char *many = repeat ("v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF", " 0", 8000, "\r\n");
  g_autofree char *attribute = repeat (browser, "a=", 1, "");
  g_autofree char *megabyte = repeat (attribute, "x", 1024 * 1024, "\r\n");
  g_autofree char *candidates =
      repeat (browser, "a=candidate:1 1 udp 1 192.0.2.7 9 typ host\r\n", 400, "");

  g_assert_nonnull (sdp);
  assert_refused ("");
  assert_refused ("\n");
  assert_refused ("v=0\r\n");
  assert_refused ("v=0\r\nm=");
  assert_refused ("v=0\r\nm=audio");
  assert_refused (lines);
  assert_refused (media);
  assert_refused (formats);
  assert_refused (many);
  assert_refused (megabyte);
  assert_refused (candidates);
}

/* Every prefix of a description is a description or is refused, and never more. */
static void
test_cut (void)
{
  for (gsize length = 0; length < strlen (browser); length++) {
    g_autofree char *text = g_strndup (browser, length);
    g_autoptr (GError) error = NULL;
    g_autoptr (MediaSdp) sdp = media_sdp_parse (text, &error);

    g_assert_true ((sdp == NULL) == (error != NULL));
  }
}

static void
test_damaged (void)
{
  for (guint i = 0; i < 4000; i++) {
    g_autofree char *text = g_strdup (browser);
    g_autoptr (MediaSdp) sdp = NULL;

    for (guint hits = g_test_rand_int_range (1, 6); hits > 0; hits--)
      text[g_test_rand_int_range (0, strlen (browser))] = g_test_rand_int_range (1, 128);
    sdp = media_sdp_parse (text, NULL);
    if (sdp != NULL) {
      g_autofree char *printed = media_sdp_print (sdp);
      g_autoptr (GError) error = NULL;
      g_autoptr (MediaSdp) again = media_sdp_parse (printed, &error);

      g_assert_no_error (error);
    }
  }
}

static void
test_fingerprint (void)
{
  /* Base64 of the four bytes that the digest below is of. */
  static const char pem[] = "-----BEGIN CERTIFICATE-----\nAQID\nBA==\n-----END CERTIFICATE-----\n";
  static const guchar der[] = {1, 2, 3, 4};
  g_autofree char *hex = g_compute_checksum_for_data (G_CHECKSUM_SHA384, der, sizeof der);
  g_autoptr (GString) text = g_string_new ("SHA-384 ");
  g_autofree char *fingerprint = NULL, *other = NULL;
  g_autoptr (MediaIdentity) identity = media_identity_new ();

  for (gsize i = 0; hex[i] != '\0'; i += 2)
    g_string_append_printf (text, "%s%.2s", i > 0 ? ":" : "", hex + i);
  fingerprint = media_identity_normalize (text->str);
  g_assert_nonnull (fingerprint);

  g_assert_false (media_identity_is_verified (identity));
  media_identity_expect (identity, fingerprint);
  g_assert_false (media_identity_is_verified (identity));
  g_assert_true (media_identity_check (identity, pem));
  g_assert_true (media_identity_check (identity, pem));
  g_assert_true (media_identity_is_verified (identity));

  /* Another certificate later on, and the good one again: once refused is refused. */
  other = g_strdup (pem);
  strstr (other, "AQID")[0] = 'B';
  g_assert_false (media_identity_check (identity, other));
  g_assert_false (media_identity_is_verified (identity));
  g_assert_false (media_identity_check (identity, pem));
  g_assert_false (media_identity_is_verified (identity));
}

/* Nothing is expected, or nothing is shown. */
static void
test_no_fingerprint (void)
{
  static const char *const pems[] = {NULL, "", "-----BEGIN CERTIFICATE-----",
                                     "-----BEGIN CERTIFICATE----------END CERTIFICATE-----"};

  for (guint i = 0; i < G_N_ELEMENTS (pems); i++) {
    g_autoptr (MediaIdentity) expecting = media_identity_new ();
    g_autoptr (MediaIdentity) blind = media_identity_new ();

    media_identity_expect (expecting, "sha-256 " SHA256);
    g_assert_false (media_identity_check (expecting, pems[i]));
    g_assert_false (media_identity_check (blind, pems[i]));
    g_assert_false (media_identity_is_verified (expecting));
    g_assert_false (media_identity_is_verified (blind));
  }
}

/* This side's transport, as webrtcbin would describe it. */
static MediaNegotiation *
make_negotiation (void)
{
  MediaNegotiation *negotiation = media_negotiation_new ();
  MediaSdp *local = media_sdp_parse (browser, NULL);

  g_assert_nonnull (local);
  local->setup = MEDIA_SETUP_ACTIVE;
  media_negotiation_set_local (negotiation, local);
  return negotiation;
}

static void
test_answer_direction (void)
{
  static const char *const offered[] = {"sendrecv", "sendonly", "recvonly", "inactive"};
  static const char *const answered[] = {"sendrecv", "recvonly", "sendonly", "inactive"};

  for (guint i = 0; i < G_N_ELEMENTS (offered); i++) {
    g_autoptr (MediaNegotiation) negotiation = make_negotiation ();
    g_autofree char *offer = listener_replace (browser, "sendonly", offered[i]);
    g_autofree char *wanted = g_strdup_printf ("\r\na=%s\r\n", answered[i]);
    g_autofree char *answer = NULL;
    g_autoptr (GError) error = NULL;

    g_assert_true (media_negotiation_take_offer (negotiation, offer, NULL, &error));
    g_assert_cmpint (media_negotiation_get_state (negotiation), ==, MEDIA_NEGOTIATION_RECEIVED);
    answer = media_negotiation_make_answer (negotiation, NULL, &error);
    g_assert_nonnull (strstr (answer, wanted));
    g_assert_nonnull (strstr (answer, "\r\na=setup:active\r\n"));
    g_assert_cmpint (media_negotiation_get_state (negotiation), ==, MEDIA_NEGOTIATION_STABLE);
  }
}

/* A browser adds a picture in the call: a second line of sound, and one of video. */
static void
test_more_lines (void)
{
  g_autoptr (MediaNegotiation) negotiation = make_negotiation ();
  g_autofree char *grouped = listener_replace (browser, "BUNDLE 0", "BUNDLE 0 1 2");
  g_autofree char *more = g_strconcat (grouped,
                                       "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\n"
                                       "a=rtpmap:111 opus/48000/2\r\na=rtcp-mux\r\n"
                                       "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:2\r\n",
                                       NULL);
  g_autofree char *reused = listener_replace (more, "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:2",
                                              "m=text 9 UDP/TLS/RTP/SAVPF 98\r\na=mid:3");
  g_autofree char *regrouped = listener_replace (reused, "BUNDLE 0 1 2", "BUNDLE 0 1 3");
  g_autofree char *first = NULL, *second = NULL, *third = NULL, *fourth = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (media_negotiation_take_offer (negotiation, browser, NULL, &error));
  first = media_negotiation_make_answer (negotiation, NULL, &error);
  g_assert_true (media_negotiation_take_offer (negotiation, more, NULL, &error));
  second = media_negotiation_make_answer (negotiation, NULL, &error);
  g_assert_nonnull (strstr (second, "a=group:BUNDLE 0\r\n"));
  g_assert_nonnull (strstr (second, "m=audio 0 UDP/TLS/RTP/SAVPF 111\r\n"));
  g_assert_nonnull (strstr (second, "m=video 0 UDP/TLS/RTP/SAVPF 96\r\n"));

  /* Lines that were there once stay (RFC 3264 8): in our offers, and the other side's. */
  third = media_negotiation_make_offer (negotiation, NULL, &error);
  g_assert_nonnull (strstr (third, "m=video 0 UDP/TLS/RTP/SAVPF 96\r\n"));
  g_assert_nonnull (strstr (third, "\r\na=setup:actpass\r\n"));
  media_negotiation_rollback (negotiation);
  g_assert_false (media_negotiation_take_offer (negotiation, browser, NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION);
  g_clear_error (&error);

  /* A line that was refused may be used for something else. */
  g_assert_true (media_negotiation_take_offer (negotiation, regrouped, NULL, &error));
  g_assert_no_error (error);
  fourth = media_negotiation_make_answer (negotiation, NULL, &error);
  g_assert_nonnull (strstr (fourth, "m=text 0 UDP/TLS/RTP/SAVPF 98\r\n"));
}

/* One change to a second offer each that would move what runs. */
static const Refusal changes[] = {
    {"kind", "m=audio 31594", "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:v\r\nm=audio 31594"},
    {"mid", "a=mid:0", "a=mid:1"},
    {"no-mid", "a=mid:0\r\n", ""},
    {"fingerprint", "SHA-256 96:C4", "SHA-256 96:C5"},
    {"codecs", "SAVPF 111", "SAVPF 0"},
};

static void
test_change (gconstpointer data)
{
  const Refusal *change = data;
  g_autoptr (MediaNegotiation) negotiation = make_negotiation ();
  g_autofree char *opus = listener_replace (browser, "SAVPF 111 63 9 0 8", "SAVPF 111");
  g_autofree char *bare = listener_replace (opus, "a=group:BUNDLE 0\r\n", "");
  g_autofree char *changed = listener_replace (bare, change->what, change->with);
  g_autofree char *answer = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (media_negotiation_take_offer (negotiation, bare, NULL, &error));
  answer = media_negotiation_make_answer (negotiation, NULL, &error);
  g_assert_nonnull (answer);
  g_assert_false (media_negotiation_take_offer (negotiation, changed, NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION);
  g_assert_cmpint (media_negotiation_get_state (negotiation), ==, MEDIA_NEGOTIATION_STABLE);
  g_assert_true (media_negotiation_take_offer (negotiation, bare, NULL, NULL));
}

/* One of the codecs that were offered stays, and it is not the one that is used. */
static void
test_codec_gone (void)
{
  g_autoptr (MediaNegotiation) negotiation = make_negotiation ();
  g_autofree char *without = listener_replace (browser, "SAVPF 111 63 9 0 8", "SAVPF 63 9 0 8");
  g_autofree char *answer = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (media_negotiation_take_offer (negotiation, browser, NULL, &error));
  answer = media_negotiation_make_answer (negotiation, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (media_negotiation_take_offer (negotiation, without, NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION);
}

/* One change each to an answer that does not fit its offer. */
static const Refusal answers[] = {
    {"lines", "m=audio", "m=video 0 UDP/TLS/RTP/SAVPF 96\r\nm=audio"},
    {"mid", "a=mid:0", "a=mid:5"},
    {"actpass", "a=setup:active", "a=setup:actpass"},
    {"codecs", " 111 9 0 8 110 126\r\n", " 112\r\na=rtpmap:112 opus/48000/2\r\n"},
    {"refused", "m=audio 31594", "m=audio 0"},
};

static void
test_answer_refused (gconstpointer data)
{
  const Refusal *change = data;
  g_autoptr (MediaNegotiation) negotiation = make_negotiation ();
  g_autofree char *offer = media_negotiation_make_offer (negotiation, NULL, NULL);
  g_autofree char *answer = listener_replace (offer, "a=setup:actpass", "a=setup:active");
  g_autofree char *bare = listener_replace (answer, "a=group:BUNDLE 0\r\n", "");
  g_autofree char *changed = listener_replace (bare, change->what, change->with);
  g_autoptr (GError) error = NULL;
  g_autoptr (MediaSdp) read = NULL;

  g_assert_null (media_negotiation_read_answer (negotiation, changed, NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION);
  read = media_negotiation_read_answer (negotiation, bare, NULL, NULL);
  g_assert_nonnull (read);
}

static const char *
find_version (const char *sdp)
{
  return strstr (sdp, "o=- ");
}

/* RFC 3264 8: the same session, and a version more each time. */
static void
test_version (void)
{
  g_autoptr (MediaNegotiation) negotiation = make_negotiation ();
  g_autofree char *first = media_negotiation_make_offer (negotiation, NULL, NULL);
  g_autofree char *second = NULL;
  guint64 id, next_id, version, next_version;

  media_negotiation_rollback (negotiation);
  media_negotiation_set_local (negotiation, media_sdp_parse (browser, NULL));
  second = media_negotiation_make_offer (negotiation, NULL, NULL);
  g_assert_cmpint (
      sscanf (find_version (first), "o=- %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, &id, &version),
      ==, 2);
  g_assert_cmpint (sscanf (find_version (second), "o=- %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT,
                           &next_id, &next_version),
                   ==, 2);
  g_assert_cmpuint (id, ==, next_id);
  g_assert_cmpuint (next_version, ==, version + 1);
  g_assert_cmpuint (id, <=, G_MAXINT64);
}

static void
add_all (const char *prefix, const Refusal *rows, guint n, GTestDataFunc func)
{
  for (guint i = 0; i < n; i++) {
    g_autofree char *path = g_strconcat (prefix, rows[i].name, NULL);

    g_test_add_data_func (path, &rows[i], func);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sdp/read", test_read);
  g_test_add_func ("/sdp/print", test_print);
  g_test_add_func ("/sdp/empty", test_empty);
  g_test_add_func ("/sdp/session-level", test_session_level);
  g_test_add_func ("/sdp/bombs", test_bombs);
  g_test_add_func ("/sdp/cut", test_cut);
  g_test_add_func ("/sdp/damaged", test_damaged);
  g_test_add_func ("/identity/fingerprint", test_fingerprint);
  g_test_add_func ("/identity/no-fingerprint", test_no_fingerprint);
  g_test_add_func ("/negotiation/answer-direction", test_answer_direction);
  g_test_add_func ("/negotiation/more-lines", test_more_lines);
  g_test_add_func ("/negotiation/codec-gone", test_codec_gone);
  g_test_add_func ("/negotiation/version", test_version);
  add_all ("/sdp/refused/", refusals, G_N_ELEMENTS (refusals), test_refused);
  add_all ("/negotiation/change/", changes, G_N_ELEMENTS (changes), test_change);
  add_all ("/negotiation/answer/", answers, G_N_ELEMENTS (answers), test_answer_refused);

  return g_test_run ();
}
