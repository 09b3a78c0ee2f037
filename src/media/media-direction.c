/* media-direction.c - which way sound flows, and what that means (RFC 3264 5.1, 6.1) */

#include "media-direction-private.h"

static const char *const directions[] = {"inactive", "sendonly", "recvonly", "sendrecv"};

const char *
media_direction_get_name (SipDirection direction)
{
  return directions[direction];
}

/* RFC 3264 6.1, for a side that wants all it can have. */
SipDirection
media_direction_answer (SipDirection offered)
{
  static const SipDirection answers[] = {SIP_DIRECTION_INACTIVE, SIP_DIRECTION_RECVONLY,
                                         SIP_DIRECTION_SENDONLY, SIP_DIRECTION_SENDRECV};

  return answers[offered];
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
