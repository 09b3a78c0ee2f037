#pragma once

#include "sip-session-description-handler.h"

/* Media of a test: it makes no sound, keeps a log and fails when it is told to. */
#define STUB_TYPE_HANDLER (stub_handler_get_type ())
G_DECLARE_FINAL_TYPE (StubHandler, stub_handler, STUB, HANDLER, GObject)

typedef void (*StubHandlerFunc) (StubHandler *self, const char *what, gpointer user_data);

/* What the next handlers do wrong. */
typedef struct {
  GError *get_error;
  GError *set_error;
  gboolean hold;     /* whether answers wait for stub_handler_go_on() */
  gboolean one_only; /* whether a second answer to the same offer is refused */
  gboolean limits;   /* whether what may flow is told */
  gboolean tones;    /* whether tones travel in it */
  gboolean plays;    /* whether tones can be played as sound */
  gboolean moves;    /* whether its addresses are other ones when the network is */
  gboolean none;     /* whether none can be made */
} StubPlan;

StubHandler *stub_handler_new (const StubPlan *plan, StubHandlerFunc func, gpointer user_data);
void stub_handler_go_on (StubHandler *self);
guint stub_handler_get_n_closed (StubHandler *self);
