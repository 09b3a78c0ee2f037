/* media-modifiers.c - changes to descriptions that are often wanted, ready made
 *
 * Down: sip_modifiers_apply() -> media_sdp_guard() -> GstSDP -> MediaEdit -> text
 *
 * They belong to SipModifiers and live here, because signaling reads no SDP.
 */

#include "media-modifiers.h"

#include "media-edit-private.h"
#include "media-sdp-private.h"

#include <string.h>

/* Longer than any phone packs sound, by far. */
#define MAX_PTIME 1000

typedef struct {
  MediaEdit edit;
  gpointer argument;
  GDestroyNotify destroy;
} Change;

static void
free_change (gpointer data)
{
  Change *change = data;

  if (change->destroy != NULL)
    change->destroy (change->argument);
  g_free (change);
}

/* GStreamer 1.22 forgets the end of the line behind a section's title, so it has to go. */
static void
drop_titles (GstSDPMessage *message)
{
  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++)
    gst_sdp_media_set_information (media_edit_get_media (message, i), NULL);
}

static char *
apply (const char *type, const char *sdp, gpointer user_data, GError **error)
{
  const Change *change = user_data;
  GstSDPMessage *message = NULL;
  char *text = NULL;

  if (!media_sdp_guard (sdp, error))
    return NULL;
  gst_sdp_message_new (&message);
  if (gst_sdp_message_parse_buffer ((const guint8 *)sdp, strlen (sdp), message) == GST_SDP_OK) {
    change->edit (message, change->argument);
    drop_titles (message);
    text = gst_sdp_message_as_text (message);
  } else {
    g_set_error_literal (error, SIP_ERROR, SIP_ERROR_BAD_DESCRIPTION,
                         "Bad description: it cannot be parsed");
  }
  gst_sdp_message_free (message);
  /* The second line of a kind may stand where the first was, and be none. */
  if (text != NULL && !media_sdp_guard (text, error))
    g_clear_pointer (&text, g_free);
  return text;
}

/* Takes @argument. */
static SipModifiers *
new_with_edit (MediaEdit edit, gpointer argument, GDestroyNotify destroy)
{
  SipModifiers *self = sip_modifiers_new ();
  Change *change = g_new (Change, 1);

  *change = (Change){edit, argument, destroy};
  sip_modifiers_add (self, apply, change, free_change);
  return self;
}

static void
strip_video (GstSDPMessage *message, gconstpointer argument)
{
  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    GstSDPMedia *media = media_edit_get_media (message, i);

    if (g_str_equal (gst_sdp_media_get_media (media), "video"))
      media_edit_refuse (message, media);
  }
}

/* `1 1 tcp 1518280447 192.0.2.7 9 typ host` */
static gboolean
is_tcp (const GstSDPAttribute *attribute)
{
  g_auto (GStrv) words = NULL;

  if (g_strcmp0 (attribute->key, "candidate") != 0 || attribute->value == NULL)
    return FALSE;
  words = g_strsplit (attribute->value, " ", 4);
  return g_strv_length (words) > 2 && g_ascii_strcasecmp (words[2], "tcp") == 0;
}

static void
strip_tcp_candidates (GstSDPMessage *message, gconstpointer argument)
{
  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    GstSDPMedia *media = media_edit_get_media (message, i);

    for (guint at = gst_sdp_media_attributes_len (media); at-- > 0;) {
      if (is_tcp (gst_sdp_media_get_attribute (media, at)))
        gst_sdp_media_remove_attribute (media, at);
    }
  }
}

static void
force_ptime (GstSDPMessage *message, gconstpointer argument)
{
  guint milliseconds = GPOINTER_TO_UINT (argument);
  g_autofree char *text = g_strdup_printf ("%u", milliseconds);

  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    GstSDPMedia *media = media_edit_get_media (message, i);
    const char *most = gst_sdp_media_get_attribute_val (media, "maxptime");

    if (!media_edit_is_rtp (media) || !g_str_equal (gst_sdp_media_get_media (media), "audio"))
      continue;
    if (most != NULL && g_ascii_strtoull (most, NULL, 10) < milliseconds)
      media_edit_set_attribute (media, "maxptime", text);
    media_edit_set_attribute (media, "ptime", text);
  }
}

static gboolean
has_mid (const GstSDPMessage *message, const char *mid)
{
  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    if (g_strcmp0 (gst_sdp_media_get_attribute_val (gst_sdp_message_get_media (message, i), "mid"),
                   mid) == 0)
      return TRUE;
  }
  return FALSE;
}

static void
add_mid (GstSDPMessage *message, gconstpointer argument)
{
  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    GstSDPMedia *media = media_edit_get_media (message, i);
    g_autofree char *mid = g_strdup_printf ("%u", i);

    if (gst_sdp_media_get_attribute_val (media, "mid") != NULL)
      continue;
    for (guint next = gst_sdp_message_medias_len (message); has_mid (message, mid); next++) {
      g_free (mid);
      mid = g_strdup_printf ("%u", next);
    }
    gst_sdp_media_add_attribute (media, "mid", mid);
  }
}

/* Exchanges one direction for another, in the place where it stands. */
static void
hold_session (GstSDPMessage *message)
{
  for (guint i = 0; i < gst_sdp_message_attributes_len (message); i++) {
    const char *name = gst_sdp_message_get_attribute (message, i)->key;
    GstSDPAttribute attribute;

    if (g_strcmp0 (name, "sendrecv") != 0 && g_strcmp0 (name, "recvonly") != 0)
      continue;
    gst_sdp_attribute_set (&attribute, *name == 's' ? "sendonly" : "inactive", "");
    gst_sdp_message_replace_attribute (message, i, &attribute);
  }
}

/* Returns whether @media says which way it flows. */
static gboolean
hold_media (GstSDPMedia *media)
{
  gboolean found = FALSE;

  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++) {
    const char *name = gst_sdp_media_get_attribute (media, i)->key;
    GstSDPAttribute attribute;

    if (g_strcmp0 (name, "sendonly") == 0 || g_strcmp0 (name, "inactive") == 0)
      found = TRUE;
    if (g_strcmp0 (name, "sendrecv") != 0 && g_strcmp0 (name, "recvonly") != 0)
      continue;
    gst_sdp_attribute_set (&attribute, *name == 's' ? "sendonly" : "inactive", "");
    gst_sdp_media_replace_attribute (media, i, &attribute);
    found = TRUE;
  }
  return found;
}

/* RFC 3264 8.4. What a section does not say the session does, or else it is both ways. */
static void
hold (GstSDPMessage *message, gconstpointer argument)
{
  const char *of_session = "sendonly";

  hold_session (message);
  if (gst_sdp_message_get_attribute_val (message, "inactive") != NULL)
    of_session = "inactive";
  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++) {
    GstSDPMedia *media = media_edit_get_media (message, i);

    if (media_edit_is_rtp (media) && !media_edit_is_refused (media) && !hold_media (media))
      gst_sdp_media_add_attribute (media, of_session, "");
  }
}

/**
 * sip_modifiers_strip_video: (constructor)
 *
 * Refuses every stream of pictures. It keeps its place in the description, with port 0.
 *
 * Returns: (transfer full): modifiers that do that
 */
SipModifiers *
sip_modifiers_strip_video (void)
{
  return new_with_edit (strip_video, NULL, NULL);
}

/**
 * sip_modifiers_strip_tcp_candidates: (constructor)
 *
 * Removes the ICE candidates that are to be reached by TCP.
 *
 * Returns: (transfer full): modifiers that do that
 */
SipModifiers *
sip_modifiers_strip_tcp_candidates (void)
{
  return new_with_edit (strip_tcp_candidates, NULL, NULL);
}

/**
 * sip_modifiers_strip_telephone_event: (constructor)
 *
 * Removes tones in RTP (RFC 4733), so that they have to travel by INFO.
 *
 * Returns: (transfer full): modifiers that do that
 */
SipModifiers *
sip_modifiers_strip_telephone_event (void)
{
  return sip_modifiers_strip_payload ("telephone-event");
}

/**
 * sip_modifiers_strip_payload: (constructor)
 * @name: a codec as SDP names it, for example `G722`; upper and lower case are the same
 *
 * Removes a codec, all that is said about it, and what repeats it. A stream that has no other is
 * refused.
 *
 * Returns: (transfer full): modifiers that do that
 */
SipModifiers *
sip_modifiers_strip_payload (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  return new_with_edit (media_edit_strip_payload, g_strdup (name), g_free);
}

/**
 * sip_modifiers_reorder_codecs: (constructor)
 * @names: (array zero-terminated=1): codecs as SDP names them, the best first
 *
 * Puts these codecs first; all others follow in the order in which they were.
 *
 * Returns: (transfer full): modifiers that do that
 */
SipModifiers *
sip_modifiers_reorder_codecs (const char *const *names)
{
  g_return_val_if_fail (names != NULL, NULL);

  return new_with_edit (media_edit_reorder_codecs, g_strdupv ((GStrv)names),
                        (GDestroyNotify)g_strfreev);
}

/**
 * sip_modifiers_force_ptime: (constructor)
 * @milliseconds: how much sound a packet shall hold, 1 to 1000
 *
 * Asks for packets of that length, of every stream of sound.
 *
 * Returns: (transfer full): modifiers that do that
 */
SipModifiers *
sip_modifiers_force_ptime (guint milliseconds)
{
  g_return_val_if_fail (milliseconds > 0 && milliseconds <= MAX_PTIME, NULL);

  return new_with_edit (force_ptime, GUINT_TO_POINTER (milliseconds), NULL);
}

/**
 * sip_modifiers_add_mid: (constructor)
 *
 * Gives a name to every stream that has none (RFC 5888).
 *
 * Returns: (transfer full): modifiers that do that
 */
SipModifiers *
sip_modifiers_add_mid (void)
{
  return new_with_edit (add_mid, NULL, NULL);
}

/**
 * sip_modifiers_hold: (constructor)
 *
 * Asks the other side to send nothing: `sendrecv` becomes `sendonly` and `recvonly` `inactive`, in
 * every stream.
 *
 * Returns: (transfer full): modifiers that do that
 */
SipModifiers *
sip_modifiers_hold (void)
{
  return new_with_edit (hold, NULL, NULL);
}
