/* test-modifiers.c - what the ready-made modifiers make of descriptions of browsers and phones */

#include "listener.h"

#include "media-modifiers.h"

#include "sip-error.h"

#include <string.h>

/* As a browser offers sound and picture. */
static const char browser[] =
    "v=0\r\n"
    "o=- 8460720788587217236 2 IN IP4 127.0.0.1\r\n"
    "s=-\r\n"
    "t=0 0\r\n"
    "a=group:BUNDLE 0 1 2\r\n"
    "a=group:LS 0 1\r\n"
    "a=extmap-allow-mixed\r\n"
    "m=audio 31594 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126\r\n"
    "c=IN IP4 192.0.2.7\r\n"
    "a=rtcp:9 IN IP4 0.0.0.0\r\n"
    "a=candidate:9049 1 udp 2122260223 192.0.2.7 31594 typ host generation 0\r\n"
    "a=candidate:a+/b 1 tcp 1518280447 192.0.2.7 9 typ host tcptype active\r\n"
    "a=candidate:3411 1 TCP 1518280447 192.0.2.7 9 typ host tcptype active\r\n"
    "a=ice-ufrag:IUr/\r\n"
    "a=mid:0\r\n"
    "a=sendrecv\r\n"
    "a=rtcp-mux\r\n"
    "a=rtpmap:111 opus/48000/2\r\n"
    "a=rtcp-fb:111 transport-cc\r\n"
    "a=fmtp:111 minptime=10;useinbandfec=1\r\n"
    "a=rtpmap:63 red/48000/2\r\n"
    "a=fmtp:63 111/111\r\n"
    "a=rtpmap:9 G722/8000\r\n"
    "a=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:8 PCMA/8000\r\n"
    "a=rtpmap:13 CN/8000\r\n"
    "a=rtpmap:110 telephone-event/48000\r\n"
    "a=fmtp:110 0-15\r\n"
    "a=rtpmap:126 telephone-event/8000\r\n"
    "a=maxptime:20\r\n"
    "m=video 0 UDP/TLS/RTP/SAVPF 96 97 98 99\r\n"
    "c=IN IP4 0.0.0.0\r\n"
    "a=bundle-only\r\n"
    "a=mid:1\r\n"
    "a=recvonly\r\n"
    "a=rtpmap:96 VP8/90000\r\n"
    "a=rtcp-fb:96 nack pli\r\n"
    "a=rtpmap:97 rtx/90000\r\n"
    "a=fmtp:97 apt=96\r\n"
    "a=rtpmap:98 H264/90000\r\n"
    "a=fmtp:98 level-asymmetry-allowed=1;packetization-mode=1\r\n"
    "a=rtpmap:99 rtx/90000\r\n"
    "a=fmtp:99 apt=98\r\n"
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
    "c=IN IP4 0.0.0.0\r\n"
    "a=mid:2\r\n"
    "a=sctp-port:5000\r\n";

/* As a phone with a camera does, with streams that no browser knows. */
static const char phone[] =
    "v=0\r\n"
    "o=bob 1 2 IN IP4 192.0.2.9\r\n"
    "s=call\r\n"
    "c=IN IP4 192.0.2.9\r\n"
    "b=AS:512\r\n"
    "t=0 0\r\n"
    "m=audio 4000 RTP/AVP 0 8 9 18 101\r\n"
    "a=rtpmap:101 telephone-event/8000\r\n"
    "a=fmtp:101 0-16\r\n"
    "a=ptime:20\r\n"
    "m=video 4002/2 RTP/AVP 34\r\n"
    "a=inactive\r\n"
    "m=audio 4010 RTP/SAVP 9\r\n"
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n"
    "a=recvonly\r\n"
    "m=image 4004 udptl t38\r\n"
    "a=T38FaxVersion:0\r\n"
    "m=audio 0 RTP/AVP 3\r\n";

static SipModifiers *
make_strip_opus (void)
{
  return sip_modifiers_strip_payload ("OPUS");
}

static SipModifiers *
make_strip_g722 (void)
{
  return sip_modifiers_strip_payload ("G722");
}

static SipModifiers *
make_strip_vp8 (void)
{
  return sip_modifiers_strip_payload ("VP8");
}

static SipModifiers *
make_strip_unknown (void)
{
  return sip_modifiers_strip_payload ("PCM");
}

static SipModifiers *
make_reorder (void)
{
  static const char *const names[] = {"PCMA", "telephone-event", "H264", "PCMU", NULL};

  return sip_modifiers_reorder_codecs (names);
}

static SipModifiers *
make_reorder_nothing (void)
{
  static const char *const names[] = {NULL};

  return sip_modifiers_reorder_codecs (names);
}

static SipModifiers *
make_ptime (void)
{
  return sip_modifiers_force_ptime (40);
}

#define MAX_CHANGES 5

typedef struct {
  const char *name;
  SipModifiers *(*make) (void);
  const char *before;
  const char *changes[MAX_CHANGES][2]; /* what is changed into what, and nothing else */
} Row;

static const Row rows[] = {
    {"strip-video/browser",
     sip_modifiers_strip_video,
     browser,
     {{"BUNDLE 0 1 2", "BUNDLE 0 2"}, {"LS 0 1", "LS 0"}, {"a=bundle-only\r\n", ""}}},
    {"strip-video/phone", sip_modifiers_strip_video, phone, {{"m=video 4002/2", "m=video 0"}}},
    {"strip-tcp-candidates/browser",
     sip_modifiers_strip_tcp_candidates,
     browser,
     {{"a=candidate:a+/b 1 tcp 1518280447 192.0.2.7 9 typ host tcptype active\r\n", ""},
      {"a=candidate:3411 1 TCP 1518280447 192.0.2.7 9 typ host tcptype active\r\n", ""}}},
    {"strip-tcp-candidates/phone", sip_modifiers_strip_tcp_candidates, phone, {{NULL}}},
    {"strip-telephone-event/browser",
     sip_modifiers_strip_telephone_event,
     browser,
     {{" 110 126\r\n", "\r\n"},
      {"a=rtpmap:110 telephone-event/48000\r\na=fmtp:110 0-15\r\n", ""},
      {"a=rtpmap:126 telephone-event/8000\r\n", ""}}},
    {"strip-telephone-event/phone",
     sip_modifiers_strip_telephone_event,
     phone,
     {{" 101\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n", "\r\n"}}},
    {"strip-payload/browser",
     make_strip_opus,
     browser,
     {{" 111 63 ", " "},
      {"a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\n"
       "a=fmtp:111 minptime=10;useinbandfec=1\r\n",
       ""},
      {"a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n", ""}}},
    {"strip-payload/phone",
     make_strip_g722,
     phone,
     {{" 9 18", " 18"}, {"m=audio 4010", "m=audio 0"}}},
    {"strip-payload/repeated",
     make_strip_vp8,
     browser,
     {{"SAVPF 96 97 98", "SAVPF 98"},
      {"a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack pli\r\n", ""},
      {"a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n", ""}}},
    {"strip-payload/unknown-browser", make_strip_unknown, browser, {{NULL}}},
    {"strip-payload/unknown-phone", make_strip_unknown, phone, {{NULL}}},
    {"reorder-codecs/browser",
     make_reorder,
     browser,
     {{"111 63 9 0 8 13 110 126", "8 110 126 0 111 63 9 13"}, {"96 97 98 99", "98 96 97 99"}}},
    {"reorder-codecs/phone", make_reorder, phone, {{"0 8 9 18 101", "8 101 0 9 18"}}},
    {"reorder-codecs/nothing", make_reorder_nothing, browser, {{NULL}}},
    {"force-ptime/browser",
     make_ptime,
     browser,
     {{"a=maxptime:20\r\n", "a=maxptime:40\r\na=ptime:40\r\n"}}},
    {"force-ptime/phone",
     make_ptime,
     phone,
     {{"a=ptime:20\r\n", "a=ptime:40\r\n"},
      {"a=recvonly\r\n", "a=recvonly\r\na=ptime:40\r\n"},
      {"m=audio 0 RTP/AVP 3\r\n", "m=audio 0 RTP/AVP 3\r\na=ptime:40\r\n"}}},
    {"add-mid/browser", sip_modifiers_add_mid, browser, {{NULL}}},
    {"add-mid/phone",
     sip_modifiers_add_mid,
     phone,
     {{"a=ptime:20\r\n", "a=ptime:20\r\na=mid:0\r\n"},
      {"a=inactive\r\n", "a=inactive\r\na=mid:1\r\n"},
      {"a=recvonly\r\n", "a=recvonly\r\na=mid:2\r\n"},
      {"a=T38FaxVersion:0\r\n", "a=T38FaxVersion:0\r\na=mid:3\r\n"},
      {"m=audio 0 RTP/AVP 3\r\n", "m=audio 0 RTP/AVP 3\r\na=mid:4\r\n"}}},
    {"hold/browser",
     sip_modifiers_hold,
     browser,
     {{"a=sendrecv", "a=sendonly"}, {"a=recvonly", "a=inactive"}}},
    {"hold/phone",
     sip_modifiers_hold,
     phone,
     {{"a=ptime:20\r\n", "a=ptime:20\r\na=sendonly\r\n"}, {"a=recvonly", "a=inactive"}}},
};

static char *
run (SipModifiers *modifiers, const char *sdp)
{
  g_autoptr (GError) error = NULL;
  char *changed = sip_modifiers_apply (modifiers, "offer", sdp, &error);

  g_assert_no_error (error);
  return changed;
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  SipModifiers *modifiers = row->make ();
  g_autofree char *wanted = g_strdup (row->before);
  g_autofree char *once = run (modifiers, row->before);
  g_autofree char *twice = run (modifiers, once);

  for (guint i = 0; i < MAX_CHANGES && row->changes[i][0] != NULL; i++) {
    char *changed = listener_replace (wanted, row->changes[i][0], row->changes[i][1]);

    g_free (wanted);
    wanted = changed;
  }
  g_assert_cmpstr (once, ==, wanted);
  g_assert_cmpstr (twice, ==, once);
  g_assert_finalize_object (modifiers);
}

/* Where the session speaks for its sections, in either direction. */
static void
test_hold_session (void)
{
  static const char *const directions[][2] = {{"sendrecv", "sendonly"},
                                              {"recvonly", "inactive"},
                                              {"sendonly", "sendonly"},
                                              {"inactive", "inactive"}};
  g_autoptr (SipModifiers) modifiers = sip_modifiers_hold ();

  for (guint i = 0; i < G_N_ELEMENTS (directions); i++) {
    g_autofree char *line = g_strdup_printf ("t=0 0\r\na=%s\r\n", directions[i][0]);
    g_autofree char *before = listener_replace (phone, "t=0 0\r\n", line);
    g_autofree char *once = run (modifiers, before);
    g_autofree char *twice = run (modifiers, once);
    g_autofree char *of_session = g_strdup_printf ("t=0 0\r\na=%s\r\n", directions[i][1]);
    g_autofree char *of_media = g_strdup_printf ("a=ptime:20\r\na=%s\r\n", directions[i][1]);

    g_assert_nonnull (strstr (once, of_session));
    g_assert_nonnull (strstr (once, of_media));
    g_assert_cmpstr (twice, ==, once);
  }
}

/* A name that would be given is taken already. */
static void
test_mid_taken (void)
{
  g_autofree char *before = listener_replace (phone, "a=inactive\r\n", "a=inactive\r\na=mid:0\r\n");
  g_autoptr (SipModifiers) modifiers = sip_modifiers_add_mid ();
  g_autofree char *after = run (modifiers, before);

  g_assert_nonnull (strstr (after, "a=ptime:20\r\na=mid:5\r\n"));
  g_assert_nonnull (strstr (after, "a=recvonly\r\na=mid:2\r\n"));
}

/* A section's title is lost, and nothing behind it. */
static void
test_title (void)
{
  g_autofree char *before = listener_replace (
      phone, "a=inactive\r\n", "i=the camera\r\nc=IN IP4 192.0.2.8\r\na=inactive\r\n");
  g_autoptr (SipModifiers) modifiers = sip_modifiers_add_mid ();
  g_autofree char *after = run (modifiers, before);

  g_assert_nonnull (strstr (after, "RTP/AVP 34\r\nc=IN IP4 192.0.2.8\r\na=inactive\r\n"));
}

/* Several in a row, on a description with bare LF. */
static void
test_row_of_them (void)
{
  g_autofree char *bare = listener_replace (browser, "\r\n", "\n");
  g_autoptr (SipModifiers) video = sip_modifiers_strip_video ();
  g_autoptr (SipModifiers) opus = make_strip_opus ();
  g_autoptr (SipModifiers) held = sip_modifiers_hold ();
  g_autofree char *one = run (video, bare), *two = run (opus, one), *three = run (held, two);

  g_assert_nonnull (strstr (three, "m=audio 31594 UDP/TLS/RTP/SAVPF 9 0 8 13 110 126\r\n"));
  g_assert_nonnull (strstr (three, "m=video 0 UDP"));
  g_assert_nonnull (strstr (three, "a=sendonly\r\n"));
  for (const char *c = strchr (three, '\n'); c != NULL; c = strchr (c + 1, '\n'))
    g_assert_cmpint (c[-1], ==, '\r');
}

static void
test_refused (void)
{
  static const char *const texts[] = {"", "hello", "v=0\r\n", "v=0\r\nm=audio\r\n",
                                      "v=0\r\nm=audio 99999 RTP/AVP 0\r\n"};
  g_autofree char *lines = g_strnfill (20000, 'x');
  g_autofree char *bomb = g_strconcat (browser, "a=", lines, "\r\n", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (SipModifiers) modifiers = rows[i].make ();

    for (guint at = 0; at <= G_N_ELEMENTS (texts); at++) {
      g_autoptr (GError) error = NULL;

      g_assert_null (sip_modifiers_apply (modifiers, "offer",
                                          at < G_N_ELEMENTS (texts) ? texts[at] : bomb, &error));
      g_assert_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION);
    }
  }
}

/* Attributes that have nothing where something should be, and descriptions that were hit. */
static void
test_damaged (void)
{
  g_autofree char *empty = listener_replace (
      browser, "a=extmap-allow-mixed\r\n",
      "a=group\r\na=group:\r\na=group: \r\na=\r\na=:\r\nm=video 9 RTP/AVP 1\r\na=rtpmap\r\n"
      "a=rtpmap:\r\na=rtpmap:1\r\na=fmtp\r\na=candidate\r\na=candidate:\r\na=mid\r\na=mid:\r\n");

  for (guint i = 0; i < G_N_ELEMENTS (rows) * 100; i++) {
    g_autofree char *text = g_strdup (i < G_N_ELEMENTS (rows) ? empty : browser);
    g_autoptr (SipModifiers) modifiers = rows[i % G_N_ELEMENTS (rows)].make ();
    g_autofree char *once = NULL;

    for (guint hits = i < G_N_ELEMENTS (rows) ? 0 : g_test_rand_int_range (1, 6); hits > 0; hits--)
      text[g_test_rand_int_range (0, strlen (browser))] = g_test_rand_int_range (1, 128);
    once = sip_modifiers_apply (modifiers, "answer", text, NULL);
    if (once != NULL) {
      g_autofree char *twice = sip_modifiers_apply (modifiers, "answer", once, NULL);

      g_assert_cmpstr (twice, ==, once);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strconcat ("/modifiers/", rows[i].name, NULL);

    g_test_add_data_func (path, &rows[i], test_row);
  }
  g_test_add_func ("/modifiers/hold/session", test_hold_session);
  g_test_add_func ("/modifiers/add-mid/taken", test_mid_taken);
  g_test_add_func ("/modifiers/title", test_title);
  g_test_add_func ("/modifiers/row", test_row_of_them);
  g_test_add_func ("/modifiers/refused", test_refused);
  g_test_add_func ("/modifiers/damaged", test_damaged);

  return g_test_run ();
}
