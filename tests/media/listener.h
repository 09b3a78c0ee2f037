#pragma once

#include "media-web-handler.h"

G_BEGIN_DECLS

/* Waits for events, and ends the test where they do not come. */
#define WAIT_FOR(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    guint limit_id =                                                                               \
        g_timeout_add_seconds (60 * listener_slowness (), listener_give_up, #condition);           \
    guint look_id = g_timeout_add (5, listener_look, NULL);                                        \
    while (!(condition))                                                                           \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (look_id);                                                                     \
    g_source_remove (limit_id);                                                                    \
  }                                                                                                \
  G_STMT_END

gboolean listener_give_up (gpointer condition);
gboolean listener_look (gpointer data);
void listener_drain (void);
guint listener_slowness (void);

char *listener_get (SipSessionDescriptionHandler *handler, SipModifiers *modifiers, GError **error);
gboolean listener_set (SipSessionDescriptionHandler *handler,
                       const char *text,
                       SipModifiers *modifiers,
                       GError **error);
gboolean listener_answer (SipSessionDescriptionHandler *handler, const char *text, GError **error);
char *listener_replace (const char *text, const char *what, const char *with);

/* What a handler plays, in a file. */
typedef struct {
  char *path;
  char *sink;
} Listener;

void listener_init (Listener *self);
void listener_clear (Listener *self);
gsize listener_count (Listener *self);
double listener_measure (Listener *self, double frequency);
double listener_measure_all (Listener *self);
gboolean listener_hears (Listener *self, double frequency);
void listener_assert_stopped (Listener *self, Listener *other);
void listener_settle (Listener *listener);

G_END_DECLS
