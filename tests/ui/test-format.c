/* test-format.c - the sentences a person reads, and that nothing remote can bend them */

#include "ui-call.h"
#include "ui-format.h"
#include "ui-spoken.h"

#include <string.h>

typedef struct {
  const char *in;
  const char *out; /* NULL: refused */
} Pair;

static void
test_clean (void)
{
  static const Pair rows[] = {
      {"Ben", "Ben"},
      {"", ""},
      {NULL, ""},
      {"  Ben\t", "Ben"},
      {"<b>Ben</b> & co", "<b>Ben</b> & co"},
      {"Ben\r\nEvil: 1", "BenEvil: 1"},
      {"a\xe2\x80\xaez\xe2\x81\xa6y\xe2\x80\x8bx", "azyx"},
      {"\xef\xbb\xbf"
       "Ben",
       "Ben"},
      {"\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd"},
      {"李雪", "李雪"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *clean = ui_format_clean (rows[i].in);

    g_assert_cmpstr (clean, ==, rows[i].out);
  }

  g_autofree char *huge = g_strnfill (10000, 'x');
  g_autofree char *cut = ui_format_clean (huge);

  g_assert_cmpuint (strlen (cut), ==, 128);
}

static void
test_address (void)
{
  static const Pair rows[] = {
      {"sip:anna@example.com", "anna@example.com"},
      {"SIPS:anna@example.com:5061;transport=tls?Subject=x", "anna@example.com:5061"},
      {"sip:a;b@example.com;lr", "a;b@example.com"},
      {"tel:+49301234;phone-context=x", "+49301234"},
      {"sip:[2001:db8::1]", "[2001:db8::1]"},
      {NULL, ""},
  };
  static const Pair hosts[] = {
      {"sip:anna@example.com:5060;transport=tcp", "example.com"},
      {"sip:example.com", "example.com"},
      {"wss://example.com/ws", "example.com"},
      {"wss://example.com:8443/ws", "example.com"},
      {"sip:a@[2001:db8::1]:5060", "[2001:db8::1]"},
      {"anna@example.com", "example.com"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *address = ui_format_address (rows[i].in);

    g_assert_cmpstr (address, ==, rows[i].out);
  }
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++) {
    g_autofree char *host = ui_format_host (hosts[i].in);

    g_assert_cmpstr (host, ==, hosts[i].out);
  }
}

static void
test_name (void)
{
  static const struct {
    const char *display_name, *uri, *out;
  } rows[] = {
      {"Anna Lindqvist", "sip:anna@example.com", "Anna Lindqvist"},
      {NULL, "sip:anna@example.com", "anna"},
      {"", "sip:+4930123@example.com;user=phone", "+4930123"},
      {"\xe2\x80\x8b", "sip:anna@example.com", "anna"},
      {NULL, "sip:192.0.2.1", "192.0.2.1"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (SipNameAddr) identity = sip_name_addr_new (rows[i].display_name, rows[i].uri);
    g_autofree char *name = ui_format_name (identity);

    g_assert_cmpstr (name, ==, rows[i].out);
  }
}

static void
test_duration (void)
{
  static const struct {
    gint64 seconds;
    const char *out;
  } rows[] = {{0, "00:00"},      {59, "00:59"},         {252, "04:12"}, {3599, "59:59"},
              {3600, "1:00:00"}, {360000, "100:00:00"}, {-5, "00:00"}};

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *duration = ui_format_duration (rows[i].seconds);

    g_assert_cmpstr (duration, ==, rows[i].out);
  }
}

static void
test_end (void)
{
  static const struct {
    SipCause cause;
    guint status_code;
    gboolean outgoing;
    gint64 seconds;
    const char *out;
  } rows[] = {
      {SIP_CAUSE_NONE, 0, TRUE, 252, "Call ended · 04:12"},
      {SIP_CAUSE_NONE, 0, TRUE, -1, "You hung up."},
      {SIP_CAUSE_NONE, 0, FALSE, -1, "You declined."},
      {SIP_CAUSE_BYE, 0, TRUE, 252, "Ben hung up · 04:12"},
      {SIP_CAUSE_CANCELED, 487, TRUE, -1, "You hung up."},
      {SIP_CAUSE_CANCELED, 0, FALSE, -1, "Ben hung up before you answered."},
      {SIP_CAUSE_ANSWERED_ELSEWHERE, 0, FALSE, -1, "Answered on another phone."},
      {SIP_CAUSE_NO_ANSWER, 0, FALSE, -1, "You didn’t answer."},
      {SIP_CAUSE_BUSY, 486, TRUE, -1, "Ben is in another call."},
      {SIP_CAUSE_BUSY, 600, TRUE, -1, "Ben is in another call."},
      {SIP_CAUSE_REJECTED, 603, TRUE, -1, "Ben declined."},
      {SIP_CAUSE_REJECTED, 603, FALSE, -1, "You declined."},
      {SIP_CAUSE_REJECTED, 403, TRUE, -1, "example.com won’t let you call this number."},
      {SIP_CAUSE_UNAVAILABLE, 480, TRUE, -1, "Ben isn’t reachable right now."},
      {SIP_CAUSE_UNAVAILABLE, 408, TRUE, -1, "Ben didn’t answer."},
      {SIP_CAUSE_NOT_FOUND, 404, TRUE, -1, "Nobody has the address ben@example.com."},
      {SIP_CAUSE_ADDRESS_INCOMPLETE, 484, TRUE, -1, "This number is incomplete."},
      {SIP_CAUSE_INCOMPATIBLE_SDP, 488, TRUE, -1,
       "Your phone and theirs have no sound format in common."},
      {SIP_CAUSE_AUTHENTICATION_ERROR, 401, TRUE, -1,
       "Wrong user name or password for example.com."},
      {SIP_CAUSE_SIP_FAILURE_CODE, 503, TRUE, -1, "example.com had a problem (503)."},
      {SIP_CAUSE_SIP_FAILURE_CODE, 416, TRUE, -1, "This number is incomplete."},
      {SIP_CAUSE_SIP_FAILURE_CODE, 420, TRUE, -1, "The call was refused (420)."},
      {SIP_CAUSE_SIP_FAILURE_CODE, 0, TRUE, -1, "The call failed."},
      {SIP_CAUSE_CONNECTION_ERROR, 0, TRUE, -1,
       "example.com doesn’t answer. You may be offline or a firewall blocks calls."},
      {SIP_CAUSE_REDIRECTED, 302, TRUE, -1, "Ben has moved to another address."},
      {SIP_CAUSE_NO_ACK, 0, FALSE, -1, "The connection to Ben was lost."},
      {SIP_CAUSE_WEBRTC_ERROR, 0, TRUE, -1, "Sound could not be set up on this computer."},
      {SIP_CAUSE_NOT_SECURE, 0, TRUE, 1, "Ended for your safety: that was not the phone of Ben."},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    UiEnd end = {.cause = rows[i].cause,
                 .status_code = rows[i].status_code,
                 .name = "Ben",
                 .address = "ben@example.com",
                 .host = "example.com",
                 .outgoing = rows[i].outgoing,
                 .seconds = rows[i].seconds};
    g_autofree char *sentence = ui_format_end (&end);

    g_assert_cmpstr (sentence, ==, rows[i].out);
  }
}

/* Every cause has words, also the ones that come later. */
static void
test_every_cause (void)
{
  g_autoptr (GEnumClass) causes = g_type_class_ref (SIP_TYPE_CAUSE);

  for (guint i = 0; i < causes->n_values; i++) {
    UiEnd end = {.cause = causes->values[i].value,
                 .name = "\xd7\x91\xd7\x9f",
                 .address = "+4930123@example.com",
                 .host = "example.com",
                 .outgoing = i % 2 == 0,
                 .seconds = -1};
    g_autofree char *sentence = ui_format_end (&end);

    g_assert_cmpuint (strlen (sentence), >, 8);
    g_assert_true (g_utf8_validate (sentence, -1, NULL));
  }
}

static void
test_number (void)
{
  UiEnd end = {.cause = SIP_CAUSE_NOT_FOUND,
               .name = "+4930123",
               .address = "+4930123@example.com",
               .host = "example.com",
               .outgoing = TRUE,
               .seconds = -1};
  g_autofree char *number = ui_format_end (&end);

  g_assert_cmpstr (number, ==, "This number doesn’t exist.");

  /* A name written from right to left stays in its place. */
  end.cause = SIP_CAUSE_BUSY;
  end.name = "\xd7\x91\xd7\x9f";

  g_autofree char *sentence = ui_format_end (&end);

  g_assert_true (g_str_has_prefix (sentence, "\u2068"));
  g_assert_nonnull (strstr (sentence, "\u2069 is in"));
}

static void
test_sign_in (void)
{
  static const struct {
    guint status_code;
    const char *out;
  } rows[] = {
      {401, "Wrong user name or password for Work."},
      {403, "Wrong user name or password for Work."},
      {404, "example.com doesn’t know this address."},
      {500, "example.com had a problem (500)."},
      {0, "example.com doesn’t answer. You may be offline or a firewall blocks calls."},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = ui_format_sign_in_failure (rows[i].status_code, "Work", "example.com");

    g_assert_cmpstr (text, ==, rows[i].out);
  }
}

static void
test_no_relay (void)
{
  g_autofree char *text = ui_format_no_relay ("alice@example.org");

  g_assert_cmpstr (text, ==,
                   "The relay of alice@example.org can’t be used. Check its address, user name and "
                   "password.");
}

static void
test_link (void)
{
  static const Pair rows[] = {
      {"sip:bob@example.org", "sip:bob@example.org"},
      {"SIP:bob@example.org", "SIP:bob@example.org"},
      {"sips:bob@example.org;transport=tcp", "sips:bob@example.org;transport=tcp"},
      {"sip:bob@example.org;method=MESSAGE;lr;transport=udp", "sip:bob@example.org;transport=udp"},
      {"sip:bob@example.org?Replaces=1%40a&Subject=x", "sip:bob@example.org"},
      {"sip:bob%0d%0aVia:x@example.org", "sip:bobVia:x@example.org"},
      {"sip:bob%00%7F@example.org", "sip:bob@example.org"},
      {"sip:b\xe2\x80\xaeob@example.org\r\n", "sip:bob@example.org"},
      {"sip:<bob@example.org>", "sip:bob@example.org"},
      {"tel:+49-30-1234567", "+49-30-1234567"},
      {"tel:+4930;phone-context=example.org", "+4930"},
      {"callto:bob@example.org", "bob@example.org"},
      {"callto://+4930", "+4930"},
      {"sip:", NULL},
      {"sip:?x=y", NULL},
      {"tel:", NULL},
      {"http://example.org", NULL},
      {"bob@example.org", NULL},
      {"", NULL},
      {"sip:\xff", NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = ui_format_link (rows[i].in);

    g_assert_cmpstr (text, ==, rows[i].out);
  }

  g_autofree char *filler = g_strnfill (2000, '1');
  g_autofree char *huge = g_strconcat ("tel:", filler, NULL);

  g_assert_null (ui_format_link (huge));
}

static void
test_phase (void)
{
  static const struct {
    SipSessionStatus status;
    UiCallPhase ours, theirs;
  } rows[] = {
      {SIP_SESSION_STATUS_NULL, UI_CALL_PHASE_CALLING, UI_CALL_PHASE_INCOMING},
      {SIP_SESSION_STATUS_INVITE_SENT, UI_CALL_PHASE_CALLING, UI_CALL_PHASE_INCOMING},
      {SIP_SESSION_STATUS_EARLY_MEDIA, UI_CALL_PHASE_CALLING, UI_CALL_PHASE_INCOMING},
      {SIP_SESSION_STATUS_1XX_RECEIVED, UI_CALL_PHASE_RINGING, UI_CALL_PHASE_RINGING},
      {SIP_SESSION_STATUS_WAITING_FOR_ANSWER, UI_CALL_PHASE_INCOMING, UI_CALL_PHASE_INCOMING},
      {SIP_SESSION_STATUS_ANSWERED, UI_CALL_PHASE_CONNECTING, UI_CALL_PHASE_CONNECTING},
      {SIP_SESSION_STATUS_WAITING_FOR_ACK, UI_CALL_PHASE_TALKING, UI_CALL_PHASE_TALKING},
      {SIP_SESSION_STATUS_CONFIRMED, UI_CALL_PHASE_TALKING, UI_CALL_PHASE_TALKING},
      {SIP_SESSION_STATUS_CANCELED, UI_CALL_PHASE_ENDED, UI_CALL_PHASE_ENDED},
      {SIP_SESSION_STATUS_TERMINATED, UI_CALL_PHASE_ENDED, UI_CALL_PHASE_ENDED},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_assert_cmpint (ui_call_phase_of (rows[i].status, TRUE), ==, rows[i].ours);
    g_assert_cmpint (ui_call_phase_of (rows[i].status, FALSE), ==, rows[i].theirs);
  }
}

static void
test_transfer (void)
{
  static const struct {
    guint status_code;
    const char *words;
  } rows[] = {
      {0, "Ben could not be reached. Anna is still here."},
      {404, "Nobody is at the address of Ben. Anna is still here."},
      {405, "The phone of Anna cannot be transferred. Anna is still here."},
      {480, "Ben didn’t answer. Anna is still here."},
      {486, "Ben is in another call. Anna is still here."},
      {603, "Ben declined. Anna is still here."},
  };
  g_autofree char *offer = ui_format_transfer_offer ("Anna", "Ben");
  g_autofree char *unknown = ui_format_transfer_offer ("Anna", NULL);
  g_autofree char *hostile = ui_format_transfer_done ("{2}<b>", "ש");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *words = ui_format_transfer_failure (rows[i].status_code, "Anna", "Ben");

    g_assert_cmpstr (words, ==, rows[i].words);
  }
  g_assert_cmpstr (offer, ==, "Give Anna to Ben");
  g_assert_cmpstr (unknown, ==, "Transfer Anna to…");
  g_assert_cmpstr (hostile, ==, "\u2068ש\u2069 answered {2}<b>. Done.");
}

static void
test_hold (void)
{
  g_autofree char *ours = ui_format_hold ("Anna", TRUE, FALSE);
  g_autofree char *theirs = ui_format_hold ("Anna", FALSE, TRUE);
  g_autofree char *both = ui_format_hold ("Anna", TRUE, TRUE);

  g_assert_cmpstr (ours, ==, "You put Anna on hold");
  g_assert_cmpstr (theirs, ==, "Anna put you on hold");
  g_assert_cmpstr (both, ==, "You and Anna put each other on hold");
}

static void
test_sound (void)
{
  static const struct {
    double mos;
    SipMediaTrouble trouble;
    gboolean is_wide;
    const char *words;
  } rows[] = {
      {4.3, SIP_MEDIA_TROUBLE_NONE, TRUE, "Good sound"},
      {4, SIP_MEDIA_TROUBLE_NONE, TRUE, "Good sound"},
      {3.9, SIP_MEDIA_TROUBLE_NONE, TRUE, "Fair sound"},
      {3, SIP_MEDIA_TROUBLE_NONE, TRUE, "Poor sound"},
      {0, SIP_MEDIA_TROUBLE_NONE, TRUE, "Wideband sound"},
      {0, SIP_MEDIA_TROUBLE_NONE, FALSE, NULL},
      {4.3, SIP_MEDIA_TROUBLE_NOT_HEARD, TRUE, "They can’t hear you"},
      {0, SIP_MEDIA_TROUBLE_NOTHING_ARRIVES, TRUE, "No sound arrives"},
      {4.3, SIP_MEDIA_TROUBLE_NOTHING_LEAVES, TRUE, "Nothing is sent"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (SipMediaStats) stats =
        g_object_new (SIP_TYPE_MEDIA_STATS, "mos", rows[i].mos, "trouble", rows[i].trouble, NULL);
    g_autofree char *words = ui_format_sound (stats, rows[i].is_wide);

    g_assert_cmpstr (words, ==, rows[i].words);
  }
}

/* Both ways, as far as anything is known of them. */
static void
test_both_ways (void)
{
  g_autoptr (SipMediaStats) stats =
      g_object_new (SIP_TYPE_MEDIA_STATS, "packets-received", G_GUINT64_CONSTANT (100), "loss",
                    6.04, "jitter", 12.0, "remote-loss", 0.4, "round-trip", 38.0, NULL);
  g_autoptr (SipMediaStats) silent =
      g_object_new (SIP_TYPE_MEDIA_STATS, "remote-loss", -1.0, "round-trip", -1.0, NULL);
  g_autofree char *theirs = ui_format_their_sound (stats);
  g_autofree char *ours = ui_format_our_sound (stats);

  g_assert_cmpstr (theirs, ==, "Their voice: 6.0 % lost, 12 ms of jitter");
  g_assert_cmpstr (ours, ==, "Your voice reaches them: 0.4 % lost, there and back in 38 ms");
  g_assert_null (ui_format_their_sound (silent));
  g_assert_null (ui_format_our_sound (silent));
  g_assert_null (ui_format_their_sound (NULL));
}

static void
test_protection (void)
{
  static const struct {
    gboolean is_encrypted;
    const char *host, *words;
  } rows[] = {
      {FALSE, "example.org", "Not encrypted: whoever the sound passes can listen."},
      {TRUE, NULL, "Encrypted from phone to phone. Nobody vouches for who has the other one."},
      {TRUE, "example.org",
       "Encrypted from phone to phone. The keys went by example.org, which could listen."},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *words = ui_format_protection (rows[i].is_encrypted, rows[i].host);

    g_assert_cmpstr (words, ==, rows[i].words);
  }
}

static void
test_spoken (void)
{
  static const Pair rows[] = {
      {"", ""},
      {"Anna", "Anna"},
      {"+49 (30) 12-34", "+ 4 9 3 0 1 2 3 4"},
      {"Call 0301234", "Call 0 3 0 1 2 3 4"},
      {"sip:12345@example.org", "sip:1 2 3 4 5@example.org"},
      {"12345 and 67890", "1 2 3 4 5 and 6 7 8 9 0"},
      {"Room 2010, +1", "Room 2010, +1"},
      {"sip:7@192.168.100.200:5070", "sip:7@192.168.100.200:5070"},
      {"12:34:56", "12:34:56"},
      {"李雪 010 5555", "李雪 0 1 0 5 5 5 5"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *spoken = ui_spoken_format (rows[i].in);

    g_assert_cmpstr (spoken, ==, rows[i].out);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/format/clean", test_clean);
  g_test_add_func ("/format/address", test_address);
  g_test_add_func ("/format/name", test_name);
  g_test_add_func ("/format/duration", test_duration);
  g_test_add_func ("/format/end", test_end);
  g_test_add_func ("/format/every-cause", test_every_cause);
  g_test_add_func ("/format/number", test_number);
  g_test_add_func ("/format/sign-in", test_sign_in);
  g_test_add_func ("/format/no-relay", test_no_relay);
  g_test_add_func ("/format/link", test_link);
  g_test_add_func ("/format/transfer", test_transfer);
  g_test_add_func ("/format/hold", test_hold);
  g_test_add_func ("/format/sound", test_sound);
  g_test_add_func ("/format/both-ways", test_both_ways);
  g_test_add_func ("/format/protection", test_protection);
  g_test_add_func ("/format/spoken", test_spoken);
  g_test_add_func ("/call/phase", test_phase);
  return g_test_run ();
}
