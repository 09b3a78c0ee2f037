/* media-quality.c - what people would say of a call, out of what can be counted: the E-model of
 * ITU-T G.107 (06/2015), reduced to delay and loss, all else being as its table 3 has it
 *
 * Down: MediaMeter's counts -> a rating -> a mean opinion score
 */

#include "media-quality-private.h"

/* G.107 7.1 with all defaults: R0 - Is = 93.2. */
#define BEST 93.2

/* Until here delay does not disturb a conversation much. It is the line that R. Cole and J.
 * Rosenbluth put through the curves of G.107 7.4 ("Voice over IP performance monitoring", 2001).
 */
#define SHORT_MS 177.3

static double
impair_by_delay (double delay)
{
  return 0.024 * delay + (delay > SHORT_MS ? 0.11 * (delay - SHORT_MS) : 0);
}

/* G.107 (7-29), for losses that do not come in bursts (BurstR = 1) and a codec that takes nothing
 * away where nothing is lost (Ie = 0). */
static double
impair_by_loss (double loss, double robustness)
{
  return 95 * loss / (loss + robustness);
}

/* @delay from mouth to ear in milliseconds, @loss in per cent, @robustness as Bpl of G.113. Returns
 * R, which is 93.2 at best.
 */
double
media_quality_rate (double delay, double loss, double robustness)
{
  return BEST - impair_by_delay (delay) - impair_by_loss (loss, robustness);
}

/* G.107 annex B. */
double
media_quality_get_mos (double rating)
{
  double mos;

  if (rating >= 100)
    return 4.5;
  mos = 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6;
  return rating > 0 ? MAX (mos, 1) : 1;
}
