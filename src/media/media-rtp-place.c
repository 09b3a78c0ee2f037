/* media-rtp-place.c - where this side of a call over ordinary RTP is found
 *
 * Down: a description is wanted -> sockets -> the servers that the user named, which tell how these
 *       are seen from outside -> media_rtp_handler_describe()
 *       another address, or a way that is lost -> other sockets, from the next round on
 * Up:   MediaRtpIce -> the description that waits, or media_rtp_handler_take_way()
 *
 * Where only a relay may be seen, nothing ever leaves but by it: whoever knows no ICE is met at the
 * place that its description names, through the relay.
 */

#include "media-rtp-handler-private.h"

#include "media-nat64-private.h"
#include "media-web-handler-private.h"

static gboolean
is_hidden (MediaRtpHandler *self)
{
  return self->base->servers != NULL && sip_media_servers_get_relay_only (self->base->servers);
}

/* Where this side will be with the next round. */
static MediaRtpSockets *
get_newest (MediaRtpHandler *self)
{
  return self->next != NULL ? self->next : self->sockets;
}

static gboolean
ensure_sockets (MediaRtpHandler *self, GError **error)
{
  const MediaRtpSdp *pending = media_rtp_negotiation_get_pending (self->negotiation);
  GInetAddress *remote = pending != NULL ? pending->address : NULL;
  g_autoptr (GInetAddress) address = NULL;

  if (self->sockets != NULL)
    return TRUE;
  if (self->local_address != NULL)
    address = g_inet_address_new_from_string (self->local_address);
  if (address == NULL || (remote != NULL && g_inet_address_get_family (remote) !=
                                                g_inet_address_get_family (address))) {
    g_clear_object (&address);
    address = media_rtp_sockets_find_local (remote);
  }
  self->sockets = media_rtp_sockets_new (address, &self->ports, error);
  if (self->sockets == NULL)
    return FALSE;
  media_rtp_negotiation_set_place (self->negotiation, self->sockets->address, self->sockets->port,
                                   NULL);
  return TRUE;
}

static gboolean
is_asking (MediaRtpHandler *self)
{
  MediaRtpSockets *newest = get_newest (self);

  return newest->ice != NULL && media_rtp_ice_get_state (newest->ice) == MEDIA_RTP_ICE_ASKING;
}

/* Whoever has IPv4 only is told what he can use; and so is who is not known yet, where our server
 * is such a one.
 */
static char *
write_for_reader (MediaRtpHandler *self, char *text)
{
  g_autofree char *own = text;
  const MediaRtpSdp *reader = media_rtp_negotiation_get_remote (self->negotiation);
  SipNat64 *nat64 = self->base->nat64;

  if (text == NULL || nat64 == NULL ||
      (reader != NULL && g_inet_address_get_family (reader->address) != G_SOCKET_FAMILY_IPV4 &&
       !sip_nat64_is_mapped (nat64, reader->address)))
    return g_steal_pointer (&own);
  return media_nat64_write (nat64, text);
}

static void
return_description (MediaRtpHandler *self, SipModifiers *modifiers, GTask *task)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text =
      write_for_reader (self, media_rtp_handler_describe (self, modifiers, &error));
  g_auto (GValue) value = G_VALUE_INIT;

  if (text == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  g_value_init (&value, SIP_TYPE_SESSION_DESCRIPTION);
  g_value_take_object (&value, sip_session_description_new_text ("application/sdp", text));
  g_task_return_value (task, &value);
}

/* The call goes on without it. */
static void
tell_refused (MediaRtpHandler *self)
{
  g_autoptr (GError) error =
      g_error_new_literal (SIP_ERROR, SIP_ERROR_RELAY, "The relay gives no address");

  g_debug ("%s", error->message);
  g_signal_emit_by_name (self, "failed", error);
}

static void
on_ice_changed (MediaRtpIce *ice, MediaRtpHandler *self)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (SipModifiers) modifiers = NULL;

  if (self->task == NULL || is_asking (self)) {
    media_rtp_handler_take_way (self);
    return;
  }
  task = g_steal_pointer (&self->task);
  modifiers = g_steal_pointer (&self->modifiers);
  if (media_rtp_ice_is_refused (ice) && !is_hidden (self))
    tell_refused (self);
  if (self->base->closed)
    g_task_return_new_error (task, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER_CLOSED,
                             "The media was closed");
  else
    return_description (self, modifiers, task);
}

/* @servers: (nullable): whom to ask. @remote: (nullable): the description to be answered */
static gboolean
start_ice (MediaRtpHandler *self,
           MediaRtpSockets *sockets,
           SipMediaServers *servers,
           const MediaRtpSdp *remote,
           GError **error)
{
  if (!media_rtp_sockets_start_ice (sockets, servers, remote, error))
    return FALSE;
  if (sockets->ice != NULL)
    g_signal_connect_object (sockets->ice, "changed", G_CALLBACK (on_ice_changed), self, 0);
  return TRUE;
}

static gboolean
stop_ice (MediaRtpHandler *self, MediaRtpSockets *sockets, GError **error)
{
  if (sockets->ice != NULL)
    g_signal_handlers_disconnect_by_data (sockets->ice, self);
  return media_rtp_sockets_stop_ice (sockets, error);
}

/* Servers are asked once for each place, before the first description that names it. */
static gboolean
ask (MediaRtpHandler *self, GError **error)
{
  gboolean is_told = self->next == NULL && media_rtp_negotiation_get_local (self->negotiation);
  g_autoptr (SipMediaServers) servers = NULL;

  if (!ensure_sockets (self, error))
    return FALSE;
  if (self->base->servers == NULL || get_newest (self)->ice != NULL || is_told)
    return TRUE;
  servers = media_sound_handler_dup_servers (&self->parent_instance);
  return start_ice (self, get_newest (self), servers,
                    media_rtp_negotiation_get_pending (self->negotiation), error);
}

/* A description of this side, at once, or when every server has answered. */
void
media_rtp_handler_get_description (MediaRtpHandler *self, SipModifiers *modifiers, GTask *task)
{
  g_autoptr (GError) error = NULL;

  if (self->task != NULL) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "Another description is made");
  } else if (!media_start_gstreamer (&error) || !ask (self, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
  } else if (is_asking (self)) {
    self->task = g_object_ref (task);
    g_set_object (&self->modifiers, modifiers);
  } else {
    return_description (self, modifiers, task);
  }
}

/* Nobody waits for a description any more. */
void
media_rtp_handler_drop_task (MediaRtpHandler *self, SipError code, const char *why)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  g_clear_object (&self->modifiers);
  if (task != NULL)
    g_task_return_new_error (task, SIP_ERROR, code, "%s", why);
}

/* Whoever knows no ICE is offered none again. */
static gboolean
offers_ice (MediaRtpHandler *self)
{
  const MediaRtpSdp *remote = media_rtp_negotiation_get_remote (self->negotiation);

  return remote == NULL || remote->ice.name != NULL;
}

/* What servers told of this side is what its next description tells. */
gboolean
media_rtp_handler_tell_place (MediaRtpHandler *self, GError **error)
{
  MediaRtpSockets *sockets = get_newest (self);
  g_autoptr (GSocketAddress) rtp = NULL, rtcp = NULL;

  if (self->base->servers == NULL || (sockets->ice == NULL && !is_hidden (self)))
    return TRUE;
  if (sockets->ice != NULL)
    rtp = media_rtp_ice_dup_place (sockets->ice, FALSE);
  if (rtp == NULL) {
    /* It may help the next time. */
    stop_ice (self, sockets, NULL);
    g_set_error_literal (error, SIP_ERROR, SIP_ERROR_RELAY, "The relay gives no address");
    return FALSE;
  }
  rtcp = media_rtp_ice_dup_place (sockets->ice, TRUE);
  media_rtp_negotiation_set_place (
      self->negotiation, g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (rtp)),
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (rtp)), rtcp);
  media_rtp_negotiation_set_ice (self->negotiation,
                                 offers_ice (self) ? media_rtp_ice_get_terms (sockets->ice) : NULL);
  return TRUE;
}

/* What is agreed on goes by the place that the other side's description names. */
gboolean
media_rtp_handler_give_up_ice (MediaRtpHandler *self, const MediaRtpSdp *remote, GError **error)
{
  media_rtp_negotiation_set_ice (self->negotiation, NULL);
  if (!is_hidden (self)) {
    media_rtp_handler_drop_stream (self);
    return stop_ice (self, self->sockets, error);
  }
  if (media_rtp_ice_meet (self->sockets->ice, remote))
    return TRUE;
  g_set_error_literal (error, SIP_ERROR, SIP_ERROR_RELAY,
                       "The relay does not reach the other side");
  return FALSE;
}

/* As @remote, the other side's last description, has it. Where ICE does not start, the m= line has
 * to do; whoever had it, and has it no more, is met there, too.
 */
gboolean
media_rtp_handler_ensure_ice (MediaRtpHandler *self, const MediaRtpSdp *remote, GError **error)
{
  MediaRtpSockets *sockets = self->sockets;

  if (remote == NULL || (remote->ice.name == NULL && sockets->ice == NULL))
    return TRUE;
  if (remote->ice.name == NULL)
    return media_rtp_handler_give_up_ice (self, remote, error);
  if (sockets->ice == NULL) {
    if (self->stream != NULL)
      return TRUE;
    if (!start_ice (self, sockets, NULL, remote, error))
      return FALSE;
    if (sockets->ice == NULL)
      return TRUE;
  }
  if (!media_rtp_ice_expect (sockets->ice, remote))
    return media_rtp_handler_give_up_ice (self, remote, error);
  media_rtp_negotiation_set_ice (self->negotiation, media_rtp_ice_get_terms (sockets->ice));
  return TRUE;
}

gboolean
media_rtp_handler_is_checking (MediaRtpHandler *self)
{
  return self->stream == NULL && self->sockets->ice != NULL &&
         media_rtp_ice_get_state (self->sockets->ice) == MEDIA_RTP_ICE_CHECKING;
}

gboolean
media_rtp_handler_is_vain (MediaRtpHandler *self)
{
  return self->sockets->ice != NULL &&
         media_rtp_ice_get_state (self->sockets->ice) == MEDIA_RTP_ICE_VAIN;
}

static gboolean
is_alike (GInetAddress *one, GInetAddress *other)
{
  return g_inet_address_get_family (one) == g_inet_address_get_family (other);
}

/* Where this side is reached now by @remote, the other side's description; NULL where that is not
 * known, or nowhere. A network without his version of IP may have a way to him all the same, or he
 * may have both.
 */
static GInetAddress *
choose_place (MediaRtpHandler *self, const MediaRtpSdp *remote)
{
  g_autoptr (GInetAddress) fixed =
      self->local_address != NULL ? g_inet_address_new_from_string (self->local_address) : NULL;
  GInetAddress *place;

  if (fixed != NULL && is_alike (fixed, get_newest (self)->address))
    return g_steal_pointer (&fixed);
  place = media_rtp_sockets_find_route (remote != NULL ? remote->address : NULL);
  if (place == NULL && (self->base->nat64 == NULL || !sip_nat64_get_looking (self->base->nat64)))
    place = media_rtp_sockets_find_route (NULL);
  return place;
}

/* The way is gone, and no other one is under way. */
static gboolean
is_lost (MediaRtpHandler *self)
{
  return self->next == NULL && media_watch_is_stuck (self->base->watch);
}

/* There, too, until the next round is agreed on. */
static gboolean
listen_at (MediaRtpHandler *self, GInetAddress *place, const MediaRtpSdp *remote, GError **error)
{
  g_autoptr (MediaRtpSockets) sockets = media_rtp_sockets_new (place, &self->ports, error);

  if (sockets == NULL || (self->base->servers == NULL && get_newest (self)->ice != NULL &&
                          !start_ice (self, sockets, NULL, remote, error)))
    return FALSE;
  g_clear_pointer (&self->next, media_rtp_sockets_free);
  self->next = g_steal_pointer (&sockets);
  media_rtp_negotiation_set_place (self->negotiation, self->next->address, self->next->port, NULL);
  media_rtp_negotiation_set_ice (self->negotiation, self->next->ice != NULL
                                                        ? media_rtp_ice_get_terms (self->next->ice)
                                                        : NULL);
  return TRUE;
}

/* Listens where this side is reached now, too; returns whether that is elsewhere, or has to be
 * found out again.
 */
gboolean
media_rtp_handler_find_place (MediaRtpHandler *self)
{
  const MediaRtpSdp *remote = media_rtp_negotiation_get_remote (self->negotiation);
  const MediaRtpSockets *known = get_newest (self);
  g_autoptr (GInetAddress) place = known != NULL ? choose_place (self, remote) : NULL;
  g_autoptr (GError) error = NULL;

  if (place == NULL || (g_inet_address_equal (place, known->address) && !is_lost (self)))
    return FALSE;
  if (!listen_at (self, place, remote, &error)) {
    g_debug ("%s", error->message);
    return FALSE;
  }
  if (self->task != NULL && !ask (self, &error))
    media_rtp_handler_drop_task (self, SIP_ERROR_SESSION_DESCRIPTION_HANDLER, error->message);
  return TRUE;
}

/* Whoever is offered the other version of IP is found there from the answer on, where he has it. */
gboolean
media_rtp_handler_follow (MediaRtpHandler *self, GError **error)
{
  const MediaRtpSdp *offer = media_rtp_negotiation_get_pending (self->negotiation);
  const MediaRtpSockets *known = get_newest (self);
  g_autoptr (GInetAddress) place = NULL;

  if (known == NULL || g_inet_address_get_is_any (offer->address) ||
      is_alike (offer->address, known->address))
    return TRUE;
  place = media_rtp_sockets_find_route (offer->address);
  if (place == NULL)
    g_set_error_literal (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION,
                         "Bad description: an address that nothing leads to");
  else if (listen_at (self, place, offer, error))
    return TRUE;
  media_rtp_negotiation_rollback (self->negotiation);
  return FALSE;
}

/* The other side learns with this round where we are, unless servers have yet to tell. Whom ICE
 * found is looked for anew.
 */
gboolean
media_rtp_handler_take_place (MediaRtpHandler *self, GError **error)
{
  if (self->next == NULL || (self->base->servers != NULL && self->next->ice == NULL))
    return TRUE;
  if (self->stream != NULL && (self->sockets->ice != NULL || self->next->ice != NULL))
    media_rtp_handler_drop_stream (self);
  if (self->stream != NULL && !media_rtp_stream_move (self->stream, self->next, error))
    return FALSE;
  media_rtp_sockets_free (self->sockets);
  self->sockets = g_steal_pointer (&self->next);
  return TRUE;
}
