/* test-contract.c - what a session does, told in texts
 *
 * A file holds tests, each under a line `== name`; a line is a step, in the order of time:
 *
 *   ua NAME=VALUE            a property of the user agent
 *   call [NAME=VALUE …]      the program places a call; `offerless`; +Name: value adds a header
 *   ring [offerless]         bob calls; body=TEXT, type=TYPE, +Name: value as in all that he says
 *   answer CODE              bob's response to our last INVITE; to=METHOD, tag=TAG, body=TEXT
 *   peer METHOD              bob's request inside the dialog; cseq=N, body=TEXT, type=TYPE;
 *                            `refused`: the ACK of a response that is no 2xx
 *   stranger METHOD          somebody's request outside of a call; `dead`: in one that is over
 *   again                    bob's last message once more
 *   do VERB [ARGUMENT …]     the program; NAME=VALUE are options; `! ERROR` where it has to fail;
 *                            `now`: the next step is of the same turn of the loop; `on-old`
 *   media WHAT               the media: hold, go, get-error CODE, set-error CODE, one-only, limits,
 *                            tones, plays, none, dtmf TONE, failed CODE, track, fine; `default`: no
 * factory at MILLISECONDS          time passes; `until WORD`: until that is the last thing that
 * happened fail-next N              so many messages cannot be sent keep                     the
 * call becomes the old one and makes room for another swap                     the old one and the
 * new one change names follow                   the call that a transfer led to becomes the new one
 *   listen NAME              to a signal of the user agent, or to `referRequested`
 *   > …                      all that happened since the last time, see fixture.h
 *   status NAME              of the session; `cause NAME`; `is [old|refer|ua] PROPERTY VALUE`
 *   words TEXT               the last text that a signal carried; `words -` for none
 *   message WHAT             the last message that a signal carried: its method or status, or -
 *   sent WHAT has TEXT       in the last message sent of that method or status; `lacks TEXT`
 *
 * $rseq, $refer and $replaces stand for what only a run knows, see fill_in().
 *
 * Each runs on datagrams, on datagrams of which a fifth gets lost each way, and on a stream that
 * arrives byte by byte; where the clock counts, only on the first.
 */

#include "fixture.h"

#include "sip-error.h"
#include "sip-session-private.h"
#include "sip-ua-private.h"

#include <string.h>

typedef struct {
  char *name;
  GString *text;
  guint line; /* of its name */
} Script;

typedef struct {
  const Script *script;
  const FixtureSetting *setting;
  guint line;
  Fixture *fixture;
  char *said;   /* by bob, last */
  guint cseq;   /* of bob's last request */
  guint invite; /* of bob's last INVITE */
} Run;

/* The words of one step. */
typedef struct {
  Run *run;
  GStrv words;       /* without the two below */
  GString *headers;  /* whole lines */
  const char *error; /* what has to go wrong, or NULL */
  const char *rest;  /* all behind the first word */
} Step;

#define FAIL(step, ...)                                                                            \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *wrong = g_strdup_printf (__VA_ARGS__);                                        \
    g_error ("%s, line %u “%s %s”: %s", (step)->run->script->name, (step)->run->line,              \
             (step)->words[0], (step)->rest, wrong);                                               \
  }                                                                                                \
  G_STMT_END

static const char *
get (Step *step, const char *name)
{
  gsize length = strlen (name);

  for (gsize i = 1; step->words[i] != NULL; i++) {
    if (g_str_has_prefix (step->words[i], name) && step->words[i][length] == '=')
      return step->words[i] + length + 1;
  }
  return NULL;
}

static gboolean
has (Step *step, const char *word)
{
  return g_strv_contains ((const char *const *)step->words, word);
}

/* A body of a word stands for a description that begins so. */
static char *
dup_body (Step *step, const char *fallback)
{
  const char *body = get (step, "body");
  g_autofree char *text = NULL;

  if (body == NULL)
    body = fallback;
  if (body == NULL || *body == '\0' || g_str_equal (body, "none"))
    return NULL;
  if (get (step, "type") != NULL) {
    text = g_strdup (body);
  } else {
    text = g_strconcat ("v=0 ", body, NULL);
  }
  g_strdelimit (text, "_", ' ');
  return g_strcompress (text);
}

static const char *
get_type (Step *step, const char *body)
{
  const char *type = get (step, "type");

  return body == NULL ? NULL : type != NULL ? type : SDP_TYPE;
}

static void
set_option (Step *step, GObject *object, const char *name, const char *text)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (object), name);

  if (pspec == NULL)
    FAIL (step, "there is no property “%s”", name);
  if (G_IS_PARAM_SPEC_BOOLEAN (pspec)) {
    g_object_set (object, name, g_str_equal (text, "1"), NULL);
  } else if (G_IS_PARAM_SPEC_UINT (pspec)) {
    g_object_set (object, name, (guint)g_ascii_strtoull (text, NULL, 10), NULL);
  } else if (G_IS_PARAM_SPEC_ENUM (pspec)) {
    GEnumValue *value = g_enum_get_value_by_nick (G_PARAM_SPEC_ENUM (pspec)->enum_class, text);

    g_object_set (object, name, value->value, NULL);
  } else if (pspec->value_type == G_TYPE_STRV) {
    g_auto (GStrv) values = g_strsplit (text, ",", -1);

    g_object_set (object, name, values, NULL);
  } else {
    g_autofree char *spaced = g_strdelimit (g_strdup (text), "_", ' ');

    g_object_set (object, name, spaced, NULL);
  }
}

/* The NAME=VALUE words that are options, and the headers; NULL where there are none. */
static SipOptions *
make_options (Step *step)
{
  g_autoptr (SipOptions) options = sip_options_new ();
  gboolean any = FALSE;

  for (gsize i = 1; step->words[i] != NULL; i++) {
    const char *equals = strchr (step->words[i], '=');
    g_autofree char *name = NULL;

    if (equals == NULL || g_str_has_prefix (step->words[i], "to=") ||
        g_str_has_prefix (step->words[i], "sip:"))
      continue;
    name = g_strndup (step->words[i], equals - step->words[i]);
    set_option (step, G_OBJECT (options), name, equals + 1);
    any = TRUE;
  }
  if (step->headers->len > 0) {
    g_auto (GStrv) lines = g_strsplit (step->headers->str, "\r\n", -1);

    g_clear_pointer (&lines[g_strv_length (lines) - 1], g_free);
    g_object_set (options, "extra-headers", lines, NULL);
    any = TRUE;
  }
  return any ? g_steal_pointer (&options) : NULL;
}

static void
say (Run *run, char *text)
{
  g_free (run->said);
  run->said = text;
  fixture_receive (run->fixture, text);
}

static void
do_call (Step *step)
{
  Fixture *fixture = step->run->fixture;
  g_autoptr (SipOptions) options = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SipInviteClientContext) call = NULL;
  const char *target = get (step, "to");

  for (gsize i = 1; step->words[i] != NULL; i++) {
    if (g_str_equal (step->words[i], "offerless")) {
      g_free (step->words[i]);
      step->words[i] = g_strdup ("invite-without-sdp=1");
    }
  }
  options = make_options (step);
  call = sip_ua_invite (fixture->ua, target != NULL ? target : "sip:bob@example.org", options, NULL,
                        &error);
  if (call == NULL)
    FAIL (step, "%s", error->message);
  fixture_watch (fixture, SIP_SESSION (call));
  g_clear_object (&call);
  if (!has (step, "now"))
    fixture_settle (fixture);
}

static void
do_ring (Step *step)
{
  Run *run = step->run;
  g_autofree char *body = dup_body (step, has (step, "offerless") ? NULL : "OFFER");
  const char *call_id = get (step, "id"), *uri = get (step, "to");
  g_autofree char *via = NULL;
  g_autofree char *from = NULL;

  if (call_id == NULL)
    call_id = "callid@bob";
  if (!has (step, "no-contact"))
    g_string_append (step->headers, "Contact: <sip:bob@192.0.2.9>\r\n");
  via = g_strdup_printf ("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK%s%s;rport", call_id,
                         get (step, "branch") != NULL ? get (step, "branch") : "");
  from = g_strdup_printf ("\"Bob\" <sip:bob@example.org>;tag=%s",
                          get (step, "tag") != NULL ? get (step, "tag") : "bob");
  run->cseq = run->invite = 1;
  say (run, peer_text_request ("INVITE", uri != NULL ? uri : "sip:alice@example.org", via, from,
                               "<sip:alice@example.org>", call_id, 1, step->headers->str,
                               get_type (step, body), body));
}

static void
do_answer (Step *step)
{
  const char *method = get (step, "to"), *tag = get (step, "tag");
  g_autofree char *start = g_strconcat (method != NULL ? method : "INVITE", " ", NULL);
  guint code = g_ascii_strtoull (step->words[1], NULL, 10);
  gboolean describes = code / 100 == 2 && method == NULL;
  g_autofree char *body = dup_body (step, describes ? "ANSWER" : NULL);

  if (tag == NULL)
    tag = "bob";
  if (!has (step, "no-contact") && strstr (step->headers->str, "Contact:") == NULL)
    g_string_append (step->headers, "Contact: <sip:bob@192.0.2.9>\r\n");
  say (step->run, peer_text_response (fixture_find_sent (step->run->fixture, start), code,
                                      code == 100 || g_str_equal (tag, "none") ? NULL : tag,
                                      step->headers->str, get_type (step, body), body));
}

/* What the two sides of the dialog call each other, from bob's side. */
static void
find_names (Step *step, char **from, char **to, char **call_id)
{
  Fixture *fixture = step->run->fixture;
  SipSession *session = has (step, "old") ? fixture->old : fixture->session;
  SipDialog *dialog = sip_session_peek (session)->dialog;
  gboolean incoming = SIP_IS_INVITE_SERVER_CONTEXT (session);
  g_autofree char *own = NULL;
  const char *tag = get (step, "tag");

  *call_id = g_strdup (sip_session_get_call_id (session));
  own = sip_name_addr_to_string (sip_session_get_local_identity (session));
  if (incoming) {
    *from = g_strdup_printf ("\"Bob\" <sip:bob@example.org>;tag=%s", tag != NULL ? tag : "bob");
    *to = g_strdup_printf ("%s;tag=%s", own, sip_dialog_get_local_tag (dialog));
  } else {
    g_autofree char *invite = sip_message_get_header (sip_session_get_request (session), "From");

    *from = g_strdup_printf ("<sip:bob@example.org>;tag=%s", tag != NULL ? tag : "bob");
    *to = g_strdup (invite);
  }
}

static void
do_peer (Step *step)
{
  Run *run = step->run;
  const char *method = step->words[1], *number = get (step, "cseq");
  gboolean is_ack = g_str_equal (method, "ACK"), is_cancel = g_str_equal (method, "CANCEL");
  g_autofree char *from = NULL, *to = NULL, *call_id = NULL, *via = NULL;
  g_autofree char *body = dup_body (step, NULL);
  guint cseq;

  find_names (step, &from, &to, &call_id);
  if (is_ack || is_cancel)
    cseq = run->invite;
  else
    cseq = number != NULL ? g_ascii_strtoull (number, NULL, 10) : ++run->cseq;
  if (g_str_equal (method, "INVITE"))
    run->invite = cseq;
  if (has (step, "refused")) {
    via = g_strdup_printf ("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKINVITE%u%s;rport", cseq, call_id);
  } else if (is_cancel && cseq == 1 && SIP_IS_INVITE_SERVER_CONTEXT (run->fixture->session)) {
    via = g_strdup_printf ("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK%s;rport", call_id);
    g_free (to);
    to = g_strdup ("<sip:alice@example.org>");
  } else {
    via = g_strdup_printf ("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK%s%u%s;rport",
                           is_cancel ? "INVITE" : method, cseq, call_id);
  }
  if ((g_str_equal (method, "INVITE") || g_str_equal (method, "REFER") ||
       g_str_equal (method, "UPDATE")) &&
      !has (step, "no-contact") && strstr (step->headers->str, "Contact:") == NULL)
    g_string_append (step->headers, "Contact: <sip:bob@192.0.2.9>\r\n");
  say (run, peer_text_request (method, "sip:alice@example.org", via, from, to, call_id, cseq,
                               step->headers->str, get_type (step, body), body));
}

/* A request of somebody outside of a call. */
static void
do_stranger (Step *step)
{
  g_autofree char *via =
      g_strdup_printf ("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKstranger%u;rport", step->run->line);
  g_autofree char *call_id = g_strdup_printf ("stranger%u", step->run->line);
  g_autofree char *body = dup_body (step, NULL);

  if (!has (step, "no-contact"))
    g_string_append (step->headers, "Contact: <sip:mallory@192.0.2.66>\r\n");
  say (step->run, peer_text_request (step->words[1], "sip:alice@example.org", via,
                                     "<sip:mallory@example.org>;tag=mallory",
                                     has (step, "dead") ? "<sip:alice@example.org>;tag=gone"
                                                        : "<sip:alice@example.org>",
                                     call_id, 1, step->headers->str, get_type (step, body), body));
}

static gboolean
refer (Step *step, SipSession *session, SipOptions *options, GError **error)
{
  g_autoptr (SipReferClientContext) context = NULL;

  if (g_strcmp0 (step->words[2], "old") == 0)
    context = sip_session_refer_to_session (session, step->run->fixture->old, options, error);
  else if (g_strcmp0 (step->words[2], "self") == 0)
    context = sip_session_refer_to_session (session, session, options, error);
  else
    context = sip_session_refer (session, step->words[2], options, error);
  return context != NULL;
}

/* What a verb of the program did; `now` leaves the loop alone, so that the next step is of the
 * same turn. */
static gboolean
call_verb (Step *step, SipSession *session, SipOptions *options, GError **error)
{
  const char *verb = step->words[1];
  gpointer transfer = step->run->fixture->refer;

  if (g_str_equal (verb, "bye"))
    return sip_session_bye (session, options, error);
  if (g_str_equal (verb, "terminate"))
    return sip_session_terminate (session, options, error);
  if (g_str_equal (verb, "hold"))
    return sip_session_hold (session, options, NULL, error);
  if (g_str_equal (verb, "unhold"))
    return sip_session_unhold (session, options, NULL, error);
  if (g_str_equal (verb, "reinvite"))
    return sip_session_reinvite (session, options, NULL, error);
  if (g_str_equal (verb, "dtmf"))
    return sip_session_dtmf (
        session, g_strcmp0 (step->words[2], "none") == 0 ? NULL : step->words[2], options, error);
  if (g_str_equal (verb, "refer"))
    return refer (step, session, options, error);
  if (g_str_equal (verb, "cancel"))
    return sip_invite_client_context_cancel (SIP_INVITE_CLIENT_CONTEXT (session), options, error);
  if (g_str_equal (verb, "progress"))
    return sip_invite_server_context_progress (SIP_INVITE_SERVER_CONTEXT (session), options, error);
  if (g_str_equal (verb, "accept"))
    return sip_invite_server_context_accept (SIP_INVITE_SERVER_CONTEXT (session), options, NULL,
                                             error);
  if (g_str_equal (verb, "reject"))
    return sip_invite_server_context_reject (SIP_INVITE_SERVER_CONTEXT (session), options, error);
  if (g_str_equal (verb, "reply"))
    return sip_invite_server_context_reply (SIP_INVITE_SERVER_CONTEXT (session), options, error);
  if (g_str_equal (verb, "refer-accept"))
    return sip_refer_server_context_accept (transfer, options, error);
  if (g_str_equal (verb, "refer-reject"))
    return sip_refer_server_context_reject (transfer, options, error);
  if (g_str_equal (verb, "refer-notify"))
    return sip_refer_server_context_send_notify (
        transfer, g_ascii_strtoull (step->words[2], NULL, 10), NULL, error);
  FAIL (step, "there is no such verb");
}

static char *
dump_options (SipOptions *options)
{
  guint n;
  g_autofree GParamSpec **pspecs =
      options != NULL ? g_object_class_list_properties (G_OBJECT_GET_CLASS (options), &n) : NULL;
  GString *out = g_string_new (NULL);

  for (guint i = 0; pspecs != NULL && i < n; i++) {
    g_auto (GValue) value = G_VALUE_INIT;
    g_autofree char *text = NULL;

    g_object_get_property (G_OBJECT (options), pspecs[i]->name, &value);
    text = g_strdup_value_contents (&value);
    g_string_append_printf (out, "%s=%s\n", pspecs[i]->name, text);
  }
  return g_string_free (out, FALSE);
}

static void
do_do (Step *step)
{
  Fixture *fixture = step->run->fixture;
  SipSession *session = has (step, "on-old") ? fixture->old : fixture->session;
  g_autoptr (SipOptions) options = make_options (step);
  g_autofree char *before = dump_options (options), *after = NULL;
  g_autoptr (GError) error = NULL;
  gboolean done = call_verb (step, session, options, &error);

  g_assert_true (done == (error == NULL));
  after = dump_options (options);
  g_assert_cmpstr (after, ==, before); /* what the caller owns is not changed */
  if (step->error == NULL && !done)
    FAIL (step, "%s", error->message);
  if (step->error != NULL) {
    GEnumClass *codes = g_type_class_ref (SIP_TYPE_ERROR);
    GEnumValue *value = g_enum_get_value_by_nick (codes, step->error);

    if (done || !g_error_matches (error, SIP_ERROR, value->value))
      FAIL (step, "%s", done ? "it was done" : error->message);
    g_type_class_unref (codes);
  }
  if (!has (step, "now"))
    fixture_settle (fixture);
}

static GError *
make_error (const char *nick)
{
  GEnumClass *codes = g_type_class_ref (SIP_TYPE_ERROR);
  GError *error =
      g_error_new (SIP_ERROR, g_enum_get_value_by_nick (codes, nick)->value, "%s", nick);

  g_type_class_unref (codes);
  return error;
}

static void
do_media (Step *step)
{
  Fixture *fixture = step->run->fixture;
  const char *what = step->words[1];

  if (g_str_equal (what, "hold")) {
    fixture->plan.hold = TRUE;
  } else if (g_str_equal (what, "go")) {
    fixture->plan.hold = FALSE;
    stub_handler_go_on (fixture->handler);
    fixture_settle (fixture);
  } else if (g_str_equal (what, "get-error")) {
    fixture->plan.get_error = make_error (step->words[2]);
  } else if (g_str_equal (what, "set-error")) {
    fixture->plan.set_error = make_error (step->words[2]);
  } else if (g_str_equal (what, "one-only")) {
    fixture->plan.one_only = TRUE;
  } else if (g_str_equal (what, "limits")) {
    fixture->plan.limits = TRUE;
  } else if (g_str_equal (what, "tones")) {
    fixture->plan.tones = TRUE;
  } else if (g_str_equal (what, "plays")) {
    fixture->plan.plays = TRUE;
  } else if (g_str_equal (what, "dtmf")) {
    g_autoptr (SipDtmf) dtmf = sip_dtmf_new_received (step->words[2], 100);

    g_signal_emit_by_name (fixture->handler, "dtmf", dtmf);
  } else if (g_str_equal (what, "failed")) {
    g_autoptr (GError) error = make_error (step->words[2]);

    g_signal_emit_by_name (fixture->handler, "failed", error);
  } else if (g_str_equal (what, "track")) {
    g_signal_emit_by_name (fixture->handler, "trackAdded");
  } else if (g_str_equal (what, "default")) {
    sip_ua_set_session_description_handler_factory (fixture->ua, NULL, NULL, NULL);
  } else if (g_str_equal (what, "none")) {
    fixture->plan.none = TRUE;
  } else if (g_str_equal (what, "fine")) {
    g_clear_error (&fixture->plan.get_error);
    g_clear_error (&fixture->plan.set_error);
    fixture->plan.hold = FALSE;
  } else {
    FAIL (step, "the media cannot do that");
  }
}

static char *
dup_nick (GType type, int value)
{
  GEnumClass *klass = g_type_class_ref (type);
  char *nick = g_strdup (g_enum_get_value (klass, value)->value_nick);

  g_type_class_unref (klass);
  return nick;
}

static void
check_nick (Step *step, GType type, int value)
{
  g_autofree char *nick = dup_nick (type, value);

  if (!g_str_equal (nick, step->words[1]))
    FAIL (step, "it is “%s”", nick);
}

static void
do_is (Step *step)
{
  Fixture *fixture = step->run->fixture;
  GObject *object = G_OBJECT (fixture->session);
  const char *name = step->words[1];
  g_auto (GValue) value = G_VALUE_INIT;
  g_autofree char *text = NULL;
  const char *wanted = step->rest + strlen (name) + 1;

  if (g_str_equal (name, "refer")) {
    object = G_OBJECT (fixture->refer);
    name = step->words[2];
    wanted += strlen (name) + 1;
  } else if (g_str_equal (name, "ua")) {
    object = G_OBJECT (fixture->ua);
    name = step->words[2];
    wanted += strlen (name) + 1;
  } else if (g_str_equal (name, "old")) {
    object = G_OBJECT (fixture->old);
    name = step->words[2];
    wanted += strlen (name) + 1;
  }
  g_object_get_property (object, name, &value);
  if (G_VALUE_HOLDS_STRING (&value))
    text = g_value_dup_string (&value);
  else if (G_VALUE_HOLDS_BOOLEAN (&value))
    text = g_strdup (g_value_get_boolean (&value) ? "1" : "0");
  else if (G_VALUE_HOLDS_UINT (&value))
    text = g_strdup_printf ("%u", g_value_get_uint (&value));
  else if (G_VALUE_HOLDS_ENUM (&value))
    text = dup_nick (G_VALUE_TYPE (&value), g_value_get_enum (&value));
  else if (G_VALUE_HOLDS (&value, SIP_TYPE_NAME_ADDR) && g_value_get_object (&value) != NULL)
    text = sip_name_addr_to_string (g_value_get_object (&value));
  else if (G_VALUE_HOLDS_OBJECT (&value) || G_VALUE_HOLDS_BOXED (&value))
    text = g_strdup (g_value_peek_pointer (&value) != NULL ? "there" : NULL);
  if (g_strcmp0 (text != NULL ? text : "-", wanted) != 0)
    FAIL (step, "it is “%s”", text);
}

static void
check_message (Step *step)
{
  SipMessage *message = step->run->fixture->last_message;
  g_autofree char *text = NULL;

  if (message == NULL)
    text = g_strdup ("-");
  else if (sip_message_get_is_request (message))
    text = g_strdup (sip_message_get_method (message));
  else
    text = g_strdup_printf ("%u", sip_message_get_status_code (message));
  if (!g_str_equal (text, step->rest))
    FAIL (step, "it is “%s”", text);
}

static const char *
find_kind (Step *step, const char *kind)
{
  g_autofree char *start = g_ascii_isdigit (*kind) ? g_strconcat ("SIP/2.0 ", kind, NULL)
                                                   : g_strconcat (kind, " ", NULL);

  return fixture_find_sent (step->run->fixture, start);
}

static void
do_sent (Step *step)
{
  const char *message = find_kind (step, step->words[1]);
  g_autofree char *text =
      g_strcompress (step->rest + strlen (step->words[1]) + 1 + strlen (step->words[2]) + 1);
  gboolean there = strstr (message, text) != NULL;

  if (there != g_str_equal (step->words[2], "has"))
    FAIL (step, "it is\n%s", message);
}

static void
do_steps (Step *step)
{
  Fixture *fixture = step->run->fixture;
  const char *word = step->words[0];

  if (g_str_equal (word, ">")) {
    fixture_drain ();
    if (!g_str_equal (fixture->log->str, step->rest))
      FAIL (step, "it was\n     %s", fixture->log->str);
    g_string_set_size (fixture->log, 0);
  } else if (g_str_equal (word, "ua")) {
    for (gsize i = 1; step->words[i] != NULL; i++) {
      g_auto (GStrv) pair = g_strsplit (step->words[i], "=", 2);

      set_option (step, G_OBJECT (fixture->ua), pair[0], pair[1]);
    }
  } else if (g_str_equal (word, "call")) {
    do_call (step);
  } else if (g_str_equal (word, "ring")) {
    do_ring (step);
  } else if (g_str_equal (word, "answer")) {
    do_answer (step);
  } else if (g_str_equal (word, "peer")) {
    do_peer (step);
  } else if (g_str_equal (word, "stranger")) {
    do_stranger (step);
  } else if (g_str_equal (word, "again")) {
    fixture_receive (fixture, step->run->said);
  } else if (g_str_equal (word, "do")) {
    do_do (step);
  } else if (g_str_equal (word, "media")) {
    do_media (step);
  } else if (g_str_equal (word, "at")) {
    fixture_advance (fixture, g_ascii_strtoull (step->words[1], NULL, 10));
  } else if (g_str_equal (word, "until")) {
    for (guint i = 0; i < 1000 && !g_str_has_suffix (fixture->log->str, step->rest); i++)
      fixture_advance (fixture, 10);
  } else if (g_str_equal (word, "keep")) {
    fixture_keep (fixture);
  } else if (g_str_equal (word, "follow")) {
    g_autoptr (SipSession) followed = NULL;

    g_object_get (fixture->refer, "target-session", &followed, NULL);
    fixture->old = g_steal_pointer (&fixture->session);
    fixture->old_handler =
        g_object_ref (g_ptr_array_index (fixture->handlers, fixture->handlers->len - 2));
    fixture_watch (fixture, followed);
  } else if (g_str_equal (word, "swap")) {
    SipSession *session = fixture->session;
    StubHandler *handler = fixture->handler;

    fixture->session = fixture->old;
    fixture->handler = fixture->old_handler;
    fixture->old = session;
    fixture->old_handler = handler;
  } else if (g_str_equal (word, "fail-next")) {
    peer_wire_fail_next (fixture->wire, g_ascii_strtoull (step->words[1], NULL, 10));
  } else if (g_str_equal (word, "listen")) {
    if (g_str_equal (step->words[1], "referRequested"))
      fixture_listen_refer (fixture);
    else
      fixture_listen (fixture, step->words[1]);
  } else if (g_str_equal (word, "status")) {
    check_nick (step, SIP_TYPE_SESSION_STATUS, sip_session_get_status (fixture->session));
  } else if (g_str_equal (word, "cause")) {
    check_nick (step, SIP_TYPE_CAUSE, sip_session_get_cause (fixture->session));
  } else if (g_str_equal (word, "is")) {
    do_is (step);
  } else if (g_str_equal (word, "words")) {
    const char *words = fixture->last_words != NULL ? fixture->last_words : "-";

    if (!g_str_equal (words, step->rest))
      FAIL (step, "it was “%s”", words);
  } else if (g_str_equal (word, "message")) {
    check_message (step);
  } else if (g_str_equal (word, "sent")) {
    do_sent (step);
  } else {
    FAIL (step, "that is no step");
  }
}

/* $rseq: the number of our last reliable response; $replaces: the old call, as bob names it in a
 * Replaces header; $refer: the number of our last REFER. */
static char *
fill_in (Run *run, const char *line)
{
  Fixture *fixture = run->fixture;
  GString *out = g_string_new (line);

  if (strstr (line, "$rseq") != NULL) {
    g_autofree char *rseq = NULL;

    for (guint i = fixture->sent->len; rseq == NULL && i > 0; i--)
      rseq = peer_text_header (g_ptr_array_index (fixture->sent, i - 1), "RSeq");
    g_string_replace (out, "$rseq", rseq, 0);
  }
  if (strstr (line, "$refer") != NULL) {
    g_autofree char *cseq = peer_text_header (fixture_find_sent (fixture, "REFER "), "CSeq");

    cseq[strcspn (cseq, " ")] = '\0';
    g_string_replace (out, "$refer", cseq, 0);
  }
  if (strstr (line, "$replaces") != NULL) {
    SipSession *old = fixture->old != NULL ? fixture->old : fixture->session;
    SipDialog *dialog = sip_session_peek (old)->dialog;
    g_autofree char *from = sip_message_get_header (sip_session_get_request (old), "From");
    g_autofree char *text = g_strdup_printf (
        "%s;to-tag=%s;from-tag=bob", sip_session_get_call_id (old),
        dialog != NULL ? sip_dialog_get_local_tag (dialog) : strstr (from, "tag=") + 4);

    g_string_replace (out, "$replaces", text, 0);
  }
  return g_string_free (out, FALSE);
}

static void
do_line (Run *run, const char *text)
{
  g_autofree char *line = fill_in (run, text);
  g_auto (GStrv) halves = g_strsplit (line, " ! ", 2);
  g_auto (GStrv) parts = g_strsplit (halves[0], " +", -1);
  Step step = {.run = run, .headers = g_string_new (NULL)};
  const char *space = strchr (line, ' ');

  step.rest = space != NULL ? space + 1 : "";
  step.words = g_strsplit (parts[0], " ", -1);
  step.error = halves[1];
  for (gsize i = 1; parts[i] != NULL; i++)
    g_string_append_printf (step.headers, "%s\r\n", parts[i]);
  do_steps (&step);
  g_strfreev (step.words);
  g_string_free (step.headers, TRUE);
}

static void
test_script (Fixture *fixture, gconstpointer data)
{
  const Run *row = data;
  Run run = *row;
  g_auto (GStrv) lines = g_strsplit (run.script->text->str, "\n", -1);

  run.fixture = fixture;
  for (gsize i = 0; lines[i] != NULL; i++) {
    run.line = run.script->line + i + 1;
    if (*lines[i] != '\0')
      do_line (&run, lines[i]);
  }
  g_free (run.said);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture_seed = g_str_hash (((const Run *)data)->script->name);
  fixture_set_up (fixture, ((const Run *)data)->setting);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  fixture_tear_down (fixture, ((const Run *)data)->setting);
}

static const struct {
  const char *name;
  FixtureSetting setting;
} settings[] = {
    {"datagrams", {"UDP", "secret", 0, 0}},
    {"loss", {"UDP", "secret", 20, 0}},
    {"single-bytes", {"TCP", "secret", 0, 1}},
};

/* Where the clock counts, only a wire on which nothing is said twice can tell it. */
static void
add (const char *suite, const Script *script, GPtrArray *runs)
{
  for (gsize s = 0; s < G_N_ELEMENTS (settings); s++) {
    g_autofree char *path = g_strdup_printf ("/%s/%s/%s", suite, settings[s].name, script->name);
    gboolean is_timed = strstr (script->text->str, "\nat ") != NULL ||
                        strstr (script->text->str, "\nuntil ") != NULL ||
                        strstr (script->text->str, "\nagain") != NULL ||
                        strstr (script->text->str, "fail-next") != NULL;
    Run *run;

    if (is_timed && s != 0)
      continue;
    run = g_new0 (Run, 1);
    run->script = script;
    run->setting = &settings[s].setting;
    g_ptr_array_add (runs, run);
    g_test_add (path, Fixture, run, set_up, test_script, tear_down);
  }
}

static void
free_script (gpointer data)
{
  Script *script = data;

  g_free (script->name);
  g_string_free (script->text, TRUE);
  g_free (script);
}

static void
read_scripts (const char *path, GPtrArray *scripts)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  Script *script = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    if (g_str_has_prefix (lines[i], "== ")) {
      script = g_new (Script, 1);
      script->name = g_strdup (lines[i] + 3);
      script->text = g_string_new (NULL);
      script->line = i + 1;
      g_ptr_array_add (scripts, script);
    } else if (script != NULL) {
      g_string_append_printf (script->text, "%s\n", *lines[i] != '#' ? lines[i] : "");
    }
  }
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) scripts = g_ptr_array_new_with_free_func (free_script);
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func (g_free);

  g_test_init (&argc, &argv, NULL);
  for (int i = 1; i < argc; i++) {
    g_autofree char *base = g_path_get_basename (argv[i]);
    guint n = scripts->len;

    read_scripts (argv[i], scripts);
    base[strcspn (base, ".")] = '\0';
    for (; n < scripts->len; n++)
      add (base, g_ptr_array_index (scripts, n), runs);
  }
  return g_test_run ();
}
