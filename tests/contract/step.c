/* step.c - what a line of a test says, and who does it */

#include "step.h"

#include <string.h>

const char *
step_get (Step *step, const char *name)
{
  gsize length = strlen (name);

  for (gsize i = 1; step->words[i] != NULL; i++) {
    if (g_str_has_prefix (step->words[i], name) && step->words[i][length] == '=')
      return step->words[i] + length + 1;
  }
  return NULL;
}

gboolean
step_has (Step *step, const char *word)
{
  return g_strv_contains ((const char *const *)step->words, word);
}

/* A body of a word stands for a description that begins so. */
char *
step_dup_body (Step *step, const char *fallback)
{
  const char *body = step_get (step, "body");
  g_autofree char *text = NULL;

  if (body == NULL)
    body = fallback;
  if (body == NULL || *body == '\0' || g_str_equal (body, "none"))
    return NULL;
  if (step_get (step, "type") != NULL) {
    text = g_strdup (body);
  } else {
    text = g_strconcat ("v=0 ", body, NULL);
  }
  g_strdelimit (text, "_", ' ');
  return g_strcompress (text);
}

const char *
step_get_type (Step *step, const char *body)
{
  const char *type = step_get (step, "type");

  return body == NULL ? NULL : type != NULL ? type : SDP_TYPE;
}

void
step_set_option (Step *step, GObject *object, const char *name, const char *text)
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
SipOptions *
step_make_options (Step *step)
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
    step_set_option (step, G_OBJECT (options), name, equals + 1);
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

void
step_take (Step *step)
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

      step_set_option (step, G_OBJECT (fixture->ua), pair[0], pair[1]);
    }
  } else if (g_str_equal (word, "call")) {
    step_call (step);
  } else if (g_str_equal (word, "ring")) {
    step_ring (step);
  } else if (g_str_equal (word, "answer")) {
    step_answer (step);
  } else if (g_str_equal (word, "peer")) {
    step_peer (step);
  } else if (g_str_equal (word, "stranger")) {
    step_stranger (step);
  } else if (g_str_equal (word, "again")) {
    fixture_receive (fixture, step->run->said);
  } else if (g_str_equal (word, "do")) {
    step_do (step);
  } else if (g_str_equal (word, "media")) {
    step_media (step);
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
    step_check_nick (step, SIP_TYPE_SESSION_STATUS, sip_session_get_status (fixture->session));
  } else if (g_str_equal (word, "cause")) {
    step_check_nick (step, SIP_TYPE_CAUSE, sip_session_get_cause (fixture->session));
  } else if (g_str_equal (word, "is")) {
    step_is (step);
  } else if (g_str_equal (word, "words")) {
    const char *words = fixture->last_words != NULL ? fixture->last_words : "-";

    if (!g_str_equal (words, step->rest))
      FAIL (step, "it was “%s”", words);
  } else if (g_str_equal (word, "message")) {
    step_check_message (step);
  } else if (g_str_equal (word, "sent")) {
    step_sent (step);
  } else {
    FAIL (step, "that is no step");
  }
}
