/* media-promise.c - what webrtcbin answers, told where it was asked
 *
 * Up: webrtcbin's thread -> MediaHop -> a MediaOutcome
 */

#include "media-promise-private.h"

/* What waits for it. */
typedef struct {
  MediaHop *hop;
  MediaHopFunc on_outcome;
} Step;

static void
free_step (gpointer data)
{
  Step *step = data;

  media_hop_unref (step->hop);
  g_free (step);
}

static void
free_outcome (gpointer data)
{
  MediaOutcome *outcome = data;

  g_clear_pointer (&outcome->description, gst_webrtc_session_description_free);
  g_clear_error (&outcome->error);
  g_free (outcome);
}

/* In webrtcbin's thread, or in ours when the connection is closed before it. */
static void
on_promise (GstPromise *promise, gpointer user_data)
{
  static const char *const fields[] = {"offer", "answer"};
  Step *step = user_data;
  MediaOutcome *outcome = g_new0 (MediaOutcome, 1);
  const GstStructure *reply = NULL;

  if (gst_promise_wait (promise) == GST_PROMISE_RESULT_REPLIED)
    reply = gst_promise_get_reply (promise);
  if (reply != NULL)
    gst_structure_get (reply, "error", G_TYPE_ERROR, &outcome->error, NULL);
  for (guint i = 0; reply != NULL && i < G_N_ELEMENTS (fields); i++)
    gst_structure_get (reply, fields[i], GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &outcome->description,
                       NULL);
  media_hop_post (step->hop, step->on_outcome, outcome, free_outcome);
}

/* @on_outcome is given a MediaOutcome, in the main context. */
GstPromise *
media_promise_new (MediaHop *hop, MediaHopFunc on_outcome)
{
  Step *step = g_new (Step, 1);

  *step = (Step){media_hop_ref (hop), on_outcome};
  return gst_promise_new_with_change_func (on_promise, step, free_step);
}
