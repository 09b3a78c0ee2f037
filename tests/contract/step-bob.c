/* step-bob.c - what bob says, and who else is there */

#include "step.h"

#include <string.h>

static void
say (Run *run, char *text)
{
  g_free (run->said);
  run->said = text;
  fixture_receive (run->fixture, text);
}

void
step_ring (Step *step)
{
  Run *run = step->run;
  g_autofree char *body = step_dup_body (step, step_has (step, "offerless") ? NULL : "OFFER");
  const char *call_id = step_get (step, "id"), *uri = step_get (step, "to");
  g_autofree char *via = NULL;
  g_autofree char *from = NULL;

  if (call_id == NULL)
    call_id = "callid@bob";
  if (!step_has (step, "no-contact"))
    g_string_append (step->headers, "Contact: <sip:bob@192.0.2.9>\r\n");
  via = g_strdup_printf ("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK%s%s;rport", call_id,
                         step_get (step, "branch") != NULL ? step_get (step, "branch") : "");
  from = g_strdup_printf ("\"Bob\" <sip:bob@example.org>;tag=%s",
                          step_get (step, "tag") != NULL ? step_get (step, "tag") : "bob");
  run->cseq = run->invite = 1;
  say (run, peer_text_request ("INVITE", uri != NULL ? uri : "sip:alice@example.org", via, from,
                               "<sip:alice@example.org>", call_id, 1, step->headers->str,
                               step_get_type (step, body), body));
}

void
step_answer (Step *step)
{
  const char *method = step_get (step, "to"), *tag = step_get (step, "tag");
  g_autofree char *start = g_strconcat (method != NULL ? method : "INVITE", " ", NULL);
  guint code = g_ascii_strtoull (step->words[1], NULL, 10);
  gboolean describes = code / 100 == 2 && method == NULL;
  g_autofree char *body = step_dup_body (step, describes ? "ANSWER" : NULL);

  if (tag == NULL)
    tag = "bob";
  if (!step_has (step, "no-contact") && strstr (step->headers->str, "Contact:") == NULL)
    g_string_append (step->headers, "Contact: <sip:bob@192.0.2.9>\r\n");
  say (step->run, peer_text_response (fixture_find_sent (step->run->fixture, start), code,
                                      code == 100 || g_str_equal (tag, "none") ? NULL : tag,
                                      step->headers->str, step_get_type (step, body), body));
}

/* What the two sides of the dialog call each other, from bob's side. */
static void
find_names (Step *step, char **from, char **to, char **call_id)
{
  Fixture *fixture = step->run->fixture;
  SipSession *session = step_has (step, "old") ? fixture->old : fixture->session;
  SipDialog *dialog = sip_session_peek (session)->dialog;
  gboolean incoming = SIP_IS_INVITE_SERVER_CONTEXT (session);
  g_autofree char *own = NULL;
  const char *tag = step_get (step, "tag");

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

void
step_peer (Step *step)
{
  Run *run = step->run;
  const char *method = step->words[1], *number = step_get (step, "cseq");
  gboolean is_ack = g_str_equal (method, "ACK"), is_cancel = g_str_equal (method, "CANCEL");
  g_autofree char *from = NULL, *to = NULL, *call_id = NULL, *via = NULL;
  g_autofree char *body = step_dup_body (step, NULL);
  guint cseq;

  find_names (step, &from, &to, &call_id);
  if (is_ack || is_cancel)
    cseq = run->invite;
  else
    cseq = number != NULL ? g_ascii_strtoull (number, NULL, 10) : ++run->cseq;
  if (g_str_equal (method, "INVITE"))
    run->invite = cseq;
  if (step_has (step, "refused")) {
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
      !step_has (step, "no-contact") && strstr (step->headers->str, "Contact:") == NULL)
    g_string_append (step->headers, "Contact: <sip:bob@192.0.2.9>\r\n");
  say (run, peer_text_request (method, "sip:alice@example.org", via, from, to, call_id, cseq,
                               step->headers->str, step_get_type (step, body), body));
}

/* A request of somebody outside of a call. */
void
step_stranger (Step *step)
{
  g_autofree char *via =
      g_strdup_printf ("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKstranger%u;rport", step->run->line);
  g_autofree char *call_id = g_strdup_printf ("stranger%u", step->run->line);
  g_autofree char *body = step_dup_body (step, NULL);

  if (!step_has (step, "no-contact"))
    g_string_append (step->headers, "Contact: <sip:mallory@192.0.2.66>\r\n");
  say (step->run,
       peer_text_request (
           step->words[1], "sip:alice@example.org", via, "<sip:mallory@example.org>;tag=mallory",
           step_has (step, "dead") ? "<sip:alice@example.org>;tag=gone" : "<sip:alice@example.org>",
           call_id, 1, step->headers->str, step_get_type (step, body), body));
}
