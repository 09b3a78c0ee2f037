/* media-sdp-compare.c - what two descriptions have in common, and whether one may follow the other
 *
 * Down: MediaNegotiation makes an answer fit its offer
 * Up:   MediaNegotiation checks the other side's answer, and its next description
 */

#include "media-sdp-private.h"

#include <gio/gio.h>

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION, "Bad description: %s", why);
  return FALSE;
}

/* Leaves the line of the sound alone, for webrtcbin is not to know of others. */
void
media_sdp_keep_audio_only (MediaSdp *self)
{
  g_ptr_array_set_size (self->lines, self->audio + 1);
  if (self->audio > 0)
    g_ptr_array_remove_range (self->lines, 0, self->audio);
  self->audio = 0;
}

/* The one of @self that is the same codec under the same number, or %NULL. */
const MediaSdpFormat *
media_sdp_find_format (const MediaSdp *self, const MediaSdpFormat *format)
{
  for (guint i = 0; i < self->formats->len; i++) {
    const MediaSdpFormat *own = &g_array_index (self->formats, MediaSdpFormat, i);

    if (own->codec == format->codec && own->payload == format->payload)
      return own;
  }
  return NULL;
}

/* Leaves what @other has too, under the same number, and tones likewise. */
void
media_sdp_keep_formats (MediaSdp *self, const MediaSdp *other)
{
  for (guint i = self->formats->len; i-- > 0;) {
    MediaSdpFormat *mine = &g_array_index (self->formats, MediaSdpFormat, i);
    const MediaSdpFormat *theirs = media_sdp_find_format (other, mine);

    if (theirs == NULL)
      g_array_remove_index (self->formats, i);
    else if (theirs->tones != mine->tones)
      mine->tones = 0;
  }
}

/* Makes @self an answer to @offer: the same lines, and only the sound among them. */
void
media_sdp_take_lines (MediaSdp *self, const MediaSdp *offer)
{
  g_autoptr (MediaSdp) copy = media_sdp_copy (offer);

  g_ptr_array_unref (self->lines);
  self->lines = g_ptr_array_ref (copy->lines);
  self->audio = offer->audio;
  self->is_bundled = offer->is_bundled;
}

/* Where @from is reached, and by which keys. */
void
media_sdp_take_transport (MediaSdp *self, const MediaSdp *from)
{
  g_autoptr (MediaSdp) copy = media_sdp_copy (from);

  g_free (self->ufrag);
  g_free (self->password);
  g_free (self->fingerprint);
  g_ptr_array_unref (self->candidates);
  g_ptr_array_unref (self->sources);
  self->is_ice_lite = from->is_ice_lite;
  self->ufrag = g_strdup (from->ufrag);
  self->password = g_strdup (from->password);
  self->fingerprint = g_strdup (from->fingerprint);
  self->setup = from->setup;
  self->candidates = g_ptr_array_ref (copy->candidates);
  self->sources = g_ptr_array_ref (copy->sources);
}

/* Whether it is of another connection: new names for ICE alone leave the handshake as it was, and
 * the way, too, for webrtcbin does not change it (RFC 8842 3.1).
 */
gboolean
media_sdp_is_restarted (const MediaSdp *self, const MediaSdp *before)
{
  return !g_str_equal (self->ufrag, before->ufrag) &&
         !g_str_equal (self->fingerprint, before->fingerprint);
}

/* After an answer that took the sound alone: the other lines may be used anew (RFC 3264 8.1). */
void
media_sdp_refuse_others (MediaSdp *self)
{
  for (guint i = 0; i < self->lines->len; i++) {
    MediaSdpLine *line = g_ptr_array_index (self->lines, i);

    line->is_refused = i != self->audio && !line->is_heard;
  }
}

/* Spreads @direction over the lines: sound leaves through the first and comes through all. @offer
 * is what is answered, or %NULL.
 */
void
media_sdp_set_direction (MediaSdp *self, SipDirection direction, const MediaSdp *offer)
{
  self->direction = direction;
  for (guint i = 0; i < self->lines->len; i++) {
    MediaSdpLine *line = g_ptr_array_index (self->lines, i);
    SipDirection most = i == self->audio ? SIP_DIRECTION_SENDRECV : SIP_DIRECTION_RECVONLY;

    if (offer != NULL) {
      const MediaSdpLine *offered = g_ptr_array_index (offer->lines, i);

      most = media_direction_intersect (most, media_direction_mirror (offered->direction));
    }
    line->direction = media_direction_intersect (direction, most);
  }
}

/* By the order of our table, not of the offer. */
const MediaSdpFormat *
media_sdp_find_best (const MediaSdp *self)
{
  const MediaSdpFormat *best = &g_array_index (self->formats, MediaSdpFormat, 0);

  for (guint i = 1; i < self->formats->len; i++) {
    const MediaSdpFormat *format = &g_array_index (self->formats, MediaSdpFormat, i);

    if (format->codec < best->codec)
      best = format;
  }
  return best;
}

gboolean
media_sdp_check_answer (const MediaSdp *self, const MediaSdp *offer, GError **error)
{
  const char *mid = media_sdp_get_audio (self)->mid;

  if (self->lines->len != offer->lines->len || self->audio != offer->audio)
    return refuse (error, "an answer with other m= lines than the offer");
  if (mid != NULL && g_strcmp0 (mid, media_sdp_get_audio (offer)->mid) != 0)
    return refuse (error, "an answer with another mid than the offer");
  if (self->setup == MEDIA_SETUP_ACTPASS)
    return refuse (error, "an answer that leaves the setup open");
  return TRUE;
}

/* What may change in a running call: the direction, lines behind those that were there, and the
 * connection as a whole.
 */
gboolean
media_sdp_check_change (const MediaSdp *self, const MediaSdp *before, GError **error)
{
  if (self->lines->len < before->lines->len)
    return refuse (error, "m= lines are gone");
  for (guint i = 0; i < before->lines->len; i++) {
    const MediaSdpLine *line = g_ptr_array_index (self->lines, i);
    const MediaSdpLine *old = g_ptr_array_index (before->lines, i);

    if (!old->is_refused &&
        (!g_str_equal (line->kind, old->kind) || g_strcmp0 (line->mid, old->mid) != 0))
      return refuse (error, "an m= line changed places");
  }
  if (self->audio != before->audio)
    return refuse (error, "the sound changed places");
  if (!g_str_equal (self->fingerprint, before->fingerprint) &&
      !media_sdp_is_restarted (self, before))
    return refuse (error, "another fingerprint than before");
  return TRUE;
}
