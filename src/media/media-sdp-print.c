/* media-sdp-print.c - writes a description, for the wire and for webrtcbin alike
 *
 * Down: fields -> media_sdp_print() -> text that holds nothing but what was checked
 */

#include "media-sdp-private.h"

#include <gio/gio.h>

static const char *const setups[] = {"actpass", "active", "passive"};

/* Old phones read port 9 and 0.0.0.0 as hold, so the first candidate's address stands there. */
static void
find_address (const MediaSdp *self, char **address, char **port)
{
  for (guint i = 0; i < self->candidates->len; i++) {
    g_auto (GStrv) words = g_strsplit (g_ptr_array_index (self->candidates, i), " ", 0);
    g_autoptr (GInetAddress) inet = g_inet_address_new_from_string (words[4]);

    if (inet != NULL && g_inet_address_get_family (inet) == G_SOCKET_FAMILY_IPV4) {
      *address = g_strdup (words[4]);
      *port = g_strdup (words[5]);
      return;
    }
  }
  *address = g_strdup ("0.0.0.0");
  *port = g_strdup ("9");
}

/* Codecs of one clock rate share their tones. */
static gboolean
has_new_tones (const MediaSdp *self, guint position)
{
  guint tones = g_array_index (self->formats, MediaSdpFormat, position).tones;

  for (guint i = 0; i < position; i++) {
    if (g_array_index (self->formats, MediaSdpFormat, i).tones == tones)
      return FALSE;
  }
  return tones != 0;
}

static void
print_formats (GString *text, const MediaSdp *self)
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
  for (guint i = 0; i < self->formats->len; i++) {
    const MediaSdpFormat *format = &g_array_index (self->formats, MediaSdpFormat, i);

    if (has_new_tones (self, i))
      g_string_append_printf (text, "a=rtpmap:%u telephone-event/%u\r\na=fmtp:%u 0-15\r\n",
                              format->tones, format->codec->clock_rate, format->tones);
  }
}

/* The lines of one connection say the same of it; candidates and sources are the first one's. */
static void
print_audio (GString *text, const MediaSdp *self, const MediaSdpLine *line)
{
  g_autofree char *address = NULL, *port = NULL;

  find_address (self, &address, &port);
  g_string_append_printf (text, "m=audio %s %s", port, line->proto);
  for (guint i = 0; i < self->formats->len; i++)
    g_string_append_printf (text, " %u", g_array_index (self->formats, MediaSdpFormat, i).payload);
  for (guint i = 0; i < self->formats->len; i++) {
    if (has_new_tones (self, i))
      g_string_append_printf (text, " %u", g_array_index (self->formats, MediaSdpFormat, i).tones);
  }
  g_string_append_printf (text, "\r\nc=IN IP4 %s\r\n", address);
  for (guint i = 0; !line->is_heard && i < self->candidates->len; i++)
    g_string_append_printf (text, "a=candidate:%s\r\n",
                            (char *)g_ptr_array_index (self->candidates, i));
  g_string_append_printf (text, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n", self->ufrag, self->password);
  g_string_append_printf (text, "a=fingerprint:%s\r\na=setup:%s\r\n", self->fingerprint,
                          setups[self->setup]);
  if (line->mid != NULL)
    g_string_append_printf (text, "a=mid:%s\r\n", line->mid);
  g_string_append_printf (text, "a=%s\r\na=rtcp-mux\r\n",
                          media_direction_get_name (line->direction));
  print_formats (text, self);
  for (guint i = 0; !line->is_heard && i < self->sources->len; i++)
    g_string_append_printf (text, "a=%s\r\n", (char *)g_ptr_array_index (self->sources, i));
}

static void
print_refused (GString *text, const MediaSdpLine *line)
{
  g_string_append_printf (text, "m=%s 0 %s %s\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\n", line->kind,
                          line->proto, line->formats);
  if (line->mid != NULL)
    g_string_append_printf (text, "a=mid:%s\r\n", line->mid);
}

static void
print_bundle (GString *text, const MediaSdp *self, const MediaSdpLine *audio)
{
  g_string_append_printf (text, "a=group:BUNDLE %s", audio->mid);
  for (guint i = 0; i < self->lines->len; i++) {
    const MediaSdpLine *line = g_ptr_array_index (self->lines, i);

    if (line->is_heard)
      g_string_append_printf (text, " %s", line->mid);
  }
  g_string_append (text, "\r\n");
}

/* A line that is refused has no part in the bundle (RFC 9143 7.3.3). */
char *
media_sdp_print (const MediaSdp *self)
{
  const MediaSdpLine *audio = media_sdp_get_audio (self);
  GString *text = g_string_new ("v=0\r\n");

  g_string_append_printf (text, "o=- %s %u IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n", self->session_id,
                          self->version);
  if (self->is_bundled && audio->mid != NULL)
    print_bundle (text, self, audio);
  if (self->is_ice_lite)
    g_string_append (text, "a=ice-lite\r\n");
  for (guint i = 0; i < self->lines->len; i++) {
    const MediaSdpLine *line = g_ptr_array_index (self->lines, i);

    if (i == self->audio || line->is_heard)
      print_audio (text, self, line);
    else
      print_refused (text, line);
  }
  return g_string_free (text, FALSE);
}
