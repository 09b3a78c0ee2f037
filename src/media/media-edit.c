/* media-edit.c - what changes to a description are made of
 *
 * Down: a modifier -> m= sections, their attributes, and the groups they are in
 *
 * Other than MediaSdp this works on descriptions of any kind, also on those that this side could
 * not use; what it does not know stays as it is.
 */

#include "media-edit-private.h"

#include <string.h>

/* GstSDP gives sections out as constants, and has functions that change them. */
GstSDPMedia *
media_edit_get_media (GstSDPMessage *message, guint index)
{
  return (GstSDPMedia *)gst_sdp_message_get_media (message, index);
}

gboolean
media_edit_is_rtp (const GstSDPMedia *media)
{
  return strstr (gst_sdp_media_get_proto (media), "RTP/") != NULL;
}

/* RFC 9143 6: port 0 and a=bundle-only is a section that is used. */
gboolean
media_edit_is_refused (const GstSDPMedia *media)
{
  return gst_sdp_media_get_port (media) == 0 &&
         gst_sdp_media_get_attribute_val (media, "bundle-only") == NULL;
}

static int
find_attribute (const GstSDPMedia *media, const char *name)
{
  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++) {
    if (g_strcmp0 (gst_sdp_media_get_attribute (media, i)->key, name) == 0)
      return i;
  }
  return -1;
}

/* In the place of the first of that name, or behind all others; @value may be empty. */
void
media_edit_set_attribute (GstSDPMedia *media, const char *name, const char *value)
{
  int at = find_attribute (media, name);
  GstSDPAttribute attribute;

  if (at < 0) {
    gst_sdp_media_add_attribute (media, name, value);
    return;
  }
  gst_sdp_attribute_set (&attribute, name, value);
  gst_sdp_media_replace_attribute (media, at, &attribute);
}

static void
leave_groups (GstSDPMessage *message, const char *mid)
{
  for (guint i = 0; i < gst_sdp_message_attributes_len (message); i++) {
    const GstSDPAttribute *group = gst_sdp_message_get_attribute (message, i);
    g_auto (GStrv) words = NULL;
    g_autoptr (GString) text = NULL;
    GstSDPAttribute attribute;

    if (g_strcmp0 (group->key, "group") != 0 || group->value == NULL)
      continue;
    words = g_strsplit (group->value, " ", 0);
    if (words[0] == NULL || !g_strv_contains ((const char *const *)words + 1, mid))
      continue;
    text = g_string_new (words[0]);
    for (guint at = 1; words[at] != NULL; at++) {
      if (!g_str_equal (words[at], mid))
        g_string_append_printf (text, " %s", words[at]);
    }
    gst_sdp_attribute_set (&attribute, "group", text->str);
    gst_sdp_message_replace_attribute (message, i, &attribute);
  }
}

/* Port 0, and in no group any more (RFC 3264 6, RFC 9143 7.3.3); the section stays. */
void
media_edit_refuse (GstSDPMessage *message, GstSDPMedia *media)
{
  const char *mid = gst_sdp_media_get_attribute_val (media, "mid");
  int at;

  gst_sdp_media_set_port_info (media, 0, 1);
  while ((at = find_attribute (media, "bundle-only")) >= 0)
    gst_sdp_media_remove_attribute (media, at);
  if (mid != NULL)
    leave_groups (message, mid);
}

/* What payloads mean without words (RFC 3551 6). */
static const struct {
  const char *payload;
  const char *name;
} fixed[] = {
    {"0", "PCMU"},   {"3", "GSM"},   {"4", "G723"}, {"5", "DVI4"},  {"6", "DVI4"},
    {"7", "LPC"},    {"8", "PCMA"},  {"9", "G722"}, {"10", "L16"},  {"11", "L16"},
    {"12", "QCELP"}, {"13", "CN"},   {"14", "MPA"}, {"15", "G728"}, {"18", "G729"},
    {"26", "JPEG"},  {"31", "H261"}, {"32", "MPV"}, {"34", "H263"},
};

static gboolean
is_about (const char *value, const char *payload)
{
  gsize length = strlen (payload);

  return value != NULL && g_str_has_prefix (value, payload) && value[length] == ' ';
}

/* Behind the payload, in the first attribute of that name about it; or NULL. */
static const char *
find_value (const GstSDPMedia *media, const char *name, const char *payload)
{
  const char *value;

  for (guint at = 0; (value = gst_sdp_media_get_attribute_val_n (media, name, at)) != NULL; at++) {
    if (is_about (value, payload))
      return value + strlen (payload) + 1;
  }
  return NULL;
}

static gboolean
is_named (const GstSDPMedia *media, const char *payload, const char *name)
{
  const char *map = find_value (media, "rtpmap", payload);

  if (map != NULL)
    return strcspn (map, "/") == strlen (name) &&
           g_ascii_strncasecmp (map, name, strlen (name)) == 0;
  for (guint i = 0; i < G_N_ELEMENTS (fixed); i++) {
    if (g_str_equal (fixed[i].payload, payload))
      return g_ascii_strcasecmp (fixed[i].name, name) == 0;
  }
  return FALSE;
}

/* Whether what @payload carries is another one that is gone: by retransmission (RFC 4588), or
 * redundantly (RFC 2198).
 */
static gboolean
carries_gone (const GstSDPMedia *media, const char *payload, GHashTable *gone)
{
  const char *format = find_value (media, "fmtp", payload);
  g_auto (GStrv) words = NULL;

  if (format == NULL)
    return FALSE;
  if (is_named (media, payload, "rtx") && g_str_has_prefix (format, "apt=")) {
    words = g_strsplit_set (format + strlen ("apt="), "; ", 2);
    return g_hash_table_contains (gone, words[0]);
  }
  if (!is_named (media, payload, "red"))
    return FALSE;
  words = g_strsplit_set (format, "/ ", 0);
  for (guint i = 0; words[i] != NULL; i++) {
    if (g_hash_table_contains (gone, words[i]))
      return TRUE;
  }
  return FALSE;
}

static GHashTable *
find_payloads (const GstSDPMedia *media, const char *name)
{
  GHashTable *gone = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint before;

  for (guint i = 0; i < gst_sdp_media_formats_len (media); i++) {
    if (is_named (media, gst_sdp_media_get_format (media, i), name))
      g_hash_table_add (gone, g_strdup (gst_sdp_media_get_format (media, i)));
  }
  /* The retransmission of what is redundant goes along, too. */
  do {
    before = g_hash_table_size (gone);
    for (guint i = 0; i < gst_sdp_media_formats_len (media); i++) {
      if (carries_gone (media, gst_sdp_media_get_format (media, i), gone))
        g_hash_table_add (gone, g_strdup (gst_sdp_media_get_format (media, i)));
    }
  } while (g_hash_table_size (gone) != before);
  return gone;
}

static void
remove_payloads (GstSDPMedia *media, GHashTable *gone)
{
  static const char *const names[] = {"rtpmap", "fmtp", "rtcp-fb", NULL};

  for (guint i = gst_sdp_media_formats_len (media); i-- > 0;) {
    if (g_hash_table_contains (gone, gst_sdp_media_get_format (media, i)))
      gst_sdp_media_remove_format (media, i);
  }
  for (guint i = gst_sdp_media_attributes_len (media); i-- > 0;) {
    const GstSDPAttribute *attribute = gst_sdp_media_get_attribute (media, i);
    g_autofree char *payload = NULL;

    if (!g_strv_contains (names, attribute->key) || attribute->value == NULL)
      continue;
    payload = g_strndup (attribute->value, strcspn (attribute->value, " "));
    if (g_hash_table_contains (gone, payload))
      gst_sdp_media_remove_attribute (media, i);
  }
}

/* A section of which nothing would be left is refused as it stands. */
void
media_edit_strip_payload (GstSDPMessage *message, gconstpointer name)
{
  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    GstSDPMedia *media = media_edit_get_media (message, i);
    g_autoptr (GHashTable) gone = NULL;
    gboolean all = TRUE;

    if (!media_edit_is_rtp (media))
      continue;
    gone = find_payloads (media, name);
    for (guint at = 0; at < gst_sdp_media_formats_len (media); at++)
      all = all && g_hash_table_contains (gone, gst_sdp_media_get_format (media, at));
    if (all)
      media_edit_refuse (message, media);
    else
      remove_payloads (media, gone);
  }
}

static guint
rank (const GstSDPMedia *media, const char *payload, const char *const *names)
{
  guint i = 0;

  while (names[i] != NULL && !is_named (media, payload, names[i]))
    i++;
  return i;
}

/* What is not named keeps its order behind what is. */
void
media_edit_reorder_codecs (GstSDPMessage *message, gconstpointer names)
{
  const char *const *wanted = names;

  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    GstSDPMedia *media = media_edit_get_media (message, i);
    g_autoptr (GPtrArray) formats = g_ptr_array_new_with_free_func (g_free);

    if (!media_edit_is_rtp (media))
      continue;
    for (guint place = 0; place <= g_strv_length ((GStrv)wanted); place++) {
      for (guint at = 0; at < gst_sdp_media_formats_len (media); at++) {
        const char *payload = gst_sdp_media_get_format (media, at);

        if (rank (media, payload, wanted) == place)
          g_ptr_array_add (formats, g_strdup (payload));
      }
    }
    while (gst_sdp_media_formats_len (media) > 0)
      gst_sdp_media_remove_format (media, 0);
    for (guint at = 0; at < formats->len; at++)
      gst_sdp_media_add_format (media, g_ptr_array_index (formats, at));
  }
}
