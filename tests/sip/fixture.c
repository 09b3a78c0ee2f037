/* fixture.c - a user agent under test, its clock, its wire and the log of what it does */

#include "fixture.h"

#include "sip-error.h"
#include "sip-session-private.h"
#include "sip-ua-private.h"

#include <string.h>
#include <sys/time.h>
#include <time.h>

#include <osip2/osip_time.h>

static gint64 clock_now = 1000000;

guint32 fixture_seed = 1;

/* libosip2 and the library read the time here, because a program's own function comes first. */
int
osip_gettimeofday (struct timeval *now, void *zone)
{
  now->tv_sec = clock_now / 1000;
  now->tv_usec = clock_now % 1000 * 1000;
  return 0;
}

static void
append (Fixture *fixture, const char *word)
{
  if (fixture->log->len > 0)
    g_string_append_c (fixture->log, ' ');
  g_string_append (fixture->log, word);
}

static gboolean
gets_lost (Fixture *fixture, const FixtureSetting *setting)
{
  return fixture->dice != NULL && (guint)g_rand_int_range (fixture->dice, 0, 100) < setting->loss;
}

static gboolean
is_told_again (const char *text)
{
  return !g_str_has_prefix (text, "SIP/2.0 1") || strstr (text, "\r\nRSeq:") != NULL;
}

/* On a wire that loses, what is sent again is not told again. */
static void
on_sent (PeerWire *wire, const char *text, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_auto (GStrv) words = g_strsplit_set (text, " \r", 3);
  g_autofree char *word =
      g_strconcat (">", g_str_equal (words[0], "SIP/2.0") ? words[1] : words[0], NULL);

  if (!is_told_again (text) || !gets_lost (fixture, fixture->setting))
    g_hash_table_add (fixture->arrived, g_strdup (text));
  else
    fixture->n_lost++;
  if (fixture->dice != NULL &&
      g_ptr_array_find_with_equal_func (fixture->sent, text, g_str_equal, NULL))
    return;
  append (fixture, word);
  g_ptr_array_add (fixture->sent, g_strdup (text));
}

static void
on_media (StubHandler *handler, const char *what, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autofree char *word = g_strconcat (handler == fixture->old_handler ? "old." : "", what, NULL);

  append (fixture, word);
}

static void
on_signal (GClosure *closure,
           GValue *result,
           guint n_params,
           const GValue *params,
           gpointer hint,
           gpointer data)
{
  Fixture *fixture = closure->data;
  GSignalInvocationHint *invocation = hint;
  gpointer emitter = g_value_get_object (params);
  const char *who = SIP_IS_SUBSCRIPTION (emitter)             ? "subscription"
                    : SIP_IS_REQUEST_CLIENT_CONTEXT (emitter) ? "request"
                    : SIP_IS_UA (emitter)                     ? "ua"
                    : SIP_IS_REFER_CONTEXT (emitter)          ? "refer"
                    : emitter == fixture->old                 ? "old"
                                                              : "";
  g_autofree char *word = g_strconcat (who, "*", g_signal_name (invocation->signal_id), NULL);

  append (fixture, word);
  g_clear_object (&fixture->last_message);
  g_clear_pointer (&fixture->last_words, g_free);
  for (guint i = 1; i < n_params; i++) {
    if (G_VALUE_HOLDS (&params[i], SIP_TYPE_MESSAGE))
      fixture->last_message = g_value_dup_object (&params[i]);
    else if (G_VALUE_HOLDS_STRING (&params[i]))
      fixture->last_words = g_value_dup_string (&params[i]);
  }
}

static void
watch (Fixture *fixture, gpointer object, const char *const *names)
{
  for (gsize i = 0; names[i] != NULL; i++) {
    GClosure *closure = g_closure_new_simple (sizeof (GClosure), fixture);

    g_closure_set_marshal (closure, on_signal);
    g_signal_connect_closure (object, names[i], closure, FALSE);
  }
}

static void
on_refer_requested (SipSession *session, SipReferContext *context, gpointer user_data)
{
  static const char *const names[] = {
      "referRequestProgress", "referRequestAccepted", "referRequestRejected", "referInviteSent",
      "referProgress",        "referAccepted",        "referRejected",        NULL};
  Fixture *fixture = user_data;

  append (fixture, "*referRequested");
  g_set_object (&fixture->refer, context);
  watch (fixture, context, names);
}

/* @names: ended by NULL */
void
fixture_watch_object (Fixture *fixture, gpointer object, const char *const *names)
{
  watch (fixture, object, names);
}

/* Logs one more signal of the user agent. */
void
fixture_listen (Fixture *fixture, const char *name)
{
  const char *const names[] = {name, NULL};

  watch (fixture, fixture->ua, names);
}

/* Hears of transfers, so that they are not followed without a word. */
void
fixture_listen_refer (Fixture *fixture)
{
  g_signal_connect (fixture->session, "referRequested", G_CALLBACK (on_refer_requested), fixture);
}

/* The session makes room for another one, and is called the old one. */
void
fixture_keep (Fixture *fixture)
{
  fixture->old = g_steal_pointer (&fixture->session);
  fixture->old_handler = g_steal_pointer (&fixture->handler);
}

/* Logs all signals of @session and keeps it. */
void
fixture_watch (Fixture *fixture, SipSession *session)
{
  static const char *const names[] = {"progress",
                                      "accepted",
                                      "rejected",
                                      "failed",
                                      "terminated",
                                      "cancel",
                                      "bye",
                                      "reinvite",
                                      "reinviteAccepted",
                                      "reinviteFailed",
                                      "renegotiationError",
                                      "refer",
                                      "referProgress",
                                      "referAccepted",
                                      "referRejected",
                                      "replaced",
                                      "dtmf",
                                      "ack",
                                      "confirmed",
                                      "info",
                                      "message",
                                      "notifyReceived",
                                      "directionChanged",
                                      "trackAdded",
                                      "mediaFailed",
                                      "dtmfFailed",
                                      "SessionDescriptionHandler-created",
                                      NULL};

  g_set_object (&fixture->session, session);
  watch (fixture, session, names);
}

static void
on_invite (SipUA *ua, SipSession *session, gpointer user_data)
{
  fixture_watch (user_data, session);
}

static SipSessionDescriptionHandler *
create_handler (SipSession *session, gpointer user_data)
{
  Fixture *fixture = user_data;
  StubHandler *handler;

  if (fixture->plan.none)
    return NULL;
  handler = stub_handler_new (&fixture->plan, on_media, fixture);

  g_set_object (&fixture->handler, handler);
  g_ptr_array_add (fixture->handlers, g_object_ref (handler));
  return SIP_SESSION_DESCRIPTION_HANDLER (handler);
}

/* What a user agent does without a factory, in place of that which makes sound. */
SipSessionDescriptionHandler *
sip_session_description_handler_new_default (SipSession *session)
{
  return create_handler (session,
                         g_object_get_data (G_OBJECT (sip_session_get_ua (session)), "fixture"));
}

void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = {
      "connected",  "disconnected", "registered", "unregistered", "registrationFailed", "invite",
      "inviteSent", "stopped",      NULL};
  static const FixtureSetting datagrams = {"UDP", NULL, 0, 0};
  const FixtureSetting *setting = data != NULL ? data : &datagrams;
  g_autoptr (GError) error = NULL;
  SipEndpoint *endpoint;

  fixture->setting = setting;
  fixture->log = g_string_new (NULL);
  fixture->handlers = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->arrived = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  fixture->dice = setting->loss > 0 ? g_rand_new_with_seed (fixture_seed) : NULL;
  fixture->sent = g_ptr_array_new_with_free_func (g_free);
  fixture->wire = peer_wire_new (setting->protocol);
  peer_wire_listen (fixture->wire, on_sent, fixture);
  peer_wire_set_piece (fixture->wire, setting->piece);
  fixture->ua = g_object_new (
      SIP_TYPE_UA, "uri", "sip:alice@example.org", "server", setting->server, "local-address",
      setting->server == NULL ? "127.0.0.1:0" : NULL, "auto-register", setting->server != NULL,
      "password", setting->password, "trusted-certificate", setting->pin, NULL);
  sip_ua_set_session_description_handler_factory (fixture->ua, create_handler, fixture, NULL);
  g_object_set_data (G_OBJECT (fixture->ua), "fixture", fixture);
  g_signal_connect (fixture->ua, "invite", G_CALLBACK (on_invite), fixture);
  g_assert_true (sip_ua_start (fixture->ua, &error));
  g_assert_no_error (error);
  if (setting->server == NULL) {
    endpoint = sip_ua_get_endpoint (fixture->ua);
    sip_endpoint_expect_outbound (endpoint);
    sip_endpoint_add_transport (endpoint, SIP_TRANSPORT (fixture->wire), NULL);
    sip_endpoint_set_outbound (endpoint, SIP_TRANSPORT (fixture->wire));
    fixture_drain ();
  }
  watch (fixture, fixture->ua, names);
}

static void
finalize_session (SipSession **session)
{
  if (*session == NULL)
    return;
  g_assert_cmpint (sip_session_get_status (*session), ==, SIP_SESSION_STATUS_TERMINATED);
  g_assert_nonnull (sip_session_get_end_time (*session));
  g_assert_finalize_object (g_steal_pointer (session));
}

/* Every test ends here: nothing left unread, and nothing left alive. */
void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  if (sip_ua_get_endpoint (fixture->ua) != NULL) {
    fixture_expect (fixture, "");
    if (fixture->old != NULL)
      sip_session_terminate (fixture->old, NULL, NULL);
    if (fixture->session != NULL)
      sip_session_terminate (fixture->session, NULL, NULL);
    sip_ua_stop_async (fixture->ua, NULL, NULL);
    fixture_advance (fixture, 2500);
  }
  g_assert_cmpuint (sip_ua_get_n_sessions (fixture->ua), ==, 0);
  g_clear_object (&fixture->refer);
  g_clear_object (&fixture->last_message);
  finalize_session (&fixture->session);
  finalize_session (&fixture->old);
  g_clear_object (&fixture->handler);
  g_clear_object (&fixture->old_handler);
  while (fixture->handlers->len > 0) {
    StubHandler *handler = g_ptr_array_steal_index (fixture->handlers, 0);

    g_assert_cmpuint (stub_handler_get_n_closed (handler), ==, 1);
    g_assert_finalize_object (handler);
  }
  g_ptr_array_unref (fixture->handlers);
  g_free (fixture->last_request);
  g_free (fixture->last_response);
  g_hash_table_unref (fixture->arrived);
  g_clear_pointer (&fixture->dice, g_rand_free);
  g_assert_finalize_object (g_steal_pointer (&fixture->ua));
  g_assert_finalize_object (g_steal_pointer (&fixture->wire));
  g_clear_object (&fixture->last_message);
  g_clear_pointer (&fixture->last_words, g_free);
  g_clear_error (&fixture->plan.get_error);
  g_clear_error (&fixture->plan.set_error);
  g_string_free (fixture->log, TRUE);
  g_ptr_array_unref (fixture->sent);
}

gboolean
fixture_give_up (gpointer condition)
{
  g_error ("in vain: %s", (char *)condition);
  return G_SOURCE_REMOVE;
}

/* Whether it happened since the last time. */
gboolean
fixture_saw (Fixture *fixture, const char *word)
{
  return strstr (fixture->log->str, word) != NULL;
}

/* Lets everything happen that is due by now. */
void
fixture_drain (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

/* Moves the clock, from timer to timer. */
void
fixture_advance (Fixture *fixture, gint64 milliseconds)
{
  gint64 end = clock_now + milliseconds;

  fixture_drain ();
  while (clock_now < end) {
    SipEndpoint *endpoint = sip_ua_get_endpoint (fixture->ua);
    gint64 next = endpoint != NULL ? sip_timers_get_next (sip_endpoint_get_timers (endpoint)) : -1;

    clock_now = next < 0 ? end : CLAMP (next, clock_now, end);
    fixture_drain ();
  }
}

/* Moves the clock at once, past all that was due meanwhile. */
void
fixture_jump (Fixture *fixture, gint64 milliseconds)
{
  clock_now += milliseconds;
  fixture_drain ();
}

/* All that happened since the last time, and nothing else. */
void
fixture_expect (Fixture *fixture, const char *log)
{
  fixture_drain ();
  g_assert_cmpstr (fixture->log->str, ==, log);
  g_string_set_size (fixture->log, 0);
}

/* What was sent, the last one first. */
const char *
fixture_get_sent (Fixture *fixture, guint from_end)
{
  g_assert_cmpuint (fixture->sent->len, >, from_end);
  return g_ptr_array_index (fixture->sent, fixture->sent->len - 1 - from_end);
}

/* The last message sent that starts with @start. */
const char *
fixture_find_sent (Fixture *fixture, const char *start)
{
  for (guint i = fixture->sent->len; i > 0; i--) {
    const char *text = g_ptr_array_index (fixture->sent, i - 1);

    if (g_str_has_prefix (text, start))
      return text;
  }
  g_assert_not_reached ();
}

static gboolean
has_arrived (Fixture *fixture)
{
  for (guint i = 0; i < fixture->sent->len; i++) {
    if (!g_hash_table_contains (fixture->arrived, g_ptr_array_index (fixture->sent, i)))
      return FALSE;
  }
  return TRUE;
}

static void
say_again (Fixture *fixture, const char *text)
{
  if (text == NULL || has_arrived (fixture) || gets_lost (fixture, fixture->setting))
    return;
  peer_wire_deliver (fixture->wire, text, strlen (text));
  fixture_drain ();
}

/* Both sides say again what got lost until all of it is there. */
void
fixture_settle (Fixture *fixture)
{
  fixture_drain ();
  for (guint i = 0; fixture->dice != NULL && i < 60 && !has_arrived (fixture); i++) {
    fixture_advance (fixture, 500);
    say_again (fixture, fixture->last_request);
    say_again (fixture, fixture->last_response);
  }
}

void
fixture_receive (Fixture *fixture, const char *text)
{
  while (gets_lost (fixture, fixture->setting)) {
    fixture->n_lost++;
    fixture_advance (fixture, 500);
  }
  if (!g_str_has_prefix (text, "SIP/2.0 ")) {
    g_free (fixture->last_request);
    fixture->last_request = g_strdup (text);
  } else if (!g_str_has_prefix (text, "SIP/2.0 1")) {
    g_free (fixture->last_response);
    fixture->last_response = g_strdup (text);
  }
  peer_wire_deliver (fixture->wire, text, strlen (text));
  fixture_settle (fixture);
}

/* All of a program's tests, below one name. */
int
fixture_run (int argc, char **argv, const char *name, const FixtureCase *cases, gsize n_cases)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < n_cases; i++) {
    g_autofree char *path = g_strdup_printf ("/%s/%s", name, cases[i].path);

    g_test_add (path, Fixture, cases[i].setting, fixture_set_up, cases[i].test, fixture_tear_down);
  }
  return g_test_run ();
}
