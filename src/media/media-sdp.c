/* media-sdp.c - reads a description of WebRTC into fields
 *
 * Up: text of the other side, or of webrtcbin -> media_sdp_parse() -> fields that were checked
 *
 * webrtcbin dies of two m= lines with one mid and of m= lines that change places, so it never
 * sees what came over the wire: only what media_sdp_print() makes of these fields.
 */

#include "media-sdp-private.h"

#include "media-identity-private.h"

#include <gst/sdp/sdp.h>
#include <string.h>

#define MAX_CANDIDATES 32
#define MAX_SOURCES 8

static void
free_line (gpointer data)
{
  MediaSdpLine *line = data;

  g_free (line->kind);
  g_free (line->proto);
  g_free (line->formats);
  g_free (line->mid);
  g_free (line);
}

static gpointer
copy_line (gconstpointer data, gpointer user_data)
{
  const MediaSdpLine *line = data;
  MediaSdpLine *copy = g_new (MediaSdpLine, 1);

  *copy = (MediaSdpLine){g_strdup (line->kind), g_strdup (line->proto), g_strdup (line->formats),
                         g_strdup (line->mid),  line->is_refused,       line->is_heard,
                         line->direction};
  return copy;
}

static gpointer
copy_text (gconstpointer data, gpointer user_data)
{
  return g_strdup (data);
}

static MediaSdp *
media_sdp_new (void)
{
  MediaSdp *self = g_new0 (MediaSdp, 1);

  self->lines = g_ptr_array_new_with_free_func (free_line);
  self->candidates = g_ptr_array_new_with_free_func (g_free);
  self->sources = g_ptr_array_new_with_free_func (g_free);
  self->formats = g_array_new (FALSE, FALSE, sizeof (MediaSdpFormat));
  return self;
}

void
media_sdp_free (MediaSdp *self)
{
  g_free (self->session_id);
  g_free (self->ufrag);
  g_free (self->password);
  g_free (self->fingerprint);
  g_ptr_array_unref (self->lines);
  g_ptr_array_unref (self->candidates);
  g_ptr_array_unref (self->sources);
  g_array_unref (self->formats);
  g_free (self);
}

MediaSdp *
media_sdp_copy (const MediaSdp *self)
{
  MediaSdp *copy = g_new (MediaSdp, 1);

  *copy = *self;
  copy->session_id = g_strdup (self->session_id);
  copy->ufrag = g_strdup (self->ufrag);
  copy->password = g_strdup (self->password);
  copy->fingerprint = g_strdup (self->fingerprint);
  copy->lines = g_ptr_array_copy (self->lines, copy_line, NULL);
  copy->candidates = g_ptr_array_copy (self->candidates, copy_text, NULL);
  copy->sources = g_ptr_array_copy (self->sources, copy_text, NULL);
  copy->formats = g_array_copy (self->formats);
  return copy;
}

MediaSdpLine *
media_sdp_get_audio (const MediaSdp *self)
{
  return g_ptr_array_index (self->lines, self->audio);
}

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const char *format, ...)
{
  g_autofree char *why = NULL;
  va_list args;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION, "Bad description: %s", why);
  return FALSE;
}

static gboolean
is_token (const char *text, gsize shortest, gsize longest)
{
  gsize length = strlen (text);

  for (gsize i = 0; i < length; i++) {
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  }
  return length >= shortest && length <= longest;
}

/* What the m= section does not say, the session may (RFC 8866 5.13). */
static const char *
find_attribute (const GstSDPMessage *message, const GstSDPMedia *media, const char *name)
{
  const char *value = gst_sdp_media_get_attribute_val (media, name);

  return value != NULL ? value : gst_sdp_message_get_attribute_val (message, name);
}

static gboolean
read_line (MediaSdp *self, const GstSDPMedia *media, GError **error)
{
  MediaSdpLine *line = g_new0 (MediaSdpLine, 1);
  const char *mid = gst_sdp_media_get_attribute_val (media, "mid");

  g_ptr_array_add (self->lines, line);
  line->kind = g_strdup (gst_sdp_media_get_media (media));
  line->proto = g_strdup (gst_sdp_media_get_proto (media));
  line->mid = g_strdup (mid);
  line->is_refused = gst_sdp_media_get_port (media) == 0 &&
                     gst_sdp_media_get_attribute_val (media, "bundle-only") == NULL;
  if (line->kind == NULL || line->proto == NULL || gst_sdp_media_formats_len (media) == 0)
    return refuse (error, "an m= line without a format");
  line->formats = g_strdup (gst_sdp_media_get_format (media, 0));
  for (guint i = 1; i < gst_sdp_media_formats_len (media); i++) {
    char *longer = g_strconcat (line->formats, " ", gst_sdp_media_get_format (media, i), NULL);

    g_free (line->formats);
    line->formats = longer;
  }
  if (mid == NULL)
    return TRUE;
  if (!is_token (mid, 1, 32))
    return refuse (error, "a mid that is none");
  for (guint i = 0; i + 1 < self->lines->len; i++) {
    if (g_strcmp0 (((MediaSdpLine *)g_ptr_array_index (self->lines, i))->mid, mid) == 0)
      return refuse (error, "the mid %s twice", mid);
  }
  return TRUE;
}

static gboolean
has_mid (const MediaSdp *self, const char *mid)
{
  for (guint i = 0; i < self->lines->len; i++) {
    if (g_strcmp0 (((MediaSdpLine *)g_ptr_array_index (self->lines, i))->mid, mid) == 0)
      return TRUE;
  }
  return FALSE;
}

/* In the bundle that the sound is in: there is one, or the first one counts. */
static gboolean
is_bundled (const GstSDPMessage *message, const char *mid)
{
  const char *group;

  for (guint at = 0; (group = gst_sdp_message_get_attribute_val_n (message, "group", at)) != NULL;
       at++) {
    g_auto (GStrv) words = g_strsplit (group, " ", 0);

    if (g_strcmp0 (words[0], "BUNDLE") == 0)
      return g_strv_contains ((const char *const *)words + 1, mid);
  }
  return FALSE;
}

static gboolean
read_bundle (MediaSdp *self, const GstSDPMessage *message, GError **error)
{
  const MediaSdpLine *audio = media_sdp_get_audio (self);
  const char *group;

  for (guint at = 0; (group = gst_sdp_message_get_attribute_val_n (message, "group", at)) != NULL;
       at++) {
    g_auto (GStrv) words = g_strsplit (group, " ", 0);

    if (g_strcmp0 (words[0], "BUNDLE") != 0)
      continue;
    for (guint i = 1; words[i] != NULL; i++) {
      if (*words[i] != '\0' && !has_mid (self, words[i]))
        return refuse (error, "the mid %s is bundled and does not exist", words[i]);
      if (g_strcmp0 (words[i], audio->mid) == 0)
        self->is_bundled = TRUE;
    }
  }
  return TRUE;
}

/* What a=rtpmap says of @payload: `111 opus/48000/2`. FALSE where it says nothing. @name is empty
 * where what it says is not to be understood.
 */
static gboolean
read_rtpmap (const GstSDPMedia *media,
             guint payload,
             char **name,
             guint *clock_rate,
             guint *n_channels)
{
  const char *value;

  for (guint at = 0; (value = gst_sdp_media_get_attribute_val_n (media, "rtpmap", at)) != NULL;
       at++) {
    g_auto (GStrv) words = g_strsplit (value, " ", 2);
    g_auto (GStrv) parts = NULL;
    guint64 number, rate, channels = 1;

    if (g_strv_length (words) != 2 ||
        !g_ascii_string_to_unsigned (words[0], 10, 0, 127, &number, NULL) || number != payload)
      continue;
    parts = g_strsplit (g_strstrip (words[1]), "/", 4);
    if (g_strv_length (parts) < 2 || g_strv_length (parts) > 3 ||
        !g_ascii_string_to_unsigned (parts[1], 10, 1, 192000, &rate, NULL) ||
        (parts[2] != NULL && !g_ascii_string_to_unsigned (parts[2], 10, 1, 8, &channels, NULL))) {
      *name = g_strdup ("");
      rate = 0;
    } else {
      *name = g_strdup (parts[0]);
    }
    *clock_rate = rate;
    *n_channels = channels;
    return TRUE;
  }
  return FALSE;
}

static const MediaCodec *
find_codec (const GstSDPMedia *media, guint payload)
{
  g_autofree char *name = NULL;
  guint clock_rate, n_channels;

  if (!read_rtpmap (media, payload, &name, &clock_rate, &n_channels))
    return media_codecs_find_static (payload);
  return media_codecs_find (name, clock_rate, n_channels);
}

/* Tones have the clock of the sound that they stand in for. */
static guint
find_tones (const GstSDPMedia *media, guint clock_rate)
{
  for (guint i = 0; i < gst_sdp_media_formats_len (media); i++) {
    g_autofree char *name = NULL;
    guint rate, n_channels;
    guint64 payload;

    if (g_ascii_string_to_unsigned (gst_sdp_media_get_format (media, i), 10, 96, 127, &payload,
                                    NULL) &&
        read_rtpmap (media, payload, &name, &rate, &n_channels) && rate == clock_rate &&
        n_channels == 1 && g_ascii_strcasecmp (name, "telephone-event") == 0)
      return payload;
  }
  return 0;
}

static void
read_formats (MediaSdp *self, const GstSDPMedia *media)
{
  for (guint i = 0; i < gst_sdp_media_formats_len (media); i++) {
    MediaSdpFormat format = {NULL, 0, 0};
    guint64 payload;

    if (!g_ascii_string_to_unsigned (gst_sdp_media_get_format (media, i), 10, 0, 127, &payload,
                                     NULL))
      continue;
    format.payload = payload;
    format.codec = find_codec (media, payload);
    /* The payloaders keep to the dynamic range of RFC 3551. */
    if (format.codec == NULL || (!format.codec->is_static && payload < 96) ||
        !media_codecs_is_available (format.codec))
      continue;
    format.tones = find_tones (media, format.codec->clock_rate);
    g_array_append_val (self->formats, format);
  }
}

static gboolean
read_transport (MediaSdp *self,
                const GstSDPMessage *message,
                const GstSDPMedia *media,
                GError **error)
{
  const char *ufrag = find_attribute (message, media, "ice-ufrag");
  const char *password = find_attribute (message, media, "ice-pwd");
  const char *setup = find_attribute (message, media, "setup");
  const char *value;

  if (ufrag == NULL || password == NULL || !is_token (ufrag, 4, 256) ||
      !is_token (password, 22, 256))
    return refuse (error, "no ICE");
  self->ufrag = g_strdup (ufrag);
  self->password = g_strdup (password);
  self->is_ice_lite = gst_sdp_message_get_attribute_val (message, "ice-lite") != NULL;

  /* An m= section's own fingerprints stand before those of the session; the first good one counts,
   * and SHA-1 is none.
   */
  value = gst_sdp_media_get_attribute_val (media, "fingerprint");
  for (guint at = 0; self->fingerprint == NULL; at++) {
    const char *one = value != NULL
                          ? gst_sdp_media_get_attribute_val_n (media, "fingerprint", at)
                          : gst_sdp_message_get_attribute_val_n (message, "fingerprint", at);

    if (one == NULL)
      return refuse (error, "no fingerprint of SHA-256 or better");
    self->fingerprint = media_identity_normalize (one);
  }

  if (setup == NULL || g_str_equal (setup, "actpass"))
    self->setup = MEDIA_SETUP_ACTPASS;
  else if (g_str_equal (setup, "active"))
    self->setup = MEDIA_SETUP_ACTIVE;
  else if (g_str_equal (setup, "passive"))
    self->setup = MEDIA_SETUP_PASSIVE;
  else
    return refuse (error, "a setup that is none");

  for (guint at = 0; self->candidates->len < MAX_CANDIDATES; at++) {
    char *candidate;

    value = gst_sdp_media_get_attribute_val_n (media, "candidate", at);
    if (value == NULL)
      break;
    candidate = media_sdp_normalize_candidate (value, 1);
    if (candidate != NULL)
      g_ptr_array_add (self->candidates, candidate);
  }
  return TRUE;
}

/* `3735928559 cname:…`: the number is what webrtcbin needs, the name must be one. */
static void
read_sources (MediaSdp *self, const GstSDPMedia *media)
{
  const char *value;

  for (guint at = 0; self->sources->len < MAX_SOURCES &&
                     (value = gst_sdp_media_get_attribute_val_n (media, "ssrc", at)) != NULL;
       at++) {
    g_auto (GStrv) words = g_strsplit (value, " ", 2);
    guint64 source;

    if (g_strv_length (words) == 2 && g_str_has_prefix (words[1], "cname:") &&
        is_token (words[1], 7, 256) &&
        g_ascii_string_to_unsigned (words[0], 10, 1, G_MAXUINT32, &source, NULL))
      g_ptr_array_add (self->sources, g_strdup_printf ("ssrc:%s %s", words[0], words[1]));
  }
}

static SipDirection
read_direction (const GstSDPMessage *message, const GstSDPMedia *media)
{
  SipDirection direction = SIP_DIRECTION_SENDRECV;

  for (SipDirection way = SIP_DIRECTION_INACTIVE; way <= SIP_DIRECTION_SENDRECV; way++) {
    if (gst_sdp_message_get_attribute_val (message, media_direction_get_name (way)) != NULL)
      direction = way;
  }
  for (SipDirection way = SIP_DIRECTION_INACTIVE; way <= SIP_DIRECTION_SENDRECV; way++) {
    if (gst_sdp_media_get_attribute_val (media, media_direction_get_name (way)) != NULL)
      direction = way;
  }
  return direction;
}

static gboolean
is_audio (const MediaSdpLine *line)
{
  static const char *const protos[] = {"UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP", "RTP/SAVPF", NULL};

  return !line->is_refused && g_str_equal (line->kind, "audio") &&
         g_strv_contains (protos, line->proto);
}

/* A browser that adds a picture may speak through a new line from then on, and go on to listen
 * through the old one. Where both are one connection, a codec's number is the same in both (RFC
 * 9143 9.1). Two that speak at once would be two voices for one ear.
 */
static gboolean
is_heard (const MediaSdp *self, const GstSDPMessage *message, guint index)
{
  const MediaSdpLine *line = g_ptr_array_index (self->lines, index);
  g_auto (GStrv) formats = g_strsplit (line->formats, " ", 0);
  g_autofree char *best = g_strdup_printf ("%u", media_sdp_find_best (self)->payload);

  if (media_direction_sends (media_sdp_get_audio (self)->direction) &&
      media_direction_sends (line->direction))
    return FALSE;
  return index > self->audio && self->is_bundled && line->mid != NULL &&
         is_bundled (message, line->mid) && is_audio (line) &&
         g_strv_contains ((const char *const *)formats, best);
}

static void
read_directions (MediaSdp *self, const GstSDPMessage *message)
{
  for (guint i = 0; i < self->lines->len; i++)
    ((MediaSdpLine *)g_ptr_array_index (self->lines, i))->direction =
        read_direction (message, gst_sdp_message_get_media (message, i));
  self->direction = media_sdp_get_audio (self)->direction;
  for (guint i = 0; i < self->lines->len; i++) {
    MediaSdpLine *line = g_ptr_array_index (self->lines, i);

    line->is_heard = is_heard (self, message, i);
    if (line->is_heard)
      self->direction = media_direction_unite (self->direction, line->direction);
  }
}

static gboolean
read_message (MediaSdp *self, const GstSDPMessage *message, GError **error)
{
  const GstSDPOrigin *origin = gst_sdp_message_get_origin (message);
  gboolean found = FALSE;

  self->session_id = g_strdup (origin->sess_id != NULL ? origin->sess_id : "0");
  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    if (!read_line (self, gst_sdp_message_get_media (message, i), error))
      return FALSE;
    if (!found && is_audio (g_ptr_array_index (self->lines, i))) {
      read_formats (self, gst_sdp_message_get_media (message, i));
      found = self->formats->len > 0;
      self->audio = i;
    }
  }
  if (!found)
    return refuse (error, "no sound that this side can play");

  const GstSDPMedia *media = gst_sdp_message_get_media (message, self->audio);
  if (gst_sdp_media_get_attribute_val (media, "rtcp-mux") == NULL)
    return refuse (error, "no rtcp-mux");
  read_sources (self, media);
  if (!read_bundle (self, message, error) || !read_transport (self, message, media, error))
    return FALSE;
  read_directions (self, message);
  return TRUE;
}

MediaSdp *
media_sdp_parse (const char *text, GError **error)
{
  g_autoptr (MediaSdp) self = media_sdp_new ();
  GstSDPMessage *message = NULL;
  gboolean good;

  if (!media_sdp_guard (text, error))
    return NULL;
  gst_sdp_message_new (&message);
  good = gst_sdp_message_parse_buffer ((const guint8 *)text, strlen (text), message) == GST_SDP_OK;
  if (!good)
    refuse (error, "it cannot be parsed");
  else
    good = read_message (self, message, error);
  gst_sdp_message_free (message);
  return good ? g_steal_pointer (&self) : NULL;
}
