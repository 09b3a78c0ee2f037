#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SIP_TYPE_TRACK (sip_track_get_type ())
G_DECLARE_FINAL_TYPE (SipTrack, sip_track, SIP, TRACK, GObject)

/**
 * SIP_TRACK_SILENCE: (skip)
 *
 * The [property@Sip.Track:level] of silence, in dB below full scale.
 */
#define SIP_TRACK_SILENCE (-100.0)

SipTrack *sip_track_new (const char *id, const char *kind, gboolean remote);

const char *sip_track_get_id (SipTrack *self);
const char *sip_track_get_kind (SipTrack *self);
gboolean sip_track_get_remote (SipTrack *self);
gboolean sip_track_get_available (SipTrack *self);
void sip_track_set_available (SipTrack *self, gboolean available);
double sip_track_get_level (SipTrack *self);
void sip_track_set_level (SipTrack *self, double level);
const char *sip_track_get_codec (SipTrack *self);
void sip_track_set_codec (SipTrack *self, const char *codec);

G_END_DECLS
