/* media-peer.c - one webrtcbin in a pipeline of its own: one round of offer and answer, one
 * connection
 *
 * Down: describe_async(), complete_async() -> webrtcbin, one step after another
 * Up:   webrtcbin's threads -> MediaHop -> the task, the signals verified, pad, news, failed
 *
 * webrtcbin 1.22 cannot change directions, roll back or answer twice: it is asked once, and all
 * later rounds are made of text by the handler.
 */

#include "media-peer-private.h"

#include "media-arrival-private.h"
#include "media-certificate-private.h"
#include "media-dtls-private.h"
#include "media-hop-private.h"
#include "media-identity-private.h"
#include "media-promise-private.h"
#include "media-webrtc-private.h"

#include <nice/agent.h>

/* Addresses of this machine take a few milliseconds, and those that a server tells some more; what
 * comes later is left out. Without a relay there is no call where only that may be seen.
 */
#define GATHERING_MS 500
#define ASKING_MS 1000
#define RELAYING_MS 5000

typedef void (*Next) (MediaPeer *self, GstWebRTCSessionDescription *description);

struct _MediaPeer {
  GObject parent_instance;

  MediaHop *hop;
  MediaIdentity *identity;
  SipMediaServers *servers; /* or NULL */
  GStrv addresses;          /* of this machine, that it tells */
  char *fingerprint;        /* of our certificate */
  GstElement *pipeline;
  GstElement *webrtc;
  guint watch_id;
  guint gathering_id;
  NiceAgent *agent;        /* of webrtcbin */
  guint gathered;          /* the stream of libnice that has all its candidates; 0 before it does */
  gboolean described;      /* the local description is set: the end of gathering ends the task */
  GTask *task;             /* one at a time */
  GstPromise *promise;     /* of the task's last step */
  Next next;               /* the step after it */
  MediaSdpFormat answered; /* what an answer takes of the offer */
};

G_DEFINE_FINAL_TYPE (MediaPeer, media_peer, G_TYPE_OBJECT)

enum { SIGNAL_VERIFIED, SIGNAL_PAD, SIGNAL_NEWS, SIGNAL_FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
fail (MediaPeer *self, SipError code, const char *why)
{
  g_autoptr (GError) error = g_error_new_literal (SIP_ERROR, code, why);

  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static void
fail_task (MediaPeer *self, SipError code, const char *why)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  g_clear_handle_id (&self->gathering_id, g_source_remove);
  if (task != NULL)
    g_task_return_new_error (task, SIP_ERROR, code, "%s", why);
}

static void
on_outcome (gpointer object, gpointer data)
{
  MediaPeer *self = object;
  MediaOutcome *outcome = data;

  if (self->task == NULL)
    return;
  if (outcome->error != NULL)
    fail_task (self, SIP_ERROR_SESSION_DESCRIPTION_HANDLER, outcome->error->message);
  else
    self->next (self, outcome->description);
}

/* Borrowed: webrtcbin forgets those it has not answered when it is closed. */
static GstPromise *
renew_promise (MediaPeer *self, Next next)
{
  self->next = next;
  g_clear_pointer (&self->promise, gst_promise_unref);
  self->promise = media_promise_new (self->hop, on_outcome);
  return self->promise;
}

static void
set_remote (MediaPeer *self, GstWebRTCSDPType type, const MediaSdp *sdp, Next next)
{
  GstWebRTCSessionDescription *description = media_webrtc_new_description (type, sdp);

  media_identity_expect (self->identity, sdp->fingerprint);
  g_signal_emit_by_name (self->webrtc, "set-remote-description", description,
                         renew_promise (self, next));
  gst_webrtc_session_description_free (description);
}

static gboolean
is_hidden (MediaPeer *self)
{
  return self->servers != NULL && sip_media_servers_get_relay_only (self->servers);
}

/* Whether a relay was named, and does not help. */
static gboolean
is_refused (MediaPeer *self, const MediaSdp *sdp)
{
  g_autofree char *turn = self->servers != NULL ? sip_media_servers_dup_turn (self->servers) : NULL;

  for (guint i = 0; turn != NULL && i < sdp->candidates->len; i++) {
    if (g_str_has_suffix (g_ptr_array_index (sdp->candidates, i), " typ relay"))
      return FALSE;
  }
  return turn != NULL;
}

static void
return_description (MediaPeer *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);
  g_autoptr (GError) error = NULL;
  MediaSdp *sdp;

  g_clear_handle_id (&self->gathering_id, g_source_remove);
  self->described = FALSE;
  sdp = media_webrtc_read_local (self->webrtc, is_hidden (self), &error);
  if (sdp == NULL) {
    g_prefix_error_literal (&error, "No description of our own: ");
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  /* webrtcbin's own counts the key in. */
  g_free (sdp->fingerprint);
  sdp->fingerprint = g_strdup (self->fingerprint);
  if (is_refused (self, sdp))
    fail (self, SIP_ERROR_RELAY, "The relay gives no address");
  g_task_return_pointer (task, sdp, (GDestroyNotify)media_sdp_free);
}

static gboolean
on_gathering_timeout (gpointer user_data)
{
  MediaPeer *self = user_data;

  g_debug ("not all candidates in time");
  self->gathering_id = 0;
  return_description (self);
  return G_SOURCE_REMOVE;
}

/* libnice tells of its last candidate and of the end from two threads, so the end may be told
 * first, and webrtcbin takes its time to write down what it is told.
 */
static gboolean
is_all_written (MediaPeer *self)
{
  g_autoptr (MediaSdp) sdp = media_webrtc_read_local (self->webrtc, FALSE, NULL);
  GSList *candidates =
      nice_agent_get_local_candidates (self->agent, self->gathered, NICE_COMPONENT_TYPE_RTP);
  gboolean is_all = sdp == NULL || sdp->candidates->len >= g_slist_length (candidates);

  g_slist_free_full (candidates, (GDestroyNotify)nice_candidate_free);
  return is_all;
}

static void
check_gathering (gpointer object, gpointer data)
{
  MediaPeer *self = object;

  if (self->task != NULL && self->described && self->gathered != 0 && is_all_written (self))
    return_description (self);
}

static void
on_gathered (gpointer object, gpointer data)
{
  MediaPeer *self = object;

  self->gathered = GPOINTER_TO_UINT (data);
  check_gathering (self, NULL);
}

static void
on_local_set (MediaPeer *self, GstWebRTCSessionDescription *description)
{
  guint wait = self->servers != NULL ? ASKING_MS : GATHERING_MS;

  self->described = TRUE;
  self->gathering_id =
      g_timeout_add (is_hidden (self) ? RELAYING_MS : wait, on_gathering_timeout, self);
  check_gathering (self, NULL);
}

static void
on_created (MediaPeer *self, GstWebRTCSessionDescription *description)
{
  if (description == NULL) {
    fail_task (self, SIP_ERROR_SESSION_DESCRIPTION_HANDLER, "No description was made");
    return;
  }
  if (self->answered.codec != NULL)
    media_webrtc_add_tones (description, &self->answered);
  g_signal_emit_by_name (self->webrtc, "set-local-description", description,
                         renew_promise (self, on_local_set));
}

static void
on_offer_set (MediaPeer *self, GstWebRTCSessionDescription *description)
{
  g_signal_emit_by_name (self->webrtc, "create-answer", NULL, renew_promise (self, on_created));
}

static void
on_answer_set (MediaPeer *self, GstWebRTCSessionDescription *description)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  g_task_return_boolean (task, TRUE);
}

static void
on_identity (gpointer object, gpointer data)
{
  MediaPeer *self = object;

  if (self->pipeline == NULL)
    return;
  if (GPOINTER_TO_INT (data))
    g_signal_emit (self, signals[SIGNAL_VERIFIED], 0);
  else
    fail (self, SIP_ERROR_NOT_SECURE, "The other side's certificate is not the one it promised");
}

static void
on_arrival (gpointer object, gpointer data)
{
  MediaPeer *self = object;
  MediaArrival *arrival = data;

  if (self->pipeline == NULL || !media_identity_is_verified (self->identity))
    return;
  g_signal_emit (self, signals[SIGNAL_PAD], 0, arrival->pad);
  media_arrival_let_go (arrival);
}

/* In a streaming thread. */
static void
on_pad_added (GstElement *webrtc, GstPad *pad, gpointer user_data)
{
  if (GST_PAD_DIRECTION (pad) == GST_PAD_SRC)
    media_arrival_announce (pad, user_data, on_arrival);
}

/* In a thread of libnice. webrtcbin itself says so as soon as there is anybody to talk to. */
static void
on_gathering_done (NiceAgent *agent, guint stream, gpointer user_data)
{
  media_hop_post (user_data, on_gathered, GUINT_TO_POINTER (stream), NULL);
}

/* In webrtcbin's thread: it is written down. */
static void
on_candidate (GstElement *webrtc, guint line, const char *candidate, gpointer user_data)
{
  media_hop_post (user_data, check_gathering, NULL, NULL);
}

static void
check_connection (gpointer object, gpointer data)
{
  MediaPeer *self = object;
  GstWebRTCPeerConnectionState state = GST_WEBRTC_PEER_CONNECTION_STATE_NEW;

  if (self->webrtc == NULL)
    return;
  g_object_get (self->webrtc, "connection-state", &state, NULL);
  if (state == GST_WEBRTC_PEER_CONNECTION_STATE_FAILED)
    fail (self, SIP_ERROR_SESSION_DESCRIPTION_HANDLER,
          "The connection to the other side's media is lost");
}

/* In webrtcbin's thread. */
static void
on_connection_state (GObject *webrtc, GParamSpec *pspec, gpointer user_data)
{
  media_hop_post (user_data, check_connection, NULL, NULL);
}

static gboolean
on_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  MediaPeer *self = user_data;

  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_LATENCY)
    gst_bin_recalculate_latency (GST_BIN (self->pipeline));
  else
    g_signal_emit (self, signals[SIGNAL_NEWS], 0, message);
  return G_SOURCE_CONTINUE;
}

static void
connect_webrtc (MediaPeer *self, const char *pem)
{
  g_autoptr (GObject) ice = NULL;

  g_object_get (self->webrtc, "ice-agent", &ice, NULL);
  g_object_get (ice, "agent", &self->agent, NULL);
  media_dtls_watch (self->webrtc, pem, self->identity, self->hop, on_identity);
  g_signal_connect_data (self->webrtc, "pad-added", G_CALLBACK (on_pad_added),
                         media_hop_ref (self->hop), media_hop_unref_closure, 0);
  g_signal_connect_data (self->agent, "candidate-gathering-done", G_CALLBACK (on_gathering_done),
                         media_hop_ref (self->hop), media_hop_unref_closure, 0);
  g_signal_connect_data (self->webrtc, "on-ice-candidate", G_CALLBACK (on_candidate),
                         media_hop_ref (self->hop), media_hop_unref_closure, 0);
  g_signal_connect_data (self->webrtc, "notify::connection-state", G_CALLBACK (on_connection_state),
                         media_hop_ref (self->hop), media_hop_unref_closure, 0);
}

static gboolean
build (MediaPeer *self, GError **error)
{
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autofree char *pem = media_certificate_generate (error);

  self->webrtc = pem != NULL ? media_webrtc_new (self->addresses, self->servers, error) : NULL;
  if (self->webrtc == NULL)
    return FALSE;
  self->fingerprint = media_identity_make_fingerprint (pem);
  connect_webrtc (self, pem);

  self->pipeline = gst_pipeline_new (NULL);
  gst_bin_add (GST_BIN (self->pipeline), self->webrtc);
  /* Devices come and go in a call; its clock does not. */
  gst_pipeline_use_clock (GST_PIPELINE (self->pipeline), clock);
  bus = gst_pipeline_get_bus (GST_PIPELINE (self->pipeline));
  self->watch_id = gst_bus_add_watch (bus, on_message, self);
  if (gst_element_set_state (self->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
    g_set_error_literal (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER,
                         "GStreamer's webrtcbin does not start");
    return FALSE;
  }
  return TRUE;
}

static void
media_peer_dispose (GObject *object)
{
  MediaPeer *self = MEDIA_PEER (object);

  media_peer_close (self);
  g_clear_pointer (&self->hop, media_hop_unref);
  g_clear_pointer (&self->identity, media_identity_unref);
  g_clear_pointer (&self->fingerprint, g_free);
  g_clear_pointer (&self->addresses, g_strfreev);
  g_clear_object (&self->servers);
  G_OBJECT_CLASS (media_peer_parent_class)->dispose (object);
}

static void
media_peer_class_init (MediaPeerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = media_peer_dispose;

  /* The certificate is the right one: sound may flow. */
  signals[SIGNAL_VERIFIED] = g_signal_new ("verified", MEDIA_TYPE_PEER, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 0);
  /* A stream of the verified other side, to be linked by the handler of the signal. */
  signals[SIGNAL_PAD] = g_signal_new ("pad", MEDIA_TYPE_PEER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                      NULL, G_TYPE_NONE, 1, GST_TYPE_PAD);
  /* A message of the bus. */
  signals[SIGNAL_NEWS] = g_signal_new ("news", MEDIA_TYPE_PEER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 1, GST_TYPE_MESSAGE);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", MEDIA_TYPE_PEER, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
media_peer_init (MediaPeer *self)
{
  self->hop = media_hop_new (self);
  self->identity = media_identity_new ();
}

/* Takes @addresses, those of this machine that the other side is to know. @servers: (nullable) */
MediaPeer *
media_peer_new (GStrv addresses, SipMediaServers *servers, GError **error)
{
  g_autoptr (MediaPeer) self = g_object_new (MEDIA_TYPE_PEER, NULL);

  self->addresses = addresses;
  g_set_object (&self->servers, servers);
  return build (self, error) ? g_steal_pointer (&self) : NULL;
}

/* Makes an offer, or an answer where there is an @offer: with all candidates. @codec: the one to
 * offer, or %NULL for all
 */
void
media_peer_describe_async (MediaPeer *self,
                           const MediaSdp *offer,
                           const MediaSdp *codec,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_assert (self->task == NULL && self->pipeline != NULL);

  self->task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->task, media_peer_describe_async);
  media_webrtc_offer_codecs (self->webrtc, offer != NULL ? offer : codec);
  if (offer != NULL) {
    self->answered = *media_sdp_find_best (offer);
    set_remote (self, GST_WEBRTC_SDP_TYPE_OFFER, offer, on_offer_set);
  } else {
    g_signal_emit_by_name (self->webrtc, "create-offer", NULL, renew_promise (self, on_created));
  }
}

MediaSdp *
media_peer_describe_finish (MediaPeer *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Takes the answer to the offer that was made. */
void
media_peer_complete_async (MediaPeer *self,
                           const MediaSdp *answer,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_assert (self->task == NULL && self->pipeline != NULL);

  self->task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->task, media_peer_complete_async);
  set_remote (self, GST_WEBRTC_SDP_TYPE_ANSWER, answer, on_answer_set);
}

gboolean
media_peer_complete_finish (MediaPeer *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
has_relay (MediaPeer *self)
{
  g_autofree char *turn = self->servers != NULL ? sip_media_servers_dup_turn (self->servers) : NULL;

  return turn != NULL;
}

/* Ends the connection and the task; nothing is signalled any more. */
void
media_peer_close (MediaPeer *self)
{
  g_clear_handle_id (&self->watch_id, g_source_remove);
  if (self->pipeline != NULL)
    gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_clear_object (&self->pipeline);
  if (self->webrtc != NULL)
    media_webrtc_free (g_steal_pointer (&self->webrtc), has_relay (self));
  g_clear_object (&self->agent);
  if (self->promise != NULL)
    gst_promise_interrupt (self->promise);
  g_clear_pointer (&self->promise, gst_promise_unref);
  fail_task (self, SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED, "The media was closed");
}

/* Borrowed. */
GstBin *
media_peer_get_pipeline (MediaPeer *self)
{
  return GST_BIN (self->pipeline);
}

/* What counts the packets. */
GstElement *
media_peer_dup_rtpbin (MediaPeer *self)
{
  return media_webrtc_dup_rtpbin (self->webrtc);
}

/* Where our sound goes in, once both descriptions are set. */
GstPad *
media_peer_dup_sink (MediaPeer *self)
{
  return media_webrtc_dup_sink (self->webrtc);
}

/* Borrowed. */
const char *const *
media_peer_get_addresses (MediaPeer *self)
{
  return (const char *const *)self->addresses;
}

gboolean
media_peer_is_verified (MediaPeer *self)
{
  return media_identity_is_verified (self->identity);
}
