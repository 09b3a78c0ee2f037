/* media-rtp-sdp.c - a description of ordinary RTP as fields, and its text
 *
 * Down: fields -> media_rtp_sdp_print() -> text that holds nothing but what was checked
 * Up:   media-rtp-sdp-parse.c -> fields -> MediaRtpNegotiation
 */

#include "media-rtp-sdp-private.h"

static const char *const setups[] = {"actpass", "active", "passive"};

static void
free_line (gpointer data)
{
  MediaRtpLine *line = data;

  g_free (line->kind);
  g_free (line->proto);
  g_free (line->formats);
  g_free (line);
}

static gpointer
copy_line (gconstpointer data, gpointer user_data)
{
  const MediaRtpLine *line = data;
  MediaRtpLine *copy = g_new (MediaRtpLine, 1);

  *copy = (MediaRtpLine){g_strdup (line->kind), g_strdup (line->proto), g_strdup (line->formats)};
  return copy;
}

static gpointer
copy_text (gconstpointer text, gpointer user_data)
{
  return g_strdup (text);
}

static MediaRtpIceTerms
copy_ice (const MediaRtpIceTerms *terms)
{
  return (MediaRtpIceTerms){g_strdup (terms->name), g_strdup (terms->password),
                            g_ptr_array_copy (terms->candidates, copy_text, NULL), terms->is_lite};
}

static void
clear_ice (MediaRtpIceTerms *terms)
{
  g_free (terms->name);
  g_free (terms->password);
  g_ptr_array_unref (terms->candidates);
}

MediaRtpSdp *
media_rtp_sdp_new (void)
{
  MediaRtpSdp *self = g_new0 (MediaRtpSdp, 1);

  self->direction = SIP_DIRECTION_SENDRECV;
  self->lines = g_ptr_array_new_with_free_func (free_line);
  self->formats = g_array_new (FALSE, FALSE, sizeof (MediaSdpFormat));
  self->tones = g_array_new (FALSE, FALSE, sizeof (MediaRtpTones));
  self->keys = media_sdes_list_new ();
  self->ice.candidates = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/* Whether a description may carry a key (RFC 4568). */
gboolean
media_rtp_policy_takes_keys (const MediaRtpPolicy *self)
{
  return self->is_private || self->clear_keys;
}

MediaRtpSdp *
media_rtp_sdp_copy (const MediaRtpSdp *self)
{
  MediaRtpSdp *copy = g_new (MediaRtpSdp, 1);

  *copy = *self;
  copy->origin = g_strdup (self->origin);
  copy->lines = g_ptr_array_copy (self->lines, copy_line, NULL);
  copy->address = self->address != NULL ? g_object_ref (self->address) : NULL;
  copy->rtcp_address = self->rtcp_address != NULL ? g_object_ref (self->rtcp_address) : NULL;
  copy->formats = g_array_copy (self->formats);
  copy->tones = g_array_copy (self->tones);
  copy->keys = media_sdes_list_copy (self->keys);
  copy->fingerprint = g_strdup (self->fingerprint);
  copy->ice = copy_ice (&self->ice);
  return copy;
}

void
media_rtp_sdp_free (MediaRtpSdp *self)
{
  g_free (self->origin);
  g_ptr_array_unref (self->lines);
  g_clear_object (&self->address);
  g_clear_object (&self->rtcp_address);
  g_array_unref (self->formats);
  g_array_unref (self->tones);
  g_array_unref (self->keys);
  g_free (self->fingerprint);
  clear_ice (&self->ice);
  g_free (self);
}

void
media_rtp_sdp_add_line (MediaRtpSdp *self, const char *kind, const char *proto, const char *formats)
{
  MediaRtpLine line = {(char *)kind, (char *)proto, (char *)formats};

  g_ptr_array_add (self->lines, copy_line (&line, NULL));
}

void
media_rtp_sdp_set_ice (MediaRtpSdp *self, const MediaRtpIceTerms *terms)
{
  clear_ice (&self->ice);
  self->ice = copy_ice (terms);
}

MediaRtpLine *
media_rtp_sdp_get_audio (const MediaRtpSdp *self)
{
  return g_ptr_array_index (self->lines, self->audio);
}

/* Makes @self an answer to @offer: the same lines, and only the sound among them. */
void
media_rtp_sdp_take_lines (MediaRtpSdp *self, const MediaRtpSdp *offer)
{
  g_ptr_array_unref (self->lines);
  self->lines = g_ptr_array_copy (offer->lines, copy_line, NULL);
  self->audio = offer->audio;
}

/* Both are G.711, and to change from one to the other costs quality for nothing. */
static gboolean
is_as_good (const MediaCodec *a, const MediaCodec *b)
{
  return a == b || (a->is_static && b->is_static && g_str_has_prefix (a->name, "PCM") &&
                    g_str_has_prefix (b->name, "PCM"));
}

/* By the order of our table, and among equals by that of the describing side. */
const MediaSdpFormat *
media_rtp_sdp_find_best (const MediaRtpSdp *self)
{
  const MediaSdpFormat *best = &g_array_index (self->formats, MediaSdpFormat, 0);

  for (guint i = 1; i < self->formats->len; i++) {
    const MediaSdpFormat *format = &g_array_index (self->formats, MediaSdpFormat, i);

    if (format->codec < best->codec && !is_as_good (format->codec, best->codec))
      best = format;
  }
  return best;
}

/* NULL where it has no such codec. */
const MediaSdpFormat *
media_rtp_sdp_find_codec (const MediaRtpSdp *self, const MediaCodec *codec)
{
  for (guint i = 0; i < self->formats->len; i++) {
    const MediaSdpFormat *format = &g_array_index (self->formats, MediaSdpFormat, i);

    if (format->codec == codec)
      return format;
  }
  return NULL;
}

/* NULL where there are none of this clock. */
const MediaRtpTones *
media_rtp_sdp_find_tones (const MediaRtpSdp *self, guint clock_rate)
{
  for (guint i = 0; i < self->tones->len; i++) {
    const MediaRtpTones *tones = &g_array_index (self->tones, MediaRtpTones, i);

    if (tones->clock_rate == clock_rate)
      return tones;
  }
  return NULL;
}

/* Tones should have the clock of the sound they interrupt (RFC 4733 2.1). Many phones know but one
 * clock for them, whatever their sound has: better these than none. NULL where there are none.
 */
const MediaRtpTones *
media_rtp_sdp_choose_tones (const MediaRtpSdp *self, guint clock_rate)
{
  const MediaRtpTones *fitting = media_rtp_sdp_find_tones (self, clock_rate);

  if (fitting != NULL || self->tones->len == 0)
    return fitting;
  return &g_array_index (self->tones, MediaRtpTones, 0);
}

/* The key of @self with the tag and the suite of @like. */
const MediaSdes *
media_rtp_sdp_find_key (const MediaRtpSdp *self, const MediaSdes *like)
{
  for (guint i = 0; i < self->keys->len; i++) {
    const MediaSdes *key = &g_array_index (self->keys, MediaSdes, i);

    if (key->tag == like->tag && key->key.suite == like->key.suite)
      return key;
  }
  return NULL;
}

/* NULL where nothing is to be sent. */
GSocketAddress *
media_rtp_sdp_dup_rtp (const MediaRtpSdp *self)
{
  return self->port != 0 ? g_inet_socket_address_new (self->address, self->port) : NULL;
}

/* NULL where nothing is to be sent. */
GSocketAddress *
media_rtp_sdp_dup_rtcp (const MediaRtpSdp *self)
{
  if (self->is_muxed || self->port == 0)
    return media_rtp_sdp_dup_rtp (self);
  return g_inet_socket_address_new (self->rtcp_address, self->rtcp_port);
}

static const char *
get_family (GInetAddress *address)
{
  return g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 ? "IP6" : "IP4";
}

/* RFC 3605, where it cannot be guessed. */
static void
print_rtcp (GString *text, const MediaRtpSdp *self)
{
  g_autofree char *address = NULL;

  if (self->rtcp_address == NULL || (self->rtcp_port == self->port + 1 &&
                                     g_inet_address_equal (self->rtcp_address, self->address)))
    return;
  address = g_inet_address_to_string (self->rtcp_address);
  g_string_append_printf (text, "a=rtcp:%u IN %s %s\r\n", self->rtcp_port,
                          get_family (self->rtcp_address), address);
}

static void
print_formats (GString *text, const MediaRtpSdp *self)
{
  for (guint i = 0; i < self->formats->len; i++) {
    const MediaSdpFormat *format = &g_array_index (self->formats, MediaSdpFormat, i);

    g_string_append_printf (text, "a=rtpmap:%u %s/%u", format->payload, format->codec->name,
                            format->codec->clock_rate);
    if (format->codec->channels > 1)
      g_string_append_printf (text, "/%u", format->codec->channels);
    g_string_append (text, "\r\n");
    if (format->codec->fmtp != NULL)
      g_string_append_printf (text, "a=fmtp:%u %s\r\n", format->payload, format->codec->fmtp);
  }
  for (guint i = 0; i < self->tones->len; i++) {
    const MediaRtpTones *tones = &g_array_index (self->tones, MediaRtpTones, i);

    g_string_append_printf (text, "a=rtpmap:%u telephone-event/%u\r\na=fmtp:%u 0-15\r\n",
                            tones->payload, tones->clock_rate, tones->payload);
  }
}

static void
print_audio (GString *text, const MediaRtpSdp *self)
{
  g_string_append_printf (text, "m=audio %u %s", self->port, media_rtp_sdp_get_audio (self)->proto);
  for (guint i = 0; i < self->formats->len; i++)
    g_string_append_printf (text, " %u", g_array_index (self->formats, MediaSdpFormat, i).payload);
  for (guint i = 0; i < self->tones->len; i++)
    g_string_append_printf (text, " %u", g_array_index (self->tones, MediaRtpTones, i).payload);
  g_string_append (text, "\r\n");
  print_formats (text, self);
  g_string_append_printf (text, "a=ptime:20\r\na=%s\r\n",
                          media_direction_get_name (self->direction));
  print_rtcp (text, self);
  if (self->is_muxed)
    g_string_append (text, "a=rtcp-mux\r\n");
  for (guint i = 0; i < self->keys->len; i++)
    media_sdes_print (&g_array_index (self->keys, MediaSdes, i), text);
  if (self->fingerprint != NULL)
    g_string_append_printf (text, "a=fingerprint:%s\r\na=setup:%s\r\n", self->fingerprint,
                            setups[self->setup]);
  if (self->ice.name != NULL)
    g_string_append_printf (text, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n", self->ice.name,
                            self->ice.password);
  for (guint i = 0; i < self->ice.candidates->len; i++)
    g_string_append_printf (text, "a=candidate:%s\r\n",
                            (char *)g_ptr_array_index (self->ice.candidates, i));
}

char *
media_rtp_sdp_print (const MediaRtpSdp *self)
{
  g_autofree char *address = g_inet_address_to_string (self->address);
  GString *text = g_string_new ("v=0\r\n");
  g_auto (GStrv) origin = g_strsplit (self->origin, " ", 3);

  g_string_append_printf (text, "o=%s %s %" G_GUINT64_FORMAT " IN %s %s\r\n", origin[0], origin[1],
                          self->version, get_family (self->address), address);
  g_string_append_printf (text, "s=-\r\nc=IN %s %s\r\nt=0 0\r\n", get_family (self->address),
                          address);
  for (guint i = 0; i < self->lines->len; i++) {
    const MediaRtpLine *line = g_ptr_array_index (self->lines, i);

    if (i == self->audio)
      print_audio (text, self);
    else
      g_string_append_printf (text, "m=%s 0 %s %s\r\n", line->kind, line->proto, line->formats);
  }
  return g_string_free (text, FALSE);
}

/* RFC 8842 5.2: who answered has said which part it takes in the handshake. */
gboolean
media_rtp_sdp_is_client (const MediaRtpSdp *local, const MediaRtpSdp *remote)
{
  return remote->setup == MEDIA_SETUP_PASSIVE ||
         (remote->setup == MEDIA_SETUP_ACTPASS && local->setup == MEDIA_SETUP_ACTIVE);
}
