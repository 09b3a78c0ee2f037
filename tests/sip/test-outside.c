/* test-outside.c - what a user agent asks for and hears outside of calls */

#include "fixture.h"

#include "sip-error.h"

#include <string.h>

static void
watch (Fixture *fixture, gpointer object)
{
  static const char *const names[] = {"accepted", "rejected", "notifyReceived", "terminated", NULL};

  fixture_watch_object (fixture, object, names);
}

static SipSubscription *
subscribe (Fixture *fixture, SipOptions *options)
{
  g_autoptr (GError) error = NULL;
  SipSubscription *subscription =
      sip_ua_subscribe (fixture->ua, "sip:alice@example.org", "message-summary", options, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (fixture->sent->len, ==, 0);
  watch (fixture, subscription);
  fixture_expect (fixture, ">SUBSCRIBE");
  return subscription;
}

/* A NOTIFY for the last SUBSCRIBE; @state: the value of Subscription-State, or NULL for none. */
static void
notify_from (Fixture *fixture, const char *tag, guint cseq, const char *state, const char *event)
{
  const char *sent = fixture_find_sent (fixture, "SUBSCRIBE ");
  g_autofree char *from = peer_text_header (sent, "To");
  g_autofree char *to = peer_text_header (sent, "From");
  g_autofree char *call_id = peer_text_header (sent, "Call-ID");
  g_autofree char *tagged =
      strstr (from, "tag=") != NULL ? g_strdup (from) : g_strconcat (from, ";tag=", tag, NULL);
  g_autofree char *via = g_strdup_printf ("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKn%u;rport", cseq);
  g_autofree char *line =
      state != NULL ? g_strdup_printf ("Subscription-State: %s\r\n", state) : g_strdup ("");
  g_autofree char *headers =
      g_strdup_printf ("Contact: <sip:server@192.0.2.9>\r\nEvent: %s\r\n%s", event, line);
  g_autofree char *text =
      peer_text_request ("NOTIFY", "sip:alice@example.org", via, tagged, to, call_id, cseq, headers,
                         "application/simple-message-summary", "Messages-Waiting: yes\r\n");

  fixture_receive (fixture, text);
}

static void
notify (Fixture *fixture, guint cseq, const char *state, const char *event)
{
  notify_from (fixture, "server", cseq, state, event);
}

static void
answer (Fixture *fixture, guint code, const char *headers)
{
  fixture_answer_with (fixture, fixture_find_sent (fixture, "SUBSCRIBE "), code, "server", headers,
                       NULL);
}

static void
assert_state (SipSubscription *subscription, SipSubscriptionState state)
{
  g_assert_cmpint (sip_subscription_get_state (subscription), ==, state);
}

static void
test_subscribed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipSubscription) subscription = subscribe (fixture, NULL);
  const char *sent = fixture_get_sent (fixture, 0);

  g_assert_nonnull (strstr (sent, "\r\nEvent: message-summary\r\n"));
  g_assert_nonnull (strstr (sent, "\r\nExpires: 3600\r\n"));
  g_assert_nonnull (strstr (sent, "\r\nAccept: application/simple-message-summary\r\n"));
  g_assert_nonnull (strstr (sent, "\r\nContact: <sip:"));
  answer (fixture, 200, "Expires: 600\r\n");
  fixture_expect (fixture, "subscription*accepted");
  assert_state (subscription, SIP_SUBSCRIPTION_STATE_INITIAL);
  notify (fixture, 1, "active;expires=600", "message-summary");
  fixture_expect (fixture, ">200 subscription*notifyReceived");
  assert_state (subscription, SIP_SUBSCRIPTION_STATE_ACTIVE);

  fixture_advance (fixture, 569999);
  fixture_expect (fixture, "");
  fixture_advance (fixture, 1);
  fixture_expect (fixture, ">SUBSCRIBE");
  g_assert_nonnull (
      strstr (fixture_get_sent (fixture, 0), "SUBSCRIBE sip:server@192.0.2.9 SIP/2.0"));
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), ";tag=server\r\n"));
  answer (fixture, 200, "Expires: 600\r\n");
  fixture_expect (fixture, "");

  g_assert_true (sip_subscription_unsubscribe (subscription, NULL));
  fixture_expect (fixture, ">SUBSCRIBE");
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), "\r\nExpires: 0\r\n"));
  answer (fixture, 200, "Expires: 0\r\n");
  notify (fixture, 2, "terminated;reason=timeout", "message-summary");
  fixture_expect (fixture, ">200 subscription*notifyReceived subscription*terminated");
  assert_state (subscription, SIP_SUBSCRIPTION_STATE_TERMINATED);
  g_assert_true (sip_subscription_unsubscribe (subscription, NULL));
}

static void
test_notified_before_the_answer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipSubscription) subscription = subscribe (fixture, NULL);

  notify (fixture, 1, "pending", "message-summary");
  fixture_expect (fixture, ">200 subscription*notifyReceived");
  assert_state (subscription, SIP_SUBSCRIPTION_STATE_PENDING);
  answer (fixture, 202, NULL);
  fixture_expect (fixture, "subscription*accepted");
  notify (fixture, 2, "active;another=5;expires=100", "message-summary");
  fixture_expect (fixture, ">200 subscription*notifyReceived");
  fixture_advance (fixture, 90000);
  fixture_expect (fixture, ">SUBSCRIBE");
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipSubscription) subscription = subscribe (fixture, NULL);

  answer (fixture, 489, "Min-Expires: 7200\r\n");
  fixture_expect (fixture, "subscription*rejected subscription*terminated");
  notify (fixture, 1, "active", "message-summary");
  fixture_expect (fixture, ">481");
}

static void
test_never_notified (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipSubscription) subscription = subscribe (fixture, NULL);

  answer (fixture, 200, NULL);
  fixture_advance (fixture, 31999);
  fixture_expect (fixture, "subscription*accepted");
  fixture_advance (fixture, 1);
  fixture_expect (fixture, "subscription*terminated");
}

static void
test_too_brief (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipOptions) options = g_object_new (SIP_TYPE_OPTIONS, "expires", 60u, NULL);
  g_autoptr (SipSubscription) subscription = subscribe (fixture, options);

  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), "\r\nExpires: 60\r\n"));
  answer (fixture, 423, "Min-Expires: 300\r\n");
  fixture_expect (fixture, ">SUBSCRIBE");
  g_assert_nonnull (strstr (fixture_get_sent (fixture, 0), "\r\nExpires: 300\r\n"));
}

/* The time that the server wants was given. */
static void
test_not_too_brief (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipSubscription) subscription = subscribe (fixture, NULL);

  answer (fixture, 423, "Min-Expires: 3600\r\n");
  fixture_expect (fixture, "subscription*rejected subscription*terminated");
}

/* Another fork, or somebody who guessed. */
static void
test_notified_by_another (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipSubscription) subscription = subscribe (fixture, NULL);

  answer (fixture, 200, NULL);
  notify_from (fixture, "other", 1, "active", "message-summary");
  fixture_expect (fixture, "subscription*accepted >481");
  assert_state (subscription, SIP_SUBSCRIPTION_STATE_INITIAL);
}

static void
test_begun_anew (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipSubscription) subscription = subscribe (fixture, NULL);
  g_autofree char *first = peer_text_header (fixture_get_sent (fixture, 0), "Call-ID");
  g_autofree char *second = NULL;

  answer (fixture, 200, NULL);
  notify (fixture, 1, "terminated;reason=deactivated", "message-summary");
  fixture_expect (fixture, "subscription*accepted >200 subscription*notifyReceived >SUBSCRIBE");
  second = peer_text_header (fixture_get_sent (fixture, 0), "Call-ID");
  g_assert_cmpstr (first, !=, second);
  answer (fixture, 200, NULL);
  notify (fixture, 2, "terminated;reason=probation;retry-after=5", "message-summary");
  fixture_expect (fixture, "subscription*accepted >200 subscription*notifyReceived");
  fixture_advance (fixture, 4999);
  fixture_expect (fixture, "");
  fixture_advance (fixture, 1);
  fixture_expect (fixture, ">SUBSCRIBE");
  answer (fixture, 200, NULL);
  notify (fixture, 3, "terminated;reason=rejected", "message-summary");
  fixture_expect (fixture, "subscription*accepted >200 subscription*notifyReceived "
                           "subscription*terminated");
}

/* A refresh that meets a tired server is made up for later. */
static void
test_refresh_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipSubscription) subscription = subscribe (fixture, NULL);

  answer (fixture, 200, NULL);
  notify (fixture, 1, "active ; expires=100", "message-summary");
  fixture_advance (fixture, 90000);
  fixture_expect (fixture, "subscription*accepted >200 subscription*notifyReceived >SUBSCRIBE");
  answer (fixture, 503, "Retry-After: 7\r\n");
  fixture_advance (fixture, 6999);
  fixture_expect (fixture, "");
  fixture_advance (fixture, 1);
  fixture_expect (fixture, ">SUBSCRIBE");
  answer (fixture, 403, NULL);
  fixture_expect (fixture, "subscription*rejected subscription*terminated");
}

static void
test_forgotten_by_the_notifier (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipSubscription) subscription = subscribe (fixture, NULL);

  answer (fixture, 200, NULL);
  notify (fixture, 1, "active;expires=100", "message-summary");
  fixture_advance (fixture, 90000);
  fixture_expect (fixture, "subscription*accepted >200 subscription*notifyReceived >SUBSCRIBE");
  answer (fixture, 481, NULL);
  fixture_expect (fixture, ">SUBSCRIBE");
  g_assert_null (strstr (fixture_get_sent (fixture, 0), ";tag=server"));
}

static void
test_bad_notifies (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipSubscription) subscription = subscribe (fixture, NULL);

  answer (fixture, 200, NULL);
  fixture_expect (fixture, "subscription*accepted");
  notify (fixture, 5, NULL, "message-summary");
  fixture_expect (fixture, ">400");
  notify (fixture, 6, "active", "dialog");
  fixture_expect (fixture, ">489");
  notify (fixture, 7, "active", "message-summary");
  fixture_expect (fixture, ">200 subscription*notifyReceived");
  notify (fixture, 4, "active", "message-summary");
  fixture_expect (fixture, ">500");
}

static void
test_given_up_before_it_left (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipSubscription) subscription =
      sip_ua_subscribe (fixture->ua, "alice", "dialog", NULL, NULL);

  watch (fixture, subscription);
  g_assert_true (sip_subscription_unsubscribe (subscription, NULL));
  fixture_expect (fixture, "subscription*terminated");
}

static void
test_wrong_arguments (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sip_ua_subscribe (fixture->ua, "alice", "a b", NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (sip_ua_subscribe (fixture->ua, "", "dialog", NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (sip_ua_request (fixture->ua, "INVITE", "alice", NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (sip_ua_request (fixture->ua, "A B", "alice", NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (sip_ua_message (fixture->ua, "bob", NULL, NULL, &error));
  g_assert_error (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT);
}

static void
watch_request (Fixture *fixture, gpointer context)
{
  static const char *const names[] = {"progress", "accepted", "rejected", "failed", NULL};

  fixture_watch_object (fixture, context, names);
}

static void
test_message (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipClientContext) context =
      sip_ua_message (fixture->ua, "sip:bob@example.org", "hello", NULL, NULL);
  const char *sent;

  watch_request (fixture, context);
  fixture_expect (fixture, ">MESSAGE");
  sent = fixture_get_sent (fixture, 0);
  g_assert_nonnull (strstr (sent, "\r\nContent-Type: text/plain\r\n"));
  g_assert_true (g_str_has_suffix (sent, "\r\n\r\nhello"));
  g_assert_null (strstr (sent, "\r\nContact:"));
  fixture_answer_with (fixture, sent, 100, NULL, NULL, NULL);
  fixture_answer_with (fixture, sent, 200, "bob", NULL, NULL);
  fixture_expect (fixture, "request*progress request*accepted");
}

static void
test_request_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SipOptions) options =
      g_object_new (SIP_TYPE_OPTIONS, "body", "<x/>", "content-type", "text/xml", NULL);
  g_autoptr (SipClientContext) context =
      sip_ua_request (fixture->ua, "PUBLISH", "sip:bob@example.org", options, NULL);

  watch_request (fixture, context);
  fixture_expect (fixture, ">PUBLISH");
  fixture_answer_with (fixture, fixture_get_sent (fixture, 0), 489, "bob", NULL, NULL);
  fixture_expect (fixture, "request*rejected request*failed");
  g_assert_cmpstr (fixture->last_words, ==, "Words");
}

/* Nobody but the library holds it while it waits, and nobody after. */
static void
test_request_forgotten (Fixture *fixture, gconstpointer data)
{
  SipClientContext *context = sip_ua_request (fixture->ua, "OPTIONS", "bob", NULL, NULL);

  g_object_add_weak_pointer (G_OBJECT (context), (gpointer *)&context);
  g_object_unref (context);
  fixture_expect (fixture, ">OPTIONS");
  g_assert_nonnull (context);
  fixture_answer_with (fixture, fixture_get_sent (fixture, 0), 200, "bob", NULL, NULL);
  fixture_advance (fixture, 64 * 500);
  g_assert_null (context);
}

static void
on_message (SipUA *ua, SipServerContext *context, gpointer user_data)
{
  g_autoptr (SipMessage) request = NULL;
  g_autoptr (SipNameAddr) remote = NULL;
  g_autofree char *method = NULL;

  g_object_get (context, "request", &request, "remote-identity", &remote, "method", &method, NULL);
  g_assert_cmpstr (method, ==, "MESSAGE");
  g_assert_cmpstr (sip_message_get_body (request), ==, "hi");
  g_assert_cmpstr (sip_name_addr_get_uri (remote), ==, "sip:bob@example.org");
  *(guint *)user_data += 1;
}

static void
test_message_received (Fixture *fixture, gconstpointer data)
{
  guint n = 0;
  g_autofree char *text = peer_text_request (
      "MESSAGE", "sip:alice@example.org", "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKm;rport",
      "<sip:bob@example.org>;tag=b", "<sip:alice@example.org>", "m", 1, NULL, "text/plain", "hi");

  g_signal_connect (fixture->ua, "message", G_CALLBACK (on_message), &n);
  fixture_receive (fixture, text);
  fixture_expect (fixture, ">200");
  g_assert_cmpuint (n, ==, 1);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*func) (Fixture *fixture, gconstpointer data);
  } rows[] = {
      {"subscribed", test_subscribed},
      {"notified-before-the-answer", test_notified_before_the_answer},
      {"refused", test_refused},
      {"never-notified", test_never_notified},
      {"too-brief", test_too_brief},
      {"not-too-brief", test_not_too_brief},
      {"notified-by-another", test_notified_by_another},
      {"begun-anew", test_begun_anew},
      {"refresh-refused", test_refresh_refused},
      {"forgotten-by-the-notifier", test_forgotten_by_the_notifier},
      {"bad-notifies", test_bad_notifies},
      {"given-up-before-it-left", test_given_up_before_it_left},
      {"wrong-arguments", test_wrong_arguments},
      {"message", test_message},
      {"request-refused", test_request_refused},
      {"request-forgotten", test_request_forgotten},
      {"message-received", test_message_received},
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strconcat ("/outside/", rows[i].name, NULL);

    g_test_add (path, Fixture, NULL, fixture_set_up, rows[i].func, fixture_tear_down);
  }
  return g_test_run ();
}
