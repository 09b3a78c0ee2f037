/* media-rtp-negotiation.c - offers and answers of one call over ordinary RTP, with no media behind
 * them
 *
 * Down: the handler wants a description -> fields -> modifiers -> text
 * Up:   text of the other side -> modifiers -> checks -> fields
 */

#include "media-rtp-negotiation-private.h"

#include <string.h>

MediaRtpNegotiation *
media_rtp_negotiation_new (void)
{
  MediaRtpNegotiation *self = g_new0 (MediaRtpNegotiation, 1);

  self->direction = SIP_DIRECTION_SENDRECV;
  self->keys = media_sdes_list_new ();
  /* RFC 9429 5.2.1: 63 bits nobody else has. */
  self->origin = g_strdup_printf ("- %" G_GUINT64_FORMAT " -",
                                  (guint64)g_random_int () << 31 | (g_random_int () & G_MAXINT32));
  return self;
}

void
media_rtp_negotiation_free (MediaRtpNegotiation *self)
{
  g_free (self->origin);
  g_clear_object (&self->address);
  g_clear_object (&self->rtcp);
  g_free (self->fingerprint);
  g_array_unref (self->keys);
  g_clear_pointer (&self->offered, media_rtp_sdp_free);
  g_clear_pointer (&self->pending, media_rtp_sdp_free);
  g_clear_pointer (&self->local, media_rtp_sdp_free);
  g_clear_pointer (&self->remote, media_rtp_sdp_free);
  g_free (self->text);
  g_free (self);
}

void
media_rtp_negotiation_set_policy (MediaRtpNegotiation *self, MediaRtpPolicy policy)
{
  self->policy = policy;
}

void
media_rtp_negotiation_set_direction (MediaRtpNegotiation *self, SipDirection direction)
{
  if (self->direction == direction)
    return;
  self->direction = direction;
}

/* Where this side is found, before the first description of ours. @rtcp: (nullable): where RTCP is
 * that does not come with RTP, else it is at the next port
 */
void
media_rtp_negotiation_set_place (MediaRtpNegotiation *self,
                                 GInetAddress *address,
                                 guint port,
                                 GSocketAddress *rtcp)
{
  g_set_object (&self->address, address);
  self->port = port;
  g_set_object (&self->rtcp, rtcp);
}

void
media_rtp_negotiation_set_fingerprint (MediaRtpNegotiation *self, const char *fingerprint)
{
  g_free (self->fingerprint);
  self->fingerprint = g_strdup (fingerprint);
}

/* Of the next descriptions of ours; @terms stay where they are. */
void
media_rtp_negotiation_set_ice (MediaRtpNegotiation *self, const MediaRtpIceTerms *terms)
{
  self->ice = terms;
}

/* Borrowed; NULL where there is nothing to answer. */
const MediaRtpSdp *
media_rtp_negotiation_get_pending (const MediaRtpNegotiation *self)
{
  return self->pending;
}

/* Borrowed. */
const MediaRtpSdp *
media_rtp_negotiation_get_local (const MediaRtpNegotiation *self)
{
  return self->local;
}

/* Borrowed. */
const MediaRtpSdp *
media_rtp_negotiation_get_remote (const MediaRtpNegotiation *self)
{
  return self->remote;
}

gboolean
media_rtp_negotiation_is_waiting (const MediaRtpNegotiation *self)
{
  return self->is_waiting;
}

gboolean
media_rtp_negotiation_needs_fingerprint (const MediaRtpNegotiation *self)
{
  return self->fingerprint == NULL &&
         media_rtp_negotiation_choose_protection (self) == MEDIA_PROTECTION_DTLS;
}

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION, "Bad description: %s", why);
  return FALSE;
}

static void
keep_key (MediaRtpSdp *sdp, const MediaSdes *key)
{
  MediaSdes kept = *key;

  g_array_set_size (sdp->keys, 0);
  g_array_append_val (sdp->keys, kept);
  media_srtp_key_clear (&kept.key);
}

/* Takes both. Of several keys the one that both have stays. */
static void
agree (MediaRtpNegotiation *self, MediaRtpSdp *local, MediaRtpSdp *remote)
{
  g_clear_pointer (&self->local, media_rtp_sdp_free);
  g_clear_pointer (&self->remote, media_rtp_sdp_free);
  self->local = local;
  self->remote = remote;
  local->protection = remote->protection;
  if (remote->protection != MEDIA_PROTECTION_SDES)
    return;
  for (guint i = 0; i < local->keys->len; i++) {
    const MediaSdes *ours = &g_array_index (local->keys, MediaSdes, i);
    const MediaSdes *theirs = media_rtp_sdp_find_key (remote, ours);

    if (theirs != NULL) {
      keep_key (remote, theirs);
      keep_key (local, ours);
      return;
    }
  }
}

/* What may not change in a running call: what an m= line is for, which one has the sound, and
 * that it is encrypted.
 */
static gboolean
check_change (const MediaRtpNegotiation *self, const MediaRtpSdp *sdp, GError **error)
{
  if (self->remote == NULL)
    return TRUE;
  if (sdp->lines->len < self->remote->lines->len)
    return refuse (error, "m= lines are gone");
  if (sdp->audio != self->remote->audio)
    return refuse (error, "the sound changed places");
  return TRUE;
}

static gboolean
check_protection (MediaProtection floor, const MediaRtpSdp *sdp, GError **error)
{
  if (floor != MEDIA_PROTECTION_NONE && sdp->protection == MEDIA_PROTECTION_NONE)
    return refuse (error, "what was encrypted would go on in the clear");
  return TRUE;
}

static MediaRtpSdp *
read_text (const MediaRtpNegotiation *self,
           const char *type,
           const char *text,
           SipModifiers *modifiers,
           GError **error)
{
  g_autofree char *changed = NULL;

  /* Before anybody's function runs over it. */
  if (!media_sdp_guard (text, error))
    return NULL;
  changed = sip_modifiers_apply (modifiers, type, text, error);
  return changed != NULL ? media_rtp_sdp_parse (changed, &self->policy, error) : NULL;
}

static gboolean
take_offer (MediaRtpNegotiation *self, const char *text, SipModifiers *modifiers, GError **error)
{
  g_autoptr (MediaRtpSdp) sdp = read_text (self, "offer", text, modifiers, error);

  if (sdp == NULL || !check_change (self, sdp, error) ||
      !check_protection (self->remote != NULL ? self->remote->protection : MEDIA_PROTECTION_NONE,
                         sdp, error))
    return FALSE;
  g_clear_pointer (&self->pending, media_rtp_sdp_free);
  self->pending = g_steal_pointer (&sdp);
  g_free (self->text);
  self->text = g_strdup (text);
  return TRUE;
}

/* RFC 4568 5.1.2: one key, with the tag and the suite of one that was offered. */
static gboolean
check_answer_protection (const MediaRtpSdp *sdp, const MediaRtpSdp *offer, GError **error)
{
  if (sdp->protection == MEDIA_PROTECTION_DTLS || offer->protection == MEDIA_PROTECTION_DTLS)
    return sdp->protection == offer->protection && sdp->setup != MEDIA_SETUP_ACTPASS
               ? TRUE
               : refuse (error, "an answer to another kind of offer");
  if (sdp->protection == MEDIA_PROTECTION_SDES)
    return sdp->keys->len == 1 &&
                   media_rtp_sdp_find_key (offer, &g_array_index (sdp->keys, MediaSdes, 0)) != NULL
               ? TRUE
               : refuse (error, "an answer with a key that does not fit");
  if (g_str_has_prefix (media_rtp_sdp_get_audio (offer)->proto, "RTP/SAVP"))
    return refuse (error, "an answer in the clear");
  return TRUE;
}

static gboolean
keep_common_formats (MediaRtpSdp *sdp, const MediaRtpSdp *offer, GError **error)
{
  for (guint i = sdp->formats->len; i-- > 0;) {
    if (media_rtp_sdp_find_codec (offer, g_array_index (sdp->formats, MediaSdpFormat, i).codec) ==
        NULL)
      g_array_remove_index (sdp->formats, i);
  }
  return sdp->formats->len > 0 ? TRUE : refuse (error, "an answer with no codec of the offer");
}

static gboolean
take_answer (MediaRtpNegotiation *self, const char *text, SipModifiers *modifiers, GError **error)
{
  g_autoptr (MediaRtpSdp) sdp = read_text (self, "answer", text, modifiers, error);

  if (sdp == NULL || !check_change (self, sdp, error) ||
      !check_protection (self->floor, sdp, error))
    return FALSE;
  if (g_inet_address_get_family (self->address) != g_inet_address_get_family (sdp->address))
    return refuse (error, "an address of another family");
  if (sdp->lines->len != self->offered->lines->len || sdp->audio != self->offered->audio)
    return refuse (error, "an answer with other m= lines than the offer");
  if (!check_answer_protection (sdp, self->offered, error) ||
      !keep_common_formats (sdp, self->offered, error))
    return FALSE;
  agree (self, media_rtp_sdp_copy (self->offered), g_steal_pointer (&sdp));
  self->is_waiting = FALSE;
  g_free (self->text);
  self->text = g_strdup (text);
  return TRUE;
}

static const char *
skip_origin (const char *text)
{
  const char *origin = strstr (text, "\no=");
  const char *end = origin != NULL ? strchr (origin + 1, '\n') : NULL;

  return end != NULL ? end : text;
}

/* An answer comes once in a 183 and again in the 200; its version may have grown on the way. */
static gboolean
is_repeated (const MediaRtpNegotiation *self, const char *text)
{
  return self->remote != NULL && self->pending == NULL && self->text != NULL &&
         g_str_equal (skip_origin (text), skip_origin (self->text));
}

/* @is_answer: to our last offer, which a phone that rang may have answered already */
MediaRtpOutcome
media_rtp_negotiation_take (MediaRtpNegotiation *self,
                            const char *text,
                            gboolean is_answer,
                            SipModifiers *modifiers,
                            GError **error)
{
  if (!is_answer && !self->is_waiting)
    return take_offer (self, text, modifiers, error) ? MEDIA_RTP_OFFERED : MEDIA_RTP_REFUSED;
  if (self->offered == NULL) {
    refuse (error, "an answer to no offer");
    return MEDIA_RTP_REFUSED;
  }
  if (!self->is_waiting && is_repeated (self, text))
    return MEDIA_RTP_REPEATED;
  return take_answer (self, text, modifiers, error) ? MEDIA_RTP_ANSWERED : MEDIA_RTP_REFUSED;
}

/* The answer to an offer that was set, else an offer. Needs our place, and may need our
 * fingerprint.
 */
char *
media_rtp_negotiation_describe (MediaRtpNegotiation *self, SipModifiers *modifiers, GError **error)
{
  MediaRtpSdp *answer = NULL;
  char *text;

  if (self->pending == NULL)
    return media_rtp_negotiation_make_offer (self, modifiers, error);
  text = media_rtp_negotiation_make_answer (self, modifiers, &answer, error);
  if (text == NULL)
    return NULL;
  g_clear_pointer (&self->offered, media_rtp_sdp_free);
  agree (self, answer, g_steal_pointer (&self->pending));
  return text;
}

/* What was agreed goes on. */
void
media_rtp_negotiation_rollback (MediaRtpNegotiation *self)
{
  g_clear_pointer (&self->pending, media_rtp_sdp_free);
  g_clear_pointer (&self->offered, media_rtp_sdp_free);
  self->is_waiting = FALSE;
}
