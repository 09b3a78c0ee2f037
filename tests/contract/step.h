#pragma once

#include "fixture.h"

#include "sip-error.h"
#include "sip-session-private.h"
#include "sip-ua-private.h"

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

/* step.c */
const char *step_get (Step *step, const char *name);
gboolean step_has (Step *step, const char *word);
char *step_dup_body (Step *step, const char *fallback);
const char *step_get_type (Step *step, const char *body);
void step_set_option (Step *step, GObject *object, const char *name, const char *text);
SipOptions *step_make_options (Step *step);
void step_take (Step *step);

/* step-bob.c */
void step_ring (Step *step);
void step_answer (Step *step);
void step_peer (Step *step);
void step_stranger (Step *step);

/* step-program.c */
void step_call (Step *step);
void step_do (Step *step);
void step_media (Step *step);

/* step-check.c */
void step_check_nick (Step *step, GType type, int value);
void step_is (Step *step);
void step_check_message (Step *step);
void step_sent (Step *step);
