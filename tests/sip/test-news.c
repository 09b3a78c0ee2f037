/* test-news.c - what NOTIFYs say of a mailbox and of another phone, and what they only pretend */

#include "sip.h"

#include "sip-message-private.h"

#include <string.h>

static SipMessage *
make_notify (const char *type, const char *body)
{
  guint code = 0;
  g_autofree char *reply = NULL;
  g_autofree char *text = g_strdup_printf ("NOTIFY sip:alice@127.0.0.1 SIP/2.0\r\n"
                                           "Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKnews\r\n"
                                           "From: <sip:box@example.org>;tag=1\r\n"
                                           "To: <sip:alice@example.org>;tag=2\r\n"
                                           "Call-ID: news\r\nCSeq: 1 NOTIFY\r\n"
                                           "Max-Forwards: 70\r\nContent-Type: %s\r\n"
                                           "Content-Length: %zu\r\n\r\n%s",
                                           type, strlen (body), body);
  SipMessage *message = sip_message_parse (text, strlen (text), FALSE, &code, &reply);

  g_assert_nonnull (message);
  return message;
}

static void
test_mailbox (void)
{
  static const struct {
    const char *body;
    gboolean waiting;
    guint n_new;
    guint n_old;
    const char *account;
  } rows[] = {
      {"Messages-Waiting: yes\r\nMessage-Account: sip:box@example.org\r\nVoice-Message: 2/8 "
       "(0/2)\r\n",
       TRUE, 2, 8, "sip:box@example.org"},
      {"messages-waiting:YES\n", TRUE, 0, 0, NULL},
      {"Messages-Waiting: no\r\nvoice-message : 0/3\r\n", FALSE, 0, 3, NULL},
      {"Messages-Waiting: yes\r\nVoice-Message: -1/99999999999\r\n", TRUE, 0, 0, NULL},
      {"Messages-Waiting: yes\r\nVoice-Message: many\r\nFax-Message: 7/7\r\n", TRUE, 0, 0, NULL},
      {"Messages-Waiting: yes\r\nMessage-Account: <b>call me</b>\r\n", TRUE, 0, 0, NULL},
      {"Messages-Waiting: perhaps\r\n", FALSE, 0, 0, NULL},
      {"", FALSE, 0, 0, NULL},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (SipMessage) notify =
        make_notify ("application/simple-message-summary", rows[i].body);
    g_autoptr (SipMessageSummary) summary = sip_message_summary_new (notify);

    if (*rows[i].body == '\0') {
      g_assert_null (summary);
      continue;
    }
    g_assert_cmpint (sip_message_summary_get_waiting (summary), ==, rows[i].waiting);
    g_assert_cmpuint (sip_message_summary_get_n_new (summary), ==, rows[i].n_new);
    g_assert_cmpuint (sip_message_summary_get_n_old (summary), ==, rows[i].n_old);
    g_assert_cmpstr (sip_message_summary_get_account (summary), ==, rows[i].account);
  }
}

static void
test_no_mailbox (void)
{
  g_autoptr (SipMessage) notify = make_notify ("text/plain", "Messages-Waiting: yes\r\n");

  g_assert_null (sip_message_summary_new (notify));
}

#define INFO(version, state, dialogs)                                                              \
  "<?xml version=\"1.0\"?><dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" "              \
  "version=\"" version "\" state=\"" state "\" entity=\"sip:bob@example.org\">" dialogs            \
  "</dialog-info>"
#define DIALOG(id, state) "<dialog id=\"" id "\"><state>" state "</state></dialog>"

static gboolean
update (SipDialogInfo *info, const char *body)
{
  g_autoptr (SipMessage) notify = make_notify ("application/dialog-info+xml", body);
  g_autoptr (GError) error = NULL;
  gboolean taken = sip_dialog_info_update (info, notify, &error);

  g_assert_cmpint (taken, ==, error == NULL);
  return taken;
}

/* A day of another phone; what follows a document that is missing waits for a full one. */
static void
test_lamp (void)
{
  static const struct {
    const char *body;
    gboolean is_taken;
    SipLampState state;
  } rows[] = {
      {INFO ("0", "full", ""), TRUE, SIP_LAMP_STATE_IDLE},
      {INFO ("1", "partial", DIALOG ("a", "trying")), TRUE, SIP_LAMP_STATE_BUSY},
      {INFO ("2", "partial", DIALOG ("a", " early ")), TRUE, SIP_LAMP_STATE_RINGING},
      {INFO ("3", "partial", DIALOG ("a", "confirmed")), TRUE, SIP_LAMP_STATE_BUSY},
      {INFO ("4", "partial", DIALOG ("b", "early")), TRUE, SIP_LAMP_STATE_RINGING},
      {INFO ("5", "partial", DIALOG ("b", "terminated")), TRUE, SIP_LAMP_STATE_BUSY},
      {INFO ("7", "partial", DIALOG ("a", "terminated")), FALSE, SIP_LAMP_STATE_BUSY},
      {INFO ("8", "full", DIALOG ("c", "early")), TRUE, SIP_LAMP_STATE_RINGING},
      {INFO ("9", "partial", DIALOG ("c", "terminated")), TRUE, SIP_LAMP_STATE_IDLE},
      {"<d:dialog-info xmlns:d=\"urn:x\" version=\"0\" state=\"full\"><d:dialog id=\"q\"><d:state "
       "event=\"x\">confirmed</d:state><d:local><d:identity>sip:x@y</d:identity></d:local>"
       "</d:dialog></d:dialog-info>",
       TRUE, SIP_LAMP_STATE_BUSY},
  };
  g_autoptr (SipDialogInfo) info = sip_dialog_info_new ();

  g_assert_cmpint (sip_dialog_info_get_state (info), ==, SIP_LAMP_STATE_UNKNOWN);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_assert_cmpint (update (info, rows[i].body), ==, rows[i].is_taken);
    g_assert_cmpint (sip_dialog_info_get_state (info), ==, rows[i].state);
  }
}

static char *
repeat (const char *start, const char *format, guint n, const char *end)
{
  GString *text = g_string_new (start);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%u%s", format, i, "\"><state>early</state></dialog>");
  g_string_append (text, end);
  return g_string_free (text, FALSE);
}

/* What is none changes nothing, and costs nothing. */
static void
test_no_lamp (void)
{
  static const char *const rows[] = {
      "",
      "early",
      "<dialog-info version=\"1\" state=\"full\"><dialog id=\"a\"><state>early",
      "<dialog-info version=\"1\" "
      "state=\"full\"><dialog><state>early</state></dialog></dialog-info>",
      "<dialog-info state=\"full\"/>",
      "<dialog-info version=\"-1\" state=\"full\"/>",
      "<dialog-info version=\"1\" state=\"\"/>",
      "<presence version=\"1\" state=\"full\"/>",
      "<!DOCTYPE d [<!ENTITY a \"early\">]><dialog-info version=\"1\" state=\"full\">"
      "<dialog id=\"a\"><state>&a;</state></dialog></dialog-info>",
      "<dialog-info version=\"1\" state=\"full\"><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>",
  };
  g_autoptr (SipDialogInfo) info = sip_dialog_info_new ();
  g_autofree char *many =
      repeat ("<dialog-info version=\"1\" state=\"full\">", "<dialog id=\"", 65, "</dialog-info>");

  g_assert_true (update (info, INFO ("0", "full", DIALOG ("a", "confirmed"))));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_assert_false (update (info, rows[i]));
    g_assert_cmpint (sip_dialog_info_get_state (info), ==, SIP_LAMP_STATE_BUSY);
  }
  g_assert_false (update (info, many));
  g_assert_cmpint (sip_dialog_info_get_state (info), ==, SIP_LAMP_STATE_BUSY);
  g_assert_true (update (info, INFO ("1", "partial", "")));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  parser_init ();
  g_test_add_func ("/news/mailbox", test_mailbox);
  g_test_add_func ("/news/no-mailbox", test_no_mailbox);
  g_test_add_func ("/news/lamp", test_lamp);
  g_test_add_func ("/news/no-lamp", test_no_lamp);
  return g_test_run ();
}
