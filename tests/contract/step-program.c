/* step-program.c - what the program does with a call, and what its media does */

#include "step.h"

#include <string.h>

void
step_call (Step *step)
{
  Fixture *fixture = step->run->fixture;
  g_autoptr (SipOptions) options = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SipInviteClientContext) call = NULL;
  const char *target = step_get (step, "to");

  for (gsize i = 1; step->words[i] != NULL; i++) {
    if (g_str_equal (step->words[i], "offerless")) {
      g_free (step->words[i]);
      step->words[i] = g_strdup ("invite-without-sdp=1");
    }
  }
  options = step_make_options (step);
  call = sip_ua_invite (fixture->ua, target != NULL ? target : "sip:bob@example.org", options, NULL,
                        &error);
  if (call == NULL)
    FAIL (step, "%s", error->message);
  fixture_watch (fixture, SIP_SESSION (call));
  g_clear_object (&call);
  if (!step_has (step, "now"))
    fixture_settle (fixture);
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

void
step_do (Step *step)
{
  Fixture *fixture = step->run->fixture;
  SipSession *session = step_has (step, "on-old") ? fixture->old : fixture->session;
  g_autoptr (SipOptions) options = step_make_options (step);
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
  if (!step_has (step, "now"))
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

void
step_media (Step *step)
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
