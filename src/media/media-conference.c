/* media-conference.c - calls whose other sides hear each other, mixed on this machine
 *
 * Down: add(), remove() -> a MediaFeed from each call into each of the others
 * Up:   trackAdded of a call, whose sound began or began anew -> the feeds are made again
 */

#include "media-conference.h"

#include "media-rtp-handler-private.h"
#include "media-web-handler-private.h"

#include "sip-error.h"

struct _MediaConference {
  GObject parent_instance;

  GPtrArray *handlers;
  GPtrArray *feeds;
};

/**
 * MediaConference:
 *
 * Calls that are one conversation: each of the other sides hears this one and all the others, and
 * nobody himself. Which way sound flows is up to each call as ever: who is on hold neither hears
 * nor is heard, and who is muted here goes on passing on the others.
 */
G_DEFINE_FINAL_TYPE (MediaConference, media_conference, G_TYPE_OBJECT)

static MediaSound *
get_sound (SipSessionDescriptionHandler *handler)
{
  if (MEDIA_IS_WEB_HANDLER (handler))
    return MEDIA_WEB_HANDLER (handler)->sound;
  if (MEDIA_IS_RTP_HANDLER (handler))
    return MEDIA_RTP_HANDLER (handler)->sound;
  return NULL;
}

static void
feed (MediaConference *self)
{
  g_ptr_array_set_size (self->feeds, 0);
  for (guint i = 0; i < self->handlers->len; i++) {
    for (guint j = 0; j < self->handlers->len; j++) {
      MediaFeed *feed = i != j ? media_sound_feed (get_sound (self->handlers->pdata[i]),
                                                   get_sound (self->handlers->pdata[j]))
                               : NULL;

      if (feed != NULL)
        g_ptr_array_add (self->feeds, feed);
    }
  }
}

static void
media_conference_dispose (GObject *object)
{
  MediaConference *self = MEDIA_CONFERENCE (object);

  g_clear_pointer (&self->feeds, g_ptr_array_unref);
  g_clear_pointer (&self->handlers, g_ptr_array_unref);
  G_OBJECT_CLASS (media_conference_parent_class)->dispose (object);
}

static void
media_conference_class_init (MediaConferenceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = media_conference_dispose;
}

static void
media_conference_init (MediaConference *self)
{
  self->handlers = g_ptr_array_new_with_free_func (g_object_unref);
  self->feeds = g_ptr_array_new_with_free_func ((GDestroyNotify)media_feed_free);
}

/**
 * media_conference_new:
 *
 * Makes a conference of nobody. It lasts as long as the object.
 *
 * Returns: (transfer full): a conference
 */
MediaConference *
media_conference_new (void)
{
  return g_object_new (MEDIA_TYPE_CONFERENCE, NULL);
}

/**
 * media_conference_add:
 * @self: a conference
 * @handler: the media of a call that is not in it
 * @error: return location for a [error@Sip.Error]
 *
 * Lets the other side of a call hear all the others, and be heard by them. Where its sound has not
 * begun yet, that comes with it.
 *
 * Returns: %TRUE, or %FALSE with @error set to `INVALID_ARGUMENT` where @handler is none of this
 *   library's
 */
gboolean
media_conference_add (MediaConference *self, SipSessionDescriptionHandler *handler, GError **error)
{
  g_return_val_if_fail (MEDIA_IS_CONFERENCE (self), FALSE);
  g_return_val_if_fail (SIP_IS_SESSION_DESCRIPTION_HANDLER (handler), FALSE);
  g_return_val_if_fail (!g_ptr_array_find (self->handlers, handler, NULL), FALSE);

  if (get_sound (handler) == NULL) {
    g_set_error_literal (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT,
                         "Only media of this library can be mixed");
    return FALSE;
  }
  g_ptr_array_add (self->handlers, g_object_ref (handler));
  g_signal_connect_object (handler, "trackAdded", G_CALLBACK (feed), self, G_CONNECT_SWAPPED);
  feed (self);
  return TRUE;
}

/**
 * media_conference_remove:
 * @self: a conference
 * @handler: the media of a call
 *
 * Takes a call out of the conference, where it is in it: from now on it is alone with this side.
 */
void
media_conference_remove (MediaConference *self, SipSessionDescriptionHandler *handler)
{
  g_return_if_fail (MEDIA_IS_CONFERENCE (self));
  g_return_if_fail (SIP_IS_SESSION_DESCRIPTION_HANDLER (handler));

  g_signal_handlers_disconnect_by_func (handler, feed, self);
  if (g_ptr_array_remove (self->handlers, handler))
    feed (self);
}
