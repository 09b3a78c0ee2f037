/* media-negotiation.c - offers and answers of one call as text, with no media behind them
 *
 * Down: the handler asks for an offer or an answer -> fields -> modifiers -> text
 * Up:   text of the other side -> modifiers -> checks -> fields
 *
 * A later round changes directions, and nothing that webrtcbin would have to know. Where one side
 * moves, both have another webrtcbin from that round on.
 */

#include "media-negotiation-private.h"

#include <string.h>

struct _MediaNegotiation {
  MediaNegotiationState state;
  char *session_id;
  guint version;
  MediaSdp *local;     /* our transport; its lines, formats and role as they were agreed last */
  MediaSdp *fresh;     /* our transport from the round under way on; NULL where it stays */
  MediaSdp *offered;   /* our last offer as it left, while it may be answered */
  MediaSdp *pending;   /* the other side's offer, while this side is to answer */
  MediaSdp *remote;    /* the other side's last agreed description */
  char *answer;        /* its answer to that offer as it came */
  SipDirection wanted; /* what descriptions to come ask for */
  SipDirection local_direction;
  gboolean is_holding;
};

MediaNegotiation *
media_negotiation_new (void)
{
  MediaNegotiation *self = g_new0 (MediaNegotiation, 1);

  self->wanted = SIP_DIRECTION_SENDRECV;
  /* RFC 9429 5.2.1: 63 bits nobody else has. */
  self->session_id = g_strdup_printf ("%" G_GUINT64_FORMAT, (guint64)g_random_int () << 31 |
                                                                (g_random_int () & G_MAXINT32));
  return self;
}

void
media_negotiation_free (MediaNegotiation *self)
{
  g_free (self->session_id);
  g_clear_pointer (&self->local, media_sdp_free);
  g_clear_pointer (&self->fresh, media_sdp_free);
  g_clear_pointer (&self->offered, media_sdp_free);
  g_clear_pointer (&self->pending, media_sdp_free);
  g_clear_pointer (&self->remote, media_sdp_free);
  g_free (self->answer);
  g_free (self);
}

MediaNegotiationState
media_negotiation_get_state (const MediaNegotiation *self)
{
  return self->state;
}

/* Whether a round was ever completed. */
gboolean
media_negotiation_is_agreed (const MediaNegotiation *self)
{
  return self->remote != NULL;
}

/* From the next description on. */
void
media_negotiation_set_direction (MediaNegotiation *self, SipDirection direction)
{
  self->wanted = direction;
}

/* Whether this side agreed to hear nothing although it could: then it says nothing either. */
gboolean
media_negotiation_is_holding (const MediaNegotiation *self)
{
  return self->is_holding;
}

SipDirection
media_negotiation_get_local_direction (const MediaNegotiation *self)
{
  return self->remote != NULL ? self->local_direction : SIP_DIRECTION_INACTIVE;
}

SipDirection
media_negotiation_get_remote_direction (const MediaNegotiation *self)
{
  return self->remote != NULL ? self->remote->direction : SIP_DIRECTION_INACTIVE;
}

/* What this side sends as; only once something was agreed. */
const MediaSdpFormat *
media_negotiation_get_format (const MediaNegotiation *self)
{
  return media_sdp_find_best (self->local);
}

/* Whether both sides said that they take tones beside the codec in use. */
gboolean
media_negotiation_has_tones (const MediaNegotiation *self)
{
  const MediaSdpFormat *mine = self->remote != NULL ? media_negotiation_get_format (self) : NULL;
  const MediaSdpFormat *theirs = mine != NULL ? media_sdp_find_format (self->remote, mine) : NULL;

  return theirs != NULL && theirs->tones != 0 && theirs->tones == mine->tones;
}

gboolean
media_negotiation_has_local (const MediaNegotiation *self)
{
  return self->local != NULL;
}

/* Whether the offer to answer is of another connection than before. */
gboolean
media_negotiation_is_restarted (const MediaNegotiation *self)
{
  return self->remote != NULL && self->pending != NULL &&
         media_sdp_is_restarted (self->pending, self->remote);
}

/* Takes @local, what webrtcbin made of itself. In a running call it counts once both agree. */
void
media_negotiation_set_local (MediaNegotiation *self, MediaSdp *local)
{
  MediaSdp **place = self->remote != NULL ? &self->fresh : &self->local;

  g_clear_pointer (place, media_sdp_free);
  *place = local;
  g_free (local->session_id);
  local->session_id = g_strdup (self->session_id);
}

static MediaSdp *
sketch (const MediaNegotiation *self)
{
  MediaSdp *sdp = media_sdp_copy (self->local);

  if (self->fresh != NULL)
    media_sdp_take_transport (sdp, self->fresh);
  return sdp;
}

/* The new transport is the one in use. */
static void
settle_transport (MediaNegotiation *self)
{
  if (self->fresh != NULL)
    media_sdp_take_transport (self->local, self->fresh);
  g_clear_pointer (&self->fresh, media_sdp_free);
}

static void
keep_best (MediaSdp *sdp)
{
  MediaSdpFormat best = *media_sdp_find_best (sdp);

  g_array_set_size (sdp->formats, 0);
  g_array_append_val (sdp->formats, best);
}

/* What another webrtcbin is to go on with. */
MediaSdp *
media_negotiation_dup_codec (const MediaNegotiation *self)
{
  MediaSdp *sdp = media_sdp_copy (self->local);

  keep_best (sdp);
  return sdp;
}

/* The offer that waits for our first answer, as webrtcbin is to see it. */
MediaSdp *
media_negotiation_dup_pending (const MediaNegotiation *self)
{
  MediaSdp *sdp = media_negotiation_dup_for_peer (self, self->pending);

  keep_best (sdp);
  return sdp;
}

/* Sound alone, both ways, bundled: the one shape in which webrtcbin makes no mistakes. */
MediaSdp *
media_negotiation_dup_for_peer (const MediaNegotiation *self, const MediaSdp *remote)
{
  const MediaSdp *own = self->fresh != NULL ? self->fresh : self->local;
  MediaSdp *sdp = media_sdp_copy (remote);
  MediaSdpLine *audio;

  media_sdp_keep_audio_only (sdp);
  audio = media_sdp_get_audio (sdp);
  if (self->fresh != NULL)
    g_clear_pointer (&audio->mid, g_free);
  if (audio->mid == NULL)
    audio->mid = g_strdup (own != NULL ? media_sdp_get_audio (own)->mid : "0");
  sdp->is_bundled = TRUE;
  media_sdp_set_direction (sdp, SIP_DIRECTION_SENDRECV, NULL);
  return sdp;
}

/* Through the modifiers, and read again: what they did counts. */
static char *
print (MediaSdp *sdp, const char *type, SipModifiers *modifiers, MediaSdp **printed, GError **error)
{
  g_autofree char *text = media_sdp_print (sdp);
  g_autofree char *changed = sip_modifiers_apply (modifiers, type, text, error);

  *printed = changed != NULL ? media_sdp_parse (changed, error) : NULL;
  return *printed != NULL ? g_steal_pointer (&changed) : NULL;
}

/* Needs our transport. May be repeated as long as there is no answer. */
char *
media_negotiation_make_offer (MediaNegotiation *self, SipModifiers *modifiers, GError **error)
{
  g_autoptr (MediaSdp) sdp = sketch (self);
  MediaSdp *printed = NULL;
  char *text;

  sdp->version = ++self->version;
  media_sdp_set_direction (sdp,
                           self->remote != NULL
                               ? media_direction_offer (self->wanted, self->remote->direction)
                               : self->wanted,
                           NULL);
  sdp->setup = MEDIA_SETUP_ACTPASS;
  if (self->fresh != NULL)
    keep_best (sdp);
  text = print (sdp, "offer", modifiers, &printed, error);
  if (text == NULL)
    return NULL;
  g_clear_pointer (&self->offered, media_sdp_free);
  g_clear_pointer (&self->answer, g_free);
  self->offered = printed;
  self->state = MEDIA_NEGOTIATION_OFFERED;
  return text;
}

/* Of the codec in use, where @answer has them. */
static void
keep_tones (MediaSdp *local, const MediaSdp *answer)
{
  MediaSdpFormat *best = (MediaSdpFormat *)media_sdp_find_best (local);
  const MediaSdpFormat *answered = media_sdp_find_format (answer, best);

  if (answered == NULL || answered->tones != best->tones)
    best->tones = 0;
}

/* Needs our transport. */
char *
media_negotiation_make_answer (MediaNegotiation *self, SipModifiers *modifiers, GError **error)
{
  g_autoptr (MediaSdp) sdp = sketch (self);
  g_autoptr (MediaSdp) printed = NULL;
  char *text;

  sdp->version = ++self->version;
  media_sdp_take_lines (sdp, self->pending);
  media_sdp_set_direction (
      sdp,
      media_direction_intersect (media_direction_mirror (self->pending->direction), self->wanted),
      self->pending);
  media_sdp_keep_formats (sdp, self->pending);
  text = print (sdp, "answer", modifiers, &printed, error);
  if (text == NULL)
    return NULL;
  settle_transport (self);
  media_sdp_take_lines (self->local, self->pending);
  keep_tones (self->local, printed);
  self->local_direction = printed->direction;
  self->is_holding = !media_direction_receives (self->wanted) ||
                     (media_direction_sends (self->pending->direction) &&
                      !media_direction_receives (printed->direction));
  g_clear_pointer (&self->remote, media_sdp_free);
  self->remote = g_steal_pointer (&self->pending);
  media_sdp_refuse_others (self->remote);
  g_clear_pointer (&self->offered, media_sdp_free);
  g_clear_pointer (&self->answer, g_free);
  self->state = MEDIA_NEGOTIATION_STABLE;
  return text;
}

/* webrtcbin has one connection and one codec. */
static gboolean
check_change (const MediaNegotiation *self, const MediaSdp *sdp, GError **error)
{
  if (self->remote == NULL)
    return TRUE;
  if (!media_sdp_check_change (sdp, self->remote, error))
    return FALSE;
  if (media_sdp_find_format (sdp, media_negotiation_get_format (self)) != NULL)
    return TRUE;
  g_set_error_literal (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION,
                       "Bad description: the codec in use is gone");
  return FALSE;
}

gboolean
media_negotiation_take_offer (MediaNegotiation *self,
                              const char *text,
                              SipModifiers *modifiers,
                              GError **error)
{
  g_autofree char *changed = NULL;
  g_autoptr (MediaSdp) sdp = NULL;

  /* Before anybody's function runs over it. */
  if (!media_sdp_guard (text, error))
    return FALSE;
  changed = sip_modifiers_apply (modifiers, "offer", text, error);
  sdp = changed != NULL ? media_sdp_parse (changed, error) : NULL;
  if (sdp == NULL || !check_change (self, sdp, error))
    return FALSE;
  g_clear_pointer (&self->pending, media_sdp_free);
  self->pending = g_steal_pointer (&sdp);
  self->state = MEDIA_NEGOTIATION_RECEIVED;
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
gboolean
media_negotiation_is_repeated (const MediaNegotiation *self, const char *text)
{
  return self->state == MEDIA_NEGOTIATION_STABLE && self->answer != NULL &&
         g_str_equal (skip_origin (text), skip_origin (self->answer));
}

/* Changes nothing: agree() does, once webrtcbin has taken it. */
MediaSdp *
media_negotiation_read_answer (const MediaNegotiation *self,
                               const char *text,
                               SipModifiers *modifiers,
                               GError **error)
{
  g_autofree char *changed = NULL;
  g_autoptr (MediaSdp) sdp = NULL;

  if (!media_sdp_guard (text, error))
    return NULL;
  changed = sip_modifiers_apply (modifiers, "answer", text, error);
  sdp = changed != NULL ? media_sdp_parse (changed, error) : NULL;
  if (sdp == NULL || !media_sdp_check_answer (sdp, self->offered, error) ||
      !check_change (self, sdp, error))
    return NULL;
  if (self->remote != NULL && self->fresh == NULL && media_sdp_is_restarted (sdp, self->remote)) {
    g_set_error_literal (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION,
                         "Bad description: another connection than was offered");
    return NULL;
  }
  if (self->state == MEDIA_NEGOTIATION_STABLE && !g_str_equal (sdp->ufrag, self->remote->ufrag)) {
    g_set_error_literal (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION,
                         "Bad description: an answer of another phone");
    return NULL;
  }
  media_sdp_keep_formats (sdp, self->offered);
  if (sdp->formats->len == 0) {
    g_set_error_literal (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION,
                         "Bad description: an answer with no codec of the offer");
    return NULL;
  }
  return g_steal_pointer (&sdp);
}

/* @answer as read_answer() made it of @text. */
void
media_negotiation_agree (MediaNegotiation *self, const MediaSdp *answer, const char *text)
{
  media_sdp_keep_formats (self->local, answer);
  if (self->remote == NULL || self->fresh != NULL) {
    settle_transport (self);
    self->local->setup =
        answer->setup == MEDIA_SETUP_ACTIVE ? MEDIA_SETUP_PASSIVE : MEDIA_SETUP_ACTIVE;
  }
  self->local_direction = self->offered->direction;
  self->is_holding = !media_direction_receives (self->offered->direction);
  g_clear_pointer (&self->remote, media_sdp_free);
  self->remote = media_sdp_copy (answer);
  g_free (self->answer);
  self->answer = g_strdup (text);
  self->state = MEDIA_NEGOTIATION_STABLE;
}

/* Where nothing was agreed yet, our transport goes with the offer. Where nothing is pending, the
 * last round is over: what comes next is an offer.
 */
void
media_negotiation_rollback (MediaNegotiation *self)
{
  g_clear_pointer (&self->offered, media_sdp_free);
  g_clear_pointer (&self->pending, media_sdp_free);
  g_clear_pointer (&self->answer, g_free);
  g_clear_pointer (&self->fresh, media_sdp_free);
  if (self->remote == NULL)
    g_clear_pointer (&self->local, media_sdp_free);
  self->state = MEDIA_NEGOTIATION_STABLE;
}
