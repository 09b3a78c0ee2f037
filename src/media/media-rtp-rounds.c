/* media-rtp-rounds.c - rounds of offer and answer over ordinary RTP, and what each of them changes
 *
 * Down: what the session wants -> MediaRtpNegotiation (text), MediaRtpStream (packets)
 * Up:   MediaRtpStream's ready, pad, tone, news, failed -> MediaSound -> the handler's signals
 *
 * Nothing here has to wait for anybody, so one round is over before the next one begins: servers
 * were asked before, in media-rtp-place.c. Only the stream begins later where ICE looks for a way
 * first.
 */

#include "media-rtp-handler-private.h"

#include "media-rtp-dtls-private.h"
#include "media-web-handler-private.h"

#include "sip-dtmf.h"
#include "sip-error.h"

/* Nothing is heard of a stream that was given up. */
void
media_rtp_handler_drop_stream (MediaRtpHandler *self)
{
  g_autoptr (MediaRtpStream) stream = g_steal_pointer (&self->stream);

  media_sound_handler_stop (&self->parent_instance);
  if (stream == NULL)
    return;
  g_signal_handlers_disconnect_by_data (stream, self);
  media_rtp_stream_close (stream);
}

/* The one place that opens a microphone: when all is agreed, and protected as agreed. */
static void
start_sound (MediaRtpHandler *self)
{
  g_autoptr (GstPad) target = NULL;
  g_autoptr (GError) error = NULL;
  MediaSdpFormat format;

  if (self->stream == NULL || !media_rtp_stream_is_ready (self->stream))
    return;
  format = media_rtp_gate_get_format (media_rtp_stream_get_gate (self->stream));
  if (media_sound_is_started (self->base->sound)) {
    media_sound_set_format (self->base->sound, &format);
    return;
  }
  target = media_rtp_stream_dup_sink (self->stream);
  if (media_sound_handler_start (&self->parent_instance,
                                 media_rtp_stream_get_pipeline (self->stream), target, &format,
                                 &error))
    return;
  media_rtp_handler_drop_stream (self);
  media_sound_handler_fail (&self->parent_instance, error);
}

/* After every change of what flows. */
void
media_rtp_handler_watch_sound (MediaSoundHandler *handler)
{
  MediaRtpHandler *self = MEDIA_RTP_HANDLER (handler);

  if (self->stream != NULL)
    media_watch_update (self->base->watch, media_rtp_stream_get_rtpbin (self->stream),
                        media_rtp_stream_get_gate (self->stream));
}

/* It is secure where it is encrypted and nobody could have read or changed the keys. */
static void
update_secure (MediaRtpHandler *self)
{
  const MediaRtpSdp *remote = media_rtp_negotiation_get_remote (self->negotiation);
  gboolean secure = self->stream != NULL && remote != NULL && self->policy.is_private &&
                    remote->protection != MEDIA_PROTECTION_NONE &&
                    media_rtp_stream_is_ready (self->stream);

  if (self->secure == secure)
    return;
  self->secure = secure;
  g_object_notify (G_OBJECT (self), "secure");
}

static void
on_ready (MediaRtpStream *stream, MediaRtpHandler *self)
{
  update_secure (self);
  start_sound (self);
  media_rtp_handler_watch_sound (&self->parent_instance);
}

static void
on_pad (MediaRtpStream *stream, GstPad *pad, MediaRtpHandler *self)
{
  media_sound_handler_take_pad (&self->parent_instance, pad);
}

static void
on_tone (MediaRtpStream *stream, const MediaRtpTone *tone, MediaRtpHandler *self)
{
  const char letter[] = {tone->letter, '\0'};
  g_autoptr (SipDtmf) dtmf = sip_dtmf_new_received (letter, tone->duration);

  g_signal_emit_by_name (self, "dtmf", dtmf);
}

static void
on_news (MediaRtpStream *stream, GstMessage *message, MediaRtpHandler *self)
{
  media_sound_handler_take_news (&self->parent_instance, message);
}

static void
on_failed (MediaRtpStream *stream, GError *error, MediaRtpHandler *self)
{
  if (g_error_matches (error, SIP_ERROR, SIP_ERROR_NOT_SECURE))
    media_rtp_handler_drop_stream (self);
  media_sound_handler_fail (&self->parent_instance, error);
}

static gboolean
ensure_fingerprint (MediaRtpHandler *self, GError **error)
{
  g_autofree char *fingerprint = NULL;

  if (!media_rtp_negotiation_needs_fingerprint (self->negotiation))
    return TRUE;
  fingerprint = media_rtp_dtls_dup_fingerprint (error);
  if (fingerprint == NULL)
    return FALSE;
  media_rtp_negotiation_set_fingerprint (self->negotiation, fingerprint);
  return TRUE;
}

static gboolean
ensure_stream (MediaRtpHandler *self, GError **error)
{
  const MediaRtpSdp *remote = media_rtp_negotiation_get_remote (self->negotiation);

  if (self->stream != NULL)
    return TRUE;
  /* Whoever begins a handshake does so again only after a second. */
  if (remote->protection != MEDIA_PROTECTION_DTLS)
    media_rtp_sockets_drain (self->sockets);
  self->stream = media_rtp_stream_new (self->sockets, error);
  if (self->stream == NULL)
    return FALSE;
  g_signal_connect_object (self->stream, "ready", G_CALLBACK (on_ready), self, 0);
  g_signal_connect_object (self->stream, "pad", G_CALLBACK (on_pad), self, 0);
  g_signal_connect_object (self->stream, "tone", G_CALLBACK (on_tone), self, 0);
  g_signal_connect_object (self->stream, "news", G_CALLBACK (on_news), self, 0);
  g_signal_connect_object (self->stream, "failed", G_CALLBACK (on_failed), self, 0);
  return TRUE;
}

/* Fields, notify, signal; the task comes after. */
static void
announce (MediaRtpHandler *self)
{
  SipDirection local = media_rtp_negotiation_get_local (self->negotiation)->direction;
  SipDirection remote = media_rtp_negotiation_get_remote (self->negotiation)->direction;

  media_sound_handler_set_directions (&self->parent_instance, local, remote, self->is_holding);
  update_secure (self);
  start_sound (self);
  media_rtp_handler_watch_sound (&self->parent_instance);
  g_signal_emit_by_name (self, "directionChanged");
}

/* Packets may come and go as agreed. */
static gboolean
begin (MediaRtpHandler *self, GError **error)
{
  return ensure_stream (self, error) &&
         media_rtp_stream_apply (self->stream, media_rtp_negotiation_get_local (self->negotiation),
                                 media_rtp_negotiation_get_remote (self->negotiation), error);
}

/* A round is complete. */
static gboolean
settle (MediaRtpHandler *self, GError **error)
{
  if (!media_rtp_handler_is_checking (self) && !begin (self, error))
    return FALSE;
  announce (self);
  return TRUE;
}

/* ICE came to an end with what the last round agreed on. Where no pair works, the m= line says
 * where the other side is (RFC 8839 3.2.5). A way that is lost later is a call in which nothing
 * arrives, as it is without ICE.
 */
void
media_rtp_handler_take_way (MediaRtpHandler *self)
{
  const MediaRtpSdp *remote = media_rtp_negotiation_get_remote (self->negotiation);
  g_autoptr (GError) error = NULL;

  if (self->stream != NULL || remote == NULL || media_rtp_handler_is_checking (self))
    return;
  if ((media_rtp_handler_is_vain (self) && !media_rtp_handler_give_up_ice (self, remote, &error)) ||
      !begin (self, &error))
    media_sound_handler_fail (&self->parent_instance, error);
  else
    on_ready (self->stream, self);
}

/* An offer, or the answer to one that was set. Our place is known. */
char *
media_rtp_handler_describe (MediaRtpHandler *self, SipModifiers *modifiers, GError **error)
{
  const MediaRtpSdp *pending = media_rtp_negotiation_get_pending (self->negotiation);
  g_autofree char *text = NULL;

  if (!media_rtp_handler_tell_place (self, error) ||
      (pending != NULL && !media_rtp_handler_take_place (self, error)) ||
      !media_rtp_handler_ensure_ice (self, pending, error) || !ensure_fingerprint (self, error))
    return NULL;
  text = media_rtp_negotiation_describe (self->negotiation, modifiers, error);
  if (text == NULL)
    return NULL;
  if (!media_rtp_negotiation_is_waiting (self->negotiation)) {
    self->is_holding = self->wanted == SIP_DIRECTION_SENDONLY;
    if (!settle (self, error))
      return NULL;
  }
  return g_steal_pointer (&text);
}

gboolean
media_rtp_handler_take (MediaRtpHandler *self,
                        const char *text,
                        gboolean is_answer,
                        SipModifiers *modifiers,
                        GError **error)
{
  if (!media_start_gstreamer (error))
    return FALSE;
  switch (media_rtp_negotiation_take (self->negotiation, text, is_answer, modifiers, error)) {
  case MEDIA_RTP_ANSWERED:
    self->is_holding = self->wanted == SIP_DIRECTION_SENDONLY;
    /* What nobody offered is no answer. */
    return media_rtp_handler_take_place (self, error) &&
           (self->sockets->ice == NULL ||
            media_rtp_handler_ensure_ice (
                self, media_rtp_negotiation_get_remote (self->negotiation), error)) &&
           settle (self, error);
  case MEDIA_RTP_REPEATED:
    if (self->stream != NULL)
      media_rtp_gate_reopen (media_rtp_stream_get_gate (self->stream));
    return TRUE;
  case MEDIA_RTP_OFFERED:
    return media_rtp_handler_follow (self, error);
  case MEDIA_RTP_REFUSED:
  default:
    return FALSE;
  }
}

/* FALSE where the other side takes none, or none would leave. */
gboolean
media_rtp_handler_send_tone (MediaRtpHandler *self, char letter, guint duration)
{
  return self->stream != NULL && media_sound_is_started (self->base->sound) && !self->is_holding &&
         media_direction_sends (self->base->local_direction) &&
         media_direction_receives (self->base->remote_direction) &&
         media_rtp_gate_send_tone (media_rtp_stream_get_gate (self->stream), letter, duration);
}
