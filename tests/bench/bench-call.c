/* bench-call.c - how long the steps of a call take, over loopback with real media
 *
 * Two user agents in one process; prints medians in milliseconds as lines of JSON.
 */

#include "media-web-handler.h"
#include "sip.h"

enum { N_CALLS = 20 };

typedef enum { TO_WIRE, TO_200, ACCEPTED, RTP_AFTER_200, FIRST_RTP, N_STEPS } Step;

static const char *const names[] = {
    [TO_WIRE] = "invite() to INVITE on the wire", [TO_200] = "INVITE received to 200 sent",
    [ACCEPTED] = "invite() to accepted",          [RTP_AFTER_200] = "200 sent to first RTP",
    [FIRST_RTP] = "invite() to first RTP",
};

typedef struct {
  SipUA *caller, *callee;
  GMainLoop *loop;
  GArray *steps[N_STEPS]; /* of double */
  gint64 start, received, answered;
  guint n_tracks;
  char *target;
} Bench;

static void place (Bench *bench);

static void
note (Bench *bench, Step step, gint64 since)
{
  double ms = (g_get_monotonic_time () - since) / 1000.0;

  g_array_append_val (bench->steps[step], ms);
}

static SipSessionDescriptionHandler *
create_handler (SipSession *session, gpointer user_data)
{
  return media_web_handler_new ("audiotestsrc is-live=true", "fakesink sync=false");
}

static void
on_callee_accepted (SipSession *session, SipMessage *response, const char *cause, gpointer data)
{
  Bench *bench = data;

  note (bench, TO_200, bench->received);
  bench->answered = g_get_monotonic_time ();
}

static void
on_invite (SipUA *ua, SipSession *session, gpointer user_data)
{
  Bench *bench = user_data;

  bench->received = g_get_monotonic_time ();
  g_signal_connect (session, "accepted", G_CALLBACK (on_callee_accepted), bench);
  sip_invite_server_context_accept (SIP_INVITE_SERVER_CONTEXT (session), NULL, NULL, NULL);
}

static void
on_invite_sent (SipUA *ua, SipSession *session, gpointer user_data)
{
  note (user_data, TO_WIRE, ((Bench *)user_data)->start);
}

static void
on_accepted (SipSession *session, SipMessage *response, const char *cause, gpointer user_data)
{
  note (user_data, ACCEPTED, ((Bench *)user_data)->start);
}

/* The second track is the other side's: it appears with its first packet. */
static void
on_track (SipSession *session, gpointer user_data)
{
  Bench *bench = user_data;

  if (++bench->n_tracks < 2)
    return;
  note (bench, RTP_AFTER_200, bench->answered);
  note (bench, FIRST_RTP, bench->start);
  sip_session_bye (session, NULL, NULL);
}

static gboolean
on_next (gpointer user_data)
{
  Bench *bench = user_data;

  if (bench->steps[FIRST_RTP]->len < N_CALLS)
    place (bench);
  else
    g_main_loop_quit (bench->loop);
  return G_SOURCE_REMOVE;
}

static void
on_terminated (SipSession *session, SipMessage *message, const char *cause, gpointer user_data)
{
  g_timeout_add (100, on_next, user_data);
}

static void
place (Bench *bench)
{
  g_autoptr (SipInviteClientContext) call = NULL;

  bench->n_tracks = 0;
  bench->start = g_get_monotonic_time ();
  call = sip_ua_invite (bench->caller, bench->target, NULL, NULL, NULL);
  g_signal_connect (call, "accepted", G_CALLBACK (on_accepted), bench);
  g_signal_connect (call, "trackAdded", G_CALLBACK (on_track), bench);
  g_signal_connect (call, "terminated", G_CALLBACK (on_terminated), bench);
}

static gboolean
on_warm (gpointer user_data)
{
  place (user_data);
  return G_SOURCE_REMOVE;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double first = *(const double *)a, second = *(const double *)b;

  return first < second ? -1 : first > second;
}

static SipUA *
start_ua (const char *uri)
{
  SipUA *ua = g_object_new (SIP_TYPE_UA, "uri", uri, "local-address", "127.0.0.1:0",
                            "auto-register", FALSE, NULL);

  sip_ua_set_session_description_handler_factory (ua, create_handler, NULL, NULL);
  if (!sip_ua_start (ua, NULL))
    g_error ("Cannot bind");
  return ua;
}

int
main (void)
{
  Bench bench = {0};

  media_web_handler_prepare ();
  bench.loop = g_main_loop_new (NULL, FALSE);
  for (guint i = 0; i < N_STEPS; i++)
    bench.steps[i] = g_array_new (FALSE, FALSE, sizeof (double));
  bench.caller = start_ua ("sip:alice@127.0.0.1");
  bench.callee = start_ua ("sip:bob@127.0.0.1");
  g_signal_connect (bench.callee, "invite", G_CALLBACK (on_invite), &bench);
  g_signal_connect (bench.caller, "inviteSent", G_CALLBACK (on_invite_sent), &bench);
  bench.target = sip_ua_dup_contact_uri (bench.callee);
  g_timeout_add_seconds (3, on_warm, &bench); /* a phone is warm when its user dials */
  g_main_loop_run (bench.loop);
  for (guint i = 0; i < N_STEPS; i++) {
    g_array_sort (bench.steps[i], compare);
    g_print ("{\"what\": \"%s\", \"median\": %.1f, \"n\": %u}\n", names[i],
             g_array_index (bench.steps[i], double, bench.steps[i]->len / 2), bench.steps[i]->len);
  }
  return 0;
}
