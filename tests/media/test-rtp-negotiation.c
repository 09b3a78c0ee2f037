/* test-rtp-negotiation.c - what rounds of descriptions with an ordinary phone come to */

#include "listener.h"
#include "telephone.h"

#include "media-rtp-negotiation-private.h"

#include <string.h>

#define OTHER_KEY "YTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw"
#define LONG_KEY "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ="

static const MediaRtpPolicy off = {SIP_SECURITY_OFF, FALSE};
static const MediaRtpPolicy prefer = {SIP_SECURITY_PREFER, TRUE};
static const MediaRtpPolicy require = {SIP_SECURITY_REQUIRE, TRUE};

static const char phone[] = TELEPHONE;

static MediaRtpNegotiation *
make_negotiation (MediaRtpPolicy policy)
{
  MediaRtpNegotiation *negotiation = media_rtp_negotiation_new ();
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string ("192.0.2.1");

  media_rtp_negotiation_set_policy (negotiation, policy);
  media_rtp_negotiation_set_place (negotiation, address, 6000, NULL);
  return negotiation;
}

static char *
describe (MediaRtpNegotiation *negotiation)
{
  g_autoptr (GError) error = NULL;
  char *text = media_rtp_negotiation_describe (negotiation, NULL, &error);

  g_assert_no_error (error);
  return text;
}

static MediaRtpOutcome
take_as (MediaRtpNegotiation *negotiation, const char *text, gboolean is_answer)
{
  g_autoptr (GError) error = NULL;
  MediaRtpOutcome outcome = media_rtp_negotiation_take (negotiation, text, is_answer, NULL, &error);

  if (outcome == MEDIA_RTP_REFUSED)
    g_assert_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION);
  else
    g_assert_no_error (error);
  return outcome;
}

/* An answer where one is waited for, else an offer. */
static MediaRtpOutcome
take (MediaRtpNegotiation *negotiation, const char *text)
{
  return take_as (negotiation, text, FALSE);
}

/* The key that goes with a tag of an offer, under which it was offered. */
static char *
make_keyed_answer (const char *offer, const char *suite, const char *proto)
{
  const char *at = strstr (offer, suite);
  g_autofree char *line = NULL;
  g_autofree char *answer = listener_replace (phone, "RTP/AVP 8 9 0 18 13 101", proto);

  while (!g_str_has_prefix (at, "a=crypto:"))
    at--;
  line = g_strndup (at, strcspn (at, " "));
  return g_strdup_printf ("%s%s %s inline:" KEY "\r\n", answer, line, suite);
}

static void
test_keys_change (void)
{
  g_autoptr (MediaRtpNegotiation) negotiation = make_negotiation (prefer);
  g_autofree char *offer = describe (negotiation);
  g_autofree char *suited = make_keyed_answer (offer, "AES_CM_128_HMAC_SHA1_80", "RTP/AVP 8");
  g_autofree char *wrong = listener_replace (suited, "HMAC_SHA1_80", "HMAC_SHA1_32");
  g_autofree char *tagged = listener_replace (suited, "a=crypto:4", "a=crypto:77");
  g_autofree char *other = listener_replace (suited, KEY, OTHER_KEY);
  g_autofree char *newer = listener_replace (other, "1821 1821", "1821 1822");
  g_autofree char *clear = listener_replace (phone, "1821 1821", "1821 1823");
  g_autofree char *again = NULL, *answer = NULL;
  const MediaRtpSdp *local;

  g_assert_nonnull (strstr (offer, "RTP/AVP 111 9 0 8 3 "));
  g_assert_cmpint (take (negotiation, wrong), ==, MEDIA_RTP_REFUSED);
  g_assert_cmpint (take (negotiation, tagged), ==, MEDIA_RTP_REFUSED);
  g_assert_cmpint (take (negotiation, suited), ==, MEDIA_RTP_ANSWERED);
  local = media_rtp_negotiation_get_local (negotiation);
  g_assert_cmpuint (local->keys->len, ==, 1);
  g_assert_cmpuint (g_array_index (local->keys, MediaSdes, 0).tag, ==, 4);

  /* Our key stays as long as the call lives; theirs may change. */
  again = describe (negotiation);
  g_assert_null (strstr (again, "a=crypto:1 "));
  g_assert_nonnull (strstr (again, "a=crypto:4 "));
  media_rtp_negotiation_rollback (negotiation);
  g_assert_cmpint (take (negotiation, newer), ==, MEDIA_RTP_OFFERED);
  answer = describe (negotiation);
  g_assert_nonnull (strstr (answer, "a=crypto:4 AES_CM_128_HMAC_SHA1_80 inline:"));
  g_assert_cmpint (strncmp (strstr (answer, "a=crypto:4"), strstr (offer, "a=crypto:4"), 70), ==,
                   0);
  /* What was encrypted does not go on in the clear. */
  g_assert_cmpint (take (negotiation, clear), ==, MEDIA_RTP_REFUSED);
}

/* One change each to an answer that does not fit its offer. */
static const Change answers[] = {
    {"lines", "m=audio", "m=video 0 RTP/AVP 96\r\nm=audio"},
    {"more-lines", "a=ptime:20\r\n", "a=ptime:20\r\nm=video 0 RTP/AVP 96\r\n"},
    {"codec", "8 9 0 18 13 101", "18"},
    {"refused", "audio 4020", "audio 0"},
    {"family", "c=IN IP4 192.0.2.7", "c=IN IP6 2001:db8::1"},
    {"key", "RTP/AVP", "RTP/SAVP"},
};

static void
test_answer_refused (gconstpointer data)
{
  const Change *change = data;
  g_autoptr (MediaRtpNegotiation) negotiation = make_negotiation (off);
  g_autofree char *offer = describe (negotiation);
  g_autofree char *text = listener_replace (phone, change->what, change->with);

  g_assert_cmpint (take (negotiation, text), ==, MEDIA_RTP_REFUSED);
  g_assert_true (media_rtp_negotiation_is_waiting (negotiation));
  g_assert_cmpint (take (negotiation, phone), ==, MEDIA_RTP_ANSWERED);
}

/* With SRTP required an answer in the clear is none. */
static void
test_answer_clear (void)
{
  g_autoptr (MediaRtpNegotiation) negotiation = make_negotiation (require);
  g_autofree char *offer = describe (negotiation);
  g_autofree char *keyed = make_keyed_answer (offer, "AEAD_AES_256_GCM", "RTP/SAVP 8");
  g_autofree char *good = listener_replace (keyed, KEY, LONG_KEY);

  g_assert_nonnull (strstr (offer, "RTP/SAVP "));
  g_assert_cmpint (take (negotiation, phone), ==, MEDIA_RTP_REFUSED);
  g_assert_cmpint (take (negotiation, keyed), ==, MEDIA_RTP_REFUSED);
  g_assert_cmpint (take (negotiation, good), ==, MEDIA_RTP_ANSWERED);
}

/* The phone that rang, the phone that was answered, and the same again. */
static void
test_answer_changes (void)
{
  g_autoptr (MediaRtpNegotiation) negotiation = make_negotiation (off);
  g_autofree char *offer = describe (negotiation);
  g_autofree char *other = listener_replace (phone, "o=root 1821", "o=root 77");
  g_autofree char *moved = listener_replace (other, "audio 4020", "audio 5020");
  g_autofree char *newer = listener_replace (moved, "77 1821", "77 1822");
  g_autofree char *changed = listener_replace (newer, "RTP/AVP 8 9 0 18", "RTP/AVP 9 18");
  g_autofree char *text = NULL;

  g_assert_cmpint (take (negotiation, phone), ==, MEDIA_RTP_ANSWERED);
  g_assert_cmpint (take_as (negotiation, phone, TRUE), ==, MEDIA_RTP_REPEATED);
  g_assert_cmpint (take_as (negotiation, moved, TRUE), ==, MEDIA_RTP_ANSWERED);
  g_assert_cmpuint (media_rtp_negotiation_get_remote (negotiation)->port, ==, 5020);
  g_assert_cmpint (take_as (negotiation, moved, TRUE), ==, MEDIA_RTP_REPEATED);
  g_assert_cmpint (take_as (negotiation, newer, TRUE), ==, MEDIA_RTP_REPEATED);
  g_assert_cmpint (take (negotiation, changed), ==, MEDIA_RTP_OFFERED);
  text = describe (negotiation);
  g_assert_nonnull (strstr (text, "RTP/AVP 9 101\r\n"));
  g_assert_false (media_rtp_negotiation_is_waiting (negotiation));
}

/* A call that a PBX hands on: the offer has another maker, and is answered as such. */
static void
test_offer_of_another (void)
{
  g_autoptr (MediaRtpNegotiation) negotiation = make_negotiation (off);
  g_autofree char *offer = describe (negotiation);
  g_autofree char *other = listener_replace (phone, "o=root 1821 1821", "o=other 5 1");
  g_autofree char *moved = listener_replace (other, "RTP/AVP 8 9 0 18 13 101", "RTP/AVP 0 101");
  g_autofree char *answer = NULL;

  g_assert_cmpint (take (negotiation, phone), ==, MEDIA_RTP_ANSWERED);
  g_assert_cmpint (take (negotiation, moved), ==, MEDIA_RTP_OFFERED);
  answer = describe (negotiation);
  g_assert_nonnull (strstr (answer, "RTP/AVP 0 101\r\n"));
  g_assert_false (media_rtp_negotiation_is_waiting (negotiation));
}

static void
test_directions (void)
{
  static const struct {
    SipDirection wanted;
    const char *offered;
    const char *answered;
  } rows[] = {
      {SIP_DIRECTION_SENDRECV, "a=sendrecv", "a=sendrecv"},
      {SIP_DIRECTION_SENDRECV, "a=sendonly", "a=recvonly"},
      {SIP_DIRECTION_SENDRECV, "a=recvonly", "a=sendonly"},
      {SIP_DIRECTION_SENDRECV, "a=inactive", "a=inactive"},
      {SIP_DIRECTION_SENDONLY, "a=sendrecv", "a=sendonly"},
      {SIP_DIRECTION_SENDONLY, "a=sendonly", "a=inactive"},
      {SIP_DIRECTION_SENDONLY, "a=recvonly", "a=sendonly"},
      {SIP_DIRECTION_SENDONLY, "a=inactive", "a=inactive"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (MediaRtpNegotiation) negotiation = make_negotiation (off);
    g_autofree char *offer = listener_replace (phone, "a=sendrecv", rows[i].offered);
    g_autofree char *answer = NULL, *next = NULL;

    media_rtp_negotiation_set_direction (negotiation, rows[i].wanted);
    g_assert_cmpint (take (negotiation, offer), ==, MEDIA_RTP_OFFERED);
    answer = describe (negotiation);
    g_assert_nonnull (strstr (answer, rows[i].answered));
    media_rtp_negotiation_set_direction (negotiation, SIP_DIRECTION_SENDRECV);
    next = describe (negotiation);
    g_assert_nonnull (strstr (next, "a=sendrecv"));
    /* What was agreed keeps its number, and the rest is offered again. */
    g_assert_nonnull (strstr (next, "RTP/AVP 9 111 0 8 3 101 110\r\n"));
  }
}

/* An offer is taken back at each point, and another one works. */
static void
test_rollback (void)
{
  g_autoptr (MediaRtpNegotiation) negotiation = make_negotiation (off);
  g_autofree char *moved = listener_replace (phone, "1821 1821", "1821 1822");
  g_autofree char *text = describe (negotiation);

  media_rtp_negotiation_rollback (negotiation);
  g_assert_false (media_rtp_negotiation_is_waiting (negotiation));
  g_assert_cmpint (take (negotiation, phone), ==, MEDIA_RTP_OFFERED);
  media_rtp_negotiation_rollback (negotiation);
  g_assert_null (media_rtp_negotiation_get_pending (negotiation));
  g_assert_null (media_rtp_negotiation_get_remote (negotiation));
  g_free (text);
  text = describe (negotiation);
  g_assert_true (media_rtp_negotiation_is_waiting (negotiation));
  g_assert_cmpint (take (negotiation, phone), ==, MEDIA_RTP_ANSWERED);
  g_assert_cmpint (take (negotiation, moved), !=, MEDIA_RTP_REFUSED);
  media_rtp_negotiation_rollback (negotiation);
  g_free (text);
  text = describe (negotiation);
  g_assert_true (media_rtp_negotiation_is_waiting (negotiation));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rtp-negotiation/keys-change", test_keys_change);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++) {
    g_autofree char *path = g_strdup_printf ("/rtp-negotiation/answer-refused/%s", answers[i].name);

    g_test_add_data_func (path, &answers[i], test_answer_refused);
  }
  g_test_add_func ("/rtp-negotiation/answer-clear", test_answer_clear);
  g_test_add_func ("/rtp-negotiation/answer-changes", test_answer_changes);
  g_test_add_func ("/rtp-negotiation/offer-of-another", test_offer_of_another);
  g_test_add_func ("/rtp-negotiation/directions", test_directions);
  g_test_add_func ("/rtp-negotiation/rollback", test_rollback);

  return g_test_run ();
}
