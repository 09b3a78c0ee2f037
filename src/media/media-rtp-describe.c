/* media-rtp-describe.c - descriptions of this side, out of what it can and what was agreed before
 *
 * Down: MediaRtpNegotiation -> fields -> modifiers -> text
 */

#include "media-rtp-negotiation-private.h"

/* What the next description of ours promises. Keys in a description that others may read would be
 * a lock with the key in it, so then it is a handshake, unless the user wants just that.
 */
MediaProtection
media_rtp_negotiation_choose_protection (const MediaRtpNegotiation *self)
{
  if (self->pending != NULL)
    return self->pending->protection;
  if (self->local != NULL)
    return self->remote->protection;
  if (self->policy.security == SIP_SECURITY_OFF)
    return MEDIA_PROTECTION_NONE;
  if (media_rtp_policy_takes_keys (&self->policy))
    return MEDIA_PROTECTION_SDES;
  return self->policy.security == SIP_SECURITY_REQUIRE ? MEDIA_PROTECTION_DTLS
                                                       : MEDIA_PROTECTION_NONE;
}

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION, "Bad description: %s", why);
  return FALSE;
}

/* One key for each suite and call: a second one would have to be told to a peer that counts its
 * packets by the first. NULL where the system has no random numbers.
 */
static const MediaSrtpKey *
ensure_key (MediaRtpNegotiation *self, const MediaSrtpSuite *suite)
{
  MediaSdes sdes = {0};

  for (guint i = 0; i < self->keys->len; i++) {
    if (g_array_index (self->keys, MediaSdes, i).key.suite == suite)
      return &g_array_index (self->keys, MediaSdes, i).key;
  }
  if (!media_srtp_key_generate (&sdes.key, suite))
    return NULL;
  g_array_append_val (self->keys, sdes);
  media_srtp_key_clear (&sdes.key);
  return &g_array_index (self->keys, MediaSdes, self->keys->len - 1).key;
}

static gboolean
add_key (MediaRtpNegotiation *self, MediaRtpSdp *sdp, guint tag, const MediaSrtpSuite *suite)
{
  const MediaSrtpKey *key = ensure_key (self, suite);
  MediaSdes sdes = {tag};

  if (key == NULL)
    return FALSE;
  sdes.key = *key;
  g_array_append_val (sdp->keys, sdes);
  media_srtp_key_clear (&sdes.key);
  return TRUE;
}

static gboolean
offer_keys (MediaRtpNegotiation *self, MediaRtpSdp *sdp)
{
  const MediaSrtpSuite *suite;
  guint tag = 0;

  for (guint i = 0; (suite = media_srtp_get_suite (i)) != NULL; i++) {
    if (suite->is_offered && !add_key (self, sdp, ++tag, suite))
      return FALSE;
  }
  return TRUE;
}

/* RFC 3264 8.3.2: a number means for the whole call what it meant once. */
static gboolean
is_number_free (const MediaRtpSdp *sdp, guint payload)
{
  for (guint i = 0; i < sdp->formats->len; i++) {
    if (g_array_index (sdp->formats, MediaSdpFormat, i).payload == payload)
      return FALSE;
  }
  for (guint i = 0; i < sdp->tones->len; i++) {
    if (g_array_index (sdp->tones, MediaRtpTones, i).payload == payload)
      return FALSE;
  }
  return TRUE;
}

static guint
find_number (const MediaRtpSdp *sdp, guint wanted)
{
  guint number = wanted;

  for (guint other = 96; !is_number_free (sdp, number) && other < 128; other++)
    number = other;
  return number;
}

/* All that this side knows, behind what was agreed before. */
static void
add_formats (MediaRtpSdp *sdp)
{
  const MediaCodec *codec;

  for (guint i = 0; (codec = media_codecs_get (i)) != NULL; i++) {
    MediaSdpFormat format = {codec, 0};

    if (!media_codecs_is_available (codec) || media_rtp_sdp_find_codec (sdp, codec) != NULL)
      continue;
    format.payload = codec->is_static ? codec->payload : find_number (sdp, codec->payload);
    g_array_append_val (sdp->formats, format);
  }
  for (guint i = 0; i < sdp->formats->len; i++) {
    guint clock_rate = g_array_index (sdp->formats, MediaSdpFormat, i).codec->clock_rate;
    MediaRtpTones tones = {0, clock_rate};

    if (media_rtp_sdp_find_tones (sdp, clock_rate) != NULL)
      continue;
    tones.payload = find_number (sdp, clock_rate == 8000 ? 101 : 110);
    g_array_append_val (sdp->tones, tones);
  }
}

static void
set_rtcp (MediaRtpSdp *sdp, GInetSocketAddress *place)
{
  g_set_object (&sdp->rtcp_address, g_inet_socket_address_get_address (place));
  sdp->rtcp_port = g_inet_socket_address_get_port (place);
}

static MediaRtpSdp *
sketch (MediaRtpNegotiation *self)
{
  MediaRtpSdp *sdp = media_rtp_sdp_new ();

  sdp->origin = g_strdup (self->origin);
  sdp->version = ++self->version;
  sdp->address = g_object_ref (self->address);
  sdp->port = self->port;
  sdp->rtcp_address = g_object_ref (self->address);
  sdp->rtcp_port = self->port + 1;
  if (self->rtcp != NULL)
    set_rtcp (sdp, G_INET_SOCKET_ADDRESS (self->rtcp));
  sdp->protection = media_rtp_negotiation_choose_protection (self);
  if (sdp->protection == MEDIA_PROTECTION_DTLS)
    sdp->fingerprint = g_strdup (self->fingerprint);
  if (self->ice != NULL)
    media_rtp_sdp_set_ice (sdp, self->ice);
  return sdp;
}

/* Keys beside RTP/AVP are against the letter of RFC 4568, and what phones do that encrypt where
 * both can: one that knows nothing of them reads an ordinary offer.
 */
static const char *
choose_proto (const MediaRtpNegotiation *self, MediaProtection protection)
{
  if (protection == MEDIA_PROTECTION_DTLS)
    return "UDP/TLS/RTP/SAVP";
  return self->policy.security == SIP_SECURITY_REQUIRE ? "RTP/SAVP" : "RTP/AVP";
}

static MediaRtpSdp *
sketch_offer (MediaRtpNegotiation *self)
{
  g_autoptr (MediaRtpSdp) sdp = sketch (self);
  gboolean good = TRUE;

  sdp->direction = self->remote != NULL
                       ? media_direction_offer (self->direction, self->remote->direction)
                       : self->direction;
  sdp->is_muxed = TRUE;
  sdp->setup = MEDIA_SETUP_ACTPASS;
  if (self->local != NULL) {
    media_rtp_sdp_take_lines (sdp, self->local);
    g_array_append_vals (sdp->formats, self->local->formats->data, self->local->formats->len);
    g_array_append_vals (sdp->tones, self->local->tones->data, self->local->tones->len);
    if (sdp->protection == MEDIA_PROTECTION_SDES) {
      const MediaSdes *agreed = &g_array_index (self->local->keys, MediaSdes, 0);

      good = add_key (self, sdp, agreed->tag, agreed->key.suite);
    }
  } else {
    media_rtp_sdp_add_line (sdp, "audio", choose_proto (self, sdp->protection), "");
    if (sdp->protection == MEDIA_PROTECTION_SDES)
      good = offer_keys (self, sdp);
  }
  add_formats (sdp);
  return good ? g_steal_pointer (&sdp) : NULL;
}

static SipDirection
grant (SipDirection wanted, SipDirection offered)
{
  return media_direction_intersect (wanted, media_direction_mirror (offered));
}

/* RFC 8842 5.3: a connection that stays keeps its roles. */
static MediaSetup
choose_setup (const MediaRtpNegotiation *self)
{
  if (self->pending->setup != MEDIA_SETUP_ACTPASS)
    return self->pending->setup == MEDIA_SETUP_ACTIVE ? MEDIA_SETUP_PASSIVE : MEDIA_SETUP_ACTIVE;
  if (self->remote != NULL &&
      g_strcmp0 (self->remote->fingerprint, self->pending->fingerprint) == 0 &&
      (self->local->setup == MEDIA_SETUP_PASSIVE || self->remote->setup == MEDIA_SETUP_ACTIVE))
    return MEDIA_SETUP_PASSIVE;
  return MEDIA_SETUP_ACTIVE;
}

/* The one codec and the one key that are to be used, so that nobody has to guess. */
static MediaRtpSdp *
sketch_answer (MediaRtpNegotiation *self)
{
  g_autoptr (MediaRtpSdp) sdp = sketch (self);
  const MediaSdpFormat *best = media_rtp_sdp_find_best (self->pending);
  const MediaRtpTones *tones = media_rtp_sdp_choose_tones (self->pending, best->codec->clock_rate);
  const MediaSdes *key = NULL;

  sdp->direction = grant (self->direction, self->pending->direction);
  sdp->is_muxed = self->pending->is_muxed;
  media_rtp_sdp_take_lines (sdp, self->pending);
  g_array_append_val (sdp->formats, *best);
  if (tones != NULL)
    g_array_append_val (sdp->tones, *tones);
  if (sdp->protection == MEDIA_PROTECTION_DTLS)
    sdp->setup = choose_setup (self);
  for (guint i = 0; i < self->pending->keys->len; i++) {
    const MediaSdes *other = &g_array_index (self->pending->keys, MediaSdes, i);

    if (key == NULL || other->key.suite < key->key.suite)
      key = other;
  }
  if (key != NULL && !add_key (self, sdp, key->tag, key->key.suite))
    return NULL;
  return g_steal_pointer (&sdp);
}

/* Through the modifiers, and read again: what they did counts. */
static char *
print (MediaRtpNegotiation *self,
       const MediaRtpSdp *sdp,
       const char *type,
       SipModifiers *modifiers,
       MediaRtpSdp **printed,
       GError **error)
{
  g_autofree char *text = media_rtp_sdp_print (sdp);
  g_autofree char *changed = sip_modifiers_apply (modifiers, type, text, error);

  *printed = changed != NULL ? media_rtp_sdp_parse (changed, &self->policy, error) : NULL;
  return *printed != NULL ? g_steal_pointer (&changed) : NULL;
}

/* May be repeated as long as there is no answer. */
char *
media_rtp_negotiation_make_offer (MediaRtpNegotiation *self,
                                  SipModifiers *modifiers,
                                  GError **error)
{
  g_autoptr (MediaRtpSdp) sdp = sketch_offer (self);
  MediaRtpSdp *printed = NULL;
  g_autofree char *text = NULL;

  if (sdp != NULL)
    text = print (self, sdp, "offer", modifiers, &printed, error);
  else
    refuse (error, "the system has no random numbers");
  if (text == NULL)
    return NULL;
  g_clear_pointer (&self->offered, media_rtp_sdp_free);
  self->offered = printed;
  self->is_waiting = TRUE;
  self->floor = self->remote != NULL ? self->remote->protection : MEDIA_PROTECTION_NONE;
  return g_steal_pointer (&text);
}

/* Changes nothing: what was said is in @answer. */
char *
media_rtp_negotiation_make_answer (MediaRtpNegotiation *self,
                                   SipModifiers *modifiers,
                                   MediaRtpSdp **answer,
                                   GError **error)
{
  g_autoptr (MediaRtpSdp) sdp = sketch_answer (self);

  if (sdp != NULL)
    return print (self, sdp, "answer", modifiers, answer, error);
  refuse (error, "the system has no random numbers");
  return NULL;
}
