/* media-rtp-sdp-parse.c - reads a description of ordinary RTP into fields
 *
 * Up: text of the other side -> media_sdp_guard() -> media_rtp_sdp_parse() -> fields that were
 *     checked -> MediaRtpNegotiation
 */

#include "media-rtp-sdp-private.h"

#include "media-identity-private.h"

#include <gst/sdp/sdp.h>
#include <string.h>

/* More ways to encrypt than there are suites. */
#define MAX_KEYS 16
#define MAX_ORIGIN 128
#define MAX_CANDIDATES 64

/* What an m= line of sound may be carried by. */
static const struct {
  const char *name;
  MediaProtection least; /* that it takes */
} protos[] = {
    {"RTP/AVP", MEDIA_PROTECTION_NONE},          {"RTP/AVPF", MEDIA_PROTECTION_NONE},
    {"RTP/SAVP", MEDIA_PROTECTION_SDES},         {"RTP/SAVPF", MEDIA_PROTECTION_SDES},
    {"UDP/TLS/RTP/SAVP", MEDIA_PROTECTION_DTLS}, {"UDP/TLS/RTP/SAVPF", MEDIA_PROTECTION_DTLS},
};

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const char *format, ...)
{
  g_autofree char *why = NULL;
  va_list args;

  va_start (args, format);
  why = g_strdup_vprintf (format, args);
  va_end (args);
  g_clear_error (error);
  g_set_error (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION, "Bad description: %s", why);
  return FALSE;
}

/* What the m= section does not say, the session may (RFC 8866 5.13). */
static const char *
find_attribute (const GstSDPMessage *message, const GstSDPMedia *media, const char *name)
{
  const char *value = gst_sdp_media_get_attribute_val (media, name);

  return value != NULL ? value : gst_sdp_message_get_attribute_val (message, name);
}

static gboolean
read_line (MediaRtpSdp *self, const GstSDPMedia *media, GError **error)
{
  g_autoptr (GString) formats = g_string_new (NULL);
  const char *kind = gst_sdp_media_get_media (media), *proto = gst_sdp_media_get_proto (media);

  for (guint i = 0; i < gst_sdp_media_formats_len (media); i++)
    g_string_append_printf (formats, "%s%s", i > 0 ? " " : "", gst_sdp_media_get_format (media, i));
  if (kind == NULL || proto == NULL || formats->len == 0)
    return refuse (error, "an m= line without a format");
  media_rtp_sdp_add_line (self, kind, proto, formats->str);
  return TRUE;
}

/* A number is needed: to ask a name server for an address that a stranger names would tell him
 * who is called. NULL where it is none, or one of many.
 */
static GInetAddress *
read_address (const char *net, const char *family, const char *text)
{
  g_autoptr (GInetAddress) address = NULL;

  if (g_strcmp0 (net, "IN") != 0 || text == NULL)
    return NULL;
  address = g_inet_address_new_from_string (text);
  if (address == NULL || g_inet_address_get_is_multicast (address) ||
      g_strcmp0 (family,
                 g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 ? "IP6" : "IP4") != 0)
    return NULL;
  return g_steal_pointer (&address);
}

/* `53020 IN IP4 192.0.2.7`, of which all but the port may be left away (RFC 3605). */
static void
read_rtcp (MediaRtpSdp *self, const GstSDPMedia *media)
{
  const char *value = gst_sdp_media_get_attribute_val (media, "rtcp");
  g_auto (GStrv) words = g_strsplit (value != NULL ? value : "", " ", 5);
  g_autoptr (GInetAddress) address = NULL;
  guint64 port;

  self->is_muxed = gst_sdp_media_get_attribute_val (media, "rtcp-mux") != NULL;
  self->rtcp_port = MIN (self->port + 1, G_MAXUINT16);
  g_set_object (&self->rtcp_address, self->address);
  if (words[0] == NULL || !g_ascii_string_to_unsigned (words[0], 10, 1, G_MAXUINT16, &port, NULL))
    return;
  self->rtcp_port = port;
  if (g_strv_length (words) == 4)
    address = read_address (words[1], words[2], words[3]);
  if (address != NULL && !g_inet_address_get_is_any (address) &&
      g_inet_address_get_family (address) == g_inet_address_get_family (self->address))
    g_set_object (&self->rtcp_address, address);
}

static gboolean
read_place (MediaRtpSdp *self,
            const GstSDPMessage *message,
            const GstSDPMedia *media,
            GError **error)
{
  const GstSDPConnection *connection = gst_sdp_media_connections_len (media) > 0
                                           ? gst_sdp_media_get_connection (media, 0)
                                           : gst_sdp_message_get_connection (message);

  g_clear_object (&self->address);
  self->address = read_address (connection->nettype, connection->addrtype, connection->address);
  if (self->address == NULL)
    return refuse (error, "an address that is none");
  self->port = gst_sdp_media_get_port (media);
  read_rtcp (self, media);
  return TRUE;
}

static void
read_direction (MediaRtpSdp *self, const GstSDPMessage *message, const GstSDPMedia *media)
{
  self->direction = SIP_DIRECTION_SENDRECV;
  for (SipDirection way = SIP_DIRECTION_INACTIVE; way <= SIP_DIRECTION_SENDRECV; way++) {
    if (gst_sdp_message_get_attribute_val (message, media_direction_get_name (way)) != NULL)
      self->direction = way;
  }
  for (SipDirection way = SIP_DIRECTION_INACTIVE; way <= SIP_DIRECTION_SENDRECV; way++) {
    if (gst_sdp_media_get_attribute_val (media, media_direction_get_name (way)) != NULL)
      self->direction = way;
  }
  /* RFC 3264 8.4: how RFC 2543 held. */
  if (g_inet_address_get_is_any (self->address)) {
    self->port = 0;
    self->direction =
        media_direction_sends (self->direction) ? SIP_DIRECTION_SENDONLY : SIP_DIRECTION_INACTIVE;
  }
}

/* `111 opus/48000/2`: the parts behind the number, or NULL where nothing is said of @payload. */
static GStrv
find_map (const GstSDPMedia *media, guint payload, guint *clock_rate, guint *channels)
{
  const char *value;

  for (guint at = 0; (value = gst_sdp_media_get_attribute_val_n (media, "rtpmap", at)) != NULL;
       at++) {
    g_auto (GStrv) words = g_strsplit (value, " ", 2);
    g_auto (GStrv) parts = NULL;
    guint64 number, rate, n = 1;

    if (g_strv_length (words) != 2 ||
        !g_ascii_string_to_unsigned (words[0], 10, 0, 127, &number, NULL) || number != payload)
      continue;
    parts = g_strsplit (g_strstrip (words[1]), "/", 4);
    if (g_strv_length (parts) < 2 || g_strv_length (parts) > 3 ||
        !g_ascii_string_to_unsigned (parts[1], 10, 1, 192000, &rate, NULL) ||
        (parts[2] != NULL && !g_ascii_string_to_unsigned (parts[2], 10, 1, 8, &n, NULL)))
      rate = n = 0;
    *clock_rate = rate;
    *channels = n;
    return g_steal_pointer (&parts);
  }
  return NULL;
}

static void
read_format (MediaRtpSdp *self, const GstSDPMedia *media, guint payload)
{
  guint clock_rate = 0, channels = 0;
  g_auto (GStrv) parts = find_map (media, payload, &clock_rate, &channels);
  MediaSdpFormat format = {NULL, payload};
  MediaRtpTones tones = {payload, clock_rate};

  if (parts == NULL)
    format.codec = media_codecs_find_static (payload);
  else if (clock_rate > 0)
    format.codec = media_codecs_find (parts[0], clock_rate, channels);
  /* The payloaders keep to the dynamic range of RFC 3551. */
  if (format.codec != NULL && (format.codec->is_static || payload >= 96) &&
      media_codecs_is_available (format.codec))
    g_array_append_val (self->formats, format);
  else if (parts != NULL && clock_rate > 0 && payload >= 96 &&
           g_ascii_strcasecmp (parts[0], "telephone-event") == 0)
    g_array_append_val (self->tones, tones);
}

static gboolean
read_formats (MediaRtpSdp *self, const GstSDPMedia *media, GError **error)
{
  guint64 payload;

  g_array_set_size (self->formats, 0);
  g_array_set_size (self->tones, 0);
  for (guint i = 0; i < gst_sdp_media_formats_len (media); i++) {
    if (g_ascii_string_to_unsigned (gst_sdp_media_get_format (media, i), 10, 0, 127, &payload,
                                    NULL))
      read_format (self, media, payload);
  }
  return self->formats->len > 0 ? TRUE : refuse (error, "no codec that this side knows");
}

static gboolean
read_keys (MediaRtpSdp *self, const GstSDPMedia *media, GError **error)
{
  const char *value;

  for (guint at = 0; self->keys->len < MAX_KEYS &&
                     (value = gst_sdp_media_get_attribute_val_n (media, "crypto", at)) != NULL;
       at++) {
    MediaSdes sdes;

    if (!media_sdes_parse (&sdes, value))
      continue;
    for (guint i = 0; i < self->keys->len; i++) {
      if (g_array_index (self->keys, MediaSdes, i).tag == sdes.tag) {
        media_srtp_key_clear (&sdes.key);
        return refuse (error, "two keys with one tag");
      }
    }
    g_array_append_val (self->keys, sdes);
    media_srtp_key_clear (&sdes.key);
  }
  return TRUE;
}

static gboolean
read_dtls (MediaRtpSdp *self,
           const GstSDPMessage *message,
           const GstSDPMedia *media,
           GError **error)
{
  const char *setup = find_attribute (message, media, "setup");
  gboolean has_own = gst_sdp_media_get_attribute_val (media, "fingerprint") != NULL;

  g_clear_pointer (&self->fingerprint, g_free);
  /* An m= section's own fingerprints stand before those of the session; the first good one counts,
   * and SHA-1 is none.
   */
  for (guint at = 0; self->fingerprint == NULL; at++) {
    const char *one = has_own ? gst_sdp_media_get_attribute_val_n (media, "fingerprint", at)
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
  return TRUE;
}

/* Keys that everybody on the way could read protect nothing: they are overlooked where clear sound
 * would do as well, and refused where it would not.
 */
static gboolean
read_protection (MediaRtpSdp *self,
                 const GstSDPMessage *message,
                 const GstSDPMedia *media,
                 const MediaRtpPolicy *policy,
                 GError **error)
{
  const char *proto = gst_sdp_media_get_proto (media);
  gboolean found = FALSE;

  g_array_set_size (self->keys, 0);
  for (guint i = 0; i < G_N_ELEMENTS (protos); i++) {
    if (g_str_equal (protos[i].name, proto)) {
      self->protection = protos[i].least;
      found = TRUE;
    }
  }
  if (!found)
    return refuse (error, "sound over something else than RTP");
  if (self->protection == MEDIA_PROTECTION_DTLS)
    return read_dtls (self, message, media, error);
  if (!read_keys (self, media, error))
    return FALSE;
  if (self->protection == MEDIA_PROTECTION_NONE &&
      (!media_rtp_policy_takes_keys (policy) || policy->security == SIP_SECURITY_OFF))
    g_array_set_size (self->keys, 0);
  if (self->protection == MEDIA_PROTECTION_SDES && self->keys->len == 0)
    return refuse (error, "no key that can be used");
  if (self->keys->len > 0)
    self->protection = MEDIA_PROTECTION_SDES;
  if (self->protection == MEDIA_PROTECTION_SDES && !media_rtp_policy_takes_keys (policy))
    return refuse (error, "a key that others may have read");
  if (self->protection == MEDIA_PROTECTION_NONE && policy->security == SIP_SECURITY_REQUIRE)
    return refuse (error, "it is not secure");
  return TRUE;
}

static gboolean
is_word (const char *text, gsize shortest)
{
  gsize length = text != NULL ? strlen (text) : 0;

  for (gsize i = 0; i < length; i++) {
    if (!g_ascii_isgraph (text[i]))
      return FALSE;
  }
  return length >= shortest && length <= 256;
}

/* RFC 8839 4.1, 5.4. What makes no sense is no ICE, and the m= line counts. */
static void
read_ice (MediaRtpSdp *self, const GstSDPMessage *message, const GstSDPMedia *media)
{
  const char *name = find_attribute (message, media, "ice-ufrag");
  const char *password = find_attribute (message, media, "ice-pwd");
  const char *value;

  if (!is_word (name, 4) || !is_word (password, 22))
    return;
  for (guint at = 0; at < MAX_CANDIDATES &&
                     (value = gst_sdp_media_get_attribute_val_n (media, "candidate", at)) != NULL;
       at++) {
    char *candidate = media_sdp_normalize_candidate (value, 2);

    if (candidate != NULL)
      g_ptr_array_add (self->ice.candidates, candidate);
  }
  self->ice.name = g_strdup (name);
  self->ice.password = g_strdup (password);
  self->ice.is_lite = gst_sdp_message_get_attribute_val (message, "ice-lite") != NULL;
}

static gboolean
read_audio (MediaRtpSdp *self,
            const GstSDPMessage *message,
            const GstSDPMedia *media,
            const MediaRtpPolicy *policy,
            GError **error)
{
  if (!g_str_equal (gst_sdp_media_get_media (media), "audio") ||
      gst_sdp_media_get_port (media) == 0)
    return FALSE;
  if (!read_protection (self, message, media, policy, error) ||
      !read_place (self, message, media, error) || !read_formats (self, media, error))
    return FALSE;
  read_direction (self, message, media);
  read_ice (self, message, media);
  return TRUE;
}

static void
read_origin (MediaRtpSdp *self, const GstSDPMessage *message)
{
  const GstSDPOrigin *origin = gst_sdp_message_get_origin (message);
  const char *user = origin->username, *id = origin->sess_id, *address = origin->addr;

  if (user != NULL && id != NULL && address != NULL &&
      strlen (user) + strlen (id) + strlen (address) < MAX_ORIGIN)
    self->origin = g_strdup_printf ("%s %s %s", user, id, address);
  else
    self->origin = g_strdup ("- 0 -");
  if (origin->sess_version == NULL ||
      !g_ascii_string_to_unsigned (origin->sess_version, 10, 0, G_MAXUINT64, &self->version, NULL))
    self->version = 0;
}

static gboolean
read_message (MediaRtpSdp *self,
              const GstSDPMessage *message,
              const MediaRtpPolicy *policy,
              GError **error)
{
  g_autoptr (GError) why = NULL;
  gboolean found = FALSE;

  read_origin (self, message);
  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    const GstSDPMedia *media = gst_sdp_message_get_media (message, i);

    if (!read_line (self, media, error))
      return FALSE;
    if (!found && read_audio (self, message, media, policy, &why)) {
      found = TRUE;
      self->audio = i;
    }
  }
  if (found)
    return TRUE;
  if (why != NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  else
    refuse (error, "no sound");
  return FALSE;
}

/* Refuses what @policy does not allow. */
MediaRtpSdp *
media_rtp_sdp_parse (const char *text, const MediaRtpPolicy *policy, GError **error)
{
  g_autoptr (MediaRtpSdp) self = media_rtp_sdp_new ();
  GstSDPMessage *message = NULL;
  gboolean good;

  if (!media_sdp_guard (text, error))
    return NULL;
  gst_sdp_message_new (&message);
  good = gst_sdp_message_parse_buffer ((const guint8 *)text, strlen (text), message) == GST_SDP_OK;
  if (!good)
    refuse (error, "it cannot be parsed");
  else
    good = read_message (self, message, policy, error);
  gst_sdp_message_free (message);
  return good ? g_steal_pointer (&self) : NULL;
}
