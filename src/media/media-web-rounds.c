/* media-web-rounds.c - rounds of offer and answer, one step after another
 *
 * Down: requests in their order -> MediaNegotiation (text), MediaPeer (webrtcbin)
 * Up:   MediaPeer's verified, pad, news, failed -> MediaSound -> the handler's signals
 */

#include "media-web-handler-private.h"

#include "media-network-private.h"

#include "sip-error.h"

static void start_next (MediaWebHandler *self);

static void
free_request (gpointer data)
{
  Request *request = data;

  g_clear_object (&request->task);
  g_clear_object (&request->modifiers);
  g_free (request->text);
  g_free (request);
}

/* Takes @error. */
void
media_web_handler_refuse (MediaWebHandler *self, GError *error)
{
  Request *request = g_steal_pointer (&self->request);

  g_clear_pointer (&self->answer, media_sdp_free);
  if (request == NULL) {
    g_error_free (error);
    return;
  }
  g_task_return_error (request->task, error);
  free_request (request);
  start_next (self);
}

/* Takes @text, the description that was wanted, or %NULL where one was set. */
static void
complete (MediaWebHandler *self, char *text)
{
  g_autofree char *own = text;
  Request *request = g_steal_pointer (&self->request);

  if (request == NULL)
    return;
  if (text != NULL) {
    g_auto (GValue) value = G_VALUE_INIT;

    g_value_init (&value, SIP_TYPE_SESSION_DESCRIPTION);
    g_value_take_object (&value, sip_session_description_new_text ("application/sdp", text));
    g_task_return_value (request->task, &value);
  } else {
    g_task_return_boolean (request->task, TRUE);
  }
  free_request (request);
  start_next (self);
}

/* Takes @peer. What is heard of one that was given up is nothing. */
static void
close_peer (MediaWebHandler *self, MediaPeer *peer)
{
  if (peer == NULL)
    return;
  g_signal_handlers_disconnect_by_data (peer, self);
  media_peer_close (peer);
  g_object_unref (peer);
}

void
media_web_handler_drop_peer (MediaWebHandler *self)
{
  media_sound_handler_stop (&self->parent_instance);
  close_peer (self, g_steal_pointer (&self->peer));
}

void
media_web_handler_drop_next (MediaWebHandler *self)
{
  close_peer (self, g_steal_pointer (&self->next));
}

/* Both sides agreed on another connection. */
static void
take_next (MediaWebHandler *self)
{
  if (self->next == NULL)
    return;
  media_web_handler_drop_peer (self);
  self->peer = g_steal_pointer (&self->next);
}

/* Borrowed. */
static MediaPeer *
get_newest (MediaWebHandler *self)
{
  return self->next != NULL ? self->next : self->peer;
}

static GStrv
list_addresses (MediaWebHandler *self)
{
  return self->local_addresses != NULL ? g_strdupv (self->local_addresses)
                                       : media_network_list_addresses ();
}

/* Whether an address is gone at which the other side looks for us, or the way between. Who has no
 * network has nowhere to go, and may be found where he was when it is back.
 */
gboolean
media_web_handler_has_moved (MediaWebHandler *self)
{
  g_auto (GStrv) now = list_addresses (self);
  MediaPeer *peer = get_newest (self);
  const char *const *then = peer != NULL ? media_peer_get_addresses (peer) : NULL;

  if (self->local_addresses == NULL && media_network_is_apart ((const char *const *)now))
    return FALSE;
  if (media_watch_is_stuck (self->base->watch))
    return TRUE;
  for (guint i = 0; then != NULL && then[i] != NULL; i++) {
    if (!g_strv_contains ((const char *const *)now, then[i]))
      return TRUE;
  }
  return FALSE;
}

/* The one place that opens a microphone: when all is agreed, with somebody who proved who it is.
 */
static void
start_sound (MediaWebHandler *self)
{
  GstBin *pipeline = self->peer != NULL ? media_peer_get_pipeline (self->peer) : NULL;
  g_autoptr (GstPad) target = NULL;
  g_autoptr (GError) error = NULL;

  if (pipeline == NULL || media_sound_is_started (self->base->sound) ||
      !media_negotiation_is_agreed (self->negotiation) || !media_peer_is_verified (self->peer))
    return;
  target = media_peer_dup_sink (self->peer);
  if (media_sound_handler_start (&self->parent_instance, pipeline, target,
                                 media_negotiation_get_format (self->negotiation), &error))
    return;
  media_web_handler_drop_peer (self);
  media_sound_handler_fail (&self->parent_instance, error);
}

/* After every change of what flows. */
void
media_web_handler_watch_sound (MediaSoundHandler *handler)
{
  MediaWebHandler *self = MEDIA_WEB_HANDLER (handler);
  g_autoptr (GstElement) rtpbin = self->peer != NULL ? media_peer_dup_rtpbin (self->peer) : NULL;

  if (rtpbin != NULL)
    media_watch_update (self->base->watch, rtpbin, NULL);
}

/* Fields, notify, signal; the task comes after. */
static void
announce (MediaWebHandler *self)
{
  SipDirection local = media_negotiation_get_local_direction (self->negotiation);
  SipDirection remote = media_negotiation_get_remote_direction (self->negotiation);

  media_sound_handler_set_directions (&self->parent_instance, local, remote,
                                      media_negotiation_is_holding (self->negotiation));
  start_sound (self);
  media_web_handler_watch_sound (&self->parent_instance);
  g_signal_emit_by_name (self, "directionChanged");
}

static void
on_verified (MediaPeer *peer, MediaWebHandler *self)
{
  if (peer != self->peer)
    return; /* once it is */
  start_sound (self);
  media_web_handler_watch_sound (&self->parent_instance);
}

static void
on_pad (MediaPeer *peer, GstPad *pad, MediaWebHandler *self)
{
  if (peer != self->peer)
    return;
  start_sound (self);
  media_sound_handler_take_pad (&self->parent_instance, pad);
}

static void
on_news (MediaPeer *peer, GstMessage *message, MediaWebHandler *self)
{
  media_sound_handler_take_news (&self->parent_instance, message);
}

static void
on_failed (MediaPeer *peer, GError *error, MediaWebHandler *self)
{
  if (g_error_matches (error, SIP_ERROR, SIP_ERROR_NOT_SECURE))
    sip_session_description_handler_close (SIP_SESSION_DESCRIPTION_HANDLER (self));
  media_sound_handler_fail (&self->parent_instance, error);
}

static MediaPeer *
make_peer (MediaWebHandler *self, GError **error)
{
  g_autoptr (SipMediaServers) servers = media_sound_handler_dup_servers (&self->parent_instance);
  MediaPeer *peer =
      media_start_gstreamer (error) ? media_peer_new (list_addresses (self), servers, error) : NULL;

  if (peer == NULL)
    return NULL;
  g_signal_connect_object (peer, "verified", G_CALLBACK (on_verified), self, 0);
  g_signal_connect_object (peer, "pad", G_CALLBACK (on_pad), self, 0);
  g_signal_connect_object (peer, "news", G_CALLBACK (on_news), self, 0);
  g_signal_connect_object (peer, "failed", G_CALLBACK (on_failed), self, 0);
  return peer;
}

static void
write_offer (MediaWebHandler *self)
{
  g_autoptr (GError) error = NULL;
  char *text = media_negotiation_make_offer (self->negotiation, self->request->modifiers, &error);

  if (text == NULL)
    media_web_handler_refuse (self, g_steal_pointer (&error));
  else
    complete (self, text);
}

static void
write_answer (MediaWebHandler *self)
{
  g_autoptr (GError) error = NULL;
  char *text = media_negotiation_make_answer (self->negotiation, self->request->modifiers, &error);

  if (text == NULL) {
    media_web_handler_refuse (self, g_steal_pointer (&error));
    return;
  }
  take_next (self);
  announce (self);
  complete (self, text);
}

static void
on_described (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MediaWebHandler) self = user_data;
  g_autoptr (GError) error = NULL;
  MediaSdp *local = media_peer_describe_finish (MEDIA_PEER (source), result, &error);

  if (MEDIA_PEER (source) != get_newest (self)) {
    g_clear_pointer (&local, media_sdp_free); /* rolled back or closed meanwhile */
  } else if (local == NULL) {
    if (self->next != NULL)
      media_web_handler_drop_next (self);
    else
      media_web_handler_drop_peer (self);
    media_web_handler_refuse (self, g_steal_pointer (&error));
  } else {
    media_negotiation_set_local (self->negotiation, local);
    if (media_negotiation_get_state (self->negotiation) == MEDIA_NEGOTIATION_RECEIVED)
      write_answer (self);
    else
      write_offer (self);
  }
}

/* The first one, or one that goes on with the call where the other side is now, or this one. */
static gboolean
needs_peer (MediaWebHandler *self, gboolean answers)
{
  if (!media_negotiation_has_local (self->negotiation))
    return TRUE;
  return answers ? media_negotiation_is_restarted (self->negotiation)
                 : media_negotiation_is_agreed (self->negotiation) &&
                       media_web_handler_has_moved (self);
}

static void
describe_peer (MediaWebHandler *self, gboolean answers)
{
  gboolean is_first = !media_negotiation_is_agreed (self->negotiation);
  MediaPeer **place = is_first ? &self->peer : &self->next;
  g_autoptr (MediaSdp) pending = NULL, codec = NULL;
  g_autoptr (GError) error = NULL;

  media_web_handler_drop_next (self);
  if (*place == NULL)
    *place = make_peer (self, &error);
  if (*place == NULL) {
    media_web_handler_refuse (self, g_steal_pointer (&error));
    return;
  }
  if (answers)
    pending = media_negotiation_dup_pending (self->negotiation);
  if (!is_first)
    codec = media_negotiation_dup_codec (self->negotiation);
  media_peer_describe_async (*place, pending, codec, on_described, g_object_ref (self));
}

static void
start_get (MediaWebHandler *self)
{
  gboolean answers = media_negotiation_get_state (self->negotiation) == MEDIA_NEGOTIATION_RECEIVED;

  if (needs_peer (self, answers))
    describe_peer (self, answers);
  else if (answers)
    write_answer (self);
  else
    write_offer (self);
}

static void
take_answer (MediaWebHandler *self)
{
  g_autoptr (MediaSdp) answer = g_steal_pointer (&self->answer);

  media_negotiation_agree (self->negotiation, answer, self->request->text);
  take_next (self);
  announce (self);
  complete (self, NULL);
}

static void
on_completed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MediaWebHandler) self = user_data;
  g_autoptr (GError) error = NULL;

  gboolean taken = media_peer_complete_finish (MEDIA_PEER (source), result, &error);

  if (MEDIA_PEER (source) != get_newest (self))
    return; /* rolled back or closed meanwhile */
  if (taken)
    take_answer (self);
  else
    media_web_handler_refuse (self, g_steal_pointer (&error));
}

static void
start_answer (MediaWebHandler *self)
{
  g_autoptr (MediaSdp) remote = NULL;
  g_autoptr (GError) error = NULL;

  self->answer = media_negotiation_read_answer (self->negotiation, self->request->text,
                                                self->request->modifiers, &error);
  if (self->answer == NULL) {
    media_web_handler_refuse (self, g_steal_pointer (&error));
  } else if (media_negotiation_is_agreed (self->negotiation) && self->next == NULL) {
    take_answer (self);
  } else {
    remote = media_negotiation_dup_for_peer (self->negotiation, self->answer);
    media_peer_complete_async (get_newest (self), remote, on_completed, g_object_ref (self));
  }
}

static void
start_set (MediaWebHandler *self)
{
  g_autoptr (GError) error = NULL;

  if (self->request->is_answer &&
      media_negotiation_is_repeated (self->negotiation, self->request->text)) {
    complete (self, NULL);
  } else if (self->request->is_answer ||
             media_negotiation_get_state (self->negotiation) == MEDIA_NEGOTIATION_OFFERED) {
    start_answer (self);
  } else if (media_negotiation_take_offer (self->negotiation, self->request->text,
                                           self->request->modifiers, &error)) {
    complete (self, NULL);
  } else {
    media_web_handler_refuse (self, g_steal_pointer (&error));
  }
}

static void
start_next (MediaWebHandler *self)
{
  if (self->request != NULL || g_queue_is_empty (&self->requests))
    return;
  self->request = g_queue_pop_head (&self->requests);
  if (self->base->closed)
    media_web_handler_refuse (
        self, g_error_new_literal (SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED,
                                   "The media was closed"));
  else if (g_task_return_error_if_cancelled (self->request->task)) {
    g_clear_pointer (&self->request, free_request);
    start_next (self);
  } else if (self->request->text != NULL)
    start_set (self);
  else
    start_get (self);
}

/* Takes @text, what is set, or %NULL where a description is wanted. */
void
media_web_handler_enqueue (MediaWebHandler *self,
                           SipModifiers *modifiers,
                           GTask *task,
                           char *text,
                           gboolean is_answer)
{
  Request *request = g_new (Request, 1);

  *request = (Request){g_object_ref (task), modifiers != NULL ? g_object_ref (modifiers) : NULL,
                       text, is_answer};
  g_queue_push_tail (&self->requests, request);
  start_next (self);
}
