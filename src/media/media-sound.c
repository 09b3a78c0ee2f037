/* media-sound.c - the two ways of a call's sound, and what both have to obey
 *
 * Down: directions and mute -> MediaSender, MediaReceiver
 * Up:   their tracks, in the order in which they came
 */

#include "media-sound-private.h"

#include "media-receiver-private.h"
#include "media-sender-private.h"

/* So often a level is told, in milliseconds. */
#define LOOK 200

struct _MediaSound {
  GListStore *tracks;
  MediaToneReceiver *tones;
  GstBin *pipeline; /* while started */
  MediaSender *sender;
  MediaReceiver *receiver;
  gboolean muted;
  SipDirection local;
  SipDirection remote;
  SipDirection limit; /* what may flow of it */
  guint look_id;
  GPtrArray *feeds; /* of MediaFeed: what is said here by others than the microphone */
};

MediaSound *
media_sound_new (void)
{
  MediaSound *self = g_new0 (MediaSound, 1);

  self->tracks = g_list_store_new (SIP_TYPE_TRACK);
  self->tones = media_tone_receiver_new ();
  self->limit = SIP_DIRECTION_SENDRECV;
  self->feeds = g_ptr_array_new_with_free_func ((GDestroyNotify)media_feed_free);
  return self;
}

void
media_sound_free (MediaSound *self)
{
  media_sound_stop (self);
  g_ptr_array_unref (self->feeds);
  g_object_unref (self->tracks);
  g_object_unref (self->tones);
  g_free (self);
}

/* Borrowed. */
GListModel *
media_sound_get_tracks (MediaSound *self)
{
  return G_LIST_MODEL (self->tracks);
}

gboolean
media_sound_is_started (MediaSound *self)
{
  return self->sender != NULL;
}

/* Whether sound of this side leaves, be it silence. */
gboolean
media_sound_is_sending (MediaSound *self)
{
  return self->sender != NULL && media_direction_sends (self->local) &&
         media_direction_receives (self->remote);
}

/* Whether the other side is to be heard. */
gboolean
media_sound_is_playing (MediaSound *self)
{
  return self->receiver != NULL && media_direction_receives (self->local) &&
         media_direction_sends (self->remote) && media_direction_receives (self->limit);
}

/* What is heard as, and before that what is sent as; only once it is started. */
const MediaCodec *
media_sound_get_codec (MediaSound *self)
{
  const MediaCodec *codec = media_receiver_get_codec (self->receiver);

  return codec != NULL ? codec : media_sender_get_codec (self->sender);
}

static void
obey (MediaSound *self)
{
  if (self->sender != NULL) {
    media_sender_set_muted (self->sender, self->muted);
    media_sender_set_recording (self->sender, media_direction_sends (self->limit));
    media_sender_set_sending (self->sender, media_sound_is_sending (self));
  }
  if (self->receiver != NULL)
    media_receiver_set_playing (self->receiver, media_sound_is_playing (self));
}

static gboolean
on_look (gpointer user_data)
{
  MediaSound *self = user_data;
  g_autoptr (MediaSender) sender = g_object_ref (self->sender);
  g_autoptr (MediaReceiver) receiver = g_object_ref (self->receiver);

  /* Whoever is told may end the call. */
  media_sender_look (sender);
  media_receiver_look (receiver);
  return G_SOURCE_CONTINUE;
}

/* Returns whether there is a track more, that of this side; those of a call before are gone. */
gboolean
media_sound_start (MediaSound *self,
                   GstBin *pipeline,
                   GstPad *target,
                   const MediaSdpFormat *format,
                   const char *audio_source,
                   const char *audio_sink,
                   GError **error)
{
  g_autoptr (MediaReceiver) receiver = media_receiver_new (pipeline, audio_sink);
  g_autoptr (MediaSender) sender = media_sender_new (pipeline, target, format, audio_source, error);

  if (sender == NULL)
    return FALSE;
  self->pipeline = pipeline;
  self->receiver = g_steal_pointer (&receiver);
  self->sender = g_steal_pointer (&sender);
  self->look_id = g_timeout_add (LOOK, on_look, self);
  obey (self);
  g_list_store_remove_all (self->tracks);
  g_list_store_append (self->tracks, media_sender_get_track (self->sender));
  return TRUE;
}

/* What this side sends as, from now on. */
void
media_sound_set_format (MediaSound *self, const MediaSdpFormat *format)
{
  if (self->sender != NULL)
    media_sender_set_format (self->sender, format);
}

/* Returns whether there is a track more, that of the other side. */
gboolean
media_sound_take_pad (MediaSound *self, GstPad *pad)
{
  SipTrack *track = self->receiver != NULL ? media_receiver_get_track (self->receiver) : NULL;

  if (track == NULL || media_tone_receiver_take_pad (self->tones, self->pipeline, pad) ||
      !media_receiver_take_pad (self->receiver, pad) ||
      g_list_store_find (self->tracks, track, NULL))
    return FALSE;
  g_list_store_append (self->tracks, track);
  return TRUE;
}

/* Packets are lost. */
void
media_sound_repair (MediaSound *self)
{
  if (self->receiver != NULL)
    media_receiver_repair (self->receiver);
}

/* Returns whether @message was about sound. */
gboolean
media_sound_take_news (MediaSound *self, GstMessage *message)
{
  return (self->sender != NULL && media_sender_take_news (self->sender, message)) ||
         (self->receiver != NULL && media_receiver_take_news (self->receiver, message));
}

/* @local as this side sees it, @remote as the other does. */
void
media_sound_set_directions (MediaSound *self, SipDirection local, SipDirection remote)
{
  self->local = local;
  self->remote = remote;
  obey (self);
}

/* Whatever the directions are; silence leaves in place of what may not. */
void
media_sound_limit (MediaSound *self, SipDirection direction)
{
  self->limit = direction;
  obey (self);
}

void
media_sound_set_muted (MediaSound *self, gboolean muted)
{
  self->muted = muted;
  obey (self);
}

/* Returns %FALSE where no tone can be sent. */
gboolean
media_sound_send_tone (MediaSound *self, guint event, guint duration)
{
  return self->sender != NULL && media_sender_send_tone (self->sender, event, duration);
}

/* As sound. Returns %FALSE where none leaves. */
gboolean
media_sound_play_tone (MediaSound *self, guint event, guint duration)
{
  return self->sender != NULL && media_sender_play_tone (self->sender, event, duration);
}

/* Borrowed. Its signal `tone` tells of the other side's. */
MediaToneReceiver *
media_sound_get_tone_receiver (MediaSound *self)
{
  return self->tones;
}

/* @others: of MediaSound; what they hear is said here, too */
void
media_sound_mix (MediaSound *self, GPtrArray *others)
{
  g_ptr_array_set_size (self->feeds, 0);
  for (guint i = 0; i < others->len; i++) {
    MediaSound *other = others->pdata[i];
    g_autoptr (GstPad) heard = NULL, said = NULL;

    if (other->receiver == NULL || self->sender == NULL)
      continue;
    heard = media_receiver_dup_heard (other->receiver);
    said = media_sender_dup_said (self->sender);
    g_ptr_array_add (self->feeds, media_feed_new (heard, said));
  }
}

/* Before the pipeline stops. The tracks stay for who wants to read them. */
void
media_sound_stop (MediaSound *self)
{
  g_clear_handle_id (&self->look_id, g_source_remove);
  g_ptr_array_set_size (self->feeds, 0);
  if (self->sender != NULL)
    media_sender_close (self->sender);
  if (self->receiver != NULL)
    media_receiver_close (self->receiver);
  media_tone_receiver_close (self->tones);
  self->pipeline = NULL;
  g_clear_object (&self->sender);
  g_clear_object (&self->receiver);
}
