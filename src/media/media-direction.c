/* media-direction.c - which way sound flows, and what that means (RFC 3264 5.1, 6.1) */

#include "media-direction-private.h"

static const char *const directions[] = {"inactive", "sendonly", "recvonly", "sendrecv"};

const char *
media_direction_get_name (SipDirection direction)
{
  return directions[direction];
}

/* As the other side sees it: the most that an answer may grant (RFC 3264 6.1). */
SipDirection
media_direction_mirror (SipDirection direction)
{
  static const SipDirection mirrored[] = {SIP_DIRECTION_INACTIVE, SIP_DIRECTION_RECVONLY,
                                          SIP_DIRECTION_SENDONLY, SIP_DIRECTION_SENDRECV};

  return mirrored[direction];
}

/* What to ask for where @remote is what the other side said last. RFC 3264 8.4: who is held already
 * holds with `inactive`. To resume is to ask for both ways: a side that still holds will not grant
 * them.
 */
SipDirection
media_direction_offer (SipDirection wanted, SipDirection remote)
{
  return media_direction_receives (wanted) || media_direction_receives (remote)
             ? wanted
             : SIP_DIRECTION_INACTIVE;
}

/* What both allow. */
SipDirection
media_direction_intersect (SipDirection one, SipDirection other)
{
  if (one == SIP_DIRECTION_SENDRECV || one == other)
    return other;
  return other == SIP_DIRECTION_SENDRECV ? one : SIP_DIRECTION_INACTIVE;
}

/* What one of them allows. */
SipDirection
media_direction_unite (SipDirection one, SipDirection other)
{
  if (one == SIP_DIRECTION_INACTIVE || one == other)
    return other;
  return other == SIP_DIRECTION_INACTIVE ? one : SIP_DIRECTION_SENDRECV;
}

gboolean
media_direction_sends (SipDirection direction)
{
  return direction == SIP_DIRECTION_SENDONLY || direction == SIP_DIRECTION_SENDRECV;
}

gboolean
media_direction_receives (SipDirection direction)
{
  return direction == SIP_DIRECTION_RECVONLY || direction == SIP_DIRECTION_SENDRECV;
}
