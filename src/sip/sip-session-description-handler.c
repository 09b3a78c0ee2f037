/* sip-session-description-handler.c - the seam between a session and its media
 *
 * Down: a session asks for a description, hands one over, sends tones, closes.
 * Up:   the answers of those tasks, and the signals directionChanged, trackAdded, dtmf,
 *       statsChanged, wayLost, failed.
 */

#include "sip-session-description-handler.h"

#include "sip-dtmf.h"
#include "sip-error.h"
#include "sip-media-stats.h"

/**
 * SipSessionDescriptionHandler:
 *
 * What a session asks for media: it makes descriptions and takes the other side's.
 *
 * A session knows nothing of media and calls these functions in the order of offer and answer (RFC
 * 3264). A program that has media of its own implements them, in C or in a language with
 * introspection, and gives a factory to [method@Sip.UA.set_session_description_handler_factory].
 */
G_DEFINE_INTERFACE (SipSessionDescriptionHandler, sip_session_description_handler, G_TYPE_OBJECT)

enum {
  SIGNAL_DIRECTION_CHANGED,
  SIGNAL_TRACK_ADDED,
  SIGNAL_DTMF,
  SIGNAL_STATS_CHANGED,
  SIGNAL_WAY_LOST,
  SIGNAL_FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
do_nothing (SipSessionDescriptionHandler *self)
{
}

static void
ignore_direction (SipSessionDescriptionHandler *self, SipDirection direction)
{
}

static gboolean
stay (SipSessionDescriptionHandler *self)
{
  return FALSE;
}

static gboolean
play_nothing (SipSessionDescriptionHandler *self, const char *tones, SipOptions *options)
{
  return FALSE;
}

static gboolean
mix_nothing (SipSessionDescriptionHandler *self, GPtrArray *others)
{
  return FALSE;
}

static void
sip_session_description_handler_default_init (SipSessionDescriptionHandlerInterface *iface)
{
  iface->rollback = do_nothing;
  iface->set_direction = ignore_direction;
  iface->limit_direction = ignore_direction;
  iface->acknowledge = do_nothing;
  iface->play_dtmf = play_nothing;
  iface->mix = mix_nothing;
  iface->move = stay;

  /**
   * SipSessionDescriptionHandler:tracks:
   *
   * The tracks of both sides, as they were added.
   */
  g_object_interface_install_property (
      iface, g_param_spec_object ("tracks", NULL, NULL, G_TYPE_LIST_MODEL,
                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  /**
   * SipSessionDescriptionHandler:local-direction:
   *
   * Which way media flows by the last description of this side.
   */
  g_object_interface_install_property (
      iface, g_param_spec_enum ("local-direction", NULL, NULL, SIP_TYPE_DIRECTION,
                                SIP_DIRECTION_INACTIVE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  /**
   * SipSessionDescriptionHandler:remote-direction:
   *
   * Which way media flows by the last description of the other side, as that side sees it.
   */
  g_object_interface_install_property (
      iface, g_param_spec_enum ("remote-direction", NULL, NULL, SIP_TYPE_DIRECTION,
                                SIP_DIRECTION_INACTIVE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
  /**
   * SipSessionDescriptionHandler:muted:
   *
   * Whether silence leaves instead of the microphone's sound.
   */
  g_object_interface_install_property (
      iface,
      g_param_spec_boolean ("muted", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));

  /**
   * SipSessionDescriptionHandler::directionChanged:
   * @self: the handler
   *
   * A round of offer and answer is complete; read both directions.
   */
  signals[SIGNAL_DIRECTION_CHANGED] =
      g_signal_new ("directionChanged", SIP_TYPE_SESSION_DESCRIPTION_HANDLER, G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * SipSessionDescriptionHandler::trackAdded:
   * @self: the handler
   *
   * A track of either side came to #SipSessionDescriptionHandler:tracks.
   */
  signals[SIGNAL_TRACK_ADDED] =
      g_signal_new ("trackAdded", SIP_TYPE_SESSION_DESCRIPTION_HANDLER, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 0);
  /**
   * SipSessionDescriptionHandler::dtmf:
   * @self: the handler
   * @dtmf: the tone
   *
   * A tone came in the media (RFC 4733); each once, however often its packets came.
   */
  signals[SIGNAL_DTMF] =
      g_signal_new ("dtmf", SIP_TYPE_SESSION_DESCRIPTION_HANDLER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, SIP_TYPE_DTMF);
  /**
   * SipSessionDescriptionHandler::statsChanged:
   * @self: the handler
   * @stats: how well sound travels
   *
   * Every five seconds while there is sound, and at once where #SipMediaStats:trouble begins or
   * ends. While the call is held nothing is counted.
   */
  signals[SIGNAL_STATS_CHANGED] =
      g_signal_new ("statsChanged", SIP_TYPE_SESSION_DESCRIPTION_HANDLER, G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 1, SIP_TYPE_MEDIA_STATS);
  /**
   * SipSessionDescriptionHandler::wayLost:
   * @self: the handler
   * @stats: what is wrong, and how much came before
   *
   * Media came or went by a way that somebody else keeps open for it, a relay or a NAT, and does so
   * no more: sip_session_description_handler_move() may know another one. Again with each
   * [signal@Sip.SessionDescriptionHandler::statsChanged] as long as that is so, and after it.
   */
  signals[SIGNAL_WAY_LOST] =
      g_signal_new ("wayLost", SIP_TYPE_SESSION_DESCRIPTION_HANDLER, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 1, SIP_TYPE_MEDIA_STATS);
  /**
   * SipSessionDescriptionHandler::failed:
   * @self: the handler
   * @error: what went wrong; %SIP_ERROR_NOT_SECURE ends the session
   *
   * Media that once ran, or was about to, does not.
   */
  signals[SIGNAL_FAILED] =
      g_signal_new ("failed", SIP_TYPE_SESSION_DESCRIPTION_HANDLER, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static SipDirection
get_direction (SipSessionDescriptionHandler *self, const char *name)
{
  SipDirection direction = SIP_DIRECTION_INACTIVE;

  g_object_get (self, name, &direction, NULL);
  return direction;
}

/**
 * sip_session_description_handler_get_description_async:
 * @self: the handler
 * @options: (nullable): what kinds of media are wanted
 * @modifiers: (nullable): changes to the description before it is returned
 * @cancellable: (nullable): gives up
 * @callback: called when the description is there
 * @user_data: handed to @callback
 *
 * Makes an answer if an offer of the other side waits for one, else an offer.
 */
void
sip_session_description_handler_get_description_async (SipSessionDescriptionHandler *self,
                                                       SipOptions *options,
                                                       SipModifiers *modifiers,
                                                       GCancellable *cancellable,
                                                       GAsyncReadyCallback callback,
                                                       gpointer user_data)
{
  g_return_if_fail (SIP_IS_SESSION_DESCRIPTION_HANDLER (self));

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sip_session_description_handler_get_description_async);
  SIP_SESSION_DESCRIPTION_HANDLER_GET_IFACE (self)->get_description (self, options, modifiers,
                                                                     task);
}

/**
 * sip_session_description_handler_get_description_finish:
 * @self: the handler
 * @result: what the callback was given
 * @error: where a failure goes
 *
 * Ends [method@Sip.SessionDescriptionHandler.get_description_async].
 *
 * Returns: (transfer full): the description, or %NULL with @error set
 */
SipSessionDescription *
sip_session_description_handler_get_description_finish (SipSessionDescriptionHandler *self,
                                                        GAsyncResult *result,
                                                        GError **error)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  /* A GValue, because that is what a handler written in another language can return. */
  if (!g_task_propagate_value (G_TASK (result), &value, error))
    return NULL;
  if (!G_VALUE_HOLDS (&value, SIP_TYPE_SESSION_DESCRIPTION)) {
    g_set_error_literal (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER,
                         "The handler returned no description");
    return NULL;
  }
  return g_value_dup_object (&value);
}

/**
 * sip_session_description_handler_set_description_async:
 * @self: the handler
 * @description: the other side's offer or answer
 * @options: (nullable): what kinds of media are wanted
 * @modifiers: (nullable): changes to the description before it is used
 * @cancellable: (nullable): gives up
 * @callback: called when it was taken or refused
 * @user_data: handed to @callback
 *
 * Its own sip_session_description_get_is_answer() tells whether it is an offer or the answer to
 * this side's last offer. The answer of a phone that rings may be followed by another one, of the
 * phone that is answered (RFC 3261 13.2.2.4); a handler that cannot change over refuses it.
 */
void
sip_session_description_handler_set_description_async (SipSessionDescriptionHandler *self,
                                                       SipSessionDescription *description,
                                                       SipOptions *options,
                                                       SipModifiers *modifiers,
                                                       GCancellable *cancellable,
                                                       GAsyncReadyCallback callback,
                                                       gpointer user_data)
{
  g_return_if_fail (SIP_IS_SESSION_DESCRIPTION_HANDLER (self));
  g_return_if_fail (SIP_IS_SESSION_DESCRIPTION (description));

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sip_session_description_handler_set_description_async);
  SIP_SESSION_DESCRIPTION_HANDLER_GET_IFACE (self)->set_description (self, description, options,
                                                                     modifiers, task);
}

/**
 * sip_session_description_handler_set_description_finish:
 * @self: the handler
 * @result: what the callback was given
 * @error: where a refusal goes
 *
 * Ends [method@Sip.SessionDescriptionHandler.set_description_async].
 *
 * Returns: %TRUE where the description was taken
 */
gboolean
sip_session_description_handler_set_description_finish (SipSessionDescriptionHandler *self,
                                                        GAsyncResult *result,
                                                        GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * sip_session_description_handler_rollback:
 * @self: the handler
 *
 * Goes back to what was agreed before an offer that the other side refused.
 */
void
sip_session_description_handler_rollback (SipSessionDescriptionHandler *self)
{
  g_return_if_fail (SIP_IS_SESSION_DESCRIPTION_HANDLER (self));

  SIP_SESSION_DESCRIPTION_HANDLER_GET_IFACE (self)->rollback (self);
}

/**
 * sip_session_description_handler_set_direction:
 * @self: the handler
 * @direction: %SIP_DIRECTION_SENDRECV, or %SIP_DIRECTION_SENDONLY to hold the other side
 *
 * Says what this side wants from the next description on: an offer asks for it, an answer grants
 * as much of it as the offer allows (RFC 3264 8.4). What was agreed stays until then.
 */
void
sip_session_description_handler_set_direction (SipSessionDescriptionHandler *self,
                                               SipDirection direction)
{
  g_return_if_fail (SIP_IS_SESSION_DESCRIPTION_HANDLER (self));

  SIP_SESSION_DESCRIPTION_HANDLER_GET_IFACE (self)->set_direction (self, direction);
}

/**
 * sip_session_description_handler_limit_direction:
 * @self: the handler
 * @direction: what may flow, as this side sees it
 *
 * Before a call is answered descriptions may agree on more than its people want to: nothing is
 * recorded by then, and of a call that comes nothing is played. Whatever descriptions say, only
 * this flows from now on, silence going the way that is promised; at first all may.
 */
void
sip_session_description_handler_limit_direction (SipSessionDescriptionHandler *self,
                                                 SipDirection direction)
{
  g_return_if_fail (SIP_IS_SESSION_DESCRIPTION_HANDLER (self));

  SIP_SESSION_DESCRIPTION_HANDLER_GET_IFACE (self)->limit_direction (self, direction);
}

/**
 * sip_session_description_handler_acknowledge:
 * @self: the handler
 *
 * Tells that the other side has the last description of this side, by an ACK (RFC 3261 13.3.1.4):
 * where that was lost at first, what the other side sends begins only now.
 */
void
sip_session_description_handler_acknowledge (SipSessionDescriptionHandler *self)
{
  g_return_if_fail (SIP_IS_SESSION_DESCRIPTION_HANDLER (self));

  SIP_SESSION_DESCRIPTION_HANDLER_GET_IFACE (self)->acknowledge (self);
}

/**
 * sip_session_description_handler_has_description:
 * @self: the handler
 * @content_type: the value of a Content-Type header, parameters and all
 *
 * Tells whether it can read descriptions of a media type.
 *
 * Returns: whether a body of that type can be set
 */
gboolean
sip_session_description_handler_has_description (SipSessionDescriptionHandler *self,
                                                 const char *content_type)
{
  g_return_val_if_fail (SIP_IS_SESSION_DESCRIPTION_HANDLER (self), FALSE);

  return SIP_SESSION_DESCRIPTION_HANDLER_GET_IFACE (self)->has_description (self, content_type);
}

/**
 * sip_session_description_handler_send_dtmf:
 * @self: the handler
 * @tones: one of `0-9A-D*#`; a session hands over one tone at a time, at its time
 * @options: (nullable): duration and gap
 *
 * Sends keys in the media (RFC 4733), where both sides agreed on that.
 *
 * Returns: %FALSE where tones cannot travel in this media, so that INFO has to carry it
 */
gboolean
sip_session_description_handler_send_dtmf (SipSessionDescriptionHandler *self,
                                           const char *tones,
                                           SipOptions *options)
{
  g_return_val_if_fail (SIP_IS_SESSION_DESCRIPTION_HANDLER (self), FALSE);

  return SIP_SESSION_DESCRIPTION_HANDLER_GET_IFACE (self)->send_dtmf (self, tones, options);
}

/**
 * sip_session_description_handler_play_dtmf:
 * @self: the handler
 * @tones: one of `0-9A-D*#`; a session hands over one tone at a time, at its time
 * @options: (nullable): duration
 *
 * For another side that takes tones neither in the media nor by INFO: what it sounds like takes the
 * place of the microphone.
 *
 * Returns: %FALSE where no sound leaves
 */
gboolean
sip_session_description_handler_play_dtmf (SipSessionDescriptionHandler *self,
                                           const char *tones,
                                           SipOptions *options)
{
  g_return_val_if_fail (SIP_IS_SESSION_DESCRIPTION_HANDLER (self), FALSE);

  return SIP_SESSION_DESCRIPTION_HANDLER_GET_IFACE (self)->play_dtmf (self, tones, options);
}

/**
 * sip_session_description_handler_mix:
 * @self: the handler
 * @others: (element-type SipSessionDescriptionHandler): the media of other calls
 *
 * From now on the other side hears, besides this one, the other sides of @others, and none but
 * those. A call whose sound has not begun is heard once this was called again after its
 * [signal@Sip.SessionDescriptionHandler::trackAdded]. [class@Sip.Conference] does all of that.
 *
 * Returns: %FALSE, and nothing has changed, where this handler cannot mix, or not with one of
 *   @others
 */
gboolean
sip_session_description_handler_mix (SipSessionDescriptionHandler *self, GPtrArray *others)
{
  g_return_val_if_fail (SIP_IS_SESSION_DESCRIPTION_HANDLER (self), FALSE);
  g_return_val_if_fail (others != NULL, FALSE);

  return SIP_SESSION_DESCRIPTION_HANDLER_GET_IFACE (self)->mix (self, others);
}

/**
 * sip_session_description_handler_move:
 * @self: the handler
 *
 * For a machine whose network has changed: looks whether media can be reached at other addresses
 * now than its last description named, or lost its way. Then the next one names others, and what
 * comes to the old ones is heard until that is answered.
 *
 * Returns: whether the other side has to be told, by another round of offer and answer
 */
gboolean
sip_session_description_handler_move (SipSessionDescriptionHandler *self)
{
  g_return_val_if_fail (SIP_IS_SESSION_DESCRIPTION_HANDLER (self), FALSE);

  return SIP_SESSION_DESCRIPTION_HANDLER_GET_IFACE (self)->move (self);
}

/**
 * sip_session_description_handler_close:
 * @self: the handler
 *
 * Ends all media at once: nothing is recorded, played or sent any more.
 */
void
sip_session_description_handler_close (SipSessionDescriptionHandler *self)
{
  g_return_if_fail (SIP_IS_SESSION_DESCRIPTION_HANDLER (self));

  SIP_SESSION_DESCRIPTION_HANDLER_GET_IFACE (self)->close (self);
}

/**
 * sip_session_description_handler_get_tracks:
 * @self: the handler
 *
 * Gets [property@Sip.SessionDescriptionHandler:tracks].
 *
 * Returns: (transfer full): the tracks of both sides
 */
GListModel *
sip_session_description_handler_get_tracks (SipSessionDescriptionHandler *self)
{
  GListModel *tracks = NULL;

  g_return_val_if_fail (SIP_IS_SESSION_DESCRIPTION_HANDLER (self), NULL);

  g_object_get (self, "tracks", &tracks, NULL);
  return tracks;
}

/**
 * sip_session_description_handler_get_local_direction:
 * @self: the handler
 *
 * Gets [property@Sip.SessionDescriptionHandler:local-direction].
 *
 * Returns: the direction of this side's last description
 */
SipDirection
sip_session_description_handler_get_local_direction (SipSessionDescriptionHandler *self)
{
  g_return_val_if_fail (SIP_IS_SESSION_DESCRIPTION_HANDLER (self), SIP_DIRECTION_INACTIVE);

  return get_direction (self, "local-direction");
}

/**
 * sip_session_description_handler_get_remote_direction:
 * @self: the handler
 *
 * Gets [property@Sip.SessionDescriptionHandler:remote-direction].
 *
 * Returns: the direction of the other side's last description, as that side sees it
 */
SipDirection
sip_session_description_handler_get_remote_direction (SipSessionDescriptionHandler *self)
{
  g_return_val_if_fail (SIP_IS_SESSION_DESCRIPTION_HANDLER (self), SIP_DIRECTION_INACTIVE);

  return get_direction (self, "remote-direction");
}

/**
 * sip_session_description_handler_get_muted:
 * @self: the handler
 *
 * Gets [property@Sip.SessionDescriptionHandler:muted].
 *
 * Returns: whether silence leaves instead of the microphone's sound
 */
gboolean
sip_session_description_handler_get_muted (SipSessionDescriptionHandler *self)
{
  gboolean muted = FALSE;

  g_return_val_if_fail (SIP_IS_SESSION_DESCRIPTION_HANDLER (self), FALSE);

  g_object_get (self, "muted", &muted, NULL);
  return muted;
}

/**
 * sip_session_description_handler_set_muted:
 * @self: the handler
 * @muted: %TRUE to send silence
 *
 * Nothing is signalled to the other side.
 */
void
sip_session_description_handler_set_muted (SipSessionDescriptionHandler *self, gboolean muted)
{
  g_return_if_fail (SIP_IS_SESSION_DESCRIPTION_HANDLER (self));

  g_object_set (self, "muted", muted, NULL);
}
