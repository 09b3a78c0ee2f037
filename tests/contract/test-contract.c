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
 *                            tones, plays, none, dtmf TONE, failed CODE, track, fine;
 *                            `default`: no factory
 *   at MILLISECONDS          time passes;
 *                            `until WORD`: until that is the last thing that happened
 *   fail-next N              so many messages cannot be sent
 *   keep                     the call becomes the old one and makes room for another
 *   swap                     the old one and the new one change names
 *   follow                   the call that a transfer led to becomes the new one
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

#include "step.h"

#include <string.h>

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
  step_take (&step);
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
