/* sip-conference.c - calls whose other sides hear each other, mixed on this machine
 *
 * Down: add(), remove() -> sip_session_description_handler_mix() of each of them
 * Up:   trackAdded of a call, whose sound began or began anew -> they are mixed again
 */

#include "sip-conference.h"

#include "sip-error.h"

struct _SipConference {
  GObject parent_instance;

  GPtrArray *handlers;
};

/**
 * SipConference:
 *
 * Calls that are one conversation: each of the other sides hears this one and all the others, and
 * nobody himself. Which way sound flows is up to each call as ever: who is on hold neither hears
 * nor is heard, and who is muted here goes on passing on the others.
 */
G_DEFINE_FINAL_TYPE (SipConference, sip_conference, G_TYPE_OBJECT)

/* Returns FALSE where one of them cannot hear another. */
static gboolean
mix (SipConference *self)
{
  gboolean all = TRUE;

  for (guint i = 0; i < self->handlers->len; i++) {
    g_autoptr (GPtrArray) others = g_ptr_array_new ();

    for (guint j = 0; j < self->handlers->len; j++) {
      if (j != i)
        g_ptr_array_add (others, self->handlers->pdata[j]);
    }
    all = sip_session_description_handler_mix (self->handlers->pdata[i], others) && all;
  }
  return all;
}

static void
leave_alone (SipSessionDescriptionHandler *handler)
{
  g_autoptr (GPtrArray) nobody = g_ptr_array_new ();

  sip_session_description_handler_mix (handler, nobody);
}

static void
sip_conference_dispose (GObject *object)
{
  SipConference *self = SIP_CONFERENCE (object);

  if (self->handlers != NULL)
    g_ptr_array_foreach (self->handlers, (GFunc)(GCallback)leave_alone, NULL);
  g_clear_pointer (&self->handlers, g_ptr_array_unref);
  G_OBJECT_CLASS (sip_conference_parent_class)->dispose (object);
}

static void
sip_conference_class_init (SipConferenceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sip_conference_dispose;
}

static void
sip_conference_init (SipConference *self)
{
  self->handlers = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * sip_conference_new:
 *
 * Makes a conference of nobody. It lasts as long as the object.
 *
 * Returns: (transfer full): a conference
 */
SipConference *
sip_conference_new (void)
{
  return g_object_new (SIP_TYPE_CONFERENCE, NULL);
}

/**
 * sip_conference_add:
 * @self: a conference
 * @handler: the media of a call that is not in it
 * @error: return location for a [error@Sip.Error]
 *
 * Lets the other side of a call hear all the others, and be heard by them. Where its sound has not
 * begun yet, that comes with it.
 *
 * Returns: %TRUE, or %FALSE with @error set to `INVALID_ARGUMENT` where the handlers do not mix
 */
gboolean
sip_conference_add (SipConference *self, SipSessionDescriptionHandler *handler, GError **error)
{
  g_return_val_if_fail (SIP_IS_CONFERENCE (self), FALSE);
  g_return_val_if_fail (SIP_IS_SESSION_DESCRIPTION_HANDLER (handler), FALSE);
  g_return_val_if_fail (!g_ptr_array_find (self->handlers, handler, NULL), FALSE);

  g_ptr_array_add (self->handlers, g_object_ref (handler));
  if (!mix (self)) {
    g_ptr_array_remove (self->handlers, handler);
    mix (self);
    g_set_error_literal (error, SIP_ERROR, SIP_ERROR_INVALID_ARGUMENT,
                         "The sound of this call cannot be mixed");
    return FALSE;
  }
  g_signal_connect_object (handler, "trackAdded", G_CALLBACK (mix), self, G_CONNECT_SWAPPED);
  return TRUE;
}

/**
 * sip_conference_remove:
 * @self: a conference
 * @handler: the media of a call
 *
 * Takes a call out of the conference, where it is in it: from now on it is alone with this side.
 */
void
sip_conference_remove (SipConference *self, SipSessionDescriptionHandler *handler)
{
  g_return_if_fail (SIP_IS_CONFERENCE (self));
  g_return_if_fail (SIP_IS_SESSION_DESCRIPTION_HANDLER (handler));

  g_autoptr (SipSessionDescriptionHandler) guard = g_object_ref (handler);

  if (!g_ptr_array_remove (self->handlers, handler))
    return;
  g_signal_handlers_disconnect_by_func (handler, mix, self);
  leave_alone (handler);
  mix (self);
}
