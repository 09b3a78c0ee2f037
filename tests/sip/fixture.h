#pragma once

#include "peer-text.h"
#include "peer-wire.h"
#include "sip.h"
#include "stub-handler.h"

/* What is seen of a call that comes in. */
#define FIXTURE_RINGING ">100 >180 ua*invite"

typedef struct {
  const char *protocol;
  const char *password;
  guint loss;         /* percent, each way; a peer that sends again what got lost */
  gsize piece;        /* of a stream, bytes that arrive at once; 0 for all */
  const char *server; /* a real one in place of the wire, where it registers; or NULL */
  const char *pin;    /* the certificate of the real one that is trusted; or NULL */
} FixtureSetting;

/* A user agent on a wire of memory, a clock that stands still, and one log of all that happens:
 *   >INVITE, >200       sent: a request's method, a response's status
 *   *accepted           a signal of the session; ua*invite: one of the user agent
 *   sdh.get, sdh.close  what was asked of the media
 *   old*bye, old.close  the same of the session that was there before, see fixture_keep()
 */
typedef struct {
  SipUA *ua;
  PeerWire *wire;
  GString *log;
  GPtrArray *sent; /* the texts, in order */
  SipSession *session;
  StubHandler *handler;
  GPtrArray *handlers; /* all of them */
  SipSession *old;
  StubHandler *old_handler;
  SipReferContext *refer; /* the last transfer */
  StubPlan plan;
  const FixtureSetting *setting;
  GRand *dice;         /* NULL where nothing is lost */
  GHashTable *arrived; /* what was sent and did not get lost, or is of no account */
  guint n_lost;
  char *last_request;       /* of the peer */
  char *last_response;      /* of the peer, a final one */
  SipMessage *last_message; /* the last argument of that kind of a signal */
  char *last_words;         /* the last string argument of a signal */
} Fixture;

typedef struct {
  const char *path;
  void (*test) (Fixture *fixture, gconstpointer setting);
  const FixtureSetting *setting; /* NULL for datagrams, with no password */
} FixtureCase;

extern guint32 fixture_seed; /* of what gets lost */

/* Waits for what comes over a real socket. */
#define WAIT_FOR(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    guint limit_id = g_timeout_add_seconds (60, fixture_give_up, #condition);                      \
                                                                                                   \
    while (!(condition))                                                                           \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (limit_id);                                                                    \
  }                                                                                                \
  G_STMT_END

gboolean fixture_give_up (gpointer condition);
gboolean fixture_saw (Fixture *fixture, const char *word);
void fixture_set_up (Fixture *fixture, gconstpointer setting);
void fixture_tear_down (Fixture *fixture, gconstpointer setting);
void fixture_drain (void);
void fixture_advance (Fixture *fixture, gint64 milliseconds);
void fixture_jump (Fixture *fixture, gint64 milliseconds);
void fixture_expect (Fixture *fixture, const char *log);
const char *fixture_get_sent (Fixture *fixture, guint from_end);
const char *fixture_find_sent (Fixture *fixture, const char *start);
void fixture_receive (Fixture *fixture, const char *text);
void fixture_call (Fixture *fixture, SipOptions *options);
void fixture_answer (Fixture *fixture, guint code, const char *body);
void fixture_answer_with (Fixture *fixture,
                          const char *request,
                          guint code,
                          const char *tag,
                          const char *headers,
                          const char *body);
void fixture_ring (Fixture *fixture, const char *headers, const char *body);
void fixture_be_called (Fixture *fixture);
void fixture_accept (Fixture *fixture);
void fixture_say (Fixture *fixture,
                  const char *method,
                  guint cseq,
                  const char *headers,
                  const char *body);
void fixture_request (Fixture *fixture, const char *method, guint cseq, const char *body);
void fixture_connected_call (Fixture *fixture);
void fixture_answered_call (Fixture *fixture);
void fixture_watch_object (Fixture *fixture, gpointer object, const char *const *names);
void fixture_listen (Fixture *fixture, const char *name);
void fixture_listen_refer (Fixture *fixture);
void fixture_keep (Fixture *fixture);
void fixture_settle (Fixture *fixture);
void fixture_watch (Fixture *fixture, SipSession *session);
void fixture_assert_status (Fixture *fixture, SipSessionStatus status);
void fixture_assert_cause (Fixture *fixture, SipCause cause, const char *words);
int fixture_run (int argc, char **argv, const char *name, const FixtureCase *cases, gsize n_cases);

#define SDP_TYPE "application/sdp"
