/* sip-echo-party.c - somebody to call who says what he hears: a user agent on this machine
 *
 * Down: start() -> a SipUA on 127.0.0.1, without a server
 * Up:   its invite -> accept; its sessions' media -> media that hears itself
 */

#include "sip-echo-party.h"

#include "sip-media.h"
#include "sip-ua.h"

/* Long enough to hear oneself apart, short enough to wait for. The sink holds back what the queue
 * has; a call that hears nothing more empties it.
 */
#define SINK                                                                                       \
  "audioconvert ! audioresample ! audio/x-raw,format=S16LE,rate=48000,channels=1 ! "               \
  "queue min-threshold-time=400000000 max-size-time=2000000000 max-size-buffers=0 "                \
  "max-size-bytes=0 ! interaudiosink channel=%s"
#define SOURCE "interaudiosrc channel=%s latency-time=60000000 period-time=20000000"

struct _SipEchoParty {
  GObject parent_instance;

  SipUA *ua; /* while it is started */
};

/**
 * SipEchoParty:
 *
 * Somebody in this process who takes every call and sends back what is said.
 */
G_DEFINE_FINAL_TYPE (SipEchoParty, sip_echo_party, G_TYPE_OBJECT)

/* The two ends of a call find each other by a name that no other call has. */
static SipSessionDescriptionHandler *
make_handler (SipSession *session, gpointer user_data)
{
  g_autofree char *name = g_uuid_string_random ();
  g_autofree char *channel = g_strconcat ("echo-", name, NULL);
  g_autofree char *source = g_strdup_printf (SOURCE, channel);
  g_autofree char *sink = g_strdup_printf (SINK, channel);

  return sip_media_new_web_handler (source, sink);
}

static void
on_invite (SipUA *ua, SipInviteServerContext *session, SipEchoParty *self)
{
  g_autoptr (GError) error = NULL;

  if (!sip_invite_server_context_accept (session, NULL, NULL, &error))
    g_debug ("the echo does not answer: %s", error->message);
}

static void
sip_echo_party_dispose (GObject *object)
{
  sip_echo_party_stop (SIP_ECHO_PARTY (object));
  G_OBJECT_CLASS (sip_echo_party_parent_class)->dispose (object);
}

static void
sip_echo_party_class_init (SipEchoPartyClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sip_echo_party_dispose;
}

static void
sip_echo_party_init (SipEchoParty *self)
{
}

/**
 * sip_echo_party_new:
 *
 * Makes a party that cannot be called yet.
 *
 * Returns: (transfer full): an echo party that is not started yet
 */
SipEchoParty *
sip_echo_party_new (void)
{
  return g_object_new (SIP_TYPE_ECHO_PARTY, NULL);
}

/**
 * sip_echo_party_start:
 * @self: the echo party
 * @error: where a failure goes
 *
 * Listens on 127.0.0.1, on a port of the system's choice, and answers every call from then on.
 *
 * Returns: %TRUE where it listens, also where it did already
 */
gboolean
sip_echo_party_start (SipEchoParty *self, GError **error)
{
  g_return_val_if_fail (SIP_IS_ECHO_PARTY (self), FALSE);

  if (self->ua != NULL)
    return TRUE;
  self->ua = g_object_new (SIP_TYPE_UA, "uri", "sip:echo@127.0.0.1", "local-address", "127.0.0.1:0",
                           "auto-register", FALSE, "display-name", "Echo test", NULL);
  sip_ua_set_session_description_handler_factory (self->ua, make_handler, NULL, NULL);
  g_signal_connect_object (self->ua, "invite", G_CALLBACK (on_invite), self, 0);
  if (sip_ua_start (self->ua, error))
    return TRUE;
  g_clear_object (&self->ua);
  return FALSE;
}

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  sip_ua_stop_finish (SIP_UA (source), result, NULL);
}

/**
 * sip_echo_party_stop:
 * @self: the echo party
 *
 * Hangs up, and answers no more.
 */
void
sip_echo_party_stop (SipEchoParty *self)
{
  g_autoptr (SipUA) ua = NULL;

  g_return_if_fail (SIP_IS_ECHO_PARTY (self));

  ua = g_steal_pointer (&self->ua);
  if (ua == NULL)
    return;
  g_signal_handlers_disconnect_by_data (ua, self);
  sip_ua_stop_async (ua, on_stopped, NULL);
}

/**
 * sip_echo_party_dup_uri:
 * @self: the echo party
 *
 * Tells how it can be called.
 *
 * Returns: (transfer full) (nullable): the address to call, or %NULL where it is not started
 */
char *
sip_echo_party_dup_uri (SipEchoParty *self)
{
  g_return_val_if_fail (SIP_IS_ECHO_PARTY (self), NULL);

  return self->ua != NULL ? sip_ua_dup_contact_uri (self->ua) : NULL;
}
