/* ui-format-sound.c - how a call sounds and who could listen, in words for a person */

#include "ui-format.h"

#include <glib/gi18n-lib.h>

/* How good the sound is, in a word or in what to look at; NULL where nothing is known.
 * @stats: (nullable). The bounds are those of the E-model: 4.0 satisfies nearly all, below 3.1
 * nearly all are dissatisfied (ITU-T G.109).
 */
char *
ui_format_sound (SipMediaStats *stats, gboolean is_wide)
{
  double mos = stats != NULL ? sip_media_stats_get_mos (stats) : 0;

  switch (stats != NULL ? sip_media_stats_get_trouble (stats) : SIP_MEDIA_TROUBLE_NONE) {
  case SIP_MEDIA_TROUBLE_NOTHING_ARRIVES:
    return g_strdup (_ ("No sound arrives"));
  case SIP_MEDIA_TROUBLE_NOTHING_LEAVES:
    return g_strdup (_ ("Nothing is sent"));
  case SIP_MEDIA_TROUBLE_NOT_HEARD:
    return g_strdup (_ ("They can’t hear you"));
  case SIP_MEDIA_TROUBLE_NONE:
  default:
    break;
  }
  if (mos > 0 && mos < 3.1)
    return g_strdup (_ ("Poor sound"));
  if (mos > 0 && mos < 4)
    return g_strdup (_ ("Fair sound"));
  if (mos > 0)
    return g_strdup (_ ("Good sound"));
  return is_wide ? g_strdup (_ ("Wideband sound")) : NULL;
}

/* What this computer lacks; NULL for nothing. */
char *
ui_format_devices (gboolean has_microphone, gboolean has_speaker)
{
  if (!has_microphone && !has_speaker)
    return g_strdup (_ ("No microphone and no speaker. Nobody can hear anything."));
  if (!has_microphone)
    return g_strdup (_ ("No microphone. You can listen; they can’t hear you."));
  if (!has_speaker)
    return g_strdup (_ ("No speaker. They can hear you; you can’t listen."));
  return NULL;
}

/* How well the other side is heard; NULL where nothing came. @stats: (nullable) */
char *
ui_format_their_sound (SipMediaStats *stats)
{
  if (stats == NULL || sip_media_stats_get_packets_received (stats) == 0)
    return NULL;
  return g_strdup_printf (_ ("Their voice: %.1f %% lost, %.0f ms of jitter"),
                          sip_media_stats_get_loss (stats), sip_media_stats_get_jitter (stats));
}

/* How well the other side hears, as far as it tells; NULL where it tells nothing. @stats:
 * (nullable)
 */
char *
ui_format_our_sound (SipMediaStats *stats)
{
  double loss = stats != NULL ? sip_media_stats_get_remote_loss (stats) : -1;
  double round_trip = stats != NULL ? sip_media_stats_get_round_trip (stats) : -1;

  if (loss < 0)
    return NULL;
  if (round_trip < 0)
    return g_strdup_printf (_ ("Your voice reaches them: %.1f %% lost"), loss);
  return g_strdup_printf (_ ("Your voice reaches them: %.1f %% lost, there and back in %.0f ms"),
                          loss, round_trip);
}

/* @host: (nullable): the server that the keys passed; NULL where the phones speak directly */
char *
ui_format_protection (gboolean is_encrypted, const char *host)
{
  if (!is_encrypted)
    return g_strdup (_ ("Not encrypted: whoever the sound passes can listen."));
  if (host == NULL)
    return g_strdup (
        _ ("Encrypted from phone to phone. Nobody vouches for who has the other one."));
  return g_strdup_printf (
      _ ("Encrypted from phone to phone. The keys went by %s, which could listen."), host);
}
