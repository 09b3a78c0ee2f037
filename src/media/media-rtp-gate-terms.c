/* media-rtp-gate-terms.c - what the gate lets pass, as two descriptions agreed on it
 *
 * Down: the stream, in the main context -> addresses, numbers and keys, under the gate's lock
 */

#include "media-rtp-gate-private.h"

#include <string.h>

/* A context that counts packets goes on as long as its key does. */
static gboolean
replace_key (MediaSrtp **srtp, const MediaSrtpKey *key, gboolean is_ours)
{
  MediaSrtp *other;

  if (*srtp != NULL && media_srtp_key_equal (media_srtp_get_key (*srtp), key))
    return TRUE;
  other = media_srtp_new (key, is_ours);
  if (other == NULL)
    return FALSE;
  g_clear_pointer (srtp, media_srtp_free);
  *srtp = other;
  return TRUE;
}

static gboolean
set_keys (MediaRtpGate *self, const MediaSrtpKey *ours, const MediaSrtpKey *theirs)
{
  return replace_key (&self->ours, ours, TRUE) && replace_key (&self->theirs, theirs, FALSE);
}

static void
accept (MediaRtpGate *self, guint payload, const MediaCodec *codec, guint tone_rate)
{
  if (self->accepts[payload])
    return;
  self->accepts[payload] = TRUE;
  self->codecs[payload] = codec;
  self->tone_rates[payload] = tone_rate;
}

/* What may come: by the numbers of this side's description, and by those of the other's, for some
 * only listen to their own.
 */
static void
accept_formats (MediaRtpGate *self, const MediaRtpSdp *sdp, const MediaRtpSdp *local)
{
  for (guint i = 0; i < sdp->formats->len; i++) {
    const MediaSdpFormat *format = &g_array_index (sdp->formats, MediaSdpFormat, i);

    if (media_rtp_sdp_find_codec (local, format->codec) != NULL)
      accept (self, format->payload, format->codec, 0);
  }
  for (guint i = 0; i < sdp->tones->len; i++) {
    const MediaRtpTones *tones = &g_array_index (sdp->tones, MediaRtpTones, i);

    accept (self, tones->payload, NULL, tones->clock_rate);
  }
}

/* The first of the other side's that this side has too. */
static void
choose_format (MediaRtpGate *self, const MediaRtpSdp *local, const MediaRtpSdp *remote)
{
  const MediaRtpTones *tones;

  for (guint i = remote->formats->len; i-- > 0;) {
    const MediaSdpFormat *format = &g_array_index (remote->formats, MediaSdpFormat, i);

    if (media_rtp_sdp_find_codec (local, format->codec) != NULL)
      self->format = *format;
  }
  tones = media_rtp_sdp_choose_tones (remote, self->format.codec->clock_rate);
  if (tones == NULL || media_rtp_sdp_find_tones (local, tones->clock_rate) == NULL)
    tones = NULL;
  media_rtp_tone_want (&self->tone_out, tones != NULL
                                            ? (MediaRtpToneTerms){tones->payload, tones->clock_rate,
                                                                  self->format.codec->clock_rate}
                                            : (MediaRtpToneTerms){0});
}

/* With every round that was agreed. */
gboolean
media_rtp_gate_open (MediaRtpGate *self,
                     const MediaRtpSdp *local,
                     const MediaRtpSdp *remote,
                     GError **error)
{
  g_autoptr (GSocketAddress) rtp = media_rtp_sdp_dup_rtp (remote);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->is_clear = remote->protection == MEDIA_PROTECTION_NONE;
  self->takes_dtls = remote->protection == MEDIA_PROTECTION_DTLS;
  self->is_muxed = local->is_muxed && remote->is_muxed;
  g_set_object (&self->rtp_from, self->rtp_socket);
  g_set_object (&self->rtcp_from, self->rtcp_socket);
  media_rtp_latch_expect (&self->latch, rtp, g_get_monotonic_time ());
  g_clear_object (&self->rtcp_to);
  self->rtcp_to = media_rtp_sdp_dup_rtcp (remote);
  if (self->is_muxed)
    g_set_object (&self->rtcp_to, self->latch.current);
  else if (self->takes_dtls)
    g_clear_object (&self->rtcp_to); /* it would need a handshake of its own */
  memset (self->accepts, 0, sizeof self->accepts);
  accept_formats (self, local, local);
  accept_formats (self, remote, local);
  choose_format (self, local, remote);
  self->is_open = remote->protection != MEDIA_PROTECTION_SDES ||
                  set_keys (self, &g_array_index (local->keys, MediaSdes, 0).key,
                            &g_array_index (remote->keys, MediaSdes, 0).key);
  if (!self->is_open)
    g_set_error_literal (error, SIP_ERROR, SIP_ERROR_SESSION_DESCRIPTION_HANDLER,
                         "The sound cannot be encrypted as agreed");
  return self->is_open;
}

/* What a handshake came to. */
gboolean
media_rtp_gate_set_keys (MediaRtpGate *self, const MediaSrtpKey *ours, const MediaSrtpKey *theirs)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return set_keys (self, ours, theirs);
}

/* Before another handshake. */
void
media_rtp_gate_forget_keys (MediaRtpGate *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_clear_pointer (&self->ours, media_srtp_free);
  g_clear_pointer (&self->theirs, media_srtp_free);
}

/* What comes does so by these from now on, and what leaves from the next agreement on. */
void
media_rtp_gate_set_sockets (MediaRtpGate *self, const MediaRtpSockets *sockets)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_set_object (&self->rtp_socket, sockets->rtp);
  g_set_object (&self->rtcp_socket, sockets->rtcp);
  g_set_object (&self->ice, sockets->ice);
}

/* The description of the other side came again: it may begin to send only now. */
void
media_rtp_gate_reopen (MediaRtpGate *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  media_rtp_latch_expect (&self->latch, self->latch.expected, g_get_monotonic_time ());
}

/* What is under way at this moment is the last. */
void
media_rtp_gate_close (MediaRtpGate *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->is_open = FALSE;
}

gboolean
media_rtp_gate_has_keys (MediaRtpGate *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->ours != NULL && self->theirs != NULL;
}

/* What @payload means, from any thread; NULL where it means nothing. */
GstCaps *
media_rtp_gate_dup_caps (MediaRtpGate *self, guint payload)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const MediaCodec *codec = payload < 128 ? self->codecs[payload] : NULL;
  guint tone_rate = payload < 128 ? self->tone_rates[payload] : 0;
  const char *encoding = "CN";
  guint rate = 8000;

  if (codec != NULL) {
    encoding = codec->encoding;
    rate = codec->clock_rate;
  } else if (tone_rate > 0) {
    encoding = "TELEPHONE-EVENT";
    rate = tone_rate;
  } else if (payload != MEDIA_RTP_COMFORT_NOISE) {
    return NULL;
  }
  return gst_caps_new_simple ("application/x-rtp", "media", G_TYPE_STRING, "audio", "payload",
                              G_TYPE_INT, (int)payload, "clock-rate", G_TYPE_INT, (int)rate,
                              "encoding-name", G_TYPE_STRING, encoding, NULL);
}

/* What leaves; only once it was open. */
MediaSdpFormat
media_rtp_gate_get_format (MediaRtpGate *self)
{
  return self->format;
}

/* FALSE where the other side did not ask for tones, or too many wait. */
gboolean
media_rtp_gate_send_tone (MediaRtpGate *self, char letter, guint duration)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  int event = media_rtp_tone_find_event (letter);

  return self->is_open && event >= 0 && media_rtp_tone_add (&self->tone_out, event, duration);
}

/* Packets of sound that came from strangers. */
guint64
media_rtp_gate_count_dropped (MediaRtpGate *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->latch.n_dropped;
}

/* Packets of sound that left, each once it was on its way. */
guint64
media_rtp_gate_count_sent (MediaRtpGate *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->n_sent;
}

/* Whether the other side said that there is nothing to hear, and need not send before there is. */
gboolean
media_rtp_gate_is_quiet (MediaRtpGate *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->is_quiet;
}
