#pragma once

#include "sip-enums.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define SIP_TYPE_MEDIA_STATS (sip_media_stats_get_type ())
G_DECLARE_FINAL_TYPE (SipMediaStats, sip_media_stats, SIP, MEDIA_STATS, GObject)

const char *sip_media_stats_get_codec (SipMediaStats *self);
guint64 sip_media_stats_get_packets_sent (SipMediaStats *self);
guint64 sip_media_stats_get_packets_received (SipMediaStats *self);
double sip_media_stats_get_loss (SipMediaStats *self);
double sip_media_stats_get_remote_loss (SipMediaStats *self);
double sip_media_stats_get_jitter (SipMediaStats *self);
double sip_media_stats_get_round_trip (SipMediaStats *self);
double sip_media_stats_get_mos (SipMediaStats *self);
SipMediaTrouble sip_media_stats_get_trouble (SipMediaStats *self);

G_END_DECLS
